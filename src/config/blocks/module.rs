//! `[module.NAME]`: the call of a module. What the module itself says is read once its caller is.

use super::{reference, resource};
use crate::config::load::Loader;
use crate::config::table::{Entry, Table, constant};
use crate::config::{Config, ModuleCall, ProviderName, Setting};
use crate::diag::{Diagnostic, Diagnostics, Place, did_you_mean};
use crate::lang::{Expr, Kind};

/// Where a module's files are, as its call says it.
pub(in crate::config) struct Source {
    /// The name of the call.
    pub call: String,
    pub source: String,
    pub place: Place,
    /// `version`: a constraint.
    pub version: Option<(String, Place)>,
}

pub(super) fn read(it: Entry, loader: &mut Loader) {
    let place = it.header();
    let what = format!("module.{}", it.name);
    if let Some(first) = loader.config.modules.get(&*it.name).map(|it| it.place.clone()) {
        return loader.twice(what, &first, &place);
    }
    let errors = &mut loader.errors;
    let Some(mut table) = Table::of(it.value, &*what, errors) else { return };
    table.place = place.clone();
    let source = source(&mut table, &it.name, errors);
    let call = ModuleCall {
        name: it.name.to_string(),
        source: source.as_ref().map(|it| it.source.clone()).unwrap_or_default(),
        version: source.as_ref().and_then(|it| Some(it.version.as_ref()?.0.clone())),
        repeat: resource::repeat(&mut table, errors),
        depends_on: reference::depends_on(table.take("depends_on"), &what, errors),
        providers: providers(table.take("providers"), &what, &loader.config, errors),
        inputs: table.body(),
        config: Box::default(),
        found: false,
        place,
    };
    loader.config.modules.insert(call.name.clone(), call);
    loader.sources.extend(source);
}

fn source(table: &mut Table, call: &str, errors: &mut Diagnostics) -> Option<Source> {
    let version = table.text("version", errors).map(|it| (it.0.to_string(), it.1));
    let source = table.need("source", errors)?;
    let Some(Kind::String(text)) = constant(&source) else {
        let error = Diagnostic::error("the source of a module must be a plain text").at(&source.place);
        errors.push(error.help("it is needed before anything is computed: write it out"));
        return None;
    };
    Some(Source { call: call.to_owned(), source: text.to_string(), place: source.place.clone(), version })
}

/// `providers = { aws = "aws.west" }`: the module's names, and the caller's.
fn providers(
    it: Option<Setting>,
    of: &str,
    config: &Config,
    errors: &mut Diagnostics,
) -> std::collections::BTreeMap<ProviderName, (ProviderName, Place)> {
    let mut out = std::collections::BTreeMap::new();
    let Some(it) = it else { return out };
    let Some(table) = Table::of(it.value, format!("{of}.providers"), errors) else { return out };
    for it in table.body().0 {
        let Some(name) = ProviderName::parse(&it.name) else {
            let error = Diagnostic::error(format!("`{}` is not a provider configuration", it.name));
            errors.push(error.at(&it.place).help("write `aws` or `\"aws.ALIAS\"`"));
            continue;
        };
        if let Some((theirs, place)) = resource::provider(&it, errors) {
            out.insert(name, (config.known_as(&theirs), place));
        }
    }
    out
}

/// What is passed must be asked for, and what is asked for must be passed.
pub(in crate::config) fn check_inputs(call: &ModuleCall, errors: &mut Diagnostics) {
    let inner: &Config = &call.config;
    for it in call.inputs.0.iter().filter(|it| !inner.variables.contains_key(&*it.name)) {
        let near = did_you_mean(&it.name, inner.variables.keys().map(String::as_str));
        let error = Diagnostic::error(format!("the module `{}` takes no `{}`", call.name, it.name));
        let help =
            near.unwrap_or_else(|| format!("declare it there: {}", inner.written(&["variable", &it.name])));
        errors.push(error.at(&it.place).help(help));
    }
    let wanted = inner.variables.values().filter(|it| it.default.is_none());
    for it in wanted.filter(|it| call.inputs.get(&it.name).is_none()) {
        let error = Diagnostic::error(format!("the module `{}` needs `{}`", call.name, it.name));
        errors.push(error.at(&call.place).help(format!("add `{} = …`", it.name)));
    }
}

/// A module with provider configurations of its own cannot be repeated: they would go with an instance.
pub(in crate::config) fn check_repeat(call: &ModuleCall, errors: &mut Diagnostics) {
    use crate::config::Repeat;
    let repeated = match &call.repeat {
        Repeat::Once => None,
        Repeat::Count(it) | Repeat::ForEach(it) => Some(it),
    };
    let own = call.config.all().into_iter().find_map(|it| it.providers.values().next());
    if let Some((repeat, own)) = repeated.zip(own) {
        let error = Diagnostic::error(format!("the module `{}` cannot be repeated", call.name));
        let spot = crate::config::syntax::spot(&own.place);
        errors.push(
            error
                .at(&Expr::place_of(repeat, &[]))
                .detail(format!("It has a provider configuration of its own: {spot}"))
                .help("move the provider configuration to the stack, and pass it with `providers`"),
        );
    }
}
