//! A bucket or a lock table that refuses to be written to.

use std::time::Duration;

use super::stage::{KEY, NAMED, Stage};
use crate::support::fault::{Fate, Faults, Rule};
use crate::support::operation::Operation;

const APPLY: [&str; 2] = ["apply", "--auto-approve"];

fn path(it: &Operation) -> &str {
    it.parameters["path"].as_str().unwrap_or_default()
}

fn writes_state(it: &Operation) -> bool {
    it.service == "s3" && it.name == "PutObject" && path(it).ends_with(KEY)
}

fn writes_journal(it: &Operation) -> bool {
    it.service == "s3" && it.name == "PutObject" && path(it).ends_with(".journal")
}

fn key(it: &Operation) -> &str {
    let item = if it.parameters["Item"].is_object() { &it.parameters["Item"] } else { &it.parameters["Key"] };
    item["LockID"]["S"].as_str().unwrap_or_default()
}

fn writes_digest(it: &Operation) -> bool {
    it.name == "PutItem" && key(it).ends_with("-md5")
}

fn locks(it: &Operation) -> bool {
    it.name == "PutItem" && key(it).ends_with(KEY)
}

fn unlocks(it: &Operation) -> bool {
    it.name == "DeleteItem" && key(it).ends_with(KEY)
}

/// Longer than it ever is from one write of the state to the next.
fn slow_role() -> Rule {
    Rule::once(Fate::Late(Duration::from_secs(12)), |it| it.name == "CreateRole")
}

/// One that gives up soon.
fn stage() -> Stage {
    let stage = Stage::in_s3(NAMED);
    let text = stage.folder.read("stack.toml");
    stage.folder.write("stack.toml", text.replacen("region =", "max_retries = 2\nregion =", 1));
    stage
}

#[track_caller]
fn all_is_well(stage: &Stage) {
    stage.must(&["plan", "--detailed-exitcode"], 0);
    assert_eq!(stage.journal(), None, "a journal is left");
    let kinds: Vec<(String, usize)> = stage.kinds().into_iter().collect();
    let kinds: Vec<(&str, usize)> = kinds.iter().map(|it| (it.0.as_str(), it.1)).collect();
    assert_eq!(kinds, [("bucket", 1), ("queue", 1), ("role", 1), ("table", 1)]);
    assert!(!stage.break_lock(), "the lock is left");
    assert!(!stage.folder.path().join("errored.tfstate").exists());
}

/// From the nth write of the state on.
fn refused_from(nth: usize, fate: Fate) {
    let stage = stage();
    let fine = Rule { on: writes_state, fate: Fate::Answered, times: nth - 1 };
    let rules = vec![fine, Rule::always(fate, writes_state), slow_role()];
    let output = stage.run(Faults { rules, ..Faults::default() }, &APPLY);
    let case = format!("from write {nth}, {fate:?}\n{}{}", output.stdout, output.stderr);
    assert_eq!(output.code, Some(1), "{case}");
    for part in ["could not be stored", "the next apply stores it", "infra state push errored.tfstate"] {
        assert!(output.stderr.contains(part), "{case}");
    }
    let created = |it: &str| stage.proxy.calls().iter().any(|call| call.operation.name == it);
    assert!(!created("PutRolePolicy"), "something new was started: {case}");
    let rescued = stage.folder.read("errored.tfstate");
    for kind in ["aws_iam_role\"", "aws_dynamodb_table", "aws_s3_bucket", "aws_sqs_queue"] {
        assert!(rescued.contains(kind), "{kind} was in flight: {case}");
    }
    assert!(!stage.break_lock(), "the lock is left: {case}");
    // A plan writes nothing, and says what it does not know.
    let plan = stage.must(&["plan"], 0);
    assert!(plan.stderr.contains("could not store"), "{}", plan.stderr);
    let output = stage.must(&APPLY, 0);
    assert!(output.stderr.contains("errored.tfstate is stored now"), "{}", output.stderr);
    all_is_well(&stage);
}

#[test]
fn a_bucket_that_refuses() {
    refused_from(1, Fate::Denied);
    refused_from(2, Fate::Denied);
}

#[test]
fn a_bucket_that_fails_or_throttles_for_longer_than_the_retries() {
    refused_from(1, Fate::Broken);
    refused_from(2, Fate::Throttled);
}

