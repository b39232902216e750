//! As much of JSON Schema (draft 7) as the schema of stack files is written in.

use std::collections::BTreeSet;

use regex_lite::Regex;
use serde_json::{Map, Value as Json};

/// What refuses a value: the place in it, and the keyword.
pub fn violations(schema: &Json, value: &Json) -> Vec<String> {
    let mut out = Vec::new();
    Checker { root: schema }.check(schema, value, "", &mut out);
    out
}

/// Words that mean nothing to a validator.
const NOTES: &[&str] = &["$schema", "title", "description", "default", "definitions"];
const KNOWN: &[&str] = &[
    "$ref",
    "additionalProperties",
    "allOf",
    "anyOf",
    "enum",
    "items",
    "maxItems",
    "maxLength",
    "maximum",
    "minItems",
    "minLength",
    "minimum",
    "pattern",
    "properties",
    "propertyNames",
    "required",
    "type",
];

/// Keywords in a schema that the validator does not know.
pub fn unknown_keywords(schema: &Json) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    walk(schema, &mut out);
    out
}

fn walk(schema: &Json, out: &mut BTreeSet<String>) {
    for (key, it) in schema.as_object().into_iter().flatten() {
        match key.as_str() {
            "properties" | "definitions" => it.as_object().unwrap().values().for_each(|it| walk(it, out)),
            "allOf" | "anyOf" => it.as_array().unwrap().iter().for_each(|it| walk(it, out)),
            "additionalProperties" | "items" | "propertyNames" => walk(it, out),
            key if KNOWN.contains(&key) || NOTES.contains(&key) => {}
            key => drop(out.insert(key.to_owned())),
        }
    }
}

struct Checker<'a> {
    root: &'a Json,
}

impl Checker<'_> {
    fn check(&self, schema: &Json, value: &Json, at: &str, out: &mut Vec<String>) {
        let Some(keywords) = schema.as_object() else {
            if *schema == Json::Bool(false) {
                out.push(format!("{at} false"));
            }
            return;
        };
        if let Some(path) = keywords.get("$ref").and_then(Json::as_str) {
            // Nothing beside it counts.
            let target =
                self.root.pointer(path.trim_start_matches('#')).unwrap_or_else(|| panic!("no {path}"));
            return self.check(target, value, at, out);
        }
        for (key, it) in keywords {
            if !self.holds(key, it, keywords, value, at, out) {
                out.push(format!("{at} {key}"));
            }
        }
    }

    fn fits(&self, schema: &Json, value: &Json) -> bool {
        let mut out = Vec::new();
        self.check(schema, value, "", &mut out);
        out.is_empty()
    }

    /// Whether a keyword is satisfied; what is wrong inside is told by itself.
    fn holds(
        &self,
        key: &str,
        it: &Json,
        all: &Map<String, Json>,
        value: &Json,
        at: &str,
        out: &mut Vec<String>,
    ) -> bool {
        let text = value.as_str();
        let number = value.as_f64();
        let length = text.map(|it| it.chars().count() as u64);
        let items = value.as_array();
        let fields = value.as_object();
        let most = it.as_u64().unwrap_or(u64::MAX);
        let none = Map::new();
        match key {
            "type" => match it {
                Json::Array(kinds) => kinds.iter().any(|it| is(it.as_str().unwrap(), value)),
                it => is(it.as_str().unwrap(), value),
            },
            "enum" => it.as_array().unwrap().contains(value),
            "pattern" => text.is_none_or(|text| Regex::new(it.as_str().unwrap()).unwrap().is_match(text)),
            "minimum" => number.is_none_or(|number| number >= it.as_f64().unwrap()),
            "maximum" => number.is_none_or(|number| number <= it.as_f64().unwrap()),
            "minLength" => length.is_none_or(|length| length >= most),
            "maxLength" => length.is_none_or(|length| length <= most),
            "minItems" => items.is_none_or(|items| items.len() as u64 >= most),
            "maxItems" => items.is_none_or(|items| items.len() as u64 <= most),
            "anyOf" => it.as_array().unwrap().iter().any(|it| self.fits(it, value)),
            "allOf" => {
                it.as_array().unwrap().iter().for_each(|it| self.check(it, value, at, out));
                true
            }
            "items" => {
                for (index, item) in items.into_iter().flatten().enumerate() {
                    self.check(it, item, &format!("{at}/{index}"), out);
                }
                true
            }
            "required" => {
                let given = |name: &Json| fields.is_none_or(|it| it.contains_key(name.as_str().unwrap()));
                it.as_array().unwrap().iter().all(given)
            }
            "properties" => {
                for (name, schema) in it.as_object().unwrap() {
                    if let Some(value) = fields.and_then(|it| it.get(name)) {
                        self.check(schema, value, &format!("{at}/{name}"), out);
                    }
                }
                true
            }
            "additionalProperties" => {
                let known = all.get("properties").and_then(Json::as_object).unwrap_or(&none);
                for (name, value) in fields.into_iter().flatten().filter(|it| !known.contains_key(it.0)) {
                    match it {
                        Json::Bool(false) => out.push(format!("{at}/{name} additionalProperties")),
                        it => self.check(it, value, &format!("{at}/{name}"), out),
                    }
                }
                true
            }
            "propertyNames" => {
                for name in fields.into_iter().flat_map(Map::keys) {
                    self.check(it, &name.as_str().into(), &format!("{at}/{name}"), out);
                }
                true
            }
            _ => true,
        }
    }
}

fn is(kind: &str, value: &Json) -> bool {
    match kind {
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.as_f64().is_some_and(|it| it.fract() == 0.0),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        other => panic!("no type {other}"),
    }
}
