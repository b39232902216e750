use std::time::Duration;

use regex_lite::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Attributes, SNS, Wanted, changes, each, tags, tags_of, there, topic_attributes};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// A topic: who publishes to it reaches everybody who has subscribed.
///
/// ```toml
/// [aws_sns_topic.orders]
/// name = "orders"
/// display_name = "Orders"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// Up to 256 letters, digits, `-` and `_`; that of a FIFO topic ends in `.fifo`. Else one is made up.
    pub name: Chosen<Fixed<Option<String>>>,
    /// Make up a unique name that starts with this.
    pub name_prefix: Chosen<Fixed<Option<String>>>,
    /// The name that text messages begin with.
    pub display_name: Option<String>,
    /// Keep the order of messages and deliver each once.
    #[serde(default)]
    pub fifo_topic: Fixed<bool>,
    /// Tell duplicates by their content. Of FIFO topics only.
    #[serde(default)]
    pub content_based_deduplication: bool,
    /// What shares a FIFO topic's throughput: `Topic` or `MessageGroup`.
    #[schemars(extend("enum" = ["Topic", "MessageGroup"]))]
    pub fifo_throughput_scope: Chosen<Option<String>>,
    /// How long a FIFO topic keeps messages so that they can be sent again.
    pub archive_policy: Option<Json>,
    /// Who may do what with the topic.
    pub policy: Chosen<Option<Json>>,
    /// How delivery by HTTP is tried again.
    pub delivery_policy: Option<Json>,
    /// Encrypt with this key of KMS.
    pub kms_master_key_id: Option<String>,
    /// The version of the signature under messages.
    #[schemars(range(min = 1, max = 2))]
    pub signature_version: Chosen<Option<i64>>,
    /// `PassThrough`, or `Active` to have X-Ray follow messages.
    #[schemars(extend("enum" = ["Active", "PassThrough"]))]
    pub tracing_config: Chosen<Option<String>>,
    /// Role that writes logs of what could not be delivered to mobile applications.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub application_failure_feedback_role_arn: Option<String>,
    /// Role that writes logs of what was delivered to mobile applications.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub application_success_feedback_role_arn: Option<String>,
    /// The percentage of deliveries to mobile applications that is logged.
    #[schemars(range(min = 0, max = 100))]
    pub application_success_feedback_sample_rate: Option<i64>,
    /// Role that writes logs of what could not be delivered to Firehose.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub firehose_failure_feedback_role_arn: Option<String>,
    /// Role that writes logs of what was delivered to Firehose.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub firehose_success_feedback_role_arn: Option<String>,
    /// The percentage of deliveries to Firehose that is logged.
    #[schemars(range(min = 0, max = 100))]
    pub firehose_success_feedback_sample_rate: Option<i64>,
    /// Role that writes logs of what could not be delivered by HTTP.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub http_failure_feedback_role_arn: Option<String>,
    /// Role that writes logs of what was delivered by HTTP.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub http_success_feedback_role_arn: Option<String>,
    /// The percentage of deliveries by HTTP that is logged.
    #[schemars(range(min = 0, max = 100))]
    pub http_success_feedback_sample_rate: Option<i64>,
    /// Role that writes logs of what could not be delivered to Lambda functions.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub lambda_failure_feedback_role_arn: Option<String>,
    /// Role that writes logs of what was delivered to Lambda functions.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub lambda_success_feedback_role_arn: Option<String>,
    /// The percentage of deliveries to Lambda functions that is logged.
    #[schemars(range(min = 0, max = 100))]
    pub lambda_success_feedback_sample_rate: Option<i64>,
    /// Role that writes logs of what could not be delivered to queues.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub sqs_failure_feedback_role_arn: Option<String>,
    /// Role that writes logs of what was delivered to queues.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub sqs_success_feedback_role_arn: Option<String>,
    /// The percentage of deliveries to queues that is logged.
    #[schemars(range(min = 0, max = 100))]
    pub sqs_success_feedback_sample_rate: Option<i64>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The topic's ARN.
    pub id: Computed<String>,
    /// The topic's ARN.
    pub arn: Computed<String>,
    /// The account that owns the topic.
    pub owner: Computed<String>,
    /// Since when messages are kept.
    pub beginning_archive_time: Computed<String>,
}

