//! The commands about the state: as Terraform has them where it has them, and what they repair.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::{Account, Folder, Infra, Proxy, moto};
use crate::terraform;

const TF: &str = r#"
resource "terraform_data" "a" { input = "a" }
resource "terraform_data" "c" {
  count = 3
  input = terraform_data.a.output
}
resource "terraform_data" "e" {
  for_each = toset(["x", "y"])
  input    = terraform_data.c[0].output
}
module "m" {
  source   = "./m"
  for_each = toset(["p", "q"])
}
module "n" {
  source = "./m"
}
data "terraform_remote_state" "r" {
  backend  = "local"
  config   = { path = "./other.tfstate" }
  defaults = { a = 1 }
}
"#;

const INNER: &str = r#"
resource "terraform_data" "i" { input = "i" }
resource "terraform_data" "j" { input = terraform_data.i.output }
module "k" { source = "../k" }
"#;

const OTHER: &str = r#"{ "version": 4, "terraform_version": "1.11.4", "serial": 1,
    "lineage": "3b90bceb-3857-0b1c-b2b0-497dbcaa0c08", "outputs": {}, "resources": [], "check_results": null }"#;

/// Two copies of a folder that Terraform has applied: one for each tool.
struct Both {
    theirs: Folder,
    ours: Folder,
    nowhere: Proxy,
}

impl Both {
    fn new() -> Both {
        let theirs = Folder::new();
        theirs.write("main.tf", TF);
        theirs.write("m/main.tf", INNER);
        theirs.write("k/main.tf", "resource \"terraform_data\" \"z\" { input = \"z\" }\n");
        theirs.write("other.tfstate", OTHER);
        terraform::succeed(theirs.path(), &["init", "-input=false"]);
        terraform::succeed(theirs.path(), &["apply", "-auto-approve"]);
        let ours = Folder::copy_of(theirs.path());
        Both { theirs, ours, nowhere: Proxy::new() }
    }

    /// Both run it, and end alike. Gives what each printed.
    #[track_caller]
    fn run(&self, words: &[&str]) -> (String, String) {
        let mut command = std::process::Command::new("terraform");
        command.arg(format!("-chdir={}", self.theirs.path().display())).args(words);
        command.envs([("CHECKPOINT_DISABLE", "1"), ("TF_CLI_CONFIG_FILE", "/dev/null"), ("TF_CLI_ARGS", "")]);
        let theirs = command.stdin(std::process::Stdio::null()).output().unwrap();
        let ours = Infra::offline(self.ours.path(), &self.nowhere).run(words);
        let text = |it: &[u8]| String::from_utf8_lossy(it).into_owned();
        assert_eq!(
            ours.code,
            theirs.status.code(),
            "{words:?}\n--- infra\n{}{}\n--- terraform\n{}{}",
            ours.stdout,
            ours.stderr,
            text(&theirs.stdout),
            text(&theirs.stderr)
        );
        (ours.stdout, text(&theirs.stdout))
    }

    /// The states are the same in both, and so are the files beside them.
    #[track_caller]
    fn same(&self, words: &[&str]) {
        self.run(words);
        for name in ["terraform.tfstate", "out.tfstate"] {
            let state = |it: &Folder| it.path().join(name).exists().then(|| content(&it.read(name)));
            assert_eq!(state(&self.ours), state(&self.theirs), "{words:?}: {name}");
        }
        let backups = |it: &Folder| names(it.path()).iter().filter(|it| it.ends_with(".backup")).count();
        // Two in the same second are one with Terraform.
        assert!(backups(&self.ours) >= backups(&self.theirs), "{words:?}: {:?}", names(self.ours.path()));
    }
}

/// What a state says, without what is each writer's own.
fn content(text: &str) -> Value {
    let mut state: Value = serde_json::from_str(text).unwrap();
    for name in ["serial", "lineage", "terraform_version"] {
        state.as_object_mut().unwrap().remove(name);
    }
    state
}

