use aws_sdk_eks::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EKS, each, halves, if_there, in_order, items, moment, stated, tags};
use crate::aws::shape::{seen, sent};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::resource::*;

/// Lets a role or user into a cluster. What it may do there, policies of EKS's
/// (`aws_eks_access_policy_association`) or Kubernetes's own groups say.
///
/// ```toml
/// [aws_eks_access_entry.developers]
/// cluster_name = "${aws_eks_cluster.shop.name}"
/// principal_arn = "${aws_iam_role.developer.arn}"
/// kubernetes_groups = ["developers"]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccessEntry {
    /// The cluster.
    #[schemars(length(min = 1, max = 100), regex(pattern = r"^[0-9A-Za-z][0-9A-Za-z_-]*$"))]
    pub cluster_name: Fixed<String>,
    /// ARN of the role or user.
    #[schemars(regex(pattern = r"^arn:.+$"))]
    pub principal_arn: Fixed<String>,
    /// Kubernetes's groups that it is a member of there.
    pub kubernetes_groups: Chosen<Option<Set<String>>>,
    /// `STANDARD` for people and programs; the others are for nodes.
    #[serde(default = "standard")]
    #[schemars(extend("enum" = ["EC2", "EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "HYBRID_LINUX", "STANDARD"]))]
    pub r#type: Fixed<String>,
    /// What it is called there; made of the ARN where none is given.
    pub user_name: Chosen<Option<String>>,
    pub timeouts: Option<TimeoutsCreateDelete>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// `cluster:principal`.
    pub id: Computed<String>,
    /// The entry's ARN.
    pub access_entry_arn: Computed<String>,
    /// When it was made.
    pub created_at: Computed<String>,
    /// When it was last changed.
    pub modified_at: Computed<String>,
}

fn standard() -> Fixed<String> {
    Fixed("STANDARD".into())
}

/// An error where there is none.
pub(super) async fn describe(aws: &Aws, id: &str) -> Result<sdk::AccessEntry> {
    let (cluster, principal) = halves(id, ':', "principal-arn")?;
    let call = aws.eks().describe_access_entry().cluster_name(cluster).principal_arn(principal);
    call.send().await?.access_entry.ok_or(Error::Incomplete("the entry"))
}

impl Resource for AccessEntry {
    const TYPE: &'static str = "aws_eks_access_entry";
    const IMPORT: &'static [&'static str] = &["shop:arn:aws:iam::123456789012:role/developer"];
    const TAGS: TagApi = TagApi::Eks;
    const READS: Reads = Reads::of(
        &[Cost::each("eks:DescribeAccessEntry")],
        "a call describes one entry; the list of all tells principals only",
    );
    const PASSING: &'static [&'static [Passing]] = &[
        EKS,
        &[
            // A role that was made a moment ago.
            Passing::unseen("InvalidParameterException").saying("The specified principalArn is invalid"),
        ],
    ];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        let (_, principal) = halves(id, ':', "principal-arn")?;
        if !principal.starts_with("arn:") {
            let text = "say the cluster's name and the principal's ARN: `cluster:arn`".to_owned();
            return Err(Error::Invalid(text));
        }
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, ids: &[String]) -> Result<Vec<Live<Self>>> {
        each(ids, async |id| Ok(describe(aws, id).await?.into())).await
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let groups = items(&self.kubernetes_groups);
        let call = aws.eks().create_access_entry().cluster_name(&**self.cluster_name);
        let call = call
            .client_request_token(&new.token)
            .principal_arn(&**self.principal_arn)
            .set_type(sent(&self.r#type))
            .set_kubernetes_groups((!groups.is_empty()).then_some(groups))
            .set_username(stated(self.user_name.as_ref()).map(str::to_owned))
            .set_tags(tags(&new.tags));
        call.send().await?;
        Ok(self.wanted_id())
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let groups = |it: &Self| it.kubernetes_groups.0.clone().unwrap_or_default();
        if groups(self) == groups(was) && self.user_name == was.user_name {
            return Ok(());
        }
        let call = aws.eks().update_access_entry().cluster_name(&**was.cluster_name);
        let call = call.principal_arn(&**was.principal_arn).set_kubernetes_groups(Some(groups(self).0));
        call.set_username(sent(&self.user_name)).send().await?;
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let call = aws.eks().delete_access_entry().cluster_name(&**self.cluster_name);
        if_there(call.principal_arn(&**self.principal_arn).send().await.map_err(Error::from))?;
        Ok(())
    }

    // The token makes a repeated create harmless for a while only; a principal stands once in a cluster.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let found = if_there(describe(aws, &self.wanted_id()).await)?;
        let ours = found.filter(|it| new.may_have_made(it.created_at.map(|it| it.secs())));
        Ok(ours.map(|_| self.wanted_id()))
    }
}

impl AccessEntry {
    fn wanted_id(&self) -> String {
        format!("{}:{}", *self.cluster_name, *self.principal_arn)
    }
}

impl From<sdk::AccessEntry> for Live<AccessEntry> {
    fn from(it: sdk::AccessEntry) -> Self {
        let (cluster, principal): (String, String) = (seen(it.cluster_name), seen(it.principal_arn));
        let id = format!("{cluster}:{principal}");
        Live {
            key: id.clone(),
            status: Status::Ready,
            tags: Some(in_order(it.tags)),
            unread: &[],
            attributes: AccessEntry {
                cluster_name: Fixed(cluster),
                principal_arn: Fixed(principal),
                kubernetes_groups: Chosen(Some(Set(it.kubernetes_groups.unwrap_or_default()))),
                r#type: seen(it.r#type),
                user_name: seen(it.username),
                timeouts: None,
                tags: None,
                tags_all: Chosen::default(),
                id: Computed(id),
                access_entry_arn: seen(it.access_entry_arn),
                created_at: moment(it.created_at.as_ref()).into(),
                modified_at: moment(it.modified_at.as_ref()).into(),
            },
        }
    }
}
