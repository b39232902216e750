use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

use aws_sdk_secretsmanager::operation::describe_secret::DescribeSecretOutput;
use aws_sdk_secretsmanager::types as sdk;
use futures::stream::{self, StreamExt, TryStreamExt};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{FOR_DAYS, SECRETS, blockers, is_deleted, tags, there};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// A secret's name and rules. What it holds is an `aws_secretsmanager_secret_version`.
///
/// ```toml
/// [aws_secretsmanager_secret.database]
/// name = "shop/database"
/// recovery_window_in_days = 7
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Secret {
    /// Its name. Else one is made up.
    #[schemars(length(max = 512), regex(pattern = r"^[0-9A-Za-z/_+=.@-]*$"))]
    pub name: Chosen<Fixed<Option<String>>>,
    /// Make up a unique name that starts with this.
    #[schemars(regex(pattern = r"^[0-9A-Za-z/_+=.@-]*$"))]
    pub name_prefix: Chosen<Fixed<Option<String>>>,
    /// What it is for.
    pub description: Option<String>,
    /// The KMS key that encrypts it: id, ARN or alias. Else AWS's own for Secrets Manager.
    pub kms_key_id: Option<String>,
    /// Who may do what with it. A refresh does not look at it.
    pub policy: Chosen<Option<Json>>,
    /// How long a deleted one can be restored: 7 to 30 days, or 0: not at all.
    #[serde(default = "a_month")]
    pub recovery_window_in_days: Local<i64>,
    /// Overwrite secrets of the same name in the regions it is copied to.
    #[serde(default)]
    pub force_overwrite_replica_secret: Local<bool>,
    /// Regions that hold a copy. A refresh does not look at them.
    pub replica: Chosen<Set<Replica>>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The secret's ARN.
    pub id: Computed<String>,
    /// The secret's ARN.
    pub arn: Computed<String>,
}

/// A copy in another region.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Replica {
    /// The region.
    pub region: String,
    /// The key there. Else AWS's own for Secrets Manager.
    pub kms_key_id: Chosen<Option<String>>,
    /// `InSync`, `InProgress` or `Failed`.
    pub status: Computed<String>,
    /// Why.
    pub status_message: Computed<String>,
    /// The day on which it was last read.
    pub last_accessed_date: Computed<String>,
}

fn a_month() -> Local<i64> {
    Local(30)
}

/// The key that Secrets Manager uses where none is named.
const OWN_KEY: &str = "alias/aws/secretsmanager";
/// The most values of one filter of ListSecrets.
const FILTER: usize = 10;

impl Resource for Secret {
    const TYPE: &'static str = "aws_secretsmanager_secret";
    const IMPORT: &'static [&'static str] =
        &["arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop-x8Fv2a"];
    const TAGS: TagApi = TagApi::Secrets;
    const READS: Reads = Reads::of(
        &[
            Cost::each("secretsmanager:DescribeSecret").to(1),
            Cost::page("secretsmanager:ListSecrets", 100).from(11),
            Cost::page("secretsmanager:ListSecrets", 10).from(2).to(10),
        ],
        "a list has 100 a page, with tags",
    );
    const BATCH: usize = 10_000; // pages of one list
    const MAY_LAG: bool = true;
    const PATIENCE: Duration = Duration::from_secs(120);
    const PASSING: &'static [&'static [Passing]] = &[SECRETS];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        match id.starts_with("arn:") {
            true => Ok(id.to_owned()),
            false => Err(Error::Invalid("a secret is imported by its ARN".to_owned())),
        }
    }

    async fn read(aws: &Aws, arns: &[String]) -> Result<Vec<Live<Self>>> {
        if aws.exact() || arns.len() == 1 {
            return each(aws, arns).await;
        }
        Ok(all(aws, arns).await?.into_iter().map(listed).collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let call = aws.secrets().create_secret().name(self.new_name(new)).client_request_token(&new.token);
        let call = call.description(self.description.as_deref().unwrap_or_default());
        let call = call.set_kms_key_id(self.kms_key_id.clone().filter(|it| !it.is_empty()));
        let call = call.set_tags(tags(&new.tags)).set_add_replica_regions(regions(&self.replica.0.0));
        let overwrite = self.force_overwrite_replica_secret.0.then_some(true);
        let answer = call.set_force_overwrite_replica_secret(overwrite).send().await.map_err(Error::from);
        let answer = match answer {
            Err(error) if is_deleted(&error) => return Err(self.taken(aws, new, error).await),
            answer => answer?,
        };
        answer.arn.ok_or(Error::Incomplete("the secret's ARN"))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let arn = was.key();
        self.update_replicas(aws, &arn, was).await?;
        let text = |it: &Option<String>| it.clone().unwrap_or_default();
        if text(&self.description) != text(&was.description)
            || text(&self.kms_key_id) != text(&was.kms_key_id)
        {
            let call = aws.secrets().update_secret().secret_id(&arn).description(text(&self.description));
            call.set_kms_key_id(self.kms_key_id.clone().filter(|it| !it.is_empty())).send().await?;
        }
        let policy = |it: &Self| it.policy.as_ref().map(|it| it.0.clone()).filter(|it| !is_nothing(it));
        match (policy(self), policy(was)) {
            (now, before) if now == before => {}
            (Some(now), _) => {
                aws.secrets().put_resource_policy().secret_id(&arn).resource_policy(now).send().await?;
            }
            (None, _) => {
                aws.secrets().delete_resource_policy().secret_id(&arn).send().await?;
            }
        }
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let arn = self.key();
        let copies: Vec<String> = self.replica.iter().map(|it| it.region.clone()).collect();
        if !copies.is_empty() {
            let call = aws.secrets().remove_regions_from_replication().secret_id(&arn);
            call.set_remove_replica_regions(Some(copies)).send().await?;
        }
        let call = aws.secrets().delete_secret().secret_id(&arn);
        let call = match self.recovery_window_in_days.0 {
            0 => call.force_delete_without_recovery(true),
            days => call.recovery_window_in_days(days),
        };
        there(call.send().await.map_err(Error::from)).map(drop)
    }

    // A name stands once in an account and region.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let answer = aws.secrets().describe_secret().secret_id(self.new_name(new)).send().await;
        let ours = |it: &DescribeSecretOutput| {
            it.deleted_date.is_none() && new.may_have_made(it.created_date.map(|it| it.secs()))
        };
        let found = there(answer.map_err(Error::from))?.filter(ours);
        Ok(found.and_then(|it| it.arn))
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        // Of its own key AWS says nothing.
        if self.kms_key_id.is_none() && kept.kms_key_id.as_deref() == Some(OWN_KEY) {
            self.kms_key_id = kept.kms_key_id.clone();
        }
        self
    }

    fn adjust(plan: &mut Adjust) {
        plan.at_most_one(&["name", "name_prefix"]);
        let days = plan.config("recovery_window_in_days").and_then(|it| it.to_json().as_i64());
        if days.is_some_and(|it| it != 0 && !(7..=30).contains(&it)) {
            plan.error("recovery_window_in_days", "it is 0, or 7 to 30 days");
        }
    }

    async fn blockers(&self, aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        let name = self.name.as_deref().filter(|_| op == Op::Create && is_deleted(error));
        Ok(match name {
            Some(name) => blockers::of_name(aws, name).await,
            None => Blockers::default(),
        })
    }
}

