//! Resource blocks for imports whose resource the stack does not have yet.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::address::{Addr, Key, ResourceAddr};
use crate::config::{Config, Import, ProviderAddr, ProviderName, targets};
use crate::diag::{Diagnostic, Diagnostics, Place, SourceFile, did_you_mean};
use crate::engine::import::{Wanted, choose, take};
use crate::engine::providers::Providers;
use crate::generate::{self, Body, Written};
use crate::kind::{self, Kind};
use crate::lang::{Expr, Type, Value};
use crate::plan::scope::{Instance, Within};
use crate::schema::{conform, region};
use crate::state::{Object, State};

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
    /// Reads all that is missing, those of one type together; the blocks keep the order.
    async fn write(&self, missing: Vec<Missing>) -> Result<Vec<Written>, Diagnostics> {
        let mut errors = Diagnostics::default();
        let mut order: BTreeMap<Addr, (usize, Option<ProviderName>)> = BTreeMap::new();
        let mut groups: BTreeMap<(String, ProviderAddr), Vec<Wanted>> = BTreeMap::new();
        for (at, Missing { wanted, provider }) in missing.into_iter().enumerate() {
            let addr = wanted.addr.clone();
            let kind = &addr.resource.kind;
            let name = provider.clone().unwrap_or_else(|| ProviderName::of_type(kind));
            let name = self.request.config.provider(&addr.resource.module, &name);
            if order.insert(addr.clone(), (at, provider)).is_some() {
                let one = Diagnostic::error(format!("{addr} is imported twice"));
                let one = Diagnostic { place: wanted.place.clone(), ..one };
                errors.push(one.help("a resource is imported from one id"));
            }
            groups.entry((kind.to_string(), name)).or_default().push(wanted);
        }
        errors.check(())?;
        let mut out = BTreeMap::new();
        for ((kind, name), wanted) in groups {
            let Some(kind) = kind::resource(&kind) else { continue };
            let taken = take(kind, &name, wanted, self.providers, &self.scope).await;
            for (it, object) in errors.take(taken).unwrap_or_default() {
                let (at, provider) = order.get(&it.addr).cloned().unwrap_or_default();
                let body = errors.take(self.body(kind, &name, &it, &object).await);
                let block = |body| Written {
                    addr: it.addr.resource.clone(),
                    id: it.id.clone(),
                    provider: provider.map(|it| it.to_string()),
                    body,
                };
                out.extend(body.map(block).map(|it| (at, it)));
            }
        }
        errors.check(out.into_values().collect())
    }

    /// What a block says that asks for an object as it is.
    async fn body(
        &self,
        kind: &dyn Kind,
        name: &ProviderAddr,
        it: &Wanted,
        object: &Object,
    ) -> Result<Body, Diagnostics> {
        let attributes = object.attributes.json();
        let away = region::of(kind.name(), &attributes).filter(|_| region::is_added(kind.name()));
        let terms = self.providers.at(name, away, &self.scope).await?.terms();
        let home = self.providers.get(name, &self.scope).await?.terms().region;
        let block = &kind.schema().block;
        let prior = conform::from_state(&attributes, block);
        let prior = region::settled(kind.name(), prior, home.as_deref());
        let place = it.place.clone().unwrap_or_else(nowhere);
        let config = choose(kind, &terms, &it.addr.resource, &prior, &place);
        Ok(generate::of(block, &config, kind.framework()))
    }
}

/// For what the command line names.
fn nowhere() -> Place {
    Place::new(&Arc::new(SourceFile { path: Default::default(), text: String::new() }), 0..0)
}
