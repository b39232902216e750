use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_types::Blob;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::aws::{Aws, Error, Result};
use crate::lang::json::escaped;
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

/// An attribute of a key.
#[derive(Deserialize)]
enum Part {
    S(String),
    N(String),
    B(String),
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

fn sent(key: BTreeMap<String, Part>) -> Result<HashMap<String, AttributeValue>> {
    let each = key.into_iter().map(|(name, it)| {
        let value = match it {
            Part::S(it) => AttributeValue::S(it),
            Part::N(it) => AttributeValue::N(it),
            Part::B(it) => match STANDARD.decode(&it) {
                Ok(bytes) => AttributeValue::B(Blob::new(bytes)),
                Err(_) => return Err(Error::Invalid(format!("`{name}` of `key` is no base64: `{it}`"))),
            },
        };
        Ok::<_, Error>((name, value))
    });
    each.collect()
}

/// A line of JSON, as Go writes it.
fn text(item: HashMap<String, AttributeValue>) -> Result<String> {
    Ok(escaped(&format!("{}\n", object(item)?)))
}

/// Sorted by name.
fn object(all: HashMap<String, AttributeValue>) -> Result<Value> {
    let each = all.into_iter().map(|(name, it)| Ok::<_, Error>((name, told(it)?)));
    let sorted = each.collect::<Result<BTreeMap<_, _>>>()?;
    Ok(sorted.into_iter().collect())
}

fn told(it: AttributeValue) -> Result<Value> {
    let bytes = |it: Blob| STANDARD.encode(it);
    Ok(match it {
        AttributeValue::B(it) => json!({ "B": bytes(it) }),
        AttributeValue::Bool(it) => json!({ "BOOL": it }),
        AttributeValue::Bs(all) => json!({ "BS": all.into_iter().map(bytes).collect::<Vec<_>>() }),
        AttributeValue::L(all) => json!({ "L": all.into_iter().map(told).collect::<Result<Vec<_>>>()? }),
        AttributeValue::M(all) => json!({ "M": object(all)? }),
        AttributeValue::N(it) => json!({ "N": it }),
        AttributeValue::Ns(all) => json!({ "NS": all }),
        AttributeValue::Null(it) => json!({ "NULL": it }),
        AttributeValue::S(it) => json!({ "S": it }),
        AttributeValue::Ss(all) => json!({ "SS": all }),
        _ => return Err(Error::Shape("the item holds a value of a type that is not known here".to_owned())),
    })
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn items_are_told_in_dynamodbs_json() {
        let map = HashMap::from([("b".to_owned(), AttributeValue::Null(true))]);
        let item = HashMap::from([
            ("z".to_owned(), AttributeValue::S("<a>".to_owned())),
            ("n".to_owned(), AttributeValue::Ns(vec!["1.50".to_owned()])),
            ("m".to_owned(), AttributeValue::L(vec![AttributeValue::M(map), AttributeValue::Bool(false)])),
            ("b".to_owned(), AttributeValue::Bs(vec![Blob::new(vec![0u8, 1, 2])])),
        ]);
        let wanted = concat!(
            r#"{"b":{"BS":["AAEC"]},"m":{"L":[{"M":{"b":{"NULL":true}}},{"BOOL":false}]},"#,
            r#""n":{"NS":["1.50"]},"z":{"S":"\u003ca\u003e"}}"#,
            "\n"
        );
        assert_eq!(text(item).unwrap(), wanted);
    }
}
