use std::time::Duration;

use aws_sdk_elasticloadbalancingv2::types as sdk;
use futures::lock::Mutex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::actions::{self, OfRule};
use super::tagging::{marked, tagged, tags};
use super::{ARNS, ELB, arn_of, blockers, described, there};
use crate::aws::shape::{seen, sent};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::Adjust;
use crate::resource::*;

mod conditions;

pub use conditions::Condition;

/// What a listener does with requests of some sort. The rule with the lowest priority that fits is followed.
///
/// ```toml
/// [aws_lb_listener_rule.api]
/// listener_arn = "${aws_lb_listener.https.arn}"
/// priority = 10
/// condition = [{ path_pattern = { values = ["/api/*"] } }, { host_header = { values = ["example.com"] } }]
/// action = { type = "forward", target_group_arn = "${aws_lb_target_group.api.arn}" }
///
/// [aws_lb_listener_rule.canary]
/// listener_arn = "${aws_lb_listener.https.arn}"
/// condition = { http_header = { http_header_name = "X-Canary", values = ["1"] } }
///
/// [[aws_lb_listener_rule.canary.action]]
/// type = "forward"
///
/// [aws_lb_listener_rule.canary.action.forward]
/// target_group = [{ arn = "${aws_lb_target_group.new.arn}", weight = 9 }, { arn = "${aws_lb_target_group.old.arn}" }]
/// stickiness = { enabled = true, duration = 600 }
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListenerRule {
    /// The listener.
    #[schemars(regex(pattern = "^arn:"))]
    pub listener_arn: Fixed<String>,
    /// 1 to 50000, once in a listener; the next after the highest where none is given.
    pub priority: Chosen<Option<i64>>,
    /// Which requests; all conditions have to hold.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub condition: Set<Condition>,
    /// What it does with them, step by step; the last one answers.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub action: Vec<OfRule>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The rule's ARN.
    pub id: Computed<String>,
    /// The rule's ARN.
    pub arn: Computed<String>,
}

/// The priority of what a listener does where no rule fits.
const DEFAULT: i64 = 99_999;

/// How often a priority that somebody else takes at the same moment is looked for anew.
const ATTEMPTS: usize = 20;

impl Resource for ListenerRule {
    const TYPE: &'static str = "aws_lb_listener_rule";
    const IMPORT: &'static [&'static str] = &[
        "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener-rule/app/web/8e4497da625e2d8a/9ab28ade35828f96/67b3d2d36dd7c26b",
    ];
    const UNWRITTEN: &'static [&'static str] = &["action.order"];
    const TAGS: TagApi = TagApi::Elbv2;
    const READS: Reads = Reads::of(
        &[
            Cost::page("elasticloadbalancing:DescribeRules", ARNS),
            Cost::page("elasticloadbalancing:DescribeTags", ARNS).pooled(),
        ],
        "a call takes 20 ARNs",
    );
    const MARKED: bool = true;
    const PATIENCE: Duration = Duration::from_secs(300);
    const PASSING: &'static [&'static [Passing]] = &[ELB];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        arn_of("listener-rule", id)
    }

    async fn read(aws: &Aws, arns: &[String]) -> Result<Vec<Live<Self>>> {
        let all = described(arns, async |some| {
            let answer = aws.elbv2().describe_rules().set_rule_arns(Some(some)).send().await?;
            Ok(answer.rules.unwrap_or_default())
        });
        let (all, mut tags) = futures::try_join!(all, tags(aws, arns))?;
        let live = all.into_iter().map(|it| {
            let tags = tags.remove(it.rule_arn().unwrap_or_default());
            Live { tags, ..live(it) }
        });
        Ok(live.collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let conditions = self.conditions()?;
        let call = aws
            .elbv2()
            .create_rule()
            .listener_arn(&self.listener_arn.0)
            .set_conditions(Some(conditions))
            .set_actions(Some(actions::all_sent(&self.action)))
            .set_tags(tagged(&new.tags));
        let answer = match sent(&self.priority).filter(|it: &i32| *it != 0) {
            Some(priority) => call.priority(priority).send().await?,
            None => {
                // Rules of one listener that are made at once take turns.
                let turn = format!("priorities of {}", self.listener_arn.0);
                let turn = aws.once(&turn, async { Ok(Mutex::new(())) }).await?;
                let _mine = turn.lock().await;
                last(aws, &self.listener_arn, call).await?
            }
        };
        let made = answer.rules.unwrap_or_default().into_iter().next();
        made.and_then(|it| it.rule_arn).ok_or(Error::Incomplete("the rule's ARN"))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        if self.priority.is_some() && self.priority != was.priority {
            let pair =
                sdk::RulePriorityPair::builder().rule_arn(was.key()).set_priority(sent(&self.priority));
            aws.elbv2().set_rule_priorities().rule_priorities(pair.build()).send().await?;
        }
        let (acts, fits) = (self.action != was.action, self.condition != was.condition);
        if acts || fits {
            let conditions = if fits { Some(self.conditions()?) } else { None };
            let call = aws.elbv2().modify_rule().rule_arn(was.key()).set_conditions(conditions);
            call.set_actions(acts.then(|| actions::all_sent(&self.action))).send().await?;
        }
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        aws.elbv2().delete_rule().rule_arn(self.key()).send().await?;
        Ok(())
    }

    // A priority stands once in a listener, but nobody says since when.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let all = there(of_listener(aws, &self.listener_arn).await)?.unwrap_or_default();
        let ours = all.into_iter().filter(|it| it.is_default != Some(true));
        let arns: Vec<String> = ours.filter_map(|it| it.rule_arn).collect();
        marked(aws, &arns, &new.token).await
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        self.action = actions::kept(self.action, &kept.action);
        self
    }

    fn adjust(plan: &mut Adjust) {
        let priority = plan.config("priority").and_then(Value::as_number).map(|it| it.to_f64());
        if let Some(it) = priority.filter(|it| !(1.0..=50000.0).contains(it) && *it != DEFAULT as f64) {
            plan.error("priority", format!("`priority` cannot be {it}: it is 1 to 50000"));
        }
        conditions::check(plan);
        actions::planned::settle(plan, "action");
    }

    async fn blockers(&self, aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        match error.code() == Some("PriorityInUse") {
            true => {
                // Before a change it has its old one.
                let wanted = self.priority.filter(|_| op == Op::Create);
                let said = error.message().split('\'').nth(1).and_then(|it| it.parse().ok());
                Ok(blockers::of_priority(aws, &self.listener_arn, said.or(wanted)).await)
            }
            false => Ok(Blockers::default()),
        }
    }
}

