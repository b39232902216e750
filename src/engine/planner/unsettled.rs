//! Repetitions that are not known yet: what has to be made first, so that they are.

use std::collections::BTreeSet;

use crate::address::{Mode, ModulePath, ResourceAddr};
use crate::config::{Config, Repeat};
use crate::diag::{Diagnostics, Place};
use crate::graph::{Item, Node};
use crate::lang::Expr;
use crate::plan::expand;

use super::{Planner, Reach};

/// A `count` or `for_each` that cannot be told yet.
struct Unsettled {
    place: Place,
    /// What is repeated, where that is a resource.
    resource: Option<ResourceAddr>,
    /// The resources its value comes from, all the way up, those that change.
    needs: BTreeSet<ResourceAddr>,
}

impl Planner<'_> {
    /// The resources whose apply would tell more about the repetitions that are not known yet. None
    /// where something else is wrong, too. The errors learn to say so.
    pub(super) fn first(&self, errors: &mut Diagnostics) -> Vec<ResourceAddr> {
        if self.reach == Reach::Offline {
            return Vec::new();
        }
        let all = self.unsettled();
        let ours = |place: &Option<Place>| all.iter().any(|it| place.as_ref() == Some(&it.place));
        let others = errors.0.iter().any(|it| it.is_error() && !ours(&it.place));
        for error in &mut errors.0 {
            let found = all.iter().find(|it| error.place.as_ref() == Some(&it.place));
            if let Some(it) = found.filter(|it| !it.needs.is_empty()) {
                let targets: Vec<String> = it.needs.iter().map(|it| format!("--target '{it}'")).collect();
                error.help = Some(format!(
                    "make what it depends on first: `infra apply {}`, then the rest; or let `infra apply --rounds` do both",
                    targets.join(" ")
                ));
            }
        }
        // What waits for another one comes in a later round.
        let open: BTreeSet<&ResourceAddr> = all.iter().filter_map(|it| it.resource.as_ref()).collect();
        let ready = all.iter().filter(|it| {
            let mut above = it.needs.iter().flat_map(|it| self.request.graph.dependencies(it).chain([it]));
            !above.any(|it| open.contains(it))
        });
        let first: BTreeSet<&ResourceAddr> = ready.flat_map(|it| &it.needs).collect();
        if others { Vec::new() } else { first.into_iter().cloned().collect() }
    }

    fn unsettled(&self) -> Vec<Unsettled> {
        let mut out = Vec::new();
        for config in self.request.config.all() {
            for path in self.scope.instances_of(&config.path) {
                let left = |it: &ResourceAddr| self.skipped(&it.clone().within(&path));
                for it in config.resources.values().filter(|it| !left(&it.addr)) {
                    out.extend(self.one(config, &path, &it.repeat, Some(&it.addr)));
                }
                for it in config.modules.values() {
                    out.extend(self.one(config, &path, &it.repeat, None));
                }
            }
        }
        out
    }

    fn one(
        &self,
        config: &Config,
        path: &ModulePath,
        repeat: &Repeat,
        resource: Option<&ResourceAddr>,
    ) -> Option<Unsettled> {
        let (Repeat::Count(expr) | Repeat::ForEach(expr)) = repeat else { return None };
        let known = expand::instances(repeat, &self.scope.module(path), true);
        if !matches!(known, Ok(None)) {
            return None;
        }
        let resource = resource.cloned();
        Some(Unsettled { place: expr.place.clone(), resource, needs: self.needs(config, expr) })
    }

    /// The resources that an expression's value comes from and that are about to change.
    fn needs(&self, config: &Config, expr: &Expr) -> BTreeSet<ResourceAddr> {
        let graph = self.request.graph;
        let mut out = BTreeSet::new();
        for node in expr.refs().iter().flat_map(|it| nodes(config, &it.path)) {
            let near = match &node.item {
                Item::Resource(it) => BTreeSet::from([it.clone()]),
                _ => graph.nearest(&node),
            };
            for addr in near {
                // A data source that waits does so for what it depends on.
                match addr.mode {
                    Mode::Managed => drop(out.insert(addr)),
                    Mode::Data => out.extend(graph.dependencies(&addr).cloned()),
                }
            }
        }
        out.retain(|it| it.mode == Mode::Managed && self.pending.contains_key(it));
        out
    }
}

/// The nodes that a reference in a module is about.
fn nodes(config: &Config, path: &[String]) -> Vec<Node> {
    let here = |item: Item| vec![Node::new(&config.path, item)];
    let names: Vec<&str> = path.iter().map(String::as_str).collect();
    match names.as_slice() {
        ["var", name, ..] => here(Item::Variable((*name).to_owned())),
        ["local", name, ..] => here(Item::Local((*name).to_owned())),
        ["data", kind, name, ..] => {
            vec![Node::resource(&ResourceAddr::data(kind, name).within(&config.path))]
        }
        ["module", name, rest @ ..] => {
            let Some(call) = config.modules.get(*name) else { return Vec::new() };
            let named = call.config.outputs.keys().filter(|it| rest.iter().take(2).any(|name| name == it));
            let mut named: Vec<&String> = named.collect();
            if named.is_empty() {
                named = call.config.outputs.keys().collect();
            }
            named.into_iter().map(|it| Node::new(&call.config.path, Item::Output(it.clone()))).collect()
        }
        ["each" | "count" | "self" | "path" | "terraform" | "infra" | "stack", ..] => Vec::new(),
        [kind, name, ..] => vec![Node::resource(&ResourceAddr::managed(kind, name).within(&config.path))],
        _ => Vec::new(),
    }
}
