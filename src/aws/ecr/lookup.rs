use aws_sdk_ecr::types::ImageDetail;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// A place for container images that is there already.
///
/// ```toml
/// [data.aws_ecr_repository.web]
/// name = "shop/web"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Repository {
    /// Its name.
    pub name: String,
    /// The account that holds it; else one's own.
    pub registry_id: Chosen<Option<String>>,
    /// Its labels.
    pub tags: Chosen<Tags>,
    /// Its name.
    pub id: Computed<String>,
    /// The repository's ARN.
    pub arn: Computed<String>,
    /// How images are encrypted at rest.
    pub encryption_configuration: Computed<Vec<Encryption>>,
    /// When images are looked at.
    pub image_scanning_configuration: Computed<Vec<Scanning>>,
    /// `MUTABLE` or `IMMUTABLE`.
    pub image_tag_mutability: Computed<Option<String>>,
    /// Tags of the image that was pushed last.
    pub most_recent_image_tags: Computed<Vec<String>>,
    /// What stands before the tag where an image is pulled.
    pub repository_url: Computed<Option<String>>,
}

/// Encryption of images at rest.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Encryption {
    /// `AES256`, `KMS` or `KMS_DSSE`.
    pub encryption_type: Option<String>,
    /// ARN of the KMS key.
    pub kms_key: Option<String>,
}

/// Looking for known weaknesses.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scanning {
    /// Whether every image is looked at when it is pushed.
    pub scan_on_push: Option<bool>,
}

impl DataSource for Repository {
    const TYPE: &'static str = "aws_ecr_repository";
    const READS: Reads = Reads::of(
        &[
            Cost::each("ecr:DescribeRepositories"),
            Cost::each("ecr:DescribeImages"),
            Cost::each("ecr:ListTagsForResource"),
        ],
        "images and tags have calls of their own",
    );

    async fn read(self, aws: &Aws) -> Result<Self> {
        let call = aws.ecr().describe_repositories().repository_names(&self.name);
        let registry = self.registry_id.0.clone().filter(|it| !it.is_empty());
        let answer = call.set_registry_id(registry).send().await?;
        let found = answer.repositories.and_then(|it| it.into_iter().next());
        let it = found.ok_or(Error::Incomplete("the repository"))?;
        let arn: String = seen(it.repository_arn);
        let arns = std::slice::from_ref(&arn);
        let images = newest(aws, &self.name, it.registry_id.as_deref());
        let (images, tags) = futures::try_join!(images, super::list_tags(aws, arns))?;
        let encryption = it.encryption_configuration.map(|it| Encryption {
            encryption_type: Some(it.encryption_type.as_str().to_owned()),
            kms_key: Some(it.kms_key.unwrap_or_default()),
        });
        let scanning = it.image_scanning_configuration;
        let scanning = scanning.map(|it| Scanning { scan_on_push: Some(it.scan_on_push) });
        Ok(Repository {
            registry_id: Chosen(it.registry_id),
            tags: Chosen(tags.into_iter().next().flatten().unwrap_or_default()),
            id: self.name.clone().into(),
            arn: arn.into(),
            encryption_configuration: encryption.into_iter().collect::<Vec<_>>().into(),
            image_scanning_configuration: scanning.into_iter().collect::<Vec<_>>().into(),
            image_tag_mutability: seen(it.image_tag_mutability),
            most_recent_image_tags: images.into(),
            repository_url: it.repository_uri.into(),
            ..self
        })
    }
}

/// Tags of the image that was pushed last.
async fn newest(aws: &Aws, name: &str, registry: Option<&str>) -> Result<Vec<String>> {
    let call = aws.ecr().describe_images().repository_name(name).set_registry_id(registry.map(str::to_owned));
    let images: Vec<ImageDetail> = call.into_paginator().items().send().try_collect().await?;
    let newest = images.into_iter().rev().max_by_key(|it| it.image_pushed_at.map(|it| it.as_nanos()));
    Ok(newest.and_then(|it| it.image_tags).unwrap_or_default())
}
