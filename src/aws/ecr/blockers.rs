//! What stands in the way of removing ECR's things: looked up after a refusal, for people.

use crate::aws::{Aws, Result};
use crate::resource::{Blocker, Blockers};

/// How many images the repository holds, as far as one page tells.
pub async fn of_repository(aws: &Aws, name: &str, registry: Option<String>) -> Blockers {
    let mut out = Blockers::default();
    out.ask("its images", images(aws, name, registry).await);
    out.help(
        "remove them and apply again; or set `force_delete = true` and apply that first: destroying it \
         then removes its images",
    )
}

async fn images(aws: &Aws, name: &str, registry: Option<String>) -> Result<Vec<Blocker>> {
    let call = aws.ecr().list_images().repository_name(name).set_registry_id(registry).max_results(1000);
    let page = call.send().await?;
    let count = page.image_ids().len();
    if count == 0 {
        return Ok(Vec::new());
    }
    let least = if page.next_token().is_some() { "at least " } else { "" };
    let s = if count == 1 { "" } else { "s" };
    let tag = page.image_ids().iter().find_map(|it| it.image_tag()).map(|it| format!("tag `{it}`"));
    let more = if count > 1 { " and others" } else { "" };
    Ok(vec![Blocker {
        what: format!("{least}{count} image{s}"),
        owner: tag.map(|it| it + more),
        ..Blocker::default()
    }])
}
