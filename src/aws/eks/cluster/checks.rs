//! What EKS refuses about a cluster, told before it is asked.

use ipnet::Ipv4Net;

use super::LOG_TYPES;
use crate::aws::eks::{at, only, set_at, texts};
use crate::lang::Value;
use crate::plan::adjust::{Adjust, is_nothing};

/// The private ranges that addresses of a cluster may come from.
const PRIVATE: [&str; 3] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

pub fn adjust(plan: &mut Adjust) {
    only(plan, "enabled_cluster_log_types", &["enabled_cluster_log_types"], &LOG_TYPES);
    only(plan, "compute_config", &["compute_config", "node_pools"], &["general-purpose", "system"]);
    only(plan, "encryption_config", &["encryption_config", "resources"], &["secrets"]);
    maker(plan);
    outpost(plan);
    endpoints(plan);
    ranges(plan);
    auto_mode(plan);
    encryption(plan);
    node_role(plan);
}

fn stands(plan: &Adjust, name: &str) -> bool {
    plan.config(name).is_some_and(|it| !it.is_unknown() && !is_nothing(it))
}

/// Nobody can tell afterwards who was let in at the beginning: that the stack does not say it is no reason to
/// make another cluster.
fn maker(plan: &mut Adjust) {
    let name = "bootstrap_cluster_creator_admin_permissions";
    let path = ["access_config", name];
    let was = plan.was.as_ref().and_then(|was| at(was, &path)).filter(|it| !it.is_null()).cloned();
    let Some(was) = was.filter(|_| at(&plan.will, &path).is_some_and(Value::is_null)) else { return };
    let Some(mut fields) = at(&plan.will, &["access_config"]).and_then(Value::as_fields).cloned() else {
        return;
    };
    fields.insert(name.into(), was);
    let block = Value::object(fields);
    plan.set("access_config", Value::list(block.ty(), vec![block]));
}

fn outpost(plan: &mut Adjust) {
    for other in ["encryption_config", "kubernetes_network_config", "remote_network_config"] {
        if stands(plan, "outpost_config") && stands(plan, other) {
            plan.error(other, format!("a cluster on an Outpost has no `{other}`: leave it out"));
        }
    }
}

fn endpoints(plan: &mut Adjust) {
    let known = |name: &str| at(&plan.will, &["vpc_config", name]).and_then(Value::as_bool);
    let off = |name: &str| known(name) == Some(false);
    if off("endpoint_private_access") && off("endpoint_public_access") {
        let text = "nobody could reach the cluster's API: set `endpoint_private_access`, \
                    `endpoint_public_access` or both to `true`";
        plan.error("vpc_config", text);
    }
    if set_at(&plan.will, &["vpc_config", "subnet_ids"])
        .and_then(Value::as_items)
        .is_some_and(<[_]>::is_empty)
    {
        plan.error("vpc_config", "`subnet_ids` is empty: name subnets of at least two zones");
    }
}

fn ranges(plan: &mut Adjust) {
    let services =
        at(&plan.will, &["kubernetes_network_config", "service_ipv4_cidr"]).and_then(Value::as_str);
    if let Some(wrong) = services.filter(|it| !it.is_empty()).and_then(|it| misfit(it, 12..=24)) {
        plan.error("kubernetes_network_config", format!("`service_ipv4_cidr`: {wrong}"));
    }
    let open = texts(set_at(&plan.will, &["vpc_config", "public_access_cidrs"]));
    for wrong in open.iter().filter(|it| it.parse::<ipnet::IpNet>().is_err()) {
        let text =
            format!("`public_access_cidrs`: `{wrong}` is no range of addresses, such as `192.0.2.0/24`");
        plan.error("vpc_config", text);
    }
    for name in ["remote_node_networks", "remote_pod_networks"] {
        let cidrs = at(&plan.will, &["remote_network_config", name]).and_then(|it| it.get("cidrs"));
        for wrong in texts(cidrs).iter().filter_map(|it| misfit(it, 0..=32)) {
            plan.error("remote_network_config", format!("`{name}`: {wrong}"));
        }
    }
}

/// What is wrong with a private range of such a length.
fn misfit(text: &str, lengths: std::ops::RangeInclusive<u8>) -> Option<String> {
    let Ok(range) = text.parse::<Ipv4Net>() else {
        return Some(format!("`{text}` is no range of IPv4 addresses, such as `10.100.0.0/16`"));
    };
    if range.trunc() != range {
        return Some(format!("`{text}` is an address in a range: the range itself is `{}`", range.trunc()));
    }
    if !lengths.contains(&range.prefix_len()) {
        let (start, end) = (lengths.start(), lengths.end());
        return Some(format!("`{text}` has to be from `/{start}` (the largest) to `/{end}` (the smallest)"));
    }
    let private = PRIVATE.iter().filter_map(|it| it.parse::<Ipv4Net>().ok());
    let within = private.into_iter().any(|it| it.contains(&range));
    (!within).then(|| format!("`{text}` has to lie within one of {}", PRIVATE.join(", ")))
}

