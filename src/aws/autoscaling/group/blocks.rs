//! Blocks of an Auto Scaling group.

use aws_sdk_autoscaling::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::blocks::{Asked, Count, asked, asks, both, shows};
use crate::resource::*;

/// The template that instances are launched with.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Its id; or say its name.
    #[schemars(length(max = 255), regex(pattern = r"^(lt-[a-z0-9]+)?$"))]
    pub id: Chosen<Option<String>>,
    /// Its name.
    #[schemars(length(max = 128), regex(pattern = r"^[a-zA-Z0-9()./_-]*$"))]
    pub name: Chosen<Option<String>>,
    /// A number, `$Latest` or `$Default`.
    #[schemars(length(max = 255))]
    pub version: Chosen<Option<String>>,
}

// AWS wants one of id and name.
impl Asked<sdk::LaunchTemplateSpecification> for Template {
    fn asked(&self) -> Option<sdk::LaunchTemplateSpecification> {
        let id: Option<String> = asked(&self.id);
        let name = if id.is_none() { asked(&self.name) } else { None };
        let it = sdk::LaunchTemplateSpecification::builder().set_launch_template_id(id);
        Some(it.set_launch_template_name(name).set_version(asked(&self.version)).build())
    }
}
shows!(Template => sdk::LaunchTemplateSpecification {
    id = launch_template_id, name = launch_template_name, version,
});

/// A tag.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tag {
    /// Its key.
    pub key: String,
    /// Its value.
    pub value: String,
    /// Whether new instances get it too.
    pub propagate_at_launch: bool,
}
shows!(Tag => sdk::TagDescription { key, value, propagate_at_launch });

impl Tag {
    pub fn sent(&self, group: &str) -> sdk::Tag {
        let it = sdk::Tag::builder().key(&self.key).value(&self.value);
        let it = it.propagate_at_launch(self.propagate_at_launch);
        it.resource_id(group).resource_type("auto-scaling-group").build()
    }
}

/// What sends traffic to the instances.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrafficSource {
    /// The target group's ARN, or the name of a classic load balancer.
    #[schemars(length(min = 1, max = 2048))]
    pub identifier: String,
    /// `elbv2`, `elb` or `vpc-lattice`.
    #[schemars(length(max = 2048))]
    pub r#type: Option<String>,
}
both!(TrafficSource = sdk::TrafficSourceIdentifier { identifier, r#type });

/// A pause in which something can be done to an instance, from the first one on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Hook {
    /// Unique in the group.
    #[schemars(length(min = 1, max = 255))]
    pub name: Fixed<String>,
    /// When: `autoscaling:EC2_INSTANCE_LAUNCHING` or `autoscaling:EC2_INSTANCE_TERMINATING`.
    #[schemars(extend("enum" = ["autoscaling:EC2_INSTANCE_LAUNCHING", "autoscaling:EC2_INSTANCE_TERMINATING"]))]
    pub lifecycle_transition: Fixed<String>,
    /// What follows when nobody says how it went: `ABANDON` or `CONTINUE`.
    #[schemars(extend("enum" = ["", "ABANDON", "CONTINUE"]))]
    pub default_result: Chosen<Fixed<Option<String>>>,
    /// How long that is waited for, in seconds.
    #[schemars(range(min = 30, max = 7200))]
    pub heartbeat_timeout: Fixed<Option<i64>>,
    /// Text that is sent along.
    pub notification_metadata: Fixed<Option<String>>,
    /// The queue or topic that is told.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub notification_target_arn: Fixed<Option<String>>,
    /// The role that may tell it.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub role_arn: Fixed<Option<String>>,
}
impl Asked<sdk::LifecycleHookSpecification> for Hook {
    fn asked(&self) -> Option<sdk::LifecycleHookSpecification> {
        let it = sdk::LifecycleHookSpecification::builder()
            .lifecycle_hook_name(&*self.name)
            .lifecycle_transition(&*self.lifecycle_transition)
            .set_default_result(asked(&self.default_result))
            .set_heartbeat_timeout(asked(&self.heartbeat_timeout))
            .set_notification_metadata(asked(&self.notification_metadata))
            .set_notification_target_arn(asked(&self.notification_target_arn))
            .set_role_arn(asked(&self.role_arn));
        Some(it.build())
    }
}

/// How many instances there may be while some are replaced.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Maintenance {
    /// In percent of those that are wanted; -1 for no policy.
    #[schemars(range(min = -1, max = 100))]
    pub min_healthy_percentage: i64,
    /// In percent of those that are wanted, from 100; -1 for no policy.
    #[schemars(range(min = -1, max = 200))]
    pub max_healthy_percentage: i64,
}
// 0 is a number here.
impl Asked<sdk::InstanceMaintenancePolicy> for Maintenance {
    fn asked(&self) -> Option<sdk::InstanceMaintenancePolicy> {
        let it = sdk::InstanceMaintenancePolicy::builder()
            .set_min_healthy_percentage(i32::try_from(self.min_healthy_percentage).ok())
            .set_max_healthy_percentage(i32::try_from(self.max_healthy_percentage).ok());
        Some(it.build())
    }
}
shows!(Maintenance => sdk::InstanceMaintenancePolicy { min_healthy_percentage, max_healthy_percentage });

