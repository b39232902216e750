//! A volume of EBS for each task.

use aws_sdk_ecs::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::Result;
use crate::aws::ecs::{seen_tags, sent_tags, stated};
use crate::aws::shape::{built, seen, sent};
use crate::resource::*;

/// A volume for each task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VolumeConfiguration {
    /// The volume of the task definition that this is.
    pub name: String,
    /// What is made.
    #[schemars(length(min = 1, max = 1))]
    pub managed_ebs_volume: One<Ebs>,
}

/// A volume of EBS.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ebs {
    /// ARN of the role by which ECS makes it.
    #[schemars(regex(pattern = r"^arn:.+$"))]
    pub role_arn: String,
    /// Whether it is encrypted.
    #[serde(default = "yes")]
    pub encrypted: Option<bool>,
    /// `xfs`, `ext4`, `ext3` or `ntfs`.
    #[serde(default = "xfs")]
    #[schemars(extend("enum" = ["ext3", "ext4", "xfs", "ntfs"]))]
    pub file_system_type: Option<String>,
    /// Reads and writes a second.
    pub iops: Option<i64>,
    /// The KMS key that encrypts it.
    pub kms_key_id: Option<String>,
    /// In GiB.
    pub size_in_gb: Option<i64>,
    /// The snapshot that it is made of.
    pub snapshot_id: Option<String>,
    /// Labels of the volume.
    #[serde(default)]
    pub tag_specifications: Vec<VolumeTags>,
    /// MiB a second.
    #[schemars(range(min = 0, max = 1000))]
    pub throughput: Option<i64>,
    /// MiB a second in which a snapshot is fetched.
    pub volume_initialization_rate: Option<i64>,
    /// Such as `gp3`.
    pub volume_type: Option<String>,
}

/// Labels of a volume.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VolumeTags {
    /// `volume`.
    #[schemars(extend("enum" = ["volume"]))]
    pub resource_type: String,
    /// Whose labels it gets too: `SERVICE`, `TASK_DEFINITION` or `NONE`.
    #[schemars(extend("enum" = ["SERVICE", "TASK_DEFINITION", "NONE"]))]
    pub propagate_tags: Option<String>,
    /// Labels of its own.
    pub tags: Option<Tags>,
}

fn yes() -> Option<bool> {
    Some(true)
}
fn xfs() -> Option<String> {
    Some("xfs".into())
}

fn number(it: Option<i64>) -> Option<i32> {
    it.filter(|it| *it != 0).and_then(|it| sent(&it))
}

impl VolumeConfiguration {
    pub fn sent(&self) -> Result<sdk::ServiceVolumeConfiguration> {
        let volume = self.managed_ebs_volume.as_ref().map(Ebs::sent).transpose()?;
        let one = sdk::ServiceVolumeConfiguration::builder().name(&self.name);
        built(one.set_managed_ebs_volume(volume).build())
    }
}

impl Ebs {
    fn sent(&self) -> Result<sdk::ServiceManagedEbsVolumeConfiguration> {
        let tags = self.tag_specifications.iter().map(VolumeTags::sent).collect::<Result<Vec<_>>>()?;
        let one = sdk::ServiceManagedEbsVolumeConfiguration::builder()
            .role_arn(&self.role_arn)
            .set_encrypted(self.encrypted)
            .set_filesystem_type(stated(&self.file_system_type).map(|it| it.as_str().into()))
            .set_iops(number(self.iops))
            .set_kms_key_id(stated(&self.kms_key_id))
            .set_size_in_gib(number(self.size_in_gb))
            .set_snapshot_id(stated(&self.snapshot_id))
            .set_tag_specifications((!tags.is_empty()).then_some(tags))
            .set_throughput(number(self.throughput))
            .set_volume_initialization_rate(number(self.volume_initialization_rate))
            .set_volume_type(stated(&self.volume_type));
        built(one.build())
    }
}

impl VolumeTags {
    fn sent(&self) -> Result<sdk::EbsTagSpecification> {
        let one = sdk::EbsTagSpecification::builder().resource_type(self.resource_type.as_str().into());
        let one = one.set_propagate_tags(stated(&self.propagate_tags).map(|it| it.as_str().into()));
        built(one.set_tags(self.tags.as_ref().and_then(sent_tags)).build())
    }
}

impl From<sdk::ServiceVolumeConfiguration> for VolumeConfiguration {
    fn from(it: sdk::ServiceVolumeConfiguration) -> Self {
        VolumeConfiguration { name: it.name, managed_ebs_volume: One(it.managed_ebs_volume.map(Ebs::from)) }
    }
}

impl From<sdk::ServiceManagedEbsVolumeConfiguration> for Ebs {
    fn from(it: sdk::ServiceManagedEbsVolumeConfiguration) -> Self {
        let tags = it.tag_specifications.unwrap_or_default().into_iter();
        Ebs {
            role_arn: it.role_arn,
            encrypted: it.encrypted,
            file_system_type: seen(it.filesystem_type),
            iops: seen(it.iops),
            kms_key_id: it.kms_key_id,
            size_in_gb: seen(it.size_in_gib),
            snapshot_id: it.snapshot_id,
            tag_specifications: tags.map(VolumeTags::from).collect(),
            throughput: seen(it.throughput),
            volume_initialization_rate: seen(it.volume_initialization_rate),
            volume_type: it.volume_type,
        }
    }
}

impl From<sdk::EbsTagSpecification> for VolumeTags {
    fn from(it: sdk::EbsTagSpecification) -> Self {
        VolumeTags {
            resource_type: it.resource_type.as_str().to_owned(),
            propagate_tags: seen(it.propagate_tags),
            tags: it.tags.map(|it| seen_tags(Some(it))),
        }
    }
}
