//! From a type's struct to its schema.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value as Json};

use super::{Attribute, Block, Check, Form, NestedBlock, Nesting, Schema};
use crate::lang::{Type, Value};

/// The schema of a resource type or data source, from its struct.
pub fn derive<T: JsonSchema>(version: u64) -> Schema {
    let settings = SchemaSettings::draft2020_12().with(|it| it.inline_subschemas = true);
    let root = settings.into_generator().into_root_schema_for::<T>();
    Schema { version, block: block(&Node::new(root.as_value())) }
}

/// One property of the JSON Schema, with `null` alternatives folded away.
struct Node<'a> {
    /// The outermost first: marks and documentation stand on any of them.
    layers: Vec<&'a Map<String, Json>>,
    nullable: bool,
}

impl<'a> Node<'a> {
    fn new(json: &'a Json) -> Self {
        let mut node = Node { layers: Vec::new(), nullable: false };
        node.unfold(json);
        node
    }

    fn unfold(&mut self, json: &'a Json) {
        let Some(layer) = json.as_object() else { return };
        self.layers.push(layer);
        if layer.get("type").and_then(Json::as_array).is_some_and(|it| it.iter().any(|it| it == "null")) {
            self.nullable = true;
        }
        for inner in layer.get("anyOf").and_then(Json::as_array).into_iter().flatten() {
            if inner.get("type").is_some_and(|it| it == "null") {
                self.nullable = true;
            } else {
                self.unfold(inner);
            }
        }
    }

    fn get(&self, key: &str) -> Option<&'a Json> {
        self.layers.iter().find_map(|it| it.get(key))
    }
    fn marked(&self, key: &str) -> bool {
        self.get(key).is_some_and(|it| it == true)
    }
    fn number(&self, key: &str) -> Option<u64> {
        self.get(key).and_then(Json::as_u64)
    }
    fn doc(&self) -> String {
        self.get("description").and_then(Json::as_str).unwrap_or_default().to_owned()
    }
    fn kind(&self) -> &'a str {
        let of = |it: &'a Json| match it {
            Json::String(one) => Some(one.as_str()),
            Json::Array(all) => all.iter().filter_map(Json::as_str).find(|it| *it != "null"),
            _ => None,
        };
        self.layers.iter().find_map(|it| it.get("type").and_then(of)).unwrap_or_default()
    }
    fn items(&self) -> Option<Node<'a>> {
        self.get("items").map(Node::new)
    }
    fn is_struct(&self) -> bool {
        self.kind() == "object" && self.get("properties").is_some()
    }
    fn properties(&self) -> impl Iterator<Item = (&'a String, Node<'a>)> {
        self.get("properties").and_then(Json::as_object).into_iter().flatten().map(|(k, v)| (k, Node::new(v)))
    }

    fn ty(&self) -> Type {
        match self.kind() {
            "string" => Type::String,
            "boolean" => Type::Bool,
            "integer" | "number" => Type::Number,
            "array" => {
                let of = self.items().map_or(Type::Any, |it| it.ty());
                if self.marked("uniqueItems") { Type::set(of) } else { Type::list(of) }
            }
            "object" if self.is_struct() => {
                Type::object(self.properties().map(|(k, it)| (k.as_str(), it.ty())))
            }
            "object" => {
                let of = self.get("additionalProperties").map(Node::new);
                Type::map(of.map_or(Type::String, |it| it.ty()))
            }
            _ => Type::Any,
        }
    }
}

fn block(node: &Node) -> Block {
    let mut out = Block { doc: node.doc(), ..Block::default() };
    for (name, it) in node.properties() {
        let of = if it.kind() == "array" { it.items() } else { None };
        let structs = it.is_struct() || of.as_ref().is_some_and(Node::is_struct);
        if structs && !it.marked("x-computed") && !it.marked("x-attribute") {
            out.blocks.insert(name.clone(), nested(name, &it, of.as_ref()));
        } else {
            out.attributes.insert(name.clone(), attribute(&it, of.as_ref()));
        }
    }
    out
}

fn nested(name: &str, node: &Node, items: Option<&Node>) -> NestedBlock {
    let nesting = match items {
        None => Nesting::Single,
        Some(_) if node.marked("uniqueItems") => Nesting::Set,
        Some(_) => Nesting::List,
    };
    NestedBlock {
        nesting,
        min: node.number("minItems").unwrap_or(0),
        max: node.number("maxItems"),
        computed: node.marked("x-chosen"),
        usual: node.marked("x-usual"),
        fixed: node.marked("x-fixed"),
        local: node.marked("x-local") || name == "timeouts",
        known_by: node.get("x-known-by").and_then(Json::as_str).map(str::to_owned),
        doc: node.doc(),
        block: block(items.unwrap_or(node)),
    }
}

fn attribute(node: &Node, items: Option<&Node>) -> Attribute {
    let ty = node.ty();
    let computed = node.marked("x-computed");
    let chosen = node.marked("x-chosen");
    let default = node.get("default").filter(|_| !computed && !chosen);
    // A value of any type may be null.
    let absent = node.nullable || node.marked("x-any");
    let required = !(computed || chosen || absent || default.is_some());
    let of = items.filter(|it| it.is_struct()).or(node.is_struct().then_some(node));
    Attribute {
        doc: node.doc(),
        required,
        optional: chosen || !(required || computed),
        computed: computed || chosen,
        sensitive: node.marked("x-secret"),
        fixed: node.marked("x-fixed"),
        local: node.marked("x-local"),
        write_only: node.marked("x-write-only"),
        default: default.and_then(|it| constant(it, &ty)),
        form: match node.get("format").and_then(Json::as_str) {
            Some("json") => Form::Json,
            Some("caseless") => Form::Caseless,
            Some("lower") => Form::Lower,
            Some("digest") => Form::Digest,
            _ => Form::Plain,
        },
        checks: checks(node).into_iter().chain(of_items(items)).collect(),
        of: of.map(|it| Box::new(block(it))),
        ty,
    }
}

/// Lists and maps have no default in Terraform: an empty one stands for absence.
fn constant(json: &Json, ty: &Type) -> Option<Value> {
    match (json, ty) {
        (Json::Bool(it), Type::Bool) => Some((*it).into()),
        (Json::Number(it), Type::Number) => it.as_i64().map(Value::from),
        (Json::String(it), Type::String) => Some(it.as_str().into()),
        _ => None,
    }
}

/// What every element of a list or set must satisfy.
fn of_items(items: Option<&Node>) -> Vec<Check> {
    items.filter(|it| !it.is_struct()).map(checks).unwrap_or_default()
}

fn checks(node: &Node) -> Vec<Check> {
    let mut out = Vec::new();
    let float = |key: &str| node.get(key).and_then(Json::as_f64);
    out.extend(node.get("enum").and_then(Json::as_array).map(|it| Check::OneOf(it.clone())));
    out.extend(float("minimum").map(Check::AtLeast));
    out.extend(float("maximum").map(Check::AtMost));
    out.extend(node.number("minLength").map(Check::Longer));
    out.extend(node.number("maxLength").map(Check::Shorter));
    out.extend(node.get("pattern").and_then(Json::as_str).map(|it| Check::Pattern(it.to_owned())));
    out.extend(node.marked("x-policy").then_some(Check::Object));
    match node.get("format").and_then(Json::as_str) {
        Some("cidr") => out.push(Check::Cidr),
        Some("cidr4") => out.push(Check::Cidr4),
        Some("cidr6") => out.push(Check::Cidr6),
        Some("json") => out.push(Check::Json),
        _ => {}
    }
    out
}
