//! Create, then converge: what was made is read until it is ready and is what was planned.

use std::rc::Rc;
use std::time::Duration;

use serde_json::Value as Json;
use tokio::time::Instant;

use crate::aws::{self, Error};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::providers::Provider;
use crate::engine::refresh;
use crate::kind::Kind;
use crate::lang::Value;
use crate::lang::value::Map;
use crate::plan::{Change, diff, sdk};
use crate::resource::{Op, Status};
use crate::schema::{Attribute, Block, Nesting, conform, write_only};

use super::Apply;
use super::patience::{Asked, tell};

/// How often something ready that differs from the plan is looked at again, before that is accepted:
/// some answers lag, some emulators never repeat what they were told.
const SECOND_LOOKS: u32 = 4;

/// How often in a row an update is sent whose answers get lost, without any of it to be seen.
const ATTEMPTS: u32 = 6;

/// What codes say of what is so already, or is gone already.
const DONE: [&str; 8] =
    ["Already", "Duplicate", "Exists", "NotFound", "NoSuch", "NotAttached", "InUse", "Conflict"];

/// Whether this may be the answer to what an earlier attempt has done, whose own answer was lost.
pub(super) fn may_be_done(error: &Error) -> bool {
    let said = |code: &str| DONE.iter().any(|it| code.contains(it));
    matches!(error, Error::Unreached(_)) || error.code().is_some_and(said)
}

/// One thing on its way to what was planned.
pub struct Settling<'a> {
    pub kind: &'static dyn Kind,
    pub provider: &'a Rc<Provider>,
    pub key: &'a str,
    pub planned: &'a Value,
    /// What is sent and never kept.
    pub secrets: &'a serde_json::Map<String, Json>,
    pub patience: Duration,
    pub change: &'a Change,
    /// Whether what differs may still be changed: after a create, once.
    pub converge: bool,
}

