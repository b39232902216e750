use std::time::Duration;

use aws_sdk_eks::types::{self as sdk, FargateProfileStatus};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::updates::issue;
use super::{EKS, each, halves, if_there, in_order, is_empty, removed, tags};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// Which pods of a cluster run on Fargate, without nodes. A cluster makes or removes one profile at a time.
///
/// ```toml
/// [aws_eks_fargate_profile.jobs]
/// cluster_name = "${aws_eks_cluster.shop.name}"
/// fargate_profile_name = "jobs"
/// pod_execution_role_arn = "${aws_iam_role.pods.arn}"
/// subnet_ids = "${aws_subnet.private[*].id}"
/// selector = [{ namespace = "jobs" }, { namespace = "default", labels = { on = "fargate" } }]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FargateProfile {
    /// The cluster that the pods belong to.
    #[schemars(length(min = 1, max = 100), regex(pattern = r"^[0-9A-Za-z][0-9A-Za-z_-]*$"))]
    pub cluster_name: Fixed<String>,
    /// Unique in the cluster.
    #[schemars(length(min = 1))]
    pub fargate_profile_name: Fixed<String>,
    /// ARN of the role by which pods are started: images are fetched and logs are written with it.
    #[schemars(length(min = 1))]
    pub pod_execution_role_arn: Fixed<String>,
    /// Private subnets, where the pods are; the cluster's where none is given.
    pub subnet_ids: Fixed<Option<Set<String>>>,
    /// Which pods: those that fit one of these.
    #[schemars(length(min = 1))]
    #[serde(default)]
    pub selector: Fixed<Set<Selector>>,
    pub timeouts: Option<TimeoutsCreateDelete>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// `cluster:profile`.
    pub id: Computed<String>,
    /// The profile's ARN.
    pub arn: Computed<String>,
    /// `ACTIVE`, or what is being done to it.
    pub status: Computed<Option<String>>,
}

/// Which pods.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Selector {
    /// Those of this namespace; `*` and `?` stand for anything.
    #[schemars(length(min = 1))]
    pub namespace: String,
    /// Those with all of these labels; at most five.
    pub labels: Option<Tags>,
}

/// An error where there is none.
async fn describe(aws: &Aws, id: &str) -> Result<sdk::FargateProfile> {
    let (cluster, name) = halves(id, ':', "profile")?;
    let call = aws.eks().describe_fargate_profile().cluster_name(cluster).fargate_profile_name(name);
    call.send().await?.fargate_profile.ok_or(Error::Incomplete("the profile"))
}

impl Resource for FargateProfile {
    const TYPE: &'static str = "aws_eks_fargate_profile";
    const IMPORT: &'static [&'static str] = &["shop:jobs"];
    const TAGS: TagApi = TagApi::Eks;
    const READS: Reads =
        Reads::of(&[Cost::each("eks:DescribeFargateProfile")], "a call describes one profile");
    const PATIENCE: Duration = Duration::from_secs(600);
    const CREATE_SECONDS: u32 = 60;
    const PASSING: &'static [&'static [Passing]] = &[
        EKS,
        &[
            // A role that was made a moment ago.
            Passing::unseen("InvalidParameterException")
                .saying("Misconfigured PodExecutionRole Trust Policy"),
        ],
    ];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        halves(id, ':', "profile").map(|_| id.to_owned())
    }

    async fn read(aws: &Aws, ids: &[String]) -> Result<Vec<Live<Self>>> {
        each(ids, async |id| Ok(describe(aws, id).await?.into())).await
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let selectors = self.selector.iter().map(Selector::sent).collect();
        let call = aws.eks().create_fargate_profile().cluster_name(&**self.cluster_name);
        let call = call
            .client_request_token(&new.token)
            .fargate_profile_name(&**self.fargate_profile_name)
            .pod_execution_role_arn(&**self.pod_execution_role_arn)
            .set_subnets(self.subnet_ids.0.clone().map(|it| it.0))
            .set_selectors(Some(selectors))
            .set_tags(tags(&new.tags));
        call.send().await?;
        Ok(self.wanted_id())
    }

    async fn update(&self, _aws: &Aws, _was: &Self) -> Result<()> {
        Ok(()) // only tags can change
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let id = self.key();
        let (cluster, name) = halves(&id, ':', "profile")?;
        let call = aws.eks().delete_fargate_profile().cluster_name(cluster).fargate_profile_name(name);
        let answer = call.send().await.map_err(Error::from);
        removed(answer, async || Ok(status(&describe(aws, &id).await?))).await
    }

    // The token makes a repeated create harmless for a while only; a name stands once in a cluster.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let found = if_there(describe(aws, &self.wanted_id()).await)?;
        let ours = found.filter(|it| new.may_have_made(it.created_at.map(|it| it.secs())));
        Ok(ours.map(|_| self.wanted_id()))
    }

    fn adjust(plan: &mut Adjust) {
        // EKS has chosen some where the stack named none, and that is no reason to make another profile.
        let was = plan.was.as_ref().and_then(|it| it.get("subnet_ids")).cloned();
        if let Some(was) = was.filter(|_| plan.config("subnet_ids").is_none()) {
            plan.set("subnet_ids", was);
        }
        if is_empty(plan, "subnet_ids") {
            plan.error("subnet_ids", "`subnet_ids` is empty: name private subnets, or leave it out");
        }
        let many = |it: &crate::lang::Value| {
            it.get("labels").and_then(|it| it.as_fields()).is_some_and(|it| it.len() > 5)
        };
        if plan.will("selector").and_then(|it| it.as_items()).is_some_and(|it| it.iter().any(many)) {
            plan.error("selector", "a selector has at most five labels: make several selectors of it");
        }
    }
}

