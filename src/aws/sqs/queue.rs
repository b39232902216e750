use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_sqs::types::QueueAttributeName as Name;
use regex_lite::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Attributes, SQS, each, same, set_attributes, there};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// A queue of messages.
///
/// ```toml
/// [aws_sqs_queue.tasks]
/// name = "tasks"
/// visibility_timeout_seconds = 120
/// redrive_policy = '''${jsonencode({
///   deadLetterTargetArn = "arn:aws:sqs:eu-west-1:123456789012:tasks-dead"
///   maxReceiveCount = 5
/// })}'''
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    /// Up to 80 letters, digits, `-` and `_`; that of a FIFO queue ends in `.fifo`. Else one is made up.
    pub name: Chosen<Fixed<Option<String>>>,
    /// Make up a unique name that starts with this.
    pub name_prefix: Chosen<Fixed<Option<String>>>,
    /// Keep the order of messages and deliver each once.
    #[serde(default)]
    pub fifo_queue: Fixed<bool>,
    /// Tell duplicates by their content. Of FIFO queues only.
    #[serde(default)]
    pub content_based_deduplication: bool,
    /// Among which messages duplicates are looked for: `messageGroup` or `queue`. Of FIFO queues only.
    #[schemars(extend("enum" = ["messageGroup", "queue"]))]
    pub deduplication_scope: Chosen<Option<String>>,
    /// What the throughput is limited for: `perQueue` or `perMessageGroupId`. Of FIFO queues only.
    #[schemars(extend("enum" = ["perQueue", "perMessageGroupId"]))]
    pub fifo_throughput_limit: Chosen<Option<String>>,
    /// How long a received message is hidden from others.
    #[serde(default = "half_a_minute")]
    #[schemars(range(min = 0, max = 43_200))]
    pub visibility_timeout_seconds: i64,
    /// How long a message is kept.
    #[serde(default = "four_days")]
    #[schemars(range(min = 60, max = 1_209_600))]
    pub message_retention_seconds: i64,
    /// The most bytes of one message.
    #[serde(default = "quarter_of_a_megabyte")]
    #[schemars(range(min = 1024, max = 1_048_576))]
    pub max_message_size: i64,
    /// How long a new message is held back.
    #[serde(default)]
    #[schemars(range(min = 0, max = 900))]
    pub delay_seconds: i64,
    /// How long a receive call waits for a message.
    #[serde(default)]
    #[schemars(range(min = 0, max = 20))]
    pub receive_wait_time_seconds: i64,
    /// Who may do what with the queue; or say it in an `aws_sqs_queue_policy`.
    pub policy: Chosen<Option<Json>>,
    /// Where messages go that nobody manages to work off.
    pub redrive_policy: Chosen<Option<Json>>,
    /// Which queues may send such messages here.
    pub redrive_allow_policy: Chosen<Option<Json>>,
    /// Encrypt with keys that SQS manages.
    pub sqs_managed_sse_enabled: Chosen<Option<bool>>,
    /// Encrypt with this key of KMS.
    pub kms_master_key_id: Option<String>,
    /// How long a data key is used again before KMS is asked for another.
    #[schemars(range(min = 60, max = 86_400))]
    pub kms_data_key_reuse_period_seconds: Chosen<Option<i64>>,
    pub timeouts: Option<Timeouts>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The queue's address.
    pub id: Computed<String>,
    /// The queue's address.
    pub url: Computed<String>,
    /// The queue's ARN.
    pub arn: Computed<String>,
}

fn half_a_minute() -> i64 {
    30
}
fn four_days() -> i64 {
    345_600
}
fn quarter_of_a_megabyte() -> i64 {
    262_144
}

const FIFO: &str = ".fifo";
/// How long AWS uses a data key again where nothing is said.
const REUSE: i64 = 300;

