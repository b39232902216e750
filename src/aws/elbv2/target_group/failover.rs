//! What happens when targets leave or are not well.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::{Attributes, Needed};
use crate::resource::{One, Usual};

type Told = Vec<(String, String)>;

fn told(all: &[(&str, String)]) -> Told {
    all.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect()
}

/// What happens to flows of a target that leaves or is not well.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Failover {
    /// Of one that leaves: `rebalance` or `no_rebalance`.
    #[schemars(extend("enum" = ["rebalance", "no_rebalance"]))]
    pub on_deregistration: Needed<String>,
    /// Of one that is not well: the same as the other.
    #[schemars(extend("enum" = ["rebalance", "no_rebalance"]))]
    pub on_unhealthy: Needed<String>,
}

const ON_DEREGISTRATION: &str = "target_failover.on_deregistration";
const ON_UNHEALTHY: &str = "target_failover.on_unhealthy";

impl Failover {
    pub fn seen(told: &Attributes, speaks: &str) -> Self {
        let text = |key: &str| told.get(key).filter(|_| speaks == "GENEVE").cloned().unwrap_or_default();
        Failover {
            on_deregistration: Needed(text(ON_DEREGISTRATION)),
            on_unhealthy: Needed(text(ON_UNHEALTHY)),
        }
    }

    pub fn told(&self, speaks: &str) -> Told {
        match speaks {
            "GENEVE" => told(&[
                (ON_DEREGISTRATION, self.on_deregistration.0.clone()),
                (ON_UNHEALTHY, self.on_unhealthy.0.clone()),
            ]),
            _ => Told::new(),
        }
    }
}

/// What happens to connections of a target that is not well.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HealthState {
    /// Close them.
    pub enable_unhealthy_connection_termination: Needed<bool>,
    /// Seconds before that.
    #[schemars(range(min = 0, max = 360000), extend("default" = 0))]
    pub unhealthy_draining_interval: Option<i64>,
}

const TERMINATION: &str = "target_health_state.unhealthy.connection_termination.enabled";
const DRAINING: &str = "target_health_state.unhealthy.draining_interval_seconds";

fn has_health_state(speaks: &str) -> bool {
    matches!(speaks, "TCP" | "TLS")
}

impl HealthState {
    pub fn seen(told: &Attributes, speaks: &str) -> Self {
        let text = |key: &str| told.get(key).filter(|_| has_health_state(speaks));
        HealthState {
            enable_unhealthy_connection_termination: Needed(text(TERMINATION).is_some_and(|it| it == "true")),
            unhealthy_draining_interval: text(DRAINING).and_then(|it| it.parse().ok()),
        }
    }

    pub fn told(&self, speaks: &str) -> Told {
        match has_health_state(speaks) {
            true => told(&[
                (TERMINATION, self.enable_unhealthy_connection_termination.to_string()),
                (DRAINING, self.unhealthy_draining_interval.unwrap_or_default().to_string()),
            ]),
            false => Told::new(),
        }
    }
}

/// How many targets have to be well.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Health {
    /// So that a zone is answered with.
    pub dns_failover: Usual<One<DnsFailover>>,
    /// So that those that are not well get nothing.
    pub unhealthy_state_routing: Usual<One<Routing>>,
}

/// So that a zone is answered with.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DnsFailover {
    /// At least so many, or `off`.
    #[schemars(regex(pattern = "^(off|[0-9]+|)$"), extend("default" = "off"))]
    pub minimum_healthy_targets_count: Option<String>,
    /// At least so many in a hundred, or `off`.
    #[schemars(regex(pattern = "^(off|[1-9][0-9]?|100|)$"), extend("default" = "off"))]
    pub minimum_healthy_targets_percentage: Option<String>,
}

/// So that targets that are not well get nothing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Routing {
    /// At least so many.
    #[schemars(extend("default" = 1))]
    pub minimum_healthy_targets_count: Option<i64>,
    /// At least so many in a hundred, or `off`.
    #[schemars(regex(pattern = "^(off|[1-9][0-9]?|100|)$"), extend("default" = "off"))]
    pub minimum_healthy_targets_percentage: Option<String>,
}

const DNS_COUNT: &str = "target_group_health.dns_failover.minimum_healthy_targets.count";
const DNS_PERCENTAGE: &str = "target_group_health.dns_failover.minimum_healthy_targets.percentage";
const COUNT: &str = "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count";
const PERCENTAGE: &str = "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage";

impl Health {
    pub fn seen(told: &Attributes, speaks: &str) -> Self {
        let text = |key: &str| told.get(key).filter(|_| speaks != "GENEVE").cloned();
        Health {
            dns_failover: Usual(One(Some(DnsFailover {
                minimum_healthy_targets_count: text(DNS_COUNT),
                minimum_healthy_targets_percentage: text(DNS_PERCENTAGE),
            }))),
            unhealthy_state_routing: Usual(One(Some(Routing {
                minimum_healthy_targets_count: text(COUNT).and_then(|it| it.parse().ok()),
                minimum_healthy_targets_percentage: text(PERCENTAGE),
            }))),
        }
    }

    pub fn told(&self, speaks: &str) -> Told {
        let mut out = Told::new();
        if speaks == "GENEVE" {
            return out;
        }
        let text = |it: &Option<String>| it.clone().unwrap_or_default();
        if let Some(it) = self.dns_failover.as_ref() {
            out.extend(told(&[
                (DNS_COUNT, text(&it.minimum_healthy_targets_count)),
                (DNS_PERCENTAGE, text(&it.minimum_healthy_targets_percentage)),
            ]));
        }
        if let Some(it) = self.unhealthy_state_routing.as_ref() {
            out.extend(told(&[
                (COUNT, it.minimum_healthy_targets_count.unwrap_or_default().to_string()),
                (PERCENTAGE, text(&it.minimum_healthy_targets_percentage)),
            ]));
        }
        out
    }
}
