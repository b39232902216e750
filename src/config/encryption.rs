//! How state and plan files are encrypted, as the stack says it: OpenTofu's `encryption` block.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::{Body, Setting, blocks, hcl, toml};
use crate::diag::{Diagnostic, Diagnostics, Place, SourceFile, did_you_mean};
use crate::lang::{Expr, Node};

/// `[stack.encryption]`, or `terraform { encryption { … } }`.
#[derive(Debug, Default, Clone)]
pub struct Encryption {
    pub key_providers: BTreeMap<Name, Part>,
    pub methods: BTreeMap<Name, Part>,
    pub state: Option<Target>,
    pub plan: Option<Target>,
    /// The states of other stacks, by the name of the data source; `None` for all others.
    pub remote: BTreeMap<Option<String>, Target>,
}

/// Type and name: `pbkdf2`, `main`.
pub type Name = (String, String);

/// A key provider or a method.
#[derive(Debug, Clone)]
pub struct Part {
    pub settings: Body,
    pub place: Place,
}

/// What is encrypted, and by what.
#[derive(Debug, Clone)]
pub struct Target {
    /// What encrypts, and reads first.
    pub method: Option<(Name, Place)>,
    /// Nothing may be kept in the clear.
    pub enforced: bool,
    /// What reads where that fails.
    pub fallback: Option<Box<Target>>,
    pub place: Place,
}

/// What a key provider of each type takes.
pub(super) const KEY_PROVIDERS: &[(&str, &[&str])] = &[
    (
        "aws_kms",
        &[
            "access_key",
            "allowed_account_ids",
            "assume_role",
            "assume_role_with_web_identity",
            "custom_ca_bundle",
            "ec2_metadata_service_endpoint",
            "ec2_metadata_service_endpoint_mode",
            "encrypted_metadata_alias",
            "encryption_context",
            "endpoint",
            "endpoints",
            "forbidden_account_ids",
            "http_proxy",
            "https_proxy",
            "insecure",
            "key_spec",
            "kms_key_id",
            "max_retries",
            "no_proxy",
            "profile",
            "region",
            "retry_mode",
            "secret_key",
            "shared_config_files",
            "shared_credentials_files",
            "skip_credentials_validation",
            "skip_metadata_api_check",
            "skip_requesting_account_id",
            "sts_region",
            "token",
            "use_dualstack_endpoint",
            "use_fips_endpoint",
        ],
    ),
    (
        "pbkdf2",
        &[
            "encrypted_metadata_alias",
            "hash_function",
            "iterations",
            "key_length",
            "passphrase",
            "salt_length",
        ],
    ),
];

/// What a method of each type takes.
pub(super) const METHODS: &[(&str, &[&str])] = &[("aes_gcm", &["aad", "keys"]), ("unencrypted", &[])];

impl Encryption {
    /// With what the other one says laid over it: part by part, setting by setting.
    pub fn overlaid(mut self, over: Encryption) -> Encryption {
        lay(&mut self.key_providers, over.key_providers);
        lay(&mut self.methods, over.methods);
        self.state = Target::overlaid(self.state.take(), over.state);
        self.plan = Target::overlaid(self.plan.take(), over.plan);
        for (name, it) in over.remote {
            let before = self.remote.remove(&name);
            self.remote.extend(Target::overlaid(before, Some(it)).map(|it| (name, it)));
        }
        self
    }

    /// From text that stands in no file of the stack: `source` is where, for errors. TOML, JSON, or as
    /// a `.tf` file has it. It may hold secrets, so no line of it is ever shown.
    pub fn parse(source: &str, text: &str) -> Result<Encryption, Diagnostics> {
        let file = Arc::new(SourceFile { path: PathBuf::from(source), text: text.to_owned() });
        let read = tree(&file).and_then(|tree| {
            let mut errors = Diagnostics::default();
            let found = blocks::encryption::read(tree, &mut errors).unwrap_or_default();
            errors.check(found)
        });
        read.map_err(hidden)
    }

