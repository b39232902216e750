//! What a plan of a volume says that its attributes alone do not.

use super::WITH_IOPS;
use super::change::LEAST;
use crate::lang::Value;
use crate::plan::adjust::{Adjust, is_nothing, text};

pub(super) fn adjust(plan: &mut Adjust) {
    if plan.config("size").is_none() && plan.config("snapshot_id").is_none() {
        plan.error("size", "say `size` in GiB, or the `snapshot_id` that the volume is made of");
    }
    match plan.was.is_some() {
        true => changed(plan),
        false => fitting(plan),
    }
}

/// Whether the stack is known to say something there.
fn says(plan: &Adjust, name: &str) -> bool {
    plan.config(name).is_some_and(|it| !it.is_unknown() && !is_nothing(it))
}

/// What goes with the type.
fn fitting(plan: &mut Adjust) {
    let kind = plan.config("type");
    if kind.is_some_and(Value::is_unknown) {
        return;
    }
    let kind = text(kind).to_owned();
    let called = if kind.is_empty() { "without a `type`".to_owned() } else { format!("of type `{kind}`") };
    let provisioned = ["io1", "io2"].contains(&&*kind);
    if provisioned && plan.config("iops").is_none_or(is_nothing) {
        plan.error("iops", format!("a volume {called} needs `iops`"));
    }
    if !WITH_IOPS.contains(&&*kind) && says(plan, "iops") {
        let only = "only `io1`, `io2` and `gp3` do";
        plan.error("iops", format!("a volume {called} takes no `iops`: {only}"));
    }
    let shared = plan.config("multi_attach_enabled").and_then(Value::as_bool).unwrap_or_default();
    if shared && !provisioned {
        let only = "only `io1` and `io2` can be shared";
        let text = format!("a volume {called} is for one instance at a time: {only}");
        plan.error("multi_attach_enabled", text);
    }
    if kind != "gp3" && says(plan, "throughput") {
        plan.error("throughput", format!("a volume {called} takes no `throughput`: only `gp3` does"));
    }
}

/// What follows from another type is AWS's to say.
fn changed(plan: &mut Adjust) {
    let Some(kind) = plan.will("type").and_then(Value::as_str).map(str::to_owned) else { return };
    let takes_iops = WITH_IOPS.contains(&&*kind);
    let taken_back = plan.change("iops").filter(|it| !takes_iops && is_nothing(it.1) && !it.1.is_unknown());
    if let Some(was) = taken_back.map(|it| it.0.clone()) {
        plan.set("iops", was);
    }
    if plan.change("type").is_none() {
        return;
    }
    let had = plan.was.as_ref().and_then(|it| it.get("iops")).and_then(Value::as_number);
    let low = had.is_none_or(|it| it.to_f64() < f64::from(LEAST));
    if plan.config("iops").is_none() && (!takes_iops || kind == "gp3" && low) {
        plan.set_unknown("iops");
    }
    if plan.config("throughput").is_none() {
        plan.set_unknown("throughput");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::lang::Type;
    use crate::lang::value::Map;

    const NAMES: [&str; 6] = ["size", "snapshot_id", "type", "iops", "throughput", "multi_attach_enabled"];

    fn object(said: &[(&str, Value)]) -> Value {
        let each = NAMES.iter().map(|name| {
            let value = said.iter().find(|it| it.0 == *name).map(|it| it.1.clone());
            (Arc::from(*name), value.unwrap_or_else(|| Value::null(Type::Any)))
        });
        Value::object(each.collect::<Map>())
    }

    fn adjusted(was: Option<Value>, config: &[(&str, Value)]) -> Adjust {
        let config = object(config);
        let mut plan = Adjust { was, will: config.clone(), config, replace: Vec::new(), errors: Vec::new() };
        adjust(&mut plan);
        plan
    }

    #[track_caller]
    fn wrong(config: &[(&str, Value)], names: &[&str]) {
        let errors = adjusted(None, config).errors;
        assert_eq!(errors.iter().map(|it| it.0.as_str()).collect::<Vec<_>>(), names, "{errors:?}");
    }

    #[test]
    fn a_type_takes_what_it_takes() {
        let (size, kind) = (("size", Value::from(8_i64)), |it: &str| ("type", Value::from(it)));
        wrong(&[], &["size"]);
        wrong(std::slice::from_ref(&size), &[]);
        wrong(&[size.clone(), ("iops", 3000_i64.into())], &["iops"]);
        wrong(&[size.clone(), kind("io2")], &["iops"]);
        let fast = [("iops", Value::from(4000_i64)), ("throughput", 200_i64.into())];
        let with = |name: &'static str| [&[size.clone(), kind(name)], &fast[..]].concat();
        wrong(&with("io2"), &["throughput"]);
        wrong(&with("gp3"), &[]);
        wrong(&[size.clone(), kind("gp3"), ("multi_attach_enabled", true.into())], &["multi_attach_enabled"]);
    }

    #[test]
    fn another_type_brings_its_own_speed() {
        let size = || ("size", Value::from(8_i64));
        let was = |iops: i64| Some(object(&[size(), ("type", "gp2".into()), ("iops", iops.into())]));
        let will = [("size", Value::from(8_i64)), ("type", "gp3".into())];
        assert!(adjusted(was(100), &will).will("iops").unwrap().is_unknown());
        assert!(!adjusted(was(4000), &will).will("iops").unwrap().is_unknown());
    }
}
