//! Encryption of states and plan files, through the binary: with a passphrase and with KMS, in files and
//! in S3. What is secret stands nowhere but inside.

mod kms;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

use crate::support::{Folder, Infra, Proxy, folder};

/// In every test the secret, and the passphrase.
const SECRET: &str = "the secret of this stack";
const PASSPHRASE: &str = "a passphrase for tests";

const STACK: &str = r#"
[stack]
name = "sealed"
[variable.secret]
type = "string"
sensitive = true
[variable.passphrase]
type = "string"
sensitive = true
default = "a passphrase for tests"
[locals]
rounds = "${200 * 1000}"
[terraform_data.it]
input = { secret = "${var.secret}", open = "shown to nobody either" }
[output.secret]
value = "${terraform_data.it.output.secret}"
sensitive = true
"#;

const KEYS: &str = r#"
[stack.encryption.key_provider.pbkdf2.main]
passphrase = "${var.passphrase}"
iterations = "${local.rounds}"
[stack.encryption.method.aes_gcm.main]
keys = "key_provider.pbkdf2.main"
"#;

const SEALED: &str = "\n[stack.encryption.state]\nmethod = \"method.aes_gcm.main\"\n";

/// A folder with a stack that needs no AWS.
struct Stack {
    folder: Folder,
    nowhere: Proxy,
}

impl Stack {
    fn new(more: &str) -> Stack {
        Stack { folder: Folder::with_stack(&(STACK.to_owned() + more)), nowhere: Proxy::new() }
    }

    fn infra(&self) -> Infra {
        Infra::offline(self.folder.path(), &self.nowhere).env("TF_VAR_secret", SECRET)
    }

    /// What it prints; it must end well.
    #[track_caller]
    fn run(&self, words: &[&str]) -> String {
        self.infra().must(words, 0).stdout
    }

    #[track_caller]
    fn fail(&self, words: &[&str]) -> String {
        unfolded(&self.infra().must(words, 1).stderr)
    }

    fn say(&self, more: &str) {
        self.folder.write("stack.toml", STACK.to_owned() + more);
    }

    /// Nothing in the folder shows a secret. Gives the names of what is there.
    #[track_caller]
    fn is_sealed(&self) -> Vec<String> {
        let mut names = Vec::new();
        for (name, path) in folder::files(self.folder.path()) {
            let name = name.to_str().unwrap().to_owned();
            if name != "stack.toml" {
                shows_nothing(&name, &std::fs::read(path).unwrap());
                names.push(name);
            }
        }
        names
    }
}

/// A message as one line: the terminal's width breaks it anywhere.
fn unfolded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// No secret as text, in base64 at any offset, in hexadecimal, or inside base64 that stands there.
#[track_caller]
fn shows_nothing(name: &str, bytes: &[u8]) {
    for secret in [SECRET, PASSPHRASE, "shown to nobody either", "triggers_replace"] {
        let mut forms = vec![secret.to_owned(), secret.bytes().map(|it| format!("{it:02x}")).collect()];
        for skipped in 0..3 {
            // What of the secret fills whole groups of base64, wherever it begins.
            let aligned = &secret.as_bytes()[skipped..];
            let whole = &aligned[..aligned.len() / 3 * 3];
            forms.push(STANDARD_NO_PAD.encode(whole));
        }
        for form in &forms {
            let found = bytes.windows(form.len()).any(|it| it == form.as_bytes());
            assert!(!found, "{name} shows {secret:?} as {form}");
        }
    }
    let text = String::from_utf8_lossy(bytes);
    let inner = text.split(|it: char| !it.is_ascii_alphanumeric() && !"+/=".contains(it));
    for it in inner.filter(|it| it.len() > 20) {
        if let Ok(inner) = STANDARD.decode(it) {
            shows_nothing(&format!("base64 in {name}"), &inner);
        }
    }
}

