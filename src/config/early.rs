//! What expressions can see that are needed before the state is read: variables, and the local values
//! that are made of them.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::Path;

use super::scope::Scope;
use super::{Config, settings};
use crate::diag::Diagnostic;
use crate::lang::{Env, Found, Value};

/// As [`settings::scope`], with local values.
pub struct Early<'a> {
    config: &'a Config,
    scope: Scope,
    /// How many local values this one is inside of.
    depth: Cell<usize>,
}

/// Nobody nests local values so deep, unless in a circle.
const DEEPEST: usize = 100;

impl<'a> Early<'a> {
    /// `what` is evaluated, for errors.
    pub fn of(config: &'a Config, variables: &BTreeMap<String, Value>, env: &str, what: &str) -> Self {
        let variables = Value::object(variables.iter().map(|(k, v)| (k.as_str(), v.clone())));
        // So that it is listed among what can be used; each is computed when it is asked for.
        let scope =
            settings::scope(what, &variables, &config.stack, env).with("local", Value::object::<&str>([]));
        Early { config, scope: scope.in_dir(&config.dir), depth: Cell::new(0) }
    }
}

impl Env for Early<'_> {
    fn resolve(&self, path: &[&str]) -> Found {
        let ["local", name, ..] = path else { return self.scope.resolve(path) };
        let Some(expr) = self.config.locals.get(*name) else { return self.scope.resolve(path) };
        if self.depth.get() >= DEEPEST {
            return Found::Missing(Box::new(Diagnostic::error(format!("`local.{name}` leads to itself"))));
        }
        self.depth.set(self.depth.get() + 1);
        let value = expr.eval(self);
        self.depth.set(self.depth.get() - 1);
        match value {
            Ok(it) => Found::Value(it, 2),
            Err(errors) => {
                let why = errors.0.into_iter().map(|it| it.summary).collect::<Vec<_>>().join("; ");
                let error = Diagnostic::error(format!("`local.{name}` has no value yet: {why}"));
                Found::Missing(Box::new(error.help("only local values made of variables can be used here")))
            }
        }
    }

    fn base_dir(&self) -> &Path {
        self.scope.base_dir()
    }
}
