use std::collections::HashSet;

use aws_sdk_cloudwatchlogs::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{LOGS, tags};
use crate::aws::shape::{seen, sent};
use crate::aws::{Aws, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// Log streams that share retention, encryption and access.
///
/// ```toml
/// [aws_cloudwatch_log_group.web]
/// name = "/shop/web"
/// retention_in_days = 14
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LogGroup {
    /// Unique in the account and region; else one is made up.
    #[schemars(length(min = 1, max = 512), regex(pattern = r"^[0-9A-Za-z_./#-]+$"))]
    pub name: Chosen<Fixed<Option<String>>>,
    /// Make up a unique name that starts with this.
    #[schemars(length(max = 483), regex(pattern = r"^[0-9A-Za-z_./#-]*$"))]
    pub name_prefix: Chosen<Fixed<Option<String>>>,
    /// Days until an event is removed; 0 keeps them for ever.
    #[serde(default)]
    #[schemars(extend("enum" = [
        0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
    ]))]
    pub retention_in_days: i64,
    /// ARN of the KMS key that encrypts what is written from now on.
    pub kms_key_id: Option<String>,
    /// `STANDARD`, `INFREQUENT_ACCESS`, or `DELIVERY`, which keeps events for one or two days.
    #[schemars(extend("enum" = ["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"]))]
    pub log_group_class: Chosen<Fixed<Option<String>>>,
    /// Leave the group and its events at AWS when it is removed from the stack.
    #[serde(default)]
    pub skip_destroy: Local<bool>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The group's name.
    pub id: Computed<String>,
    /// The group's ARN, without `:*` at its end.
    pub arn: Computed<String>,
}

/// The class whose retention AWS decides.
const DELIVERY: &str = "DELIVERY";
/// The most groups of one call.
pub(super) const MANY: usize = 50;

impl Resource for LogGroup {
    const TYPE: &'static str = "aws_cloudwatch_log_group";
    const IMPORT: &'static [&'static str] = &["/acme/web"];
    const TAGS: TagApi = TagApi::Logs;
    const READS: Reads = Reads::of(
        &[Cost::page("logs:DescribeLogGroups", 50)],
        "a call takes 50 names, and lists of all groups have 50 a page too",
    );
    const BATCH: usize = MANY;
    const PASSING: &'static [&'static [Passing]] = &[LOGS];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, names: &[String]) -> Result<Vec<Live<Self>>> {
        Ok(groups(aws, names).await?.into_iter().map(Live::from).collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let name = new.name(self.name.as_deref(), self.name_prefix.as_deref());
        let call = aws.logs().create_log_group().log_group_name(&name);
        let call = call.set_log_group_class(sent(&self.log_group_class));
        let call = call.set_kms_key_id(stated(&self.kms_key_id).map(str::to_owned));
        call.set_tags(tags(&new.tags)).send().await?;
        Ok(name)
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let name = was.key();
        if self.retention_in_days != was.retention_in_days && !self.is_delivery() {
            match sent(&self.retention_in_days).filter(|it| *it != 0) {
                Some(days) => {
                    let call = aws.logs().put_retention_policy().log_group_name(&name);
                    call.retention_in_days(days).send().await?;
                }
                None => {
                    aws.logs().delete_retention_policy().log_group_name(&name).send().await?;
                }
            }
        }
        match stated(&self.kms_key_id) {
            same if same == stated(&was.kms_key_id) => {}
            Some(key) => {
                aws.logs().associate_kms_key().log_group_name(&name).kms_key_id(key).send().await?;
            }
            None => {
                aws.logs().disassociate_kms_key().log_group_name(&name).send().await?;
            }
        }
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        aws.logs().delete_log_group().log_group_name(self.key()).send().await?;
        Ok(())
    }

    // CreateLogGroup takes no client token, but a name stands once in an account and region.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let name = new.name(self.name.as_deref(), self.name_prefix.as_deref());
        let call = aws.logs().describe_log_groups().log_group_identifiers(&name);
        let found = call.send().await?.log_groups.unwrap_or_default();
        let ours = |it: &&sdk::LogGroup| {
            it.log_group_name.as_ref() == Some(&name)
                && new.may_have_made(it.creation_time.map(|it| it / 1000))
        };
        Ok(found.iter().find(ours).map(|_| name.clone()))
    }

    fn is_left(&self) -> bool {
        *self.skip_destroy
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        if self.is_delivery() {
            self.retention_in_days = kept.retention_in_days;
        }
        self
    }

    fn adjust(plan: &mut Adjust) {
        if plan.config("name").is_some() && plan.config("name_prefix").is_some() {
            plan.error("name_prefix", "give either `name` or `name_prefix`: they exclude each other");
        }
        let class =
            |it: Option<&Value>| it.and_then(|it| it.get("log_group_class")?.as_str().map(str::to_owned));
        let classes = (class(plan.was.as_ref()), class(Some(&plan.will)));
        if classes.0.as_deref() == Some(DELIVERY) && classes.0 == classes.1 {
            let days = plan.was.as_ref().and_then(|it| it.get("retention_in_days")).cloned();
            days.into_iter().for_each(|it| plan.set("retention_in_days", it));
        }
    }
}

