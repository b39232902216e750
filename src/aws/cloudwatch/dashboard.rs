use std::time::Duration;

use futures::stream::{self, StreamExt, TryStreamExt};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AT_ONCE, CLOUDWATCH};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::{Value, json};
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// A page of graphs and texts in CloudWatch.
///
/// ```toml
/// [aws_cloudwatch_dashboard.shop]
/// dashboard_name = "shop"
/// dashboard_body = '''${jsonencode({
///   widgets = [{
///     type = "metric"
///     x = 0, y = 0, width = 12, height = 6
///     properties = {
///       title = "Orders"
///       region = "eu-west-1"
///       metrics = [["AWS/SQS", "NumberOfMessagesSent", "QueueName", "orders"]]
///     }
///   }]
/// })}'''
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dashboard {
    /// Unique in the account: letters, digits, `-` and `_`.
    #[schemars(length(max = 255), regex(pattern = "^[0-9A-Za-z_-]+$"))]
    pub dashboard_name: Fixed<String>,
    /// What is on the page.
    pub dashboard_body: Json,
    /// The dashboard's name.
    pub id: Computed<String>,
    /// The dashboard's ARN.
    pub dashboard_arn: Computed<String>,
}

impl Resource for Dashboard {
    const TYPE: &'static str = "aws_cloudwatch_dashboard";
    const IMPORT: &'static [&'static str] = &["shop"];
    const TAGS: TagApi = TagApi::None;
    const READS: Reads =
        Reads::of(&[Cost::each("monitoring:GetDashboard")], "a call tells what is on one dashboard");
    const BATCH: usize = 10_000; // each is asked about by itself
    const PATIENCE: Duration = Duration::from_secs(120);
    const PASSING: &'static [&'static [Passing]] = &[CLOUDWATCH];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, names: &[String]) -> Result<Vec<Live<Self>>> {
        let asked = stream::iter(names).map(|name| async move {
            match aws.cloudwatch().get_dashboard().dashboard_name(name).send().await.map_err(Error::from) {
                Ok(it) => Ok(Some(live(name, it.dashboard_body, it.dashboard_arn))),
                Err(it) if it.is_missing() => Ok(None),
                Err(it) => Err(it),
            }
        });
        asked.buffer_unordered(AT_ONCE).try_filter_map(async |it| Ok(it)).try_collect().await
    }

    // Putting a dashboard again changes nothing.
    async fn create(&self, aws: &Aws, _new: &New) -> Result<String> {
        self.put(aws).await?;
        Ok(self.dashboard_name.0.clone())
    }

    async fn update(&self, aws: &Aws, _was: &Self) -> Result<()> {
        self.put(aws).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        aws.cloudwatch().delete_dashboards().dashboard_names(self.key()).send().await?;
        Ok(())
    }

    // A name stands once in an account.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let name = &self.dashboard_name.0;
        let pages = aws.cloudwatch().list_dashboards().dashboard_name_prefix(name).into_paginator();
        let found = pages.items().send().try_collect().await?;
        let mut mine = found.into_iter().filter(|it| it.dashboard_name.as_ref() == Some(name));
        let put = mine.next().and_then(|it| it.last_modified).map(|it| it.secs());
        Ok(new.may_have_made(put).then(|| name.clone()))
    }

    // The state holds the body without blanks, its keys sorted, as the provider does.
    fn adjust(plan: &mut Adjust) {
        let body = plan.will("dashboard_body").filter(|it| !it.is_unknown());
        let Some((text, marks)) = body.and_then(|it| Some((it.as_str()?.to_owned(), it.marks))) else {
            return;
        };
        let kept = plan.was.as_ref().and_then(|it| it.get("dashboard_body")).and_then(Value::as_str);
        if let Some(short) = json::normal(&text).filter(|_| kept != Some(&text)) {
            plan.set("dashboard_body", Value::from(short).marked(marks));
        }
    }
}

impl Dashboard {
    async fn put(&self, aws: &Aws) -> Result<()> {
        let call = aws.cloudwatch().put_dashboard().dashboard_name(&*self.dashboard_name);
        call.dashboard_body(&*self.dashboard_body).send().await?;
        Ok(())
    }
}

fn live(name: &str, body: Option<String>, arn: Option<String>) -> Live<Dashboard> {
    let attributes = Dashboard {
        dashboard_name: Fixed(name.to_owned()),
        dashboard_body: seen(body),
        id: Computed(name.to_owned()),
        dashboard_arn: seen(arn),
    };
    Live { key: name.to_owned(), attributes, tags: None, status: Status::Ready, unread: &[] }
}