fn names(folder: &Path) -> BTreeSet<String> {
    let all = std::fs::read_dir(folder).unwrap();
    all.map(|it| it.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn states_are_changed_as_terraform_changes_them() {
    if !terraform::there() {
        return;
    }
    let both = Both::new();
    let all: &[&[&str]] = &[
        &["state", "mv", "terraform_data.a", "terraform_data.b[0]"],
        &["state", "mv", "terraform_data.b[0]", "terraform_data.a"],
        &["state", "mv", "-dry-run", "terraform_data.a", "terraform_data.b"],
        &["state", "mv", "terraform_data.c", "module.x.terraform_data.c"],
        &["state", "mv", "module.x.terraform_data.c[1]", "terraform_data.c"],
        &["state", "mv", "module.n", "module.o"],
        &["state", "mv", "module.m", "module.x"],
        &["state", "mv", "module.m[\"p\"]", "module.o"],
        &["state", "mv", "module.m[\"p\"]", "module.z[\"q\"].module.y"],
        &["state", "mv", "terraform_data.a", "null_resource.a"],
        &["state", "mv", "terraform_data.a", "data.terraform_data.a"],
        &["state", "mv", "terraform_data.a", "module.m"],
        &["state", "mv", "terraform_data.a", "terraform_data.a"],
        &["state", "mv", "terraform_data.nope", "terraform_data.q"],
        &["state", "mv", "terraform_data.c[9]", "terraform_data.q"],
        &["state", "mv", "terraform_data.e", "terraform_data.f[0]"],
        &["state", "mv", "terraform_data.e[\"x\"]", "terraform_data.f"],
        &["state", "mv", "terraform_data.e[\"y\"]", "terraform_data.f"],
        &["state", "mv", "data.terraform_remote_state.r", "data.terraform_remote_state.s"],
        &["state", "mv", "-state-out=out.tfstate", "terraform_data.f", "module.other.terraform_data.f"],
        &["state", "mv", "-state-out=out.tfstate", "module.z", "module.z"],
        &["state", "mv", "-state-out=out.tfstate", "module.z[\"q\"]", "module.z"],
        &["state", "mv", "terraform_data.a"],
        &["taint", "terraform_data.e[\"y\"]"],
        &["taint", "terraform_data.e[\"y\"]"],
        &["taint", "terraform_data.e"],
        &["taint", "-allow-missing", "terraform_data.nope"],
        &["taint", "data.terraform_remote_state.s"],
        &["untaint", "terraform_data.e[\"y\"]"],
        &["untaint", "terraform_data.e[\"y\"]"],
        &["untaint", "terraform_data.nope"],
        &["untaint", "-allow-missing", "terraform_data.nope"],
        &["state", "replace-provider", "-auto-approve", "terraform", "acme/terraform"],
        &["state", "replace-provider", "-auto-approve", "terraform.io/builtin/terraform", "acme/terraform"],
        &["state", "replace-provider", "-auto-approve", "acme/terraform", "terraform.io/builtin/terraform"],
        &["state", "replace-provider", "-auto-approve", "a b", "aws"],
        &["state", "rm", "-dry-run", "module.m"],
        &["state", "rm", "module.m.module.k"],
        &["state", "rm", "terraform_data.nope", "terraform_data.c"],
        &["state", "rm", "terraform_data.nope"],
        &["state", "rm"],
        &["state", "rm", "module.m", "data.terraform_remote_state.s"],
    ];
    all.iter().for_each(|it| both.same(it));
}

#[test]
fn options_are_terraforms() {
    if !terraform::there() {
        return;
    }
    let both = Both::new();
    let common = ["-lock=false", "-lock-timeout=5m", "-ignore-remote-version"];
    let on_file = ["-state=terraform.tfstate", "-backup=kept.tfstate"];
    let all: &[(&[&str], &[&str])] = &[
        (&["state", "mv"], &["terraform_data.a", "terraform_data.b"]),
        (&["state", "rm"], &["terraform_data.c[0]"]),
        (&["state", "replace-provider", "-auto-approve"], &["acme/terraform", "acme/other"]),
        (&["taint"], &["terraform_data.c[1]"]),
        (&["untaint"], &["terraform_data.c[1]"]),
    ];
    for (command, rest) in all {
        let words = [*command, &common, &on_file, rest].concat();
        both.same(&words);
        let words = [*command, &["-lock=true", "-lock-timeout=1s"], &["module.m.terraform_data.nope"; 2][..]]
            .concat();
        both.same(&words);
    }
    assert_eq!(content(&both.ours.read("kept.tfstate")), content(&both.theirs.read("kept.tfstate")));
    both.ours.write("next.tfstate", both.ours.read("terraform.tfstate"));
    both.theirs.write("next.tfstate", both.theirs.read("terraform.tfstate"));
    both.run(&["state", "pull"]);
    both.run(&["state", "push", "-lock=false", "-lock-timeout=5m", "-ignore-remote-version", "next.tfstate"]);
    both.run(&["state", "push", "other.tfstate"]);
    both.run(&["state", "push", "-force", "other.tfstate"]);
    both.run(&["state", "push", "nope.tfstate"]);
    both.run(&["workspace", "new", "-lock=false", "-lock-timeout=5m", "dev"]);
    both.run(&["workspace", "select", "default"]);
    both.run(&["workspace", "delete", "-lock=false", "-lock-timeout=5m", "dev"]);
    both.run(&["force-unlock", "-force", "6e5b6e5c"]);
}

#[test]
fn states_are_shown_as_terraform_shows_them() {
    if !terraform::there() {
        return;
    }
    let both = Both::new();
    both.run(&["taint", "terraform_data.c[1]"]);
    let id = serde_json::from_str::<Value>(&both.ours.read("terraform.tfstate")).unwrap();
    let id = id["resources"][1]["instances"][0]["attributes"]["id"].as_str().unwrap().to_owned();
    let all: &[&[&str]] = &[
        &["state", "list"],
        &["state", "list", "module.m"],
        &["state", "list", "module.m[\"p\"]", "terraform_data.c", "terraform_data.e[\"x\"]"],
        &["state", "list", "module.nope"],
        &["state", "list", "terraform_data.nope"],
        &["state", "list", &format!("-id={id}")],
        &["state", "list", "-id=nope"],
        &["state", "list", "-state=other.tfstate"],
        &["state", "list", "-state=nope.tfstate"],
        &["state", "show", "terraform_data.a"],
        &["state", "show", "terraform_data.c[1]"],
        &["state", "show", "data.terraform_remote_state.r"],
        &["state", "show", "module.m[\"p\"].module.k.terraform_data.z"],
        &["state", "show", "terraform_data.c"],
        &["state", "show", "module.n"],
    ];
    for words in all {
        let (ours, theirs) = both.run(words);
        let plain = anstream::adapter::strip_str(&theirs).to_string();
        assert_eq!(ours.trim_end(), plain.trim_end(), "{words:?}");
    }
}

#[test]
fn workspaces_are_terraforms() {
    if !terraform::there() {
        return;
    }
    let both = Both::new();
    let all: &[&[&str]] = &[
        &["workspace", "list"],
        &["workspace", "select", "dev"],
        &["workspace", "select", "-or-create", "dev"],
        &["workspace", "list"],
        &["workspace", "show"],
        &["workspace", "select", "dev"],
        &["workspace", "new", "dev"],
        &["workspace", "new", "a b"],
        &["state", "list"],
        &["workspace", "new", "-state=terraform.tfstate", "copy"],
        &["state", "list"],
        &["workspace", "delete", "copy"],
        &["workspace", "delete", "default"],
        &["workspace", "select", "default"],
        &["workspace", "delete", "copy"],
        &["workspace", "delete", "nope"],
        &["workspace", "delete", "dev"],
        &["workspace", "delete", "-force", "copy"],
        &["workspace", "list"],
    ];
    for words in all {
        let (ours, theirs) = both.run(words);
        if matches!(words[1], "list" | "show") {
            assert_eq!(ours.trim_end(), theirs.trim_end(), "{words:?}");
        }
        let selected = |it: &Folder| std::fs::read_to_string(it.path().join(".terraform/environment")).ok();
        assert_eq!(selected(&both.ours), selected(&both.theirs), "{words:?}");
        let folders = |it: &Folder| {
            let path = it.path().join("terraform.tfstate.d");
            if path.exists() { names(&path) } else { BTreeSet::new() }
        };
        assert_eq!(folders(&both.ours), folders(&both.theirs), "{words:?}");
    }
    // What one selects, the other works in.
    terraform::succeed(both.ours.path(), &["workspace", "new", "theirs"]);
    assert_eq!(both.run(&["workspace", "select", "default"]).0, "The environment is default from now on.\n");
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
