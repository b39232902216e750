//! What an apply that was cut off may have made, and what no plan would come to any more: because it is to
//! be destroyed, or the stack does not have it now. It is looked for, and what is found is adopted, so that
//! the plan destroys it.

use std::collections::BTreeSet;

use futures::stream::{self, StreamExt};

use crate::address::{Addr, parse_instance};
use crate::aws::Error;
use crate::config::ProviderAddr;
use crate::diag::{Diagnostic, Diagnostics};
use crate::kind::{self, Kind};
use crate::lang::Value;
use crate::plan::scope::Scope;
use crate::resource::{New, Tags};
use crate::schema::{Block, conform, region};
use crate::state::{Object, State};

use super::apply::as_provider;
use super::journal::{self, Entry, Journal};
use super::providers::Providers;
use super::refresh;

/// So many are looked for at the same time.
const AT_ONCE: usize = 16;

/// What came of looking.
#[derive(Default)]
pub struct Recovered {
    /// Where it is known now what there is: nothing, or what was adopted.
    pub settled: BTreeSet<String>,
    /// Whether the state has something more.
    pub adopted: bool,
    /// Where that has taken the place of what it was to replace.
    pub current: Vec<Addr>,
}

/// Looks for what these creates may have made, and puts into the state what is found.
pub async fn recover(
    strays: &Journal,
    state: &mut State,
    providers: &Providers<'_>,
    scope: &Scope<'_>,
) -> Result<Recovered, Diagnostics> {
    let look = |(text, entry): (&String, &Entry)| {
        let (text, entry) = (text.clone(), entry.clone());
        async move {
            let found = find(&text, &entry, providers, scope).await;
            (text, entry, found)
        }
    };
    let looks: Vec<_> = strays.creates.iter().map(look).collect();
    let found: Vec<_> = stream::iter(looks).buffer_unordered(AT_ONCE).collect().await;
    let (mut out, mut errors) = (Recovered::default(), Diagnostics::default());
    for (text, entry, found) in found {
        match errors.take(found) {
            Some(Look::Nothing) => drop(out.settled.insert(text)),
            Some(Look::Found { addr, kind, key }) => {
                match adopt(state, &addr, kind, &key, &entry) {
                    Place::Known => {}
                    Place::Aside => out.adopted = true,
                    Place::Current => {
                        out.adopted = true;
                        out.current.push(addr);
                    }
                }
                out.settled.insert(text);
            }
            Some(Look::Impossible) | None => {}
        }
    }
    errors.check(out)
}

/// Goes on with what was made and not seen to its end. A refresh takes some attributes from the state; here
/// the state says what was planned, and what of it came to be nobody knows: each is read in full.
pub async fn go_on(
    unfinished: &[Addr],
    state: &mut State,
    providers: &Providers<'_>,
    scope: &Scope<'_>,
) -> Result<(), Diagnostics> {
    for addr in unfinished {
        let (Some(object), Some(kind)) = (state.object(addr), kind::resource(&addr.resource.kind)) else {
            continue;
        };
        let mut object = Object::clone(object);
        let Some(owner) = state.resources.get(&addr.resource).map(|it| it.provider.clone()) else { continue };
        let alias = ProviderAddr::from_state(&owner).map_err(Diagnostic::error)?;
        let block = &kind.schema().block;
        let kept = conform::known(&object.attributes.json(), block);
        let provider = providers.at(&alias, region::of(kind.name(), &kept), scope).await?;
        let key = kind.key(&kept).map_err(|it| Diagnostic::error(it.to_string()).about(addr))?;
        let keys = std::slice::from_ref(&key);
        let mut found = refresh::ask(kind, &provider.aws.exactly(true), keys).await?;
        refresh::fill_tags_exactly(kind, &provider, &mut found).await?;
        // What is not there is the refresh's business.
        let Some(found) = found.get(&key) else { continue };
        let planned = without_gaps(block, conform::from_state(&kept, block));
        let live = as_provider(kind, refresh::live(kind, &provider, &planned, found));
        object.attributes = region::attributes(kind.name(), &live, block).into();
        object.tainted = false;
        state.set(addr, &owner, Some(object));
    }
    Ok(())
}

