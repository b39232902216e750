//! What the next command takes over from one that was killed, and what it does not.

use std::time::Duration;

use super::stage::{NETWORK, Stage};
use crate::support::fault::{Faults, Kill, When};

const ROLE: &str = r#"
[stack]
name = "role"

[provider.aws]
region = "eu-west-1"

[data.aws_caller_identity.me]

[aws_iam_role.it]
name = "it"
assume_role_policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
"#;

const RANDOM: &str = r#"
[stack]
name = "random"

[provider.aws]
region = "eu-west-1"

[random_id.it]
byte_length = 8

[time_static.now]

[aws_sqs_queue.it]
name = "${random_id.it.hex}-${time_static.now.unix}"
"#;

fn kill(stage: &Stage, at: usize, when: When) {
    let faults = Faults { kill: Some(Kill { at, when }), ..Faults::default() };
    assert_eq!(stage.spawn(faults, &["apply", "--auto-approve"]).finish().code, None);
}

#[test]
fn what_something_is_named_after_is_stored_before_it() {
    let stage = Stage::new(RANDOM);
    kill(&stage, 1, When::AfterItActed);
    assert!(stage.state().to_string().contains("random_id"), "a name that nobody knows any more");
    stage.settle();
    assert_eq!(stage.kinds()["queue"], 1);
    stage.destroy();
}

#[test]
fn what_somebody_else_has_made_is_not_adopted() {
    let stage = Stage::new(ROLE);
    let trust = "{\"Version\":\"2012-10-17\",\"Statement\":[]}";
    stage.account.with(async |aws| {
        aws.iam().create_role().role_name("it").assume_role_policy_document(trust).send().await.unwrap();
    });
    // Services' clocks differ by a few seconds.
    std::thread::sleep(Duration::from_secs(7));
    kill(&stage, 1, When::BeforeItActs);
    assert!(stage.journal().unwrap().contains("aws_iam_role.it"));
    let output = stage.run(Faults::default(), &["apply", "--auto-approve"]);
    assert_eq!(output.code, Some(1), "{}", output.stdout);
    assert!(output.stderr.contains("EntityAlreadyExists"), "{}", output.stderr);
    assert!(!stage.state().to_string().contains("aws_iam_role"), "it is somebody else's");
    assert_eq!(stage.journal(), None, "it is known what came of it");
}

#[test]
fn what_was_made_and_not_stored_is_destroyed() {
    for (stack, at) in [(ROLE, 1), (NETWORK, 1), (NETWORK, 3)] {
        let stage = Stage::new(stack);
        kill(&stage, at, When::AfterItActed);
        stage.destroy();
    }
}

#[test]
fn what_the_stack_has_no_more_is_found_too() {
    let stage = Stage::new(ROLE);
    kill(&stage, 1, When::AfterItActed);
    let (rest, _) = ROLE.split_once("[aws_iam_role.it]").unwrap();
    stage.folder.write("stack.toml", rest);
    stage.settle();
    assert_eq!(stage.kinds().get("role"), None);
}
