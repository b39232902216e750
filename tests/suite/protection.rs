//! What stands between a mistake and its consequences: `prevent_destroy` that the state remembers, the
//! environment's name typed, accounts looked at before anything is read.

use serde_json::Value as Json;

use crate::support::infra::Output;
use crate::support::proxy::counts;
use crate::support::{Account, Folder, Infra, Proxy};
use crate::terraform;

/// A stack that needs no AWS.
struct Stack {
    folder: Folder,
    nowhere: Proxy,
}

impl Stack {
    fn new(text: &str) -> Stack {
        Stack { folder: Folder::with_stack(text), nowhere: Proxy::to_nowhere() }
    }
    fn infra(&self) -> Infra {
        Infra::offline(self.folder.path(), &self.nowhere)
    }
    #[track_caller]
    fn run(&self, words: &[&str], code: i32) -> Output {
        self.infra().must(words, code)
    }
    fn write(&self, text: &str) {
        self.folder.write("stack.toml", text);
    }
    #[track_caller]
    fn apply(&self, text: &str) {
        self.write(text);
        self.run(&["apply", "--auto-approve"], 0);
    }
    /// The addresses of what the state says is protected.
    fn protected(&self) -> Vec<String> {
        let state: Json = serde_json::from_str(&self.folder.read("terraform.tfstate")).unwrap();
        let mut out = Vec::new();
        for it in state["resources"].as_array().unwrap() {
            let all = it["instances"].as_array().unwrap();
            let count = all.iter().filter(|it| it["prevent_destroy"] == true).count();
            out.extend((0..count).map(|_| it["name"].as_str().unwrap().to_owned()));
        }
        out
    }
}

#[track_caller]
fn has(text: &str, all: &[&str]) {
    let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for it in all {
        assert!(text.contains(it) || plain.contains(it), "`{it}` is not in\n{text}");
    }
}

const OTHER: &str = "[stack]\nname = \"guarded\"\n[terraform_data.other]\n";
const BLOCK: &str = "[terraform_data.p]\ninput = \"x\"\nlifecycle = { prevent_destroy = true }\n";
const MODULE: &str = "[module.m]\nsource = \"./m\"\ncount = 2\n";

#[test]
fn taking_a_block_out_does_not_lift_its_protection() {
    let stack = Stack::new(OTHER);
    stack.folder.write("m/stack.toml", BLOCK);
    stack.apply(&format!("{OTHER}{BLOCK}{MODULE}"));
    assert_eq!(stack.protected(), ["p", "p", "p"]);
    let refused = |text: &str, words: &[&str], all: &[&str]| {
        stack.write(text);
        has(&stack.run(words, 1).stderr, all);
    };
    let gone = "had `prevent_destroy` when it was last applied";
    // The block, the module, both; replacing and destroying.
    refused(
        &format!("{OTHER}{MODULE}"),
        &["plan"],
        &["terraform_data.p had", gone, "infra state rm 'terraform_data.p'"],
    );
    let modules = ["module.m[0].terraform_data.p had", "module.m[1].terraform_data.p had"];
    refused(&format!("{OTHER}{BLOCK}"), &["apply", "--auto-approve"], &modules);
    refused(OTHER, &["destroy", "--auto-approve"], &["terraform_data.p had", modules[0], modules[1]]);
    refused(OTHER, &["plan", "--replace=terraform_data.p"], &[gone]);
    // Where the block stands, it decides.
    let has_it = "has `prevent_destroy`, and this plan would destroy it";
    let fewer = format!("{OTHER}{BLOCK}{}", MODULE.replace('2', "1"));
    refused(&fewer, &["plan"], &["module.m[1].terraform_data.p has", has_it]);
    refused(&format!("{OTHER}{BLOCK}{MODULE}"), &["plan", "--replace=terraform_data.p"], &[has_it]);
    // What is left out is left alone.
    stack.write(OTHER);
    stack.run(&["plan", "--detailed-exitcode", "--exclude=terraform_data.p", "--exclude=module.m"], 0);
    // The ways that the error names: a state command, letting go, and lifting it.
    stack.run(&["state", "rm", "module.m[1].terraform_data.p"], 0);
    let lets_go = "[[removed]]\nfrom = \"module.m\"\nlifecycle = { destroy = false }\n";
    stack.apply(&format!("{OTHER}{BLOCK}{lets_go}"));
    assert_eq!(stack.protected(), ["p"]);
    stack.apply(&format!("{OTHER}{}", BLOCK.replace("true", "false")));
    assert_eq!(stack.protected(), Vec::<String>::new());
    stack.apply(OTHER);
    assert_eq!(stack.run(&["state", "list"], 0).stdout, "terraform_data.other\n");
}

