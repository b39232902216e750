//! What a plan says of a load balancer: what its type does not have counts for nothing, and some changes of
//! where it stands need a new one.

use super::super::{names, plans};
use super::attributes::{APPLICATION, NETWORK, SETTINGS};
use crate::lang::Value;
use crate::plan::adjust::{Adjust, is_nothing};

/// Others that some types do not have: attribute, and the types that have it.
const OTHERS: &[(&str, &[&str])] = &[
    ("enforce_security_group_inbound_rules_on_private_link_traffic", &[NETWORK]),
    ("ipam_pools", &[APPLICATION]),
    ("minimum_load_balancer_capacity", &[APPLICATION, NETWORK]),
];

pub fn settle(plan: &mut Adjust) {
    names::check(plan, &["internal-"]);
    one_of(plan);
    let kind = plans::text(plan, "load_balancer_type").to_owned();
    for (name, of) in SETTINGS.iter().chain(OTHERS) {
        if !of.contains(&kind.as_str()) {
            plans::keep(plan, name);
        }
    }
    for name in ["access_logs", "connection_logs"] {
        plans::each(plan, name, |was, will, _| logs(was, will));
        // AWS keeps in mind where records went that are switched off.
        let off =
            |it: &Value| plans::block(it, name).is_some_and(|it| it.get("enabled").is_some_and(is_nothing));
        if !said(plan, name) && plan.was.as_ref().is_some_and(off) {
            plans::keep(plan, name);
        }
    }
    if plan.was.is_some() {
        zones(plan, &kind);
    }
}

fn said(plan: &Adjust, name: &str) -> bool {
    plan.config(name).is_some_and(|it| !is_nothing(it))
}

/// Either `subnets` or `subnet_mapping`.
fn one_of(plan: &mut Adjust) {
    let known = |plan: &Adjust, name: &str| plan.config(name).is_none_or(|it| !it.is_unknown());
    match (said(plan, "subnets"), said(plan, "subnet_mapping")) {
        (true, true) if known(plan, "subnets") && known(plan, "subnet_mapping") => {
            plan.error(
                "subnet_mapping",
                "`subnet_mapping` cannot stand beside `subnets`: leave one of them out",
            );
        }
        (false, false) => plan.error("subnets", "say one of `subnets`, `subnet_mapping`"),
        _ => {}
    }
}

/// Where nothing is written, nobody cares where to.
fn logs(was: Option<&Value>, will: Value) -> Value {
    if will.get("enabled").and_then(Value::as_bool) == Some(true)
        || will.get("enabled").is_some_and(Value::is_unknown)
    {
        return will;
    }
    let will = plans::keep_in(was, will, "bucket");
    plans::keep_in(was, will, "prefix")
}

/// Changes of subnets and security groups: in place where AWS takes them.
fn zones(plan: &mut Adjust, kind: &str) {
    if ![APPLICATION, NETWORK].contains(&kind) {
        return;
    }
    let (mapped, listed) = (items(plan, "subnet_mapping"), items(plan, "subnets"));
    if let Some(change) = mapped {
        if change.is_some_and(|it| it.needs_new(kind)) {
            plan.require_replace("subnet_mapping");
        }
        plan.set_unknown("subnets");
    }
    if let Some(change) = listed {
        // Network load balancers take further subnets only.
        if kind == NETWORK && change.is_some_and(|it| it.will.len() <= it.was.len()) {
            plan.require_replace("subnets");
        }
        plan.set_unknown("subnet_mapping");
    }
    let groups = items(plan, "security_groups").flatten();
    if kind == NETWORK && groups.is_some_and(|it| it.was.is_empty() != it.will.is_empty()) {
        plan.require_replace("security_groups");
    }
}

/// What a set holds, and will hold.
struct Items {
    was: Vec<Value>,
    will: Vec<Value>,
}

impl Items {
    fn both(&self) -> usize {
        self.was.iter().filter(|it| self.will.contains(it)).count()
    }

    /// Whether what stays of the mappings is not as it was.
    fn needs_new(&self, kind: &str) -> bool {
        let (was, will) = (self.was.len(), self.will.len());
        match will.cmp(&was) {
            std::cmp::Ordering::Equal => true,
            std::cmp::Ordering::Less => kind == NETWORK || self.both() != will,
            std::cmp::Ordering::Greater => self.both() != was,
        }
    }
}

/// The items of a set that changes; nothing of them where the configuration is not wholly known.
fn items(plan: &Adjust, name: &str) -> Option<Option<Items>> {
    let (was, will) = plan.change(name)?;
    let list = |it: &Value| it.as_items().unwrap_or_default().to_vec();
    let known = plan.config.get(name).is_none_or(Value::wholly_known);
    Some(known.then(|| Items { was: list(was), will: list(will) }))
}
