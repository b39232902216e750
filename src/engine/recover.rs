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
use crate::plan::scope::Scope;
use crate::resource::{New, Tags};
use crate::schema::{conform, region};
use crate::state::{Object, State};

use super::journal::{self, Entry, Journal};
use super::providers::Providers;

/// So many are looked for at the same time.
const AT_ONCE: usize = 16;

/// What came of looking.
#[derive(Default)]
pub struct Recovered {
    /// Where it is known now what there is: nothing, or what was adopted.
    pub settled: BTreeSet<String>,
    /// Whether the state has something more.
    pub adopted: bool,
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
                out.adopted |= adopt(state, &addr, kind, &key, &entry);
                out.settled.insert(text);
            }
            Some(Look::Impossible) | None => {}
        }
    }
    errors.check(out)
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
    let wanted = journal::wanted(&entry.wanted, &kind.schema().block);
    let provider = providers.at(&provider, region::of(kind.name(), &entry.wanted), scope).await?;
    let new = New { token: entry.token.clone(), since: entry.since, tags: Tags::new() };
    match kind.find(&provider.aws, &wanted, &new).await {
        Ok(Some(key)) => Ok(Look::Found { addr, kind, key }),
        // Nothing by a name that was not known when this was written tells nothing.
        Ok(None) if kind.marked() || kind.is_remembered() || entry.named => Ok(Look::Nothing),
        Ok(None) | Err(Error::Unsearchable | Error::Shape(_) | Error::Invalid(_)) => Ok(Look::Impossible),
        Err(error) => {
            let one = Diagnostic::error(error.to_string()).about(&addr);
            Err(one.label("while looking for what an earlier apply may have made").into())
        }
    }
}

/// Puts it beside what the state has at that address; whether it was not there yet.
fn adopt(state: &mut State, addr: &Addr, kind: &'static dyn Kind, key: &str, entry: &Entry) -> bool {
    let block = &kind.schema().block;
    let ours = |it: &Object| kind.key(&conform::known(&it.attributes, block)).is_ok_and(|it| it == key);
    if state.managed().any(|it| *it.0.resource.kind == *kind.name() && ours(it.2)) {
        return false;
    }
    let planned = journal::wanted(&entry.wanted, block);
    let Some(attributes) = super::apply::provisional(kind, &conform::from_state(&planned, block), key) else {
        return false;
    };
    let object = Object { schema_version: kind.schema().version, attributes, ..Object::default() };
    match state.object(addr).is_some() {
        true => state.set_deposed(addr, entry.token.get(..8).unwrap_or("00000000"), Some(object)),
        false => state.set(addr, &entry.provider, Some(object)),
    }
    true
}
