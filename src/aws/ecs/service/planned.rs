//! What the provider decides about a service's plan.

use crate::aws::ecs::name_of;
use crate::lang::{Type, Value};
use crate::plan::adjust::{Adjust, is_nothing, text};

/// Blocks that AWS goes on with where the stack has none.
const KEPT: [&str; 3] = ["alarms", "deployment_circuit_breaker", "deployment_controller"];

pub fn settle(plan: &mut Adjust) {
    let daemon = text(plan.will("scheduling_strategy")) == "DAEMON";
    let Some(was) = plan.was.clone() else {
        for name in ["desired_count", "deployment_maximum_percent", "deployment_minimum_healthy_percent"] {
            // What a service of one task a machine does not need is not planned.
            if daemon && (name == "desired_count" || plan.config(name).is_none()) {
                plan.set(name, Value::null(Type::Number));
            }
        }
        return;
    };
    let keep = |plan: &mut Adjust, name: &str| {
        if let Some(value) = was.get(name) {
            plan.set(name, value.clone());
        }
    };
    for name in KEPT {
        if plan.config(name).is_none_or(is_nothing) {
            keep(plan, name);
        }
    }
    // Names and ARNs of the same cluster.
    let same = plan.change("cluster").is_some_and(|(was, will)| {
        !will.is_unknown() && name_of(text(Some(was))) == name_of(text(Some(will)))
    });
    if same {
        keep(plan, "cluster");
    }
    if text(was.get("propagate_tags")) == "NONE" && plan.config("propagate_tags").is_none_or(is_nothing) {
        keep(plan, "propagate_tags");
    }
    if daemon {
        keep(plan, "desired_count");
        for (name, usual) in
            [("deployment_maximum_percent", 200_i64), ("deployment_minimum_healthy_percent", 100)]
        {
            if plan.will(name) == Some(&Value::from(usual)) {
                keep(plan, name);
            }
        }
    }
    let forced = plan.will("force_new_deployment").and_then(Value::as_bool) == Some(true);
    let emptied = plan.change("triggers").is_some_and(|(was, will)| !is_nothing(was) && is_nothing(will));
    if plan.change("triggers").is_some() && (!forced || emptied) {
        keep(plan, "triggers");
    }
    let moved = plan
        .change("capacity_provider_strategy")
        .is_some_and(|(was, will)| !forced || is_nothing(was) != is_nothing(will));
    if moved {
        plan.require_replace("capacity_provider_strategy");
    }
}

pub fn check(plan: &mut Adjust) {
    let stands =
        |plan: &Adjust, name: &str| plan.config(name).is_some_and(|it| !it.is_unknown() && !is_nothing(it));
    if stands(plan, "launch_type") && stands(plan, "capacity_provider_strategy") {
        let text =
            "tasks go where `launch_type` or where `capacity_provider_strategy` says: leave one of them out";
        plan.error("capacity_provider_strategy", text);
    }
    for it in items(plan, "ordered_placement_strategy") {
        if let Some(wrong) = strategy(&it) {
            plan.error("ordered_placement_strategy", wrong);
        }
    }
    let open =
        |it: &Value| text(it.get("type")) == "memberOf" && it.get("expression").is_some_and(is_nothing);
    if items(plan, "placement_constraints").iter().any(open) {
        plan.error("placement_constraints", "`memberOf` needs an `expression` that says of what");
    }
    let neither = |it: &Value| {
        let none = |name: &str| it.get(name).is_some_and(is_nothing);
        none("target_group_arn") && none("elb_name")
    };
    if items(plan, "load_balancer").iter().any(neither) {
        plan.error("load_balancer", "say `target_group_arn`, or `elb_name` for a classic load balancer");
    }
}

fn items(plan: &Adjust, name: &str) -> Vec<Value> {
    let all = plan.config(name).and_then(|it| it.as_items());
    all.map(<[Value]>::to_vec).unwrap_or_default()
}

/// What is wrong with a rule of placement.
fn strategy(it: &Value) -> Option<&'static str> {
    let field = it.get("field").filter(|it| !it.is_unknown())?;
    let field = field.as_str().unwrap_or_default();
    match text(it.get("type")) {
        "random" if !field.is_empty() => Some("`random` takes no `field`"),
        "spread" if field.is_empty() => {
            Some("`spread` needs a `field`, such as `attribute:ecs.availability-zone`")
        }
        "binpack" if !["cpu", "memory"].contains(&field.to_lowercase().as_str()) => {
            Some("the `field` of `binpack` is `cpu` or `memory`")
        }
        _ => None,
    }
}
