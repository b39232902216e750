//! What a plan says of a record beyond its attributes' types.

use crate::aws::route53::names;
use crate::lang::Value;
use crate::plan::adjust::{Adjust, is_nothing};

const POLICIES: [&str; 7] = [
    "cidr_routing_policy",
    "failover_routing_policy",
    "geolocation_routing_policy",
    "geoproximity_routing_policy",
    "latency_routing_policy",
    "multivalue_answer_routing_policy",
    "weighted_routing_policy",
];

pub fn settle(plan: &mut Adjust) {
    check(plan);
    if let Some(name) = plan.will("name").and_then(Value::as_str) {
        let kept = names::kept(name);
        plan.set("name", kept.into());
    }
    alias(plan);
}

fn check(plan: &mut Adjust) {
    // Blocks that are not there are an empty list.
    let says =
        |plan: &Adjust, name: &str| plan.config(name).is_some_and(|it| it.is_unknown() || !is_nothing(it));
    let sure =
        |plan: &Adjust, name: &str| says(plan, name) && plan.config(name).is_some_and(|it| !it.is_unknown());
    let (alias, records) = (says(plan, "alias"), says(plan, "records"));
    match (alias, records) {
        (true, true) if sure(plan, "alias") && sure(plan, "records") => {
            plan.error("records", "`records` cannot stand beside `alias`: leave one of them out");
        }
        (false, false) if plan.config("records").is_none_or(is_nothing) => {
            plan.error("records", "say what it stands for: `records` with a `ttl`, or an `alias`");
        }
        _ => {}
    }
    if sure(plan, "alias") && plan.config("ttl").is_some_and(|it| !it.is_unknown()) {
        plan.error("ttl", "an alias has the `ttl` of what it names: leave it out");
    }
    if sure(plan, "records") && !alias && plan.config("ttl").is_none() {
        plan.error("records", "`records` needs `ttl` beside it, such as `ttl = 300`");
    }
    if plan.config("ttl").is_some() && !alias && !records {
        plan.error("ttl", "`ttl` needs `records` beside it");
    }
    policies(plan, &sure);
}

fn policies(plan: &mut Adjust, sure: &dyn Fn(&Adjust, &str) -> bool) {
    let said: Vec<&str> = POLICIES.into_iter().filter(|it| sure(plan, it)).collect();
    if let [first, second, ..] = said[..] {
        plan.error(
            second,
            format!("`{second}` cannot stand beside `{first}`: a record has one routing policy"),
        );
    }
    if let Some(it) = said.first()
        && plan.config("set_identifier").is_none()
    {
        let text = format!("`{it}` needs `set_identifier` beside it: a name of your own for this record");
        plan.error(it, text);
    }
}

/// The name of an alias as the provider keeps it. Case means nothing.
fn alias(plan: &mut Adjust) {
    let Some([it]) = plan.will("alias").and_then(Value::as_items) else { return };
    let Some(name) = it.get("name").and_then(Value::as_str).map(names::clean) else { return };
    let before = plan.was.as_ref().and_then(|it| it.get("alias")).and_then(Value::as_items);
    let before = before.and_then(|it| it.first()?.get("name")?.as_str());
    let name = before.filter(|it| it.eq_ignore_ascii_case(&name)).map_or(name.clone(), str::to_owned);
    let Some(mut fields) = it.as_fields().cloned() else { return };
    fields.insert("name".into(), name.into());
    let it = Value::object(fields).marked(it.marks);
    plan.set("alias", Value::list(it.ty(), vec![it]));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::route53::record::Record;
    use crate::resource::Resource;

    fn problems(config: serde_json::Value) -> Vec<String> {
        let block = &crate::kind::resource(Record::TYPE).expect("registered").schema().block;
        let config = crate::schema::conform::from_state(&config, block);
        let mut plan =
            Adjust { was: None, will: config.clone(), config, replace: Vec::new(), errors: Vec::new() };
        settle(&mut plan);
        plan.errors.into_iter().map(|it| it.0).collect()
    }

    #[test]
    fn a_record_has_values_or_an_alias_and_one_policy() {
        use serde_json::json;
        let alias = json!([{ "name": "a", "zone_id": "Z", "evaluate_target_health": false }]);
        assert_eq!(problems(json!({ "name": "a", "records": ["x"], "ttl": 1 })), [""; 0]);
        assert_eq!(problems(json!({ "name": "a", "alias": alias })), [""; 0]);
        assert_eq!(problems(json!({ "name": "a" })), ["records"]);
        assert_eq!(problems(json!({ "name": "a", "records": ["x"] })), ["records"]);
        assert_eq!(problems(json!({ "name": "a", "alias": alias, "ttl": 1 })), ["ttl"]);
        assert_eq!(problems(json!({ "name": "a", "alias": alias, "records": ["x"] })), ["records"]);
        let weighted =
            json!({ "name": "a", "records": ["x"], "ttl": 1, "weighted_routing_policy": [{ "weight": 1 }] });
        assert_eq!(problems(weighted), ["weighted_routing_policy"]);
        assert_eq!(
            problems(json!({ "name": "a", "records": ["x"], "ttl": 1, "set_identifier": "b",
                "weighted_routing_policy": [{ "weight": 1 }], "multivalue_answer_routing_policy": true })),
            ["weighted_routing_policy"]
        );
    }
}
