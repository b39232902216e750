//! What backends and providers take. Their settings are checked where they are read; here they have
//! their types and a word of explanation.

use serde_json::{Map, Value as Json, json};

use super::EXPRESSION;

/// A setting: its name, what it holds, what it means.
pub struct Setting(pub &'static str, pub Holds, pub &'static str);

pub enum Holds {
    Text,
    Flag,
    Whole,
    /// A list of texts.
    Texts,
    /// Texts by name.
    Names,
    /// A table of settings, or several.
    Tables(&'static [Setting]),
}

use Holds::{Flag, Names, Tables, Text, Texts, Whole};

const ROLE: &[Setting] = &[
    Setting("duration", Text, "How long the session lasts, such as \"1h\"."),
    Setting("duration_seconds", Whole, "The same in seconds."),
    Setting("external_id", Text, "What the role's owner asks for."),
    Setting("policy", Text, "A policy, as JSON, that narrows what the session may do."),
    Setting("policy_arns", Texts, "Policies that narrow what the session may do."),
    Setting("role_arn", Text, "The role."),
    Setting("session_name", Text, "What the session is called in logs."),
    Setting("source_identity", Text, "Who is behind the session."),
    Setting("tags", Names, "Labels of the session."),
    Setting("transitive_tag_keys", Texts, "Labels that sessions of further roles keep."),
];

const WEB_IDENTITY: &[Setting] = &[
    Setting("duration", Text, "How long the session lasts, such as \"1h\"."),
    Setting("duration_seconds", Whole, "The same in seconds."),
    Setting("policy", Text, "A policy, as JSON, that narrows what the session may do."),
    Setting("policy_arns", Texts, "Policies that narrow what the session may do."),
    Setting("role_arn", Text, "The role."),
    Setting("session_name", Text, "What the session is called in logs."),
    Setting("web_identity_token", Text, "The token."),
    Setting("web_identity_token_file", Text, "The file that holds the token."),
];

const DEFAULT_TAGS: &[Setting] = &[Setting("tags", Names, "Labels that every resource gets.")];

const IGNORE_TAGS: &[Setting] = &[
    Setting("key_prefixes", Texts, "Labels that begin like this are nobody's business here."),
    Setting("keys", Texts, "Labels that are nobody's business here."),
];

const S3: &[Setting] = &[
    Setting("access_key", Text, "An access key; better: a profile or a role."),
    Setting("acl", Text, "The canned ACL of the state's object."),
    Setting("allowed_account_ids", Texts, "The only accounts it may work in."),
    Setting("assume_role", Tables(ROLE), "The role to work as."),
    Setting(
        "assume_role_with_web_identity",
        Tables(WEB_IDENTITY),
        "The role to work as, by a token of another service.",
    ),
    Setting("bucket", Text, "The bucket that holds the state."),
    Setting("custom_ca_bundle", Text, "Not supported: add the certificate to the system's trusted ones."),
    Setting("dynamodb_endpoint", Text, "DynamoDB's address; newer: `endpoints.dynamodb`."),
    Setting("dynamodb_table", Text, "The table that holds locks and digests, with the key `LockID`."),
    Setting("ec2_metadata_service_endpoint", Text, "Not supported: set AWS_EC2_METADATA_SERVICE_ENDPOINT."),
    Setting(
        "ec2_metadata_service_endpoint_mode",
        Text,
        "Not supported: set AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE.",
    ),
    Setting("encrypt", Flag, "Have S3 encrypt the state."),
    Setting("endpoint", Text, "S3's address; newer: `endpoints.s3`."),
    Setting("endpoints", Names, "Addresses of services: `s3`, `dynamodb`, `iam`, `sts`, `sso`."),
    Setting("forbidden_account_ids", Texts, "Accounts it must not work in."),
    Setting("force_path_style", Flag, "Older name of `use_path_style`."),
    Setting("http_proxy", Text, "A proxy on the way."),
    Setting("https_proxy", Text, "A proxy on the way."),
    Setting("iam_endpoint", Text, "IAM's address; newer: `endpoints.iam`."),
    Setting("insecure", Flag, "Not supported: certificates are always checked."),
    Setting("key", Text, "The state's name in the bucket, such as \"shop/terraform.tfstate\"."),
    Setting("kms_key_id", Text, "The key that S3 encrypts the state with."),
    Setting("max_retries", Whole, "How often a call is tried."),
    Setting("no_proxy", Text, "Not supported: set NO_PROXY in the environment."),
    Setting("profile", Text, "A profile of AWS's shared configuration files."),
    Setting("region", Text, "The bucket's region."),
    Setting("retry_mode", Text, "`standard` or `adaptive`."),
    Setting("secret_key", Text, "Belongs to `access_key`."),
    Setting("shared_config_files", Texts, "Files instead of `~/.aws/config`."),
    Setting("shared_credentials_file", Text, "A file instead of `~/.aws/credentials`."),
    Setting("shared_credentials_files", Texts, "Files instead of `~/.aws/credentials`."),
    Setting("skip_credentials_validation", Flag, "Accepted: nothing is validated ahead."),
    Setting("skip_metadata_api_check", Flag, "Accepted: nothing is checked ahead."),
    Setting("skip_region_validation", Flag, "Accepted: nothing is validated ahead."),
    Setting(
        "skip_requesting_account_id",
        Flag,
        "Accepted: the account is asked for only where it is needed.",
    ),
    Setting("skip_s3_checksum", Flag, "Accepted."),
    Setting(
        "sse_customer_key",
        Text,
        "A key of one's own, 256 bits in base64, that S3 encrypts the state with.",
    ),
    Setting("sts_endpoint", Text, "STS's address; newer: `endpoints.sts`."),
    Setting("sts_region", Text, "The region of STS."),
    Setting("token", Text, "Belongs to a temporary `access_key`."),
    Setting("use_dualstack_endpoint", Flag, "Use addresses that speak IPv6 too."),
    Setting("use_fips_endpoint", Flag, "Use addresses with validated cryptography."),
    Setting("use_lockfile", Flag, "Lock by an object beside the state's."),
    Setting("use_path_style", Flag, "Name the bucket in the path, as many emulators want it."),
    Setting(
        "workspace_key_prefix",
        Text,
        "Where the states of environments are, besides `default`: \"env:\".",
    ),
];

const LOCAL: &[Setting] = &[
    Setting("path", Text, "The state's file; without it, `terraform.tfstate`."),
    Setting(
        "workspace_dir",
        Text,
        "The folder of the states of environments; without it, `terraform.tfstate.d`.",
    ),
];

pub(super) const AWS: &[Setting] = &[
    Setting("access_key", Text, "An access key; better: a profile or a role."),
    Setting("allowed_account_ids", Texts, "The only accounts it may work in."),
    Setting("assume_role", Tables(ROLE), "The role to work as; several are assumed one after the other."),
    Setting(
        "assume_role_with_web_identity",
        Tables(WEB_IDENTITY),
        "The role to work as, by a token of another service.",
    ),
    Setting("custom_ca_bundle", Text, "Not supported: add the certificate to the system's trusted ones."),
    Setting("default_tags", Tables(DEFAULT_TAGS), "Labels that every resource gets."),
    Setting("ec2_metadata_service_endpoint", Text, "Not supported: set AWS_EC2_METADATA_SERVICE_ENDPOINT."),
    Setting(
        "ec2_metadata_service_endpoint_mode",
        Text,
        "Not supported: set AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE.",
    ),
    Setting("endpoints", Names, "Addresses of services, by the service's name."),
    Setting("forbidden_account_ids", Texts, "Accounts it must not work in."),
    Setting("http_proxy", Text, "A proxy on the way."),
    Setting("https_proxy", Text, "A proxy on the way."),
    Setting("ignore_tags", Tables(IGNORE_TAGS), "Labels that others set, and that are left alone."),
    Setting("insecure", Flag, "Not supported: certificates are always checked."),
    Setting("max_retries", Whole, "How often a call is tried."),
    Setting("no_proxy", Text, "Not supported: set NO_PROXY in the environment."),
    Setting("profile", Text, "A profile of AWS's shared configuration files."),
    Setting("region", Text, "The region, such as \"eu-west-1\"."),
    Setting("retry_mode", Text, "`standard` or `adaptive`."),
    Setting("s3_us_east_1_regional_endpoint", Text, "Means nothing."),
    Setting("s3_use_path_style", Flag, "Name buckets in the path, as many emulators want it."),
    Setting("secret_key", Text, "Belongs to `access_key`."),
    Setting("shared_config_files", Texts, "Files instead of `~/.aws/config`."),
    Setting("shared_credentials_files", Texts, "Files instead of `~/.aws/credentials`."),
    Setting("skip_credentials_validation", Flag, "Accepted: nothing is validated ahead."),
    Setting("skip_metadata_api_check", Flag, "Accepted: nothing is checked ahead."),
    Setting("skip_region_validation", Flag, "Accepted: nothing is validated ahead."),
    Setting(
        "skip_requesting_account_id",
        Flag,
        "Accepted: the account is asked for only where it is needed.",
    ),
    Setting("sts_region", Text, "The region of STS."),
    Setting("token", Text, "Belongs to a temporary `access_key`."),
    Setting("token_bucket_rate_limiter_capacity", Whole, "Means nothing: the pace follows what AWS takes."),
    Setting("use_dualstack_endpoint", Flag, "Use addresses that speak IPv6 too."),
    Setting("use_fips_endpoint", Flag, "Use addresses with validated cryptography."),
];

const TLS: &[Setting] = &[Setting("proxy", Text, "Not supported: set HTTPS_PROXY in the environment.")];

/// The backends and what each takes.
pub const BACKENDS: &[(&str, &[Setting])] = &[("local", LOCAL), ("s3", S3)];

/// The providers and what each takes, besides `alias`.
pub const PROVIDERS: &[(&str, &[Setting])] = &[
    ("archive", &[]),
    ("aws", AWS),
    ("external", &[]),
    ("http", &[]),
    ("local", &[]),
    ("null", &[]),
    ("random", &[]),
    ("template", &[]),
    ("terraform", &[]),
    ("time", &[]),
    ("tls", TLS),
];

/// A property for each; with `aliases`, each may be an array of tables.
pub fn properties(all: &[(&str, &[Setting])], aliases: bool) -> Map<String, Json> {
    all.iter().map(|(name, settings)| ((*name).to_owned(), one(settings, aliases))).collect()
}

fn one(settings: &[Setting], aliases: bool) -> Json {
    let mut table = table(settings);
    if !aliases {
        return table;
    }
    let note = "Its name: a resource picks it with `provider = \"KIND.ALIAS\"`.";
    let properties = table.get_mut("properties").and_then(Json::as_object_mut);
    if let Some(it) = properties {
        it.insert("alias".to_owned(), json!({ "description": note, "type": "string" }));
        it.insert("version".to_owned(), json!({ "description": "Means nothing.", "type": "string" }));
    }
    json!({ "anyOf": [table.clone(), { "type": "array", "items": table }] })
}

/// A table with these settings.
pub(super) fn table<'a>(settings: impl IntoIterator<Item = &'a Setting>) -> Json {
    let properties = settings.into_iter().map(|Setting(name, holds, doc)| {
        let mut it = value(holds);
        if let Some(fields) = it.as_object_mut() {
            fields.insert("description".to_owned(), (*doc).into());
        }
        ((*name).to_owned(), it)
    });
    let properties: Map<String, Json> = properties.collect();
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

/// Any of them may be an expression.
fn value(holds: &Holds) -> Json {
    match holds {
        Text => json!({ "type": "string" }),
        Flag => json!({ "type": ["boolean", "string"], "pattern": format!("^(true|false)$|{EXPRESSION}") }),
        Whole => json!({ "type": ["integer", "string"], "pattern": format!("^[0-9]+$|{EXPRESSION}") }),
        Texts => json!({ "type": ["array", "string"], "items": { "type": "string" }, "pattern": EXPRESSION }),
        Names => json!({
            "anyOf": [
                { "type": ["object", "string"], "pattern": EXPRESSION },
                { "type": "array", "items": { "type": "object" } },
            ],
        }),
        Tables(settings) => {
            let it = table(*settings);
            json!({
                "anyOf": [
                    it.clone(),
                    { "type": "array", "items": it },
                    { "type": "string", "pattern": EXPRESSION },
                ],
            })
        }
    }
}