const FIFO: &str = ".fifo";
/// Attributes that are JSON.
const DOCUMENTS: &[&str] = &["ArchivePolicy", "DeliveryPolicy", "Policy"];

/// The attributes about what is logged of deliveries: SNS's name of where to, and our fields.
macro_rules! feedback {
    ($with:ident) => {
        $with! {
            "Application": application_failure_feedback_role_arn, application_success_feedback_role_arn,
                application_success_feedback_sample_rate;
            "Firehose": firehose_failure_feedback_role_arn, firehose_success_feedback_role_arn,
                firehose_success_feedback_sample_rate;
            "HTTP": http_failure_feedback_role_arn, http_success_feedback_role_arn,
                http_success_feedback_sample_rate;
            "Lambda": lambda_failure_feedback_role_arn, lambda_success_feedback_role_arn,
                lambda_success_feedback_sample_rate;
            "SQS": sqs_failure_feedback_role_arn, sqs_success_feedback_role_arn,
                sqs_success_feedback_sample_rate;
        }
    };
}

impl Resource for Topic {
    const TYPE: &'static str = "aws_sns_topic";
    const IMPORT: &'static [&'static str] = &["arn:aws:sns:eu-west-1:123456789012:orders"];
    const TAGS: TagApi = TagApi::Sns;
    const MARKED: bool = true;
    const READS: Reads =
        Reads::of(&[Cost::each("sns:GetTopicAttributes").same()], "a call tells of one topic");
    const BATCH: usize = 10_000; // each is asked about by itself
    const PATIENCE: Duration = Duration::from_secs(120);
    const PASSING: &'static [&'static [Passing]] = &[SNS];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(arn: &str) -> Result<String> {
        match arn.starts_with("arn:") {
            true => Ok(arn.to_owned()),
            false => Err(Error::Invalid("a topic is imported by its ARN".to_owned())),
        }
    }

    async fn read(aws: &Aws, arns: &[String]) -> Result<Vec<Live<Self>>> {
        each(arns, async |arn: &str| topic_attributes(aws, arn).await, live).await
    }

    // The rest is said in `update`, an attribute a call.
    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let mut attributes = Attributes::new();
        if *self.fifo_topic {
            attributes.insert("FifoTopic".to_owned(), "true".to_owned());
            let scope = self.fifo_throughput_scope.0.clone().filter(|it| !it.is_empty());
            attributes.extend(scope.map(|it| ("FifoThroughputScope".to_owned(), it)));
        }
        let call = aws.sns().create_topic().name(self.new_name(new)).set_tags(tags(&new.tags)?);
        let attributes = Some(attributes).filter(|it| !it.is_empty());
        let answer = call.set_attributes(attributes).send().await?;
        answer.topic_arn.ok_or(Error::Incomplete("the topic's ARN"))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        for (name, value) in changes(self.wanted(), &was.wanted(), DOCUMENTS) {
            // There is always a policy.
            if name == "Policy" && value.is_empty() {
                continue;
            }
            let call = aws.sns().set_topic_attributes().topic_arn(was.key()).attribute_name(name);
            call.attribute_value(value).send().await?;
        }
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        aws.sns().delete_topic().topic_arn(self.key()).send().await?;
        Ok(())
    }

    // CreateTopic gives the one that is there, whoever made it.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let arn = aws.arn("sns", &self.new_name(new)).await?;
        let tags = tags_of(aws, &arn).await?.unwrap_or_default();
        let ours = tags.get(crate::aws::tags::MARK) == Some(&new.token);
        let call = aws.sns().get_topic_attributes().topic_arn(&arn).send().await;
        Ok(there(call.map_err(Error::from))?.filter(|_| ours).map(|_| arn))
    }

    fn adjust(plan: &mut Adjust) {
        plan.at_most_one(&["name", "name_prefix"]);
        let Some(fifo) = plan.will("fifo_topic").and_then(Value::as_bool) else { return };
        if plan.was.is_none() {
            check_names(plan, fifo);
        }
        let on = |it: Option<&Value>| it.and_then(Value::as_bool) == Some(true);
        if !fifo && on(plan.will("content_based_deduplication")) {
            plan.error("content_based_deduplication", "only a FIFO topic knows it: set `fifo_topic = true`");
        }
        for name in ["archive_policy", "fifo_throughput_scope"] {
            let said = plan.config(name).and_then(Value::as_str).is_some_and(|it| !it.is_empty());
            if !fifo && said {
                plan.error(name, "only a FIFO topic knows it: set `fifo_topic = true`");
            }
        }
    }
}

