//! States in S3 and in files, against moto and against real Terraform.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use infra::address::{Key, ResourceAddr};
use infra::aws::{Aws, connect};
use infra::state::backend::{Backend, Claim, ERRORED, Notice, Stamp, rescue};
use infra::state::bootstrap::{self, Missing};
use infra::state::settings::{LocalSettings, S3Settings};
use infra::state::{Encryption, Error, LockInfo, Object, Settings, State, file};
use serde_json::json;

use crate::support::moto;
use crate::terraform;

fn emulator() -> connect::Settings {
    let text = |it: &str| Some(it.to_owned());
    connect::Settings {
        region: text("eu-west-1"),
        access_key: text("test"),
        secret_key: text("test"),
        endpoint: Some(moto().url()),
        ..connect::Settings::default()
    }
}

/// A state with one thing that Terraform needs no provider for.
fn state() -> State {
    let mut state = State { serial: 1, ..State::new() };
    let addr = ResourceAddr::managed("terraform_data", "it").instance(Key::None);
    let attributes = json!({ "id": "a <b>", "input": null, "output": null, "triggers_replace": null });
    let object = Object { attributes: attributes.into(), ..Object::default() };
    state.set(&addr, "provider[\"terraform.io/builtin/terraform\"]", Some(object));
    state
}

fn next(state: &State) -> State {
    State { serial: state.serial + 1, ..state.clone() }
}

/// Settings with a bucket and table of the test's own, made by the bootstrap.
async fn s3(name: &str) -> S3Settings {
    let settings = S3Settings {
        bucket: format!("state-{name}"),
        key: "stack/terraform.tfstate".to_owned(),
        workspace_key_prefix: "env:".to_owned(),
        dynamodb_table: Some(format!("locks-{name}")),
        aws: emulator(),
        ..S3Settings::default()
    };
    bootstrap::create(&settings, &bootstrap::missing(&settings).await.unwrap()).await.unwrap();
    settings
}

async fn open(settings: &S3Settings, env: &str) -> Backend {
    Backend::open(&Settings::S3(Box::new(settings.clone())), Path::new("."), env).await.unwrap()
}

async fn open_local(dir: &Path, env: &str) -> Backend {
    Backend::open(&Settings::Local(LocalSettings::default()), dir, env).await.unwrap()
}

async fn lock(backend: &Backend) -> Result<LockInfo, Error> {
    let info = LockInfo::new("Apply");
    backend.lock(&Claim::new(info.clone(), Duration::ZERO, None), |_| ()).await.map(|()| info)
}

fn holder(result: Result<LockInfo, Error>) -> LockInfo {
    match result {
        Err(Error::Locked(it)) => *it,
        other => panic!("not locked: {other:?}"),
    }
}

#[tokio::test]
async fn writes_follow_each_other_or_are_refused() {
    let settings = s3("order").await;
    let (one, other) = (open(&settings, "default").await, open(&settings, "default").await);
    assert!(one.read().await.unwrap().is_none());
    let first = state();
    let stamp = one.write(&first, &Stamp::default()).await.unwrap();
    let (read, read_stamp) = other.read().await.unwrap().unwrap();
    assert_eq!((&read, &read_stamp), (&first, &stamp));

    let second = next(&first);
    one.write(&second, &stamp).await.unwrap();
    let late = other.write(&next(&second), &read_stamp).await;
    assert!(matches!(late, Err(Error::Changed { ref why, .. }) if why.contains("serial 2")), "{late:?}");
    assert!(matches!(other.write(&first, &read_stamp).await, Err(Error::Stale { .. })));
    assert!(matches!(other.write(&state(), &read_stamp).await, Err(Error::Stale { .. })));
    let anew = other.write(&state(), &Stamp::default()).await;
    assert!(matches!(anew, Err(Error::Changed { .. })), "{anew:?}");
    // The same bytes once more are the repetition of a write whose reply was lost.
    other.write(&second, &read_stamp).await.unwrap();
}

#[tokio::test]
async fn one_holds_the_lock_and_only_it_releases_it() {
    let table = s3("lock").await;
    let object = S3Settings { dynamodb_table: None, use_lockfile: true, ..table.clone() };
    let both = S3Settings { use_lockfile: true, ..table.clone() };
    for settings in [&table, &object, &both] {
        let (one, other) = (open(settings, "default").await, open(settings, "default").await);
        let info = lock(&one).await.unwrap();
        let found = holder(lock(&other).await);
        assert_eq!((&found.id, &found.who), (&info.id, &info.who));
        assert_eq!(found.path, "state-lock/stack/terraform.tfstate");
        assert!(matches!(other.unlock("another").await, Err(Error::NotOurs(_))));
        let other_env = open(settings, "dev").await;
        let free = lock(&other_env).await.unwrap();
        other_env.unlock(&free.id).await.unwrap();
        other.unlock(&info.id).await.unwrap();
        assert!(matches!(one.unlock(&info.id).await, Err(Error::NotOurs(_))));
        one.unlock(&lock(&one).await.unwrap().id).await.unwrap();
    }
    // What the table refuses leaves no object behind.
    let (one, other) = (open(&table, "default").await, open(&both, "default").await);
    let info = lock(&one).await.unwrap();
    holder(lock(&other).await);
    one.unlock(&info.id).await.unwrap();
    lock(&other).await.unwrap();
}

