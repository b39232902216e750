//! The blocks of a cluster, and how calls take them.

use aws_sdk_eks::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::Result;
use crate::aws::eks::{items, stated};
use crate::aws::shape::{built, sent};
use crate::resource::*;

/// Where the control plane meets the network.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VpcConfig {
    /// Subnets of at least two zones: EKS puts its network interfaces there.
    pub subnet_ids: Set<String>,
    /// Groups of those interfaces, besides the cluster's own.
    pub security_group_ids: Option<Set<String>>,
    /// Whether the API answers within the VPC.
    #[serde(default)]
    pub endpoint_private_access: bool,
    /// Whether the API answers from the internet.
    #[serde(default = "yes")]
    pub endpoint_public_access: bool,
    /// From where in the internet; from everywhere where nothing is said.
    pub public_access_cidrs: Chosen<Option<Set<String>>>,
    /// The group that EKS has made for the control plane and its nodes.
    pub cluster_security_group_id: Computed<Option<String>>,
    /// The subnets' VPC.
    pub vpc_id: Computed<Option<String>>,
}

fn yes() -> bool {
    true
}

impl VpcConfig {
    /// All of it, as a create takes it.
    pub fn sent(&self) -> sdk::VpcConfigRequest {
        let cidrs = items(&self.public_access_cidrs);
        sdk::VpcConfigRequest::builder()
            .set_subnet_ids(Some(self.subnet_ids.0.clone()))
            .set_security_group_ids(Some(items(&self.security_group_ids)))
            .endpoint_private_access(self.endpoint_private_access)
            .endpoint_public_access(self.endpoint_public_access)
            .set_public_access_cidrs((!cidrs.is_empty()).then_some(cidrs))
            .build()
    }
}

/// Who may use the cluster's API.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccessConfig {
    /// `API`: those with access entries; `CONFIG_MAP`: those whom a map in the cluster names;
    /// `API_AND_CONFIG_MAP`: both. It goes from the map to the API and never back.
    #[schemars(extend("enum" = ["API", "API_AND_CONFIG_MAP", "CONFIG_MAP"]))]
    pub authentication_mode: Chosen<Option<String>>,
    /// Whether whoever makes the cluster may do anything in it: where nothing is said, not beside the rest of
    /// this block, and yes without it.
    pub bootstrap_cluster_creator_admin_permissions: Fixed<Option<bool>>,
}

impl AccessConfig {
    pub fn sent(&self) -> sdk::CreateAccessConfigRequest {
        sdk::CreateAccessConfigRequest::builder()
            .set_authentication_mode(sent(&self.authentication_mode))
            .bootstrap_cluster_creator_admin_permissions(self.lets_its_maker_in())
            .build()
    }

    pub fn lets_its_maker_in(&self) -> bool {
        self.bootstrap_cluster_creator_admin_permissions.unwrap_or_default()
    }
}

/// Auto Mode's nodes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ComputeConfig {
    /// Whether EKS makes the nodes.
    pub enabled: Option<bool>,
    /// Of which sorts: `general-purpose`, `system`.
    pub node_pools: Option<Set<String>>,
    /// ARN of the nodes' role. Once there is one, another one means another cluster.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub node_role_arn: Option<String>,
}

impl ComputeConfig {
    pub fn sent(&self) -> sdk::ComputeConfigRequest {
        let pools = items(&self.node_pools);
        sdk::ComputeConfigRequest::builder()
            .enabled(self.enabled.unwrap_or_default())
            .set_node_pools((!pools.is_empty()).then_some(pools))
            .set_node_role_arn(stated(self.node_role_arn.as_ref()).map(str::to_owned))
            .build()
    }
}

/// Encryption of secrets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EncryptionConfig {
    /// What is encrypted: `secrets`.
    pub resources: Set<String>,
    /// With which key.
    #[schemars(length(min = 1, max = 1))]
    #[serde(default)]
    pub provider: One<Provider>,
}

/// The key of an encryption.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// ARN of a symmetric key in KMS, in the cluster's region.
    pub key_arn: String,
}

impl EncryptionConfig {
    #[allow(deprecated, reason = "the Terraform provider requires what it names")]
    pub fn sent(&self) -> sdk::EncryptionConfig {
        let provider = self.provider.as_ref();
        let provider = provider.map(|it| sdk::Provider::builder().key_arn(&it.key_arn).build());
        let config = sdk::EncryptionConfig::builder().set_resources(Some(self.resources.0.clone()));
        config.set_provider(provider).build()
    }
}