    /// The methods of a target, what encrypts first; all that is wrong with them.
    pub fn methods_of<'a>(
        &'a self,
        what: &str,
        target: &'a Target,
    ) -> Result<Vec<(&'a Name, &'a Part)>, Diagnostics> {
        let mut errors = Diagnostics::default();
        let mut out = Vec::new();
        let mut at = Some(target);
        while let Some(it) = at {
            match &it.method {
                Some((name, place)) => match self.methods.get_key_value(name) {
                    Some(found) => out.push(found),
                    None => errors.push(undeclared("method", name, self.methods.keys(), place)),
                },
                None => errors.push(no_method(what, it)),
            }
            at = it.fallback.as_deref();
        }
        if target.enforced && out.iter().any(|it| it.0.0 == "unencrypted") {
            let error =
                Diagnostic::error(format!("`{what}` is enforced, and one of its methods does not encrypt"));
            errors.push(error.at(&target.place).help(
                "remove `enforced` until everything is encrypted, or the method `unencrypted` where it is",
            ));
        }
        errors.check(out)
    }

    /// The name of the key provider that `keys` of a method names.
    pub fn keys_of(&self, method: &Name, part: &Part) -> Result<&Name, Diagnostic> {
        let what = format!("method.{}.{}", method.0, method.1);
        let Some(keys) = part.settings.get("keys") else {
            let error = Diagnostic::error(format!("`{what}` has no `keys`")).at(&part.place);
            return Err(error.help("name the key provider, such as \"key_provider.pbkdf2.main\""));
        };
        let name = blocks::encryption::reference(&keys.value, "key_provider")?;
        match self.key_providers.get_key_value(&name) {
            Some((name, _)) => Ok(name),
            None => Err(undeclared("key_provider", &name, self.key_providers.keys(), &keys.value.place)),
        }
    }

    /// What can be told wrong without the values of variables.
    pub fn check(&self) -> Diagnostics {
        let mut errors = Diagnostics::default();
        let targets = [("state", &self.state), ("plan", &self.plan)];
        let targets = targets.into_iter().filter_map(|(what, it)| Some((what, it.as_ref()?)));
        for (what, target) in targets.chain(self.remote.values().map(|it| ("remote_state_data_sources", it)))
        {
            errors.take(self.methods_of(what, target));
        }
        for (name, part) in self.methods.iter().filter(|it| it.0.0 == "aes_gcm") {
            errors.extend(self.keys_of(name, part).err());
        }
        errors
    }
}

impl Target {
    fn overlaid(base: Option<Target>, over: Option<Target>) -> Option<Target> {
        let (base, over) = match (base, over) {
            (Some(base), Some(over)) => (base, over),
            (base, over) => return over.or(base),
        };
        Some(Target {
            method: over.method.or(base.method),
            enforced: base.enforced || over.enforced,
            fallback: over.fallback.or(base.fallback),
            place: base.place,
        })
    }
}

fn lay(base: &mut BTreeMap<Name, Part>, over: BTreeMap<Name, Part>) {
    for (name, part) in over {
        match base.get_mut(&name) {
            Some(old) => {
                for it in part.settings.0 {
                    old.settings.0.retain(|old| old.name != it.name);
                    old.settings.0.push(it);
                }
            }
            None => drop(base.insert(name, part)),
        }
    }
}

fn no_method(what: &str, it: &Target) -> Diagnostic {
    let error = Diagnostic::error(format!("`{what}` of the encryption names no method")).at(&it.place);
    match it.enforced {
        true => error.help(
            "it is enforced: add `method`, or give the rest in INFRA_ENCRYPTION, which is not set here or has no \
             method either",
        ),
        false => error.help("add it, such as `method = \"method.aes_gcm.main\"`"),
    }
}

fn undeclared<'a>(
    kind: &str,
    name: &Name,
    known: impl Iterator<Item = &'a Name>,
    place: &Place,
) -> Diagnostic {
    let full = |it: &Name| format!("{kind}.{}.{}", it.0, it.1);
    let known: Vec<String> = known.map(full).collect();
    let help = did_you_mean(&full(name), known.iter().map(String::as_str));
    let help = help.unwrap_or_else(|| match known.is_empty() {
        true => format!("declare it: [stack.encryption.{}]", full(name)),
        false => format!("there is {}", known.join(", ")),
    });
    Diagnostic::error(format!("there is no `{}`", full(name))).at(place).help(help)
}

