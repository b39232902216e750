use std::time::Duration;

use aws_sdk_ec2::types::{self as sdk, FlowLogsResourceType, ResourceType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EC2, described, marked, tagged, tags, text, unsuccessful};
use crate::aws::shape::{seen, sent};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// Writes down what traffic passes the network interfaces of a VPC, a subnet or a transit gateway.
///
/// ```toml
/// [aws_flow_log.main]
/// vpc_id = "${aws_vpc.main.id}"
/// traffic_type = "REJECT"
/// log_destination_type = "s3"
/// log_destination = "arn:aws:s3:::acme-traffic"
/// destination_options = { file_format = "parquet", per_hour_partition = true }
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FlowLog {
    /// The VPC whose traffic is written down; or say one of the other four.
    pub vpc_id: Fixed<Option<String>>,
    /// The subnet.
    pub subnet_id: Fixed<Option<String>>,
    /// The network interface.
    pub eni_id: Fixed<Option<String>>,
    /// The transit gateway.
    pub transit_gateway_id: Fixed<Option<String>>,
    /// The transit gateway's attachment.
    pub transit_gateway_attachment_id: Fixed<Option<String>>,
    /// What gets through, what does not, or both: `ACCEPT`, `REJECT`, `ALL`.
    #[schemars(extend("enum" = ["ACCEPT", "REJECT", "ALL"]))]
    pub traffic_type: Fixed<Option<String>>,
    /// Where to: `cloud-watch-logs`, `s3` or `kinesis-data-firehose`.
    #[serde(default = "logs")]
    #[schemars(extend("enum" = ["cloud-watch-logs", "s3", "kinesis-data-firehose"]))]
    pub log_destination_type: Fixed<String>,
    /// ARN of the log group, bucket or stream.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub log_destination: Chosen<Fixed<Option<String>>>,
    /// The older way to say a log group: by its name.
    pub log_group_name: Chosen<Fixed<Option<String>>>,
    /// Role that writes to the log group.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub iam_role_arn: Fixed<Option<String>>,
    /// Role that writes to another account's stream.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub deliver_cross_account_role: Fixed<Option<String>>,
    /// The fields of a line, such as `${version} ${srcaddr} ${dstaddr}`.
    pub log_format: Chosen<Fixed<Option<String>>>,
    /// Over how many seconds traffic is summed up: 60 or 600.
    #[serde(default = "ten_minutes")]
    #[schemars(extend("enum" = [60, 600]))]
    pub max_aggregation_interval: Fixed<i64>,
    /// How files lie in the bucket.
    #[schemars(length(max = 1))]
    pub destination_options: Usual<Fixed<Vec<Files>>>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// Such as `fl-0a1b2c`.
    pub id: Computed<String>,
    /// The flow log's ARN.
    pub arn: Computed<String>,
}

/// How files lie in a bucket.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Files {
    /// `plain-text` or `parquet`.
    #[serde(default = "plain")]
    #[schemars(extend("enum" = ["plain-text", "parquet"]))]
    pub file_format: Fixed<String>,
    /// Name folders so that Hive finds its way.
    #[serde(default)]
    pub hive_compatible_partitions: Fixed<bool>,
    /// A folder an hour, not a day.
    #[serde(default)]
    pub per_hour_partition: Fixed<bool>,
}

fn logs() -> Fixed<String> {
    Fixed("cloud-watch-logs".to_owned())
}
fn ten_minutes() -> Fixed<i64> {
    Fixed(600)
}
fn plain() -> Fixed<String> {
    Fixed("plain-text".to_owned())
}

/// What CloudWatch Logs puts behind the ARN of a log group.
const ALL: &str = ":*";

