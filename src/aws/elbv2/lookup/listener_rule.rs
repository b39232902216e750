use aws_sdk_elasticloadbalancingv2::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::search::only;
use crate::aws::elbv2::listener_rule::{listener_of, of_listener, priority_of};
use crate::aws::elbv2::tagging::tags;
use crate::aws::elbv2::{stated, there};
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

mod actions;
mod conditions;

pub use actions::Action;
pub use conditions::Condition;

/// A listener's rule that is there already: by ARN, or by its listener and its priority.
///
/// ```toml
/// [data.aws_lb_listener_rule.api]
/// listener_arn = "${data.aws_lb_listener.https.arn}"
/// priority = 10
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListenerRule {
    /// Its ARN.
    #[schemars(regex(pattern = "^(arn:|$)"))]
    pub arn: Chosen<Option<String>>,
    /// Its listener; with `priority`, instead of `arn`.
    #[schemars(regex(pattern = "^(arn:|$)"))]
    pub listener_arn: Chosen<Option<String>>,
    /// Its place among the listener's rules; with `listener_arn`.
    pub priority: Chosen<Option<i64>>,
    /// Its labels.
    pub tags: Computed<Tags>,
    /// What it does with requests, step by step. Told, and not searched by.
    #[serde(default)]
    pub action: Vec<Action>,
    /// Which requests it is for; all conditions have to hold. Told, and not searched by.
    #[serde(default)]
    pub condition: Set<Condition>,
}

impl DataSource for ListenerRule {
    const TYPE: &'static str = "aws_lb_listener_rule";
    const READS: Reads = Reads::of(
        &[Cost::each("elasticloadbalancing:DescribeRules"), Cost::each("elasticloadbalancing:DescribeTags")],
        "its tags have a call of their own; where a priority is looked for, the listener's rules are listed",
    );
    const POOLED: bool = true;

    async fn read(self, aws: &Aws) -> Result<Self> {
        let it = only("rule", "`arn`, or `listener_arn` and `priority`", self.found(aws).await?)?;
        let arn = it.rule_arn.unwrap_or_default();
        let mut tags = tags(aws, std::slice::from_ref(&arn)).await?;
        let mut actions = it.actions.unwrap_or_default();
        actions.sort_by_key(|it| it.order.unwrap_or_default());
        let conditions = it.conditions.unwrap_or_default();
        Ok(ListenerRule {
            listener_arn: Chosen(Some(listener_of(&arn))),
            priority: Chosen(priority_of(it.priority.as_deref())),
            tags: Computed(tags.remove(&arn).unwrap_or_default()),
            action: actions.into_iter().map(Action::seen).collect(),
            condition: conditions.into_iter().map(Condition::seen).collect(),
            arn: Chosen(Some(arn)),
        })
    }
}

impl ListenerRule {
    async fn found(&self, aws: &Aws) -> Result<Vec<sdk::Rule>> {
        match (stated(&self.arn), stated(&self.listener_arn), self.priority.0) {
            (Some(arn), None, None) => {
                let call = aws.elbv2().describe_rules().rule_arns(arn);
                let answer = call.send().await.map_err(Error::from);
                Ok(there(answer)?.and_then(|it| it.rules).unwrap_or_default())
            }
            (None, Some(listener), Some(priority)) => {
                let ask = of_listener(aws, listener);
                let all = there(aws.shared(&format!("rules of {listener}"), ask).await)?;
                let (mut all, priority) = (all.unwrap_or_default(), priority.to_string());
                all.retain(|it| it.priority() == Some(priority.as_str()));
                Ok(all)
            }
            _ => Err(Error::Invalid("give either `arn`, or `listener_arn` and `priority`".to_owned())),
        }
    }
}
