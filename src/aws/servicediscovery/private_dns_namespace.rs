use std::collections::HashSet;

use aws_sdk_servicediscovery::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{PAGE, SERVICEDISCOVERY, outcome, sent_tags};
use crate::aws::shape::{built, seen};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::resource::*;

/// Names that are known inside of a VPC: a zone that Cloud Map keeps.
///
/// ```toml
/// [aws_service_discovery_private_dns_namespace.internal]
/// name = "shop.internal"
/// vpc = "${aws_vpc.main.id}"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PrivateDnsNamespace {
    /// The zone's name, such as `shop.internal`.
    #[schemars(length(min = 1, max = 1024), regex(pattern = r"^[0-9A-Za-z._-]+$"))]
    pub name: Fixed<String>,
    /// The VPC in which it is known. AWS does not tell it: the state keeps it.
    pub vpc: Fixed<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The namespace's id.
    pub id: Computed<String>,
    /// The namespace's ARN.
    pub arn: Computed<String>,
    /// The id of the zone in Route 53.
    pub hosted_zone: Computed<String>,
}

impl Resource for PrivateDnsNamespace {
    const TYPE: &'static str = "aws_service_discovery_private_dns_namespace";
    const IMPORT: &'static [&'static str] = &["ns-0a1b2c3d4e5f67890:vpc-0a1b2c3d4e5f67890"];
    const TAGS: TagApi = TagApi::ServiceDiscovery;
    const READS: Reads = Reads::of(
        &[
            Cost::each("servicediscovery:GetNamespace").to(1),
            Cost::once("servicediscovery:ListNamespaces").from(2),
        ],
        "one is asked about by itself; a page of all private namespaces holds 100",
    );
    const BATCH: usize = PAGE as usize;
    const CREATE_SECONDS: u32 = 40;
    const PASSING: &'static [&'static [Passing]] = &[SERVICEDISCOVERY];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        match id.split_once(':') {
            Some((namespace, vpc)) if !namespace.is_empty() && !vpc.is_empty() => Ok(id.to_owned()),
            _ => Err(Error::Invalid(
                "a namespace is imported by its id and its VPC's, with a `:` between them".to_owned(),
            )),
        }
    }

    async fn read(aws: &Aws, keys: &[String]) -> Result<Vec<Live<Self>>> {
        let mut found = Vec::new();
        let mut open: HashSet<&String> = keys.iter().collect();
        if !aws.exact() && keys.len() > 1 {
            for it in listed(aws).await? {
                let key = open.iter().find(|key| id_of(key) == it.id.as_deref().unwrap_or_default()).copied();
                if let Some(key) = key {
                    open.remove(key);
                    found.push(live(key, it));
                }
            }
        }
        let rest = open
            .into_iter()
            .map(async |key| Ok::<_, Error>(one(aws, id_of(key)).await?.map(|it| live(key, summary(it)))));
        found.extend(futures::future::try_join_all(rest).await?.into_iter().flatten());
        Ok(found)
    }

    // Cloud Map gives the id when it is done.
    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let call = aws.servicediscovery().create_private_dns_namespace().name(&**self.name).vpc(&**self.vpc);
        let call = call.creator_request_id(&new.token).set_tags(sent_tags(&new.tags)?);
        let call = call.set_description(self.description.clone().filter(|it| !it.is_empty()));
        let operation = call.send().await?.operation_id;
        outcome(aws, operation, sdk::OperationTargetType::Namespace).await
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let change = sdk::PrivateDnsNamespaceChange::builder();
        let change = change.description(self.description.clone().unwrap_or_default()).build();
        aws.servicediscovery().update_private_dns_namespace().id(was.key()).namespace(change).send().await?;
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        aws.servicediscovery().delete_namespace().id(self.key()).send().await?;
        Ok(())
    }

    // It keeps the token of its create.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        for it in listed(aws).await?.into_iter().filter(|it| it.name.as_ref() == Some(&self.name.0)) {
            let id: String = seen(it.id);
            let found = one(aws, &id).await?;
            if found.is_some_and(|it| it.creator_request_id.as_ref() == Some(&new.token)) {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }
}

/// The id in a key: an import has the VPC's behind it.
fn id_of(key: &str) -> &str {
    key.split_once(':').map_or(key, |it| it.0)
}

async fn one(aws: &Aws, id: &str) -> Result<Option<sdk::Namespace>> {
    match aws.servicediscovery().get_namespace().id(id).send().await.map_err(Error::from) {
        Err(error) if error.is_missing() => Ok(None),
        answer => Ok(answer?.namespace),
    }
}

/// The first page of all private ones: mostly all.
async fn listed(aws: &Aws) -> Result<Vec<sdk::NamespaceSummary>> {
    let private = sdk::NamespaceFilter::builder()
        .name(sdk::NamespaceFilterName::Type)
        .values("DNS_PRIVATE")
        .condition(sdk::FilterCondition::Eq);
    let call = aws.servicediscovery().list_namespaces().filters(built(private.build())?).max_results(PAGE);
    Ok(call.send().await?.namespaces.unwrap_or_default())
}

fn summary(it: sdk::Namespace) -> sdk::NamespaceSummary {
    sdk::NamespaceSummary::builder()
        .set_id(it.id)
        .set_arn(it.arn)
        .set_name(it.name)
        .set_description(it.description)
        .set_properties(it.properties)
        .build()
}

fn live(key: &str, it: sdk::NamespaceSummary) -> Live<PrivateDnsNamespace> {
    let zone = it.properties.and_then(|it| it.dns_properties).and_then(|it| it.hosted_zone_id);
    let vpc = key.split_once(':').map(|it| it.1.to_owned());
    Live {
        key: key.to_owned(),
        status: Status::Ready,
        tags: None,
        unread: if vpc.is_some() { &[] } else { &["vpc"] },
        attributes: PrivateDnsNamespace {
            name: seen(it.name),
            vpc: Fixed(vpc.unwrap_or_default()),
            description: it.description,
            tags: None,
            tags_all: Chosen::default(),
            id: seen(it.id),
            arn: seen(it.arn),
            hosted_zone: seen(zone),
        },
    }
}
