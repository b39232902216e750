use std::net::IpAddr;

use aws_sdk_route53::types::{
    self as sdk, AlarmIdentifier, CloudWatchRegion, HealthCheckConfig, HealthCheckRegion, HealthCheckType,
    InsufficientDataHealthStatus,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ROUTE53, arn};
use crate::aws::shape::{built, seen, sent};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::{Adjust, is_nothing};
use crate::resource::*;

/// Looks whether something answers, so that records lead elsewhere where it does not.
///
/// ```toml
/// [aws_route53_health_check.web]
/// type = "HTTPS"
/// fqdn = "www.example.com"
/// port = 443
/// resource_path = "/health"
/// request_interval = 30
/// failure_threshold = 3
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HealthCheck {
    /// What is looked at: an address by `HTTP`, `HTTPS`, `HTTP_STR_MATCH`, `HTTPS_STR_MATCH` or `TCP`; other
    /// checks (`CALCULATED`), an alarm (`CLOUDWATCH_METRIC`) or a switch (`RECOVERY_CONTROL`).
    #[schemars(extend("enum" = HealthCheckType::values()))]
    pub r#type: Fixed<String>,
    /// The address to ask.
    pub ip_address: Option<String>,
    /// The name to ask; or, beside an address, to name in the request.
    #[schemars(length(max = 255))]
    pub fqdn: Option<String>,
    /// The port to ask.
    #[schemars(range(min = 1, max = 65_535))]
    pub port: Option<i64>,
    /// The path to ask for.
    #[schemars(length(max = 255))]
    pub resource_path: Option<String>,
    /// What the answer has to hold. Of the `_STR_MATCH` types.
    #[schemars(length(max = 255))]
    pub search_string: Option<String>,
    /// Seconds between two looks: 10 or 30.
    #[schemars(extend("enum" = [10, 30]))]
    pub request_interval: Fixed<Option<i64>>,
    /// So many looks in a row decide.
    #[schemars(range(min = 1, max = 10))]
    pub failure_threshold: Chosen<Option<i64>>,
    /// Measure how long answers take.
    #[serde(default)]
    pub measure_latency: Fixed<bool>,
    /// Take fine for failed, and the other way round.
    pub invert_healthcheck: Option<bool>,
    /// Look no more, and count as fine.
    #[serde(default)]
    pub disabled: bool,
    /// Send the name when the connection is made. Of HTTPS.
    pub enable_sni: Chosen<Option<bool>>,
    /// From where to look; at least three of them.
    #[serde(default)]
    pub regions: Set<String>,
    /// The other checks. Of `CALCULATED`.
    #[serde(default)]
    #[schemars(inner(length(max = 64)))]
    pub child_healthchecks: Set<String>,
    /// How many of the other checks have to be fine.
    #[schemars(range(max = 256))]
    pub child_health_threshold: Option<i64>,
    /// The alarm. Of `CLOUDWATCH_METRIC`.
    pub cloudwatch_alarm_name: Option<String>,
    /// The alarm's region.
    #[schemars(extend("enum" = CloudWatchRegion::values()))]
    pub cloudwatch_alarm_region: Option<String>,
    /// What counts while the alarm has too little to go by: `Healthy`, `Unhealthy` or `LastKnownStatus`.
    #[schemars(extend("enum" = InsufficientDataHealthStatus::values()))]
    pub insufficient_data_health_status: Option<String>,
    /// The switch. Of `RECOVERY_CONTROL`.
    pub routing_control_arn: Fixed<Option<String>>,
    /// A word to know it by where AWS lists calls.
    #[schemars(length(max = 27))]
    pub reference_name: Fixed<Option<String>>,
    /// Whenever any of these changes, Route 53 looks at the alarm anew.
    pub triggers: Chosen<Option<Tags>>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The check's id.
    pub id: Computed<String>,
    /// The check's ARN.
    pub arn: Computed<String>,
}

/// The most of one page.
const PAGE: i32 = 1000;

