use std::collections::{BTreeSet, HashMap};

use aws_sdk_ec2::types as sdk;
use futures::future::try_join_all;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EC2, FILTER, among, change_tags};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::{Adjust, text};
use crate::resource::*;

/// One label of one of EC2's things, which is not in the stack itself: another account shares it, or another
/// service has made it.
///
/// Labels of what is in the stack belong into its `tags`: it would take this one for a change, and remove it.
///
/// ```toml
/// [aws_ec2_tag.name]
/// resource_id = "${aws_vpc.main.default_network_acl_id}"
/// key = "Name"
/// value = "nothing uses it"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tag {
    /// The thing that has it, by its id.
    pub resource_id: Fixed<String>,
    /// The label's name.
    pub key: Fixed<String>,
    /// What it says.
    pub value: String,
    /// `resource_id` and `key`, with a comma between them.
    pub id: Computed<String>,
}

/// A thing and a name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Key {
    pub resource: String,
    pub name: String,
}

impl Resource for Tag {
    const TYPE: &'static str = "aws_ec2_tag";
    const IMPORT: &'static [&'static str] = &["tgw-attach-1234567890abcdef,Name"];
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads = Reads::of(
        &[Cost::page("ec2:DescribeTags", FILTER - 1)],
        "a call takes 200 values of filters: 199 things where all tags have the same name",
    );
    const BATCH: usize = super::IDS;
    const PASSING: &'static [&'static [Passing]] = &[EC2];
    type Key = Key;

    fn key(&self) -> Key {
        Key { resource: self.resource_id.0.clone(), name: self.key.0.clone() }
    }

    fn import(id: &str) -> Result<Key> {
        match id.split_once(',') {
            Some((resource, name)) if !resource.is_empty() && !name.is_empty() => {
                Ok(Key { resource: resource.to_owned(), name: name.to_owned() })
            }
            _ => Err(Error::Invalid("say the thing's id and the tag's key".to_owned())),
        }
    }

    async fn read(aws: &Aws, keys: &[Key]) -> Result<Vec<Live<Self>>> {
        let known = described(aws, keys).await?.into_iter();
        let known = known.filter_map(|it| {
            let key = Key { resource: it.resource_id?, name: it.key? };
            Some((key, it.value.unwrap_or_default()))
        });
        let mut known: HashMap<Key, String> = known.collect();
        Ok(keys.iter().filter_map(|key| Some(live(key, known.remove(key)?))).collect())
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<Key> {
        change_tags(aws, &self.resource_id, &self.alone(), &Tags::new()).await?;
        Ok(self.key())
    }

    async fn update(&self, aws: &Aws, _was: &Self) -> Result<()> {
        change_tags(aws, &self.resource_id, &self.alone(), &Tags::new()).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        change_tags(aws, &self.resource_id, &Tags::new(), &self.alone()).await
    }

    // Setting a tag twice is setting it once.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<Key>> {
        Ok(None)
    }

    fn adjust(plan: &mut Adjust) {
        if text(plan.config("key")).starts_with("aws:") {
            plan.error("key", "keys that begin with `aws:` are AWS's own: nobody else can set them");
        }
    }
}

impl Tag {
    fn alone(&self) -> Tags {
        Tags::from([(self.key.0.clone(), self.value.clone())])
    }
}

/// The most names that a call is asked for, which leave room for as many things. With more it is asked
/// for all tags of the things.
const NAMES: usize = FILTER / 2;

/// What AWS knows of these tags, and of others with the names and things of some of them.
async fn described(aws: &Aws, keys: &[Key]) -> Result<Vec<sdk::TagDescription>> {
    let resources: BTreeSet<&String> = keys.iter().map(|it| &it.resource).collect();
    let resources: Vec<String> = resources.into_iter().cloned().collect();
    // A backslash means something to a filter. So do `*` and `?`, which only find more.
    let names: BTreeSet<String> = keys.iter().map(|it| it.name.replace('\\', r"\\")).collect();
    let names: Vec<String> = names.into_iter().filter(|it| !it.is_empty()).collect();
    let named = (1..=NAMES).contains(&names.len()).then(|| among("key", &names));
    let room = if named.is_some() { FILTER - names.len() } else { FILTER };
    let calls = resources.chunks(room).map(|some| {
        let filters = [among("resource-id", some)].into_iter().chain(named.clone());
        let call = aws.ec2().describe_tags().set_filters(Some(filters.collect()));
        call.into_paginator().items().send().try_collect()
    });
    Ok(try_join_all(calls).await?.into_iter().flatten().collect())
}

fn live(key: &Key, value: String) -> Live<Tag> {
    let attributes = Tag {
        resource_id: Fixed(key.resource.clone()),
        key: Fixed(key.name.clone()),
        value,
        id: Computed(format!("{},{}", key.resource, key.name)),
    };
    Live { key: key.clone(), attributes, tags: None, status: Status::Ready, unread: &[] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_id_is_thing_and_name() {
        let key = |id| Tag::import(id).ok().map(|it| (it.resource, it.name));
        let of = |resource: &str, name: &str| Some((resource.to_owned(), name.to_owned()));
        assert_eq!(key("vpc-1,Name"), of("vpc-1", "Name"));
        assert_eq!(key("vpc-1,a,b"), of("vpc-1", "a,b"));
        assert_eq!([key("vpc-1"), key("vpc-1,"), key(",Name")], [None, None, None]);
    }
}
