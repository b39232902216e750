//! What can be told of an object before S3 is asked.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};

use crate::lang::{Type, Value};
use crate::plan::adjust::{Adjust, is_nothing};

/// Attributes that S3 takes only with the whole object: each change is a new version.
const WHOLE: &[&str] = &[
    "bucket_key_enabled",
    "cache_control",
    "checksum_algorithm",
    "content",
    "content_base64",
    "content_disposition",
    "content_encoding",
    "content_language",
    "content_type",
    "etag",
    "kms_key_id",
    "metadata",
    "server_side_encryption",
    "source",
    "source_hash",
    "storage_class",
    "website_redirect",
];

pub(super) fn settle(plan: &mut Adjust) {
    plan.at_most_one(&["source", "content", "content_base64"]);
    checks(plan);
    own_labels(plan);
    adopted(plan);
    if !WHOLE.iter().any(|it| changes(plan, it)) {
        return;
    }
    plan.set_unknown("version_id");
    // With other content it is another one, unless the stack says which.
    let content = ["content", "content_base64", "source", "source_hash", "kms_key_id"];
    if plan.config("etag").is_none() && content.iter().any(|it| changes(plan, it)) {
        plan.set_unknown("etag");
    }
}

fn changes(plan: &Adjust, name: &str) -> bool {
    plan.change(name).is_some_and(|(was, will)| !(is_nothing(was) && is_nothing(will)))
}

fn checks(plan: &mut Adjust) {
    let said = |it: &Adjust, name: &str| it.config(name).is_some_and(|it| !is_nothing(it));
    if said(plan, "kms_key_id") && said(plan, "etag") {
        let sentence = "`etag` cannot stand beside `kms_key_id`: of an object that is encrypted with a key of \
            yours it is not the MD5 of the content; use `source_hash`";
        plan.error("etag", sentence);
    }
    let names = plan.config("metadata").and_then(Value::as_fields).into_iter().flatten();
    let shouting = names.map(|it| it.0.to_string()).find(|it| *it != it.to_lowercase());
    if let Some(name) = shouting {
        let sentence =
            format!("S3 keeps names of metadata in small letters: write `{}`", name.to_lowercase());
        plan.error("metadata", sentence);
    }
    let text = |it: &Adjust, name: &str| it.config(name).and_then(Value::as_str).map(str::to_owned);
    if let Some(text) = text(plan, "content_base64").filter(|it| STANDARD.decode(it).is_err()) {
        let start: String = text.chars().take(20).collect();
        plan.error("content_base64", format!("this is no base64: `{start}`"));
    }
    let date = text(plan, "object_lock_retain_until_date");
    if date.is_some() && super::content::date(&date).is_err() {
        plan.error("object_lock_retain_until_date", "write it like `2027-01-01T00:00:00Z`");
    }
    let labels = plan.will("tags_all").and_then(Value::as_fields).map_or(0, |it| it.len());
    if labels > 10 {
        plan.error("tags", format!("an object may have ten labels, and this one has {labels}"));
    }
}

/// Without the provider's default labels, where the object says so.
fn own_labels(plan: &mut Adjust) {
    let first = |it: &Value, name: &str| it.get(name).and_then(Value::as_items)?.first().cloned();
    let own = first(&plan.will, "override_provider").and_then(|it| first(&it, "default_tags"));
    let Some(own) = own else { return };
    if own.get("tags").is_some_and(|it| !is_nothing(it)) {
        return plan.error("override_provider", "all that can be said of `default_tags` is `tags = {}`");
    }
    let tags = plan.will("tags").filter(|it| !is_nothing(it)).cloned();
    if plan.was.is_none() && tags.is_none() {
        return plan.set_unknown("tags_all");
    }
    plan.set("tags_all", tags.unwrap_or_else(|| Value::map::<&str>(Type::String, [])));
}

/// The state of an imported object does not say what is in it. Where S3's `etag` says that it is what the
/// stack asks for, there is nothing to do.
fn adopted(plan: &mut Adjust) {
    let Some(was) = plan.was.clone() else { return };
    let there = was.get("etag").and_then(Value::as_str).unwrap_or_default();
    for name in ["content", "content_base64"] {
        let silent =
            ["content", "content_base64", "source"].iter().all(|it| was.get(it).is_none_or(is_nothing));
        let wanted = plan.config(name).and_then(Value::as_str).map(|it| match name {
            "content" => it.as_bytes().to_vec(),
            _ => STANDARD.decode(it).unwrap_or_default(),
        });
        let same = |it: Vec<u8>| {
            let digest: String = Md5::digest(it).iter().map(|it| format!("{it:02x}")).collect();
            digest == there
        };
        if silent && wanted.is_some_and(same) {
            plan.set(name, was.get(name).cloned().unwrap_or_else(|| Value::null(Type::String)));
        }
    }
}