impl Resource for HealthCheck {
    const TYPE: &'static str = "aws_route53_health_check";
    const IMPORT: &'static [&'static str] = &["abcdef01-2345-6789-abcd-ef0123456789"];
    const TAGS: TagApi = TagApi::Route53HealthCheck;
    const READS: Reads = Reads::of(
        &[Cost::each("route53:GetHealthCheck").to(1), Cost::page("route53:ListHealthChecks", 1000).from(2)],
        "a call tells of one, or of 1,000 of all that the account has",
    );
    const BATCH: usize = 10_000; // all are listed
    const PASSING: &'static [&'static [Passing]] = &[ROUTE53];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, ids: &[String]) -> Result<Vec<Live<Self>>> {
        let checks = match ids {
            [id] => {
                match aws.route53().get_health_check().health_check_id(id).send().await.map_err(Error::from) {
                    Ok(it) => it.health_check.into_iter().collect(),
                    Err(it) if it.is_missing() => Vec::new(),
                    Err(it) => return Err(it),
                }
            }
            _ => all(aws).await?,
        };
        let ours = checks.into_iter().filter(|it| ids.contains(&it.id));
        Ok(ours.filter_map(|it| live(aws, it)).collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let call = aws.route53().create_health_check().caller_reference(self.reference(new));
        let answer = call.health_check_config(self.config()?).send().await?;
        answer.health_check.map(|it| it.id).ok_or(Error::Incomplete("the health check's id"))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let number = |now: Option<i64>, was: Option<i64>| {
            now.filter(|_| now != was).and_then(|it| i32::try_from(it).ok())
        };
        let text = |now: &Option<String>, was: &Option<String>| {
            let now = now.clone().unwrap_or_default();
            (now != was.clone().unwrap_or_default()).then_some(now)
        };
        let flag = |now: Option<bool>, was: Option<bool>| {
            (now.unwrap_or_default() != was.unwrap_or_default()).then_some(now.unwrap_or_default())
        };
        let regions =
            (self.regions != was.regions).then(|| self.regions.iter().map(|it| it.as_str().into()).collect());
        let children =
            (self.child_healthchecks != was.child_healthchecks).then(|| self.child_healthchecks.0.clone());
        let call = aws
            .route53()
            .update_health_check()
            .health_check_id(was.key())
            .set_health_threshold(number(self.child_health_threshold, was.child_health_threshold))
            .set_child_health_checks(children)
            .set_alarm_identifier(self.new_alarm(was)?)
            .set_disabled(flag(Some(self.disabled), Some(was.disabled)))
            .set_enable_sni(flag(*self.enable_sni, *was.enable_sni))
            .set_failure_threshold(number(*self.failure_threshold, *was.failure_threshold))
            .set_fully_qualified_domain_name(text(&self.fqdn, &was.fqdn))
            .set_inverted(flag(self.invert_healthcheck, was.invert_healthcheck))
            .set_ip_address(text(&self.ip_address, &was.ip_address))
            .set_port(number(self.port, was.port))
            .set_regions(regions)
            .set_resource_path(text(&self.resource_path, &was.resource_path))
            .set_search_string(text(&self.search_string, &was.search_string))
            .set_insufficient_data_health_status(
                text(&self.insufficient_data_health_status, &was.insufficient_data_health_status)
                    .map(|it| it.as_str().into()),
            );
        call.send().await?;
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        aws.route53().delete_health_check().health_check_id(self.key()).send().await?;
        Ok(())
    }

    // The caller reference holds the token.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let reference = self.reference(new);
        Ok(all(aws).await?.into_iter().find(|it| it.caller_reference == reference).map(|it| it.id))
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        if same_address(&self.ip_address, &kept.ip_address) {
            self.ip_address = kept.ip_address.clone();
        }
        self
    }

    fn adjust(plan: &mut Adjust) {
        let text = |it: Option<&Value>| it.and_then(Value::as_str).map(str::to_owned);
        if let Some(address) = text(plan.config("ip_address"))
            && address.parse::<IpAddr>().is_err()
        {
            plan.error(
                "ip_address",
                format!("`{address}` is no IP address: write one such as `192.0.2.1`, or a name as `fqdn`"),
            );
        }
        check_regions(plan);
        let Some(was) = plan.was.clone() else { return };
        if same_address(&text(was.get("ip_address")), &text(plan.will("ip_address")))
            && let Some(it) = was.get("ip_address")
        {
            plan.set("ip_address", it.clone());
        }
        // To take the triggers away triggers nothing.
        if plan.config("triggers").is_none_or(is_nothing)
            && let Some(it) = was.get("triggers")
        {
            plan.set("triggers", it.clone());
        }
    }
}

fn check_regions(plan: &mut Adjust) {
    let Some(regions) = plan.config("regions").and_then(Value::as_items) else { return };
    let known = HealthCheckRegion::values();
    let stray = regions.iter().filter_map(Value::as_str).find(|it| !known.contains(it)).map(str::to_owned);
    let few = !regions.is_empty() && regions.len() < 3;
    if let Some(it) = stray {
        let all = known.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
        plan.error("regions", format!("Route 53 does not look from `{it}`: name some of {all}"));
    } else if few {
        let text = "Route 53 looks from at least three regions: name more, or leave them out";
        plan.error("regions", text);
    }
}

fn same_address(a: &Option<String>, b: &Option<String>) -> bool {
    let parsed = |it: &Option<String>| it.as_deref().and_then(|it| it.parse::<IpAddr>().ok());
    parsed(a).is_some() && parsed(a) == parsed(b)
}

impl HealthCheck {
    fn reference(&self, new: &New) -> String {
        match self.reference_name.as_deref().filter(|it| !it.is_empty()) {
            Some(name) => format!("{name}-{}", new.token),
            None => new.token.clone(),
        }
    }

