//! What a plan of a group says that its attributes alone do not.

use crate::lang::{Kind, Type, Value};
use crate::plan::adjust::{Adjust, is_nothing};

pub fn adjust(plan: &mut Adjust) {
    plan.at_most_one(&["name", "name_prefix"]);
    exclusive(plan, &["availability_zones", "vpc_zone_identifier"]);
    exclusive(plan, &["traffic_source", "load_balancers"]);
    exclusive(plan, &["traffic_source", "target_group_arns"]);
    launched(plan);
    waits(plan);
    percentages(plan);
    triggers(plan);
    follow(plan);
    templates(plan);
}

fn says(plan: &Adjust, name: &str) -> bool {
    plan.config(name).is_some_and(|it| it.is_unknown() || !is_nothing(it))
}

fn exclusive(plan: &mut Adjust, names: &[&str]) {
    let said: Vec<&str> = names.iter().filter(|it| says(plan, it)).copied().collect();
    if let [first, second, ..] = said[..] {
        plan.error(second, format!("`{second}` cannot stand beside `{first}`: leave one of them out"));
    }
}

fn launched(plan: &mut Adjust) {
    const ONE_OF: [&str; 3] = ["launch_template", "mixed_instances_policy", "launch_configuration"];
    exclusive(plan, &ONE_OF);
    if !ONE_OF.iter().any(|it| says(plan, it)) {
        plan.error(
            "launch_template",
            "say what is launched: `launch_template = { id = \"lt-…\" }`, or a `mixed_instances_policy`",
        );
    }
    let template = first(plan.config("launch_template")).cloned();
    let said = |name: &str| template.as_ref().and_then(|it| it.get(name)).is_some_and(|it| !it.is_null());
    if said("id") && said("name") {
        plan.error("launch_template", "a template has an `id` or a `name` here: leave one of them out");
    }
}

fn waits(plan: &mut Adjust) {
    let text = plan.config("wait_for_capacity_timeout").and_then(Value::as_str).map(str::to_owned);
    if let Some(text) = text.filter(|it| !it.is_empty() && crate::lang::duration(it).is_none()) {
        let sentence = format!("`{text}` is not a length of time: write it like 30s, 10m or 1h30m, or 0");
        plan.error("wait_for_capacity_timeout", sentence);
    }
    for name in ["min_elb_capacity", "wait_for_elb_capacity"] {
        if says(plan, name) && says(plan, "load_balancers") {
            let sentence = format!(
                "`{name}` counts what target groups find healthy: classic load balancers are not asked"
            );
            plan.error(name, sentence);
        }
    }
}

/// 100 to 200, or none.
fn percentages(plan: &mut Adjust) {
    let policy = first(plan.config("instance_maintenance_policy"));
    let most =
        policy.and_then(|it| it.get("max_healthy_percentage")).and_then(|it| Some(it.as_number()?.to_f64()));
    if most.is_some_and(|it| it != -1.0 && it < 100.0) {
        plan.error(
            "instance_maintenance_policy",
            "`max_healthy_percentage` is 100 to 200, or -1 for no policy",
        );
    }
}

/// What starts a replacement of the instances has to be something of the group.
fn triggers(plan: &mut Adjust) {
    const NEVER: [&str; 5] =
        ["launch_configuration", "launch_template", "mixed_instances_policy", "instance_refresh", "tags"];
    let triggers = first(plan.config("instance_refresh")).and_then(|it| it.get("triggers")).cloned();
    let names = triggers.iter().flat_map(|it| it.as_items().unwrap_or_default()).filter_map(Value::as_str);
    let mut wrong = Vec::new();
    for name in names {
        match name {
            it if NEVER[..3].contains(&it) => {
                wrong.push(format!("`{it}` always replaces the instances: leave it out of `triggers`"))
            }
            it if plan.will.get(it).is_none() => {
                wrong.push(format!("`triggers` names `{it}`, and a group has no such attribute"))
            }
            _ => {}
        }
    }
    wrong.into_iter().for_each(|it| plan.error("instance_refresh", it));
}

