//! Tags: which calls set and read them for which types, written once.

use std::collections::{BTreeMap, HashMap};

use aws_config::Region;
use aws_sdk_route53::types::TagResourceType as RouteTags;
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
    /// `AddTagsToCertificate` and `RemoveTagsFromCertificate`, by ARN. Its own answers carry no tags.
    Acm,
    /// `CreateTags` and `DeleteTags`, by id. Describe calls return tags.
    Ec2,
    /// The same for key pairs, whose `id` is a name, by `key_pair_id`.
    KeyPair,
    /// The same for placement groups, whose `id` is a name, by `placement_group_id`.
    PlacementGroup,
    /// `TagInstanceProfile` and `UntagInstanceProfile`, by name. A list of them carries no tags.
    IamInstanceProfile,
    /// `TagRole` and `UntagRole`, by name.
    IamRole,
    /// `TagUser` and `UntagUser`, by name. Its answers carry tags.
    IamUser,
    /// `TagPolicy` and `UntagPolicy`, by ARN.
    IamPolicy,
    /// `TagOpenIDConnectProvider` and `UntagOpenIDConnectProvider`, by ARN. Its answers carry tags.
    IamOpenIdConnectProvider,
    /// DynamoDB's `TagResource` and `UntagResource`, by ARN. Its own answers carry no tags.
    Dynamodb,
    /// `PutBucketTagging`, by name: all tags at once. Its own answers carry no tags.
    S3,
    /// CloudWatch Logs' `TagResource` and `UntagResource`, by ARN. Its own answers carry no tags.
    Logs,
    /// ECR's `TagResource` and `UntagResource`, by ARN. Its own answers carry no tags.
    Ecr,
    /// EKS's `TagResource` and `UntagResource`, by ARN. Its answers carry tags.
    Eks,
    /// `TagQueue` and `UntagQueue`, by URL. Its own answers carry no tags.
    Sqs,
    /// `ChangeTagsForResource` of Route 53, by a zone's id. Its own answers carry no tags.
    Route53Zone,
    /// The same, by a health check's id.
    Route53HealthCheck,
    /// `AddTagsToResource` and `RemoveTagsFromResource` of Systems Manager, by name. Its own answers carry no
    /// tags.
    Ssm,
    /// CloudFront's `TagResource` and `UntagResource`, by ARN. Its own answers carry no tags.
    Cloudfront,
    /// `PutObjectTagging`, by bucket and key: all tags at once. Its own answers carry tags.
    S3Object,
    /// Secrets Manager's `TagResource` and `UntagResource`, by ARN. Its answers carry tags.
    Secrets,
    /// RDS's `AddTagsToResource` and `RemoveTagsFromResource`, by ARN. Its answers carry tags.
    Rds,
    /// The same for RDS's groups: the answers about those carry no tags.
    RdsGroup,
    /// ElastiCache's `AddTagsToResource` and `RemoveTagsFromResource`, by ARN. Its own answers carry no tags.
    Elasticache,
    /// `AddTags` and `RemoveTags` of load balancing, by ARN. Its types read tags by `DescribeTags`.
    Elbv2,
    /// KMS's `TagResource` and `UntagResource`, by the key's id. Its own answers carry no tags.
    Kms,
    /// SNS's `TagResource` and `UntagResource`, by ARN. Its own answers carry no tags.
    Sns,
    /// CloudWatch's `TagResource` and `UntagResource`, by ARN. Its own answers carry no tags.
    Cloudwatch,
    /// ECS's `TagResource` and `UntagResource`, by ARN. Its answers carry tags.
    Ecs,
    /// Application Auto Scaling's `TagResource` and `UntagResource`, by ARN. Its own answers carry no tags.
    Appautoscaling,
    /// Cloud Map's `TagResource` and `UntagResource`, by ARN. Its own answers carry no tags.
    ServiceDiscovery,
}

