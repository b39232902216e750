//! Create, then converge: what was made is read until it is ready and is what was planned.

use std::rc::Rc;
use std::time::Duration;

use serde_json::Value as Json;
use tokio::time::{Instant, sleep};

use crate::aws::{self, Error};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::providers::Provider;
use crate::engine::{refresh, tags};
use crate::kind::Kind;
use crate::lang::Value;
use crate::lang::value::Map;
use crate::plan::{diff, sdk};
use crate::resource::{Op, Status};
use crate::schema::{Block, Nesting, conform, write_only};

use super::Apply;

/// How often something ready that differs from the plan is looked at again, before that is accepted:
/// some answers lag, some emulators never repeat what they were told.
const SECOND_LOOKS: u32 = 4;

/// How often an update is sent whose answers get lost.
const ATTEMPTS: u32 = 5;

/// One thing on its way to what was planned.
pub struct Settling<'a> {
    pub kind: &'static dyn Kind,
    pub provider: &'a Rc<Provider>,
    pub key: &'a str,
    pub planned: &'a Value,
    /// What is sent and never kept.
    pub secrets: &'a serde_json::Map<String, Json>,
    pub patience: Duration,
    /// Whether what differs may still be changed: after a create, once.
    pub converge: bool,
}

impl Apply<'_> {
    /// Gives the object as it is in the end. `seen` is told of it as soon as AWS shows it.
    pub async fn settle(&self, it: &Settling<'_>, seen: impl Fn(&Value)) -> Result<Value, Diagnostics> {
        let started = Instant::now();
        let (mut turn, mut looks, mut converge) = (0, 0, it.converge);
        loop {
            let found = self.waits.read(it.kind, it.provider, it.key).await?;
            let waits_for = match found {
                None => "AWS does not show it".to_owned(),
                Some(found) => {
                    let live = refresh::live(it.kind, it.provider, it.planned, &found);
                    let live = as_provider(it.kind, live);
                    seen(&live);
                    match found.status {
                        Status::Failed(why) => {
                            return Err(
                                Diagnostic::error(format!("AWS made it, but it failed: {why}")).into()
                            );
                        }
                        Status::Pending(word) => format!("it is still `{word}`"),
                        Status::Ready => {
                            let wanted = overlay(&it.kind.schema().block, it.planned, &live);
                            if diff::equal(&wanted, &live) || (!converge && looks >= SECOND_LOOKS) {
                                return Ok(live);
                            }
                            if converge {
                                converge = false;
                                self.change(it, &live, &wanted).await?;
                                continue;
                            }
                            looks += 1;
                            "it differs from what was planned".to_owned()
                        }
                    }
                }
            };
            if started.elapsed() > it.patience {
                let waited = it.patience.as_secs();
                return Err(Diagnostic::error(format!("not ready after {waited} s: {waits_for}"))
                    .help("it may get there by itself: apply again, or set a longer time under `timeouts`")
                    .into());
            }
            self.waits.tick(turn).await;
            turn += 1;
        }
    }

    /// Sends what differs. Where no answer comes, it is looked at again, and what still differs is
    /// sent again: a part of it may have been done.
    pub async fn change(&self, it: &Settling<'_>, was: &Value, wanted: &Value) -> Result<(), Diagnostics> {
        let mut was = was.clone();
        for turn in 0..ATTEMPTS {
            match self.send(it, &was, wanted).await {
                Err(Error::Unreached(text)) if turn + 1 < ATTEMPTS => {
                    tracing::warn!(kind = it.kind.name(), %text, "no answer to an update");
                }
                result => return result.map_err(failed),
            }
            self.waits.tick(turn).await;
            let Some(found) = self.waits.read(it.kind, it.provider, it.key).await? else {
                return Err(Diagnostic::error("it has vanished from AWS while it was being changed").into());
            };
            was = refresh::live(it.kind, it.provider, &was, &found);
        }
        Ok(())
    }

    /// Attributes through the type's own update, tags through the tag calls.
    async fn send(&self, it: &Settling<'_>, was: &Value, wanted: &Value) -> Result<(), Error> {
        let (kind, aws) = (it.kind, &it.provider.aws);
        let block = &kind.schema().block;
        let (before, mut after) = (conform::to_state(was, block), conform::to_state(wanted, block));
        if differs(block, was, wanted) || write_only::renewed(block, was, wanted) {
            write_only::put(&mut after, it.secrets);
            let call = || aws::once(kind.update(aws, &after, &before));
            patiently(kind, Op::Update, it.patience, call).await?;
        }
        let (Some(old), Some(new)) = (was.get("tags_all"), wanted.get("tags_all")) else { return Ok(()) };
        if !kind.schema().block.attributes.contains_key("tags") {
            return Ok(());
        }
        let (set, unset) = it.provider.tags.change(old, new);
        if set.is_empty() && unset.is_empty() {
            return Ok(());
        }
        let api = kind.tag_api();
        let call = || aws::tags::change(aws, api, &before, &set, &unset);
        patiently(kind, Op::Update, it.patience, call).await
    }
}

