//! A block of the top level, whichever of the two syntaxes it was written in.

use std::sync::Arc;

use crate::config::Setting;
use crate::diag::{Diagnostic, Diagnostics, Place, did_you_mean};
use crate::lang::{Expr, Node};

/// `resource "aws_vpc" "main" { … }`.
#[derive(Debug, Clone)]
pub(super) struct Block {
    /// `resource`.
    pub kind: Arc<str>,
    pub kind_place: Place,
    /// `aws_vpc`, `main`.
    pub labels: Vec<(Arc<str>, Place)>,
    /// Arguments and nested blocks, in the order of the file; blocks of one type are one setting.
    pub body: Vec<Setting>,
    /// The header.
    pub place: Place,
}

/// The blocks there are, and the names that each has.
pub(super) const KINDS: &[(&str, &[&str])] = &[
    ("check", &["name"]),
    ("data", &["type", "name"]),
    ("ephemeral", &["type", "name"]),
    ("import", &[]),
    ("locals", &[]),
    ("module", &["name"]),
    ("moved", &[]),
    ("output", &["name"]),
    ("provider", &["name"]),
    ("removed", &[]),
    ("resource", &["type", "name"]),
    ("terraform", &[]),
    ("variable", &["name"]),
];

/// The names that a block of this kind has.
pub(super) fn labels_of(kind: &str) -> Option<&'static [&'static str]> {
    KINDS.iter().find(|it| it.0 == kind).map(|it| it.1)
}

impl Block {
    /// Whether there is such a block, with as many names as it has; what is wrong otherwise.
    pub fn check(&self, errors: &mut Diagnostics) -> bool {
        let Some(wanted) = labels_of(&self.kind) else {
            errors.push(no_kind(&self.kind, &self.kind_place));
            return false;
        };
        let fine = wanted.len() == self.labels.len();
        if !fine {
            let error = match self.labels.get(wanted.len()) {
                Some((extra, place)) => {
                    Diagnostic::error(format!("`{extra}` is one name too many")).at(place)
                }
                None => {
                    let lacking = wanted[self.labels.len()];
                    Diagnostic::error(format!("this `{}` has no {lacking}", self.kind)).at(&self.place)
                }
            };
            errors.push(error.help(format!("write `{}`", header(&self.kind, wanted))));
        }
        fine
    }

    /// The tree that a stack file would give: `name` → `label` → … → body.
    pub fn setting(self, name: Option<&str>) -> Setting {
        let place = self.place;
        let fields = self.body.into_iter().map(|it| (it.name, it.place, it.value)).collect();
        let body = Expr { node: Node::Object(fields), place: place.clone() };
        let mut labels = self.labels.into_iter();
        let (name, name_place) = match name {
            Some(name) => (name.into(), self.kind_place),
            // A resource's type stands where the kind of others does.
            None => labels.next().unwrap_or((self.kind, self.kind_place)),
        };
        let value = labels.rev().fold(body, |value, (label, at)| Expr {
            node: Node::Object(vec![(label, at, value)]),
            place: place.clone(),
        });
        Setting { name, place: name_place, value }
    }

    /// How messages call it: `aws_vpc.main`, `variable.region`.
    pub fn title(&self) -> String {
        let labels = self.labels.iter().map(|it| &*it.0);
        let kind = (&*self.kind != "resource").then_some(&*self.kind);
        kind.into_iter().chain(labels).collect::<Vec<_>>().join(".")
    }

    /// What two blocks have in common of which the second is the same again.
    pub fn is_like(&self, other: &Block) -> bool {
        let labels = |it: &Block| it.labels.iter().map(|it| it.0.clone()).collect::<Vec<_>>();
        self.kind == other.kind && labels(self) == labels(other)
    }

    pub fn get(&self, name: &str) -> Option<&Setting> {
        self.body.iter().find(|it| *it.name == *name)
    }
}

/// `resource "TYPE" "NAME" { … }`.
fn header(kind: &str, labels: &[&str]) -> String {
    let labels: String = labels.iter().map(|it| format!(" \"{}\"", it.to_uppercase())).collect();
    format!("{kind}{labels} {{ … }}")
}

/// A name at the start of a block that is none.
pub(super) fn no_kind(kind: &str, place: &Place) -> Diagnostic {
    let error = Diagnostic::error(format!("there is no block `{kind}`")).at(place);
    let known = || KINDS.iter().map(|it| it.0);
    match kind {
        "local" => error.help("did you mean `locals`?"),
        "backend" | "required_providers" | "cloud" => {
            error.help(format!("`{kind}` stands inside of `terraform {{ … }}`"))
        }
        "stack" | "env" => error.help("this belongs to a stack.toml: a .tf file does not have it"),
        _ if kind.contains('_') => {
            error.help(format!("a resource is written `resource \"{kind}\" \"NAME\" {{ … }}`"))
        }
        _ => error.maybe_help(did_you_mean(kind, known())),
    }
}
