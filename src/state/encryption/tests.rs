use super::*;
use crate::config::scope::Scope;
use crate::config::tests::{load_texts, told};
use crate::lang::Value;
use crate::state::{Error, State, file};

/// A state that Terraform wrote, and the same as Python encrypted it (`encrypted.py` beside it).
const PLAIN: &[u8] = include_bytes!("../../../tests/data/state/tainted.tfstate");
const BY_OTHERS: &[(&str, &[u8])] = &[
    ("main", include_bytes!("../../../tests/data/state/encrypted-main.tfstate")),
    ("short", include_bytes!("../../../tests/data/state/encrypted-short.tfstate")),
];

/// A method of a key provider with a passphrase, both of that name.
fn parts(name: &str, passphrase: &str) -> String {
    format!(
        "[stack.encryption.key_provider.pbkdf2.{name}]\npassphrase = \"{passphrase}\"\niterations = 1_000\n\
         [stack.encryption.method.aes_gcm.{name}]\nkeys = \"key_provider.pbkdf2.{name}\"\n"
    )
}

fn encryption(text: &str) -> std::result::Result<Encryption, Vec<String>> {
    let config = load_texts(&[("stack.toml", text)]).map_err(|it| told(&it))?;
    let written = config.encryption.unwrap_or_default();
    let variables = Value::object([("p", Value::from("test test test test").sensitive())]);
    Encryption::read(&written, &Scope::nothing("a test").with("var", variables)).map_err(|it| told(&it))
}

/// With the state encrypted by the first method, and readable by the others.
fn seal(text: &str, methods: &[&str]) -> Seal {
    let target = methods.iter().rev().fold(String::new(), |inner, it| match inner.as_str() {
        "" => format!("{{ method = \"method.{it}\" }}"),
        _ => format!("{{ method = \"method.{it}\", fallback = {inner} }}"),
    });
    let text = format!("[stack]\nencryption.state = {target}\n{text}");
    encryption(&text).unwrap_or_else(|it| panic!("{it:?}\n{text}")).state
}

fn one(passphrase: &str) -> Seal {
    seal(&parts("main", passphrase), &["aes_gcm.main"])
}

const GOOD: &str = "test test test test";
const OTHER: &str = "another passphrase";

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
}

fn sealed(seal: &Seal) -> Vec<u8> {
    run(seal.prepare()).unwrap();
    let clear = [("serial".to_owned(), Json::from(3))].into_iter().collect();
    seal.seal(PLAIN.to_vec(), clear).unwrap()
}

fn open(seal: &Seal, bytes: &[u8]) -> super::Result<Vec<u8>> {
    run(seal.open(bytes)).map(|it| it.bytes)
}

/// All that the user is told.
fn refusal(seal: &Seal, bytes: &[u8]) -> String {
    let one = open(seal, bytes).unwrap_err().diagnostic("the state");
    format!("{} {} {}", one.summary, one.detail.unwrap_or_default(), one.help.unwrap_or_default())
}

#[test]
fn what_is_sealed_can_be_opened_and_shows_nothing() {
    let it = one(GOOD);
    let bytes = sealed(&it);
    assert_eq!(open(&it, &bytes).unwrap(), PLAIN);
    assert_eq!(open(&one(GOOD), &bytes).unwrap(), PLAIN);
    let text = String::from_utf8(bytes).unwrap();
    assert!(!text.contains("terraform_data") && !text.contains(GOOD), "{text}");
    assert!(!format!("{it:?}").contains("test"), "{it:?}");
}

