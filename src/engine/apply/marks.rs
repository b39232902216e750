//! The tags that creates carry while nothing else would tell whose a thing is: taken off all of them at
//! the end, in one call a provider configuration.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::address::{Addr, parse_instance};
use crate::aws::{TagApi, tags};
use crate::config::ProviderAddr;
use crate::diag::Diagnostic;
use crate::engine::providers::Provider;
use crate::kind;
use crate::schema::{conform, region};

use super::Apply;

/// One thing that carries the tag.
pub(super) struct Marked {
    addr: String,
    provider: Rc<Provider>,
    /// Whose calls take it off.
    api: TagApi,
    id: String,
}

/// One that an earlier apply has left.
struct Left {
    addr: Addr,
    key: String,
    provider: ProviderAddr,
    region: Option<String>,
}

impl Apply<'_> {
    /// A create has been answered whose thing carries the tag.
    pub(super) fn note_mark(&self, addr: &Addr, provider: &Rc<Provider>, key: &str) {
        let api = kind::resource(&addr.resource.kind).map(|it| it.tag_api());
        // A key may be more than an id, where the tag is taken off by the ARN in the state.
        let id = serde_json::from_str(key).unwrap_or_default();
        if let Some(api) = api {
            let (addr, provider) = (addr.to_string(), provider.clone());
            self.marked.borrow_mut().push(Marked { addr, provider, api, id });
        }
    }

    /// Takes the tags off. Gives the addresses at which they still stand: the next apply comes back to them.
    pub(super) async fn unmark(&self) -> BTreeSet<String> {
        let mut left = self.note_leftover().await;
        let mut all = self.marked.take();
        // Without its tag, one that no stored state knows could never be found again.
        if !all.is_empty() && !self.dirty.stored().await {
            left.extend(all.into_iter().map(|it| it.addr));
            return left;
        }
        while let Some(first) = all.first() {
            let (provider, api) = (first.provider.clone(), first.api);
            let (some, rest): (Vec<_>, Vec<_>) =
                all.into_iter().partition(|it| Rc::ptr_eq(&it.provider, &provider) && it.api == api);
            all = rest;
            let ids: Vec<String> = some.iter().filter_map(|it| self.taken_off_by(it)).collect();
            let done = match self.request.stop.is_now() {
                true => Err("the apply was stopped".to_owned()),
                false => tags::unmark(&provider.aws, api, &ids).await.map_err(|it| it.to_string()),
            };
            if let Err(why) = done {
                left.extend(some.into_iter().map(|it| it.addr));
                self.warnings.borrow_mut().push(stands(&why));
            }
        }
        left
    }

    /// What the tag is taken off by; nothing where the thing is gone.
    fn taken_off_by(&self, it: &Marked) -> Option<String> {
        if !it.api.is_by_arn() {
            return Some(it.id.clone()).filter(|it| !it.is_empty());
        }
        let addr = parse_instance(&it.addr).ok()?;
        self.state.borrow().object(&addr)?.attributes.get("arn")?.as_str().map(str::to_owned)
    }

    /// What an earlier apply has made and left with the tag. Gives the addresses of what cannot be reached.
    async fn note_leftover(&self) -> BTreeSet<String> {
        let mut unreached = BTreeSet::new();
        for text in self.request.leftover {
            if self.marked.borrow().iter().any(|it| it.addr == *text) {
                continue;
            }
            let Some(left) = self.left_at(text) else { continue };
            match self.providers.at(&left.provider, left.region.as_deref(), &self.scope).await {
                Ok(provider) => self.note_mark(&left.addr, &provider, &left.key),
                Err(errors) => {
                    unreached.insert(text.clone());
                    self.warnings.borrow_mut().extend(errors);
                }
            }
        }
        unreached
    }

    /// What the state holds at this address, where it is there still.
    fn left_at(&self, text: &str) -> Option<Left> {
        let addr = parse_instance(text).ok()?;
        let state = self.state.borrow();
        let object = state.object(&addr)?;
        let kind = kind::resource(&addr.resource.kind)?;
        let attributes = object.attributes.json();
        Some(Left {
            key: kind.key(&conform::known(&attributes, &kind.schema().block)).ok()?,
            provider: ProviderAddr::from_state(&state.resources.get(&addr.resource)?.provider).ok()?,
            region: region::of(kind.name(), &attributes).map(str::to_owned),
            addr,
        })
    }
}

fn stands(why: &str) -> Diagnostic {
    let text = format!("the tag `{}` could not be taken off what was made: {why}", crate::aws::tags::MARK);
    Diagnostic::warning(text).help("the next apply takes it off; it does no harm")
}
