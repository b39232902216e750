//! What a plan asks of AWS does not grow with the number of resources, but where a service offers
//! nothing better than one call for each thing.

use std::collections::BTreeMap;

use crate::support::proxy::counts;
use crate::support::{Account, Folder, Infra, Proxy};

/// As many of each type.
const MANY: usize = 12;

const STACK: &str = r#"
[stack]
name = "batches"
[provider.aws]
region = "eu-west-1"
[aws_vpc.it]
count = 12
cidr_block = "10.${count.index}.0.0/16"
[aws_subnet.it]
count = 12
vpc_id = "${aws_vpc.it[count.index].id}"
cidr_block = "10.${count.index}.0.0/24"
[aws_internet_gateway.it]
count = 12
vpc_id = "${aws_vpc.it[count.index].id}"
[aws_route_table.it]
count = 12
vpc_id = "${aws_vpc.it[count.index].id}"
[aws_route.it]
count = 12
route_table_id = "${aws_route_table.it[count.index].id}"
destination_cidr_block = "0.0.0.0/0"
gateway_id = "${aws_internet_gateway.it[count.index].id}"
[aws_route_table_association.it]
count = 12
route_table_id = "${aws_route_table.it[count.index].id}"
subnet_id = "${aws_subnet.it[count.index].id}"
[aws_security_group.it]
count = 12
name = "batch-${count.index}"
vpc_id = "${aws_vpc.it[count.index].id}"
[aws_vpc_security_group_ingress_rule.it]
count = 12
security_group_id = "${aws_security_group.it[count.index].id}"
ip_protocol = "tcp"
from_port = 443
to_port = 443
cidr_ipv4 = "0.0.0.0/0"
[aws_sqs_queue.it]
count = 12
name = "batch-${count.index}"
[aws_cloudwatch_log_group.it]
count = 12
name = "/batch/${count.index}"
[aws_iam_role.it]
count = 12
name = "batch-${count.index}"
assume_role_policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"ec2.amazonaws.com"}}]}'
[aws_dynamodb_table.it]
count = 12
name = "batch-${count.index}"
billing_mode = "PAY_PER_REQUEST"
hash_key = "id"
attribute = [{ name = "id", type = "S" }]
[aws_ecr_repository.it]
count = 12
name = "batch-${count.index}"
"#;

#[test]
fn a_plan_reads_each_type_in_batches() {
    let (account, proxy, stack) = (Account::new(), Proxy::new(), Folder::with_stack(STACK));
    let infra = || Infra::new(stack.path(), &account, &proxy.url());
    infra().must(&["apply", "--auto-approve"], 0);
    proxy.take();
    infra().must(&["plan", "--detailed-exitcode"], 0);
    let asked = counts(&proxy.take());
    // SQS and DynamoDB describe one thing a call.
    let each = ["sqs:GetQueueAttributes", "dynamodb:DescribeTable"];
    let (single, shared): (BTreeMap<_, _>, BTreeMap<_, _>) =
        asked.into_iter().partition(|it| each.contains(&it.0.as_str()));
    assert_eq!(single, each.map(|it| (it.to_owned(), MANY)).into());
    let most = |name: &str| match name {
        // Its own tables, those of the associations, and each VPC's main one.
        "ec2:DescribeRouteTables" => 3,
        // Groups, and each VPC's default one.
        "ec2:DescribeSecurityGroups" => 2,
        // One for each type whose answers carry no tags.
        "tagging:GetResources" => 4,
        // The emulator's tagging API does not know the service: each is asked for its tags.
        "ecr:ListTagsForResource" => MANY,
        _ => 1,
    };
    let beyond: Vec<_> = shared.iter().filter(|it| *it.1 > most(it.0)).collect();
    assert!(beyond.is_empty(), "asked more often than the batches need: {beyond:#?}");
    assert!(shared.len() <= 16, "{shared:#?}");
    infra().must(&["destroy", "--auto-approve"], 0);
}