#[test]
fn the_state_follows_where_nothing_else_changes() {
    let stack = Stack::new(OTHER);
    let free = BLOCK.replace("true", "false");
    stack.apply(&format!("{OTHER}{free}"));
    assert!(stack.protected().is_empty());
    let before = stack.folder.read("terraform.tfstate");
    stack.apply(&format!("{OTHER}{free}"));
    assert_eq!(stack.folder.read("terraform.tfstate"), before);
    stack.apply(&format!("{OTHER}{BLOCK}"));
    assert_eq!(stack.protected(), ["p"]);
    // An update and a move keep it; where Terraform does not look the state is the same.
    stack.apply(&format!("{OTHER}{}", BLOCK.replace("\"x\"", "\"y\"")));
    assert_eq!(stack.protected(), ["p"]);
    let moved = "[[moved]]\nfrom = \"terraform_data.p\"\nto = \"terraform_data.q\"\n";
    stack.apply(&format!("{OTHER}{moved}{}", BLOCK.replace(".p]", ".q]").replace("\"x\"", "\"y\"")));
    assert_eq!(stack.protected(), ["q"]);
    stack.write(OTHER);
    has(&stack.run(&["plan"], 1).stderr, &["terraform_data.q had `prevent_destroy`"]);
}

#[test]
fn terraform_reads_and_rewrites_such_a_state() {
    if !terraform::there() {
        return;
    }
    let folder = Folder::new();
    let text = "resource \"terraform_data\" \"p\" {\n  input = 1\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n";
    folder.write("main.tf", text);
    let stack = Stack { folder, nowhere: Proxy::to_nowhere() };
    stack.run(&["apply", "--auto-approve"], 0);
    assert_eq!(stack.protected(), ["p"]);
    let dir = stack.folder.path();
    terraform::succeed(dir, &["init"]);
    let plan = terraform::succeed(dir, &["plan", "-detailed-exitcode"]);
    assert!(plan.contains("No changes."), "{plan}");
    stack.folder.write("main.tf", text.replace("input = 1", "input = 2"));
    terraform::succeed(dir, &["apply", "-auto-approve"]);
    // Terraform keeps what it knows; the next apply of ours remembers again.
    assert!(stack.protected().is_empty());
    stack.run(&["plan", "--detailed-exitcode"], 0);
    stack.run(&["apply", "--auto-approve"], 0);
    assert_eq!(stack.protected(), ["p"]);
    terraform::succeed(dir, &["plan", "-detailed-exitcode"]);
}

const ENVS: &str = r#"
[terraform_data.a]
input = "a"
[terraform_data.b]
[env.prod]
lifecycle = { confirm = "destroy" }
[env.live]
lifecycle = { confirm = "always" }
[env.dev]
"#;

#[test]
fn an_environment_wants_its_name_before_it_destroys() {
    let stack = Stack::new(ENVS);
    let wants = "environment `prod` wants its name typed before anything is destroyed or replaced";
    stack.run(&["--env=prod", "apply", "--auto-approve"], 0);
    stack.run(&["--env=dev", "apply", "--auto-approve"], 0);
    stack.run(&["--env=dev", "destroy", "--auto-approve"], 0);
    // A change is none of its business.
    stack.write(&ENVS.replace("\"a\"", "\"b\""));
    let plan = stack.run(&["--env=prod", "plan"], 0).stdout;
    assert!(!plan.contains("wants its name"), "{plan}");
    stack.run(&["--env=prod", "apply", "--auto-approve"], 0);
    // A replacement and a destroy are.
    let replace = ["--env=prod", "plan", "--replace=terraform_data.b", "--out=it.plan"];
    has(&stack.run(&replace, 0).stdout, &["Environment `prod` wants its name typed", "--confirm prod"]);
    has(&stack.run(&[&replace[..3], &["--json"]].concat(), 0).stdout, &["Environment `prod` wants its name"]);
    for words in [
        ["--env=prod", "destroy", "--auto-approve"].as_slice(),
        &["--env=prod", "destroy"],
        &["--env=prod", "apply", "--auto-approve", "--replace=terraform_data.b"],
        &["--env=prod", "apply", "--destroy", "--auto-approve", "--json"],
        &["apply", "it.plan"],
    ] {
        let output = stack.run(words, 1);
        has(&format!("{}{}", output.stdout, output.stderr), &[wants]);
        if !words.contains(&"--json") {
            has(&output.stderr, &["stack.toml:6:1", "pass --confirm prod"]);
        }
    }
    let other = stack.run(&["--env=prod", "destroy", "--auto-approve", "--confirm=dev"], 1).stderr;
    has(&other, &["--confirm names `dev`, and this is environment `prod`"]);
    has(&stack.run(&["apply", "--confirm=dev", "it.plan"], 1).stderr, &["this is environment `prod`"]);
    has(&stack.run(&["apply", "--confirm=prod", "it.plan"], 0).stdout, &["1 added, 0 changed, 1 destroyed"]);
    // Named, it is asked for a yes as ever.
    has(&stack.run(&["--env=prod", "destroy", "--confirm=prod"], 1).stderr, &["this needs a yes"]);
    stack.run(&["--env=prod", "destroy", "--confirm=prod", "--auto-approve"], 0);
}

