use std::time::Duration;

use aws_sdk_rds::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::subnet_group::managed;
use super::{blockers, is_ours, tags, tags_of};
use crate::aws::pages::picked;
use crate::aws::shape::{listed, seen};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

mod options;

pub use options::{Choice, Setting};

/// What a database engine can do beyond the usual, for the instances that name the group.
///
/// ```toml
/// [aws_db_option_group.audit]
/// name = "audit"
/// engine_name = "mysql"
/// major_engine_version = "8.0"
/// option = [{
///   option_name = "MARIADB_AUDIT_PLUGIN",
///   option_settings = [{ name = "SERVER_AUDIT_EVENTS", value = "CONNECT,QUERY_DDL" }],
/// }]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OptionGroup {
    /// Its name: small letters, digits, hyphens. Else one is made up.
    #[schemars(length(max = 255), regex(pattern = r"^([a-z][0-9a-z]*(-[0-9a-z]+)*)?$"))]
    pub name: Chosen<Fixed<Option<String>>>,
    /// Make up a unique name that starts with this.
    #[schemars(length(max = 229), regex(pattern = r"^([a-z](-?[0-9a-z])*-?)?$"))]
    pub name_prefix: Chosen<Fixed<Option<String>>>,
    /// The engine, such as `mysql`, `oracle-ee` or `sqlserver-se`.
    pub engine_name: Fixed<String>,
    /// The engine's major version, such as `8.0`.
    pub major_engine_version: Fixed<String>,
    /// What it is for.
    #[serde(default = "description")]
    pub option_group_description: Fixed<String>,
    /// What the engine can do.
    #[serde(default)]
    pub option: Set<Choice>,
    /// Leave the group at AWS when it is removed from the stack.
    #[serde(default)]
    pub skip_destroy: Local<bool>,
    pub timeouts: Option<TimeoutsDelete>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The group's name.
    pub id: Computed<String>,
    /// The group's ARN.
    pub arn: Computed<String>,
}

fn description() -> Fixed<String> {
    Fixed(managed())
}

/// A group, and what the state says about its options: AWS tells the rest of each option, too.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Key {
    /// The group's name.
    id: String,
    said: Vec<options::Said>,
}

impl Key {
    fn new(id: &str, options: &[Choice]) -> Key {
        let mut said: Vec<_> = options.iter().map(Choice::said).collect();
        said.sort();
        Key { id: id.to_owned(), said }
    }
}