impl Apply<'_> {
    /// Gives the object as it is in the end. `seen` is told of it as soon as AWS shows it.
    pub async fn settle(&self, it: &Settling<'_>, seen: impl Fn(&Value)) -> Result<Value, Diagnostics> {
        let started = Instant::now();
        let (mut turn, mut looks) = (0, 0);
        // As it was before its last change: until that is sent, it may yet be changed.
        let mut was = (!it.converge).then(|| it.change.before.clone());
        loop {
            let found = self.waits.read(it.kind, it.provider, it.key).await?;
            let waits_for = match found {
                None if started.elapsed() > UNSEEN.min(it.patience) => return Err(vanished()),
                None => "AWS does not show it".to_owned(),
                Some(found) => {
                    let live = refresh::live(it.kind, it.provider, it.planned, &found);
                    let live = as_provider(it.kind, live);
                    let wanted = overlay(&it.kind.schema().block, it.planned, &live);
                    match (self.awaited(it, found.status)?, &was) {
                        (Status::Failed(why), _) => {
                            seen(&live);
                            return Err(came_to_nothing(it.converge, &why));
                        }
                        (Status::Pending(word) | Status::Leaving(word), _) => {
                            seen(&live);
                            format!("it is still `{word}`")
                        }
                        (Status::Ready, was)
                            if diff::equal(&wanted, &live) && (was.is_some() || !self.unfinished(it)?) =>
                        {
                            seen(&live);
                            return Ok(live);
                        }
                        (Status::Ready, Some(was)) if looks >= SECOND_LOOKS => {
                            let live = overtaken(was, &wanted, live);
                            seen(&live);
                            return Ok(live);
                        }
                        (Status::Ready, None) => {
                            seen(&live);
                            self.change(it, &live, &wanted).await?;
                            was = Some(live);
                            continue;
                        }
                        (Status::Ready, Some(_)) => {
                            looks += 1;
                            "it differs from what was planned".to_owned()
                        }
                    }
                }
            };
            if started.elapsed() > it.patience {
                return Err(unready(it.patience, &waits_for));
            }
            tell(waits_for);
            self.waits.tick(turn).await;
            turn += 1;
        }
    }

    /// The status, where the stack wants its end to be waited for.
    fn awaited(&self, it: &Settling<'_>, status: Status) -> Result<Status, Diagnostics> {
        if status == Status::Ready {
            return Ok(status);
        }
        let block = &it.kind.schema().block;
        let wanted = conform::to_state(it.planned, block);
        let was = (!it.converge).then(|| conform::to_state(&it.change.before, block));
        it.kind.judged(&wanted, was.as_ref(), status).map_err(failed)
    }

    /// Whether something is to be sent although nothing that is to be seen differs.
    fn unfinished(&self, it: &Settling<'_>) -> Result<bool, Diagnostics> {
        if !it.converge {
            return Ok(false);
        }
        let mut wanted = conform::to_state(it.planned, &it.kind.schema().block);
        write_only::put(&mut wanted, it.secrets);
        it.kind.unfinished(&wanted).map_err(failed)
    }

    /// Sends what differs. Where no answer comes, it is looked at again, and what still differs is
    /// sent again: a part of it may have been done. It ends where so many attempts in a row have changed
    /// nothing that is to be seen.
    pub async fn change(&self, it: &Settling<'_>, was: &Value, wanted: &Value) -> Result<(), Diagnostics> {
        let (started, first, mut was) = (Instant::now(), was, was.clone());
        let mut wanted = wanted.clone();
        let (mut idle, mut lost) = (0, false);
        loop {
            let before = conform::to_state(&was, &it.kind.schema().block);
            let asked = Asked::new(it.kind, Op::Update, it.patience, &it.provider.aws, &before, it.change);
            let again = lost && left_open(&it.kind.schema().block, it.planned, it.change);
            let Err(error) = self.send(it, &asked, &was, &wanted, again).await else { return Ok(()) };
            idle += 1;
            lost |= matches!(error, Error::Unreached(_));
            let doubtful = lost && may_be_done(&error);
            if !doubtful || idle >= ATTEMPTS || started.elapsed() > it.patience {
                return Err(self.refused(&asked, error).await);
            }
            tracing::warn!(kind = it.kind.name(), %error, "an update may have been carried out or not");
            self.waits.tick(idle - 1).await;
            match self.waits.read(it.kind, it.provider, it.key).await? {
                Some(found) => {
                    let now = refresh::live(it.kind, it.provider, &was, &found);
                    idle = if diff::equal(&now, &was) { idle } else { 0 };
                    wanted = following(&it.kind.schema().block, first, &now, wanted);
                    was = now;
                }
                None if idle + 1 < ATTEMPTS => {}
                None => {
                    let text = "it has vanished from AWS while it was being changed";
                    return Err(Diagnostic::error(text).into());
                }
            }
        }
    }

    /// Attributes through the type's own update, tags through the tag calls. `again`: it may have ended halfway.
    async fn send(
        &self,
        it: &Settling<'_>,
        asked: &Asked<'_>,
        was: &Value,
        wanted: &Value,
        again: bool,
    ) -> Result<(), Error> {
        let first = it.kind.tag_api().is_renamed();
        if first {
            self.send_tags(it, asked, was, wanted).await?;
        }
        self.send_attributes(it, asked, was, wanted, again).await?;
        if first { Ok(()) } else { self.send_tags(it, asked, was, wanted).await }
    }

    async fn send_attributes(
        &self,
        it: &Settling<'_>,
        asked: &Asked<'_>,
        was: &Value,
        wanted: &Value,
        again: bool,
    ) -> Result<(), Error> {
        let (kind, aws, before) = (it.kind, &it.provider.aws.completing(it.converge), asked.attributes);
        let block = &kind.schema().block;
        let mut after = conform::to_state(wanted, block);
        write_only::put(&mut after, it.secrets);
        let unfinished = it.converge && kind.unfinished(&after)?;
        let changes = differs(block, kind.sent(), was, wanted) || write_only::renewed(block, was, wanted);
        if unfinished || changes || again || !it.converge && foretold(block, it.change) {
            let call = || aws::once(kind.update(aws, &after, before));
            self.patiently(asked, call).await?;
        }
        Ok(())
    }

    async fn send_tags(
        &self,
        it: &Settling<'_>,
        asked: &Asked<'_>,
        was: &Value,
        wanted: &Value,
    ) -> Result<(), Error> {
        let (kind, aws, before) = (it.kind, &it.provider.aws.completing(it.converge), asked.attributes);
        let (Some(old), Some(new)) = (was.get("tags_all"), wanted.get("tags_all")) else { return Ok(()) };
        if !kind.schema().block.attributes.contains_key("tags") {
            return Ok(());
        }
        let (set, unset) = it.provider.tags.change(old, new);
        if set.is_empty() && unset.is_empty() {
            return Ok(());
        }
        let api = kind.tag_api();
        let call = || aws::tags::change(aws, api, before, &set, &unset);
        self.patiently(asked, call).await
    }
}

