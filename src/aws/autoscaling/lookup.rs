use aws_sdk_autoscaling::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::group::blocks::{Maintenance, Tag, Template, TrafficSource, WarmPool};
use super::group::mixed::Mixed;
use super::group::{found, without_aws};
use crate::aws::blocks::shown;
use crate::aws::requirements::ForGroups;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// An Auto Scaling group that is there already.
///
/// ```toml
/// [data.aws_autoscaling_group.web]
/// name = "web"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Its name.
    pub id: Computed<String>,
    /// The group's ARN.
    pub arn: Computed<Option<String>>,
    /// Zones that instances are in.
    pub availability_zones: Computed<Set<String>>,
    /// The pause after a simple policy, in seconds.
    pub default_cooldown: Computed<Option<i64>>,
    /// How many instances there are to be now.
    pub desired_capacity: Computed<Option<i64>>,
    /// What is counted: `units`, `vcpu` or `memory-mib`.
    pub desired_capacity_type: Computed<Option<String>>,
    /// Metrics of the group, such as `GroupInServiceInstances`.
    pub enabled_metrics: Computed<Set<String>>,
    /// How long a new instance is left alone by health checks, in seconds.
    pub health_check_grace_period: Computed<Option<i64>>,
    /// Who says that an instance is not well: `EC2`, or also `ELB`, `EBS`, `VPC_LATTICE`.
    pub health_check_type: Computed<Option<String>>,
    /// How many instances there may be while some are replaced.
    pub instance_maintenance_policy: Computed<Vec<Maintenance>>,
    /// Name of a launch configuration, which AWS has given up.
    pub launch_configuration: Computed<Option<String>>,
    /// The template that instances are launched with.
    pub launch_template: Computed<Vec<Template>>,
    /// Names of classic load balancers that instances are put into.
    pub load_balancers: Computed<Set<String>>,
    /// The longest life of an instance, in seconds.
    pub max_instance_lifetime: Computed<Option<i64>>,
    /// The most instances.
    pub max_size: Computed<Option<i64>>,
    /// The fewest instances.
    pub min_size: Computed<Option<i64>>,
    /// Several types of instances, on demand and spot.
    pub mixed_instances_policy: Computed<Vec<Mixed>>,
    /// Whether new instances are not taken away when there are fewer to be.
    pub new_instances_protected_from_scale_in: Computed<Option<bool>>,
    /// The placement group.
    pub placement_group: Computed<Option<String>>,
    /// How many instances a predictive policy expects.
    pub predicted_capacity: Computed<Option<i64>>,
    /// The role that Auto Scaling works with.
    pub service_linked_role_arn: Computed<Option<String>>,
    /// What is being done to it while it is deleted.
    pub status: Computed<Option<String>>,
    /// What does not happen, such as `AZRebalance`.
    pub suspended_processes: Computed<Set<String>>,
    /// Tags of the group, and of its instances where they say so.
    pub tag: Computed<Set<Tag>>,
    /// ARNs of target groups that instances are put into.
    pub target_group_arns: Computed<Set<String>>,
    /// Which instance goes first.
    pub termination_policies: Computed<Set<String>>,
    /// What sends traffic to the instances.
    pub traffic_source: Computed<Set<TrafficSource>>,
    /// Subnets that instances are in, with `,` between.
    pub vpc_zone_identifier: Computed<Option<String>>,
    /// Instances that are ready to be started.
    pub warm_pool: Computed<Vec<WarmPool>>,
    /// How many instances the warm pool has.
    pub warm_pool_size: Computed<Option<i64>>,
}

impl DataSource for Group {
    const TYPE: &'static str = "aws_autoscaling_group";
    const READS: Reads =
        Reads::of(&[Cost::page("autoscaling:DescribeAutoScalingGroups", 100)], "a call takes 100 names");
    const POOLED: bool = true;

    async fn read(self, aws: &Aws) -> Result<Self> {
        let found = found(aws, std::slice::from_ref(&self.name)).await?;
        let name = &self.name;
        let none = || Error::Invalid(format!("there is no Auto Scaling group `{name}` in this region"));
        Ok(found.into_values().next().ok_or_else(none)?.into())
    }
}

/// A block that stands at most once, as a list.
fn list<T>(one: One<T>) -> Computed<Vec<T>> {
    Computed(one.0.into_iter().collect())
}

fn mixed(it: Option<sdk::MixedInstancesPolicy>) -> One<Mixed> {
    let mut it: One<Mixed> = shown(it);
    let launch = it.0.as_mut().and_then(|it| it.launch_template.0.0.as_mut());
    let types = launch.into_iter().flat_map(|it| it.r#override.0.iter_mut());
    types.filter_map(|it| it.instance_requirements.0.as_mut()).for_each(ForGroups::fill);
    it
}

impl From<sdk::AutoScalingGroup> for Group {
    fn from(it: sdk::AutoScalingGroup) -> Self {
        let name = it.auto_scaling_group_name.unwrap_or_default();
        let metrics = it.enabled_metrics.unwrap_or_default().into_iter().filter_map(|it| it.metric);
        let suspended = it.suspended_processes.unwrap_or_default();
        let suspended = suspended.into_iter().filter_map(|it| it.process_name);
        Group {
            id: name.clone().into(),
            name,
            arn: shown(it.auto_scaling_group_arn),
            availability_zones: shown(it.availability_zones),
            default_cooldown: shown(it.default_cooldown),
            desired_capacity: shown(it.desired_capacity),
            desired_capacity_type: shown(it.desired_capacity_type),
            enabled_metrics: Computed(metrics.collect()),
            health_check_grace_period: shown(it.health_check_grace_period),
            health_check_type: shown(it.health_check_type),
            instance_maintenance_policy: list(shown(it.instance_maintenance_policy)),
            launch_configuration: shown(it.launch_configuration_name),
            launch_template: list(shown(it.launch_template)),
            load_balancers: shown(it.load_balancer_names),
            max_instance_lifetime: shown(it.max_instance_lifetime),
            max_size: shown(it.max_size),
            min_size: shown(it.min_size),
            mixed_instances_policy: list(mixed(it.mixed_instances_policy)),
            new_instances_protected_from_scale_in: shown(it.new_instances_protected_from_scale_in),
            placement_group: shown(it.placement_group),
            predicted_capacity: shown(it.predicted_capacity),
            service_linked_role_arn: shown(it.service_linked_role_arn),
            status: shown(it.status),
            suspended_processes: Computed(suspended.collect()),
            tag: Computed(without_aws(it.tags.unwrap_or_default())),
            target_group_arns: shown(it.target_group_arns),
            termination_policies: shown(it.termination_policies),
            traffic_source: shown(it.traffic_sources),
            vpc_zone_identifier: shown(it.vpc_zone_identifier),
            warm_pool: list(One(it.warm_pool_configuration.map(WarmPool::from))),
            warm_pool_size: shown(it.warm_pool_size),
        }
    }
}
