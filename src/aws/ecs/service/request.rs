//! A service on its way to AWS.

use aws_sdk_ecs::operation::create_service::builders::CreateServiceFluentBuilder;
use aws_sdk_ecs::operation::update_service::builders::UpdateServiceFluentBuilder;
use aws_sdk_ecs::types as sdk;

use super::{
    Balancer, Connect, Constraint, Lattice, Registry, Service, Share, Strategy, VolumeConfiguration,
};
use crate::aws::ecs::stated;
use crate::aws::shape::sent;
use crate::aws::{Aws, Result};

/// Nothing, where there is none.
fn some<T>(all: Vec<T>) -> Option<Vec<T>> {
    (!all.is_empty()).then_some(all)
}

fn each<A, B>(all: &[A], one: fn(&A) -> Result<B>) -> Result<Vec<B>> {
    all.iter().map(one).collect()
}

impl Service {
    pub(super) fn controller(&self) -> &str {
        self.deployment_controller.as_ref().and_then(|it| it.r#type.as_deref()).unwrap_or("ECS")
    }

    fn balancers(&self) -> Vec<sdk::LoadBalancer> {
        self.load_balancer.iter().map(Balancer::sent).collect()
    }

    fn registries(&self) -> Vec<sdk::ServiceRegistry> {
        self.service_registries.iter().map(Registry::sent).collect()
    }

    fn strategies(&self) -> Vec<sdk::PlacementStrategy> {
        self.ordered_placement_strategy.iter().map(Strategy::sent).collect()
    }

    fn constraints(&self) -> Vec<sdk::PlacementConstraint> {
        self.placement_constraints.iter().map(Constraint::sent).collect()
    }

    fn volumes(&self) -> Result<Vec<sdk::ServiceVolumeConfiguration>> {
        self.volume_configuration.iter().map(VolumeConfiguration::sent).collect()
    }

    fn network(&self) -> Result<Option<sdk::NetworkConfiguration>> {
        self.network_configuration.as_ref().map(super::Network::sent).transpose()
    }

    pub(super) fn creation(&self, aws: &Aws) -> Result<CreateServiceFluentBuilder> {
        let connect = self.service_connect_configuration.as_ref().map(Connect::sent).transpose()?;
        let controller = self.deployment_controller.as_ref().map(super::Controller::sent).transpose()?;
        // Where something else starts the tasks, it says on what.
        let launch = stated(&self.launch_type).filter(|_| self.controller() != "EXTERNAL");
        let count = (!self.is_daemon()).then(|| self.desired_count.unwrap_or_default());
        let call = aws
            .ecs()
            .create_service()
            .service_name(&**self.name)
            .set_cluster(stated(&self.cluster))
            .set_task_definition(stated(&self.task_definition))
            .set_desired_count(count.and_then(|it| sent(&it)))
            .set_launch_type(launch.map(|it| it.as_str().into()))
            .set_capacity_provider_strategy(some(each(&self.capacity_provider_strategy, Share::sent)?))
            .set_network_configuration(self.network()?)
            .set_load_balancers(some(self.balancers()))
            .set_health_check_grace_period_seconds(
                self.health_check_grace_period_seconds.filter(|it| *it != 0).and_then(|it| sent(&it)),
            )
            .set_service_registries(some(self.registries()))
            .set_service_connect_configuration(connect)
            .set_vpc_lattice_configurations(some(each(&self.vpc_lattice_configurations, Lattice::sent)?))
            .set_volume_configurations(some(self.volumes()?))
            .set_deployment_controller(controller)
            .deployment_configuration(self.first_deployment()?)
            .set_scheduling_strategy(stated(&self.scheduling_strategy).map(|it| it.as_str().into()))
            .set_availability_zone_rebalancing(
                stated(&self.availability_zone_rebalancing).map(|it| it.as_str().into()),
            )
            .set_platform_version(stated(&self.platform_version))
            .set_placement_strategy(some(self.strategies()))
            .set_placement_constraints(some(self.constraints()))
            .set_role(stated(&self.iam_role))
            .set_enable_ecs_managed_tags(self.enable_ecs_managed_tags.then_some(true))
            .set_enable_execute_command(self.enable_execute_command.then_some(true))
            .set_propagate_tags(stated(&self.propagate_tags).map(|it| it.as_str().into()));
        Ok(call)
    }

    fn first_deployment(&self) -> Result<sdk::DeploymentConfiguration> {
        let (most, least) = (self.deployment_maximum_percent, self.deployment_minimum_healthy_percent);
        let (most, least) = match self.is_daemon() {
            true => (None, least.filter(|it| *it != 100)),
            false => (most, least),
        };
        let one = sdk::DeploymentConfiguration::builder()
            .set_maximum_percent(sent(&most))
            .set_minimum_healthy_percent(sent(&least))
            .set_alarms(self.alarms.as_ref().map(super::Alarms::sent).transpose()?)
            .set_deployment_circuit_breaker(
                self.deployment_circuit_breaker.as_ref().map(super::Breaker::sent),
            );
        Ok(one.build())
    }

    /// What differs from `was`, and nothing else.
    pub(super) fn change(&self, aws: &Aws, was: &Self) -> Result<UpdateServiceFluentBuilder> {
        let mut call = aws.ecs().update_service().cluster(was.cluster()).service(was.arn_or_name());
        if self.force_new_deployment == Some(true) {
            call = call.force_new_deployment(true);
        }
        if self.task_definition != was.task_definition {
            call = call.set_task_definition(stated(&self.task_definition));
        }
        if self.desired_count != was.desired_count && !self.is_daemon() {
            call = call.set_desired_count(sent(&self.desired_count.unwrap_or_default()));
        }
        if self.capacity_provider_strategy != was.capacity_provider_strategy {
            call = call
                .set_capacity_provider_strategy(some(each(&self.capacity_provider_strategy, Share::sent)?));
        }
        if self.health_check_grace_period_seconds != was.health_check_grace_period_seconds {
            let seconds = self.health_check_grace_period_seconds.unwrap_or_default();
            call = call.set_health_check_grace_period_seconds(sent(&seconds));
        }
        if self.platform_version != was.platform_version {
            call = call.set_platform_version(stated(&self.platform_version));
        }
        if self.availability_zone_rebalancing != was.availability_zone_rebalancing {
            let word = stated(&self.availability_zone_rebalancing);
            call = call.set_availability_zone_rebalancing(word.map(|it| it.as_str().into()));
        }
        call = self.change_places(call, was);
        call = self.change_switches(call, was);
        call = self.change_network(call, was)?;
        Ok(call.set_deployment_configuration(self.change_deployment(was)?))
    }

    fn change_switches(
        &self,
        mut call: UpdateServiceFluentBuilder,
        was: &Self,
    ) -> UpdateServiceFluentBuilder {
        if self.enable_ecs_managed_tags != was.enable_ecs_managed_tags {
            call = call.enable_ecs_managed_tags(self.enable_ecs_managed_tags);
        }
        if self.enable_execute_command != was.enable_execute_command {
            call = call.enable_execute_command(self.enable_execute_command);
        }
        if stated(&self.propagate_tags) != stated(&was.propagate_tags) {
            let word = stated(&self.propagate_tags).unwrap_or_else(|| "NONE".to_owned());
            call = call.propagate_tags(word.as_str().into());
        }
        call
    }

    /// An empty list takes away what there was.
    fn change_places(&self, mut call: UpdateServiceFluentBuilder, was: &Self) -> UpdateServiceFluentBuilder {
        if self.ordered_placement_strategy != was.ordered_placement_strategy {
            call = call.set_placement_strategy(Some(self.strategies()));
        }
        if self.placement_constraints != was.placement_constraints {
            call = call.set_placement_constraints(Some(self.constraints()));
        }
        call
    }

    fn change_network(
        &self,
        mut call: UpdateServiceFluentBuilder,
        was: &Self,
    ) -> Result<UpdateServiceFluentBuilder> {
        if self.network_configuration != was.network_configuration {
            call = call.set_network_configuration(self.network()?);
        }
        if self.load_balancer != was.load_balancer {
            call = call.set_load_balancers(Some(self.balancers()));
        }
        if self.service_registries != was.service_registries {
            call = call.set_service_registries(Some(self.registries()));
        }
        if self.service_connect_configuration != was.service_connect_configuration {
            let wanted = self.service_connect_configuration.as_ref().map(Connect::sent).transpose()?;
            call = call.service_connect_configuration(wanted.unwrap_or_else(Connect::off));
        }
        if self.vpc_lattice_configurations != was.vpc_lattice_configurations {
            let wanted = each(&self.vpc_lattice_configurations, Lattice::sent)?;
            call = call.set_vpc_lattice_configurations(Some(wanted));
        }
        if self.volume_configuration != was.volume_configuration {
            call = call.set_volume_configurations(Some(self.volumes()?));
        }
        Ok(call)
    }

    fn change_deployment(&self, was: &Self) -> Result<Option<sdk::DeploymentConfiguration>> {
        let (most, least) = (&self.deployment_maximum_percent, &self.deployment_minimum_healthy_percent);
        let sizes =
            *most != was.deployment_maximum_percent || *least != was.deployment_minimum_healthy_percent;
        let breaker = *self.deployment_circuit_breaker != *was.deployment_circuit_breaker;
        let alarms = *self.alarms != *was.alarms;
        if !(sizes || breaker || alarms) {
            return Ok(None);
        }
        let mut one = sdk::DeploymentConfiguration::builder();
        if sizes {
            let most = most.filter(|_| !self.is_daemon());
            one = one.set_maximum_percent(sent(&most)).set_minimum_healthy_percent(sent(least));
        }
        if breaker {
            // One that says nothing switches it off.
            let none = sdk::DeploymentCircuitBreaker::builder().build();
            let wanted = self.deployment_circuit_breaker.as_ref().map(super::Breaker::sent);
            one = one.deployment_circuit_breaker(wanted.unwrap_or(none));
        }
        if alarms {
            one = one.set_alarms(self.alarms.as_ref().map(super::Alarms::sent).transpose()?);
        }
        Ok(Some(one.build()))
    }
}