fn check_names(plan: &mut Adjust, fifo: bool) {
    let (rest, patterns) = match fifo {
        true => (
            "251 letters, digits, `-` and `_`, then `.fifo`",
            [("name", r"^[0-9A-Za-z_-]{1,251}\.fifo$"), ("name_prefix", r"^[0-9A-Za-z_-]{0,225}$")],
        ),
        false => (
            "256 letters, digits, `-` and `_`",
            [("name", r"^[0-9A-Za-z_-]{1,256}$"), ("name_prefix", r"^[0-9A-Za-z_-]{0,230}$")],
        ),
    };
    for (field, pattern) in patterns {
        let text = plan.config(field).and_then(Value::as_str).filter(|it| !it.is_empty());
        let Some(text) = text.map(str::to_owned) else { continue };
        if Regex::new(pattern).is_ok_and(|it| !it.is_match(&text)) {
            plan.error(field, format!("`{text}` does not do for a topic's name: up to {rest}"));
        }
    }
}

impl Topic {
    fn new_name(&self, new: &New) -> String {
        let (name, prefix) = (self.name.as_deref(), self.name_prefix.as_deref());
        let made = new.name(name, prefix);
        let given = name.is_some_and(|it| !it.is_empty());
        if self.fifo_topic.0 && !given { made + FIFO } else { made }
    }

    fn wanted(&self) -> Wanted {
        let text = |it: &Option<String>| it.clone().unwrap_or_default();
        let json = |it: &Option<Json>| it.as_ref().map(|it| it.0.clone()).unwrap_or_default();
        let number = |it: Option<i64>| it.unwrap_or_default().to_string();
        let mut out = Wanted::from([
            ("ArchivePolicy", json(&self.archive_policy)),
            ("ContentBasedDeduplication", self.content_based_deduplication.to_string()),
            ("DeliveryPolicy", json(&self.delivery_policy)),
            ("DisplayName", text(&self.display_name)),
            ("FifoThroughputScope", text(&self.fifo_throughput_scope)),
            ("KmsMasterKeyId", text(&self.kms_master_key_id)),
            ("Policy", json(&self.policy)),
            ("SignatureVersion", self.signature_version.map(|it| it.to_string()).unwrap_or_default()),
            ("TracingConfig", text(&self.tracing_config)),
        ]);
        macro_rules! add {
            ($($to:literal: $failure:ident, $success:ident, $rate:ident;)*) => {$(
                out.insert(concat!($to, "FailureFeedbackRoleArn"), text(&self.$failure));
                out.insert(concat!($to, "SuccessFeedbackRoleArn"), text(&self.$success));
                out.insert(concat!($to, "SuccessFeedbackSampleRate"), number(self.$rate));
            )*};
        }
        feedback!(add);
        out
    }
}

