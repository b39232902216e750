//! Modules from Git: fetched by `init`, pinned by the lock file, checked against it.

use std::path::Path;
use std::process::Command;

use crate::support::{Account, Folder, Infra, Proxy};

/// A repository with two versions of a module: 1.0.0 makes queue `old`, 1.1.0 queue `new`.
fn repository() -> Folder {
    let folder = Folder::new();
    git(folder.path(), &["init", "--quiet", "."]);
    for (name, tag) in [("old", "v1.0.0"), ("new", "v1.1.0"), ("next", "v2.0.0-beta")] {
        folder.write("queue/stack.toml", format!("[aws_sqs_queue.it]\nname = \"{name}\"\n"));
        git(folder.path(), &["add", "."]);
        let who = ["-c", "user.name=test", "-c", "user.email=test@example.invalid"];
        git(folder.path(), &[&who[..], &["commit", "--quiet", "-m", name]].concat());
        git(folder.path(), &["tag", tag]);
    }
    folder
}

#[track_caller]
fn git(dir: &Path, words: &[&str]) {
    let output = Command::new("git").args(words).current_dir(dir).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

struct Stack {
    account: Account,
    proxy: Proxy,
    folder: Folder,
    repository: Folder,
}

impl Stack {
    fn new(settings: &str) -> Stack {
        let repository = repository();
        let url = format!("git::file://{}//queue", repository.path().display());
        let text = format!(
            "[provider.aws]\nregion = \"eu-west-1\"\n[module.q]\n{}\n",
            settings.replace("SOURCE", &url)
        );
        Stack { account: Account::new(), proxy: Proxy::new(), folder: Folder::with_stack(&text), repository }
    }
    fn infra(&self) -> Infra {
        Infra::new(self.folder.path(), &self.account, &self.proxy.url())
    }
    #[track_caller]
    fn plan(&self) -> String {
        self.infra().must(&["plan", "--detailed-exitcode"], 2).stdout
    }
}

#[test]
fn a_version_is_chosen_once_and_stays() {
    let stack = Stack::new("source = \"SOURCE\"\nversion = \"~> 1.0\"");
    let told = stack.infra().must(&["plan"], 1).stderr;
    assert!(told.contains("the module `q` is not here yet") && told.contains("infra init"), "{told}");
    stack.infra().must(&["init"], 0);
    assert!(stack.folder.read(".infra.lock.toml").contains("reference = \"v1.1.0\""));
    assert!(stack.plan().contains("\"new\""));
    // A newer version that fits comes with `--upgrade` only.
    git(stack.repository.path(), &["tag", "v1.2.0", "v1.0.0"]);
    std::fs::remove_dir_all(stack.folder.path().join(".infra")).unwrap();
    stack.infra().must(&["init"], 0);
    assert!(stack.plan().contains("\"new\""));
    stack.infra().must(&["init", "--upgrade"], 0);
    assert!(stack.plan().contains("\"old\""));
}

#[test]
fn a_reference_is_taken_as_it_is() {
    let stack = Stack::new("source = \"SOURCE?ref=v1.0.0\"");
    stack.infra().must(&["init"], 0);
    assert!(stack.plan().contains("module.q.aws_sqs_queue.it will be created"));
    assert!(stack.plan().contains("\"old\""));
}

#[test]
fn files_that_were_changed_meanwhile_are_noticed() {
    let stack = Stack::new("source = \"SOURCE?ref=v1.0.0\"");
    stack.infra().must(&["init"], 0);
    let lock = stack.folder.read(".infra.lock.toml");
    let (before, _) = lock.split_once("sha256:").unwrap();
    stack.folder.write(".infra.lock.toml", format!("{before}sha256:0000\"\n"));
    std::fs::remove_dir_all(stack.folder.path().join(".infra")).unwrap();
    let told = stack.infra().must(&["init"], 1).stderr;
    assert!(told.contains("does not hold what the lock file says"), "{told}");
}

#[test]
fn what_the_repository_lacks_is_named() {
    let stack = Stack::new("source = \"SOURCE?ref=v9\"");
    let told = stack.infra().must(&["init"], 1).stderr;
    assert!(told.contains("has no branch, tag or commit `v9`"), "{told}");
    let stack = Stack::new("source = \"SOURCE\"\nversion = \">= 3\"");
    let told = stack.infra().must(&["init"], 1).stderr;
    assert!(told.contains("has no version that fits"), "{told}");
}
