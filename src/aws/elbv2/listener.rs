use std::time::Duration;

use aws_sdk_elasticloadbalancingv2::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::actions::{self, OfListener};
use super::tagging::{marked, tagged, tags};
use super::{ARNS, ELB, arn_of, described, stated, there};
use crate::aws::shape::{seen, sent};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

mod attributes;
mod mutual;

pub use mutual::MutualAuthentication;

/// A port that a load balancer listens on, and what it does with what comes in.
///
/// ```toml
/// [aws_lb_listener.https]
/// load_balancer_arn = "${aws_lb.web.arn}"
/// port = 443
/// protocol = "HTTPS"
/// ssl_policy = "ELBSecurityPolicy-TLS13-1-2-2021-06"
/// certificate_arn = "${aws_acm_certificate.web.arn}"
/// default_action = { type = "forward", target_group_arn = "${aws_lb_target_group.web.arn}" }
///
/// [aws_lb_listener.http]
/// load_balancer_arn = "${aws_lb.web.arn}"
/// port = 80
/// protocol = "HTTP"
/// default_action = { type = "redirect", redirect = { port = "443", protocol = "HTTPS", status_code = "HTTP_301" } }
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Listener {
    /// The load balancer that listens.
    #[schemars(regex(pattern = "^arn:"))]
    pub load_balancer_arn: Fixed<String>,
    /// The port. Gateways have none.
    #[schemars(range(min = 1, max = 65535))]
    pub port: Option<i64>,
    /// `HTTP` or `HTTPS`; `TCP`, `TLS`, `UDP` or `TCP_UDP` on a network load balancer. Gateways have none.
    #[schemars(extend("enum" = ["HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP", "GENEVE"], "format" = "caseless"))]
    pub protocol: Chosen<Option<String>>,
    /// The certificate that it shows; `HTTPS` and `TLS` need one.
    #[schemars(regex(pattern = "^(arn:|$)"))]
    pub certificate_arn: Option<String>,
    /// The versions and ciphers of TLS that it takes.
    pub ssl_policy: Chosen<Option<String>>,
    /// Which version of HTTP is agreed on, with `TLS`: `HTTP1Only`, `HTTP2Only`, `HTTP2Optional`,
    /// `HTTP2Preferred` or `None`.
    #[schemars(extend("enum" = ["HTTP1Only", "HTTP2Only", "HTTP2Optional", "HTTP2Preferred", "None"], "format" = "caseless"))]
    pub alpn_policy: Option<String>,
    /// Whether clients have to show a certificate, with `HTTPS`.
    pub mutual_authentication: Chosen<One<MutualAuthentication>>,
    /// What it does with a request that no rule is for, step by step; the last one answers.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub default_action: Vec<OfListener>,
    /// Seconds after which an idle connection is closed, with `TCP` and on gateways.
    #[schemars(range(min = 60, max = 6000))]
    pub tcp_idle_timeout_seconds: Chosen<Option<i64>>,
    /// The header that hands on the client's certificate. With `HTTPS`, as the other names of headers.
    pub routing_http_request_x_amzn_mtls_clientcert_header_name: Chosen<Option<String>>,
    /// The header that hands on who issued the client's certificate.
    pub routing_http_request_x_amzn_mtls_clientcert_issuer_header_name: Chosen<Option<String>>,
    /// The header that hands on the client's own certificate of the chain.
    pub routing_http_request_x_amzn_mtls_clientcert_leaf_header_name: Chosen<Option<String>>,
    /// The header that hands on the number of the client's certificate.
    pub routing_http_request_x_amzn_mtls_clientcert_serial_number_header_name: Chosen<Option<String>>,
    /// The header that hands on whom the client's certificate is for.
    pub routing_http_request_x_amzn_mtls_clientcert_subject_header_name: Chosen<Option<String>>,
    /// The header that hands on how long the client's certificate is valid.
    pub routing_http_request_x_amzn_mtls_clientcert_validity_header_name: Chosen<Option<String>>,
    /// The header that hands on the cipher of TLS.
    pub routing_http_request_x_amzn_tls_cipher_suite_header_name: Chosen<Option<String>>,
    /// The header that hands on the version of TLS.
    pub routing_http_request_x_amzn_tls_version_header_name: Chosen<Option<String>>,
    /// Whether browsers may send credentials. With `HTTP` and `HTTPS`, as the other headers of answers.
    pub routing_http_response_access_control_allow_credentials_header_value: Chosen<Option<String>>,
    /// Headers that browsers may send.
    pub routing_http_response_access_control_allow_headers_header_value: Chosen<Option<String>>,
    /// Methods that browsers may use.
    pub routing_http_response_access_control_allow_methods_header_value: Chosen<Option<String>>,
    /// Origins that browsers may ask from.
    pub routing_http_response_access_control_allow_origin_header_value: Chosen<Option<String>>,
    /// Headers that browsers show to scripts.
    pub routing_http_response_access_control_expose_headers_header_value: Chosen<Option<String>>,
    /// Seconds for which browsers keep what they may do.
    pub routing_http_response_access_control_max_age_header_value: Chosen<Option<String>>,
    /// What browsers may load.
    pub routing_http_response_content_security_policy_header_value: Chosen<Option<String>>,
    /// Whether answers have the `Server` header.
    pub routing_http_response_server_enabled: Chosen<Option<bool>>,
    /// For how long browsers ask by HTTPS only.
    pub routing_http_response_strict_transport_security_header_value: Chosen<Option<String>>,
    /// Whether browsers may guess what a body is.
    pub routing_http_response_x_content_type_options_header_value: Chosen<Option<String>>,
    /// Whether pages may stand in frames.
    pub routing_http_response_x_frame_options_header_value: Chosen<Option<String>>,
    pub timeouts: Option<TimeoutsCreateUpdate>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The listener's ARN.
    pub id: Computed<String>,
    /// The listener's ARN.
    pub arn: Computed<String>,
}

