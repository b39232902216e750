use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use aws_sdk_route53::types as sdk;
use futures::stream::{self, StreamExt, TryStreamExt};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ROUTE53, changes, names};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::resource::*;

/// Lets a private zone answer within one more VPC.
///
/// The zone itself names the VPC that it was made for, and must not mind the others: its block says
/// `lifecycle = { ignore_changes = ["vpc"] }`.
///
/// ```toml
/// [aws_route53_zone_association.second]
/// zone_id = "${aws_route53_zone.inside.zone_id}"
/// vpc_id = "${aws_vpc.second.id}"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ZoneAssociation {
    /// The private zone, which may be another account's that has agreed.
    pub zone_id: Fixed<String>,
    /// The VPC's id.
    pub vpc_id: Fixed<String>,
    /// The VPC's region; the provider configuration's where none is given.
    #[schemars(regex(pattern = "^([a-z]{2,4}(-[a-z]+)+-[0-9]+)?$"))]
    pub vpc_region: Chosen<Fixed<Option<String>>>,
    pub timeouts: Option<TimeoutsCreateDelete>,
    /// The ids of zone and VPC and the VPC's region, with colons between them.
    pub id: Computed<String>,
    /// The account that the zone belongs to.
    pub owning_account: Computed<String>,
}

/// What the provider says to each change of a zone's VPCs.
const COMMENT: &str = "Managed by Terraform";

/// The most zones of one page.
const PAGE: i32 = 100;

/// A zone and a VPC. The region is empty where an id leaves it out.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Key {
    zone_id: String,
    vpc_id: String,
    vpc_region: String,
}

impl Key {
    fn zone(&self) -> &str {
        names::zone_id(&self.zone_id)
    }

    fn region<'a>(&'a self, aws: &'a Aws) -> &'a str {
        if self.vpc_region.is_empty() { aws.region() } else { &self.vpc_region }
    }

    fn vpc(&self, aws: &Aws) -> sdk::Vpc {
        sdk::Vpc::builder().vpc_id(&self.vpc_id).vpc_region(self.region(aws).into()).build()
    }

    /// As the provider writes it: older ones have no region.
    fn id(&self) -> String {
        let parts = [&self.zone_id, &self.vpc_id, &self.vpc_region].map(String::as_str);
        parts[..if self.vpc_region.is_empty() { 2 } else { 3 }].join(":")
    }

    /// What changes of this are noted as.
    fn noted_as(&self) -> String {
        format!("zone {} in {}", self.zone(), self.vpc_id)
    }
}

impl Resource for ZoneAssociation {
    const TYPE: &'static str = "aws_route53_zone_association";
    const IMPORT: &'static [&'static str] =
        &["Z0123456789ABCDEFGHIJ:vpc-12345678", "Z0123456789ABCDEFGHIJ:vpc-12345678:eu-west-1"];
    const TAGS: TagApi = TagApi::None;
    const READS: Reads = Reads::of(
        &[Cost::page("route53:ListHostedZonesByVPC", 100)],
        "a page lists 100 zones of one VPC; a zone of another account tells its VPCs to that account only",
    );
    const BATCH: usize = 10_000; // VPC by VPC
    const PATIENCE: Duration = Duration::from_secs(1800);
    const CREATE_SECONDS: u32 = 35;
    const PASSING: &'static [&'static [Passing]] = &[ROUTE53, &[Passing::unseen("InvalidVPCId")]];
    type Key = Key;

    fn key(&self) -> Key {
        Key {
            zone_id: self.zone_id.0.clone(),
            vpc_id: self.vpc_id.0.clone(),
            vpc_region: self.vpc_region.0.0.clone().unwrap_or_default(),
        }
    }

    // A VPC is in one region, whether or not an id says in which.
    fn is_same(one: &Key, other: &Key) -> bool {
        (one.zone(), &one.vpc_id) == (other.zone(), &other.vpc_id)
    }

    fn import(id: &str) -> Result<Key> {
        let parts: Vec<&str> = id.split(':').collect();
        let (zone, vpc, region) = match parts[..] {
            [zone, vpc] => (zone, vpc, ""),
            [zone, vpc, region] if !region.is_empty() => (zone, vpc, region),
            _ => ("", "", ""),
        };
        if zone.is_empty() || vpc.is_empty() {
            let text = "say zone and VPC, and the VPC's region where it is another one: `ZONE:VPC:REGION`";
            return Err(Error::Invalid(text.to_owned()));
        }
        Ok(Key { zone_id: zone.to_owned(), vpc_id: vpc.to_owned(), vpc_region: region.to_owned() })
    }

    async fn read(aws: &Aws, keys: &[Key]) -> Result<Vec<Live<Self>>> {
        let mut vpcs: BTreeMap<(&str, &str), Vec<&Key>> = BTreeMap::new();
        keys.iter().for_each(|it| vpcs.entry((it.vpc_id.as_str(), it.region(aws))).or_default().push(it));
        let each = stream::iter(vpcs.values()).map(|keys| owners(aws, keys));
        let owners: Vec<_> = each.buffered(5).try_collect().await?;
        let found = vpcs
            .values()
            .zip(&owners)
            .flat_map(|(keys, owners)| keys.iter().filter_map(move |it| Some((*it, owners.get(it.zone())?))));
        let found: Vec<(&Key, &String)> = found.collect();
        let pending = pending(aws, found.iter().map(|it| it.0.noted_as()).collect()).await?;
        let live = found.into_iter().map(|(key, owner)| {
            let status = changes::status(pending.contains(&key.noted_as()));
            live(aws, key, owner, status)
        });
        Ok(live.collect())
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<Key> {
        let key = self.whole_key(aws);
        let call = aws.route53().associate_vpc_with_hosted_zone().hosted_zone_id(key.zone());
        let answer = call.vpc(key.vpc(aws)).comment(COMMENT).send().await?;
        changes::note(aws, &key.noted_as(), answer.change_info).await?;
        Ok(key)
    }

    // Nothing of it changes in place.
    async fn update(&self, _aws: &Aws, _was: &Self) -> Result<()> {
        Ok(())
    }

    // What is not there any more is refused as missing.
    async fn delete(&self, aws: &Aws) -> Result<()> {
        let key = self.key();
        let call = aws.route53().disassociate_vpc_from_hosted_zone().hosted_zone_id(key.zone());
        call.vpc(key.vpc(aws)).comment(COMMENT).send().await?;
        Ok(())
    }

    // A VPC stands once beside a zone, and there is nothing else to say about it.
    async fn find(&self, aws: &Aws, _new: &New) -> Result<Option<Key>> {
        let there = Self::read(&aws.exactly(true), &[self.whole_key(aws)]).await?;
        Ok(there.into_iter().next().map(|it| it.key))
    }

    // An id stays as it was written.
    fn as_kept(mut self, kept: &Self) -> Self {
        if Self::import(&kept.id).is_ok_and(|it| Self::is_same(&it, &self.key())) {
            self.id = kept.id.clone();
        }
        self
    }
}

