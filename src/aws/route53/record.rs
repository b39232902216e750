use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_route53::types::{ChangeAction, ResourceRecordSet, RrType};
use futures::future::try_join_all;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ROUTE53, batch, changes, names, walk};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

mod planned;
mod routing;
mod shape;

pub use routing::*;

/// A record of a zone: what a name of the domain stands for.
///
/// Records with the same name and type stand beside each other where each has a `set_identifier` and one of
/// the routing policies.
///
/// ```toml
/// [aws_route53_record.www]
/// zone_id = "Z0123456789ABCDEFGHIJ"
/// name = "www.example.com"
/// type = "A"
/// ttl = 300
/// records = ["192.0.2.1", "192.0.2.2"]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The zone's id.
    #[schemars(length(min = 1))]
    pub zone_id: Fixed<String>,
    /// The name. The zone's name is put behind it where it does not end in that.
    pub name: Fixed<String>,
    /// Such as `A`, `CNAME` or `TXT`.
    #[schemars(extend("enum" = RrType::values()))]
    pub r#type: String,
    /// How many seconds others may remember it. Not of an alias.
    pub ttl: Option<i64>,
    /// Its values. Those of a `TXT` record stand without quotes around them; more than 255 characters are
    /// split by `" "` in between.
    #[serde(default)]
    pub records: Set<String>,
    /// Another name of AWS's that it stands for, instead of values.
    #[serde(default)]
    pub alias: One<Alias>,
    /// Tells apart records of the same name and type.
    pub set_identifier: Option<String>,
    /// Answer with it only while this health check is fine.
    pub health_check_id: Option<String>,
    /// Whether to take over one that is there already.
    pub allow_overwrite: Local<Chosen<Option<bool>>>,
    /// Answers are shared out by weight.
    #[serde(default)]
    pub weighted_routing_policy: One<Weighted>,
    /// The region nearest to whoever asks answers.
    #[serde(default)]
    pub latency_routing_policy: One<Latency>,
    /// The second answers where the first does not.
    #[serde(default)]
    pub failover_routing_policy: One<Failover>,
    /// Where those who ask are decides.
    #[serde(default)]
    pub geolocation_routing_policy: One<Geolocation>,
    /// The place nearest to whoever asks answers, shifted by a bias.
    #[serde(default)]
    pub geoproximity_routing_policy: One<Geoproximity>,
    /// The address of those who ask decides.
    #[serde(default)]
    pub cidr_routing_policy: One<CidrRouting>,
    /// Up to eight of the records that are fine answer together.
    pub multivalue_answer_routing_policy: Option<bool>,
    pub timeouts: Option<Timeouts>,
    /// Made of the zone's id, name, type and set identifier.
    pub id: Computed<String>,
    /// The full name.
    pub fqdn: Computed<String>,
}

/// What finds a record: its place in a zone, with the name as the stack writes it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Key {
    pub zone: String,
    pub name: String,
    pub r#type: String,
    pub set: String,
}

