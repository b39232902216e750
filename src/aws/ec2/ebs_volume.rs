use std::time::Duration;

use aws_sdk_ec2::types::{self as sdk, ResourceType, VolumeState};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::launch_template::options::said;
use super::{EC2, arn, described, marked, tagged, tags};
use crate::aws::shape::{given, seen};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

mod change;
mod plan;
mod snapshot;

/// A disk of EBS that lives without an instance.
///
/// It grows and changes its type in place, and never shrinks.
///
/// ```toml
/// [aws_ebs_volume.store]
/// availability_zone = "eu-west-1a"
/// size = 40
/// type = "gp3"
/// encrypted = true
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EbsVolume {
    /// Zone such as `eu-west-1a`: that of the instances that are to use it.
    pub availability_zone: Fixed<String>,
    /// Its size in GiB; that of the snapshot where absent.
    pub size: Chosen<Option<i64>>,
    /// The snapshot that it is made of.
    pub snapshot_id: Chosen<Fixed<Option<String>>>,
    /// `gp3`, `gp2`, `io2`, `io1`, `st1`, `sc1` or `standard`.
    pub r#type: Chosen<Option<String>>,
    /// Operations a second, for `io1`, `io2` and `gp3`.
    pub iops: Chosen<Option<i64>>,
    /// MiB a second, for `gp3`.
    #[schemars(range(min = 125, max = 1000))]
    pub throughput: Chosen<Option<i64>>,
    /// Whether it is encrypted.
    pub encrypted: Chosen<Fixed<Option<bool>>>,
    /// ARN of the key that it is encrypted with.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub kms_key_id: Chosen<Fixed<Option<String>>>,
    /// Let several instances use it at once; for `io1` and `io2`.
    pub multi_attach_enabled: Fixed<Option<bool>>,
    /// The Outpost that holds it.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub outpost_arn: Fixed<Option<String>>,
    /// Take a snapshot before it is removed. The snapshot has the volume's labels, and stays.
    #[serde(default)]
    pub final_snapshot: Local<bool>,
    pub timeouts: Option<Timeouts>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// Such as `vol-0a1b2c`.
    pub id: Computed<String>,
    /// The volume's ARN.
    pub arn: Computed<String>,
    /// When it was made.
    pub create_time: Computed<Option<String>>,
}

/// Types of volumes whose operations a second can be said.
const WITH_IOPS: [&str; 3] = ["io1", "io2", "gp3"];

/// What passes with time for volumes, besides.
const VOLUMES: &[Passing] = &[
    // It is still attached to an instance.
    Passing::in_use("VolumeInUse"),
    // One change after the other.
    Passing::busy("IncorrectModificationState"),
    // One snapshot after the other.
    Passing::busy("SnapshotCreationPerVolumeRateExceeded").on(&[Op::Delete]),
];

