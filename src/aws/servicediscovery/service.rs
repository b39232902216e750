use std::collections::HashSet;

use aws_sdk_servicediscovery::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{PAGE, SERVICEDISCOVERY, sent_tags};
use crate::aws::shape::{built, seen, sent};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::resource::*;

/// A name in a namespace, behind which instances are entered and left out as they come and go.
///
/// ```toml
/// [aws_service_discovery_service.api]
/// name = "api"
/// dns_config = {
///   namespace_id = "${aws_service_discovery_private_dns_namespace.internal.id}",
///   dns_records = [{ type = "A", ttl = 10 }],
/// }
/// health_check_custom_config = { failure_threshold = 1 }
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Unique in the namespace.
    pub name: Fixed<String>,
    /// The namespace, where `dns_config` does not say it.
    pub namespace_id: Chosen<Fixed<Option<String>>>,
    /// What it is for.
    pub description: Option<String>,
    /// Records of DNS that each instance gets.
    #[serde(default)]
    pub dns_config: One<Dns>,
    /// How Route 53 looks after instances. Of public namespaces only.
    #[serde(default)]
    pub health_check_config: One<HealthCheck>,
    /// Others (ECS, for one) tell how instances are.
    #[serde(default)]
    pub health_check_custom_config: Fixed<One<CustomHealthCheck>>,
    /// `HTTP` for instances that are found by calls to Cloud Map only.
    #[schemars(extend("enum" = ["HTTP"]))]
    pub r#type: Chosen<Fixed<Option<String>>>,
    /// Remove it even while it has instances.
    #[serde(default)]
    pub force_destroy: Local<bool>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The service's id.
    pub id: Computed<String>,
    /// The service's ARN.
    pub arn: Computed<String>,
}

/// Records that instances get.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dns {
    /// The namespace.
    pub namespace_id: Fixed<String>,
    /// The records.
    #[schemars(length(min = 1))]
    pub dns_records: Vec<Record>,
    /// `MULTIVALUE` for up to eight healthy instances in an answer, `WEIGHTED` for one.
    #[serde(default = "multivalue")]
    #[schemars(extend("enum" = ["MULTIVALUE", "WEIGHTED"]))]
    pub routing_policy: Fixed<Option<String>>,
}

/// A record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// How long it may be kept, in seconds.
    pub ttl: i64,
    /// `A`, `AAAA`, `SRV` or `CNAME`.
    #[schemars(extend("enum" = ["SRV", "A", "AAAA", "CNAME"]))]
    pub r#type: Fixed<String>,
}

/// How Route 53 looks after instances.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HealthCheck {
    /// After so many failures in a row it counts as ill.
    pub failure_threshold: Option<i64>,
    /// What is asked for over HTTP.
    pub resource_path: Option<String>,
    /// `HTTP`, `HTTPS` or `TCP`.
    #[schemars(extend("enum" = ["HTTP", "HTTPS", "TCP"]))]
    pub r#type: Fixed<Option<String>>,
}

/// Others tell how instances are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomHealthCheck {
    /// Outdated: AWS takes 1 in any case.
    pub failure_threshold: Fixed<Option<i64>>,
}

fn multivalue() -> Fixed<Option<String>> {
    Fixed(Some("MULTIVALUE".into()))
}

fn number(it: Option<i64>) -> Option<i32> {
    it.filter(|it| *it != 0).and_then(|it| sent(&it))
}

