//! What a plan says of actions: only the block that an action's type names counts, and two ways to say one
//! target group are one.

use super::super::plans::{block, each, keep_in, part, with};
use crate::lang::Value;
use crate::plan::adjust::{Adjust, is_nothing};

/// The types of actions, and the block of each.
const BLOCKS: &[(&str, &str)] = &[
    ("redirect", "redirect"),
    ("fixed-response", "fixed_response"),
    ("authenticate-cognito", "authenticate_cognito"),
    ("authenticate-oidc", "authenticate_oidc"),
];

/// Settles and checks the actions, which are the blocks of this name.
pub fn settle(plan: &mut Adjust, name: &str) {
    let wrong: Vec<String> = match plan.config(name).and_then(Value::as_items) {
        Some(all) => all.iter().zip(1..).flat_map(|(it, at)| wrong(it, &format!("{name} {at}"))).collect(),
        None => Vec::new(),
    };
    wrong.into_iter().for_each(|it| plan.error(name, it));
    each(plan, name, |was, will, config| same_group(was, other_blocks(was, will, config)));
}

/// A block of another type than the action's counts for nothing.
fn other_blocks(was: Option<&Value>, will: Value, config: &Value) -> Value {
    let kind = part(&will, "type").to_lowercase();
    if kind.is_empty() {
        return will;
    }
    let was = was.filter(|it| part(it, "type").eq_ignore_ascii_case(&kind));
    let of_forward = [("forward", "forward"), ("forward", "target_group_arn")];
    let all = BLOCKS.iter().chain(&of_forward).filter(|it| it.0 != kind);
    let said = all.filter(|it| config.get(it.1).is_some_and(|it| !is_nothing(it)));
    said.fold(will, |will, (_, name)| keep_in(was, will, name))
}

/// One target group may be said in either of two ways: a change from one to the other is none.
fn same_group(was: Option<&Value>, will: Value) -> Value {
    let Some(was) = was else { return will };
    let (before, after) = (only_group(was), only_group(&will));
    let same = before.is_some() && before == after;
    if !same || !part(was, "type").eq_ignore_ascii_case(part(&will, "type")) {
        return will;
    }
    ["target_group_arn", "forward"].into_iter().fold(will, |will, name| match was.get(name) {
        Some(value) => with(will, name, value.clone()),
        None => will,
    })
}

/// The ARN of the target group, where there is but one and nothing else is said of it.
fn only_group(action: &Value) -> Option<&str> {
    let arn = Some(part(action, "target_group_arn")).filter(|it| !it.is_empty());
    if action.get("target_group_arn").is_some_and(Value::is_unknown) {
        return None;
    }
    let Some(forward) = block(action, "forward") else { return arn };
    let sticky = block(forward, "stickiness").and_then(|it| it.get("enabled"));
    let [one] = forward.get("target_group")?.as_items()? else { return None };
    let plain = one.get("weight").is_none_or(|it| is_nothing(it) || *it == Value::from(1));
    let quiet = sticky.is_none_or(is_nothing);
    let group = Some(part(one, "arn")).filter(|it| !it.is_empty() && plain && quiet)?;
    arn.is_none_or(|it| it == group).then_some(group)
}

/// What is wrong with an action.
fn wrong(action: &Value, place: &str) -> Vec<String> {
    let kind = part(action, "type").to_lowercase();
    let lacks = |name: &str| action.get(name).is_none_or(|it| it.is_null() || is_empty(it));
    let mut out = Vec::new();
    if let Some((kind, name)) = BLOCKS.iter().find(|it| it.0 == kind)
        && lacks(name)
    {
        out.push(format!("{place} is of type \"{kind}\" and lacks `{name}`, which says how"));
    }
    if kind == "forward" && lacks("target_group_arn") && lacks("forward") {
        out.push(format!(
            "{place} is of type \"forward\" and does not say where to: give it `target_group_arn`, or `forward` for several target groups"
        ));
    }
    let arn = part(action, "target_group_arn");
    let groups =
        block(action, "forward").and_then(|it| it.get("target_group")?.as_items()).unwrap_or_default();
    let others = groups.iter().map(|it| part(it, "arn")).any(|it| !it.is_empty() && it != arn);
    if !arn.is_empty() && others {
        out.push(format!(
            "{place} names one target group in `target_group_arn` and another in `forward`: leave out `target_group_arn`"
        ));
    }
    out
}

fn is_empty(it: &Value) -> bool {
    !it.is_unknown() && it.as_items().is_some_and(<[Value]>::is_empty)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    fn value(json: Json) -> Value {
        let block = &crate::kind::resource("aws_lb_listener").expect("registered").schema().block;
        let all = crate::schema::conform::from_state(&json!({ "default_action": [json] }), block);
        all.get("default_action").and_then(Value::as_items).expect("a list")[0].clone()
    }

    #[test]
    fn one_target_group_is_one_however_it_is_said() {
        let short = value(json!({ "type": "forward", "target_group_arn": "arn:a" }));
        let long = value(
            json!({ "type": "forward", "forward": [{ "target_group": [{ "arn": "arn:a", "weight": 1 }] }] }),
        );
        assert_eq!(only_group(&short), Some("arn:a"));
        assert_eq!(same_group(Some(&short), long.clone()), short);
        assert_eq!(same_group(Some(&long), short), long);
        let two = json!([{ "arn": "arn:a", "weight": 1 }, { "arn": "arn:b", "weight": 1 }]);
        assert_eq!(
            only_group(&value(json!({ "type": "forward", "forward": [{ "target_group": two }] }))),
            None
        );
    }

    #[test]
    fn an_action_needs_the_block_of_its_type() {
        let of = |json: Json| wrong(&value(json), "default_action 1").len();
        assert_eq!(of(json!({ "type": "redirect" })), 1);
        assert_eq!(of(json!({ "type": "redirect", "redirect": [{ "status_code": "HTTP_301" }] })), 0);
        assert_eq!(of(json!({ "type": "forward" })), 1);
        assert_eq!(of(json!({ "type": "forward", "target_group_arn": "arn:a" })), 0);
        let both = json!({ "type": "forward", "target_group_arn": "arn:a",
            "forward": [{ "target_group": [{ "arn": "arn:b" }] }] });
        assert_eq!(of(both), 1);
    }
}
