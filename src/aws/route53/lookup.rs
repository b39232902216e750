use aws_sdk_route53::types::{HostedZone, HostedZoneType, TagResourceType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{arn, names, tagging, zone};
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// A zone that is there already.
///
/// ```toml
/// [data.aws_route53_zone.main]
/// name = "example.com"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// Its domain. Either this or `zone_id`.
    pub name: Chosen<Option<String>>,
    /// Its id.
    pub zone_id: Chosen<Option<String>>,
    /// Whether to look among the private zones.
    #[serde(default)]
    pub private_zone: bool,
    /// A VPC within which it answers: then it is private.
    pub vpc_id: Chosen<Option<String>>,
    /// Labels that it must have; all of its labels.
    pub tags: Chosen<Tags>,
    /// The same as `zone_id`.
    pub id: Computed<String>,
    /// The zone's ARN.
    pub arn: Computed<String>,
    /// What the call that made it was known by.
    pub caller_reference: Computed<String>,
    /// What it is for.
    pub comment: Computed<Option<String>>,
    /// What a service of AWS says of it that manages it.
    pub linked_service_description: Computed<Option<String>>,
    /// The service of AWS that manages it.
    pub linked_service_principal: Computed<Option<String>>,
    /// The servers to name where the domain is registered.
    pub name_servers: Computed<Vec<String>>,
    /// The first of the name servers.
    pub primary_name_server: Computed<Option<String>>,
    /// How many records it holds.
    pub resource_record_set_count: Computed<Option<i64>>,
}

impl DataSource for Zone {
    const TYPE: &'static str = "aws_route53_zone";
    const READS: Reads = Reads::of(
        &[Cost::each("route53:GetHostedZone"), Cost::each("route53:ListTagsForResources")],
        "its name servers and its tags have a call each; a name costs a list of zones besides",
    );
    const UNSET: &'static [&'static str] =
        &["linked_service_description", "linked_service_principal", "vpc_id"];

    async fn read(self, aws: &Aws) -> Result<Self> {
        let id = match (said(&self.zone_id), said(&self.name)) {
            (Some(_), Some(_)) => {
                return Err(Error::Invalid("give either `zone_id` or `name`, not both".to_owned()));
            }
            (Some(id), None) => names::zone_id(id).to_owned(),
            (None, name) => self.search(aws, name).await?,
        };
        let answer = aws.route53().get_hosted_zone().id(&id).send().await?;
        let zone = answer.hosted_zone.ok_or(Error::Incomplete("the zone"))?;
        let private = is_private(&zone);
        let servers = match private {
            true => zone::servers(aws, &id, &zone.name).await?,
            false => answer.delegation_set.map(|it| it.name_servers).unwrap_or_default(),
        };
        let tags = tagging::of(aws, TagResourceType::Hostedzone, &id).await?;
        let service =
            zone.linked_service.unwrap_or_else(|| aws_sdk_route53::types::LinkedService::builder().build());
        Ok(Zone {
            name: Chosen(Some(names::clean(&zone.name))),
            private_zone: private,
            tags: Chosen(tags),
            arn: arn(aws, "hostedzone", &id).into(),
            caller_reference: zone.caller_reference.into(),
            comment: zone.config.and_then(|it| it.comment).into(),
            linked_service_description: service.description.into(),
            linked_service_principal: service.service_principal.into(),
            primary_name_server: servers.first().cloned().into(),
            name_servers: servers.into(),
            resource_record_set_count: zone.resource_record_set_count.into(),
            zone_id: Chosen(Some(id.clone())),
            id: id.into(),
            ..self
        })
    }
}

fn said(text: &Option<String>) -> Option<&str> {
    text.as_deref().filter(|it| !it.is_empty())
}

fn is_private(zone: &HostedZone) -> bool {
    zone.config.as_ref().is_some_and(|it| it.private_zone)
}

impl Zone {
    /// The only zone that fits.
    async fn search(&self, aws: &Aws, name: Option<&str>) -> Result<String> {
        let private = self.private_zone || said(&self.vpc_id).is_some();
        let mut fit = Vec::new();
        for zone in zones(aws, name, private).await? {
            let id = names::zone_id(&zone.id).to_owned();
            if is_private(&zone) == private && self.fits(aws, &id).await? {
                fit.push(id);
            }
        }
        match (fit.pop(), fit.len()) {
            (Some(id), 0) => Ok(id),
            (None, _) => {
                let sort = if private { "private" } else { "public" };
                let of = name.map(|it| format!(" for `{it}`")).unwrap_or_default();
                Err(Error::Invalid(format!(
                    "there is no {sort} zone{of} that fits; `private_zone` says which sort to look among"
                )))
            }
            (Some(_), more) => {
                let text = format!("{} zones fit and one is wanted: give its `zone_id`, or a tag", more + 1);
                Err(Error::Invalid(text))
            }
        }
    }

    /// Whether it answers within the VPC and has the tags that are asked for.
    async fn fits(&self, aws: &Aws, id: &str) -> Result<bool> {
        if let Some(vpc) = said(&self.vpc_id) {
            let vpcs = aws.route53().get_hosted_zone().id(id).send().await?.vpcs.unwrap_or_default();
            if vpcs.iter().all(|it| it.vpc_id.as_deref() != Some(vpc)) {
                return Ok(false);
            }
        }
        if self.tags.is_empty() {
            return Ok(true);
        }
        let tags = tagging::of(aws, TagResourceType::Hostedzone, id).await?;
        Ok(self.tags.iter().all(|(key, value)| tags.get(key) == Some(value)))
    }
}

/// The zones of this name; all of this sort where there is none.
async fn zones(aws: &Aws, name: Option<&str>, private: bool) -> Result<Vec<HostedZone>> {
    let Some(name) = name.map(names::clean) else {
        let call = aws.route53().list_hosted_zones();
        let call = call.set_hosted_zone_type(private.then_some(HostedZoneType::PrivateHostedZone));
        let pages: Vec<_> = call.into_paginator().send().try_collect().await?;
        return Ok(pages.into_iter().flat_map(|it| it.hosted_zones).collect());
    };
    let mut out = Vec::new();
    let (mut next, mut after) = (Some(format!("{name}.")), None);
    while let Some(start) = next {
        let call = aws.route53().list_hosted_zones_by_name().dns_name(start).set_hosted_zone_id(after);
        let page = call.send().await?;
        // The list goes on with other names.
        let own = page.hosted_zones.iter().all(|it| names::clean(&it.name) == name);
        out.extend(page.hosted_zones.into_iter().filter(|it| names::clean(&it.name) == name));
        (next, after) = (page.next_dns_name.filter(|_| own && page.is_truncated), page.next_hosted_zone_id);
    }
    Ok(out)
}