fn live(arn: &str, mut it: Attributes) -> Live<Topic> {
    let mut text = |name: &str| it.remove(name).filter(|it| !it.is_empty());
    let flag = |it: Option<String>| it.as_deref() == Some("true");
    let number = |it: Option<String>| it.and_then(|it| it.parse::<i64>().ok());
    let name = arn.rsplit(':').next().unwrap_or_default();
    let fifo = flag(text("FifoTopic"));
    let unique = if fifo { name.strip_suffix(FIFO).unwrap_or(name) } else { name };
    let mut attributes = Topic {
        name_prefix: Chosen(Fixed(name_prefix(unique).filter(|it| !it.is_empty()))),
        name: Chosen(Fixed(Some(name.to_owned()))),
        display_name: text("DisplayName"),
        fifo_topic: Fixed(fifo),
        content_based_deduplication: flag(text("ContentBasedDeduplication")),
        fifo_throughput_scope: Chosen(text("FifoThroughputScope")),
        archive_policy: text("ArchivePolicy").map(Json),
        policy: Chosen(text("Policy").map(Json)),
        delivery_policy: text("DeliveryPolicy").map(Json),
        kms_master_key_id: text("KmsMasterKeyId"),
        signature_version: Chosen(number(text("SignatureVersion"))),
        tracing_config: Chosen(text("TracingConfig")),
        application_failure_feedback_role_arn: None,
        application_success_feedback_role_arn: None,
        application_success_feedback_sample_rate: None,
        firehose_failure_feedback_role_arn: None,
        firehose_success_feedback_role_arn: None,
        firehose_success_feedback_sample_rate: None,
        http_failure_feedback_role_arn: None,
        http_success_feedback_role_arn: None,
        http_success_feedback_sample_rate: None,
        lambda_failure_feedback_role_arn: None,
        lambda_success_feedback_role_arn: None,
        lambda_success_feedback_sample_rate: None,
        sqs_failure_feedback_role_arn: None,
        sqs_success_feedback_role_arn: None,
        sqs_success_feedback_sample_rate: None,
        tags: None,
        tags_all: Chosen::default(),
        id: Computed(arn.to_owned()),
        arn: Computed(arn.to_owned()),
        owner: Computed(text("Owner").unwrap_or_default()),
        beginning_archive_time: Computed(text("BeginningArchiveTime").unwrap_or_default()),
    };
    macro_rules! fill {
        ($($to:literal: $failure:ident, $success:ident, $rate:ident;)*) => {$(
            attributes.$failure = text(concat!($to, "FailureFeedbackRoleArn"));
            attributes.$success = text(concat!($to, "SuccessFeedbackRoleArn"));
            attributes.$rate = number(text(concat!($to, "SuccessFeedbackSampleRate")));
        )*};
    }
    feedback!(fill);
    Live { key: arn.to_owned(), attributes, tags: None, status: Status::Ready, unread: &[] }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn topic(json: serde_json::Value) -> Topic {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn only_what_changes_is_sent() {
        let change = |from: serde_json::Value, to: serde_json::Value| {
            changes(topic(to).wanted(), &topic(from).wanted(), DOCUMENTS).into_iter().collect::<Vec<_>>()
        };
        assert_eq!(change(json!({ "policy": "{\"a\": 1}" }), json!({ "policy": "{\"a\":1}" })), []);
        let quiet = json!({ "sqs_success_feedback_sample_rate": 0 });
        assert_eq!(change(json!({}), quiet), []);
        let loud = json!({ "sqs_success_feedback_sample_rate": 5, "display_name": "d" });
        let sent = [("DisplayName", String::new()), ("SQSSuccessFeedbackSampleRate", "0".to_owned())];
        assert_eq!(change(loud, json!({})), sent);
    }

    #[test]
    fn a_made_up_name_of_a_fifo_topic_keeps_its_prefix() {
        let new = New { token: "0123456789abcdef0123456789abcdef".to_owned(), since: 0, tags: Tags::new() };
        let made = topic(json!({ "name_prefix": "a-", "fifo_topic": true })).new_name(&new);
        assert_eq!(made, "a-0123456789abcdef0123456789.fifo");
        let arn = format!("arn:aws:sns:eu-west-1:123456789012:{made}");
        let seen = live(&arn, [("FifoTopic".to_owned(), "true".to_owned())].into());
        assert_eq!(seen.attributes.name_prefix.as_deref(), Some("a-"));
    }
}
