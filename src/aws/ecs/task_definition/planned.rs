//! What the provider makes of `container_definitions` in a plan.

use super::containers::Containers;
use crate::lang::Value;
use crate::plan::adjust::Adjust;

/// The definitions in the provider's form; as they were, where they mean the same.
pub fn settle(plan: &mut Adjust) {
    placement(plan);
    let Some(said) = plan.config("container_definitions").filter(|it| it.wholly_known()).cloned() else {
        return;
    };
    let wanted = match Containers::parse(said.as_str().unwrap_or_default()) {
        Ok(it) => it,
        Err(why) => return plan.error("container_definitions", format!("these are no containers: {why}")),
    };
    let awsvpc = plan.will("network_mode").and_then(|it| it.as_str()) == Some("awsvpc");
    let was = plan.was.as_ref().and_then(|it| it.get("container_definitions")).cloned();
    let before = was.as_ref().and_then(|it| Containers::parse(it.as_str()?).ok());
    let value = match (was, before) {
        (Some(was), Some(before)) if before.same(&wanted, awsvpc) => was,
        _ => Value::from(wanted.planned().as_str()).marked(said.marks),
    };
    plan.set("container_definitions", value);
}

/// `memberOf` needs an expression.
fn placement(plan: &mut Adjust) {
    let all = plan.config("placement_constraints").and_then(|it| it.as_items()).unwrap_or_default();
    let open = all.iter().any(|it| it.get("expression").is_some_and(crate::plan::adjust::is_nothing));
    if open {
        plan.error("placement_constraints", "`memberOf` needs an `expression` that says of what");
    }
}
