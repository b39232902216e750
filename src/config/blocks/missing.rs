//! Types that a stack names and that cannot be used: they do not exist, or not here.

use crate::config::kinds::{Known, built_in};
use crate::config::load::Loader;
use crate::config::table::{Syntax, syntax_of};
use crate::config::{Config, ProviderName, Setting};
use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::Node;

/// A resource type that cannot be used.
pub(super) fn resource(it: &Setting, known: Known, loader: &mut Loader) {
    loader.config.refused.insert(it.name.to_string());
    if known == Known::Later {
        return later(it, "resource type", loader);
    }
    if loader.data.find(&it.name) != Known::No {
        let error = Diagnostic::error(format!("`{}` is a data source, not a resource type", it.name));
        let write = header(it, &["data", &it.name, "NAME"]);
        let help = match loader.resources.nearest_here(&it.name) {
            Some(near) => format!("did you mean `{near}`? A data source is `{write}`"),
            None => format!("write `{write}`"),
        };
        return loader.errors.0.push(error.at(&it.place).help(help));
    }
    match syntax_of(&it.place) {
        Syntax::Toml => super::unknown(it, loader),
        _ if is_foreign(&it.name) => foreign(it, "resource type", loader),
        _ => {
            let error = Diagnostic::error(format!("there is no resource type `{}`", it.name)).at(&it.place);
            let near = loader.resources.nearest(&it.name).map(|it| format!("did you mean `{it}`?"));
            loader.errors.push(error.maybe_help(near));
        }
    }
}

/// A data source that cannot be used.
pub(super) fn data(it: &Setting, known: Known, loader: &mut Loader) {
    loader.config.refused.insert(format!("data.{}", it.name));
    if known == Known::Later {
        return later(it, "data source", loader);
    }
    if syntax_of(&it.place) != Syntax::Toml && is_foreign(&it.name) {
        return foreign(it, "data source", loader);
    }
    let help = match loader.resources.find(&it.name) {
        Known::No => loader.data.nearest(&it.name).map(|it| format!("did you mean `{it}`?")),
        _ => Some(format!("it is a resource type: write `{}`", header(it, &[&it.name, "NAME"]))),
    };
    let error = Diagnostic::error(format!("there is no data source `{}`", it.name));
    loader.errors.0.push(error.at(&it.place).maybe_help(help));
}

/// How a block of this type is begun, in the syntax of the file.
fn header(it: &Setting, path: &[&str]) -> String {
    match (syntax_of(&it.place), path) {
        (Syntax::Toml, _) => format!("[{}]", path.join(".")),
        (_, ["data", kind, name]) => format!("data \"{kind}\" \"{name}\""),
        _ => format!("resource \"{}\"", path.join("\" \"")),
    }
}

/// Whether a type belongs to a provider that is not built in.
fn is_foreign(kind: &str) -> bool {
    built_in(&ProviderName::of_type(kind).kind).is_none()
}

fn foreign(it: &Setting, what: &str, loader: &mut Loader) {
    let name = ProviderName::of_type(&it.name);
    let source = loader.config.required_providers.get(&name.kind).map(|it| it.source.clone());
    let source = source.unwrap_or_else(|| name.to_string());
    let text = format!("the {what} `{}` belongs to the provider `{source}`, which is not built in", it.name);
    note(text, it, loader);
}

fn later(it: &Setting, what: &str, loader: &mut Loader) {
    note(format!("the {what} `{}` is not supported yet", it.name), it, loader);
}

/// Each type is told once, however many blocks there are of it.
fn note(text: String, it: &Setting, loader: &mut Loader) {
    let blocks = match &it.value.node {
        Node::Object(all) => all.len().max(1),
        _ => 1,
    };
    let places = loader.config.missing.entry(text).or_default();
    places.extend(std::iter::repeat_n(it.place.clone(), blocks));
}

/// Every type that is not there, of the stack and all its modules.
pub(in crate::config) fn told(root: &Config) -> Diagnostics {
    let mut all = std::collections::BTreeMap::<&String, Vec<_>>::new();
    for config in root.all() {
        for (text, places) in &config.missing {
            all.entry(text).or_default().extend(places);
        }
    }
    let one = |(text, places): (&String, Vec<&crate::diag::Place>)| {
        let error = Diagnostic::error(text);
        let error = match places.first() {
            Some(first) => error.at(first),
            None => error,
        };
        match places.len() {
            0 | 1 => error,
            count => error.label(format!("the first of {count} blocks")),
        }
    };
    Diagnostics(all.into_iter().map(one).collect())
}
