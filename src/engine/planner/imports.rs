//! `import` blocks: what exists at AWS, read and put into the state that the plan is made from.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::address::{Addr, Key, ResourceAddr};
use crate::config::{Config, Import, Resource, targets};
use crate::diag::{Diagnostic, Diagnostics, Place};
use crate::engine::apply::as_provider;
use crate::engine::providers::Provider;
use crate::engine::refresh;
use crate::kind::{self, Kind};
use crate::lang::{Kind as Is, Type, Value};
use crate::plan::expand;
use crate::plan::scope::{Instance, Within};
use crate::resource::Status;
use crate::schema::region;
use crate::state::Object;

use super::{Planner, Reach};

/// One instance to import.
pub struct Wanted {
    pub addr: Addr,
    pub id: String,
    pub place: Place,
}

/// What is wrong with imports however their expressions come out.
pub fn check(root: &Config) -> Diagnostics {
    let mut errors = Diagnostics::default();
    for it in &root.imports {
        let Ok(addr) = targets::resource_of(&it.to) else { continue };
        if root.resource(&addr).is_none() {
            if !root.refused.contains(&*addr.kind) {
                errors.push(unwritten(&addr, &it.to.place));
            }
            continue;
        }
        if let Some((_, place)) = &it.provider {
            let one = Diagnostic::error(format!("`{addr}` says itself which provider configuration it uses"));
            errors.push(one.at(place).help("take `provider` out of the import"));
        }
        if it.for_each.is_some() && targets::keys_of(&it.to).is_empty() {
            let one =
                Diagnostic::error("an import with `for_each` needs a key in its `to`: all would become one");
            errors.push(one.at(&it.to.place).help(format!("write '{addr}[each.key]'")));
        }
    }
    errors
}

fn unwritten(addr: &ResourceAddr, place: &Place) -> Diagnostic {
    let one = Diagnostic::error(format!("`{addr}` is imported, and the stack does not have it")).at(place);
    one.help(format!("write what it is to be: [{}.{}] with its arguments", addr.kind, addr.name))
}

impl Planner<'_> {
    /// Takes up what is to be imported of a resource, before it is planned.
    pub(super) async fn import(&mut self, resource: &Resource) {
        let mut wanted = Vec::new();
        for it in &self.request.config.imports {
            let target = targets::resource_of(&it.to).map(|it| it.as_written());
            if target.is_ok_and(|it| it == resource.addr) {
                let found = self.wanted(it);
                wanted.extend(self.errors.take(found).unwrap_or_default());
            }
        }
        wanted
            .retain(|it: &Wanted| !self.skipped(&it.addr.resource) && self.state.object(&it.addr).is_none());
        let mut seen = BTreeSet::new();
        for it in &wanted {
            if !seen.insert(&it.addr) {
                let one = Diagnostic::error(format!("{} is imported twice", it.addr)).at(&it.place);
                self.errors.push(one.help("a resource is imported from one id"));
            }
        }
        if wanted.is_empty() || self.reach == Reach::Offline || self.errors.has_errors() {
            return;
        }
        let Some(kind) = kind::resource(&resource.addr.kind) else { return };
        let name = self.request.config.provider_of(resource);
        let mut groups: BTreeMap<Option<String>, Vec<Wanted>> = BTreeMap::new();
        for mut it in wanted {
            let region =
                region::of_id(kind.name(), &it.id).map(|(id, region)| (id.to_owned(), region.to_owned()));
            let (id, region) = region.map_or((None, None), |it| (Some(it.0), Some(it.1)));
            it.id = id.unwrap_or(it.id);
            groups.entry(region).or_default().push(it);
        }
        for (region, wanted) in groups {
            let provider = self.providers.at(&name, region.as_deref(), &self.scope).await;
            let Some(provider) = self.errors.take(provider) else { continue };
            let found = read(kind, &provider, &wanted).await;
            for (it, mut object) in wanted.into_iter().zip(self.errors.take(found).unwrap_or_default()) {
                region::note(kind.name(), &mut object.attributes, region.as_deref());
                self.state.set(&it.addr, &name.state_name(), Some(object));
                self.imported.insert(it.addr.clone(), it);
            }
        }
    }

    /// The instances that a block imports; none where they are not known and need not be.
    fn wanted(&self, import: &Import) -> Result<Vec<Wanted>, Diagnostics> {
        let root = || self.scope.module(&Vec::new());
        let lenient = self.reach == Reach::Offline;
        let Some(for_each) = &import.for_each else {
            let keys = targets::keys_of(&import.to);
            let mut refs = keys.iter().flat_map(|it| it.refs()).chain(import.id.refs());
            // What means nothing here is told with the other references.
            if refs.any(|it| it.path.first().is_some_and(|it| it == "each")) {
                return Ok(Vec::new());
            }
            let once = Instance { key: Key::None, value: Value::null(Type::Any) };
            return Ok(one(import, &Within::new(root(), &once), lenient)?.into_iter().collect());
        };
        let all = expand::instances_of_each(for_each, &root(), lenient)?;
        let mut errors = Diagnostics::default();
        let mut out = Vec::new();
        for it in all.unwrap_or_default() {
            let found = one(import, &Within::new(root(), &it), lenient);
            out.extend(errors.take(found).flatten());
        }
        errors.check(out)
    }

    /// Imports for which the plan has no instance.
    pub(super) fn unplanned_imports(&mut self) {
        let planned: BTreeSet<&Addr> = self.changes.iter().map(|it| &it.addr).collect();
        let lost = self.imported.values().filter(|it| !planned.contains(&it.addr));
        let wrong: Vec<Diagnostic> = lost
            .map(|it| {
                let one =
                    Diagnostic::error(format!("{} is imported, and the stack does not have it", it.addr));
                let help =
                    "`count` or `for_each` of the resource has no such key: add it there, or correct the key";
                one.at(&it.place).help(help)
            })
            .collect();
        self.errors.extend(wrong);
    }
}