impl Key {
    fn id(&self) -> String {
        let parts = [&self.zone, &self.name, &self.r#type, &self.set];
        let said = if self.set.is_empty() { 3 } else { 4 };
        parts[..said].iter().map(|it| it.as_str()).collect::<Vec<_>>().join("_")
    }
}

/// How often a removal is sent whose answers get lost: sent again, it does nothing.
const ATTEMPTS: u32 = 4;

impl Resource for Record {
    const TYPE: &'static str = "aws_route53_record";
    const SOUGHT_BY: &'static [&'static str] = &[
        "alias",
        "cidr_routing_policy",
        "failover_routing_policy",
        "geolocation_routing_policy",
        "geoproximity_routing_policy",
        "health_check_id",
        "latency_routing_policy",
        "multivalue_answer_routing_policy",
        "records",
        "set_identifier",
        "ttl",
        "type",
        "weighted_routing_policy",
    ];
    const SCHEMA_VERSION: u64 = 2;
    const IMPORT: &'static [&'static str] =
        &["Z0123456789ABCDEFGHIJ_www.example.com_A", "Z0123456789ABCDEFGHIJ_www.example.com_A_blue"];
    const TAGS: TagApi = TagApi::None;
    const READS: Reads = Reads::of(
        &[Cost::page("route53:ListResourceRecordSets", 300)],
        "a page lists 300 records of one zone",
    );
    const BATCH: usize = 10_000; // zone by zone
    const PATIENCE: Duration = Duration::from_secs(1800);
    const CREATE_SECONDS: u32 = 35;
    const PASSING: &'static [&'static [Passing]] = &[ROUTE53];
    type Key = Key;

    fn key(&self) -> Key {
        Key {
            zone: self.zone_id.0.clone(),
            name: names::kept(&self.name),
            r#type: self.r#type.clone(),
            set: self.set_identifier.clone().unwrap_or_default(),
        }
    }

    // Type and set identifier change in place, as one record goes and another comes.
    fn key_after(&self, will: &Self) -> Key {
        will.key()
    }

    fn import(id: &str) -> Result<Key> {
        let parts: Vec<&str> = id.split('_').collect();
        let kind = parts.iter().skip(1).position(|it| RrType::values().contains(it)).map(|it| it + 1);
        match kind {
            Some(at) if at > 1 && !parts[0].is_empty() => Ok(Key {
                zone: parts[0].to_owned(),
                name: names::without_dot(&parts[1..at].join("_")).to_owned(),
                r#type: parts[at].to_owned(),
                set: parts[at + 1..].join("_"),
            }),
            _ => Err(Error::Invalid(
                "say zone, name and type, and the set identifier where it has one: `ZONE_NAME_TYPE_SET`"
                    .to_owned(),
            )),
        }
    }

    async fn read(aws: &Aws, keys: &[Key]) -> Result<Vec<Live<Self>>> {
        let mut zones: BTreeMap<&str, Vec<&Key>> = BTreeMap::new();
        keys.iter().for_each(|it| zones.entry(names::zone_id(&it.zone)).or_default().push(it));
        let each = zones.iter().map(|(zone, keys)| walk::find(aws, zone, keys));
        let mut found: BTreeMap<String, _> = BTreeMap::new();
        for (key, it) in try_join_all(each).await?.into_iter().flatten() {
            found.insert(key.id(), (key, it));
        }
        let ids: Vec<String> = found.keys().cloned().collect();
        let (pending, left) = (changes::pending(aws, &ids).await?, changes::left(aws).await?);
        let there = found.into_iter().filter(|it| !left.contains(&it.0));
        Ok(there.map(|(id, (key, (fqdn, set)))| shape::live(key, fqdn, set, pending.contains(&id))).collect())
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<Key> {
        let set = self.set(&names::of_zone(aws, self.zone()).await?)?;
        let may_replace = self.allow_overwrite.unwrap_or(false);
        let action = if may_replace { ChangeAction::Upsert } else { ChangeAction::Create };
        self.change(aws, vec![(action, set)]).await?;
        Ok(self.key())
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let zone = names::of_zone(aws, self.zone()).await?;
        let set = self.set(&zone)?;
        if self.key() == was.key() {
            return self.change(aws, vec![(ChangeAction::Upsert, set)]).await;
        }
        let may_replace = self.allow_overwrite.unwrap_or(false);
        let action = if may_replace { ChangeAction::Upsert } else { ChangeAction::Create };
        self.change(aws, vec![(ChangeAction::Delete, was.set(&zone)?), (action, set)]).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let mut attempt = 1;
        loop {
            match self.remove(aws).await {
                Err(Error::Unreached(_)) if attempt < ATTEMPTS => attempt += 1,
                answer => return answer,
            }
        }
    }

    // A place in a zone holds one record, which says exactly what ours would say.
    async fn find(&self, aws: &Aws, _new: &New) -> Result<Option<Key>> {
        if self.allow_overwrite.unwrap_or(false) {
            // What is there is taken over in any case, as the stack says.
            return Ok(None);
        }
        let Some((_, there)) = walk::find_one(&aws.exactly(true), &self.key()).await? else {
            return Ok(None);
        };
        let ours = self.set(&names::of_zone(aws, self.zone()).await?)?;
        Ok(shape::same(&ours, &there).then(|| self.key()))
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        self.name = kept.name.clone();
        // The provider leaves a dot at the end of a name in the id.
        if Self::import(&kept.id).is_ok_and(|it| it == self.key()) {
            self.id = kept.id.clone();
        }
        if let (Some(ours), Some(theirs)) = (&mut self.alias.0, &kept.alias.0)
            && ours.name.eq_ignore_ascii_case(names::without_dot(&theirs.name))
        {
            ours.name = theirs.name.clone();
        }
        self
    }

    fn adjust(plan: &mut Adjust) {
        planned::settle(plan);
    }
}

