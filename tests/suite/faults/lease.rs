//! The lock of a process that is gone, or asleep.

use std::time::{Duration, Instant};

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value as Json, json};

use super::stage::{KEY, NAMED, Stage};
use crate::support::Infra;
use crate::support::fault::{Fate, Faults, Kill, Rule, When};
use crate::support::infra::{Output, Running};
use crate::support::operation::Operation;

/// Where the lock stands.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Place {
    Table,
    File,
    Both,
}

const PLACES: [Place; 3] = [Place::Table, Place::File, Place::Both];

const APPLY: [&str; 2] = ["apply", "--auto-approve"];

fn stage(place: Place) -> Stage {
    let stage = Stage::in_s3(NAMED);
    let table = format!("dynamodb_table = \"{}\"", stage.table());
    let settings = match place {
        Place::Table => table.clone(),
        Place::File => "use_lockfile = true".to_owned(),
        Place::Both => format!("{table}\nuse_lockfile = true"),
    };
    let text = stage.folder.read("stack.toml").replace(&table, &settings);
    stage.folder.write("stack.toml", text);
    stage
}

/// With a lock that lasts two seconds without a heartbeat.
fn short(stage: &Stage) -> Infra {
    stage.infra().env("INFRA_LOCK_LEASE", "2s")
}

fn spawn(stage: &Stage, faults: Faults) -> Running {
    stage.proxy.set(faults);
    let running = short(stage).spawn(&APPLY);
    stage.proxy.victim(running.pid());
    running
}

fn slow(seconds: u64) -> Faults {
    let late = Fate::Late(Duration::from_secs(seconds));
    Faults { rules: vec![Rule::once(late, |it| it.name == "CreateRole")], ..Faults::default() }
}

fn lock_file(stage: &Stage) -> Option<Json> {
    stage.account.with(async |aws| {
        let call = aws.s3().get_object().bucket(stage.bucket()).key(format!("{KEY}.tflock"));
        let bytes = call.send().await.ok()?.body.collect().await.unwrap().to_vec();
        Some(serde_json::from_slice(&bytes).unwrap())
    })
}

fn item(stage: &Stage) -> String {
    format!("{}/{KEY}", stage.bucket())
}

/// An attribute of the lock in the table.
fn attribute(stage: &Stage, name: &str) -> Option<Json> {
    stage.account.with(async |aws| {
        let call = aws.dynamodb().get_item().table_name(stage.table()).consistent_read(true);
        let item = call.key("LockID", AttributeValue::S(item(stage))).send().await.unwrap().item?;
        let text = item.get(name)?.as_s().unwrap().clone();
        Some(serde_json::from_str(&text).unwrap())
    })
}

fn put_item(stage: &Stage, attributes: &[(&str, Json)]) {
    stage.account.with(async |aws| {
        let mut call = aws.dynamodb().put_item().table_name(stage.table());
        call = call.item("LockID", AttributeValue::S(item(stage)));
        for (name, value) in attributes {
            call = call.item(*name, AttributeValue::S(value.to_string()));
        }
        call.send().await.unwrap();
    });
}

#[track_caller]
fn no_lock(stage: &Stage) {
    assert!(!stage.break_lock(), "the lock in the table is left");
    assert_eq!(lock_file(stage), None, "the lock file is left");
}

/// Everything is there once, and nothing else is.
#[track_caller]
fn all_is_well(stage: &Stage) {
    stage.must(&["plan", "--detailed-exitcode"], 0);
    assert_eq!(stage.journal(), None, "a journal is left");
    let kinds: Vec<(String, usize)> = stage.kinds().into_iter().collect();
    let kinds: Vec<(&str, usize)> = kinds.iter().map(|it| (it.0.as_str(), it.1)).collect();
    assert_eq!(kinds, [("bucket", 1), ("queue", 1), ("role", 1), ("table", 1)]);
    no_lock(stage);
}

#[track_caller]
fn succeeded(output: &Output) {
    assert_eq!(output.code, Some(0), "{}{}", output.stdout, output.stderr);
}

fn taken_over(output: &Output) -> bool {
    output.stderr.contains("The lock of the state is taken over")
}

#[test]
fn the_next_apply_follows_one_that_was_killed() {
    for place in PLACES {
        let stage = stage(place);
        let kill = Some(Kill { at: 6, when: When::AfterItActed });
        assert_eq!(spawn(&stage, Faults { kill, ..Faults::default() }).finish().code, None);
        let beats = match place {
            Place::File => lock_file(&stage).unwrap()["Heartbeat"].clone(),
            _ => attribute(&stage, "Heartbeat").unwrap(),
        };
        assert_eq!(beats["Lease"], 2000, "{place:?}");
        stage.proxy.set(Faults::default());
        // As it is: with nothing said about time.
        let output = stage.infra().run(&APPLY);
        succeeded(&output);
        assert!(taken_over(&output), "{place:?}: {}", output.stderr);
        for part in ["OperationTypeApply", "no sign of life", "held by", "since"] {
            assert!(output.stderr.contains(part), "{part}: {}", output.stderr);
        }
        all_is_well(&stage);
    }
}

