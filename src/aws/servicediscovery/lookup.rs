use aws_sdk_servicediscovery::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::service::{CustomHealthCheck, HealthCheck, Record, one};
use super::{PAGE, tags_of};
use crate::aws::shape::{built, seen};
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// A name in a namespace that is there already, behind which instances are entered and left out.
///
/// ```toml
/// [data.aws_service_discovery_service.api]
/// name = "api"
/// namespace_id = "ns-0a1b2c3d4e5f67890"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// The namespace.
    pub namespace_id: String,
    /// Its labels.
    pub tags: Option<Tags>,
    /// Outdated: use `tags`. Never told.
    pub tags_all: Chosen<Tags>,
    /// The service's id.
    pub id: Computed<String>,
    /// The service's ARN.
    pub arn: Computed<String>,
    /// What it is for.
    pub description: Computed<Option<String>>,
    /// Records of DNS that each instance gets.
    pub dns_config: Computed<Vec<Dns>>,
    /// How Route 53 looks after instances.
    pub health_check_config: Computed<Vec<HealthCheck>>,
    /// Whether others tell how instances are.
    pub health_check_custom_config: Computed<Vec<CustomHealthCheck>>,
}

/// Records that instances get.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dns {
    /// The records.
    #[schemars(extend("x-attribute" = true))]
    pub dns_records: Vec<Record>,
    /// The namespace.
    pub namespace_id: Option<String>,
    /// `MULTIVALUE` for up to eight healthy instances in an answer, `WEIGHTED` for one.
    pub routing_policy: Option<String>,
}

impl DataSource for Service {
    const TYPE: &'static str = "aws_service_discovery_service";
    const READS: Reads = Reads::of(
        &[
            Cost::each("servicediscovery:ListServices"),
            Cost::each("servicediscovery:GetService"),
            Cost::each("servicediscovery:ListTagsForResource"),
        ],
        "a list of the namespace, which all who look there share, finds its id; what it is, and its labels, \
         have a call each",
    );
    const POOLED: bool = true;
    const UNSET: &'static [&'static str] = &["tags_all"];

    async fn read(self, aws: &Aws) -> Result<Self> {
        let found = self.found(aws).await?;
        let (id, arn) = (found.id.unwrap_or_default(), found.arn.unwrap_or_default());
        let (it, tags) = futures::try_join!(one(aws, &id), tags_of(aws, &arn))?;
        let it = it.ok_or(Error::Incomplete("the service"))?;
        #[allow(deprecated, reason = "so AWS tells it")]
        let failures = it.health_check_custom_config.and_then(|it| it.failure_threshold);
        let custom = failures.map(|it| CustomHealthCheck { failure_threshold: Fixed(Some(it.into())) });
        Ok(Service {
            name: seen(it.name),
            namespace_id: seen(it.namespace_id),
            tags,
            id: id.into(),
            arn: arn.into(),
            description: it.description.into(),
            dns_config: Computed(it.dns_config.map(Dns::from).into_iter().collect()),
            health_check_config: Computed(
                it.health_check_config.map(HealthCheck::from).into_iter().collect(),
            ),
            health_check_custom_config: Computed(custom.into_iter().collect()),
            ..self
        })
    }
}

impl Service {
    async fn found(&self, aws: &Aws) -> Result<sdk::ServiceSummary> {
        let mut all = listed(aws, &self.namespace_id).await?;
        all.retain(|it| it.name.as_ref() == Some(&self.name));
        match (all.pop(), all.len()) {
            (Some(it), 0) => Ok(it),
            (None, _) => Err(Error::Invalid("no service fits: look at `name` and `namespace_id`".to_owned())),
            (Some(_), more) => Err(Error::Invalid(format!(
                "{} services of the namespace have the name `{}`",
                more + 1,
                self.name
            ))),
        }
    }
}

/// The services of a namespace, listed once for all who look for one there.
async fn listed(aws: &Aws, namespace: &str) -> Result<Vec<sdk::ServiceSummary>> {
    let ask = async {
        let within = sdk::ServiceFilter::builder()
            .name(sdk::ServiceFilterName::NamespaceId)
            .values(namespace)
            .condition(sdk::FilterCondition::Eq);
        let call = aws.servicediscovery().list_services().filters(built(within.build())?).max_results(PAGE);
        let pages: Vec<_> = call.into_paginator().send().try_collect().await?;
        Ok::<Vec<_>, Error>(pages.into_iter().flat_map(|it| it.services.unwrap_or_default()).collect())
    };
    aws.shared(&format!("services of {namespace}"), ask).await
}

impl From<sdk::DnsConfig> for Dns {
    fn from(it: sdk::DnsConfig) -> Self {
        #[allow(deprecated, reason = "so AWS tells it")]
        let namespace_id = it.namespace_id;
        let record = |it: sdk::DnsRecord| Record { ttl: it.ttl, r#type: seen(Some(it.r#type)) };
        Dns {
            dns_records: it.dns_records.into_iter().map(record).collect(),
            namespace_id,
            routing_policy: seen(it.routing_policy),
        }
    }
}
