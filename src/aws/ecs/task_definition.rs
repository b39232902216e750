use std::time::Duration;

use aws_sdk_ecs::types as sdk;
use futures::stream::{self, StreamExt, TryStreamExt};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ECS, name_of, sent_tags};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

pub mod containers;
mod fargate;
mod parts;
mod planned;
mod request;
pub mod seen;
mod volume;

pub use parts::{Accelerator, Placement, Platform, Proxy, Storage};
pub use volume::Volume;

/// What runs in a task: its containers, and what they get.
///
/// What is changed becomes a new revision of the family; the one before is deregistered, and tasks that run it
/// go on.
///
/// ```toml
/// [aws_ecs_task_definition.web]
/// family = "web"
/// requires_compatibilities = ["FARGATE"]
/// network_mode = "awsvpc"
/// cpu = "256"
/// memory = "512"
/// container_definitions = '''${jsonencode([{
///   name = "web"
///   image = "public.ecr.aws/nginx/nginx:1.27"
///   portMappings = [{ containerPort = 80 }]
/// }])}'''
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskDefinition {
    /// The containers, as the JSON of a list of the API's `ContainerDefinition`.
    pub container_definitions: Fixed<String>,
    /// The name that the revisions share.
    #[schemars(length(min = 1, max = 255), regex(pattern = r"^[0-9A-Za-z_-]+$"))]
    pub family: Fixed<String>,
    /// The processor of all containers together, in units of 1/1024, or such as `1 vCPU`. Fargate needs it.
    pub cpu: Fixed<Option<String>>,
    /// The memory of all containers together, in MiB, or such as `2 GB`. Fargate needs it.
    pub memory: Fixed<Option<String>>,
    /// `awsvpc` (Fargate needs it), `bridge`, `host` or `none`.
    #[schemars(extend("enum" = ["awsvpc", "bridge", "host", "none"]))]
    pub network_mode: Chosen<Fixed<Option<String>>>,
    /// Where it has to be able to run: `FARGATE`, `EC2`, `EXTERNAL`.
    #[schemars(extend("enum" = ["EC2", "FARGATE", "EXTERNAL"]))]
    pub requires_compatibilities: Fixed<Option<Set<String>>>,
    /// ARN of the role that ECS takes on to fetch images and secrets and to write logs.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub execution_role_arn: Fixed<Option<String>>,
    /// ARN of the role that the containers act as.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub task_role_arn: Fixed<Option<String>>,
    /// Whether faults may be injected into tasks.
    pub enable_fault_injection: Chosen<Fixed<Option<bool>>>,
    /// Whose shared memory containers use: `host`, `task` or `none`.
    #[schemars(extend("enum" = ["host", "task", "none"]))]
    pub ipc_mode: Fixed<Option<String>>,
    /// Whose processes containers see: `host` or `task`.
    #[schemars(extend("enum" = ["host", "task"]))]
    pub pid_mode: Fixed<Option<String>>,
    /// More than the usual 20 GiB of disk, on Fargate.
    #[serde(default)]
    pub ephemeral_storage: Fixed<One<Storage>>,
    /// Accelerators of Elastic Inference.
    #[serde(default)]
    pub inference_accelerator: Fixed<Set<Accelerator>>,
    /// On which machines it may run.
    #[serde(default)]
    #[schemars(length(max = 10))]
    pub placement_constraints: Fixed<Set<Placement>>,
    /// A proxy of App Mesh.
    #[serde(default)]
    pub proxy_configuration: Fixed<One<Proxy>>,
    /// Operating system and processor.
    #[serde(default)]
    pub runtime_platform: Fixed<One<Platform>>,
    /// What containers mount.
    #[serde(default)]
    pub volume: Fixed<Set<Volume>>,
    /// Leave revisions registered when they are replaced or removed.
    #[serde(default)]
    pub skip_destroy: Local<bool>,
    /// Compare with the family's latest revision, whoever registered it, rather than with the one of the state.
    #[serde(default)]
    pub track_latest: Local<bool>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The family.
    pub id: Computed<String>,
    /// The ARN of the revision.
    pub arn: Computed<String>,
    /// The ARN without the revision's number: whoever is given it takes the latest.
    pub arn_without_revision: Computed<String>,
    /// The revision's number.
    pub revision: Computed<i64>,
}

/// What a task definition is found by.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Key {
    /// The ARN of the revision.
    Revision(String),
    /// A refresh looks at the latest one of the family.
    Latest { arn: String, family: String },
}

impl Key {
    fn arn(&self) -> &str {
        match self {
            Key::Revision(arn) | Key::Latest { arn, .. } => arn,
        }
    }

    /// Whom to ask about. What an operation waits for is a revision of its own.
    fn asked(&self, exact: bool) -> &str {
        match self {
            Key::Latest { family, .. } if !exact => family,
            _ => self.arn(),
        }
    }
}

