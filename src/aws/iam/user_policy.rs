use std::collections::BTreeSet;
use std::time::Duration;

use aws_sdk_iam::types::UserDetail;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::details::listed;
use super::{IAM, document, each, gone, one_name, prefix_of, same_document, sent_document};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// A policy written into a user: it has no life of its own.
///
/// ```toml
/// [aws_iam_user_policy.send]
/// name = "send"
/// user = "${aws_iam_user.mailer.name}"
/// policy = '''${jsonencode({
///   Version = "2012-10-17"
///   Statement = [{ Effect = "Allow", Action = "ses:SendRawEmail", Resource = "*" }]
/// })}'''
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UserPolicy {
    /// Name of the user.
    pub user: Fixed<String>,
    /// The policy document.
    #[schemars(extend("x-policy" = true))]
    pub policy: Json,
    /// Unique in the user; else one is made up.
    pub name: Chosen<Fixed<Option<String>>>,
    /// Make up a unique name that starts with this.
    pub name_prefix: Chosen<Fixed<Option<String>>>,
    /// The names of user and policy: `user:policy`.
    pub id: Computed<String>,
}

/// A policy's place.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place {
    user: String,
    name: String,
}

impl Resource for UserPolicy {
    const TYPE: &'static str = "aws_iam_user_policy";
    const IMPORT: &'static [&'static str] = &["mailer:send"];
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads = Reads::of(
        &[
            Cost::each("iam:GetUserPolicy").to(3),
            Cost::page("iam:GetAccountAuthorizationDetails", 1000).from(4).same(),
        ],
        "a call tells one policy of a user; a page of the account holds 1,000 users with all of them",
    );
    const BATCH: usize = 10_000; // pages of the account's details, not a call's limit
    const PATIENCE: Duration = Duration::from_secs(120);
    const PASSING: &'static [&'static [Passing]] = &[IAM];
    const MAY_LAG: bool = true;
    type Key = Place;

    fn key(&self) -> Place {
        Place { user: self.user.0.clone(), name: self.name.as_deref().unwrap_or_default().to_owned() }
    }

    fn import(id: &str) -> Result<Place> {
        match id.split_once(':') {
            Some((user, name)) if !user.is_empty() && !name.is_empty() => {
                Ok(Place { user: user.to_owned(), name: name.to_owned() })
            }
            _ => Err(Error::Invalid("say the user's name and the policy's: `user:policy`".to_owned())),
        }
    }

    async fn read(aws: &Aws, keys: &[Place]) -> Result<Vec<Live<Self>>> {
        let users = keys.iter().map(|it| it.user.as_str()).collect::<BTreeSet<_>>();
        let users = users.into_iter().collect::<Vec<_>>();
        let details = listed::<UserDetail>(aws, &users, keys.len()).await?;
        let mut live = Vec::with_capacity(keys.len());
        for key in keys {
            let Some(user) = details.get(&key.user) else { continue };
            let policy = user.user_policy_list().iter().find(|it| it.policy_name() == Some(&key.name));
            let text = policy.and_then(|it| it.policy_document());
            live.extend(text.map(|it| key.live(document(it))));
        }
        let alone = keys.iter().filter(|it| details.leaves_open(&it.user)).collect::<Vec<_>>();
        let ask = async |key: &&Place| {
            let call = aws.iam().get_user_policy().user_name(&key.user).policy_name(&key.name);
            Ok(key.live(document(&call.send().await?.policy_document)))
        };
        live.extend(each(&alone, ask).await?);
        Ok(live)
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<Place> {
        let name = new.name(self.name.as_deref(), self.name_prefix.as_deref());
        let place = Place { user: self.user.0.clone(), name };
        place.put(aws, &self.policy).await?;
        Ok(place)
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        if same_document(&self.policy, &was.policy) {
            return Ok(());
        }
        was.key().put(aws, &self.policy).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let Place { user, name } = self.key();
        let answer = aws.iam().delete_user_policy().user_name(user).policy_name(name).send().await;
        gone(answer.map_err(Error::from))
    }

    fn adjust(plan: &mut Adjust) {
        one_name(plan);
    }

    // Repeating PutUserPolicy is harmless.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<Place>> {
        Ok(None)
    }
}

impl Place {
    async fn put(&self, aws: &Aws, policy: &Json) -> Result<()> {
        let call = aws.iam().put_user_policy().user_name(&self.user).policy_name(&self.name);
        call.policy_document(sent_document(policy)).send().await?;
        Ok(())
    }

    fn live(&self, policy: Json) -> Live<UserPolicy> {
        let attributes = UserPolicy {
            user: Fixed(self.user.clone()),
            policy,
            name: Chosen(Fixed(Some(self.name.clone()))),
            name_prefix: Chosen(Fixed(prefix_of(&self.name))),
            id: Computed(format!("{}:{}", self.user, self.name)),
        };
        Live { key: self.clone(), attributes, tags: None, status: Status::Ready, unread: &[] }
    }
}

/// Names of the policies written into a user.
pub(super) async fn inline_names(aws: &Aws, user: &str) -> Result<Vec<String>> {
    Ok(aws.iam().list_user_policies().user_name(user).into_paginator().items().send().try_collect().await?)
}
