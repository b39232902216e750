//! Many at one state.

use std::time::Duration;

use serde_json::Value as Json;

use super::stage::{KEY, NAMED, Stage};
use crate::support::fault::{Fate, Faults, Rule};
use crate::support::infra::Running;
use crate::support::proxy::Call;

#[test]
fn one_at_a_time_works_on_a_state() {
    let stage = Stage::in_s3(NAMED);
    let late = Fate::Late(Duration::from_secs(3));
    stage
        .proxy
        .set(Faults { rules: vec![Rule::once(late, |it| it.name == "CreateRole")], ..Faults::default() });
    let first = stage.infra().spawn(&["apply", "--auto-approve"]);
    stage.proxy.wait_for("iam:CreateRole");
    let losers: Vec<_> = (0..5).map(|_| stage.infra().spawn(&["apply", "--auto-approve"])).collect();
    let patient: Vec<_> =
        (0..2).map(|_| stage.infra().spawn(&["apply", "--auto-approve", "--lock-timeout", "40s"])).collect();
    for loser in losers {
        let output = loser.finish();
        assert_eq!(output.code, Some(1), "{}", output.stdout);
        assert!(output.stderr.contains("the state is locked by"), "{}", output.stderr);
        assert!(output.stderr.contains("OperationTypeApply"), "{}", output.stderr);
    }
    assert_eq!(first.finish().code, Some(0));
    let serial = stage.serial();
    for it in patient {
        let output = it.finish();
        assert_eq!(output.code, Some(0), "{}", output.stderr);
    }
    // The role shows its policy from now on: noted once, and nothing else was left to do.
    assert!((serial..=serial + 1).contains(&stage.serial()), "{serial}, then {}", stage.serial());
    let creates = stage.proxy.calls().iter().filter(|it| it.operation.name == "CreateRole").count();
    assert_eq!(creates, 1);
    stage.destroy();
}

#[test]
fn what_somebody_else_wrote_meanwhile_stays() {
    let stage = Stage::in_s3(NAMED);
    stage.must(&["apply", "--auto-approve"], 0);
    let changed = stage.folder.read("stack.toml").replace("Name = \"it\"", "Name = \"other\"");
    stage.folder.write("stack.toml", changed);
    let late = Fate::Late(Duration::from_secs(3));
    let faults =
        Faults { rules: vec![Rule::once(late, |it| it.name == "PutBucketTagging")], ..Faults::default() };
    let running = stage.spawn(faults, &["apply", "--auto-approve"]);
    stage.proxy.wait_for("s3:PutBucketTagging");
    let mut theirs = stage.state();
    theirs["serial"] = 4711.into();
    let bytes = theirs.to_string().into_bytes();
    stage.put_state(bytes.clone());
    let output = running.finish();
    assert_eq!(output.code, Some(1), "{}", output.stdout);
    assert!(output.stderr.contains("has changed since it was read"), "{}", output.stderr);
    assert!(output.stderr.contains("4711"), "{}", output.stderr);
    assert!(stage.folder.read("errored.tfstate").contains("other"));
    assert_eq!(stage.serial(), 4711, "overwritten");
    assert!(!stage.break_lock(), "the lock is left");
}

/// What each of them changes, beside something that is made once.
const SMALL: &str = r#"
[stack]
name = "small"

[provider.aws]
region = "eu-west-1"

[variable.who]
type = "string"

[terraform_data.it]
input = "${var.who}"

[aws_sqs_queue.it]
name = "it"
"#;

const APPLIES: usize = 50;
const PATIENT: usize = 12;

/// From when to when somebody held the lock for certain.
fn tenures(calls: &[Call], item: &str) -> Vec<(Duration, Duration)> {
    let of = |call: &&Call, name: &str, place: &str| {
        let key = &call.operation.parameters[place]["LockID"];
        call.operation.name == name
            && key["S"].as_str().or(key.as_str()) == Some(item)
            && call.status == Some(200)
    };
    let first = |it: &&Call| {
        let heart = it.operation.parameters["Item"]["Heartbeat"]["S"].as_str().unwrap_or_default();
        heart.contains("\"Beat\":0,")
    };
    let taken = calls.iter().filter(|it| of(it, "PutItem", "Item") && first(it));
    let mut taken: Vec<Duration> = taken.map(|it| it.at + it.took).collect();
    let mut given: Vec<Duration> =
        calls.iter().filter(|it| of(it, "DeleteItem", "Key")).map(|it| it.at).collect();
    taken.sort();
    given.sort();
    assert_eq!(taken.len(), given.len(), "every lock was released");
    taken.into_iter().zip(given).collect()
}

/// The state's serials, as they were stored: when, and which.
fn serials(calls: &[Call]) -> Vec<(Duration, u64)> {
    let state = |it: &&Call| {
        let path = it.operation.parameters["path"].as_str().unwrap_or_default();
        it.operation.name == "PutObject" && path.ends_with(KEY) && it.status == Some(200)
    };
    let serial = |it: &Call| {
        let body = it.operation.parameters["body"].as_str().unwrap();
        let json = &body[body.find('{').unwrap()..=body.rfind('}').unwrap()];
        let state: Json = serde_json::from_str(json).unwrap();
        (it.at, state["serial"].as_u64().unwrap())
    };
    let mut out: Vec<(Duration, u64)> = calls.iter().filter(state).map(serial).collect();
    out.sort();
    out
}

#[test]
fn fifty_at_once() {
    let stage = Stage::in_s3(SMALL);
    let spawn = |number: usize| {
        let who = format!("who=number {number}");
        let mut words = vec!["apply", "--auto-approve", "--var", &who];
        if number % 4 == 1 && number / 4 < PATIENT {
            words.extend(["--lock-timeout", "10m"]);
        }
        (words.len() > 4, stage.infra().spawn(&words))
    };
    let running: Vec<(bool, Running)> = (0..APPLIES).map(spawn).collect();
    let (mut done, mut refused) = (0, 0);
    for (patient, it) in running {
        let output = it.finish();
        match output.code {
            Some(0) => done += 1,
            Some(1) if !patient && output.stderr.contains("the state is locked by") => refused += 1,
            code => panic!("{code:?}, patient: {patient}\n{}{}", output.stdout, output.stderr),
        }
    }
    assert!(done >= PATIENT && done + refused == APPLIES, "{done} applied, {refused} were refused");
    let calls = stage.proxy.calls();
    let tenures = tenures(&calls, &format!("{}/{KEY}", stage.bucket()));
    assert_eq!(tenures.len(), done);
    assert!(tenures.iter().all(|it| it.0 <= it.1), "{tenures:?}");
    assert!(tenures.windows(2).all(|it| it[0].1 <= it[1].0), "two at once: {tenures:?}");
    let serials = serials(&calls);
    assert!(serials.windows(2).all(|it| it[0].1 < it[1].1), "a serial went back: {serials:?}");
    for (at, serial) in &serials {
        assert!(tenures.iter().any(|it| it.0 <= *at && *at <= it.1), "{serial} was stored without the lock");
    }
    assert_eq!(stage.serial(), serials.last().unwrap().1);
    let made = calls.iter().filter(|it| it.operation.name == "CreateQueue" && it.status == Some(200)).count();
    assert_eq!(made, 1);
    assert!(!stage.break_lock() && stage.journal().is_none());
    assert_eq!(stage.kinds().into_iter().collect::<Vec<_>>(), [("queue".to_owned(), 1)]);
}
