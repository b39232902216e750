//! The values of variables. From weak to strong: the default, `TF_VAR_x` and `INFRA_VAR_x`,
//! `[env.NAME]`, `env/NAME.toml`, `--var-file`, `--var`. In a folder of `.tf` files, instead of the
//! environment's: terraform.tfvars, terraform.tfvars.json, `*.auto.tfvars` and `*.auto.tfvars.json` by
//! name, `env/NAME.tfvars` and `env/NAME.tfvars.json`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::scope::{Scope, convert};
use super::table::list;
use super::{Config, Rule, Variable, is_env_name};
use crate::diag::{Diagnostic, Diagnostics, Place, Severity, SourceFile, did_you_mean};
use crate::lang::expr::Offsets;
use crate::lang::{Expr, Kind, Marks, Type, Value};

mod files;

/// What the command line and the process's environment say about variables.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// `--env`; without it the environment is `default`.
    pub env: Option<String>,
    /// The environment variables of the process.
    pub environment: BTreeMap<String, String>,
    /// `--var-file`, in the order given.
    pub var_files: Vec<PathBuf>,
    /// `--var`, each `NAME=VALUE`, in the order given.
    pub vars: Vec<String>,
    /// Whether a variable without any value may be left unknown: nothing is planned then.
    pub lenient: bool,
}

impl Inputs {
    /// The name of the environment, which is Terraform's workspace.
    pub fn env_name(&self) -> &str {
        self.env.as_deref().unwrap_or("default")
    }
}

/// The value of every declared variable, of its type; sensitive ones are marked. All that is wrong
/// is reported at once.
pub fn resolve(config: &Config, request: &Inputs) -> Result<BTreeMap<String, Value>, Diagnostics> {
    let (values, errors) = settled(config, request);
    errors.check(values)
}

/// As [`resolve`], with the warnings beside the values; a value in error is unknown.
pub fn settled(config: &Config, request: &Inputs) -> (BTreeMap<String, Value>, Diagnostics) {
    let mut errors = Diagnostics::default();
    check_env(config, request.env_name(), &mut errors);
    let given = gather(config, request, &mut errors);
    let mut values = BTreeMap::new();
    for (name, variable) in &config.variables {
        if request.lenient && variable.default.is_none() && !given.contains_key(name) {
            values.insert(name.clone(), Value::unknown(variable.ty.clone()).marked(marks(variable)));
            continue;
        }
        let value = settle(variable, given.get(name), request.env_name());
        // What is in error already is not to be complained about a second time.
        let value = errors.take(value).unwrap_or_else(|| Value::unknown(variable.ty.clone()));
        values.insert(name.clone(), value.marked(marks(variable)));
    }
    validate(config, &values, &mut errors);
    (values, errors)
}

fn marks(variable: &Variable) -> Marks {
    Marks { sensitive: variable.sensitive, ephemeral: variable.ephemeral }
}

fn check_env(config: &Config, env: &str, errors: &mut Diagnostics) {
    if !is_env_name(env) {
        let error = Diagnostic::error(format!("`{env}` is not a name of an environment"));
        return errors.push(error.help(super::blocks::env::CHARACTERS));
    }
    if config.envs.is_empty() || env == "default" || config.envs.contains_key(env) {
        return;
    }
    let declared: Vec<_> = config.envs.keys().map(String::as_str).collect();
    let error = Diagnostic::error(format!("the stack has no environment `{env}`"));
    let error = error.detail(format!("It has {}.", list(&declared)));
    let near = did_you_mean(env, declared.iter().copied());
    errors.push(error.help(near.unwrap_or_else(|| format!("declare it: `[env.{env}]`, or env/{env}.toml"))));
}

/// A value that was given, before it is looked at.
struct Given {
    value: Result<Expr, Diagnostics>,
    /// Its text is the user's on the command line or in the environment: where the variable is
    /// sensitive, no error may show it.
    typed_in: bool,
}

fn gather(config: &Config, request: &Inputs, errors: &mut Diagnostics) -> BTreeMap<String, Given> {
    let mut given = BTreeMap::new();
    for (name, variable) in &config.variables {
        for prefix in ["TF_VAR_", "INFRA_VAR_"] {
            let source = format!("{prefix}{name}");
            if let Some(text) = request.environment.get(&source) {
                given.insert(name.clone(), typed_in(variable, &source, text));
            }
        }
    }
    let of_env = config.envs.get(request.env_name()).into_iter().flatten();
    given.extend(of_env.map(|(name, it)| (name.clone(), Given { value: Ok(it.clone()), typed_in: false })));
    for path in own_files(config, request.env_name()).iter().chain(&request.var_files) {
        for it in errors.take(files::read(path)).unwrap_or_default() {
            if config.variables.contains_key(&*it.name) {
                given.insert(it.name.to_string(), Given { value: Ok(it.value), typed_in: false });
            } else {
                let one = undeclared(config, &it.name).at(&it.place);
                // Such a file may be shared by several stacks, as Terraform has it.
                let severity = if files::is_shared(path) { Severity::Warning } else { Severity::Error };
                errors.push(Diagnostic { severity, ..one });
            }
        }
    }
    for text in &request.vars {
        one_var(config, text, &mut given, errors);
    }
    given
}