#[test]
fn the_name_is_typed_at_a_terminal() {
    let stack = Stack::new(ENVS);
    stack.run(&["--env=prod", "apply", "--auto-approve"], 0);
    let asked = "Type the environment's name, prod";
    let wrong = stack.infra().at_terminal(&["--env=prod", "destroy"], &[(asked, "yes")]);
    assert_eq!(wrong.code, Some(1), "{wrong:?}");
    has(&wrong.stdout, &["Nothing was done."]);
    let right = stack.infra().at_terminal(&["--env=prod", "destroy"], &[(asked, "prod")]);
    assert_eq!(right.code, Some(0), "{right:?}");
    has(&right.stdout, &["Resources: 2 destroyed"]);
    assert!(!right.stdout.contains("`yes`"), "{}", right.stdout);
    // Always: whatever is to be done; a saved plan too.
    has(&stack.run(&["--env=live", "apply", "--auto-approve"], 1).stderr, &["before anything is applied"]);
    stack.run(&["--env=live", "plan", "--out=it.plan"], 0);
    has(&stack.run(&["apply", "it.plan"], 1).stderr, &["environment `live` wants its name"]);
    let typed = stack.infra().at_terminal(&["apply", "it.plan"], &[("environment's name, live", "live")]);
    has(&typed.stdout, &["2 added"]);
    // Nothing to do is nothing to ask for.
    stack.run(&["--env=live", "apply", "--auto-approve"], 0);
}

#[test]
fn a_file_of_the_environment_says_it_too() {
    let stack = Stack::new("[terraform_data.a]\n[env.prod]\nlifecycle = { confirm = \"destroy\" }\n");
    stack.folder.write("env/prod.toml", "lifecycle = { confirm = \"always\" }\n");
    has(&stack.run(&["--env=prod", "apply", "--auto-approve"], 1).stderr, &["env/prod.toml:1:1", "applied"]);
    // Beside `.tf` files, it says nothing else.
    let folder = Folder::new();
    folder.write(
        "main.tf",
        "variable \"x\" {\n  default = 1\n}\nresource \"terraform_data\" \"a\" {\n  input = var.x\n}\n",
    );
    folder.write("env/prod.toml", "lifecycle = { confirm = \"destroy\" }\n");
    let stack = Stack { folder, nowhere: Proxy::to_nowhere() };
    stack.run(&["--env=prod", "apply", "--auto-approve"], 0);
    stack.run(&["--env=new", "plan"], 0);
    has(
        &stack.run(&["--env=prod", "destroy", "--auto-approve"], 1).stderr,
        &["env/prod.toml:1:1", "destroyed"],
    );
    stack.folder.write("env/prod.toml", "x = 2\n");
    has(&stack.run(&["validate"], 1).stderr, &["env/prod.toml:1:1", "env/prod.tfvars"]);
}

/// A stack at AWS: one configuration that may work where it is, and one that may not.
fn guarded(account: &str, wrong: &str) -> String {
    format!(
        r#"
        [[provider.aws]]
        region = "eu-west-1"
        allowed_account_ids = ["{account}"]
        [[provider.aws]]
        alias = "two"
        region = "us-east-1"
        {wrong}
        [aws_sqs_queue.q]
        name = "guarded"
        [aws_sqs_queue.two]
        provider = "aws.two"
        name = "guarded"
        [data.aws_availability_zones.up]
        [data.aws_caller_identity.me]
        "#
    )
}

/// What was asked of AWS.
fn asked(proxy: &Proxy) -> Vec<(String, usize)> {
    counts(&proxy.take()).into_iter().collect()
}

