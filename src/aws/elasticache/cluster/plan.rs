//! What the provider decides about the plan of a cache, and what can be said to be wrong with one before AWS is
//! asked.

use crate::aws::elasticache::engines;
use crate::lang::Value;
use crate::plan::adjust::{Adjust, is_nothing, text};

pub fn adjust(plan: &mut Adjust) {
    plan.exactly_one(&["engine", "replication_group_id"]);
    plan.needs("outpost_mode", "preferred_outpost_arn");
    of_a_group(plan);
    version(plan);
    nodes(plan);
    engines::replace_for_earlier(plan);
    let memcached = !matches!(text(plan.will("engine")), "redis" | "valkey");
    // Memcached's nodes do not grow.
    if memcached && plan.was.is_some() && plan.change("node_type").is_some() {
        plan.require_replace("node_type");
    }
}

fn says(plan: &Adjust, name: &str) -> bool {
    plan.config(name).is_some_and(|it| !is_nothing(it))
}

/// What the group decides for its replicas.
const GROUPS: [&str; 14] = [
    "az_mode",
    "engine_version",
    "maintenance_window",
    "node_type",
    "notification_topic_arn",
    "num_cache_nodes",
    "parameter_group_name",
    "port",
    "security_group_ids",
    "snapshot_arns",
    "snapshot_name",
    "snapshot_retention_limit",
    "snapshot_window",
    "subnet_group_name",
];

fn of_a_group(plan: &mut Adjust) {
    if !says(plan, "replication_group_id") {
        return;
    }
    for name in GROUPS.iter().filter(|it| says(plan, it)).collect::<Vec<_>>() {
        plan.error(name, format!("the replication group says `{name}`, not the replica: leave it out"));
    }
}

fn version(plan: &mut Adjust) {
    let engine = text(plan.config("engine")).to_owned();
    let version = plan.config("engine_version").and_then(Value::as_str);
    if let Some(why) = version.filter(|it| !it.is_empty()).and_then(|it| engines::wrong(&engine, it)) {
        plan.error("engine_version", why);
    }
    if engine == "memcached" && says(plan, "final_snapshot_identifier") {
        plan.error("final_snapshot_identifier", "Memcached keeps nothing: there is no last snapshot of it");
    }
}

fn nodes(plan: &mut Adjust) {
    let nodes = plan.config("num_cache_nodes").and_then(Value::as_number).map(|it| it.to_f64());
    let engine = text(plan.config("engine")).to_owned();
    if text(plan.config("az_mode")) == "cross-az" && nodes == Some(1.0) {
        plan.error("az_mode", "one node is in one zone: `cross-az` needs `num_cache_nodes` of 2 or more");
    }
    if matches!(&*engine, "redis" | "valkey") && nodes.is_some_and(|it| it != 1.0) {
        let text = "it has one node: for more of them make an `aws_elasticache_replication_group`";
        plan.error("num_cache_nodes", text);
    }
}