/// As the state is to keep what was made or changed: the way the type's own provider would have it.
pub fn as_provider(kind: &dyn Kind, live: Value) -> Value {
    match kind.framework() {
        true => live,
        false => sdk::as_read(&kind.schema().block, live),
    }
}

pub fn failed(error: Error) -> Diagnostics {
    Diagnostic::error(error.to_string()).into()
}

/// Whether anything but tags differs that an update could change.
fn differs(block: &Block, was: &Value, wanted: &Value) -> bool {
    let attributes =
        block.attributes.iter().filter(|it| !it.1.local && (it.1.optional || it.1.required)).map(|it| it.0);
    let blocks = block.blocks.iter().filter(|it| !it.1.local).map(|it| it.0);
    let names = attributes.chain(blocks).filter(|it| *it != "tags" && *it != "tags_all");
    names.into_iter().any(|it| match (was.get(it), wanted.get(it)) {
        (Some(a), Some(b)) => !diff::equal(a, b),
        _ => false,
    })
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

/// Each planned item of a set with what AWS says of the one it became.
fn by_likeness(block: &Block, planned: &[Value], live: &[Value]) -> Value {
    let each = planned.iter().map(|it| {
        let like =
            live.iter().map(|is| (overlay(block, it, is), is)).find(|(over, is)| diff::equal(over, is));
        like.map_or_else(|| it.clone(), |found| found.0)
    });
    Value::set(block.ty(), each.collect())
}

/// Repeats a call that AWS refuses for a reason that passes, until the patience ends.
pub async fn patiently<T, F, R>(kind: &dyn Kind, op: Op, patience: Duration, call: F) -> Result<T, Error>
where
    F: Fn() -> R,
    R: Future<Output = Result<T, Error>>,
{
    let started = Instant::now();
    // What a create or update needs shows up within minutes, or is misspelt.
    let patience = if op == Op::Delete { patience } else { patience.min(Duration::from_secs(120)) };
    let mut delay = Duration::from_millis(500);
    loop {
        match call().await {
            Err(error) if kind.passes(op, &error) && started.elapsed() + delay < patience => {
                tracing::debug!(kind = kind.name(), %error, "refused for now");
                sleep(delay).await;
                delay = (delay.mul_f64(1.5)).min(Duration::from_secs(10));
            }
            result => return result,
        }
    }
}

/// How long `timeouts` allows for an operation, or the type's own patience.
pub fn patience(kind: &dyn Kind, op: Op, attributes: &Value) -> Result<Duration, Diagnostics> {
    let name = match op {
        Op::Create => "create",
        Op::Update => "update",
        Op::Delete => "delete",
    };
    let given = attributes.get("timeouts").and_then(|it| it.get(name)).and_then(Value::as_str);
    match given.filter(|it| !it.is_empty()) {
        None => Ok(kind.patience(op)),
        Some(text) => duration(text).ok_or_else(|| {
            Diagnostic::error(format!("`{text}` is not a length of time"))
                .help("write it like 30s, 10m or 1h30m")
                .into()
        }),
    }
}

/// Go's notation of durations: `1h30m`, `90s`, `1.5h`.
pub fn duration(text: &str) -> Option<Duration> {
    let (mut rest, mut total) = (text.trim(), 0.0);
    while !rest.is_empty() {
        let end = rest.find(|it: char| !it.is_ascii_digit() && it != '.')?;
        let number: f64 = rest[..end].parse().ok()?;
        rest = &rest[end..];
        let end = rest.find(|it: char| it.is_ascii_digit()).unwrap_or(rest.len());
        total += number
            * match &rest[..end] {
                "h" => 3600.0,
                "m" => 60.0,
                "s" => 1.0,
                "ms" => 0.001,
                _ => return None,
            };
        rest = &rest[end..];
    }
    (!text.trim().is_empty()).then(|| Duration::from_secs_f64(total))
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
    let id: String = serde_json::from_str(key).ok()?;
    let fields = attributes.as_object_mut()?;
    fields.insert("id".into(), id.clone().into());
    if id.starts_with("arn:") && kind.schema().block.attributes.contains_key("arn") {
        fields.insert("arn".into(), id.into());
    }
    (kind.key(&attributes).ok()? == key).then_some(attributes)
}

pub use tags::known as known_tags;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_go_writes_them() {
        for (text, seconds) in [("30s", 30), ("10m", 600), ("1h30m", 5400), ("1.5h", 5400)] {
            assert_eq!(duration(text), Some(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "10", "m", "ten", "10 minutes"] {
            assert_eq!(duration(text), None, "{text}");
        }
    }
}
