use std::time::Duration;

use aws_sdk_s3::types::{EventBridgeConfiguration, NotificationConfiguration};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{S3, each, there};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::resource::*;

mod target;

pub use target::{Function, Queue, Topic};

/// Whom S3 tells of what happens in a bucket. A bucket has one of these: what it does not say is not told.
///
/// ```toml
/// [aws_s3_bucket_notification.files]
/// bucket = "${aws_s3_bucket.files.id}"
/// queue = [{ queue_arn = "arn:aws:sqs:eu-west-1:123456789012:new-files", events = ["s3:ObjectCreated:*"], filter_suffix = ".jpg" }]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BucketNotification {
    /// The bucket.
    pub bucket: Fixed<String>,
    /// Tell EventBridge of everything.
    #[serde(default)]
    pub eventbridge: bool,
    /// Functions that are told.
    #[serde(default)]
    pub lambda_function: Vec<Function>,
    /// Queues that are told.
    #[serde(default)]
    pub queue: Vec<Queue>,
    /// Topics that are told.
    #[serde(default)]
    pub topic: Vec<Topic>,
    /// The bucket's name.
    pub id: Computed<String>,
}

impl Resource for BucketNotification {
    const TYPE: &'static str = "aws_s3_bucket_notification";
    const IMPORT: &'static [&'static str] = &["acme-data"];
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads = Reads::of(
        &[Cost::each("s3:GetBucketNotificationConfiguration")],
        "S3 tells one part of one bucket a call",
    );
    const PATIENCE: Duration = Duration::from_secs(120);
    const PASSING: &'static [&'static [Passing]] = &[
        S3,
        // The permission to tell it was given a moment ago.
        &[Passing::unseen("InvalidArgument").saying("unable to validate the following destination")],
    ];
    const VANISHES: bool = false; // every bucket has one, that tells nobody
    type Key = String;

    fn key(&self) -> String {
        self.bucket.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, buckets: &[String]) -> Result<Vec<Live<Self>>> {
        each(buckets, |bucket| async move {
            let answer = aws.s3().get_bucket_notification_configuration().bucket(&bucket).send().await;
            Ok(there(answer.map_err(Error::from))?.map(|it| Live {
                key: bucket.clone(),
                status: Status::Ready,
                tags: None,
                unread: &[],
                attributes: BucketNotification {
                    eventbridge: it.event_bridge_configuration.is_some(),
                    lambda_function: target::seen_all(it.lambda_function_configurations),
                    queue: target::seen_all(it.queue_configurations),
                    topic: target::seen_all(it.topic_configurations),
                    id: Computed(bucket.clone()),
                    bucket: Fixed(bucket),
                },
            }))
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
        let nothing = NotificationConfiguration::builder().build();
        let call = aws.s3().put_bucket_notification_configuration().bucket(self.key());
        call.notification_configuration(nothing).send().await?;
        Ok(())
    }

    // S3 keeps no order.
    fn as_kept(mut self, kept: &Self) -> Self {
        target::in_order(&mut self.lambda_function, &kept.lambda_function);
        target::in_order(&mut self.queue, &kept.queue);
        target::in_order(&mut self.topic, &kept.topic);
        self
    }

    // Put twice is put once.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<String>> {
        Ok(None)
    }
}

impl BucketNotification {
    async fn put(&self, aws: &Aws) -> Result<()> {
        let config = NotificationConfiguration::builder()
            .set_event_bridge_configuration(
                self.eventbridge.then(|| EventBridgeConfiguration::builder().build()),
            )
            .set_lambda_function_configurations(target::sent_all(&self.lambda_function)?)
            .set_queue_configurations(target::sent_all(&self.queue)?)
            .set_topic_configurations(target::sent_all(&self.topic)?);
        let call = aws.s3().put_bucket_notification_configuration().bucket(self.key());
        call.notification_configuration(config.build()).send().await?;
        Ok(())
    }
}