impl Resource for EbsVolume {
    const TYPE: &'static str = "aws_ebs_volume";
    const IMPORT: &'static [&'static str] = &["vol-0a1b2c3d4e5f67890"];
    const TAGS: TagApi = TagApi::Ec2;
    const MARKED: bool = true;
    const READS: Reads = Reads::of(&[Cost::page("ec2:DescribeVolumes", 1000)], "a call takes 1,000 ids");
    const BATCH: usize = super::IDS;
    const PATIENCE: Duration = Duration::from_secs(300);
    const DELETE_PATIENCE: Duration = Duration::from_secs(600);
    const CREATE_SECONDS: u32 = 10;
    const PASSING: &'static [&'static [Passing]] = &[EC2, VOLUMES];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, ids: &[String]) -> Result<Vec<Live<Self>>> {
        let found = described(aws, "volume-id", ids, async |ids, filters| {
            let call = aws.ec2().describe_volumes().set_volume_ids(ids).set_filters(filters);
            Ok(call.into_paginator().items().send().try_collect().await?)
        });
        let mut found: Vec<sdk::Volume> = found.await?;
        found.retain(|it| it.state != Some(VolumeState::Deleted));
        // The ARN names the account, which the answer may leave out and the state knows.
        let silent = found.iter().any(|it| it.volume_arn.is_none() && it.owner_id.is_none());
        let account = match aws.exact() && silent {
            true => Some(aws.account().await?.id.as_str()),
            false => None,
        };
        Ok(found.into_iter().map(|it| live(aws, account, it)).collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let answer = aws
            .ec2()
            .create_volume()
            .client_token(&new.token)
            .availability_zone(&**self.availability_zone)
            .set_size(given(&self.size))
            .set_snapshot_id(given(&self.snapshot_id))
            .set_volume_type(given(&self.r#type))
            .set_iops(given(&self.iops))
            .set_throughput(given(&self.throughput))
            .set_encrypted(given(&self.encrypted))
            .set_kms_key_id(given(&self.kms_key_id))
            .set_multi_attach_enabled(given(&self.multi_attach_enabled))
            .set_outpost_arn(given(&self.outpost_arn))
            .set_tag_specifications(tagged(ResourceType::Volume, &new.tags))
            .send()
            .await?;
        answer.volume_id.ok_or(Error::Incomplete("the volume's id"))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        change::change(self, aws, was).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        if *self.final_snapshot {
            snapshot::take(self, aws).await?;
        }
        aws.ec2().delete_volume().volume_id(self.key()).send().await?;
        Ok(())
    }

    // The client token makes a repeated create harmless only for a while.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let Some(id) = marked(aws, &new.token).await? else { return Ok(None) };
        let there = Self::read(aws, std::slice::from_ref(&id)).await?;
        Ok(there.into_iter().find(|it| it.key == id).map(|it| it.key))
    }

    fn adjust(plan: &mut Adjust) {
        plan::adjust(plan);
    }

    async fn blockers(&self, aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        let mut out = Blockers::default();
        if is_in_use::<Self>(op, error) {
            let answer = aws.ec2().describe_volumes().volume_ids(self.key()).send().await?;
            let volumes = answer.volumes.unwrap_or_default().into_iter();
            let users = volumes.flat_map(|it| it.attachments.unwrap_or_default());
            out.add(users.map(|it| {
                let instance = Blocker::new("instance", it.instance_id().unwrap_or_default());
                let device = it.device().unwrap_or("one of its disks");
                instance.of(format!("the volume is attached as {device}"))
            }));
        }
        Ok(out)
    }
}

fn status(it: &sdk::Volume) -> Status {
    match &it.state {
        Some(word @ VolumeState::Creating) => Status::Pending(word.as_str().to_owned()),
        Some(word @ VolumeState::Deleting) => Status::Leaving(word.as_str().to_owned()),
        Some(VolumeState::Error) => {
            let why = "AWS could not make the volume; its key may be disabled or out of reach";
            Status::Failed(why.to_owned())
        }
        _ => Status::Ready,
    }
}

fn live(aws: &Aws, account: Option<&str>, it: sdk::Volume) -> Live<EbsVolume> {
    let id: String = seen(it.volume_id.clone());
    let status = status(&it);
    let owner = it.owner_id.as_deref().or(account);
    let told = it.volume_arn.is_some() || owner.is_some();
    let name = it.volume_arn.clone().unwrap_or_else(|| arn(aws, owner, &format!("volume/{id}")));
    Live {
        key: id.clone(),
        status,
        tags: Some(tags(it.tags)),
        unread: if told { &[] } else { &["arn"] },
        attributes: EbsVolume {
            availability_zone: seen(it.availability_zone),
            size: seen(it.size),
            snapshot_id: seen(it.snapshot_id),
            r#type: seen(it.volume_type),
            iops: seen(it.iops),
            throughput: seen(it.throughput),
            encrypted: seen(it.encrypted),
            kms_key_id: seen(it.kms_key_id),
            multi_attach_enabled: seen(it.multi_attach_enabled),
            outpost_arn: seen(it.outpost_arn),
            final_snapshot: Local(false),
            timeouts: None,
            tags: None,
            tags_all: Chosen::default(),
            id: id.into(),
            arn: name.into(),
            create_time: it.create_time.as_ref().and_then(said).into(),
        },
    }
}
