use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeAction, AttributeValueUpdate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::item::{self, Item, Part};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::Adjust;
use crate::resource::*;

mod reading;

/// An item of a table, such as a setting that a program looks up.
///
/// What the program changes about it is changed back: this is for few items that belong to the stack.
///
/// ```toml
/// [aws_dynamodb_table_item.level]
/// table_name = "${aws_dynamodb_table.settings.name}"
/// hash_key = "${aws_dynamodb_table.settings.hash_key}"
/// item = '${jsonencode({ id = { S = "level" }, value = { N = "7" } })}'
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TableItem {
    /// The table's name.
    pub table_name: Fixed<String>,
    /// Name of the table's hash key.
    pub hash_key: Fixed<String>,
    /// Name of the table's range key; required where the table has one.
    pub range_key: Fixed<Option<String>>,
    /// All attributes, those of the key too, in DynamoDB's JSON: each with its type, such as `S` or `N`.
    pub item: Json,
    /// The table's name, that of the hash key, and the values of the key, with `|` between.
    pub id: Computed<String>,
}

/// An item's place: its table and what its key says.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place {
    table: String,
    hash: (String, Part),
    range: Option<(String, Part)>,
}

/// How often a change of the key is sent whose answers get lost: sent again, it does nothing.
const ATTEMPTS: u32 = 4;

impl Resource for TableItem {
    const TYPE: &'static str = "aws_dynamodb_table_item";
    // The provider cannot import it either.
    const IMPORT: &'static [&'static str] = &[];
    const TAGS: TagApi = TagApi::None;
    const READS: Reads = Reads::of(
        &[Cost::each("dynamodb:GetItem").to(1), Cost::page("dynamodb:BatchGetItem", 100).from(2)],
        "one is asked about by itself; a call tells of 100 items, whichever tables they are in",
    );
    const SOUGHT_BY: &'static [&'static str] = &["item"];
    const PASSING: &'static [&'static [Passing]] = &[&[
        // The table was made a moment ago.
        Passing::unseen("ResourceNotFoundException"),
        Passing::busy("TransactionConflictException"),
    ]];
    type Key = Place;

    fn key(&self) -> Place {
        // What is no item is refused before anything is made of it, and a journal may lack it.
        let item = item::parse(&self.item).unwrap_or_default();
        let part = |name: &str| {
            let value = item.get(name).and_then(Part::of);
            (name.to_owned(), value.unwrap_or_else(|| Part::S(String::new())))
        };
        Place { table: self.table_name.0.clone(), hash: part(&self.hash_key), range: self.range().map(part) }
    }

    // Another key is another item to DynamoDB.
    fn key_after(&self, will: &Self) -> Place {
        will.key()
    }

    fn import(_id: &str) -> Result<Place> {
        Err(Error::Invalid("an item cannot be imported: delete it, and an apply makes it anew".to_owned()))
    }

    async fn read(aws: &Aws, places: &[Place]) -> Result<Vec<Live<Self>>> {
        let found = reading::items(aws, places).await?;
        found.into_iter().map(|(place, it)| live(place, it)).collect()
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<Place> {
        let call = aws.dynamodb().put_item().table_name(&self.table_name.0);
        let call = call.set_item(Some(item::parse(&self.item)?));
        let call = call.condition_expression("attribute_not_exists(#hk)");
        let call = call.expression_attribute_names("#hk", &self.hash_key.0);
        match call.send().await.map_err(Error::from) {
            Ok(_) => Ok(self.key()),
            Err(it) => Err(self.taken(it)),
        }
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let moves = self.key() != was.key();
        let mut attempt = 1;
        loop {
            match self.change(aws, was, moves).await {
                // Whoever looks at the new place does not see what is left at the old one.
                Err(Error::Unreached(_)) if moves && attempt < ATTEMPTS => attempt += 1,
                Err(Error::Unreached(why)) if moves => {
                    return Err(Error::Invalid(format!("no answer from AWS: {why}; apply again")));
                }
                answer => return answer,
            }
        }
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        self.remove(aws).await
    }

    // What stands there says exactly what ours would say, or it is somebody else's.
    async fn find(&self, aws: &Aws, _new: &New) -> Result<Option<Place>> {
        let Ok(ours) = item::parse(&self.item) else { return Err(Error::Unsearchable) };
        let place = self.key();
        let there = reading::one(aws, &place).await?;
        Ok(there.filter(|it| item::same(it, &ours)).map(|_| place))
    }

    // Numbers and sets stay as they were written.
    fn as_kept(mut self, kept: &Self) -> Self {
        let (Ok(seen), Ok(ours)) = (item::parse(&self.item), item::parse(&kept.item)) else { return self };
        if item::same(&seen, &ours) {
            let id = kept.id_of(&ours);
            // Older versions of the provider have more between the parts.
            let parts: Vec<&str> = kept.id.split('|').collect();
            let holds = id.split('|').all(|it| parts.contains(&it));
            self.id = if holds { kept.id.clone() } else { Computed(id) };
            self.item = kept.item.clone();
        }
        self
    }

    fn adjust(plan: &mut Adjust) {
        let Some(text) = plan.will("item").and_then(Value::as_str) else { return };
        let ours = match item::parse(text) {
            Ok(it) => it,
            Err(error) => return plan.error("item", error.to_string()),
        };
        check_key(plan, &ours);
        let same = |was: &Value| {
            let was = was.as_str().and_then(|it| item::parse(it).ok());
            was.is_some_and(|it| item::same(&it, &ours))
        };
        if let Some(was) = plan.change("item").filter(|it| same(it.0)).map(|it| it.0.clone()) {
            plan.set("item", was);
        }
    }
}

