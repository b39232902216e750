//! Groups of nodes.

pub mod blocks;
mod checks;
mod seen;
mod steps;

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EKS, each, halves, if_there, items, removed, tags};
use crate::aws::shape::sent;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;
use blocks::*;

pub(super) use seen::describe;

/// Nodes of a cluster that EKS makes, repairs and upgrades.
///
/// A new `version`, `release_version` or version of the launch template rolls through the nodes, and an apply
/// waits for the end of it.
///
/// ```toml
/// [aws_eks_node_group.workers]
/// cluster_name = "${aws_eks_cluster.shop.name}"
/// node_group_name = "workers"
/// node_role_arn = "${aws_iam_role.node.arn}"
/// subnet_ids = "${aws_subnet.private[*].id}"
/// instance_types = ["m7g.large"]
/// ami_type = "AL2023_ARM_64_STANDARD"
/// scaling_config = { min_size = 1, desired_size = 2, max_size = 5 }
/// update_config = { max_unavailable = 1 }
/// labels = { role = "worker" }
/// taint = [{ key = "dedicated", value = "shop", effect = "NO_SCHEDULE" }]
/// lifecycle = { ignore_changes = ["scaling_config[0].desired_size"] }
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NodeGroup {
    /// The cluster that the nodes belong to.
    #[schemars(length(min = 1, max = 100), regex(pattern = r"^[0-9A-Za-z][0-9A-Za-z_-]*$"))]
    pub cluster_name: Fixed<String>,
    /// Unique in the cluster; else one is made up.
    #[schemars(length(max = 63))]
    pub node_group_name: Chosen<Fixed<Option<String>>>,
    /// Make up a unique name that starts with this.
    #[schemars(length(max = 37))]
    pub node_group_name_prefix: Chosen<Fixed<Option<String>>>,
    /// ARN of the nodes' role.
    #[schemars(length(min = 1))]
    pub node_role_arn: Fixed<String>,
    /// Where the nodes are.
    pub subnet_ids: Fixed<Set<String>>,
    /// How many nodes there are.
    #[schemars(length(min = 1, max = 1))]
    #[serde(default)]
    pub scaling_config: One<ScalingConfig>,
    /// What the nodes run, such as `AL2023_x86_64_STANDARD`; `CUSTOM` where the launch template names an image.
    #[schemars(extend("enum" = [
        "AL2_x86_64", "AL2_x86_64_GPU", "AL2_ARM_64", "CUSTOM",
        "BOTTLEROCKET_ARM_64", "BOTTLEROCKET_x86_64", "BOTTLEROCKET_ARM_64_FIPS", "BOTTLEROCKET_x86_64_FIPS",
        "BOTTLEROCKET_ARM_64_NVIDIA", "BOTTLEROCKET_x86_64_NVIDIA",
        "BOTTLEROCKET_ARM_64_NVIDIA_FIPS", "BOTTLEROCKET_x86_64_NVIDIA_FIPS",
        "WINDOWS_CORE_2019_x86_64", "WINDOWS_FULL_2019_x86_64", "WINDOWS_CORE_2022_x86_64",
        "WINDOWS_FULL_2022_x86_64", "WINDOWS_CORE_2025_x86_64", "WINDOWS_FULL_2025_x86_64",
        "AL2023_x86_64_STANDARD", "AL2023_ARM_64_STANDARD", "AL2023_x86_64_NEURON", "AL2023_x86_64_NVIDIA",
        "AL2023_ARM_64_NVIDIA",
    ]))]
    pub ami_type: Chosen<Fixed<Option<String>>>,
    /// `ON_DEMAND`, `SPOT` or `CAPACITY_BLOCK`.
    #[schemars(extend("enum" = ["ON_DEMAND", "SPOT", "CAPACITY_BLOCK"]))]
    pub capacity_type: Chosen<Fixed<Option<String>>>,
    /// GiB of each node's disk; not beside a launch template, which says it itself.
    pub disk_size: Chosen<Fixed<Option<i64>>>,
    /// Types of instances, the preferred one first; `t3.medium` where neither this nor the launch template
    /// says any.
    pub instance_types: Chosen<Fixed<Option<Vec<String>>>>,
    /// Kubernetes's labels of the nodes.
    pub labels: Option<Tags>,
    /// What else the nodes are to be like.
    #[serde(default)]
    pub launch_template: One<LaunchTemplate>,
    /// Upgrade even where pods cannot be moved away without breaking their disruption budget.
    pub force_update_version: Local<Option<bool>>,
    /// Replacing nodes that are not well.
    pub node_repair_config: Chosen<One<RepairConfig>>,
    /// EKS's version of the image, such as `1.33.0-20250704`.
    pub release_version: Chosen<Option<String>>,
    /// Logging in to the nodes; not beside a launch template.
    #[serde(default)]
    pub remote_access: Fixed<One<RemoteAccess>>,
    /// Kubernetes's taints of the nodes.
    #[schemars(length(max = 50))]
    #[serde(default)]
    pub taint: Set<Taint>,
    /// How many nodes an update may take away at once.
    pub update_config: Chosen<One<UpdateConfig>>,
    /// Kubernetes's version on the nodes; the cluster's where none is given.
    pub version: Chosen<Option<String>>,
    pub timeouts: Option<Timeouts>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// `cluster:group`.
    pub id: Computed<String>,
    /// The group's ARN.
    pub arn: Computed<String>,
    /// What EKS has made for the group.
    pub resources: Computed<Vec<Resources>>,
    /// `ACTIVE`, or what is being done to it.
    pub status: Computed<Option<String>>,
}