impl LogGroup {
    fn is_delivery(&self) -> bool {
        self.log_group_class.as_deref() == Some(DELIVERY)
    }
}

/// Those of these groups that there are. Emulators answer with all groups, whichever are asked for: what nobody
/// asked for is left out.
pub(super) async fn groups(aws: &Aws, names: &[String]) -> Result<Vec<sdk::LogGroup>> {
    let wanted: HashSet<&str> = names.iter().map(String::as_str).collect();
    let call = aws.logs().describe_log_groups().set_log_group_identifiers(Some(names.to_vec()));
    let mut all = call.into_paginator().items().send();
    let mut found = Vec::with_capacity(names.len());
    while let Some(it) = all.try_next().await? {
        if it.log_group_name.as_deref().is_some_and(|it| wanted.contains(it)) {
            found.push(it);
        }
        if found.len() == wanted.len() {
            break;
        }
    }
    Ok(found)
}

/// The text, where there is one: states written by others hold empty text for absence.
fn stated(text: &Option<String>) -> Option<&str> {
    text.as_deref().filter(|it| !it.is_empty())
}

impl From<sdk::LogGroup> for Live<LogGroup> {
    fn from(it: sdk::LogGroup) -> Self {
        let name = it.log_group_name.unwrap_or_default();
        let arn = it.arn.unwrap_or_default();
        Live {
            key: name.clone(),
            status: Status::Ready,
            tags: None,
            unread: &[],
            attributes: LogGroup {
                name_prefix: Chosen(Fixed(name_prefix(&name))),
                name: Chosen(Fixed(Some(name.clone()))),
                retention_in_days: seen(it.retention_in_days),
                kms_key_id: seen(it.kms_key_id),
                log_group_class: seen(it.log_group_class),
                skip_destroy: Local(false),
                tags: None,
                tags_all: Chosen::default(),
                id: Computed(name),
                arn: Computed(arn.strip_suffix(":*").unwrap_or(&arn).to_owned()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_becomes_attributes() {
        let group = sdk::LogGroup::builder()
            .log_group_name("web-20261121023434133900000001")
            .arn("arn:aws:logs:eu-west-1:123456789012:log-group:web-20261121023434133900000001:*")
            .build();
        let it = Live::from(group).attributes;
        assert_eq!(it.name_prefix.0.0.as_deref(), Some("web-"));
        assert!(it.arn.ends_with(":web-20261121023434133900000001"));
        assert_eq!(it.retention_in_days, 0);
    }

    #[test]
    fn a_delivery_group_keeps_the_retention_that_was_asked_for() {
        let group = |class: &str, days: i32| {
            let it = sdk::LogGroup::builder().log_group_name("a").retention_in_days(days);
            Live::from(it.log_group_class(class.into()).build()).attributes
        };
        assert_eq!(group("DELIVERY", 2).as_kept(&group("DELIVERY", 0)).retention_in_days, 0);
        assert_eq!(group("STANDARD", 7).as_kept(&group("STANDARD", 0)).retention_in_days, 7);
    }
}