#[test]
fn a_passphrase_seals_the_state_the_backup_and_the_plan() {
    let stack = Stack::new(&(KEYS.to_owned() + SEALED));
    stack.run(&["apply", "--auto-approve"]);
    stack.run(&["apply", "--auto-approve", "--replace", "terraform_data.it"]);
    assert_eq!(stack.is_sealed(), ["terraform.tfstate", "terraform.tfstate.backup"]);
    let json: serde_json::Value = serde_json::from_str(&stack.folder.read("terraform.tfstate")).unwrap();
    assert_eq!(json["encryption_version"], "v0");

    let state = stack.run(&["state", "pull"]);
    assert!(state.contains(SECRET), "{state}");
    assert_eq!(stack.run(&["output", "-raw", "secret"]).trim_end(), SECRET);
    stack.run(&["plan", "--detailed-exitcode"]);
    stack.run(&["plan", "--out", "it.plan", "--replace", "terraform_data.it"]);
    assert_eq!(stack.is_sealed(), ["it.plan", "terraform.tfstate", "terraform.tfstate.backup"]);
    assert!(stack.run(&["show", "it.plan"]).contains("terraform_data.it will be replaced"));
    stack.run(&["apply", "it.plan"]);
    stack.is_sealed();
    assert!(stack.fail(&["apply", "it.plan"]).contains("the plan is stale"));

    // What is pulled can be pushed, and lies encrypted again.
    let pulled = stack.run(&["state", "pull"]);
    let serial = serde_json::from_str::<serde_json::Value>(&pulled).unwrap()["serial"].clone();
    let next = pulled.replacen(&format!("\"serial\": {serial}"), "\"serial\": 99", 1);
    assert_ne!(next, pulled, "{pulled}");
    let other = Folder::new();
    other.write("pulled", &next);
    stack.run(&["state", "push", other.path().join("pulled").to_str().unwrap()]);
    stack.is_sealed();
    assert!(stack.folder.read("terraform.tfstate").contains("\"serial\":99"));
}

#[test]
fn the_errors_say_what_to_do() {
    let stack = Stack::new(&(KEYS.to_owned() + SEALED));
    stack.run(&["apply", "--auto-approve"]);
    let wrong = stack.infra().env("TF_VAR_passphrase", "quite another passphrase").must(&["plan"], 1);
    assert!(
        unfolded(&wrong.stderr).contains("the passphrase is not the one it was encrypted with"),
        "{}",
        wrong.stderr
    );
    stack.say("");
    let told = stack.fail(&["state", "list"]);
    assert!(
        told.contains("terraform.tfstate: it is encrypted") && told.contains("INFRA_ENCRYPTION"),
        "{told}"
    );
    assert!(told.contains("`key_provider.pbkdf2.main`"), "{told}");
    let short = stack.infra().env("TF_VAR_passphrase", "geheim");
    stack.say(&(KEYS.to_owned() + SEALED));
    let short = short.must(&["plan"], 1).stderr;
    assert!(short.contains("the passphrase has only 6 characters") && !short.contains("geheim"), "{short}");
    let sealed = stack.folder.read("terraform.tfstate");
    let at = sealed.find("encrypted_data").unwrap() + 100;
    let other = if &sealed[at..=at] == "A" { "B" } else { "A" };
    stack.folder.write("terraform.tfstate", format!("{}{other}{}", &sealed[..at], &sealed[at + 1..]));
    let told = stack.fail(&["plan"]);
    assert!(told.contains("has been changed or damaged"), "{told}");
    assert!(told.contains("older version"), "{told}");
}

#[test]
fn the_environment_may_say_it_all() {
    let stack = Stack::new("[stack.encryption]\nstate.enforced = true\nplan.enforced = true\n");
    let told = stack.fail(&["plan"]);
    assert!(told.contains("names no method") && told.contains("INFRA_ENCRYPTION"), "{told}");
    let hcl = format!(
        "key_provider \"pbkdf2\" \"ci\" {{\n  passphrase = \"{PASSPHRASE}\"\n  iterations = 200000\n}}\n\
         method \"aes_gcm\" \"ci\" {{\n  keys = key_provider.pbkdf2.ci\n}}\n\
         state {{\n  method = method.aes_gcm.ci\n}}\nplan {{\n  method = method.aes_gcm.ci\n}}\n"
    );
    stack.infra().env("INFRA_ENCRYPTION", &hcl).must(&["plan", "--out", "it.plan"], 0);
    stack.is_sealed();
    assert!(stack.fail(&["apply", "it.plan"]).contains("names no method"));
    stack.infra().env("TF_ENCRYPTION", &hcl).must(&["apply", "it.plan"], 0);
    stack.is_sealed();
    let bad = hcl.replace("iterations", "itertions");
    let told = stack.infra().env("INFRA_ENCRYPTION", &bad).must(&["plan"], 1).stderr;
    assert!(told.contains("did you mean `iterations`") && !told.contains(PASSPHRASE), "{told}");
}

