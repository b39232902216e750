use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Document;

use super::{Attributes, SNS, Wanted, changes, each, there};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// Delivers what is published to a topic to one place.
///
/// Mail and HTTP addresses have to confirm it: until they do, SNS holds it as pending, and forgets it after some
/// days.
///
/// ```toml
/// [aws_sns_topic_subscription.tasks]
/// topic_arn = "${aws_sns_topic.orders.arn}"
/// protocol = "sqs"
/// endpoint = "${aws_sqs_queue.tasks.arn}"
/// filter_policy = '${jsonencode({ kind = ["placed", "changed"] })}'
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subscription {
    /// The topic.
    #[schemars(regex(pattern = "^arn:.+$"))]
    pub topic_arn: Fixed<String>,
    /// What sort of place it is: `sqs`, `lambda`, `email`, `https`, …
    #[schemars(extend("enum" = [
        "application", "email", "email-json", "firehose", "http", "https", "lambda", "sms", "sqs"
    ]))]
    pub protocol: Fixed<String>,
    /// The place: an ARN, an address, a number.
    pub endpoint: Fixed<String>,
    /// An HTTP address confirms by itself, so that an apply waits for it.
    #[serde(default)]
    pub endpoint_auto_confirms: Local<bool>,
    /// How many minutes such an address may take.
    #[serde(default = "a_minute")]
    pub confirmation_timeout_in_minutes: Local<i64>,
    /// Which messages are delivered.
    pub filter_policy: Option<Json>,
    /// What that is about: `MessageAttributes` or `MessageBody`.
    #[schemars(extend("enum" = ["MessageAttributes", "MessageBody"]))]
    pub filter_policy_scope: Chosen<Option<String>>,
    /// Deliver messages as they are, without SNS's envelope.
    #[serde(default)]
    pub raw_message_delivery: bool,
    /// How delivery by HTTP is tried again.
    pub delivery_policy: Option<Json>,
    /// Where messages go that cannot be delivered.
    pub redrive_policy: Option<Json>,
    /// Which of the messages that a FIFO topic keeps are sent again.
    pub replay_policy: Option<Json>,
    /// Role that writes to Firehose.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub subscription_role_arn: Option<String>,
    /// The subscription's ARN.
    pub id: Computed<String>,
    /// The subscription's ARN.
    pub arn: Computed<String>,
    /// The account that owns it.
    pub owner_id: Computed<String>,
    /// Whether it has not been confirmed yet.
    pub pending_confirmation: Computed<bool>,
    /// Whether it took credentials to confirm it.
    pub confirmation_was_authenticated: Computed<bool>,
}

fn a_minute() -> Local<i64> {
    Local(1)
}

/// What a list says instead of the ARN of one that is not confirmed.
const PENDING: &str = "PendingConfirmation";
/// Attributes that are JSON.
const DOCUMENTS: &[&str] = &["FilterPolicy", "RedrivePolicy", "ReplayPolicy"];
const SCOPE: &str = "FilterPolicyScope";
const BY_ATTRIBUTES: &str = "MessageAttributes";

