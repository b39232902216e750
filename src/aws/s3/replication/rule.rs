//! What is copied.

use aws_sdk_s3::types::{self as sdk, builders::ReplicationRuleBuilder};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::destination::Destination;
use super::stated;
use crate::aws::Result;
use crate::aws::s3::lifecycle::Tag;
use crate::aws::shape::{built, seen, sent};
use crate::resource::{Chosen, One, Tags};

/// What goes where.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The rule's name.
    #[schemars(length(max = 255))]
    pub id: Chosen<Option<String>>,
    /// `Enabled` or `Disabled`.
    #[schemars(extend("enum" = ["Enabled", "Disabled"]))]
    pub status: String,
    /// Which rule is followed where several fit: that of the highest number. Only beside a `filter`.
    pub priority: Option<i64>,
    /// What keys begin with, in a rule of the older form. Deprecated: say it in `filter`.
    #[schemars(length(max = 1024))]
    pub prefix: Option<String>,
    /// Which objects; an empty one takes all of them. A rule with a filter is of the newer form.
    #[serde(default)]
    pub filter: One<Filter>,
    /// Whether markers of deletion are copied. Only beside a `filter`.
    #[serde(default)]
    pub delete_marker_replication: One<Mode>,
    /// Whether objects are copied that were there before. Only where AWS has allowed it.
    #[serde(default)]
    pub existing_object_replication: One<Mode>,
    /// Objects that are copied besides.
    #[serde(default)]
    pub source_selection_criteria: One<Source>,
    /// Where the copies go.
    #[serde(default)]
    #[schemars(length(min = 1, max = 1))]
    pub destination: One<Destination>,
}

/// Something that is done or not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mode {
    /// `Enabled` or `Disabled`.
    #[schemars(extend("enum" = ["Enabled", "Disabled"]))]
    pub status: String,
}

/// Which objects: one condition, or several in `and`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// What keys begin with.
    #[schemars(length(max = 1024))]
    pub prefix: Option<String>,
    /// With this tag.
    #[serde(default)]
    pub tag: One<Tag>,
    /// All of these conditions.
    #[serde(default)]
    pub and: One<And>,
}

/// Conditions that hold together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct And {
    /// What keys begin with.
    #[schemars(length(max = 1024))]
    pub prefix: Option<String>,
    /// With all of these tags.
    pub tags: Option<Tags>,
}

/// Objects that are copied besides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What is changed about copies is copied back.
    #[serde(default)]
    pub replica_modifications: One<Mode>,
    /// Objects that are encrypted with a key of KMS.
    #[serde(default)]
    pub sse_kms_encrypted_objects: One<Mode>,
}

impl Mode {
    fn of(status: impl AsRef<str>) -> Self {
        Mode { status: status.as_ref().to_owned() }
    }

    /// As the SDK's enum of this place.
    fn word<A: for<'a> From<&'a str>>(&self) -> A {
        self.status.as_str().into()
    }
}

impl Rule {
    pub(super) fn sent(&self) -> Result<sdk::ReplicationRule> {
        let deletions = self.delete_marker_replication.as_ref();
        let deletions = deletions.map(|it| sdk::DeleteMarkerReplication::builder().status(it.word()).build());
        let existing = self.existing_object_replication.as_ref();
        let existing =
            existing.map(|it| built(sdk::ExistingObjectReplication::builder().status(it.word()).build()));
        let source = self.source_selection_criteria.as_ref().map(Source::sent).transpose()?.flatten();
        let rule = sdk::ReplicationRule::builder()
            .set_id(stated(&self.id.0))
            .status(self.status.as_str().into())
            .set_delete_marker_replication(deletions)
            .set_existing_object_replication(existing.transpose()?)
            .set_source_selection_criteria(source)
            .set_destination(self.destination.as_ref().map(Destination::sent).transpose()?);
        // The two forms: S3 takes a priority beside a filter only, and a prefix in the place of one.
        let rule = match self.filter.as_ref() {
            Some(it) => rule.filter(it.sent()?).set_priority(sent(&self.priority.unwrap_or_default())),
            None => older(rule, self.prefix.clone().unwrap_or_default()),
        };
        built(rule.build())
    }
}

/// A rule of the older form.
#[allow(deprecated, reason = "the provider's attribute of that name")]
fn older(rule: ReplicationRuleBuilder, prefix: String) -> ReplicationRuleBuilder {
    rule.prefix(prefix)
}

impl From<sdk::ReplicationRule> for Rule {
    fn from(it: sdk::ReplicationRule) -> Self {
        #[allow(deprecated, reason = "the provider's attribute of that name")]
        let prefix = it.prefix;
        let deletions = it.delete_marker_replication.map(|it| Mode { status: seen(it.status) });
        Rule {
            id: Chosen(it.id),
            status: it.status.as_str().to_owned(),
            priority: seen(it.priority),
            prefix,
            filter: One(it.filter.map(Filter::from)),
            delete_marker_replication: One(deletions),
            existing_object_replication: One(it.existing_object_replication.map(|it| Mode::of(it.status))),
            source_selection_criteria: One(it.source_selection_criteria.map(Source::from)),
            destination: One(it.destination.map(Destination::from)),
        }
    }
}

