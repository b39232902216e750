//! Variables, as far as they are more than values: what a module is given fits its declarations, and
//! all obey the rules that stand beside them.

use crate::address::{ModulePath, Target};
use crate::config::{Config, Variable};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::checks::{Checks, Of};
use crate::lang::Env;
use crate::plan::checks::Subject;
use crate::plan::scope::Scope;

/// Reports what is wrong with a variable of an instance of a module.
pub fn check(
    scope: &Scope<'_>,
    config: &Config,
    path: &ModulePath,
    name: &str,
    checks: &Checks,
    errors: &mut Diagnostics,
) {
    let Some(variable) = config.module(path).and_then(|it| it.variables.get(name)) else { return };
    let module = scope.module(path);
    if !path.is_empty() {
        let value = errors.take(module.variable(name));
        if value.is_some_and(|it| it.deep_marks().ephemeral) && !variable.ephemeral {
            errors.push(transient(config, path, variable));
        }
    }
    errors.take(check_variable(variable, path, checks, &module));
}

/// The rules of a variable; one that is not known yet is checked when it is.
pub fn check_variable(
    variable: &Variable,
    path: &ModulePath,
    checks: &Checks,
    env: &dyn Env,
) -> Result<(), Diagnostics> {
    let of = Of::named(Subject::Var, path, "var", &variable.name);
    checks.again(&of, &[&variable.validations]);
    let subject = match path.is_empty() {
        true => format!("var.{}", variable.name),
        false => format!("{}.var.{}", Target::Module(path.clone()), variable.name),
    };
    let named = |mut it: Diagnostic| {
        if it.label.as_deref() == Some(crate::plan::checks::BROKEN) {
            it.summary = format!("`{subject}` is not valid: {}", it.summary);
            it.label = Some("this is false".to_owned());
            it.address = None;
        }
        it
    };
    let held = checks.conditions(of, &variable.validations, env);
    held.map_err(|errors| Diagnostics(errors.into_iter().map(named).collect()))
}

/// For an ephemeral value given to a variable that is not declared as one.
fn transient(config: &Config, path: &ModulePath, variable: &Variable) -> Diagnostic {
    let text = format!("`{}` is not ephemeral, and is given an ephemeral value", variable.name);
    let help = format!("set `ephemeral = true` in `[variable.{}]` of the module", variable.name);
    let call = path.split_last().and_then(|((name, _), parent)| config.module(parent)?.modules.get(&**name));
    let place = call.and_then(|it| it.inputs.get(&variable.name)).map(|it| &it.value.place);
    Diagnostic::error(text).at(place.unwrap_or(&variable.place)).help(help)
}