/// What was to be known after the apply is not known, instead of nothing.
fn without_gaps(block: &Block, object: Value) -> Value {
    let Some(fields) = object.as_fields() else { return object };
    let each = fields.iter().map(|(name, it)| {
        let open = it.is_null() && block.attributes.get(&**name).is_some_and(|it| it.computed);
        (name.clone(), if open { Value::unknown(it.ty()) } else { it.clone() })
    });
    Value::object(each.collect::<Vec<_>>())
}

enum Look {
    Nothing,
    Found {
        addr: Addr,
        kind: &'static dyn Kind,
        key: String,
    },
    /// Not enough is known to look for it.
    Impossible,
}

async fn find(
    text: &str,
    entry: &Entry,
    providers: &Providers<'_>,
    scope: &Scope<'_>,
) -> Result<Look, Diagnostics> {
    let Ok(addr) = parse_instance(text) else { return Ok(Look::Impossible) };
    let Some(kind) = kind::resource(&addr.resource.kind) else { return Ok(Look::Impossible) };
    let Ok(provider) = ProviderAddr::from_state(&entry.provider) else { return Ok(Look::Impossible) };
    let told = entry.wanted.json();
    let wanted = journal::wanted(&told, &kind.schema().block);
    let provider = providers.at(&provider, region::of(kind.name(), &told), scope).await?;
    let new = New { token: entry.token.clone(), since: entry.since, tags: Tags::new() };
    match kind.find(&provider.aws, &wanted, &new).await {
        Ok(Some(key)) => Ok(Look::Found { addr, kind, key }),
        // What may be made twice is not looked for: whatever it is part of is.
        Ok(None) if kind.is_idempotent() => Ok(Look::Nothing),
        // Nothing by a name that was not known when this was written tells nothing.
        Ok(None) if kind.marked() || kind.is_remembered() || entry.named => Ok(Look::Nothing),
        Ok(None) | Err(Error::Unsearchable | Error::Shape(_) | Error::Invalid(_)) => Ok(Look::Impossible),
        Err(error) => {
            let one = Diagnostic::error(error.to_string()).about(&addr);
            Err(one.label("while looking for what an earlier apply may have made").into())
        }
    }
}

/// Where the state has it.
enum Place {
    /// It had it already.
    Known,
    /// Set aside, to be destroyed.
    Aside,
    Current,
}

/// Puts it where the apply that made it would have put it: in the place of what it was to replace, where
/// that is still there, and then that goes aside. What others have been made from meanwhile is the new one,
/// and no plan would replace the old one again where the reason for it was seen to first.
fn adopt(state: &mut State, addr: &Addr, kind: &'static dyn Kind, key: &str, entry: &Entry) -> Place {
    let block = &kind.schema().block;
    let ours = |it: &Object| {
        let key_of = kind.key(&conform::known(&it.attributes.json(), block));
        key_of.is_ok_and(|it| kind.is_same(&it, key))
    };
    if state.managed().any(|it| *it.0.resource.kind == *kind.name() && ours(it.2)) {
        return Place::Known;
    }
    let planned = journal::wanted(&entry.wanted.json(), block);
    let Some(attributes) = super::apply::provisional(kind, &conform::from_state(&planned, block), key) else {
        return Place::Known;
    };
    let object =
        Object { schema_version: kind.schema().version, attributes: attributes.into(), ..Object::default() };
    let aside = entry.token.get(..8).unwrap_or("00000000");
    let Some(held) = state.object(addr).cloned() else {
        state.set(addr, &entry.provider, Some(object));
        return Place::Current;
    };
    if !entry.is_to_replace(addr, &held) {
        state.set_deposed(addr, aside, Some(object));
        return Place::Aside;
    }
    let (object, held) = (Object { dependencies: held.dependencies.clone(), ..object }, Object::clone(&held));
    state.set_deposed(addr, aside, Some(held));
    state.set(addr, &entry.provider, Some(object));
    Place::Current
}
