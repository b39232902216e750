use aws_sdk_cloudwatchlogs::types as sdk;
use futures::stream::{self, StreamExt, TryStreamExt};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{IN_GROUP, Place};
use crate::aws::pages::there;
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::resource::*;

/// A sequence of events in a log group.
///
/// ```toml
/// [aws_cloudwatch_log_stream.audit]
/// log_group_name = "${aws_cloudwatch_log_group.web.name}"
/// name = "audit"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LogStream {
    /// The group that holds it.
    pub log_group_name: Fixed<String>,
    /// Unique in the group; holds no `:` and no `*`.
    #[schemars(length(min = 1, max = 512), regex(pattern = r"^[^:*]+$"))]
    pub name: Fixed<String>,
    /// The stream's name.
    pub id: Computed<String>,
    /// The stream's ARN.
    pub arn: Computed<String>,
}

/// How many questions about single streams are under way at once.
const AT_ONCE: usize = 5;

impl Resource for LogStream {
    const TYPE: &'static str = "aws_cloudwatch_log_stream";
    const IMPORT: &'static [&'static str] = &["/shop/web:audit"];
    const TAGS: TagApi = TagApi::None;
    const READS: Reads = Reads::of(
        &[Cost::each("logs:DescribeLogStreams")],
        "a call finds one stream by its name; a group may hold any number of others",
    );
    const BATCH: usize = 10_000; // each is asked about by itself
    const PASSING: &'static [&'static [Passing]] = &[IN_GROUP];
    type Key = Place;

    fn key(&self) -> Place {
        Place { group: self.log_group_name.0.clone(), name: self.name.0.clone() }
    }

    fn import(id: &str) -> Result<Place> {
        Place::import(id, "stream")
    }

    async fn read(aws: &Aws, places: &[Place]) -> Result<Vec<Live<Self>>> {
        let each = stream::iter(places)
            .map(async |place| Ok::<_, Error>(described(aws, place).await?.map(|it| live(place, it))));
        each.buffer_unordered(AT_ONCE).try_filter_map(async |it| Ok(it)).try_collect().await
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<Place> {
        let call = aws.logs().create_log_stream().log_group_name(&**self.log_group_name);
        call.log_stream_name(&**self.name).send().await?;
        Ok(self.key())
    }

    async fn update(&self, _aws: &Aws, _was: &Self) -> Result<()> {
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let call = aws.logs().delete_log_stream().log_group_name(&**self.log_group_name);
        call.log_stream_name(&**self.name).send().await?;
        Ok(())
    }

    // CreateLogStream takes no token, but a name stands once in a group.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<Place>> {
        let made = described(aws, &self.key()).await?.and_then(|it| it.creation_time);
        Ok(new.may_have_made(made.map(|it| it / 1000)).then(|| self.key()))
    }
}

/// By its name, which comes first among those that start with it. `None` where there is none, or no such
/// group.
async fn described(aws: &Aws, it: &Place) -> Result<Option<sdk::LogStream>> {
    let call = aws.logs().describe_log_streams().log_group_name(&it.group).log_stream_name_prefix(&it.name);
    let Some(page) = there(call.send().await.map_err(Error::from))? else { return Ok(None) };
    let mut all = page.log_streams.unwrap_or_default().into_iter();
    Ok(all.find(|one| one.log_stream_name.as_ref() == Some(&it.name)))
}

fn live(place: &Place, it: sdk::LogStream) -> Live<LogStream> {
    let attributes = LogStream {
        log_group_name: Fixed(place.group.clone()),
        name: Fixed(place.name.clone()),
        id: Computed(place.name.clone()),
        arn: seen(it.arn),
    };
    Live { key: place.clone(), attributes, tags: None, status: Status::Ready, unread: &[] }
}
