//! Many at one state.

use std::time::Duration;

use super::stage::{NAMED, Stage};
use crate::support::fault::{Fate, Faults, Rule};

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
