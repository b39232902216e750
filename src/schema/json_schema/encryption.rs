//! `[stack.encryption]`.

use serde_json::{Map, Value as Json, json};

use super::settings::{AWS, Holds, Setting, table};
use super::{NAME, reference};

/// What the key provider `aws_kms` takes besides the settings of a connection.
const KMS: &[Setting] = &[
    Setting("encrypted_metadata_alias", Holds::Text, "What its metadata is called in encrypted files."),
    Setting("encryption_context", Holds::Names, "What must be said again to decrypt."),
    Setting("endpoint", Holds::Text, "KMS's address; newer: `endpoints.kms`."),
    Setting("key_spec", Holds::Text, "The kind of data key: `AES_256`."),
    Setting("kms_key_id", Holds::Text, "The KMS key that encrypts data keys."),
];

/// Settings of a connection that it does not take.
const NOT_KMS: &[&str] = &[
    "default_tags",
    "ignore_tags",
    "s3_us_east_1_regional_endpoint",
    "s3_use_path_style",
    "skip_region_validation",
    "token_bucket_rate_limiter_capacity",
];

const PBKDF2: &[Setting] = &[
    Setting("encrypted_metadata_alias", Holds::Text, "What its metadata is called in encrypted files."),
    Setting("hash_function", Holds::Text, "`sha256` or `sha512`."),
    Setting("iterations", Holds::Whole, "How much work a guess is."),
    Setting("key_length", Holds::Whole, "The key's length in bytes."),
    Setting("passphrase", Holds::Text, "The passphrase, such as \"${var.passphrase}\"."),
    Setting("salt_length", Holds::Whole, "The salt's length in bytes."),
];

const AES_GCM: &[Setting] = &[
    Setting("aad", Holds::Texts, "Bytes that must be the same to decrypt."),
    Setting("keys", Holds::Text, "The key provider: \"key_provider.TYPE.NAME\"."),
];

/// The schema of the table.
pub fn schema() -> Json {
    let kms: Vec<&Setting> = AWS.iter().filter(|it| !NOT_KMS.contains(&it.0)).chain(KMS).collect();
    let key_providers = [("aws_kms", table(kms)), ("pbkdf2", table(PBKDF2))];
    let methods = [("aes_gcm", table(AES_GCM)), ("unencrypted", table([]))];
    json!({
        "description": "How the files of states and plans are encrypted before they leave this machine.",
        "type": "object",
        "properties": {
            "key_provider": kinds("Where keys come from.", key_providers),
            "method": kinds("What encrypts.", methods),
            "state": { "description": "How the state is encrypted.", "allOf": [reference("encrypted")] },
            "plan": { "description": "How plan files are encrypted.", "allOf": [reference("encrypted")] },
            "remote_state_data_sources": {
                "description": "How the states of other stacks are decrypted.",
                "type": "object",
                "properties": {
                    "default": reference("encrypted"),
                    "remote_state_data_source": { "type": ["object", "array"] },
                },
                "additionalProperties": false,
            },
        },
        "additionalProperties": false,
    })
}

/// `state`, `plan`, and their fallbacks.
pub fn target() -> Json {
    json!({
        "type": "object",
        "properties": {
            "method": { "description": "What encrypts: \"method.TYPE.NAME\".", "type": "string" },
            "enforced": { "description": "Whether nothing may be kept in the clear.", "type": "boolean" },
            "fallback": { "description": "What reads where that fails, while one changes over.", "allOf": [reference("encrypted")] },
        },
        "additionalProperties": false,
    })
}

/// Types with tables of the user's names.
fn kinds<const N: usize>(description: &str, all: [(&str, Json); N]) -> Json {
    let named = |table: Json| json!({ "type": "object", "propertyNames": { "pattern": NAME }, "additionalProperties": table });
    let properties: Map<String, Json> =
        all.into_iter().map(|(name, it)| (name.to_owned(), named(it))).collect();
    json!({ "description": description, "type": "object", "properties": properties, "additionalProperties": false })
}