impl Filter {
    /// Exactly one condition: that there is none is an empty prefix.
    fn sent(&self) -> Result<sdk::ReplicationRuleFilter> {
        let out = sdk::ReplicationRuleFilter::builder();
        let and = self.and.as_ref().filter(|it| !it.is_empty());
        let out = match (self.tag.as_ref(), and) {
            (Some(it), _) => out.tag(tag(&it.key, &it.value)?),
            (None, Some(it)) => out.and(it.sent()?),
            (None, None) => out.prefix(self.prefix.clone().unwrap_or_default()),
        };
        Ok(out.build())
    }
}

impl From<sdk::ReplicationRuleFilter> for Filter {
    fn from(it: sdk::ReplicationRuleFilter) -> Self {
        let and = |it: sdk::ReplicationRuleAndOperator| And {
            prefix: it.prefix,
            tags: it.tags.map(|it| it.into_iter().map(|it| (it.key, it.value)).collect()),
        };
        Filter {
            prefix: it.prefix,
            tag: One(it.tag.map(|it| Tag { key: it.key, value: it.value })),
            and: One(it.and.map(and)),
        }
    }
}

impl And {
    fn is_empty(&self) -> bool {
        stated(&self.prefix).is_none() && self.tags.as_ref().is_none_or(Tags::is_empty)
    }

    fn sent(&self) -> Result<sdk::ReplicationRuleAndOperator> {
        let tags = self.tags.iter().flatten().map(|(k, v)| tag(k, v)).collect::<Result<Vec<_>>>()?;
        let out = sdk::ReplicationRuleAndOperator::builder().set_prefix(stated(&self.prefix));
        Ok(out.set_tags((!tags.is_empty()).then_some(tags)).build())
    }
}

fn tag(key: &str, value: &str) -> Result<sdk::Tag> {
    built(sdk::Tag::builder().key(key).value(value).build())
}

impl Source {
    /// Nothing where it says nothing.
    fn sent(&self) -> Result<Option<sdk::SourceSelectionCriteria>> {
        let changes = self.replica_modifications.as_ref();
        let changes = changes.map(|it| built(sdk::ReplicaModifications::builder().status(it.word()).build()));
        let keys = self.sse_kms_encrypted_objects.as_ref();
        let keys = keys.map(|it| built(sdk::SseKmsEncryptedObjects::builder().status(it.word()).build()));
        let some = changes.is_some() || keys.is_some();
        let out = sdk::SourceSelectionCriteria::builder().set_replica_modifications(changes.transpose()?);
        let out = out.set_sse_kms_encrypted_objects(keys.transpose()?).build();
        Ok(some.then_some(out))
    }
}

impl From<sdk::SourceSelectionCriteria> for Source {
    fn from(it: sdk::SourceSelectionCriteria) -> Self {
        Source {
            replica_modifications: One(it.replica_modifications.map(|it| Mode::of(it.status))),
            sse_kms_encrypted_objects: One(it.sse_kms_encrypted_objects.map(|it| Mode::of(it.status))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(json: serde_json::Value) -> sdk::ReplicationRule {
        let rule: Rule = serde_json::from_value(json).unwrap();
        rule.sent().unwrap()
    }

    #[test]
    fn a_filter_makes_a_rule_of_the_newer_form() {
        let to = serde_json::json!([{ "bucket": "arn:aws:s3:::copies" }]);
        let newer = sent(serde_json::json!({ "status": "Enabled", "filter": [{}], "destination": to }));
        let prefix = newer.filter().and_then(|it| it.prefix());
        assert_eq!((prefix, newer.priority()), (Some(""), Some(0)));
        let older = sent(serde_json::json!({ "status": "Enabled", "priority": 3, "destination": to }));
        assert_eq!((older.filter(), older.priority()), (None, None));
        assert_eq!(Rule::from(older).prefix.as_deref(), Some(""));
    }

    #[test]
    fn what_was_sent_is_seen_as_it_was_written() {
        let json = serde_json::json!({
            "id": "all",
            "status": "Enabled",
            "priority": 3,
            "prefix": null,
            "filter": [{ "prefix": null, "tag": [], "and": [{ "prefix": "a/", "tags": { "b": "c" } }] }],
            "delete_marker_replication": [{ "status": "Disabled" }],
            "existing_object_replication": [],
            "source_selection_criteria": [
                { "replica_modifications": [{ "status": "Enabled" }], "sse_kms_encrypted_objects": [] }
            ],
            "destination": [{
                "bucket": "arn:aws:s3:::copies",
                "account": "123456789012",
                "storage_class": "STANDARD_IA",
                "access_control_translation": [{ "owner": "Destination" }],
                "encryption_configuration": [{ "replica_kms_key_id": "arn:aws:kms:eu-west-1:1:key/1" }],
                "metrics": [{ "status": "Enabled", "event_threshold": [{ "minutes": 15 }] }],
                "replication_time": [{ "status": "Enabled", "time": [{ "minutes": 15 }] }],
            }],
        });
        let there = Rule::from(sent(json.clone()));
        assert_eq!(serde_json::to_value(&there).unwrap(), json);
    }
}
