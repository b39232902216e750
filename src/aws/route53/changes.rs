//! Changes on their way to all of Route 53's name servers: noted where they are made, asked about while an
//! apply waits. Things that were changed together are asked about together.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use aws_sdk_route53::types::{ChangeInfo, ChangeStatus};
use futures::stream::{self, StreamExt, TryStreamExt};

use crate::aws::{Aws, Error, Result};
use crate::resource::Status;

/// Change ids, by what was changed.
type Noted = RefCell<HashMap<String, String>>;

async fn noted(aws: &Aws) -> Result<Rc<Noted>> {
    aws.once("changes under way in Route 53", async { Ok(Noted::default()) }).await
}

/// Notes that this has been changed. What is in force everywhere already needs no note.
pub async fn note(aws: &Aws, what: &str, change: Option<ChangeInfo>) -> Result<()> {
    if let Some(it) = change.filter(|it| it.status != ChangeStatus::Insync) {
        noted(aws).await?.borrow_mut().insert(what.to_owned(), it.id);
    }
    Ok(())
}

/// Which of these are not in force everywhere yet. A refresh does not ask: what it is told is what was
/// changed, everywhere or not.
pub async fn pending(aws: &Aws, whats: &[String]) -> Result<BTreeSet<String>> {
    if !aws.exact() {
        return Ok(BTreeSet::new());
    }
    let noted = noted(aws).await?;
    let open: Vec<(String, String)> = {
        let all = noted.borrow();
        whats.iter().filter_map(|it| Some((it.clone(), all.get(it)?.clone()))).collect()
    };
    let ids: BTreeSet<&String> = open.iter().map(|it| &it.1).collect();
    let done = stream::iter(ids).map(|id| async move { Ok::<_, Error>((id, is_done(aws, id).await?)) });
    let done: HashMap<&String, bool> = done.buffered(5).try_collect().await?;
    let (over, still): (Vec<_>, Vec<_>) = open.iter().partition(|it| done.get(&it.1) == Some(&true));
    over.iter().for_each(|it| drop(noted.borrow_mut().remove(&it.0)));
    Ok(still.into_iter().map(|it| it.0.clone()).collect())
}

async fn is_done(aws: &Aws, id: &str) -> Result<bool> {
    let id = id.trim_start_matches("/change/");
    match aws.route53().get_change().id(id).send().await.map_err(Error::from) {
        Ok(it) => Ok(it.change_info.is_none_or(|it| it.status == ChangeStatus::Insync)),
        // Listed a moment later.
        Err(it) if it.is_missing() => Ok(false),
        Err(it) => Err(it),
    }
}

/// The status of something by whether its change is under way.
pub fn status(pending: bool) -> Status {
    if pending { Status::Pending(ChangeStatus::Pending.as_str().to_owned()) } else { Status::Ready }
}

/// What AWS does not let go of by itself: the zone's own records. As far as this command goes, they are gone.
pub async fn leave(aws: &Aws, what: &str) -> Result<()> {
    leaving(aws).await?.borrow_mut().insert(what.to_owned());
    Ok(())
}

pub async fn left(aws: &Aws) -> Result<BTreeSet<String>> {
    Ok(leaving(aws).await?.borrow().clone())
}

async fn leaving(aws: &Aws) -> Result<Rc<RefCell<BTreeSet<String>>>> {
    aws.once("records that stay with their zone", async { Ok(RefCell::default()) }).await
}
