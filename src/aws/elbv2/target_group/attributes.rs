//! What ELB calls the attributes of a target group: read and set in calls of their own, as texts by name.

use std::collections::HashMap;

use super::super::{Attributes, each};
use super::TargetGroup;
use super::stickiness::Stickiness;
use crate::aws::{Aws, Result};
use crate::resource::Chosen;

type Told = Vec<(String, String)>;

impl TargetGroup {
    /// AWS's name and value of those that are one of ours each; nothing where we say nothing.
    fn settings(&self) -> Vec<(&'static str, Option<String>)> {
        let text = |it: &Option<String>| it.clone().filter(|it| !it.is_empty());
        let flag = |it: Option<bool>| Some(it.unwrap_or_default().to_string());
        let nullable = |it: &Option<String>| text(it).map(|it| (it == "true" || it == "1").to_string());
        if self.is_lambda() {
            return vec![(
                "lambda.multi_value_headers.enabled",
                flag(self.lambda_multi_value_headers_enabled),
            )];
        }
        if !self.has_attributes() {
            return Vec::new();
        }
        vec![
            ("deregistration_delay.connection_termination.enabled", flag(self.connection_termination.0)),
            ("deregistration_delay.timeout_seconds", text(&self.deregistration_delay)),
            ("load_balancing.algorithm.type", text(&self.load_balancing_algorithm_type)),
            ("load_balancing.algorithm.anomaly_mitigation", text(&self.load_balancing_anomaly_mitigation)),
            ("load_balancing.cross_zone.enabled", text(&self.load_balancing_cross_zone_enabled)),
            ("preserve_client_ip.enabled", nullable(&self.preserve_client_ip)),
            ("proxy_protocol_v2.enabled", flag(self.proxy_protocol_v2)),
            ("slow_start.duration_seconds", Some(self.slow_start.unwrap_or_default().to_string())),
        ]
    }

    /// Takes in what AWS told of those that its targets have.
    pub(super) fn see(&mut self, told: &Attributes) {
        let text = |key: &str| told.get(key).cloned();
        let flag = |key: &str| told.get(key).map(|it| it == "true");
        if self.is_lambda() {
            self.lambda_multi_value_headers_enabled = flag("lambda.multi_value_headers.enabled");
        }
        if !self.has_attributes() {
            return;
        }
        self.connection_termination = Chosen(flag("deregistration_delay.connection_termination.enabled"));
        self.deregistration_delay = text("deregistration_delay.timeout_seconds");
        self.load_balancing_algorithm_type = Chosen(text("load_balancing.algorithm.type"));
        self.load_balancing_anomaly_mitigation = Chosen(text("load_balancing.algorithm.anomaly_mitigation"));
        self.load_balancing_cross_zone_enabled = Chosen(text("load_balancing.cross_zone.enabled"));
        self.preserve_client_ip = Chosen(text("preserve_client_ip.enabled"));
        self.proxy_protocol_v2 = flag("proxy_protocol_v2.enabled");
        self.slow_start = text("slow_start.duration_seconds").and_then(|it| it.parse().ok());
    }

    /// The attributes that differ.
    pub(super) fn attribute_changes(&self, was: &Self) -> Told {
        let mut out = Told::new();
        if self.has_attributes() {
            let speaks = self.speaks();
            let of = |it: &Self| it.stickiness.as_ref().map_or_else(Stickiness::off, |it| it.told(speaks));
            if of(self) != of(was) {
                out.extend(of(self));
            }
            let first = |it: &Self| it.target_failover.first().map(|it| it.told(speaks)).unwrap_or_default();
            out.extend(differing(first(self), &first(was)));
            let health =
                |it: &Self| it.target_group_health.as_ref().map(|it| it.told(speaks)).unwrap_or_default();
            out.extend(differing(health(self), &health(was)));
            let state =
                |it: &Self| it.target_health_state.first().map(|it| it.told(speaks)).unwrap_or_default();
            out.extend(differing(state(self), &state(was)));
        }
        let before: HashMap<_, _> = was.settings().into_iter().collect();
        let changed = self.settings().into_iter().filter(|it| before.get(it.0) != Some(&it.1));
        out.extend(changed.filter_map(|(key, value)| Some((key.to_owned(), value?))));
        out
    }
}

/// All of them, where any differs: what belongs together is set together.
fn differing(now: Told, was: &Told) -> Told {
    if now == *was { Told::new() } else { now }
}

/// The attributes of each of these.
pub async fn read(aws: &Aws, arns: &[String]) -> Result<HashMap<String, Attributes>> {
    each(arns, async |arn| {
        let answer = aws.elbv2().describe_target_group_attributes().target_group_arn(arn).send().await?;
        let all = answer.attributes.unwrap_or_default().into_iter();
        Ok(all.filter_map(|it| Some((it.key?, it.value.unwrap_or_default()))).collect())
    })
    .await
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn changes(from: Value, to: Value) -> Told {
        let group = |it: Value| serde_json::from_value::<TargetGroup>(it).unwrap();
        group(to).attribute_changes(&group(from))
    }

    fn pair(key: &str, value: &str) -> (String, String) {
        (key.to_owned(), value.to_owned())
    }

    #[test]
    fn only_what_differs_is_set() {
        let (from, to) = (json!({ "slow_start": 0 }), json!({ "slow_start": 30 }));
        assert_eq!(changes(from, to), [pair("slow_start.duration_seconds", "30")]);
        assert_eq!(changes(json!({}), json!({ "proxy_protocol_v2": false, "slow_start": 0 })), []);
        let lambda = json!({ "target_type": "lambda", "deregistration_delay": "10" });
        assert_eq!(changes(json!({ "target_type": "lambda" }), lambda), []);
    }

    #[test]
    fn cookies_are_for_http_only() {
        let sticky = |kind: &str| {
            json!({ "protocol": "HTTP", "stickiness": [{ "type": kind, "enabled": true,
            "cookie_duration": 60, "cookie_name": "it" }] })
        };
        assert_eq!(
            changes(json!({ "protocol": "HTTP" }), sticky("app_cookie")),
            [
                pair("stickiness.enabled", "true"),
                pair("stickiness.type", "app_cookie"),
                pair("stickiness.app_cookie.cookie_name", "it"),
                pair("stickiness.app_cookie.duration_seconds", "60"),
            ]
        );
        let mut tcp = sticky("source_ip");
        tcp["protocol"] = "TCP".into();
        assert_eq!(changes(json!({ "protocol": "TCP" }), tcp).len(), 2);
    }
}
