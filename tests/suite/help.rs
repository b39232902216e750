//! What helps: the first steps, flags as Terraform spells them, completions, manual pages, and the
//! commands that only look at the files.

use std::process::{Command, Stdio};

use crate::support::{Account, Folder, Infra, Proxy};
use crate::terraform;

/// Needs no AWS.
const STACK: &str = r#"
[stack]
name = "help"
[variable.size]
type = "number"
default = 1
[env.dev]
size = 2
[env.prod]
size = 3
[terraform_data.one]
input = "${var.size}"
[terraform_data.many]
for_each = '${toset(["a", "b"])}'
[module.inner]
source = "./inner"
[output.size]
value = "${terraform_data.one.output}"
"#;

const INNER: &str = "[terraform_data.inside]\n";

fn stack() -> (Folder, Infra) {
    let folder = Folder::with_stack(STACK);
    folder.write("inner/stack.toml", INNER);
    let infra = Infra::offline(folder.path(), &Proxy::to_nowhere());
    (folder, infra)
}

fn empty() -> (Folder, Infra) {
    let folder = Folder::new();
    let infra = Infra::offline(folder.path(), &Proxy::to_nowhere());
    (folder, infra)
}

#[test]
fn infra_alone_shows_the_way() {
    let (folder, infra) = empty();
    let out = infra.must(&[], 0).stdout;
    assert!(out.contains("There is no stack in this folder") && out.contains("init --example shop"), "{out}");
    folder.write("stack.toml", STACK);
    folder.write("inner/stack.toml", INNER);
    let out = infra.must(&[], 0).stdout;
    assert!(out.contains("the stack `help`: 3 resources and 1 module, in stack files"), "{out}");
    assert!(out.contains("dev, prod") && out.contains("infra plan --env dev"), "{out}");
    folder.write("stack.toml", "[aws_vpc");
    assert!(infra.must(&[], 0).stdout.contains("infra validate"));
}

