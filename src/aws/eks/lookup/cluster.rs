use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::eks::cluster::blocks::*;
use crate::aws::eks::cluster::{Cluster as Managed, describe};
use crate::aws::eks::in_order;
use crate::aws::{Aws, Result};
use crate::resource::*;

/// A cluster that is there already.
///
/// ```toml
/// [data.aws_eks_cluster.shop]
/// name = "shop"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cluster {
    /// Its name.
    #[schemars(length(min = 1, max = 100), regex(pattern = r"^[0-9A-Za-z][0-9A-Za-z_-]*$"))]
    pub name: String,
    /// Its labels.
    pub tags: Chosen<Tags>,
    /// Its name.
    pub id: Computed<String>,
    /// The cluster's ARN.
    pub arn: Computed<String>,
    /// Who may use the cluster's API.
    pub access_config: Computed<Vec<AccessConfig>>,
    /// What clients trust the API by.
    pub certificate_authority: Computed<Vec<Certificate>>,
    /// The id of a cluster on an Outpost.
    pub cluster_id: Computed<Option<String>>,
    /// Auto Mode's nodes.
    pub compute_config: Computed<Vec<ComputeConfig>>,
    /// When it was made.
    pub created_at: Computed<String>,
    /// What the control plane logs.
    pub enabled_cluster_log_types: Computed<Option<Set<String>>>,
    /// Where the API answers.
    pub endpoint: Computed<Option<String>>,
    /// Who vouches for service accounts.
    pub identity: Computed<Vec<Identity>>,
    /// Addresses of services, and Auto Mode's load balancers.
    pub kubernetes_network_config: Computed<Vec<NetworkConfig>>,
    /// Of a cluster on an Outpost.
    pub outpost_config: Computed<Vec<OutpostConfig>>,
    /// EKS's own version of the control plane.
    pub platform_version: Computed<Option<String>>,
    /// Networks of nodes outside of AWS.
    pub remote_network_config: Computed<Vec<RemoteNetworks>>,
    /// ARN of the role by which the control plane works in the account.
    pub role_arn: Computed<String>,
    /// `ACTIVE`, or what is being done to it.
    pub status: Computed<Option<String>>,
    /// Auto Mode's volumes.
    pub storage_config: Computed<Vec<StorageConfig>>,
    /// What happens when the version's standard support ends.
    pub upgrade_policy: Computed<Vec<UpgradePolicy>>,
    /// Kubernetes's version.
    pub version: Computed<Option<String>>,
    /// Where the control plane meets the network.
    pub vpc_config: Computed<Vec<VpcConfig>>,
    /// Whether AWS may lead traffic away from a zone that fails.
    pub zonal_shift_config: Computed<Vec<Switch>>,
}

/// A block that stands at most once, as a list.
fn list<T>(one: One<T>) -> Computed<Vec<T>> {
    Computed(one.0.into_iter().collect())
}

impl DataSource for Cluster {
    const TYPE: &'static str = "aws_eks_cluster";
    const READS: Reads = Reads::of(&[Cost::each("eks:DescribeCluster")], "a call describes one cluster");
    const UNSET: &'static [&'static str] = &["cluster_id"];

    async fn read(self, aws: &Aws) -> Result<Self> {
        let mut answer = describe(aws, &self.name).await?;
        let tags = in_order(answer.tags.take());
        let mut it = Managed::from(answer);
        // What is read says that there are none.
        if let Some(vpc) = &mut it.vpc_config.0 {
            vpc.security_group_ids.get_or_insert_default();
        }
        Ok(Cluster {
            name: self.name,
            tags: Chosen(tags),
            id: it.id,
            arn: it.arn,
            access_config: list(it.access_config.0),
            certificate_authority: it.certificate_authority,
            cluster_id: it.cluster_id,
            compute_config: list(it.compute_config),
            created_at: it.created_at,
            enabled_cluster_log_types: Computed(it.enabled_cluster_log_types),
            endpoint: it.endpoint,
            identity: it.identity,
            kubernetes_network_config: list(it.kubernetes_network_config.0),
            outpost_config: list(it.outpost_config.0),
            platform_version: it.platform_version,
            remote_network_config: list(it.remote_network_config.0),
            role_arn: Computed(it.role_arn.0),
            status: it.status,
            storage_config: list(it.storage_config),
            upgrade_policy: list(it.upgrade_policy.0),
            version: Computed(it.version.0),
            vpc_config: list(it.vpc_config),
            zonal_shift_config: list(it.zonal_shift_config),
        })
    }
}
