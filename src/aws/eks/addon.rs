//! Add-ons.

mod seen;

use std::time::Duration;

use aws_sdk_eks::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::updates::{Of, carried_out, taken};
use super::{EKS, each, halves, if_there, removed, stated, tags};
use crate::aws::shape::{built, sent};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;
use seen::live;

pub(super) use seen::{describe, roles};

/// Software that EKS runs in a cluster and keeps up to date, such as `vpc-cni`, `coredns` or
/// `aws-ebs-csi-driver`.
///
/// ```toml
/// [aws_eks_addon.dns]
/// cluster_name = "${aws_eks_cluster.shop.name}"
/// addon_name = "coredns"
/// addon_version = "v1.12.1-eksbuild.2"
/// resolve_conflicts_on_create = "OVERWRITE"
/// resolve_conflicts_on_update = "PRESERVE"
/// configuration_values = '${jsonencode({ replicaCount = 3 })}'
/// depends_on = ["aws_eks_node_group.workers"]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Addon {
    /// The cluster that it runs in.
    #[schemars(length(min = 1, max = 100), regex(pattern = r"^[0-9A-Za-z][0-9A-Za-z_-]*$"))]
    pub cluster_name: Fixed<String>,
    /// Which one; a cluster has each of them once.
    #[schemars(length(min = 1))]
    pub addon_name: Fixed<String>,
    /// Such as `v1.12.1-eksbuild.2`; EKS's usual one for the cluster's version where none is given.
    #[schemars(regex(pattern = r"^v[0-9]+\.[0-9]+\.[0-9]+([-+].+)?$"))]
    pub addon_version: Chosen<Option<String>>,
    /// Its settings: JSON or YAML that fits the add-on's own schema.
    pub configuration_values: Chosen<Option<String>>,
    /// Roles of the add-on's service accounts, by EKS Pod Identity.
    #[serde(default)]
    pub pod_identity_association: Set<PodIdentity>,
    /// On removal, leave the software in the cluster: only EKS lets go of it.
    pub preserve: Local<Option<bool>>,
    /// Outdated: what `resolve_conflicts_on_create` and `resolve_conflicts_on_update` say.
    #[schemars(extend("enum" = ["NONE", "OVERWRITE", "PRESERVE"]))]
    pub resolve_conflicts: Local<Option<String>>,
    /// Where the cluster has the software already, with other settings: `NONE` (it fails) or `OVERWRITE`.
    #[schemars(extend("enum" = ["NONE", "OVERWRITE"]))]
    pub resolve_conflicts_on_create: Local<Option<String>>,
    /// Where somebody has changed settings in the cluster: `NONE` (it fails), `OVERWRITE` or `PRESERVE`.
    #[schemars(extend("enum" = ["NONE", "OVERWRITE", "PRESERVE"]))]
    pub resolve_conflicts_on_update: Local<Option<String>>,
    /// ARN of the role of the add-on's service account; the nodes' role where none is given.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub service_account_role_arn: Option<String>,
    pub timeouts: Option<Timeouts>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// `cluster:addon`.
    pub id: Computed<String>,
    /// The add-on's ARN.
    pub arn: Computed<String>,
    /// When it was made.
    pub created_at: Computed<String>,
    /// When it was last changed.
    pub modified_at: Computed<String>,
}

/// The role of a service account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PodIdentity {
    /// ARN of the role.
    #[schemars(regex(pattern = r"^arn:.+$"))]
    pub role_arn: String,
    /// Whose role: one of the add-on's service accounts.
    pub service_account: String,
}