/// All rules of a listener.
pub(super) async fn of_listener(aws: &Aws, listener: &str) -> Result<Vec<sdk::Rule>> {
    let call = aws.elbv2().describe_rules().listener_arn(listener);
    Ok(call.into_paginator().items().send().try_collect().await?)
}

type Create = aws_sdk_elasticloadbalancingv2::operation::create_rule::builders::CreateRuleFluentBuilder;
type Created = aws_sdk_elasticloadbalancingv2::operation::create_rule::CreateRuleOutput;

/// Makes a rule after all others. Where somebody else takes the priority at the same moment, the next one.
async fn last(aws: &Aws, listener: &str, call: Create) -> Result<Created> {
    let mut attempt = 1;
    loop {
        let all = of_listener(aws, listener).await?;
        let highest = all.iter().filter_map(|it| it.priority()?.parse::<i32>().ok()).max();
        let answer = call.clone().priority(highest.unwrap_or_default() + 1).send().await;
        match answer.map_err(Error::from) {
            Err(it) if it.code() == Some("PriorityInUse") && attempt < ATTEMPTS => attempt += 1,
            answer => return answer,
        }
    }
}

impl ListenerRule {
    fn conditions(&self) -> Result<Vec<sdk::RuleCondition>> {
        self.condition.iter().map(Condition::sent).collect()
    }
}

/// The listener's ARN in a rule's, which alone tells it.
pub(super) fn listener_of(rule: &str) -> String {
    let listener = rule.rsplit_once('/').map_or(rule, |it| it.0);
    listener.replacen(":listener-rule/", ":listener/", 1)
}

/// The number in AWS's word for a priority.
pub(super) fn priority_of(told: Option<&str>) -> Option<i64> {
    match told {
        Some("default") => Some(DEFAULT),
        other => other.and_then(|it| it.parse().ok()),
    }
}

fn live(it: sdk::Rule) -> Live<ListenerRule> {
    let arn: String = seen(it.rule_arn);
    let priority = priority_of(it.priority.as_deref());
    let conditions = it.conditions.unwrap_or_default().into_iter().map(Condition::seen);
    Live {
        key: arn.clone(),
        status: Status::Ready,
        tags: None,
        unread: &[],
        attributes: ListenerRule {
            listener_arn: Fixed(listener_of(&arn)),
            priority: Chosen(priority),
            condition: conditions.collect(),
            action: actions::all_seen(it.actions),
            tags: None,
            tags_all: Chosen::default(),
            id: Computed(arn.clone()),
            arn: Computed(arn),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rules_arn_tells_its_listener() {
        let arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener-rule/app/web/8e44/9ab2/67b3";
        let listener = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/web/8e44/9ab2";
        assert_eq!(listener_of(arn), listener);
    }
}