#[tokio::test]
async fn waiting_for_a_lock_ends_with_its_release() {
    let settings = s3("wait").await;
    let (one, other) = (open(&settings, "default").await, open(&settings, "default").await);
    let info = lock(&one).await.unwrap();
    let mut told = Vec::new();
    let release = async {
        tokio::time::sleep(Duration::from_millis(700)).await;
        one.unlock(&info.id).await.unwrap();
    };
    let second = LockInfo::new("Plan");
    let claim = Claim::new(second, Duration::from_secs(20), None);
    let waiting = other.lock(&claim, |it| match it {
        Notice::Held(it) => told.push(it.id.clone()),
        _ => panic!("nobody is silent"),
    });
    let (locked, ()) = tokio::join!(waiting, release);
    locked.unwrap();
    assert_eq!(told, [info.id]);
}

#[tokio::test]
async fn a_digest_of_other_content_is_explained() {
    let settings = s3("digest").await;
    let backend = open(&settings, "default").await;
    backend.write(&state(), &Stamp::default()).await.unwrap();
    let aws = Aws::connect(&emulator()).await.unwrap();
    let put = aws.s3().put_object().bucket("state-digest").key("stack/terraform.tfstate");
    put.body(file::to_bytes(&state()).into()).send().await.unwrap();
    let began = Instant::now();
    let error = backend.read().await.unwrap_err();
    assert!(began.elapsed() >= Duration::from_secs(8), "it gives S3 time");
    let told = error.diagnostics().0.remove(0);
    let help = told.help.unwrap();
    assert!(
        help.contains("state-digest/stack/terraform.tfstate-md5") && help.contains("locks-digest"),
        "{help}"
    );
}

#[tokio::test]
async fn environments_have_a_state_each() {
    let settings = s3("envs").await;
    for env in ["default", "prod", "dev"] {
        open(&settings, env).await.write(&state(), &Stamp::default()).await.unwrap();
    }
    let dev = open(&settings, "dev").await;
    assert_eq!(dev.workspaces().await.unwrap(), ["default", "dev", "prod"]);
    dev.delete().await.unwrap();
    assert!(dev.read().await.unwrap().is_none());
    assert_eq!(dev.workspaces().await.unwrap(), ["default", "prod"]);
    assert!(open(&settings, "default").await.delete().await.is_err());
    dev.write_beside("journal", b"{}").await.unwrap();
    assert_eq!(dev.read_beside("journal").await.unwrap().as_deref(), Some(&b"{}"[..]));
    assert_eq!(dev.workspaces().await.unwrap(), ["default", "prod"]);
    dev.remove_beside("journal").await.unwrap();
    assert!(dev.read_beside("journal").await.unwrap().is_none());
}

#[tokio::test]
async fn bucket_and_table_are_made_once() {
    let settings = S3Settings {
        bucket: "state-new".to_owned(),
        key: "terraform.tfstate".to_owned(),
        dynamodb_table: Some("locks-new".to_owned()),
        aws: emulator(),
        ..S3Settings::default()
    };
    let error = open(&settings, "default").await.read().await.unwrap_err();
    assert!(matches!(&error, Error::NoStore(what) if what.contains("state-new")), "{error:?}");
    let missing = bootstrap::missing(&settings).await.unwrap();
    assert_eq!(missing, [Missing::Bucket("state-new".into()), Missing::Table("locks-new".into())]);
    bootstrap::create(&settings, &missing).await.unwrap();
    assert_eq!(bootstrap::missing(&settings).await.unwrap(), []);
    let aws = Aws::connect(&settings.aws).await.unwrap();
    let put = aws.s3().put_object().bucket("state-new").key("x").send().await.unwrap();
    assert!(put.version_id.is_some());
    let block = aws.s3().get_public_access_block().bucket("state-new").send().await.unwrap();
    assert_eq!(block.public_access_block_configuration.and_then(|it| it.block_public_policy), Some(true));
}

#[tokio::test]
async fn a_state_that_cannot_be_stored_is_kept_in_the_folder() {
    let dir = tempfile::tempdir().unwrap();
    let state = state();
    let told = rescue(dir.path(), &state, Error::NoStore("bucket `b`".to_owned()), &Encryption::default());
    assert!(told.detail.unwrap().contains("bucket `b`") && told.help.unwrap().contains("state push"));
    let kept = std::fs::read(dir.path().join(ERRORED)).unwrap();
    assert_eq!(file::parse(&kept, ERRORED).unwrap(), state);
}

