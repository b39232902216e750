//! Case folders: a stack's whole life against the emulator, driven through the binary.
//!
//! `tests/cases/NAME/` holds a stack, or `case.toml` names one, and what is expected:
//!
//! | file | what |
//! |---|---|
//! | `case.toml` | optional: `stack` (a folder, instead of this one), `env`, `vars` (`ACCOUNT` in them is the account's number), `modules` (`true`: `stacks/modules` is beside the stack), `edit` (texts of `stack.toml` and what takes their place after the first apply) |
//! | `plan.txt` | the plan of the new stack |
//! | `calls.txt` | how often each operation is asked for by the plan that finds nothing to do |
//! | `edit/` | optional: files laid over the stack after the first apply |
//! | `edit.txt` | the plan of the edit |
//!
//! `tests/terraform/NAME/` is the same stack in `.tf` files: its plan is the same text.
//!
//! Each is planned, applied, planned empty, edited, applied, planned empty and destroyed; after that
//! the account holds what it held before.

use std::path::PathBuf;

use toml::Table;

use crate::support::expect::{normal, same_as};
use crate::support::folder::{folders, project};
use crate::support::proxy::{Call, counts};
use crate::support::{Account, Folder, Infra, Proxy};

macro_rules! cases {
    ($($name:ident),* $(,)?) => {
        const CASES: &[&str] = &[$(stringify!($name)),*];
        $(
            #[test]
            fn $name() {
                Case::new(stringify!($name)).live();
            }
        )*
    };
}

cases! {
    acls,
    alarms,
    buckets,
    caches,
    cdn,
    containers,
    databases,
    dns,
    endpoints,
    event_driven_dev,
    event_driven_prod,
    grants,
    interfaces,
    keys,
    kubernetes,
    lifecycle,
    load_balancing,
    lookups,
    module_network,
    modules,
    moves,
    network,
    parameters_secrets,
    queue_table_bucket,
    quickstart_dev,
    quickstart_prod,
    replication,
    scaling,
    security_groups,
    servers,
    settings,
    site_surveillance_dev,
    site_surveillance_prod,
    topics,
    users,
    volumes,
}

/// Stacks that are written in Terraform's own files as well.
macro_rules! in_terraform {
    ($($name:ident),* $(,)?) => {
        const IN_TERRAFORM: &[&str] = &[$(stringify!($name)),*];
        mod in_terraform {
            $(
                #[test]
                fn $name() {
                    super::Case::in_terraform(stringify!($name)).live_as_it_is();
                }
            )*
        }
    };
}

in_terraform! {
    modules,
    network,
    security_groups,
}

#[test]
fn every_folder_is_a_case() {
    assert_eq!(folders(&project().join("tests/terraform")), IN_TERRAFORM);
    assert_eq!(folders(&project().join("tests/cases")), CASES);
}

struct Case {
    /// What is expected.
    folder: PathBuf,
    /// A copy of the stack.
    stack: Folder,
    account: Account,
    proxy: Proxy,
    /// `--env` and `--var`, for each command that reads the stack.
    inputs: Vec<String>,
    has_backend: bool,
    /// Texts of the stack, and what takes their place.
    edit: Table,
}

impl Case {
    fn new(name: &str) -> Case {
        let folder = project().join("tests/cases").join(name);
        let settings = std::fs::read_to_string(folder.join("case.toml")).unwrap_or_default();
        let settings: Table = settings.parse().unwrap();
        let text = |key: &str| settings.get(key).and_then(|it| it.as_str());
        let account = Account::new();
        let mut inputs = Vec::new();
        if let Some(env) = text("env") {
            inputs.extend(["--env".to_owned(), env.to_owned()]);
        }
        for (key, value) in settings.get("vars").and_then(|it| it.as_table()).into_iter().flatten() {
            let value = value.as_str().unwrap().replace("ACCOUNT", &account.id);
            inputs.extend(["--var".to_owned(), format!("{key}={value}")]);
        }
        let from = text("stack").map_or(folder.clone(), |it| project().join(it));
        let with_modules = settings.get("modules").and_then(|it| it.as_bool()).unwrap_or_default();
        let beside = with_modules.then(|| project().join("stacks/modules"));
        let stack = Folder::copy_beside(&from, beside.as_slice());
        let has_backend = stack.read("stack.toml").contains("[backend.s3]");
        let edit = settings.get("edit").and_then(|it| it.as_table()).cloned().unwrap_or_default();
        Case { folder, stack, account, proxy: Proxy::new(), inputs, has_backend, edit }
    }

