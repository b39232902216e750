//! A task definition out of AWS's answer.

use aws_sdk_ecs::types as sdk;

use super::containers::Containers;
use super::containers::wire::Heard;
use super::{Key, Platform, Proxy, Storage, TaskDefinition};
use crate::aws::ecs::seen_tags;
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// One revision, as AWS describes it.
pub struct Described {
    pub definition: sdk::TaskDefinition,
    pub containers: Containers,
    pub tags: Tags,
}

/// The revision of that ARN, or the latest one of that family.
pub async fn described(aws: &Aws, name: &str) -> Result<Option<Described>> {
    let heard = Heard::default();
    let call = aws.ecs().describe_task_definition().task_definition(name);
    let call = call.include(sdk::TaskDefinitionField::Tags).customize().interceptor(heard.clone());
    let answer = match call.send().await.map_err(Error::from) {
        Err(error) if is_unknown(&error) => return Ok(None),
        answer => answer?,
    };
    let found = answer.task_definition.map(|definition| Described {
        definition,
        containers: heard.containers(),
        tags: seen_tags(answer.tags),
    });
    Ok(found)
}

/// So ECS says that there is none.
fn is_unknown(error: &Error) -> bool {
    error.is_missing()
        || error.code() == Some("ClientException")
            && error.message().contains("Unable to describe task definition")
}

/// Without the revision's number.
pub fn without_revision(arn: &str) -> String {
    arn.rsplit_once(':').map_or(arn, |it| it.0).to_owned()
}

impl Described {
    /// Whether it is registered still.
    pub fn is_active(&self) -> bool {
        let status = self.definition.status.as_ref();
        status.is_none_or(|it| *it == sdk::TaskDefinitionStatus::Active)
    }

    pub fn live(self, key: Key) -> Live<TaskDefinition> {
        let (it, containers) = (self.definition, self.containers);
        let arn: String = seen(it.task_definition_arn);
        let hosts = it.requires_compatibilities.unwrap_or_default().into_iter();
        let proxy = it.proxy_configuration.map(Proxy::from);
        let attributes = TaskDefinition {
            container_definitions: Fixed(containers.text()),
            family: seen(it.family.clone()),
            cpu: Fixed(it.cpu),
            memory: Fixed(it.memory),
            network_mode: seen(it.network_mode),
            requires_compatibilities: Fixed(Some(hosts.map(|it| it.as_str().to_owned()).collect())),
            execution_role_arn: Fixed(it.execution_role_arn),
            task_role_arn: Fixed(it.task_role_arn),
            enable_fault_injection: Chosen(Fixed(Some(it.enable_fault_injection.unwrap_or_default()))),
            ipc_mode: seen(it.ipc_mode),
            pid_mode: seen(it.pid_mode),
            ephemeral_storage: Fixed(One(it.ephemeral_storage.map(Storage::from))),
            inference_accelerator: Fixed(each(it.inference_accelerators)),
            placement_constraints: Fixed(each(it.placement_constraints)),
            proxy_configuration: Fixed(One(proxy)),
            runtime_platform: Fixed(One(it.runtime_platform.and_then(Platform::seen))),
            volume: Fixed(each(it.volumes)),
            skip_destroy: Local(false),
            track_latest: Local(false),
            tags: None,
            tags_all: Chosen::default(),
            id: seen(it.family),
            arn_without_revision: Computed(without_revision(&arn)),
            arn: Computed(arn),
            revision: Computed(i64::from(it.revision)),
        };
        Live { key, attributes, tags: Some(self.tags), status: Status::Ready, unread: &[] }
    }
}

fn each<A, B: From<A>>(all: Option<Vec<A>>) -> Set<B> {
    all.unwrap_or_default().into_iter().map(B::from).collect()
}
