//! From the stack's `encryption` block to what encrypts.

use std::collections::BTreeMap;
use std::rc::Rc;

use aws_sdk_kms::types::DataKeySpec;
use tokio::sync::OnceCell;

use super::kms::Kms;
use super::passphrase::{Hash, ITERATIONS, Passphrase, SHORTEST};
use super::{Encryption, How, KeyProvider, Method, Seal, Source};
use crate::aws::connect::{self, Role};
use crate::config::encryption::{self as written, Name, Part, Target};
use crate::config::{Body, settings};
use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::{Env, Value};
use crate::settings::Fields;

/// What KMS's settings may hold and does nothing here.
const ACCEPTED: [&str; 6] = [
    "https_proxy",
    "insecure",
    "no_proxy",
    "skip_credentials_validation",
    "skip_metadata_api_check",
    "skip_requesting_account_id",
];

impl Encryption {
    /// What the block says, with the values that its expressions have in this scope. Only what a target
    /// uses is looked at.
    pub fn read(written: &written::Encryption, env: &dyn Env) -> Result<Encryption, Diagnostics> {
        let mut reader = Reader { written, env, methods: BTreeMap::new(), keys: BTreeMap::new() };
        let mut errors = Diagnostics::default();
        let mut out = Encryption::default();
        if let Some(it) = &written.state {
            out.state = errors.take(reader.seal("state", it)).unwrap_or_default();
        }
        if let Some(it) = &written.plan {
            out.plan = errors.take(reader.seal("plan", it)).unwrap_or_default();
        }
        for (name, it) in &written.remote {
            let seal = errors.take(reader.seal("remote_state_data_sources", it)).unwrap_or_default();
            out.remote.insert(name.clone(), seal);
        }
        errors.check(out)
    }
}

struct Reader<'a> {
    written: &'a written::Encryption,
    env: &'a dyn Env,
    /// What two targets use is one.
    methods: BTreeMap<&'a Name, Rc<Method>>,
    keys: BTreeMap<&'a Name, Rc<KeyProvider>>,
}

impl<'a> Reader<'a> {
    fn seal(&mut self, what: &str, target: &'a Target) -> Result<Seal, Diagnostics> {
        let mut errors = Diagnostics::default();
        let all = self.written.methods_of(what, target)?.into_iter();
        let methods = all.filter_map(|(name, part)| errors.take(self.method(name, part))).collect();
        errors.check(Seal { methods })
    }

    fn method(&mut self, name: &'a Name, part: &'a Part) -> Result<Rc<Method>, Diagnostics> {
        if let Some(it) = self.methods.get(name) {
            return Ok(it.clone());
        }
        let full = format!("method.{}.{}", name.0, name.1);
        let how = match name.0.as_str() {
            "unencrypted" => How::Unencrypted,
            _ => {
                let keys = self.keys(self.written.keys_of(name, part)?)?;
                How::AesGcm { keys, aad: self.aad(&full, part)? }
            }
        };
        let method = Rc::new(Method { name: full, how });
        self.methods.insert(name, method.clone());
        Ok(method)
    }

    /// `aad` of a method: bytes, as a list of numbers.
    fn aad(&self, what: &str, part: &Part) -> Result<Vec<u8>, Diagnostics> {
        let Some(setting) = part.settings.get("aad") else { return Ok(Vec::new()) };
        let value = setting.value.eval(self.env)?;
        let byte = |it: &Value| it.to_json().as_u64().and_then(|it| u8::try_from(it).ok());
        let all: Option<Vec<u8>> = value.as_items().and_then(|it| it.iter().map(byte).collect());
        all.ok_or_else(|| {
            let error = Diagnostic::error(format!("`aad` of `{what}` is no list of bytes"));
            error.at(&setting.value.place).help("write it like [1, 2, 255]").into()
        })
    }

    fn keys(&mut self, name: &'a Name) -> Result<Rc<KeyProvider>, Diagnostics> {
        if let Some(it) = self.keys.get(name) {
            return Ok(it.clone());
        }
        let part = self.written.key_providers.get(name);
        let part = part.ok_or_else(|| Diagnostic::error("a key provider that is not declared"))?;
        let full = format!("key_provider.{}.{}", name.0, name.1);
        let value = self.values(&full, &part.settings)?;
        let mut fields = Fields::new(full.clone(), &value, Some(&part.settings), Some(&part.place));
        let alias = fields.text("encrypted_metadata_alias").unwrap_or(full);
        let source = match name.0.as_str() {
            "pbkdf2" => Source::Passphrase(passphrase(fields, part)?),
            _ => Source::Kms(Box::new(kms(fields)?)),
        };
        let provider = Rc::new(KeyProvider::new(alias, source));
        self.keys.insert(name, provider.clone());
        Ok(provider)
    }

