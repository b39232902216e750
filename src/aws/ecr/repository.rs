use std::collections::HashSet;

use aws_sdk_ecr::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ECR, blockers, tags};
use crate::aws::shape::{built, seen, sent};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::resource::*;

/// A place for container images.
///
/// ```toml
/// [aws_ecr_repository.web]
/// name = "shop/web"
/// image_tag_mutability = "IMMUTABLE"
/// image_scanning_configuration = { scan_on_push = true }
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Repository {
    /// Unique in the account and region; may hold folders, such as `shop/web`.
    pub name: Fixed<String>,
    /// `IMMUTABLE` where a tag, once pushed, is never to name another image.
    #[serde(default = "mutable")]
    #[schemars(extend("enum" = ["MUTABLE", "IMMUTABLE"]))]
    pub image_tag_mutability: String,
    /// Looking for known weaknesses.
    pub image_scanning_configuration: Usual<One<Scanning>>,
    /// How images are encrypted at rest.
    pub encryption_configuration: Usual<Fixed<Vec<Encryption>>>,
    /// Remove the repository even where it holds images.
    pub force_delete: Local<Option<bool>>,
    pub timeouts: Option<TimeoutsDelete>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The repository's name.
    pub id: Computed<String>,
    /// The repository's ARN.
    pub arn: Computed<String>,
    /// The account that holds the repository.
    pub registry_id: Computed<String>,
    /// What stands before the tag where an image is pulled: `….dkr.ecr.eu-west-1.amazonaws.com/shop/web`.
    pub repository_url: Computed<String>,
}

/// When images are looked at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scanning {
    /// Scan every image when it is pushed.
    pub scan_on_push: bool,
}

/// Encryption of images at rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Encryption {
    /// `AES256`, `KMS` or `KMS_DSSE`.
    #[serde(default = "aes256")]
    #[schemars(extend("enum" = ["AES256", "KMS", "KMS_DSSE"]))]
    pub encryption_type: Fixed<String>,
    /// ARN of the KMS key; else AWS's own for ECR.
    pub kms_key: Chosen<Fixed<Option<String>>>,
}

fn mutable() -> String {
    "MUTABLE".into()
}

fn aes256() -> Fixed<String> {
    Fixed("AES256".into())
}

/// The most names of one call.
const NAMES: usize = 100;
/// The most repositories of one page of all.
const PAGE: i32 = 1000;

/// The repositories of these names.
async fn named(aws: &Aws, names: &[String]) -> Result<Vec<sdk::Repository>> {
    let calls = names.chunks(NAMES).map(async |some| {
        let call = aws.ecr().describe_repositories().set_repository_names(Some(some.to_vec()));
        match call.send().await.map_err(Error::from) {
            Ok(it) => Ok(it.repositories.unwrap_or_default()),
            Err(it) if it.is_missing() && some.len() == 1 => Ok(Vec::new()),
            // One that is gone spoils the whole answer, and the list of all tells which.
            Err(it) if it.is_missing() => among(aws, some).await,
            Err(it) => Err(it),
        }
    });
    Ok(futures::future::try_join_all(calls).await?.into_iter().flatten().collect())
}

/// More of them than one call may name: the first page of all holds most, or all, of them.
async fn listed(aws: &Aws, names: &[String]) -> Result<Vec<sdk::Repository>> {
    let mut open: HashSet<&str> = names.iter().map(String::as_str).collect();
    let page = aws.ecr().describe_repositories().max_results(PAGE).send().await?;
    let all = page.repositories.unwrap_or_default().into_iter();
    let mut found: Vec<_> =
        all.filter(|it| it.repository_name.as_deref().is_some_and(|it| open.remove(it))).collect();
    if page.next_token.is_some() {
        let open: Vec<String> = open.into_iter().map(str::to_owned).collect();
        found.extend(named(aws, &open).await?);
    }
    Ok(found)
}

