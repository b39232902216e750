//! Tags: which calls set and read them for which types, written once.

use serde_json::Value as Json;

use super::{Aws, Result};
use crate::resource::Tags;

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
}

/// Sets and removes tags of the thing with these attributes.
pub async fn change(aws: &Aws, api: TagApi, attributes: &Json, set: &Tags, unset: &[String]) -> Result<()> {
    let text = |name: &str| attributes.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
    match api {
        TagApi::None => Ok(()),
        TagApi::Ec2 => super::ec2::change_tags(aws, &text("id"), set, unset).await,
        TagApi::IamRole => super::iam::change_role_tags(aws, &text("name"), set, unset).await,
        TagApi::IamPolicy => super::iam::change_policy_tags(aws, &text("arn"), set, unset).await,
    }
}

/// The tags of many things of one type, for answers that do not carry them; in the order given,
/// `None` where one is gone.
pub async fn read(aws: &Aws, api: TagApi, all: &[&Json]) -> Result<Vec<Option<Tags>>> {
    match api {
        // Their own answers carry tags.
        TagApi::None | TagApi::Ec2 | TagApi::IamRole => Ok(all.iter().map(|_| Some(Tags::new())).collect()),
        TagApi::IamPolicy => super::iam::policy_tags(aws, all).await,
    }
}
