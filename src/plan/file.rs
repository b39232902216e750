//! A plan as a file: everything an apply needs besides the stack files, which must not have changed.
//! What stands here is in the clear: `state::encryption::plan` encrypts it.

mod unknown;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::address;
use crate::lang::{Kind, Type, Value};
use crate::state::State;

use super::checks::Results;
use super::{Action, Change, OutputChange, Plan, PlanMode, Reason, Relevant};
use unknown::UnknownFile;

/// The format of what we write, and the only one that we read.
pub const FORMAT: u64 = 2;
const UNKNOWN: &str = "\u{0}unknown";
const SENSITIVE: &str = "\u{0}sensitive";

/// What a plan file holds. `config` is a digest of the stack files it was made from.
pub struct Saved {
    pub plan: Plan,
    pub config: String,
    /// Lineage and serial of the stored state the plan was made against.
    pub lineage: String,
    pub serial: u64,
    /// The configuration in the form of Terraform's plan JSON, for who reads the plan without the files.
    pub configuration: Json,
}

#[derive(Serialize, Deserialize)]
struct File {
    format: u64,
    mode: PlanMode,
    stack: String,
    env: String,
    config: String,
    lineage: String,
    serial: u64,
    variables: BTreeMap<String, Typed>,
    state: Json,
    changes: Vec<ChangeFile>,
    drift: Vec<ChangeFile>,
    #[serde(default)]
    more_drift: Vec<ChangeFile>,
    #[serde(default)]
    relevant: Vec<Relevant>,
    #[serde(default)]
    configuration: Json,
    outputs: BTreeMap<String, OutputFile>,
    #[serde(default)]
    checks: Results,
    timestamp: String,
    targets: Vec<String>,
    #[serde(default)]
    excludes: Vec<String>,
    #[serde(default)]
    left_out: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Typed {
    ty: Json,
    value: Json,
}

#[derive(Serialize, Deserialize)]
struct ChangeFile {
    addr: String,
    #[serde(default)]
    moved_from: Option<String>,
    #[serde(default)]
    importing: Option<String>,
    deposed: Option<String>,
    provider: String,
    action: Action,
    reason: Option<Reason>,
    before: Typed,
    after: Typed,
    replace_paths: Vec<Vec<String>>,
    dependencies: Vec<String>,
    create_before_destroy: bool,
}

#[derive(Serialize, Deserialize)]
struct OutputFile {
    action: Action,
    before: Typed,
    after: Typed,
    sensitive: bool,
}

/// The file's text.
pub fn write(saved: &Saved) -> Result<String, String> {
    let plan = &saved.plan;
    let file = File {
        format: FORMAT,
        mode: plan.mode,
        stack: plan.stack.clone(),
        env: plan.env.clone(),
        config: saved.config.clone(),
        lineage: saved.lineage.clone(),
        serial: saved.serial,
        variables: lasting(&plan.variables),
        state: serde_json::from_slice(&crate::state::file::to_bytes(&plan.state))
            .map_err(|it| it.to_string())?,
        changes: plan.changes.iter().map(change).collect(),
        drift: plan.drift.iter().map(change).collect(),
        more_drift: plan.more_drift.iter().map(change).collect(),
        relevant: plan.relevant.clone(),
        configuration: saved.configuration.clone(),
        outputs: plan.outputs.iter().map(|(k, it)| (k.clone(), output(it))).collect(),
        checks: plan.checks.clone(),
        timestamp: plan.timestamp.clone(),
        targets: plan.targets.clone(),
        excludes: plan.excludes.clone(),
        left_out: plan.left_out.clone(),
    };
    serde_json::to_string(&file).map_err(|it| it.to_string())
}

/// The values that may be kept: ephemeral ones are asked for again.
fn lasting(variables: &BTreeMap<String, Value>) -> BTreeMap<String, Typed> {
    let kept = variables.iter().filter(|it| !it.1.deep_marks().ephemeral);
    kept.map(|(name, it)| (name.clone(), typed(it))).collect()
}

/// Reads it back; the error says why it is no plan of ours.
pub fn read(text: &str) -> Result<Saved, String> {
    let file: File = serde_json::from_str(text).map_err(|it| format!("not a plan file ({it})"))?;
    if file.format != FORMAT {
        return Err(format!("a plan file of format {}, and this infra reads format {FORMAT}", file.format));
    }
    let changes = |all: Vec<ChangeFile>| all.into_iter().map(unchange).collect::<Result<Vec<_>, String>>();
    let state: State = crate::state::file::parse(file.state.to_string().as_bytes(), "the plan")
        .map_err(|it| it.to_string())?;
    let outputs = file.outputs.into_iter().map(|(name, it)| {
        let (before, after) = (untyped(&it.before)?, untyped(&it.after)?);
        Ok((name, OutputChange { action: it.action, before, after, sensitive: it.sensitive }))
    });
    let plan = Plan {
        mode: file.mode,
        stack: file.stack,
        env: file.env,
        variables: file
            .variables
            .iter()
            .map(|(k, v)| Ok((k.clone(), untyped(v)?)))
            .collect::<Result<_, String>>()?,
        state,
        changes: changes(file.changes)?,
        drift: changes(file.drift)?,
        more_drift: changes(file.more_drift)?,
        relevant: file.relevant,
        outputs: outputs.collect::<Result<_, String>>()?,
        checks: file.checks,
        timestamp: file.timestamp,
        targets: file.targets,
        excludes: file.excludes,
        left_out: file.left_out,
    };
    let (lineage, serial) = (file.lineage, file.serial);
    Ok(Saved { plan, config: file.config, lineage, serial, configuration: file.configuration })
}

fn change(it: &Change) -> ChangeFile {
    ChangeFile {
        addr: it.addr.to_string(),
        moved_from: it.moved_from.as_ref().map(ToString::to_string),
        importing: it.importing.clone(),
        deposed: it.deposed.clone(),
        provider: it.provider.clone(),
        action: it.action,
        reason: it.reason,
        before: typed(&it.before),
        after: typed(&it.after),
        replace_paths: it.replace_paths.clone(),
        dependencies: it.dependencies.iter().map(ToString::to_string).collect(),
        create_before_destroy: it.create_before_destroy,
    }
}

fn unchange(it: ChangeFile) -> Result<Change, String> {
    let resource = |text: &String| Ok(address::parse_instance(text)?.resource);
    Ok(Change {
        addr: address::parse_instance(&it.addr)?,
        moved_from: it.moved_from.map(|it| address::parse_instance(&it)).transpose()?,
        importing: it.importing,
        deposed: it.deposed,
        provider: it.provider,
        action: it.action,
        reason: it.reason,
        before: untyped(&it.before)?,
        after: untyped(&it.after)?,
        replace_paths: it.replace_paths,
        dependencies: it.dependencies.iter().map(resource).collect::<Result<_, String>>()?,
        create_before_destroy: it.create_before_destroy,
    })
}

fn output(it: &OutputChange) -> OutputFile {
    OutputFile {
        action: it.action,
        before: typed(&it.before),
        after: typed(&it.after),
        sensitive: it.sensitive,
    }
}

fn typed(value: &Value) -> Typed {
    Typed { ty: value.ty().to_json(), value: encode(value) }
}

fn untyped(it: &Typed) -> Result<Value, String> {
    let ty = Type::from_json(&it.ty).ok_or("a type that is none")?;
    decode(&it.value, &ty)
}

/// JSON with marks and unknowns as objects of one reserved key each.
fn encode(value: &Value) -> Json {
    let inner = match &value.kind {
        Kind::Unknown(it) => json!({ UNKNOWN: UnknownFile::of(it) }),
        Kind::List(_, all) | Kind::Set(_, all) | Kind::Tuple(all) => all.iter().map(encode).collect(),
        Kind::Map(_, all) | Kind::Object(all) => {
            Json::Object(all.iter().map(|(k, v)| (k.to_string(), encode(v))).collect())
        }
        _ => value.to_json(),
    };
    if value.marks.sensitive { json!({ SENSITIVE: inner }) } else { inner }
}

fn decode(json: &Json, ty: &Type) -> Result<Value, String> {
    if let Some(fields) = json.as_object() {
        if let Some(inner) = fields.get(SENSITIVE) {
            return Ok(decode(inner, ty)?.sensitive());
        }
        if let Some(it) = fields.get(UNKNOWN) {
            let it: UnknownFile = serde_json::from_value(it.clone()).map_err(|it| it.to_string())?;
            return it.value();
        }
    }
    if json.is_null() {
        return Ok(Value::null(ty.clone()));
    }
    let items = |of: &Type| -> Result<Vec<Value>, String> {
        json.as_array().into_iter().flatten().map(|it| decode(it, of)).collect()
    };
    let wrong = || format!("a value that is no {ty}");
    Ok(match ty {
        Type::List(of) => Value::list(of.as_ref().clone(), items(of)?),
        Type::Set(of) => Value::set(of.as_ref().clone(), items(of)?),
        Type::Map(of) => {
            let each = json.as_object().into_iter().flatten().map(|(k, v)| Ok((k.as_str(), decode(v, of)?)));
            Value::map(of.as_ref().clone(), each.collect::<Result<Vec<_>, String>>()?)
        }
        Type::Tuple(types) => {
            let each = json.as_array().into_iter().flatten().zip(types.iter()).map(|(it, ty)| decode(it, ty));
            Value::tuple(each.collect::<Result<_, _>>()?)
        }
        Type::Object(fields) => {
            let each = fields
                .iter()
                .map(|(k, it)| Ok((k.clone(), decode(json.get(&**k).unwrap_or(&Json::Null), &it.ty)?)));
            Value::object(each.collect::<Result<Vec<_>, String>>()?)
        }
        _ => Value::from_json(json, ty).map_err(|_| wrong())?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::value::Bound;

    fn number(text: &str) -> Value {
        Value::from(text.parse::<crate::lang::Number>().unwrap_or_else(|_| panic!("{text}")))
    }

    /// What was lost on the way through a file.
    fn survives(value: Value) {
        let text = serde_json::to_string(&typed(&value)).unwrap_or_default();
        let read: Typed = serde_json::from_str(&text).unwrap_or_else(|it| panic!("{it}: {text}"));
        assert_eq!(untyped(&read), Ok(value), "{text}");
    }

    #[test]
    fn values_survive_with_marks_and_with_what_is_sure_about_the_unknown() {
        survives(number("123456789012345678901234567890.000000000000000000001"));
        survives(Value::from("a").sensitive());
        survives(Value::null(Type::String).sensitive());
        survives(Value::unknown(Type::String));
        survives(Value::unknown(Type::Any).sensitive());
        survives(Value::unknown_not_null(Type::Bool));
        survives(Value::unknown_text("arn:aws:"));
        let at = |it: i64| Some(Bound::inclusive(it.into()));
        survives(Value::unknown_number(at(1), None));
        survives(Value::unknown_number(at(1), Some(Bound { at: 7.into(), inclusive: false })).sensitive());
        survives(Value::unknown_collection(Type::list(Type::String), 2, 5));
        survives(Value::unknown_collection(Type::list(Type::String), 1, usize::MAX));
    }

    #[test]
    fn structures_survive() {
        let secret =
            Value::object([("password", Value::from("x").sensitive()), ("id", Value::unknown(Type::String))]);
        survives(Value::tuple(vec![secret.clone(), Value::null(Type::Bool), number("-0.5")]));
        survives(Value::map(
            Type::String,
            [("a", Value::from("b").sensitive()), ("c", Value::unknown_text("d"))],
        ));
        survives(Value::list(Type::String, vec![]));
        survives(Value::set(Type::String, vec!["b".into(), "a".into()]));
        survives(Value::object([("inner", secret.sensitive())]));
        survives(Value::object::<&str>([]));
    }
}