impl Resource for Repository {
    const TYPE: &'static str = "aws_ecr_repository";
    const IMPORT: &'static [&'static str] = &["acme/web"];
    const TAGS: TagApi = TagApi::Ecr;
    const READS: Reads = Reads::of(
        &[Cost::page("ecr:DescribeRepositories", 1000)],
        "a call takes 100 names; for more of them, a page of all repositories holds 1,000",
    );
    const BATCH: usize = PAGE as usize;
    const DELETE_PATIENCE: std::time::Duration = std::time::Duration::from_secs(1200);
    const PASSING: &'static [&'static [Passing]] = &[ECR];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, names: &[String]) -> Result<Vec<Live<Self>>> {
        let found = match aws.exact() || names.len() <= NAMES {
            true => named(aws, names).await?,
            false => listed(aws, names).await?,
        };
        Ok(found.into_iter().map(Live::from).collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let call = aws.ecr().create_repository().repository_name(&**self.name);
        let call = call.image_tag_mutability(self.image_tag_mutability.as_str().into());
        let call = call.set_image_scanning_configuration(self.scanning());
        let call = call.set_encryption_configuration(self.encryption()?);
        let answer = call.set_tags(tags(&new.tags)?).send().await?;
        let name = answer.repository.and_then(|it| it.repository_name);
        name.ok_or(Error::Incomplete("the repository's name"))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let (name, registry) = (was.key(), stated(&was.registry_id));
        if self.image_tag_mutability != was.image_tag_mutability {
            let call = aws.ecr().put_image_tag_mutability().repository_name(&name);
            let call = call.set_registry_id(registry.clone());
            call.image_tag_mutability(self.image_tag_mutability.as_str().into()).send().await?;
        }
        if *self.image_scanning_configuration != *was.image_scanning_configuration {
            let call = aws.ecr().put_image_scanning_configuration().repository_name(&name);
            let wanted =
                self.scanning().unwrap_or_else(|| sdk::ImageScanningConfiguration::builder().build());
            call.set_registry_id(registry).image_scanning_configuration(wanted).send().await?;
        }
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let call = aws.ecr().delete_repository().repository_name(self.key());
        let call = call.set_registry_id(stated(&self.registry_id));
        call.set_force(self.force_delete.filter(|it| *it)).send().await?;
        Ok(())
    }

    // CreateRepository takes no client token, but a name stands once in an account and region.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let found = match aws.ecr().describe_repositories().repository_names(&*self.name).send().await {
            Ok(it) => it.repositories.unwrap_or_default().pop(),
            Err(error) => match Error::from(error) {
                it if it.is_missing() => None,
                it => return Err(it),
            },
        };
        let ours = found.filter(|it| new.may_have_made(it.created_at.map(|it| it.secs())));
        Ok(ours.and_then(|it| it.repository_name))
    }

    async fn blockers(&self, aws: &Aws, _op: Op, error: &Error) -> Result<Blockers> {
        Ok(match error.code() {
            Some("RepositoryNotEmptyException") => {
                blockers::of_repository(aws, &self.key(), stated(&self.registry_id)).await
            }
            _ => Blockers::default(),
        })
    }
}

/// Those of these names that exist, out of the list of all.
async fn among(aws: &Aws, names: &[String]) -> Result<Vec<sdk::Repository>> {
    let wanted: HashSet<&str> = names.iter().map(String::as_str).collect();
    let pages = aws.ecr().describe_repositories().max_results(1000).into_paginator();
    let mut all: Vec<_> = pages.items().send().try_collect().await?;
    all.retain(|it| it.repository_name.as_deref().is_some_and(|it| wanted.contains(it)));
    Ok(all)
}

fn stated(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

impl Repository {
    fn scanning(&self) -> Option<sdk::ImageScanningConfiguration> {
        let one = self.image_scanning_configuration.as_ref()?;
        Some(sdk::ImageScanningConfiguration::builder().scan_on_push(one.scan_on_push).build())
    }

    fn encryption(&self) -> Result<Option<sdk::EncryptionConfiguration>> {
        let Some(it) = self.encryption_configuration.first() else { return Ok(None) };
        let call = sdk::EncryptionConfiguration::builder().set_encryption_type(sent(&it.encryption_type));
        let key = it.kms_key.as_deref().and_then(stated);
        built(call.set_kms_key(key).build()).map(Some)
    }
}

impl From<sdk::Repository> for Live<Repository> {
    fn from(it: sdk::Repository) -> Self {
        let scanning = it.image_scanning_configuration;
        let encryption = it.encryption_configuration.into_iter().map(|it| Encryption {
            encryption_type: seen(Some(it.encryption_type)),
            kms_key: seen(it.kms_key),
        });
        Live {
            key: seen(it.repository_name.clone()),
            status: Status::Ready,
            tags: None,
            unread: &[],
            attributes: Repository {
                name: seen(it.repository_name.clone()),
                image_tag_mutability: seen(it.image_tag_mutability),
                image_scanning_configuration: Usual(One(
                    scanning.map(|it| Scanning { scan_on_push: it.scan_on_push })
                )),
                encryption_configuration: Usual(Fixed(encryption.collect())),
                force_delete: Local(None),
                timeouts: None,
                tags: None,
                tags_all: Chosen::default(),
                id: seen(it.repository_name),
                arn: seen(it.repository_arn),
                registry_id: seen(it.registry_id),
                repository_url: seen(it.repository_uri),
            },
        }
    }
}
