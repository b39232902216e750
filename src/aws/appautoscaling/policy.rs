use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_applicationautoscaling::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{APPAUTOSCALING, Scaled};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::{Adjust, is_nothing};
use crate::resource::*;

mod metric;
mod step;
mod tracking;

use step::Steps;
use tracking::Tracking;

/// When a target gets larger or smaller, and by how much.
///
/// ```toml
/// [aws_appautoscaling_policy.cpu]
/// name = "cpu"
/// policy_type = "TargetTrackingScaling"
/// service_namespace = "${aws_appautoscaling_target.web.service_namespace}"
/// resource_id = "${aws_appautoscaling_target.web.resource_id}"
/// scalable_dimension = "${aws_appautoscaling_target.web.scalable_dimension}"
/// target_tracking_scaling_policy_configuration = {
///   target_value = 60,
///   predefined_metric_specification = { predefined_metric_type = "ECSServiceAverageCPUUtilization" },
/// }
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Unique for its target.
    #[schemars(length(max = 255))]
    pub name: Fixed<String>,
    /// The service that the target belongs to, such as `ecs`.
    pub service_namespace: Fixed<String>,
    /// What the target is, such as `service/CLUSTER/SERVICE`.
    pub resource_id: Fixed<String>,
    /// What of it is scaled, such as `ecs:service:DesiredCount`.
    pub scalable_dimension: Fixed<String>,
    /// `StepScaling`, or `TargetTrackingScaling`.
    #[serde(default = "by_steps")]
    pub policy_type: Option<String>,
    /// How far a metric's distance from an alarm's threshold moves the size.
    #[serde(default)]
    pub step_scaling_policy_configuration: One<Steps>,
    /// A metric that is kept at a value.
    #[serde(default)]
    pub target_tracking_scaling_policy_configuration: One<Tracking>,
    /// ARNs of the alarms that AWS has made for it.
    pub alarm_arns: Computed<Vec<String>>,
    /// The policy's name.
    pub id: Computed<String>,
    /// The policy's ARN.
    pub arn: Computed<String>,
}

fn by_steps() -> Option<String> {
    Some("StepScaling".into())
}

/// A policy of a target.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Key {
    pub name: String,
    #[serde(flatten)]
    pub target: Scaled,
}

/// The most names of one call.
const NAMES: usize = 50;
/// The most policies of one answer.
const PAGE: usize = 10;

impl Resource for Policy {
    const TYPE: &'static str = "aws_appautoscaling_policy";
    const IMPORT: &'static [&'static str] = &["ecs/service/shop/web/ecs:service:DesiredCount/cpu"];
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads = Reads::of(
        &[Cost::page("application-autoscaling:DescribeScalingPolicies", PAGE)],
        "an answer holds 10 policies of one service",
    );
    const BATCH: usize = 1000; // pages of 10
    const PATIENCE: Duration = Duration::from_secs(120);
    const PASSING: &'static [&'static [Passing]] = &[APPAUTOSCALING];
    type Key = Key;

    fn key(&self) -> Key {
        Key {
            name: self.name.0.clone(),
            target: Scaled {
                namespace: self.service_namespace.0.clone(),
                resource: self.resource_id.0.clone(),
                dimension: self.scalable_dimension.0.clone(),
            },
        }
    }

    fn import(id: &str) -> Result<Key> {
        let form = "a policy is imported by `service-namespace/resource-id/scalable-dimension/name`";
        parsed(id).ok_or_else(|| Error::Invalid(form.to_owned()))
    }

    async fn read(aws: &Aws, keys: &[Key]) -> Result<Vec<Live<Self>>> {
        let mut by_service: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for it in keys {
            by_service.entry(&it.target.namespace).or_default().push(it.name.clone());
        }
        let mut asked = Vec::new();
        for (namespace, mut names) in by_service {
            names.sort();
            names.dedup();
            asked.extend(names.chunks(NAMES).map(|it| (namespace, it.to_vec())));
        }
        let calls = asked.into_iter().map(async |(namespace, names)| {
            let call = aws.appautoscaling().describe_scaling_policies().service_namespace(namespace.into());
            let pages = call.set_policy_names(Some(names)).into_paginator();
            pages.items().send().try_collect().await.map_err(Error::from)
        });
        let found = futures::future::try_join_all(calls).await?.into_iter().flatten().map(live);
        Ok(found.filter(|it| keys.contains(&it.key)).collect())
    }

    // Put twice is put once.
    async fn create(&self, aws: &Aws, _new: &New) -> Result<Key> {
        self.put(aws).await?;
        Ok(self.key())
    }

    async fn update(&self, aws: &Aws, _was: &Self) -> Result<()> {
        self.put(aws).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let call = aws.appautoscaling().delete_scaling_policy().policy_name(&**self.name);
        let call =
            call.service_namespace(self.service_namespace.as_str().into()).resource_id(&**self.resource_id);
        call.scalable_dimension(self.scalable_dimension.as_str().into()).send().await?;
        Ok(())
    }

    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<Key>> {
        Ok(None)
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        if let (Some(own), Some(kept)) =
            (&mut self.step_scaling_policy_configuration.0, &kept.step_scaling_policy_configuration.0)
        {
            own.spelt_as(kept);
        }
        self
    }

    fn adjust(plan: &mut Adjust) {
        let said = |name: &str| plan.config(name).is_some_and(|it| !is_nothing(it));
        let kind = plan.will("policy_type").and_then(Value::as_str).unwrap_or_default().to_owned();
        let (steps, tracking) =
            ("step_scaling_policy_configuration", "target_tracking_scaling_policy_configuration");
        let (wanted, other) = if kind == "StepScaling" { (steps, tracking) } else { (tracking, steps) };
        let known = ["StepScaling", "TargetTrackingScaling"].contains(&kind.as_str());
        if known && !said(wanted) && said(other) {
            plan.error(other, format!("a policy with `policy_type = \"{kind}\"` is said in `{wanted}`"));
        }
        let both = plan.config(tracking).and_then(Value::as_items).is_some_and(|all| {
            let has =
                |it: &Value, name: &str| it.get(name).is_some_and(|it| !it.is_unknown() && !is_nothing(it));
            all.iter().any(|it| {
                has(it, "predefined_metric_specification") && has(it, "customized_metric_specification")
            })
        });
        if both {
            plan.error(
                tracking,
                "the metric is either a predefined or a customized one: leave one of them out",
            );
        }
    }
}

