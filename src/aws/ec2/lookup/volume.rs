use aws_sdk_ec2::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::ec2::filters::{Filter, Search};
use crate::aws::ec2::launch_template::options::said;
use crate::aws::ec2::tags;
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// A disk that is there already.
///
/// ```toml
/// [data.aws_ebs_volume.store]
/// most_recent = true
/// filter = [{ name = "tag:Name", values = ["store"] }]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Volume {
    /// Of several, take the newest.
    #[serde(default)]
    pub most_recent: bool,
    /// All of its labels. A `filter` such as `tag:Name` searches by one.
    pub tags: Chosen<Tags>,
    /// Only those that these find.
    #[serde(default)]
    pub filter: Set<Filter>,
    pub timeouts: Option<TimeoutsRead>,
    /// Such as `vol-0a1b2c`.
    pub id: Computed<String>,
    /// The volume's ARN.
    pub arn: Computed<String>,
    /// Zone such as `eu-west-1a`.
    pub availability_zone: Computed<Option<String>>,
    /// When it was made.
    pub create_time: Computed<Option<String>>,
    /// Whether it is encrypted.
    pub encrypted: Computed<Option<bool>>,
    /// Operations a second.
    pub iops: Computed<Option<i64>>,
    /// The key that it is encrypted with.
    pub kms_key_id: Computed<Option<String>>,
    /// Whether several instances may use it at once.
    pub multi_attach_enabled: Computed<Option<bool>>,
    /// The Outpost that holds it.
    pub outpost_arn: Computed<Option<String>>,
    /// Its size in GiB.
    pub size: Computed<Option<i64>>,
    /// The snapshot that it was made of.
    pub snapshot_id: Computed<Option<String>>,
    /// MiB a second.
    pub throughput: Computed<Option<i64>>,
    /// Such as `vol-0a1b2c`.
    pub volume_id: Computed<String>,
    /// `gp3`, `io2`, `st1`, …
    pub volume_type: Computed<Option<String>>,
}

impl DataSource for Volume {
    const TYPE: &'static str = "aws_ebs_volume";
    const READS: Reads = Reads::of(
        &[Cost::each("ec2:DescribeVolumes"), Cost::once("sts:GetCallerIdentity")],
        "a call finds one by its arguments; the account that its ARN names is asked for where it is not told",
    );

    async fn read(self, aws: &Aws) -> Result<Self> {
        let filters = Search::new(&self.filter, &Tags::new()).filters();
        let call = aws.ec2().describe_volumes().set_filters(filters);
        let it = pick(call.into_paginator().items().send().try_collect().await?, self.most_recent)?;
        let id: String = seen(it.volume_id);
        let arn = match it.volume_arn {
            Some(arn) => arn,
            None => aws.arn("ec2", &format!("volume/{id}")).await?,
        };
        Ok(Volume {
            tags: Chosen(tags(it.tags)),
            arn: arn.into(),
            availability_zone: seen(it.availability_zone),
            create_time: it.create_time.as_ref().and_then(said).into(),
            encrypted: seen(it.encrypted),
            iops: seen(it.iops),
            kms_key_id: seen(it.kms_key_id),
            multi_attach_enabled: seen(it.multi_attach_enabled),
            outpost_arn: seen(it.outpost_arn),
            size: seen(it.size),
            snapshot_id: seen(it.snapshot_id),
            throughput: seen(it.throughput),
            volume_id: id.clone().into(),
            volume_type: seen(it.volume_type),
            id: id.into(),
            ..self
        })
    }
}

fn pick(found: Vec<sdk::Volume>, newest: bool) -> Result<sdk::Volume> {
    let count = found.len();
    if count > 1 && !newest {
        let text = format!(
            "{count} volumes fit and one is wanted; say more in `filter`, or set `most_recent = true`"
        );
        return Err(Error::Invalid(text));
    }
    // Of several of one second, the last.
    let newest = found.into_iter().max_by_key(|it| it.create_time.map(|it| it.secs()));
    newest.ok_or_else(|| Error::Invalid("no volume fits; look at `filter`".to_owned()))
}

#[cfg(test)]
mod tests {
    use aws_sdk_ec2::primitives::DateTime;

    use super::*;

    fn volume(id: &str, made: i64) -> sdk::Volume {
        sdk::Volume::builder().volume_id(id).create_time(DateTime::from_secs(made)).build()
    }

    #[test]
    fn the_newest_is_taken_where_that_is_asked_for() {
        let all = || vec![volume("a", 2), volume("b", 3), volume("c", 3), volume("d", 1)];
        assert_eq!(pick(all(), true).unwrap().volume_id.as_deref(), Some("c"));
        assert!(pick(all(), false).unwrap_err().to_string().contains("most_recent"));
        assert_eq!(pick(vec![volume("a", 2)], false).unwrap().volume_id.as_deref(), Some("a"));
        assert!(pick(Vec::new(), true).unwrap_err().to_string().contains("no volume fits"));
    }
}
