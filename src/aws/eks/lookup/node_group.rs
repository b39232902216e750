use aws_sdk_eks::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::eks::node_group::blocks::{RemoteAccess, Resources, Taint};
use crate::aws::eks::node_group::describe;
use crate::aws::eks::{if_there, in_order};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// A group of nodes that is there already.
///
/// ```toml
/// [data.aws_eks_node_group.workers]
/// cluster_name = "shop"
/// node_group_name = "workers"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NodeGroup {
    /// The cluster that the nodes belong to.
    #[schemars(length(min = 1, max = 100), regex(pattern = r"^[0-9A-Za-z][0-9A-Za-z_-]*$"))]
    pub cluster_name: String,
    /// Its name.
    #[schemars(length(min = 1))]
    pub node_group_name: String,
    /// Its labels.
    pub tags: Chosen<Tags>,
    /// `cluster:group`.
    pub id: Computed<String>,
    /// What the nodes run, such as `AL2023_x86_64_STANDARD`.
    pub ami_type: Computed<String>,
    /// The group's ARN.
    pub arn: Computed<String>,
    /// `ON_DEMAND`, `SPOT` or `CAPACITY_BLOCK`.
    pub capacity_type: Computed<String>,
    /// GiB of each node's disk; 0 where a launch template says it.
    pub disk_size: Computed<i64>,
    /// Types of instances, the preferred one first.
    pub instance_types: Computed<Vec<String>>,
    /// Kubernetes's labels of the nodes.
    pub labels: Computed<Tags>,
    /// What else the nodes are like.
    pub launch_template: Computed<Vec<Template>>,
    /// ARN of the nodes' role.
    pub node_role_arn: Computed<String>,
    /// EKS's version of the image, such as `1.33.0-20250704`.
    pub release_version: Computed<String>,
    /// Logging in to the nodes.
    pub remote_access: Computed<Vec<RemoteAccess>>,
    /// What EKS has made for the group.
    pub resources: Computed<Vec<Resources>>,
    /// How many nodes there are.
    pub scaling_config: Computed<Vec<Scaling>>,
    /// `ACTIVE`, or what is being done to it.
    pub status: Computed<String>,
    /// Where the nodes are.
    pub subnet_ids: Computed<Set<String>>,
    /// Kubernetes's taints of the nodes.
    pub taints: Computed<Vec<Taint>>,
    /// Kubernetes's version on the nodes.
    pub version: Computed<String>,
}

/// A template of EC2's for the nodes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Its id.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Its version.
    pub version: Option<String>,
}

/// How many nodes there are.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scaling {
    /// How many there are to be now.
    pub desired_size: Option<i64>,
    /// How many there may be.
    pub max_size: Option<i64>,
    /// How many there are at least.
    pub min_size: Option<i64>,
}

impl DataSource for NodeGroup {
    const TYPE: &'static str = "aws_eks_node_group";
    const READS: Reads = Reads::of(&[Cost::each("eks:DescribeNodegroup")], "a call describes one group");

    async fn read(self, aws: &Aws) -> Result<Self> {
        let (cluster, name) = (&self.cluster_name, &self.node_group_name);
        let id = format!("{cluster}:{name}");
        let none = || Error::Invalid(format!("cluster `{cluster}` has no node group `{name}`"));
        let it = if_there(describe(aws, &id).await)?.ok_or_else(none)?;
        Ok(NodeGroup {
            tags: Chosen(in_order(it.tags)),
            id: id.into(),
            ami_type: seen(it.ami_type),
            arn: seen(it.nodegroup_arn),
            capacity_type: seen(it.capacity_type),
            disk_size: seen(it.disk_size),
            instance_types: it.instance_types.unwrap_or_default().into(),
            labels: in_order(it.labels).into(),
            launch_template: list(it.launch_template, template),
            node_role_arn: seen(it.node_role),
            release_version: seen(it.release_version),
            remote_access: list(it.remote_access, remote_access),
            resources: list(it.resources, Resources::from),
            scaling_config: list(it.scaling_config, scaling),
            status: seen(it.status),
            subnet_ids: Set(it.subnets.unwrap_or_default()).into(),
            taints: Computed(it.taints.unwrap_or_default().into_iter().map(Taint::from).collect()),
            version: seen(it.version),
            ..self
        })
    }
}

/// A list of none or one.
fn list<A, B>(it: Option<A>, ours: impl FnOnce(A) -> B) -> Computed<Vec<B>> {
    Computed(it.map(ours).into_iter().collect())
}

fn template(it: sdk::LaunchTemplateSpecification) -> Template {
    Template { id: it.id, name: it.name, version: it.version }
}

fn remote_access(it: sdk::RemoteAccessConfig) -> RemoteAccess {
    let groups = Set(it.source_security_groups.unwrap_or_default());
    RemoteAccess { ec2_ssh_key: it.ec2_ssh_key, source_security_group_ids: Some(groups) }
}

fn scaling(it: sdk::NodegroupScalingConfig) -> Scaling {
    Scaling { desired_size: seen(it.desired_size), max_size: seen(it.max_size), min_size: seen(it.min_size) }
}