/// One instance: its address and its id.
fn one(import: &Import, env: &Within<'_>, lenient: bool) -> Result<Option<Wanted>, Diagnostics> {
    let addr = targets::instance(&import.to, env)?;
    let value = import.id.eval(env)?;
    let wrong = |text: &str| Diagnostic::error(text).at(&import.id.place);
    let marks = value.deep_marks();
    if marks.sensitive || marks.ephemeral {
        let what = if marks.sensitive { "sensitive" } else { "ephemeral" };
        return Err(wrong(&format!("the id of an import cannot be {what}: it is shown")).into());
    }
    if value.is_unknown() {
        let text = "the id of an import depends on a value that is known only after apply";
        let help = "apply what it depends on first, with --target; or write the id itself";
        return if lenient { Ok(None) } else { Err(wrong(text).label("not known yet").help(help).into()) };
    }
    let id = match value.convert(&Type::String).map(|it| it.kind) {
        Ok(Is::String(id)) if !id.is_empty() => id.to_string(),
        Ok(Is::String(_)) => return Err(wrong("the id of an import is empty").into()),
        Ok(Is::Null(_)) => return Err(wrong("the id of an import is null").into()),
        _ => return Err(wrong(&format!("the id of an import is text, not a {}", value.ty())).into()),
    };
    Ok(Some(Wanted { addr, id, place: import.place.clone() }))
}

/// The objects at AWS, in the order of what is wanted; one that is not there is an error.
async fn read(kind: &dyn Kind, provider: &Provider, wanted: &[Wanted]) -> Result<Vec<Object>, Diagnostics> {
    let mut errors = Diagnostics::default();
    let about = |it: &Wanted, text: String| Diagnostic::error(text).at(&it.place).about(&it.addr);
    let mut keys = Vec::new();
    for it in wanted {
        let key = kind.import(&it.id);
        let key = key
            .map_err(|error| about(it, format!("`{}` is no id of a {}: {error}", it.id, kind.name())).into());
        keys.extend(errors.take(key));
    }
    errors.check(())?;
    let mut found = HashMap::new();
    for some in keys.chunks(kind.batch().max(1)) {
        found.extend(refresh::ask(kind, &provider.aws.exactly(true), some).await?);
    }
    refresh::fill_tags_exactly(kind, provider, &mut found).await?;
    provider.aws.forget();
    let mut out = Vec::new();
    for (it, key) in wanted.iter().zip(&keys) {
        match found.get(key) {
            Some(seen) if !matches!(seen.status, Status::Failed(_)) => {
                let live = refresh::live(kind, provider, &Value::object::<&str>([]), seen);
                let live = as_provider(kind, live);
                let version = kind.schema().version;
                out.push(Object { schema_version: version, attributes: live.to_json(), ..Object::default() });
            }
            _ => {
                let text = format!("there is no {} `{}`: it cannot be imported", kind.name(), it.id);
                let help = "check the id, and the region and account of its provider configuration";
                errors.push(about(it, text).help(help));
            }
        }
    }
    errors.check(out)
}
