//! Repeating what AWS refuses for a reason that passes.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use serde_json::Value as Json;
use tokio::time::{Instant, sleep, timeout};

use crate::aws::{Aws, Error};
use crate::diag::{Diagnostic, Diagnostics};
use crate::kind::Kind;
use crate::lang::Value;
use crate::plan::{Action, Change};
pub use crate::resource::times::duration;
use crate::resource::{Blockers, Op, Passing, Until};
use crate::schema::conform;
use crate::state::Object;

use super::Apply;

/// How long what a call names may stay unseen, where it was made a moment ago.
const UNSEEN: Duration = Duration::from_secs(120);
/// The same where nobody has made anything that it could be: it is misspelt, or somebody else's.
const UNKNOWN: Duration = Duration::from_secs(20);
/// How soon after the first refusal it is looked up what stands in the way, and how often again.
const LOOK: Duration = Duration::from_secs(25);
/// The most that a look-up for people may take.
const LOOK_UP: Duration = Duration::from_secs(20);
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// The longest that anything is waited for, whatever types and `timeouts` say.
const CAP: &str = "INFRA_PATIENCE";

/// One operation on one thing, as AWS is asked for it.
pub struct Asked<'a> {
    pub kind: &'static dyn Kind,
    pub op: Op,
    pub patience: Duration,
    pub aws: &'a Aws,
    /// The thing as the state or the plan has it.
    pub attributes: &'a Json,
    pub change: &'a Change,
    /// How long it has been refused.
    waited: Cell<Duration>,
}

impl<'a> Asked<'a> {
    pub fn new(
        kind: &'static dyn Kind,
        op: Op,
        patience: Duration,
        aws: &'a Aws,
        attributes: &'a Json,
        change: &'a Change,
    ) -> Self {
        Asked { kind, op, patience, aws, attributes, change, waited: Cell::default() }
    }

    pub(super) fn waited(&self) -> Duration {
        self.waited.get()
    }

    /// What stands in the way. An answer that does not come is none.
    pub(super) async fn blockers(&self, error: &Error) -> Blockers {
        let found = self.kind.blockers(self.aws, self.op, self.attributes, error);
        match timeout(LOOK_UP, found).await {
            Ok(Ok(it)) => it,
            Ok(Err(error)) => unasked(error.to_string()),
            Err(_) => unasked(format!("no answer within {} s", LOOK_UP.as_secs())),
        }
    }

    /// Nobody has said how long this may take.
    fn is_free(&self) -> bool {
        self.patience == self.kind.patience(self.op)
    }
}

fn unasked(why: String) -> Blockers {
    let text = format!("what stands in the way could not be looked up: {why}");
    Blockers { unasked: vec![text], ..Blockers::default() }
}

impl Apply<'_> {
    /// Repeats a call that AWS refuses for a reason that passes, until the patience ends, or somebody
    /// wants the apply to end.
    pub(super) async fn patiently<T, F, R>(&self, it: &Asked<'_>, call: F) -> Result<T, Error>
    where
        F: Fn() -> R,
        R: Future<Output = Result<T, Error>>,
    {
        let started = Instant::now();
        let (mut pause, mut look, mut least) = (FIRST_PAUSE, LOOK, Duration::ZERO);
        let result = loop {
            let error = match call().await {
                Err(error) => error,
                done => break done,
            };
            it.waited.set(started.elapsed());
            let Some(rule) = it.kind.passes(it.op, &error) else { break Err(error) };
            let end = self.limit(it, rule, &error).max(least);
            let left = end.saturating_sub(started.elapsed());
            if left.is_zero() || self.request.stop.is_soon() {
                break Err(error);
            }
            tracing::debug!(kind = it.kind.name(), %error, "refused for now");
            if started.elapsed() >= look {
                let found = it.blockers(&error).await;
                least = leaves(it, &found);
                tell(waiting_for(&error, &found));
                look = started.elapsed() + 2 * LOOK;
            } else if started.elapsed() < LOOK {
                tell(error.code().unwrap_or_default().to_owned());
            }
            self.pause(pause.min(left)).await;
            pause = pause.mul_f64(1.5).min(LONGEST_PAUSE);
        };
        tell(String::new());
        result
    }

    /// Sleeps, but not through an interrupt.
    async fn pause(&self, pause: Duration) {
        let _resting = self.waits.rest();
        let end = Instant::now() + pause;
        while Instant::now() < end && !self.request.stop.is_soon() {
            sleep((end - Instant::now()).min(Duration::from_millis(500))).await;
        }
    }

    /// How long a refusal by this rule is put up with.
    fn limit(&self, it: &Asked<'_>, rule: &Passing, error: &Error) -> Duration {
        let most = match rule.until {
            Until::Free => it.patience,
            Until::Seen if self.may_be_new(it, &error.message()) => UNSEEN,
            Until::Seen => UNKNOWN,
        };
        most.min(it.patience)
    }

    /// Whether what a refusal is about may have been made a moment ago: by what its message names, and
    /// where that tells nothing, by what the change depends on.
    fn may_be_new(&self, it: &Asked<'_>, message: &str) -> bool {
        if !self.request.earlier.creates.is_empty() {
            return true;
        }
        let ids = ids_in(message);
        if !ids.is_empty() {
            let state = self.state.borrow();
            let of = |object: &Object| object.attributes.text("id");
            return state.managed().filter_map(|it| of(it.2)).any(|id| ids.contains(&id.as_str()));
        }
        let makes =
            |action: Action| matches!(action, Action::Create | Action::Replace | Action::CreateThenDelete);
        // It is changed because it was made.
        let own = it.op == Op::Update && makes(it.change.action);
        let others = self.request.plan.changes.iter();
        let mut others = others.filter(|it| makes(it.action) || it.action == Action::Update);
        own || others.any(|other| it.change.dependencies.contains(&other.addr.resource.as_written()))
    }
}