impl Resource for Service {
    const TYPE: &'static str = "aws_service_discovery_service";
    const IMPORT: &'static [&'static str] = &["srv-0a1b2c3d4e5f67890"];
    // What AWS says of one in a DNS namespace cannot be asked for.
    const UNWRITTEN: &'static [&'static str] = &["type"];
    const TAGS: TagApi = TagApi::ServiceDiscovery;
    const READS: Reads = Reads::of(
        &[
            Cost::each("servicediscovery:GetService").to(1),
            Cost::once("servicediscovery:ListServices").from(2),
        ],
        "one is asked about by itself; a page of all services holds 100",
    );
    const BATCH: usize = PAGE as usize;
    const PASSING: &'static [&'static [Passing]] = &[SERVICEDISCOVERY];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, ids: &[String]) -> Result<Vec<Live<Self>>> {
        let mut found = Vec::new();
        let mut open: HashSet<&str> = ids.iter().map(String::as_str).collect();
        if !aws.exact() && ids.len() > 1 {
            let page = aws.servicediscovery().list_services().max_results(PAGE).send().await?;
            let all = page.services.unwrap_or_default().into_iter();
            found.extend(all.filter(|it| open.remove(it.id.as_deref().unwrap_or_default())).map(listed));
        }
        let rest = open.into_iter().map(async |id| Ok::<_, Error>(one(aws, id).await?.map(live)));
        found.extend(futures::future::try_join_all(rest).await?.into_iter().flatten());
        Ok(found)
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let text = |it: &Option<String>| it.clone().filter(|it| !it.is_empty());
        #[allow(deprecated, reason = "the provider's attribute of that name")]
        let custom = self.health_check_custom_config.as_ref().map(|it| {
            sdk::HealthCheckCustomConfig::builder()
                .set_failure_threshold(number(*it.failure_threshold))
                .build()
        });
        let call = aws
            .servicediscovery()
            .create_service()
            .name(&**self.name)
            .creator_request_id(&new.token)
            .set_namespace_id(text(&self.namespace_id))
            .set_description(text(&self.description))
            .set_dns_config(self.dns_config.as_ref().map(Dns::sent).transpose()?)
            .set_health_check_config(self.health_check_config.as_ref().map(HealthCheck::sent).transpose()?)
            .set_health_check_custom_config(custom)
            .set_type(text(&self.r#type).map(|it| it.as_str().into()))
            .set_tags(sent_tags(&new.tags)?);
        call.send().await?.service.and_then(|it| it.id).ok_or(Error::Incomplete("the service's id"))
    }

    // What is left out of the change is taken away.
    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let records = self.dns_config.as_ref().map(|it| {
            let records = it.dns_records.iter().map(Record::sent).collect::<Result<Vec<_>>>()?;
            built(sdk::DnsConfigChange::builder().set_dns_records(Some(records)).build())
        });
        let change = sdk::ServiceChange::builder()
            .description(self.description.clone().unwrap_or_default())
            .set_dns_config(records.transpose()?)
            .set_health_check_config(self.health_check_config.as_ref().map(HealthCheck::sent).transpose()?);
        aws.servicediscovery().update_service().id(was.key()).service(change.build()).send().await?;
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        if *self.force_destroy {
            self.empty(aws).await?;
        }
        aws.servicediscovery().delete_service().id(self.key()).send().await?;
        Ok(())
    }

    // It keeps the token of its create.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let pages = aws.servicediscovery().list_services().into_paginator().send();
        let pages: Vec<_> = pages.try_collect().await?;
        let all = pages.into_iter().flat_map(|it| it.services.unwrap_or_default());
        for it in all.filter(|it| it.name.as_ref() == Some(&self.name.0)) {
            let id: String = seen(it.id);
            let found = one(aws, &id).await?;
            if found.is_some_and(|it| it.creator_request_id.as_ref() == Some(&new.token)) {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    // An empty block and one that says what AWS takes in any case mean the same.
    fn as_kept(mut self, kept: &Self) -> Self {
        if self.health_check_custom_config.is_some() && kept.health_check_custom_config.is_some() {
            self.health_check_custom_config = kept.health_check_custom_config.clone();
        }
        self
    }

    async fn blockers(&self, aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        let mut out = Blockers::default();
        if is_in_use::<Self>(op, error) {
            let found = instances(aws, &self.key()).await;
            out.ask(
                "instances",
                found.map(|all| all.iter().map(|it| Blocker::new("instance", it)).collect()),
            );
        }
        Ok(out)
    }
}

async fn instances(aws: &Aws, service: &str) -> Result<Vec<String>> {
    let pages = aws.servicediscovery().list_instances().service_id(service).into_paginator().send();
    let pages: Vec<_> = pages.try_collect().await?;
    let all = pages.into_iter().flat_map(|it| it.instances.unwrap_or_default());
    Ok(all.filter_map(|it| it.id).collect())
}

pub(super) async fn one(aws: &Aws, id: &str) -> Result<Option<sdk::Service>> {
    match aws.servicediscovery().get_service().id(id).send().await.map_err(Error::from) {
        Err(error) if error.is_missing() => Ok(None),
        answer => Ok(answer?.service),
    }
}

impl Service {
    /// Takes out its instances. That goes on after the answer: until then the service is in use.
    async fn empty(&self, aws: &Aws) -> Result<()> {
        for instance in instances(aws, &self.key()).await? {
            let call = aws.servicediscovery().deregister_instance().service_id(self.key());
            match call.instance_id(instance).send().await.map_err(Error::from) {
                Err(error) if !error.is_missing() && error.code() != Some("DuplicateRequest") => {
                    return Err(error);
                }
                _ => {}
            }
        }
        Ok(())
    }
}

impl Dns {
    fn sent(&self) -> Result<sdk::DnsConfig> {
        let records = self.dns_records.iter().map(Record::sent).collect::<Result<Vec<_>>>()?;
        let policy = self.routing_policy.as_deref().filter(|it| !it.is_empty());
        // The namespace that the API would have outside of this block; in a stack it stands here.
        #[allow(deprecated, reason = "the provider sends it here")]
        let one = sdk::DnsConfig::builder().namespace_id(&**self.namespace_id);
        built(one.set_routing_policy(policy.map(Into::into)).set_dns_records(Some(records)).build())
    }
}

impl Record {
    fn sent(&self) -> Result<sdk::DnsRecord> {
        built(sdk::DnsRecord::builder().r#type(self.r#type.as_str().into()).ttl(self.ttl).build())
    }
}

impl HealthCheck {
    fn sent(&self) -> Result<sdk::HealthCheckConfig> {
        let kind = self.r#type.as_deref().filter(|it| !it.is_empty());
        let one = sdk::HealthCheckConfig::builder().set_failure_threshold(number(self.failure_threshold));
        let path = self.resource_path.clone().filter(|it| !it.is_empty());
        built(one.set_resource_path(path).set_type(kind.map(Into::into)).build())
    }
}

impl From<sdk::DnsConfig> for Dns {
    fn from(it: sdk::DnsConfig) -> Self {
        #[allow(deprecated, reason = "the provider reads it here")]
        let namespace = it.namespace_id;
        let records = it.dns_records.into_iter();
        Dns {
            namespace_id: seen(namespace),
            dns_records: records.map(|it| Record { ttl: it.ttl, r#type: seen(Some(it.r#type)) }).collect(),
            routing_policy: seen(it.routing_policy),
        }
    }
}

impl From<sdk::HealthCheckConfig> for HealthCheck {
    fn from(it: sdk::HealthCheckConfig) -> Self {
        HealthCheck {
            failure_threshold: seen(it.failure_threshold),
            resource_path: it.resource_path,
            r#type: seen(Some(it.r#type)),
        }
    }
}

/// Out of a list, which tells the namespace of services with records only.
fn listed(it: sdk::ServiceSummary) -> Live<Service> {
    let full = sdk::Service::builder()
        .set_id(it.id)
        .set_arn(it.arn)
        .set_name(it.name)
        .set_type(it.r#type)
        .set_description(it.description)
        .set_dns_config(it.dns_config)
        .set_health_check_config(it.health_check_config)
        .set_health_check_custom_config(it.health_check_custom_config);
    Live { unread: &["namespace_id"], ..live(full.build()) }
}

fn live(it: sdk::Service) -> Live<Service> {
    #[allow(deprecated, reason = "so AWS tells it")]
    let custom = it
        .health_check_custom_config
        .map(|it| CustomHealthCheck { failure_threshold: Fixed(it.failure_threshold.map(i64::from)) });
    Live {
        key: seen(it.id.clone()),
        status: Status::Ready,
        tags: None,
        unread: &[],
        attributes: Service {
            name: seen(it.name),
            namespace_id: Chosen(Fixed(it.namespace_id)),
            description: it.description,
            dns_config: One(it.dns_config.map(Dns::from)),
            health_check_config: One(it.health_check_config.map(HealthCheck::from)),
            health_check_custom_config: Fixed(One(custom)),
            r#type: seen(it.r#type),
            force_destroy: Local(false),
            tags: None,
            tags_all: Chosen::default(),
            id: seen(it.id),
            arn: seen(it.arn),
        },
    }
}
