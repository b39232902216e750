//! `terraform { … }`: what the code asks of the program that runs it, and where its state is.

use std::sync::Arc;

use super::backend;
use crate::config::kinds::{BuiltIn, built_in};
use crate::config::load::Loader;
use crate::config::table::{Table, constant, items};
use crate::config::version::{Constraint, Version};
use crate::config::{ProviderName, RequiredProvider, Setting};
use crate::diag::{Diagnostic, Diagnostics, Place};
use crate::lang::{Expr, Kind, Node};

/// The version of Terraform whose language this is.
const TERRAFORM: &str = "1.11.4";
const KNOWN: &[&str] = &[
    "backend",
    "cloud",
    "encryption",
    "experiments",
    "provider_meta",
    "required_providers",
    "required_version",
];

/// The body of one such block; a folder may have several.
pub(in crate::config) fn read(body: Vec<Setting>, loader: &mut Loader) {
    for it in body {
        match &*it.name {
            "required_version" => required_version(&it, &mut loader.errors),
            "required_providers" => required_providers(it, loader),
            "backend" => state(it, loader),
            "encryption" => super::encryption::stack(it, loader),
            "cloud" => {
                let error = Diagnostic::error(
                    "`cloud` is not supported: the state is kept in S3, or in a local file",
                );
                let help = "write `backend \"s3\" { … }`; without a backend the state is a local file";
                loader.errors.push(error.at(&it.place).help(help));
            }
            "experiments" => experiments(it, &mut loader.errors),
            "provider_meta" => {}
            other => {
                let help = crate::diag::did_you_mean(other, KNOWN.iter().copied());
                let help = help.unwrap_or_else(|| format!("it takes {}", crate::config::table::list(KNOWN)));
                let error = Diagnostic::error(format!("`terraform` takes no `{other}`"));
                loader.errors.push(error.at(&it.place).help(help));
            }
        }
    }
}

/// Only the stack itself has a state.
fn state(it: Setting, loader: &mut Loader) {
    if loader.config.path.is_empty() {
        return backend::read(it, loader);
    }
    let warning = Diagnostic::warning("the backend of a module is ignored").at(&it.place);
    loader.errors.push(warning.help("the state is the stack's: remove the backend here"));
}

fn required_version(it: &Setting, errors: &mut Diagnostics) {
    let Some((text, constraint)) = constraint(&it.value, errors) else { return };
    if Version::parse(TERRAFORM).is_some_and(|it| !constraint.allows(&it)) {
        let error = Diagnostic::error(format!(
            "this needs Terraform `{text}`, and infra is as Terraform {TERRAFORM}"
        ));
        errors.push(
            error
                .at(&it.value.place)
                .help("change `required_version` where the code works with this one too"),
        );
    }
}

/// A plain text that is a constraint.
fn constraint(it: &Expr, errors: &mut Diagnostics) -> Option<(Arc<str>, Constraint)> {
    let Some(Kind::String(text)) = constant(it) else {
        let error = Diagnostic::error("a version constraint is a plain text").at(&it.place);
        errors.push(error.help("write it like \">= 1.5\" or \"~> 5.0\""));
        return None;
    };
    match Constraint::parse(text) {
        Ok(found) => Some((text.clone(), found)),
        Err(part) => {
            let error = Diagnostic::error(format!("`{part}` is not a version constraint")).at(&it.place);
            errors.push(error.help("write it like \">= 1.5, < 2.0\" or \"~> 5.0\""));
            None
        }
    }
}

fn experiments(it: Setting, errors: &mut Diagnostics) {
    for it in items(it, "terraform", errors) {
        let error = Diagnostic::error("no experiment of Terraform's is supported").at(&it.place);
        errors.push(
            error.help("remove it: what has been an experiment once is a part of the language, or gone"),
        );
    }
}

fn required_providers(it: Setting, loader: &mut Loader) {
    let Some(table) = Table::of(it.value, "required_providers", &mut loader.errors) else { return };
    for it in table.body().0 {
        let Some(found) = provider(&it, &mut loader.errors) else { continue };
        let all = &loader.config.required_providers;
        if let Some(first) = all.get(&it.name).map(|it| it.place.clone()) {
            loader.twice(format!("required_providers.{}", it.name), &first, &it.place);
            continue;
        }
        if let Some((name, _)) = all.iter().find(|it| it.1.source == found.source) {
            let error =
                Diagnostic::error(format!("the provider {} is called `{name}` already", found.source));
            loader.errors.push(error.at(&it.place).help("keep one of the two names"));
            continue;
        }
        loader.config.required_providers.insert(it.name, found);
    }
}