    /// The same stack in `.tf` files, with the same expectations.
    fn in_terraform(name: &str) -> Case {
        let stack = Folder::copy_of(&project().join("tests/terraform").join(name));
        Case { stack, has_backend: false, ..Case::new(name) }
    }

    /// Planned, applied, planned empty and destroyed.
    fn live_as_it_is(&self) {
        self.run(&["validate"], 0);
        self.plan("plan.txt");
        self.run(&["apply", "--auto-approve"], 0);
        let calls = self.must_plan_nothing();
        same_as(&self.folder.join("calls.txt"), &listed(&calls));
        self.run(&["destroy", "--auto-approve"], 0);
    }

    fn live(&self) {
        if self.has_backend {
            self.run(&["init", "--auto-approve"], 0);
        }
        let before = self.account.inventory();
        self.run(&["validate"], 0);
        self.plan("plan.txt");
        self.run(&["apply", "--auto-approve"], 0);
        let calls = self.must_plan_nothing();
        same_as(&self.folder.join("calls.txt"), &listed(&calls));
        if self.edited() {
            self.plan("edit.txt");
            self.run(&["apply", "--auto-approve"], 0);
            self.must_plan_nothing();
        }
        self.run(&["destroy", "--auto-approve"], 0);
        assert_eq!(self.run(&["state", "list"], 0), "", "destroyed, and the state still holds something");
        let left: Vec<String> = self.account.inventory().difference(&before).cloned().collect();
        assert!(left.is_empty(), "destroyed, and the account still holds {left:#?}");
    }

    /// Whether there is an edit; makes it.
    fn edited(&self) -> bool {
        let overlay = self.folder.join("edit");
        if overlay.is_dir() {
            self.stack.overlay(&overlay);
        }
        for (text, other) in &self.edit {
            let stack = self.stack.read("stack.toml");
            assert!(stack.contains(text), "no `{text}` in the stack");
            self.stack.write("stack.toml", stack.replace(text, other.as_str().unwrap()));
        }
        overlay.is_dir() || !self.edit.is_empty()
    }

    /// What it printed.
    #[track_caller]
    fn run(&self, words: &[&str], code: i32) -> String {
        let inputs = self.inputs.iter().map(String::as_str);
        // Commands on the state take the environment, and values of variables only for the backend's sake.
        let words: Vec<&str> = words.iter().copied().chain(inputs).collect();
        Infra::new(self.stack.path(), &self.account, &self.proxy.url()).must(&words, code).stdout
    }

    #[track_caller]
    fn plan(&self, expected: &str) {
        let text = self.run(&["plan", "--detailed-exitcode"], 2);
        same_as(&self.folder.join(expected), &normal(&text));
    }

    #[track_caller]
    fn must_plan_nothing(&self) -> Vec<Call> {
        self.proxy.take();
        self.run(&["plan", "--detailed-exitcode"], 0);
        let calls = self.proxy.take();
        // The lock's two writes to its table and the digest's, and nothing else, may change anything.
        let changing: Vec<String> =
            calls.iter().filter(|it| it.operation.mutates()).map(Call::name).collect();
        let locks = ["dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:UpdateItem"];
        let other: Vec<_> = changing.iter().filter(|it| !locks.contains(&it.as_str())).collect();
        assert!(other.is_empty(), "a plan changed something at AWS: {other:?}");
        calls
    }
}

/// One line for each operation.
fn listed(calls: &[Call]) -> String {
    counts(calls).iter().map(|(name, count)| format!("{count:>4} {name}\n")).collect()
}
