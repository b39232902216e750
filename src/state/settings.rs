//! Where the state is kept: a backend block's settings, as Terraform names them.

use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};

use crate::aws::connect::{self, Role};
use crate::config::Body;
use crate::diag::{Diagnostic, Diagnostics, Place, did_you_mean};
use crate::lang::Value;
use crate::settings::Fields;

/// A backend's settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settings {
    Local(LocalSettings),
    S3(Box<S3Settings>),
}

/// `[backend.local]`, or no backend block at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LocalSettings {
    /// The default environment's file; `terraform.tfstate` where absent.
    pub path: Option<PathBuf>,
    /// The folder of the other environments; `terraform.tfstate.d` where absent.
    pub workspace_dir: Option<PathBuf>,
}

/// `[backend.s3]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct S3Settings {
    pub bucket: String,
    /// The default environment's object.
    pub key: String,
    pub workspace_key_prefix: String,
    /// The table that holds locks and digests.
    pub dynamodb_table: Option<String>,
    /// Lock by an object beside the state's.
    pub use_lockfile: bool,
    pub encrypt: bool,
    pub kms_key_id: Option<String>,
    /// A key of the user's own (256 bits in base64) that S3 encrypts with and forgets.
    pub sse_customer_key: Option<String>,
    pub acl: Option<String>,
    /// How to reach AWS.
    pub aws: connect::Settings,
}

impl Default for Settings {
    fn default() -> Self {
        Settings::Local(LocalSettings::default())
    }
}

const KINDS: [&str; 2] = ["local", "s3"];

/// Checks that Terraform makes and we do not, or make where they cost nothing.
const ACCEPTED: [&str; 6] = [
    "skip_credentials_validation",
    "skip_metadata_api_check",
    "skip_region_validation",
    "skip_requesting_account_id",
    "skip_s3_checksum",
    "use_legacy_workflow",
];

impl Settings {
    /// From the evaluated settings of a block `[backend.KIND]`; `body` says where each stands.
    pub fn read(
        kind: &str,
        value: &Value,
        body: Option<&Body>,
        place: Option<&Place>,
    ) -> Result<Settings, Diagnostics> {
        let fields = Fields::new(format!("[backend.{kind}]"), value, body, place);
        match kind {
            "local" => local(fields).map(Settings::Local),
            "s3" => s3(fields).map(|it| Settings::S3(Box::new(it))),
            other => Err(unknown(other, place).into()),
        }
    }
}

fn unknown(kind: &str, place: Option<&Place>) -> Diagnostic {
    let help = did_you_mean(kind, KINDS).unwrap_or_else(|| "there are `local` and `s3`".to_owned());
    let one = Diagnostic::error(format!("there is no backend `{kind}`")).help(help);
    place.into_iter().fold(one, Diagnostic::at)
}

fn local(mut it: Fields) -> Result<LocalSettings, Diagnostics> {
    let out = LocalSettings {
        path: it.text("path").map(PathBuf::from),
        workspace_dir: it.text("workspace_dir").map(PathBuf::from),
    };
    it.finish(out)
}

fn s3(mut it: Fields) -> Result<S3Settings, Diagnostics> {
    let mut aws = connect::Settings::default();
    aws.common(&mut it);
    aws.config_files.extend(it.text("shared_config_file").map(PathBuf::from));
    aws.credentials_files.extend(it.text("shared_credentials_file").map(PathBuf::from));
    let paths = [it.flag("use_path_style"), it.flag("force_path_style")];
    aws.path_style = paths.contains(&Some(true));
    aws.sts_region = it.text("sts_region");
    aws.allowed_accounts = it.texts("allowed_account_ids");
    aws.forbidden_accounts = it.texts("forbidden_account_ids");
    aws.roles = it.blocks("assume_role", Role::read);
    endpoints(&mut it, &mut aws);
    let out = S3Settings {
        bucket: needed(&mut it, "bucket", "such as \"acme-state\""),
        key: needed(&mut it, "key", "such as \"shop/terraform.tfstate\""),
        workspace_key_prefix: it.text("workspace_key_prefix").unwrap_or_else(|| "env:".to_owned()),
        dynamodb_table: it.text("dynamodb_table"),
        use_lockfile: it.flag("use_lockfile").unwrap_or_default(),
        encrypt: it.flag("encrypt").unwrap_or_default(),
        kms_key_id: it.text("kms_key_id"),
        sse_customer_key: customer_key(&mut it),
        acl: it.text("acl"),
        aws,
    };
    for (name, text) in [("key", &out.key), ("workspace_key_prefix", &out.workspace_key_prefix)] {
        if text.starts_with('/') || text.ends_with('/') {
            it.wrong(
                name,
                "must neither start nor end with `/`",
                "S3 would keep the slash as part of the name",
            );
        }
    }
    if out.kms_key_id.is_some() && out.sse_customer_key.is_some() {
        it.wrong("kms_key_id", "and `sse_customer_key` exclude each other", "keep one of them");
    }
    let why = "set AWS_EC2_METADATA_SERVICE_ENDPOINT instead";
    it.refuse("ec2_metadata_service_endpoint", why);
    it.refuse("ec2_metadata_service_endpoint_mode", "set AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE instead");
    it.refuse("custom_ca_bundle", "add the certificate to the system's trusted ones");
    it.accept(&ACCEPTED);
    it.finish(out)
}

