use aws_sdk_elasticloadbalancingv2::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::search::only;
use crate::aws::elbv2::actions::OfListener;
use crate::aws::elbv2::listener::{self, MutualAuthentication};
use crate::aws::elbv2::tagging::tags;
use crate::aws::elbv2::{Attributes, stated, there};
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// A listener that is there already: by ARN, or by its load balancer and its port.
///
/// ```toml
/// [data.aws_lb_listener.https]
/// load_balancer_arn = "${data.aws_lb.shared.arn}"
/// port = 443
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Listener {
    /// Its ARN.
    pub arn: Chosen<Option<String>>,
    /// The load balancer that listens; with `port`, instead of `arn`.
    pub load_balancer_arn: Chosen<Option<String>>,
    /// The port; with `load_balancer_arn`. Gateways have none.
    pub port: Chosen<Option<i64>>,
    /// Its labels.
    pub tags: Chosen<Tags>,
    pub timeouts: Option<TimeoutsRead>,
    /// Its ARN.
    pub id: Computed<String>,
    /// Such as `HTTPS`. Gateways have none.
    pub protocol: Computed<String>,
    /// The certificate that it shows.
    pub certificate_arn: Computed<Option<String>>,
    /// The versions and ciphers of TLS that it takes.
    pub ssl_policy: Computed<String>,
    /// Which version of HTTP is agreed on, with `TLS`.
    pub alpn_policy: Computed<Option<String>>,
    /// Whether clients have to show a certificate.
    pub mutual_authentication: Computed<One<MutualAuthentication>>,
    /// What it does with a request that no rule is for, step by step. The secret of a login is not told.
    pub default_action: Computed<Vec<OfListener>>,
}

impl DataSource for Listener {
    const TYPE: &'static str = "aws_lb_listener";
    const READS: Reads = Reads::of(
        &[
            Cost::each("elasticloadbalancing:DescribeListeners"),
            Cost::each("elasticloadbalancing:DescribeTags"),
        ],
        "its tags have a call of their own; where a port is looked for, the load balancer's listeners are listed",
    );
    const POOLED: bool = true;
    const UNSET: &'static [&'static str] = &["alpn_policy", "certificate_arn"];

    async fn read(self, aws: &Aws) -> Result<Self> {
        let it = only("listener", "`arn`, or `load_balancer_arn` and `port`", self.found(aws).await?)?;
        let it = listener::live(it, &Attributes::new()).attributes;
        let arn = it.arn.0;
        let mut tags = tags(aws, std::slice::from_ref(&arn)).await?;
        Ok(Listener {
            load_balancer_arn: Chosen(Some(it.load_balancer_arn.0)),
            port: Chosen(Some(it.port.unwrap_or_default())),
            tags: Chosen(tags.remove(&arn).unwrap_or_default()),
            timeouts: self.timeouts,
            id: it.id,
            protocol: it.protocol.0.unwrap_or_default().into(),
            certificate_arn: it.certificate_arn.into(),
            ssl_policy: it.ssl_policy.0.unwrap_or_default().into(),
            alpn_policy: it.alpn_policy.into(),
            mutual_authentication: Computed(it.mutual_authentication.0),
            default_action: Computed(it.default_action.into_iter().map(whole).collect()),
            arn: Chosen(Some(arn)),
        })
    }
}

impl Listener {
    async fn found(&self, aws: &Aws) -> Result<Vec<sdk::Listener>> {
        let call = aws.elbv2().describe_listeners();
        let port = self.port.filter(|it| *it != 0);
        match (stated(&self.arn), stated(&self.load_balancer_arn), port) {
            (Some(arn), None, None) => {
                let answer = call.listener_arns(arn).send().await.map_err(Error::from);
                Ok(there(answer)?.and_then(|it| it.listeners).unwrap_or_default())
            }
            (None, Some(balancer), Some(port)) => {
                let call = call.load_balancer_arn(balancer);
                let ask =
                    async { Ok::<Vec<_>, Error>(call.into_paginator().items().send().try_collect().await?) };
                let all = there(aws.shared(&format!("listeners of {balancer}"), ask).await)?;
                let mut all = all.unwrap_or_default();
                all.retain(|it| it.port.map(i64::from) == Some(port));
                Ok(all)
            }
            _ => Err(Error::Invalid("give either `arn`, or `load_balancer_arn` and `port`".to_owned())),
        }
    }
}

/// An action that says of parameters that there are none.
fn whole(mut it: OfListener) -> OfListener {
    if let Some(it) = &mut it.authenticate_cognito.0 {
        it.authentication_request_extra_params.get_or_insert_default();
    }
    if let Some(it) = &mut it.authenticate_oidc.0 {
        it.authentication_request_extra_params.get_or_insert_default();
    }
    it
}
