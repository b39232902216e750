//! What the provider decides about the plan of a replication group, and what can be said to be wrong with one
//! before AWS is asked.

use crate::aws::elasticache::engines;
use crate::lang::Value;
use crate::plan::adjust::{Adjust, is_nothing, text};

pub fn adjust(plan: &mut Adjust) {
    conflicts(plan);
    checks(plan);
    settle(plan);
    engines::replace_for_earlier(plan);
}

fn says(plan: &Adjust, name: &str) -> bool {
    plan.config(name).is_some_and(|it| !is_nothing(it))
}

fn is_on(plan: &Adjust, name: &str) -> bool {
    plan.config(name).and_then(Value::as_bool) == Some(true)
}

/// What a global group says for its members.
const GLOBAL: [&str; 11] = [
    "at_rest_encryption_enabled",
    "engine",
    "engine_version",
    "node_type",
    "num_node_groups",
    "parameter_group_name",
    "security_group_names",
    "snapshot_arns",
    "snapshot_name",
    "transit_encryption_enabled",
    "transit_encryption_mode",
];

fn conflicts(plan: &mut Adjust) {
    plan.at_most_one(&["num_cache_clusters", "num_node_groups"]);
    plan.at_most_one(&["num_cache_clusters", "replicas_per_node_group"]);
    if says(plan, "auth_token") && says(plan, "user_group_ids") {
        plan.error("auth_token", "`auth_token` cannot stand beside `user_group_ids`: leave one of them out");
    }
    match says(plan, "global_replication_group_id") {
        true => {
            for name in GLOBAL.iter().filter(|it| says(plan, it)).collect::<Vec<_>>() {
                plan.error(name, format!("the global group says `{name}`, not its members: leave it out"));
            }
        }
        false if plan.was.is_none() && plan.config("node_type").is_none() => {
            plan.error("node_type", "`node_type` is missing: only a member of a global group goes without");
        }
        false => {}
    }
}

fn checks(plan: &mut Adjust) {
    if is_on(plan, "multi_az_enabled")
        && plan.will("automatic_failover_enabled").and_then(Value::as_bool) == Some(false)
    {
        plan.error("multi_az_enabled", "zones are spread only with `automatic_failover_enabled = true`");
    }
    let nodes = plan.config("num_cache_clusters").and_then(Value::as_number).map(|it| it.to_f64());
    if is_on(plan, "automatic_failover_enabled") && nodes.is_some_and(|it| it < 2.0) {
        let text = "a failover needs a replica: at least 2 with `automatic_failover_enabled`";
        plan.error("num_cache_clusters", text);
    }
    let strategy = text(plan.config("auth_token_update_strategy")).to_uppercase();
    if strategy == "DELETE" && says(plan, "auth_token") {
        let text = "`DELETE` is for going over to `user_group_ids`: leave `auth_token` out";
        plan.error("auth_token_update_strategy", text);
    }
    let engine = text(plan.will("engine")).to_lowercase();
    let version = plan.config("engine_version").and_then(Value::as_str).filter(|it| !it.is_empty());
    if let Some(why) = version.and_then(|it| engines::wrong(&engine, it)) {
        plan.error("engine_version", why);
    }
}

/// What follows from changes.
fn settle(plan: &mut Adjust) {
    let Some(was) = plan.was.clone() else { return };
    // The usual port, not said.
    let usual = was.get("port").and_then(Value::as_number).is_some_and(|it| it.to_f64() == 6379.0);
    if usual && plan.config("port").is_none() {
        plan.set("port", Value::from(6379));
    }
    let global = |plan: &Adjust| plan.will("global_replication_group_id").is_some_and(|it| !is_nothing(it));
    if global(plan) {
        for name in ["engine", "engine_version", "parameter_group_name"] {
            if let Some(was) = was.get(name) {
                plan.set(name, was.clone());
            }
        }
    }
    let sizes = ["num_cache_clusters", "num_node_groups", "replicas_per_node_group"];
    if sizes.iter().any(|it| plan.change(it).is_some()) {
        plan.set_unknown("member_clusters");
    }
    let runs = text(was.get("engine_version_actual"));
    if plan.change("transit_encryption_enabled").is_some() && engines::is_before(runs, "7.0.5") {
        plan.require_replace("transit_encryption_enabled");
    }
    let engine = |it: Option<&Value>| text(it).to_lowercase();
    let (before, after) = (engine(was.get("engine")), engine(plan.will("engine")));
    if before == "valkey" && after == "redis" {
        plan.require_replace("engine");
    }
    if before == "redis" && after == "valkey" && !says(plan, "engine_version") {
        let text = "on the way to Valkey its version has to be said, such as `7.2`";
        plan.error("engine_version", text);
    }
}
