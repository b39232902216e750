//! Where a cache sends its logs.

use aws_sdk_elasticache::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::shape::{seen, sent};
use crate::resource::Set;

/// Sends one of the logs somewhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LogDelivery {
    /// Name of the log group, or of the Firehose stream.
    pub destination: String,
    /// `cloudwatch-logs` or `kinesis-firehose`.
    #[schemars(extend("enum" = ["cloudwatch-logs", "kinesis-firehose"]))]
    pub destination_type: String,
    /// `json` or `text`.
    #[schemars(extend("enum" = ["json", "text"]))]
    pub log_format: String,
    /// `slow-log` or `engine-log`.
    #[schemars(extend("enum" = ["engine-log", "slow-log"]))]
    pub log_type: String,
}

impl From<&LogDelivery> for sdk::LogDeliveryConfigurationRequest {
    fn from(it: &LogDelivery) -> Self {
        let to = sdk::DestinationDetails::builder();
        let to = match it.destination_type.as_str() {
            "kinesis-firehose" => to.kinesis_firehose_details(
                sdk::KinesisFirehoseDestinationDetails::builder().delivery_stream(&it.destination).build(),
            ),
            _ => to.cloud_watch_logs_details(
                sdk::CloudWatchLogsDestinationDetails::builder().log_group(&it.destination).build(),
            ),
        };
        sdk::LogDeliveryConfigurationRequest::builder()
            .enabled(true)
            .destination_details(to.build())
            .set_destination_type(sent(&it.destination_type))
            .set_log_format(sent(&it.log_format))
            .set_log_type(sent(&it.log_type))
            .build()
    }
}

/// What a create is told.
pub fn wanted(all: &Set<LogDelivery>) -> Option<Vec<sdk::LogDeliveryConfigurationRequest>> {
    Some(all.iter().map(Into::into).collect()).filter(|it: &Vec<_>| !it.is_empty())
}

/// What an update is told: all that is wanted, and that of a log which goes nowhere any more.
pub fn changed(
    all: &Set<LogDelivery>,
    was: &Set<LogDelivery>,
) -> Option<Vec<sdk::LogDeliveryConfigurationRequest>> {
    if all == was {
        return None;
    }
    let off = was.iter().filter(|was| !all.iter().any(|it| it.log_type == was.log_type)).map(|it| {
        let off = sdk::LogDeliveryConfigurationRequest::builder().enabled(false);
        off.set_log_type(sent(&it.log_type)).build()
    });
    Some(all.iter().map(Into::into).chain(off).collect())
}

/// What AWS does.
pub fn live(answer: Option<Vec<sdk::LogDeliveryConfiguration>>) -> Set<LogDelivery> {
    let one = |it: sdk::LogDeliveryConfiguration| {
        let to = it.destination_details?;
        let group = to.cloud_watch_logs_details.and_then(|it| it.log_group);
        let stream = to.kinesis_firehose_details.and_then(|it| it.delivery_stream);
        Some(LogDelivery {
            destination: group.or(stream)?,
            destination_type: seen(it.destination_type),
            log_format: seen(it.log_format),
            log_type: seen(it.log_type),
        })
    };
    answer.unwrap_or_default().into_iter().filter_map(one).collect()
}
