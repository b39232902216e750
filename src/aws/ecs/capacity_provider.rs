use std::time::Duration;

use aws_sdk_ecs::types::{self as sdk, CapacityProviderField};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ECS, MANY, seen_tags, sent_tags, stated};
use crate::aws::shape::{built, seen, sent};
use crate::aws::tags::MARK;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// An auto scaling group as a place for tasks: ECS adds machines as tasks need them.
///
/// ```toml
/// [aws_ecs_capacity_provider.machines]
/// name = "machines"
/// auto_scaling_group_provider = {
///   auto_scaling_group_arn = "arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup:0a1b2c3d:autoScalingGroupName/web",
///   managed_termination_protection = "ENABLED",
///   managed_scaling = { status = "ENABLED", target_capacity = 90 },
/// }
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CapacityProvider {
    /// Unique in the account and region; does not begin with `aws`, `ecs` or `fargate`.
    pub name: Fixed<String>,
    /// The group, and what ECS does with it.
    #[schemars(length(min = 1, max = 1))]
    pub auto_scaling_group_provider: One<Group>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The capacity provider's ARN.
    pub id: Computed<String>,
    /// The capacity provider's ARN.
    pub arn: Computed<String>,
}

/// An auto scaling group, and what ECS does with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// The group's ARN.
    #[schemars(regex(pattern = r"^arn:.+$"))]
    pub auto_scaling_group_arn: Fixed<String>,
    /// Whether tasks are moved away before a machine goes: `ENABLED` or `DISABLED`.
    #[schemars(extend("enum" = ["ENABLED", "DISABLED"]))]
    pub managed_draining: Chosen<Option<String>>,
    /// Whether machines with tasks are spared when the group shrinks: `ENABLED` or `DISABLED`.
    #[schemars(extend("enum" = ["ENABLED", "DISABLED"]))]
    pub managed_termination_protection: Chosen<Option<String>>,
    /// How ECS sets the size of the group.
    pub managed_scaling: Chosen<One<Scaling>>,
}

/// How ECS sets the size of a group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scaling {
    /// Seconds until a new machine counts.
    #[schemars(range(min = 0, max = 10_000))]
    pub instance_warmup_period: Chosen<Option<i64>>,
    /// The most machines that come at once.
    #[schemars(range(min = 1, max = 10_000))]
    pub maximum_scaling_step_size: Chosen<Option<i64>>,
    /// The fewest machines that come at once.
    #[schemars(range(min = 1, max = 10_000))]
    pub minimum_scaling_step_size: Chosen<Option<i64>>,
    /// `ENABLED` or `DISABLED`.
    #[schemars(extend("enum" = ["ENABLED", "DISABLED"]))]
    pub status: Chosen<Option<String>>,
    /// How much of the machines' capacity is to be used, in percent.
    #[schemars(range(min = 1, max = 100))]
    pub target_capacity: Chosen<Option<i64>>,
}

crate::mirror!(
    Scaling = sdk::ManagedScaling {
        instance_warmup_period,
        maximum_scaling_step_size,
        minimum_scaling_step_size,
        status,
        target_capacity,
    }
);

impl Resource for CapacityProvider {
    const TYPE: &'static str = "aws_ecs_capacity_provider";
    const IMPORT: &'static [&'static str] =
        &["machines", "arn:aws:ecs:eu-west-1:123456789012:capacity-provider/machines"];
    const TAGS: TagApi = TagApi::Ecs;
    const READS: Reads =
        Reads::of(&[Cost::page("ecs:DescribeCapacityProviders", MANY)], "a call takes 100 names");
    const BATCH: usize = 1000; // pages of 100
    const DELETE_PATIENCE: Duration = Duration::from_secs(1200);
    const MARKED: bool = true;
    const PASSING: &'static [&'static [Passing]] = &[
        ECS,
        // Taking it off a cluster goes on for a while after the answer.
        &[Passing::in_use(FAILED).saying("associated with cluster")],
    ];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        match id.contains('/') && !id.contains(":capacity-provider/") {
            true => Err(Error::Invalid("a capacity provider is imported by its name".to_owned())),
            false => Ok(id.to_owned()),
        }
    }

    async fn read(aws: &Aws, ids: &[String]) -> Result<Vec<Live<Self>>> {
        let calls = ids.chunks(MANY).map(|some| described(aws, some.to_vec()));
        let found = futures::future::try_join_all(calls).await?;
        let mut found: Vec<Live<Self>> = found.into_iter().flatten().map(Live::from).collect();
        // Imports ask by name, all else by ARN.
        for it in &mut found {
            if !ids.contains(&it.key) {
                it.key = it.attributes.name.0.clone();
            }
        }
        Ok(found)
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let call = aws.ecs().create_capacity_provider().name(&**self.name);
        let group = self.auto_scaling_group_provider.as_ref().map(Group::sent).transpose()?;
        let call = call.set_auto_scaling_group_provider(group).set_tags(sent_tags(&new.tags));
        let made = call.send().await?.capacity_provider.and_then(|it| it.capacity_provider_arn);
        made.ok_or(Error::Incomplete("the capacity provider's ARN"))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let change = self.auto_scaling_group_provider.as_ref().map(|it| {
            sdk::AutoScalingGroupProviderUpdate::builder()
                .set_managed_draining(sent(&it.managed_draining))
                .set_managed_scaling(it.managed_scaling.as_ref().map(Scaling::sent))
                .set_managed_termination_protection(sent(&it.managed_termination_protection))
                .build()
        });
        let call = aws.ecs().update_capacity_provider().name(&**was.name);
        call.set_auto_scaling_group_provider(change).send().await?;
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let answer = aws.ecs().delete_capacity_provider().capacity_provider(self.key()).send().await;
        let left = match answer.map_err(Error::from) {
            Err(error) if error.message().contains("capacity provider does not exist") => return Ok(()),
            answer => answer?.capacity_provider,
        };
        // It is told in the answer, not as a refusal, that something still uses it.
        let left =
            left.filter(|it| it.update_status == Some(sdk::CapacityProviderUpdateStatus::DeleteFailed));
        match left {
            None => Ok(()),
            Some(it) => Err(Error::Refused {
                code: FAILED.to_owned(),
                message: it.update_status_reason.unwrap_or_default(),
                request: None,
            }),
        }
    }

    // No client token, and nothing tells when it was made: the tag does.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let found = described(aws, vec![self.name.0.clone()]).await?;
        let ours = |it: &sdk::CapacityProvider| seen_tags(it.tags.clone()).get(MARK) == Some(&new.token);
        Ok(found.into_iter().find(ours).and_then(|it| it.capacity_provider_arn))
    }

    fn adjust(plan: &mut Adjust) {
        let name = plan.config("name").and_then(|it| it.as_str()).unwrap_or_default().to_lowercase();
        if let Some(start) = ["aws", "ecs", "fargate"].iter().find(|it| name.starts_with(**it)) {
            plan.error("name", format!("names that begin with `{start}` are AWS's own: take another one"));
        }
    }
}

