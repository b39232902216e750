//! A service out of AWS's answer.

use aws_sdk_ecs::types as sdk;

use super::{
    Alarms, Balancer, Breaker, Connect, Constraint, Controller, Lattice, Network, Registry, Service,
};
use super::{Share, Strategy, VolumeConfiguration};
use crate::aws::ecs::task_definition::family_and_revision;
use crate::aws::ecs::{name_of, seen_tags};
use crate::aws::shape::seen;
use crate::resource::*;

/// Whether it only waits for its tasks to end.
pub fn is_leaving(it: &sdk::Service) -> bool {
    it.status.as_deref() == Some("DRAINING")
}

fn each<A, B: From<A>>(all: Option<Vec<A>>) -> Vec<B> {
    all.unwrap_or_default().into_iter().map(B::from).collect()
}

/// What is rolled out now.
pub fn primary(it: &sdk::Service) -> Option<&sdk::Deployment> {
    it.deployments().iter().find(|it| it.status.as_deref() == Some("PRIMARY"))
}

pub fn live(mut it: sdk::Service, status: Status) -> Live<Service> {
    let deployment = primary(&it).cloned();
    let connect = deployment.as_ref().and_then(|it| it.service_connect_configuration.clone());
    let lattice = deployment.as_ref().and_then(|it| it.vpc_lattice_configurations.clone());
    let volumes = deployment.and_then(|it| it.volume_configurations);
    let tags = Some(seen_tags(it.tags.take()));
    let (cluster, name): (String, String) = (seen(it.cluster_arn.take()), seen(it.service_name.take()));
    let key = format!("{}/{name}", name_of(&cluster));
    let rollout = it.deployment_configuration.take();
    let (breaker, alarms) = match &rollout {
        Some(it) => (it.deployment_circuit_breaker.clone(), it.alarms.clone()),
        None => (None, None),
    };
    let controller = it.deployment_controller.map(|it| it.r#type.as_str().to_owned());
    let attributes = Service {
        name: Fixed(name),
        cluster: Chosen(Fixed(Some(cluster))),
        task_definition: it.task_definition,
        desired_count: Some(i64::from(it.desired_count)),
        launch_type: seen(it.launch_type),
        capacity_provider_strategy: Set(each::<_, Share>(it.capacity_provider_strategy)),
        network_configuration: One(it.network_configuration.and_then(Network::seen)),
        load_balancer: Set(each::<_, Balancer>(it.load_balancers)),
        health_check_grace_period_seconds: seen(it.health_check_grace_period_seconds),
        service_registries: One(each::<_, Registry>(it.service_registries).into_iter().next()),
        service_connect_configuration: One(connect.map(Connect::from)),
        vpc_lattice_configurations: Set(each::<_, Lattice>(lattice)),
        volume_configuration: One(each::<_, VolumeConfiguration>(volumes).into_iter().next()),
        deployment_controller: Usual(One(Some(Controller {
            r#type: Fixed(Some(controller.unwrap_or_else(|| "ECS".to_owned()))),
        }))),
        deployment_circuit_breaker: Usual(One(
            breaker.map(|it| Breaker { enable: it.enable, rollback: it.rollback })
        )),
        alarms: Usual(One(alarms.map(|it| Alarms {
            alarm_names: Set(it.alarm_names),
            enable: it.enable,
            rollback: it.rollback,
        }))),
        deployment_maximum_percent: seen(rollout.as_ref().and_then(|it| it.maximum_percent)),
        deployment_minimum_healthy_percent: seen(rollout.and_then(|it| it.minimum_healthy_percent)),
        scheduling_strategy: seen(it.scheduling_strategy),
        availability_zone_rebalancing: seen(it.availability_zone_rebalancing),
        platform_version: Chosen(it.platform_version),
        ordered_placement_strategy: each::<_, Strategy>(it.placement_strategy),
        placement_constraints: Set(each::<_, Constraint>(it.placement_constraints)),
        iam_role: Chosen(Fixed(it.role_arn)),
        enable_ecs_managed_tags: it.enable_ecs_managed_tags,
        enable_execute_command: it.enable_execute_command,
        propagate_tags: seen(it.propagate_tags),
        force_new_deployment: None,
        triggers: Chosen(Some(Tags::new())),
        wait_for_steady_state: Local(false),
        force_delete: Local(None),
        timeouts: None,
        tags: None,
        tags_all: Chosen::default(),
        id: seen(it.service_arn),
    };
    Live { key, attributes, tags, status, unread: &[] }
}

fn is_arn(text: &Option<String>) -> bool {
    text.as_deref().is_some_and(|it| it.starts_with("arn:"))
}

/// The role as one names it in a service: without its ARN's head, and with the folders of AWS's own.
fn role(arn: &str) -> String {
    match arn.split('/').collect::<Vec<_>>()[..] {
        [_, name] => name.to_owned(),
        [_, ref folders @ ..] if !folders.is_empty() => format!("/{}", folders.join("/")),
        _ => arn.to_owned(),
    }
}

/// Names and ARNs are kept as the stack has them; so is what only a plan needs, and what a service that others
/// roll out does not tell.
pub fn as_kept(mut it: Service, kept: &Service) -> Service {
    if !is_arn(&kept.cluster) {
        it.cluster.0.0 = it.cluster.as_deref().map(name_of).map(str::to_owned);
    }
    if !is_arn(&kept.task_definition) {
        it.task_definition = it.task_definition.as_deref().map(family_and_revision).map(str::to_owned);
    }
    // Without one in the answer, another controller starts the tasks.
    if it.task_definition.is_none() {
        it.task_definition.clone_from(&kept.task_definition);
    }
    if !is_arn(&kept.iam_role) {
        it.iam_role.0.0 = it.iam_role.as_deref().map(role);
    }
    it.force_new_deployment = kept.force_new_deployment;
    it.triggers = Chosen(Some(kept.triggers.0.clone().unwrap_or_default()));
    let on = |one: &One<Connect>| one.as_ref().is_some_and(|it| it.enabled);
    if !on(&it.service_connect_configuration) && !on(&kept.service_connect_configuration)
        || it.controller() != "ECS"
    {
        it.service_connect_configuration = kept.service_connect_configuration.clone();
    }
    if it.volume_configuration.is_none() {
        it.volume_configuration = kept.volume_configuration.clone();
    }
    for (own, kept) in it.ordered_placement_strategy.iter_mut().zip(&kept.ordered_placement_strategy) {
        let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b) || a == "instanceId" && b == "host";
        if own.field.as_deref().zip(kept.field.as_deref()).is_some_and(|(a, b)| same(a, b)) {
            own.field.clone_from(&kept.field);
        }
    }
    it
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_go_by_their_names() {
        assert_eq!(role("arn:aws:iam::123456789012:role/ecs"), "ecs");
        let own = "arn:aws:iam::123456789012:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS";
        assert_eq!(role(own), "/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS");
    }
}
