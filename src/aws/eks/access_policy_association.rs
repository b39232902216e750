use std::collections::HashMap;

use aws_sdk_eks::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EKS, each, if_there, items};
use crate::aws::shape::{seen, sent};
use crate::aws::{Aws, Error, Result, TagApi, moment};
use crate::lang::Value;
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// What somebody with an access entry may do in a cluster, or in some of its namespaces: a policy of EKS's.
///
/// ```toml
/// [aws_eks_access_policy_association.developers]
/// cluster_name = "${aws_eks_cluster.shop.name}"
/// principal_arn = "${aws_eks_access_entry.developers.principal_arn}"
/// policy_arn = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy"
/// access_scope = { type = "namespace", namespaces = ["shop"] }
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccessPolicyAssociation {
    /// The cluster.
    #[schemars(length(min = 1, max = 100), regex(pattern = r"^[0-9A-Za-z][0-9A-Za-z_-]*$"))]
    pub cluster_name: Fixed<String>,
    /// ARN of the role or user, which has an access entry.
    #[schemars(regex(pattern = r"^arn:.+$"))]
    pub principal_arn: Fixed<String>,
    /// ARN of the policy, such as `arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy`.
    #[schemars(regex(pattern = r"^arn:.+$"))]
    pub policy_arn: Fixed<String>,
    /// Where the policy holds.
    #[schemars(length(min = 1, max = 1))]
    #[serde(default)]
    pub access_scope: Fixed<One<Scope>>,
    pub timeouts: Option<TimeoutsCreateDelete>,
    /// `cluster#principal#policy`.
    pub id: Computed<String>,
    /// When the policy was given.
    pub associated_at: Computed<String>,
    /// When that was last changed.
    pub modified_at: Computed<String>,
}

/// Where a policy holds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// `cluster`, or `namespace` where only some namespaces are meant.
    pub r#type: String,
    /// Which namespaces; `dev-*` stands for all that begin with `dev-`.
    pub namespaces: Option<Set<String>>,
}

/// Which policy of whom.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Association {
    cluster: String,
    principal: String,
    policy: String,
}

/// What somebody may do in a cluster: all policies. `None` where there is no such entry.
async fn policies(aws: &Aws, of: &(String, String)) -> Result<Vec<sdk::AssociatedAccessPolicy>> {
    let call = aws.eks().list_associated_access_policies().cluster_name(&of.0).principal_arn(&of.1);
    Ok(call.into_paginator().items().send().try_collect().await?)
}

impl Resource for AccessPolicyAssociation {
    const TYPE: &'static str = "aws_eks_access_policy_association";
    const IMPORT: &'static [&'static str] = &[
        "shop#arn:aws:iam::123456789012:role/developer#arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
    ];
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads = Reads::of(
        &[Cost::each("eks:ListAssociatedAccessPolicies")],
        "a call tells all policies of one principal in one cluster: those of one principal share it",
    );
    const PASSING: &'static [&'static [Passing]] = &[
        EKS,
        &[
            // The entry was made a moment ago.
            Passing::unseen("ResourceNotFoundException")
                .saying("The specified principalArn could not be found"),
        ],
    ];
    type Key = Association;

    fn key(&self) -> Association {
        Association {
            cluster: self.cluster_name.0.clone(),
            principal: self.principal_arn.0.clone(),
            policy: self.policy_arn.0.clone(),
        }
    }

    fn import(id: &str) -> Result<Association> {
        match id.splitn(3, '#').collect::<Vec<_>>()[..] {
            [cluster, principal, policy]
                if !cluster.is_empty() && [principal, policy].iter().all(|it| it.starts_with("arn:")) =>
            {
                let own = str::to_owned;
                Ok(Association { cluster: own(cluster), principal: own(principal), policy: own(policy) })
            }
            _ => {
                let text = "say the cluster's name, the principal's ARN and the policy's: `cluster#arn#arn`";
                Err(Error::Invalid(text.to_owned()))
            }
        }
    }

    async fn read(aws: &Aws, keys: &[Association]) -> Result<Vec<Live<Self>>> {
        let mut whom: Vec<_> = keys.iter().map(|it| (it.cluster.clone(), it.principal.clone())).collect();
        whom.sort();
        whom.dedup();
        let all = each(&whom, async |it| Ok((it.clone(), policies(aws, it).await?))).await?;
        let all: HashMap<_, _> = all.into_iter().collect();
        let found = keys.iter().filter_map(|key| {
            let of = all.get(&(key.cluster.clone(), key.principal.clone()))?;
            let it = of.iter().find(|it| it.policy_arn.as_deref() == Some(&key.policy))?;
            Some(key.live(it))
        });
        Ok(found.collect())
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<Association> {
        let scope = self.access_scope.as_ref().map(|it| {
            let namespaces = Some(items(&it.namespaces));
            sdk::AccessScope::builder().set_type(sent(&it.r#type)).set_namespaces(namespaces).build()
        });
        let call = aws.eks().associate_access_policy().cluster_name(&**self.cluster_name);
        let call = call.principal_arn(&**self.principal_arn).policy_arn(&**self.policy_arn);
        call.set_access_scope(scope).send().await?;
        Ok(self.key())
    }

    async fn update(&self, _aws: &Aws, _was: &Self) -> Result<()> {
        Ok(()) // nothing in it can change
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let call = aws.eks().disassociate_access_policy().cluster_name(&**self.cluster_name);
        let call = call.principal_arn(&**self.principal_arn).policy_arn(&**self.policy_arn);
        if_there(call.send().await.map_err(Error::from))?;
        Ok(())
    }

    // Giving the policy again is harmless.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<Association>> {
        Ok(None)
    }

    fn adjust(plan: &mut Adjust) {
        let scope = plan.will("access_scope").and_then(Value::as_items).and_then(<[Value]>::first);
        let Some(scope) = scope else { return };
        let namespaces = scope.get("namespaces");
        let none = namespaces.is_none_or(|it| it.is_null() || it.as_items().is_some_and(<[_]>::is_empty));
        let wrong = match scope.get("type").and_then(Value::as_str) {
            Some("cluster") if !none && namespaces.is_some_and(|it| !it.is_unknown()) => {
                "a policy for the whole cluster has no `namespaces`: leave them out, or say `type = \"namespace\"`"
            }
            Some("namespace") if none => "say in which `namespaces` the policy holds",
            Some("cluster" | "namespace") | None => return,
            Some(_) => "`type` is `cluster` or `namespace`",
        };
        plan.error("access_scope", wrong);
    }
}

impl Association {
    fn live(&self, it: &sdk::AssociatedAccessPolicy) -> Live<AccessPolicyAssociation> {
        let Association { cluster, principal, policy } = self.clone();
        let scope = it.access_scope.clone().map(|it| Scope {
            r#type: seen(it.r#type),
            namespaces: it.namespaces.filter(|it| !it.is_empty()).map(Set),
        });
        let attributes = AccessPolicyAssociation {
            id: Computed(format!("{cluster}#{principal}#{policy}")),
            cluster_name: Fixed(cluster),
            principal_arn: Fixed(principal),
            policy_arn: Fixed(policy),
            access_scope: Fixed(One(scope)),
            timeouts: None,
            associated_at: Computed(it.associated_at.as_ref().map(moment::long).unwrap_or_default()),
            modified_at: Computed(it.modified_at.as_ref().map(moment::long).unwrap_or_default()),
        };
        Live { key: self.clone(), attributes, tags: None, status: Status::Ready, unread: &[] }
    }
}
