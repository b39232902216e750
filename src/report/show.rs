//! State and outputs as text: `show`, `output`, `state list`, and the end of an apply.

use std::collections::BTreeMap;

use super::diff::{Pair, block};
use super::draw::{Look, draw};
use super::json::{known, sensitive_at, typed};
use super::paint::{BOLD, GREEN, bold, paint, quoted};
use super::plan_text::Schemas;
use super::value::value_text;
use crate::address::{Addr, Mode};
use crate::lang::{Type, Value};
use crate::state::{Object, Output, State};

/// The whole state, as `terraform show` has it.
pub fn state_text(state: &State, schemas: Schemas) -> String {
    if state.is_empty() {
        return "The state is empty. No resources are represented.\n".into();
    }
    let mut out: String = entries(state).map(|it| format!("{}\n\n", object_text(&it, schemas))).collect();
    if !state.outputs.is_empty() {
        out.push_str(&format!("\n{}\n\n{}", "Outputs:", outputs_text(&state.outputs, "(sensitive value)")));
    }
    out
}

/// One object of the state.
pub struct Entry<'a> {
    pub addr: Addr,
    pub deposed: Option<&'a str>,
    pub object: &'a Object,
}

/// Every object, data sources included.
pub fn entries(state: &State) -> impl Iterator<Item = Entry<'_>> {
    state.resources.iter().flat_map(|(resource, it)| {
        it.instances.iter().flat_map(move |(key, it)| {
            let current = it.current.iter().map(|it| (None, it));
            let deposed = it.deposed.iter().map(|(key, it)| (Some(key.as_str()), it));
            let entry =
                move |(deposed, object)| Entry { addr: resource.instance(key.clone()), deposed, object };
            current.chain(deposed).map(entry)
        })
    })
}

/// One object: `# aws_vpc.main:` and its block.
pub fn object_text(it: &Entry, schemas: Schemas) -> String {
    let resource = &it.addr.resource;
    let note = match (it.deposed, it.object.tainted) {
        (Some(key), _) => format!(" (deposed object {key})"),
        (None, true) => " (tainted)".into(),
        (None, false) => String::new(),
    };
    let word = if resource.mode == Mode::Data { "data" } else { "resource" };
    let value = object_value(it, schemas);
    let pair = Pair::new(Some(&value), Some(&value));
    let diff = match schemas(resource) {
        Some(schema) => block(&pair, &schema.block),
        None => block(&pair, &super::plan_text::guessed([&value])),
    };
    let title = format!("{word} {} {}", quoted(&resource.kind), quoted(&resource.name));
    format!("# {}{note}:\n{title} {}", it.addr, draw(&diff, 0, Look::as_is()))
}

/// The attributes as a value of the schema's type, with what the state calls sensitive marked.
pub fn object_value(it: &Entry, schemas: Schemas) -> Value {
    let ty = schemas(&it.addr.resource).map_or(Type::Any, |it| it.block.ty());
    sensitive_at(typed(&it.object.attributes, &ty), &it.object.sensitive_attributes)
}

/// Addresses of what the state holds: `state list`.
pub fn list(state: &State) -> String {
    let mut out = String::new();
    for (resource, it) in &state.resources {
        for (key, it) in &it.instances {
            if it.current.is_some() {
                out.push_str(&format!("{}\n", resource.instance(key.clone())));
            }
        }
    }
    out
}

/// The section at the end of an apply; nothing where there are no outputs.
pub fn outputs_section(outputs: &BTreeMap<String, Output>) -> String {
    if outputs.is_empty() {
        return String::new();
    }
    let title = paint(BOLD.fg_color(GREEN.get_fg_color()), "Outputs:");
    format!("\n{title}\n\n{}", outputs_text(outputs, "<sensitive>"))
}

/// All outputs, a line or more each; the sensitive ones as `hidden`.
pub fn outputs_text(outputs: &BTreeMap<String, Output>, hidden: &str) -> String {
    let line = |(name, it): (&String, &Output)| {
        let value = if it.sensitive { hidden.to_owned() } else { output_text(it) };
        format!("{name} = {value}\n")
    };
    outputs.iter().map(line).collect()
}

/// One output's value, sensitive or not: who asks for it by name gets it.
pub fn output_text(it: &Output) -> String {
    value_text(&typed(&it.value, &it.ty), 0)
}

/// One output without quotes, for scripts. Only text, numbers and truth values have such a form.
pub fn output_raw(name: &str, it: &Output) -> Result<String, String> {
    match &it.value {
        serde_json::Value::String(it) => Ok(it.clone()),
        other @ (serde_json::Value::Bool(_) | serde_json::Value::Number(_)) => Ok(other.to_string()),
        serde_json::Value::Null => Err(format!("output `{name}` is null: --raw prints text only")),
        _ => Err(format!("output `{name}` is {}: --raw prints text, numbers and truth values only", it.ty)),
    }
}

/// All outputs as `output --json` has them.
pub fn outputs_json(outputs: &BTreeMap<String, Output>) -> serde_json::Value {
    let one = |it: &Output| {
        let value = known(&typed(&it.value, &it.ty));
        serde_json::json!({ "sensitive": it.sensitive, "type": it.ty.to_json(), "value": value })
    };
    outputs.iter().map(|(k, it)| (k.clone(), one(it))).collect::<serde_json::Map<_, _>>().into()
}

/// What `output` says where there are none.
pub fn no_outputs() -> String {
    format!(
        "{}\n\nThe state holds no outputs. They appear once `infra apply` has run on a stack that declares \
         some, as [output.NAME].\n",
        bold("No outputs found")
    )
}
