//! The blocks of a bucket that have resource types of their own by now.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::resource::{Chosen, One, Set, Tags};

macro_rules! blocks {
    ($($(#[$doc:meta])* $name:ident { $($(#[$note:meta])* $field:ident: $ty:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$note])* pub $field: $ty,)*
        }
    )*};
}

blocks! {
    /// What other sites may ask for.
    Cors {
        /// Headers a browser may send.
        #[serde(default)]
        allowed_headers: Vec<String>,
        /// Such as `GET`.
        allowed_methods: Vec<String>,
        /// Such as `https://example.com`, or `*`.
        allowed_origins: Vec<String>,
        /// Headers a script may see.
        #[serde(default)]
        expose_headers: Vec<String>,
        /// How long a browser may rely on the answer.
        max_age_seconds: Option<i64>,
    }
    /// What one grantee may do.
    Grant {
        /// The grantee's canonical user id.
        id: Option<String>,
        /// Such as `READ` or `FULL_CONTROL`.
        permissions: Set<String>,
        /// `CanonicalUser` or `Group`.
        r#type: String,
        /// The group's URI.
        uri: Option<String>,
    }
    /// When objects move and go.
    LifecycleRule {
        /// The rule's name.
        id: Chosen<Option<String>>,
        /// Whether the rule is followed.
        enabled: bool,
        /// What keys begin with.
        prefix: Option<String>,
        /// Tags of the objects.
        tags: Option<Tags>,
        /// When to give up unfinished uploads.
        abort_incomplete_multipart_upload_days: Option<i64>,
        /// When to remove objects.
        #[serde(default)]
        expiration: One<Expiration>,
        /// When to remove former versions.
        #[serde(default)]
        noncurrent_version_expiration: One<FormerExpiration>,
        /// When to move former versions.
        #[serde(default)]
        noncurrent_version_transition: Set<FormerTransition>,
        /// When to move objects.
        #[serde(default)]
        transition: Set<Transition>,
    }
    /// When to remove objects.
    Expiration {
        /// On this day.
        date: Option<String>,
        /// So many days after they were made.
        days: Option<i64>,
        /// Remove markers of deletion that stand alone.
        expired_object_delete_marker: Option<bool>,
    }
    /// When to remove former versions.
    FormerExpiration {
        /// So many days after they were replaced.
        days: Option<i64>,
    }
    /// When to move former versions.
    FormerTransition {
        /// So many days after they were replaced.
        days: Option<i64>,
        /// Such as `GLACIER`.
        storage_class: String,
    }
    /// When to move objects.
    Transition {
        /// On this day.
        date: Option<String>,
        /// So many days after they were made.
        days: Option<i64>,
        /// Such as `GLACIER`.
        storage_class: String,
    }
    /// Where requests are logged.
    Logging {
        /// The bucket for the logs.
        target_bucket: String,
        /// What their keys begin with.
        target_prefix: Option<String>,
    }
    /// How long objects stay locked.
    ObjectLock {
        /// `Enabled`.
        object_lock_enabled: Option<String>,
        /// For objects that say nothing of it.
        #[serde(default)]
        rule: One<LockRule>,
    }
    /// For objects that say nothing of it.
    LockRule {
        /// How long.
        #[serde(default)]
        #[schemars(length(min = 1, max = 1))]
        default_retention: One<Retention>,
    }
    /// How long objects stay locked.
    Retention {
        /// `GOVERNANCE` or `COMPLIANCE`.
        mode: String,
        /// In days.
        days: Option<i64>,
        /// Or in years.
        years: Option<i64>,
    }
    /// Copies in other buckets.
    Replication {
        /// The role that copies.
        role: String,
        /// What is copied where.
        #[serde(default)]
        #[schemars(length(min = 1))]
        rules: Set<ReplicationRule>,
    }
    /// What is copied where.
    ReplicationRule {
        /// The rule's name.
        id: Option<String>,
        /// `Enabled` or `Disabled`.
        status: String,
        /// What keys begin with.
        prefix: Option<String>,
        /// Which rule wins.
        priority: Option<i64>,
        /// Whether markers of deletion are copied.
        delete_marker_replication_status: Option<String>,
        /// Where to.
        #[serde(default)]
        #[schemars(length(min = 1, max = 1))]
        destination: One<Destination>,
        /// Which objects.
        #[serde(default)]
        filter: One<ReplicationFilter>,
        /// Which objects by their encryption.
        #[serde(default)]
        source_selection_criteria: One<Source>,
    }
    /// Where copies go.
    Destination {
        /// The bucket's ARN.
        bucket: String,
        /// The account that owns it.
        account_id: Option<String>,
        /// The key for the copies.
        replica_kms_key_id: Option<String>,
        /// Such as `STANDARD_IA`.
        storage_class: Option<String>,
        /// Whose the copies are.
        #[serde(default)]
        access_control_translation: One<Translation>,
        /// What is measured.
        #[serde(default)]
        metrics: One<Minutes>,
        /// What is promised.
        #[serde(default)]
        replication_time: One<Minutes>,
    }
    /// Whose the copies are.
    Translation {
        /// `Destination`.
        owner: String,
    }
    /// A time, on or off.
    Minutes {
        /// How long.
        minutes: Option<i64>,
        /// `Enabled` or `Disabled`.
        status: Option<String>,
    }
    /// Which objects.
    ReplicationFilter {
        /// What keys begin with.
        prefix: Option<String>,
        /// Tags they have.
        tags: Option<Tags>,
    }
    /// Which objects by their encryption.
    Source {
        /// Those encrypted by KMS.
        #[serde(default)]
        sse_kms_encrypted_objects: One<Encrypted>,
    }
    /// Those encrypted by KMS.
    Encrypted {
        /// Whether they are copied.
        enabled: bool,
    }
    /// How new objects are encrypted.
    Encryption {
        /// How.
        #[serde(default)]
        #[schemars(length(min = 1, max = 1))]
        rule: One<EncryptionRule>,
    }
    /// How to encrypt.
    EncryptionRule {
        /// One key a bucket instead of one an object.
        bucket_key_enabled: Option<bool>,
        /// Where a request says nothing of it.
        #[serde(default)]
        #[schemars(length(min = 1, max = 1))]
        apply_server_side_encryption_by_default: One<ByDefault>,
    }
    /// Where a request says nothing of it.
    ByDefault {
        /// `AES256`, `aws:kms` or `aws:kms:dsse`.
        sse_algorithm: String,
        /// Which key of KMS.
        kms_master_key_id: Option<String>,
    }
    /// Whether former versions are kept.
    Versions {
        /// Keep them.
        #[serde(default)]
        enabled: bool,
        /// Ask for the owner's MFA device before one is removed.
        #[serde(default)]
        mfa_delete: bool,
    }
    /// A site made of the objects.
    Website {
        /// The key of the page for errors.
        error_document: Option<String>,
        /// The key's end of the page for folders.
        index_document: Option<String>,
        /// Send every request to this host.
        redirect_all_requests_to: Option<String>,
        /// Rules for some requests, as JSON.
        routing_rules: Option<String>,
    }
}
