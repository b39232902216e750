use futures::stream::{self, StreamExt, TryStreamExt};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Document;

use super::{AT_ONCE, POLICIES, compact, there};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// Which images of a repository are removed, and when.
///
/// ```toml
/// [aws_ecr_lifecycle_policy.web]
/// repository = "${aws_ecr_repository.web.name}"
/// policy = '''${jsonencode({
///   rules = [{
///     rulePriority = 1
///     description = "keep ten"
///     selection = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 10 }
///     action = { type = "expire" }
///   }]
/// })}'''
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LifecyclePolicy {
    /// The repository's name.
    pub repository: Fixed<String>,
    /// The rules. Their order means nothing.
    pub policy: Fixed<Json>,
    /// The account that holds the repository.
    pub registry_id: Computed<String>,
    /// The repository's name.
    pub id: Computed<String>,
}

impl Resource for LifecyclePolicy {
    const TYPE: &'static str = "aws_ecr_lifecycle_policy";
    const IMPORT: &'static [&'static str] = &["acme/web"];
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads =
        Reads::of(&[Cost::each("ecr:GetLifecyclePolicy")], "a call tells of one repository's policy");
    const BATCH: usize = 10_000; // each is asked about by itself
    const PASSING: &'static [&'static [Passing]] = &[POLICIES];
    type Key = String;

    fn key(&self) -> String {
        self.repository.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, names: &[String]) -> Result<Vec<Live<Self>>> {
        let each = stream::iter(names).map(async |name| {
            let answer = aws.ecr().get_lifecycle_policy().repository_name(name).send().await;
            let found = there(answer.map_err(Error::from))?;
            Ok::<_, Error>(found.map(|it| Live {
                key: name.clone(),
                status: Status::Ready,
                tags: None,
                unread: &[],
                attributes: LifecyclePolicy {
                    repository: Fixed(name.clone()),
                    policy: seen(it.lifecycle_policy_text),
                    registry_id: seen(it.registry_id),
                    id: Computed(name.clone()),
                },
            }))
        });
        each.buffer_unordered(AT_ONCE).try_filter_map(async |it| Ok(it)).try_collect().await
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<String> {
        let call = aws.ecr().put_lifecycle_policy().repository_name(&**self.repository);
        call.lifecycle_policy_text(compact(&self.policy)).send().await?;
        Ok(self.key())
    }

    // Nothing about it changes in place.
    async fn update(&self, _aws: &Aws, _was: &Self) -> Result<()> {
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        aws.ecr().delete_lifecycle_policy().repository_name(self.key()).send().await?;
        Ok(())
    }

    // Put twice is put once.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<String>> {
        Ok(None)
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        if same(&self.policy, &kept.policy) {
            self.policy = kept.policy.clone();
        }
        self
    }

    fn adjust(plan: &mut Adjust) {
        let text = |it: &Value| it.as_str().map(str::to_owned);
        let alike = plan.change("policy").and_then(|(was, will)| {
            let (a, b) = (text(was)?, text(will)?);
            same(&a, &b).then(|| was.clone())
        });
        if let Some(was) = alike {
            plan.set("policy", was);
        }
    }
}

/// Whether two policies have the same rules: their order, and that of tags in them, means nothing.
fn same(a: &str, b: &str) -> bool {
    a == b || rules(a).is_some_and(|it| Some(it) == rules(b))
}

fn rules(text: &str) -> Option<Vec<Document>> {
    let document: Document = serde_json::from_str(text).ok()?;
    let mut rules = document.get("rules")?.as_array()?.clone();
    rules.sort_by_key(|it| it["rulePriority"].as_i64());
    for selection in rules.iter_mut().filter_map(|it| it.get_mut("selection")?.as_object_mut()) {
        for list in ["tagPatternList", "tagPrefixList"] {
            if let Some(all) = selection.get_mut(list).and_then(Document::as_array_mut) {
                all.sort_by_key(|it| it.as_str().unwrap_or_default().to_owned());
            }
        }
        selection.retain(|_, it| !it.as_array().is_some_and(Vec::is_empty));
    }
    Some(rules)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_rules_and_tags_means_nothing() {
        let one =
            r#"{"rules":[{"rulePriority":1,"selection":{"tagPrefixList":["a","b"]}},{"rulePriority":2}]}"#;
        let two = r#"{"rules":[{"rulePriority":2},{"rulePriority":1,"selection":{"tagPrefixList":["b","a"],"tagPatternList":[]}}]}"#;
        assert!(same(one, two));
        assert!(!same(one, r#"{"rules":[{"rulePriority":1}]}"#));
    }
}
