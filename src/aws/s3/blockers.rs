//! What stands in the way of removing S3's things: looked up after a refusal, for people.

use crate::aws::{Aws, Result};
use crate::resource::{Blocker, Blockers};

/// How much is in the bucket, as far as one page tells.
pub async fn of_bucket(aws: &Aws, bucket: &str) -> Blockers {
    let mut out = Blockers::default();
    out.ask("what it holds", held(aws, bucket).await);
    out.help(
        "empty it and apply again; or set `force_destroy = true` and apply that first: destroying it \
         then removes everything in it",
    )
}

async fn held(aws: &Aws, bucket: &str) -> Result<Vec<Blocker>> {
    let page = aws.s3().list_object_versions().bucket(bucket).send().await?;
    let more = page.is_truncated().unwrap_or_default();
    let (current, former): (Vec<_>, Vec<_>) =
        page.versions().iter().partition(|it| it.is_latest().unwrap_or_default());
    let counted = [
        (current.len(), "object"),
        (former.len(), "older version"),
        (page.delete_markers().len(), "delete marker"),
    ];
    let counted = counted.into_iter().filter(|it| it.0 > 0).map(|(count, what)| {
        let least = if more { "at least " } else { "" };
        let s = if count == 1 { "" } else { "s" };
        Blocker { what: format!("{least}{count} {what}{s}"), ..Blocker::default() }
    });
    let mut out: Vec<Blocker> = counted.collect();
    let first = current.first().and_then(|it| it.key());
    if let (Some(it), Some(key)) = (out.first_mut(), first) {
        it.owner = Some(format!("`{key}`{}", if current.len() > 1 { " and others" } else { "" }));
    }
    Ok(out)
}
