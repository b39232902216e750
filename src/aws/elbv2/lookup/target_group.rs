use aws_sdk_elasticloadbalancingv2::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::search::{only, tagged};
use crate::aws::elbv2::target_group::{self, HealthCheck};
use crate::aws::elbv2::{stated, there};
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// A target group that is there already: by ARN, by name or by tags.
///
/// ```toml
/// [data.aws_lb_target_group.web]
/// name = "web"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetGroup {
    /// Its ARN.
    pub arn: Chosen<Option<String>>,
    /// Its name. An ARN comes first.
    pub name: Chosen<Option<String>>,
    /// Labels that it must have; all of its labels.
    pub tags: Chosen<Tags>,
    /// Whether targets that behave oddly get less: `on` or `off`. Told, and not searched by.
    pub load_balancing_anomaly_mitigation: Chosen<Option<String>>,
    pub timeouts: Option<TimeoutsRead>,
    /// Its ARN.
    pub id: Computed<String>,
    /// The end of the ARN, as CloudWatch names it: `targetgroup/web/943f017f100becff`.
    pub arn_suffix: Computed<String>,
    /// What is in it: `instance`, `ip`, `lambda` or `alb`.
    pub target_type: Computed<Option<String>>,
    /// The network of the targets; functions have none.
    pub vpc_id: Computed<Option<String>>,
    /// The port of targets that say none themselves; functions have none.
    pub port: Computed<Option<i64>>,
    /// How targets are spoken to; functions are not.
    pub protocol: Computed<Option<String>>,
    /// `HTTP1`, `HTTP2` or `GRPC`, where HTTP is spoken.
    pub protocol_version: Computed<Option<String>>,
    /// The load balancers that hand requests to it.
    pub load_balancer_arns: Computed<Set<String>>,
    /// How it is found out which targets are well.
    pub health_check: Computed<One<HealthCheck>>,
    /// Whether requests of one client go to one target.
    pub stickiness: Computed<Vec<Stickiness>>,
    /// Seconds to wait before a target that leaves is let go.
    pub deregistration_delay: Computed<Option<String>>,
    /// Whether connections of targets that have left are closed.
    pub connection_termination: Computed<Option<bool>>,
    /// How a target is chosen.
    pub load_balancing_algorithm_type: Computed<Option<String>>,
    /// Whether targets in all zones get requests: `true`, `false` or `use_load_balancer_configuration`.
    pub load_balancing_cross_zone_enabled: Computed<Option<String>>,
    /// Seconds over which a new target gets more and more.
    pub slow_start: Computed<Option<i64>>,
    /// Whether a function is handed headers and parameters with all their values.
    pub lambda_multi_value_headers_enabled: Computed<Option<bool>>,
    /// Whether targets see the client's address.
    pub preserve_client_ip: Computed<Option<String>>,
    /// Whether targets are told of the client in proxy protocol, version 2.
    pub proxy_protocol_v2: Computed<Option<bool>>,
}

/// Whether requests of one client go to one target.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stickiness {
    /// By what a client is known.
    pub r#type: Option<String>,
    /// Whether it is done.
    pub enabled: Option<bool>,
    /// Seconds for which a cookie holds.
    pub cookie_duration: Option<i64>,
    /// The application's cookie.
    pub cookie_name: Option<String>,
}

impl From<target_group::Stickiness> for Stickiness {
    fn from(it: target_group::Stickiness) -> Self {
        // Functions have none.
        if it.r#type.0.is_empty() {
            return Stickiness::default();
        }
        Stickiness {
            r#type: Some(it.r#type.0),
            enabled: Some(it.enabled.unwrap_or_default()),
            cookie_duration: Some(it.cookie_duration.unwrap_or_default()),
            cookie_name: Some(it.cookie_name.unwrap_or_default()),
        }
    }
}

impl DataSource for TargetGroup {
    const TYPE: &'static str = "aws_lb_target_group";
    const READS: Reads = Reads::of(
        &[
            Cost::each("elasticloadbalancing:DescribeTargetGroups"),
            Cost::each("elasticloadbalancing:DescribeTags"),
            Cost::each("elasticloadbalancing:DescribeTargetGroupAttributes"),
        ],
        "its tags and its attributes have calls of their own; where tags are searched for, those of all are asked for, 20 a call",
    );
    const POOLED: bool = true;
    const UNSET: &'static [&'static str] = &[
        "connection_termination",
        "deregistration_delay",
        "lambda_multi_value_headers_enabled",
        "load_balancing_algorithm_type",
        "load_balancing_anomaly_mitigation",
        "load_balancing_cross_zone_enabled",
        "port",
        "preserve_client_ip",
        "protocol",
        "protocol_version",
        "proxy_protocol_v2",
        "slow_start",
        "stickiness",
        "vpc_id",
    ];

    async fn read(self, aws: &Aws) -> Result<Self> {
        let arn = sdk::TargetGroup::target_group_arn;
        let found = tagged(aws, self.found(aws).await?, &self.tags, arn).await?;
        let (it, tags) = only("target group", "`arn`, `name` and `tags`", found)?;
        let arn = it.target_group_arn.clone().unwrap_or_default();
        let mut attributes = target_group::attributes_of(aws, std::slice::from_ref(&arn)).await?;
        let attributes = attributes.remove(&arn).unwrap_or_default();
        Ok(told(target_group::live(it, &attributes).attributes, tags, self.timeouts))
    }
}

impl TargetGroup {
    /// Those that fit, whatever their tags.
    async fn found(&self, aws: &Aws) -> Result<Vec<sdk::TargetGroup>> {
        let call = aws.elbv2().describe_target_groups();
        let (call, all) = match (stated(&self.arn), stated(&self.name)) {
            (Some(arn), _) => (call.target_group_arns(arn), false),
            (None, Some(name)) => (call.names(name), false),
            (None, None) => (call, true),
        };
        let ask = async { Ok::<Vec<_>, Error>(call.into_paginator().items().send().try_collect().await?) };
        let found = if all { aws.shared("all target groups", ask).await } else { ask.await };
        Ok(there(found)?.unwrap_or_default())
    }
}

/// What a resource of it would say.
fn told(it: target_group::TargetGroup, tags: Tags, timeouts: Option<TimeoutsRead>) -> TargetGroup {
    TargetGroup {
        arn: Chosen(Some(it.arn.0)),
        name: Chosen(it.name.0.0),
        tags: Chosen(tags),
        load_balancing_anomaly_mitigation: it.load_balancing_anomaly_mitigation,
        timeouts,
        id: it.id,
        arn_suffix: it.arn_suffix,
        target_type: Computed(it.target_type.0),
        vpc_id: Computed(it.vpc_id.0),
        port: Computed(it.port.0),
        protocol: Computed(it.protocol.0),
        protocol_version: Computed(it.protocol_version.0.0),
        load_balancer_arns: it.load_balancer_arns,
        health_check: Computed(it.health_check.0),
        stickiness: Computed(it.stickiness.0.0.into_iter().map(Stickiness::from).collect()),
        deregistration_delay: Computed(it.deregistration_delay),
        connection_termination: Computed(it.connection_termination.0),
        load_balancing_algorithm_type: Computed(it.load_balancing_algorithm_type.0),
        load_balancing_cross_zone_enabled: Computed(it.load_balancing_cross_zone_enabled.0),
        slow_start: Computed(it.slow_start),
        lambda_multi_value_headers_enabled: Computed(it.lambda_multi_value_headers_enabled),
        preserve_client_ip: Computed(it.preserve_client_ip.0),
        proxy_protocol_v2: Computed(it.proxy_protocol_v2),
    }
}
