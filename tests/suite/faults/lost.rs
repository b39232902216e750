//! Answers that never come, calls that nobody hears, things that are not to be seen yet.

use std::time::{Duration, Instant};

use super::stage::{NAMED, NETWORK, Stage};
use crate::support::fault::{Fate, Faults, Rule};
use crate::support::{Account, Folder, Infra};

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
fn what_only_its_tag_tells_is_adopted() {
    let stage = Stage::new(NETWORK);
    let names = [
        "CreateVpc",
        "CreateSubnet",
        "CreateInternetGateway",
        "CreateRouteTable",
        "AllocateAddress",
        "CreateSecurityGroup",
    ];
    let mut lost = vec![
        Rule::once(Fate::LostReply, |it| it.name == "AuthorizeSecurityGroupIngress"),
        Rule::once(Fate::LostReply, |it| it.name == "RevokeSecurityGroupEgress"),
        Rule::once(Fate::LostReply, |it| it.name == "DeleteTags"),
        Rule::once(Fate::LostReply, |it| it.name == "CreateVpc"),
        Rule::once(Fate::LostReply, |it| it.name == "CreateSubnet"),
        Rule::once(Fate::LostReply, |it| it.name == "CreateInternetGateway"),
    ];
    lost.push(Rule::once(Fate::LostReply, |it| it.name == "CreateRouteTable"));
    lost.push(Rule::once(Fate::LostReply, |it| it.name == "AllocateAddress"));
    lost.push(Rule::once(Fate::LostReply, |it| it.name == "CreateSecurityGroup"));
    let output = stage.run(rules(lost), &["apply", "--auto-approve"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    let calls = stage.proxy.calls();
    for name in names.iter().filter(|it| !["CreateSubnet", "CreateSecurityGroup"].contains(it)) {
        assert_eq!(calls.iter().filter(|it| it.operation.name == *name).count(), 1, "{name} was repeated");
    }
    assert_eq!(stage.marks(), 0, "a tag of a create is left");
    let kinds = stage.kinds();
    // The VPC's own group and table, and ours.
    assert_eq!((kinds["vpc"], kinds["subnet"], kinds["security-group"]), (1, 1, 2), "{kinds:?}");
    assert_eq!((kinds["internet-gateway"], kinds["route-table"], kinds["address"]), (1, 2, 1), "{kinds:?}");
    stage.settle();
    stage.destroy();
}

#[test]
fn a_tag_that_could_not_be_taken_off_is_taken_off_by_the_next_apply() {
    let stage = Stage::new(NETWORK);
    let denied = rules(vec![Rule::always(Fate::Denied, |it| it.name == "DeleteTags")]);
    let output = stage.run(denied, &["apply", "--auto-approve"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    assert!(output.stderr.contains("the tag `infra:token` could not be taken off"), "{}", output.stderr);
    assert_eq!(stage.marks(), 6);
    // It is nobody's drift.
    stage.must(&["plan", "--detailed-exitcode"], 0);
    stage.settle();
    assert_eq!(stage.marks(), 0);
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
