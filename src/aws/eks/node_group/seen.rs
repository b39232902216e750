//! A group of nodes as EKS describes it.

use aws_sdk_eks::types::{self as sdk, NodegroupStatus};

use super::NodeGroup;
use super::blocks::*;
use crate::aws::eks::updates::issue;
use crate::aws::eks::{halves, in_order};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// An error where there is none.
pub async fn describe(aws: &Aws, id: &str) -> Result<sdk::Nodegroup> {
    let (cluster, name) = halves(id, ':', "node-group")?;
    let answer = aws.eks().describe_nodegroup().cluster_name(cluster).nodegroup_name(name).send().await?;
    answer.nodegroup.ok_or(Error::Incomplete("the group"))
}

pub fn status(it: &sdk::Nodegroup) -> Status {
    let Some(status) = &it.status else { return Status::Ready };
    match status {
        NodegroupStatus::Active => Status::Ready,
        NodegroupStatus::CreateFailed | NodegroupStatus::DeleteFailed | NodegroupStatus::Degraded => {
            let issues = it.health.as_ref().map(|it| it.issues()).unwrap_or_default();
            let each = issues.iter().map(|it| {
                let code = it.code.as_ref().map_or("Unknown", |it| it.as_str());
                issue(code, it.message.as_deref(), it.resource_ids())
            });
            let why = each.collect::<Vec<_>>().join("; ");
            let why = if why.is_empty() { "EKS gives no reason".to_owned() } else { why };
            Status::Failed(format!("{}: {why}", status.as_str()))
        }
        other => Status::Pending(other.as_str().to_owned()),
    }
}

impl From<sdk::Nodegroup> for Live<NodeGroup> {
    fn from(mut it: sdk::Nodegroup) -> Self {
        let (status, tags) = (status(&it), Some(in_order(it.tags.take())));
        let attributes = NodeGroup::from(it);
        Live { key: attributes.id.0.clone(), status, tags, unread: &[], attributes }
    }
}

fn some(all: Option<Vec<String>>) -> Option<Set<String>> {
    all.filter(|it| !it.is_empty()).map(Set)
}

impl From<sdk::Nodegroup> for NodeGroup {
    fn from(it: sdk::Nodegroup) -> Self {
        let (cluster, name): (String, String) = (seen(it.cluster_name), seen(it.nodegroup_name));
        let labels = in_order(it.labels);
        NodeGroup {
            id: Computed(format!("{cluster}:{name}")),
            cluster_name: Fixed(cluster),
            node_group_name_prefix: Chosen(Fixed(name_prefix(&name).filter(|it| !it.is_empty()))),
            node_group_name: Chosen(Fixed(Some(name))),
            node_role_arn: seen(it.node_role),
            subnet_ids: Fixed(Set(it.subnets.unwrap_or_default())),
            scaling_config: One(it.scaling_config.map(|it| ScalingConfig {
                desired_size: seen(it.desired_size),
                max_size: seen(it.max_size),
                min_size: seen(it.min_size),
            })),
            ami_type: seen(it.ami_type),
            capacity_type: seen(it.capacity_type),
            disk_size: seen(it.disk_size),
            instance_types: Chosen(Fixed(it.instance_types)),
            labels: Some(labels).filter(|it| !it.is_empty()),
            launch_template: One(it.launch_template.map(|it| LaunchTemplate {
                id: seen(it.id),
                name: seen(it.name),
                version: seen(it.version),
            })),
            force_update_version: Local(None),
            node_repair_config: Chosen(One(it
                .node_repair_config
                .map(|it| RepairConfig { enabled: seen(it.enabled) }))),
            release_version: seen(it.release_version),
            remote_access: Fixed(One(it.remote_access.map(|it| RemoteAccess {
                ec2_ssh_key: it.ec2_ssh_key.filter(|it| !it.is_empty()),
                source_security_group_ids: some(it.source_security_groups),
            }))),
            taint: it.taints.unwrap_or_default().into_iter().map(Taint::from).collect(),
            update_config: Chosen(One(it.update_config.map(|it| UpdateConfig {
                max_unavailable: seen(it.max_unavailable),
                max_unavailable_percentage: seen(it.max_unavailable_percentage),
            }))),
            version: seen(it.version),
            timeouts: None,
            tags: None,
            tags_all: Chosen::default(),
            arn: seen(it.nodegroup_arn),
            resources: it.resources.map(Resources::from).into_iter().collect::<Vec<_>>().into(),
            status: seen(it.status),
        }
    }
}

impl From<sdk::Taint> for Taint {
    fn from(it: sdk::Taint) -> Self {
        Taint { key: seen(it.key), value: it.value.filter(|it| !it.is_empty()), effect: seen(it.effect) }
    }
}

impl From<sdk::NodegroupResources> for Resources {
    fn from(it: sdk::NodegroupResources) -> Self {
        let groups = it.auto_scaling_groups.unwrap_or_default().into_iter();
        Resources {
            autoscaling_groups: groups.map(|it| AutoScalingGroup { name: it.name }).collect(),
            remote_access_security_group_id: it.remote_access_security_group,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_that_failed_says_why() {
        let issue = sdk::Issue::builder()
            .code(sdk::NodegroupIssueCode::NodeCreationFailure)
            .message("Instances failed to join the kubernetes cluster")
            .resource_ids("i-1");
        let health = sdk::NodegroupHealth::builder().issues(issue.build()).build();
        let it = sdk::Nodegroup::builder().status(NodegroupStatus::CreateFailed).health(health).build();
        let text =
            "CREATE_FAILED: NodeCreationFailure: Instances failed to join the kubernetes cluster (i-1)";
        assert_eq!(status(&it), Status::Failed(text.into()));
    }
}
