//! How plans of resource types on the provider's older SDK say things: what is taken away becomes empty
//! instead of null, and sets and maps hold no item that is not known yet.

use crate::lang::value::Map;
use crate::lang::{Kind, Type, Value};
use crate::schema::Block;

use super::diff::is_nothing;

/// The block of how long to wait.
const TIMEOUTS: &str = "timeouts";

/// The planned object as the SDK would plan it.
pub fn planned(block: &Block, prior: &Value, value: Value) -> Value {
    let Some(fields) = value.as_fields() else { return value };
    let each = fields.iter().map(|(name, it)| {
        let it = settled(it);
        let it = match block.attributes.get(&**name) {
            Some(attribute) if !attribute.computed => emptied(prior.get(name), it),
            _ => it,
        };
        (name.clone(), it)
    });
    Value::object(each.collect::<Map>())
}

/// The prior object as the SDK would have refreshed it: a collection that is about to get items was empty.
pub fn prior(block: &Block, prior: Value, planned: &Value) -> Value {
    let Some(fields) = prior.as_fields() else { return prior };
    let each = fields.iter().map(|(name, it)| {
        let plain = block.attributes.get(&**name).is_some_and(|it| !it.computed);
        let gains = plain && planned.get(name).is_some_and(|it| !is_nothing(it));
        (name.clone(), if gains { empty(it).unwrap_or_else(|| it.clone()) } else { it.clone() })
    });
    Value::object(each.collect::<Map>())
}

/// The planned object, or the prior one where nothing but the times of `timeouts` differs: the SDK sees
/// no change in that, and takes the times up with the next one.
pub fn without_times_alone(prior: &Value, value: Value) -> Value {
    let (Some(was), Some(will)) = (prior.as_fields(), value.as_fields()) else { return value };
    let rest = |(name, it): (&std::sync::Arc<str>, &Value)| {
        &**name == TIMEOUTS || was.get(name).is_some_and(|was| super::diff::equal(was, it))
    };
    match was.get(TIMEOUTS) {
        Some(times) if will.iter().all(rest) => {
            let mut fields = will.clone();
            fields.insert(TIMEOUTS.into(), times.clone());
            Value::object(fields)
        }
        _ => value,
    }
}

/// The object as the SDK reads it from AWS: texts, numbers and switches that AWS leaves out are empty,
/// zero and off. What only the state keeps, or nobody, has not been read.
pub fn as_read(block: &Block, object: Value) -> Value {
    let Some(fields) = object.as_fields() else { return object };
    let each = fields.iter().map(|(name, it)| {
        let it = match (block.attributes.get(&**name), block.blocks.get(&**name)) {
            (Some(attribute), _) if attribute.local || attribute.write_only => it.clone(),
            (_, Some(nested)) if nested.local || &**name == TIMEOUTS => it.clone(),
            (_, Some(nested)) => of_each(it, &|it| as_read(&nested.block, it.clone())),
            _ => zero(it),
        };
        (name.clone(), it)
    });
    Value::object(each.collect::<Map>()).marked(object.marks)
}

/// The answer of a data source as the SDK keeps it: nothing that it computes is null. But for what the provider does
/// not even set for some things (`unset`), which is as it was told (`live`), and a block that the stack did not write.
pub fn as_answered(block: &Block, answer: Value, live: &Value, unset: &[&str]) -> Value {
    let Some(fields) = answer.as_fields() else { return answer };
    let computed = |name: &str| block.attributes.get(name).is_some_and(|it| it.computed);
    let each = fields.iter().map(|(name, it)| {
        let filled = match &it.kind {
            _ if is_argument(block, name) => written(it),
            _ if unset.contains(&&**name) => match is_nothing(it) {
                true => told(live.get(name).unwrap_or(it)),
                false => it.clone(),
            },
            _ if !computed(name) => it.clone(),
            _ if it.is_null() && empty(it).is_some() => whole(it),
            _ => zero(it),
        };
        (name.clone(), filled)
    });
    Value::object(each.collect::<Map>()).marked(answer.marks)
}

/// What is not set at all where it was not told: an empty collection is as good as none.
fn told(it: &Value) -> Value {
    match &it.kind {
        Kind::List(..) | Kind::Set(..) | Kind::Map(..) if is_nothing(it) => Value::null(it.ty()),
        _ => it.clone(),
    }
}

/// Whether it is a block that a stack may write.
fn is_argument(block: &Block, name: &str) -> bool {
    let argument = |it: &Block| it.attributes.values().any(|it| it.required || it.optional);
    block.blocks.get(name).is_some_and(|it| name != TIMEOUTS && argument(&it.block))
}

