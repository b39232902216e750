use std::collections::HashMap;

use aws_sdk_ssm::operation::put_parameter::builders::PutParameterFluentBuilder;
use aws_sdk_ssm::types as sdk;
use futures::future::try_join_all;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{SSM, tags};
use crate::aws::shape::{built, seen};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// A value that programs look up by name: a setting, or a secret.
///
/// ```toml
/// [aws_ssm_parameter.log_level]
/// name = "/shop/log-level"
/// type = "String"
/// value = "info"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Its name, which may be a path such as `/shop/log-level`.
    #[schemars(length(min = 1, max = 2048))]
    pub name: Fixed<String>,
    /// `String`, `StringList` (parts with commas between) or `SecureString` (encrypted).
    #[schemars(extend("enum" = ["String", "StringList", "SecureString"]))]
    pub r#type: String,
    /// The value. Never printed; kept in the state.
    pub value: Secret<Chosen<Option<String>>>,
    /// The value, printed like any other. Not for a `SecureString`.
    pub insecure_value: Chosen<Option<String>>,
    /// The value, kept nowhere but at AWS. May be ephemeral.
    pub value_wo: Secret<WriteOnly<Option<String>>>,
    /// Sends `value_wo` whenever it changes: count it up.
    pub value_wo_version: Local<Option<i64>>,
    /// What it is for.
    #[schemars(length(max = 1024))]
    pub description: Option<String>,
    /// A regular expression that values must match.
    #[schemars(length(max = 1024))]
    pub allowed_pattern: Option<String>,
    /// `Standard` (4 KB, free), `Advanced` (8 KB) or `Intelligent-Tiering`. From Advanced back to Standard
    /// is a replacement.
    #[schemars(extend("enum" = ["Standard", "Advanced", "Intelligent-Tiering"]))]
    pub tier: Chosen<Option<String>>,
    /// What the value is: `text`, `aws:ec2:image` or `aws:ssm:integration`.
    #[schemars(extend("enum" = ["aws:ec2:image", "aws:ssm:integration", "text"]))]
    pub data_type: Chosen<Fixed<Option<String>>>,
    /// The KMS key that encrypts a `SecureString`: id, ARN or alias.
    pub key_id: Chosen<Option<String>>,
    /// Whether one of this name that is there already may be overwritten. By default a create may not,
    /// and an update may.
    pub overwrite: Local<Option<bool>>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The parameter's name.
    pub id: Computed<String>,
    /// The parameter's ARN.
    pub arn: Chosen<Option<String>>,
    /// Counts the writes.
    pub version: Computed<i64>,
    /// Whether the value came from `value_wo`.
    pub has_value_wo: Computed<Option<bool>>,
}

/// The most names of one GetParameters, and of one DescribeParameters.
const VALUES: usize = 10;
const FILTER: usize = 50;

impl Resource for Parameter {
    const TYPE: &'static str = "aws_ssm_parameter";
    const IMPORT: &'static [&'static str] = &["/shop/log-level"];
    const UNWRITTEN: &'static [&'static str] = &["arn"];
    const TAGS: TagApi = TagApi::Ssm;
    const PASSING: &'static [&'static [Passing]] = &[SSM];
    const READS: Reads = Reads::of(
        &[Cost::page("ssm:GetParameters", 10), Cost::page("ssm:DescribeParameters", 50)],
        "a call tells 10 values, another what else is said of 50 parameters",
    );
    const BATCH: usize = 500;
    type Key = String;

    fn key(&self) -> String {
        if self.id.is_empty() { self.name.0.clone() } else { self.id.0.clone() }
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, names: &[String]) -> Result<Vec<Live<Self>>> {
        let values = try_join_all(names.chunks(VALUES).map(|some| values(aws, some)));
        let about = try_join_all(names.chunks(FILTER).map(|some| about(aws, some)));
        let (values, about) = futures::future::try_join(values, about).await?;
        let mut about: HashMap<String, sdk::ParameterMetadata> =
            about.into_iter().flatten().filter_map(|it| Some((it.name.clone()?, it))).collect();
        // What is listed a moment later is not there yet.
        let both = |it: sdk::Parameter| {
            let more = about.remove(it.name.as_deref()?)?;
            Some(live(it, more))
        };
        Ok(values.into_iter().flatten().filter_map(both).collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let overwrite = self.overwrite.unwrap_or(false);
        let call = self.put(aws, overwrite).set_data_type(self.data_type.0.0.clone());
        let call = call.set_description(said(&self.description)).set_key_id(self.key());
        let call = call.set_tier(self.tier.as_deref().filter(|it| !it.is_empty()).map(Into::into));
        // A call that may overwrite takes no tags: they follow.
        let call = if overwrite { call } else { call.set_tags(tags(&new.tags)?) };
        call.send().await?;
        Ok(self.name.0.clone())
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let mut call = self.put(aws, self.overwrite.unwrap_or(true));
        if self.description.as_deref().unwrap_or_default() != was.description.as_deref().unwrap_or_default() {
            call = call.description(self.description.as_deref().unwrap_or_default());
        }
        if self.key_id != was.key_id {
            call = call.set_key_id(self.key());
        }
        call.set_tier(self.tier.as_deref().filter(|it| !it.is_empty()).map(Into::into)).send().await?;
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        aws.ssm().delete_parameter().name(Resource::key(self)).send().await?;
        Ok(())
    }

    // A name stands once in an account and region.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        if self.overwrite.unwrap_or(false) {
            // What is there is taken over in any case, as the stack says.
            return Ok(None);
        }
        let answer = aws.ssm().get_parameter_history().name(&*self.name).send().await.map_err(Error::from);
        let versions = match answer {
            Ok(it) => it.parameters.unwrap_or_default(),
            Err(it) if it.is_missing() => return Ok(None),
            Err(it) => return Err(it),
        };
        // The first version is what a create makes.
        let first = versions.into_iter().find(|it| it.version == 1);
        let ours = first.filter(|it| new.may_have_made(it.last_modified_date.map(|it| it.secs())));
        Ok(ours.and_then(|it| it.name))
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        if kept.value_wo_version.is_some() {
            self.value = Secret(Chosen(Some(String::new())));
            self.has_value_wo = Computed(Some(true));
        } else if kept.insecure_value.as_deref().is_some_and(|it| !it.is_empty())
            && self.r#type != "SecureString"
        {
            self.insecure_value = Chosen(self.value.0.0.take());
        }
        // AWS settles on one of the others.
        if kept.tier.as_deref() == Some("Intelligent-Tiering") {
            self.tier = kept.tier.clone();
        }
        self
    }

    fn adjust(plan: &mut Adjust) {
        plan.exactly_one(&["value", "insecure_value", "value_wo"]);
        plan.needs("value_wo", "value_wo_version");
        plan.needs("value_wo_version", "value_wo");
        settle(plan);
    }
}