/// Ids of EC2's form in a text.
fn ids_in(text: &str) -> Vec<&str> {
    let is_id = |it: &&str| {
        it.rsplit_once('-').is_some_and(|(kind, digits)| {
            !kind.is_empty()
                && kind.bytes().all(|it| it.is_ascii_lowercase() || it == b'-')
                && matches!(digits.len(), 8 | 17)
                && digits.bytes().all(|it| it.is_ascii_hexdigit())
        })
    };
    text.split(|it: char| !it.is_ascii_alphanumeric() && it != '-').filter(is_id).collect()
}

/// What leaves by itself is given the time that it is known to take, unless the stack says otherwise.
fn leaves(it: &Asked<'_>, found: &Blockers) -> Duration {
    let known = found.all.iter().filter_map(|it| it.leaves).max();
    known.filter(|_| it.is_free()).unwrap_or_default()
}

fn waiting_for(error: &Error, found: &Blockers) -> String {
    let code = error.code().unwrap_or_default();
    let more = match (found.all.len() + found.more).saturating_sub(1) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    match found.all.first() {
        Some(first) => format!("{code}: {}{more}", first.text()),
        None => code.to_owned(),
    }
}

tokio::task_local! {
    static WAITING: Rc<RefCell<String>>;
}

/// Runs an operation; what it waits for can be read beside it, for the line that says it goes on.
pub(super) fn watched<F: Future>(work: F) -> (Rc<RefCell<String>>, impl Future<Output = F::Output>) {
    let waiting = Rc::<RefCell<String>>::default();
    (waiting.clone(), WAITING.scope(waiting, work))
}

/// Notes what the operation under way waits for: nothing, where the text is empty.
pub(super) fn tell(text: String) {
    // Outside of an operation nobody asks.
    let _ = WAITING.try_with(|it| *it.borrow_mut() = text);
}

/// How long `timeouts` allows for an operation, or the type's own patience.
pub fn patience(kind: &dyn Kind, op: Op, attributes: &Value) -> Result<Duration, Diagnostics> {
    let name = match op {
        Op::Create => "create",
        Op::Update => "update",
        Op::Delete => "delete",
    };
    let given = attributes.get("timeouts").and_then(|it| it.get(name)).and_then(Value::as_str);
    let own = match given.filter(|it| !it.is_empty()) {
        None => own(kind, op, attributes)?,
        Some(text) => length(text, "`timeouts`")?,
    };
    match std::env::var(CAP).ok().filter(|it| !it.is_empty()) {
        None => Ok(own),
        Some(text) => Ok(own.min(length(&text, CAP)?)),
    }
}

/// What the type says, or the thing itself.
fn own(kind: &dyn Kind, op: Op, attributes: &Value) -> Result<Duration, Diagnostics> {
    let attributes = conform::to_state(attributes, &kind.schema().block);
    let own = kind.own_patience(&attributes, op).map_err(super::settle::failed)?;
    Ok(own.unwrap_or_else(|| kind.patience(op)))
}

fn length(text: &str, of: &str) -> Result<Duration, Diagnostics> {
    duration(text).ok_or_else(|| {
        let one = Diagnostic::error(format!("`{text}` is not a length of time ({of})"));
        one.help("write it like 30s, 10m or 1h30m").into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_in_messages() {
        assert_eq!(ids_in("The vpc ID 'vpc-0a1b2c3d4e5f67890' does not exist"), ["vpc-0a1b2c3d4e5f67890"]);
        assert_eq!(ids_in("subnet-0a1b2c3d and nothing-else-here"), ["subnet-0a1b2c3d"]);
        assert!(ids_in("Invalid principal in policy").is_empty());
    }
}
