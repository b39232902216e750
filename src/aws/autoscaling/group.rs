use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_autoscaling::types as sdk;
use futures::future::try_join_all;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::AUTOSCALING;
use crate::aws::blocks::{asked, shown};
use crate::aws::{Aws, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;
use blocks::*;
use mixed::Mixed;

pub mod blocks;
mod capacity;
mod change;
pub mod mixed;
mod plan;
mod refresh;
mod remove;
mod until;

/// Instances whose number follows what is needed.
///
/// ```toml
/// [aws_autoscaling_group.web]
/// name = "web"
/// min_size = 2
/// max_size = 6
/// vpc_zone_identifier = ["subnet-0a1b2c3d4e5f67890", "subnet-1a1b2c3d4e5f67890"]
/// launch_template = { id = "lt-0a1b2c3d4e5f67890", version = "$Latest" }
/// instance_refresh = { strategy = "Rolling", preferences = { min_healthy_percentage = 50 } }
/// tag = [{ key = "Name", value = "web", propagate_at_launch = true }]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Unique in the account and region; else one is made up.
    #[schemars(length(max = 255))]
    pub name: Chosen<Fixed<Option<String>>>,
    /// Make up a unique name that starts with this.
    #[schemars(length(max = 229))]
    pub name_prefix: Chosen<Fixed<Option<String>>>,
    /// The fewest instances.
    pub min_size: i64,
    /// The most instances.
    pub max_size: i64,
    /// How many instances there are to be now; policies change it. Better left out where there are some.
    pub desired_capacity: Chosen<Option<i64>>,
    /// What is counted: `units`, `vcpu` or `memory-mib`.
    #[schemars(extend("enum" = ["", "units", "vcpu", "memory-mib"]))]
    pub desired_capacity_type: Option<String>,
    /// The template that instances are launched with.
    pub launch_template: Chosen<One<Template>>,
    /// Several types of instances, on demand and spot.
    pub mixed_instances_policy: Chosen<One<Mixed>>,
    /// Name of a launch configuration, which AWS has given up.
    pub launch_configuration: Option<String>,
    /// Subnets that instances are in.
    pub vpc_zone_identifier: Chosen<Set<String>>,
    /// Zones that instances are in, in the default VPC.
    pub availability_zones: Chosen<Set<String>>,
    /// How instances are spread over zones.
    pub availability_zone_distribution: Chosen<One<Spread>>,
    /// ARNs of target groups that instances are put into.
    pub target_group_arns: Chosen<Set<String>>,
    /// Names of classic load balancers that instances are put into.
    pub load_balancers: Chosen<Set<String>>,
    /// The same of all sorts.
    pub traffic_source: Chosen<Set<TrafficSource>>,
    /// Who says that an instance is not well: `EC2`, or also `ELB`, `EBS`, `VPC_LATTICE`.
    pub health_check_type: Chosen<Option<String>>,
    /// How long a new instance is left alone by that, in seconds.
    #[serde(default = "five_minutes")]
    pub health_check_grace_period: i64,
    /// How long a new instance counts as starting, in seconds.
    pub default_instance_warmup: Option<i64>,
    /// The pause after a simple policy, in seconds.
    pub default_cooldown: Chosen<Option<i64>>,
    /// The longest life of an instance, in seconds: a day at least.
    pub max_instance_lifetime: Option<i64>,
    /// Replace spot instances before AWS takes them back.
    pub capacity_rebalance: Option<bool>,
    /// Reserved capacity.
    pub capacity_reservation_specification: Chosen<One<Reservation>>,
    /// The placement group.
    pub placement_group: Option<String>,
    /// New instances are not taken away when there are fewer to be.
    #[serde(default)]
    pub protect_from_scale_in: bool,
    /// Which instance goes first: `OldestInstance`, `NewestInstance`, `OldestLaunchTemplate`,
    /// `AllocationStrategy`, `ClosestToNextInstanceHour`, `Default`, or a function's ARN.
    pub termination_policies: Option<Vec<String>>,
    /// What does not happen: `Launch`, `Terminate`, `HealthCheck`, `ReplaceUnhealthy`, `AZRebalance`,
    /// `AlarmNotification`, `ScheduledActions`, `AddToLoadBalancer`, `InstanceRefresh`.
    pub suspended_processes: Option<Set<String>>,
    /// Metrics of the group, such as `GroupInServiceInstances`.
    pub enabled_metrics: Option<Set<String>>,
    /// How often: `1Minute`.
    #[serde(default = "minute")]
    pub metrics_granularity: String,
    /// Pauses in which something can be done to an instance, from the first one on. AWS's later ones do not
    /// show here.
    #[serde(default)]
    pub initial_lifecycle_hook: Fixed<Set<Hook>>,
    /// How many instances there may be while some are replaced.
    #[serde(default)]
    pub instance_maintenance_policy: One<Maintenance>,
    /// Replace the instances when what they are launched with changes. The apply does not wait for it.
    #[serde(default)]
    pub instance_refresh: Local<One<Refresh>>,
    /// Instances that are ready to be started.
    #[serde(default)]
    pub warm_pool: One<WarmPool>,
    /// The role that Auto Scaling works with.
    pub service_linked_role_arn: Chosen<Option<String>>,
    /// For later use.
    pub context: Option<String>,
    /// Tags of the group, and of its instances where they say so. The provider's default tags are not among
    /// them.
    #[serde(default)]
    pub tag: Set<Tag>,
    /// Remove the group without waiting for its instances to end.
    #[serde(default)]
    pub force_delete: Local<bool>,
    /// The same of the warm pool.
    #[serde(default)]
    pub force_delete_warm_pool: Local<bool>,
    /// How long an apply waits for the instances, such as `10m`; `0` for not at all.
    #[serde(default = "ten_minutes")]
    pub wait_for_capacity_timeout: Local<Option<String>>,
    /// At a create, wait for so many instances to be healthy in their target groups.
    pub min_elb_capacity: Local<Option<i64>>,
    /// The same, exactly so many after a change.
    pub wait_for_elb_capacity: Local<Option<i64>>,
    /// Go on waiting where launching instances fails.
    #[serde(default)]
    pub ignore_failed_scaling_activities: Local<bool>,
    pub timeouts: Option<TimeoutsUpdateDelete>,
    /// The group's name.
    pub id: Computed<String>,
    /// The group's ARN.
    pub arn: Computed<String>,
    /// How many instances a predictive policy expects.
    pub predicted_capacity: Computed<Option<i64>>,
    /// How many instances the warm pool has.
    pub warm_pool_size: Computed<Option<i64>>,
}

