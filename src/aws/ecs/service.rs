use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_ecs::types::ServiceField;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ECS, name_of, sent_tags};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

mod blocks;
mod connect;
mod planned;
mod request;
mod rollout;
mod seen;
mod storage;

use blocks::*;
use connect::Connect;
use storage::VolumeConfiguration;

/// Tasks that are kept running.
///
/// With `wait_for_steady_state = true` an apply waits until the tasks run. A deployment that ECS gives up, or that
/// its circuit breaker rolls back, is then a failed apply, which tells why tasks have stopped.
///
/// ```toml
/// [aws_ecs_service.web]
/// name = "web"
/// cluster = "${aws_ecs_cluster.main.id}"
/// task_definition = "${aws_ecs_task_definition.web.arn}"
/// desired_count = 2
/// launch_type = "FARGATE"
/// network_configuration = { subnets = ["subnet-0a1b2c3d4e5f67890"], security_groups = ["sg-0a1b2c3d4e5f67890"] }
/// deployment_circuit_breaker = { enable = true, rollback = true }
/// wait_for_steady_state = true
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Unique in the cluster.
    pub name: Fixed<String>,
    /// The cluster's name or ARN; else `default`.
    pub cluster: Chosen<Fixed<Option<String>>>,
    /// What runs: the ARN of a revision, or `family:revision`. None with the `EXTERNAL` controller.
    pub task_definition: Option<String>,
    /// How many tasks. Where something else sets it (auto scaling), `lifecycle = { ignore_changes =
    /// ["desired_count"] }`.
    pub desired_count: Option<i64>,
    /// `EC2`, `FARGATE` or `EXTERNAL`; else as `capacity_provider_strategy` or the cluster says.
    #[schemars(extend("enum" = ["EC2", "FARGATE", "EXTERNAL"]))]
    pub launch_type: Chosen<Fixed<Option<String>>>,
    /// On which capacity providers, instead of `launch_type`. A change replaces the service, unless
    /// `force_new_deployment` is set.
    #[serde(default)]
    pub capacity_provider_strategy: Set<Share>,
    /// Subnets and security groups, for task definitions with `awsvpc` networking.
    #[serde(default)]
    pub network_configuration: One<Network>,
    /// The load balancers' target groups that the tasks are put into.
    #[serde(default)]
    pub load_balancer: Set<Balancer>,
    /// How long a new task may fail the load balancer's checks, in seconds.
    #[schemars(range(min = 0, max = 2_147_483_647))]
    pub health_check_grace_period_seconds: Option<i64>,
    /// The service in Cloud Map that the tasks are entered in.
    #[serde(default)]
    pub service_registries: One<Registry>,
    /// How services of a namespace find each other.
    #[serde(default)]
    pub service_connect_configuration: One<Connect>,
    /// Target groups of VPC Lattice.
    #[serde(default)]
    pub vpc_lattice_configurations: Set<Lattice>,
    /// A volume of EBS for each task.
    #[serde(default)]
    pub volume_configuration: One<VolumeConfiguration>,
    /// Who rolls out: ECS itself, CodeDeploy, or others.
    pub deployment_controller: Usual<One<Controller>>,
    /// Whether a deployment that does not come up is given up, and rolled back.
    pub deployment_circuit_breaker: Usual<One<Breaker>>,
    /// Alarms that stop a deployment.
    pub alarms: Usual<One<Alarms>>,
    /// The most tasks during a deployment, in percent of `desired_count`.
    #[serde(default = "twice")]
    pub deployment_maximum_percent: Option<i64>,
    /// The fewest healthy tasks during a deployment, in percent of `desired_count`.
    #[serde(default = "all")]
    pub deployment_minimum_healthy_percent: Option<i64>,
    /// `REPLICA` for `desired_count` tasks, `DAEMON` for one on every machine.
    #[serde(default = "replica")]
    #[schemars(extend("enum" = ["REPLICA", "DAEMON"]))]
    pub scheduling_strategy: Fixed<Option<String>>,
    /// Whether tasks are moved so that zones hold as many each: `ENABLED` or `DISABLED`.
    #[serde(default = "disabled")]
    #[schemars(extend("enum" = ["ENABLED", "DISABLED"]))]
    pub availability_zone_rebalancing: Option<String>,
    /// Fargate's version; else `LATEST`.
    pub platform_version: Chosen<Option<String>>,
    /// On which machines tasks go, the first rule first.
    #[serde(default)]
    #[schemars(length(max = 5))]
    pub ordered_placement_strategy: Vec<Strategy>,
    /// On which machines tasks may go.
    #[serde(default)]
    #[schemars(length(max = 10))]
    pub placement_constraints: Set<Constraint>,
    /// The role by which ECS speaks to the load balancer, where tasks have no network of their own.
    pub iam_role: Chosen<Fixed<Option<String>>>,
    /// Whether tasks are labelled with the names of cluster and service.
    #[serde(default)]
    pub enable_ecs_managed_tags: bool,
    /// Whether `aws ecs execute-command` may open shells in the tasks.
    #[serde(default)]
    pub enable_execute_command: bool,
    /// Whose labels the tasks get: `SERVICE`, `TASK_DEFINITION` or `NONE`.
    #[schemars(extend("enum" = ["SERVICE", "TASK_DEFINITION", "NONE"]))]
    pub propagate_tags: Option<String>,
    /// Start new tasks with every change, even where nothing about them changes.
    pub force_new_deployment: Option<bool>,
    /// With `force_new_deployment`, a change in any of these values starts new tasks.
    pub triggers: Chosen<Option<Tags>>,
    /// Wait until the tasks run, and fail where they do not.
    #[serde(default)]
    pub wait_for_steady_state: Local<bool>,
    /// Remove the service even while it has tasks.
    pub force_delete: Local<Option<bool>>,
    pub timeouts: Option<Timeouts>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The service's ARN.
    pub id: Computed<String>,
}