#[tokio::test]
async fn files_are_written_in_order_with_a_backup() {
    let dir = tempfile::tempdir().unwrap();
    let (one, other) = (open_local(dir.path(), "default").await, open_local(dir.path(), "default").await);
    let first = state();
    let stamp = one.write(&first, &Stamp::default()).await.unwrap();
    let info = lock(&one).await.unwrap();
    let stamp = one.write(&next(&first), &stamp).await.unwrap();
    one.write(&next(&next(&first)), &stamp).await.unwrap();
    one.unlock(&info.id).await.unwrap();
    let backup = std::fs::read(dir.path().join("terraform.tfstate.backup")).unwrap();
    assert_eq!(file::parse(&backup, "backup").unwrap().serial, 1);
    assert_eq!(other.read().await.unwrap().unwrap().0.serial, 3);
    assert!(matches!(other.write(&next(&next(&first)), &stamp).await, Err(Error::Changed { .. })));
    let mut left: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["terraform.tfstate", "terraform.tfstate.backup"]);
}

#[tokio::test]
async fn a_write_that_was_cut_off_is_finished_by_the_next_read() {
    let dir = tempfile::tempdir().unwrap();
    let backend = open_local(dir.path(), "default").await;
    let first = state();
    backend.write(&first, &Stamp::default()).await.unwrap();
    let whole = file::to_bytes(&next(&first));
    std::fs::write(dir.path().join("terraform.tfstate.next"), &whole).unwrap();
    std::fs::write(dir.path().join("terraform.tfstate"), &whole[..40]).unwrap();
    let (read, stamp) = backend.read().await.unwrap().unwrap();
    assert_eq!(read.serial, 2);
    backend.write(&next(&read), &stamp).await.unwrap();
    assert_eq!(open_local(dir.path(), "default").await.read().await.unwrap().unwrap().0.serial, 3);
    // A copy that was itself cut off counts for nothing.
    std::fs::write(dir.path().join("terraform.tfstate.next"), &whole[..40]).unwrap();
    assert_eq!(backend.read().await.unwrap().unwrap().0.serial, 3);
}

/// Terraform reads the state's own file only.
#[tokio::test]
async fn a_write_that_was_cut_off_is_completed_by_the_next_lock() {
    let dir = tempfile::tempdir().unwrap();
    let (path, beside) = (dir.path().join("terraform.tfstate"), dir.path().join("terraform.tfstate.next"));
    let backend = open_local(dir.path(), "default").await;
    let first = state();
    backend.write(&first, &Stamp::default()).await.unwrap();
    let old = std::fs::read(&path).unwrap();
    let whole = file::to_bytes(&next(&first));
    for (stored, left, after) in [
        (&whole[..40], &whole[..], &whole[..]), // cut off while it took the place
        (&whole[..], &whole[..], &whole[..]),   // just before the copy was removed
        (&old[..], &whole[..30], &old[..]),     // while the copy was written
    ] {
        std::fs::write(&path, stored).unwrap();
        std::fs::write(&beside, left).unwrap();
        let held = lock(&backend).await.unwrap();
        backend.unlock(&held.id).await.unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), after);
        assert!(!beside.exists());
    }
}

#[tokio::test]
async fn environments_in_files_are_where_terraform_has_them() {
    let dir = tempfile::tempdir().unwrap();
    let dev = open_local(dir.path(), "dev").await;
    dev.write(&state(), &Stamp::default()).await.unwrap();
    assert!(dir.path().join("terraform.tfstate.d/dev/terraform.tfstate").exists());
    assert_eq!(dev.workspaces().await.unwrap(), ["default", "dev"]);
    dev.delete().await.unwrap();
    assert_eq!(dev.workspaces().await.unwrap(), ["default"]);
    let odd = Backend::open(&Settings::default(), dir.path(), "../dev").await;
    assert!(matches!(odd, Err(Error::Refused(_))));
}

/// A stack of Terraform's whose apply makes a file `begun`, and goes on when there is a file `go`.
fn stack(dir: &Path, backend: &str) {
    let text = format!(
        "terraform {{\n  {backend}\n}}\nresource \"terraform_data\" \"it\" {{}}\n\
         resource \"terraform_data\" \"slow\" {{\n  provisioner \"local-exec\" {{\n    \
         command = \"touch begun; until [ -e go ]; do sleep 0.1; done\"\n  }}\n}}\n"
    );
    std::fs::write(dir.join("main.tf"), text).unwrap();
}