/// As the state is to keep what was made or changed: the way the type's own provider would have it.
pub fn as_provider(kind: &dyn Kind, live: Value) -> Value {
    match kind.framework() {
        true => live,
        false => sdk::as_read(&kind.schema().block, live),
    }
}

/// How long what was made may stay out of sight.
const UNSEEN: Duration = Duration::from_secs(300);

fn vanished() -> Diagnostics {
    let one = Diagnostic::error("AWS does not show it, or not any more");
    one.help("somebody may have removed it meanwhile: plan again to see").into()
}

/// What AWS has begun and given up: why, and what is to be known about it beneath.
fn came_to_nothing(made: bool, why: &str) -> Diagnostics {
    let (why, more) = why.split_once('\n').unwrap_or((why, ""));
    let done = if made { "AWS made it" } else { "AWS took the change" };
    let one = Diagnostic::error(format!("{done}, but it failed: {why}"));
    if more.is_empty() { one.into() } else { one.detail(more).into() }
}

fn unready(patience: Duration, waits_for: &str) -> Diagnostics {
    Diagnostic::error(format!("not ready after {} s: {waits_for}", patience.as_secs()))
        .help("it may get there by itself: apply again, or set a longer time under `timeouts`")
        .into()
}

/// What a lagging answer shows as it was before a change that AWS has accepted, as it was changed to. A
/// value that is neither the old nor the new one is AWS's own, and stays.
fn overtaken(was: &Value, wanted: &Value, live: Value) -> Value {
    let (Some(seen), Some(old), Some(new)) = (live.as_fields(), was.as_fields(), wanted.as_fields()) else {
        return live;
    };
    let each = seen.iter().map(|(name, is)| {
        let lags = |(was, wanted): (&Value, &Value)| diff::equal(is, was) && !diff::equal(wanted, was);
        let wanted = new.get(name);
        let value = old.get(name).zip(wanted).filter(|it| lags(*it)).map_or(is, |it| it.1);
        (name.clone(), value.clone())
    });
    Value::object(each)
}

pub fn failed(error: Error) -> Diagnostics {
    Diagnostic::error(error.to_string()).into()
}

/// Whether anything but tags differs that an update could change.
fn differs(block: &Block, sent: &[&str], was: &Value, wanted: &Value) -> bool {
    let counts =
        |name: &str, it: &Attribute| (!it.local || sent.contains(&name)) && (it.optional || it.required);
    let attributes = block.attributes.iter().filter(|it| counts(it.0, it.1)).map(|it| it.0);
    let blocks = block.blocks.iter().filter(|it| !it.1.local).map(|it| it.0);
    let names = attributes.chain(blocks).filter(|it| *it != "tags" && *it != "tags_all");
    names.into_iter().any(|it| match (was.get(it), wanted.get(it)) {
        (Some(a), Some(b)) => !diff::equal(a, b),
        _ => false,
    })
}

/// Whether an update also sets what the plan cannot tell: then nothing that differs does not mean that all was done.
/// Such as the default version of a launch template, which is to be the one that the update makes.
fn left_open(block: &Block, planned: &Value, change: &Change) -> bool {
    let open = |name: &str| {
        let known = |it: &Value| it.get(name).is_some_and(|it| !it.is_unknown() && !it.is_null());
        planned.get(name).is_some_and(Value::is_unknown) && known(&change.before)
    };
    block.attributes.iter().any(|(name, it)| it.optional && it.computed && open(name))
}

