//! Everything at once.

use super::stage::Stage;
use crate::support::fault::Faults;

const STACK: &str = r#"
[stack]
name = "storm"

[provider.aws]
region = "eu-west-1"
default_tags.tags = { stack = "storm" }

[aws_vpc.main]
cidr_block = "10.0.0.0/16"
enable_dns_hostnames = true
tags = { Name = "main" }

[aws_subnet.it]
count = 4
vpc_id = "${aws_vpc.main.id}"
cidr_block = "${cidrsubnet(aws_vpc.main.cidr_block, 8, count.index)}"
map_public_ip_on_launch = true

[aws_internet_gateway.main]
vpc_id = "${aws_vpc.main.id}"

[aws_eip.nat]
domain = "vpc"

[aws_nat_gateway.main]
allocation_id = "${aws_eip.nat.id}"
subnet_id = "${aws_subnet.it[0].id}"

[aws_route_table.it]
count = 2
vpc_id = "${aws_vpc.main.id}"

[aws_route.out]
route_table_id = "${aws_route_table.it[0].id}"
destination_cidr_block = "0.0.0.0/0"
gateway_id = "${aws_internet_gateway.main.id}"

[aws_route_table_association.it]
count = 4
subnet_id = "${aws_subnet.it[count.index].id}"
route_table_id = "${aws_route_table.it[count.index % 2].id}"

[aws_security_group.web]
name = "web"
vpc_id = "${aws_vpc.main.id}"
ingress = [{ protocol = "tcp", from_port = 80, to_port = 80, cidr_blocks = ["0.0.0.0/0"] }]

[aws_security_group.data]
name = "data"
vpc_id = "${aws_vpc.main.id}"

[aws_vpc_security_group_ingress_rule.data]
security_group_id = "${aws_security_group.data.id}"
referenced_security_group_id = "${aws_security_group.web.id}"
ip_protocol = "tcp"
from_port = 5432
to_port = 5432

[aws_iam_role.it]
name = "storm"
assume_role_policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}'

[aws_iam_role_policy.it]
name = "it"
role = "${aws_iam_role.it.id}"
policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:*","Resource":"*"}]}'

[aws_iam_policy.it]
name = "storm"
policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'

[aws_iam_role_policy_attachment.it]
role = "${aws_iam_role.it.name}"
policy_arn = "${aws_iam_policy.it.arn}"

[aws_dynamodb_table.it]
name = "storm"
billing_mode = "PAY_PER_REQUEST"
hash_key = "id"
attribute = [{ name = "id", type = "S" }]
ttl = { attribute_name = "until", enabled = true }

[aws_s3_bucket.it]
bucket = "storm-ACCOUNT"

[aws_s3_bucket_versioning.it]
bucket = "${aws_s3_bucket.it.id}"
versioning_configuration = { status = "Enabled" }
"#;

fn weather(seed: u64) -> Faults {
    Faults { seed, throttled: 0.2, broken: 0.05, lost_replies: 0.05, ..Faults::default() }
}

/// However bad the weather, it comes through, at the third attempt at the latest.
fn weather_it(stage: &Stage, seed: u64, command: &str) {
    let mut last = String::new();
    for turn in 0..3 {
        let output = stage.run(weather(seed + turn), &[command, "--auto-approve"]);
        if output.code == Some(0) {
            return;
        }
        last = output.stderr;
    }
    panic!("{command} does not come through: {last}");
}

#[test]
fn a_storm_of_faults_leaves_what_a_calm_leaves() {
    let calm = Stage::new(STACK);
    calm.settle();
    let expected = calm.kinds();
    calm.destroy();

    let stage = Stage::new(STACK);
    weather_it(&stage, 7, "apply");
    stage.settle();
    assert_eq!(stage.kinds(), expected);
    weather_it(&stage, 107, "destroy");
    assert_eq!(stage.made(), Default::default(), "left after the destroy");
    assert_eq!(stage.journal(), None);
}
