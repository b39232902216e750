//! The blocks of a group of nodes, and how calls take them.

use aws_sdk_eks::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::eks::stated;
use crate::aws::shape::sent;
use crate::resource::*;

/// How many nodes there are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScalingConfig {
    /// How many there are to be now. Where something in the cluster changes it, name it in `ignore_changes`.
    #[schemars(range(min = 0))]
    pub desired_size: i64,
    /// How many there may be.
    #[schemars(range(min = 1))]
    pub max_size: i64,
    /// How many there are at least.
    #[schemars(range(min = 0))]
    pub min_size: i64,
}

impl ScalingConfig {
    pub fn sent(&self) -> sdk::NodegroupScalingConfig {
        sdk::NodegroupScalingConfig::builder()
            .set_desired_size(sent(&self.desired_size))
            .set_max_size(sent(&self.max_size))
            .set_min_size(sent(&self.min_size))
            .build()
    }
}

/// A template of EC2's for the nodes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LaunchTemplate {
    /// Its id; or give its name.
    #[schemars(regex(pattern = r"^(lt-[0-9a-z]+)?$"))]
    pub id: Chosen<Fixed<Option<String>>>,
    /// Its name; or give its id.
    #[schemars(length(max = 128), regex(pattern = r"^[0-9A-Za-z()./_-]*$"))]
    pub name: Chosen<Fixed<Option<String>>>,
    /// Its version: a number. A new one rolls through the nodes.
    #[schemars(length(min = 1, max = 255))]
    pub version: String,
}

impl LaunchTemplate {
    /// By its id, where that is known: EKS takes only one of both.
    pub fn sent(&self) -> sdk::LaunchTemplateSpecification {
        let id = stated(self.id.as_ref());
        let name = stated(self.name.as_ref()).filter(|_| id.is_none());
        sdk::LaunchTemplateSpecification::builder()
            .set_id(id.map(str::to_owned))
            .set_name(name.map(str::to_owned))
            .version(&self.version)
            .build()
    }
}

/// Replacing nodes that are not well.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RepairConfig {
    /// Whether such nodes are replaced.
    #[serde(default)]
    pub enabled: bool,
}

impl RepairConfig {
    pub fn sent(&self) -> sdk::NodeRepairConfig {
        sdk::NodeRepairConfig::builder().enabled(self.enabled).build()
    }
}

/// Logging in to nodes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoteAccess {
    /// The name of an EC2 key pair.
    pub ec2_ssh_key: Option<String>,
    /// From members of these groups; from everywhere where none is given.
    pub source_security_group_ids: Option<Set<String>>,
}

/// Keeps pods away from a node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Taint {
    /// Its key.
    #[schemars(length(min = 1, max = 63))]
    pub key: String,
    /// Its value.
    #[schemars(length(max = 63))]
    pub value: Option<String>,
    /// `NO_SCHEDULE`, `NO_EXECUTE` or `PREFER_NO_SCHEDULE`.
    #[schemars(extend("enum" = ["NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"]))]
    pub effect: String,
}

impl Taint {
    pub fn sent(&self) -> sdk::Taint {
        let value = self.value.clone().unwrap_or_default();
        sdk::Taint::builder().key(&self.key).value(value).set_effect(sent(&self.effect)).build()
    }
    /// Whether both stand in one place: a group has one taint of a key and effect.
    pub fn is_of(&self, other: &Self) -> bool {
        self.key == other.key && self.effect == other.effect
    }
    pub fn same(&self, other: &Self) -> bool {
        self.is_of(other) && stated(self.value.as_ref()) == stated(other.value.as_ref())
    }
}

/// How many nodes an update may take away at once: one of both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateConfig {
    /// So many.
    #[schemars(range(min = 1, max = 100))]
    pub max_unavailable: Option<i64>,
    /// So many of a hundred.
    #[schemars(range(min = 1, max = 100))]
    pub max_unavailable_percentage: Option<i64>,
}

impl UpdateConfig {
    pub fn sent(&self) -> sdk::NodegroupUpdateConfig {
        // The older SDK keeps a zero for what is not given.
        sdk::NodegroupUpdateConfig::builder()
            .set_max_unavailable(sent(&self.max_unavailable.filter(|it| *it > 0)))
            .set_max_unavailable_percentage(sent(&self.max_unavailable_percentage.filter(|it| *it > 0)))
            .build()
    }
    /// Equal for those that mean the same.
    pub fn key(&self) -> (i64, i64) {
        (self.max_unavailable.unwrap_or_default(), self.max_unavailable_percentage.unwrap_or_default())
    }
}

/// What EKS has made for a group.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Resources {
    /// The groups that scale the nodes.
    pub autoscaling_groups: Vec<AutoScalingGroup>,
    /// The security group for logging in to the nodes.
    pub remote_access_security_group_id: Option<String>,
}

/// A group that scales nodes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AutoScalingGroup {
    /// Its name.
    pub name: Option<String>,
}
