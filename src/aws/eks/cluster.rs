//! Clusters.

pub mod blocks;
mod checks;
mod seen;
mod steps;

use std::time::Duration;

use aws_sdk_eks::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EKS, blockers, each, if_there, removed, tags};
use crate::aws::shape::sent;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;
use blocks::*;

pub(super) use seen::describe;

/// A Kubernetes control plane.
///
/// A change of each kind (version, access, logging, endpoints, …) is a call of its own; EKS carries out
/// one after the other, and an apply waits for each.
///
/// ```toml
/// [aws_eks_cluster.shop]
/// name = "shop"
/// role_arn = "${aws_iam_role.cluster.arn}"
/// version = "1.33"
/// enabled_cluster_log_types = ["api", "audit"]
/// access_config = { authentication_mode = "API" }
/// vpc_config = { subnet_ids = "${aws_subnet.private[*].id}", endpoint_private_access = true }
/// depends_on = ["aws_iam_role_policy_attachment.cluster"]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cluster {
    /// Unique in the account and region.
    #[schemars(length(min = 1, max = 100), regex(pattern = r"^[0-9A-Za-z][0-9A-Za-z_-]*$"))]
    pub name: Fixed<String>,
    /// ARN of the role by which the control plane works in the account.
    #[schemars(regex(pattern = r"^arn:.+$"))]
    pub role_arn: Fixed<String>,
    /// Where the control plane meets the network.
    #[schemars(length(min = 1, max = 1))]
    #[serde(default)]
    pub vpc_config: One<VpcConfig>,
    /// Kubernetes's version, such as `1.33`: the newest one where none is given. It goes up in place, one
    /// minor version at a time.
    pub version: Chosen<Option<String>>,
    /// Go up even where checks of the cluster say that something in it would break.
    pub force_update_version: Local<Option<bool>>,
    /// Who may use the cluster's API.
    pub access_config: Chosen<One<AccessConfig>>,
    /// Install the usual add-ons in a new cluster (CNI, CoreDNS, kube-proxy) for its owner to look after;
    /// `false` with Auto Mode. AWS does not tell it.
    #[serde(default = "yes")]
    pub bootstrap_self_managed_addons: Local<Fixed<bool>>,
    /// Auto Mode: EKS makes the nodes. On or off together with `storage_config` and the load balancing of
    /// `kubernetes_network_config`.
    #[serde(default)]
    pub compute_config: One<ComputeConfig>,
    /// What the control plane logs: any of `api`, `audit`, `authenticator`, `controllerManager`,
    /// `scheduler`.
    pub enabled_cluster_log_types: Option<Set<String>>,
    /// Encrypt secrets with a key in KMS. Once on, it stays on.
    #[serde(default)]
    pub encryption_config: One<EncryptionConfig>,
    /// Addresses of services, and Auto Mode's load balancers.
    pub kubernetes_network_config: Chosen<One<NetworkConfig>>,
    /// For a cluster on an Outpost.
    #[serde(default)]
    pub outpost_config: Fixed<One<OutpostConfig>>,
    /// Networks of nodes outside of AWS.
    #[serde(default)]
    pub remote_network_config: Fixed<One<RemoteNetworks>>,
    /// Auto Mode's volumes.
    #[serde(default)]
    pub storage_config: One<StorageConfig>,
    /// What happens when the version's standard support ends.
    pub upgrade_policy: Chosen<One<UpgradePolicy>>,
    /// Let AWS lead traffic away from a zone that fails.
    #[serde(default)]
    pub zonal_shift_config: One<Switch>,
    pub timeouts: Option<Timeouts>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The cluster's name.
    pub id: Computed<String>,
    /// The cluster's ARN.
    pub arn: Computed<String>,
    /// What clients trust the API by.
    pub certificate_authority: Computed<Vec<Certificate>>,
    /// The id of a cluster on an Outpost.
    pub cluster_id: Computed<Option<String>>,
    /// When it was made.
    pub created_at: Computed<String>,
    /// Where the API answers.
    pub endpoint: Computed<Option<String>>,
    /// Who vouches for service accounts.
    pub identity: Computed<Vec<Identity>>,
    /// EKS's own version of the control plane, such as `eks.12`.
    pub platform_version: Computed<Option<String>>,
    /// `ACTIVE`, or what is being done to it.
    pub status: Computed<Option<String>>,
}

fn yes() -> Local<Fixed<bool>> {
    Local(Fixed(true))
}