impl Resource for Queue {
    const TYPE: &'static str = "aws_sqs_queue";
    const IMPORT: &'static [&'static str] = &["https://sqs.eu-west-1.amazonaws.com/123456789012/tasks"];
    const TAGS: TagApi = TagApi::Sqs;
    const READS: Reads =
        Reads::of(&[Cost::each("sqs:GetQueueAttributes").same()], "a call tells of one queue");
    const BATCH: usize = 10_000; // each is asked about by itself
    const PATIENCE: Duration = Duration::from_secs(180);
    const PASSING: &'static [&'static [Passing]] = &[SQS];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(url: &str) -> Result<String> {
        match url.contains("://") && url.rsplit('/').next().is_some_and(|it| !it.is_empty()) {
            true => Ok(url.to_owned()),
            false => Err(Error::Invalid("a queue is imported by its URL".to_owned())),
        }
    }

    async fn read(aws: &Aws, urls: &[String]) -> Result<Vec<Live<Self>>> {
        each(aws, urls, Name::All, |url, it| Some(live(url, it))).await
    }

    // Repeated with the same name and attributes, it gives the queue that is there.
    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let attributes = self.wanted().into_iter().filter_map(|(k, v)| Some((k, v?))).collect();
        let tags = new.tags.iter().map(|(k, v)| (k.clone(), v.clone())).collect();
        let call = aws.sqs().create_queue().queue_name(self.new_name(new));
        let call = call.set_attributes(Some(attributes));
        let answer = call.set_tags(Some(tags).filter(|_| !new.tags.is_empty())).send().await?;
        answer.queue_url.ok_or(Error::Incomplete("the queue's address"))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        set_attributes(aws, &was.key(), self.changes(was)).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        aws.sqs().delete_queue().queue_url(self.key()).send().await?;
        Ok(())
    }

    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let answer = aws.sqs().get_queue_url().queue_name(self.new_name(new)).send().await;
        let Some(url) = there(answer.map_err(Error::from))?.and_then(|it| it.queue_url) else {
            return Ok(None);
        };
        let call = aws.sqs().get_queue_attributes().queue_url(&url).attribute_names(Name::CreatedTimestamp);
        let made = there(call.send().await.map_err(Error::from))?.and_then(|it| it.attributes);
        let made = made.and_then(|it| it.get(&Name::CreatedTimestamp)?.parse().ok());
        Ok(new.may_have_made(made).then_some(url))
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        // Without a key of KMS, AWS is silent about how long it would be used.
        if !is_said(&self.kms_master_key_id) && kept.kms_data_key_reuse_period_seconds.is_some() {
            self.kms_data_key_reuse_period_seconds = kept.kms_data_key_reuse_period_seconds.clone();
        }
        self
    }

    fn adjust(plan: &mut Adjust) {
        plan.at_most_one(&["name", "name_prefix"]);
        plan.at_most_one(&["kms_master_key_id", "sqs_managed_sse_enabled"]);
        let flag = |plan: &Adjust, name: &str| plan.will(name).and_then(|it| it.as_bool());
        let fifo = flag(plan, "fifo_queue");
        if fifo == Some(false) && flag(plan, "content_based_deduplication") == Some(true) {
            plan.error("content_based_deduplication", "only a FIFO queue knows it: set `fifo_queue = true`");
        }
        check_names(plan, fifo);
    }
}

fn is_said(text: &Option<String>) -> bool {
    text.as_deref().is_some_and(|it| !it.is_empty())
}

fn check_names(plan: &mut Adjust, fifo: Option<bool>) {
    let Some(fifo) = fifo else { return };
    let rest = if fifo {
        "75 letters, digits, `-` and `_`, then `.fifo`"
    } else {
        "80 letters, digits, `-` and `_`"
    };
    let patterns = match fifo {
        true => [("name", r"^[0-9A-Za-z_-]{1,75}\.fifo$"), ("name_prefix", r"^[0-9A-Za-z_-]{0,49}$")],
        false => [("name", r"^[0-9A-Za-z_-]{1,80}$"), ("name_prefix", r"^[0-9A-Za-z_-]{0,54}$")],
    };
    for (field, pattern) in patterns {
        let Some(text) = plan.config(field).and_then(|it| it.as_str()).filter(|it| !it.is_empty()) else {
            continue;
        };
        if Regex::new(pattern).is_ok_and(|it| !it.is_match(text)) {
            let sentence = format!("`{text}` does not do for a queue's name: up to {rest}");
            plan.error(field, sentence);
        }
    }
}

impl Queue {
    fn new_name(&self, new: &New) -> String {
        let (name, prefix) = (self.name.as_deref(), self.name_prefix.as_deref());
        let made = new.name(name, prefix);
        let given = name.is_some_and(|it| !it.is_empty());
        if self.fifo_queue.0 && !given { made + FIFO } else { made }
    }

