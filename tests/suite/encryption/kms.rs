//! With a key of KMS, in S3.

use infra::aws::Aws;

use super::{SECRET, STACK, shows_nothing, unfolded};
use crate::support::fault::{Fate, Faults, Rule};
use crate::support::proxy::counts;
use crate::support::{Account, Folder, Infra, Proxy};

/// A stack in S3 with a KMS key of the emulator's.
struct InS3 {
    account: Account,
    proxy: Proxy,
    folder: Folder,
    id: String,
    key: String,
}

impl InS3 {
    fn new() -> InS3 {
        let account = Account::new();
        let key = account.with(async |aws| {
            let made = aws.kms().create_key().send().await.unwrap();
            made.key_metadata.unwrap().key_id
        });
        let id = account.id.clone();
        let stack = InS3 { account, proxy: Proxy::new(), folder: Folder::new(), id, key };
        stack.say("state.method = \"method.aes_gcm.kms\"");
        stack
    }

    fn say(&self, target: &str) {
        let (id, key) = (&self.id, &self.key);
        self.folder.write(
            "stack.toml",
            format!(
                "{STACK}[backend.s3]\nbucket = \"sealed-{id}\"\nkey = \"it.tfstate\"\nregion = \"eu-west-1\"\n\
                 dynamodb_table = \"sealed-{id}\"\n[stack.encryption]\nkey_provider.aws_kms.main = {{ kms_key_id = \
                 \"{key}\", key_spec = \"AES_256\", region = \"eu-west-1\", encryption_context = {{ stack = \"sealed\" }} }}\n\
                 method.aes_gcm.kms.keys = \"key_provider.aws_kms.main\"\nmethod.unencrypted.no = {{}}\n{target}\n"
            ),
        );
    }

    fn infra(&self) -> Infra {
        Infra::new(self.folder.path(), &self.account, &self.proxy.url()).env("TF_VAR_secret", SECRET)
    }

    fn run(&self, words: &[&str]) -> String {
        self.infra().must(words, 0).stdout
    }

    /// Nothing in the bucket shows a secret, in no version of any object. Gives the names.
    fn is_sealed(&self) -> Vec<String> {
        let bucket = format!("sealed-{}", self.id);
        self.account.with(async |aws: Aws| {
            let all = aws.s3().list_object_versions().bucket(&bucket).send().await.unwrap();
            let mut names = Vec::new();
            for it in all.versions() {
                let name = it.key().unwrap();
                let get =
                    aws.s3().get_object().bucket(&bucket).key(name).version_id(it.version_id().unwrap());
                let bytes = get.send().await.unwrap().body.collect().await.unwrap().to_vec();
                shows_nothing(name, &bytes);
                names.push(name.to_owned());
            }
            names.sort();
            names.dedup();
            names
        })
    }
}

#[test]
fn kms_seals_what_lies_in_s3() {
    let stack = InS3::new();
    stack.run(&["init", "--auto-approve"]);
    stack.run(&["plan", "--out", "it.plan"]);
    shows_nothing("it.plan", stack.folder.read("it.plan").as_bytes());
    stack.run(&["apply", "it.plan"]);
    // The journal names what was going to be made, and has gone again.
    assert_eq!(stack.is_sealed(), ["it.tfstate", "it.tfstate.journal"]);
    stack.run(&["plan", "--detailed-exitcode"]);
    assert!(stack.run(&["state", "pull"]).contains(SECRET));
    stack.run(&["state", "reencrypt"]);
    stack.run(&["plan", "--detailed-exitcode"]);
    stack.is_sealed();
    // Out again; the plan of a state in the clear has its key beside it.
    stack.say("state = { method = \"method.unencrypted.no\", fallback.method = \"method.aes_gcm.kms\" }");
    stack.run(&["state", "reencrypt"]);
    stack.say("");
    stack.run(&["plan", "--out", "it.plan", "--replace", "terraform_data.it"]);
    shows_nothing("it.plan", stack.folder.read("it.plan").as_bytes());
    stack.run(&["apply", "it.plan"]);
}

#[test]
fn a_key_that_kms_does_not_give_is_told_before_anything_is_done() {
    let stack = InS3::new();
    stack.run(&["init", "--auto-approve"]);
    let right = stack.key.clone();
    let stack = InS3 { key: "00000000-0000-0000-0000-000000000000".to_owned(), ..stack };
    stack.say("state.method = \"method.aes_gcm.kms\"");
    let told = unfolded(&stack.infra().must(&["apply", "--auto-approve"], 1).stderr);
    assert!(told.contains("KMS key 00000000") && told.contains("`kms_key_id`"), "{told}");
    assert!(stack.is_sealed().is_empty());
    let stack = InS3 { key: right, ..stack };
    stack.say("state.method = \"method.aes_gcm.kms\"");
    stack.run(&["apply", "--auto-approve"]);
}

#[test]
fn one_key_serves_all_of_an_apply() {
    let stack = InS3::new();
    stack.run(&["init", "--auto-approve"]);
    stack.proxy.take();
    stack.run(&["apply", "--auto-approve"]);
    let calls = counts(&stack.proxy.take());
    assert_eq!(calls.get("kms:GenerateDataKey"), Some(&1), "{calls:?}");
    assert!(calls["s3:PutObject"] > 1, "{calls:?}");
    // Reading needs nothing but to have the key decrypted.
    let rule = Rule::always(Fate::Denied, |it| it.service == "kms" && it.name == "GenerateDataKey");
    stack.proxy.set(Faults { rules: vec![rule], ..Faults::default() });
    stack.run(&["plan", "--detailed-exitcode"]);
    let rule = Rule::always(Fate::Denied, |it| it.service == "kms");
    stack.proxy.set(Faults { rules: vec![rule], ..Faults::default() });
    let told = unfolded(&stack.infra().must(&["plan"], 1).stderr);
    assert!(told.contains("kms:Decrypt") && told.contains(&stack.key), "{told}");
}

#[test]
fn who_may_only_read_is_told_how_to_get_a_plan_file() {
    let stack = InS3::new();
    stack.say("");
    stack.run(&["init", "--auto-approve"]);
    let rule = Rule::always(Fate::Denied, |it| it.service == "s3" && it.name == "PutObject");
    stack.proxy.set(Faults { rules: vec![rule], ..Faults::default() });
    let told = unfolded(&stack.infra().must(&["plan", "--out", "it.plan"], 1).stderr);
    assert!(told.contains("it.tfstate.plan-key, cannot be made"), "{told}");
    assert!(told.contains("[stack.encryption.plan]"), "{told}");
    assert!(!stack.folder.path().join("it.plan").exists());
    stack.proxy.set(Faults::default());
    stack.run(&["plan", "--out", "it.plan"]);
    // From then on reading is enough.
    stack.proxy.set(Faults { rules: vec![rule], ..Faults::default() });
    stack.run(&["plan", "--out", "it.plan"]);
    assert!(stack.run(&["show", "it.plan"]).contains("will be created"));
}
