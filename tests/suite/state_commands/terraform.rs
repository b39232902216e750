//! The commands about the state do to it what Terraform's do.

use std::collections::BTreeSet;

use serde_json::Value;

use super::names;
use crate::support::{Folder, Infra, Proxy};
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