impl ZoneAssociation {
    /// Its key with the region, which the stack may leave out.
    fn whole_key(&self, aws: &Aws) -> Key {
        let key = self.key();
        Key { vpc_region: key.region(aws).to_owned(), ..key }
    }
}

/// The zones that answer within the VPC of these keys, with the accounts that they belong to: page by page,
/// until those of the keys are among them.
async fn owners(aws: &Aws, keys: &[&Key]) -> Result<HashMap<String, String>> {
    let (mut out, mut next) = (HashMap::new(), None);
    let Some(first) = keys.first() else { return Ok(out) };
    loop {
        let call = aws.route53().list_hosted_zones_by_vpc().vpc_id(&first.vpc_id);
        let call = call.vpc_region(first.region(aws).into()).max_items(PAGE).set_next_token(next);
        let page = match call.send().await.map_err(Error::from) {
            Ok(it) => it,
            Err(it) if it.is_missing() || is_gone(&it) => return Ok(out),
            Err(it) => return Err(it),
        };
        out.extend(page.hosted_zone_summaries.into_iter().map(|it| {
            let owner = it.owner.and_then(|it| it.owning_account).unwrap_or_default();
            (names::zone_id(&it.hosted_zone_id).to_owned(), owner)
        }));
        next = page.next_token.filter(|it| !it.is_empty());
        if next.is_none() || keys.iter().all(|it| out.contains_key(it.zone())) {
            return Ok(out);
        }
    }
}

/// Whether this is what Route 53 says of a VPC that is not there.
fn is_gone(error: &Error) -> bool {
    error.code().is_some_and(|it| it.starts_with("AccessDenied"))
        && error.message().contains("is not owned by you")
}

/// Which of these changes are not in force everywhere yet. Those of another account's zone are not for us
/// to see.
async fn pending(aws: &Aws, all: Vec<String>) -> Result<BTreeSet<String>> {
    match changes::pending(aws, &all).await {
        Err(it) if it.code().is_some_and(|it| it.starts_with("AccessDenied")) => Ok(BTreeSet::new()),
        answer => answer,
    }
}

fn live(aws: &Aws, key: &Key, owner: &str, status: Status) -> Live<ZoneAssociation> {
    Live {
        key: key.clone(),
        status,
        tags: None,
        unread: &[],
        attributes: ZoneAssociation {
            zone_id: Fixed(key.zone_id.clone()),
            vpc_id: Fixed(key.vpc_id.clone()),
            vpc_region: Chosen(Fixed(Some(key.region(aws).to_owned()))),
            timeouts: None,
            id: Computed(key.id()),
            owning_account: Computed(owner.to_owned()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_may_leave_the_region_out() {
        for id in ["Z1:vpc-1", "Z1:vpc-1:eu-west-1"] {
            assert_eq!(ZoneAssociation::import(id).map(|it| it.id()).ok().as_deref(), Some(id));
        }
        for wrong in ["Z1", "Z1:", ":vpc-1", "Z1:vpc-1:", "Z1:vpc-1:eu-west-1:x"] {
            assert!(ZoneAssociation::import(wrong).is_err(), "{wrong}");
        }
        let keys = ["Z1:vpc-1", "Z1:vpc-1:eu-west-1", "Z2:vpc-1"].map(|it| ZoneAssociation::import(it).ok());
        let [Some(short), Some(whole), Some(other)] = keys else { panic!("three keys") };
        assert!(ZoneAssociation::is_same(&short, &whole) && !ZoneAssociation::is_same(&short, &other));
    }
}
