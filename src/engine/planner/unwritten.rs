//! Resource blocks for imports whose resource the stack does not have yet.

use std::collections::BTreeSet;

use crate::address::{Addr, Key, ResourceAddr};
use crate::config::{Config, Import, ProviderAddr, ProviderName, targets};
use crate::diag::{Diagnostic, Diagnostics, Place, did_you_mean};
use crate::engine::import::{Wanted, choose, take};
use crate::engine::providers::Providers;
use crate::generate::{self, Written};
use crate::kind::{self, Kind};
use crate::lang::Expr;
use crate::lang::{Type, Value};
use crate::plan::scope::{Instance, Within};
use crate::schema::{conform, region};
use crate::state::State;

use super::{Planner, Reach, Request, imports};

/// Takes the imports out of a configuration whose resource it does not have.
pub fn split(config: &mut Config) -> Vec<Import> {
    let all = std::mem::take(&mut config.imports);
    let has = |it: &Import| targets::resource_of(&it.to).is_ok_and(|to| config.resource(&to).is_some());
    let (written, unwritten) = all.into_iter().partition(has);
    config.imports = written;
    unwritten
}

/// Something to write: what is imported, by which provider configuration.
pub struct Missing {
    pub wanted: Wanted,
    /// Named by the import; otherwise the type's own.
    pub provider: Option<ProviderName>,
}

/// Reads what the imports name, and gives the blocks that ask for it as it is. The configuration is
/// without these imports.
pub async fn unwritten(
    request: &Request<'_>,
    providers: &Providers<'_>,
    stored: &State,
    all: &[Import],
) -> Result<Vec<Written>, Diagnostics> {
    let mut errors = Diagnostics::default();
    let all: Vec<&Import> = all.iter().filter(|it| errors.take(possible(it)).is_some()).collect();
    errors.check(())?;
    let mut planner = Planner::new(request, providers, stored.clone(), Reach::Aws);
    if all.iter().any(|it| it.id.refs().iter().any(|it| reaches_far(&it.path))) {
        planner.walk().await;
        planner.errors.check(())?;
    }
    let once = Instance { key: Key::None, value: Value::null(Type::Any) };
    let mut missing = Vec::new();
    for it in all {
        let within = Within::new(planner.scope.module(&Vec::new()), &once);
        let wanted = errors.take(imports::one(it, &within, false)).flatten();
        let provider = it.provider.as_ref().map(|it| it.0.clone());
        missing.extend(wanted.map(|wanted| Missing { wanted, provider }));
    }
    errors.check(())?;
    planner.write(missing).await
}

/// Blocks for what the command line names.
pub async fn named(
    request: &Request<'_>,
    providers: &Providers<'_>,
    stored: &State,
    missing: Vec<Missing>,
) -> Result<Vec<Written>, Diagnostics> {
    Planner::new(request, providers, stored.clone(), Reach::Aws).write(missing).await
}

/// Whether a block can be written for it.
fn possible(it: &Import) -> Result<(), Diagnostics> {
    let addr = targets::resource_of(&it.to)?;
    let wrong = |text: String| Diagnostic::error(text).at(&it.to.place);
    if !addr.module.is_empty() {
        let one = wrong(format!("`{addr}` is imported, and its module does not have it"));
        return Err(one.help("a block is written for the stack itself, not inside of a module").into());
    }
    if it.for_each.is_some() || !targets::keys_of(&it.to).is_empty() {
        let one = wrong(format!("`{addr}` is imported with a key, and the stack does not have it"));
        let help = "one block cannot be written for several: write it, with its `for_each` or `count`";
        return Err(one.help(help).into());
    }
    find(&addr, Some(&it.to)).map(drop).map_err(Into::into)
}

/// The type of what is to be written.
pub fn find(addr: &ResourceAddr, to: Option<&Expr>) -> Result<&'static dyn Kind, Diagnostic> {
    kind::resource(&addr.kind).ok_or_else(|| {
        let one = Diagnostic::error(format!("there is no resource type `{}`", addr.kind));
        let one = one.maybe_help(did_you_mean(&addr.kind, kind::resource_names()));
        Diagnostic { place: to.map(|it| it.place.clone()), ..one }
    })
}

/// Whether a reference is to something that only a plan knows.
fn reaches_far(path: &[String]) -> bool {
    let near = ["var", "path", "terraform", "infra", "stack"];
    path.first().is_some_and(|it| !near.contains(&it.as_str()))
}

impl Planner<'_> {
    async fn write(&self, missing: Vec<Missing>) -> Result<Vec<Written>, Diagnostics> {
        let mut errors = Diagnostics::default();
        let mut seen: BTreeSet<Addr> = BTreeSet::new();
        let mut out = Vec::new();
        for it in missing {
            if !seen.insert(it.wanted.addr.clone()) {
                let one = Diagnostic::error(format!("{} is imported twice", it.wanted.addr));
                let one = Diagnostic { place: it.wanted.place.clone(), ..one };
                errors.push(one.help("a resource is imported from one id"));
                continue;
            }
            out.extend(errors.take(self.write_one(it).await));
        }
        errors.check(out)
    }

    async fn write_one(&self, it: Missing) -> Result<Written, Diagnostics> {
        let Missing { wanted, provider } = it;
        let addr = wanted.addr.resource.clone();
        let kind = find(&addr, None)?;
        let name = provider.clone().unwrap_or_else(|| ProviderName::of_type(kind.name()));
        let name: ProviderAddr = self.request.config.provider(&addr.module, &name);
        let place = wanted.place.clone().unwrap_or_else(nowhere);
        let id = wanted.id.clone();
        let taken = take(kind, &name, vec![wanted], self.providers, &self.scope).await?;
        let Some((_, object)) = taken.into_iter().next() else {
            return Err(Diagnostic::error(format!("nothing came back of `{id}`")).about(&addr).into());
        };
        let region = region::of(kind.name(), &object.attributes);
        let provider_there =
            self.providers.at(&name, region.filter(|_| region::is_added(kind.name())), &self.scope);
        let terms = provider_there.await?.terms();
        let block = &kind.schema().block;
        let home = self.providers.get(&name, &self.scope).await?.terms().region;
        let prior = conform::from_state(&object.attributes, block);
        let prior = region::settled(kind.name(), prior, home.as_deref());
        let config = choose(kind, &terms, &addr, &prior, &place);
        let body = generate::of(block, &config, kind.framework());
        Ok(Written { addr, id, provider: provider.map(|it| it.to_string()), body })
    }
}

/// For what the command line names.
fn nowhere() -> Place {
    use crate::diag::SourceFile;
    Place::new(&std::sync::Arc::new(SourceFile { path: Default::default(), text: String::new() }), 0..0)
}
