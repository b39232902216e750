//! What one side imports, the other has.

use serde_json::Value as Json;

use super::Both;

/// Resources of the stack, and what they are imported by: an attribute of theirs.
const IMPORTED: &[(&str, &str)] = &[
    ("aws_cloudwatch_log_group.app", "id"),
    ("aws_dynamodb_table.orders", "id"),
    ("aws_ecr_repository.images", "id"),
    ("aws_eip.tagged", "id"),
    ("aws_iam_policy.read", "arn"),
    ("aws_iam_role.app", "id"),
    ("aws_iam_role_policy.queue", "id"),
    ("aws_s3_bucket_policy.things", "id"),
    ("aws_s3_bucket_public_access_block.things", "id"),
    ("aws_s3_bucket_versioning.things", "id"),
    ("aws_sqs_queue.dead", "id"),
];

/// Takes them out of the state, and writes import blocks for them.
fn forget(both: &Both) {
    let mut state: Json = serde_json::from_str(&both.state()).unwrap();
    let mut blocks = String::new();
    let all = state["resources"].as_array_mut().unwrap();
    all.retain(|it| {
        let addr = format!("{}.{}", it["type"].as_str().unwrap(), it["name"].as_str().unwrap());
        let ours = it["mode"] == "managed" && it.get("module").is_none();
        let found = IMPORTED.iter().find(|one| one.0 == addr && ours);
        if let Some((addr, by)) = found {
            let id = it["instances"][0]["attributes"][*by].as_str().unwrap();
            blocks += &format!("import {{\n  to = {addr}\n  id = {id:?}\n}}\n");
        }
        found.is_none()
    });
    assert_eq!(blocks.matches("import {").count(), IMPORTED.len());
    let serial = state["serial"].as_u64().unwrap() + 1;
    state["serial"] = serial.into();
    both.folder.write("terraform.tfstate", serde_json::to_string_pretty(&state).unwrap());
    both.folder.write("imports.tf", blocks);
}

#[test]
fn imports_of_one_side_are_known_to_the_other() {
    let Some(both) = Both::new() else { return };
    both.infra(&["apply", "--auto-approve"], 0);
    forget(&both);
    both.infra(&["apply", "--auto-approve"], 0);
    both.terraform_agrees("1");
    both.infra_agrees("1");
    forget(&both);
    both.terraform(&["apply", "-auto-approve"], 0);
    both.infra_agrees("1");
}