fn check_key(plan: &mut Adjust, item: &Item) {
    for name in ["hash_key", "range_key"] {
        let key = plan.will(name).and_then(Value::as_str).filter(|it| !it.is_empty());
        let Some(key) = key.map(str::to_owned) else { continue };
        match item.get(&key).map(Part::of) {
            None => plan.error("item", format!("it lacks `{key}`, which is the table's `{name}`")),
            Some(None) => {
                plan.error("item", format!("`{key}` is the table's `{name}`: it is of type S, N or B"));
            }
            Some(Some(_)) => {}
        }
    }
}

impl TableItem {
    fn range(&self) -> Option<&str> {
        self.range_key.as_deref().filter(|it| !it.is_empty())
    }

    fn is_of_key(&self, name: &str) -> bool {
        name == self.hash_key.0 || self.range() == Some(name)
    }

    /// The attributes of its key.
    fn key_in(&self, item: &Item) -> Result<Item> {
        let names = std::iter::once(self.hash_key.as_str()).chain(self.range());
        let each = names.map(|name| match item.get(name) {
            Some(it) => Ok((name.to_owned(), it.clone())),
            None => Err(Error::Invalid(format!("`item` lacks `{name}`, a part of its key"))),
        });
        each.collect()
    }

    fn id_of(&self, item: &Item) -> String {
        let values = [Some(self.hash_key.as_str()), self.range()].into_iter().flatten();
        let values = values.filter_map(|it| item::plain(item.get(it)?));
        let names = [self.table_name.0.clone(), self.hash_key.0.clone()];
        names.into_iter().chain(values).collect::<Vec<_>>().join("|")
    }

    /// Sets all attributes and takes away what is there no more. With another key it is another item, and the
    /// old one goes after that.
    async fn change(&self, aws: &Aws, was: &Self, moves: bool) -> Result<()> {
        let (now, before) = (item::parse(&self.item)?, item::parse(&was.item)?);
        let call = aws.dynamodb().update_item().table_name(&self.table_name.0);
        let call = call.set_key(Some(self.key_in(&now)?));
        call.set_attribute_updates(Some(self.updates(&now, &before))).send().await?;
        if moves { was.remove(aws).await } else { Ok(()) }
    }

    fn updates(&self, now: &Item, before: &Item) -> HashMap<String, AttributeValueUpdate> {
        let put = now.iter().filter(|it| !self.is_of_key(it.0)).map(|(name, it)| {
            let update = AttributeValueUpdate::builder().action(AttributeAction::Put);
            (name.clone(), update.value(it.clone()).build())
        });
        let gone = before.keys().filter(|it| !self.is_of_key(it) && !now.contains_key(*it)).map(|name| {
            (name.clone(), AttributeValueUpdate::builder().action(AttributeAction::Delete).build())
        });
        put.chain(gone).collect()
    }

