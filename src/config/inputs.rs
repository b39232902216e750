//! The values of variables. From weak to strong: the default, `TF_VAR_x` and `INFRA_VAR_x`,
//! `[env.NAME]`, `env/NAME.toml`, `--var-file`, `--var`. In a folder of `.tf` files, instead of the
//! environment's: terraform.tfvars, terraform.tfvars.json, `*.auto.tfvars` and `*.auto.tfvars.json` by
//! name, `env/NAME.tfvars` and `env/NAME.tfvars.json`.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use hcl_edit::Span;
use hcl_edit::expr::FuncCall;
use hcl_edit::visit::{self, Visit};

use super::scope::{Scope, convert};
use super::table::list;
use super::{Config, Variable, is_env_name};
use crate::diag::{Diagnostic, Diagnostics, Place, Severity, SourceFile, did_you_mean};
use crate::lang::expr::Offsets;
use crate::lang::{Expr, Marks, Node, Value};

mod files;

/// The settings in a file of values; its ending says what it is written in.
pub(super) fn file(path: &std::path::Path) -> Result<Vec<super::Setting>, Diagnostics> {
    files::read(path)
}

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
    /// What was answered when a value was asked for.
    pub answers: BTreeMap<String, String>,
    /// Whether a variable without any value may be left unknown: nothing is planned then.
    pub lenient: bool,
}

impl Inputs {
    /// The name of the environment, which is Terraform's workspace.
    pub fn env_name(&self) -> &str {
        self.env.as_deref().unwrap_or("default")
    }
}

/// The variables that need a value and have none.
pub fn missing<'c>(config: &'c Config, request: &Inputs) -> Vec<&'c Variable> {
    // What is wrong with those that are given is told when they are settled.
    let given = gather(config, request, &mut Diagnostics::default());
    let unset = |it: &&Variable| it.default.is_none() && !given.contains_key(&it.name);
    config.variables.values().filter(unset).collect()
}

/// The value of every declared variable, of its type; sensitive ones are marked. All that is wrong
/// is reported at once, except for rules that are broken: those may look at the whole stack.
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
            values.insert(name.clone(), open(variable));
            continue;
        }
        let value = settle(variable, given.get(name), request.env_name());
        // What is in error already is not to be complained about a second time.
        let value = errors.take(value).unwrap_or_else(|| Value::unknown(variable.ty.clone()));
        values.insert(name.clone(), value.marked(marks(variable)));
    }
    (values, errors)
}

/// A variable that may have any value: code is to be right whatever its variables are.
pub fn open(variable: &Variable) -> Value {
    Value::unknown(variable.ty.clone()).marked(marks(variable))
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
    for (name, text) in &request.answers {
        if let (Some(it), false) = (config.variables.get(name), given.contains_key(name)) {
            given.insert(name.clone(), typed_in(it, &format!("the answer for var.{name}"), text));
        }
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
    if name.ends_with(char::is_whitespace) {
        let name = name.trim();
        let error = Diagnostic::error(format!("`--var` has a space between `{name}` and `=`"));
        errors.push(error.help(format!("write `--var {name}=…`")));
    }
    match config.variables.get(name.trim()) {
        Some(it) => drop(given.insert(it.name.clone(), typed_in(it, &format!("--var {}", it.name), value))),
        None => errors.push(undeclared(config, name.trim())),
    }
}

fn undeclared(config: &Config, name: &str) -> Diagnostic {
    let near = did_you_mean(name, config.variables.keys().map(String::as_str));
    let help = near.unwrap_or_else(|| format!("declare it: {}", config.written(&["variable", name])));
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
    literal(expr)?;
    let value = expr.eval(&Scope::nothing("the value of a variable"))?;
    convert(&value, &variable.ty, expr, &format!("the value of `var.{}`", variable.name))
}

/// Text of the command line, of the environment and of `.tfvars` files holds values, no computations.
fn literal(expr: &Expr) -> Result<(), Diagnostics> {
    let Node::Hcl(it, offsets) = &expr.node else { return Ok(()) };
    let mut calls = Calls::default();
    calls.visit_expr(it);
    let mut errors = Diagnostics::default();
    for (name, span) in calls.0 {
        let error = Diagnostic::error(format!("a value calls no functions: `{name}`"));
        errors.push(error.at(&offsets.place(span)).help("write the value itself"));
    }
    errors.check(())
}

/// The functions that an expression calls, and where.
#[derive(Default)]
struct Calls(Vec<(String, Range<usize>)>);

impl Visit for Calls {
    fn visit_func_call(&mut self, it: &FuncCall) {
        self.0.push((it.name.name.as_str().to_owned(), it.span().unwrap_or_default()));
        visit::visit_func_call(self, it);
    }
}

fn unset(variable: &Variable, given: Option<&Given>, env: &str) -> Diagnostic {
    let name = &variable.name;
    if given.is_some() {
        let error = Diagnostic::error(format!("the value of `var.{name}` is null, which `nullable` forbids"));
        return error.at(&variable.place);
    }
    let error = Diagnostic::error(format!("`var.{name}` has no value")).at(&variable.place);
    let file = match variable.place.file.path.extension().is_some_and(|it| it == "toml") {
        true => format!("`{name} = …` in `[env.{env}]` or env/{env}.toml"),
        false => format!("`{name} = …` in terraform.tfvars or env/{env}.tfvars"),
    };
    error.label("declared without a default").help(format!(
        "set it with `--var {name}=…`, INFRA_VAR_{name}, a `--var-file`, {file}, or give it a `default`"
    ))
}

#[cfg(test)]
mod tests;