/// What AWS says of a group whose stack says nothing.
fn is_usual(policies: &[String]) -> bool {
    policies == ["Default"]
}

fn five_minutes() -> i64 {
    300
}
fn minute() -> String {
    "1Minute".into()
}
fn ten_minutes() -> Local<Option<String>> {
    Local(Some("10m".into()))
}

impl Resource for Group {
    const TYPE: &'static str = "aws_autoscaling_group";
    const SCHEMA_VERSION: u64 = 1;
    const IMPORT: &'static [&'static str] = &["web"];
    const UNWRITTEN: &'static [&'static str] = &[
        "availability_zones",
        "traffic_source",
        "desired_capacity",
        "service_linked_role_arn",
        "launch_template.name",
        "mixed_instances_policy.launch_template.launch_template_specification.launch_template_name",
        "mixed_instances_policy.launch_template.override.launch_template_specification.launch_template_name",
    ];
    const TAGS: TagApi = TagApi::None;
    const READS: Reads = Reads::of(
        &[Cost::page("autoscaling:DescribeAutoScalingGroups", MANY).pooled()],
        "a call takes 100 names, and tells of what is attached to the groups too",
    );
    const BATCH: usize = 100;
    const PATIENCE: Duration = Duration::from_secs(600);
    const CREATE_SECONDS: u32 = 60;
    const PASSING: &'static [&'static [Passing]] = &[AUTOSCALING];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, names: &[String]) -> Result<Vec<Live<Self>>> {
        let mut out = Vec::new();
        for it in found(aws, names).await?.into_values() {
            let status = capacity::status(aws, &it).await?;
            out.push(live(it, status));
        }
        Ok(out)
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let name = self.named(new);
        let count = |it: i64| i32::try_from(it).ok();
        let list = |it: &Set<String>| asked::<Vec<String>, _>(it);
        let tags: Vec<_> = self.tag.iter().map(|it| it.sent(&name)).collect();
        let call = aws
            .autoscaling()
            .create_auto_scaling_group()
            .auto_scaling_group_name(&name)
            .set_min_size(count(self.min_size))
            .set_max_size(count(self.max_size))
            .set_desired_capacity(asked(&self.desired_capacity))
            .set_desired_capacity_type(asked(&self.desired_capacity_type))
            .set_launch_template(asked(&self.launch_template))
            .set_mixed_instances_policy(asked(&self.mixed_instances_policy))
            .set_launch_configuration_name(asked(&self.launch_configuration))
            .set_vpc_zone_identifier(list(&self.vpc_zone_identifier).map(|it| it.join(",")))
            .set_availability_zones(list(&self.availability_zones))
            .set_availability_zone_distribution(asked(&self.availability_zone_distribution))
            .set_target_group_arns(list(&self.target_group_arns))
            .set_load_balancer_names(list(&self.load_balancers))
            .set_traffic_sources(asked(&self.traffic_source))
            .set_health_check_type(asked(&self.health_check_type))
            .set_health_check_grace_period(asked(&self.health_check_grace_period))
            .set_default_instance_warmup(asked(&self.default_instance_warmup))
            .set_default_cooldown(asked(&self.default_cooldown))
            .set_max_instance_lifetime(asked(&self.max_instance_lifetime))
            .set_capacity_rebalance(self.capacity_rebalance.filter(|it| *it))
            .set_capacity_reservation_specification(asked(&self.capacity_reservation_specification))
            .set_placement_group(asked(&self.placement_group))
            .new_instances_protected_from_scale_in(self.protect_from_scale_in)
            .set_termination_policies(asked(&self.termination_policies))
            // In one call, so that no instance comes up before its hooks.
            .set_lifecycle_hook_specification_list(asked(&self.initial_lifecycle_hook))
            .set_instance_maintenance_policy(asked(&self.instance_maintenance_policy))
            .set_service_linked_role_arn(asked(&self.service_linked_role_arn))
            .set_context(asked(&self.context))
            .set_tags((!tags.is_empty()).then_some(tags));
        call.send().await?;
        Ok(name)
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        change::change(self, aws, was).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        remove::remove(self, aws).await
    }

    // CreateAutoScalingGroup takes no client token, but a name stands once in an account and region.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let found = described(aws, &[self.named(new)]).await?.into_iter();
        let ours = |it: &sdk::AutoScalingGroup| new.may_have_made(it.created_time.map(|it| it.secs()));
        Ok(found.filter(ours).find_map(|it| it.auto_scaling_group_name))
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        // AWS does not tell which of its hooks were there first.
        self.initial_lifecycle_hook = kept.initial_lifecycle_hook.clone();
        if self.termination_policies.is_none() && kept.termination_policies.as_deref().is_some_and(is_usual) {
            self.termination_policies = kept.termination_policies.clone();
        }
        self
    }

    fn judged(&self, was: Option<&Self>, status: Status) -> Status {
        capacity::judged(self, was, status)
    }

    fn patience(&self, op: Op) -> Option<Duration> {
        capacity::patience(self, op)
    }

    fn adjust(plan: &mut Adjust) {
        plan::adjust(plan);
    }

    async fn blockers(&self, aws: &Aws, op: Op, error: &crate::aws::Error) -> Result<Blockers> {
        match is_in_use::<Self>(op, error) {
            true => remove::blockers(aws, &self.key()).await,
            false => Ok(Blockers::default()),
        }
    }
}