    /// What SQS should hold; nothing where the stack leaves it to SQS.
    fn wanted(&self) -> BTreeMap<Name, Option<String>> {
        let json = |it: &Option<Json>| it.as_ref().map(|it| it.0.clone());
        let flag = |it: bool| it.then(|| "true".to_owned());
        let number = |it: i64| Some(it.to_string());
        BTreeMap::from([
            (Name::FifoQueue, flag(self.fifo_queue.0)),
            (Name::ContentBasedDeduplication, flag(self.content_based_deduplication)),
            (Name::DeduplicationScope, self.deduplication_scope.0.clone().filter(|it| !it.is_empty())),
            (Name::FifoThroughputLimit, self.fifo_throughput_limit.0.clone().filter(|it| !it.is_empty())),
            (Name::VisibilityTimeout, number(self.visibility_timeout_seconds)),
            (Name::MessageRetentionPeriod, number(self.message_retention_seconds)),
            (Name::MaximumMessageSize, number(self.max_message_size)),
            (Name::DelaySeconds, number(self.delay_seconds)),
            (Name::ReceiveMessageWaitTimeSeconds, number(self.receive_wait_time_seconds)),
            (Name::Policy, json(&self.policy).filter(|it| !it.is_empty())),
            (Name::RedrivePolicy, json(&self.redrive_policy).filter(|it| !it.is_empty())),
            (Name::RedriveAllowPolicy, json(&self.redrive_allow_policy).filter(|it| !it.is_empty())),
            (Name::SqsManagedSseEnabled, self.sqs_managed_sse_enabled.map(|it| it.to_string())),
            (Name::KmsMasterKeyId, self.kms_master_key_id.clone().filter(|it| !it.is_empty())),
            (
                Name::KmsDataKeyReusePeriodSeconds,
                self.kms_data_key_reuse_period_seconds.map(|it| it.to_string()),
            ),
        ])
    }

    /// What has to be sent so that SQS holds this.
    fn changes(&self, was: &Self) -> Attributes {
        let before = was.wanted();
        let changed = self.wanted().into_iter().filter_map(|(name, wanted)| {
            let wanted = wanted?;
            let old = before.get(&name).and_then(Option::as_deref).unwrap_or_default();
            (!same(&name, &wanted, old)).then_some((name, wanted))
        });
        changed.chain(self.unset(was)).collect()
    }

    /// What SQS holds and should not any more.
    fn unset(&self, was: &Self) -> Attributes {
        let emptied = |now: &Option<Json>, was: &Option<Json>| {
            now.as_ref().is_some_and(|it| it.is_empty()) && was.as_ref().is_some_and(|it| !it.is_empty())
        };
        let key = is_said(&was.kms_master_key_id) && !is_said(&self.kms_master_key_id);
        let by_content = was.content_based_deduplication && !self.content_based_deduplication;
        let all = [
            (Name::KmsMasterKeyId, "", key),
            (Name::ContentBasedDeduplication, "false", by_content),
            (Name::Policy, "", emptied(&self.policy, &was.policy)),
            (Name::RedrivePolicy, "", emptied(&self.redrive_policy, &was.redrive_policy)),
            (Name::RedriveAllowPolicy, "", emptied(&self.redrive_allow_policy, &was.redrive_allow_policy)),
        ];
        all.into_iter().filter(|it| it.2).map(|(name, value, _)| (name, value.to_owned())).collect()
    }
}

