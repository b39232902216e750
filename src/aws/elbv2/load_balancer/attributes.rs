//! What ELB calls the attributes of a load balancer: read and set in calls of their own, as texts by name.

use std::collections::HashMap;

use aws_sdk_elasticloadbalancingv2::types::LoadBalancerAttribute;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::{Attributes, Needed, each};
use super::LoadBalancer;
use crate::aws::{Aws, Error, Result};
use crate::resource::One;

pub const APPLICATION: &str = "application";
pub const NETWORK: &str = "network";
pub const GATEWAY: &str = "gateway";

macro_rules! settings {
    ($($field:ident: $ty:ty = $key:literal, $of:expr;)*) => {
        /// The attributes that are one of ours each.
        #[derive(Debug, Clone, Default)]
        pub struct Settings {
            $(pub $field: Option<$ty>,)*
        }

        /// Our names of them, and the types of load balancer that have them.
        pub const SETTINGS: &[(&str, &[&str])] = &[$((stringify!($field), $of)),*];

        impl Settings {
            /// As AWS told them.
            pub fn seen(told: &Attributes) -> Self {
                Settings { $($field: told.get($key).and_then(|it| it.parse().ok())),* }
            }
        }

        impl LoadBalancer {
            /// AWS's name and value of those that its type has.
            fn settings(&self) -> Vec<(&'static str, String)> {
                let all: Vec<(&'static str, &[&str], Option<String>)> =
                    vec![$(($key, $of as &[&str], self.$field.as_ref().map(ToString::to_string))),*];
                let mine = all.into_iter().filter(|it| it.1.contains(&self.kind()));
                mine.filter_map(|(key, _, value)| Some((key, value?))).collect()
            }

            /// What AWS does not tell stays as it is kept: not every region has all of them.
            pub(super) fn keep_unsaid(&mut self, kept: &LoadBalancer) {
                $(if self.$field.is_none() {
                    self.$field = kept.$field.clone();
                })*
            }
        }
    };
}

settings! {
    client_keep_alive: i64 = "client_keep_alive.seconds", &[APPLICATION];
    desync_mitigation_mode: String = "routing.http.desync_mitigation_mode", &[APPLICATION];
    dns_record_client_routing_policy: String = "dns_record.client_routing_policy", &[NETWORK];
    drop_invalid_header_fields: bool = "routing.http.drop_invalid_header_fields.enabled", &[APPLICATION];
    enable_cross_zone_load_balancing: bool = "load_balancing.cross_zone.enabled", &[NETWORK, GATEWAY];
    enable_deletion_protection: bool = "deletion_protection.enabled", &[APPLICATION, NETWORK, GATEWAY];
    enable_http2: bool = "routing.http2.enabled", &[APPLICATION];
    enable_tls_version_and_cipher_suite_headers: bool =
        "routing.http.x_amzn_tls_version_and_cipher_suite.enabled", &[APPLICATION];
    enable_waf_fail_open: bool = "waf.fail_open.enabled", &[APPLICATION];
    enable_xff_client_port: bool = "routing.http.xff_client_port.enabled", &[APPLICATION];
    enable_zonal_shift: bool = "zonal_shift.config.enabled", &[APPLICATION, NETWORK];
    idle_timeout: i64 = "idle_timeout.timeout_seconds", &[APPLICATION];
    preserve_host_header: bool = "routing.http.preserve_host_header.enabled", &[APPLICATION];
    xff_header_processing_mode: String = "routing.http.xff_header_processing.mode", &[APPLICATION];
}

/// Records in a bucket.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Logs {
    /// The bucket's name.
    pub bucket: Needed<String>,
    /// Whether records are written.
    #[schemars(extend("default" = false))]
    pub enabled: Option<bool>,
    /// What the names of the files begin with.
    pub prefix: Option<String>,
}

impl Logs {
    /// As AWS told of those called `access_logs` or `connection_logs`.
    pub fn seen(told: &Attributes, name: &str) -> Option<Self> {
        let part = |it: &str| told.get(&format!("{name}.s3.{it}")).cloned();
        Some(Logs {
            bucket: Needed(part("bucket").unwrap_or_default()),
            enabled: Some(part("enabled").as_deref() == Some("true")),
            prefix: Some(part("prefix").unwrap_or_default()),
        })
    }

