use std::time::Duration;

use aws_sdk_elasticloadbalancingv2::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::tagging::{marked, tagged, tags};
use super::{ARNS, ELB, arn_of, blockers, described, stated, taken, there};
use crate::aws::shape::{seen, sent};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

mod attributes;
mod failover;
mod health_check;
mod kept;
mod planned;
mod stickiness;

pub(super) use attributes::read as attributes_of;
pub use failover::{DnsFailover, Failover, Health, HealthState, Routing};
pub use health_check::HealthCheck;
pub use stickiness::Stickiness;

/// What a listener hands requests to: instances, addresses, a function or another load balancer.
///
/// One that a listener or a rule uses cannot be removed. Where a change calls for a new one, let it be made
/// first: with `create_before_destroy` and a `name_prefix` the listener changes over in between.
///
/// ```toml
/// [aws_lb_target_group.web]
/// name_prefix = "web-"
/// vpc_id = "${aws_vpc.main.id}"
/// port = 8080
/// protocol = "HTTP"
/// target_type = "ip"
/// health_check = { path = "/health", matcher = "200-299" }
/// lifecycle = { create_before_destroy = true }
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetGroup {
    /// Unique in the account and region: letters, digits and hyphens, 32 at most.
    pub name: Chosen<Fixed<Option<String>>>,
    /// Begin a unique name with this; 6 characters at most.
    pub name_prefix: Chosen<Fixed<Option<String>>>,
    /// What is in it: `instance`, `ip`, `lambda` or `alb`.
    #[schemars(extend("enum" = ["instance", "ip", "lambda", "alb"], "default" = "instance"))]
    pub target_type: Fixed<Option<String>>,
    /// The network of the targets. Not for `lambda`.
    pub vpc_id: Fixed<Option<String>>,
    /// The port of targets that say none themselves. Not for `lambda`.
    #[schemars(range(min = 1, max = 65535))]
    pub port: Fixed<Option<i64>>,
    /// How targets are spoken to: `HTTP` or `HTTPS`; `TCP`, `TLS`, `UDP` or `TCP_UDP` behind a network load
    /// balancer, `GENEVE` behind a gateway. Not for `lambda`.
    #[schemars(extend("enum" = ["HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP", "GENEVE"]))]
    pub protocol: Fixed<Option<String>>,
    /// `HTTP1`, `HTTP2` or `GRPC`, with `HTTP` and `HTTPS`.
    #[schemars(extend("enum" = ["GRPC", "HTTP1", "HTTP2"], "format" = "caseless"))]
    pub protocol_version: Chosen<Fixed<Option<String>>>,
    /// Addresses of targets: `ipv4` or `ipv6`.
    #[schemars(extend("enum" = ["ipv4", "ipv6"]))]
    pub ip_address_type: Chosen<Fixed<Option<String>>>,
    /// How it is found out which targets are well.
    pub health_check: Chosen<One<HealthCheck>>,
    /// Whether requests of one client go to one target.
    pub stickiness: Chosen<One<Stickiness>>,
    /// Seconds to wait before a target that leaves is let go; 0 to 3600.
    #[schemars(extend("default" = "300"))]
    pub deregistration_delay: Option<String>,
    /// Close connections of targets that have left. Network load balancers only.
    pub connection_termination: Chosen<Option<bool>>,
    /// How a target is chosen: `round_robin`, `least_outstanding_requests` or `weighted_random`. Application
    /// load balancers only.
    #[schemars(extend("enum" = ["round_robin", "least_outstanding_requests", "weighted_random"]))]
    pub load_balancing_algorithm_type: Chosen<Option<String>>,
    /// Send less to targets that behave oddly: `on` or `off`; with `weighted_random`.
    #[schemars(extend("enum" = ["on", "off"]))]
    pub load_balancing_anomaly_mitigation: Chosen<Option<String>>,
    /// Hand on to targets in all zones: `true`, `false` or `use_load_balancer_configuration`.
    #[schemars(extend("enum" = ["true", "false", "use_load_balancer_configuration"]))]
    pub load_balancing_cross_zone_enabled: Chosen<Option<String>>,
    /// Seconds over which a new target gets more and more; 0, or 30 to 900. Application load balancers only.
    #[schemars(extend("default" = 0))]
    pub slow_start: Option<i64>,
    /// Hand a function headers and parameters with all their values.
    #[schemars(extend("default" = false))]
    pub lambda_multi_value_headers_enabled: Option<bool>,
    /// Whether targets see the client's address. Network load balancers only.
    #[schemars(extend("enum" = ["", "true", "false", "1", "0"]))]
    pub preserve_client_ip: Chosen<Option<String>>,
    /// Tell targets of the client in proxy protocol, version 2. Network load balancers only.
    #[schemars(extend("default" = false))]
    pub proxy_protocol_v2: Option<bool>,
    /// What happens to flows of a target that leaves or is not well. Gateways only.
    pub target_failover: Chosen<Vec<Failover>>,
    /// How many targets have to be well.
    pub target_group_health: Chosen<One<Health>>,
    /// What happens to connections of a target that is not well. Network load balancers only.
    pub target_health_state: Chosen<Vec<HealthState>>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The target group's ARN.
    pub id: Computed<String>,
    /// The target group's ARN.
    pub arn: Computed<String>,
    /// The end of the ARN, as CloudWatch names it: `targetgroup/web/943f017f100becff`.
    pub arn_suffix: Computed<String>,
    /// The load balancers that hand requests to it.
    pub load_balancer_arns: Computed<Set<String>>,
}