impl Resource for Listener {
    const TYPE: &'static str = "aws_lb_listener";
    const IMPORT: &'static [&'static str] = &[
        "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/web/8e4497da625e2d8a/9ab28ade35828f96",
    ];
    const UNWRITTEN: &'static [&'static str] = &["default_action.order"];
    const TAGS: TagApi = TagApi::Elbv2;
    const READS: Reads = Reads::of(
        &[
            Cost::page("elasticloadbalancing:DescribeListeners", ARNS),
            Cost::each("elasticloadbalancing:DescribeListenerAttributes"),
            Cost::page("elasticloadbalancing:DescribeTags", ARNS).pooled(),
        ],
        "a call takes 20 ARNs, and tells the attributes of one",
    );
    const MARKED: bool = true;
    const PATIENCE: Duration = Duration::from_secs(300);
    const PASSING: &'static [&'static [Passing]] = &[ELB];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        arn_of("listener", id)
    }

    async fn read(aws: &Aws, arns: &[String]) -> Result<Vec<Live<Self>>> {
        let all = async {
            let all = described(arns, async |some| {
                let call = aws.elbv2().describe_listeners().set_listener_arns(Some(some));
                Ok(call.send().await?.listeners.unwrap_or_default())
            });
            let all = all.await?;
            // What TLS listeners are asked about they refuse.
            let plain = all.iter().filter(|it| it.protocol != Some(sdk::ProtocolEnum::Tls));
            let plain: Vec<String> = plain.filter_map(|it| it.listener_arn.clone()).collect();
            let attributes = attributes::read(aws, &plain).await?;
            Ok((all, attributes))
        };
        let ((all, mut attributes), mut tags) = futures::try_join!(all, tags(aws, arns))?;
        let live = all.into_iter().map(|it| {
            let arn = it.listener_arn.clone().unwrap_or_default();
            let attributes = attributes.remove(&arn).unwrap_or_default();
            Live { tags: tags.remove(&arn), ..live(it, &attributes) }
        });
        Ok(live.collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let call = aws
            .elbv2()
            .create_listener()
            .load_balancer_arn(&self.load_balancer_arn.0)
            .set_port(sent(&self.port))
            .set_protocol(self.speaks())
            .set_certificates(self.certificates())
            .set_ssl_policy(stated(&self.ssl_policy).map(str::to_owned))
            .set_alpn_policy(self.alpn())
            .set_mutual_authentication(self.mutual_authentication.as_ref().map(MutualAuthentication::sent))
            .set_default_actions(Some(actions::all_sent(&self.default_action)));
        let answer = call.clone().set_tags(tagged(&new.tags)).send().await.map_err(Error::from);
        let answer = match answer {
            // Where that cannot be, tags are set afterwards.
            Err(it) if it.message().contains("cannot specify tags on creation") => call.send().await?,
            answer => answer?,
        };
        let made = answer.listeners.unwrap_or_default().into_iter().next();
        made.and_then(|it| it.listener_arn).ok_or(Error::Incomplete("the listener's ARN"))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let acts = self.default_action != was.default_action;
        let mutual = *self.mutual_authentication != *was.mutual_authentication;
        if acts || mutual || self.listens_otherwise(was) {
            let mutual = self.mutual_authentication.as_ref().filter(|_| mutual);
            let call = aws
                .elbv2()
                .modify_listener()
                .listener_arn(was.key())
                .set_port(sent(&self.port).filter(|it: &i32| *it != 0))
                .set_protocol(stated(&self.protocol).map(|it| it.to_uppercase().as_str().into()))
                .set_certificates(self.certificates())
                .set_ssl_policy(stated(&self.ssl_policy).map(str::to_owned))
                .set_alpn_policy(self.alpn())
                .set_mutual_authentication(mutual.map(MutualAuthentication::sent))
                .set_default_actions(acts.then(|| actions::all_sent(&self.default_action)));
            call.send().await?;
        }
        attributes::change(aws, &was.key(), self.attribute_changes(was)).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        aws.elbv2().delete_listener().listener_arn(self.key()).send().await?;
        Ok(())
    }

    // A port is listened on once, but nobody says since when.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let call = aws.elbv2().describe_listeners().load_balancer_arn(&self.load_balancer_arn.0);
        let all = there(call.into_paginator().items().send().try_collect().await.map_err(Error::from))?;
        let arns: Vec<String> =
            all.unwrap_or_default().into_iter().filter_map(|it| it.listener_arn).collect();
        marked(aws, &arns, &new.token).await
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        self.default_action = actions::kept(self.default_action, &kept.default_action);
        self
    }

    fn adjust(plan: &mut Adjust) {
        super::plans::in_capitals(plan, "protocol");
        attributes::settle(plan);
        actions::planned::settle(plan, "default_action");
    }
}

