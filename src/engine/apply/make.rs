//! Sending a create so that it makes one thing, whatever happens to the answer.

use std::time::Duration;

use serde_json::Value as Json;

use crate::address::Addr;
use crate::aws::{self, Error};
use crate::diag::{Diagnostic, Diagnostics};
use crate::kind::Kind;
use crate::resource::{New, Op};
use crate::schema::{conform, write_only};

use super::Apply;
use super::change::Work;
use super::patience::Asked;
use super::settle::{failed, may_be_done};

/// How often a create is sent whose answers get lost, each time after looking for what it made.
const ATTEMPTS: u32 = 5;

const LOCK_LOST: &str = "the lock of the state was lost meanwhile, so it was not sent again";

/// How often something is looked for by its tag, over some seconds.
const LOOKS: u32 = 4;

impl Apply<'_> {
    /// Sends the create. A lost answer is the same as a killed process: what may have been made is
    /// looked for before anything is made again.
    pub(super) async fn make(
        &self,
        work: &Work<'_>,
        new: &New,
        patience: Duration,
    ) -> Result<String, Diagnostics> {
        let (kind, aws) = (work.kind, &work.provider.aws);
        let addr = &work.change.addr;
        let mut wanted = conform::to_state(&work.planned, &kind.schema().block);
        write_only::put(&mut wanted, &work.secrets);
        let asked = Asked::new(kind, Op::Create, patience, aws, &wanted, work.change);
        let mut doubtful = !self.open.borrow_mut().insert(addr.to_string());
        let mut why: Option<String> = None;
        for turn in 0..ATTEMPTS {
            if doubtful {
                match self.look(work, &wanted, new).await {
                    Ok(Some(key)) if !self.holds(kind, &key) => return Ok(self.answered(addr, key)),
                    Ok(_) => {}
                    Err(Error::Unsearchable) => match &why {
                        Some(why) => return Err(unanswered(why).into()),
                        None => self.warnings.borrow_mut().push(unlooked(addr)),
                    },
                    Err(error) => return Err(failed(error)),
                }
            }
            let stop = self.request.stop;
            if why.is_some() && !stop.settle().await {
                return Err(unanswered(LOCK_LOST).into());
            }
            // It may be long after the last attempt, and somebody else may be at work by now.
            let call = || async {
                match stop.settle().await {
                    true => aws::once(kind.create(aws, &wanted, new)).await,
                    false => Err(Error::Unreached(LOCK_LOST.to_owned())),
                }
            };
            match self.patiently(&asked, call).await {
                Ok(key) => return Ok(self.answered(addr, key)),
                Err(Error::Unreached(text)) => {
                    tracing::warn!(kind = kind.name(), %text, "no answer to a create");
                    (why, doubtful) = (Some(text), true);
                }
                // The one whose answer was lost, or that an earlier apply has made, may be there and not
                // yet to be seen.
                Err(error) if doubtful && turn + 1 < ATTEMPTS && may_be_done(&error) => {
                    tracing::warn!(kind = kind.name(), %error, "refused, perhaps by what was made before");
                    self.waits.tick(turn).await;
                }
                // An answer all the same, only not a good one: it was made.
                Err(error @ Error::Incomplete(_)) => return Err(failed(error)),
                Err(error) => return Err(self.refused(&asked, self.answered(addr, error)).await),
            }
        }
        Err(unanswered(&why.unwrap_or_default()).into())
    }

    /// Looks for what a create may have made. A tag shows a while after the thing it stands at: what is
    /// known by its tag only is looked for more than once.
    async fn look(&self, work: &Work<'_>, wanted: &Json, new: &New) -> Result<Option<String>, Error> {
        let (kind, aws) = (work.kind, &work.provider.aws);
        let looks = if kind.marked() { LOOKS } else { 1 };
        for turn in 1..=looks {
            match kind.find(aws, wanted, new).await {
                Ok(None) if turn < looks => self.waits.tick(turn + 1).await,
                found => return found,
            }
        }
        Ok(None)
    }

    /// It is known what came of this create: nobody has to look for it any more.
    fn answered<T>(&self, addr: &Addr, what: T) -> T {
        self.open.borrow_mut().remove(&addr.to_string());
        what
    }

    /// Whether the state knows this one: then it is not what a lost create has left.
    fn holds(&self, kind: &dyn Kind, key: &str) -> bool {
        let state = self.state.borrow();
        let ours = state.resources.iter().filter(|it| *it.0.kind == *kind.name());
        let all = ours.flat_map(|it| it.1.instances.values());
        let mut objects = all.flat_map(|it| it.current.iter().chain(it.deposed.values()));
        let block = &kind.schema().block;
        objects.any(|it| {
            let key_of = kind.key(&conform::known(&it.attributes.json(), block));
            key_of.is_ok_and(|it| kind.is_same(&it, key))
        })
    }
}

fn unanswered(why: &str) -> Diagnostic {
    let one = Diagnostic::error(format!(
        "no answer came to the request that creates it: it may exist or not ({why})"
    ));
    one.help("look for it at AWS before applying again: delete it there, or import it")
}

fn unlooked(addr: &Addr) -> Diagnostic {
    let text =
        "an earlier apply ended while it may have been creating this, and this type cannot be searched for";
    let mut one = Diagnostic::warning(text).help("a new one is made: look at AWS for one that is left over");
    one.address = Some(addr.to_string());
    one
}