impl Resource for TaskDefinition {
    const TYPE: &'static str = "aws_ecs_task_definition";
    const SCHEMA_VERSION: u64 = 1;
    const IMPORT: &'static [&'static str] = &["arn:aws:ecs:eu-west-1:123456789012:task-definition/web:3"];
    const TAGS: TagApi = TagApi::Ecs;
    const READS: Reads =
        Reads::of(&[Cost::each("ecs:DescribeTaskDefinition")], "a call tells of one task definition");
    const BATCH: usize = 10_000; // each is asked about by itself
    const PATIENCE: Duration = Duration::from_secs(120);
    const PASSING: &'static [&'static [Passing]] =
        &[ECS, &[Passing::unseen("ClientException").saying("Role is not valid")]];
    type Key = Key;

    fn key(&self) -> Key {
        let arn = self.arn.0.clone();
        match *self.track_latest {
            true => Key::Latest { arn, family: self.family.0.clone() },
            false => Key::Revision(arn),
        }
    }

    fn import(arn: &str) -> Result<Key> {
        let revision = arn.split_once(":task-definition/").and_then(|it| it.1.split_once(':'));
        match revision.is_some_and(|it| it.1.parse::<u64>().is_ok()) {
            true => Ok(Key::Revision(arn.to_owned())),
            false => {
                let form =
                    "a task definition is imported by the ARN of a revision, which ends in `family:number`";
                Err(Error::Invalid(form.to_owned()))
            }
        }
    }

    async fn read(aws: &Aws, keys: &[Key]) -> Result<Vec<Live<Self>>> {
        let each = stream::iter(keys).map(async |key| {
            let found =
                seen::described(aws, key.asked(aws.exact())).await?.filter(seen::Described::is_active);
            Ok::<_, Error>(found.map(|it| it.live(key.clone())))
        });
        each.buffer_unordered(AT_ONCE).try_filter_map(async |it| Ok(it)).try_collect().await
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<Key> {
        let call = self.request(aws)?.set_tags(sent_tags(&new.tags));
        let containers = self.containers()?;
        let call = call.customize().map_request(move |it| containers::wire::with(it, &containers));
        let made = call.send().await?.task_definition.and_then(|it| it.task_definition_arn);
        let arn = made.ok_or(Error::Incomplete("the task definition's ARN"))?;
        Ok(match *self.track_latest {
            true => Key::Latest { arn, family: self.family.0.clone() },
            false => Key::Revision(arn),
        })
    }

    // Tags aside, what can change in place is kept in the state alone.
    async fn update(&self, _aws: &Aws, _was: &Self) -> Result<()> {
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        aws.ecs().deregister_task_definition().task_definition(self.arn.0.clone()).send().await?;
        Ok(())
    }

    // No client token: it is one of the family that has been registered since, and says the same.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<Key>> {
        let call = aws.ecs().list_task_definitions().family_prefix(&**self.family);
        let call = call.sort(sdk::SortOrder::Desc).max_results(NEWEST);
        for arn in call.send().await?.task_definition_arns.unwrap_or_default() {
            let Some(it) = seen::described(aws, &arn).await? else { continue };
            if !new.may_have_made(it.definition.registered_at.map(|it| it.secs())) {
                continue;
            }
            let key = Key::Revision(arn);
            if self.says_the_same(&it.live(key.clone()).attributes) {
                return Ok(Some(match *self.track_latest {
                    true => Key::Latest { arn: key.arn().to_owned(), family: self.family.0.clone() },
                    false => key,
                }));
            }
        }
        Ok(None)
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        if self.same_containers(kept) {
            self.container_definitions = kept.container_definitions.clone();
        }
        for (own, kept, read) in [
            (&mut self.cpu, &kept.cpu, fargate::units as fn(&str) -> Option<u32>),
            (&mut self.memory, &kept.memory, fargate::mebibytes),
        ] {
            let same = own.as_deref().zip(kept.as_deref()).is_some_and(|(a, b)| fargate::same(a, b, read));
            if same {
                own.clone_from(kept);
            }
        }
        self
    }

    fn is_left(&self) -> bool {
        *self.skip_destroy
    }

    fn adjust(plan: &mut Adjust) {
        planned::settle(plan);
        fargate::check(plan);
    }
}

/// How many are asked about at once.
const AT_ONCE: usize = 20;
/// How many of a family's revisions may have come since an interrupted create.
const NEWEST: i32 = 20;

impl TaskDefinition {
    fn containers(&self) -> Result<containers::Containers> {
        let all = containers::Containers::parse(&self.container_definitions);
        all.map_err(|why| Error::Invalid(format!("container_definitions: {why}")))
    }

    fn same_containers(&self, other: &Self) -> bool {
        let awsvpc = self.network_mode.as_deref() == Some("awsvpc");
        match (self.containers(), other.containers()) {
            (Ok(a), Ok(b)) => a.same(&b, awsvpc),
            _ => false,
        }
    }

    /// Whether AWS would have made that of this.
    fn says_the_same(&self, live: &Self) -> bool {
        let same = |a: &Option<String>, b: &Option<String>| {
            a.as_deref().unwrap_or_default() == b.as_deref().unwrap_or_default()
        };
        let size = |a: &Option<String>, b: &Option<String>, read| match (a, b) {
            (Some(a), Some(b)) => fargate::same(a, b, read),
            _ => same(a, b),
        };
        let wanted = self.requires_compatibilities.0.clone().unwrap_or_default();
        live.same_containers(self)
            && same(&self.task_role_arn, &live.task_role_arn)
            && same(&self.execution_role_arn, &live.execution_role_arn)
            && size(&self.cpu, &live.cpu, fargate::units)
            && size(&self.memory, &live.memory, fargate::mebibytes)
            && wanted == live.requires_compatibilities.0.clone().unwrap_or_default()
            && self.volume.len() == live.volume.len()
    }
}

/// `family:revision` at the end of an ARN, or the text itself.
pub(super) fn family_and_revision(name_or_arn: &str) -> &str {
    if name_or_arn.starts_with("arn:") { name_of(name_or_arn) } else { name_or_arn }
}