/// How instances are spread over zones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spread {
    /// `balanced-best-effort`, or `balanced-only` to launch none where a zone has no room.
    #[serde(default = "best_effort")]
    #[schemars(extend("enum" = ["balanced-only", "balanced-best-effort"]))]
    pub capacity_distribution_strategy: String,
}
fn best_effort() -> String {
    "balanced-best-effort".into()
}
both!(Spread = sdk::AvailabilityZoneDistribution { capacity_distribution_strategy });

/// Reserved capacity.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reservation {
    /// `default`, `none`, `capacity-reservations-first` or `capacity-reservations-only`.
    #[schemars(extend("enum" = ["", "capacity-reservations-only", "capacity-reservations-first", "none", "default"]))]
    pub capacity_reservation_preference: Chosen<Option<String>>,
    /// Which.
    #[serde(default)]
    pub capacity_reservation_target: One<ReservationTarget>,
}
both!(
    Reservation = sdk::CapacityReservationSpecification {
        capacity_reservation_preference,
        capacity_reservation_target,
    }
);

/// Which reserved capacity.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReservationTarget {
    /// Single reservations.
    pub capacity_reservation_ids: Option<Vec<String>>,
    /// Groups of them.
    pub capacity_reservation_resource_group_arns: Option<Vec<String>>,
}
both!(
    ReservationTarget =
        sdk::CapacityReservationTarget { capacity_reservation_ids, capacity_reservation_resource_group_arns }
);

/// Instances that are ready to be started.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WarmPool {
    /// The most instances, running ones included; -1 for `max_size` of the group.
    #[serde(default = "no_limit")]
    #[schemars(range(min = -1))]
    pub max_group_prepared_capacity: i64,
    /// The fewest instances of the pool.
    #[serde(default)]
    #[schemars(range(min = 0))]
    pub min_size: i64,
    /// How they wait: `Stopped`, `Running` or `Hibernated`.
    #[serde(default = "stopped")]
    #[schemars(extend("enum" = ["Stopped", "Running", "Hibernated"]))]
    pub pool_state: String,
    /// What becomes of instances that are not needed any more.
    #[serde(default)]
    pub instance_reuse_policy: One<Reuse>,
}
fn no_limit() -> i64 {
    -1
}
fn stopped() -> String {
    "Stopped".into()
}

/// What becomes of instances that are not needed any more.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reuse {
    /// They go back to the pool.
    #[serde(default)]
    pub reuse_on_scale_in: bool,
}
both!(Reuse = sdk::InstanceReusePolicy { reuse_on_scale_in });