/// `{ source = "hashicorp/aws", version = "~> 5.0", configuration_aliases = [aws.west] }`, or as
/// Terraform 0.12 had it, the version alone.
fn provider(it: &Setting, errors: &mut Diagnostics) -> Option<RequiredProvider> {
    let mut version = None;
    let mut source = None;
    let mut aliases = Vec::new();
    match &it.value.node {
        Node::Object(all) => {
            for (name, place, value) in all {
                match &**name {
                    "version" => version = Some(value),
                    "source" => source = Some(value),
                    "configuration_aliases" => aliases = configuration_aliases(&it.name, value, errors),
                    other => {
                        let error =
                            Diagnostic::error(format!("a required provider has no `{other}`")).at(place);
                        errors.push(error.help("it has `source`, `version` and `configuration_aliases`"));
                    }
                }
            }
        }
        _ => version = Some(&it.value),
    }
    let source = match source {
        Some(it) => address(it, errors)?,
        None => format!("{HASHICORP}{}", it.name),
    };
    let kind = kind_of(&source).unwrap_or(&it.name).into();
    let constrained = version.and_then(|it| Some((it, constraint(it, errors)?)));
    let version = constrained.as_ref().map(|it| it.1.0.to_string());
    let provider = RequiredProvider { kind, source, version, aliases, place: it.place.clone() };
    if let Some((expr, (text, constraint))) = &constrained
        && let Some(ours) = kind_of(&provider.source).and_then(built_in)
    {
        fits(text, constraint, ours, &expr.place, errors);
    }
    Some(provider)
}

const HASHICORP: &str = "registry.terraform.io/hashicorp/";

/// The whole address of a provider: host, namespace, name.
fn address(it: &Expr, errors: &mut Diagnostics) -> Option<String> {
    let text = match constant(it) {
        Some(Kind::String(text)) => text.to_lowercase(),
        _ => String::new(),
    };
    let parts: Vec<&str> = text.split('/').collect();
    let whole = match parts[..] {
        [name] if !name.is_empty() => format!("{HASHICORP}{name}"),
        ["terraform.io", "builtin", name] => format!("terraform.io/builtin/{name}"),
        [namespace, name] if !namespace.is_empty() && !name.is_empty() => {
            format!("registry.terraform.io/{text}")
        }
        [_, _, _] if parts.iter().all(|it| !it.is_empty()) => text,
        _ => {
            let error = Diagnostic::error("this is not the source of a provider").at(&it.place);
            errors.push(error.help("write it like \"hashicorp/aws\""));
            return None;
        }
    };
    Some(whole)
}

/// The provider's own name, where it is one of those that are built in.
fn kind_of(source: &str) -> Option<&str> {
    let name = source.strip_prefix(HASHICORP).or_else(|| source.strip_prefix("terraform.io/builtin/"))?;
    built_in(name).map(|it| it.name)
}

fn fits(text: &str, constraint: &Constraint, ours: &BuiltIn, place: &Place, errors: &mut Diagnostics) {
    if Version::parse(ours.version).is_some_and(|it| !constraint.allows(&it)) {
        let summary = format!(
            "the provider `{}` is built in as of its version {}, not `{text}`",
            ours.name, ours.version
        );
        let warning = Diagnostic::warning(summary).at(place);
        errors
            .push(warning.help("what that version has more, or has otherwise, is an error where it is used"));
    }
}

fn configuration_aliases(local: &str, it: &Expr, errors: &mut Diagnostics) -> Vec<(Arc<str>, Place)> {
    let Node::Array(all) = &it.node else {
        let error = Diagnostic::error("`configuration_aliases` is a list, such as [aws.west]");
        errors.push(error.at(&it.place));
        return Vec::new();
    };
    let mut out = Vec::new();
    for it in all {
        let name = match (constant(it), &it.refs()[..]) {
            (Some(Kind::String(text)), _) => ProviderName::parse(text),
            (None, [one]) => ProviderName::parse(&one.path.join(".")),
            _ => None,
        };
        match name.filter(|it| &*it.kind == local).and_then(|it| it.alias) {
            Some(alias) => out.push((alias, it.place.clone())),
            None => {
                let error = Diagnostic::error(format!("this is no configuration of the provider `{local}`"));
                errors.push(error.at(&it.place).help(format!("write it like `{local}.west`")));
            }
        }
    }
    out
}
