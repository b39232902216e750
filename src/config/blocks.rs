//! The tables of a stack file, one kind a file, and which is which.

use super::Setting;
use super::load::Loader;
use super::table::{Entry, Table};
use crate::diag::{Diagnostic, Place, did_you_mean};
use crate::lang::Node;

mod backend;
pub(super) mod check;
pub(super) mod encryption;
pub(super) mod env;
mod import;
mod lifecycle;
pub(super) mod missing;
pub(super) mod module;
mod moved;
mod output;
pub(super) mod passed;
mod provider;
mod provisioner;
mod reference;
pub(super) mod removed;
pub(super) mod resource;
mod rule;
mod stack;
pub(super) mod terraform;
mod variable;

/// The tables that are no resource types.
const RESERVED: &[&str] = &[
    "backend", "check", "data", "env", "import", "locals", "module", "moved", "output", "provider",
    "removed", "stack", "variable",
];

/// Takes up one table of the top level.
pub(super) fn read(it: Setting, loader: &mut Loader) {
    match &*it.name {
        "stack" => stack::read(it, loader),
        "backend" => backend::read(it, loader),
        "provider" => provider::read(it, loader),
        "variable" => each(it, loader, variable::read),
        "env" => env::read(it, loader),
        "locals" => stack::locals(it, loader),
        "output" => each(it, loader, output::read),
        "data" => drop(resource::data(it, loader)),
        "module" => each(it, loader, module::read),
        "check" => each(it, loader, check::read),
        "moved" => tables(it, loader, moved::read),
        "import" => tables(it, loader, import::read),
        "removed" => tables(it, loader, removed::read),
        _ => resource::managed(it, loader),
    }
}

/// Every NAME of `[kind.NAME]`.
fn each(it: Setting, loader: &mut Loader, read: fn(Entry, &mut Loader)) {
    let name = it.name.clone();
    let Some(table) = Table::of(it.value, &*name, &mut loader.errors) else { return };
    let entries: Vec<_> = table.names(&mut loader.errors).collect();
    entries.into_iter().for_each(|it| read(it, loader));
}

/// Every table of `[[kind]]`.
fn tables(it: Setting, loader: &mut Loader, read: fn(Table, &mut Loader)) {
    let name = it.name.clone();
    let all = Table::all(it.value, &name, &mut loader.errors);
    all.into_iter().for_each(|it| read(it, loader));
}

/// A table of the top level that is neither reserved nor a resource type.
fn unknown(it: &Setting, loader: &mut Loader) {
    let help = match &*it.name {
        "resource" => "leave `resource.` out: `[aws_vpc.main]`".to_owned(),
        "terraform" => "the backend stands in `[backend.s3]`, the name of the stack in `[stack]`".to_owned(),
        "local" => "did you mean `locals`?".to_owned(),
        name => suggestion(name, loader),
    };
    let error = if matches!(it.value.node, Node::Object(_) | Node::Array(_)) {
        Diagnostic::error(format!("there is no resource type `{}`", it.name))
    } else {
        Diagnostic::error(format!("`{}` stands outside of any table", it.name))
    };
    loader.errors.0.push(error.at(&it.place).help(help));
}

fn suggestion(name: &str, loader: &Loader) -> String {
    if let Some(singular) = name.strip_suffix('s').filter(|it| RESERVED.contains(it)) {
        return format!("did you mean `{singular}`?");
    }
    if !name.starts_with("aws_")
        && let Some(help) = did_you_mean(name, RESERVED.iter().copied())
    {
        return help;
    }
    match loader.resources.nearest(name) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "a table is named after a resource type, such as `[aws_vpc.main]`".to_owned(),
    }
}

/// Where a named table's header stands: `aws_vpc.main` of `[aws_vpc.main]`, or the key of
/// `main = { … }`.
fn header(key: &Place, value: &Place) -> Place {
    let (key_span, span) = (&key.span, &value.span);
    let within = span.start <= key_span.start && key_span.end <= span.end;
    if within { value.clone() } else { key.clone() }
}

impl Entry {
    fn header(&self) -> Place {
        header(&self.place, &self.value.place)
    }
}