/// AWS's word for a removal that came to nothing.
const FAILED: &str = "DELETE_FAILED";

/// Those of them that there are.
async fn described(aws: &Aws, names: Vec<String>) -> Result<Vec<sdk::CapacityProvider>> {
    let call = aws.ecs().describe_capacity_providers().set_capacity_providers(Some(names));
    let all = call.include(CapacityProviderField::Tags).send().await?.capacity_providers;
    let gone = Some(sdk::CapacityProviderStatus::Inactive);
    Ok(all.unwrap_or_default().into_iter().filter(|it| it.status != gone).collect())
}

impl Group {
    fn sent(&self) -> Result<sdk::AutoScalingGroupProvider> {
        let one = sdk::AutoScalingGroupProvider::builder()
            .auto_scaling_group_arn(&**self.auto_scaling_group_arn)
            .set_managed_draining(stated(&self.managed_draining).map(|it| it.as_str().into()))
            .set_managed_scaling(self.managed_scaling.as_ref().map(Scaling::sent))
            .set_managed_termination_protection(
                stated(&self.managed_termination_protection).map(|it| it.as_str().into()),
            );
        built(one.build())
    }
}

impl Scaling {
    /// As the provider sends it: no time to warm up, where none is said.
    fn sent(&self) -> sdk::ManagedScaling {
        let mut it = sdk::ManagedScaling::from(self);
        it.instance_warmup_period.get_or_insert_default();
        it
    }
}

fn status(it: &sdk::CapacityProvider) -> Status {
    use sdk::CapacityProviderUpdateStatus as Word;
    let why = it.update_status_reason.clone().filter(|it| !it.is_empty());
    match (&it.status, &it.update_status) {
        (Some(sdk::CapacityProviderStatus::Deprovisioning), _) => {
            Status::Leaving("DEPROVISIONING".to_owned())
        }
        (_, Some(word @ (Word::UpdateFailed | Word::CreateFailed))) => {
            Status::Failed(why.unwrap_or_else(|| word.as_str().to_owned()))
        }
        (_, Some(word @ (Word::UpdateInProgress | Word::CreateInProgress))) => {
            Status::Pending(word.as_str().to_owned())
        }
        _ => Status::Ready,
    }
}

impl From<sdk::CapacityProvider> for Live<CapacityProvider> {
    fn from(it: sdk::CapacityProvider) -> Self {
        let status = status(&it);
        let group = it.auto_scaling_group_provider.map(|it| Group {
            auto_scaling_group_arn: Fixed(it.auto_scaling_group_arn),
            managed_draining: seen(it.managed_draining),
            managed_termination_protection: seen(it.managed_termination_protection),
            managed_scaling: Chosen(One(it.managed_scaling.map(Scaling::from))),
        });
        Live {
            key: seen(it.capacity_provider_arn.clone()),
            status,
            tags: Some(seen_tags(it.tags)),
            unread: &[],
            attributes: CapacityProvider {
                name: seen(it.name),
                auto_scaling_group_provider: One(group),
                tags: None,
                tags_all: Chosen::default(),
                id: seen(it.capacity_provider_arn.clone()),
                arn: seen(it.capacity_provider_arn),
            },
        }
    }
}
