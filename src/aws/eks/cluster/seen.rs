//! A cluster as EKS describes it.

use aws_sdk_eks::types::{self as sdk, ClusterStatus};

use super::Cluster;
use super::blocks::*;
use crate::aws::eks::updates::issue;
use crate::aws::eks::{in_order, moment};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// An error where there is none.
pub async fn describe(aws: &Aws, name: &str) -> Result<sdk::Cluster> {
    let answer = aws.eks().describe_cluster().name(name).send().await?;
    answer.cluster.ok_or(Error::Incomplete("the cluster"))
}

pub fn status(it: &sdk::Cluster) -> Status {
    match &it.status {
        Some(ClusterStatus::Failed) => {
            let issues = it.health.as_ref().map(|it| it.issues()).unwrap_or_default();
            let each = issues.iter().map(|it| {
                let code = it.code.as_ref().map_or("Other", |it| it.as_str());
                issue(code, it.message.as_deref(), it.resource_ids())
            });
            let all = each.collect::<Vec<_>>().join("; ");
            Status::Failed(if all.is_empty() { "EKS gives no reason".to_owned() } else { all })
        }
        Some(ClusterStatus::Active) | None => Status::Ready,
        Some(other) => Status::Pending(other.as_str().to_owned()),
    }
}

/// A set that says something.
fn some(all: Option<Vec<String>>) -> Option<Set<String>> {
    all.filter(|it| !it.is_empty()).map(Set)
}

impl From<sdk::Cluster> for Live<Cluster> {
    fn from(mut it: sdk::Cluster) -> Self {
        Live {
            key: seen(it.name.clone()),
            status: status(&it),
            tags: Some(in_order(it.tags.take())),
            unread: &[],
            attributes: it.into(),
        }
    }
}

impl From<sdk::Cluster> for Cluster {
    fn from(it: sdk::Cluster) -> Self {
        Cluster {
            id: seen(it.name.clone()),
            name: seen(it.name),
            role_arn: seen(it.role_arn),
            vpc_config: One(it.resources_vpc_config.map(VpcConfig::from)),
            version: seen(it.version),
            force_update_version: Local(None),
            access_config: Chosen(One(it.access_config.map(|it| AccessConfig {
                authentication_mode: seen(it.authentication_mode),
                bootstrap_cluster_creator_admin_permissions: Fixed(Some(true)),
            }))),
            bootstrap_self_managed_addons: Local(Fixed(true)),
            compute_config: One(it.compute_config.map(|it| ComputeConfig {
                enabled: Some(it.enabled.unwrap_or_default()),
                node_pools: some(it.node_pools),
                node_role_arn: it.node_role_arn.filter(|it| !it.is_empty()),
            })),
            enabled_cluster_log_types: some(it.logging.map(logged)),
            encryption_config: One(it.encryption_config.and_then(|it| it.into_iter().next()).map(Into::into)),
            kubernetes_network_config: Chosen(One(it.kubernetes_network_config.map(Into::into))),
            remote_network_config: Fixed(One(it.remote_network_config.map(Into::into))),
            storage_config: One(it.storage_config.map(|it| StorageConfig {
                block_storage: One(it.block_storage.map(|it| switch(it.enabled))),
            })),
            upgrade_policy: Chosen(One(it
                .upgrade_policy
                .map(|it| UpgradePolicy { support_type: seen(it.support_type) }))),
            zonal_shift_config: One(it.zonal_shift_config.map(|it| switch(it.enabled))),
            timeouts: None,
            tags: None,
            tags_all: Chosen::default(),
            arn: seen(it.arn),
            certificate_authority: certificates(it.certificate_authority).into(),
            cluster_id: Computed(it.id.filter(|_| it.outpost_config.is_some())),
            outpost_config: Fixed(One(it.outpost_config.map(Into::into))),
            created_at: moment(it.created_at.as_ref()).into(),
            endpoint: seen(it.endpoint),
            identity: identities(it.identity).into(),
            platform_version: seen(it.platform_version),
            status: seen(it.status),
        }
    }
}

pub fn certificates(it: Option<sdk::Certificate>) -> Vec<Certificate> {
    it.into_iter().map(|it| Certificate { data: it.data }).collect()
}

pub fn identities(it: Option<sdk::Identity>) -> Vec<Identity> {
    let oidc = |it: Option<sdk::Oidc>| it.into_iter().map(|it| Oidc { issuer: it.issuer }).collect();
    it.into_iter().map(|it| Identity { oidc: oidc(it.oidc) }).collect()
}

/// What is logged.
fn logged(it: sdk::Logging) -> Vec<String> {
    let setups = it.cluster_logging.unwrap_or_default().into_iter();
    let on = setups.filter(|it| it.enabled == Some(true));
    on.flat_map(|it| it.types.unwrap_or_default()).map(|it| it.as_str().to_owned()).collect()
}

fn switch(enabled: Option<bool>) -> Switch {
    Switch { enabled: Some(enabled.unwrap_or_default()) }
}

impl From<sdk::VpcConfigResponse> for VpcConfig {
    fn from(it: sdk::VpcConfigResponse) -> Self {
        VpcConfig {
            subnet_ids: Set(it.subnet_ids.unwrap_or_default()),
            security_group_ids: some(it.security_group_ids),
            endpoint_private_access: it.endpoint_private_access,
            endpoint_public_access: it.endpoint_public_access,
            public_access_cidrs: Chosen(Some(Set(it.public_access_cidrs.unwrap_or_default()))),
            cluster_security_group_id: seen(it.cluster_security_group_id),
            vpc_id: seen(it.vpc_id),
        }
    }
}

#[allow(deprecated, reason = "the Terraform provider requires what it names")]
impl From<sdk::EncryptionConfig> for EncryptionConfig {
    fn from(it: sdk::EncryptionConfig) -> Self {
        EncryptionConfig {
            resources: Set(it.resources.unwrap_or_default()),
            provider: One(it.provider.map(|it| Provider { key_arn: it.key_arn.unwrap_or_default() })),
        }
    }
}

impl From<sdk::KubernetesNetworkConfigResponse> for NetworkConfig {
    fn from(it: sdk::KubernetesNetworkConfigResponse) -> Self {
        NetworkConfig {
            ip_family: seen(it.ip_family),
            service_ipv4_cidr: seen(it.service_ipv4_cidr),
            service_ipv6_cidr: seen(it.service_ipv6_cidr),
            elastic_load_balancing: Chosen(One(it.elastic_load_balancing.map(|it| switch(it.enabled)))),
        }
    }
}

impl From<sdk::RemoteNetworkConfigResponse> for RemoteNetworks {
    fn from(it: sdk::RemoteNetworkConfigResponse) -> Self {
        let nodes = it.remote_node_networks.and_then(|it| it.into_iter().next());
        let pods = it.remote_pod_networks.and_then(|it| it.into_iter().next());
        RemoteNetworks {
            remote_node_networks: One(nodes.map(|it| Ranges { cidrs: some(it.cidrs) })),
            remote_pod_networks: Chosen(One(pods.map(|it| Ranges { cidrs: some(it.cidrs) }))),
        }
    }
}

impl From<sdk::OutpostConfigResponse> for OutpostConfig {
    fn from(it: sdk::OutpostConfigResponse) -> Self {
        let placement = it.control_plane_placement.and_then(|it| it.group_name);
        OutpostConfig {
            control_plane_instance_type: it.control_plane_instance_type,
            control_plane_placement: One(placement.map(|group_name| Placement { group_name })),
            outpost_arns: Set(it.outpost_arns),
        }
    }
}
