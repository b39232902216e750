//! What the provider decides about the plan of an instance, and what can be said to be wrong with one before
//! AWS is asked.

use super::Instance;
use crate::lang::Value;
use crate::plan::adjust::{Adjust, is_nothing, text};

pub fn adjust(plan: &mut Adjust) {
    conflicts(plan);
    if plan.was.is_none() {
        complete(plan);
    }
    grown(plan);
    source(plan);
    blue_green(plan);
}

/// Whether the stack says something there.
fn says(plan: &Adjust, name: &str) -> bool {
    plan.config(name).is_some_and(|it| !is_nothing(it))
}

fn number(value: Option<&Value>) -> Option<f64> {
    Some(value?.as_number()?.to_f64())
}

fn conflicts(plan: &mut Adjust) {
    plan.at_most_one(&["identifier", "identifier_prefix"]);
    plan.at_most_one(&["password", "password_wo", "manage_master_user_password"]);
    plan.at_most_one_in("restore_to_point_in_time", &["restore_time", "use_latest_restorable_time"]);
    plan.needs("password_wo", "password_wo_version");
    plan.needs("password_wo_version", "password_wo");
    for (name, others) in [
        ("replicate_source_db", &["db_name", "username"][..]),
        ("restore_to_point_in_time", &["s3_import", "snapshot_identifier", "replicate_source_db"]),
        ("s3_import", &["snapshot_identifier", "replicate_source_db"]),
        ("domain", &["domain_fqdn", "domain_ou", "domain_auth_secret_arn", "domain_dns_ips"]),
        ("domain_iam_role_name", &["domain_fqdn", "domain_ou", "domain_auth_secret_arn", "domain_dns_ips"]),
    ] {
        for other in others.iter().filter(|other| says(plan, name) && says(plan, other)).collect::<Vec<_>>() {
            plan.error(name, format!("`{name}` cannot stand beside `{other}`: leave one of them out"));
        }
    }
}

/// What a new instance cannot be made without.
fn complete(plan: &mut Adjust) {
    let copied = ["replicate_source_db", "snapshot_identifier", "restore_to_point_in_time"];
    if copied.iter().any(|it| says(plan, it)) {
        return;
    }
    for name in ["allocated_storage", "engine", "username"] {
        if plan.config(name).is_none() {
            let text =
                "a new instance needs it, unless it is a replica or begins with the content of another one";
            plan.error(name, format!("`{name}` is missing: {text}"));
        }
    }
    if says(plan, "s3_import") {
        for name in ["character_set_name", "timezone", "backup_target"] {
            if says(plan, name) {
                plan.error(name, format!("`{name}` cannot be chosen for what is imported from S3"));
            }
        }
    }
}

/// What AWS has added to the storage by itself is no change, nor is a limit that is the size.
fn grown(plan: &mut Adjust) {
    let size = |it: Option<&Value>| number(it);
    let was = plan.was.as_ref().and_then(|it| it.get("allocated_storage")).cloned();
    let (Some(now), limit) = (size(plan.will("allocated_storage")), size(plan.will("max_allocated_storage")))
    else {
        return;
    };
    if let Some(was) = was.filter(|it| size(Some(it)).is_some_and(|was| was > now))
        && limit.is_some_and(|limit| limit > now)
    {
        plan.set("allocated_storage", was);
    }
    let before = plan.was.as_ref().and_then(|it| it.get("max_allocated_storage")).cloned();
    if let Some(before) = before.filter(|it| is_nothing(it) && limit == Some(now)) {
        plan.set("max_allocated_storage", before);
    }
}

fn source(plan: &mut Adjust) {
    let Some((was, will)) = plan.change("replicate_source_db") else { return };
    let (was, will) = (was.clone(), will.clone());
    if is_nothing(&will) || will.is_unknown() || named_alike(text(Some(&was)), text(Some(&will))) {
        return;
    }
    let why = match is_nothing(&was) {
        true => "an instance cannot become a replica of another one: make a new one",
        false => "a replica cannot be given another source: make a new one",
    };
    plan.error("replicate_source_db", why);
}

/// Whether both name the same instance: by its name, or by its ARN.
fn named_alike(a: &str, b: &str) -> bool {
    let name = |it: &str| it.rsplit(':').next().unwrap_or_default().to_owned();
    name(a) == name(b) && a.starts_with("arn:") != b.starts_with("arn:") || a == b
}

/// Whether the state's source is the one that AWS names: AWS tells the name of one in the same region.
pub fn same_source(kept: &Instance, seen: &Instance) -> bool {
    let (Some(kept), Some(name)) = (&kept.replicate_source_db, &seen.replicate_source_db) else {
        return false;
    };
    let region = |it: &str| it.split(':').nth(3).unwrap_or_default().to_owned();
    named_alike(kept, name) && (!kept.starts_with("arn:") || region(kept) == region(&seen.arn))
}

/// What can change without a deployment beside the instance.
const ASIDE: [&str; 12] = [
    "allow_major_version_upgrade",
    "apply_immediately",
    "blue_green_update",
    "delete_automated_backups",
    "deletion_protection",
    "final_snapshot_identifier",
    "password",
    "replicate_source_db",
    "skip_final_snapshot",
    "tags",
    "tags_all",
    "timeouts",
];

fn blue_green(plan: &mut Adjust) {
    let enabled = plan.will("blue_green_update").and_then(Value::as_items).and_then(<[Value]>::first);
    if enabled.and_then(|it| it.get("enabled")).and_then(Value::as_bool) != Some(true) {
        return;
    }
    let (Some(was), Some(will)) = (plan.was.as_ref(), plan.will.as_fields()) else { return };
    let names = will.keys().filter(|it| !ASIDE.contains(&&***it)).cloned().collect::<Vec<_>>();
    let differs = |name: &str| plan.change(name).is_some_and(|(a, b)| !(is_nothing(a) && is_nothing(b)));
    if was.is_null() || !names.iter().any(|it| differs(it)) {
        return;
    }
    let text = "changes by a blue/green deployment are not supported yet: set `enabled = false` to change the \
                instance in place, or make the change with Terraform or at AWS and apply again";
    plan.error("blue_green_update", text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_an_arn_may_mean_the_same_instance() {
        let arn = "arn:aws:rds:eu-west-1:123456789012:db:shop";
        assert!(named_alike(arn, "shop") && named_alike("shop", arn) && named_alike(arn, arn));
        assert!(!named_alike(arn, "other") && !named_alike("shop", "other"));
        assert!(!named_alike(arn, "arn:aws:rds:eu-west-3:123456789012:db:shop"));
    }
}
