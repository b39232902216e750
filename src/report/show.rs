//! State and outputs as text: `show`, `output`, `state list`, and the end of an apply.

use std::collections::BTreeMap;

use super::diff::{Pair, block, value as value_diff};
use super::draw::{Look, draw};
use super::json::{known, sensitive_at, sensitive_by, typed};
use super::paint::{BOLD, GREEN, bold, paint, quoted};
use super::plan_text::Schemas;
use super::value::value_text;
use crate::address::{Addr, Mode, ResourceAddr};
use crate::lang::{Type, Value};
use crate::state::{Object, Output, State};

/// The whole state, as `terraform show` has it.
pub fn state_text(state: &State, schemas: Schemas) -> String {
    if state.is_empty() {
        return "The state is empty. No resources are represented.\n".into();
    }
    let mut out = String::new();
    let mut module = None;
    for it in entries(state) {
        if module.replace(&it.resource.module).is_some_and(|was| *was != it.resource.module) {
            out.push('\n');
        }
        out.push_str(&format!("{}\n\n", object_text(&it, schemas)));
    }
    if !state.outputs.is_empty() {
        out.push_str("\nOutputs:\n\n");
        out.extend(state.outputs.iter().map(|(name, it)| {
            let value = typed(&it.value, &it.ty);
            let diff = value_diff(&Pair::new(Some(&value), Some(&value)).secret(it.sensitive), &it.ty);
            format!("{name} = {}\n", draw(&diff, 0, Look::as_is()))
        }));
    }
    out
}

/// One object of the state.
pub struct Entry<'a> {
    pub addr: Addr,
    resource: &'a ResourceAddr,
    /// As in the state file.
    pub provider: &'a str,
    pub deposed: Option<&'a str>,
    pub object: &'a Object,
}

/// Every object, data sources included.
pub fn entries(state: &State) -> impl Iterator<Item = Entry<'_>> {
    state.resources.iter().flat_map(|(resource, it)| {
        let provider = it.provider.as_str();
        it.instances.iter().flat_map(move |(key, it)| {
            let current = it.current.iter().map(|it| (None, &**it));
            let deposed = it.deposed.iter().map(|(key, it)| (Some(key.as_str()), &**it));
            let entry = move |(deposed, object)| Entry {
                addr: resource.instance(key.clone()),
                resource,
                provider,
                deposed,
                object,
            };
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
    format!("# {}:{note}\n{title} {}", it.addr, draw(&diff, 0, Look::as_is()))
}

/// The attributes as a value of the schema's type, with what state and schema call sensitive marked.
pub fn object_value(it: &Entry, schemas: Schemas) -> Value {
    let schema = schemas(&it.addr.resource);
    let ty = schema.map_or(Type::Any, |it| it.block.ty());
    let value = sensitive_at(typed(&it.object.attributes.json(), &ty), &it.object.sensitive_attributes);
    match schema {
        Some(schema) => sensitive_by(value, &schema.block),
        None => value,
    }
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
    format!("\n{title}\n\n{}", outputs_text(outputs))
}

/// All outputs, a line or more each.
pub fn outputs_text(outputs: &BTreeMap<String, Output>) -> String {
    let line = |(name, it): (&String, &Output)| {
        let value = if it.sensitive { "<sensitive>".to_owned() } else { output_text(it) };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::oracle;
    use crate::report::paint::stripped;

    fn file(name: &str) -> String {
        let path = format!("{}/tests/data/states/{name}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).unwrap()
    }

    #[track_caller]
    fn same(theirs: &str, ours: &str) {
        if ours != theirs {
            let diff = similar::TextDiff::from_lines(theirs, ours);
            panic!("{}", diff.unified_diff().context_radius(6).header("terraform", "infra"));
        }
    }

    #[test]
    fn states_read_as_terraforms() {
        for name in ["more", "any"] {
            let state = crate::state::file::parse(file(&format!("{name}.json")).as_bytes(), name).unwrap();
            same(&file(&format!("{name}.txt")), &stripped(&state_text(&state, &oracle::schema)));
        }
    }

    #[test]
    fn states_are_terraforms_in_json() {
        for name in ["more", "any"] {
            let state = crate::state::file::parse(file(&format!("{name}.json")).as_bytes(), name).unwrap();
            let theirs: serde_json::Value =
                serde_json::from_str(&file(&format!("{name}.show.json"))).unwrap();
            let ours = crate::report::state_json(&state, &oracle::schema);
            same(&format!("{theirs:#}"), &format!("{ours:#}"));
        }
    }

    #[test]
    fn outputs_read_as_terraforms() {
        let state = crate::state::file::parse(file("any.json").as_bytes(), "any").unwrap();
        same(&file("any.output.txt"), &outputs_text(&state.outputs));
    }
}
