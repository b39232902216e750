//! Items as stacks and states write them, in DynamoDB's JSON: `{"id": {"S": "shop"}, "level": {"N": "7"}}`.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_types::Blob;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::aws::{Error, Result};
use crate::lang::json::escaped;
use crate::lang::number::Number;

/// Attributes by name.
pub type Item = HashMap<String, AttributeValue>;

/// A value with what is wrong about it, to stand behind its name.
type Checked<T> = std::result::Result<T, String>;

/// An item out of a text.
pub fn parse(text: &str) -> Result<Item> {
    let wrong = |why: &str| {
        let like = r#"{"id": {"S": "shop"}, "level": {"N": "7"}}"#;
        Error::Invalid(format!("this is no item: {why}; write it like `{like}`"))
    };
    let json: Value = serde_json::from_str(text).map_err(|it| wrong(&format!("it is no JSON ({it})")))?;
    let Value::Object(all) = json else { return Err(wrong("it is no object")) };
    let each = all.into_iter().map(|(name, it)| match value(it) {
        Ok(it) => Ok((name, it)),
        Err(why) => Err(wrong(&format!("`{name}` {why}"))),
    });
    each.collect()
}

fn value(json: Value) -> Checked<AttributeValue> {
    let untyped = || format!("is `{json}` without its type, such as `S` in `{{\"S\": \"shop\"}}`");
    let Value::Object(all) = &json else { return Err(untyped()) };
    let mut each = all.iter();
    let (Some((kind, it)), None) = (each.next(), each.next()) else { return Err(untyped()) };
    Ok(match (kind.as_str(), it) {
        ("S", Value::String(it)) => AttributeValue::S(it.clone()),
        ("N", Value::String(it)) => AttributeValue::N(number(it)?),
        ("B", Value::String(it)) => AttributeValue::B(bytes(it)?),
        ("BOOL", Value::Bool(it)) => AttributeValue::Bool(*it),
        ("NULL", Value::Bool(it)) => AttributeValue::Null(*it),
        ("SS", Value::Array(all)) => AttributeValue::Ss(texts(all, |it| Ok(it.to_owned()))?),
        ("NS", Value::Array(all)) => AttributeValue::Ns(texts(all, number)?),
        ("BS", Value::Array(all)) => AttributeValue::Bs(texts(all, bytes)?),
        ("L", Value::Array(all)) => {
            AttributeValue::L(all.iter().cloned().map(value).collect::<Checked<_>>()?)
        }
        ("M", Value::Object(all)) => {
            let each = all.iter().map(|(name, it)| Ok::<_, String>((name.clone(), value(it.clone())?)));
            AttributeValue::M(each.collect::<Checked<_>>()?)
        }
        ("S" | "N" | "B" | "BOOL" | "NULL" | "SS" | "NS" | "BS" | "L" | "M", it) => {
            return Err(format!("is of type `{kind}`, and `{it}` is none"));
        }
        _ => return Err(format!("is of type `{kind}`, which DynamoDB does not know")),
    })
}

fn number(text: &str) -> Checked<String> {
    match text.parse::<Number>() {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err(format!("is of type `N`, and `{text}` is no number")),
    }
}

fn bytes(text: &str) -> Checked<Blob> {
    let bytes = STANDARD.decode(text).map_err(|_| format!("is of type `B`, and `{text}` is no base64"))?;
    Ok(Blob::new(bytes))
}

fn texts<T>(all: &[Value], of: impl Fn(&str) -> Checked<T>) -> Checked<Vec<T>> {
    let each = all.iter().map(|it| match it {
        Value::String(it) => of(it),
        it => Err(format!("holds `{it}`, which is no text")),
    });
    each.collect()
}

/// A line of JSON, as Go writes it.
pub fn text(item: Item) -> Result<String> {
    Ok(escaped(&format!("{}\n", object(item)?)))
}

/// Sorted by name.
fn object(all: Item) -> Result<Value> {
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

/// Whether both say the same to DynamoDB, which writes numbers its own way and keeps no order in sets.
pub fn same(a: &Item, b: &Item) -> bool {
    a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| alike(a, b)))
}

fn alike(a: &AttributeValue, b: &AttributeValue) -> bool {
    use AttributeValue as Of;
    match (a, b) {
        (Of::N(a), Of::N(b)) => short(a) == short(b),
        (Of::Ns(a), Of::Ns(b)) => as_sets(a, b, |a, b| short(a) == short(b)),
        (Of::Ss(a), Of::Ss(b)) => as_sets(a, b, |a, b| a == b),
        (Of::Bs(a), Of::Bs(b)) => as_sets(a, b, |a, b| a == b),
        (Of::L(a), Of::L(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b)),
        (Of::M(a), Of::M(b)) => same(a, b),
        (a, b) => a == b,
    }
}

fn as_sets<T>(a: &[T], b: &[T], same: impl Fn(&T, &T) -> bool) -> bool {
    a.len() == b.len() && a.iter().all(|a| b.iter().any(|b| same(a, b)))
}

/// A number in as few digits as it takes.
fn short(number: &str) -> String {
    number.parse::<Number>().map_or_else(|_| number.to_owned(), |it| it.to_string())
}

/// A value that an attribute of a key may have: two of the same are the same place in a table.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Part {
    S(String),
    N(String),
    /// In base64.
    B(String),
}