#[test]
fn the_envelope_has_the_names_of_opentofu() {
    let json: Json = serde_json::from_slice(&sealed(&one(GOOD))).unwrap();
    let names = |it: &Json| it.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&json), ["serial", "meta", "encrypted_data", "encryption_version"]);
    assert_eq!(json["encryption_version"], "v0");
    assert_eq!(names(&json["meta"]), ["key_provider.pbkdf2.main"]);
    use base64::Engine;
    let meta = json["meta"]["key_provider.pbkdf2.main"].as_str().unwrap();
    let meta = base64::engine::general_purpose::STANDARD.decode(meta).unwrap();
    let meta: Json = serde_json::from_slice(&meta).unwrap();
    assert_eq!(names(&meta), ["salt", "iterations", "hash_function", "key_length", "key_check"]);
    assert_eq!((&meta["iterations"], &meta["hash_function"]), (&1_000.into(), &"sha512".into()));
}

#[test]
fn what_others_encrypted_by_the_same_rules_is_read() {
    for (name, bytes) in BY_OTHERS {
        let it = seal(&parts(name, GOOD), &[&format!("aes_gcm.{name}")]);
        assert_eq!(open(&it, bytes).unwrap(), PLAIN, "{name}");
        // A key provider may have another name than the one that wrote.
        assert_eq!(open(&seal(&parts("it", GOOD), &["aes_gcm.it"]), bytes).unwrap(), PLAIN, "{name}");
    }
    let wrong = refusal(&one(OTHER), BY_OTHERS[0].1);
    assert!(wrong.contains("or the key is another one"), "{wrong}");
}

#[test]
fn every_write_looks_different() {
    let it = one(GOOD);
    assert_ne!(sealed(&it), sealed(&it));
}

#[test]
fn another_passphrase_is_told_from_a_changed_file() {
    let bytes = sealed(&one(GOOD));
    let wrong = refusal(&one(OTHER), &bytes);
    assert!(wrong.contains("`method.aes_gcm.main`: the passphrase is not the one"), "{wrong}");
    let mut json: Json = serde_json::from_slice(&bytes).unwrap();
    let data = json["encrypted_data"].as_str().unwrap().to_owned();
    for at in [0, data.len() / 2] {
        let mut data = data.clone().into_bytes();
        data[at] = if data[at] == b'A' { b'B' } else { b'A' };
        json["encrypted_data"] = String::from_utf8(data).unwrap().into();
        let wrong = refusal(&one(GOOD), json.to_string().as_bytes());
        assert!(wrong.contains("has been changed or damaged"), "{wrong}");
    }
    json["encrypted_data"] = "AAAA".into();
    assert!(refusal(&one(GOOD), json.to_string().as_bytes()).contains("changed or damaged"));
    json["encrypted_data"] = "?".into();
    assert!(refusal(&one(GOOD), json.to_string().as_bytes()).contains("`encrypted_data` cannot be read"));
    json["encryption_version"] = "v7".into();
    assert!(refusal(&one(GOOD), json.to_string().as_bytes()).contains("`v7`"));
}

#[test]
fn a_new_method_writes_while_the_old_one_reads() {
    let old = sealed(&one(GOOD));
    let text = parts("main", GOOD) + &parts("next", OTHER);
    let both = seal(&text, &["aes_gcm.next", "aes_gcm.main"]);
    assert_eq!(open(&both, &old).unwrap(), PLAIN);
    let new = sealed(&both);
    assert_eq!(open(&both, &new).unwrap(), PLAIN);
    let next = seal(&parts("next", OTHER), &["aes_gcm.next"]);
    assert_eq!(open(&next, &new).unwrap(), PLAIN);
    assert!(refusal(&next, &old).contains("passphrase is not the one"), "{}", refusal(&next, &old));
    let wrong =
        refusal(&seal(&text.replace(GOOD, "a third passphrase"), &["aes_gcm.next", "aes_gcm.main"]), &old);
    assert!(wrong.contains("method.aes_gcm.next: ") && wrong.contains("method.aes_gcm.main: "), "{wrong}");
}