/// From the block, or from Terraform's variable for it.
fn customer_key(it: &mut Fields) -> Option<String> {
    let given = it.text("sse_customer_key");
    let key = given.or_else(|| std::env::var("AWS_SSE_CUSTOMER_KEY").ok().filter(|it| !it.is_empty()))?;
    let whole = STANDARD.decode(&key).is_ok_and(|it| it.len() == 32);
    if !whole {
        it.wrong("sse_customer_key", "is no key", "256 bits in base64: 44 characters");
    }
    Some(key)
}

fn needed(it: &mut Fields, name: &'static str, example: &str) -> String {
    it.text(name).unwrap_or_else(|| {
        it.wrong(name, "is missing", example);
        String::new()
    })
}

/// Addresses, in the block and in the older single settings.
fn endpoints(it: &mut Fields, aws: &mut connect::Settings) {
    let given = it
        .blocks("endpoints", |it| ["s3", "dynamodb", "iam", "sts", "sso"].map(|name| (name, it.text(name))));
    let old = [
        ("s3", it.text("endpoint")),
        ("dynamodb", it.text("dynamodb_endpoint")),
        ("iam", it.text("iam_endpoint")),
        ("sts", it.text("sts_endpoint")),
    ];
    for (name, url) in old.into_iter().chain(given.into_iter().flatten()) {
        if let Some(url) = url {
            aws.endpoints.insert(name.to_owned(), url);
        }
    }
}

/// What a call about an object says of the key of the user's own.
pub struct CustomerKey<'a> {
    pub key: &'a str,
    /// The key's MD5 sum in base64.
    pub sum: String,
}

impl CustomerKey<'_> {
    pub const ALGORITHM: &'static str = "AES256";
}