/// Blocks as they were written: null where there is none, and whole where there are some.
fn written(it: &Value) -> Value {
    match it.as_items() {
        Some([]) => Value::null(it.ty()),
        _ => whole(it),
    }
}

/// The empty value of what is null, collections too, in objects too.
fn whole(it: &Value) -> Value {
    match &it.kind {
        Kind::Object(fields) => {
            let each = fields.iter().map(|(name, it)| (name.clone(), whole(it)));
            Value::object(each.collect::<Map>()).marked(it.marks)
        }
        Kind::List(..) | Kind::Set(..) => of_each(it, &whole),
        _ => empty(it).unwrap_or_else(|| zero(it)),
    }
}

/// The empty value of what is null, in objects too.
fn zero(it: &Value) -> Value {
    let empty: Value = match &it.kind {
        Kind::Null(Type::String) => "".into(),
        Kind::Null(Type::Number) => 0.into(),
        Kind::Null(Type::Bool) => false.into(),
        Kind::Object(fields) => {
            Value::object(fields.iter().map(|(name, it)| (name.clone(), zero(it))).collect::<Map>())
        }
        _ => return of_each(it, &zero),
    };
    empty.marked(it.marks)
}

/// The same collection of other objects.
fn of_each(it: &Value, each: &dyn Fn(&Value) -> Value) -> Value {
    let objects = |of: &Type| matches!(of, Type::Object(_));
    let out = match &it.kind {
        Kind::List(of, all) if objects(of) => Value::list(of.clone(), all.iter().map(each).collect()),
        Kind::Set(of, all) if objects(of) => Value::set(of.clone(), all.iter().map(each).collect()),
        _ => return it.clone(),
    };
    out.marked(it.marks)
}

fn emptied(prior: Option<&Value>, it: Value) -> Value {
    if prior.is_none_or(is_nothing) {
        return it;
    }
    empty(&it).unwrap_or(it)
}

/// An empty collection, for a null one.
fn empty(it: &Value) -> Option<Value> {
    match &it.kind {
        Kind::Null(Type::Map(of)) => Some(Value::map(of.as_ref().clone(), Map::new()).marked(it.marks)),
        Kind::Null(Type::Set(of)) => Some(Value::set(of.as_ref().clone(), Vec::new()).marked(it.marks)),
        Kind::Null(Type::List(of)) => Some(Value::list(of.as_ref().clone(), Vec::new()).marked(it.marks)),
        _ => None,
    }
}

/// The SDK tells items of a set apart by their hash, which an unknown one has not, and reads maps whole:
/// with an item that is unknown, all of it is.
fn settled(it: &Value) -> Value {
    let each = |items: &[Value]| items.iter().map(settled).collect::<Vec<_>>();
    let out = match &it.kind {
        Kind::Set(_, items) if items.iter().any(Value::is_unknown) => Value::unknown(it.ty()),
        Kind::Map(_, fields) if fields.values().any(Value::is_unknown) => Value::unknown(it.ty()),
        Kind::Set(of, items) => Value::set(of.clone(), each(items)),
        Kind::List(of, items) => Value::list(of.clone(), each(items)),
        Kind::Object(fields) => {
            Value::object(fields.iter().map(|(name, it)| (name.clone(), settled(it))).collect::<Map>())
        }
        _ => return it.clone(),
    };
    out.marked(it.marks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind;

    fn block() -> &'static Block {
        &kind::resource("aws_security_group").expect("registered").schema().block
    }

    fn object(json: &str) -> Value {
        let json: serde_json::Value = serde_json::from_str(json).expect("json");
        crate::schema::conform::from_state(&json, block())
    }

    #[test]
    fn tags_taken_away_become_empty() {
        let (was, will) = (object(r#"{"tags":{"a":"b"}}"#), object("{}"));
        let planned = planned(block(), &was, will.clone());
        assert_eq!(planned.get("tags").map(Value::to_json), Some(serde_json::json!({})));
        let still = super::planned(block(), &object("{}"), will);
        assert!(still.get("tags").is_some_and(Value::is_null));
    }

    #[test]
    fn tags_given_to_something_without_were_empty() {
        let before = prior(block(), object("{}"), &object(r#"{"tags":{"a":"b"}}"#));
        assert_eq!(before.get("tags").map(Value::to_json), Some(serde_json::json!({})));
        assert!(prior(block(), object("{}"), &object("{}")).get("tags").is_some_and(Value::is_null));
    }

    #[test]
    fn a_set_with_an_unknown_item_is_unknown() {
        let items = vec!["a".into(), Value::unknown(Type::String)];
        let value =
            Value::object([("x".into(), Value::set(Type::String, items))].into_iter().collect::<Map>());
        assert!(planned(block(), &Value::null(Type::Any), value).get("x").is_some_and(Value::is_unknown));
    }
}
