use aws_sdk_iam::types::Policy as SdkPolicy;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::iam::tagging::seen_tags;
use crate::aws::iam::{document, stated};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// A policy that is there already: one of AWS's own, or the account's.
///
/// ```toml
/// [data.aws_iam_policy.read_only]
/// arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Its ARN; or say `name`. An ARN costs one call less.
    pub arn: Chosen<Option<String>>,
    /// Its name; all policies are listed to find it.
    pub name: Chosen<Option<String>>,
    /// With a name: only policies whose path begins with this.
    pub path_prefix: Option<String>,
    /// Its labels.
    pub tags: Chosen<Tags>,
    /// Its ARN.
    pub id: Computed<String>,
    /// To how many roles, users and groups it is attached.
    pub attachment_count: Computed<Option<i64>>,
    /// What it is for.
    pub description: Computed<Option<String>>,
    /// Folder in its ARN.
    pub path: Computed<Option<String>>,
    /// The policy document.
    pub policy: Computed<String>,
    /// Such as `ANPA…`.
    pub policy_id: Computed<Option<String>>,
}

impl DataSource for Policy {
    const TYPE: &'static str = "aws_iam_policy";
    const READS: Reads = Reads::of(
        &[Cost::each("iam:GetPolicy"), Cost::each("iam:GetPolicyVersion")],
        "the document has a call of its own; a name without an ARN costs the list of all policies besides",
    );

    async fn read(self, aws: &Aws) -> Result<Self> {
        let arn = match stated(&self.arn) {
            Some(_) if stated(&self.name).is_some() || stated(&self.path_prefix).is_some() => {
                return Err(Error::Invalid("give either `arn`, or `name` and `path_prefix`".into()));
            }
            Some(arn) => arn.to_owned(),
            None => self.named(aws).await?,
        };
        let answer = aws.iam().get_policy().policy_arn(&arn).send().await?;
        let it = answer.policy.ok_or(Error::Incomplete("the policy"))?;
        let version: String = seen(it.default_version_id);
        let answer = aws.iam().get_policy_version().policy_arn(&arn).version_id(version).send().await?;
        let text = answer.policy_version.and_then(|it| it.document).unwrap_or_default();
        Ok(Policy {
            arn: Chosen(Some(arn.clone())),
            name: seen(it.policy_name),
            tags: Chosen(seen_tags(it.tags)),
            id: arn.into(),
            attachment_count: seen(it.attachment_count),
            description: it.description.into(),
            path: it.path.into(),
            policy: document(&text).0.into(),
            policy_id: it.policy_id.into(),
            ..self
        })
    }
}

impl Policy {
    async fn named(&self, aws: &Aws) -> Result<String> {
        let prefix = stated(&self.path_prefix).map(str::to_owned);
        let pages = aws.iam().list_policies().set_path_prefix(prefix).into_paginator().items().send();
        let mut found: Vec<SdkPolicy> = pages.try_collect().await?;
        found.retain(|it| stated(&self.name).is_none_or(|name| it.policy_name.as_deref() == Some(name)));
        match (found.pop().and_then(|it| it.arn), found.len()) {
            (None, _) => Err(Error::Invalid("no policy fits `name` and `path_prefix`".into())),
            (Some(arn), 0) => Ok(arn),
            (Some(_), more) => {
                let text = format!("{} policies fit and one is wanted: give its `arn`", more + 1);
                Err(Error::Invalid(text))
            }
        }
    }
}