fn s3_block(settings: &S3Settings) -> String {
    let url = moto().url();
    let lock = if settings.use_lockfile { "use_lockfile = true" } else { "" };
    let table = settings.dynamodb_table.as_ref().map(|it| format!("dynamodb_table = \"{it}\""));
    format!(
        "backend \"s3\" {{\n bucket = \"{}\"\n key = \"{}\"\n region = \"eu-west-1\"\n {lock}\n {}\n \
         endpoints = {{ s3 = \"{url}\", dynamodb = \"{url}\", sts = \"{url}\", iam = \"{url}\" }}\n \
         use_path_style = true\n skip_credentials_validation = true\n skip_metadata_api_check = true\n \
         skip_requesting_account_id = true\n}}",
        settings.bucket,
        settings.key,
        table.unwrap_or_default()
    )
}

/// Terraform reads what we wrote, honours our lock, and we read what it wrote and honour its lock.
async fn share(dir: &Path, backend: &Backend, locked_path: &str) {
    let first = state();
    backend.write(&first, &Stamp::default()).await.unwrap();
    terraform::succeed(dir, &["init", "-input=false"]);
    let pulled = terraform::succeed(dir, &["state", "pull"]);
    assert_eq!(pulled.trim_end(), String::from_utf8(file::to_bytes(&first)).unwrap().trim_end());
    assert_eq!(terraform::succeed(dir, &["state", "list"]).trim(), "terraform_data.it");

    let info = lock(backend).await.unwrap();
    let refused = terraform::fail(dir, &["apply", "-auto-approve"]);
    assert!(refused.contains("Error acquiring the state lock") && refused.contains(&info.id), "{refused}");
    assert!(refused.contains(&info.who) && refused.contains("OperationTypeApply"), "{refused}");
    backend.unlock(&info.id).await.unwrap();

    let mut slow = terraform::command(dir, &["apply", "-auto-approve"]);
    let mut slow = slow.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let end = Instant::now() + Duration::from_secs(180);
    while !dir.join("begun").exists() {
        assert!(Instant::now() < end, "terraform never begins");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let theirs = match lock(backend).await {
        Err(Error::Locked(it)) => it,
        other => panic!("terraform's lock does not hold: {other:?}"),
    };
    assert_eq!((theirs.operation.as_str(), theirs.path.as_str()), ("OperationTypeApply", locked_path));
    std::fs::write(dir.join("go"), "").unwrap();
    let ours = LockInfo::new("Plan");
    backend.lock(&Claim::new(ours.clone(), Duration::from_secs(180), None), |_| ()).await.unwrap();
    assert!(slow.wait().unwrap().success());
    let (read, stamp) = backend.read().await.unwrap().unwrap();
    assert!(read.serial > 1 && read.lineage == first.lineage && read.resources.len() == 2);
    backend.write(&next(&read), &stamp).await.unwrap();
    backend.unlock(&ours.id).await.unwrap();
    let plan = terraform::succeed(dir, &["plan", "-detailed-exitcode"]);
    assert!(plan.contains("No changes"), "{plan}");
}

#[tokio::test]
async fn terraform_shares_a_state_in_s3() {
    if !terraform::there() {
        return;
    }
    let table = s3("shared").await;
    let object = S3Settings { dynamodb_table: None, use_lockfile: true, ..s3("shared2").await };
    for settings in [table, object] {
        let dir = tempfile::tempdir().unwrap();
        stack(dir.path(), &s3_block(&settings));
        let path = format!("{}/{}", settings.bucket, settings.key);
        share(dir.path(), &open(&settings, "default").await, &path).await;
    }
}

#[tokio::test]
async fn terraform_shares_a_state_in_a_file() {
    if !terraform::there() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    stack(dir.path(), "backend \"local\" {}");
    let backend = open_local(dir.path(), "default").await;
    share(dir.path(), &backend, &backend.origin()).await;
}

#[tokio::test]
async fn a_terraform_that_waits_for_our_lock_goes_on_with_what_we_wrote() {
    if !terraform::there() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    stack(dir.path(), "backend \"local\" {}");
    std::fs::write(dir.path().join("go"), "").unwrap();
    terraform::succeed(dir.path(), &["init", "-input=false"]);
    let backend = open_local(dir.path(), "default").await;
    let info = lock(&backend).await.unwrap();
    let mut waits = terraform::command(dir.path(), &["apply", "-auto-approve", "-lock-timeout=60s"]);
    let mut waits = waits.stdout(Stdio::null()).spawn().unwrap();
    tokio::time::sleep(Duration::from_secs(3)).await;
    let first = state();
    backend.write(&first, &Stamp::default()).await.unwrap();
    backend.unlock(&info.id).await.unwrap();
    assert!(waits.wait().unwrap().success());
    let read = backend.read().await.unwrap().unwrap().0;
    assert_eq!((read.lineage, read.resources.len()), (first.lineage, 2));
}
