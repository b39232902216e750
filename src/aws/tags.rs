//! Tags: which calls set and read them for which types, written once.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::{Aws, Error, Result};
use crate::resource::Tags;

/// The tag that a new thing carries until its apply is over, where nothing else tells whose it is: its
/// value is the token of the create.
pub const MARK: &str = "infra:token";

/// Whose calls set, remove and read a type's tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagApi {
    /// The type has no tags.
    None,
    /// `CreateTags` and `DeleteTags`, by id. Describe calls return tags.
    Ec2,
    /// `TagRole` and `UntagRole`, by name.
    IamRole,
    /// `TagPolicy` and `UntagPolicy`, by ARN.
    IamPolicy,
    /// DynamoDB's `TagResource` and `UntagResource`, by ARN. Its own answers carry no tags.
    Dynamodb,
    /// `PutBucketTagging`, by name: all tags at once. Its own answers carry no tags.
    S3,
    /// CloudWatch Logs' `TagResource` and `UntagResource`, by ARN. Its own answers carry no tags.
    Logs,
    /// ECR's `TagResource` and `UntagResource`, by ARN. Its own answers carry no tags.
    Ecr,
    /// `TagQueue` and `UntagQueue`, by URL. Its own answers carry no tags.
    Sqs,
    /// `AddTagsToResource` and `RemoveTagsFromResource` of Systems Manager, by name. Its own answers carry no
    /// tags.
    Ssm,
    /// Secrets Manager's `TagResource` and `UntagResource`, by ARN. Its answers carry tags.
    Secrets,
}

/// Sets and removes tags of the thing with these attributes.
pub async fn change(aws: &Aws, api: TagApi, attributes: &Json, set: &Tags, unset: &[String]) -> Result<()> {
    let text = |name: &str| attributes.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
    match api {
        TagApi::None => Ok(()),
        TagApi::Ec2 => {
            let was = attributes.get("tags_all");
            let value =
                |key: &String| was.and_then(|it| it.get(key)).and_then(Json::as_str).unwrap_or_default();
            let unset = unset.iter().map(|it| (it.clone(), value(it).to_owned())).collect();
            super::ec2::change_tags(aws, &text("id"), set, &unset).await
        }
        TagApi::IamRole => super::iam::change_role_tags(aws, &text("name"), set, unset).await,
        TagApi::IamPolicy => super::iam::change_policy_tags(aws, &text("arn"), set, unset).await,
        TagApi::Dynamodb => super::dynamodb::change_tags(aws, attributes, set, unset).await,
        TagApi::S3 => super::s3::bucket::change_tags(aws, &text("id"), set, unset).await,
        TagApi::Logs => super::logs::change_tags(aws, &text("arn"), set, unset).await,
        TagApi::Ecr => super::ecr::change_tags(aws, &text("arn"), set, unset).await,
        TagApi::Sqs => super::sqs::change_tags(aws, &text("url"), set, unset).await,
        TagApi::Ssm => super::ssm::change_tags(aws, &text("id"), set, unset).await,
        TagApi::Secrets => super::secrets::change_tags(aws, &text("id"), set, unset).await,
    }
}

/// The tags of many things of one type, for answers that do not carry them; in the order given,
/// `None` where one is gone.
pub async fn read(aws: &Aws, api: TagApi, all: &[&Json]) -> Result<Vec<Option<Tags>>> {
    match api {
        // Their own answers carry tags.
        TagApi::None | TagApi::Ec2 | TagApi::IamRole | TagApi::Secrets => {
            Ok(all.iter().map(|_| Some(Tags::new())).collect())
        }
        TagApi::IamPolicy => super::iam::policy_tags(aws, all).await,
        TagApi::Dynamodb => {
            let arns = arns(all);
            match by_arn(aws, &arns).await? {
                Some(tags) => Ok(tags),
                None => super::dynamodb::list_tags(aws, &arns).await,
            }
        }
        TagApi::S3 => match by_arn(aws, &arns(all)).await? {
            Some(tags) => Ok(tags),
            None => {
                let name = |it: &&Json| it.get("id").and_then(Json::as_str).unwrap_or_default().to_owned();
                super::s3::bucket::list_tags(aws, &all.iter().map(name).collect::<Vec<_>>()).await
            }
        },
        TagApi::Logs => {
            let arns = arns(all);
            match by_arn(aws, &arns).await? {
                Some(tags) => Ok(tags),
                None => super::logs::list_tags(aws, &arns).await,
            }
        }
        TagApi::Ecr => {
            let arns = arns(all);
            match by_arn(aws, &arns).await? {
                Some(tags) => Ok(tags),
                None => super::ecr::list_tags(aws, &arns).await,
            }
        }
        TagApi::Sqs => match by_arn(aws, &arns(all)).await? {
            Some(tags) => Ok(tags),
            None => super::sqs::list_tags(aws, all).await,
        },
        TagApi::Ssm => match by_arn(aws, &arns(all)).await? {
            Some(tags) => Ok(tags),
            None => super::ssm::list_tags(aws, all).await,
        },
    }
}

/// The ARN of each.
pub fn arns(all: &[&Json]) -> Vec<String> {
    all.iter().map(|it| it.get("arn").and_then(Json::as_str).unwrap_or_default().to_owned()).collect()
}

/// The tags of the things with these ARNs, 100 a call, from the Resource Groups Tagging API: what it
/// leaves out has no tags. `None` where the service itself has to be asked: the answer may lag
/// behind, so not in an exact read, and not everybody may use it.
pub async fn by_arn(aws: &Aws, arns: &[String]) -> Result<Option<Vec<Option<Tags>>>> {
    if aws.exact() {
        return Ok(None);
    }
    let asked = arns.chunks(100).map(|some| async move {
        let call = aws.tagging().get_resources().set_resource_arn_list(Some(some.to_vec()));
        call.send().await.map_err(Error::from)
    });
    let pages = match futures::future::try_join_all(asked).await {
        Ok(it) => it,
        Err(Error::Unreached(why)) => return Err(Error::Unreached(why)),
        Err(_) => return Ok(None),
    };
    let found = pages.into_iter().flat_map(|it| it.resource_tag_mapping_list.unwrap_or_default());
    let mut known: HashMap<String, Tags> = HashMap::new();
    for it in found {
        let tags = it.tags.unwrap_or_default().into_iter().map(|it| (it.key, it.value));
        known.entry(it.resource_arn.unwrap_or_default()).or_default().extend(tags);
    }
    Ok(Some(arns.iter().map(|it| Some(known.remove(it).unwrap_or_default())).collect()))
}
