//! Ctrl-C, and a state that cannot be stored.

use std::time::{Duration, Instant};

use super::stage::{NAMED, Stage};
use crate::support::fault::{Fate, Faults, Rule};

fn slow(seconds: u64) -> Faults {
    let late = Fate::Late(Duration::from_secs(seconds));
    Faults { rules: vec![Rule::once(late, |it| it.name == "CreateRole")], ..Faults::default() }
}

#[test]
fn interrupted_once_it_finishes_what_is_under_way() {
    let stage = Stage::in_s3(NAMED);
    let running = stage.spawn(slow(3), &["apply", "--auto-approve"]);
    stage.proxy.wait_for("iam:CreateRole");
    running.signal("INT");
    let output = running.finish();
    assert_eq!(output.code, Some(1), "{}{}", output.stdout, output.stderr);
    let told = format!("{}{}", output.stdout, output.stderr);
    assert!(told.contains("Interrupted: finishing"), "{told}");
    assert!(output.stderr.contains("aws_iam_role_policy.it"), "what is not done: {told}");
    assert!(stage.state().to_string().contains("aws_iam_role\""), "not saved: {told}");
    assert!(!stage.break_lock(), "the lock is left");
    assert_eq!(stage.journal(), None);
    stage.settle();
    stage.destroy();
}

#[test]
fn interrupted_twice_it_stops_at_once() {
    let stage = Stage::in_s3(NAMED);
    let running = stage.spawn(slow(8), &["apply", "--auto-approve"]);
    stage.proxy.wait_for("iam:CreateRole");
    running.signal("INT");
    std::thread::sleep(Duration::from_secs(2));
    let began = Instant::now();
    running.signal("INT");
    let output = running.finish();
    assert!(began.elapsed() < Duration::from_secs(4), "took {:?}", began.elapsed());
    assert_eq!(output.code, Some(1));
    assert!(output.stderr.contains("interrupted twice"), "{}", output.stderr);
    assert!(stage.journal().unwrap().contains("aws_iam_role.it"));
    assert!(stage.state().to_string().contains("aws_dynamodb_table"), "not saved: {}", output.stderr);
    assert!(!stage.break_lock(), "the lock is left");
    // Meanwhile the call arrives all the same.
    std::thread::sleep(Duration::from_secs(7));
    stage.settle();
    stage.destroy();
}

#[test]
fn interrupted_while_it_plans_it_leaves_no_lock() {
    let stage = Stage::in_s3(NAMED);
    stage.must(&["apply", "--auto-approve"], 0);
    let late = Fate::Late(Duration::from_secs(5));
    let rules = vec![Rule::once(late, |it| it.name == "GetRole")];
    let running = stage.spawn(Faults { rules, ..Faults::default() }, &["plan"]);
    stage.proxy.wait_for("iam:GetRole");
    running.signal("TERM");
    let output = running.finish();
    assert_eq!(output.code, Some(1));
    assert!(output.stderr.contains("interrupted"), "{}", output.stderr);
    assert!(!stage.break_lock(), "the lock is left");
}

#[test]
fn a_state_that_cannot_be_stored_is_rescued() {
    let stage = Stage::in_s3(NAMED);
    let state = |it: &crate::support::operation::Operation| {
        it.service == "s3"
            && it.name == "PutObject"
            && it.parameters["path"].as_str().is_some_and(|it| it.ends_with(".tfstate"))
    };
    let faults = Faults { rules: vec![Rule::always(Fate::Denied, state)], ..slow(2) };
    let faults = Faults { rules: [faults.rules, slow(2).rules].concat(), ..Faults::default() };
    let output = stage.run(faults, &["apply", "--auto-approve"]);
    assert_eq!(output.code, Some(1));
    assert!(output.stderr.contains("infra state push errored.tfstate"), "{}", output.stderr);
    let rescued = stage.folder.read("errored.tfstate");
    for kind in ["aws_iam_role\"", "aws_dynamodb_table", "aws_s3_bucket"] {
        assert!(rescued.contains(kind), "{kind} was in flight: {rescued}");
    }
    assert!(!stage.break_lock(), "the lock is left");
    let refused = stage.must(&["apply", "--auto-approve"], 1);
    assert!(refused.stderr.contains("errored.tfstate holds what an earlier apply did"), "{}", refused.stderr);
    // Even without it, the journal knows what there may be.
    std::fs::remove_file(stage.folder.path().join("errored.tfstate")).unwrap();
    stage.settle();
    stage.destroy();
}
