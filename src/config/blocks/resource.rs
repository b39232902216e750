//! `[TYPE.NAME]` and `[data.TYPE.NAME]`: the meta-arguments apart from the body.

use super::{lifecycle, missing, provisioner, reference};
use crate::address::{Mode, ResourceAddr};
use crate::config::kinds::Known;
use crate::config::load::Loader;
use crate::config::table::{Entry, Table, constant};
use crate::config::{Config, ProviderName, Provisioner, Repeat, Resource, Setting};
use crate::diag::{Diagnostic, Diagnostics, Place};
use crate::lang::Kind;

/// `[TYPE]` with its NAMEs.
pub(in crate::config) fn managed(it: Setting, loader: &mut Loader) {
    match loader.resources.find(&it.name) {
        Known::Here => drop(of_kind(it, Mode::Managed, loader)),
        known => missing::resource(&it, known, loader),
    }
}

/// `[data]` with its TYPEs; gives the addresses of those that could be read.
pub(super) fn data(it: Setting, loader: &mut Loader) -> Vec<ResourceAddr> {
    let mut out = Vec::new();
    let Some(table) = Table::of(it.value, "data", &mut loader.errors) else { return out };
    for it in table.body().0 {
        match loader.data.find(&it.name) {
            Known::Here => out.extend(of_kind(it, Mode::Data, loader)),
            known => missing::data(&it, known, loader),
        }
    }
    out
}

fn of_kind(it: Setting, mode: Mode, loader: &mut Loader) -> Vec<ResourceAddr> {
    let kind = it.name.clone();
    let what = if mode == Mode::Data { format!("data.{kind}") } else { kind.to_string() };
    let Some(table) = Table::of(it.value, &*what, &mut loader.errors) else { return Vec::new() };
    let entries: Vec<_> = table.names(&mut loader.errors).collect();
    if let Some(first) = entries.iter().find(|it| !it.is_table()) {
        // The name was forgotten: one error, not one for each attribute.
        let error = Diagnostic::error(format!("`{what}.{}` must be a table", first.name)).at(&first.place);
        loader.errors.0.push(error.help(format!("a resource has a name: `[{what}.NAME]`")));
    }
    let mut out = Vec::new();
    for it in entries.into_iter().filter(Entry::is_table) {
        let addr = match mode {
            Mode::Managed => ResourceAddr::managed(&kind, &it.name),
            Mode::Data => ResourceAddr::data(&kind, &it.name),
        };
        out.extend(one(addr.within(&loader.config.path), it, loader));
    }
    out
}

fn one(addr: ResourceAddr, it: Entry, loader: &mut Loader) -> Option<ResourceAddr> {
    let place = it.header();
    if let Some(first) = loader.config.resources.get(&addr).map(|it| it.place.clone()) {
        loader.twice(&addr, &first, &place);
        return None;
    }
    let errors = &mut loader.errors;
    let what = addr.to_string();
    let mut table = Table::of(it.value, &*what, errors)?;
    provisioner::refuse_connection(table.take("connection"), &what, errors);
    let resource = Resource {
        repeat: repeat(&mut table, errors),
        depends_on: reference::depends_on(table.take("depends_on"), &what, errors),
        provider: own_provider(&mut table, &loader.config, errors),
        lifecycle: lifecycle::read(table.take("lifecycle"), &what, addr.mode == Mode::Data, errors),
        provisioners: provisioners(&mut table, addr.mode, errors),
        body: table.body(),
        place,
        addr: addr.clone(),
    };
    loader.config.resources.insert(addr.clone(), resource);
    Some(addr)
}

fn provisioners(table: &mut Table, mode: Mode, errors: &mut Diagnostics) -> Vec<Provisioner> {
    let given = table.take("provisioner");
    if let (Mode::Data, Some(it)) = (mode, &given) {
        let error = Diagnostic::error("a data source has no provisioners").at(&it.place);
        errors.0.push(error.about(&table.what).help("give it to a resource that depends on this one"));
        return Vec::new();
    }
    provisioner::read(given, &table.what, errors)
}

pub(super) fn repeat(table: &mut Table, errors: &mut Diagnostics) -> Repeat {
    match (table.take("count"), table.take("for_each")) {
        (None, None) => Repeat::Once,
        (Some(it), None) => Repeat::Count(it.value),
        (None, Some(it)) => Repeat::ForEach(it.value),
        (Some(_), Some(it)) => {
            let error = Diagnostic::error(format!("`{}` has both `count` and `for_each`", table.what));
            errors.0.push(error.at(&it.place).help("keep one of them"));
            Repeat::ForEach(it.value)
        }
    }
}

/// The configuration that a resource names, with the provider's own name.
fn own_provider(
    table: &mut Table,
    config: &Config,
    errors: &mut Diagnostics,
) -> Option<(ProviderName, Place)> {
    let (name, place) = provider(&table.take("provider")?, errors)?;
    Some((config.known_as(&name), place))
}

/// `"aws"` or `"aws.ALIAS"`, with or without `${}`.
pub(super) fn provider(it: &Setting, errors: &mut Diagnostics) -> Option<(ProviderName, Place)> {
    let path = match constant(&it.value) {
        Some(Kind::String(text)) => text.split('.').map(str::to_owned).collect(),
        Some(_) => Vec::new(),
        None => it.value.refs().into_iter().next().map(|it| it.path).unwrap_or_default(),
    };
    let name = ProviderName::parse(&path.join("."));
    if name.is_none() {
        let error = Diagnostic::error("this is not a provider configuration").at(&it.value.place);
        errors.0.push(error.help("write \"aws\" or \"aws.ALIAS\""));
    }
    Some((name?, it.value.place.clone()))
}

impl Entry {
    fn is_table(&self) -> bool {
        matches!(self.value.node, crate::lang::Node::Object(_))
    }
}