/// The text as one table.
fn tree(file: &Arc<SourceFile>) -> Result<Expr, Diagnostics> {
    let place = Place::new(file, 0..0);
    let first = file.text.lines().map(str::trim).find(|it| !it.is_empty() && !it.starts_with(['#', '/']));
    match first {
        None => Ok(Expr { node: Node::Object(Vec::new()), place }),
        Some(it) if it.starts_with('{') => hcl::json_tree(file),
        Some(it) if it.starts_with('[') || is_pair(it) => toml::parse(file),
        Some(_) => {
            let fields = hcl::settings(file)?.into_iter();
            let fields = fields.map(|Setting { name, place, value }| (name, place, value)).collect();
            Ok(Expr { node: Node::Object(fields), place })
        }
    }
}

/// Whether a line is `a.b = …`: what stands in blocks in a `.tf` file, a path leads to in TOML.
fn is_pair(line: &str) -> bool {
    let Some((key, _)) = line.split_once('=') else { return false };
    !key.contains('{') && key.trim().chars().all(|it| it.is_alphanumeric() || "_-.\" ".contains(it))
}

/// Where else than in the stack's files the block may stand: environment variables.
pub const SOURCES: [&str; 2] = ["INFRA_ENCRYPTION", "TF_ENCRYPTION"];

