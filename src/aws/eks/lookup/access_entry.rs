use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::eks::access_entry::describe;
use crate::aws::eks::{if_there, moment};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// What lets a role or user into a cluster, where that is there already.
///
/// ```toml
/// [data.aws_eks_access_entry.developers]
/// cluster_name = "shop"
/// principal_arn = "arn:aws:iam::123456789012:role/developer"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccessEntry {
    /// The cluster.
    #[schemars(length(min = 1, max = 100), regex(pattern = r"^[0-9A-Za-z][0-9A-Za-z_-]*$"))]
    pub cluster_name: String,
    /// ARN of the role or user.
    #[schemars(regex(pattern = r"^arn:.+$"))]
    pub principal_arn: String,
    /// Kept as they are given: nothing is searched by them, and the entry's labels are not told.
    pub tags: Option<Tags>,
    /// Not told.
    pub tags_all: Chosen<Option<Tags>>,
    /// `cluster:principal`.
    pub id: Computed<String>,
    /// The entry's ARN.
    pub access_entry_arn: Computed<String>,
    /// When it was made.
    pub created_at: Computed<String>,
    /// Kubernetes's groups that it is a member of there.
    pub kubernetes_groups: Computed<Set<String>>,
    /// When it was last changed.
    pub modified_at: Computed<String>,
    /// `STANDARD` for people and programs; the others are for nodes.
    pub r#type: Computed<String>,
    /// What it is called there.
    pub user_name: Computed<String>,
}

impl DataSource for AccessEntry {
    const TYPE: &'static str = "aws_eks_access_entry";
    const READS: Reads = Reads::of(&[Cost::each("eks:DescribeAccessEntry")], "a call describes one entry");
    const UNSET: &'static [&'static str] = &["tags_all"];

    async fn read(self, aws: &Aws) -> Result<Self> {
        let (cluster, principal) = (&self.cluster_name, &self.principal_arn);
        let id = format!("{cluster}:{principal}");
        let none = || Error::Invalid(format!("cluster `{cluster}` has no access entry of `{principal}`"));
        let it = if_there(describe(aws, &id).await)?.ok_or_else(none)?;
        Ok(AccessEntry {
            id: id.into(),
            access_entry_arn: seen(it.access_entry_arn),
            created_at: moment(it.created_at.as_ref()).into(),
            kubernetes_groups: Set(it.kubernetes_groups.unwrap_or_default()).into(),
            modified_at: moment(it.modified_at.as_ref()).into(),
            r#type: seen(it.r#type),
            user_name: seen(it.username),
            ..self
        })
    }
}
