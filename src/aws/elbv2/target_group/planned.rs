//! What a plan says of a target group: what its targets do not have counts for nothing, and what does not fit
//! together is told before AWS is asked.

use super::super::{names, plans};
use crate::lang::{Type, Value};
use crate::plan::adjust::{Adjust, is_nothing};

/// What functions do not have.
const NOT_LAMBDAS: &[&str] = &[
    "port",
    "protocol",
    "vpc_id",
    "stickiness",
    "target_failover",
    "target_group_health",
    "target_health_state",
];

/// Protocols without cookies.
const CONNECTIONS: &[&str] = &["TCP", "UDP", "TCP_UDP", "TLS", "GENEVE"];

pub fn settle(plan: &mut Adjust) {
    names::check(plan, &[]);
    delay(plan);
    slow_start(plan);
    plans::in_capitals(plan, "protocol_version");
    let lambda = plans::text(plan, "target_type") == "lambda";
    health_check(plan, lambda);
    let (speaks, exists) = (plans::text(plan, "protocol").to_owned(), plan.was.is_some());
    if exists && lambda {
        NOT_LAMBDAS.iter().for_each(|name| plans::keep(plan, name));
    }
    if exists && (lambda || !["HTTP", "HTTPS"].contains(&speaks.as_str())) {
        plans::keep(plan, "protocol_version");
    }
    plans::each(plan, "stickiness", |was, will, _| match CONNECTIONS.contains(&speaks.as_str()) {
        true => plans::keep_in(was, will, "cookie_duration"),
        false => will,
    });
    switch(plan);
    needed(plan);
}

fn delay(plan: &mut Adjust) {
    let Some(text) = plan.config("deregistration_delay").and_then(Value::as_str) else { return };
    if !text.is_empty() && !text.parse::<u32>().is_ok_and(|it| it <= 3600) {
        let sentence = format!("`deregistration_delay` cannot be \"{text}\": it is 0 to 3600 seconds");
        plan.error("deregistration_delay", sentence);
    }
}

fn slow_start(plan: &mut Adjust) {
    let Some(seconds) = plan.config("slow_start").and_then(Value::as_number).map(|it| it.to_f64()) else {
        return;
    };
    if seconds != 0.0 && !(30.0..=900.0).contains(&seconds) {
        plan.error("slow_start", format!("`slow_start` cannot be {seconds}: it is 0, or 30 to 900 seconds"));
    }
}

/// `1` and `true` are one.
fn switch(plan: &mut Adjust) {
    let on = |it: &Value| it.as_str().map(|it| it == "true" || it == "1");
    let Some((was, will)) = plan.change("preserve_client_ip") else { return };
    if on(was).is_some() && on(was) == on(will) {
        let was = was.clone();
        plan.set("preserve_client_ip", was);
    }
}

fn health_check(plan: &mut Adjust, lambda: bool) {
    let exists = plan.was.is_some();
    plans::each(plan, "health_check", |was, will, config| {
        let text = plans::part(&will, "protocol").to_uppercase();
        let will = match text.is_empty() {
            true => will,
            false => plans::with(will, "protocol", text.as_str().into()),
        };
        let will = without_http(will, config, &text, exists);
        if !(exists && lambda) {
            return will;
        }
        let will = plans::keep_in(was, will, "port");
        plans::keep_in(was, will, "protocol")
    });
    let Some(block) = plan.config("health_check").and_then(|it| it.as_items()?.first().cloned()) else {
        return;
    };
    let said = |name: &str| block.get(name).is_some_and(|it| !it.is_unknown() && !is_nothing(it));
    let tcp = plans::part(&block, "protocol").eq_ignore_ascii_case("TCP");
    let mut wrong = Vec::new();
    if tcp {
        let those = ["path", "matcher"].into_iter().filter(|it| said(it));
        wrong.extend(those.map(|it| {
            format!("`health_check.{it}` cannot stand beside `health_check.protocol = \"TCP\"`, which asks for nothing")
        }));
        let speaks = plans::text(plan, "protocol");
        if ["HTTP", "HTTPS"].contains(&speaks) {
            wrong.push(format!(
                "`health_check.protocol` cannot be \"TCP\" where `protocol` is \"{speaks}\": ask in HTTP or HTTPS"
            ));
        }
        if lambda {
            wrong.push(
                "`health_check.protocol` cannot be \"TCP\" where `target_type` is \"lambda\"".to_owned(),
            );
        }
    }
    wrong.extend(port(plans::part(&block, "port")));
    wrong.into_iter().for_each(|it| plan.error("health_check", it));
}

/// Where connections are enough, path and statuses that are left from before go.
fn without_http(will: Value, config: &Value, speaks: &str, exists: bool) -> Value {
    if speaks != "TCP" || !exists {
        return will;
    }
    ["path", "matcher"].into_iter().fold(will, |will, name| {
        let left =
            config.get(name).is_none_or(Value::is_null) && will.get(name).is_some_and(|it| !is_nothing(it));
        if left { plans::with(will, name, Value::null(Type::String)) } else { will }
    })
}

fn port(text: &str) -> Option<String> {
    let is_port = text.is_empty() || text == "traffic-port";
    let is_port = is_port || text.parse::<u32>().is_ok_and(|it| (1..=65536).contains(&it));
    let wrong = || format!("`health_check.port` cannot be \"{text}\": it is a port, or `traffic-port`");
    (!is_port).then(wrong)
}

/// What all targets but functions need.
fn needed(plan: &mut Adjust) {
    let kind = plan.will("target_type").and_then(Value::as_str).unwrap_or_default().to_owned();
    if kind.is_empty() || kind == "lambda" {
        return;
    }
    for name in ["port", "protocol", "vpc_id"] {
        if plan.config(name).is_none() {
            plan.error(name, format!("`{name}` is needed where `target_type` is \"{kind}\""));
        }
    }
}
