//! Locks exclude each other, both ways: as the commands of the two meet them.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use super::Both;
use crate::support::{Account, Folder, Infra, Proxy};
use crate::terraform;

/// A folder without any resource that needs a provider; `slow` keeps the lock for some seconds.
fn stage(backend: &str) -> Option<Both> {
    if !terraform::there() {
        return None;
    }
    let both = Both { folder: Folder::new(), account: Account::new(), proxy: Proxy::new() };
    both.folder.write("main.tf", format!("terraform {{\n{backend}\n}}\n{}", slow("first")));
    both.infra(&["init", "--auto-approve"], 0);
    both.terraform(&["init", "-input=false"], 0);
    Some(both)
}

fn slow(name: &str) -> String {
    let command = "  provisioner \"local-exec\" {\n    command = \"sleep 14\"\n  }\n";
    format!("resource \"terraform_data\" \"{name}\" {{\n{command}}}\n")
}

fn s3(name: &str, lock: &str) -> String {
    format!(
        "backend \"s3\" {{\n  bucket = \"exchange-locks-{name}\"\n  key = \"a/terraform.tfstate\"\n  \
         region = \"eu-west-1\"\n  {lock}\n  use_path_style = true\n  skip_credentials_validation = true\n  \
         skip_metadata_api_check = true\n  skip_requesting_account_id = true\n}}"
    )
}

/// Waits until the other one's lock stands in our way; gives what was said about it.
fn refused(mut ask: impl FnMut() -> (bool, String)) -> String {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let (done, text) = ask();
        if !done && text.contains("lock") {
            return text;
        }
        assert!(Instant::now() < end, "never locked: {text}");
    }
}

/// The id of the lock that a complaint names.
fn id(text: &str) -> String {
    let uuid = regex_lite::Regex::new("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").unwrap();
    uuid.find(text).unwrap_or_else(|| panic!("no id in {text}")).as_str().to_owned()
}

/// Terraform holds it: what we say to that.
fn theirs(both: &Both) -> (Child, String) {
    let mut child = both.command(&["apply", "-auto-approve", "-lock-timeout=60s"]);
    let child = child.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let infra = Infra::new(both.folder.path(), &both.account, &both.proxy.url());
    let text = refused(|| {
        std::thread::sleep(Duration::from_millis(500));
        let out = infra.run(&["plan"]);
        (out.code == Some(0), out.stdout + &out.stderr)
    });
    for part in ["OperationTypeApply", "force-unlock", "--lock-timeout", "1."] {
        assert!(text.contains(part), "{text}");
    }
    (child, text)
}

/// We hold it: what Terraform says to that.
fn ours(both: &Both) -> (crate::support::infra::Running, String) {
    both.folder.write("second.tf", slow("second"));
    let infra = Infra::new(both.folder.path(), &both.account, &both.proxy.url());
    let running = infra.spawn(&["apply", "--auto-approve", "--lock-timeout", "60s"]);
    let text = refused(|| {
        let out = both.command(&["plan"]).output().unwrap();
        (out.status.success(), String::from_utf8_lossy(&out.stderr).into_owned())
    });
    for part in ["Error acquiring the state lock", "OperationTypeApply", "infra "] {
        assert!(text.contains(part), "{text}");
    }
    (running, text)
}

/// What stands in the lock, by place: beside what is Terraform's, the heartbeat of ours.
fn content(both: &Both, name: &str) -> Vec<serde_json::Value> {
    let bucket = format!("exchange-locks-{name}");
    both.account.with(async |aws| {
        let mut out = Vec::new();
        let key = aws_sdk_dynamodb::types::AttributeValue::S(format!("{bucket}/a/terraform.tfstate"));
        if let Ok(found) =
            aws.dynamodb().get_item().table_name("exchange-locks").key("LockID", key).send().await
            && let Some(item) = found.item
        {
            let text = |name: &str| item.get(name).map(|it| it.as_s().unwrap().clone());
            let mut all: serde_json::Value = serde_json::from_str(&text("Info").unwrap()).unwrap();
            assert!(all["Heartbeat"].is_null(), "{all}");
            all["Heartbeat"] =
                text("Heartbeat").map_or(serde_json::Value::Null, |it| serde_json::from_str(&it).unwrap());
            out.push(all);
        }
        let call = aws.s3().get_object().bucket(&bucket).key("a/terraform.tfstate.tflock").send().await;
        if let Ok(found) = call {
            out.push(serde_json::from_slice(&found.body.collect().await.unwrap().to_vec()).unwrap());
        }
        out
    })
}

/// Theirs has no heartbeat: however short the time after which one of ours is over, it stands.
fn never_broken(both: &Both, name: &str) {
    assert!(content(both, name).iter().all(|it| it["Heartbeat"].is_null()));
    let infra = Infra::new(both.folder.path(), &both.account, &both.proxy.url());
    let out = infra.env("INFRA_LOCK_LEASE", "1s").run(&["plan", "--lock-timeout", "4s"]);
    assert_eq!(out.code, Some(1), "{}", out.stdout);
    assert!(!out.stderr.contains("taken over"), "{}", out.stderr);
}

fn in_s3(name: &str, lock: &str) {
    let Some(both) = stage(&s3(name, lock)) else { return };
    let (child, text) = theirs(&both);
    never_broken(&both, name);
    both.infra(&["force-unlock", "--force", &id(&text)], 0);
    both.infra(&["plan"], 0);
    let out = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&out.stderr);
    assert!(said.contains("Error releasing the state lock"), "{said}");

    let (running, text) = ours(&both);
    let held = content(&both, name);
    assert!(!held.is_empty() && held.iter().all(|it| it["Heartbeat"]["Lease"] == 20_000), "{held:?}");
    both.terraform(&["force-unlock", "-force", &id(&text)], 0);
    assert_eq!(content(&both, name), Vec::<serde_json::Value>::new());
    both.terraform(&["plan"], 0);
    let out = running.finish();
    assert_eq!(out.code, Some(1), "{}", out.stdout);
    let told = ["the lock was not released", "the lock of the state was"];
    assert!(told.iter().any(|it| out.stderr.contains(it)), "{}", out.stderr);
    // Nothing of it was lost: where Terraform was at work as it was to be stored, it is now.
    both.infra(&["apply", "--auto-approve"], 0);
    both.terraform(&["plan", "-detailed-exitcode"], 0);
    both.infra(&["plan", "--detailed-exitcode"], 0);
}

#[test]
fn in_a_table() {
    in_s3("table", "dynamodb_table = \"exchange-locks\"");
}

#[test]
fn in_an_object() {
    in_s3("object", "use_lockfile = true");
}

#[test]
fn in_both() {
    in_s3("both", "dynamodb_table = \"exchange-locks\"\n  use_lockfile = true");
}

#[test]
fn in_a_file() {
    let Some(both) = stage("backend \"local\" {}") else { return };
    let (child, text) = theirs(&both);
    let told = both.infra(&["force-unlock", "--force", &id(&text)], 1);
    assert!(told.contains("ends with its process"), "{told}");
    assert!(child.wait_with_output().unwrap().status.success());
    let (running, text) = ours(&both);
    both.terraform(&["force-unlock", "-force", &id(&text)], 1);
    let out = running.finish();
    assert_eq!(out.code, Some(0), "{}", out.stderr);
    both.terraform(&["plan", "-detailed-exitcode"], 0);
    both.infra(&["plan", "--detailed-exitcode"], 0);
}
