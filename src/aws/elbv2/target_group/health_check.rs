//! How it is found out which targets are well.

use aws_sdk_elasticloadbalancingv2::operation::create_target_group::builders::CreateTargetGroupFluentBuilder as Create;
use aws_sdk_elasticloadbalancingv2::operation::modify_target_group::builders::ModifyTargetGroupFluentBuilder as Modify;
use aws_sdk_elasticloadbalancingv2::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::stated;
use crate::aws::shape::{seen, sent};
use crate::resource::Chosen;

/// How it is found out which targets are well.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HealthCheck {
    /// Whether targets are looked at; only for functions it can be left.
    #[schemars(extend("default" = true))]
    pub enabled: Option<bool>,
    /// `HTTP`, `HTTPS` or `TCP`.
    #[schemars(extend("enum" = ["HTTP", "HTTPS", "TCP"], "default" = "HTTP", "format" = "caseless"))]
    pub protocol: Option<String>,
    /// Where it asks: a port, or `traffic-port` for that of the target.
    #[schemars(extend("default" = "traffic-port"))]
    pub port: Option<String>,
    /// What it asks for. Not with `TCP`.
    #[schemars(length(min = 1, max = 1024), regex(pattern = "^/"))]
    pub path: Chosen<Option<String>>,
    /// The statuses of targets that are well, such as `200-299` or `200,202`. Not with `TCP`.
    pub matcher: Chosen<Option<String>>,
    /// Seconds between two questions.
    #[schemars(range(min = 5, max = 300), extend("default" = 30))]
    pub interval: Option<i64>,
    /// Seconds to wait for an answer.
    #[schemars(range(min = 2, max = 120))]
    pub timeout: Chosen<Option<i64>>,
    /// So many good answers in a row: it is well.
    #[schemars(range(min = 2, max = 10), extend("default" = 3))]
    pub healthy_threshold: Option<i64>,
    /// So many bad ones: it is not.
    #[schemars(range(min = 2, max = 10), extend("default" = 3))]
    pub unhealthy_threshold: Option<i64>,
}

impl HealthCheck {
    fn is_tcp(&self) -> bool {
        self.protocol.as_deref().is_some_and(|it| it.eq_ignore_ascii_case("TCP"))
    }

    fn speaks(&self) -> Option<sdk::ProtocolEnum> {
        stated(&self.protocol).map(|it| it.to_uppercase().as_str().into())
    }

    fn matched(&self, grpc: bool) -> Option<sdk::Matcher> {
        let codes = stated(&self.matcher).filter(|_| !self.is_tcp())?;
        let matcher = sdk::Matcher::builder();
        Some(if grpc { matcher.grpc_code(codes).build() } else { matcher.http_code(codes).build() })
    }

    fn asks_for(&self) -> Option<String> {
        stated(&self.path).filter(|_| !self.is_tcp()).map(str::to_owned)
    }

    fn waits(&self) -> Option<i32> {
        sent(&self.timeout).filter(|it: &i32| *it != 0)
    }

    /// Functions are asked neither at a port nor in a protocol: `plain` says that they are none.
    pub fn in_create(&self, call: Create, plain: bool, grpc: bool) -> Create {
        let call = call
            .set_health_check_enabled(self.enabled)
            .set_health_check_interval_seconds(sent(&self.interval))
            .set_healthy_threshold_count(sent(&self.healthy_threshold))
            .set_unhealthy_threshold_count(sent(&self.unhealthy_threshold))
            .set_health_check_timeout_seconds(self.waits())
            .set_health_check_path(self.asks_for())
            .set_matcher(self.matched(grpc));
        let port = stated(&self.port).filter(|_| plain).map(str::to_owned);
        call.set_health_check_port(port).set_health_check_protocol(self.speaks().filter(|_| plain))
    }

    /// The same for a change.
    pub fn in_change(&self, call: Modify, plain: bool, grpc: bool) -> Modify {
        let call = call
            .set_health_check_enabled(self.enabled)
            .set_health_check_interval_seconds(sent(&self.interval))
            .set_healthy_threshold_count(sent(&self.healthy_threshold))
            .set_unhealthy_threshold_count(sent(&self.unhealthy_threshold))
            .set_health_check_timeout_seconds(self.waits())
            .set_health_check_path(self.asks_for())
            .set_matcher(self.matched(grpc));
        let port = stated(&self.port).filter(|_| plain).map(str::to_owned);
        call.set_health_check_port(port).set_health_check_protocol(self.speaks().filter(|_| plain))
    }

    pub fn seen(it: &sdk::TargetGroup) -> Self {
        let codes = it.matcher.clone().and_then(|it| it.http_code.or(it.grpc_code));
        HealthCheck {
            enabled: it.health_check_enabled,
            protocol: seen(it.health_check_protocol.clone()),
            port: it.health_check_port.clone(),
            path: Chosen(it.health_check_path.clone()),
            matcher: Chosen(codes),
            interval: seen(it.health_check_interval_seconds),
            timeout: seen(it.health_check_timeout_seconds),
            healthy_threshold: seen(it.healthy_threshold_count),
            unhealthy_threshold: seen(it.unhealthy_threshold_count),
        }
    }

    /// Whether it asks the same as another one.
    pub fn same(&self, other: Option<&Self>) -> bool {
        let asked = |it: &Self| {
            let waits = it.waits();
            let enabled = it.enabled.unwrap_or_default();
            let counts = [it.interval, it.healthy_threshold, it.unhealthy_threshold];
            let port = it.port.clone().unwrap_or_default();
            (it.speaks(), port, it.asks_for(), it.matched(false), waits, enabled, counts)
        };
        other.is_some_and(|it| asked(it) == asked(self))
    }
}
