//! What may stand in a body: attributes and nested blocks.

use serde_json::{Map, Value as Json, json};

use super::EXPRESSION;
use crate::lang::{Type, Value};
use crate::schema::{Attribute, Block, Check, Form, NestedBlock, Nesting};

/// The keywords of a block's body. They say nothing of what is no table, and can stand beside others.
pub fn keywords(block: &Block, extra: Map<String, Json>) -> Map<String, Json> {
    let mut properties = Map::new();
    let mut required: Vec<&str> = Vec::new();
    for (name, it) in block.attributes.iter().filter(|it| it.1.required || it.1.optional) {
        properties.insert(name.clone(), attribute(it));
        required.extend(it.required.then_some(name.as_str()));
    }
    for (name, it) in &block.blocks {
        properties.insert(name.clone(), nested(it));
        required.extend((it.min > 0).then_some(name.as_str()));
    }
    // What any resource takes wins over an attribute of that name, as in the stack file.
    properties.extend(extra);
    let mut out = Map::new();
    out.insert("properties".to_owned(), properties.into());
    if !required.is_empty() {
        out.insert("required".to_owned(), json!(required));
    }
    out.insert("additionalProperties".to_owned(), false.into());
    out
}

fn attribute(it: &Attribute) -> Json {
    let mut out = Map::new();
    out.insert("description".to_owned(), description(it).into());
    if let Some(default) = it.default.as_ref().filter(|it| !it.is_null()) {
        out.insert("default".to_owned(), default.to_json());
    }
    out.extend(match &it.of {
        Some(block) => objects(&it.ty, block),
        None => value(&it.ty, &it.checks, it.form),
    });
    Json::Object(out)
}

/// The manual's sentences, and what the schema knows besides.
fn description(it: &Attribute) -> String {
    let mut notes = Vec::new();
    if let Some(default) = it.default.as_ref().and_then(shown) {
        notes.push(format!("Default: `{default}`."));
    } else if it.computed {
        notes.push("Where the stack says nothing, AWS decides.".to_owned());
    }
    if it.fixed {
        notes.push("A change replaces the resource.".to_owned());
    }
    if it.write_only {
        notes.push("Sent, and kept in neither state nor plan.".to_owned());
    } else if it.sensitive {
        notes.push("Never printed.".to_owned());
    }
    join(&it.doc, &notes)
}

/// A default worth a word: an empty text is as good as none.
fn shown(default: &Value) -> Option<String> {
    let empty = default.is_null() || default.as_str().is_some_and(str::is_empty);
    (!empty).then(|| default.to_json().to_string())
}

fn join(doc: &str, notes: &[String]) -> String {
    match notes.is_empty() {
        true => doc.trim().to_owned(),
        false => format!("{}\n\n{}", doc.trim(), notes.join(" ")),
    }
}

/// A value of a type, or an expression that gives one.
pub fn value(ty: &Type, checks: &[Check], form: Form) -> Map<String, Json> {
    let schema = match ty {
        Type::Any => json!({}),
        Type::Bool => {
            json!({ "type": ["boolean", "string"], "pattern": format!("^(true|false)$|{EXPRESSION}") })
        }
        Type::Number => number(checks),
        Type::String => text(checks, form),
        Type::List(of) | Type::Set(of) => {
            json!({ "type": ["array", "string"], "items": value(of, checks, form), "pattern": EXPRESSION })
        }
        Type::Map(of) => json!({
            "type": ["object", "string"],
            "additionalProperties": value(of, checks, form),
            "pattern": EXPRESSION,
        }),
        Type::Tuple(_) => json!({ "type": ["array", "string"], "pattern": EXPRESSION }),
        Type::Object(fields) => {
            let fields =
                fields.iter().map(|(name, it)| (name.to_string(), value(&it.ty, &[], Form::Plain).into()));
            json!({
                "type": ["object", "string"],
                "properties": fields.collect::<Map<String, Json>>(),
                "pattern": EXPRESSION,
            })
        }
    };
    into_map(schema)
}

fn into_map(json: Json) -> Map<String, Json> {
    match json {
        Json::Object(it) => it,
        _ => Map::new(),
    }
}

