//! What stands in the way of removing a zone: looked up after a refusal, for people.

use aws_sdk_route53::types::RrType;

use super::{names, walk};
use crate::aws::{Aws, Result};
use crate::resource::{Blocker, Blockers};

/// The records that the zone still holds, but for its own.
pub async fn of_zone(aws: &Aws, id: &str, name: &str) -> Blockers {
    let mut out = Blockers::default();
    out.ask("its records", records(aws, id, name).await);
    out.help(
        "remove them and apply again; or set `force_destroy = true` and apply that first: destroying it then \
         removes its records",
    )
}

async fn records(aws: &Aws, id: &str, name: &str) -> Result<Vec<Blocker>> {
    let all = walk::all(aws, id).await?;
    let others = all.into_iter().filter(|it| !is_own(&it.name, &it.r#type, name));
    let each = others.map(|it| {
        let (full, kind) = (names::listed(&it.name), it.r#type.as_str().to_owned());
        let text = Blocker::new("record", &format!("{full} {kind}"));
        let set = it.set_identifier.map(|it| format!("_{it}")).unwrap_or_default();
        text.known_by(format!("{id}_{full}_{kind}{set}"))
    });
    Ok(each.collect())
}

/// Whether it came with the zone, and goes with it.
pub fn is_own(record: &str, kind: &RrType, zone: &str) -> bool {
    [RrType::Ns, RrType::Soa].contains(kind) && names::listed(record) == names::listed(zone)
}