/// What follows from changes, as the provider has it.
fn settle(plan: &mut Adjust) {
    let text = |it: Option<&crate::lang::Value>| it.and_then(|it| it.as_str()).map(str::to_owned);
    let changes = |plan: &Adjust, name: &str| plan.change(name).is_some();
    let Some(was) = plan.was.clone() else { return };
    let (old, new) = (text(was.get("tier")), text(plan.will("tier")));
    if old.as_deref() == Some("Advanced") && new.as_deref() == Some("Standard") {
        plan.require_replace("tier");
    }
    if let Some(tier) =
        was.get("tier").filter(|_| old.is_some() && new.as_deref() == Some("Intelligent-Tiering"))
    {
        plan.set("tier", tier.clone());
    }
    if changes(plan, "value") {
        plan.set_unknown("version");
        if plan.config("insecure_value").is_none() {
            plan.set_unknown("insecure_value");
        }
    }
    if changes(plan, "insecure_value") && plan.config("value").is_none() {
        plan.set_unknown("value");
    }
    if changes(plan, "value_wo_version") {
        plan.set_unknown("has_value_wo");
    }
}

impl Parameter {
    fn put(&self, aws: &Aws, overwrite: bool) -> PutParameterFluentBuilder {
        let given = self.value_wo.as_deref().or(self.value.as_deref().filter(|it| !it.is_empty()));
        let value = given.or(self.insecure_value.as_deref()).unwrap_or_default();
        let call = aws.ssm().put_parameter().name(&*self.name.0).value(value).overwrite(overwrite);
        let call = call.r#type(self.r#type.as_str().into());
        call.allowed_pattern(self.allowed_pattern.as_deref().unwrap_or_default())
    }

    fn key(&self) -> Option<String> {
        let key = self.key_id.0.clone().filter(|it| !it.is_empty());
        key.filter(|_| self.r#type == "SecureString")
    }
}

fn said(text: &Option<String>) -> Option<String> {
    text.clone().filter(|it| !it.is_empty())
}

async fn values(aws: &Aws, names: &[String]) -> Result<Vec<sdk::Parameter>> {
    let call = aws.ssm().get_parameters().set_names(Some(names.to_vec())).with_decryption(true);
    Ok(call.send().await?.parameters.unwrap_or_default())
}

async fn about(aws: &Aws, names: &[String]) -> Result<Vec<sdk::ParameterMetadata>> {
    let filter = sdk::ParameterStringFilter::builder().key("Name").option("Equals");
    let filter = built(filter.set_values(Some(names.to_vec())).build())?;
    let pages = aws.ssm().describe_parameters().parameter_filters(filter).max_results(50).into_paginator();
    let (mut pages, mut out) = (pages.send(), Vec::new());
    while let Some(page) = pages.try_next().await? {
        out.extend(page.parameters.unwrap_or_default());
        // A token may follow the last of them, and lead to an empty page.
        if out.len() >= names.len() {
            break;
        }
    }
    Ok(out)
}

fn live(it: sdk::Parameter, about: sdk::ParameterMetadata) -> Live<Parameter> {
    let name: String = seen(it.name);
    let filled = |it: Option<String>| it.filter(|it| !it.is_empty());
    let attributes = Parameter {
        name: Fixed(name.clone()),
        r#type: seen(it.r#type),
        value: Secret(Chosen(it.value)),
        insecure_value: Chosen(None),
        value_wo: Secret(WriteOnly(None)),
        value_wo_version: Local(None),
        description: filled(about.description),
        allowed_pattern: filled(about.allowed_pattern),
        tier: seen(about.tier),
        data_type: seen(it.data_type),
        key_id: Chosen(filled(about.key_id)),
        overwrite: Local(None),
        tags: None,
        tags_all: Chosen::default(),
        id: Computed(name.clone()),
        arn: Chosen(it.arn),
        version: Computed(it.version),
        has_value_wo: Computed(None),
    };
    Live { key: name, attributes, tags: None, status: Status::Ready, unread: &[] }
}