impl Resource for FlowLog {
    const TYPE: &'static str = "aws_flow_log";
    const IMPORT: &'static [&'static str] = &["fl-0a1b2c3d4e5f67890"];
    const UNWRITTEN: &'static [&'static str] = &["log_group_name"];
    const TAGS: TagApi = TagApi::Ec2;
    const MARKED: bool = true;
    const READS: Reads = Reads::of(&[Cost::page("ec2:DescribeFlowLogs", 1000)], "a call takes 1,000 ids");
    const BATCH: usize = super::IDS;
    const PATIENCE: Duration = Duration::from_secs(120);
    const PASSING: &'static [&'static [Passing]] =
        &[EC2, &[Passing::unseen("InvalidParameter").saying("Unable to assume given IAM role")]];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, ids: &[String]) -> Result<Vec<Live<Self>>> {
        let found = described(aws, "flow-log-id", ids, async |ids, filters| {
            let call = aws.ec2().describe_flow_logs().set_flow_log_ids(ids).set_filter(filters);
            Ok(call.into_paginator().items().send().try_collect().await?)
        });
        let found: Vec<sdk::FlowLog> = found.await?;
        // The ARN names the account, which the answer leaves out and the state knows.
        let account = match aws.exact() && !found.is_empty() {
            true => Some(aws.account().await?.id.as_str()),
            false => None,
        };
        Ok(found.into_iter().map(|it| live(aws, account, it)).collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let (kind, of) = self.of().ok_or(Error::Incomplete("what the flow log is of"))?;
        let transit = of.starts_with("tgw-");
        let destination = text(&self.log_destination).map(|it| it.strip_suffix(ALL).unwrap_or(it));
        let answer = aws
            .ec2()
            .create_flow_logs()
            .client_token(&new.token)
            .resource_type(kind)
            .resource_ids(of)
            .set_traffic_type(text(&self.traffic_type).filter(|_| !transit).map(Into::into))
            .log_destination_type(self.log_destination_type.as_str().into())
            .set_log_destination(destination.map(str::to_owned))
            .set_log_group_name(text(&self.log_group_name).map(str::to_owned))
            .set_deliver_logs_permission_arn(text(&self.iam_role_arn).map(str::to_owned))
            .set_deliver_cross_account_role(text(&self.deliver_cross_account_role).map(str::to_owned))
            .set_log_format(text(&self.log_format).map(str::to_owned))
            .set_max_aggregation_interval(sent(&self.max_aggregation_interval))
            .set_destination_options(self.destination_options.first().map(Into::into))
            .set_tag_specifications(tagged(ResourceType::VpcFlowLog, &new.tags))
            .send()
            .await?;
        unsuccessful(answer.unsuccessful)?;
        let mut ids = answer.flow_log_ids.unwrap_or_default().into_iter();
        ids.next().ok_or(Error::Incomplete("the flow log's id"))
    }

    // Nothing but tags can change.
    async fn update(&self, _aws: &Aws, _was: &Self) -> Result<()> {
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let answer = aws.ec2().delete_flow_logs().flow_log_ids(self.key()).send().await?;
        unsuccessful(answer.unsuccessful)
    }

    // The client token makes a repeated create harmless only for a while.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let Some(id) = marked(aws, &new.token).await? else { return Ok(None) };
        let there = Self::read(aws, std::slice::from_ref(&id)).await?;
        Ok(there.into_iter().find(|it| it.key == id).map(|it| it.key))
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        // A transit gateway's is of all traffic, whatever is asked for.
        if self.of().is_some_and(|it| it.1.starts_with("tgw-")) {
            self.traffic_type = kept.traffic_type.clone();
        }
        self
    }

    fn adjust(plan: &mut Adjust) {
        plan.exactly_one(&OF);
        plan.at_most_one(&["log_destination", "log_group_name"]);
        let destination = plan.will("log_destination").and_then(Value::as_str);
        if let Some(bare) = destination.and_then(|it| it.strip_suffix(ALL)).map(str::to_owned) {
            plan.set("log_destination", bare.into());
        }
    }
}

/// What a flow log may be of.
const OF: [&str; 5] =
    ["vpc_id", "subnet_id", "eni_id", "transit_gateway_id", "transit_gateway_attachment_id"];

impl FlowLog {
    fn of(&self) -> Option<(FlowLogsResourceType, &str)> {
        let all = [
            (&self.vpc_id, FlowLogsResourceType::Vpc),
            (&self.transit_gateway_id, FlowLogsResourceType::TransitGateway),
            (&self.transit_gateway_attachment_id, FlowLogsResourceType::TransitGatewayAttachment),
            (&self.subnet_id, FlowLogsResourceType::Subnet),
            (&self.eni_id, FlowLogsResourceType::NetworkInterface),
        ];
        all.into_iter().find_map(|(id, kind)| Some((kind, text(id)?)))
    }
}

impl From<&Files> for sdk::DestinationOptionsRequest {
    fn from(it: &Files) -> Self {
        sdk::DestinationOptionsRequest::builder()
            .file_format(it.file_format.as_str().into())
            .hive_compatible_partitions(*it.hive_compatible_partitions)
            .per_hour_partition(*it.per_hour_partition)
            .build()
    }
}

impl From<sdk::DestinationOptionsResponse> for Files {
    fn from(it: sdk::DestinationOptionsResponse) -> Self {
        Files {
            file_format: seen(it.file_format),
            hive_compatible_partitions: seen(it.hive_compatible_partitions),
            per_hour_partition: seen(it.per_hour_partition),
        }
    }
}

fn live(aws: &Aws, account: Option<&str>, it: sdk::FlowLog) -> Live<FlowLog> {
    let id: String = seen(it.flow_log_id);
    let of: String = seen(it.resource_id);
    let begins = |start: &str| Fixed(Some(of.clone()).filter(|it| it.starts_with(start)));
    let attached = of.starts_with("tgw-attach-");
    let files = it.destination_options.map(Files::from);
    let attributes = FlowLog {
        vpc_id: begins("vpc-"),
        subnet_id: begins("subnet-"),
        eni_id: begins("eni-"),
        transit_gateway_id: Fixed(begins("tgw-").0.filter(|_| !attached)),
        transit_gateway_attachment_id: begins("tgw-attach-"),
        traffic_type: seen(it.traffic_type),
        log_destination_type: seen(it.log_destination_type),
        log_destination: seen(it.log_destination),
        log_group_name: seen(it.log_group_name),
        iam_role_arn: seen(it.deliver_logs_permission_arn),
        deliver_cross_account_role: seen(it.deliver_cross_account_role),
        log_format: seen(it.log_format),
        max_aggregation_interval: seen(it.max_aggregation_interval),
        destination_options: Usual(Fixed(files.into_iter().collect())),
        tags: None,
        tags_all: Chosen::default(),
        arn: super::arn(aws, account, &format!("vpc-flow-log/{id}")).into(),
        id: Computed(id.clone()),
    };
    let unread: &[&str] = if account.is_some() { &[] } else { &["arn"] };
    Live { key: id, attributes, tags: Some(tags(it.tags)), status: Status::Ready, unread }
}
