use aws_sdk_cloudwatchlogs::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::POLICIES;
use crate::aws::{Aws, Result, TagApi};
use crate::lang::{Value, json};
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// Which services of AWS may write to the log groups of this account and region.
///
/// ```toml
/// [aws_cloudwatch_log_resource_policy.route53]
/// policy_name = "route53"
/// policy_document = '''${jsonencode({
///   Version = "2012-10-17"
///   Statement = [{
///     Effect = "Allow"
///     Principal = { Service = "route53.amazonaws.com" }
///     Action = ["logs:CreateLogStream", "logs:PutLogEvents"]
///     Resource = "arn:aws:logs:*:*:log-group:/aws/route53/*"
///   }]
/// })}'''
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResourcePolicy {
    /// Unique in the account and region; ten policies at most.
    pub policy_name: Fixed<String>,
    /// The policy document; of up to 5,120 letters.
    #[schemars(length(min = 1, max = 5120))]
    pub policy_document: Json,
    /// The policy's name.
    pub id: Computed<String>,
}

impl Resource for ResourcePolicy {
    const TYPE: &'static str = "aws_cloudwatch_log_resource_policy";
    const IMPORT: &'static [&'static str] = &["route53"];
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads =
        Reads::of(&[Cost::once("logs:DescribeResourcePolicies")], "a call tells of all that a region has");
    const BATCH: usize = 10_000; // they are picked from all
    const PASSING: &'static [&'static [Passing]] = &[POLICIES];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, names: &[String]) -> Result<Vec<Live<Self>>> {
        let all = listed(aws).await?.into_iter();
        let pair = |it: sdk::ResourcePolicy| Some((it.policy_name?, it.policy_document?));
        let mine = all.filter_map(pair).filter(|it| names.contains(&it.0));
        Ok(mine.map(|(name, document)| live(name, &document)).collect())
    }

    // Putting a policy again changes nothing.
    async fn create(&self, aws: &Aws, _new: &New) -> Result<String> {
        self.put(aws).await?;
        Ok(self.policy_name.0.clone())
    }

    async fn update(&self, aws: &Aws, _was: &Self) -> Result<()> {
        self.put(aws).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        aws.logs().delete_resource_policy().policy_name(self.key()).send().await?;
        Ok(())
    }

    // Put twice is put once.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<String>> {
        Ok(None)
    }

    // The state holds the document without blanks, its keys sorted, as the provider does.
    fn adjust(plan: &mut Adjust) {
        let document = plan.will("policy_document").filter(|it| !it.is_unknown());
        let Some((text, marks)) = document.and_then(|it| Some((it.as_str()?.to_owned(), it.marks))) else {
            return;
        };
        let kept = plan.was.as_ref().and_then(|it| it.get("policy_document")).and_then(Value::as_str);
        if let Some(short) = json::normal(&text).filter(|_| kept != Some(&text)) {
            plan.set("policy_document", Value::from(short).marked(marks));
        }
    }
}

impl ResourcePolicy {
    async fn put(&self, aws: &Aws) -> Result<()> {
        let document = short(&self.policy_document);
        let call = aws.logs().put_resource_policy().policy_name(&**self.policy_name);
        call.policy_document(document).send().await?;
        Ok(())
    }
}

fn short(document: &str) -> String {
    json::normal(document).unwrap_or_else(|| document.to_owned())
}

fn live(name: String, document: &str) -> Live<ResourcePolicy> {
    let attributes = ResourcePolicy {
        policy_name: Fixed(name.clone()),
        policy_document: Json(short(document)),
        id: Computed(name.clone()),
    };
    Live { key: name, attributes, tags: None, status: Status::Ready, unread: &[] }
}

async fn listed(aws: &Aws) -> Result<Vec<sdk::ResourcePolicy>> {
    let (mut out, mut next) = (Vec::new(), None);
    loop {
        let page = aws.logs().describe_resource_policies().set_next_token(next).send().await?;
        out.extend(page.resource_policies.unwrap_or_default());
        next = page.next_token.filter(|it| !it.is_empty());
        if next.is_none() {
            return Ok(out);
        }
    }
}
