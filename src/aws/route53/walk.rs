//! Finding records: a page lists 300 of a zone, in an order of Route 53's own.

use std::cmp::Reverse;
use std::collections::HashMap;

use aws_sdk_route53::operation::list_resource_record_sets::ListResourceRecordSetsOutput;
use aws_sdk_route53::types::ResourceRecordSet;

use super::names;
use super::record::Key;
use crate::aws::{Aws, Error, Result};

/// The most records of one page.
const PAGE: i32 = 300;

/// A record as a list has it: full name, type, set identifier.
type Place = (String, String, String);

/// A record that is looked for.
type Open<'k> = (Place, &'k Key);

/// The records with these keys, which are all of one zone. A zone that does not exist has none.
pub async fn find(aws: &Aws, zone: &str, keys: &[&Key]) -> Result<HashMap<Key, (String, ResourceRecordSet)>> {
    let mut found = HashMap::new();
    // Whoever waits for a few records of a large zone begins with them; a refresh begins at the beginning.
    let known = names::known(aws, zone).await?.filter(|_| aws.exact());
    let (apex, first) = match known {
        Some(apex) => (apex, None),
        None => {
            let Some(first) = page(aws, zone, None).await? else { return Ok(found) };
            // The zone's own records come first.
            let Some(apex) = first.resource_record_sets.first().map(|it| it.name.clone()) else {
                return Ok(found);
            };
            names::learn(aws, zone, &apex).await?;
            (apex, Some(first))
        }
    };
    let mut open: Vec<Open> = keys.iter().map(|it| (place(it, &apex), *it)).collect();
    open.sort_by_cached_key(|it| Reverse(order(&it.0)));
    let mut more = true;
    if let Some(first) = first {
        more = first.is_truncated;
        take(first, &mut open, &mut found);
    }
    // Each further page begins where one of those that are missing must be: it is there, or nowhere.
    while more && let Some((next, _)) = open.last().cloned() {
        let Some(page) = page(aws, zone, Some(&next)).await? else { break };
        take(page, &mut open, &mut found);
        open.retain(|it| it.0 != next);
    }
    Ok(found)
}

/// One record, with its full name.
pub async fn find_one(aws: &Aws, key: &Key) -> Result<Option<(String, ResourceRecordSet)>> {
    Ok(find(aws, names::zone_id(&key.zone), &[key]).await?.remove(key))
}

fn place(key: &Key, apex: &str) -> Place {
    (names::listed(&names::full(&key.name, apex)), key.r#type.clone(), key.set.clone())
}

/// About the order of Route 53's lists: by the labels of the name, the last first. Where it is not quite
/// that, finding takes a call more.
fn order(place: &Place) -> (Vec<String>, String, String) {
    let labels = place.0.rsplit('.').map(|it| if it == "*" { "\\052" } else { it }.to_owned());
    (labels.collect(), place.1.clone(), place.2.clone())
}

/// Takes out what a page shows of those that are looked for.
fn take(
    page: ListResourceRecordSetsOutput,
    open: &mut Vec<Open<'_>>,
    found: &mut HashMap<Key, (String, ResourceRecordSet)>,
) {
    let sets = page.resource_record_sets.into_iter().map(|it| {
        let set = it.set_identifier.clone().unwrap_or_default();
        ((names::listed(&it.name), it.r#type.as_str().to_owned(), set), it)
    });
    let sets: HashMap<Place, ResourceRecordSet> = sets.collect();
    open.retain(|(place, key)| match sets.get(place) {
        Some(set) => {
            found.insert((*key).clone(), (place.0.clone(), set.clone()));
            false
        }
        None => true,
    });
}

async fn page(aws: &Aws, zone: &str, start: Option<&Place>) -> Result<Option<ListResourceRecordSetsOutput>> {
    let mut call = aws.route53().list_resource_record_sets().hosted_zone_id(zone).max_items(PAGE);
    if let Some((name, kind, set)) = start {
        call = call.start_record_name(format!("{name}.")).start_record_type(kind.as_str().into());
        call = call.set_start_record_identifier(Some(set.clone()).filter(|it| !it.is_empty()));
    }
    match call.send().await.map_err(Error::from) {
        Ok(it) => Ok(Some(it)),
        Err(it) if it.is_missing() => Ok(None),
        Err(it) => Err(it),
    }
}

/// All records of a zone.
pub async fn all(aws: &Aws, zone: &str) -> Result<Vec<ResourceRecordSet>> {
    let (mut out, mut start): (Vec<ResourceRecordSet>, Option<Place>) = (Vec::new(), None);
    while let Some(page) = page(aws, zone, start.as_ref()).await? {
        out.extend(page.resource_record_sets);
        match (page.is_truncated, page.next_record_name, page.next_record_type) {
            (true, Some(name), Some(kind)) => {
                let set = page.next_record_identifier.unwrap_or_default();
                start = Some((names::without_dot(&name).to_owned(), kind.as_str().to_owned(), set));
            }
            _ => break,
        }
    }
    Ok(out)
}