/// The parts of an import id. Only of DynamoDB's the name may hold a `/`.
fn parsed(id: &str) -> Option<Key> {
    let parts: Vec<&str> = id.split('/').collect();
    let at = match parts.first() {
        Some(&"dynamodb") if parts.get(3) == Some(&"index") => 5,
        Some(&"dynamodb") => 3,
        _ => parts.len().checked_sub(2)?,
    };
    let (namespace, resource) = (parts.first()?, parts.get(1..at)?.join("/"));
    let (dimension, name) = (parts.get(at)?, parts.get(at + 1..)?.join("/"));
    let said = ![*namespace, &resource, *dimension, &name].contains(&"");
    said.then(|| Key {
        name,
        target: Scaled { namespace: (*namespace).to_owned(), resource, dimension: (*dimension).to_owned() },
    })
}

impl Policy {
    async fn put(&self, aws: &Aws) -> Result<()> {
        let steps = self.step_scaling_policy_configuration.as_ref().map(Steps::sent).transpose()?;
        let tracking =
            self.target_tracking_scaling_policy_configuration.as_ref().map(Tracking::sent).transpose()?;
        let kind = self.policy_type.as_deref().filter(|it| !it.is_empty());
        aws.appautoscaling()
            .put_scaling_policy()
            .policy_name(&**self.name)
            .service_namespace(self.service_namespace.as_str().into())
            .resource_id(&**self.resource_id)
            .scalable_dimension(self.scalable_dimension.as_str().into())
            .set_policy_type(kind.map(sdk::PolicyType::from))
            .set_step_scaling_policy_configuration(steps)
            .set_target_tracking_scaling_policy_configuration(tracking)
            .send()
            .await?;
        Ok(())
    }
}

fn live(it: sdk::ScalingPolicy) -> Live<Policy> {
    let alarms = it.alarms.unwrap_or_default().into_iter().map(|it| it.alarm_arn);
    let attributes = Policy {
        name: Fixed(it.policy_name.clone()),
        service_namespace: Fixed(it.service_namespace.as_str().to_owned()),
        resource_id: Fixed(it.resource_id),
        scalable_dimension: Fixed(it.scalable_dimension.as_str().to_owned()),
        policy_type: Some(it.policy_type.as_str().to_owned()),
        step_scaling_policy_configuration: One(it.step_scaling_policy_configuration.map(Steps::from)),
        target_tracking_scaling_policy_configuration: One(it
            .target_tracking_scaling_policy_configuration
            .map(Tracking::from)),
        alarm_arns: Computed(alarms.collect()),
        id: Computed(it.policy_name),
        arn: Computed(it.policy_arn),
    };
    Live { key: attributes.key(), attributes, tags: None, status: Status::Ready, unread: &[] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_an_import_id() {
        let key = |namespace: &str, resource: &str, dimension: &str, name: &str| Key {
            name: name.to_owned(),
            target: Scaled {
                namespace: namespace.to_owned(),
                resource: resource.to_owned(),
                dimension: dimension.to_owned(),
            },
        };
        assert_eq!(
            parsed("ecs/service/shop/web/ecs:service:DesiredCount/cpu"),
            Some(key("ecs", "service/shop/web", "ecs:service:DesiredCount", "cpu"))
        );
        assert_eq!(
            parsed("dynamodb/table/a/dynamodb:table:ReadCapacityUnits/x/y"),
            Some(key("dynamodb", "table/a", "dynamodb:table:ReadCapacityUnits", "x/y"))
        );
        assert_eq!(
            parsed("dynamodb/table/a/index/b/dynamodb:index:ReadCapacityUnits/x"),
            Some(key("dynamodb", "table/a/index/b", "dynamodb:index:ReadCapacityUnits", "x"))
        );
        for wrong in ["cpu", "ecs/x/cpu", "ecs//x/cpu", "dynamodb/table/a"] {
            assert_eq!(parsed(wrong), None, "{wrong}");
        }
    }
}