/// The files of values that count without being named.
fn own_files(config: &Config, env: &str) -> Vec<PathBuf> {
    let Some(files) = &config.value_files else { return Vec::new() };
    let of_env = ["tfvars", "tfvars.json"].map(|it| config.dir.join("env").join(format!("{env}.{it}")));
    files.iter().cloned().chain(of_env.into_iter().filter(|it| is_env_name(env) && it.is_file())).collect()
}

fn one_var(config: &Config, text: &str, given: &mut BTreeMap<String, Given>, errors: &mut Diagnostics) {
    let Some((name, value)) = text.split_once('=') else {
        let error = Diagnostic::error(format!("`--var {text}` gives no value"));
        return errors.push(error.help(format!("write `--var {text}=VALUE`")));
    };
    match config.variables.get(name.trim()) {
        Some(it) => drop(given.insert(it.name.clone(), typed_in(it, &format!("--var {}", it.name), value))),
        None => errors.push(undeclared(config, name.trim())),
    }
}

fn undeclared(config: &Config, name: &str) -> Diagnostic {
    let near = did_you_mean(name, config.variables.keys().map(String::as_str));
    let help = near.unwrap_or_else(|| format!("declare it: `[variable.{name}]`"));
    Diagnostic::error(format!("the stack has no variable `{name}`")).help(help)
}

/// A value given as text: as it is, or an expression, as the variable's type has it.
fn typed_in(variable: &Variable, source: &str, text: &str) -> Given {
    let file = Arc::new(SourceFile { path: source.into(), text: text.to_owned() });
    let place = Place::new(&file, 0..text.len());
    let value = match variable.literal {
        true => Ok(Expr::constant(text, &place)),
        false => Expr::hcl(text, Offsets::verbatim(&file, 0..text.len()), place),
    };
    Given { value, typed_in: true }
}

/// Errors that do not show the text of a sensitive variable.
fn shielded(errors: Diagnostics, variable: &Variable) -> Diagnostics {
    if !variable.sensitive {
        return errors;
    }
    let hidden = errors.into_iter().map(|it| {
        let summary = format!("the value of `var.{}` is not valid", variable.name);
        let help = "what was given is not shown: the variable is sensitive";
        Diagnostic { summary, label: None, detail: None, ..it }.at(&variable.place).help(help)
    });
    Diagnostics(hidden.collect())
}

fn settle(variable: &Variable, given: Option<&Given>, env: &str) -> Result<Value, Diagnostics> {
    let value = match given {
        Some(it) => {
            let value = it.value.clone().and_then(|it| read(variable, &it));
            let value = if it.typed_in { value.map_err(|it| shielded(it, variable)) } else { value };
            Some(value?)
        }
        None => None,
    };
    let usable = value.filter(|it| variable.nullable || !it.is_null());
    usable.or_else(|| variable.default.clone()).ok_or_else(|| unset(variable, given, env).into())
}

fn read(variable: &Variable, expr: &Expr) -> Result<Value, Diagnostics> {
    let value = expr.eval(&Scope::nothing("the value of a variable"))?;
    convert(&value, &variable.ty, expr, &format!("the value of `var.{}`", variable.name))
}

fn unset(variable: &Variable, given: Option<&Given>, env: &str) -> Diagnostic {
    let name = &variable.name;
    if given.is_some() {
        let error = Diagnostic::error(format!("the value of `var.{name}` is null, which `nullable` forbids"));
        return error.at(&variable.place);
    }
    let error = Diagnostic::error(format!("`var.{name}` has no value")).at(&variable.place);
    error.label("declared without a default").help(format!(
        "set it with `--var {name}=…`, INFRA_VAR_{name}, a `--var-file`, `{name} = …` in `[env.{env}]` or \
         env/{env}.toml, or give it a `default`"
    ))
}

fn validate(config: &Config, values: &BTreeMap<String, Value>, errors: &mut Diagnostics) {
    let all = Value::object(values.iter().map(|(name, it)| (name.as_str(), it.clone())));
    let scope = Scope::nothing("the validation of a variable").with("var", all).in_dir(&config.dir);
    for variable in config.variables.values() {
        for rule in &variable.validations {
            if let Err(found) = obeys(rule, &scope, &variable.name) {
                errors.extend(found);
            }
        }
    }
}

fn obeys(rule: &Rule, scope: &Scope, name: &str) -> Result<(), Diagnostics> {
    let condition = rule.condition.eval(scope)?;
    let holds = convert(&condition, &Type::Bool, &rule.condition, "the condition")?;
    match holds.kind {
        Kind::Bool(true) | Kind::Unknown(_) => return Ok(()),
        Kind::Bool(false) => {}
        _ => {
            let error = Diagnostic::error("the condition is neither true nor false");
            return Err(error.at(&rule.condition.place).into());
        }
    }
    let message = rule.error_message.eval(scope)?;
    let text = match &message.kind {
        _ if message.deep_marks().sensitive => "(its message holds a sensitive value)",
        Kind::String(text) => text,
        _ => "(its message is no text)",
    };
    let error = Diagnostic::error(format!("`var.{name}` is not valid: {text}"));
    Err(error.at(&rule.condition.place).label("this is false").into())
}

#[cfg(test)]
mod tests;