impl Resource for Addon {
    const TYPE: &'static str = "aws_eks_addon";
    const IMPORT: &'static [&'static str] = &["shop:coredns"];
    const UNWRITTEN: &'static [&'static str] = &["resolve_conflicts"];
    const TAGS: TagApi = TagApi::Eks;
    const READS: Reads = Reads::of(
        &[Cost::each("eks:DescribeAddon")],
        "a call describes one add-on; each role of a service account of its costs another",
    );
    const PATIENCE: Duration = Duration::from_secs(1200);
    const DELETE_PATIENCE: Duration = Duration::from_secs(2400);
    const CREATE_SECONDS: u32 = 30;
    const PASSING: &'static [&'static [Passing]] = &[
        EKS,
        &[
            // The same add-on, which failed before and is being taken away.
            Passing::unseen("InvalidParameterException").saying("CREATE_FAILED"),
        ],
    ];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        halves(id, ':', "addon").map(|_| id.to_owned())
    }

    async fn read(aws: &Aws, ids: &[String]) -> Result<Vec<Live<Self>>> {
        each(ids, async |id| live(aws, describe(aws, id).await?).await).await
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let conflicts = self.resolve_conflicts_on_create.as_ref().or(self.resolve_conflicts.as_ref());
        let call = aws.eks().create_addon().cluster_name(&**self.cluster_name).addon_name(&**self.addon_name);
        let call = call
            .client_request_token(&new.token)
            .set_addon_version(sent(&self.addon_version))
            .set_configuration_values(sent(&self.configuration_values))
            .set_pod_identity_associations(self.identities()?.filter(|it| !it.is_empty()))
            .set_resolve_conflicts(conflicts.map(|it| it.as_str().into()))
            .set_service_account_role_arn(stated(self.service_account_role_arn.as_ref()).map(str::to_owned))
            .set_tags(tags(&new.tags));
        call.send().await?;
        Ok(self.wanted_id())
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let usual = Self::PATIENCE;
        let patience = times::patience(self.timeouts.as_ref().and_then(|it| it.update.as_deref()), usual);
        let id = was.key();
        let (cluster, name) = halves(&id, ':', "addon")?;
        // Some of it may have been changed before.
        let now = live(aws, describe(aws, &id).await?).await?.attributes;
        if !self.differs(&now) {
            return Ok(());
        }
        let update = taken::<Self>(patience, async || self.change(aws, &now).await).await?;
        let done = carried_out(aws, Of::addon(cluster, name), update, patience).await;
        done.map_err(|error| self.advised(error))
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let id = self.key();
        let (cluster, name) = halves(&id, ':', "addon")?;
        let call = aws.eks().delete_addon().cluster_name(cluster).addon_name(name);
        let answer = call.set_preserve(self.preserve.filter(|it| *it)).send().await.map_err(Error::from);
        removed(answer, async || Ok(seen::status(&describe(aws, &id).await?))).await
    }

    // The token makes a repeated create harmless for a while only; a cluster has an add-on once.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let found = if_there(describe(aws, &self.wanted_id()).await)?;
        let ours = found.filter(|it| new.may_have_made(it.created_at.map(|it| it.secs())));
        Ok(ours.map(|_| self.wanted_id()))
    }

    // What is not well any more may be changed all the same: an update says itself whether it failed.
    fn awaits(&self, word: &str) -> bool {
        self.created_at.is_empty() || ["CREATING", "UPDATING"].contains(&word)
    }

    fn adjust(plan: &mut Adjust) {
        for other in ["resolve_conflicts_on_create", "resolve_conflicts_on_update"] {
            plan.at_most_one(&["resolve_conflicts", other]);
        }
    }
}

/// What is asked for, where that is something else than what is there; empty text is none.
fn other(wanted: &Option<String>, now: &Option<String>) -> Option<String> {
    wanted.clone().filter(|_| stated(wanted.as_ref()) != stated(now.as_ref()))
}

impl Addon {
    fn wanted_id(&self) -> String {
        format!("{}:{}", *self.cluster_name, *self.addon_name)
    }

    fn identities(&self) -> Result<Option<Vec<sdk::AddonPodIdentityAssociations>>> {
        let one = |it: &PodIdentity| {
            let it = sdk::AddonPodIdentityAssociations::builder()
                .role_arn(&it.role_arn)
                .service_account(&it.service_account);
            built(it.build())
        };
        self.pod_identity_association.iter().map(one).collect::<Result<Vec<_>>>().map(Some)
    }

    fn differs(&self, now: &Self) -> bool {
        other(&self.addon_version, &now.addon_version).is_some()
            || other(&self.configuration_values, &now.configuration_values).is_some()
            || self.pod_identity_association != now.pod_identity_association
            || stated(self.service_account_role_arn.as_ref()) != stated(now.service_account_role_arn.as_ref())
    }

    async fn change(&self, aws: &Aws, now: &Self) -> Result<Option<sdk::Update>> {
        let roles = self.pod_identity_association != now.pod_identity_association;
        let role = stated(self.service_account_role_arn.as_ref());
        // Where it is not told, EKS takes it away; an empty one says so.
        let taken_away = role.is_none() && stated(now.service_account_role_arn.as_ref()).is_some();
        let conflicts = self.resolve_conflicts_on_update.as_ref().or(self.resolve_conflicts.as_ref());
        let call = aws.eks().update_addon().cluster_name(&**self.cluster_name).addon_name(&**self.addon_name);
        let call = call
            .set_addon_version(other(&self.addon_version, &now.addon_version))
            .set_configuration_values(other(&self.configuration_values, &now.configuration_values))
            .set_pod_identity_associations(if roles { self.identities()? } else { None })
            .set_resolve_conflicts(conflicts.map(|it| it.as_str().into()))
            .set_service_account_role_arn(role.or(taken_away.then_some("")).map(str::to_owned));
        Ok(call.send().await?.update)
    }

    /// With what helps against a conflict.
    fn advised(&self, error: Error) -> Error {
        let overwrites = self.resolve_conflicts_on_update.as_deref() == Some("OVERWRITE");
        match error {
            Error::Invalid(text) if text.contains("ConfigurationConflict") && !overwrites => {
                let advice =
                    "`resolve_conflicts_on_update = \"OVERWRITE\"` puts EKS's settings in their place";
                Error::Invalid(format!("{text}; {advice}"))
            }
            other => other,
        }
    }
}
