//! What launch templates say, in few calls.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_ec2::types::LaunchTemplateVersion;
use futures::future::try_join_all;

use crate::aws::ec2::{FILTER, among};
use crate::aws::{Aws, Error, Result};
use crate::resource::Tags;

/// A template: its newest version, and which one counts where none is said.
pub struct Template {
    pub latest: LaunchTemplateVersion,
    pub default_version: Option<i64>,
    pub tags: Tags,
}

const BOTH: [&str; 2] = ["$Latest", "$Default"];

/// The templates with these ids; those that are gone are absent.
pub async fn templates(aws: &Aws, ids: &[String]) -> Result<BTreeMap<String, Template>> {
    let versions = match ids {
        [one] => of_one(aws, one).await?,
        many => of_many(aws, many).await?,
    };
    let mut out = BTreeMap::new();
    for it in versions {
        let Some(id) = it.launch_template_id.clone().filter(|it| ids.contains(it)) else { continue };
        let default_version = it.version_number.filter(|_| it.default_version == Some(true));
        let template = out.entry(id).or_insert_with(|| Template {
            latest: it.clone(),
            default_version,
            tags: Tags::new(),
        });
        template.default_version = template.default_version.or(default_version);
        if it.version_number > template.latest.version_number {
            template.latest = it;
        }
    }
    let there: Vec<String> = out.keys().cloned().collect();
    for (id, tags) in tags(aws, &there).await? {
        out.entry(id).and_modify(|it| it.tags = tags);
    }
    Ok(out)
}

async fn of_one(aws: &Aws, id: &str) -> Result<Vec<LaunchTemplateVersion>> {
    let call = aws.ec2().describe_launch_template_versions().launch_template_id(id);
    let call = call.set_versions(Some(BOTH.map(str::to_owned).to_vec()));
    match call.into_paginator().items().send().try_collect().await.map_err(Error::from) {
        Err(it) if it.is_missing() => Ok(Vec::new()),
        answer => answer,
    }
}

/// Pages through all templates of the account, never more pages than asking for each would take calls.
/// What is not on them is asked for by itself.
async fn of_many(aws: &Aws, ids: &[String]) -> Result<Vec<LaunchTemplateVersion>> {
    let (mut found, mut token, mut whole) = (Vec::new(), None, false);
    let knows = |found: &[LaunchTemplateVersion], id: &String| {
        found.iter().any(|it| it.launch_template_id.as_ref() == Some(id))
    };
    for _ in ids {
        let call = aws.ec2().describe_launch_template_versions().max_results(200);
        let call = call.set_versions(Some(BOTH.map(str::to_owned).to_vec()));
        let answer = call.set_next_token(token.take()).send().await?;
        found.extend(answer.launch_template_versions.unwrap_or_default());
        token = answer.next_token.filter(|it| !it.is_empty());
        whole = token.is_none();
        if whole {
            break;
        }
    }
    let lacking = ids.iter().filter(|it| !whole && !knows(&found, it));
    let alone = try_join_all(lacking.map(|it| of_one(aws, it))).await?;
    found.extend(alone.into_iter().flatten());
    Ok(found)
}

/// The tags of these; versions do not carry them.
async fn tags(aws: &Aws, ids: &[String]) -> Result<HashMap<String, Tags>> {
    let calls = ids.chunks(FILTER).map(|some| {
        let call = aws.ec2().describe_tags().filters(among("resource-id", some));
        call.into_paginator().items().send().try_collect()
    });
    let mut out: HashMap<String, Tags> = HashMap::new();
    for it in try_join_all(calls).await?.into_iter().flatten() {
        if let (Some(id), Some(key)) = (it.resource_id, it.key) {
            out.entry(id).or_default().insert(key, it.value.unwrap_or_default());
        }
    }
    Ok(out)
}