impl FargateProfile {
    fn wanted_id(&self) -> String {
        format!("{}:{}", *self.cluster_name, *self.fargate_profile_name)
    }
}

impl Selector {
    fn sent(&self) -> sdk::FargateProfileSelector {
        let labels = self.labels.clone().filter(|it| !it.is_empty());
        let it = sdk::FargateProfileSelector::builder().namespace(&self.namespace);
        it.set_labels(labels.map(|it| it.into_iter().collect())).build()
    }
}

impl From<sdk::FargateProfile> for Live<FargateProfile> {
    fn from(it: sdk::FargateProfile) -> Self {
        let status = status(&it);
        let (cluster, name): (String, String) = (seen(it.cluster_name), seen(it.fargate_profile_name));
        let selector = |it: sdk::FargateProfileSelector| Selector {
            namespace: seen(it.namespace),
            labels: Some(in_order(it.labels)).filter(|it| !it.is_empty()),
        };
        let id = format!("{cluster}:{name}");
        Live {
            key: id.clone(),
            status,
            tags: Some(in_order(it.tags)),
            unread: &[],
            attributes: FargateProfile {
                cluster_name: Fixed(cluster),
                fargate_profile_name: Fixed(name),
                pod_execution_role_arn: seen(it.pod_execution_role_arn),
                subnet_ids: Fixed(it.subnets.filter(|it| !it.is_empty()).map(Set)),
                selector: Fixed(it.selectors.unwrap_or_default().into_iter().map(selector).collect()),
                timeouts: None,
                tags: None,
                tags_all: Chosen::default(),
                id: Computed(id),
                arn: seen(it.fargate_profile_arn),
                status: seen(it.status),
            },
        }
    }
}

fn status(it: &sdk::FargateProfile) -> Status {
    match &it.status {
        Some(FargateProfileStatus::Active) | None => Status::Ready,
        Some(status @ (FargateProfileStatus::CreateFailed | FargateProfileStatus::DeleteFailed)) => {
            let issues = it.health.as_ref().map(|it| it.issues()).unwrap_or_default();
            let each = issues.iter().map(|it| {
                let code = it.code.as_ref().map_or("Unknown", |it| it.as_str());
                issue(code, it.message.as_deref(), it.resource_ids())
            });
            let why = each.collect::<Vec<_>>().join("; ");
            let why = if why.is_empty() { "EKS gives no reason".to_owned() } else { why };
            Status::Failed(format!("{}: {why}", status.as_str()))
        }
        Some(other) => Status::Pending(other.as_str().to_owned()),
    }
}
