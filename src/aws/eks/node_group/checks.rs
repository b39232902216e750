//! What EKS refuses about a group of nodes, told before it is asked.

use crate::aws::eks::{at, is_empty};
use crate::lang::Value;
use crate::lang::number::Number;
use crate::plan::adjust::{Adjust, is_nothing};

pub fn adjust(plan: &mut Adjust) {
    plan.at_most_one(&["node_group_name", "node_group_name_prefix"]);
    if is_empty(plan, "subnet_ids") {
        plan.error("subnet_ids", "`subnet_ids` is empty: the nodes have to be somewhere");
    }
    sizes(plan);
    update_config(plan);
    launch_template(plan);
}

fn number<'a>(plan: &'a Adjust, path: &[&str]) -> Option<&'a Number> {
    at(&plan.will, path).and_then(Value::as_number)
}

fn sizes(plan: &mut Adjust) {
    let size = |name: &str| number(plan, &["scaling_config", name]);
    let (least, wanted, most) = (size("min_size"), size("desired_size"), size("max_size"));
    let above = |a: Option<&Number>, b: Option<&Number>| a.zip(b).is_some_and(|(a, b)| a > b);
    let wrong = if above(least, most) {
        "`min_size` is greater than `max_size`"
    } else if above(wanted, most) {
        "`desired_size` is greater than `max_size`"
    } else if above(least, wanted) && !is_ignored(plan) {
        "`desired_size` is less than `min_size`"
    } else {
        return;
    };
    plan.error("scaling_config", wrong);
}

/// Whether the number of nodes is what it was, while the stack says another one.
fn is_ignored(plan: &Adjust) -> bool {
    let path = ["scaling_config", "desired_size"];
    plan.was.as_ref().and_then(|was| at(was, &path)) == at(&plan.will, &path)
}

fn update_config(plan: &mut Adjust) {
    let Some(given) = plan.config("update_config").and_then(Value::as_items).and_then(<[Value]>::first)
    else {
        return;
    };
    let said = |name: &str| given.get(name).is_some_and(|it| !it.is_null());
    let wrong = match (said("max_unavailable"), said("max_unavailable_percentage")) {
        (true, true) => "say either `max_unavailable` or `max_unavailable_percentage`, and not both",
        (false, false) => "say `max_unavailable` or `max_unavailable_percentage`",
        _ => return,
    };
    plan.error("update_config", wrong);
}

fn launch_template(plan: &mut Adjust) {
    let given = plan.config("launch_template").and_then(Value::as_items).and_then(<[Value]>::first);
    if let Some(given) = given {
        let said = |name: &str| given.get(name).is_some_and(|it| !it.is_null());
        let wrong = match (said("id"), said("name")) {
            (true, true) => Some("name the template by its `id` or by its `name`, and not by both"),
            (false, false) => Some("name the template by its `id` or by its `name`"),
            _ => None,
        };
        let beside = ["disk_size", "remote_access"];
        let beside = beside.into_iter().filter(|it| plan.config(it).is_some_and(|it| !is_nothing(it)));
        let beside: Vec<&str> = beside.collect();
        if let Some(text) = wrong {
            plan.error("launch_template", text);
        }
        for it in beside {
            let text = format!("`{it}` cannot stand beside `launch_template`: say it in the template");
            plan.error(it, text);
        }
    }
    // With and without a template are two groups.
    if let Some((was, will)) = plan.change("launch_template")
        && !will.is_unknown()
        && is_nothing(was) != is_nothing(will)
    {
        plan.require_replace("launch_template");
    }
}