impl Group {
    fn named(&self, new: &New) -> String {
        new.name(self.name.as_deref(), self.name_prefix.as_deref())
    }
}

/// The most groups of one call.
const MANY: usize = 100;

/// The groups of these names that there are, asked for together by all who need to know something of them.
pub(super) async fn found(aws: &Aws, names: &[String]) -> Result<HashMap<String, sdk::AutoScalingGroup>> {
    match aws.exact() {
        true => named(aws, names.to_vec()).await,
        false => aws.together("auto scaling groups", names, async |all| named(aws, all).await).await,
    }
}

async fn named(aws: &Aws, names: Vec<String>) -> Result<HashMap<String, sdk::AutoScalingGroup>> {
    let calls = names.chunks(MANY).map(|some| described(aws, some));
    let found = try_join_all(calls).await?.into_iter().flatten();
    Ok(found.filter_map(|it| Some((it.auto_scaling_group_name.clone()?, it))).collect())
}

async fn described(aws: &Aws, names: &[String]) -> Result<Vec<sdk::AutoScalingGroup>> {
    let call = aws.autoscaling().describe_auto_scaling_groups().max_records(100);
    let call = call.set_auto_scaling_group_names(Some(names.to_vec()));
    let found: Vec<sdk::AutoScalingGroup> = call.into_paginator().items().send().try_collect().await?;
    // An emulator may take no names for all.
    let wanted =
        |it: &sdk::AutoScalingGroup| it.auto_scaling_group_name.as_ref().is_some_and(|it| names.contains(it));
    Ok(found.into_iter().filter(wanted).collect())
}

