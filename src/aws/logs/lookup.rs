use std::collections::HashMap;

use aws_sdk_cloudwatchlogs::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::log_group::{MANY, groups};
use super::tags_of;
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// Log streams that share retention, encryption and access, and that are there already.
///
/// ```toml
/// [data.aws_cloudwatch_log_group.web]
/// name = "/shop/web"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LogGroup {
    /// Its name.
    pub name: String,
    /// Its labels.
    pub tags: Chosen<Tags>,
    /// The group's name.
    pub id: Computed<String>,
    /// The group's ARN, without `:*` at its end.
    pub arn: Computed<String>,
    /// When it was made, in thousandths of a second since 1970.
    pub creation_time: Computed<Option<i64>>,
    /// ARN of the KMS key that encrypts what is written.
    pub kms_key_id: Computed<Option<String>>,
    /// `STANDARD`, `INFREQUENT_ACCESS` or `DELIVERY`.
    pub log_group_class: Computed<Option<String>>,
    /// Days until an event is removed; 0 keeps them for ever.
    pub retention_in_days: Computed<Option<i64>>,
}

impl DataSource for LogGroup {
    const TYPE: &'static str = "aws_cloudwatch_log_group";
    const READS: Reads = Reads::of(
        &[Cost::page("logs:DescribeLogGroups", 50), Cost::each("logs:ListTagsForResource")],
        "a call takes 50 names; the labels of each group have one of their own",
    );
    const POOLED: bool = true;

    async fn read(self, aws: &Aws) -> Result<Self> {
        let missing = || Error::Invalid(format!("there is no log group `{}` in this region", self.name));
        let names = std::slice::from_ref(&self.name);
        let it = named(aws, names).await?.remove(&self.name).ok_or_else(missing)?;
        let arn = it.arn.unwrap_or_default();
        let arn = arn.strip_suffix(":*").unwrap_or(&arn);
        let tags = tags_of(aws, arn).await?;
        Ok(LogGroup {
            tags: Chosen(tags.unwrap_or_default()),
            id: self.name.clone().into(),
            arn: arn.to_owned().into(),
            creation_time: it.creation_time.into(),
            kms_key_id: it.kms_key_id.into(),
            log_group_class: seen(it.log_group_class),
            retention_in_days: seen(it.retention_in_days),
            ..self
        })
    }
}

/// The groups of these names that there are, asked for together by all who look one up.
async fn named(aws: &Aws, names: &[String]) -> Result<HashMap<String, sdk::LogGroup>> {
    match aws.exact() {
        true => described(aws, names.to_vec()).await,
        false => aws.together("log groups", names, async |all| described(aws, all).await).await,
    }
}

async fn described(aws: &Aws, names: Vec<String>) -> Result<HashMap<String, sdk::LogGroup>> {
    let calls = names.chunks(MANY).map(|some| groups(aws, some));
    let found = futures::future::try_join_all(calls).await?.into_iter().flatten();
    Ok(found.filter_map(|it| Some((it.log_group_name.clone()?, it))).collect())
}