/// Sets and removes tags of the thing with these attributes.
pub async fn change(aws: &Aws, api: TagApi, attributes: &Json, set: &Tags, unset: &[String]) -> Result<()> {
    let text = |name: &str| attributes.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
    match api {
        TagApi::None => Ok(()),
        TagApi::Acm => super::acm::change_tags(aws, &text("id"), set, unset).await,
        TagApi::Ec2 | TagApi::KeyPair | TagApi::PlacementGroup => {
            let was = attributes.get("tags_all");
            let value =
                |key: &String| was.and_then(|it| it.get(key)).and_then(Json::as_str).unwrap_or_default();
            let unset = unset.iter().map(|it| (it.clone(), value(it).to_owned())).collect();
            let id = match api {
                TagApi::KeyPair => "key_pair_id",
                TagApi::PlacementGroup => "placement_group_id",
                _ => "id",
            };
            super::ec2::change_tags(aws, &text(id), set, &unset).await
        }
        TagApi::IamInstanceProfile => super::iam::change_profile_tags(aws, &text("id"), set, unset).await,
        TagApi::IamRole => super::iam::change_role_tags(aws, &text("name"), set, unset).await,
        TagApi::IamUser => super::iam::change_user_tags(aws, &text("id"), set, unset).await,
        TagApi::IamPolicy => super::iam::change_policy_tags(aws, &text("arn"), set, unset).await,
        TagApi::IamOpenIdConnectProvider => {
            super::iam::change_openid_tags(aws, &text("arn"), set, unset).await
        }
        TagApi::Eks => super::eks::change_tags(aws, attributes, set, unset).await,
        TagApi::Dynamodb => super::dynamodb::change_tags(aws, attributes, set, unset).await,
        TagApi::S3 => super::s3::bucket::change_tags(aws, &text("id"), set, unset).await,
        TagApi::Logs => super::logs::change_tags(aws, &text("arn"), set, unset).await,
        TagApi::Ecr => super::ecr::change_tags(aws, &text("arn"), set, unset).await,
        TagApi::Route53Zone => {
            super::route53::change_tags(aws, RouteTags::Hostedzone, &text("id"), set, unset).await
        }
        TagApi::Route53HealthCheck => {
            super::route53::change_tags(aws, RouteTags::Healthcheck, &text("id"), set, unset).await
        }
        TagApi::Sqs => super::sqs::change_tags(aws, &text("url"), set, unset).await,
        TagApi::Ssm => super::ssm::change_tags(aws, &text("id"), set, unset).await,
        TagApi::Cloudfront => super::cloudfront::change_tags(aws, &text("arn"), set, unset).await,
        TagApi::S3Object => super::s3::object::change_tags(aws, attributes, set, unset).await,
        TagApi::Secrets => super::secrets::change_tags(aws, &text("id"), set, unset).await,
        TagApi::Rds | TagApi::RdsGroup => super::rds::change_tags(aws, &text("arn"), set, unset).await,
        TagApi::Elasticache => super::elasticache::change_tags(aws, &text("arn"), set, unset).await,
        TagApi::Elbv2 => super::elbv2::change_tags(aws, &text("arn"), set, unset).await,
        TagApi::Kms => super::kms::change_tags(aws, &text("id"), set, unset).await,
        TagApi::Sns => super::sns::change_tags(aws, &text("arn"), set, unset).await,
        TagApi::Cloudwatch => super::cloudwatch::change_tags(aws, &text("arn"), set, unset).await,
        TagApi::Ecs => {
            let arn = Some(text("arn")).filter(|it| !it.is_empty()).unwrap_or_else(|| text("id"));
            super::ecs::change_tags(aws, &arn, set, unset).await
        }
        TagApi::Appautoscaling => super::appautoscaling::change_tags(aws, &text("arn"), set, unset).await,
        TagApi::ServiceDiscovery => super::servicediscovery::change_tags(aws, &text("arn"), set, unset).await,
    }
}

/// Takes [`MARK`] off the things with these ids.
pub async fn unmark(aws: &Aws, api: TagApi, ids: &[String]) -> Result<()> {
    match api {
        TagApi::Elbv2 => super::elbv2::unmark(aws, ids).await,
        TagApi::Kms => super::kms::unmark(aws, ids).await,
        TagApi::Sns => super::sns::unmark(aws, ids).await,
        TagApi::Ecs => super::ecs::unmark(aws, ids).await,
        TagApi::Rds | TagApi::RdsGroup => super::rds::unmark(aws, ids).await,
        TagApi::Elasticache => super::elasticache::unmark(aws, ids).await,
        TagApi::PlacementGroup => super::ec2::placement_group::unmark(aws, ids).await,
        _ => super::ec2::unmark(aws, ids).await,
    }
}

