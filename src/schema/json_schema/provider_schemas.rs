//! The schemas of all types in the form of `terraform providers schema -json`.

use serde_json::{Map, Value as Json, json};

use super::settings::{Holds, PROVIDERS, Setting};
use crate::lang::Type;
use crate::schema::{Attribute, Block, NestedBlock, Nesting, Schema};

/// A provider by its name, with its types.
pub struct Provider<'a> {
    /// Such as `aws`.
    pub name: &'a str,
    /// Such as `registry.terraform.io/hashicorp/aws`.
    pub source: String,
    pub resources: Vec<(&'a str, &'a Schema)>,
    pub data_sources: Vec<(&'a str, &'a Schema)>,
}

/// The whole answer.
pub fn provider_schemas(providers: &[Provider]) -> Json {
    let all = providers.iter().map(|it| (it.source.clone(), provider(it)));
    json!({ "format_version": "1.0", "provider_schemas": all.collect::<Map<_, _>>() })
}

fn provider(it: &Provider) -> Json {
    let types = |all: &[(&str, &Schema)]| -> Map<String, Json> {
        all.iter().map(|(name, it)| ((*name).to_owned(), schema(it.version, &it.block))).collect()
    };
    let mut out = Map::new();
    let settings = PROVIDERS.iter().find(|known| known.0 == it.name).map_or(&[][..], |it| it.1);
    out.insert("provider".to_owned(), json!({ "version": 0, "block": of_settings(settings) }));
    for (key, types) in
        [("resource_schemas", types(&it.resources)), ("data_source_schemas", types(&it.data_sources))]
    {
        if !types.is_empty() {
            out.insert(key.to_owned(), types.into());
        }
    }
    out.into()
}

fn schema(version: u64, of: &Block) -> Json {
    json!({ "version": version, "block": block(of, &of.doc) })
}

/// Names in order, and what is false or empty left out, as there.
fn block(of: &Block, doc: &str) -> Json {
    let mut out = Map::new();
    if !of.attributes.is_empty() {
        let all = of.attributes.iter().map(|(name, it)| (name.clone(), attribute(it)));
        out.insert("attributes".to_owned(), Json::Object(all.collect()));
    }
    if !of.blocks.is_empty() {
        let all = of.blocks.iter().map(|(name, it)| (name.clone(), nested(it)));
        out.insert("block_types".to_owned(), Json::Object(all.collect()));
    }
    describe(&mut out, doc);
    out.into()
}

fn describe(out: &mut Map<String, Json>, doc: &str) {
    let doc = doc.trim();
    if !doc.is_empty() {
        out.insert("description".to_owned(), doc.into());
    }
    let kind = if doc.contains('`') { "markdown" } else { "plain" };
    out.insert("description_kind".to_owned(), kind.into());
}

fn attribute(it: &Attribute) -> Json {
    let mut out = Map::new();
    out.insert("type".to_owned(), it.ty.to_json());
    describe(&mut out, &it.doc);
    // To Terraform, what has a default of its own is what the provider computes.
    let flags = [
        ("required", it.required),
        ("optional", it.optional),
        ("computed", it.computed),
        ("sensitive", it.sensitive),
        ("write_only", it.write_only),
    ];
    out.extend(flags.iter().filter(|it| it.1).map(|it| (it.0.to_owned(), true.into())));
    out.into()
}

fn nested(it: &NestedBlock) -> Json {
    let nesting = match it.nesting {
        Nesting::Single => "single",
        Nesting::List => "list",
        Nesting::Set => "set",
    };
    let doc = if it.doc.trim().is_empty() { &it.block.doc } else { &it.doc };
    let mut out = Map::new();
    out.insert("nesting_mode".to_owned(), nesting.into());
    out.insert("block".to_owned(), block(&it.block, doc));
    out.extend((it.min > 0).then(|| ("min_items".to_owned(), it.min.into())));
    out.extend(it.max.map(|it| ("max_items".to_owned(), it.into())));
    out.into()
}

/// The block of a provider's own configuration.
fn of_settings(all: &[Setting]) -> Json {
    let (mut attributes, mut blocks) = (Map::new(), Map::new());
    for Setting(name, holds, doc) in all {
        let ty = match holds {
            Holds::Text => Type::String,
            Holds::Flag => Type::Bool,
            Holds::Whole => Type::Number,
            Holds::Texts => Type::set(Type::String),
            Holds::Names => Type::map(Type::String),
            Holds::Tables(inner) => {
                let it = json!({ "nesting_mode": "list", "block": of_settings(inner) });
                blocks.insert((*name).to_owned(), it);
                continue;
            }
        };
        let mut it = Map::new();
        it.insert("type".to_owned(), ty.to_json());
        describe(&mut it, doc);
        it.insert("optional".to_owned(), true.into());
        attributes.insert((*name).to_owned(), it.into());
    }
    let mut out = Map::new();
    out.extend((!attributes.is_empty()).then(|| ("attributes".to_owned(), attributes.into())));
    out.extend((!blocks.is_empty()).then(|| ("block_types".to_owned(), blocks.into())));
    out.insert("description_kind".to_owned(), "plain".into());
    out.into()
}
