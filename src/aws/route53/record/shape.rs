//! Between a record's attributes and Route 53's record sets.

use aws_sdk_route53::types::{ResourceRecord, ResourceRecordSet, RrType};

use super::*;
use crate::aws::route53::names;
use crate::aws::shape::built;

impl Record {
    /// As Route 53 takes it, in the zone of this name.
    pub(super) fn set(&self, zone: &str) -> Result<ResourceRecordSet> {
        self.set_named(&names::full(&self.name, zone))
    }

    pub(super) fn set_named(&self, fqdn: &str) -> Result<ResourceRecordSet> {
        let kind = RrType::from(self.r#type.as_str());
        let values = self.records.iter().map(|it| {
            let value = if is_text(&kind) { format!("\"{it}\"") } else { it.clone() };
            built(ResourceRecord::builder().value(value).build())
        });
        let values = values.collect::<Result<Vec<_>>>()?;
        let said = |it: &Option<String>| it.clone().filter(|it| !it.is_empty());
        let set = ResourceRecordSet::builder()
            .name(fqdn)
            .set_ttl(self.ttl.filter(|_| !values.is_empty()))
            .set_resource_records(Some(values).filter(|it| !it.is_empty()))
            .set_alias_target(self.alias.as_ref().map(Alias::sent).transpose()?)
            .set_set_identifier(said(&self.set_identifier))
            .set_health_check_id(said(&self.health_check_id))
            .set_weight(self.weighted_routing_policy.as_ref().map(|it| it.weight))
            .set_region(self.latency_routing_policy.as_ref().map(|it| it.region.as_str().into()))
            .set_failover(self.failover_routing_policy.as_ref().map(|it| it.r#type.as_str().into()))
            .set_geo_location(self.geolocation_routing_policy.as_ref().map(Geolocation::sent))
            .set_geo_proximity_location(
                self.geoproximity_routing_policy.as_ref().map(Geoproximity::sent).transpose()?,
            )
            .set_cidr_routing_config(self.cidr_routing_policy.as_ref().map(CidrRouting::sent).transpose()?)
            .set_multi_value_answer(self.multivalue_answer_routing_policy.filter(|it| *it));
        built(set.r#type(kind).build())
    }
}

/// Whether its values stand in quotes.
fn is_text(kind: &RrType) -> bool {
    [RrType::Txt, RrType::Spf].contains(kind)
}

/// A text without the quotes around all of it; those inside stay.
fn unquoted(text: &str) -> &str {
    let inner = text.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    inner.unwrap_or(text)
}

/// Whether both say the same, whatever the order of values and the spelling of names.
pub(super) fn same(a: &ResourceRecordSet, b: &ResourceRecordSet) -> bool {
    let plain = |it: &ResourceRecordSet| {
        let mut it = it.clone();
        it.name = names::listed(&it.name);
        if let Some(alias) = &mut it.alias_target {
            alias.dns_name = names::listed(&alias.dns_name);
        }
        let mut values = it.resource_records.unwrap_or_default();
        values.sort_by(|a, b| a.value.cmp(&b.value));
        it.resource_records = Some(values);
        // An alias of no time to live is one of zero.
        it.ttl = it.ttl.filter(|it| *it != 0);
        it
    };
    plain(a) == plain(b)
}

pub(super) fn live(key: Key, fqdn: String, it: ResourceRecordSet, pending: bool) -> Live<Record> {
    let text = is_text(&it.r#type);
    let values = it.resource_records.unwrap_or_default().into_iter().map(|it| match text {
        true => unquoted(&it.value).to_owned(),
        false => it.value,
    });
    let region = it.region.map(|it| Latency { region: it.as_str().to_owned() });
    let failover = it.failover.map(|it| Failover { r#type: it.as_str().to_owned() });
    let attributes = Record {
        zone_id: Fixed(key.zone.clone()),
        name: Fixed(key.name.clone()),
        r#type: it.r#type.as_str().to_owned(),
        ttl: it.ttl,
        records: values.collect(),
        alias: it.alias_target.map(Alias::seen).into(),
        set_identifier: it.set_identifier,
        health_check_id: it.health_check_id,
        allow_overwrite: Local(Chosen(None)),
        weighted_routing_policy: it.weight.map(|weight| Weighted { weight }).into(),
        latency_routing_policy: region.into(),
        failover_routing_policy: failover.into(),
        geolocation_routing_policy: it.geo_location.map(Geolocation::seen).into(),
        geoproximity_routing_policy: it.geo_proximity_location.map(Geoproximity::seen).into(),
        cidr_routing_policy: it.cidr_routing_config.map(CidrRouting::seen).into(),
        multivalue_answer_routing_policy: it.multi_value_answer,
        timeouts: None,
        id: Computed(key.id()),
        fqdn: Computed(fqdn),
    };
    Live { key, attributes, tags: None, status: changes::status(pending), unread: &[] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(json: serde_json::Value) -> Record {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn texts_are_sent_in_quotes_and_kept_without() {
        let it = record(serde_json::json!({
            "zone_id": "Z1", "name": "", "type": "TXT", "ttl": 60, "records": ["v=spf1 -all", "a\" \"b"],
        }));
        let set = it.set("example.com.").unwrap();
        let sent: Vec<&str> = set.resource_records().iter().map(|it| it.value.as_str()).collect();
        assert_eq!(sent, ["\"v=spf1 -all\"", "\"a\" \"b\""]);
        let seen = live(it.key(), "example.com".to_owned(), set, false).attributes;
        assert_eq!(seen.records, it.records);
        assert_eq!(unquoted("\""), "\"");
    }

    #[test]
    fn every_policy_comes_back_as_it_was_sent() {
        for policy in [
            serde_json::json!({ "weighted_routing_policy": [{ "weight": 0 }] }),
            serde_json::json!({ "latency_routing_policy": [{ "region": "eu-west-1" }] }),
            serde_json::json!({ "failover_routing_policy": [{ "type": "PRIMARY" }] }),
            serde_json::json!({ "geolocation_routing_policy": [{ "country": "DE" }] }),
            serde_json::json!({ "geoproximity_routing_policy": [{ "bias": 5,
                "coordinates": [{ "latitude": "49.22", "longitude": "-74.01" }] }] }),
            serde_json::json!({ "cidr_routing_policy": [{ "collection_id": "c", "location_name": "*" }] }),
            serde_json::json!({ "multivalue_answer_routing_policy": true }),
        ] {
            let mut json = serde_json::json!({ "zone_id": "Z1", "name": "www.example.com", "type": "A",
                "ttl": 60, "records": ["192.0.2.1"], "set_identifier": "one", "id": "Z1_www.example.com_A_one",
                "fqdn": "www.example.com" });
            json.as_object_mut().unwrap().extend(policy.as_object().unwrap().clone());
            let it = record(json);
            let seen = live(it.key(), it.fqdn.0.clone(), it.set("example.com.").unwrap(), false).attributes;
            let json = |it: &Record| serde_json::to_value(it).unwrap();
            assert_eq!(json(&seen), json(&it));
        }
    }

    #[test]
    fn the_same_record_in_other_words_is_the_same() {
        let of = |name: &str, values: [&str; 2]| {
            let json = serde_json::json!({ "zone_id": "Z1", "name": name, "type": "A", "ttl": 60, "records": values });
            record(json).set("example.com.").unwrap()
        };
        assert!(same(
            &of("www", ["192.0.2.1", "192.0.2.2"]),
            &of("WWW.example.com.", ["192.0.2.2", "192.0.2.1"])
        ));
        assert!(!same(&of("www", ["192.0.2.1", "192.0.2.2"]), &of("www", ["192.0.2.1", "192.0.2.3"])));
    }
}