impl Resource for TargetGroup {
    const TYPE: &'static str = "aws_lb_target_group";
    const IMPORT: &'static [&'static str] =
        &["arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/943f017f100becff"];
    const UNWRITTEN: &'static [&'static str] =
        &["target_failover", "target_group_health", "target_health_state"];
    const TAGS: TagApi = TagApi::Elbv2;
    const READS: Reads = Reads::of(
        &[
            Cost::page("elasticloadbalancing:DescribeTargetGroups", ARNS),
            Cost::each("elasticloadbalancing:DescribeTargetGroupAttributes"),
            Cost::page("elasticloadbalancing:DescribeTags", ARNS).pooled(),
        ],
        "a call takes 20 ARNs, and tells the attributes of one",
    );
    const MARKED: bool = true;
    const PATIENCE: Duration = Duration::from_secs(300);
    const DELETE_PATIENCE: Duration = Duration::from_secs(120);
    const PASSING: &'static [&'static [Passing]] =
        &[ELB, &[Passing::in_use("ResourceInUse").saying("in use by a listener or a rule")]];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        arn_of("targetgroup", id)
    }

    async fn read(aws: &Aws, arns: &[String]) -> Result<Vec<Live<Self>>> {
        let all = described(arns, async |some| {
            let call = aws.elbv2().describe_target_groups().set_target_group_arns(Some(some));
            Ok(call.send().await?.target_groups.unwrap_or_default())
        });
        let (all, attributes, mut tags) =
            futures::try_join!(all, attributes::read(aws, arns), tags(aws, arns))?;
        let live = all.into_iter().filter_map(|it| {
            let arn = it.target_group_arn.clone().unwrap_or_default();
            let tags = tags.remove(&arn);
            Some(Live { tags, ..live(it, attributes.get(&arn)?) })
        });
        Ok(live.collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let name = self.new_name(new);
        // A create with the settings of one that is there gives that one.
        if named(aws, &name).await?.is_some() {
            return Err(taken("DuplicateTargetGroupName", "target group", &name));
        }
        let plain = !self.is_lambda();
        let call = aws.elbv2().create_target_group().name(name).target_type(self.kind().into());
        let call = match plain {
            true => call
                .set_port(sent(&self.port))
                .set_protocol(sent(&self.protocol))
                .set_protocol_version(self.version().map(str::to_owned))
                .set_vpc_id(stated(&self.vpc_id).map(str::to_owned))
                .set_ip_address_type(sent(&self.ip_address_type).filter(|_| self.has_attributes())),
            false => call,
        };
        let call = match self.health_check.as_ref() {
            Some(it) => it.in_create(call, plain, self.is_grpc()),
            None => call,
        };
        let answer = call.clone().set_tags(tagged(&new.tags)).send().await.map_err(Error::from);
        let answer = match answer {
            // Where that cannot be, tags are set afterwards.
            Err(it) if it.message().contains("cannot specify tags on creation") => call.send().await?,
            answer => answer?,
        };
        let made = answer.target_groups.unwrap_or_default().into_iter().next();
        made.and_then(|it| it.target_group_arn).ok_or(Error::Incomplete("the target group's ARN"))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        if let Some(it) = self.health_check.as_ref().filter(|it| !it.same(was.health_check.as_ref())) {
            let call = aws.elbv2().modify_target_group().target_group_arn(was.key());
            it.in_change(call, !self.is_lambda(), self.is_grpc()).send().await?;
        }
        let changes = self.attribute_changes(was);
        if !changes.is_empty() {
            let attribute = |(key, value): (String, String)| {
                sdk::TargetGroupAttribute::builder().key(key).value(value).build()
            };
            let call = aws.elbv2().modify_target_group_attributes().target_group_arn(was.key());
            call.set_attributes(Some(changes.into_iter().map(attribute).collect())).send().await?;
        }
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        aws.elbv2().delete_target_group().target_group_arn(self.key()).send().await?;
        Ok(())
    }

    // A name stands once in an account and region, but nobody says since when.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let found = named(aws, &self.new_name(new)).await?.and_then(|it| it.target_group_arn);
        marked(aws, found.as_slice(), &new.token).await
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        self.keep_unsaid(kept);
        self
    }

    fn adjust(plan: &mut Adjust) {
        planned::settle(plan);
    }

    async fn blockers(&self, aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        Ok(if is_in_use::<Self>(op, error) {
            blockers::of_target_group(aws, &self.key()).await
        } else {
            Blockers::default()
        })
    }
}