#[test]
fn the_way_in_on_and_out_again() {
    let stack = Stack::new("");
    stack.run(&["apply", "--auto-approve"]);
    assert!(stack.folder.read("terraform.tfstate").contains(SECRET));
    stack.say(&(KEYS.to_owned() + SEALED));
    let told = stack.fail(&["plan"]);
    assert!(told.contains("it is not encrypted") && told.contains("infra state reencrypt"), "{told}");

    let fallback = "fallback.method = \"method.unencrypted.no\"\n[stack.encryption.method.unencrypted.no]\n";
    stack.say(&(KEYS.to_owned() + SEALED + fallback));
    stack.run(&["plan", "--detailed-exitcode"]);
    let told = stack.run(&["state", "reencrypt"]);
    assert!(told.starts_with("The state is encrypted with method.aes_gcm.main now (serial "), "{told}");
    // The backup of what was in the clear too.
    assert_eq!(stack.is_sealed(), ["terraform.tfstate", "terraform.tfstate.backup"]);

    let next = "[stack.encryption.key_provider.pbkdf2.next]\npassphrase = \"the passphrase of tomorrow\"\niterations = 200000\n\
                [stack.encryption.method.aes_gcm.next]\nkeys = \"key_provider.pbkdf2.next\"\n";
    let rotated = format!("{KEYS}{next}[stack.encryption.state]\nmethod = \"method.aes_gcm.next\"\n");
    stack.say(&(rotated.clone() + "fallback.method = \"method.aes_gcm.main\"\n"));
    stack.run(&["state", "reencrypt"]);
    stack.say(&rotated);
    stack.run(&["plan", "--detailed-exitcode"]);
    stack.is_sealed();

    let out = format!(
        "{KEYS}{next}[stack.encryption.method.unencrypted.no]\n[stack.encryption.state]\nmethod = \
         \"method.unencrypted.no\"\nfallback.method = \"method.aes_gcm.next\"\n"
    );
    stack.say(&out);
    assert!(stack.run(&["state", "reencrypt"]).contains("not encrypted any more"));
    stack.say("");
    stack.run(&["plan", "--detailed-exitcode"]);
    assert!(stack.folder.read("terraform.tfstate").contains(SECRET));
    assert!(stack.fail(&["state", "reencrypt"]).contains("says nothing about the encryption"));
}

#[test]
fn without_a_word_a_plan_is_sealed_by_a_key_beside_the_state() {
    let stack = Stack::new("");
    stack.run(&["plan", "--out", "first.plan"]);
    let bytes = std::fs::read(stack.folder.path().join("first.plan")).unwrap();
    shows_nothing("first.plan", &bytes);
    let json: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let names: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
    let clear =
        ["plan_format", "stack", "env", "lineage", "serial", "meta", "encrypted_data", "encryption_version"];
    assert_eq!(names, clear);
    let key = stack.folder.path().join("terraform.tfstate.plan-key");
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);

    assert!(stack.run(&["show", "first.plan"]).contains("terraform_data.it will be created"));
    let shown = stack.run(&["show", "--json", "first.plan"]);
    assert!(shown.contains("\"format_version\""), "{shown}");
    // What the first lines say is what stands inside.
    let changed = String::from_utf8(bytes.clone()).unwrap().replacen("\"serial\":0", "\"serial\":7", 1);
    stack.folder.write("changed.plan", changed);
    assert!(stack.fail(&["apply", "changed.plan"]).contains("have been changed"));
    let cut = &bytes[..bytes.len() - 300];
    stack.folder.write("cut.plan", cut);
    assert!(stack.fail(&["apply", "cut.plan"]).contains("not a plan file"));

    let kept = std::fs::read(&key).unwrap();
    std::fs::remove_file(&key).unwrap();
    assert!(stack.fail(&["show", "first.plan"]).contains("is gone"));
    stack.run(&["plan", "--out", "second.plan"]);
    assert!(stack.fail(&["apply", "first.plan"]).contains("another key than the one beside the state"));
    std::fs::write(&key, kept).unwrap();
    stack.run(&["apply", "first.plan"]);

    let elsewhere = Stack::new("");
    elsewhere.folder.write("stack.toml", STACK.replace("sealed", "other"));
    elsewhere.folder.write("first.plan", bytes);
    assert!(elsewhere.fail(&["apply", "first.plan"]).contains("of another stack, `sealed`"));
}