    fn config(&self) -> Result<HealthCheckConfig> {
        let said = |it: &Option<String>| it.clone().filter(|it| !it.is_empty());
        let on = |it: bool| Some(it).filter(|it| *it);
        let kind = HealthCheckType::from(self.r#type.as_str());
        let (calculated, metric) =
            (kind == HealthCheckType::Calculated, kind == HealthCheckType::CloudwatchMetric);
        let regions = self.regions.iter().map(|it| it.as_str().into()).collect::<Vec<_>>();
        let children = self.child_healthchecks.0.clone();
        let config = HealthCheckConfig::builder()
            .set_disabled(on(self.disabled))
            .set_enable_sni(on(self.enable_sni.unwrap_or_default()))
            .set_failure_threshold(sent(&self.failure_threshold))
            .set_fully_qualified_domain_name(said(&self.fqdn))
            .set_inverted(on(self.invert_healthcheck.unwrap_or_default()))
            .set_ip_address(said(&self.ip_address))
            .set_port(sent(&self.port))
            .set_request_interval(sent(&self.request_interval))
            .set_resource_path(said(&self.resource_path))
            .set_search_string(said(&self.search_string))
            .set_health_threshold(sent(&self.child_health_threshold).filter(|_| calculated))
            .set_child_health_checks(Some(children).filter(|it| calculated && !it.is_empty()))
            .set_alarm_identifier(metric.then(|| self.alarm()).transpose()?)
            .set_insufficient_data_health_status(
                said(&self.insufficient_data_health_status).filter(|_| metric).map(|it| it.as_str().into()),
            )
            .set_routing_control_arn(said(&self.routing_control_arn))
            .set_measure_latency(on(*self.measure_latency).filter(|_| !calculated && !metric))
            .set_regions(Some(regions).filter(|it| !it.is_empty()));
        built(config.r#type(kind).build())
    }

    fn alarm(&self) -> Result<AlarmIdentifier> {
        let it = AlarmIdentifier::builder().name(self.cloudwatch_alarm_name.as_deref().unwrap_or_default());
        built(it.region(self.cloudwatch_alarm_region.as_deref().unwrap_or_default().into()).build())
    }

    /// The alarm, where it or a trigger has changed.
    fn new_alarm(&self, was: &Self) -> Result<Option<AlarmIdentifier>> {
        let named = self.cloudwatch_alarm_name.as_deref().is_some_and(|it| !it.is_empty());
        let changed = self.cloudwatch_alarm_name != was.cloudwatch_alarm_name
            || self.cloudwatch_alarm_region != was.cloudwatch_alarm_region
            || self.triggers != was.triggers;
        (named && changed).then(|| self.alarm()).transpose()
    }
}

/// Every health check of the account.
async fn all(aws: &Aws) -> Result<Vec<sdk::HealthCheck>> {
    let pages = aws.route53().list_health_checks().max_items(PAGE).into_paginator().send();
    let pages: Vec<_> = pages.try_collect().await?;
    Ok(pages.into_iter().flat_map(|it| it.health_checks).collect())
}

fn live(aws: &Aws, it: sdk::HealthCheck) -> Option<Live<HealthCheck>> {
    let (id, config) = (it.id, it.health_check_config?);
    let (alarm, region) = config.alarm_identifier.map(|it| (it.name, it.region)).unzip();
    let attributes = HealthCheck {
        r#type: Fixed(config.r#type.as_str().to_owned()),
        ip_address: config.ip_address,
        fqdn: config.fully_qualified_domain_name,
        port: seen(config.port),
        resource_path: config.resource_path,
        search_string: config.search_string,
        request_interval: seen(config.request_interval),
        failure_threshold: seen(config.failure_threshold),
        measure_latency: seen(config.measure_latency),
        invert_healthcheck: config.inverted,
        disabled: config.disabled.unwrap_or_default(),
        enable_sni: Chosen(config.enable_sni),
        regions: config.regions.unwrap_or_default().iter().map(|it| it.as_str().to_owned()).collect(),
        child_healthchecks: config.child_health_checks.unwrap_or_default().into_iter().collect(),
        child_health_threshold: seen(config.health_threshold),
        cloudwatch_alarm_name: alarm,
        cloudwatch_alarm_region: seen(region),
        insufficient_data_health_status: seen(config.insufficient_data_health_status),
        routing_control_arn: Fixed(config.routing_control_arn),
        reference_name: Fixed(None),
        triggers: Chosen(None),
        tags: None,
        tags_all: Chosen::default(),
        arn: Computed(arn(aws, "healthcheck", &id)),
        id: Computed(id.clone()),
    };
    let unread = &["reference_name", "triggers"];
    Some(Live { key: id, attributes, tags: None, status: Status::Ready, unread })
}
