use std::collections::HashSet;
use std::time::Duration;

use aws_sdk_kms::types::AliasListEntry;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::KMS;
use crate::aws::{Aws, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// A name of a key, which can be given to another key later.
///
/// ```toml
/// [aws_kms_alias.data]
/// name = "alias/shop-data"
/// target_key_id = "${aws_kms_key.data.key_id}"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Alias {
    /// `alias/`, then letters, digits, `/`, `_` and `-`; else one is made up.
    #[schemars(length(max = 256), regex(pattern = r"^alias/[0-9A-Za-z/_-]+$"))]
    pub name: Chosen<Fixed<Option<String>>>,
    /// Make up a unique name that starts with this.
    #[schemars(length(max = 230), regex(pattern = r"^alias/[0-9A-Za-z/_-]+$"))]
    pub name_prefix: Chosen<Fixed<Option<String>>>,
    /// The key's id or ARN.
    pub target_key_id: String,
    /// The key's ARN.
    pub target_key_arn: Computed<String>,
    /// The name.
    pub id: Computed<String>,
    /// The name's ARN.
    pub arn: Computed<String>,
}

const PREFIX: &str = "alias/";
/// Names that AWS keeps for its own keys.
const RESERVED: &str = "alias/aws/";

impl Resource for Alias {
    const TYPE: &'static str = "aws_kms_alias";
    const IMPORT: &'static [&'static str] = &["alias/shop-data"];
    const TAGS: TagApi = TagApi::None;
    const READS: Reads = Reads::of(
        &[Cost::page("kms:ListAliases", 100)],
        "a page of the account's names holds 100, and there is no call for some of them",
    );
    const BATCH: usize = 10_000; // pages of one list
    const PATIENCE: Duration = Duration::from_secs(600);
    const PASSING: &'static [&'static [Passing]] = &[KMS];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, names: &[String]) -> Result<Vec<Live<Self>>> {
        Ok(named(aws, names).await?.into_iter().filter_map(live).collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let name = self.new_name(new);
        let call = aws.kms().create_alias().alias_name(&name);
        call.target_key_id(&self.target_key_id).send().await?;
        Ok(name)
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        if !is_same(&self.target_key_id, &was.target_key_id) {
            let call = aws.kms().update_alias().alias_name(was.key());
            call.target_key_id(&self.target_key_id).send().await?;
        }
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        aws.kms().delete_alias().alias_name(self.key()).send().await?;
        Ok(())
    }

    // A name stands once in an account and region.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let found = named(aws, &[self.new_name(new)]).await?;
        let ours = |it: &&AliasListEntry| new.may_have_made(it.creation_date.map(|it| it.secs()));
        Ok(found.iter().find(ours).and_then(|it| it.alias_name.clone()))
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        if is_same(&self.target_key_id, &kept.target_key_id) {
            self.target_key_id = kept.target_key_id.clone();
        }
        self
    }

    fn adjust(plan: &mut Adjust) {
        plan.at_most_one(&["name", "name_prefix"]);
        for name in ["name", "name_prefix"] {
            let text = plan.config(name).and_then(Value::as_str);
            if text.is_some_and(|it| it.starts_with(RESERVED)) {
                plan.error(name, format!("names that begin with `{RESERVED}` are AWS's own"));
            }
        }
        let Some((was, will)) = plan.change("target_key_id") else { return };
        match (was.as_str(), will.as_str()) {
            // Its id and its ARN are one key.
            (Some(was), Some(will)) if is_same(was, will) => plan.set("target_key_id", was.into()),
            _ => plan.set_unknown("target_key_arn"),
        }
    }
}

impl Alias {
    fn new_name(&self, new: &New) -> String {
        let prefix = self.name_prefix.as_deref().filter(|it| !it.is_empty()).unwrap_or(PREFIX);
        new.name(self.name.as_deref(), Some(prefix))
    }
}

/// Whether two ids or ARNs mean one key.
fn is_same(a: &str, b: &str) -> bool {
    let id = |it: &str| match it.starts_with("arn:") {
        true => it.split_once(":key/").map_or(it, |it| it.1).to_owned(),
        false => it.to_owned(),
    };
    a == b || a.starts_with("arn:") != b.starts_with("arn:") && id(a) == id(b)
}

/// Those of these that there are: page by page until all are found.
async fn named(aws: &Aws, names: &[String]) -> Result<Vec<AliasListEntry>> {
    let mut open: HashSet<&str> = names.iter().map(String::as_str).collect();
    let mut all = aws.kms().list_aliases().limit(100).into_paginator().items().send();
    let mut found = Vec::with_capacity(names.len());
    while !open.is_empty() {
        let Some(it) = all.try_next().await? else { break };
        if it.alias_name.as_deref().is_some_and(|it| open.remove(it)) {
            found.push(it);
        }
    }
    Ok(found)
}

/// A name that means no key is not one of ours.
fn live(it: AliasListEntry) -> Option<Live<Alias>> {
    let (name, arn, key) = (it.alias_name?, it.alias_arn?, it.target_key_id?);
    // The key lies where its name does.
    let home = arn.split(":alias/").next().unwrap_or_default();
    let attributes = Alias {
        name_prefix: Chosen(Fixed(name_prefix(&name).filter(|it| !it.is_empty()))),
        name: Chosen(Fixed(Some(name.clone()))),
        target_key_arn: Computed(format!("{home}:key/{key}")),
        target_key_id: key,
        id: Computed(name.clone()),
        arn: Computed(arn.clone()),
    };
    Some(Live { key: name, attributes, tags: None, status: Status::Ready, unread: &[] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_and_its_arn_are_one_key() {
        let arn = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd";
        assert!(is_same(arn, "1234abcd") && is_same("1234abcd", arn));
        assert!(!is_same(arn, "5678"));
        assert!(!is_same(arn, "arn:aws:kms:eu-west-3:123456789012:key/1234abcd"));
    }
}
