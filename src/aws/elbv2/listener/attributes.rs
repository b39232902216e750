//! What ELB calls the attributes of a listener: read and set in calls of their own, as texts by name.

use std::collections::HashMap;

use aws_sdk_elasticloadbalancingv2::types::ListenerAttribute;

use super::super::{Attributes, each, plans};
use super::Listener;
use crate::aws::{Aws, Result};
use crate::plan::adjust::{Adjust, is_nothing};
use crate::resource::*;

/// Protocols that have an attribute.
const HTTPS: &[&str] = &["HTTPS"];
const HTTP: &[&str] = &["HTTP", "HTTPS"];
const CONNECTIONS: &[&str] = &["TCP", "GENEVE"];

/// Whom a gateway's listeners speak to, which AWS does not say.
const GENEVE: &str = "GENEVE";

macro_rules! settings {
    ($($field:ident = $key:literal, $of:ident;)*) => {
        /// Our names of them, and the protocols that have them.
        const SETTINGS: &[(&str, &[&str])] = &[$((stringify!($field), $of)),*];

        impl Listener {
            /// AWS's name and value of those that its protocol has.
            fn settings(&self) -> Vec<(&'static str, String)> {
                let all = [$(($key, $of, self.$field.as_ref().map(ToString::to_string))),*];
                let mine = all.into_iter().filter(|it| it.1.contains(&self.protocol_or_geneve()));
                let said = mine.filter_map(|(key, _, value)| Some((key, value?)));
                said.filter(|it| !it.1.is_empty() && it.1 != "0").collect()
            }

            /// Takes in what AWS told.
            pub(super) fn see(&mut self, told: &Attributes) {
                $(self.$field = Chosen(told.get($key).and_then(|it| it.parse().ok()));)*
            }

            /// Nothing at all.
            pub(super) fn empty() -> Self {
                Listener {
                    $($field: Chosen(None),)*
                    load_balancer_arn: Fixed(String::new()),
                    port: None,
                    protocol: Chosen(None),
                    certificate_arn: None,
                    ssl_policy: Chosen(None),
                    alpn_policy: None,
                    mutual_authentication: Chosen(One(None)),
                    default_action: Vec::new(),
                    timeouts: None,
                    tags: None,
                    tags_all: Chosen::default(),
                    id: Computed::default(),
                    arn: Computed::default(),
                }
            }
        }
    };
}

settings! {
    tcp_idle_timeout_seconds = "tcp.idle_timeout.seconds", CONNECTIONS;
    routing_http_request_x_amzn_mtls_clientcert_header_name =
        "routing.http.request.x_amzn_mtls_clientcert.header_name", HTTPS;
    routing_http_request_x_amzn_mtls_clientcert_issuer_header_name =
        "routing.http.request.x_amzn_mtls_clientcert_issuer.header_name", HTTPS;
    routing_http_request_x_amzn_mtls_clientcert_leaf_header_name =
        "routing.http.request.x_amzn_mtls_clientcert_leaf.header_name", HTTPS;
    routing_http_request_x_amzn_mtls_clientcert_serial_number_header_name =
        "routing.http.request.x_amzn_mtls_clientcert_serial_number.header_name", HTTPS;
    routing_http_request_x_amzn_mtls_clientcert_subject_header_name =
        "routing.http.request.x_amzn_mtls_clientcert_subject.header_name", HTTPS;
    routing_http_request_x_amzn_mtls_clientcert_validity_header_name =
        "routing.http.request.x_amzn_mtls_clientcert_validity.header_name", HTTPS;
    routing_http_request_x_amzn_tls_cipher_suite_header_name =
        "routing.http.request.x_amzn_tls_cipher_suite.header_name", HTTPS;
    routing_http_request_x_amzn_tls_version_header_name =
        "routing.http.request.x_amzn_tls_version.header_name", HTTPS;
    routing_http_response_access_control_allow_credentials_header_value =
        "routing.http.response.access_control_allow_credentials.header_value", HTTP;
    routing_http_response_access_control_allow_headers_header_value =
        "routing.http.response.access_control_allow_headers.header_value", HTTP;
    routing_http_response_access_control_allow_methods_header_value =
        "routing.http.response.access_control_allow_methods.header_value", HTTP;
    routing_http_response_access_control_allow_origin_header_value =
        "routing.http.response.access_control_allow_origin.header_value", HTTP;
    routing_http_response_access_control_expose_headers_header_value =
        "routing.http.response.access_control_expose_headers.header_value", HTTP;
    routing_http_response_access_control_max_age_header_value =
        "routing.http.response.access_control_max_age.header_value", HTTP;
    routing_http_response_content_security_policy_header_value =
        "routing.http.response.content_security_policy.header_value", HTTP;
    routing_http_response_server_enabled = "routing.http.response.server.enabled", HTTP;
    routing_http_response_strict_transport_security_header_value =
        "routing.http.response.strict_transport_security.header_value", HTTP;
    routing_http_response_x_content_type_options_header_value =
        "routing.http.response.x_content_type_options.header_value", HTTP;
    routing_http_response_x_frame_options_header_value =
        "routing.http.response.x_frame_options.header_value", HTTP;
}

impl Listener {
    fn protocol_or_geneve(&self) -> &str {
        let gateway = self.load_balancer_arn.contains(":loadbalancer/gwy/");
        let said = self.protocol.as_deref().filter(|it| !it.is_empty());
        said.unwrap_or(if gateway { GENEVE } else { "" })
    }

    /// The attributes that differ.
    pub(super) fn attribute_changes(&self, was: &Self) -> Vec<(&'static str, String)> {
        let before: HashMap<_, _> = was.settings().into_iter().collect();
        self.settings().into_iter().filter(|it| before.get(it.0) != Some(&it.1)).collect()
    }
}

/// What the listener's protocol does not have counts for nothing, where the protocol is known.
pub fn settle(plan: &mut Adjust) {
    let known = plan.will("protocol").is_some_and(|it| !it.is_unknown() && !is_nothing(it));
    let speaks = plans::text(plan, "protocol").to_owned();
    if !known {
        return;
    }
    for (name, of) in SETTINGS {
        if !of.contains(&speaks.as_str()) {
            plans::keep(plan, name);
        }
    }
}

/// The attributes of each of these.
pub async fn read(aws: &Aws, arns: &[String]) -> Result<HashMap<String, Attributes>> {
    each(arns, async |arn| {
        let answer = aws.elbv2().describe_listener_attributes().listener_arn(arn).send().await?;
        let all = answer.attributes.unwrap_or_default().into_iter();
        Ok(all.filter_map(|it| Some((it.key?, it.value.unwrap_or_default()))).collect())
    })
    .await
}

pub async fn change(aws: &Aws, arn: &str, changes: Vec<(&'static str, String)>) -> Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let attribute = |(key, value): (&str, String)| ListenerAttribute::builder().key(key).value(value).build();
    let call = aws.elbv2().modify_listener_attributes().listener_arn(arn);
    call.set_attributes(Some(changes.into_iter().map(attribute).collect())).send().await?;
    Ok(())
}