/// The three switches of Auto Mode.
const SWITCHES: [(&str, &[&str]); 3] = [
    ("compute_config", &["compute_config", "enabled"]),
    ("kubernetes_network_config", &["kubernetes_network_config", "elastic_load_balancing", "enabled"]),
    ("storage_config", &["storage_config", "block_storage", "enabled"]),
];

/// Whether one is on; `None` where that is not known yet, though the stack says something of it.
fn switch(plan: &Adjust, (name, path): (&str, &[&str])) -> Option<bool> {
    match at(&plan.will, path) {
        Some(it) if it.is_unknown() => {
            plan.config(name).filter(|it| is_open(it, &path[1..])).is_none().then_some(false)
        }
        Some(it) => Some(it.as_bool().unwrap_or_default()),
        None if plan.config(name).is_some_and(Value::is_unknown) => None,
        None => Some(false),
    }
}

/// Whether the stack says something there that is not known yet.
fn is_open(block: &Value, path: &[&str]) -> bool {
    let inner = block.as_items().and_then(<[Value]>::first).unwrap_or(block);
    block.is_unknown() || at(inner, path).is_some_and(Value::is_unknown)
}

fn auto_mode(plan: &mut Adjust) {
    let changed = plan.was.is_none() || SWITCHES.iter().any(|it| plan.change(it.0).is_some());
    if !changed {
        return;
    }
    let all: Option<Vec<bool>> = SWITCHES.into_iter().map(|it| switch(plan, it)).collect();
    let Some(all) = all else { return };
    let on = all.contains(&true);
    if on && all.contains(&false) {
        let text = "Auto Mode is on or off as a whole: set `compute_config.enabled`, \
                    `kubernetes_network_config.elastic_load_balancing.enabled` and \
                    `storage_config.block_storage.enabled` to the same";
        plan.error("compute_config", text);
    }
    let own = plan.will("bootstrap_self_managed_addons").and_then(Value::as_bool) == Some(true);
    if on && own && plan.was.is_none() {
        let text = "Auto Mode brings its own add-ons: set `bootstrap_self_managed_addons = false` as well";
        plan.error("compute_config", text);
    }
}

/// Encryption is for good, and so is its key.
fn encryption(plan: &mut Adjust) {
    let Some((was, will)) = plan.change("encryption_config") else { return };
    if is_nothing(was) || will.is_unknown() {
        return;
    }
    if is_nothing(will) {
        plan.require_replace("encryption_config");
        return;
    }
    let key = |of: &Value| {
        let first = of.as_items()?.first()?;
        at(first, &["provider", "key_arn"]).and_then(Value::as_str).map(str::to_owned)
    };
    if let (Some(old), Some(new)) = (key(was), key(will))
        && old != new
        && plan.change("name").is_none()
    {
        let text = format!(
            "a cluster keeps the key that its secrets are encrypted with, `{old}`: leave that one, or give \
             the cluster another `name` to make a new one"
        );
        plan.error("encryption_config", text);
    }
}

/// The role of Auto Mode's nodes is for good, once there is one.
fn node_role(plan: &mut Adjust) {
    let path = ["compute_config", "node_role_arn"];
    let Some(was) = &plan.was else { return };
    let old = at(was, &path).and_then(Value::as_str).filter(|it| !it.is_empty());
    let stays = at(&plan.will, &["compute_config"]).is_some_and(|it| it.get("node_role_arn").is_some());
    let new = at(&plan.will, &path);
    if let Some(old) = old
        && stays
        && new.and_then(Value::as_str) != Some(old)
    {
        plan.require_replace("compute_config");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_services_are_private_and_neither_large_nor_small() {
        assert_eq!(misfit("10.100.0.0/16", 12..=24), None);
        assert_eq!(misfit("172.20.0.0/16", 12..=24), None);
        for (text, says) in [
            ("10.0.0.0/8", "from `/12`"),
            ("10.0.0.0/28", "to `/24`"),
            ("10.100.1.0/16", "`10.100.0.0/16`"),
            ("100.64.0.0/16", "within one of"),
            ("fd00::/64", "no range of IPv4"),
        ] {
            let wrong = misfit(text, 12..=24).unwrap();
            assert!(wrong.contains(says), "{wrong}");
        }
    }
}
