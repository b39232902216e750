use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::dynamodb::item::{Item, Part, text};
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// An item of a table. It is kept in the state.
///
/// ```toml
/// [data.aws_dynamodb_table_item.settings]
/// table_name = "settings"
/// key = '{"id": {"S": "shop"}}'
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TableItem {
    /// The table's name.
    pub table_name: String,
    /// The item's key, in DynamoDB's JSON: each attribute with its type, `S`, `N` or `B`.
    pub key: Json,
    /// Which attributes are told, with commas between; else all.
    pub projection_expression: Option<String>,
    /// Names that stand for attributes in `projection_expression`, such as `#n` for `name`.
    pub expression_attribute_names: Option<Tags>,
    /// The table's name and the values of the key, with `|` between.
    pub id: Computed<String>,
    /// The item in DynamoDB's JSON: `${jsondecode(data.aws_dynamodb_table_item.settings.item).level.N}`.
    pub item: Computed<String>,
}

impl DataSource for TableItem {
    const TYPE: &'static str = "aws_dynamodb_table_item";
    const READS: Reads = Reads::of(
        &[Cost::each("dynamodb:GetItem")],
        "the call that takes many items needs a permission of its own",
    );

    async fn read(self, aws: &Aws) -> Result<Self> {
        let key = parts(&self.key)?;
        let id = id(&self.table_name, &key);
        let names = self.expression_attribute_names.clone().filter(|it| !it.is_empty());
        let call = aws
            .dynamodb()
            .get_item()
            .table_name(&self.table_name)
            .set_key(Some(sent(key)?))
            .consistent_read(true)
            .set_projection_expression(self.projection_expression.clone().filter(|it| !it.is_empty()))
            .set_expression_attribute_names(names.map(|it| it.into_iter().collect()));
        let missing = || Error::Invalid(format!("table `{}` has no item with this `key`", self.table_name));
        let item = call.send().await?.item.ok_or_else(missing)?;
        Ok(TableItem { id: id.into(), item: text(item)?.into(), ..self })
    }
}

fn parts(key: &str) -> Result<BTreeMap<String, Part>> {
    serde_json::from_str(key).map_err(|it| {
        let like = r#"{"id": {"S": "shop"}}"#;
        Error::Invalid(format!("`key` is no key of an item: write it like `{like}` ({it})"))
    })
}

fn id(table: &str, key: &BTreeMap<String, Part>) -> String {
    let parts = key.iter().flat_map(|(name, it)| match it {
        Part::S(it) | Part::N(it) => vec![it.as_str()],
        Part::B(it) => vec![name.as_str(), it.as_str()],
    });
    std::iter::once(table).chain(parts).collect::<Vec<_>>().join("|")
}

fn sent(key: BTreeMap<String, Part>) -> Result<Item> {
    let each = key.into_iter().map(|(name, it)| match it.sent() {
        Some(value) => Ok((name, value)),
        None => Err(Error::Invalid(format!("`{name}` of `key` is no base64"))),
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::types::AttributeValue;
    use aws_smithy_types::Blob;

    use super::*;

    #[test]
    fn keys_are_of_text_numbers_and_bytes() {
        let key = parts(r#"{"id": {"S": "a"}, "at": {"N": "7"}}"#).unwrap();
        assert_eq!(id("orders", &key), "orders|7|a");
        assert_eq!(sent(key).unwrap()["at"], AttributeValue::N("7".to_owned()));
        let key = parts(r#"{"id": {"B": "AAEC"}}"#).unwrap();
        assert_eq!(id("orders", &key), "orders|id|AAEC");
        assert_eq!(sent(key).unwrap()["id"], AttributeValue::B(Blob::new(vec![0u8, 1, 2])));
        for wrong in ["", "[]", r#"{"id": "a"}"#, r#"{"id": {"L": []}}"#, r#"{"id": {"S": "a", "N": "1"}}"#] {
            assert!(parts(wrong).is_err(), "{wrong}");
        }
        assert!(sent(parts(r#"{"id": {"B": "?"}}"#).unwrap()).is_err());
    }
}