/// An empty document is no policy.
fn is_nothing(policy: &str) -> bool {
    policy.trim().is_empty() || policy.trim() == "{}"
}

fn regions(all: &[Replica]) -> Option<Vec<sdk::ReplicaRegionType>> {
    let each = all.iter().map(|it| {
        let key = it.kms_key_id.0.clone().filter(|it| !it.is_empty());
        sdk::ReplicaRegionType::builder().region(&it.region).set_kms_key_id(key).build()
    });
    Some(each.collect()).filter(|it: &Vec<_>| !it.is_empty())
}

impl Secret {
    /// The refusal for a name that is taken: one that does not pass where that is for days.
    async fn taken(&self, aws: &Aws, new: &New, error: Error) -> Error {
        match (blockers::deleted(aws, &self.new_name(new)).await, error) {
            (Ok(Some(deleted)), Error::Refused { code, message, request })
                if blockers::for_days(&deleted) =>
            {
                let message = format!("{}, and {FOR_DAYS}", message.trim_end_matches('.'));
                Error::Refused { code, message, request }
            }
            (_, error) => error,
        }
    }

    fn new_name(&self, new: &New) -> String {
        new.name(self.name.as_deref(), self.name_prefix.as_deref())
    }

    async fn update_replicas(&self, aws: &Aws, arn: &str, was: &Self) -> Result<()> {
        let key = |it: &Replica| (it.region.clone(), it.kms_key_id.0.clone().unwrap_or_default());
        let (now, before) = (self.replica.iter(), was.replica.iter());
        let (now, before): (BTreeSet<_>, BTreeSet<_>) = (now.map(key).collect(), before.map(key).collect());
        let gone: Vec<String> = before.difference(&now).map(|it| it.0.clone()).collect();
        let new: Vec<Replica> =
            self.replica.iter().filter(|it| !before.contains(&key(it))).cloned().collect();
        if !gone.is_empty() {
            let call = aws.secrets().remove_regions_from_replication().secret_id(arn);
            call.set_remove_replica_regions(Some(gone)).send().await?;
        }
        if let Some(regions) = regions(&new) {
            let call = aws.secrets().replicate_secret_to_regions().secret_id(arn);
            let overwrite = self.force_overwrite_replica_secret.0;
            call.set_add_replica_regions(Some(regions))
                .force_overwrite_replica_secret(overwrite)
                .send()
                .await?;
        }
        Ok(())
    }
}