impl From<sdk::WarmPoolConfiguration> for WarmPool {
    fn from(it: sdk::WarmPoolConfiguration) -> Self {
        WarmPool {
            max_group_prepared_capacity: it.max_group_prepared_capacity.map_or_else(no_limit, i64::from),
            min_size: it.min_size.map_or(0, i64::from),
            pool_state: it.pool_state.map_or_else(stopped, |it| it.as_str().to_owned()),
            instance_reuse_policy: crate::aws::blocks::shown(it.instance_reuse_policy),
        }
    }
}

/// Replace the instances when what they are launched with changes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    /// `Rolling`.
    #[schemars(extend("enum" = ["Rolling", "ReplaceRootVolume"]))]
    pub strategy: String,
    /// Attributes whose change replaces the instances too. `launch_configuration`, `launch_template` and
    /// `mixed_instances_policy` always do.
    pub triggers: Option<Set<String>>,
    /// How.
    #[serde(default)]
    pub preferences: One<Preferences>,
}

/// How instances are replaced.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Preferences {
    /// Go back to the old ones where the new ones fail.
    pub auto_rollback: Option<bool>,
    /// How long to pause at a checkpoint, in seconds.
    pub checkpoint_delay: Option<Count>,
    /// Where to pause, in percent of the instances.
    pub checkpoint_percentages: Option<Vec<i64>>,
    /// Until a new instance counts as healthy, in seconds.
    pub instance_warmup: Option<Count>,
    /// The most instances meanwhile, in percent.
    #[serde(default = "hundred")]
    #[schemars(range(min = 100, max = 200))]
    pub max_healthy_percentage: i64,
    /// The fewest healthy instances meanwhile, in percent.
    #[serde(default = "ninety")]
    #[schemars(range(min = 0, max = 100))]
    pub min_healthy_percentage: i64,
    /// Instances that are protected against scaling in: `Ignore`, `Refresh` or `Wait`.
    #[serde(default = "ignore")]
    #[schemars(extend("enum" = ["Refresh", "Ignore", "Wait"]))]
    pub scale_in_protected_instances: String,
    /// Leave alone what is as it should be.
    #[serde(default)]
    pub skip_matching: bool,
    /// Instances in standby: `Ignore`, `Terminate` or `Wait`.
    #[serde(default = "ignore")]
    #[schemars(extend("enum" = ["Terminate", "Ignore", "Wait"]))]
    pub standby_instances: String,
    /// Alarms that end it.
    #[serde(default)]
    pub alarm_specification: One<Alarms>,
}
fn hundred() -> i64 {
    100
}
fn ninety() -> i64 {
    90
}
fn ignore() -> String {
    "Ignore".into()
}

/// Alarms that end it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Alarms {
    /// Their names.
    pub alarms: Option<Vec<String>>,
}
asks!(Alarms => sdk::AlarmSpecification { alarms });

impl Asked<sdk::RefreshPreferences> for Preferences {
    fn asked(&self) -> Option<sdk::RefreshPreferences> {
        let it = sdk::RefreshPreferences::builder()
            .set_alarm_specification(asked(&self.alarm_specification))
            .auto_rollback(self.auto_rollback.unwrap_or_default())
            .set_checkpoint_delay(asked(&self.checkpoint_delay))
            .set_checkpoint_percentages(asked(&self.checkpoint_percentages))
            .set_instance_warmup(asked(&self.instance_warmup))
            .set_max_healthy_percentage(i32::try_from(self.max_healthy_percentage).ok())
            .set_min_healthy_percentage(i32::try_from(self.min_healthy_percentage).ok())
            .scale_in_protected_instances(self.scale_in_protected_instances.as_str().into())
            .skip_matching(self.skip_matching)
            .standby_instances(self.standby_instances.as_str().into());
        Some(it.build())
    }
}
