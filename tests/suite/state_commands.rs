//! The commands about the state: as Terraform has them where it has them, and what they repair.

mod terraform;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::{Account, Folder, Infra, Proxy, moto};

fn names(folder: &Path) -> BTreeSet<String> {
    let all = std::fs::read_dir(folder).unwrap();
    all.map(|it| it.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

/// A stack of two things, in a local state or one in S3.
struct Stack {
    folder: Folder,
    account: Account,
    proxy: Proxy,
}

const STACK: &str =
    "[stack]\nname = \"kept\"\n[terraform_data.a]\ninput = \"a\"\n[terraform_data.b]\ninput = \"b\"\n";

impl Stack {
    fn local() -> Stack {
        moto();
        Stack { folder: Folder::with_stack(STACK), account: Account::new(), proxy: Proxy::new() }
    }

    fn bucket(&self) -> String {
        format!("kept-{}", self.account.id)
    }

    fn s3() -> Stack {
        let mut stack = Self::local();
        // Names of buckets are one account's only.
        let backend = format!(
            "[backend.s3]\nbucket = \"{}\"\nkey = \"kept/terraform.tfstate\"\nregion = \"eu-west-1\"\n\
             dynamodb_table = \"locks\"\n",
            stack.bucket()
        );
        stack.folder = Folder::with_stack(&format!("{STACK}{backend}"));
        stack.run(&["init", "--auto-approve"], 0);
        stack
    }

    fn infra(&self) -> Infra {
        Infra::new(self.folder.path(), &self.account, &self.proxy.url())
    }

    #[track_caller]
    fn run(&self, words: &[&str], code: i32) -> String {
        let output = self.infra().must(words, code);
        format!("{}{}", output.stdout, output.stderr)
    }

    fn applied(self) -> Stack {
        self.run(&["apply", "--auto-approve"], 0);
        self
    }

    fn state(&self) -> Value {
        serde_json::from_str(&self.infra().must(&["state", "pull"], 0).stdout).unwrap()
    }

    /// Changes the content of the local state file, or another that starts as a copy of it.
    fn edit(&self, name: &str, change: impl FnOnce(&mut Value)) {
        let mut state: Value = serde_json::from_str(&self.folder.read("terraform.tfstate")).unwrap();
        change(&mut state);
        self.folder.write(name, state.to_string());
    }

    /// The backup that a state command made last.
    fn backup(&self) -> PathBuf {
        let all = names(self.folder.path());
        let name = all.iter().rfind(|it| it.ends_with(".backup") && *it != "terraform.tfstate.backup");
        self.folder.path().join(name.unwrap_or_else(|| panic!("no backup in {all:?}")))
    }

    fn put(&self, body: String) {
        self.account.with(async |aws| {
            let put = aws.s3().put_object().bucket(self.bucket()).key("kept/terraform.tfstate");
            put.body(body.into_bytes().into()).send().await.unwrap();
        });
    }
}

fn with_serial(state: &Value, serial: u64) -> Value {
    let mut state = state.clone();
    state["serial"] = json!(serial);
    state
}

#[test]
fn a_removed_thing_comes_back_from_the_backup() {
    for stack in [Stack::local().applied(), Stack::s3().applied()] {
        let before = stack.state();
        let done = stack.run(&["state", "rm", "terraform_data.a"], 0);
        assert!(done.contains("1 instance is forgotten"), "{done}");
        assert!(done.contains("state push --force terraform.tfstate."), "{done}");
        assert_eq!(stack.run(&["state", "list"], 0), "terraform_data.b\n");
        let backup = stack.backup();
        assert_eq!(serde_json::from_slice::<Value>(&std::fs::read(&backup).unwrap()).unwrap(), before);
        let backup = backup.to_str().unwrap();
        assert!(stack.run(&["state", "push", backup], 1).contains("newer"));
        assert!(stack.run(&["state", "push", "--force", backup], 0).contains("is stored"));
        assert_eq!(stack.state(), before);
        assert!(stack.run(&["state", "push", backup], 0).contains("already"));
        stack.run(&["plan", "--detailed-exitcode"], 0);
    }
}

#[test]
fn what_is_misspelt_gets_a_suggestion() {
    let stack = Stack::local();
    assert!(stack.run(&["state", "list"], 1).contains("there is no state yet"));
    let stack = stack.applied();
    assert!(
        stack.run(&["state", "show", "terraform_data.aa"], 1).contains("did you mean `terraform_data.a`?")
    );
    assert!(stack.run(&["state", "rm", "terraform_dat.a"], 1).contains("did you mean `terraform_data.a`?"));
    assert!(
        stack
            .run(&["state", "mv", "terraform_data.a", "terraform_data.b"], 1)
            .contains("holds something there")
    );
    assert!(stack.run(&["workspace", "select", "defaultt"], 1).contains("did you mean `default`?"));
    let shown: Value =
        serde_json::from_str(&stack.run(&["state", "show", "terraform_data.a", "--json"], 0)).unwrap();
    assert_eq!((&shown["address"], &shown["values"]["input"]), (&json!("terraform_data.a"), &json!("a")));
}

#[test]
fn a_tainted_thing_is_replaced() {
    let stack = Stack::local().applied();
    let serial = stack.state()["serial"].as_u64().unwrap();
    assert!(stack.run(&["taint", "terraform_data.a"], 0).contains("the next apply replaces it"));
    assert!(stack.run(&["plan"], 0).contains("is tainted, so must be replaced"));
    stack.run(&["untaint", "terraform_data.a"], 0);
    stack.run(&["plan", "--detailed-exitcode"], 0);
    assert_eq!(stack.state()["serial"], serial + 2);
}

#[test]
fn states_come_from_standard_input() {
    let stack = Stack::local().applied();
    let next = with_serial(&stack.state(), 70);
    let output = stack.infra().feed(&["state", "push", "-"], &next.to_string());
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    assert_eq!(stack.state()["serial"], 70);
    assert_eq!(stack.infra().feed(&["state", "push", "-"], "").code, Some(1));
}

#[test]
fn the_strongest_word_about_the_environment_counts() {
    let stack = Stack::local().applied();
    stack.run(&["workspace", "new", "dev"], 0);
    assert!(stack.run(&["plan"], 0).contains("Environment dev, as selected"));
    assert!(stack.run(&["state", "list"], 1).contains("terraform.tfstate.d/dev"));
    let named = |name: &str, value: &str, words: &[&str], code: i32| {
        let output = stack.infra().env(name, value).must(words, code);
        format!("{}{}", output.stdout, output.stderr)
    };
    assert_eq!(named("TF_WORKSPACE", "default", &["workspace", "show"], 0), "default\n");
    assert_eq!(named("TF_WORKSPACE", "default", &["workspace", "show", "--env", "x"], 0), "x\n");
    assert_eq!(named("INFRA_ENV", "y", &["workspace", "show"], 0), "y\n");
    assert!(named("TF_WORKSPACE", "dev", &["workspace", "select", "default"], 1).contains("TF_WORKSPACE"));
    assert!(named("INFRA_ENV", "dev", &["workspace", "new", "z"], 1).contains("INFRA_ENV"));
    assert!(named("INFRA_ENV", "default", &["plan"], 0).contains("dev is selected"));
    named("TF_DATA_DIR", "data", &["workspace", "select", "dev"], 0);
    assert_eq!(stack.folder.read("data/environment"), "dev");
}

#[test]
fn environments_in_a_bucket_are_made_and_deleted() {
    let stack = Stack::s3().applied();
    stack.run(&["workspace", "new", "dev"], 0);
    let empty = stack.state();
    assert_eq!((&empty["resources"], empty["lineage"].as_str().map(str::len)), (&json!([]), Some(36)));
    stack.run(&["apply", "--auto-approve"], 0);
    assert_eq!(stack.run(&["workspace", "list", "--env", "default"], 0).lines().next(), Some("* default"));
    stack.run(&["workspace", "select", "default"], 0);
    let refused = stack.run(&["workspace", "delete", "dev"], 1);
    assert!(refused.contains("is not empty") && refused.contains("`terraform_data.a`"), "{refused}");
    assert!(stack.run(&["workspace", "delete", "dev", "--force"], 0).contains("dev.tfstate."));
    assert_eq!(stack.run(&["workspace", "list"], 0), "* default\n");
    stack.run(&["workspace", "new", "dev"], 0);
    stack.run(&["workspace", "select", "default"], 0);
    stack.run(&["workspace", "delete", "dev"], 0);
}

#[test]
fn a_digest_is_repaired() {
    let stack = Stack::s3().applied();
    let right = stack.state();
    let serial = right["serial"].as_u64().unwrap();
    // Somebody put an older state there: the version that was written last comes back.
    stack.put(with_serial(&right, serial - 1).to_string());
    let done = stack.run(&["state", "repair", "--auto-approve"], 0);
    assert!(
        done.contains("is not the content that was written last") && done.contains("All is well"),
        "{done}"
    );
    assert_eq!(stack.state(), right);
    // One that is newer stays, with a digest of its own.
    stack.put(with_serial(&right, serial + 5).to_string());
    assert!(stack.run(&["state", "repair"], 1).contains("Keep what is in the bucket"));
    stack.run(&["state", "repair", "--auto-approve"], 0);
    assert_eq!(stack.state()["serial"], serial + 5);
    // What is no state gives way.
    stack.put("{".to_owned());
    let done = stack.run(&["state", "repair", "--auto-approve"], 0);
    assert!(done.contains("that are no state"), "{done}");
    assert_eq!(stack.state()["serial"], serial + 5);
    assert!(stack.run(&["state", "repair"], 0).contains("All is well"));
}

#[test]
fn a_file_that_was_cut_off_is_repaired() {
    let stack = Stack::local().applied();
    let whole = stack.folder.read("terraform.tfstate");
    stack.edit("terraform.tfstate.next", |it| it["serial"] = json!(50));
    stack.folder.write("terraform.tfstate", &whole[..40]);
    // Whoever takes the lock completes it.
    stack.run(&["state", "repair", "--auto-approve"], 0);
    assert_eq!(stack.state()["serial"], 50);
    assert!(!stack.folder.path().join("terraform.tfstate.next").exists());
    // Without the whole of it, a backup is as good as it gets.
    stack.run(&["state", "rm", "terraform_data.a"], 0);
    stack.folder.write("terraform.tfstate", &whole[..40]);
    assert!(stack.run(&["state", "list"], 1).contains("infra state repair"));
    let done = stack.run(&["state", "repair", "--auto-approve"], 0);
    assert!(done.contains("the newest backup: serial 50"), "{done}");
    assert_eq!(stack.run(&["state", "list"], 0), "terraform_data.a\nterraform_data.b\n");
    let kept = names(stack.folder.path()).into_iter().find(|it| it.contains(".broken."));
    assert_eq!(stack.folder.read(&kept.unwrap()), whole[..40]);
}

#[test]
fn what_could_not_be_stored_is_stored_first() {
    let stack = Stack::local().applied();
    let serial = stack.state()["serial"].as_u64().unwrap();
    stack.edit("errored.tfstate", |it| it["serial"] = json!(serial + 1));
    stack.run(&["state", "rm", "terraform_data.b"], 0);
    stack.edit("terraform.tfstate", |it| it["serial"] = json!(serial));
    let refused = stack.run(&["apply", "--auto-approve"], 1);
    assert!(refused.contains("could not store") && refused.contains("infra state repair"), "{refused}");
    assert!(stack.run(&["plan"], 0).contains("could not store"));
    assert!(stack.run(&["state", "repair", "--auto-approve"], 0).contains("It is stored"));
    stack.run(&["plan", "--detailed-exitcode"], 0);
    // The stored state went on without it: what it alone knows of is taken over.
    stack.edit("errored.tfstate", |_| ());
    stack.run(&["state", "rm", "terraform_data.b"], 0);
    assert!(stack.run(&["plan"], 0).contains("knows of things"));
    let done = stack.run(&["state", "repair", "--auto-approve"], 0);
    assert!(done.contains("terraform_data.b") && done.contains("taken over"), "{done}");
    stack.run(&["plan", "--detailed-exitcode"], 0);
    assert!(!stack.folder.path().join("errored.tfstate").exists());
    // Another state's file is nobody's business here.
    stack.edit("errored.tfstate", |it| it["lineage"] = json!("other"));
    assert!(stack.run(&["apply", "--auto-approve"], 0).contains("is of another state"));
}

#[test]
fn what_is_left_of_a_lock_and_an_apply_is_explained() {
    let stack = Stack::local().applied();
    stack.folder.write(
        ".terraform.tfstate.lock.info",
        r#"{"ID":"0b4c","Operation":"OperationTypeApply","Who":"ann@box","Created":"2026-01-01T00:00:00Z"}"#,
    );
    let journal = json!({ "lineage": "", "serial": 1, "creates": { "terraform_data.z": { "token": "t" } } });
    stack.folder.write("terraform.tfstate.journal", journal.to_string());
    assert!(stack.run(&["force-unlock", "--force", "other"], 1).contains("0b4c"));
    assert!(stack.run(&["force-unlock", "0b4c"], 1).contains("--force"));
    let done = stack.run(&["state", "repair"], 0);
    assert!(done.contains("ann@box") && done.contains("terraform_data.z"), "{done}");
    assert!(stack.run(&["force-unlock", "--force", "0b4c"], 1).contains("there is no lock"));
    stack.folder.write(".terraform.tfstate.lock.info", r#"{"ID":"0b4c"}"#);
    stack.run(&["force-unlock", "--force", "0b4c"], 0);
}
