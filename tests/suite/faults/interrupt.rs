//! Ctrl-C: once and twice, while a plan is made, and at each call that changes something.

use std::collections::{BTreeMap, HashMap};
use std::sync::{LazyLock, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value as Json;

use super::stage::{NAMED, Stage};
use crate::support::fault::{Fate, Faults, Rule};
use crate::support::infra::Output;
use crate::support::operation::Operation;

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

/// Interrupts of a process, by the key with which it signs its calls.
static DUE: LazyLock<Mutex<HashMap<String, Due>>> = LazyLock::new(Mutex::default);

struct Due {
    /// At which call that changes something, from 1.
    at: usize,
    twice: bool,
    seen: usize,
    pid: Option<u32>,
}

/// The call at which the process is interrupted: it comes to its end a little later.
fn interrupting(call: &Operation) -> bool {
    if !call.mutates() {
        return false;
    }
    let mut all = DUE.lock().unwrap();
    let Some(due) = all.get_mut(&call.access_key) else { return false };
    due.seen += 1;
    if due.seen != due.at {
        return false;
    }
    let (key, twice) = (call.access_key.clone(), due.twice);
    drop(all);
    std::thread::spawn(move || {
        let pid = loop {
            // It may have been started a moment ago and not be known yet.
            match DUE.lock().unwrap().get(&key).map(|it| it.pid) {
                Some(Some(pid)) => break pid,
                Some(None) => {}
                None => return,
            }
            std::thread::sleep(Duration::from_millis(10));
        };
        for _ in 0..=usize::from(twice) {
            // It may have ended.
            let _ = std::process::Command::new("kill").args(["-INT", &pid.to_string()]).status();
            std::thread::sleep(Duration::from_millis(250));
        }
    });
    true
}

/// Runs a command that is interrupted at a call. None where there were not so many.
fn interrupted(stage: &Stage, words: &[&str], at: usize, twice: bool) -> Option<Output> {
    let key = stage.account.access_key.clone();
    DUE.lock().unwrap().insert(key.clone(), Due { at, twice, seen: 0, pid: None });
    let late = Rule::always(Fate::Late(Duration::from_millis(700)), interrupting);
    stage.proxy.set(Faults { rules: vec![late], ..Faults::default() });
    let running = stage.infra().spawn(words);
    DUE.lock().unwrap().get_mut(&key).unwrap().pid = Some(running.pid());
    let output = running.finish();
    let due = DUE.lock().unwrap().remove(&key).unwrap();
    (due.seen >= at).then_some(output)
}

/// What an apply can do: make, change, replace, destroy.
const PHASES: [&str; 4] = ["create", "update", "replace", "destroy"];

fn words(phase: &str) -> [&'static str; 2] {
    [if phase == "destroy" { "destroy" } else { "apply" }, "--auto-approve"]
}

/// The stack as a phase wants it.
fn write(stage: &Stage, phase: &str) {
    let id = &stage.account.id;
    let (tag, queue, role) = match phase {
        "create" => ("it", "it", "it"),
        "update" => ("new", "it", "it"),
        _ => ("new", "other", "second"),
    };
    let text = NAMED.replace("Name = \"it\"", &format!("Name = \"{tag}\"")).replace("ACCOUNT", id);
    let text =
        text.replace("[aws_sqs_queue.it]\nname = \"it\"", &format!("[aws_sqs_queue.it]\nname = \"{queue}\""));
    let text =
        text.replace("[aws_iam_role.it]\nname = \"it\"", &format!("[aws_iam_role.it]\nname = \"{role}\""));
    stage.folder.write("rest.stack.toml", text);
}

/// The names of what there is.
fn picture(stage: &Stage) -> BTreeMap<String, Json> {
    let state = stage.state();
    let resources = state["resources"].as_array().cloned().unwrap_or_default();
    let name = |it: &Json| format!("{}.{}", it["type"].as_str().unwrap(), it["name"].as_str().unwrap());
    let mut out: BTreeMap<String, Json> = resources
        .iter()
        .map(|it| {
            let all = it["instances"].as_array().unwrap();
            let plain = all.iter().all(|it| it["deposed"].is_null() && it["status"].is_null());
            assert!(all.len() == 1 && plain, "{it}");
            let attributes = &all[0]["attributes"];
            (name(it), ["name", "bucket", "tags_all"].iter().map(|it| attributes[*it].clone()).collect())
        })
        .collect();
    out.insert("made".to_owned(), stage.made().into_iter().map(Json::from).collect());
    // Whose account it is stands in some names.
    let text = serde_json::to_string(&out).unwrap().replace(&stage.account.id, "ACCOUNT");
    out = serde_json::from_str(&text).unwrap();
    out
}

/// What each phase ends with where nobody disturbs it.
static UNDISTURBED: LazyLock<Vec<BTreeMap<String, Json>>> = LazyLock::new(|| {
    let stage = Stage::in_s3("");
    let phase = |it: &&str| {
        write(&stage, it);
        stage.must(&words(it), 0);
        picture(&stage)
    };
    PHASES.iter().map(phase).collect()
});

/// One phase, interrupted at one call, and then as it should be; tells whether there was such a call.
fn survives(stage: &Stage, phase: &str, at: usize, twice: bool, wanted: &BTreeMap<String, Json>) -> bool {
    write(stage, phase);
    let words = words(phase);
    let serial = stage.serial();
    let Some(output) = interrupted(stage, &words, at, twice) else { return false };
    let case =
        format!("{phase}: interrupted at call {at}, twice: {twice}\n{}{}", output.stdout, output.stderr);
    // It may be over before the signal arrives, or have had nothing more to do.
    assert!(matches!(output.code, Some(0 | 1)), "{:?} {case}", output.code);
    assert!(!stage.break_lock(), "the lock is left: {case}");
    assert!(!stage.folder.path().join("errored.tfstate").exists(), "{case}");
    assert!(stage.serial() >= serial, "the serial went back: {case}");
    if !twice || output.code == Some(0) {
        assert_eq!(stage.journal(), None, "a journal is left: {case}");
    }
    // What was given up may be on its way still.
    std::thread::sleep(Duration::from_millis(if twice { 800 } else { 0 }));
    stage.proxy.set(Faults::default());
    let again = stage.infra().run(&words);
    assert_eq!(again.code, Some(0), "{case}{}{}", again.stdout, again.stderr);
    assert_eq!(&picture(stage), wanted, "{case}");
    assert_eq!(stage.journal(), None, "{case}");
    if phase != "destroy" {
        let plan = stage.infra().run(&["plan", "--detailed-exitcode"]);
        assert_eq!(plan.code, Some(0), "{case}{}{}", plan.stdout, plan.stderr);
    }
    true
}

/// One stack's whole life, in which each phase is interrupted at this call; in how many there was one.
fn life(at: usize, twice: bool) -> usize {
    let stage = Stage::in_s3("");
    let all = PHASES.iter().zip(UNDISTURBED.iter());
    all.filter(|(phase, wanted)| survives(&stage, phase, at, twice, wanted)).count()
}

fn sweep(twice: bool, some: &[usize]) {
    let met: Vec<usize> = match std::env::var("INFRA_SWEEP").is_ok_and(|it| it == "all") {
        true => (1..).map(|at| life(at, twice)).take_while(|it| *it > 0).collect(),
        false => some.iter().map(|at| life(*at, twice)).collect(),
    };
    let count: usize = met.iter().sum();
    eprintln!("twice: {twice}: interrupted at {count} calls.");
    assert!(count >= some.len() * 2, "only {count}");
}

#[test]
fn interrupted_once_anywhere() {
    sweep(false, &[3, 7]);
}

#[test]
fn interrupted_twice_anywhere() {
    sweep(true, &[4, 8]);
}
