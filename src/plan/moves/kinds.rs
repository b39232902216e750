//! Moves that change the type: only where the new type knows how to take over what the old one held.

use serde_json::{Value as Json, json};
use std::sync::Arc;

use super::Statement;
use crate::diag::{Diagnostic, Diagnostics};
use crate::state::Resource;

/// From one type's attributes to another's.
type Convert = fn(&Json) -> Json;

/// What can become what: old type, new type, provider of the new one as the state names it.
const ALL: &[(&str, &str, &str, Convert)] = &[(
    "null_resource",
    "terraform_data",
    "provider[\"terraform.io/builtin/terraform\"]",
    from_null_resource,
)];

/// The triggers become what replaces it, and the id stays.
fn from_null_resource(was: &Json) -> Json {
    let triggers = match &was["triggers"] {
        Json::Object(all) => {
            let types = all.keys().map(|key| (key.clone(), json!("string")));
            let ty = json!(["object", types.collect::<serde_json::Map<_, _>>()]);
            json!({ "value": all, "type": ty })
        }
        _ => Json::Null,
    };
    json!({ "id": was["id"], "input": null, "output": null, "triggers_replace": triggers })
}

/// Makes the objects those of the new type.
pub fn convert(it: &Statement<'_>, from: &str, to: &str, held: &mut Resource) -> Result<(), Diagnostics> {
    if from == to {
        return Ok(());
    }
    let Some((.., provider, convert)) = ALL.iter().find(|known| known.0 == from && known.1 == to) else {
        return Err(refusal(it, from, to).into());
    };
    for instance in held.instances.values_mut() {
        for object in instance.current.iter_mut().chain(instance.deposed.values_mut()) {
            let object = Arc::make_mut(object);
            object.attributes = convert(&object.attributes.json()).into();
            object.schema_version = 0;
            object.private = None;
        }
    }
    held.provider = (*provider).to_owned();
    Ok(())
}

fn refusal(it: &Statement<'_>, from: &str, to: &str) -> Diagnostic {
    let one = Diagnostic::error(format!("what is a `{from}` cannot become a `{to}`"));
    let one = match it.stated {
        Some(stated) => one.at(stated.to),
        None => one,
    };
    one.help(format!(
        "keep the type in a move; to change it, take `{from}` up with `[[removed]]` (destroy = false) and `{to}` with `[[import]]`"
    ))
}