/// A text may hold a number; it must then be one.
fn number(checks: &[Check]) -> Json {
    let digits = format!(r"^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$|{EXPRESSION}");
    let mut out = into_map(json!({ "type": ["number", "string"], "pattern": digits }));
    for it in checks {
        match it {
            Check::AtLeast(least) => out.insert("minimum".to_owned(), plain(*least)),
            Check::AtMost(most) => out.insert("maximum".to_owned(), plain(*most)),
            _ => None,
        };
    }
    let one_of = checks.iter().find_map(|it| match it {
        Check::OneOf(all) => Some(all),
        _ => None,
    });
    if let Some(all) = one_of {
        return json!({ "anyOf": [{ "enum": all }, { "type": "string", "pattern": EXPRESSION }] });
    }
    out.into()
}

/// Whole numbers are written as such.
fn plain(it: f64) -> Json {
    if it.fract() == 0.0 && it.abs() < 1e15 { json!(it as i64) } else { json!(it) }
}

/// A text. Numbers and truth values become texts, unless something is asked of the text.
fn text(checks: &[Check], form: Form) -> Json {
    let mut own = Map::new();
    for it in checks {
        match it {
            // Any case will do; those listed are offered all the same.
            Check::OneOf(all) if matches!(form, Form::Caseless | Form::Lower) => {
                return json!({ "type": "string", "anyOf": [{ "enum": all }, {}] });
            }
            Check::OneOf(all) => own.insert("enum".to_owned(), json!(all)),
            Check::Longer(least) => own.insert("minLength".to_owned(), json!(least)),
            Check::Shorter(most) => own.insert("maxLength".to_owned(), json!(most)),
            Check::Pattern(it) => own.insert("pattern".to_owned(), json!(it)),
            Check::Cidr | Check::Cidr4 | Check::Cidr6 => {
                own.insert("pattern".to_owned(), json!("^[0-9a-fA-F:.]+/[0-9]{1,3}$"))
            }
            Check::AtLeast(_) | Check::AtMost(_) | Check::Json | Check::Object => None,
        };
    }
    if own.is_empty() {
        return json!({ "type": ["string", "number", "boolean"] });
    }
    json!({ "type": "string", "anyOf": [own, { "pattern": EXPRESSION }] })
}

/// An attribute that holds objects.
fn objects(ty: &Type, block: &Block) -> Map<String, Json> {
    match ty {
        Type::List(_) | Type::Set(_) => many(block, 0, None),
        Type::Map(_) => into_map(json!({
            "type": ["object", "string"],
            "additionalProperties": one(block),
            "pattern": EXPRESSION,
        })),
        _ => one(block),
    }
}

fn nested(it: &NestedBlock) -> Json {
    let mut notes = Vec::new();
    if it.max == Some(1) && it.nesting != Nesting::Single {
        notes.push("At most one.".to_owned());
    }
    if it.fixed {
        notes.push("A change replaces the resource.".to_owned());
    }
    let mut out = Map::new();
    let doc = if it.doc.trim().is_empty() { &it.block.doc } else { &it.doc };
    out.insert("description".to_owned(), join(doc, &notes).into());
    out.extend(match it.nesting {
        Nesting::Single => one(&it.block),
        Nesting::List | Nesting::Set => many(&it.block, it.min, it.max),
    });
    Json::Object(out)
}

/// A table, or an expression that gives one.
fn one(block: &Block) -> Map<String, Json> {
    let mut out = into_map(json!({ "type": ["object", "string"], "pattern": EXPRESSION }));
    out.extend(keywords(block, Map::new()));
    out
}

/// A table, an array of tables, or an expression that gives either.
fn many(block: &Block, min: u64, max: Option<u64>) -> Map<String, Json> {
    let mut out = into_map(json!({
        "type": ["array", "object", "string"],
        "pattern": EXPRESSION,
        "items": one(block),
    }));
    if min > 0 {
        out.insert("minItems".to_owned(), min.into());
    }
    out.extend(max.map(|it| ("maxItems".to_owned(), it.into())));
    out.extend(keywords(block, Map::new()));
    out
}