fn live(url: &str, mut it: Attributes) -> Live<Queue> {
    let mut text = |name: Name| it.remove(&name).filter(|it| !it.is_empty());
    let number = |it: Option<String>| it.and_then(|it| it.parse::<i64>().ok());
    let flag = |it: Option<String>| it.as_deref() == Some("true");
    let fifo = flag(text(Name::FifoQueue));
    let name = url.rsplit('/').next().unwrap_or_default();
    let unique = if fifo { name.strip_suffix(FIFO).unwrap_or(name) } else { name };
    let attributes = Queue {
        name: Chosen(Fixed(Some(name.to_owned()))),
        name_prefix: Chosen(Fixed(name_prefix(unique).filter(|it| !it.is_empty()))),
        fifo_queue: Fixed(fifo),
        content_based_deduplication: flag(text(Name::ContentBasedDeduplication)),
        deduplication_scope: Chosen(text(Name::DeduplicationScope)),
        fifo_throughput_limit: Chosen(text(Name::FifoThroughputLimit)),
        visibility_timeout_seconds: number(text(Name::VisibilityTimeout)).unwrap_or_default(),
        message_retention_seconds: number(text(Name::MessageRetentionPeriod)).unwrap_or_default(),
        max_message_size: number(text(Name::MaximumMessageSize)).unwrap_or_default(),
        delay_seconds: number(text(Name::DelaySeconds)).unwrap_or_default(),
        receive_wait_time_seconds: number(text(Name::ReceiveMessageWaitTimeSeconds)).unwrap_or_default(),
        policy: Chosen(text(Name::Policy).map(Json)),
        redrive_policy: Chosen(text(Name::RedrivePolicy).map(Json)),
        redrive_allow_policy: Chosen(text(Name::RedriveAllowPolicy).map(Json)),
        sqs_managed_sse_enabled: Chosen(Some(flag(text(Name::SqsManagedSseEnabled)))),
        kms_master_key_id: text(Name::KmsMasterKeyId),
        kms_data_key_reuse_period_seconds: Chosen(Some(
            number(text(Name::KmsDataKeyReusePeriodSeconds)).filter(|it| *it != 0).unwrap_or(REUSE),
        )),
        timeouts: None,
        tags: None,
        tags_all: Chosen::default(),
        id: Computed(url.to_owned()),
        url: Computed(url.to_owned()),
        arn: Computed(text(Name::QueueArn).unwrap_or_default()),
    };
    Live { key: url.to_owned(), attributes, tags: None, status: Status::Ready, unread: &[] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(json: serde_json::Value) -> Queue {
        serde_json::from_value(json).unwrap()
    }

    fn change(from: serde_json::Value, to: serde_json::Value) -> Vec<(String, String)> {
        let (from, to) = (queue(from), queue(to));
        let mut out: Vec<_> = to.changes(&from).into_iter().map(|(k, v)| (k.to_string(), v)).collect();
        out.sort();
        out
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn a_made_up_name_of_a_fifo_queue_keeps_its_prefix() {
        let new = New { token: "0123456789abcdef0123456789abcdef".to_owned(), since: 0, tags: Tags::new() };
        let made = queue(serde_json::json!({ "name_prefix": "a-", "fifo_queue": true })).new_name(&new);
        assert_eq!(made, "a-0123456789abcdef0123456789.fifo");
        let seen = live(&format!("http://x/1/{made}"), [(Name::FifoQueue, "true".to_owned())].into());
        assert_eq!(seen.attributes.name_prefix.as_deref(), Some("a-"));
        assert_eq!(
            queue(serde_json::json!({ "name": "b.fifo", "fifo_queue": true })).new_name(&new),
            "b.fifo"
        );
    }

    #[test]
    fn only_what_changes_is_sent() {
        use serde_json::json;
        assert_eq!(change(json!({}), json!({ "policy": null })), []);
        let delayed = change(json!({ "delay_seconds": 5 }), json!({}));
        assert_eq!(delayed, [pair("DelaySeconds", "0")]);
        let same = change(json!({ "policy": "{\"a\": 1}" }), json!({ "policy": "{\"a\":1}" }));
        assert_eq!(same, []);
    }

    #[test]
    fn what_goes_is_emptied() {
        use serde_json::json;
        let plain = change(
            json!({ "kms_master_key_id": "k", "fifo_queue": true, "content_based_deduplication": true }),
            json!({ "fifo_queue": true }),
        );
        assert_eq!(plain, [pair("ContentBasedDeduplication", "false"), pair("KmsMasterKeyId", "")]);
        let emptied = change(json!({ "redrive_policy": "{\"a\":1}" }), json!({ "redrive_policy": "" }));
        assert_eq!(emptied, [pair("RedrivePolicy", "")]);
        // Left out, it is AWS's to keep: perhaps a resource of its own sets it.
        assert_eq!(change(json!({ "policy": "{\"a\":1}" }), json!({})), []);
    }
}
