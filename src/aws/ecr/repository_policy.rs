use futures::stream::{self, StreamExt, TryStreamExt};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AT_ONCE, POLICIES, compact, there};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::resource::*;

/// Who may do what with a repository.
///
/// ```toml
/// [aws_ecr_repository_policy.web]
/// repository = "${aws_ecr_repository.web.name}"
/// policy = '''${jsonencode({
///   Version = "2012-10-17"
///   Statement = [{
///     Effect = "Allow"
///     Principal = { AWS = "arn:aws:iam::123456789012:root" }
///     Action = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
///   }]
/// })}'''
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RepositoryPolicy {
    /// The repository's name.
    pub repository: Fixed<String>,
    /// The policy document.
    pub policy: Json,
    /// The account that holds the repository.
    pub registry_id: Computed<String>,
    /// The repository's name.
    pub id: Computed<String>,
}

impl Resource for RepositoryPolicy {
    const TYPE: &'static str = "aws_ecr_repository_policy";
    const IMPORT: &'static [&'static str] = &["acme/web"];
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads =
        Reads::of(&[Cost::each("ecr:GetRepositoryPolicy")], "a call tells of one repository's policy");
    const BATCH: usize = 10_000; // each is asked about by itself
    const PASSING: &'static [&'static [Passing]] = &[
        POLICIES,
        // A role that it names was made a moment ago.
        &[Passing::unseen("InvalidParameterException").saying("Invalid repository policy provided")],
    ];
    type Key = String;

    fn key(&self) -> String {
        self.repository.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, names: &[String]) -> Result<Vec<Live<Self>>> {
        let each = stream::iter(names).map(async |name| {
            let answer = aws.ecr().get_repository_policy().repository_name(name).send().await;
            let found = there(answer.map_err(Error::from))?;
            Ok::<_, Error>(found.map(|it| Live {
                key: name.clone(),
                status: Status::Ready,
                tags: None,
                unread: &[],
                attributes: RepositoryPolicy {
                    repository: Fixed(name.clone()),
                    policy: seen(it.policy_text),
                    registry_id: seen(it.registry_id),
                    id: Computed(name.clone()),
                },
            }))
        });
        each.buffer_unordered(AT_ONCE).try_filter_map(async |it| Ok(it)).try_collect().await
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<String> {
        self.put(aws).await?;
        Ok(self.key())
    }

    async fn update(&self, aws: &Aws, _was: &Self) -> Result<()> {
        self.put(aws).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let registry = Some(self.registry_id.0.clone()).filter(|it| !it.is_empty());
        let call = aws.ecr().delete_repository_policy().repository_name(self.key());
        call.set_registry_id(registry).send().await?;
        Ok(())
    }

    // Put twice is put once.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<String>> {
        Ok(None)
    }
}

impl RepositoryPolicy {
    async fn put(&self, aws: &Aws) -> Result<()> {
        let call = aws.ecr().set_repository_policy().repository_name(&**self.repository);
        call.policy_text(compact(&self.policy)).send().await?;
        Ok(())
    }
}
