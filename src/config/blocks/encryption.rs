//! `[stack.encryption]`, and `encryption { … }` in `terraform { … }`.

use std::collections::BTreeMap;

use crate::config::encryption::{Encryption, KEY_PROVIDERS, METHODS, Name, Part, Target};
use crate::config::load::Loader;
use crate::config::table::{Table, constant, list};
use crate::config::{Setting, settings};
use crate::diag::{Diagnostic, Diagnostics, did_you_mean};
use crate::lang::{Expr, Kind};

const KNOWN: &[&str] = &["key_provider", "method", "plan", "remote_state_data_sources", "state"];

/// Takes up the block of a stack; only the stack itself has a state.
pub(super) fn stack(it: Setting, loader: &mut Loader) {
    if !loader.config.path.is_empty() {
        let warning = Diagnostic::warning("the encryption of a module is ignored").at(&it.place);
        return loader.errors.push(warning.help("the state is the stack's: remove the encryption here"));
    }
    let Some(found) = read(it.value, &mut loader.errors) else { return };
    let before = loader.config.encryption.take().unwrap_or_default();
    loader.config.encryption = Some(before.overlaid(found));
}

/// The block's content.
pub(in crate::config) fn read(value: Expr, errors: &mut Diagnostics) -> Option<Encryption> {
    let mut table = Table::of(value, "encryption", errors)?;
    let mut out = Encryption::default();
    if let Some(it) = table.take("key_provider") {
        out.key_providers = parts(it, KEY_PROVIDERS, errors);
    }
    if let Some(it) = table.take("method") {
        out.methods = parts(it, METHODS, errors);
    }
    out.state = table.take("state").and_then(|it| target(it, true, errors));
    out.plan = table.take("plan").and_then(|it| target(it, true, errors));
    if let Some(it) = table.take("remote_state_data_sources") {
        out.remote = remote(it, errors);
    }
    table.finish(KNOWN, errors);
    Some(out)
}

/// `TYPE "NAME" { … }` of all the blocks of a kind.
fn parts(it: Setting, kinds: &[(&str, &[&str])], errors: &mut Diagnostics) -> BTreeMap<Name, Part> {
    let what = it.name.clone();
    let mut out = BTreeMap::new();
    let kind = Table::all(it.value, &what, errors).into_iter().flat_map(|it| it.body().0);
    for Setting { name: kind, place, value } in kind {
        let Some((_, known)) = kinds.iter().find(|it| it.0 == &*kind) else {
            let names: Vec<_> = kinds.iter().map(|it| it.0).collect();
            let help = did_you_mean(&kind, names.iter().copied());
            let help = help.unwrap_or_else(|| format!("there are {}", list(&names)));
            errors.push(
                Diagnostic::error(format!("there is no {what} of type `{kind}`")).at(&place).help(help),
            );
            continue;
        };
        let named = Table::all(value, &format!("{what}.{kind}"), errors);
        let named: Vec<_> = named.into_iter().flat_map(|it| it.names(errors).collect::<Vec<_>>()).collect();
        for it in named {
            let full = format!("{what}.{kind}.{}", it.name);
            // In JSON a block may stand in an array.
            for table in Table::all(it.value, &full, errors) {
                let settings = table.body();
                settings::check_names(&settings, known, &full, errors);
                let part = Part { settings, place: it.place.clone() };
                if out.insert((kind.to_string(), it.name.to_string()), part).is_some() {
                    errors.push(Diagnostic::error(format!("`{full}` is declared twice")).at(&it.place));
                }
            }
        }
    }
    out
}

/// `state`, `plan`, or a `fallback` of one, which is not enforced on its own.
fn target(it: Setting, enforceable: bool, errors: &mut Diagnostics) -> Option<Target> {
    let (what, place) = (it.name.clone(), it.place.clone());
    let mut tables = Table::all(it.value, &what, errors).into_iter();
    let mut table = tables.next()?;
    if let Some(second) = tables.next() {
        errors.push(Diagnostic::error(format!("`{what}` stands twice")).at(&second.place));
    }
    let method = table.take("method").and_then(|it| match reference(&it.value, "method") {
        Ok(name) => Some((name, it.value.place)),
        Err(error) => {
            errors.push(error);
            None
        }
    });
    let enforced = if enforceable { table.flag("enforced", errors) } else { None };
    let fallback = table.take("fallback").and_then(|it| target(it, false, errors)).map(Box::new);
    let known: &[&str] =
        if enforceable { &["enforced", "fallback", "method"] } else { &["fallback", "method"] };
    table.finish(known, errors);
    Some(Target { method, enforced: enforced.unwrap_or_default(), fallback, place })
}

fn remote(it: Setting, errors: &mut Diagnostics) -> BTreeMap<Option<String>, Target> {
    let mut out = BTreeMap::new();
    let Some(mut table) = Table::of(it.value, &*it.name, errors) else { return out };
    if let Some(it) = table.take("default") {
        out.extend(target(it, false, errors).map(|it| (None, it)));
    }
    if let Some(it) = table.take("remote_state_data_source") {
        let what = it.name.clone();
        for it in Table::all(it.value, &what, errors).into_iter().flat_map(|it| it.body().0) {
            let name = it.name.to_string();
            out.extend(target(it, false, errors).map(|it| (Some(name), it)));
        }
    }
    table.finish(&["default", "remote_state_data_source"], errors);
    out
}

/// `method.TYPE.NAME`: bare, as a text, or in `${}`.
pub(in crate::config) fn reference(it: &Expr, root: &str) -> Result<Name, Diagnostic> {
    let path: Vec<String> = match constant(it) {
        Some(Kind::String(text)) => text.split('.').map(str::to_owned).collect(),
        Some(_) => Vec::new(),
        None => match &it.refs()[..] {
            [one] => one.path.clone(),
            _ => Vec::new(),
        },
    };
    match &path[..] {
        [first, kind, name] if first == root => Ok((kind.clone(), name.clone())),
        _ => {
            let form = format!("{root}.TYPE.NAME");
            let error = Diagnostic::error(format!("this is no `{form}`")).at(&it.place);
            let example = if root == "method" { "method.aes_gcm.main" } else { "key_provider.pbkdf2.main" };
            let example = if it.is_native() { example.to_owned() } else { format!("\"{example}\"") };
            Err(error.help(format!("write it like {example}")))
        }
    }
}