#[test]
fn one_that_was_killed_before_its_second_lock_is_followed_too() {
    let stage = stage(Place::Both);
    // The lock file is written; then the item of the table is to be.
    let kill = Some(Kill { at: 2, when: When::BeforeItActs });
    assert_eq!(spawn(&stage, Faults { kill, ..Faults::default() }).finish().code, None);
    assert!(lock_file(&stage).is_some() && attribute(&stage, "Info").is_none());
    stage.proxy.set(Faults::default());
    succeeded(&stage.infra().run(&APPLY));
    all_is_well(&stage);
}

#[test]
fn of_two_who_take_it_over_one_works_at_a_time() {
    for place in PLACES {
        let stage = stage(place);
        let kill = Some(Kill { at: 6, when: When::AfterItActed });
        assert_eq!(spawn(&stage, Faults { kill, ..Faults::default() }).finish().code, None);
        stage.proxy.set(Faults::default());
        let takers: Vec<_> = (0..2)
            .map(|_| stage.infra().spawn(&["apply", "--auto-approve", "--lock-timeout", "120s"]))
            .collect();
        let outputs: Vec<Output> = takers.into_iter().map(Running::finish).collect();
        outputs.iter().for_each(succeeded);
        // The other one found it alive, and waited.
        assert_eq!(outputs.iter().filter(|it| taken_over(it)).count(), 1, "{place:?} {outputs:?}");
        all_is_well(&stage);
    }
}

#[test]
fn what_has_no_heartbeat_is_never_broken() {
    let stage = stage(Place::Table);
    let info = json!({
        "ID": "11111111-2222-3333-4444-555555555555", "Operation": "OperationTypeApply", "Info": "",
        "Who": "ann@box", "Version": "1.11.4", "Created": "2001-01-01T00:00:00Z", "Path": item(&stage),
    });
    put_item(&stage, &[("Info", info.clone())]);
    let began = Instant::now();
    let refused = stage.infra().run(&APPLY);
    assert_eq!(refused.code, Some(1), "{}", refused.stdout);
    assert!(
        refused.stderr.contains("ann@box") && refused.stderr.contains("force-unlock"),
        "{}",
        refused.stderr
    );
    assert!(began.elapsed() < Duration::from_secs(4), "it waited for nothing: {:?}", began.elapsed());
    let refused = short(&stage).run(&["apply", "--auto-approve", "--lock-timeout", "5s"]);
    assert_eq!(refused.code, Some(1), "{}", refused.stdout);
    // One whose heartbeat is none that we know.
    put_item(&stage, &[("Info", info), ("Heartbeat", json!({ "Lease": "short" }))]);
    assert_eq!(short(&stage).run(&["plan", "--lock-timeout", "4s"]).code, Some(1));
    assert_eq!(attribute(&stage, "Info").unwrap()["Who"], "ann@box");
}

/// Nobody's clock is compared with ours: only that something changes counts.
#[test]
fn the_clock_of_the_holder_does_not_matter() {
    let stage = stage(Place::Table);
    let beat = |number: u64, time: &str| {
        let info = json!({ "ID": "one", "Who": "ann@box", "Created": time });
        put_item(
            &stage,
            &[("Info", info), ("Heartbeat", json!({ "Lease": 4000, "Beat": number, "At": time }))],
        );
    };
    beat(1, "1999-01-01T00:00:00Z");
    let waiting = stage.infra().spawn(&["plan", "--lock-timeout", "7s"]);
    for number in 2..12 {
        std::thread::sleep(Duration::from_secs(1));
        beat(number, "1999-01-01T00:00:00Z");
    }
    let output = waiting.finish();
    assert_eq!(output.code, Some(1), "{}", output.stdout);
    assert!(output.stderr.contains("ann@box"), "{}", output.stderr);
    // From now on it is silent, and says that it is from the future.
    beat(12, "2199-01-01T00:00:00Z");
    let output = stage.infra().run(&["plan"]);
    succeeded(&output);
    assert!(taken_over(&output), "{}", output.stderr);
    no_lock(&stage);
}

#[test]
fn one_who_is_alive_is_known_within_a_beat() {
    let stage = stage(Place::Both);
    stage.proxy.set(slow(12));
    let running = stage.infra().spawn(&APPLY);
    stage.proxy.wait_for("iam:CreateRole");
    let began = Instant::now();
    let refused = stage.infra().run(&["plan"]);
    // A beat is five seconds; a slow machine has some more.
    assert!(began.elapsed() < Duration::from_secs(9), "took {:?}", began.elapsed());
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("the state is locked by"), "{}", refused.stderr);
    succeeded(&running.finish());
    all_is_well(&stage);
}