fn twice() -> Option<i64> {
    Some(200)
}
fn all() -> Option<i64> {
    Some(100)
}
fn replica() -> Fixed<Option<String>> {
    Fixed(Some("REPLICA".into()))
}
fn disabled() -> Option<String> {
    Some("DISABLED".into())
}

/// The cluster of services that say none.
const DEFAULT: &str = "default";
/// The most services of one call.
pub(super) const SERVICES: usize = 10;

const MINUTES_20: Duration = Duration::from_secs(1200);

impl Resource for Service {
    const TYPE: &'static str = "aws_ecs_service";
    const SCHEMA_VERSION: u64 = 1;
    const IMPORT: &'static [&'static str] = &["shop/web"];
    // Of the service-linked role AWS tells another form than the one that is asked for.
    const UNWRITTEN: &'static [&'static str] = &["iam_role"];
    const TAGS: TagApi = TagApi::Ecs;
    const READS: Reads = Reads::of(
        &[Cost::page("ecs:DescribeServices", SERVICES)],
        "a call takes 10 services of one cluster, and each cluster has calls of its own",
    );
    const BATCH: usize = 1000; // pages of 10
    const PATIENCE: Duration = MINUTES_20;
    const CREATE_SECONDS: u32 = 30;
    const PASSING: &'static [&'static [Passing]] = &[
        ECS,
        &[
            Passing::unseen("InvalidParameterException")
                .saying("verify that the ECS service role being passed has the proper permissions"),
            Passing::unseen("InvalidParameterException").saying("does not have an associated load balancer"),
            // One of the same name has to be gone first.
            Passing::busy("InvalidParameterException").saying("that is still Draining").on(&[Op::Create]),
            Passing::in_use("InvalidParameterException").saying("cannot be stopped while"),
            Passing::in_use("DependencyViolation").saying("has a dependent object"),
        ],
    ];
    type Key = String;

    fn key(&self) -> String {
        format!("{}/{}", self.cluster_name(), *self.name)
    }

    fn import(id: &str) -> Result<String> {
        match id.split('/').collect::<Vec<_>>()[..] {
            [cluster, name] if !cluster.is_empty() && !name.is_empty() => Ok(id.to_owned()),
            _ => Err(Error::Invalid("a service is imported by `cluster/service`".to_owned())),
        }
    }

    async fn read(aws: &Aws, keys: &[String]) -> Result<Vec<Live<Self>>> {
        let mut by_cluster: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (cluster, name) in keys.iter().filter_map(|it| it.split_once('/')) {
            by_cluster.entry(cluster).or_default().push(name.to_owned());
        }
        let pages = by_cluster
            .iter()
            .flat_map(|(cluster, names)| names.chunks(SERVICES).map(move |it| (cluster, it)));
        let calls = pages.map(|(cluster, names)| described(aws, cluster, names));
        let found = futures::future::try_join_all(calls).await?.into_iter().flatten();
        let each = found.map(async |it| {
            let status = rollout::status(aws, &it).await?;
            Ok::<_, Error>(seen::live(it, status))
        });
        futures::future::try_join_all(each).await
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        self.creation(aws)?.client_token(&new.token).set_tags(sent_tags(&new.tags)).send().await?;
        Ok(self.key())
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        self.change(aws, was)?.send().await?;
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let found = described(aws, self.cluster_name(), std::slice::from_ref(&*self.name)).await?;
        let Some(it) = found.into_iter().next() else { return Ok(()) };
        let (cluster, name, force) =
            (self.cluster(), self.arn_or_name(), self.force_delete.unwrap_or_default());
        if seen::is_leaving(&it) {
            return Ok(());
        }
        if !self.is_daemon() && !force && it.desired_count > 0 {
            aws.ecs().update_service().cluster(cluster).service(name).desired_count(0).send().await?;
        }
        aws.ecs().delete_service().cluster(cluster).service(name).force(force).send().await?;
        Ok(())
    }

    // The token makes a repeated create harmless for hours; the name stands once in a cluster.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let found = described(aws, self.cluster_name(), std::slice::from_ref(&self.name.0)).await?.pop();
        let ours = found.filter(|it| new.may_have_made(it.created_at.map(|it| it.secs())));
        Ok(ours.filter(|it| !seen::is_leaving(it)).map(|_| self.key()))
    }

    fn as_kept(self, kept: &Self) -> Self {
        seen::as_kept(self, kept)
    }

    fn awaits(&self, word: &str) -> bool {
        rollout::awaits(self, word)
    }

    fn adjust(plan: &mut Adjust) {
        planned::settle(plan);
        planned::check(plan);
    }

    async fn blockers(&self, _aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        let of_codedeploy = op == Op::Update && error.message().contains("CODE_DEPLOY");
        let help = "CodeDeploy rolls this service out: leave the attribute to it with `lifecycle = { ignore_changes = \
                    [\"task_definition\", \"load_balancer\"] }`";
        Ok(if of_codedeploy { Blockers::default().help(help) } else { Blockers::default() })
    }
}

