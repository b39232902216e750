//! `replace_triggered_by`: whether something that it names changes.

use crate::config::{Resource, targets};
use crate::diag::Diagnostics;
use crate::lang::{Expr, Value};
use crate::plan::scope::Within;
use crate::plan::{Action, Change, diff};

use super::Planner;

impl Planner<'_> {
    pub(super) fn triggered(&self, resource: &Resource, within: &Within<'_>) -> Result<bool, Diagnostics> {
        let mut errors = Diagnostics::default();
        let mut hit = false;
        for expr in &resource.lifecycle.replace_triggered_by {
            hit |= errors.take(self.hit(expr, within)).unwrap_or_default();
        }
        errors.check(hit)
    }

    fn hit(&self, expr: &Expr, within: &Within<'_>) -> Result<bool, Diagnostics> {
        let (addr, attributes) = targets::attribute_of(expr, within)?;
        let resource = addr.resource.within(within.module.path());
        let moving = self.pending.get(&resource.as_written()).into_iter().flatten();
        let mut moving = moving.map(|at| &self.changes[*at]).filter(|it| {
            // Without a key it stands for every instance.
            it.addr.resource == resource && (addr.key == it.addr.key || addr.key == crate::address::Key::None)
        });
        Ok(moving.any(|it| changes(it, &attributes)))
    }
}

/// Whether a change is one to what is named: only what exists can change.
fn changes(change: &Change, attributes: &[String]) -> bool {
    if !matches!(change.action, Action::Update | Action::Replace | Action::CreateThenDelete) {
        return false;
    }
    let at = |value: &Value| {
        attributes.iter().try_fold(value.clone(), |value, name| match value.as_items() {
            Some(items) => name.parse::<usize>().ok().and_then(|at| items.get(at)).cloned(),
            None => value.get(name).cloned(),
        })
    };
    match (at(&change.before), at(&change.after)) {
        (Some(before), Some(after)) => attributes.is_empty() || !diff::equal(&before, &after),
        (before, after) => before.is_some() != after.is_some(),
    }
}