impl Resource for Subscription {
    const TYPE: &'static str = "aws_sns_topic_subscription";
    const IMPORT: &'static [&'static str] =
        &["arn:aws:sns:eu-west-1:123456789012:orders:8a21d249-4329-4871-acc6-7be709c6ea7f"];
    const TAGS: TagApi = TagApi::None;
    const READS: Reads =
        Reads::of(&[Cost::each("sns:GetSubscriptionAttributes")], "a call tells of one subscription");
    const BATCH: usize = 10_000; // each is asked about by itself
    const PATIENCE: Duration = Duration::from_secs(120);
    const PASSING: &'static [&'static [Passing]] = &[SNS];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(arn: &str) -> Result<String> {
        match arn.starts_with("arn:") && arn.split(':').count() == 7 {
            true => Ok(arn.to_owned()),
            false => Err(Error::Invalid("a subscription is imported by its ARN".to_owned())),
        }
    }

    async fn read(aws: &Aws, arns: &[String]) -> Result<Vec<Live<Self>>> {
        let ask = async |arn: &str| {
            let call = aws.sns().get_subscription_attributes().subscription_arn(arn);
            Ok(call.send().await?.attributes)
        };
        each(arns, ask, live).await
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<String> {
        let silent = |name: &str, it: &str| it.is_empty() || name == "RawMessageDelivery" && it == "false";
        let attributes = self.wanted().into_iter().filter(|it| !silent(it.0, &it.1));
        let attributes: Attributes = attributes.map(|(name, it)| (name.to_owned(), it)).collect();
        let call = aws.sns().subscribe().topic_arn(&*self.topic_arn).protocol(&*self.protocol);
        let call = call.endpoint(&*self.endpoint).return_subscription_arn(true);
        let answer = call.set_attributes(Some(attributes).filter(|it| !it.is_empty())).send().await?;
        answer.subscription_arn.ok_or(Error::Incomplete("the subscription's ARN"))
    }

    // A filter of bodies may be nested, one of attributes may not: the scope goes first or last.
    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let mut changed = changes(self.wanted(), &was.wanted(), DOCUMENTS);
        if self.delivery_policy.is_some() && same_delivery(&self.delivery_policy, &was.delivery_policy) {
            changed.remove("DeliveryPolicy");
        }
        // Without a filter SNS has no scope either.
        let scope = changed.remove(SCOPE).filter(|it| !it.is_empty());
        let (first, last) = match scope {
            Some(it) if it == BY_ATTRIBUTES => (None, Some(it)),
            other => (other, None),
        };
        let all = first.map(|it| (SCOPE, it)).into_iter().chain(changed);
        for (name, value) in all.chain(last.map(|it| (SCOPE, it))) {
            let value = match (name, value.as_str()) {
                ("FilterPolicy", "") => Some("{}".to_owned()),
                ("RedrivePolicy", "") => None,
                _ => Some(value),
            };
            let call = aws.sns().set_subscription_attributes().subscription_arn(was.key());
            call.attribute_name(name).set_attribute_value(value).send().await?;
        }
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        aws.sns().unsubscribe().subscription_arn(self.key()).send().await?;
        Ok(())
    }

    // SNS keeps one of a topic, protocol and endpoint: Subscribe gives the one that is there, and so does this.
    // One that nobody has confirmed is not shown, and goes by itself.
    async fn find(&self, aws: &Aws, _new: &New) -> Result<Option<String>> {
        let call = aws.sns().list_subscriptions_by_topic().topic_arn(&*self.topic_arn);
        let found = there(call.into_paginator().items().send().try_collect().await.map_err(Error::from))?;
        let ours = found.unwrap_or_default().into_iter().find(|it| {
            it.protocol.as_ref() == Some(&*self.protocol) && it.endpoint.as_ref() == Some(&*self.endpoint)
        });
        Ok(ours.and_then(|it| it.subscription_arn).filter(|it| it != PENDING))
    }

    // SNS refuses to remove one that nobody has confirmed: it goes by itself.
    fn is_left(&self) -> bool {
        *self.pending_confirmation
    }

    fn awaits(&self, _word: &str) -> bool {
        let http = self.protocol.starts_with("http");
        !self.protocol.starts_with("email") && (!http || *self.endpoint_auto_confirms)
    }

    fn patience(&self, op: Op) -> Option<Duration> {
        let confirms = self.protocol.starts_with("http") && *self.endpoint_auto_confirms;
        let minutes = u64::try_from(*self.confirmation_timeout_in_minutes).unwrap_or_default();
        (confirms && op == Op::Create).then(|| Duration::from_secs(minutes.saturating_mul(60)))
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        if same_delivery(&self.delivery_policy, &kept.delivery_policy) {
            self.delivery_policy = kept.delivery_policy.clone();
        }
        // SNS shows no passwords.
        if *self.endpoint == hidden(&kept.endpoint) {
            self.endpoint = kept.endpoint.clone();
        }
        self
    }

    fn adjust(plan: &mut Adjust) {
        let text = |it: Option<&Value>| it.and_then(Value::as_str).is_some_and(|it| !it.is_empty());
        let filter = plan.will("filter_policy");
        if filter.is_some_and(Value::is_unknown) {
            return;
        }
        let (has, scoped) = (text(filter), plan.config("filter_policy_scope").is_some());
        let had = plan.was.as_ref().map(|it| text(it.get("filter_policy")));
        let had_scope = plan.was.as_ref().is_some_and(|it| text(it.get("filter_policy_scope")));
        match (has, scoped) {
            (false, true) => {
                plan.error(
                    "filter_policy_scope",
                    "it says what `filter_policy` is about, which is not there",
                );
            }
            (true, false) if had_scope => plan.set("filter_policy_scope", BY_ATTRIBUTES.into()),
            // With the filter SNS takes up the scope, or drops it.
            (_, false) if had.is_some_and(|had| had != has) => plan.set_unknown("filter_policy_scope"),
            _ => {}
        }
    }
}