/// Whose own answers carry tags, or who have none.
const TOLD: &[TagApi] = &[
    TagApi::None,
    TagApi::Ec2,
    TagApi::Ecs,
    TagApi::Eks,
    TagApi::Elbv2,
    TagApi::IamOpenIdConnectProvider,
    TagApi::IamRole,
    TagApi::IamUser,
    TagApi::KeyPair,
    TagApi::PlacementGroup,
    TagApi::Rds,
    TagApi::S3Object,
    TagApi::Secrets,
];

impl TagApi {
    /// Whether [`unmark`] goes by the ARN in the state, where the key is another one.
    pub fn is_by_arn(self) -> bool {
        matches!(self, TagApi::Rds | TagApi::RdsGroup | TagApi::Elasticache | TagApi::PlacementGroup)
    }

    /// Whether an update may change the ARN or the name that tags go by: then they are sent before it.
    pub fn is_renamed(self) -> bool {
        matches!(self, TagApi::Rds | TagApi::IamUser)
    }

    /// Whether the type's own answers carry no tags, and [`known`] may have them.
    pub fn shared(self) -> bool {
        !TOLD.contains(&self)
    }
}

/// The tags of many things of one type, for answers that do not carry them; in the order given,
/// `None` where one is gone.
pub async fn read(aws: &Aws, api: TagApi, all: &[&Json]) -> Result<Vec<Option<Tags>>> {
    if !api.shared() {
        // Their own answers carry tags.
        return Ok(all.iter().map(|_| Some(Tags::new())).collect());
    }
    let arns = arns(all);
    let known = match aws.exact() {
        true => HashMap::new(),
        false => known(aws, &arns).await?,
    };
    let open: Vec<usize> = (0..all.len()).filter(|at| !known.contains_key(&arns[*at])).collect();
    let mut out: Vec<Option<Tags>> = arns.iter().map(|it| known.get(it).cloned()).collect();
    let each = open.iter().map(|at| all[*at]).collect::<Vec<_>>();
    for (at, tags) in open.into_iter().zip(of_each(aws, api, &each).await?) {
        out[at] = tags;
    }
    Ok(out)
}

/// The tags of each, asked of the service itself.
async fn of_each(aws: &Aws, api: TagApi, all: &[&Json]) -> Result<Vec<Option<Tags>>> {
    if all.is_empty() {
        return Ok(Vec::new());
    }
    match api {
        TagApi::IamInstanceProfile => {
            let name = |it: &&Json| it.get("id").and_then(Json::as_str).unwrap_or_default().to_owned();
            super::iam::profile_tags(aws, &all.iter().map(name).collect::<Vec<_>>()).await
        }
        TagApi::Cloudfront => super::cloudfront::list_tags(aws, &arns(all)).await,
        TagApi::Acm => super::acm::list_tags(aws, &arns(all)).await,
        TagApi::IamPolicy => super::iam::policy_tags(aws, &arns(all)).await,
        TagApi::Dynamodb => super::dynamodb::list_tags(aws, &arns(all)).await,
        TagApi::S3 => {
            let name = |it: &&Json| it.get("id").and_then(Json::as_str).unwrap_or_default().to_owned();
            super::s3::bucket::list_tags(aws, &all.iter().map(name).collect::<Vec<_>>()).await
        }
        TagApi::Logs => super::logs::list_tags(aws, &arns(all)).await,
        TagApi::Ecr => super::ecr::list_tags(aws, &arns(all)).await,
        TagApi::Route53Zone => super::route53::list_tags(aws, RouteTags::Hostedzone, all).await,
        TagApi::Route53HealthCheck => super::route53::list_tags(aws, RouteTags::Healthcheck, all).await,
        TagApi::Sqs => super::sqs::list_tags(aws, all).await,
        TagApi::Ssm => super::ssm::list_tags(aws, all).await,
        TagApi::Rds | TagApi::RdsGroup => super::rds::list_tags(aws, &arns(all)).await,
        TagApi::Elasticache => super::elasticache::list_tags(aws, &arns(all)).await,
        TagApi::Kms => super::kms::list_tags(aws, &arns(all)).await,
        TagApi::Sns => super::sns::list_tags(aws, &arns(all)).await,
        TagApi::Cloudwatch => super::cloudwatch::list_tags(aws, &arns(all)).await,
        TagApi::Appautoscaling => super::appautoscaling::list_tags(aws, &arns(all)).await,
        TagApi::ServiceDiscovery => super::servicediscovery::list_tags(aws, &arns(all)).await,
        // Whoever is told with the thing itself is not asked.
        _ => Ok(vec![None; all.len()]),
    }
}