impl Resource for Cluster {
    const TYPE: &'static str = "aws_eks_cluster";
    const SCHEMA_VERSION: u64 = 1;
    const IMPORT: &'static [&'static str] = &["shop"];
    const TAGS: TagApi = TagApi::Eks;
    const READS: Reads = Reads::of(&[Cost::each("eks:DescribeCluster")], "a call describes one cluster");
    const PATIENCE: Duration = Duration::from_secs(3600);
    const DELETE_PATIENCE: Duration = Duration::from_secs(900);
    const CREATE_SECONDS: u32 = 600;
    const PASSING: &'static [&'static [Passing]] = &[
        EKS,
        &[
            // A role that was made a moment ago, and what it may do.
            Passing::unseen("InvalidParameterException").saying("Error in role params"),
            Passing::unseen("InvalidParameterException").saying("Role could not be assumed"),
            Passing::unseen("InvalidParameterException")
                .saying("doesn't have the Amazon EKS Managed Policies associated with it"),
            Passing::unseen("InvalidParameterException").saying("IAM role's policy must include"),
            Passing::in_use("ResourceInUseException").saying("attached"),
        ],
    ];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, names: &[String]) -> Result<Vec<Live<Self>>> {
        each(names, async |name| Ok(describe(aws, name).await?.into())).await
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let vpc = self.vpc_config.as_ref().map(VpcConfig::sent);
        let outpost = self.outpost_config.as_ref().map(OutpostConfig::sent).transpose()?;
        let call = aws.eks().create_cluster().name(&**self.name).role_arn(&**self.role_arn);
        let call = call
            .client_request_token(&new.token)
            .set_resources_vpc_config(vpc)
            .set_version(sent(&self.version))
            .set_access_config(self.access_config.as_ref().map(AccessConfig::sent))
            .bootstrap_self_managed_addons(**self.bootstrap_self_managed_addons)
            .set_compute_config(self.compute_config.as_ref().map(ComputeConfig::sent))
            .set_encryption_config(self.encryption())
            .set_kubernetes_network_config(self.kubernetes_network_config.as_ref().map(NetworkConfig::sent))
            .logging(self.logging())
            .set_outpost_config(outpost)
            .set_remote_network_config(self.remote_network_config.as_ref().map(RemoteNetworks::sent))
            .set_storage_config(self.storage_config.as_ref().map(StorageConfig::sent))
            .set_upgrade_policy(self.upgrade_policy.as_ref().map(UpgradePolicy::sent))
            .set_zonal_shift_config(self.zonal_shift())
            .set_tags(tags(&new.tags));
        let answer = call.send().await?;
        answer.cluster.and_then(|it| it.name).ok_or(Error::Incomplete("the cluster's name"))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        steps::update(self, aws, &was.key()).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let answer = aws.eks().delete_cluster().name(self.key()).send().await.map_err(Error::from);
        removed(answer, async || Ok(seen::status(&describe(aws, &self.key()).await?))).await
    }

    // The token makes a repeated create harmless for a while only; a name stands once in an account and region.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let found = if_there(describe(aws, &self.name).await)?;
        let ours = found.filter(|it| new.may_have_made(it.created_at.map(|it| it.secs())));
        Ok(ours.and_then(|it| it.name))
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        // AWS does not say who was let in at the beginning.
        if let (Some(seen), Some(kept)) = (&mut self.access_config.0.0, kept.access_config.as_ref()) {
            seen.bootstrap_cluster_creator_admin_permissions = Fixed(Some(kept.lets_its_maker_in()));
        }
        // What is off and what is not there are one.
        self.compute_config = as_kept(self.compute_config, &kept.compute_config, |it| it.enabled);
        let volumes = |it: &StorageConfig| it.block_storage.as_ref().and_then(|it| it.enabled);
        self.storage_config = as_kept(self.storage_config, &kept.storage_config, volumes);
        self.zonal_shift_config = as_kept(self.zonal_shift_config, &kept.zonal_shift_config, |it| it.enabled);
        self
    }

    fn adjust(plan: &mut Adjust) {
        checks::adjust(plan);
    }

    async fn blockers(&self, aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        Ok(match is_in_use::<Self>(op, error) {
            true => blockers::of_cluster(aws, &self.key()).await,
            false => Blockers::default(),
        })
    }
}

/// What was seen, or what was kept where both are off.
fn as_kept<T: Clone>(seen: One<T>, kept: &One<T>, enabled: impl Fn(&T) -> Option<bool>) -> One<T> {
    let off = |it: &One<T>| it.as_ref().is_none_or(|it| enabled(it) != Some(true));
    if off(&seen) && off(kept) { kept.clone() } else { seen }
}

/// Everything that a control plane can log.
pub(super) const LOG_TYPES: [&str; 5] = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

impl Cluster {
    /// What is logged, and what is not.
    fn logging(&self) -> sdk::Logging {
        let wanted = super::items(&self.enabled_cluster_log_types);
        let (on, off): (Vec<&str>, Vec<&str>) =
            LOG_TYPES.iter().partition(|it| wanted.iter().any(|wanted| wanted == *it));
        let setup = |enabled: bool, of: Vec<&str>| {
            let types = of.into_iter().map(sdk::LogType::from).collect();
            sdk::LogSetup::builder().enabled(enabled).set_types(Some(types)).build()
        };
        sdk::Logging::builder().cluster_logging(setup(true, on)).cluster_logging(setup(false, off)).build()
    }

    fn encryption(&self) -> Option<Vec<sdk::EncryptionConfig>> {
        self.encryption_config.as_ref().map(|it| vec![it.sent()])
    }

    fn zonal_shift(&self) -> Option<sdk::ZonalShiftConfigRequest> {
        let it = self.zonal_shift_config.as_ref()?;
        Some(sdk::ZonalShiftConfigRequest::builder().set_enabled(it.enabled).build())
    }
}