impl Subscription {
    fn wanted(&self) -> Wanted {
        let text = |it: &Option<String>| it.clone().unwrap_or_default();
        let json = |it: &Option<Json>| it.as_ref().map(|it| it.0.clone()).unwrap_or_default();
        Wanted::from([
            ("DeliveryPolicy", json(&self.delivery_policy)),
            ("FilterPolicy", json(&self.filter_policy)),
            (SCOPE, text(&self.filter_policy_scope)),
            ("RawMessageDelivery", self.raw_message_delivery.to_string()),
            ("RedrivePolicy", json(&self.redrive_policy)),
            ("ReplayPolicy", json(&self.replay_policy)),
            ("SubscriptionRoleArn", text(&self.subscription_role_arn)),
        ])
    }
}

/// Whether two of them mean the same. SNS adds what is not set, as null, zero or off.
fn same_delivery(a: &Option<Json>, b: &Option<Json>) -> bool {
    let meant = |it: &Option<Json>| {
        let text = it.as_ref().map(|it| it.0.as_str()).filter(|it| !it.trim().is_empty()).unwrap_or("{}");
        serde_json::from_str::<Document>(text).ok().map(without_nothing)
    };
    meant(a).is_some_and(|a| meant(b) == Some(a))
}

fn without_nothing(it: Document) -> Document {
    let nothing = |it: &Document| match it {
        Document::Null => true,
        Document::Bool(it) => !it,
        Document::Number(it) => it.as_f64() == Some(0.0),
        Document::String(it) => it.is_empty(),
        Document::Array(all) => all.is_empty(),
        Document::Object(all) => all.is_empty(),
    };
    match it {
        Document::Object(all) => {
            let kept = all.into_iter().map(|(k, v)| (k, without_nothing(v)));
            Document::Object(kept.filter(|it| !nothing(&it.1)).collect())
        }
        other => other,
    }
}

/// An address as SNS shows it: `https://user:****@example.com`.
fn hidden(endpoint: &str) -> String {
    let shown = || {
        let (scheme, rest) = endpoint.split_once("://")?;
        let (who, place) = rest.split_once('@').filter(|it| !it.0.contains('/'))?;
        let (user, _) = who.split_once(':')?;
        Some(format!("{scheme}://{user}:****@{place}"))
    };
    shown().unwrap_or_else(|| endpoint.to_owned())
}

fn live(arn: &str, mut it: Attributes) -> Live<Subscription> {
    let mut text = |name: &str| it.remove(name).filter(|it| !it.is_empty());
    let flag = |it: Option<String>| it.as_deref() == Some("true");
    let pending = flag(text("PendingConfirmation"));
    let attributes = Subscription {
        topic_arn: Fixed(text("TopicArn").unwrap_or_default()),
        protocol: Fixed(text("Protocol").unwrap_or_default()),
        endpoint: Fixed(text("Endpoint").unwrap_or_default()),
        endpoint_auto_confirms: Local(false),
        confirmation_timeout_in_minutes: a_minute(),
        filter_policy: text("FilterPolicy").filter(|it| it != "{}").map(Json),
        filter_policy_scope: Chosen(text(SCOPE)),
        raw_message_delivery: flag(text("RawMessageDelivery")),
        delivery_policy: text("DeliveryPolicy").map(Json),
        redrive_policy: text("RedrivePolicy").map(Json),
        replay_policy: text("ReplayPolicy").map(Json),
        subscription_role_arn: text("SubscriptionRoleArn"),
        id: Computed(arn.to_owned()),
        arn: Computed(arn.to_owned()),
        owner_id: Computed(text("Owner").unwrap_or_default()),
        pending_confirmation: Computed(pending),
        confirmation_was_authenticated: Computed(flag(text("ConfirmationWasAuthenticated"))),
    };
    let status = if pending { Status::Pending("not confirmed".to_owned()) } else { Status::Ready };
    Live { key: arn.to_owned(), attributes, tags: None, status, unread: &[] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sns_adds_to_a_delivery_policy_is_no_change() {
        let json = |it: &str| Some(Json(it.to_owned()));
        let ours = json(r#"{"healthyRetryPolicy": {"numRetries": 5, "minDelayTarget": 1}}"#);
        let theirs = json(
            r#"{"guaranteed":false,"healthyRetryPolicy":{"minDelayTarget":1,"numRetries":5,"numNoDelayRetries":0},"throttlePolicy":null}"#,
        );
        assert!(same_delivery(&ours, &theirs));
        assert!(!same_delivery(&ours, &json(r#"{"healthyRetryPolicy":{"numRetries":6}}"#)));
        assert!(same_delivery(&None, &json("{}")) && !same_delivery(&ours, &None));
    }

    #[test]
    fn passwords_are_not_shown() {
        assert_eq!(hidden("https://me:secret@example.com/a"), "https://me:****@example.com/a");
        assert_eq!(hidden("https://example.com/a@b:c"), "https://example.com/a@b:c");
    }
}