impl Resource for NodeGroup {
    const TYPE: &'static str = "aws_eks_node_group";
    const IMPORT: &'static [&'static str] = &["shop:workers"];
    const UNWRITTEN: &'static [&'static str] = &["node_group_name_prefix", "release_version"];
    const TAGS: TagApi = TagApi::Eks;
    const READS: Reads = Reads::of(&[Cost::each("eks:DescribeNodegroup")], "a call describes one group");
    const PATIENCE: Duration = Duration::from_secs(3600);
    const CREATE_SECONDS: u32 = 120;
    const PASSING: &'static [&'static [Passing]] = &[
        EKS,
        &[
            // A role that was made a moment ago.
            Passing::unseen("InvalidParameterException").saying("cannot be found"),
            Passing::unseen("InvalidParameterException")
                .saying("were not found in the trust relationships of nodeRole"),
            // The cluster was upgraded a moment ago.
            Passing::unseen("InvalidParameterException")
                .saying("should be equal to Cluster kubernetes version"),
        ],
    ];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        halves(id, ':', "node-group").map(|_| id.to_owned())
    }

    async fn read(aws: &Aws, ids: &[String]) -> Result<Vec<Live<Self>>> {
        each(ids, async |id| Ok(describe(aws, id).await?.into())).await
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let name = self.name(new);
        let labels = self.labels.clone().filter(|it| !it.is_empty());
        let taints = self.taint.iter().map(Taint::sent).collect::<Vec<_>>();
        let types = self.instance_types.0.0.clone().filter(|it| !it.is_empty());
        let call = aws.eks().create_nodegroup().cluster_name(&**self.cluster_name).nodegroup_name(&name);
        let call = call
            .client_request_token(&new.token)
            .node_role(&**self.node_role_arn)
            .set_subnets(Some(self.subnet_ids.0.0.clone()))
            .set_ami_type(sent(&self.ami_type))
            .set_capacity_type(sent(&self.capacity_type))
            .set_disk_size(sent(&self.disk_size))
            .set_instance_types(types)
            .set_labels(labels.map(|it| it.into_iter().collect()))
            .set_launch_template(self.launch_template.as_ref().map(LaunchTemplate::sent))
            .set_node_repair_config(self.node_repair_config.as_ref().map(RepairConfig::sent))
            .set_release_version(sent(&self.release_version))
            .set_remote_access(self.remote_access.as_ref().map(RemoteAccess::sent))
            .set_scaling_config(self.scaling_config.as_ref().map(ScalingConfig::sent))
            .set_taints((!taints.is_empty()).then_some(taints))
            .set_update_config(self.update_config.as_ref().map(UpdateConfig::sent))
            .set_version(sent(&self.version))
            .set_tags(tags(&new.tags));
        call.send().await?;
        Ok(format!("{}:{name}", *self.cluster_name))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        steps::update(self, aws, &was.key()).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let id = self.key();
        let (cluster, name) = halves(&id, ':', "node-group")?;
        let call = aws.eks().delete_nodegroup().cluster_name(cluster).nodegroup_name(name);
        let answer = call.send().await.map_err(Error::from);
        removed(answer, async || Ok(seen::status(&describe(aws, &id).await?))).await
    }

    // The token makes a repeated create harmless for a while only; a name stands once in a cluster.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let id = format!("{}:{}", *self.cluster_name, self.name(new));
        let found = if_there(describe(aws, &id).await)?;
        let ours = found.filter(|it| new.may_have_made(it.created_at.map(|it| it.secs())));
        Ok(ours.map(|_| id))
    }

    // A group that is not well any more may be changed all the same.
    fn awaits(&self, word: &str) -> bool {
        self.arn.is_empty() || !word.starts_with("DEGRADED")
    }

    fn adjust(plan: &mut Adjust) {
        checks::adjust(plan);
    }
}

impl NodeGroup {
    fn name(&self, new: &New) -> String {
        new.name(self.node_group_name.as_deref(), self.node_group_name_prefix.as_deref())
    }

    fn labels(&self) -> Tags {
        self.labels.clone().unwrap_or_default()
    }
}

impl RemoteAccess {
    fn sent(&self) -> aws_sdk_eks::types::RemoteAccessConfig {
        let groups = items(&self.source_security_group_ids);
        aws_sdk_eks::types::RemoteAccessConfig::builder()
            .set_ec2_ssh_key(self.ec2_ssh_key.clone().filter(|it| !it.is_empty()))
            .set_source_security_groups((!groups.is_empty()).then_some(groups))
            .build()
    }
}