    /// The attributes that say it; where nothing is written, nothing else matters.
    fn told(it: &One<Logs>, name: &str) -> Vec<(String, String)> {
        let enabled = it.as_ref().filter(|it| it.enabled == Some(true));
        let mut out = vec![(format!("{name}.s3.enabled"), enabled.is_some().to_string())];
        if let Some(it) = enabled {
            out.push((format!("{name}.s3.bucket"), it.bucket.0.clone()));
            out.push((format!("{name}.s3.prefix"), it.prefix.clone().unwrap_or_default()));
        }
        out
    }
}

impl LoadBalancer {
    /// The attributes that differ.
    pub(super) fn attribute_changes(&self, was: &Self) -> Vec<(String, String)> {
        let before: HashMap<_, _> = was.settings().into_iter().collect();
        let changed = self.settings().into_iter().filter(|it| before.get(it.0) != Some(&it.1));
        let mut out: Vec<_> = changed.map(|(key, value)| (key.to_owned(), value)).collect();
        for (name, logs, were) in [
            ("access_logs", &self.access_logs, &was.access_logs),
            ("connection_logs", &self.connection_logs, &was.connection_logs),
        ] {
            let told = Logs::told(logs, name);
            if told != Logs::told(were, name) {
                out.extend(told);
            }
        }
        out
    }
}

/// The attributes of each of these.
pub async fn read(aws: &Aws, arns: &[String]) -> Result<HashMap<String, Attributes>> {
    each(arns, async |arn| {
        let answer = aws.elbv2().describe_load_balancer_attributes().load_balancer_arn(arn).send().await?;
        let all = answer.attributes.unwrap_or_default().into_iter();
        Ok(all.filter_map(|it| Some((it.key?, it.value.unwrap_or_default()))).collect())
    })
    .await
}

/// Sets attributes. Those that a region does not have are left out.
pub async fn change(aws: &Aws, arn: &str, mut changes: Vec<(String, String)>) -> Result<()> {
    while !changes.is_empty() {
        let attribute =
            |(key, value): &(String, String)| LoadBalancerAttribute::builder().key(key).value(value).build();
        let call = aws.elbv2().modify_load_balancer_attributes().load_balancer_arn(arn);
        let call = call.set_attributes(Some(changes.iter().map(attribute).collect()));
        let Err(error) = call.send().await.map_err(Error::from) else { return Ok(()) };
        let before = changes.len();
        let unknown = unknown(&error.message()).map(str::to_owned);
        changes.retain(|it| Some(&it.0) != unknown.as_ref());
        if changes.len() == before {
            return Err(error);
        }
        tracing::warn!(%error, %arn, "an attribute that this region does not have");
    }
    Ok(())
}

/// The attribute that a refusal calls unknown.
fn unknown(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("attribute key ")?;
    let (key, rest) = rest.trim_start_matches(['\'', '"']).split_once(['\'', '"', ' '])?;
    let said = rest.trim_start();
    (said.starts_with("is not recognized") || said.starts_with("is not supported")).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn balancer(json: serde_json::Value) -> LoadBalancer {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn only_what_differs_and_what_the_type_has_is_set() {
        use serde_json::json;
        let was = balancer(json!({ "idle_timeout": 60, "enable_http2": true }));
        let now = balancer(json!({ "idle_timeout": 30, "enable_http2": true,
            "dns_record_client_routing_policy": "any_availability_zone" }));
        assert_eq!(now.attribute_changes(&was), [("idle_timeout.timeout_seconds".into(), "30".into())]);
        let network = balancer(json!({ "load_balancer_type": "network", "idle_timeout": 30 }));
        assert_eq!(network.attribute_changes(&balancer(json!({ "load_balancer_type": "network" }))), []);
    }

    #[test]
    fn logs_that_go_are_switched_off() {
        use serde_json::json;
        let on = balancer(json!({ "access_logs": [{ "bucket": "b", "enabled": true }] }));
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        let off = balancer(json!({}));
        assert_eq!(off.attribute_changes(&on), [pair("access_logs.s3.enabled", "false")]);
        assert_eq!(
            on.attribute_changes(&off),
            [
                pair("access_logs.s3.enabled", "true"),
                pair("access_logs.s3.bucket", "b"),
                pair("access_logs.s3.prefix", "")
            ]
        );
    }

    #[test]
    fn a_refusal_names_the_attribute_that_is_unknown() {
        let said = "Load balancer attribute key 'waf.fail_open.enabled' is not recognized";
        assert_eq!(unknown(said), Some("waf.fail_open.enabled"));
        let said = "Load balancer attribute key 'x.y' is not supported on load balancers with type 'network'";
        assert_eq!(unknown(said), Some("x.y"));
        assert_eq!(unknown("The bucket does not exist"), None);
    }
}