    /// The settings' values, all of which must be known by now.
    fn values(&self, what: &str, body: &Body) -> Result<Value, Diagnostics> {
        let value = settings::evaluate(body, self.env)?;
        let open = |it: &&crate::config::Setting| value.get(&it.name).is_some_and(|it| !it.wholly_known());
        let open = body.0.iter().filter(open).map(|it| {
            let variables =
                it.value.refs().into_iter().filter(|it| it.path.first().is_some_and(|it| it == "var"));
            let names: Vec<String> = variables.filter_map(|it| it.path.get(1).cloned()).collect();
            let help = match names.first() {
                Some(name) => format!("set it: `--var {name}=…`, INFRA_VAR_{name} or a `--var-file`"),
                None => "it needs what is known before the state is read: variables, and locals of them"
                    .to_owned(),
            };
            let error = Diagnostic::error(format!("`{}` of `{what}` has no value yet", it.name));
            error.at(&it.value.place).help(help)
        });
        Diagnostics(open.collect()).check(value)
    }
}

fn passphrase(mut it: Fields, part: &Part) -> Result<Passphrase, Diagnostics> {
    let text = it.text("passphrase").unwrap_or_default();
    let key_length = it.whole("key_length").unwrap_or(32) as usize;
    let iterations = it.whole("iterations").unwrap_or(600_000);
    let salt_length = it.whole("salt_length").unwrap_or(32) as usize;
    let hash = it.text("hash_function").unwrap_or_else(|| "sha512".to_owned());
    if !matches!(key_length, 16 | 32) {
        it.wrong("key_length", "is no length that AES-GCM takes", "32 bytes are AES-256, 16 are AES-128");
    }
    if !ITERATIONS.contains(&iterations) {
        let (least, most) = (ITERATIONS.start(), ITERATIONS.end());
        let help =
            format!("between {least} and {most}: the more, the slower is guessing; absent it is 600000");
        it.wrong("iterations", "is out of bounds", &help);
    }
    if !(1..=1024).contains(&salt_length) {
        it.wrong("salt_length", "is out of bounds", "32 bytes where it is absent");
    }
    let known = Hash::parse(&hash);
    if known.is_none() {
        it.wrong("hash_function", "is not known", "`sha512` or `sha256`");
    }
    let mut errors = Diagnostics::default();
    let hash = known.unwrap_or(Hash::Sha512);
    let read = errors.take(it.finish(Passphrase { text, key_length, iterations, salt_length, hash }));
    // Not at the passphrase itself: the line would show it.
    errors.extend(read.as_ref().and_then(|it| too_short(&it.text)).map(|it| it.at(&part.place)));
    match read {
        Some(it) => errors.check(it),
        None => Err(errors),
    }
}

fn too_short(text: &str) -> Option<Diagnostic> {
    let help = "take at least 16 characters, better some random words; a sensitive variable keeps it out of the \
                stack's files";
    match text.len() {
        0 => Some(Diagnostic::error("there is no `passphrase`").help(help)),
        length if length < SHORTEST => {
            Some(Diagnostic::error(format!("the passphrase has only {length} characters")).help(help))
        }
        _ => None,
    }
}

fn kms(mut it: Fields) -> Result<Kms, Diagnostics> {
    let mut aws = connect::Settings::default();
    aws.common(&mut it);
    aws.sts_region = it.text("sts_region");
    aws.endpoint = it.text("endpoint");
    aws.allowed_accounts = it.texts("allowed_account_ids");
    aws.forbidden_accounts = it.texts("forbidden_account_ids");
    aws.roles = it.blocks("assume_role", Role::read);
    let given = it.blocks("endpoints", |it| ["kms", "iam", "sts"].map(|name| (name, it.text(name))));
    let given = given.into_iter().flatten().filter_map(|(name, it)| Some((name.to_owned(), it?)));
    aws.endpoints.extend(given);
    let key_id = it.text("kms_key_id").unwrap_or_else(|| {
        it.wrong("kms_key_id", "is missing", "the id, the ARN or the alias of a key: \"alias/state\"");
        String::new()
    });
    let spec = match it.text("key_spec").as_deref() {
        None | Some("AES_256") => DataKeySpec::Aes256,
        Some("AES_128") => DataKeySpec::Aes128,
        Some(_) => {
            it.wrong("key_spec", "is not known", "`AES_256` or `AES_128`");
            DataKeySpec::Aes256
        }
    };
    let context = it.text_map("encryption_context");
    it.refuse("custom_ca_bundle", "add the certificate to the system's trusted ones");
    it.refuse("ec2_metadata_service_endpoint", "set AWS_EC2_METADATA_SERVICE_ENDPOINT instead");
    it.refuse("ec2_metadata_service_endpoint_mode", "set AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE instead");
    it.accept(&ACCEPTED);
    it.finish(Kms { key_id, spec, context, settings: aws, aws: OnceCell::new() })
}