    async fn remove(&self, aws: &Aws) -> Result<()> {
        let key = self.key_in(&item::parse(&self.item)?)?;
        aws.dynamodb().delete_item().table_name(&self.table_name.0).set_key(Some(key)).send().await?;
        Ok(())
    }

    /// What the refusal of a create means.
    fn taken(&self, error: Error) -> Error {
        match error {
            Error::Refused { code, request, .. } if code == "ConditionalCheckFailedException" => {
                let message = format!(
                    "table `{}` holds an item with this key already, which is not of this stack: delete it, \
                     or choose another key",
                    self.table_name.0
                );
                Error::Refused { code, message, request }
            }
            other => other,
        }
    }
}

fn live(place: Place, item: Item) -> Result<Live<TableItem>> {
    let mut attributes = TableItem {
        table_name: Fixed(place.table.clone()),
        hash_key: Fixed(place.hash.0.clone()),
        range_key: Fixed(place.range.as_ref().map(|it| it.0.clone())),
        item: Json::default(),
        id: Computed::default(),
    };
    attributes.id = Computed(attributes.id_of(&item));
    attributes.item = Json(item::text(item)?.trim_end().to_owned());
    Ok(Live { key: place, attributes, tags: None, status: Status::Ready, unread: &[] })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(range: Option<&str>, text: &str) -> TableItem {
        TableItem {
            table_name: Fixed("orders".to_owned()),
            hash_key: Fixed("id".to_owned()),
            range_key: Fixed(range.map(str::to_owned)),
            item: Json(text.to_owned()),
            id: Computed::default(),
        }
    }

    #[test]
    fn a_place_is_table_and_key() {
        let one = item(Some("at"), r#"{"id": {"S": "a"}, "at": {"N": "7.0"}, "x": {"BOOL": true}}"#);
        let other = item(Some("at"), r#"{"at": {"N": "7"}, "id": {"S": "a"}}"#);
        assert!(one.key() == other.key());
        assert!(one.key() != item(None, r#"{"id": {"S": "a"}}"#).key());
        assert!(one.key() != item(Some("at"), r#"{"at": {"N": "8"}, "id": {"S": "a"}}"#).key());
        assert_eq!(one.id_of(&item::parse(&one.item).unwrap()), "orders|id|a|7.0");
    }

    #[test]
    fn an_update_puts_all_but_the_key_and_takes_away_the_rest() {
        let now = r#"{"id": {"S": "b"}, "x": {"N": "1"}}"#;
        let before = r#"{"id": {"S": "a"}, "y": {"N": "2"}}"#;
        let parse = |text: &str| item::parse(text).unwrap();
        let updates = item(None, now).updates(&parse(now), &parse(before));
        let action = |name: &str| updates.get(name).and_then(|it| it.action.clone());
        assert_eq!(updates.len(), 2);
        assert_eq!(action("x"), Some(AttributeAction::Put));
        assert_eq!(action("y"), Some(AttributeAction::Delete));
    }

    #[test]
    fn what_means_the_same_stays_as_it_is_written() {
        let seen = |text: &str| {
            let it = item(None, text);
            let id = it.id_of(&item::parse(text).unwrap());
            TableItem { id: Computed(id), ..it }
        };
        let mut kept = item(None, r#"{"id": {"N": "1.0"}, "x": {"SS": ["a", "b"]}}"#);
        let told = r#"{"id":{"N":"1"},"x":{"SS":["b","a"]}}"#;
        let same = seen(told).as_kept(&kept);
        assert_eq!((&same.item, same.id.as_str()), (&kept.item, "orders|id|1.0"));
        kept.id = Computed("orders|id||1.0|".to_owned());
        assert_eq!(seen(told).as_kept(&kept).id.0, "orders|id||1.0|");
        let other = seen(r#"{"id":{"N":"1"}}"#).as_kept(&kept);
        assert_eq!(other.item.0, r#"{"id":{"N":"1"}}"#);
    }
}