/// Services of a cluster by name; those that are gone are left out.
async fn described(aws: &Aws, cluster: &str, names: &[String]) -> Result<Vec<aws_sdk_ecs::types::Service>> {
    let all = told(aws, cluster, names).await?.into_iter();
    Ok(all.filter(|it| it.status.as_deref() != Some("INACTIVE")).collect())
}

/// Services of a cluster by name; of those that are gone, AWS tells for a while.
pub(super) async fn told(
    aws: &Aws,
    cluster: &str,
    names: &[String],
) -> Result<Vec<aws_sdk_ecs::types::Service>> {
    let call = aws.ecs().describe_services().cluster(cluster).set_services(Some(names.to_vec()));
    let answer = match call.include(ServiceField::Tags).send().await.map_err(Error::from) {
        // With its cluster.
        Err(error) if error.is_missing() => return Ok(Vec::new()),
        answer => answer?,
    };
    Ok(answer.services.unwrap_or_default())
}

impl Service {
    fn cluster_name(&self) -> &str {
        self.cluster.as_deref().filter(|it| !it.is_empty()).map_or(DEFAULT, name_of)
    }

    /// Its cluster, as the stack says it.
    fn cluster(&self) -> &str {
        self.cluster.as_deref().filter(|it| !it.is_empty()).unwrap_or(DEFAULT)
    }

    /// Its ARN, once it is known.
    fn arn_or_name(&self) -> &str {
        if self.id.is_empty() { &self.name } else { &self.id }
    }

    fn is_daemon(&self) -> bool {
        self.scheduling_strategy.as_deref() == Some("DAEMON")
    }
}
