//! Elastic Load Balancing: application, network and gateway load balancers, and what their types share.

mod actions;
mod blockers;
pub mod listener;
pub mod listener_certificate;
pub mod listener_rule;
pub mod load_balancer;
pub mod lookup;
mod names;
mod plans;
mod tagging;
pub mod target_group;
pub mod target_group_attachment;

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Deref;

use futures::future::{FutureExt, LocalBoxFuture, try_join_all};
use futures::stream::{self, StreamExt, TryStreamExt};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize};

use super::{Error, Result};
use crate::resource::Passing;

pub use tagging::{change_tags, unmark};

/// The most ARNs of one call.
pub const ARNS: usize = 20;

/// How many questions about single things are under way at once.
const AT_ONCE: usize = 16;

/// What a load balancer, a target group or a listener is set to, by the service's own names.
type Attributes = HashMap<String, String>;

/// What passes with time for all types of load balancing.
pub const ELB: &[Passing] = &[
    // What the call names was made a moment ago.
    Passing::unseen("LoadBalancerNotFound"),
    Passing::unseen("TargetGroupNotFound"),
    Passing::unseen("ListenerNotFound"),
    Passing::unseen("CertificateNotFound"),
    Passing::unseen("SubnetNotFound"),
    Passing::unseen("InvalidSecurityGroup"),
    // The gateway is on its way: nothing names it, so nothing waits for it.
    Passing::unseen("InvalidSubnet").saying("has no internet gateway"),
];

/// Describes the things with these ARNs, so many a call. Where one of them is gone the service refuses
/// the call for all: then its halves are asked for by themselves.
async fn described<T>(arns: &[String], ask: impl AsyncFn(Vec<String>) -> Result<Vec<T>>) -> Result<Vec<T>> {
    let calls = arns.chunks(ARNS).map(|some| halved(some, &ask));
    Ok(try_join_all(calls).await?.into_iter().flatten().collect())
}

fn halved<'a, T: 'a>(
    arns: &'a [String],
    ask: &'a impl AsyncFn(Vec<String>) -> Result<Vec<T>>,
) -> LocalBoxFuture<'a, Result<Vec<T>>> {
    async move {
        match ask(arns.to_vec()).await {
            Err(it) if it.is_missing() && arns.len() > 1 => {
                let (one, two) = arns.split_at(arns.len() / 2);
                let (mut out, rest) = futures::try_join!(halved(one, ask), halved(two, ask))?;
                out.extend(rest);
                Ok(out)
            }
            Err(it) if it.is_missing() => Ok(Vec::new()),
            answer => answer,
        }
    }
    .boxed_local()
}

/// Asks about each, some at a time; what is not there is left out.
async fn each<T>(keys: &[String], ask: impl AsyncFn(&str) -> Result<T>) -> Result<HashMap<String, T>> {
    let ask = &ask;
    let asked = stream::iter(keys).map(|key| async move {
        Ok::<_, Error>(there(ask(key.as_str()).await)?.map(|it| (key.clone(), it)))
    });
    let answers = asked.buffer_unordered(AT_ONCE).try_collect::<Vec<_>>().await?;
    Ok(answers.into_iter().flatten().collect())
}

/// `None` where there is none.
fn there<T>(answer: Result<T>) -> Result<Option<T>> {
    match answer {
        Ok(it) => Ok(Some(it)),
        Err(it) if it.is_missing() => Ok(None),
        Err(it) => Err(it),
    }
}

/// Text that says something.
fn stated(text: &Option<String>) -> Option<&str> {
    text.as_deref().filter(|it| !it.is_empty())
}

/// An import id that is the ARN of a thing of this sort, such as `listener`.
fn arn_of(sort: &str, id: &str) -> Result<String> {
    match id.starts_with("arn:") && id.contains(&format!(":{sort}/")) {
        true => Ok(id.to_owned()),
        false => Err(Error::Invalid(format!("it is no ARN of a {}", sort.replace('-', " ")))),
    }
}

/// Named by a name that somebody else's has already: the service would hand that one over.
fn taken(code: &str, what: &str, name: &str) -> Error {
    Error::Refused {
        code: code.to_owned(),
        message: format!("a {what} named `{name}` exists already: choose another name, or import it"),
        request: None,
    }
}

/// A part that a stack has to say, and that the service leaves out where nothing was asked for.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Needed<T>(pub T);

impl<T> Deref for Needed<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}
impl<'de, T: Deserialize<'de> + Default> Deserialize<'de> for Needed<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        Ok(Needed(Option::<T>::deserialize(from)?.unwrap_or_default()))
    }
}
impl<T: JsonSchema> JsonSchema for Needed<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<T>()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[test]
    fn one_that_is_gone_does_not_spoil_it_for_the_others() {
        let arns: Vec<String> = (0..25).map(|it| it.to_string()).collect();
        let asked = RefCell::new(Vec::new());
        let ask = async |some: Vec<String>| {
            asked.borrow_mut().push(some.len());
            match some.iter().any(|it| it == "7") {
                true => Err(Error::Missing { code: "TargetGroupNotFound".into(), message: "gone".into() }),
                false => Ok(some),
            }
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let found = runtime.block_on(described(&arns, ask)).unwrap();
        assert_eq!(found.len(), 24);
        assert!(asked.into_inner().len() <= 12);
    }
}
