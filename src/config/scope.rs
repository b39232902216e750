//! What expressions outside of resources can see: variables, and little else.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::diag::{Diagnostic, Diagnostics, did_you_mean};
use crate::lang::{Env, Expr, Found, Type, Value};

/// A scope of a few named objects, such as `var` and `local`.
#[derive(Debug, Clone)]
pub struct Scope {
    /// What is evaluated, for errors: `the default of a variable`.
    what: String,
    roots: BTreeMap<String, Value>,
    dir: PathBuf,
}

impl Scope {
    /// Functions only.
    pub fn nothing(what: &str) -> Self {
        Scope { what: what.to_owned(), roots: BTreeMap::new(), dir: PathBuf::from(".") }
    }

    /// With an object under this name.
    pub fn with(mut self, root: &str, object: Value) -> Self {
        self.roots.insert(root.to_owned(), object);
        self
    }

    /// With the folder of the stack, for `file` and its like.
    pub fn in_dir(mut self, dir: &Path) -> Self {
        self.dir = dir.to_owned();
        self
    }

    fn missing_root(&self, root: &str) -> Found {
        let seen: Vec<_> = self.roots.keys().map(|it| format!("`{it}`")).collect();
        let error = Diagnostic::error(format!("`{root}` cannot be used in {}", self.what));
        let known = match seen.is_empty() {
            true => "nothing can be referred to here".to_owned(),
            false => format!("what can be used here: {}", seen.join(", ")),
        };
        Found::Missing(Box::new(error.help(known)))
    }
}

impl Env for Scope {
    fn resolve(&self, path: &[&str]) -> Found {
        let Some((root, rest)) = path.split_first() else { return self.missing_root("") };
        let Some(object) = self.roots.get(*root) else { return self.missing_root(root) };
        let (Some(name), Some(fields)) = (rest.first(), object.as_fields()) else {
            return Found::Value(object.clone(), 1);
        };
        match fields.get(*name) {
            Some(it) => Found::Value(it.clone(), 2),
            None => {
                let error = Diagnostic::error(format!("there is no `{root}.{name}`"));
                let help = did_you_mean(name, fields.keys().map(|it| &**it));
                Found::Missing(Box::new(error.maybe_help(help)))
            }
        }
    }
    fn base_dir(&self) -> &Path {
        &self.dir
    }
}

/// The value as this type; the error stands where the part that does not fit stands.
pub fn convert(value: &Value, ty: &Type, expr: &Expr, what: &str) -> Result<Value, Diagnostics> {
    value.convert(ty).map_err(|it| {
        let within = if it.path.is_empty() { String::new() } else { format!("{}: ", it.path.join(".")) };
        let summary = format!("{what} does not fit its type `{ty}`: {within}{}", it.message);
        Diagnostic::error(summary).at(&expr.place_of(&it.path)).into()
    })
}