#[test]
fn the_way_in_and_out_leads_through_unencrypted() {
    let none = "[stack.encryption.method.unencrypted.no]\n";
    let both = parts("main", GOOD) + none;
    let into = seal(&both, &["aes_gcm.main", "unencrypted.no"]);
    assert_eq!(open(&into, PLAIN).unwrap(), PLAIN);
    let bytes = sealed(&into);
    let out = seal(&both, &["unencrypted.no", "aes_gcm.main"]);
    assert_eq!(open(&out, &bytes).unwrap(), PLAIN);
    assert_eq!(sealed(&out), PLAIN);
    assert!(into.encrypts() && !out.encrypts());
    assert!(refusal(&one(GOOD), PLAIN).contains("`infra state reencrypt`"));
    assert_eq!(run(one(GOOD).open_given(PLAIN)).unwrap().bytes, PLAIN);
    let nothing = refusal(&Seal::default(), &bytes);
    assert!(
        nothing.contains("`key_provider.pbkdf2.main`") && nothing.contains("INFRA_ENCRYPTION"),
        "{nothing}"
    );
}

#[test]
fn what_the_settings_say_is_checked() {
    let case = |settings: &str| {
        let text = format!(
            "[stack.encryption]\nkey_provider.pbkdf2.a = {{ {settings} }}\nmethod.aes_gcm.a.keys = \
             \"key_provider.pbkdf2.a\"\nstate.method = \"method.aes_gcm.a\"\n"
        );
        encryption(&text).map(drop).unwrap_err().join("\n")
    };
    assert!(case("").contains("there is no `passphrase`"));
    let short = case("passphrase = \"too short\"");
    assert!(short.contains("has only 9 characters") && short.contains("at least 16"), "{short}");
    let all = case(
        "passphrase = \"${var.p}\", iterations = 999, hash_function = \"md5\", key_length = 24, salt_length = 0",
    );
    for it in ["`iterations`", "`hash_function`", "`key_length`", "`salt_length`"] {
        assert!(all.contains(it), "{it}: {all}");
    }
    assert!(case("passphrase = \"${var.q}\"").contains("there is no `var.q`"));
    let text = "[stack.encryption]\nkey_provider.aws_kms.a = { key_spec = \"AES_512\" }\nmethod.aes_gcm.a.keys = \
                \"key_provider.aws_kms.a\"\nplan.method = \"method.aes_gcm.a\"\n";
    let all = encryption(text).map(drop).unwrap_err().join("\n");
    assert!(all.contains("`kms_key_id`") && all.contains("`key_spec`"), "{all}");
}

#[test]
fn a_secret_value_may_be_a_variable_of_any_kind() {
    let read = |marked: Value| {
        let text = parts("main", "${var.p}") + "[stack.encryption.state]\nmethod = \"method.aes_gcm.main\"\n";
        let config = load_texts(&[("stack.toml", &text)]).unwrap();
        let scope = Scope::nothing("a test").with("var", Value::object([("p", marked)]));
        Encryption::read(&config.encryption.unwrap(), &scope).map_err(|it| told(&it))
    };
    let ephemeral = crate::lang::value::Marks { sensitive: true, ephemeral: true };
    assert!(read(Value::from(GOOD).marked(ephemeral)).is_ok());
    let open = read(Value::unknown(crate::lang::Type::String)).unwrap_err();
    assert!(open[0].contains("`passphrase` of `key_provider.pbkdf2.main` has no value yet"), "{open:?}");
}

#[test]
fn what_stands_in_the_clear_must_be_what_stands_inside() {
    let it = one(GOOD);
    let dir = tempfile::tempdir().unwrap();
    run(async {
        let backend = crate::state::Backend::open(&Default::default(), dir.path(), "default").await.unwrap();
        let all = Encryption { state: it, ..Encryption::default() };
        let backend = backend.encrypted(Rc::new(all));
        let state: State = file::parse(PLAIN, "it").unwrap();
        backend.overwrite(&state).await.unwrap();
        assert_eq!(backend.read().await.unwrap().unwrap().0, state);
        let path = dir.path().join("terraform.tfstate");
        let text = std::fs::read_to_string(&path).unwrap();
        let changed = text.replacen(&format!("\"serial\":{}", state.serial), "\"serial\":99", 1);
        assert_ne!(text, changed);
        std::fs::write(&path, changed).unwrap();
        let error = backend.read().await.unwrap_err();
        assert!(matches!(error, Error::Encryption { problem: Problem::Header("serial"), .. }), "{error:?}");
    });
}