/// Whether nothing of what a stack may say changes, but something that AWS alone sets: a type that plans
/// that has something to do.
fn foretold(block: &Block, change: &Change) -> bool {
    let (before, after) = (&change.before, &change.after);
    let stays = |name: &str| match (before.get(name), after.get(name)) {
        (Some(a), Some(b)) => diff::equal(a, b) || diff::is_nothing(a) && diff::is_nothing(b),
        _ => true,
    };
    let (given, set): (Vec<_>, Vec<_>) =
        block.attributes.iter().partition(|it| it.1.optional || it.1.required);
    let given = given.into_iter().map(|it| it.0).chain(block.blocks.keys());
    given.into_iter().all(|it| stays(it)) && !set.into_iter().all(|it| stays(it.0))
}

/// What should be: the plan where it says something, AWS's answer elsewhere.
pub fn overlay(block: &Block, planned: &Value, live: &Value) -> Value {
    let (Some(plan), Some(seen)) = (planned.as_fields(), live.as_fields()) else { return live.clone() };
    let mut out = Map::new();
    for (name, is) in seen {
        let wanted = plan.get(name).filter(|it| !it.is_unknown() && !it.is_null());
        let value =
            match (wanted, block.attributes.get(&**name), block.blocks.get(&**name)) {
                (Some(it), Some(attribute), _)
                    if attribute.optional || attribute.required || &**name == "tags_all" =>
                {
                    if it.wholly_known() { it.clone() } else { is.clone() }
                }
                (Some(it), _, Some(nested)) => match (nested.nesting, it.as_items(), is.as_items()) {
                    (_, Some([]), Some(b)) if diff::usual(nested, b) => is.clone(),
                    (Nesting::List, Some(a), Some(b)) if a.len() == b.len() => {
                        let each = a.iter().zip(b).map(|(a, b)| overlay(&nested.block, a, b));
                        Value::list(nested.block.ty(), each.collect())
                    }
                    (Nesting::Set, Some(a), Some(b)) => by_likeness(&nested.block, a, b),
                    (Nesting::Single, ..) => overlay(&nested.block, it, is),
                    _ => it.clone(),
                },
                _ => is.clone(),
            };
        out.insert(name.clone(), value);
    }
    Value::object(out)
}

/// What an update asks for: the plan, and the old value where the plan leaves it to AWS.
pub fn overlay_update(block: &Block, planned: &Value, was: &Value) -> Value {
    let (Some(plan), Some(old)) = (planned.as_fields(), was.as_fields()) else { return planned.clone() };
    let settled = plan.iter().map(|(name, it)| {
        let keeps = it.is_unknown() && block.attributes.get(&**name).is_some_and(|it| it.computed);
        (name.clone(), if keeps { old.get(name).cloned().unwrap_or_else(|| it.clone()) } else { it.clone() })
    });
    Value::object(settled)
}

/// What is still wanted after a part of an update was done: what AWS may set and the update does not ask for is as
/// AWS has it by now. Else the second attempt would undo what followed from the first, such as a count of replicas
/// that follows from the count of nodes, or what has meanwhile been done to a volume of its own that an instance has.
fn following(block: &Block, first: &Value, now: &Value, wanted: Value) -> Value {
    let (Some(first), Some(seen), Some(fields)) = (first.as_fields(), now.as_fields(), wanted.as_fields())
    else {
        return wanted;
    };
    let each = fields.iter().map(|(name, it)| {
        let by_aws = block.attributes.get(&**name).is_some_and(|it| it.optional && it.computed)
            || block.blocks.get(&**name).is_some_and(|it| it.computed);
        let asked = first.get(name).is_none_or(|was| !diff::equal(was, it));
        let value = seen.get(name).filter(|_| by_aws && !asked).unwrap_or(it);
        (name.clone(), value.clone())
    });
    Value::object(each)
}