#[test]
fn an_example_is_a_stack_that_works() {
    let (account, proxy, folder) = (Account::new(), Proxy::new(), Folder::new());
    let infra = Infra::new(folder.path(), &account, &proxy.url());
    let told = infra.must(&["init", "--example", "shop"], 0).stdout;
    assert!(told.contains("The stack `shop` is in the folder shop"), "{told}");
    infra.must(&["-C", "shop", "fmt", "-check", "-recursive"], 0);
    for (env, resources) in [("dev", "4 added"), ("prod", "5 added")] {
        let words = |rest: &[&'static str]| [&["-chdir=shop", "--env", env], rest].concat();
        infra.must(&words(&["init"]), 0);
        assert!(infra.must(&words(&["apply", "-auto-approve"]), 0).stdout.contains(resources));
        infra.must(&words(&["plan", "-detailed-exitcode"]), 0);
        assert!(
            infra.must(&words(&["output", "-raw", "queue"]), 0).stdout.ends_with(&format!("shop-{env}-jobs"))
        );
        infra.must(&words(&["destroy", "-auto-approve"]), 0);
    }
}

#[test]
fn an_example_never_goes_over_files() {
    let (folder, infra) = empty();
    folder.write("notes.txt", "mine");
    let refused = infra.must(&["init", "--example"], 1).stderr;
    assert!(refused.contains("this folder is not empty: there is notes.txt"), "{refused}");
    infra.must(&["init", "--example", "new"], 0);
    let refused = infra.must(&["init", "--example", "new"], 1).stderr;
    assert!(refused.contains("new is not empty") && refused.contains("init --example NAME"), "{refused}");
}

#[test]
fn what_is_not_here_is_answered() {
    let (_folder, infra) = empty();
    for (words, part) in [
        (&["login"][..], "no registry to log in to"),
        (&["init", "-plugin-dir=x"], "providers are part of infra"),
        (&["plan", "-state=x"], "--backend-config path=FILE"),
        (&["-install-autocomplete"], "infra completions --help"),
        (&["plann"], "'plan'"),
        (&["apply", "--auto-aprove"], "'--auto-approve'"),
        (&["apply", "-auto-aprove"], "'--auto-approve'"),
        (&["pull"], "infra state pull"),
        (&["state", "replace"], "infra state replace-provider"),
        (&["providers", "lock", "-platform=x"], "providers are part of infra"),
    ] {
        let said = infra.must(words, 1).stderr;
        assert!(said.contains(part), "{words:?}: {said}");
    }
}

#[test]
fn the_folder_help_and_the_version() {
    let (folder, infra) = empty();
    folder.write("deep/stack.toml", "[terraform_data.one]\n");
    assert!(infra.must(&["-chdir=deep", "plan"], 0).stdout.contains("terraform_data.one"));
    assert!(infra.must(&["-help"], 0).stdout.contains("Main commands:"));
    assert!(infra.must(&["plan", "-help"], 0).stdout.contains("Examples:"));
    assert!(infra.must(&["-version"], 0).stdout.starts_with("infra "));
    assert!(infra.must(&["version"], 0).stdout.starts_with("infra "));
    let json: serde_json::Value = serde_json::from_str(&infra.must(&["version", "-json"], 0).stdout).unwrap();
    assert!(json["infra_version"].is_string());
}

#[test]
fn flags_of_terraform_mean_the_same() {
    let (folder, infra) = stack();
    infra.must(&["init", "-input=false", "-no-color", "-backend=false", "-get=false", "-upgrade"], 0);
    infra.must(&["init", "-lock=false", "-lock-timeout=1s", "-reconfigure"], 0);
    infra.must(&["validate", "-no-color"], 0);
    infra.must(&["plan", "-input=false", "-lock=false", "-no-color", "-parallelism=1", "-var", "size=4"], 0);
    folder.write("four.tfvars", "size = 4\n");
    let plan = infra.must(&["plan", "-lock-timeout=1s", "-refresh=false", "-var-file=four.tfvars"], 0).stdout;
    assert!(plan.contains("4 to add") && plan.contains("= 4"), "{plan}");
    infra.must(
        &["apply", "-auto-approve", "-lock=false", "-lock-timeout=1s", "-no-color", "-parallelism=2"],
        0,
    );
    let plan = infra.must(&["plan", "-destroy", "-out=all.plan"], 0).stdout;
    assert!(plan.contains("4 to destroy"), "{plan}");
    assert!(infra.must(&["output", "-no-color"], 0).stdout.contains("size = 1"));
    assert!(infra.must(&["show", "-no-color"], 0).stdout.contains("terraform_data.one"));
    infra.must(&["apply", "-refresh-only", "-auto-approve", "-input=false"], 0);
    infra.must(&["refresh", "-lock=false", "-no-color", "-compact-warnings", "-var", "size=1"], 0);
    infra.must(&["apply", "-destroy", "-auto-approve", "-compact-warnings"], 0);
    assert_eq!(infra.must(&["state", "list"], 0).stdout, "");
    // Another file for the state: Terraform's -state.
    infra.must(&["apply", "-auto-approve", "-backend-config=path=other.tfstate"], 0);
    assert!(folder.path().join("other.tfstate").exists());
    let held = infra.must(&["output", "-json", "--backend-config", "path=other.tfstate"], 0).stdout;
    assert!(held.contains("size"), "{held}");
}

#[test]
fn pictures_and_schemas_are_called_as_in_terraform() {
    let (_folder, infra) = stack();
    for words in [&["graph"][..], &["graph", "-type=plan"], &["graph", "-draw-cycles", "-module-depth=1"]] {
        assert!(infra.must(words, 0).stdout.starts_with("digraph"), "{words:?}");
    }
    infra.must(&["plan", "-out=all.plan"], 0);
    assert!(infra.must(&["graph", "-plan=all.plan"], 0).stdout.contains("terraform_data.many[\\\"a\\\"]"));
    let schemas = infra.must(&["providers", "schema", "-json"], 0).stdout;
    assert!(schemas.contains("\"provider_schemas\"") && schemas.contains("\"aws_vpc\""));
}

/// What a shell would offer for the last of these words.
fn offered(infra: &Infra, words: &[&str]) -> Vec<String> {
    let out = infra.must(&[&["complete", "--"], words].concat(), 0).stdout;
    out.lines().map(|it| it.split('\t').next().unwrap().to_owned()).collect()
}

#[test]
fn words_are_completed_from_the_stacks_files() {
    let (_folder, infra) = stack();
    assert_eq!(offered(&infra, &["pl"]), ["plan"]);
    assert!(offered(&infra, &["state", ""]).contains(&"list".to_owned()));
    assert_eq!(offered(&infra, &["apply", "--auto"]), ["--auto-approve"]);
    assert_eq!(offered(&infra, &["apply", "-auto"]), ["-auto-approve"]);
    assert_eq!(offered(&infra, &["plan", "--env", ""]), ["default", "dev", "prod"]);
    assert_eq!(offered(&infra, &["plan", "--env=p"]), ["--env=prod"]);
    assert_eq!(offered(&infra, &["plan", "--var", ""]), ["size="]);
    assert_eq!(offered(&infra, &["plan", "--lock", ""]), ["true", "false"]);
    assert_eq!(offered(&infra, &["plan", "--target", "terraform_data.m"]), ["terraform_data.many"]);
    let modules = offered(&infra, &["plan", "--target", "module."]);
    assert_eq!(modules, ["module.inner", "module.inner.terraform_data.inside"]);
    assert_eq!(offered(&infra, &["plan", "--out", ""]), [":file"]);
    assert_eq!(offered(&infra, &["-C", ""]), [":dir"]);
    assert_eq!(offered(&infra, &["output", ""]), ["size"]);
    infra.must(&["apply", "-auto-approve"], 0);
    let held = offered(&infra, &["state", "list", "terraform_data.many"]);
    assert_eq!(held, ["terraform_data.many[\"a\"]", "terraform_data.many[\"b\"]"]);
}

#[test]
fn bash_completes_with_the_script() {
    let (folder, infra) = stack();
    let script = infra.must(&["completions", "bash"], 0).stdout;
    infra.must(&["apply", "-auto-approve"], 0);
    let bash = |line: &str| {
        let ask = "source ./script; complete -p infra >&2; COMP_LINE=\"$1\" COMP_POINT=${#1}; \
                   words=($1); _infra infra \"$2\" ''; printf '%s\\n' \"${COMPREPLY[@]}\"";
        let last = line.rsplit([' ', '=']).next().unwrap_or_default();
        let binary = std::path::Path::new(env!("CARGO_BIN_EXE_infra")).parent().unwrap();
        let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap_or_default());
        let mut command = Command::new("bash");
        command.args(["--norc", "-c", ask, "bash", line, last]).env("PATH", path).current_dir(folder.path());
        command.stdin(Stdio::null()).output()
    };
    folder.write("script", script);
    if bash("infra ").is_err() {
        eprintln!("no bash on this machine: not tried");
        return;
    }
    for (line, wanted) in [
        ("infra pl", "plan\n"),
        ("infra apply --auto", "--auto-approve\n"),
        ("infra plan --env=p", "prod\n"),
        ("infra plan --env de", "default\ndev\n"),
        ("infra state show 'terraform_data.many[\"a", "terraform_data.many[\"a\"]\n"),
        ("infra state show terraform_data.o", "terraform_data.one\n"),
        ("infra plan --out scr", "script\n"),
    ] {
        let out = bash(line).unwrap();
        let (said, errors) = (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
        assert_eq!(said, wanted, "{line}: {errors}");
        assert!(errors.contains("complete -F _infra infra"), "{errors}");
    }
    for shell in ["zsh", "fish", "powershell", "elvish"] {
        assert!(
            infra.must(&["completions", shell], 0).stdout.contains("infra complete --") || shell == "zsh"
        );
    }
}

#[test]
fn manual_pages_are_written() {
    let (folder, infra) = empty();
    let told = infra.must(&["manual", "man1"], 0).stdout;
    assert!(told.contains("man -l man1/infra.1"), "{told}");
    let plan = folder.read("man1/infra-plan.1");
    for part in [".TH INFRA-PLAN 1", ".SH NAME", ".SH OPTIONS", ".SH EXAMPLES", "detailed\\-exitcode"] {
        assert!(plan.contains(part), "{part}: {plan}");
    }
    assert!(!plan.contains("no\\-color"), "global options are in infra(1): {plan}");
    assert!(folder.read("man1/infra.1").contains("no\\-color"));
    assert!(folder.read("man1/infra-state-list.1").contains("INFRA-STATE-LIST"));
}

/// Modules that call others, with providers at all levels; Terraform needs nothing fetched to list them.
fn providers() -> Folder {
    let folder = Folder::new();
    folder.write(
        "main.tf",
        "terraform {\n  required_providers {\n    aws = {\n      source = \"hashicorp/aws\"\n      version = \
         \"~> 5.0\"\n    }\n    local = { source = \"hashicorp/local\" }\n  }\n}\nmodule \"one\" {\n  source = \
         \"./a\"\n}\nmodule \"two\" {\n  source = \"./a\"\n}\nresource \"terraform_data\" \"x\" {}\n",
    );
    folder.write(
        "a/main.tf",
        "module \"in\" {\n  source = \"../b\"\n}\nterraform {\n  required_providers {\n    aws = {\n      \
         source = \"hashicorp/aws\"\n      version = \">= 5.1, < 6\"\n    }\n  }\n}\n",
    );
    folder.write(
        "b/main.tf",
        "resource \"terraform_data\" \"y\" {}\nresource \"random_id\" \"r\" {\n  byte_length = 2\n}\n\
         data \"aws_region\" \"here\" {}\n",
    );
    folder
}

const MODULES: &str = "\nModules declared by configuration:\n.\n├── \"one\"[./a]\n│\u{a0}\u{a0} └── \"in\"[../b]\n└── \
                       \"two\"[./a]\n    └── \"in\"[../b]\n\n";

#[test]
fn modules_and_providers_are_listed_as_terraform_lists_them() {
    let folder = providers();
    let infra = Infra::offline(folder.path(), &Proxy::to_nowhere());
    assert!(infra.must(&["get"], 0).stdout.contains("nothing to fetch"));
    assert!(infra.must(&["get", "-update", "-no-color"], 0).stdout.contains("nothing to fetch"));
    assert_eq!(infra.must(&["modules"], 0).stdout, MODULES);
    let json = infra.must(&["modules", "-json"], 0).stdout;
    assert!(
        json.starts_with(r#"{"format_version":"1.0","modules":[{"key":"one","source":"./a","version":""}"#)
    );
    let ours = infra.must(&["providers"], 0).stdout;
    assert!(
        ours.contains("│\u{a0}\u{a0} ├── provider[registry.terraform.io/hashicorp/aws] >= 5.1.0, < 6.0.0"),
        "{ours}"
    );
    if !terraform::there() {
        return;
    }
    terraform::succeed(folder.path(), &["get"]);
    assert_eq!(terraform::succeed(folder.path(), &["modules"]), MODULES);
    // Terraform's order of modules in JSON changes from run to run, as does that of a module's providers.
    let theirs = terraform::succeed(folder.path(), &["modules", "-json"]);
    assert_eq!(sorted_modules(&json), sorted_modules(&theirs), "{json}{theirs}");
    let theirs = terraform::succeed(folder.path(), &["providers"]);
    assert_eq!(sorted(&ours), sorted(&theirs), "{ours}{theirs}");
}

/// What `modules -json` says, its modules sorted.
fn sorted_modules(told: &str) -> serde_json::Value {
    let mut told: serde_json::Value = serde_json::from_str(told).unwrap();
    told["modules"].as_array_mut().unwrap().sort_by_key(|it| it.to_string());
    told
}

/// The lines of a tree without its branches, sorted.
fn sorted(tree: &str) -> Vec<String> {
    let plain = |it: &str| it.trim_start_matches(['│', '├', '└', '─', ' ', '\u{a0}']).to_owned();
    let mut lines: Vec<String> = tree.lines().map(plain).filter(|it| !it.is_empty()).collect();
    lines.sort();
    lines
}

#[test]
fn a_state_comes_along_to_the_new_backend() {
    let (account, proxy) = (Account::new(), Proxy::new());
    let folder = Folder::with_stack("[terraform_data.one]\n");
    let infra = Infra::new(folder.path(), &account, &proxy.url());
    infra.must(&["apply", "-auto-approve"], 0);
    infra.must(&["apply", "-auto-approve", "--env", "dev"], 0);
    let before = infra.must(&["state", "pull"], 0).stdout;
    let backend = |key: &str| {
        format!(
            "[backend.s3]\nbucket = \"comes-along-{}\"\nkey = \"{key}\"\nregion = \"eu-west-1\"\n\
             use_lockfile = true\n[terraform_data.one]\n",
            account.id
        )
    };
    folder.write("stack.toml", backend("a.tfstate"));
    // Nobody can be asked: both ways on are named.
    let refused = infra.must(&["init", "-input=false", "--auto-approve"], 1).stderr;
    assert!(refused.contains("--migrate-state") && refused.contains("--reconfigure"), "{refused}");
    let told = infra.must(&["init", "-force-copy"], 0).stdout;
    assert!(told.contains("Environment `default`") && told.contains("Environment `dev`"), "{told}");
    assert_eq!(infra.must(&["state", "pull"], 0).stdout, before);
    assert!(folder.path().join("terraform.tfstate.migrated").exists());
    infra.must(&["plan", "-detailed-exitcode"], 0);
    infra.must(&["plan", "-detailed-exitcode", "--env", "dev"], 0);
    // Again there is nothing to bring.
    assert!(!infra.must(&["init"], 0).stdout.contains("Environment"));
    // To another key, and back into a file.
    folder.write("stack.toml", backend("b.tfstate"));
    let from = format!("s3://comes-along-{}/a.tfstate", account.id);
    infra.must(&["init", "-migrate-state", "--auto-approve", "--from", &from], 0);
    infra.must(&["plan", "-detailed-exitcode"], 0);
    folder.write("stack.toml", "[terraform_data.one]\n");
    assert!(infra.must(&["init", "-reconfigure"], 0).stdout.contains("terraform.tfstate"));
}