impl S3Settings {
    /// The key of the user's own, where objects are encrypted with one.
    pub fn customer_key(&self) -> Option<CustomerKey<'_>> {
        let key = self.sse_customer_key.as_deref().filter(|_| self.encrypt)?;
        let bytes = STANDARD.decode(key).unwrap_or_default();
        Some(CustomerKey { key, sum: STANDARD.encode(Md5::digest(bytes)) })
    }

    /// The object that holds an environment's state.
    pub fn path(&self, env: &str) -> String {
        if env == super::backend::DEFAULT_ENV {
            return self.key.clone();
        }
        format!("{}/{env}/{}", self.workspace_key_prefix, self.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: &str, fields: Vec<(&str, Value)>) -> Result<Settings, Diagnostics> {
        Settings::read(kind, &Value::object(fields), None, None)
    }

    fn s3(more: Vec<(&str, Value)>) -> S3Settings {
        let all = [("bucket", "b".into()), ("key", "a/terraform.tfstate".into())].into_iter().chain(more);
        match read("s3", all.collect()).unwrap() {
            Settings::S3(it) => *it,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn paths_of_environments_are_those_of_terraform() {
        let it = s3(vec![]);
        assert_eq!(it.path("default"), "a/terraform.tfstate");
        assert_eq!(it.path("dev"), "env:/dev/a/terraform.tfstate");
        let it = s3(vec![("workspace_key_prefix", "w".into())]);
        assert_eq!(it.path("dev"), "w/dev/a/terraform.tfstate");
    }

    #[test]
    fn old_and_new_names_mean_the_same() {
        let old = s3(vec![("endpoint", "http://x".into()), ("force_path_style", true.into())]);
        let new = s3(vec![
            ("endpoints", Value::object([("s3", "http://x".into())])),
            ("use_path_style", true.into()),
        ]);
        assert_eq!(old, new);
    }

    /// All that Terraform 1.11's backend takes.
    const TERRAFORMS: &[(&str, &str)] = &[
        ("text", "acl dynamodb_table kms_key_id profile region token workspace_key_prefix sts_region"),
        ("text", "endpoint dynamodb_endpoint iam_endpoint sts_endpoint http_proxy https_proxy"),
        ("text", "shared_credentials_file"),
        ("flag", "encrypt force_path_style skip_credentials_validation skip_metadata_api_check"),
        ("flag", "skip_region_validation skip_requesting_account_id skip_s3_checksum use_dualstack_endpoint"),
        ("flag", "use_fips_endpoint use_legacy_workflow use_lockfile use_path_style"),
        ("list", "allowed_account_ids forbidden_account_ids shared_config_files shared_credentials_files"),
        ("refused", "no_proxy insecure"),
        ("refused", "custom_ca_bundle ec2_metadata_service_endpoint ec2_metadata_service_endpoint_mode"),
    ];

    #[test]
    fn every_setting_of_terraform_is_read_or_refused() {
        let role = |more: &[(&str, Value)]| {
            Value::object(more.iter().cloned().chain([("role_arn", "arn:aws:iam::1:role/r".into())]))
        };
        let more = [
            ("max_retries", Value::from(3)),
            ("retry_mode", "adaptive".into()),
            ("access_key", "test".into()),
            ("secret_key", "test".into()),
            ("sse_customer_key", "KTQYGzfMXGhkkvjvr4YAQvBSDUXDQfPd4fSXBJQ2XJU=".into()),
            (
                "endpoints",
                Value::object(["s3", "dynamodb", "iam", "sso", "sts"].map(|it| (it, "http://x".into()))),
            ),
            ("assume_role", role(&[("external_id", "e".into()), ("duration", "1h".into())])),
            ("assume_role_with_web_identity", role(&[("web_identity_token", "t".into())])),
        ];
        for (name, value) in more {
            let pair = if name == "secret_key" { "access_key" } else { "secret_key" };
            let needs = name.ends_with("_key") && name != "sse_customer_key";
            let mut fields = vec![(name, value), ("bucket", "b".into()), ("key", "k".into())];
            fields.extend(needs.then(|| (pair, "test".into())));
            read("s3", fields).unwrap_or_else(|it| panic!("{name}: {it:?}"));
        }
        for (kind, names) in TERRAFORMS {
            for name in names.split(' ') {
                let value = match *kind {
                    "flag" => true.into(),
                    "list" => Value::tuple(vec!["a".into()]),
                    _ => "a".into(),
                };
                let found = read("s3", vec![(name, value), ("bucket", "b".into()), ("key", "k".into())]);
                match (*kind, found) {
                    ("refused", Err(it)) => assert!(it.0[0].summary.contains("not supported"), "{it:?}"),
                    ("refused", Ok(_)) => panic!("{name} is not refused"),
                    (_, found) => drop(found.unwrap_or_else(|it| panic!("{name}: {it:?}"))),
                }
            }
        }
        read("local", vec![("path", "a".into()), ("workspace_dir", "b".into())]).unwrap();
    }

    #[test]
    fn what_is_wrong_is_said_all_at_once() {
        let errors = read(
            "s3",
            vec![("key", "/a".into()), ("dynamo_table", "t".into()), ("sse_customer_key", "k".into())],
        );
        let errors = errors.unwrap_err().0;
        let text = errors.iter().map(|it| it.summary.as_str()).collect::<Vec<_>>().join("\n");
        for word in ["`bucket`", "`key`", "`dynamo_table`", "`sse_customer_key`"] {
            assert!(text.contains(word), "{text}");
        }
        let help: Vec<_> = errors.iter().filter_map(|it| it.help.as_deref()).collect();
        assert!(help.contains(&"did you mean `dynamodb_table`?"), "{help:?}");
        assert_eq!(read("locla", vec![]).unwrap_err().0[0].help.as_deref(), Some("did you mean `local`?"));
    }
}
