use aws_sdk_iam::types::{self as sdk, ManagedPolicyDetail};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::details::listed;
use super::tagging::{seen_tags, sent_tags};
use super::{IAM, blockers, document, each, if_there, one_name, prefix_of, same_document, sent_document};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// A policy with a name of its own, to be attached to roles, users and groups.
///
/// ```toml
/// [aws_iam_policy.read_tasks]
/// name = "read-tasks"
/// policy = '''${jsonencode({
///   Version = "2012-10-17"
///   Statement = [{ Effect = "Allow", Action = "sqs:ReceiveMessage", Resource = "*" }]
/// })}'''
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The policy document. AWS keeps the five latest; the oldest goes where a sixth is made.
    #[schemars(extend("x-policy" = true))]
    pub policy: Json,
    /// Unique in the account; else one is made up.
    #[schemars(length(max = 128), regex(pattern = r"^[0-9A-Za-z=,.@\-_+]*$"))]
    pub name: Chosen<Fixed<Option<String>>>,
    /// Make up a unique name that starts with this.
    #[schemars(length(max = 102), regex(pattern = r"^[0-9A-Za-z=,.@\-_+]*$"))]
    pub name_prefix: Chosen<Fixed<Option<String>>>,
    /// Folder in the policy's ARN, such as `/service/`.
    #[serde(default = "root")]
    #[schemars(length(max = 512))]
    pub path: Fixed<String>,
    /// What the policy is for.
    #[schemars(length(max = 1000))]
    pub description: Fixed<Option<String>>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The policy's ARN.
    pub id: Computed<String>,
    /// The policy's ARN.
    pub arn: Computed<String>,
    /// To how many roles, users and groups it is attached.
    pub attachment_count: Computed<i64>,
    /// Such as `ANPA…`: no other policy ever has it, not even one of the same name.
    pub policy_id: Computed<String>,
}

fn root() -> Fixed<String> {
    Fixed("/".into())
}

impl Resource for Policy {
    const TYPE: &'static str = "aws_iam_policy";
    const IMPORT: &'static [&'static str] = &["arn:aws:iam::123456789012:policy/read-orders"];
    const TAGS: TagApi = TagApi::IamPolicy;
    const READS: Reads = Reads::of(
        &[
            Cost::each("iam:GetPolicy").to(1),
            Cost::each("iam:GetPolicyVersion").to(1),
            Cost::page("iam:GetAccountAuthorizationDetails", 1000).from(2),
        ],
        "a page of the account holds 1,000 policies with their documents",
    );
    const BATCH: usize = 10_000; // pages of the account's details, not a call's limit
    const PATIENCE: std::time::Duration = std::time::Duration::from_secs(120);
    const PASSING: &'static [&'static [Passing]] = &[IAM];
    const MAY_LAG: bool = true;
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        if !id.starts_with("arn:") {
            return Err(Error::Invalid("a policy is imported by its ARN".to_owned()));
        }
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, arns: &[String]) -> Result<Vec<Live<Self>>> {
        let wanted = arns.iter().map(String::as_str).collect::<Vec<_>>();
        let details = listed::<ManagedPolicyDetail>(aws, &wanted, 2 * arns.len()).await?;
        let mut live = Vec::with_capacity(arns.len());
        let mut alone = Vec::new();
        for arn in arns {
            match details.get(arn).and_then(|it| from_details(it)) {
                Some(it) => live.push(it),
                None if details.get(arn).is_some() || details.leaves_open(arn) => alone.push(arn),
                None => {}
            }
        }
        live.extend(each(&alone, async |arn: &&String| ask(aws, arn).await).await?);
        Ok(live)
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let call = aws.iam().create_policy().path(&*self.path.0).policy_document(sent_document(&self.policy));
        let call = call.policy_name(new.name(self.name.as_deref(), self.name_prefix.as_deref()));
        let call = call.description(self.description.as_deref().unwrap_or_default());
        let answer = call.set_tags(sent_tags(&new.tags)?).send().await?;
        answer.policy.and_then(|it| it.arn).ok_or(Error::Incomplete("the policy's ARN"))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        if same_document(&self.policy, &was.policy) {
            return Ok(());
        }
        let arn = &was.key();
        make_room(aws, arn).await?;
        let call = aws.iam().create_policy_version().policy_arn(arn).set_as_default(true);
        call.policy_document(sent_document(&self.policy)).send().await?;
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let arn = &self.key();
        for version in versions(aws, arn).await?.iter().filter(|it| !it.is_default_version) {
            remove_version(aws, arn, version).await?;
        }
        aws.iam().delete_policy().policy_arn(arn).send().await?;
        Ok(())
    }

    // CreatePolicy takes no client token, but a name stands once in an account.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let name = new.name(self.name.as_deref(), self.name_prefix.as_deref());
        let account = &aws.account().await?.id;
        let arn = format!("arn:{}:iam::{account}:policy{}{name}", aws.partition(), self.path.0);
        let answer = aws.iam().get_policy().policy_arn(&arn).send().await;
        let policy = if_there(answer.map_err(Error::from))?.and_then(|it| it.policy);
        Ok(policy.filter(|it| new.may_have_made(it.create_date.map(|it| it.secs()))).map(|_| arn))
    }

    fn adjust(plan: &mut Adjust) {
        one_name(plan);
    }

    async fn blockers(&self, aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        Ok(if is_in_use::<Self>(op, error) {
            blockers::of_policy(aws, &self.key()).await
        } else {
            Blockers::default()
        })
    }
}