/// The target group of that name.
async fn named(aws: &Aws, name: &str) -> Result<Option<sdk::TargetGroup>> {
    let answer = aws.elbv2().describe_target_groups().names(name).send().await.map_err(Error::from);
    let found = there(answer)?.and_then(|it| it.target_groups).unwrap_or_default();
    Ok(found.into_iter().find(|it| it.target_group_name() == Some(name)))
}

impl TargetGroup {
    /// `instance`, `ip`, `lambda` or `alb`.
    fn kind(&self) -> &str {
        stated(&self.target_type).unwrap_or("instance")
    }
    fn is_lambda(&self) -> bool {
        self.kind() == "lambda"
    }
    /// Whether the attributes of ordinary targets are its, too.
    fn has_attributes(&self) -> bool {
        matches!(self.kind(), "instance" | "ip")
    }
    fn speaks(&self) -> &str {
        stated(&self.protocol).unwrap_or_default()
    }
    fn is_grpc(&self) -> bool {
        self.version() == Some("GRPC")
    }

    /// The version of HTTP, where that is spoken.
    fn version(&self) -> Option<&str> {
        stated(&self.protocol_version).filter(|_| matches!(self.speaks(), "HTTP" | "HTTPS"))
    }

    fn new_name(&self, new: &New) -> String {
        new.name(self.name.as_deref(), Some(stated(&self.name_prefix).unwrap_or("tf-")))
    }
}

pub(super) fn live(it: sdk::TargetGroup, attributes: &super::Attributes) -> Live<TargetGroup> {
    let health_check = HealthCheck::seen(&it);
    let (arn, name): (String, String) = (seen(it.target_group_arn), seen(it.target_group_name));
    let speaks: String = seen(it.protocol.clone());
    let kind: String = seen(it.target_type);
    let mut out = TargetGroup {
        name_prefix: Chosen(Fixed(name_prefix(&name))),
        name: Chosen(Fixed(Some(name))),
        vpc_id: seen(it.vpc_id),
        port: seen(it.port),
        protocol: seen(it.protocol),
        protocol_version: seen(it.protocol_version),
        ip_address_type: seen(it.ip_address_type),
        health_check: Chosen(One(Some(health_check))),
        stickiness: Chosen(One(Some(Stickiness::seen(attributes, &speaks)))),
        target_failover: Chosen(vec![Failover::seen(attributes, &speaks)]),
        target_group_health: Chosen(One(Some(Health::seen(attributes, &speaks)))),
        target_health_state: Chosen(vec![HealthState::seen(attributes, &speaks)]),
        deregistration_delay: None,
        connection_termination: Chosen(None),
        load_balancing_algorithm_type: Chosen(None),
        load_balancing_anomaly_mitigation: Chosen(None),
        load_balancing_cross_zone_enabled: Chosen(None),
        slow_start: None,
        lambda_multi_value_headers_enabled: None,
        preserve_client_ip: Chosen(None),
        proxy_protocol_v2: None,
        target_type: Fixed(Some(kind)),
        tags: None,
        tags_all: Chosen::default(),
        arn_suffix: Computed(suffix(&arn)),
        id: Computed(arn.clone()),
        arn: Computed(arn.clone()),
        load_balancer_arns: Computed(Set(it.load_balancer_arns.unwrap_or_default())),
    };
    out.see(attributes);
    Live { key: arn, status: Status::Ready, tags: None, unread: &[], attributes: out }
}

/// `targetgroup/web/943f017f100becff` of an ARN.
fn suffix(arn: &str) -> String {
    arn.split_once(":targetgroup/").map(|it| format!("targetgroup/{}", it.1)).unwrap_or_default()
}
