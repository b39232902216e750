//! The variables of called modules: their values fit, and obey the modules' own rules.

use crate::address::ModulePath;
use crate::config::Config;
use crate::diag::Diagnostics;
use crate::engine::checks::{Checks, Of};
use crate::plan::checks::Subject;
use crate::plan::scope::Scope;

/// Reports what is wrong with what the caller passes. The root's own are settled before any plan.
pub fn check(
    scope: &Scope<'_>,
    config: &Config,
    path: &ModulePath,
    name: &str,
    checks: &Checks,
    errors: &mut Diagnostics,
) {
    let Some(variable) = config.module(path).and_then(|it| it.variables.get(name)) else { return };
    let of = Of::named(Subject::Var, path, "var", name);
    if path.is_empty() {
        return checks.again(&of, &[&variable.validations]);
    }
    let module = scope.module(path);
    errors.take(module.variable(name));
    errors.take(checks.conditions(of, &variable.validations, &module));
}
