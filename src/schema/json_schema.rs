//! A JSON Schema of stack files, for editors: which tables there are, what may stand in them, what it
//! means. Draft 7, and of that only what TOML editors read. Pure.
//!
//! A text with `${…}` or `%{…}` may stand for a value of any type. So as not to hide the real type behind
//! alternatives (editors then say no more than "matches none of them"), most values are written with
//! keywords that look at one type only: `pattern` at texts, `minimum` at numbers, `items` at arrays.

use serde_json::{Map, Value as Json, json};

use super::{Block, Schema};

mod body;
mod encryption;
mod provider_schemas;
mod settings;
mod tables;

pub use provider_schemas::{Provider, provider_schemas};
pub use settings::{BACKENDS, PROVIDERS, Setting};

const DRAFT: &str = "http://json-schema.org/draft-07/schema#";
/// A text with an expression in it.
const EXPRESSION: &str = r"[$%]\{";
/// What a resource, a variable and their like may be called.
const NAME: &str = r"^[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff-]*$";

/// The types that a stack may use, by name.
pub struct Types<'a> {
    pub resources: Vec<(&'a str, &'a Schema)>,
    pub data_sources: Vec<(&'a str, &'a Schema)>,
}

/// The schema of `stack.toml` and `*.stack.toml`.
pub fn stack_file(types: &Types) -> Json {
    let mut definitions = tables::definitions();
    let mut properties = tables::properties();
    for (name, schema) in &types.resources {
        let definition = format!("resource.{name}");
        definitions.insert(definition.clone(), resource(schema));
        properties.insert((*name).to_owned(), named(name, schema, &definition));
    }
    let mut data = Map::new();
    for (name, schema) in &types.data_sources {
        let definition = format!("data.{name}");
        definitions.insert(definition.clone(), data_source(schema));
        data.insert((*name).to_owned(), named(name, schema, &definition));
    }
    definitions.insert(
        "data".to_owned(),
        json!({ "type": "object", "properties": data, "additionalProperties": false }),
    );
    json!({
        "$schema": DRAFT,
        "title": "infra stack",
        "description": "A stack of AWS resources: each table is a resource, and its header is the resource's address.",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "definitions": definitions,
    })
}

/// The schema of one resource type's body, on its own.
pub fn one_resource(name: &str, schema: &Schema) -> Json {
    alone(name, resource(schema))
}

/// The schema of one data source's body, on its own.
pub fn one_data_source(name: &str, schema: &Schema) -> Json {
    alone(&format!("data.{name}"), data_source(schema))
}

fn alone(title: &str, body: Json) -> Json {
    let mut out = Map::new();
    out.insert("$schema".to_owned(), DRAFT.into());
    out.insert("title".to_owned(), title.into());
    out.extend(body.as_object().into_iter().flatten().map(|(k, v)| (k.clone(), v.clone())));
    out.insert("definitions".to_owned(), Json::Object(tables::definitions()));
    Json::Object(out)
}

/// `[TYPE]`, whose tables have names of the user's.
fn named(name: &str, schema: &Schema, definition: &str) -> Json {
    json!({
        "title": name,
        "description": schema.block.doc.trim(),
        "type": "object",
        "propertyNames": { "pattern": NAME },
        "additionalProperties": reference(definition),
    })
}

fn resource(schema: &Schema) -> Json {
    whole(&schema.block, tables::resource_arguments())
}

fn data_source(schema: &Schema) -> Json {
    whole(&schema.block, tables::data_arguments())
}

/// The body of a resource or data source with what any of them takes.
fn whole(block: &Block, extra: Map<String, Json>) -> Json {
    let mut out = Map::new();
    out.insert("description".to_owned(), block.doc.trim().into());
    out.insert("type".to_owned(), "object".into());
    out.extend(body::keywords(block, extra));
    Json::Object(out)
}

fn reference(definition: &str) -> Json {
    json!({ "$ref": format!("#/definitions/{definition}") })
}