/// The ARN of each.
pub fn arns(all: &[&Json]) -> Vec<String> {
    all.iter().map(|it| it.get("arn").and_then(Json::as_str).unwrap_or_default().to_owned()).collect()
}

/// The most ARNs of one call.
const ARNS: usize = 100;

/// The tags of the things with these ARNs, of whatever types, from the Resource Groups Tagging API: what
/// that does not list has none. The answer may lag behind. What is absent from it has to be asked of the
/// service itself: not everybody may ask for the tags of all services, and not all can be asked for.
pub async fn known(aws: &Aws, arns: &[String]) -> Result<HashMap<String, Tags>> {
    let arns: Vec<String> = arns.iter().filter(|it| it.starts_with("arn:")).cloned().collect();
    if arns.is_empty() {
        return Ok(HashMap::new());
    }
    aws.together("tags", &arns, async |all| listed(aws, all).await).await
}

/// Services whose things belong to no region.
const GLOBAL: &[&str] = &["cloudfront", "iam", "route53"];

async fn listed(aws: &Aws, arns: Vec<String>) -> Result<HashMap<String, Tags>> {
    // What belongs to no region is known in one only.
    let (global, regional): (Vec<_>, Vec<_>) = arns.into_iter().partition(|it| GLOBAL.contains(&service(it)));
    let home = super::iam::home(aws);
    let calls = (global.chunks(ARNS).map(|some| (some, Some(&home))))
        .chain(regional.chunks(ARNS).map(|some| (some, None)));
    let pages = calls.map(|(some, region)| page(aws, some, region));
    Ok(futures::future::try_join_all(pages).await?.into_iter().flatten().collect())
}

/// `sqs` of `arn:aws:sqs:eu-west-1:123456789012:orders`.
fn service(arn: &str) -> &str {
    arn.split(':').nth(2).unwrap_or_default()
}

/// One call's worth. Where one service spoils it for the others, each is asked about by itself.
async fn page(aws: &Aws, arns: &[String], region: Option<&Region>) -> Result<HashMap<String, Tags>> {
    let refusal = match resources(aws, arns, region).await {
        Err(Error::Unreached(why)) => return Err(Error::Unreached(why)),
        Err(refusal) => refusal,
        answer => return answer,
    };
    let mut services: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    arns.iter().for_each(|it| services.entry(service(it)).or_default().push(it.clone()));
    tracing::debug!(%refusal, "tags are asked of each service by itself");
    if services.len() == 1 || refusal.code().is_some_and(|it| it.contains("AccessDenied")) {
        return Ok(HashMap::new());
    }
    let each = services.values().map(|some| resources(aws, some, region));
    let answers = futures::future::join_all(each).await;
    Ok(answers.into_iter().filter_map(Result::ok).flatten().collect())
}

async fn resources(aws: &Aws, arns: &[String], region: Option<&Region>) -> Result<HashMap<String, Tags>> {
    let call = aws.tagging().get_resources().set_resource_arn_list(Some(arns.to_vec())).customize();
    let answer = match region {
        Some(it) => {
            let away = aws_sdk_resourcegroupstagging::config::Builder::new().region(it.clone());
            call.config_override(away).send().await?
        }
        None => call.send().await?,
    };
    let mut known: HashMap<String, Tags> = arns.iter().map(|it| (it.clone(), Tags::new())).collect();
    for it in answer.resource_tag_mapping_list.unwrap_or_default() {
        let tags = it.tags.unwrap_or_default().into_iter().map(|it| (it.key, it.value));
        known.entry(it.resource_arn.unwrap_or_default()).or_default().extend(tags);
    }
    Ok(known)
}
