//! An add-on as EKS describes it.

use aws_sdk_eks::types::{self as sdk, AddonStatus};

use super::{Addon, PodIdentity};
use crate::aws::eks::pod_identity_association::identities;
use crate::aws::eks::updates::issue;
use crate::aws::eks::{halves, in_order, moment};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// An error where there is none.
pub async fn describe(aws: &Aws, id: &str) -> Result<sdk::Addon> {
    let (cluster, name) = halves(id, ':', "addon")?;
    let answer = aws.eks().describe_addon().cluster_name(cluster).addon_name(name).send().await?;
    answer.addon.ok_or(Error::Incomplete("the add-on"))
}

/// The roles of its service accounts, of which it knows no more than the ARNs.
pub async fn roles(aws: &Aws, it: &sdk::Addon) -> Result<Vec<PodIdentity>> {
    let cluster = it.cluster_name().unwrap_or_default();
    let ids = it.pod_identity_associations().iter().filter_map(|it| it.rsplit('/').next());
    let keys = ids.map(|id| (cluster.to_owned(), id.to_owned())).collect::<Vec<_>>();
    let role = |it: sdk::PodIdentityAssociation| PodIdentity {
        role_arn: seen(it.role_arn),
        service_account: seen(it.service_account),
    };
    Ok(identities(aws, &keys).await?.into_iter().map(role).collect())
}

pub async fn live(aws: &Aws, it: sdk::Addon) -> Result<Live<Addon>> {
    let roles = roles(aws, &it).await?;
    let (cluster, name): (String, String) = (seen(it.cluster_name.clone()), seen(it.addon_name.clone()));
    let id = format!("{cluster}:{name}");
    Ok(Live {
        key: id.clone(),
        status: status(&it),
        tags: Some(in_order(it.tags)),
        unread: &[],
        attributes: Addon {
            cluster_name: Fixed(cluster),
            addon_name: Fixed(name),
            addon_version: seen(it.addon_version),
            configuration_values: seen(it.configuration_values),
            pod_identity_association: Set(roles),
            preserve: Local(None),
            resolve_conflicts: Local(None),
            resolve_conflicts_on_create: Local(None),
            resolve_conflicts_on_update: Local(None),
            service_account_role_arn: it.service_account_role_arn.filter(|it| !it.is_empty()),
            timeouts: None,
            tags: None,
            tags_all: Chosen::default(),
            id: Computed(id),
            arn: seen(it.addon_arn),
            created_at: moment(it.created_at.as_ref()).into(),
            modified_at: moment(it.modified_at.as_ref()).into(),
        },
    })
}

/// One that waits for nodes is `DEGRADED` until there are some.
pub fn status(it: &sdk::Addon) -> Status {
    let Some(status) = &it.status else { return Status::Ready };
    let issues = it.health.as_ref().map(|it| it.issues()).unwrap_or_default();
    let each = issues.iter().map(|it| {
        let code = it.code.as_ref().map_or("Unknown", |it| it.as_str());
        issue(code, it.message.as_deref(), it.resource_ids())
    });
    let why = each.collect::<Vec<_>>().join("; ");
    let said = match why.is_empty() {
        true => status.as_str().to_owned(),
        false => format!("{}: {why}", status.as_str()),
    };
    match status {
        AddonStatus::Active => Status::Ready,
        AddonStatus::CreateFailed | AddonStatus::DeleteFailed | AddonStatus::UpdateFailed => {
            Status::Failed(said)
        }
        AddonStatus::Degraded => Status::Pending(said),
        other => Status::Pending(other.as_str().to_owned()),
    }
}
