//! The variables of called modules: their values fit, and obey the modules' own rules.

use crate::address::{ModulePath, Target};
use crate::config::Config;
use crate::diag::Diagnostics;
use crate::plan::scope::Scope;

use super::instance;

/// Reports what is wrong with what the caller passes. The root's own are settled before any plan.
pub fn check(scope: &Scope<'_>, config: &Config, path: &ModulePath, name: &str, errors: &mut Diagnostics) {
    if path.is_empty() {
        return;
    }
    let module = scope.module(path);
    errors.take(module.variable(name));
    let Some(variable) = config.module(path).and_then(|it| it.variables.get(name)) else { return };
    let subject = format!("{}.var.{name}", Target::Module(path.clone()));
    errors.take(instance::conditions(&variable.validations, &module, &subject));
}
