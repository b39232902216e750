//! Provider configurations that a module is passed, and those that it asks for.

use crate::config::{Config, ModuleCall, ProviderName, Syntax};
use crate::diag::{Diagnostic, Diagnostics};

/// What is passed should be asked for, and what is asked for must be passed.
pub(in crate::config) fn check(call: &ModuleCall, errors: &mut Diagnostics) {
    let inner: &Config = &call.config;
    for (name, (_, place)) in call.providers.iter().filter(|it| !is_asked_for(it.0, inner)) {
        let text = format!("the module `{}` does not declare the provider configuration `{name}`", call.name);
        let help = match (inner.syntax, &name.alias) {
            (Syntax::Hcl, Some(alias)) => {
                format!("add `configuration_aliases = [{}.{alias}]` to its `required_providers`", name.kind)
            }
            _ => "it is passed for nothing: no resource there uses it".to_owned(),
        };
        errors.push(Diagnostic::warning(text).at(place).help(help));
    }
    for name in declared(inner).filter(|it| !call.providers.contains_key(it)) {
        if inner.providers.contains_key(&name) {
            continue;
        }
        let text = format!("the module `{}` needs the provider configuration `{name}`", call.name);
        let help = format!("pass one: `providers = {{ {} }}`", pair(&name, call));
        errors.push(Diagnostic::error(text).at(&call.place).help(help));
    }
}

/// How one configuration is passed, as the caller writes it.
fn pair(name: &ProviderName, call: &ModuleCall) -> String {
    match call.place.file.path.extension().is_some_and(|it| it == "toml") {
        true => format!("\"{name}\" = \"{}\"", name.kind),
        false => format!("{name} = {}", name.kind),
    }
}

/// The configurations that a module says a caller must give.
fn declared(inner: &Config) -> impl Iterator<Item = ProviderName> {
    inner.required_providers.values().flat_map(|it| {
        let name =
            |alias: &std::sync::Arc<str>| ProviderName { kind: it.kind.clone(), alias: Some(alias.clone()) };
        it.aliases.iter().map(move |it| name(&it.0))
    })
}

fn is_asked_for(name: &ProviderName, inner: &Config) -> bool {
    let own = || inner.providers.contains_key(name);
    let used = || {
        let resources = inner.resources.values().filter_map(|it| it.provider.as_ref());
        let calls = inner.modules.values().flat_map(|it| it.providers.values());
        resources.chain(calls).any(|it| it.0 == *name)
    };
    name.alias.is_none()
        || declared(inner).any(|it| it == *name)
        || own()
        || (inner.syntax == Syntax::Toml && used())
}
