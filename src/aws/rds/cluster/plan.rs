//! What the provider decides about the plan of a cluster, and what can be said to be wrong with one before AWS
//! is asked.

use crate::lang::Value;
use crate::plan::adjust::{Adjust, is_nothing, text};

pub fn adjust(plan: &mut Adjust) {
    conflicts(plan);
    stays(plan);
    storage(plan);
    ties(plan);
}

fn says(plan: &Adjust, name: &str) -> bool {
    plan.config(name).is_some_and(|it| !is_nothing(it))
}

fn conflicts(plan: &mut Adjust) {
    plan.at_most_one(&["cluster_identifier", "cluster_identifier_prefix"]);
    plan.at_most_one(&["master_password", "master_password_wo", "manage_master_user_password"]);
    plan.needs("master_password_wo", "master_password_wo_version");
    plan.needs("master_password_wo_version", "master_password_wo");
    for (name, other) in [
        ("restore_to_point_in_time", "s3_import"),
        ("restore_to_point_in_time", "snapshot_identifier"),
        ("s3_import", "snapshot_identifier"),
        ("snapshot_identifier", "global_cluster_identifier"),
    ] {
        if says(plan, name) && says(plan, other) {
            plan.error(name, format!("`{name}` cannot stand beside `{other}`: leave one of them out"));
        }
    }
    if plan.was.is_none() && says(plan, "s3_import") && plan.config("master_username").is_none() {
        plan.error("master_username", "`master_username` is missing: what is imported from S3 needs it");
    }
    moment(plan);
}

fn moment(plan: &mut Adjust) {
    let block = plan.config("restore_to_point_in_time").and_then(Value::as_items).and_then(<[Value]>::first);
    let Some(block) = block.cloned() else { return };
    let said = |name: &str| block.get(name).is_some_and(|it| !it.is_null());
    for (a, b) in [
        ("restore_to_time", "use_latest_restorable_time"),
        ("source_cluster_identifier", "source_cluster_resource_id"),
    ] {
        if said(a) == said(b) {
            plan.error("restore_to_point_in_time", format!("say one of `{a}` and `{b}`"));
        }
    }
}

/// What goes out of the stack and stays at AWS.
fn stays(plan: &mut Adjust) {
    let Some(was) = plan.was.clone() else { return };
    for name in ["scaling_configuration", "serverlessv2_scaling_configuration", "snapshot_identifier"] {
        let gone = plan.will(name).is_some_and(|it| is_nothing(it) && !it.is_unknown());
        if let Some(was) = was.get(name).filter(|it| gone && !is_nothing(it)) {
            plan.set(name, was.clone());
        }
    }
    if text(was.get("engine_mode")) == "provisioned" && plan.will("engine_mode").is_some_and(is_nothing) {
        plan.set("engine_mode", "provisioned".into());
    }
}

/// Aurora's storage changes in place, others' does not. Aurora calls its usual one nothing.
fn storage(plan: &mut Adjust) {
    let Some((was, will)) = plan.change("storage_type") else { return };
    let (was, will) = (was.clone(), will.clone());
    if is_nothing(&was) && text(Some(&will)) == "aurora" {
        plan.set("storage_type", was);
    } else if !text(plan.will("engine")).starts_with("aurora") && !will.is_unknown() {
        plan.require_replace("storage_type");
    }
}

fn ties(plan: &mut Adjust) {
    if plan.was.is_none() {
        return;
    }
    let change = |plan: &Adjust, name: &str| {
        plan.change(name)
            .filter(|it| !it.1.is_unknown())
            .map(|(a, b)| (text(Some(a)).to_owned(), text(Some(b)).to_owned()))
    };
    if let Some((was, will)) = change(plan, "global_cluster_identifier").filter(|it| it.0 != it.1) {
        let why = match (was.is_empty(), will.is_empty()) {
            (true, _) => "a cluster joins a global cluster when it is made, not later",
            (_, false) => "a cluster cannot move from one global cluster to another",
            _ => return,
        };
        plan.error("global_cluster_identifier", why);
    }
    if let Some((_, will)) = change(plan, "replication_source_identifier").filter(|it| it.0 != it.1)
        && !will.is_empty()
    {
        let why = "a cluster becomes a replica when it is made, not later";
        plan.error("replication_source_identifier", why);
    }
}
