//! The process killed at each of its calls that change something.

use super::stage::{NAMED, NETWORK, Stage};
use crate::support::fault::{Faults, Kill, When};

/// Whether there was such a call.
fn killed(at: usize, when: When) -> bool {
    let stage = Stage::in_s3(NAMED);
    let kill = Some(Kill { at, when });
    let output = stage.spawn(Faults { kill, ..Faults::default() }, &["apply", "--auto-approve"]).finish();
    let case = format!("killed at call {at}, {when:?}\n{}", output.stderr);
    if output.code == Some(0) {
        return false;
    }
    assert_eq!(output.code, None, "{case}");
    stage.break_lock();
    let serial = stage.serial();
    let output = stage.run(Faults::default(), &["apply", "--auto-approve"]);
    assert_eq!(output.code, Some(0), "{case}{}", output.stderr);
    let kinds: Vec<(String, usize)> = stage.kinds().into_iter().collect();
    let kinds: Vec<(&str, usize)> = kinds.iter().map(|it| (it.0.as_str(), it.1)).collect();
    assert_eq!(kinds, [("bucket", 1), ("queue", 1), ("role", 1), ("table", 1)], "{case}");
    assert_eq!(stage.journal(), None, "{case}");
    assert!(stage.serial() >= serial.max(1), "{case}");
    let output = stage.run(Faults::default(), &["plan", "--detailed-exitcode"]);
    assert_eq!(output.code, Some(0), "{case}{}{}", output.stdout, output.stderr);
    true
}

/// How many there are depends on how many results one write of the state has in it, so that all are
/// tried; the least there are show that the test still does something.
fn each(from: usize, when: When) {
    let last = (from..).step_by(2).take_while(|at| killed(*at, when)).last();
    assert!(last.is_some_and(|it| it >= 9), "only {last:?}");
}

#[test]
fn killed_before_a_call() {
    each(2, When::BeforeItActs);
}

#[test]
fn killed_after_a_call() {
    each(1, When::AfterItActed);
}

/// The same for what has nothing but an id.
fn killed_in_a_network(at: usize, when: When) -> bool {
    let stage = Stage::new(NETWORK);
    let kill = Some(Kill { at, when });
    let output = stage.spawn(Faults { kill, ..Faults::default() }, &["apply", "--auto-approve"]).finish();
    let case = format!("killed at call {at}, {when:?}\n{}", output.stderr);
    if output.code == Some(0) {
        return false;
    }
    assert_eq!(output.code, None, "{case}");
    let output = stage.run(Faults::default(), &["apply", "--auto-approve"]);
    assert_eq!(output.code, Some(0), "{case}{}", output.stderr);
    let kinds = stage.kinds();
    assert_eq!((kinds["vpc"], kinds["subnet"], kinds["security-group"]), (1, 1, 2), "{case}{kinds:?}");
    assert_eq!(
        (kinds["internet-gateway"], kinds["route-table"], kinds["address"]),
        (1, 2, 1),
        "{case}{kinds:?}"
    );
    assert_eq!(stage.marks(), 0, "{case}");
    assert_eq!(stage.journal(), None, "{case}");
    let output = stage.run(Faults::default(), &["plan", "--detailed-exitcode"]);
    assert_eq!(output.code, Some(0), "{case}{}{}", output.stdout, output.stderr);
    true
}

#[test]
fn killed_in_a_network_before_a_call() {
    let last = (2..).step_by(3).take_while(|at| killed_in_a_network(*at, When::BeforeItActs)).last();
    assert!(last.is_some_and(|it| it >= 8), "only {last:?}");
}

#[test]
fn killed_in_a_network_after_a_call() {
    let last = (1..).step_by(2).take_while(|at| killed_in_a_network(*at, When::AfterItActed)).last();
    assert!(last.is_some_and(|it| it >= 9), "only {last:?}");
}

#[test]
fn killed_during_a_destroy() {
    for at in [3, 6] {
        let stage = Stage::in_s3(NAMED);
        stage.must(&["apply", "--auto-approve"], 0);
        let kill = Some(Kill { at, when: When::AfterItActed });
        let words = ["destroy", "--auto-approve"];
        assert_eq!(stage.spawn(Faults { kill, ..Faults::default() }, &words).finish().code, None);
        stage.break_lock();
        stage.destroy();
    }
}
