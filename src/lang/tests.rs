//! The language as a whole: against answers of Terraform, its errors, its marks and unknowns.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::expr::Offsets;
use super::*;
use crate::diag::{Diagnostic, Diagnostics, Place, SourceFile};

mod constraints;
mod errors;
pub(crate) mod fuzz;
mod limits;
mod lines;
mod manual;
mod properties;
mod recorded;
mod templates;
mod unknowns;

/// A scope with values by path.
#[derive(Default)]
pub(super) struct Names(BTreeMap<Vec<String>, Value>);

impl Names {
    pub(super) fn with(mut self, path: &str, value: impl Into<Value>) -> Self {
        self.0.insert(path.split('.').map(str::to_owned).collect(), value.into());
        self
    }
}

impl Env for Names {
    fn resolve(&self, path: &[&str]) -> Found {
        for used in (1..=path.len()).rev() {
            let key: Vec<String> = path[..used].iter().map(|it| (*it).to_owned()).collect();
            if let Some(value) = self.0.get(&key) {
                return Found::Value(value.clone(), used);
            }
        }
        Found::Missing(Box::new(Diagnostic::error(format!("`{}` is not declared", path.join(".")))))
    }
    fn base_dir(&self) -> &std::path::Path {
        std::path::Path::new(recorded::SCOPE)
    }
}

pub(super) fn source(text: &str) -> (Arc<SourceFile>, Offsets, Place) {
    let file = Arc::new(SourceFile { path: "stack.toml".into(), text: text.to_owned() });
    let offsets = Offsets::verbatim(&file, 0..text.len());
    let place = Place::new(&file, 0..text.len());
    (file, offsets, place)
}

pub(super) fn eval_in(text: &str, env: &Names) -> Result<Value, Diagnostics> {
    let (_, offsets, place) = source(text);
    Expr::hcl(text, offsets, place)?.eval(env)
}

pub(super) fn eval(text: &str) -> Result<Value, Diagnostics> {
    eval_in(text, &Names::default())
}