#[test]
fn one_who_slept_too_long_stops_without_harm() {
    for place in PLACES {
        let stage = stage(place);
        let sleeper = spawn(&stage, slow(2));
        // What waits for nothing is on its way by then: stopped just before it is sent, it is sent at once after.
        for name in ["iam:CreateRole", "sqs:CreateQueue", "dynamodb:CreateTable", "s3:CreateBucket"] {
            stage.proxy.wait_for(name);
        }
        sleeper.signal("STOP");
        std::thread::sleep(Duration::from_secs(2));
        let output = stage.infra().run(&APPLY);
        succeeded(&output);
        assert!(taken_over(&output), "{place:?}: {}", output.stderr);
        let state = stage.state();
        stage.proxy.take();
        sleeper.signal("CONT");
        let output = sleeper.finish();
        assert_eq!(output.code, Some(1), "{place:?}: {}{}", output.stdout, output.stderr);
        assert!(output.stderr.contains("the lock of the state"), "{place:?}: {}", output.stderr);
        assert_eq!(stage.state(), state, "{place:?}: written over");
        let new = ["PutRolePolicy", "CreateQueue", "CreateTable", "CreateBucket", "CreateRole"];
        let sent = stage.proxy.calls().into_iter().find(|it| new.contains(&it.operation.name.as_str()));
        assert!(sent.is_none(), "{place:?}: {sent:?}");
        // What it has kept is of no use any more, and in nobody's way.
        succeeded(&stage.infra().run(&APPLY));
        std::fs::remove_file(stage.folder.path().join("errored.tfstate")).ok();
        all_is_well(&stage);
    }
}

#[test]
fn one_who_slept_while_another_is_at_work_names_the_other() {
    let stage = stage(Place::Table);
    let sleeper = spawn(&stage, slow(2));
    stage.proxy.wait_for("iam:CreateRole");
    sleeper.signal("STOP");
    std::thread::sleep(Duration::from_secs(2));
    // The other one takes its time, too.
    stage.proxy.set(Faults {
        rules: vec![Rule::once(Fate::Late(Duration::from_secs(8)), |it| it.name == "PutRolePolicy")],
        ..Faults::default()
    });
    let other = stage.infra().spawn(&APPLY);
    stage.proxy.wait_for("iam:PutRolePolicy");
    let id = attribute(&stage, "Info").unwrap()["ID"].as_str().unwrap().to_owned();
    sleeper.signal("CONT");
    let output = sleeper.finish();
    assert_eq!(output.code, Some(1), "{}", output.stdout);
    assert!(output.stderr.contains("was taken over by"), "{}", output.stderr);
    assert!(output.stderr.contains(&id), "{}", output.stderr);
    succeeded(&other.finish());
    std::fs::remove_file(stage.folder.path().join("errored.tfstate")).ok();
    all_is_well(&stage);
}

/// Heartbeats, but not the lock itself.
fn heartbeat(it: &Operation) -> bool {
    let text = it.parameters["Item"]["Heartbeat"]["S"].as_str().unwrap_or_default();
    it.name == "PutItem" && !text.is_empty() && !text.contains("\"Beat\":0,")
}

#[test]
fn a_lock_that_cannot_be_renewed_ends_the_work_in_time() {
    let stage = stage(Place::Table);
    let refused = Rule::always(Fate::Denied, heartbeat);
    stage.proxy.set(Faults { rules: [vec![refused], slow(16).rules].concat(), ..Faults::default() });
    let output = stage.infra().env("INFRA_LOCK_LEASE", "8s").run(&APPLY);
    assert_eq!(output.code, Some(1), "{}", output.stdout);
    assert!(output.stderr.contains("cannot be renewed"), "{}", output.stderr);
    assert!(output.stderr.contains("aws_iam_role_policy.it"), "what is not done: {}", output.stderr);
    assert!(stage.folder.read("errored.tfstate").contains("aws_iam_role\""), "{}", output.stderr);
    stage.proxy.set(Faults::default());
    let output = stage.infra().run(&APPLY);
    succeeded(&output);
    assert!(output.stderr.contains("errored.tfstate is stored now"), "{}", output.stderr);
    all_is_well(&stage);
    // A few that fail are no reason to stop.
    let faults = Faults { rules: vec![Rule { on: heartbeat, fate: Fate::LostRequest, times: 2 }], ..slow(0) };
    stage
        .folder
        .write("stack.toml", stage.folder.read("stack.toml").replace("Name = \"it\"", "Name = \"new\""));
    succeeded(&spawn(&stage, faults).finish());
    all_is_well(&stage);
}

#[test]
fn a_lease_is_a_length_of_time() {
    let stage = stage(Place::Table);
    for wrong in ["soon", "10", "2ms", "99h"] {
        let output = stage.infra().env("INFRA_LOCK_LEASE", wrong).run(&["plan"]);
        assert_eq!(output.code, Some(1));
        assert!(output.stderr.contains("INFRA_LOCK_LEASE"), "{}", output.stderr);
    }
    // Without one, the lock is as Terraform's.
    stage.proxy.set(slow(3));
    let running = stage.infra().env("INFRA_LOCK_LEASE", "0s").spawn(&APPLY);
    stage.proxy.wait_for("iam:CreateRole");
    assert!(attribute(&stage, "Info").is_some() && attribute(&stage, "Heartbeat").is_none());
    succeeded(&running.finish());
    all_is_well(&stage);
}
