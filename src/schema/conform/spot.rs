//! Where a value stands, in the file and in words.

use crate::diag::Place;
use crate::lang::{Expr, Node};

/// A place inside a setting: `ingress[0].from_port`.
#[derive(Clone)]
pub(super) struct Spot<'a> {
    setting: &'a str,
    expr: &'a Expr,
    path: Vec<String>,
}

impl<'a> Spot<'a> {
    pub fn of(setting: &'a str, expr: &'a Expr) -> Self {
        Spot { setting, expr, path: Vec::new() }
    }

    pub fn child(&self, step: impl ToString) -> Self {
        let mut out = self.clone();
        out.path.push(step.to_string());
        out
    }

    pub fn inside(&self, path: &[String]) -> Self {
        let mut out = self.clone();
        out.path.extend_from_slice(path);
        out
    }

    /// Where the value stands.
    pub fn place(&self) -> Place {
        self.expr.place_of(&self.path)
    }

    /// Where the name before the value stands, as far as it has one.
    pub fn key(&self) -> Place {
        let found = self.path.split_last().and_then(|(last, before)| {
            let parent = before.iter().try_fold(self.expr, |it, step| inner(it, step))?;
            let Node::Object(all) = &parent.node else { return None };
            all.iter().find(|it| *it.0 == **last).map(|it| it.1.clone())
        });
        found.unwrap_or_else(|| self.place())
    }
}

fn inner<'a>(it: &'a Expr, step: &str) -> Option<&'a Expr> {
    match &it.node {
        Node::Array(all) => all.get(step.parse::<usize>().ok()?),
        Node::Object(all) => all.iter().find(|it| *it.0 == *step).map(|it| &it.2),
        _ => None,
    }
}

impl std::fmt::Display for Spot<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.setting)?;
        for step in &self.path {
            match step.bytes().all(|it| it.is_ascii_digit()) {
                true => write!(f, "[{step}]")?,
                false => write!(f, ".{step}")?,
            }
        }
        Ok(())
    }
}
