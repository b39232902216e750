//! `local-exec`: its settings evaluated, and checked before anything is made.

use crate::config::{Provisioner, Resource, Setting};
use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::{Env, Marks, Type, Value};
use crate::plan::scope::Within;
use crate::schema::Block;

/// What a `local-exec` runs.
#[derive(Debug, Default, PartialEq)]
pub struct LocalExec {
    pub command: String,
    /// The program and its arguments before the command.
    pub interpreter: Vec<String>,
    /// Besides the environment of this process.
    pub environment: Vec<(String, String)>,
    pub dir: Option<String>,
    /// Whether the command itself is kept out of the output.
    pub quiet: bool,
    /// Marks of all that went into it: where there are any, nothing of its output is shown.
    pub marks: Marks,
}

/// The settings' values; `None` where one of them is not known.
pub fn evaluate(it: &Provisioner, env: &dyn Env) -> Result<Option<LocalExec>, Diagnostics> {
    let mut errors = Diagnostics::default();
    let mut out = LocalExec::default();
    let mut known = true;
    for setting in &it.body.0 {
        let Some(value) = errors.take(value(setting, env)) else { continue };
        if !value.wholly_known() {
            known = false;
            continue;
        }
        out.marks = out.marks | value.deep_marks();
        if &*setting.name == "command" && value.as_str().is_none_or(str::is_empty) {
            let one = Diagnostic::error("the `command` of a `local-exec` is empty");
            errors.push(one.at(&setting.value.place).help("write the command, or take the provisioner out"));
        }
        take(&mut out, &setting.name, &value);
    }
    if out.interpreter.is_empty() {
        out.interpreter = vec!["/bin/sh".to_owned(), "-c".to_owned()];
    }
    errors.check(known.then_some(out))
}

fn value(setting: &Setting, env: &dyn Env) -> Result<Value, Diagnostics> {
    let ty = match &*setting.name {
        "environment" => Type::map(Type::String),
        "interpreter" => Type::list(Type::String),
        "quiet" => Type::Bool,
        _ => Type::String,
    };
    let value = setting.value.eval(env)?;
    value.convert(&ty).map_err(|it| {
        let text = format!("`{}` of a `local-exec` must be {}: {}", setting.name, ty.a(), it.message);
        Diagnostic::error(text).at(&setting.value.place_of(&it.path)).into()
    })
}

fn take(out: &mut LocalExec, name: &str, value: &Value) {
    let text = || value.as_str().filter(|it| !it.is_empty()).map(str::to_owned);
    match name {
        "command" => out.command = text().unwrap_or_default(),
        "working_dir" => out.dir = text(),
        "quiet" => out.quiet = value.as_bool().unwrap_or_default(),
        "interpreter" => {
            out.interpreter = value.children().filter_map(Value::as_str).map(str::to_owned).collect();
        }
        _ => {
            let all = value.as_fields().into_iter().flatten();
            let given = all.filter_map(|(name, it)| Some((name.to_string(), it.as_str()?.to_owned())));
            out.environment = given.collect();
        }
    }
}

/// What can be told about a resource's provisioners while nothing is made yet.
pub fn check(resource: &Resource, block: &Block, within: Within<'_>) -> Result<(), Diagnostics> {
    let own = within.with(Value::unknown(block.ty()));
    let mut errors = Diagnostics::default();
    for it in &resource.provisioners {
        let checked = evaluate(it, &own).map_err(|errors| about(errors, resource));
        errors.take(checked);
    }
    errors.check(())
}

fn about(errors: Diagnostics, resource: &Resource) -> Diagnostics {
    Diagnostics(errors.into_iter().map(|it| it.about(&resource.addr)).collect())
}