impl Record {
    fn zone(&self) -> &str {
        names::zone_id(&self.zone_id.0)
    }

    async fn change(&self, aws: &Aws, all: Vec<(ChangeAction, ResourceRecordSet)>) -> Result<()> {
        let all =
            all.into_iter().map(|(action, set)| batch::change(action, set)).collect::<Result<Vec<_>>>()?;
        let change = batch::send(aws, self.zone(), all).await?;
        changes::note(aws, &self.key().id(), change).await
    }

    /// Removes what the state says; where AWS has it otherwise, what AWS has.
    async fn remove(&self, aws: &Aws) -> Result<()> {
        let send =
            async |set| batch::send(aws, self.zone(), vec![batch::change(ChangeAction::Delete, set)?]).await;
        if !self.fqdn.is_empty() {
            match send(self.set_named(&self.fqdn)?).await {
                Ok(_) => return Ok(()),
                Err(it) if it.code() != Some("InvalidChangeBatch") => return Err(it),
                Err(_) => {}
            }
        }
        let Some((_, set)) = walk::find_one(&aws.exactly(true), &self.key()).await? else { return Ok(()) };
        let apex = [RrType::Ns, RrType::Soa].contains(&set.r#type);
        match send(set).await {
            // The zone's own: they go with the zone.
            Err(it) if apex && it.code() == Some("InvalidChangeBatch") => {
                changes::leave(aws, &self.key().id()).await
            }
            answer => answer.map(|_| ()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn an_import_id_is_zone_name_type_and_set() {
        let parse = |id: &str| Record::import(id).map(|it| (it.name, it.r#type, it.set)).ok();
        let of = |a: &str, b: &str, c: &str| Some((a.to_owned(), b.to_owned(), c.to_owned()));
        assert_eq!(parse("Z1_www.example.com_A"), of("www.example.com", "A", ""));
        assert_eq!(parse("Z1__dmarc.example.com._TXT"), of("_dmarc.example.com", "TXT", ""));
        assert_eq!(parse("Z1_a_b.example.com_CNAME_blue_1"), of("a_b.example.com", "CNAME", "blue_1"));
        assert_eq!(parse("Z1_www.example.com"), None);
        assert_eq!(parse("www.example.com"), None);
    }

    #[test]
    fn the_zones_own_name_is_an_empty_one() {
        let key = Record::import("Z1__A").expect("a key");
        assert_eq!((key.name.as_str(), key.id().as_str()), ("", "Z1__A"));
    }

    #[test]
    fn texts_of_several_records_differ() {
        let ids: BTreeSet<String> = ["Z1_a_A", "Z1_a_A_x", "Z1_a_AAAA"]
            .iter()
            .filter_map(|it| Record::import(it).ok())
            .map(|it| it.id())
            .collect();
        assert_eq!(ids.len(), 3);
    }
}