/// Each by itself, with its policy.
async fn each(aws: &Aws, arns: &[String]) -> Result<Vec<Live<Secret>>> {
    let asked = stream::iter(arns).map(|arn| async move {
        let answer = aws.secrets().describe_secret().secret_id(arn).send().await.map_err(Error::from);
        let Some(it) = there(answer)?.filter(|it| it.deleted_date.is_none()) else { return Ok(None) };
        if !aws.exact() {
            let live = described(it, None);
            return Ok(Some(Live { unread: &["policy"], ..live }));
        }
        let policy = aws.secrets().get_resource_policy().secret_id(arn).send().await.map_err(Error::from);
        let policy = there(policy)?.and_then(|it| it.resource_policy);
        Ok::<_, Error>(Some(described(it, policy)))
    });
    asked.buffer_unordered(FILTER).try_filter_map(async |it| Ok(it)).try_collect().await
}

/// Those of these that there are, out of lists by name: a filter is the start of a name.
/// The secrets with these ARNs: page by page as long as that takes no more calls than naming them, which
/// comes after it.
async fn all(aws: &Aws, arns: &[String]) -> Result<Vec<sdk::SecretListEntry>> {
    let mut open: HashSet<String> = arns.iter().cloned().collect();
    let (mut found, mut next) = (Vec::new(), None);
    for _ in 0..arns.len() / FILTER {
        let page = aws.secrets().list_secrets().max_results(100).set_next_token(next).send().await?;
        for it in page.secret_list.unwrap_or_default() {
            if it.deleted_date.is_none() && it.arn.as_ref().is_some_and(|it| open.remove(it)) {
                found.push(it);
            }
        }
        next = page.next_token.filter(|it| !it.is_empty());
        if open.is_empty() || next.is_none() {
            return Ok(found);
        }
    }
    let open: Vec<String> = open.into_iter().collect();
    let lists = open.chunks(FILTER).map(|some| list(aws, some));
    found.extend(futures::future::try_join_all(lists).await?.into_iter().flatten());
    Ok(found)
}

async fn list(aws: &Aws, arns: &[String]) -> Result<Vec<sdk::SecretListEntry>> {
    let names = arns.iter().map(|it| name_in(it).to_owned()).collect();
    let filter = sdk::Filter::builder().key(sdk::FilterNameStringType::Name).set_values(Some(names)).build();
    let pages = aws.secrets().list_secrets().filters(filter).max_results(100).into_paginator();
    let pages: Vec<_> = pages.send().try_collect().await?;
    let mut all: Vec<_> = pages.into_iter().flat_map(|it| it.secret_list.unwrap_or_default()).collect();
    all.retain(|it| it.deleted_date.is_none() && it.arn.as_ref().is_some_and(|it| arns.contains(it)));
    Ok(all)
}

/// `shop/database` of `arn:…:secret:shop/database-x8Fv2a`.
fn name_in(arn: &str) -> &str {
    let tail = arn.rsplit(':').next().unwrap_or_default();
    tail.rsplit_once('-').map_or(tail, |it| it.0)
}

fn filled(text: Option<String>) -> Option<String> {
    text.filter(|it| !it.is_empty())
}

fn known(tags: Option<Vec<sdk::Tag>>) -> Option<Tags> {
    let each = tags.unwrap_or_default().into_iter();
    Some(each.filter_map(|it| Some((it.key?, it.value.unwrap_or_default()))).collect())
}

fn listed(it: sdk::SecretListEntry) -> Live<Secret> {
    let mut live = live(it.arn, it.name, it.description, it.kms_key_id, it.tags);
    live.unread = &["policy", "replica"];
    live
}

fn described(it: DescribeSecretOutput, policy: Option<String>) -> Live<Secret> {
    let replicas = it.replication_status.unwrap_or_default().into_iter().map(|it| Replica {
        region: seen(it.region),
        kms_key_id: Chosen(filled(it.kms_key_id)),
        status: seen(it.status),
        status_message: seen(it.status_message),
        last_accessed_date: Computed(it.last_accessed_date.map(|it| it.to_string()).unwrap_or_default()),
    });
    let replica = replicas.collect();
    let mut live = live(it.arn, it.name, it.description, it.kms_key_id, it.tags);
    live.attributes.replica = Chosen(replica);
    live.attributes.policy = Chosen(Some(Json(policy.filter(|it| !is_nothing(it)).unwrap_or_default())));
    live
}

fn live(
    arn: Option<String>,
    name: Option<String>,
    description: Option<String>,
    key: Option<String>,
    tags: Option<Vec<sdk::Tag>>,
) -> Live<Secret> {
    let arn = arn.unwrap_or_default();
    let prefix = name.as_deref().and_then(name_prefix).filter(|it| !it.is_empty());
    let attributes = Secret {
        name: Chosen(Fixed(name)),
        name_prefix: Chosen(Fixed(prefix)),
        description: filled(description),
        kms_key_id: filled(key),
        policy: Chosen(None),
        recovery_window_in_days: a_month(),
        force_overwrite_replica_secret: Local(false),
        replica: Chosen::default(),
        tags: None,
        tags_all: Chosen::default(),
        id: Computed(arn.clone()),
        arn: Computed(arn.clone()),
    };
    Live { key: arn, attributes, tags: known(tags), status: Status::Ready, unread: &[] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_in_the_arn() {
        assert_eq!(name_in("arn:aws:secretsmanager:eu-west-1:1:secret:shop/a-b-x8Fv2a"), "shop/a-b");
    }
}
