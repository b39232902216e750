//! The tags that creates carry while nothing else would tell whose a thing is: taken off all of them at
//! the end, in one call a provider configuration.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::address::{Addr, parse_instance};
use crate::aws::ec2;
use crate::config::ProviderAddr;
use crate::diag::Diagnostic;
use crate::engine::providers::Provider;
use crate::kind;
use crate::schema::region;

use super::Apply;

/// One thing that carries the tag.
pub(super) struct Marked {
    addr: String,
    provider: Rc<Provider>,
    id: String,
}

impl Apply<'_> {
    /// A create has been answered whose thing carries the tag.
    pub(super) fn note_mark(&self, addr: &Addr, provider: &Rc<Provider>, key: &str) {
        if let Ok(id) = serde_json::from_str(key) {
            self.marked.borrow_mut().push(Marked { addr: addr.to_string(), provider: provider.clone(), id });
        }
    }

    /// Takes the tags off. Gives the addresses at which they still stand: the next apply comes back to them.
    pub(super) async fn unmark(&self) -> BTreeSet<String> {
        self.note_leftover().await;
        let mut all = self.marked.take();
        let mut left = BTreeSet::new();
        while let Some(first) = all.first() {
            let provider = first.provider.clone();
            let (some, rest): (Vec<_>, Vec<_>) =
                all.into_iter().partition(|it| Rc::ptr_eq(&it.provider, &provider));
            all = rest;
            let ids: Vec<String> = some.iter().map(|it| it.id.clone()).collect();
            let done = match self.request.stop.is_now() {
                true => Err("the apply was stopped".to_owned()),
                false => ec2::unmark(&provider.aws, &ids).await.map_err(|it| it.to_string()),
            };
            if let Err(why) = done {
                left.extend(some.into_iter().map(|it| it.addr));
                self.warnings.borrow_mut().push(stands(&why));
            }
        }
        left
    }

    /// What an earlier apply has made and left with the tag.
    async fn note_leftover(&self) {
        for text in self.request.leftover {
            let Ok(addr) = parse_instance(text) else { continue };
            let known = self.marked.borrow().iter().any(|it| it.addr == *text);
            let state = self.state.borrow();
            let (Some(object), Some(held), Some(kind)) = (
                state.object(&addr),
                state.resources.get(&addr.resource),
                kind::resource(&addr.resource.kind),
            ) else {
                continue;
            };
            let Ok(provider) = ProviderAddr::from_state(&held.provider) else { continue };
            let (key, region) = (kind.key(&object.attributes), region::of(kind.name(), &object.attributes));
            let region = region.map(str::to_owned);
            drop(state);
            if let (false, Ok(key)) = (known, key) {
                match self.providers.at(&provider, region.as_deref(), &self.scope).await {
                    Ok(provider) => self.note_mark(&addr, &provider, &key),
                    Err(errors) => self.warnings.borrow_mut().extend(errors),
                }
            }
        }
    }
}

fn stands(why: &str) -> Diagnostic {
    let text = format!("the tag `{}` could not be taken off what was made: {why}", crate::aws::tags::MARK);
    Diagnostic::warning(text).help("the next apply takes it off; it does no harm")
}