/// Each planned item of a set with what AWS says of the one it became.
fn by_likeness(block: &Block, planned: &[Value], live: &[Value]) -> Value {
    let each = planned.iter().map(|it| {
        let like =
            live.iter().map(|is| (overlay(block, it, is), is)).find(|(over, is)| diff::equal(over, is));
        like.map_or_else(|| it.clone(), |found| found.0)
    });
    Value::set(block.ty(), each.collect())
}

/// Attributes to keep until AWS shows what was made: enough to find it again.
pub fn provisional(kind: &dyn Kind, planned: &Value, key: &str) -> Option<Json> {
    if let Some(attributes) = kind.attributes_of(key) {
        return Some(attributes);
    }
    let mut attributes = planned.to_json();
    if kind.key(&attributes).is_ok_and(|it| it == key) {
        return Some(attributes);
    }
    let (block, fields) = (&kind.schema().block, attributes.as_object_mut()?);
    match serde_json::from_str(key).ok()? {
        Json::String(id) => {
            fields.insert("id".into(), id.clone().into());
            if id.starts_with("arn:") && block.attributes.contains_key("arn") {
                fields.insert("arn".into(), id.into());
            }
        }
        Json::Object(parts) => {
            fields.extend(parts.into_iter().filter(|it| block.attributes.contains_key(&it.0)));
        }
        _ => return None,
    }
    (kind.key(&attributes).ok()? == key).then_some(attributes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(all: &[(&'static str, &str)]) -> Value {
        Value::object(all.iter().map(|(k, v)| (*k, Value::from(*v))))
    }

    #[test]
    fn a_refusal_may_tell_of_what_a_lost_call_did() {
        let refused = |code: &str| Error::Refused { code: code.into(), message: "".into(), request: None };
        for code in ["InvalidPermission.Duplicate", "RouteAlreadyExists", "EntityAlreadyExists"] {
            assert!(may_be_done(&refused(code)), "{code}");
        }
        assert!(may_be_done(&Error::Unreached("cut off".into())));
        for code in ["AccessDenied", "UnauthorizedOperation", "InvalidParameterValue", "Throttling"] {
            assert!(!may_be_done(&refused(code)), "{code}");
        }
    }

    #[test]
    fn what_followed_from_half_an_update_is_not_undone_by_the_second_half() {
        let block = &crate::kind::resource("aws_elasticache_replication_group").unwrap().schema().block;
        let group =
            |nodes: &'static str, replicas: &'static str, version: &'static str, about: &'static str| {
                object(&[
                    ("num_cache_clusters", nodes),
                    ("replicas_per_node_group", replicas),
                    ("engine_version", version),
                    ("description", about),
                ])
            };
        let (was, wanted) = (group("1", "0", "7.0", "a"), group("2", "0", "7.1", "a"));
        // The replica was made; the version is still to come, and somebody has changed the description.
        let now = group("2", "1", "7.0", "b");
        let still = following(block, &was, &now, wanted);
        assert_eq!(still, group("2", "1", "7.1", "a"));
        let block = &crate::kind::resource("aws_instance").unwrap().schema().block;
        let disks = |tag: &'static str| object(&[("ebs_block_device", tag), ("root_block_device", "10")]);
        assert_eq!(following(block, &disks("a"), &disks("b"), disks("a")), disks("b"));
    }

    #[test]
    fn an_old_answer_is_not_taken_for_the_outcome_of_a_change() {
        let was = object(&[("name", "a"), ("size", "1"), ("class", "x"), ("by_aws", "p")]);
        let wanted = object(&[("name", "a"), ("size", "2"), ("class", "Y"), ("by_aws", "q")]);
        let live = object(&[("name", "a"), ("size", "1"), ("class", "y"), ("by_aws", "q")]);
        let kept = overtaken(&was, &wanted, live);
        // The size lags; the class is AWS's own spelling.
        assert_eq!(kept, object(&[("name", "a"), ("size", "2"), ("class", "y"), ("by_aws", "q")]));
    }
}