async fn versions(aws: &Aws, arn: &str) -> Result<Vec<sdk::PolicyVersion>> {
    let pages = aws.iam().list_policy_versions().policy_arn(arn).into_paginator().items().send();
    Ok(pages.try_collect().await?)
}

async fn remove_version(aws: &Aws, arn: &str, version: &sdk::PolicyVersion) -> Result<()> {
    let id = version.version_id.clone().unwrap_or_default();
    aws.iam().delete_policy_version().policy_arn(arn).version_id(id).send().await?;
    Ok(())
}

/// AWS holds five versions: the oldest one goes, but never the one in force.
async fn make_room(aws: &Aws, arn: &str) -> Result<()> {
    let versions = versions(aws, arn).await?;
    let idle = versions.iter().filter(|it| !it.is_default_version);
    match idle.min_by_key(|it| it.create_date.map(|it| it.as_nanos())) {
        Some(oldest) if versions.len() >= 5 => remove_version(aws, arn, oldest).await,
        _ => Ok(()),
    }
}

/// Asks about this policy alone.
async fn ask(aws: &Aws, arn: &str) -> Result<Live<Policy>> {
    let policy = aws.iam().get_policy().policy_arn(arn).send().await?.policy;
    let policy = policy.ok_or(Error::Incomplete("the policy"))?;
    let call = aws.iam().get_policy_version().policy_arn(arn);
    let version = call.version_id(policy.default_version_id.clone().unwrap_or_default()).send().await?;
    let text = version.policy_version.and_then(|it| it.document);
    let text = text.ok_or(Error::Incomplete("the policy's document"))?;
    let tags = Some(seen_tags(policy.tags.clone()));
    Ok(Live { tags, ..live(policy, &text) })
}

fn from_details(it: &ManagedPolicyDetail) -> Option<Live<Policy>> {
    let text = it.policy_version_list().iter().find(|it| it.is_default_version)?.document()?;
    let name = it.policy_name().or(it.arn()?.rsplit('/').next())?;
    let policy = sdk::Policy::builder()
        .policy_name(name)
        .set_policy_id(it.policy_id.clone())
        .set_arn(it.arn.clone())
        .set_path(it.path.clone())
        .set_attachment_count(it.attachment_count)
        .set_description(it.description.clone());
    let unread: &[&str] = if it.policy_id.is_some() { &[] } else { &["policy_id"] };
    Some(Live { unread, ..live(policy.build(), text) })
}

fn live(it: sdk::Policy, text: &str) -> Live<Policy> {
    Live {
        key: seen(it.arn.as_ref()),
        status: Status::Ready,
        tags: None,
        unread: &[],
        attributes: Policy {
            policy: document(text),
            name_prefix: Chosen(Fixed(it.policy_name.as_deref().and_then(prefix_of))),
            name: seen(it.policy_name),
            path: seen(it.path),
            description: Fixed(it.description.filter(|it| !it.is_empty())),
            tags: None,
            tags_all: Chosen::default(),
            id: seen(it.arn.as_ref()),
            arn: seen(it.arn),
            attachment_count: seen(it.attachment_count),
            policy_id: seen(it.policy_id),
        },
    }
}