#[test]
fn where_the_state_is_sealed_the_plan_is_too() {
    let stack = Stack::new(&(KEYS.to_owned() + SEALED));
    stack.run(&["plan", "--out", "it.plan"]);
    // A key beside the state would open what the passphrase seals.
    assert_eq!(stack.is_sealed(), ["it.plan"]);
    assert!(stack.folder.read("it.plan").contains("key_provider.pbkdf2.main"));
}

#[test]
fn another_stack_reads_the_outputs() {
    let stack = Stack::new(&(KEYS.to_owned() + SEALED));
    stack.run(&["apply", "--auto-approve"]);
    let reader = format!(
        "[variable.passphrase]\ndefault = \"{PASSPHRASE}\"\n[data.terraform_remote_state.base]\nbackend = \"local\"\n\
         config = {{ path = \"{}/terraform.tfstate\" }}\n[output.all]\nvalue = \"${{nonsensitive(data.terraform_remote_state.base.outputs.secret)}}\"\n",
        stack.folder.path().display()
    );
    let other = Folder::with_stack(&reader);
    let infra = Infra::offline(other.path(), &stack.nowhere);
    let told = unfolded(&infra.must(&["plan"], 1).stderr);
    assert!(
        told.contains("remote_state_data_sources") && told.contains("key_provider.pbkdf2.main"),
        "{told}"
    );
    let keys = KEYS.replace("${local.rounds}", "200000");
    for target in ["default", "remote_state_data_source.base"] {
        let target = format!(
            "[stack.encryption.remote_state_data_sources.{target}]\nmethod = \"method.aes_gcm.main\"\n"
        );
        other.write("stack.toml", format!("{reader}{keys}{target}"));
        let plan = infra.must(&["plan"], 0).stdout;
        assert!(plan.contains(SECRET), "{plan}");
    }
}

#[test]
fn a_tf_file_has_opentofus_block() {
    let stack = Stack::new("");
    std::fs::remove_file(stack.folder.path().join("stack.toml")).unwrap();
    stack.folder.write(
        "main.tf",
        r#"
variable "passphrase" {
  default   = "a passphrase for tests"
  ephemeral = true
}
locals { rounds = 200000 }
terraform {
  encryption {
    key_provider "pbkdf2" "main" {
      passphrase = var.passphrase
      iterations = local.rounds
    }
    key_provider "pbkdf2" "unused" {
      passphrase = var.passphrase
    }
    method "aes_gcm" "main" {
      keys = key_provider.pbkdf2.main
    }
    method "unencrypted" "migrate" {}
    state {
      method = method.aes_gcm.main
      fallback {
        method = method.unencrypted.migrate
      }
    }
    plan {
      method   = method.aes_gcm.main
      enforced = true
    }
  }
}
resource "terraform_data" "it" { input = "shown to nobody either" }
"#,
    );
    stack.run(&["validate"]);
    stack.run(&["plan", "-out=it.plan"]);
    stack.run(&["apply", "it.plan"]);
    for name in ["it.plan", "terraform.tfstate"] {
        shows_nothing(name, stack.folder.read(name).as_bytes());
    }
    stack.run(&["plan", "-detailed-exitcode"]);
}

#[test]
fn what_is_moved_to_a_file_is_sealed_too() {
    let stack = Stack::new(&(KEYS.to_owned() + SEALED));
    stack.run(&["apply", "--auto-approve"]);
    stack.run(&["state", "mv", "--state-out", "other.tfstate", "terraform_data.it", "terraform_data.other"]);
    let names = stack.is_sealed();
    assert!(names.contains(&"other.tfstate".to_owned()), "{names:?}");
    assert_eq!(stack.run(&["state", "list", "--state", "other.tfstate"]), "terraform_data.other\n");
    assert!(stack.run(&["state", "pull"]).contains("\"resources\": []"));
    // The backup that it made goes back in.
    let backup = names.iter().find(|it| it.len() > "terraform.tfstate.backup".len()).unwrap();
    stack.run(&["state", "push", "--force", backup]);
    assert_eq!(stack.run(&["state", "list"]), "terraform_data.it\n");
    stack.is_sealed();
    assert!(stack.run(&["state", "repair", "--auto-approve"]).contains("All is well"));
}
