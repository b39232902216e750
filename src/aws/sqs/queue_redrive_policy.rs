use std::time::Duration;

use aws_sdk_sqs::types::QueueAttributeName as Name;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{SQS, each, set_attributes};
use crate::aws::{Aws, Result, TagApi};
use crate::lang::json::normal;
use crate::resource::*;

/// Where the messages of a queue go that nobody could work on. It stands by itself, so that two queues may
/// name each other.
///
/// ```toml
/// [aws_sqs_queue_redrive_policy.tasks]
/// queue_url = "${aws_sqs_queue.tasks.id}"
/// redrive_policy = '${jsonencode({ deadLetterTargetArn = aws_sqs_queue.failed.arn, maxReceiveCount = 4 })}'
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QueueRedrivePolicy {
    /// The queue's address.
    pub queue_url: Fixed<String>,
    /// JSON with `deadLetterTargetArn`, the other queue, and `maxReceiveCount`, how often a message is tried.
    pub redrive_policy: Json,
    /// The queue's address.
    pub id: Computed<String>,
}

impl Resource for QueueRedrivePolicy {
    const TYPE: &'static str = "aws_sqs_queue_redrive_policy";
    const IMPORT: &'static [&'static str] = &["https://sqs.eu-west-1.amazonaws.com/123456789012/tasks"];
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads = Reads::of(
        &[Cost::each("sqs:GetQueueAttributes").same()],
        "a call tells of one queue, its redrive policy included",
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
        each(aws, urls, Name::RedrivePolicy, |url, mut it| {
            let policy = it.remove(&Name::RedrivePolicy).filter(|it| !it.is_empty())?;
            let attributes = QueueRedrivePolicy {
                queue_url: Fixed(url.to_owned()),
                redrive_policy: Json(policy),
                id: Computed(url.to_owned()),
            };
            Some(Live { key: url.to_owned(), attributes, tags: None, status: Status::Ready, unread: &[] })
        })
        .await
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<String> {
        self.put(aws).await?;
        Ok(self.key())
    }

    async fn update(&self, aws: &Aws, _was: &Self) -> Result<()> {
        self.put(aws).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        set_attributes(aws, &self.queue_url, [(Name::RedrivePolicy, String::new())].into()).await
    }

    // Setting a policy twice is setting it once.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<String>> {
        Ok(None)
    }
}

impl QueueRedrivePolicy {
    async fn put(&self, aws: &Aws) -> Result<()> {
        let policy = normal(&self.redrive_policy).unwrap_or_else(|| self.redrive_policy.0.clone());
        set_attributes(aws, &self.queue_url, [(Name::RedrivePolicy, policy)].into()).await
    }
}
