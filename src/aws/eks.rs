//! EKS, and what its types share.

pub mod access_entry;
pub mod access_policy_association;
pub mod addon;
mod blockers;
pub mod cluster;
pub mod fargate_profile;
pub mod lookup;
pub mod node_group;
pub mod pod_identity_association;
mod updates;

use std::collections::HashMap;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use futures::stream::{self, StreamExt, TryStreamExt};
use serde_json::Value as Json;

use super::{Aws, Error, Result};
use crate::lang::Value;
use crate::plan::adjust::Adjust;
use crate::resource::{Passing, Set, Status, Tags};

/// How many questions about single things are under way at once: EKS takes few calls a second.
const AT_ONCE: usize = 10;

/// What passes with time for all of EKS's types.
pub const EKS: &[Passing] = &[
    // A cluster takes one change at a time, and so does each thing in it; its profiles come one by one.
    Passing::busy("ResourceInUseException").saying("in progress"),
    Passing::busy("ResourceInUseException").saying("cannot be updated as it is currently"),
    Passing::busy("ResourceInUseException").saying("in status"),
    Passing::busy("InvalidRequestException").saying("is not in ACTIVE status"),
    // A cluster that is there, but not for all of EKS yet.
    Passing::unseen("ResourceNotFoundException").saying("No cluster found for name"),
    // A role that was made a moment ago.
    Passing::unseen("InvalidParameterException").saying("does not exist"),
];

/// Asks about each, some at a time; what is not there is left out.
async fn each<K, T>(keys: &[K], ask: impl AsyncFn(&K) -> Result<T>) -> Result<Vec<T>> {
    let ask = &ask;
    let answers = stream::iter(keys).map(|key| async move { if_there(ask(key).await) });
    let answers = answers.buffer_unordered(AT_ONCE).try_collect::<Vec<_>>().await?;
    Ok(answers.into_iter().flatten().collect())
}

/// `None` where there is no such thing, or no such cluster.
fn if_there<T>(answer: Result<T>) -> Result<Option<T>> {
    match answer {
        Ok(it) => Ok(Some(it)),
        Err(error) if is_gone(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The removal of something that may be gone, or on its way, after an earlier attempt.
async fn removed<T>(answer: Result<T>, status: impl AsyncFnOnce() -> Result<Status>) -> Result<()> {
    match answer {
        Err(error @ Error::Refused { .. }) if !is_gone(&error) => {
            let going =
                if_there(status().await)?.is_none_or(|it| it == Status::Pending("DELETING".to_owned()));
            if going { Ok(()) } else { Err(error) }
        }
        answer => if_there(answer).map(|_| ()),
    }
}

/// EKS says of some clusters that are not there that the client has made a mistake.
fn is_gone(error: &Error) -> bool {
    let mistaken = error.code() == Some("ClientException");
    error.is_missing() || mistaken && error.message().contains("No cluster found for name")
}

/// Tags as a call takes them; nothing where there are none.
fn tags(tags: &Tags) -> Option<HashMap<String, String>> {
    (!tags.is_empty()).then(|| tags.clone().into_iter().collect())
}

/// A map of an answer's, in order.
fn in_order(map: Option<HashMap<String, String>>) -> Tags {
    map.unwrap_or_default().into_iter().collect()
}

/// What the types call the ARN by which their tags are changed.
const ARNS: [&str; 3] = ["arn", "access_entry_arn", "association_arn"];

/// [`super::tags::change`] for everything of EKS's.
pub async fn change_tags(aws: &Aws, attributes: &Json, set: &Tags, unset: &[String]) -> Result<()> {
    let arn = ARNS.iter().find_map(|it| attributes.get(*it).and_then(Json::as_str));
    let arn = arn.ok_or(Error::Incomplete("the ARN"))?;
    if !unset.is_empty() {
        let call = aws.eks().untag_resource().resource_arn(arn);
        call.set_tag_keys(Some(unset.to_vec())).send().await?;
    }
    if !set.is_empty() {
        aws.eks().tag_resource().resource_arn(arn).set_tags(tags(set)).send().await?;
    }
    Ok(())
}

/// Date and time to the second, as the state holds them.
fn moment(time: Option<&DateTime>) -> String {
    let second = |it: &DateTime| DateTime::from_secs(it.secs()).fmt(Format::DateTime).ok();
    time.and_then(second).unwrap_or_default()
}

/// Text that says something: for EKS, empty text is none.
fn stated(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|it| !it.is_empty())
}

/// The items of a set that the stack may leave out.
fn items(set: &Option<Set<String>>) -> Vec<String> {
    set.as_ref().map(|it| it.0.clone()).unwrap_or_default()
}

/// The two halves of an id such as `shop:workers`; a second colon belongs to the second half.
fn halves<'a>(id: &'a str, between: char, what: &str) -> Result<(&'a str, &'a str)> {
    let both = id.split_once(between).filter(|it| !it.0.is_empty() && !it.1.is_empty());
    both.ok_or_else(|| Error::Invalid(format!("say the cluster's name and {what}: `cluster{between}{what}`")))
}

/// What stands at this path of attributes; of a block that stands at most once, what is in it.
fn at<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(value, |it, name| {
        let inner = it.get(name)?;
        Some(inner.as_items().and_then(<[Value]>::first).unwrap_or(inner))
    })
}

/// The known texts of a set.
fn texts(set: Option<&Value>) -> Vec<String> {
    let items = set.and_then(Value::as_items).unwrap_or_default();
    items.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Whether the stack gives a set that is known to be empty.
fn is_empty(plan: &Adjust, name: &str) -> bool {
    plan.config(name).and_then(Value::as_items).is_some_and(<[Value]>::is_empty)
}

/// Refuses what a set may not hold, before AWS does.
fn only(plan: &mut Adjust, name: &str, path: &[&str], allowed: &[&str]) {
    let found = texts(set_at(&plan.will, path));
    for it in found.iter().filter(|it| !allowed.contains(&it.as_str())) {
        let all = allowed.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
        let last = path.last().copied().unwrap_or(name);
        plan.error(name, format!("`{last}` may hold {all}, and not `{it}`"));
    }
}

/// The set at the end of a path of blocks.
fn set_at<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    let (last, before) = path.split_last()?;
    at(value, before)?.get(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_two_halves() {
        let arn = "arn:aws:iam::123456789012:role/dev";
        assert_eq!(halves(&format!("shop:{arn}"), ':', "ARN").ok(), Some(("shop", arn)));
        for wrong in ["shop", "shop:", ":workers", ""] {
            assert!(halves(wrong, ':', "name").is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_cluster_may_be_missing_in_two_ways() {
        let refused = |code: &str, message: &str| Error::Refused {
            code: code.into(),
            message: message.into(),
            request: None,
        };
        assert!(is_gone(&refused("ClientException", "No cluster found for name: shop.")));
        assert!(!is_gone(&refused("ClientException", "The request is malformed")));
        let (code, message) = ("ResourceNotFoundException".into(), "No node group found".into());
        assert!(is_gone(&Error::Missing { code, message }));
    }
}