#[test]
fn accounts_are_looked_at_before_anything_is_read() {
    let (account, proxy) = (Account::new(), Proxy::new());
    let folder = Folder::with_stack(&guarded(&account.id, ""));
    let infra = Infra::new(folder.path(), &account, &proxy.url());
    infra.must(&["apply", "--auto-approve"], 0);
    infra.must(&["plan", "--destroy", "--out=it.plan"], 0);
    let id = |count: usize| vec![("sts:GetCallerIdentity".to_owned(), count)];
    let text = guarded(&account.id, "allowed_account_ids = [\"999999999999\", \"888888888888\"]");
    folder.write("stack.toml", &text);
    for words in [
        ["plan"].as_slice(),
        &["plan", "--refresh-only"],
        &["plan", "--refresh=false"],
        &["plan", "--destroy"],
        &["apply", "--auto-approve"],
        &["apply", "--rounds", "--auto-approve"],
        &["destroy", "--auto-approve"],
        &["refresh"],
        &["apply", "it.plan"],
    ] {
        proxy.take();
        let wrong = infra.must(words, 1).stderr;
        let allows = "`allowed_account_ids` allows 999999999999 and 888888888888 only";
        has(&wrong, &[&format!("of account {}", account.id), allows, "stack.toml:5", "assumed-role/test"]);
        assert_eq!(asked(&proxy), id(2), "{words:?}");
    }
    let queue = format!("{}/{}/other", proxy.url(), account.id);
    has(&infra.must(&["import", "aws_sqs_queue.two", &queue], 1).stderr, &["allows 999999999999"]);
    assert_eq!(asked(&proxy), id(1));
    // Both wrong: told both.
    let forbidden = format!("forbidden_account_ids = [\"{}\"]", account.id);
    folder.write("stack.toml", guarded("777777777777", &forbidden));
    let wrong = infra.must(&["plan"], 1).stderr;
    has(&wrong, &["allows 777777777777 only", "`forbidden_account_ids` names that one"]);
    // What is not used is not looked at.
    folder.write("stack.toml", &text);
    proxy.take();
    infra.must(&["plan", "--exclude=aws_sqs_queue.two"], 0);
    let calls = counts(&proxy.take());
    assert!(calls["sts:GetCallerIdentity"] <= 2, "{calls:?}");
    // A region of a resource's own is the same account.
    folder.write(
        "stack.toml",
        guarded(&account.id, "") + "[aws_sqs_queue.away]\nregion = \"us-west-2\"\nname = \"a\"\n",
    );
    infra.must(&["plan"], 0);
    folder.write("stack.toml", guarded(&account.id, ""));
    infra.must(&["destroy", "--auto-approve"], 0);
}

#[test]
fn a_profile_is_named() {
    let (account, proxy) = (Account::new(), Proxy::new());
    let text = "[provider.aws]\nregion = \"eu-west-1\"\nprofile = \"work\"\nallowed_account_ids = [\"999999999999\"]\nshared_credentials_files = [\"keys\"]\n[aws_sqs_queue.q]\n";
    let folder = Folder::with_stack(text);
    let keys = format!(
        "[work]\naws_access_key_id = {}\naws_secret_access_key = {}\naws_session_token = {}\n",
        account.access_key, account.secret_key, account.session_token
    );
    folder.write("keys", keys);
    let infra = Infra::new(folder.path(), &account, &proxy.url());
    has(&infra.must(&["plan"], 1).stderr, &["from profile `work`", "allows 999999999999 only"]);
}

#[test]
fn the_backends_account_is_looked_at_before_the_state_is_read() {
    let (account, proxy) = (Account::new(), Proxy::new());
    let stack = |allowed: &str, provider: &str| {
        format!(
            r#"
            [backend.s3]
            bucket = "guarded-{id}"
            key = "k"
            region = "eu-west-1"
            use_lockfile = true
            allowed_account_ids = ["{allowed}"]
            [provider.aws]
            region = "eu-west-1"
            allowed_account_ids = ["{provider}"]
            [aws_sqs_queue.q]
            name = "guarded-backend"
            "#,
            id = account.id
        )
    };
    let folder = Folder::with_stack(&stack("999999999999", &account.id));
    let infra = Infra::new(folder.path(), &account, &proxy.url());
    for words in [["plan"].as_slice(), &["apply", "--auto-approve"], &["state", "list"], &["output"]] {
        proxy.take();
        has(&infra.must(words, 1).stderr, &["allows 999999999999 only"]);
        let calls = asked(&proxy);
        assert!(calls.iter().all(|it| it.0 == "sts:GetCallerIdentity"), "{words:?}: {calls:?}");
    }
    // Nor is the state read, or locked, where the stack may not work.
    folder.write("stack.toml", stack(&account.id, "999999999999"));
    for words in [["plan"].as_slice(), &["apply", "--auto-approve"], &["destroy", "--auto-approve"]] {
        proxy.take();
        has(&infra.must(words, 1).stderr, &["allows 999999999999 only"]);
        assert_eq!(asked(&proxy), [("sts:GetCallerIdentity".to_owned(), 1)], "{words:?}");
    }
}