/// Addresses of services, and Auto Mode's load balancers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NetworkConfig {
    /// `ipv4` or `ipv6`, for pods and services.
    #[schemars(extend("enum" = ["ipv4", "ipv6"]))]
    pub ip_family: Chosen<Fixed<Option<String>>>,
    /// The range of services' addresses, of 256 to a million, such as `10.100.0.0/16`.
    pub service_ipv4_cidr: Chosen<Fixed<Option<String>>>,
    /// The range that EKS has given to services of an IPv6 cluster.
    pub service_ipv6_cidr: Computed<Option<String>>,
    /// Whether Auto Mode makes load balancers.
    pub elastic_load_balancing: Chosen<One<Switch>>,
}

impl NetworkConfig {
    pub fn sent(&self) -> sdk::KubernetesNetworkConfigRequest {
        let switch = self
            .elastic_load_balancing
            .as_ref()
            .map(|it| sdk::ElasticLoadBalancing::builder().enabled(it.enabled.unwrap_or_default()).build());
        sdk::KubernetesNetworkConfigRequest::builder()
            .set_ip_family(stated(self.ip_family.as_ref()).map(Into::into))
            .set_service_ipv4_cidr(stated(self.service_ipv4_cidr.as_ref()).map(str::to_owned))
            .set_elastic_load_balancing(switch)
            .build()
    }
}

/// Something that is on or off.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Switch {
    /// Whether it is on.
    pub enabled: Option<bool>,
}

/// A cluster on an Outpost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OutpostConfig {
    /// The type of the control plane's hosts, such as `m5.large`.
    pub control_plane_instance_type: String,
    /// Where on the Outpost they stand.
    #[serde(default)]
    pub control_plane_placement: One<Placement>,
    /// ARN of the Outpost.
    pub outpost_arns: Set<String>,
}

/// Where hosts stand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Placement {
    /// The placement group's name.
    pub group_name: String,
}

impl OutpostConfig {
    pub fn sent(&self) -> Result<sdk::OutpostConfigRequest> {
        let placement = self.control_plane_placement.as_ref();
        let placement = placement
            .map(|it| sdk::ControlPlanePlacementRequest::builder().group_name(&it.group_name).build());
        let config = sdk::OutpostConfigRequest::builder()
            .set_outpost_arns(Some(self.outpost_arns.0.clone()))
            .control_plane_instance_type(&self.control_plane_instance_type)
            .set_control_plane_placement(placement);
        built(config.build())
    }
}

/// Networks of nodes outside of AWS.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoteNetworks {
    /// Where such nodes are.
    #[schemars(length(min = 1, max = 1))]
    #[serde(default)]
    pub remote_node_networks: One<Ranges>,
    /// Where their pods are.
    pub remote_pod_networks: Chosen<One<Ranges>>,
}

/// Ranges of addresses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ranges {
    /// Private IPv4 ranges, such as `10.200.0.0/16`.
    pub cidrs: Option<Set<String>>,
}

impl RemoteNetworks {
    pub fn sent(&self) -> sdk::RemoteNetworkConfigRequest {
        let nodes = self.remote_node_networks.as_ref();
        let nodes = nodes
            .map(|it| sdk::RemoteNodeNetwork::builder().set_cidrs(Some(items(&it.cidrs))).build())
            .map(|it| vec![it]);
        let pods = self.remote_pod_networks.as_ref();
        let pods = pods
            .map(|it| sdk::RemotePodNetwork::builder().set_cidrs(Some(items(&it.cidrs))).build())
            .map(|it| vec![it]);
        let config = sdk::RemoteNetworkConfigRequest::builder().set_remote_node_networks(nodes);
        config.set_remote_pod_networks(pods).build()
    }
}

/// Auto Mode's volumes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StorageConfig {
    /// Whether Auto Mode makes volumes.
    #[serde(default)]
    pub block_storage: One<Switch>,
}

impl StorageConfig {
    pub fn sent(&self) -> sdk::StorageConfigRequest {
        let switch = self.block_storage.as_ref();
        let switch =
            switch.map(|it| sdk::BlockStorage::builder().enabled(it.enabled.unwrap_or_default()).build());
        sdk::StorageConfigRequest::builder().set_block_storage(switch).build()
    }
}

/// What happens when a version's standard support ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UpgradePolicy {
    /// `EXTENDED`: support goes on, at a price; `STANDARD`: the cluster is upgraded.
    #[schemars(extend("enum" = ["EXTENDED", "STANDARD"]))]
    pub support_type: Chosen<Option<String>>,
}

impl UpgradePolicy {
    pub fn sent(&self) -> sdk::UpgradePolicyRequest {
        sdk::UpgradePolicyRequest::builder().set_support_type(sent(&self.support_type)).build()
    }
}

/// What clients trust the API by.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// The certificate, in base64, as a kubeconfig takes it.
    pub data: Option<String>,
}

/// Who vouches for service accounts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The cluster's OpenID Connect provider.
    pub oidc: Vec<Oidc>,
}

/// An OpenID Connect provider.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Oidc {
    /// Its address: the `url` of an `aws_iam_openid_connect_provider`.
    pub issuer: Option<String>,
}
