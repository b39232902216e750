//! Zones with their records, health checks, certificates.

use super::{Ids, add};
use crate::aws::{Aws, Result};

pub async fn inventory(aws: &Aws, all: &mut Ids) -> Result<()> {
    let route53 = aws.route53();
    let pages: Vec<_> = route53.list_hosted_zones().into_paginator().send().try_collect().await?;
    for zone in pages.into_iter().flat_map(|it| it.hosted_zones) {
        let id = zone.id.trim_start_matches("/hostedzone/").to_owned();
        let sets = route53.list_resource_record_sets().hosted_zone_id(&id).send().await?.resource_record_sets;
        let names = sets.into_iter().map(|it| {
            let set = it.set_identifier.unwrap_or_default();
            Some(format!("{id} {} {} {set}", it.name, it.r#type.as_str()))
        });
        add(all, "record", names);
        add(all, "zone", [Some(id)]);
    }
    let pages: Vec<_> = route53.list_health_checks().into_paginator().send().try_collect().await?;
    add(all, "health-check", pages.into_iter().flat_map(|it| it.health_checks).map(|it| Some(it.id)));
    let certificates = aws.acm().list_certificates().into_paginator().items().send().try_collect().await?;
    add(all, "certificate", certificates.into_iter().map(|it| it.certificate_arn));
    Ok(())
}