fn live(it: sdk::AutoScalingGroup, status: Status) -> Live<Group> {
    let name = it.auto_scaling_group_name.unwrap_or_default();
    let set = |it: Vec<String>| Some(it).filter(|it| !it.is_empty()).map(Set);
    let subnets = it.vpc_zone_identifier.unwrap_or_default();
    let subnets = subnets.split(',').map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned);
    let metrics = it.enabled_metrics.unwrap_or_default();
    let granularity = metrics.first().and_then(|it| it.granularity.clone());
    let suspended = it.suspended_processes.unwrap_or_default();
    let attributes = Group {
        name_prefix: Chosen(Fixed(name_prefix(&name).filter(|it| !it.is_empty()))),
        name: Chosen(Fixed(Some(name.clone()))),
        min_size: it.min_size.unwrap_or_default().into(),
        max_size: it.max_size.unwrap_or_default().into(),
        desired_capacity: shown(it.desired_capacity),
        desired_capacity_type: shown(it.desired_capacity_type),
        launch_template: shown(it.launch_template),
        mixed_instances_policy: shown(it.mixed_instances_policy),
        launch_configuration: shown(it.launch_configuration_name),
        vpc_zone_identifier: Chosen(subnets.collect()),
        availability_zones: shown(it.availability_zones),
        availability_zone_distribution: shown(it.availability_zone_distribution),
        target_group_arns: shown(it.target_group_arns),
        load_balancers: shown(it.load_balancer_names),
        traffic_source: shown(it.traffic_sources),
        health_check_type: shown(it.health_check_type),
        health_check_grace_period: it.health_check_grace_period.unwrap_or_default().into(),
        default_instance_warmup: shown(it.default_instance_warmup),
        default_cooldown: shown(it.default_cooldown),
        max_instance_lifetime: shown(it.max_instance_lifetime),
        capacity_rebalance: it.capacity_rebalance,
        capacity_reservation_specification: shown(it.capacity_reservation_specification),
        placement_group: shown(it.placement_group),
        protect_from_scale_in: it.new_instances_protected_from_scale_in.unwrap_or_default(),
        termination_policies: it.termination_policies.filter(|it| !it.is_empty() && !is_usual(it)),
        suspended_processes: set(suspended.into_iter().filter_map(|it| it.process_name).collect()),
        metrics_granularity: granularity.unwrap_or_else(minute),
        enabled_metrics: set(metrics.into_iter().filter_map(|it| it.metric).collect()),
        initial_lifecycle_hook: Fixed::default(),
        instance_maintenance_policy: shown(it.instance_maintenance_policy),
        instance_refresh: Local::default(),
        warm_pool: One(it.warm_pool_configuration.map(WarmPool::from)),
        service_linked_role_arn: shown(it.service_linked_role_arn),
        context: shown(it.context),
        tag: without_aws(it.tags.unwrap_or_default()),
        force_delete: Local(false),
        force_delete_warm_pool: Local(false),
        wait_for_capacity_timeout: ten_minutes(),
        min_elb_capacity: Local(None),
        wait_for_elb_capacity: Local(None),
        ignore_failed_scaling_activities: Local(false),
        timeouts: None,
        id: name.clone().into(),
        arn: shown(it.auto_scaling_group_arn),
        predicted_capacity: shown(it.predicted_capacity),
        warm_pool_size: shown(it.warm_pool_size),
    };
    Live { key: name, status, tags: None, unread: &[], attributes }
}

pub(super) fn without_aws(tags: Vec<sdk::TagDescription>) -> Set<Tag> {
    let own = tags.into_iter().filter(|it| !it.key.as_deref().unwrap_or_default().starts_with("aws:"));
    own.map(|it| shown(Some(it))).collect()
}
