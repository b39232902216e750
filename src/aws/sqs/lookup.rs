use aws_sdk_sqs::types::QueueAttributeName as Name;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{attributes, tags_of, there};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// A queue that is there already.
///
/// ```toml
/// [data.aws_sqs_queue.tasks]
/// name = "tasks"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    /// Its name.
    pub name: String,
    /// Its labels.
    pub tags: Chosen<Tags>,
    /// The queue's address.
    pub id: Computed<String>,
    /// The queue's address.
    pub url: Computed<String>,
    /// The queue's ARN.
    pub arn: Computed<String>,
}

impl DataSource for Queue {
    const TYPE: &'static str = "aws_sqs_queue";
    const READS: Reads = Reads::of(
        &[
            Cost::each("sqs:GetQueueUrl"),
            Cost::each("sqs:GetQueueAttributes").same(),
            Cost::each("sqs:ListQueueTags"),
        ],
        "its address, its ARN and its labels have a call each",
    );

    async fn read(self, aws: &Aws) -> Result<Self> {
        let answer = aws.sqs().get_queue_url().queue_name(&self.name).send().await.map_err(Error::from);
        let missing = || Error::Invalid(format!("there is no queue `{}` in this region", self.name));
        let url = there(answer)?.and_then(|it| it.queue_url).ok_or_else(missing)?;
        let told = attributes(aws, &url, Name::QueueArn);
        let (mut told, tags) = futures::try_join!(told, tags_of(aws, &url))?;
        Ok(Queue {
            tags: Chosen(tags.unwrap_or_default()),
            id: url.clone().into(),
            url: url.into(),
            arn: seen(told.remove(&Name::QueueArn)),
            ..self
        })
    }
}
