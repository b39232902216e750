//! What the provider decides about a plan: addresses are said in a set, in a list or by their number, and
//! what is not said follows from what is.

use crate::lang::Value;
use crate::plan::adjust::{Adjust, equal, is_nothing};

pub fn adjust(plan: &mut Adjust) {
    plan.at_most_one(&["private_ips", "private_ip_list"]);
    plan.at_most_one(&["private_ips_count", "private_ip_list"]);
    plan.at_most_one(&["ipv4_prefixes", "ipv4_prefix_count"]);
    plan.at_most_one(&["ipv6_addresses", "ipv6_address_count", "ipv6_address_list"]);
    plan.at_most_one(&["ipv6_prefixes", "ipv6_prefix_count"]);
    if plan.config("attachment").and_then(Value::as_items).is_some_and(|it| it.len() > 1) {
        plan.error("attachment", "an interface is plugged into one instance: keep one `attachment`");
    }
    replacements(plan);
    four(plan);
    six(plan);
}

fn on(plan: &Adjust, name: &str) -> bool {
    plan.will(name).and_then(Value::as_bool) == Some(true)
}

/// Whether it becomes another: to the provider, what is not known is empty.
fn differs(plan: &Adjust, name: &str) -> bool {
    let was = plan.was.as_ref().and_then(|it| it.get(name));
    let will = plan.will(name).filter(|it| !it.is_unknown());
    match (was, will) {
        (Some(was), Some(will)) => !(equal(was, will) || is_nothing(was) && is_nothing(will)),
        (Some(it), None) | (None, Some(it)) => !is_nothing(it),
        (None, None) => false,
    }
}

fn items(of: Option<&Value>) -> &[Value] {
    of.and_then(Value::as_items).unwrap_or_default()
}

/// The first address never changes, and what was made primary stays so.
fn replacements(plan: &mut Adjust) {
    let Some(was) = &plan.was else { return };
    let primary = items(was.get("private_ip_list")).first().and_then(Value::as_str).map(str::to_owned);
    let is_primary = |it: &Value| it.as_str() == primary.as_deref();
    let name = if on(plan, "private_ip_list_enabled") { "private_ip_list" } else { "private_ips" };
    let wanted = items(plan.will(name));
    let keeps = match name {
        "private_ips" => wanted.iter().any(is_primary),
        _ => wanted.first().and_then(Value::as_str) == primary.as_deref(),
    };
    let switched = plan.change("enable_primary_ipv6").is_some_and(|(was, will)| {
        was.as_bool() == Some(true) && will.as_bool() != Some(true) && !will.is_unknown()
    });
    if differs(plan, name) && !keeps {
        plan.require_replace(name);
    }
    if switched {
        plan.require_replace("enable_primary_ipv6");
    }
}

/// One after the other: what has become unknown counts as changed for those that follow.
fn four(plan: &mut Adjust) {
    let listed = on(plan, "private_ip_list_enabled");
    let forget = |plan: &mut Adjust, name: &str, is_so: bool| {
        if is_so {
            plan.set_unknown(name);
        }
    };
    let by_number = !differs(plan, "private_ips") && differs(plan, "private_ips_count");
    let addresses = if listed { differs(plan, "private_ip_list") } else { by_number };
    forget(plan, "private_ips", addresses);
    let by_name = !differs(plan, "private_ips_count") && differs(plan, "private_ips");
    let number = if listed { differs(plan, "private_ip_list") } else { by_name };
    forget(plan, "private_ips_count", number);
    let any = ["private_ips", "private_ips_count", "private_ip_list"].iter().any(|it| differs(plan, it));
    forget(plan, "private_ip_list", !listed && any);
}

fn six(plan: &mut Adjust) {
    let listed = on(plan, "ipv6_address_list_enabled");
    let forget = |plan: &mut Adjust, name: &str, is_so: bool| {
        if is_so {
            plan.set_unknown(name);
        }
    };
    // The provider looks at the IPv4 addresses here.
    let by_number = !differs(plan, "private_ips") && differs(plan, "ipv6_address_count");
    let addresses = if listed { differs(plan, "ipv6_address_list") } else { by_number };
    forget(plan, "ipv6_addresses", addresses);
    let by_name = !differs(plan, "ipv6_address_count") && differs(plan, "ipv6_addresses");
    let number = if listed { differs(plan, "ipv6_address_list") } else { by_name };
    forget(plan, "ipv6_address_count", number);
    let names = ["ipv6_addresses", "ipv6_address_count", "ipv6_address_list"];
    let any = names.iter().any(|it| differs(plan, it));
    forget(plan, "ipv6_address_list", !listed && any);
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    fn planned(was: Json, will: Json) -> Adjust {
        let block = &crate::kind::resource("aws_network_interface").expect("registered").schema().block;
        let state = |json: &Json| crate::schema::conform::from_state(json, block);
        let (was, will) = (state(&was), state(&will));
        let config = Value::null(will.ty());
        let mut plan = Adjust { was: Some(was), will, config, replace: Vec::new(), errors: Vec::new() };
        adjust(&mut plan);
        plan
    }

    fn interface(ips: &[&str], number: i64) -> Json {
        json!({ "private_ips": ips, "private_ips_count": number, "private_ip_list": ["10.0.0.5"] })
    }

    fn unknown(plan: &Adjust) -> Vec<&'static str> {
        let names = ["private_ips", "private_ips_count", "private_ip_list", "ipv6_addresses"];
        names.into_iter().filter(|it| plan.will(it).is_some_and(Value::is_unknown)).collect()
    }

    #[test]
    fn another_address_says_how_many_there_are() {
        let plan = planned(interface(&["10.0.0.5"], 0), interface(&["10.0.0.5", "10.0.0.6"], 0));
        assert!(plan.replace.is_empty());
        assert_eq!(unknown(&plan), ["private_ips_count", "private_ip_list"]);
    }

    #[test]
    fn another_number_says_that_there_are_other_addresses() {
        let plan = planned(interface(&["10.0.0.5"], 0), interface(&["10.0.0.5"], 2));
        assert!(plan.replace.is_empty());
        assert_eq!(unknown(&plan), ["private_ips", "private_ip_list"]);
    }

    #[test]
    fn another_first_address_is_another_interface() {
        let plan = planned(interface(&["10.0.0.5"], 0), interface(&["10.0.0.6"], 0));
        assert_eq!(plan.replace, ["private_ips"]);
        let list = |first: &str| {
            json!({ "private_ip_list_enabled": true, "private_ip_list": [first, "10.0.0.9"],
                "private_ips": ["10.0.0.5", "10.0.0.9"], "private_ips_count": 1 })
        };
        let plan = planned(list("10.0.0.5"), list("10.0.0.6"));
        assert_eq!(plan.replace, ["private_ip_list"]);
        assert_eq!(unknown(&plan), ["private_ips", "private_ips_count"]);
        assert!(planned(list("10.0.0.5"), list("10.0.0.5")).replace.is_empty());
    }
}
