//! Whom S3 tells: functions, queues and topics, which differ in the name of their ARN only.

use aws_sdk_s3::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::aws::Result;
use crate::aws::shape::built;
use crate::resource::{Chosen, Set};

/// What the three have in common.
pub(super) trait Target: Sized {
    type Sdk;
    fn sent(&self) -> Result<Self::Sdk>;
    fn seen(it: Self::Sdk) -> Self;
    /// Its name, ARN, events and filters.
    fn parts(&self) -> (Option<&str>, &str, &Set<String>, [Option<&str>; 2]);
}

macro_rules! targets {
    ($($(#[$doc:meta])* $name:ident: $sdk:ident, $prefix:literal { $(#[$arn_doc:meta])* $arn:ident: $ty:ty })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $(#[$arn_doc])*
            pub $arn: $ty,
            /// Of what it is told, such as `s3:ObjectCreated:*`.
            pub events: Set<String>,
            /// Only of objects whose key begins with this.
            pub filter_prefix: Option<String>,
            /// Only of objects whose key ends in this.
            pub filter_suffix: Option<String>,
            /// Unique in the bucket; else one is made up.
            pub id: Chosen<Option<String>>,
        }

        impl Target for $name {
            type Sdk = sdk::$sdk;

            fn sent(&self) -> Result<sdk::$sdk> {
                let it = sdk::$sdk::builder()
                    .id(name(self, $prefix))
                    .$arn(self.parts().1)
                    .set_events(Some(self.events.iter().map(|it| it.as_str().into()).collect()))
                    .set_filter(filter(self.parts().3));
                built(it.build())
            }

            fn seen(it: sdk::$sdk) -> Self {
                let [filter_prefix, filter_suffix] = filters(it.filter);
                $name {
                    $arn: it.$arn.into(),
                    events: it.events.iter().map(|it| it.as_str().to_owned()).collect(),
                    filter_prefix,
                    filter_suffix,
                    id: Chosen(it.id),
                }
            }

            fn parts(&self) -> (Option<&str>, &str, &Set<String>, [Option<&str>; 2]) {
                let filters = [stated(&self.filter_prefix), stated(&self.filter_suffix)];
                (stated(&self.id), self.$arn.text(), &self.events, filters)
            }
        }
    )*};
}

targets! {
    /// A function that is told.
    Function: LambdaFunctionConfiguration, "tf-s3-lambda-" {
        /// The function's ARN; S3 needs the permission to invoke it.
        lambda_function_arn: Option<String>
    }
    /// A queue that is told.
    Queue: QueueConfiguration, "tf-s3-queue-" {
        /// The queue's ARN; its policy has to let S3 send to it.
        queue_arn: String
    }
    /// A topic that is told.
    Topic: TopicConfiguration, "tf-s3-topic-" {
        /// The topic's ARN; its policy has to let S3 publish to it.
        topic_arn: String
    }
}

/// A text, or one that may be absent.
trait Text {
    fn text(&self) -> &str;
}

impl Text for String {
    fn text(&self) -> &str {
        self
    }
}

impl Text for Option<String> {
    fn text(&self) -> &str {
        self.as_deref().unwrap_or_default()
    }
}

fn stated(it: &Option<String>) -> Option<&str> {
    it.as_deref().filter(|it| !it.is_empty())
}

/// Its name, or one made of what it says: the same on every attempt.
fn name(it: &impl Target, prefix: &str) -> String {
    let (id, arn, events, filters) = it.parts();
    if let Some(id) = id {
        return id.to_owned();
    }
    let mut events = events.0.clone();
    events.sort();
    let said = format!("{arn} {events:?} {filters:?}");
    let digest: String = Sha256::digest(said).iter().map(|it| format!("{it:02x}")).collect();
    format!("{prefix}{}", &digest[..26])
}

fn filter([prefix, suffix]: [Option<&str>; 2]) -> Option<sdk::NotificationConfigurationFilter> {
    let rule = |name: sdk::FilterRuleName, value: Option<&str>| {
        Some(sdk::FilterRule::builder().name(name).value(value?).build())
    };
    let rules = [rule(sdk::FilterRuleName::Prefix, prefix), rule(sdk::FilterRuleName::Suffix, suffix)];
    let rules: Vec<_> = rules.into_iter().flatten().collect();
    (!rules.is_empty()).then(|| {
        let key = sdk::S3KeyFilter::builder().set_filter_rules(Some(rules)).build();
        sdk::NotificationConfigurationFilter::builder().key(key).build()
    })
}

/// Prefix and suffix. S3 writes their names with a capital letter.
fn filters(it: Option<sdk::NotificationConfigurationFilter>) -> [Option<String>; 2] {
    let rules = it.and_then(|it| it.key).and_then(|it| it.filter_rules).unwrap_or_default();
    let of = |name: &str| {
        let is = |it: &&sdk::FilterRule| it.name().is_some_and(|it| it.as_str().eq_ignore_ascii_case(name));
        rules.iter().find(is).and_then(|it| it.value.clone())
    };
    [of("prefix"), of("suffix")]
}

pub(super) fn sent_all<T: Target>(all: &[T]) -> Result<Option<Vec<T::Sdk>>> {
    let each = all.iter().map(Target::sent).collect::<Result<Vec<_>>>()?;
    Ok((!each.is_empty()).then_some(each))
}

pub(super) fn seen_all<T: Target>(answer: Option<Vec<T::Sdk>>) -> Vec<T> {
    answer.unwrap_or_default().into_iter().map(T::seen).collect()
}

/// Puts them into the order of `kept`; others follow.
pub(super) fn in_order<T: Target>(all: &mut [T], kept: &[T]) {
    let same = |a: &T, b: &T| {
        let ((id, arn, events, filters), (kept_id, kept_arn, kept_events, kept_filters)) =
            (a.parts(), b.parts());
        match kept_id {
            Some(kept_id) => id == Some(kept_id),
            None => (arn, filters) == (kept_arn, kept_filters) && events == kept_events,
        }
    };
    all.sort_by_key(|it| kept.iter().position(|kept| same(it, kept)).unwrap_or(usize::MAX));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(prefix: &str, id: Option<&str>) -> Queue {
        Queue {
            queue_arn: "arn:aws:sqs:eu-west-1:123456789012:it".into(),
            events: Set(vec!["s3:ObjectCreated:*".into()]),
            filter_prefix: Some(prefix.into()),
            filter_suffix: None,
            id: Chosen(id.map(str::to_owned)),
        }
    }

    #[test]
    fn names_are_made_of_what_is_said() {
        let sent = |it: &Queue| it.sent().expect("whole").id.expect("a name");
        assert_eq!(sent(&queue("a/", None)), sent(&queue("a/", None)));
        assert_ne!(sent(&queue("a/", None)), sent(&queue("b/", None)));
        assert!(sent(&queue("a/", None)).starts_with("tf-s3-queue-"));
        assert_eq!(sent(&queue("a/", Some("mine"))), "mine");
    }

    #[test]
    fn the_order_is_that_of_the_stack() {
        let mut seen = vec![queue("b/", Some("two")), queue("a/", Some("one"))];
        in_order(&mut seen, &[queue("a/", None), queue("b/", Some("two"))]);
        assert_eq!(seen[0].id.as_deref(), Some("one"));
    }
}