impl Resource for OptionGroup {
    const TYPE: &'static str = "aws_db_option_group";
    const IMPORT: &'static [&'static str] = &["audit"];
    const UNWRITTEN: &'static [&'static str] = &["name_prefix"];
    const TAGS: TagApi = TagApi::RdsGroup;
    const MARKED: bool = true;
    const READS: Reads = Reads::of(
        &[Cost::page("rds:DescribeOptionGroups", 100)],
        "a call tells about one group by its name, or about 100 of all groups",
    );
    const DELETE_PATIENCE: Duration = Duration::from_secs(900);
    const PASSING: &'static [&'static [Passing]] = &[&[
        Passing::in_use("InvalidOptionGroupStateFault"),
        Passing::unseen("OptionGroupNotFoundFault").on(&[Op::Update]),
        // A role that was made a moment ago.
        Passing::unseen("InvalidParameterValue").saying("IAM role ARN value is invalid or does not include"),
    ]];
    type Key = Key;

    fn key(&self) -> Key {
        Key::new(&self.id, &self.option)
    }

    fn is_same(one: &Key, other: &Key) -> bool {
        one.id == other.id
    }

    fn import(id: &str) -> Result<Key> {
        Ok(Key::new(id, &[]))
    }

    async fn read(aws: &Aws, keys: &[Key]) -> Result<Vec<Live<Self>>> {
        let names: Vec<String> = keys.iter().map(|it| it.id.clone()).collect();
        let mut out = Vec::new();
        for it in described(aws, &names).await? {
            let mine = keys.iter().filter(|key| it.option_group_name() == Some(key.id.as_str()));
            out.extend(mine.map(|key| live(key, &it)));
        }
        Ok(out)
    }

    // What is read after this has no options yet: those are the update's.
    async fn create(&self, aws: &Aws, new: &New) -> Result<Key> {
        let name = self.new_name(new);
        let call = aws.rds().create_option_group().option_group_name(&name);
        let call = call.engine_name(&**self.engine_name).major_engine_version(&**self.major_engine_version);
        let call = call.option_group_description(&**self.option_group_description);
        call.set_tags(tags(&new.tags)).send().await?;
        Ok(Key::new(&name, &self.option))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let (include, remove) = options::change(&self.option, &was.option);
        if include.is_empty() && remove.is_empty() {
            return Ok(());
        }
        let call = aws.rds().modify_option_group().option_group_name(&*was.id.0).apply_immediately(true);
        let call = call.set_options_to_include(Some(include).filter(|it| !it.is_empty()));
        call.set_options_to_remove(listed(&remove)).send().await?;
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        aws.rds().delete_option_group().option_group_name(&*self.id.0).send().await?;
        Ok(())
    }

    // CreateOptionGroup takes no client token, and RDS does not say when it made a group.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<Key>> {
        let name = self.new_name(new);
        let Some(it) = described(aws, std::slice::from_ref(&name)).await?.pop() else { return Ok(None) };
        let arn = it.option_group_arn.unwrap_or_default();
        let ours = tags_of(aws, &arn).await?.is_some_and(|it| is_ours(&it, &new.token));
        Ok(ours.then(|| Key::new(&name, &self.option)))
    }

    fn key_after(&self, will: &Self) -> Key {
        Key::new(&self.id, &will.option)
    }

    fn is_left(&self) -> bool {
        *self.skip_destroy
    }

    /// AWS tells passwords as stars.
    fn as_kept(mut self, kept: &Self) -> Self {
        for it in &mut self.option.0 {
            if let Some(kept) = kept.option.iter().find(|one| one.option_name == it.option_name) {
                it.unhide(kept);
            }
        }
        self
    }

    fn adjust(plan: &mut Adjust) {
        plan.at_most_one(&["name", "name_prefix"]);
    }

    async fn blockers(&self, aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        Ok(match is_in_use::<Self>(op, error) {
            true => blockers::with_option_group(aws, &self.id).await,
            false => Blockers::default(),
        })
    }
}

impl OptionGroup {
    fn new_name(&self, new: &New) -> String {
        new.name(self.name.as_deref(), self.name_prefix.as_deref())
    }
}

async fn described(aws: &Aws, names: &[String]) -> Result<Vec<sdk::OptionGroup>> {
    let call = || aws.rds().describe_option_groups();
    let mut pages = call().into_paginator().send();
    picked(
        names,
        async |name| {
            let answer = call().option_group_name(name).send().await?;
            Ok(answer.option_groups_list.unwrap_or_default())
        },
        async || Ok(pages.try_next().await?),
        |page| page.option_groups_list.unwrap_or_default(),
        |it| it.option_group_name.as_deref(),
    )
    .await
}

fn live(key: &Key, it: &sdk::OptionGroup) -> Live<OptionGroup> {
    let options = it.options().iter().map(|it| Choice::seen(it, &key.said));
    let attributes = OptionGroup {
        name: Chosen(Fixed(Some(key.id.clone()))),
        name_prefix: Chosen(Fixed(name_prefix(&key.id))),
        engine_name: seen(it.engine_name.clone()),
        major_engine_version: seen(it.major_engine_version.clone()),
        option_group_description: seen(it.option_group_description.clone()),
        option: options.collect(),
        skip_destroy: Local(false),
        timeouts: None,
        tags: None,
        tags_all: Chosen::default(),
        id: Computed(key.id.clone()),
        arn: seen(it.option_group_arn.clone()),
    };
    Live { key: key.clone(), attributes, tags: None, status: Status::Ready, unread: &[] }
}
