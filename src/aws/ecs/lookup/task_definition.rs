use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::ecs::task_definition::{
    self as own, Accelerator, Placement, Platform, Proxy, Storage, Volume,
};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// A task definition that is there already: of a family, the latest one.
///
/// ```toml
/// [data.aws_ecs_task_definition.web]
/// task_definition = "web"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskDefinition {
    /// The family, `family:revision`, or an ARN.
    pub task_definition: String,
    /// The ARN of the revision.
    pub id: Computed<String>,
    /// The ARN of the revision.
    pub arn: Computed<String>,
    /// The ARN without the revision's number.
    pub arn_without_revision: Computed<String>,
    /// The containers, as JSON.
    pub container_definitions: Computed<String>,
    /// The processor of all containers together, in units of 1/1024.
    pub cpu: Computed<Option<String>>,
    /// The memory of all containers together, in MiB.
    pub memory: Computed<Option<String>>,
    /// Whether faults may be injected into tasks.
    pub enable_fault_injection: Computed<Option<bool>>,
    /// More than the usual disk, on Fargate.
    pub ephemeral_storage: Computed<Vec<Storage>>,
    /// The role that ECS takes on to start tasks.
    pub execution_role_arn: Computed<Option<String>>,
    /// The family.
    pub family: Computed<String>,
    /// Accelerators of Elastic Inference.
    pub inference_accelerator: Computed<Vec<Accelerator>>,
    /// Whose shared memory containers use.
    pub ipc_mode: Computed<Option<String>>,
    /// How containers are in the network.
    pub network_mode: Computed<Option<String>>,
    /// Whose processes containers see.
    pub pid_mode: Computed<Option<String>>,
    /// On which machines it may run.
    pub placement_constraints: Computed<Set<Placement>>,
    /// A proxy of App Mesh.
    pub proxy_configuration: Computed<Vec<Proxy>>,
    /// Where it has to be able to run.
    pub requires_compatibilities: Computed<Set<String>>,
    /// The revision's number.
    pub revision: Computed<i64>,
    /// Operating system and processor.
    pub runtime_platform: Computed<Vec<Platform>>,
    /// `ACTIVE` or `INACTIVE`.
    pub status: Computed<String>,
    /// The role that the containers act as.
    pub task_role_arn: Computed<Option<String>>,
    /// What containers mount.
    pub volume: Computed<Set<Volume>>,
}

impl DataSource for TaskDefinition {
    const TYPE: &'static str = "aws_ecs_task_definition";
    const READS: Reads =
        Reads::of(&[Cost::each("ecs:DescribeTaskDefinition")], "a call tells of one task definition");

    async fn read(self, aws: &Aws) -> Result<Self> {
        let found = own::seen::described(aws, &self.task_definition).await?;
        let none = || {
            Error::Invalid(format!("there is no task definition `{}` in this region", self.task_definition))
        };
        let found = found.ok_or_else(none)?;
        let status = seen(found.definition.status.clone());
        let it = found.live(own::Key::Revision(String::new())).attributes;
        Ok(TaskDefinition {
            id: it.arn.clone(),
            arn: it.arn,
            arn_without_revision: it.arn_without_revision,
            container_definitions: Computed(it.container_definitions.0),
            cpu: Computed(it.cpu.0),
            memory: Computed(it.memory.0),
            enable_fault_injection: Computed(it.enable_fault_injection.0.0),
            ephemeral_storage: Computed(it.ephemeral_storage.0.0.into_iter().collect()),
            execution_role_arn: Computed(it.execution_role_arn.0),
            family: Computed(it.family.0),
            inference_accelerator: Computed(it.inference_accelerator.0.0),
            ipc_mode: Computed(it.ipc_mode.0),
            network_mode: Computed(it.network_mode.0.0),
            pid_mode: Computed(it.pid_mode.0),
            placement_constraints: Computed(it.placement_constraints.0),
            proxy_configuration: Computed(it.proxy_configuration.0.0.into_iter().collect()),
            requires_compatibilities: Computed(it.requires_compatibilities.0.unwrap_or_default()),
            revision: it.revision,
            runtime_platform: Computed(it.runtime_platform.0.0.into_iter().collect()),
            status,
            task_role_arn: Computed(it.task_role_arn.0),
            volume: Computed(it.volume.0),
            ..self
        })
    }
}
