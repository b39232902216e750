use aws_sdk_eks::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EKS, each, if_there, in_order, tags};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::resource::*;

/// Gives the pods of a service account a role, by EKS Pod Identity: the cluster needs the add-on
/// `eks-pod-identity-agent`, and the role has to trust `pods.eks.amazonaws.com`.
///
/// ```toml
/// [aws_eks_pod_identity_association.orders]
/// cluster_name = "${aws_eks_cluster.shop.name}"
/// namespace = "shop"
/// service_account = "orders"
/// role_arn = "${aws_iam_role.orders.arn}"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PodIdentityAssociation {
    /// The cluster.
    pub cluster_name: Fixed<String>,
    /// The service account's namespace.
    pub namespace: Fixed<String>,
    /// The service account's name.
    pub service_account: Fixed<String>,
    /// ARN of the role.
    #[schemars(regex(pattern = r"^arn:.+$"))]
    pub role_arn: String,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Computed<Tags>,
    /// Such as `a-1b2c3d4e5f6g7h8i9`.
    pub id: Computed<String>,
    /// The association's ARN.
    pub association_arn: Computed<String>,
    /// The association's id.
    pub association_id: Computed<String>,
}

/// The cluster's name and the association's id.
type Key = (String, String);

/// An error where there is none.
async fn describe(aws: &Aws, key: &Key) -> Result<sdk::PodIdentityAssociation> {
    let call = aws.eks().describe_pod_identity_association().cluster_name(&key.0).association_id(&key.1);
    call.send().await?.association.ok_or(Error::Incomplete("the association"))
}

/// Those of these that there are.
pub(super) async fn identities(aws: &Aws, keys: &[Key]) -> Result<Vec<sdk::PodIdentityAssociation>> {
    each(keys, async |key| describe(aws, key).await).await
}

impl Resource for PodIdentityAssociation {
    const TYPE: &'static str = "aws_eks_pod_identity_association";
    const IMPORT: &'static [&'static str] = &["shop,a-1b2c3d4e5f6g7h8i9"];
    const TAGS: TagApi = TagApi::Eks;
    const FRAMEWORK: bool = true;
    const READS: Reads = Reads::of(
        &[Cost::each("eks:DescribePodIdentityAssociation")],
        "a call describes one association; the list of all does not tell roles",
    );
    const PASSING: &'static [&'static [Passing]] = &[EKS];
    type Key = Key;

    fn key(&self) -> Key {
        (self.cluster_name.0.clone(), self.association_id.0.clone())
    }

    fn import(id: &str) -> Result<Key> {
        let both = id.split_once(',').filter(|it| !it.0.is_empty() && !it.1.is_empty());
        let both = both.map(|it| (it.0.to_owned(), it.1.to_owned()));
        both.ok_or_else(|| {
            Error::Invalid("say the cluster's name and the association's id: `cluster,id`".to_owned())
        })
    }

    async fn read(aws: &Aws, keys: &[Key]) -> Result<Vec<Live<Self>>> {
        Ok(identities(aws, keys).await?.into_iter().map(Live::from).collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<Key> {
        let call = aws.eks().create_pod_identity_association().cluster_name(&**self.cluster_name);
        let call = call
            .client_request_token(&new.token)
            .namespace(&**self.namespace)
            .service_account(&**self.service_account)
            .role_arn(&self.role_arn)
            .set_tags(tags(&new.tags));
        let id = call.send().await?.association.and_then(|it| it.association_id);
        Ok((self.cluster_name.0.clone(), id.ok_or(Error::Incomplete("the association's id"))?))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        if self.role_arn == was.role_arn {
            return Ok(());
        }
        let (cluster, id) = was.key();
        let call = aws.eks().update_pod_identity_association().cluster_name(cluster).association_id(id);
        call.role_arn(&self.role_arn).send().await?;
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let (cluster, id) = self.key();
        let call = aws.eks().delete_pod_identity_association().cluster_name(cluster).association_id(id);
        if_there(call.send().await.map_err(Error::from))?;
        Ok(())
    }

    // The token makes a repeated create harmless for a while only; a service account has one association.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<Key>> {
        let call = aws.eks().list_pod_identity_associations().cluster_name(&**self.cluster_name);
        let call = call.namespace(&**self.namespace).service_account(&**self.service_account);
        let found = call.into_paginator().items().send().try_collect().await;
        let found = if_there(found.map_err(Error::from))?.unwrap_or_default();
        let keys = found.into_iter().filter_map(|it| Some((it.cluster_name?, it.association_id?)));
        let all = identities(aws, &keys.collect::<Vec<_>>()).await?;
        let ours = all.into_iter().find(|it| new.may_have_made(it.created_at.map(|it| it.secs())));
        Ok(ours.and_then(|it| Some((it.cluster_name?, it.association_id?))))
    }
}

impl From<sdk::PodIdentityAssociation> for Live<PodIdentityAssociation> {
    fn from(it: sdk::PodIdentityAssociation) -> Self {
        let attributes = PodIdentityAssociation {
            cluster_name: seen(it.cluster_name),
            namespace: seen(it.namespace),
            service_account: seen(it.service_account),
            role_arn: seen(it.role_arn),
            tags: None,
            tags_all: Computed::default(),
            id: seen(it.association_id.clone()),
            association_arn: seen(it.association_arn),
            association_id: seen(it.association_id),
        };
        let tags = Some(in_order(it.tags));
        Live { key: attributes.key(), attributes, tags, status: Status::Ready, unread: &[] }
    }
}
