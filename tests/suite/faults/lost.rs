//! Answers that never come, calls that nobody hears, things that are not to be seen yet.

use std::time::{Duration, Instant};

use super::stage::{NAMED, Stage};
use crate::support::fault::{Fate, Faults, Rule};
use crate::support::{Account, Folder, Infra};

const NETWORK: &str = r#"
[stack]
name = "network"

[provider.aws]
region = "eu-west-1"

[aws_vpc.main]
cidr_block = "10.0.0.0/16"

[aws_subnet.one]
vpc_id = "${aws_vpc.main.id}"
cidr_block = "10.0.1.0/24"

[aws_security_group.web]
name = "web"
vpc_id = "${aws_vpc.main.id}"
ingress = [{ protocol = "tcp", from_port = 80, to_port = 80, cidr_blocks = ["10.0.0.0/16"] }]
egress = [{ protocol = "-1", from_port = 0, to_port = 0, cidr_blocks = ["0.0.0.0/0"] }]
"#;

fn rules(rules: Vec<Rule>) -> Faults {
    Faults { rules, ..Faults::default() }
}

#[test]
fn what_a_lost_create_made_is_adopted() {
    let stage = Stage::new(NAMED);
    let faults = rules(vec![
        Rule::once(Fate::LostReply, |it| it.name == "CreateRole"),
        Rule::once(Fate::LostReply, |it| it.name == "CreateTable"),
        Rule::once(Fate::LostReply, |it| it.name == "CreateBucket"),
        Rule::once(Fate::LostReply, |it| it.name == "CreateQueue"),
    ]);
    let output = stage.run(faults, &["apply", "--auto-approve"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    let creates = |name: &str| stage.proxy.calls().iter().filter(|it| it.operation.name == name).count();
    for name in ["CreateRole", "CreateTable", "CreateBucket"] {
        assert_eq!(creates(name), 1, "{name} was repeated");
    }
    stage.settle();
    stage.destroy();
}

#[test]
fn what_cannot_be_searched_for_is_not_made_again() {
    let stage = Stage::new(NETWORK);
    let faults = rules(vec![
        Rule::once(Fate::LostReply, |it| it.name == "CreateVpc"),
        Rule::once(Fate::LostReply, |it| it.name == "CreateSubnet"),
        Rule::once(Fate::LostReply, |it| it.name == "CreateSecurityGroup"),
        Rule::once(Fate::LostReply, |it| it.name == "AuthorizeSecurityGroupIngress"),
        Rule::once(Fate::LostReply, |it| it.name == "RevokeSecurityGroupEgress"),
    ]);
    let output = stage.run(faults.clone(), &["apply", "--auto-approve"]);
    assert_eq!(output.code, Some(1), "{}", output.stdout);
    assert!(output.stderr.contains("it may exist or not"), "{}", output.stderr);
    assert!(output.stderr.contains("aws_vpc.main"), "{}", output.stderr);
    assert_eq!(stage.proxy.calls().iter().filter(|it| it.operation.name == "CreateVpc").count(), 1);
    assert_eq!(stage.kinds()["vpc"], 1);
    assert!(stage.journal().unwrap().contains("aws_vpc.main"));
    // As the error says: it is looked for, and deleted there.
    stage.account.with(async |aws| {
        let all = aws.ec2().describe_vpcs().send().await.unwrap().vpcs.unwrap();
        for vpc in all.iter().filter(|it| it.cidr_block.as_deref() == Some("10.0.0.0/16")) {
            aws.ec2().delete_vpc().vpc_id(vpc.vpc_id.as_deref().unwrap()).send().await.unwrap();
        }
    });
    let faults = rules(faults.rules[1..].to_vec());
    let output = stage.run(faults, &["apply", "--auto-approve"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    assert!(output.stderr.contains("an earlier apply ended"), "{}", output.stderr);
    let kinds = stage.kinds();
    assert_eq!((kinds["vpc"], kinds["subnet"]), (1, 1), "{kinds:?}");
    // The VPC's own group, and ours.
    assert_eq!(kinds["security-group"], 2, "{kinds:?}");
    stage.settle();
    stage.destroy();
}

#[test]
fn what_is_not_to_be_seen_yet_is_waited_for() {
    let stage = Stage::new(&format!("{NETWORK}{}", NAMED.split("eu-west-1\"").nth(1).unwrap()));
    let hidden = |on| Rule { on, fate: Fate::Unseen, times: 2 };
    let faults = rules(vec![
        hidden(|it| it.name == "CreateSubnet"),
        hidden(|it| it.name == "DescribeTable"),
        hidden(|it| it.name == "GetRole"),
        hidden(|it| it.name == "PutRolePolicy"),
        hidden(|it| it.name == "AuthorizeSecurityGroupIngress"),
        hidden(|it| it.name == "DescribeSubnets"),
        hidden(|it| it.name == "HeadBucket"),
    ]);
    let output = stage.run(faults, &["apply", "--auto-approve"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    stage.settle();
    stage.destroy();
}

#[test]
fn where_nobody_listens_is_said_soon() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let folder = Folder::with_stack(
        "[stack]\nname = \"x\"\n[provider.aws]\nregion = \"eu-west-1\"\n[aws_vpc.it]\ncidr_block = \"10.0.0.0/16\"\n",
    );
    let infra = Infra::new(folder.path(), &Account::new(), &format!("http://127.0.0.1:{port}"));
    let began = Instant::now();
    let output = infra.must(&["apply", "--auto-approve"], 1);
    assert!(began.elapsed() < Duration::from_secs(20), "took {:?}", began.elapsed());
    assert!(output.stderr.contains("AWS cannot be reached"), "{}", output.stderr);
    assert!(output.stderr.contains("Connection refused"), "{}", output.stderr);
    assert!(!output.stderr.contains("may exist"), "nothing was sent: {}", output.stderr);
}
