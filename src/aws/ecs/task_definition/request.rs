//! A task definition on its way to AWS.

use aws_sdk_ecs::operation::register_task_definition::builders::RegisterTaskDefinitionFluentBuilder;

use super::{Accelerator, Placement, Platform, Proxy, Storage, TaskDefinition, Volume};
use crate::aws::ecs::stated;
use crate::aws::{Aws, Result};

/// Nothing, where there is none.
fn some<T>(all: Vec<T>) -> Option<Vec<T>> {
    (!all.is_empty()).then_some(all)
}

impl TaskDefinition {
    /// Everything but the containers.
    pub(super) fn request(&self, aws: &Aws) -> Result<RegisterTaskDefinitionFluentBuilder> {
        let volumes = self.volume.iter().map(Volume::sent).collect::<Result<_>>()?;
        let accelerators = self.inference_accelerator.iter().map(Accelerator::sent).collect::<Result<_>>()?;
        let hosts = self.requires_compatibilities.iter().flat_map(|it| it.iter());
        let call = aws
            .ecs()
            .register_task_definition()
            .family(&**self.family)
            .set_task_role_arn(stated(&self.task_role_arn))
            .set_execution_role_arn(stated(&self.execution_role_arn))
            .set_cpu(stated(&self.cpu))
            .set_memory(stated(&self.memory))
            .set_enable_fault_injection(self.enable_fault_injection.filter(|it| *it))
            .set_network_mode(stated(&self.network_mode).map(|it| it.as_str().into()))
            .set_ipc_mode(stated(&self.ipc_mode).map(|it| it.as_str().into()))
            .set_pid_mode(stated(&self.pid_mode).map(|it| it.as_str().into()))
            .set_requires_compatibilities(some(hosts.map(|it| it.as_str().into()).collect()))
            .set_volumes(some(volumes))
            .set_placement_constraints(some(self.placement_constraints.iter().map(Placement::sent).collect()))
            .set_proxy_configuration(self.proxy_configuration.as_ref().map(Proxy::sent).transpose()?)
            .set_runtime_platform(self.runtime_platform.as_ref().map(Platform::sent))
            .set_ephemeral_storage(self.ephemeral_storage.as_ref().map(Storage::sent));
        #[allow(deprecated, reason = "the provider's attribute of that name")]
        let call = call.set_inference_accelerators(some(accelerators));
        Ok(call)
    }
}
