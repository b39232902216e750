//! IAM, and what its types share.

pub mod access_key;
mod blockers;
mod details;
mod grants;
pub mod group;
pub mod instance_profile;
pub mod lookup;
pub mod openid_connect_provider;
pub mod policy;
pub mod policy_attachment;
pub mod policy_document;
mod renamed;
pub mod role;
pub mod role_policy;
pub mod role_policy_attachment;
pub mod service_linked_role;
mod tagging;
pub mod user;
pub mod user_policy;
pub mod user_policy_attachment;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use futures::stream::{self, StreamExt, TryStreamExt};

use super::Result;
use crate::plan::adjust::Adjust;
use crate::resource::{Json, Passing};
use crate::schema::Form;
use crate::schema::equal::same;

pub use tagging::{
    change_openid_tags, change_policy_tags, change_profile_tags, change_role_tags, change_user_tags, home,
    policy_tags, profile_tags,
};

/// How many questions about single things are under way at once.
const AT_ONCE: usize = 16;

/// Asks about each, some at a time; what is not there is left out.
async fn each<K, T>(keys: &[K], ask: impl AsyncFn(&K) -> Result<T>) -> Result<Vec<T>> {
    let ask = &ask;
    let answers = stream::iter(keys).map(|key| async move { if_there(ask(key).await) });
    let answers = answers.buffer_unordered(AT_ONCE).try_collect::<Vec<_>>().await?;
    Ok(answers.into_iter().flatten().collect())
}

fn if_there<T>(answer: Result<T>) -> Result<Option<T>> {
    match answer {
        Ok(it) => Ok(Some(it)),
        Err(error) if error.is_missing() => Ok(None),
        Err(error) => Err(error),
    }
}

/// A removal that found nothing to remove did its work.
fn gone<T>(answer: Result<T>) -> Result<()> {
    if_there(answer).map(|_| ())
}

/// A policy document out of an answer: IAM percent-encodes them.
fn document(answer: &str) -> Json {
    if answer.trim_start().starts_with('{') {
        return Json(answer.to_owned());
    }
    Json(percent_encoding::percent_decode_str(answer).decode_utf8_lossy().into_owned())
}

/// A policy document as a call takes it, without the blanks that IAM counts or refuses.
fn sent_document(document: &str) -> String {
    let compact = serde_json::from_str::<serde_json::Value>(document).map(|it| it.to_string());
    compact.unwrap_or_else(|_| document.to_owned())
}

fn same_document(a: &str, b: &str) -> bool {
    same(Form::Json, a, b)
}

/// Text that says something: for IAM, empty text is none.
fn stated(text: &Option<String>) -> Option<&str> {
    text.as_deref().filter(|it| !it.is_empty())
}

fn one_name(plan: &mut Adjust) {
    if plan.config("name").is_some() && plan.config("name_prefix").is_some() {
        plan.error("name_prefix", "give either `name` or `name_prefix`: they exclude each other");
    }
}

/// Date and time to the second, as the state holds them.
fn to_the_second(time: &DateTime) -> String {
    DateTime::from_secs(time.secs()).fmt(Format::DateTime).unwrap_or_default()
}

/// What a generated name starts with: such a name ends in 26 hexadecimal digits.
fn prefix_of(name: &str) -> Option<String> {
    let (prefix, stamp) = name.split_at_checked(name.len().checked_sub(26)?)?;
    let generated = stamp.bytes().all(|it| it.is_ascii_hexdigit());
    (generated && !prefix.is_empty()).then(|| prefix.to_owned())
}

/// What passes with time for all of IAM's types.
pub const IAM: &[Passing] = &[
    Passing::busy("ConcurrentModification*"),
    Passing::busy("EntityTemporarilyUnmodifiable*"),
    // A role that was made a moment ago is no principal yet.
    Passing::unseen("MalformedPolicyDocument*").saying("Invalid principal in policy"),
    // Policies of AWS's own are everywhere or nowhere.
    Passing::unseen("NoSuchEntity*").not_saying(":iam::aws:policy/"),
    Passing::in_use("DeleteConflict*"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_what_stands_before_a_stamp() {
        assert_eq!(prefix_of("web-20261121023434133900000001").as_deref(), Some("web-"));
        assert_eq!(prefix_of("20261121023434133900000001"), None);
        assert_eq!(prefix_of("web"), None);
        assert_eq!(prefix_of("ééééééééééééééééééééééééééé"), None);
    }

    #[test]
    fn documents_come_encoded_or_plain() {
        assert_eq!(document("%7B%22a%22%3A%22b%20c+d%22%7D").0, r#"{"a":"b c+d"}"#);
        assert_eq!(document(r#"{"a":"50%25"}"#).0, r#"{"a":"50%25"}"#);
    }
}
