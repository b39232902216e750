use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::eks::addon::{PodIdentity, describe, roles};
use crate::aws::eks::{if_there, in_order, moment};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// An add-on of a cluster that is there already.
///
/// ```toml
/// [data.aws_eks_addon.dns]
/// cluster_name = "shop"
/// addon_name = "coredns"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Addon {
    /// The cluster that it runs in.
    #[schemars(length(min = 1, max = 100), regex(pattern = r"^[0-9A-Za-z][0-9A-Za-z_-]*$"))]
    pub cluster_name: String,
    /// Which one, such as `vpc-cni`.
    #[schemars(length(min = 1))]
    pub addon_name: String,
    /// Its labels.
    pub tags: Chosen<Tags>,
    /// `cluster:addon`.
    pub id: Computed<String>,
    /// Such as `v1.12.1-eksbuild.2`.
    pub addon_version: Computed<String>,
    /// The add-on's ARN.
    pub arn: Computed<String>,
    /// Its settings: JSON or YAML.
    pub configuration_values: Computed<String>,
    /// When it was made.
    pub created_at: Computed<String>,
    /// When it was last changed.
    pub modified_at: Computed<String>,
    /// Roles of the add-on's service accounts, by EKS Pod Identity.
    pub pod_identity_association: Computed<Set<PodIdentity>>,
    /// ARN of the role of the add-on's service account, where it has one of its own.
    pub service_account_role_arn: Computed<String>,
}

impl DataSource for Addon {
    const TYPE: &'static str = "aws_eks_addon";
    const READS: Reads = Reads::of(
        &[Cost::each("eks:DescribeAddon")],
        "a call describes one add-on; each role of a service account of its costs another",
    );

    async fn read(self, aws: &Aws) -> Result<Self> {
        let (cluster, name) = (&self.cluster_name, &self.addon_name);
        let id = format!("{cluster}:{name}");
        let none = || Error::Invalid(format!("cluster `{cluster}` has no add-on `{name}`"));
        let it = if_there(describe(aws, &id).await)?.ok_or_else(none)?;
        let roles = roles(aws, &it).await?;
        Ok(Addon {
            tags: Chosen(in_order(it.tags)),
            id: id.into(),
            addon_version: seen(it.addon_version),
            arn: seen(it.addon_arn),
            configuration_values: seen(it.configuration_values),
            created_at: moment(it.created_at.as_ref()).into(),
            modified_at: moment(it.modified_at.as_ref()).into(),
            pod_identity_association: Set(roles).into(),
            service_account_role_arn: seen(it.service_account_role_arn),
            ..self
        })
    }
}
