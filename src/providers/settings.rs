//! The configuration of a small provider: what it may say.

use crate::config::Body;
use crate::diag::{Diagnostic, Diagnostics, Place, did_you_mean};
use crate::lang::Value;

/// Refuses settings that the provider has not, and those that have no effect here.
pub fn check(
    provider: &str,
    settings: &Value,
    body: Option<&Body>,
    place: Option<&Place>,
) -> Result<(), Diagnostics> {
    let mut errors = Diagnostics::default();
    let known = super::arguments(provider).unwrap_or_default();
    for (name, value) in settings.as_fields().into_iter().flatten() {
        let at = body.and_then(|it| it.get(name)).map(|it| &it.place).or(place);
        let error = if !known.contains(&&**name) {
            let error = Diagnostic::error(format!("`provider.{provider}` takes no `{name}`"));
            error.maybe_help(did_you_mean(name, known.iter().copied()))
        } else if !value.is_null() {
            let error = Diagnostic::error(format!("`{name}` of `provider.{provider}` is not supported yet"));
            error.help("set HTTPS_PROXY in the environment instead")
        } else {
            continue;
        };
        errors.push(at.into_iter().fold(error, Diagnostic::at));
    }
    errors.check(())
}