/// What AWS says in two ways follows where the stack changes one of them.
fn follow(plan: &mut Adjust) {
    if plan.was.is_none() {
        return;
    }
    for (one, others) in [
        ("target_group_arns", &["traffic_source"][..]),
        ("load_balancers", &["traffic_source"][..]),
        ("traffic_source", &["target_group_arns", "load_balancers"][..]),
        ("vpc_zone_identifier", &["availability_zones"][..]),
        ("availability_zones", &["vpc_zone_identifier"][..]),
    ] {
        if plan.change(one).is_some() && plan.config(one).is_some() {
            others
                .iter()
                .filter(|it| !says(plan, it))
                .copied()
                .collect::<Vec<_>>()
                .into_iter()
                .for_each(|it| plan.set_unknown(it));
        }
    }
    // What the stack has exchanged for the other.
    for (one, other) in [
        ("launch_template", "mixed_instances_policy"),
        ("mixed_instances_policy", "launch_template"),
        ("launch_template", "launch_configuration"),
        ("mixed_instances_policy", "launch_configuration"),
    ] {
        let left = plan.will(one).is_some_and(|it| !is_nothing(it)) && !says(plan, one);
        if left
            && says(plan, other)
            && plan.change(other).is_some()
            && let Some(Kind::List(of, _)) = plan.will(one).map(|it| it.kind.clone())
        {
            plan.set(one, Value::list(of, Vec::new()));
        }
    }
}

fn first(of: Option<&Value>) -> Option<&Value> {
    of.and_then(Value::as_items)?.first()
}

/// Of a template's id and name, AWS says the one that the stack does not.
fn templates(plan: &mut Adjust) {
    if plan.was.is_none() {
        return;
    }
    let (was, config) = (plan.was.clone(), plan.config.clone());
    let old = |name: &str| was.as_ref().and_then(|it| it.get(name));
    if let Some(will) = plan.will("launch_template").cloned() {
        let new =
            in_first(&will, old("launch_template"), config.get("launch_template"), &|will, was, config| {
                other(will, was, config, ["id", "name"])
            });
        plan.set("launch_template", new);
    }
    if let Some(will) = plan.will("mixed_instances_policy").cloned() {
        let new =
            in_first(&will, old("mixed_instances_policy"), config.get("mixed_instances_policy"), &mixed);
        plan.set("mixed_instances_policy", new);
    }
}

type Rule<'a> = &'a dyn Fn(&Value, &Value, &Value) -> Value;

/// The list with its items put right, each beside what it was and what the stack says.
fn in_first(will: &Value, was: Option<&Value>, config: Option<&Value>, rule: Rule<'_>) -> Value {
    let (Kind::List(of, all), null) = (&will.kind, Value::null(Type::Any)) else { return will.clone() };
    let at = |of: Option<&Value>, at: usize| {
        of.and_then(Value::as_items).and_then(|it| it.get(at)).cloned().unwrap_or(null.clone())
    };
    let each = all.iter().enumerate().map(|(i, it)| rule(it, &at(was, i), &at(config, i)));
    Value::list(of.clone(), each.collect()).marked(will.marks)
}

fn with(will: &Value, name: &str, value: Value) -> Value {
    let Some(mut fields) = will.as_fields().cloned() else { return will.clone() };
    fields.insert(name.into(), value);
    Value::object(fields).marked(will.marks)
}

fn other(will: &Value, was: &Value, config: &Value, names: [&str; 2]) -> Value {
    let [id, name] = names;
    let mut out = will.clone();
    for (one, other) in [(id, name), (name, id)] {
        let silent = config.get(other).is_none_or(Value::is_null);
        if !was.is_null() && was.get(one) != will.get(one) && silent {
            out = with(&out, other, Value::unknown(Type::String));
        }
    }
    out
}

fn mixed(will: &Value, was: &Value, config: &Value) -> Value {
    let template = |will: &Value, was: &Value, config: &Value| {
        other(will, was, config, ["launch_template_id", "launch_template_name"])
    };
    let named = |will: &Value, was: &Value, config: &Value| {
        let Some(it) = will.get("launch_template_specification") else { return will.clone() };
        let (was, config) =
            (was.get("launch_template_specification"), config.get("launch_template_specification"));
        with(will, "launch_template_specification", in_first(it, was, config, &template))
    };
    let launch = |will: &Value, was: &Value, config: &Value| {
        let out = named(will, was, config);
        let Some(it) = will.get("override") else { return out };
        with(&out, "override", in_first(it, was.get("override"), config.get("override"), &named))
    };
    let Some(it) = will.get("launch_template") else { return will.clone() };
    with(
        will,
        "launch_template",
        in_first(it, was.get("launch_template"), config.get("launch_template"), &launch),
    )
}
