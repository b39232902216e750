//! `import` blocks: what exists at AWS, put into the state that the plan is made from.

use std::collections::BTreeSet;

use crate::address::{Addr, Key, ResourceAddr};
use crate::config::{Config, Import, Resource, Syntax, targets};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::import::{Wanted, take};
use crate::kind;
use crate::lang::{Kind as Is, Type, Value};
use crate::plan::expand;
use crate::plan::scope::{Instance, Within};

use super::{Planner, Reach};

/// What is wrong with imports however their expressions come out.
pub fn check(root: &Config) -> Diagnostics {
    let mut errors = Diagnostics::default();
    for it in &root.imports {
        let Ok(addr) = targets::resource_of(&it.to) else { continue };
        if root.resource(&addr).is_none() {
            if !root.refused.contains(&*addr.kind) {
                errors.push(unwritten(root, &addr, it));
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

fn unwritten(root: &Config, addr: &ResourceAddr, it: &Import) -> Diagnostic {
    let one = Diagnostic::error(format!("`{addr}` is imported, and the stack does not have it"));
    let header = root.written(&[&addr.kind, &addr.name]);
    let write = format!("write what it is to be: {header} with its arguments");
    let can = addr.module.is_empty() && targets::keys_of(&it.to).is_empty() && it.for_each.is_none();
    let help = match (can, root.syntax) {
        (false, _) => write,
        (true, Syntax::Toml) => {
            format!("{write}; or have it written: `infra plan --generate-config-out {FILE}.stack.toml`")
        }
        (true, Syntax::Hcl) => {
            format!("{write}; or have it written: `infra plan --generate-config-out {FILE}.tf`")
        }
    };
    one.at(&it.to.place).help(help)
}

/// A name to propose for the file of generated resources.
const FILE: &str = "generated";

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
        wanted.retain(|it: &Wanted| !self.skips(&it.addr) && self.state.object(&it.addr).is_none());
        let mut seen = BTreeSet::new();
        for it in &wanted {
            if !seen.insert(&it.addr) {
                let one = Diagnostic::error(format!("{} is imported twice", it.addr));
                let one = Diagnostic { place: it.place.clone(), ..one };
                self.errors.push(one.help("a resource is imported from one id"));
            }
        }
        let Some(kind) = kind::resource(&resource.addr.kind) else { return };
        for it in &wanted {
            self.errors.take(it.key(kind).map_err(Into::into));
        }
        if wanted.is_empty() || self.reach == Reach::Offline || self.errors.has_errors() {
            return;
        }
        let name = self.request.config.provider_of(resource);
        let taken = take(kind, &name, wanted, self.providers, &self.scope).await;
        for (it, object) in self.errors.take(taken).unwrap_or_default() {
            self.state.set(&it.addr, &name.state_name(), Some(object));
            self.imported.insert(it.addr.clone(), it);
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
                Diagnostic { place: it.place.clone(), ..one.help(help) }
            })
            .collect();
        self.errors.extend(wrong);
    }
}

/// One instance: its address and its id.
pub(super) fn one(import: &Import, env: &Within<'_>, lenient: bool) -> Result<Option<Wanted>, Diagnostics> {
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
    Ok(Some(Wanted { addr, id, place: Some(import.place.clone()) }))
}
