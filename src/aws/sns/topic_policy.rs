use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{SNS, each, topic_attributes};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::json::normal;
use crate::resource::*;

/// Who may do what with a topic. Without one, the topic's own account may do everything.
///
/// ```toml
/// [aws_sns_topic_policy.orders]
/// arn = "${aws_sns_topic.orders.arn}"
/// policy = '''${jsonencode({
///   Version = "2012-10-17"
///   Statement = [{
///     Effect = "Allow"
///     Principal = { Service = "events.amazonaws.com" }
///     Action = "sns:Publish"
///     Resource = aws_sns_topic.orders.arn
///   }]
/// })}'''
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TopicPolicy {
    /// The topic's ARN.
    #[schemars(regex(pattern = r"^arn:.+$"))]
    pub arn: Fixed<String>,
    /// The policy document.
    pub policy: Json,
    /// The topic's ARN.
    pub id: Computed<String>,
    /// The account that owns the topic.
    pub owner: Computed<String>,
}

impl Resource for TopicPolicy {
    const TYPE: &'static str = "aws_sns_topic_policy";
    const IMPORT: &'static [&'static str] = &["arn:aws:sns:eu-west-1:123456789012:orders"];
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads = Reads::of(
        &[Cost::each("sns:GetTopicAttributes").same()],
        "a call tells of one topic, its policy included",
    );
    const BATCH: usize = 10_000; // each is asked about by itself
    const PATIENCE: Duration = Duration::from_secs(120);
    const PASSING: &'static [&'static [Passing]] = &[SNS];
    const VANISHES: bool = false; // every topic has a policy
    type Key = String;

    fn key(&self) -> String {
        self.arn.0.clone()
    }

    fn import(arn: &str) -> Result<String> {
        match arn.starts_with("arn:") {
            true => Ok(arn.to_owned()),
            false => Err(Error::Invalid("a topic's policy is imported by the topic's ARN".to_owned())),
        }
    }

    async fn read(aws: &Aws, arns: &[String]) -> Result<Vec<Live<Self>>> {
        let ask = async |arn: &str| topic_attributes(aws, arn).await;
        each(arns, ask, |arn, mut it| {
            let mut text = |name: &str| it.remove(name).unwrap_or_default();
            let attributes = TopicPolicy {
                arn: Fixed(arn.to_owned()),
                policy: Json(text("Policy")),
                id: Computed(arn.to_owned()),
                owner: Computed(text("Owner")),
            };
            Live { key: arn.to_owned(), attributes, tags: None, status: Status::Ready, unread: &[] }
        })
        .await
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<String> {
        self.put(aws, &self.policy).await?;
        Ok(self.key())
    }

    async fn update(&self, aws: &Aws, _was: &Self) -> Result<()> {
        self.put(aws, &self.policy).await
    }

    // A topic cannot be without a policy: it goes back to the one that it was born with.
    async fn delete(&self, aws: &Aws) -> Result<()> {
        self.put(aws, &self.first().to_string()).await
    }

    // Setting a policy twice is setting it once.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<String>> {
        Ok(None)
    }
}

impl TopicPolicy {
    async fn put(&self, aws: &Aws, policy: &str) -> Result<()> {
        let policy = normal(policy).unwrap_or_else(|| policy.to_owned());
        let call = aws.sns().set_topic_attributes().topic_arn(&self.arn.0).attribute_name("Policy");
        call.attribute_value(policy).send().await?;
        Ok(())
    }

    /// The policy that SNS gives every new topic.
    fn first(&self) -> serde_json::Value {
        let owner = match self.owner.as_str() {
            "" => self.arn.split(':').nth(4).unwrap_or_default(),
            it => it,
        };
        let actions = [
            "GetTopicAttributes",
            "SetTopicAttributes",
            "AddPermission",
            "RemovePermission",
            "DeleteTopic",
            "Subscribe",
            "ListSubscriptionsByTopic",
            "Publish",
            "Receive",
        ];
        json!({
            "Version": "2008-10-17",
            "Id": "__default_policy_ID",
            "Statement": [{
                "Sid": "__default_statement_ID",
                "Effect": "Allow",
                "Principal": { "AWS": "*" },
                "Action": actions.map(|it| format!("SNS:{it}")),
                "Resource": *self.arn,
                "Condition": { "StringEquals": { "AWS:SourceOwner": owner } },
            }],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_policy_is_for_the_owner() {
        let arn = "arn:aws:sns:eu-west-1:123456789012:orders";
        let of = |owner: &str| TopicPolicy {
            arn: Fixed(arn.to_owned()),
            policy: Json::default(),
            id: Computed(arn.to_owned()),
            owner: Computed(owner.to_owned()),
        };
        for owner in ["", "123456789012"] {
            let first = of(owner).first();
            let statement = &first["Statement"][0];
            assert_eq!(statement["Condition"]["StringEquals"]["AWS:SourceOwner"], "123456789012");
            assert_eq!(statement["Resource"], arn);
            assert_eq!(statement["Action"][8], "SNS:Receive");
        }
    }
}
