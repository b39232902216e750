//! What stands in the way of things of load balancing: looked up after a refusal, for people.

use aws_sdk_elasticloadbalancingv2::types::{Action, Rule};

use super::listener_rule::of_listener;
use crate::aws::{Aws, Error, Result};
use crate::resource::{Blocker, Blockers, Op};

/// The most load balancers whose listeners are looked at.
const LOAD_BALANCERS: usize = 3;
/// The most listeners whose rules are looked at.
const LISTENERS: usize = 10;

/// Of a load balancer: that it is protected.
pub fn of_load_balancer(op: Op, error: &Error) -> Blockers {
    let guarded = op == Op::Delete && error.message().to_lowercase().contains("deletion protection");
    let help = "set `enable_deletion_protection = false` and apply that before it is removed";
    if guarded { Blockers::default().help(help) } else { Blockers::default() }
}

/// The listeners and rules that hand requests to a target group.
pub async fn of_target_group(aws: &Aws, arn: &str) -> Blockers {
    let mut out = Blockers::default();
    out.ask("listeners and rules", users(aws, arn).await);
    out
}

async fn users(aws: &Aws, group: &str) -> Result<Vec<Blocker>> {
    let groups = aws.elbv2().describe_target_groups().target_group_arns(group).send().await?;
    let balancers = groups.target_groups.unwrap_or_default().into_iter();
    let balancers = balancers.flat_map(|it| it.load_balancer_arns.unwrap_or_default());
    let mut out = Vec::new();
    for balancer in balancers.take(LOAD_BALANCERS) {
        let listeners = aws.elbv2().describe_listeners().load_balancer_arn(&balancer);
        let listeners = listeners.send().await?.listeners.unwrap_or_default();
        for listener in listeners.into_iter().take(LISTENERS) {
            let arn = listener.listener_arn.unwrap_or_default();
            let of = format!("listener {arn}");
            if listener.default_actions.iter().flatten().any(|it| hands_to(it, group)) {
                out.push(Blocker::new("listener", &arn).of("hands requests to it").known_by(&balancer));
            }
            let rules = of_listener(aws, &arn).await?.into_iter().filter(|it| it.is_default != Some(true));
            let rules = rules.filter(|it| it.actions.iter().flatten().any(|it| hands_to(it, group)));
            out.extend(rules.map(|it| rule(&it).of(&of).known_by(&arn)));
        }
    }
    Ok(out)
}

fn hands_to(action: &Action, group: &str) -> bool {
    let several = action.forward_config.iter().flat_map(|it| it.target_groups.iter().flatten());
    action.target_group_arn() == Some(group)
        || several.into_iter().any(|it| it.target_group_arn() == Some(group))
}

fn rule(it: &Rule) -> Blocker {
    let one = Blocker::new("rule", it.rule_arn().unwrap_or_default());
    one.named(it.priority().map(|it| format!("priority {it}")).as_deref())
}

/// The rule that has the priority.
pub async fn of_priority(aws: &Aws, listener: &str, priority: Option<i64>) -> Blockers {
    let mut out = Blockers::default();
    let help = "give the rule another `priority`, or none: then it comes after all others";
    let Some(priority) = priority.map(|it| it.to_string()) else { return out.help(help) };
    let found = of_listener(aws, listener).await.map(|all| {
        let holder = all.iter().filter(|it| it.priority() == Some(priority.as_str()));
        holder.map(|it| rule(it).of("has that priority")).collect()
    });
    out.ask("the listener's rules", found);
    out.help(help)
}
