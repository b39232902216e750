use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_applicationautoscaling::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{APPAUTOSCALING, Scaled};
use crate::aws::shape::{seen, sent};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// Something whose size is to follow its load, and between which bounds.
///
/// ```toml
/// [aws_appautoscaling_target.web]
/// service_namespace = "ecs"
/// resource_id = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.web.name}"
/// scalable_dimension = "ecs:service:DesiredCount"
/// min_capacity = 2
/// max_capacity = 10
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// The service that it belongs to, such as `ecs`.
    pub service_namespace: Fixed<String>,
    /// What it is, such as `service/CLUSTER/SERVICE`.
    pub resource_id: Fixed<String>,
    /// What of it is scaled, such as `ecs:service:DesiredCount`.
    pub scalable_dimension: Fixed<String>,
    /// It does not get smaller than that.
    pub min_capacity: i64,
    /// It does not get larger than that.
    pub max_capacity: i64,
    /// ARN of the role that scales it; for most services AWS takes a role of its own, whatever is said.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub role_arn: Chosen<Option<String>>,
    /// Which kinds of scaling pause.
    pub suspended_state: Chosen<One<Suspended>>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The same as `resource_id`.
    pub id: Computed<String>,
    /// The target's ARN.
    pub arn: Computed<String>,
}

/// Which kinds of scaling pause.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Suspended {
    /// Getting smaller, by policies.
    #[serde(default)]
    pub dynamic_scaling_in_suspended: bool,
    /// Getting larger, by policies.
    #[serde(default)]
    pub dynamic_scaling_out_suspended: bool,
    /// What is scheduled.
    #[serde(default)]
    pub scheduled_scaling_suspended: bool,
}

crate::mirror!(
    Suspended = sdk::SuspendedState {
        dynamic_scaling_in_suspended,
        dynamic_scaling_out_suspended,
        scheduled_scaling_suspended,
    }
);

/// The most targets of one call.
const TARGETS: usize = 50;

impl Resource for Target {
    const TYPE: &'static str = "aws_appautoscaling_target";
    const IMPORT: &'static [&'static str] = &["ecs/service/shop/web/ecs:service:DesiredCount"];
    const TAGS: TagApi = TagApi::Appautoscaling;
    const IDEMPOTENT: bool = true;
    const READS: Reads = Reads::of(
        &[Cost::page("application-autoscaling:DescribeScalableTargets", TARGETS)],
        "a call takes 50 resources of one service",
    );
    const BATCH: usize = 1000; // pages of 50
    const PATIENCE: Duration = Duration::from_secs(120);
    const DELETE_PATIENCE: Duration = Duration::from_secs(300);
    const PASSING: &'static [&'static [Passing]] = &[APPAUTOSCALING];
    type Key = Scaled;

    fn key(&self) -> Scaled {
        Scaled {
            namespace: self.service_namespace.0.clone(),
            resource: self.resource_id.0.clone(),
            dimension: self.scalable_dimension.0.clone(),
        }
    }

    fn import(id: &str) -> Result<Scaled> {
        let parts = id.split_once('/').and_then(|(namespace, rest)| {
            let (resource, dimension) = rest.rsplit_once('/')?;
            let said = !(namespace.is_empty() || resource.is_empty() || dimension.is_empty());
            said.then(|| Scaled {
                namespace: namespace.to_owned(),
                resource: resource.to_owned(),
                dimension: dimension.to_owned(),
            })
        });
        let form = "a target is imported by `service-namespace/resource-id/scalable-dimension`";
        parts.ok_or_else(|| Error::Invalid(form.to_owned()))
    }

    async fn read(aws: &Aws, keys: &[Scaled]) -> Result<Vec<Live<Self>>> {
        let mut by_service: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for it in keys {
            by_service.entry(&it.namespace).or_default().push(it.resource.clone());
        }
        let mut ids = Vec::new();
        for (namespace, mut resources) in by_service {
            resources.sort();
            resources.dedup();
            ids.extend(resources.chunks(TARGETS).map(|it| (namespace, it.to_vec())));
        }
        let calls = ids.into_iter().map(async |(namespace, ids)| {
            let call = aws.appautoscaling().describe_scalable_targets().service_namespace(namespace.into());
            let pages = call.set_resource_ids(Some(ids)).into_paginator();
            pages.items().send().try_collect().await.map_err(Error::from)
        });
        let found = futures::future::try_join_all(calls).await?.into_iter().flatten().map(Live::from);
        Ok(found.filter(|it: &Live<Self>| keys.contains(&it.key)).collect())
    }

    // Registered twice is registered once.
    async fn create(&self, aws: &Aws, new: &New) -> Result<Scaled> {
        let tags = new.tags.iter().map(|(k, v)| (k.clone(), v.clone())).collect();
        self.register(aws, Some(tags).filter(|_| !new.tags.is_empty())).await?;
        Ok(self.key())
    }

    async fn update(&self, aws: &Aws, _was: &Self) -> Result<()> {
        self.register(aws, None).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let call = aws.appautoscaling().deregister_scalable_target();
        let call =
            call.service_namespace(self.service_namespace.as_str().into()).resource_id(&**self.resource_id);
        call.scalable_dimension(self.scalable_dimension.as_str().into()).send().await?;
        Ok(())
    }

    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<Scaled>> {
        Ok(None)
    }

    fn adjust(plan: &mut Adjust) {
        let number =
            |name: &str| plan.config(name).filter(|it| !it.is_unknown()).and_then(|it| it.as_number());
        let swapped = number("min_capacity").zip(number("max_capacity")).is_some_and(|(min, max)| min > max);
        if swapped {
            plan.error("min_capacity", "`min_capacity` is more than `max_capacity`");
        }
    }
}

impl Target {
    async fn register(
        &self,
        aws: &Aws,
        tags: Option<std::collections::HashMap<String, String>>,
    ) -> Result<()> {
        aws.appautoscaling()
            .register_scalable_target()
            .service_namespace(self.service_namespace.as_str().into())
            .resource_id(&**self.resource_id)
            .scalable_dimension(self.scalable_dimension.as_str().into())
            .set_min_capacity(sent(&self.min_capacity))
            .set_max_capacity(sent(&self.max_capacity))
            .set_role_arn(self.role_arn.0.clone().filter(|it| !it.is_empty()))
            .set_suspended_state(self.suspended_state.as_ref().map(sdk::SuspendedState::from))
            .set_tags(tags)
            .send()
            .await?;
        Ok(())
    }
}

impl From<sdk::ScalableTarget> for Live<Target> {
    fn from(it: sdk::ScalableTarget) -> Self {
        let attributes = Target {
            service_namespace: Fixed(it.service_namespace.as_str().to_owned()),
            resource_id: Fixed(it.resource_id.clone()),
            scalable_dimension: Fixed(it.scalable_dimension.as_str().to_owned()),
            min_capacity: i64::from(it.min_capacity),
            max_capacity: i64::from(it.max_capacity),
            role_arn: Chosen(Some(it.role_arn)),
            suspended_state: Chosen(One(it.suspended_state.map(Suspended::from))),
            tags: None,
            tags_all: Chosen::default(),
            id: Computed(it.resource_id),
            arn: seen(it.scalable_target_arn),
        };
        Live { key: attributes.key(), attributes, tags: None, status: Status::Ready, unread: &[] }
    }
}
