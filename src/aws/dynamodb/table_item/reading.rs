//! Looking at items, many at a time.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use aws_sdk_dynamodb::types::KeysAndAttributes;
use futures::stream::{self, StreamExt, TryStreamExt};

use super::Place;
use crate::aws::dynamodb::item::{Item, Part};
use crate::aws::pages::there;
use crate::aws::shape::built;
use crate::aws::{Aws, Error, Result};

/// The most items that a call may ask about.
const MOST: usize = 100;
/// How many questions about single items are under way at once.
const AT_ONCE: usize = 16;
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// The items at these places; what is not there is left out.
pub async fn items(aws: &Aws, places: &[Place]) -> Result<Vec<(Place, Item)>> {
    // A call that asks about the same one twice is refused.
    let mut seen = HashSet::new();
    let places: Vec<&Place> = places.iter().filter(|it| seen.insert(*it)).collect();
    if let [only] = places[..] {
        return Ok(one(aws, only).await?.map(|it| (only.clone(), it)).into_iter().collect());
    }
    let mut out = Vec::with_capacity(places.len());
    for some in places.chunks(MOST) {
        match batch(aws, some).await {
            Ok(found) => out.extend(found),
            // A table that is gone spoils the whole call, and some may only ask about one by one.
            Err(error) if error.is_missing() || is_denied(&error) => out.extend(each(aws, some).await?),
            Err(error) => return Err(error),
        }
    }
    Ok(out)
}

fn is_denied(error: &Error) -> bool {
    error.code().is_some_and(|it| it.contains("AccessDenied"))
}

/// The item at this place.
pub async fn one(aws: &Aws, place: &Place) -> Result<Option<Item>> {
    let call = aws.dynamodb().get_item().table_name(&place.table).set_key(Some(place.sent()?));
    let answer = call.consistent_read(true).send().await;
    Ok(there(answer.map_err(Error::from))?.and_then(|it| it.item))
}

async fn each(aws: &Aws, places: &[&Place]) -> Result<Vec<(Place, Item)>> {
    let asked = stream::iter(places)
        .map(|it| async move { Ok::<_, Error>(one(aws, it).await?.map(|item| ((*it).clone(), item))) });
    asked.buffer_unordered(AT_ONCE).try_filter_map(async |it| Ok(it)).try_collect().await
}

async fn batch(aws: &Aws, places: &[&Place]) -> Result<Vec<(Place, Item)>> {
    let (mut open, mut out, mut pause) = (asked(places)?, Vec::new(), FIRST_PAUSE);
    loop {
        let answer = aws.dynamodb().batch_get_item().set_request_items(Some(open)).send().await?;
        for (table, items) in answer.responses.unwrap_or_default() {
            for item in items {
                let place = places.iter().find(|it| it.table == table && it.is_of(&item));
                out.extend(place.map(|it| ((*it).clone(), item)));
            }
        }
        // What was too much for one answer. Where DynamoDB can tell of none at all, it refuses.
        open = answer.unprocessed_keys.unwrap_or_default();
        if open.is_empty() {
            return Ok(out);
        }
        tokio::time::sleep(pause).await;
        pause = (2 * pause).min(LONGEST_PAUSE);
    }
}

fn asked(places: &[&Place]) -> Result<HashMap<String, KeysAndAttributes>> {
    let mut tables: BTreeMap<&str, Vec<Item>> = BTreeMap::new();
    for it in places {
        tables.entry(&it.table).or_default().push(it.sent()?);
    }
    let each = tables.into_iter().map(|(table, keys)| {
        let keys = KeysAndAttributes::builder().set_keys(Some(keys)).consistent_read(true);
        Ok::<_, Error>((table.to_owned(), built(keys.build())?))
    });
    each.collect()
}

impl Place {
    fn parts(&self) -> impl Iterator<Item = &(String, Part)> {
        std::iter::once(&self.hash).chain(&self.range)
    }

    /// The key as a call takes it.
    fn sent(&self) -> Result<Item> {
        let each = self.parts().map(|(name, it)| match it.sent() {
            Some(it) => Ok((name.clone(), it)),
            None => Err(Error::Shape(format!("`{name}` is of type B, and its value is no base64"))),
        });
        each.collect()
    }

    fn is_of(&self, item: &Item) -> bool {
        self.parts().all(|(name, part)| item.get(name).and_then(Part::of).as_ref() == Some(part))
    }
}
