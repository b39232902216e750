//! Reading a table of the stack file: its settings are taken one by one, and what is left over is
//! an error with a suggestion.

use std::sync::Arc;

use super::{Body, Setting};
use crate::address::is_name;
use crate::diag::{Diagnostic, Diagnostics, Place, did_you_mean};
use crate::lang::{Expr, Kind, Node};

/// A table on its way into the model.
pub(super) struct Table {
    /// How errors call it: `[variable.region]`.
    pub what: String,
    pub place: Place,
    entries: Vec<Setting>,
}

/// A name of a table inside a table, and its value: `main` of `[aws_vpc.main]`.
pub(super) struct Entry {
    pub name: Arc<str>,
    pub place: Place,
    pub value: Expr,
}

impl Table {
    /// The value as a table; anything else is an error.
    pub fn of(value: Expr, what: impl Into<String>, errors: &mut Diagnostics) -> Option<Table> {
        let what = what.into();
        let place = value.place.clone();
        match value.node {
            Node::Object(all) => {
                let entries = all.into_iter().map(|(name, place, value)| Setting { name, place, value });
                Some(Table { what, place, entries: entries.collect() })
            }
            other => {
                let found = kind(&other);
                errors.0.push(Diagnostic::error(format!("`{what}` must be a table, not {found}")).at(&place));
                None
            }
        }
    }

    /// One table, or an array of tables.
    pub fn all(value: Expr, what: &str, errors: &mut Diagnostics) -> Vec<Table> {
        match value.node {
            Node::Array(all) => all.into_iter().filter_map(|it| Table::of(it, what, errors)).collect(),
            _ => Table::of(value, what, errors).into_iter().collect(),
        }
    }

    pub fn take(&mut self, name: &str) -> Option<Setting> {
        let at = self.entries.iter().position(|it| *it.name == *name)?;
        Some(self.entries.remove(at))
    }

    /// Where the name of a setting stands.
    pub fn place_of(&self, name: &str) -> Option<Place> {
        self.entries.iter().find(|it| *it.name == *name).map(|it| it.place.clone())
    }

    /// A plain text: no expression.
    pub fn text(&mut self, name: &str, errors: &mut Diagnostics) -> Option<(Arc<str>, Place)> {
        let it = self.take(name)?;
        match constant(&it.value) {
            Some(Kind::String(text)) => Some((text.clone(), it.value.place)),
            _ => {
                errors.0.push(wrong(&it, &self.what, "a plain text"));
                None
            }
        }
    }

    /// `true` or `false`: no expression.
    pub fn flag(&mut self, name: &str, errors: &mut Diagnostics) -> Option<bool> {
        let it = self.take(name)?;
        match constant(&it.value) {
            Some(Kind::Bool(flag)) => Some(*flag),
            // As old `.tf` files have it.
            Some(Kind::String(text)) if it.value.is_native() && matches!(&**text, "true" | "false") => {
                Some(&**text == "true")
            }
            _ => {
                errors.0.push(wrong(&it, &self.what, "`true` or `false`"));
                None
            }
        }
    }

    /// What must stand in it; an error where it does not.
    pub fn need(&mut self, name: &str, errors: &mut Diagnostics) -> Option<Expr> {
        let found = self.take(name).map(|it| it.value);
        if found.is_none() {
            let error = Diagnostic::error(format!("`{}` has no `{name}`", self.what));
            errors.0.push(error.at(&self.place).help(format!("add `{name} = …`")));
        }
        found
    }

    /// Nothing else may stand in it: `known` are all the names it takes.
    pub fn finish(self, known: &[&str], errors: &mut Diagnostics) {
        for it in &self.entries {
            let help = did_you_mean(&it.name, known.iter().copied());
            let help = help.unwrap_or_else(|| format!("it takes {}", list(known)));
            let error = Diagnostic::error(format!("`{}` takes no `{}`", self.what, it.name));
            errors.0.push(error.at(&it.place).help(help));
        }
    }

    /// What is left, as attributes and nested blocks.
    pub fn body(self) -> Body {
        Body(self.entries)
    }

    /// What is left, as names that the user chose; those that are no names are errors.
    pub fn names(self, errors: &mut Diagnostics) -> impl Iterator<Item = Entry> {
        let valid = self.entries.into_iter().filter(|it| {
            let fine = is_name(&it.name);
            if !fine {
                errors.0.push(bad_name(&it.name, &it.place));
            }
            fine
        });
        let all: Vec<_> = valid.map(|it| Entry { name: it.name, place: it.place, value: it.value }).collect();
        all.into_iter()
    }
}

pub(super) fn bad_name(name: &str, place: &Place) -> Diagnostic {
    Diagnostic::error(format!("`{name}` is not a name"))
        .at(place)
        .help("a name starts with a letter or `_`, then letters, digits, `_` and `-` follow")
}

/// The constant of an expression that is one.
pub(super) fn constant(expr: &Expr) -> Option<&Kind> {
    match &expr.node {
        Node::Constant(it) => Some(&it.kind),
        _ => None,
    }
}

/// The items of an array, or nothing and an error.
pub(super) fn items(it: Setting, what: &str, errors: &mut Diagnostics) -> Vec<Expr> {
    match it.value.node {
        Node::Array(all) => all,
        _ => {
            errors.0.push(wrong(&it, what, "an array"));
            Vec::new()
        }
    }
}

/// The wrong kind of value for a setting.
pub(super) fn wrong(it: &Setting, what: &str, wanted: &str) -> Diagnostic {
    let summary = format!("`{}` of `{what}` must be {wanted}, not {}", it.name, kind(&it.value.node));
    Diagnostic::error(summary).at(&it.value.place)
}

fn kind(node: &Node) -> &'static str {
    match node {
        Node::Constant(value) => match value.kind {
            Kind::String(_) => "a text",
            Kind::Number(_) => "a number",
            Kind::Bool(_) => "`true` or `false`",
            _ => "a value",
        },
        Node::Template(..) | Node::Hcl(..) => "an expression",
        Node::Array(_) => "an array",
        Node::Blocks(_) => "a `dynamic` block",
        Node::Object(_) => "a table",
    }
}

/// `a`, `b` and `c`, as code.
pub(super) fn list(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|it| format!("`{it}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

impl Expr {
    /// Whether it stands in a `.tf` file, where an expression needs no quotation marks.
    pub(super) fn is_native(&self) -> bool {
        syntax_of(&self.place) == Syntax::Hcl
    }
}

/// What a file is written in, for what a message says to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Syntax {
    Toml,
    Hcl,
    Json,
}

/// What the file of a place is written in.
pub(super) fn syntax_of(place: &Place) -> Syntax {
    match place.file.path.extension().and_then(|it| it.to_str()) {
        Some("tf" | "tfvars") => Syntax::Hcl,
        Some("json") => Syntax::Json,
        _ => Syntax::Toml,
    }
}