impl Part {
    /// `None` of a type that no key has.
    pub fn of(value: &AttributeValue) -> Option<Part> {
        Some(match value {
            AttributeValue::S(it) => Part::S(it.clone()),
            AttributeValue::N(it) => Part::N(short(it)),
            AttributeValue::B(it) => Part::B(STANDARD.encode(it)),
            _ => return None,
        })
    }

    /// `None` where bytes are no base64.
    pub fn sent(&self) -> Option<AttributeValue> {
        Some(match self {
            Part::S(it) => AttributeValue::S(it.clone()),
            Part::N(it) => AttributeValue::N(it.clone()),
            Part::B(it) => AttributeValue::B(Blob::new(STANDARD.decode(it).ok()?)),
        })
    }
}

/// A value of a key as it stands in an id. Bytes that look like base64 already are left as they are.
pub fn plain(value: &AttributeValue) -> Option<String> {
    match value {
        AttributeValue::S(it) | AttributeValue::N(it) => Some(it.clone()),
        AttributeValue::B(it) => {
            let text = std::str::from_utf8(it.as_ref()).ok().filter(|it| STANDARD.decode(it).is_ok());
            Some(text.map_or_else(|| STANDARD.encode(it), str::to_owned))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERY: &str = concat!(
        r#"{"b":{"BS":["AAEC"]},"m":{"L":[{"M":{"b":{"NULL":true}}},{"BOOL":false}]},"#,
        r#""n":{"NS":["1.50"]},"s":{"SS":["x","y"]},"z":{"S":"\u003ca\u003e"}}"#,
        "\n"
    );

    #[test]
    fn items_are_told_in_dynamodbs_json() {
        let map = HashMap::from([("b".to_owned(), AttributeValue::Null(true))]);
        let item = HashMap::from([
            ("z".to_owned(), AttributeValue::S("<a>".to_owned())),
            ("n".to_owned(), AttributeValue::Ns(vec!["1.50".to_owned()])),
            ("m".to_owned(), AttributeValue::L(vec![AttributeValue::M(map), AttributeValue::Bool(false)])),
            ("b".to_owned(), AttributeValue::Bs(vec![Blob::new(vec![0u8, 1, 2])])),
            ("s".to_owned(), AttributeValue::Ss(vec!["x".to_owned(), "y".to_owned()])),
        ]);
        assert_eq!(parse(EVERY).unwrap(), item);
        assert_eq!(text(item).unwrap(), EVERY);
    }

    #[test]
    fn what_is_no_item_is_said() {
        for (text, why) in [
            ("", "no JSON"),
            ("[]", "no object"),
            (r#"{"a": "x"}"#, "`a` is `\"x\"` without its type"),
            (r#"{"a": {"S": "x", "N": "1"}}"#, "without its type"),
            (r#"{"a": {"N": 1}}"#, "`a` is of type `N`, and `1` is none"),
            (r#"{"a": {"N": "x"}}"#, "`x` is no number"),
            (r#"{"a": {"X": "x"}}"#, "which DynamoDB does not know"),
            (r#"{"a": {"L": [{"B": "?"}]}}"#, "`?` is no base64"),
            (r#"{"a": {"SS": [1]}}"#, "`1`, which is no text"),
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
    }

    #[test]
    fn numbers_and_sets_have_several_spellings() {
        let same = |a: &str, b: &str| same(&parse(a).unwrap(), &parse(b).unwrap());
        assert!(same(r#"{"a": {"N": "1.50"}}"#, r#"{"a": {"N": "15e-1"}}"#));
        assert!(same(r#"{"a": {"SS": ["x", "y"]}}"#, r#"{"a": {"SS": ["y", "x"]}}"#));
        let nested = |all: &str| format!(r#"{{"a": {{"M": {{"b": {{"NS": [{all}]}}}}}}}}"#);
        assert!(same(&nested(r#""1", "2""#), &nested(r#""2.0", "1""#)));
        let list = |all: &str| format!(r#"{{"a": {{"L": [{all}]}}}}"#);
        assert!(!same(&list(r#"{"S": "x"}, {"S": "y"}"#), &list(r#"{"S": "y"}, {"S": "x"}"#)));
        assert!(!same(r#"{"a": {"N": "1"}}"#, r#"{"a": {"S": "1"}}"#));
        assert!(!same(r#"{"a": {"N": "1"}}"#, "{}"));
    }

    #[test]
    fn parts_of_keys_go_there_and_back() {
        let text = r#"{"n": {"N": "7.0"}, "b": {"B": "AAEC"}, "x": {"B": "YWJjZA=="}, "l": {"L": []}}"#;
        let item = parse(text).unwrap();
        assert_eq!(Part::of(&item["n"]), Some(Part::N("7".to_owned())));
        assert_eq!(Part::of(&item["b"]).and_then(|it| it.sent()), Some(item["b"].clone()));
        assert_eq!(Part::of(&item["l"]), None);
        assert_eq!((plain(&item["n"]).as_deref(), plain(&item["b"]).as_deref()), (Some("7.0"), Some("AAEC")));
        // `abcd` is base64 of something.
        assert_eq!(plain(&item["x"]).as_deref(), Some("abcd"));
    }
}