#[test]
fn only_what_is_used_is_looked_at() {
    let text =
        "[stack.encryption]\nkey_provider.pbkdf2.a = {}\nmethod.aes_gcm.a.keys = \"key_provider.pbkdf2.a\"\n";
    assert!(encryption(text).is_ok());
}

/// A place in a folder, sealed with the passphrase.
async fn place(dir: &std::path::Path) -> crate::state::Backend {
    let all = Encryption { state: one(GOOD), ..Encryption::default() };
    let opened = crate::state::Backend::open(&Default::default(), dir, "default").await;
    opened.unwrap().encrypted(Rc::new(all))
}

#[test]
fn a_write_that_was_cut_off_is_finished_by_the_next_read() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("terraform.tfstate");
    run(async {
        let first = file::parse(PLAIN, "it").unwrap();
        let next = State { serial: first.serial + 1, ..first.clone() };
        place(dir.path()).await.overwrite(&next).await.unwrap();
        let whole = std::fs::read(&path).unwrap();
        place(dir.path()).await.overwrite(&first).await.unwrap();
        std::fs::write(dir.path().join("terraform.tfstate.next"), &whole).unwrap();
        std::fs::write(&path, &whole[..40]).unwrap();
        assert_eq!(place(dir.path()).await.read().await.unwrap().unwrap().0, next);
    });
}

#[test]
fn what_cannot_be_stored_is_kept_sealed() {
    use crate::state::backend::{ERRORED, rescue, rescued_from};
    let dir = tempfile::tempdir().unwrap();
    let state = file::parse(PLAIN, "it").unwrap();
    run(async {
        let place = place(dir.path()).await;
        // Without a key nothing is kept: better lost than in the clear. An apply has one from the start.
        let told = rescue(dir.path(), &state, Error::Refused("no".to_owned()), place.encryption());
        assert!(told.summary.contains("stored nowhere"), "{told:?}");
        assert!(!dir.path().join(ERRORED).exists());
        place.prepare().await.unwrap();
        place.rescue(dir.path(), &state, Error::Refused("no".to_owned()));
        let kept = std::fs::read(dir.path().join(ERRORED)).unwrap();
        assert!(is_sealed(&kept));
        assert_eq!(rescued_from(&kept), Some(place.origin()));
        assert_eq!(place.decode(&kept, ERRORED).await.unwrap(), state);
    });
}

#[test]
fn a_converted_block_means_the_same() {
    let hcl = r#"
terraform {
  # Who can read the state.
  encryption {
    key_provider "pbkdf2" "main" {
      passphrase = var.p
    }
    method "aes_gcm" "main" {
      keys = key_provider.pbkdf2.main
    }
    method "unencrypted" "old" {}
    state {
      method = method.aes_gcm.main
      fallback {
        method = method.unencrypted.old
      }
    }
  }
}
"#;
    let source = crate::diag::SourceFile { path: "main.tf".into(), text: hcl.to_owned() };
    let (made, notes) = crate::convert::folder(&[std::sync::Arc::new(source)], &[], &|_, _| false);
    assert_eq!(told(&notes), [""; 0]);
    let text = &made[0].text;
    assert!(text.contains("# Who can read the state."), "{text}");
    let all = encryption(text).unwrap_or_else(|it| panic!("{it:?}\n{text}"));
    assert_eq!((all.state.method(), all.state.methods.len()), (Some("method.aes_gcm.main"), 2), "{text}");
}