impl Listener {
    /// Application load balancers speak HTTP where nobody says otherwise.
    fn speaks(&self) -> Option<sdk::ProtocolEnum> {
        let usual = match stated(&self.certificate_arn) {
            Some(_) => sdk::ProtocolEnum::Https,
            None => sdk::ProtocolEnum::Http,
        };
        let usual = self.load_balancer_arn.contains(":loadbalancer/app/").then_some(usual);
        stated(&self.protocol).map(|it| it.to_uppercase().as_str().into()).or(usual)
    }

    fn certificates(&self) -> Option<Vec<sdk::Certificate>> {
        let arn = stated(&self.certificate_arn)?;
        Some(vec![sdk::Certificate::builder().certificate_arn(arn).build()])
    }

    fn alpn(&self) -> Option<Vec<String>> {
        stated(&self.alpn_policy).map(|it| vec![it.to_owned()])
    }

    /// Whether anything differs that is said at each change.
    fn listens_otherwise(&self, was: &Self) -> bool {
        let port = |it: &Self| it.port.unwrap_or_default();
        let texts = |it: &Self| {
            [&it.protocol.0, &it.certificate_arn, &it.ssl_policy.0, &it.alpn_policy]
                .map(|it| stated(it).map(str::to_owned))
        };
        port(self) != port(was) || texts(self) != texts(was)
    }
}

/// The only one of several.
fn only<T>(all: Option<Vec<T>>) -> Option<T> {
    let mut all = all.unwrap_or_default();
    if all.len() == 1 { all.pop() } else { None }
}

pub(super) fn live(it: sdk::Listener, told: &super::Attributes) -> Live<Listener> {
    let arn: String = seen(it.listener_arn);
    let mut attributes = Listener {
        load_balancer_arn: seen(it.load_balancer_arn),
        port: seen(it.port),
        protocol: seen(it.protocol.filter(|it| !it.as_str().is_empty())),
        certificate_arn: only(it.certificates).and_then(|it| it.certificate_arn),
        ssl_policy: seen(it.ssl_policy),
        alpn_policy: only(it.alpn_policy),
        mutual_authentication: Chosen(One(it.mutual_authentication.map(MutualAuthentication::seen))),
        default_action: actions::all_seen(it.default_actions),
        id: Computed(arn.clone()),
        arn: Computed(arn.clone()),
        ..Listener::empty()
    };
    attributes.see(told);
    Live { key: arn, status: Status::Ready, tags: None, unread: &[], attributes }
}
