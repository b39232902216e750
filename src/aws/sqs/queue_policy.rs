use std::time::Duration;

use aws_sdk_sqs::types::QueueAttributeName as Name;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{SQS, each, set_attributes};
use crate::aws::{Aws, Result, TagApi};
use crate::resource::*;

/// Who may do what with a queue.
///
/// ```toml
/// [aws_sqs_queue_policy.tasks]
/// queue_url = "${aws_sqs_queue.tasks.id}"
/// policy = '''${jsonencode({
///   Version = "2012-10-17"
///   Statement = [{
///     Effect = "Allow"
///     Principal = { Service = "events.amazonaws.com" }
///     Action = "sqs:SendMessage"
///     Resource = "*"
///   }]
/// })}'''
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QueuePolicy {
    /// The queue's address.
    pub queue_url: Fixed<String>,
    /// The policy document.
    pub policy: Json,
    /// The queue's address.
    pub id: Computed<String>,
}

impl Resource for QueuePolicy {
    const TYPE: &'static str = "aws_sqs_queue_policy";
    const SCHEMA_VERSION: u64 = 1;
    const IMPORT: &'static [&'static str] = &["https://sqs.eu-west-1.amazonaws.com/123456789012/tasks"];
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads = Reads::of(
        &[Cost::each("sqs:GetQueueAttributes").same()],
        "a call tells of one queue, its policy included",
    );
    const BATCH: usize = 10_000; // each is asked about by itself
    const PATIENCE: Duration = Duration::from_secs(180);
    const PASSING: &'static [&'static [Passing]] = &[SQS];
    type Key = String;

    fn key(&self) -> String {
        self.queue_url.0.clone()
    }

    fn import(url: &str) -> Result<String> {
        super::queue::Queue::import(url)
    }

    async fn read(aws: &Aws, urls: &[String]) -> Result<Vec<Live<Self>>> {
        each(aws, urls, Name::Policy, |url, mut it| {
            let policy = it.remove(&Name::Policy).filter(|it| !it.is_empty())?;
            let attributes = QueuePolicy {
                queue_url: Fixed(url.to_owned()),
                policy: Json(policy),
                id: Computed(url.to_owned()),
            };
            Some(Live { key: url.to_owned(), attributes, tags: None, status: Status::Ready, unread: &[] })
        })
        .await
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<String> {
        set_policy(aws, &self.queue_url, &self.policy).await?;
        Ok(self.key())
    }

    async fn update(&self, aws: &Aws, _was: &Self) -> Result<()> {
        set_policy(aws, &self.queue_url, &self.policy).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        set_policy(aws, &self.queue_url, "").await
    }

    // Setting a policy twice is setting it once.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<String>> {
        Ok(None)
    }
}

async fn set_policy(aws: &Aws, url: &str, policy: &str) -> Result<()> {
    set_attributes(aws, url, [(Name::Policy, policy.to_owned())].into()).await
}