#[test]
fn without_its_file_the_journal_knows() {
    let stage = stage();
    let rules = vec![Rule::always(Fate::Denied, writes_state), slow_role()];
    let output = stage.run(Faults { rules, ..Faults::default() }, &APPLY);
    assert_eq!(output.code, Some(1), "{}", output.stderr);
    std::fs::remove_file(stage.folder.path().join("errored.tfstate")).unwrap();
    stage.must(&APPLY, 0);
    all_is_well(&stage);
}

#[test]
fn a_bucket_that_refuses_for_a_while() {
    let stage = stage();
    let rules = vec![Rule { on: writes_state, fate: Fate::Denied, times: 1 }, slow_role()];
    let output = stage.run(Faults { rules, ..Faults::default() }, &APPLY);
    assert_eq!(output.code, Some(1), "{}", output.stderr);
    assert!(output.stderr.contains("it is stored now"), "{}", output.stderr);
    assert!(!stage.folder.path().join("errored.tfstate").exists(), "it is outdated");
    stage.must(&APPLY, 0);
    all_is_well(&stage);
}

/// Another environment's file is not stored here, though its lineage be the same.
#[test]
fn a_file_of_another_place_is_not_stored() {
    let stage = stage();
    stage.must(&APPLY, 0);
    let mut state = stage.state();
    state["serial"] = (stage.serial() + 1).into();
    state["infra_origin"] = "s3://elsewhere/stack.tfstate".into();
    stage.folder.write("errored.tfstate", state.to_string());
    let refused = stage.must(&APPLY, 1);
    assert!(refused.stderr.contains("another environment"), "{}", refused.stderr);
}

#[test]
fn without_a_journal_nothing_is_sent() {
    let stage = stage();
    let rules = vec![Rule::always(Fate::Denied, writes_journal)];
    let output = stage.run(Faults { rules, ..Faults::default() }, &APPLY);
    assert_eq!(output.code, Some(1), "{}", output.stdout);
    assert!(output.stderr.contains("Nothing was changed"), "{}", output.stderr);
    assert!(stage.made().is_empty(), "{:?}", stage.made());
    assert!(!stage.break_lock(), "the lock is left");
}

#[test]
fn a_table_that_refuses_the_lock() {
    let stage = stage();
    let rules = vec![Rule::always(Fate::Denied, locks)];
    let output = stage.run(Faults { rules, ..Faults::default() }, &APPLY);
    assert_eq!(output.code, Some(1), "{}", output.stdout);
    assert!(output.stderr.contains("cannot lock in table"), "{}", output.stderr);
    assert!(stage.made().is_empty());
}

#[test]
fn a_table_that_refuses_to_release() {
    let stage = stage();
    let rules = vec![Rule::always(Fate::Denied, unlocks)];
    stage.proxy.set(Faults { rules, ..Faults::default() });
    let output = stage.infra().env("INFRA_LOCK_LEASE", "2s").run(&APPLY);
    assert_eq!(output.code, Some(1), "{}", output.stdout);
    assert!(output.stderr.contains("cannot unlock"), "{}", output.stderr);
    // Nobody keeps it alive: the next one takes it over.
    let output = stage.must(&APPLY, 0);
    assert!(output.stderr.contains("is taken over"), "{}", output.stderr);
    all_is_well(&stage);
}

#[test]
fn a_digest_that_cannot_be_written() {
    // Once: the last write makes up for it.
    let stage = stage();
    let rules = vec![Rule { on: writes_digest, fate: Fate::Denied, times: 1 }, slow_role()];
    let output = stage.run(Faults { rules, ..Faults::default() }, &APPLY);
    assert_eq!(output.code, Some(1), "{}", output.stdout);
    assert!(!stage.folder.path().join("errored.tfstate").exists(), "{}", output.stderr);
    let output = stage.must(&APPLY, 0);
    assert!(!output.stderr.contains("errored"), "{}", output.stderr);
    all_is_well(&stage);
    stage.destroy();
    // For good: the state is stored all the same, and read.
    let rules = vec![Rule::always(Fate::Denied, writes_digest), slow_role()];
    let output = stage.run(Faults { rules, ..Faults::default() }, &APPLY);
    assert_eq!(output.code, Some(1), "{}", output.stdout);
    assert!(output.stderr.contains("the state is stored, but its digest"), "{}", output.stderr);
    assert!(!stage.folder.path().join("errored.tfstate").exists(), "{}", output.stderr);
    stage.must(&APPLY, 0);
    all_is_well(&stage);
    assert!(stage.must(&["state", "repair"], 0).stdout.contains("All is well"));
}