/// Without the lines of what the environment says: they would show its secrets.
pub fn hidden(errors: Diagnostics) -> Diagnostics {
    let ours = |it: &Place| SOURCES.iter().any(|name| it.file.path.as_os_str() == *name);
    let each = errors.0.into_iter().map(|mut it| {
        if let Some(place) = it.place.take_if(|it| ours(it)) {
            let line = place.line_column().0;
            it.summary = format!("{} ({}, line {line})", it.summary, place.file.path.display());
            it.label = None;
        }
        it
    });
    Diagnostics(each.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::{good, load_texts, told};

    const TOML: &str = "[stack.encryption]\nkey_provider.pbkdf2.main.passphrase = \"${var.p}\"\n\
                        method.aes_gcm.m.keys = \"key_provider.pbkdf2.main\"\nmethod.unencrypted.no = {}\n\
                        state = { method = \"method.aes_gcm.m\", fallback.method = \"method.unencrypted.no\" }\n\
                        [variable.p]\ntype = \"string\"\n";

    fn name(kind: &str, name: &str) -> Name {
        (kind.to_owned(), name.to_owned())
    }

    fn wrong(text: &str) -> Vec<String> {
        let errors = match load_texts(&[("stack.toml", text)]) {
            Ok(config) => config.encryption.map(|it| it.check()).unwrap_or_default(),
            Err(errors) => errors,
        };
        told(&errors)
    }

    #[test]
    fn the_table_of_a_stack_file_is_read() {
        let found = good(TOML).encryption.unwrap();
        assert_eq!(told(&found.check()), [""; 0]);
        let state = found.state.as_ref().unwrap();
        let methods: Vec<_> = found.methods_of("state", state).unwrap().into_iter().map(|it| it.0).collect();
        assert_eq!(methods, [&name("aes_gcm", "m"), &name("unencrypted", "no")]);
        let (method, part) = found.methods.get_key_value(&name("aes_gcm", "m")).unwrap();
        assert_eq!(found.keys_of(method, part).unwrap(), &name("pbkdf2", "main"));
    }

    #[test]
    fn the_three_languages_of_the_environment_say_the_same() {
        let toml = "[key_provider.pbkdf2.a]\npassphrase = \"x\"\n[method.aes_gcm.b]\nkeys = \"key_provider.pbkdf2.a\"\n\
                    [state]\nmethod = \"method.aes_gcm.b\"\nenforced = true\n";
        let dotted = "key_provider.pbkdf2.a.passphrase = \"x\"\nmethod.aes_gcm.b.keys = \"key_provider.pbkdf2.a\"\n\
                      state = { method = \"method.aes_gcm.b\", enforced = true }\n";
        let hcl = "key_provider \"pbkdf2\" \"a\" {\n  passphrase = \"x\"\n}\nmethod \"aes_gcm\" \"b\" {\n  keys = \
                   key_provider.pbkdf2.a\n}\nstate {\n  method = method.aes_gcm.b\n  enforced = true\n}\n";
        let json = r#"{"key_provider": {"pbkdf2": {"a": {"passphrase": "x"}}},
            "method": {"aes_gcm": {"b": {"keys": "${key_provider.pbkdf2.a}"}}},
            "state": {"method": "${method.aes_gcm.b}", "enforced": true}}"#;
        for text in [toml, dotted, hcl, json] {
            let found = Encryption::parse("INFRA_ENCRYPTION", text).unwrap_or_else(|it| panic!("{it:?}"));
            assert_eq!(told(&found.check()), [""; 0], "{text}");
            assert!(found.key_providers.contains_key(&name("pbkdf2", "a")), "{text}");
            let state = found.state.unwrap();
            assert_eq!(state.method.unwrap().0, name("aes_gcm", "b"), "{text}");
            assert!(state.enforced && found.plan.is_none(), "{text}");
        }
        assert!(Encryption::parse("INFRA_ENCRYPTION", " # nothing\n").unwrap().state.is_none());
    }

    #[test]
    fn the_environment_is_laid_over_the_files_and_never_shown() {
        let base = good("[stack]\n[stack.encryption.state]\nenforced = true\n").encryption.unwrap();
        assert!(told(&base.check())[0].contains("INFRA_ENCRYPTION"), "{:?}", told(&base.check()));
        let text = "key_provider.pbkdf2.a.passphrase = \"x\"\nmethod.aes_gcm.b.keys = \"key_provider.pbkdf2.a\"\n\
                    state.method = \"method.aes_gcm.b\"\n";
        let both = base.overlaid(Encryption::parse("INFRA_ENCRYPTION", text).unwrap());
        assert_eq!(told(&both.check()), [""; 0]);
        assert!(both.state.unwrap().enforced);
        let errors = Encryption::parse("INFRA_ENCRYPTION", "key_provider.pbkdf2.a.pasphrase = \"geheim\"");
        let errors = errors.unwrap_err();
        assert!(errors.0.iter().all(|it| it.place.is_none()), "{errors:?}");
        assert!(errors.0[0].summary.contains("(INFRA_ENCRYPTION, line 1)"), "{errors:?}");
        assert!(!format!("{errors:?}").contains("geheim"));
    }

    #[test]
    fn what_is_wrong_is_told_with_what_to_write() {
        let case = |text: &str| wrong(&format!("[stack.encryption]\n{text}\n")).join("\n");
        assert!(case("key_provider.pbkdf.a = {}").contains("did you mean `pbkdf2`"));
        assert!(case("key_provider.gcp_kms.a = {}").contains("`aws_kms` and `pbkdf2`"));
        assert!(case("metod.aes_gcm.a = {}").contains("did you mean `method`"));
        assert!(case("method.aes_gcm.a = {}").contains("has no `keys`"));
        assert!(case("method.aes_gcm.a.key = 1").contains("did you mean `keys`"));
        assert!(case("state.method = \"method.aes_gcm.a\"").contains("there is no `method.aes_gcm.a`"));
        assert!(case("state.method = \"aes_gcm.a\"").contains("method.TYPE.NAME"));
        assert!(case("state.enforcd = true").contains("did you mean `enforced`"));
        let text =
            "method.unencrypted.a = {}\nstate = { method = \"method.unencrypted.a\", enforced = true }";
        assert!(case(text).contains("is enforced"));
        let twice =
            "state {\n}\nstate {\n}\nmethod \"unencrypted\" \"a\" {}\nmethod \"unencrypted\" \"a\" {}\n";
        let twice = told(&Encryption::parse("INFRA_ENCRYPTION", twice).unwrap_err()).join("\n");
        assert!(twice.contains("`state` stands twice") && twice.contains("is declared twice"), "{twice}");
        let text = "key_provider.pbkdf2.main = {}\nmethod.aes_gcm.a.keys = \"key_provider.pbkdf2.mian\"";
        assert!(case(text).contains("did you mean `key_provider.pbkdf2.main`"), "{}", case(text));
    }
}
