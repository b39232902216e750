//! Which data sources have to wait for the apply although all they ask for is known: those that
//! depend on something that is about to change.

use std::collections::BTreeSet;

use crate::address::{Addr, Mode, ModulePath, ResourceAddr, as_written};
use crate::config::Resource;
use crate::graph::{Graph, Item, Node};

use super::Planner;

impl Planner<'_> {
    /// Whether something that a data source depends on changes.
    pub(super) fn must_wait(&self, resource: &Resource, addr: &Addr) -> bool {
        self.awaited(resource).iter().any(|it| self.changes_for(it, &addr.resource.module))
    }

    /// The managed resources that a data source waits for: those it names itself, in `depends_on` or
    /// in its settings, and what `depends_on` of the calls of its modules names. What it reaches
    /// through locals and outputs only is its values: those are known or they are not.
    fn awaited(&self, resource: &Resource) -> BTreeSet<ResourceAddr> {
        let graph = self.request.graph;
        let lifecycle = &resource.lifecycle;
        if !lifecycle.preconditions.is_empty() || !lifecycle.postconditions.is_empty() {
            // A change far away may be what makes a condition hold.
            return graph.dependencies(&resource.addr).filter(|it| is_managed(it)).cloned().collect();
        }
        let mut out = BTreeSet::new();
        for it in graph.refers(&Node::resource(&resource.addr)) {
            note(graph, it, &mut out);
        }
        let root = self.request.config;
        for depth in 0..resource.addr.module.len() {
            let Some(caller) = root.module(&resource.addr.module[..depth]) else { continue };
            let call = caller.modules.get(&*resource.addr.module[depth].0);
            for it in call.into_iter().flat_map(|it| &it.depends_on) {
                if let Some(node) = node(&caller.path, &it.path) {
                    note(graph, &node, &mut out);
                }
            }
        }
        out
    }

    /// Whether anything happens to a resource, as one instance of a module sees it: what other
    /// instances of the same module do is not its business.
    fn changes_for(&self, wanted: &ResourceAddr, from: &ModulePath) -> bool {
        let here = |it: &ModulePath| it == from || as_written(it) != as_written(from);
        let planned = self.pending.get(wanted).into_iter().flatten();
        if planned.map(|at| &self.changes[*at]).any(|it| here(&it.addr.resource.module)) {
            return true;
        }
        // What goes because it is not in the stack any more has no planned change yet.
        let held = self.state.resources.iter();
        let held = held.filter(|it| it.0.as_written() == *wanted && here(&it.0.module));
        held.flat_map(|(addr, it)| it.instances.iter().map(move |it| (addr, it))).any(|(addr, (key, it))| {
            !it.deposed.is_empty() || it.current.is_some() && !self.is_planned(&addr.instance(key.clone()))
        })
    }

    fn is_planned(&self, addr: &Addr) -> bool {
        self.changes.iter().any(|it| it.addr == *addr) || self.skips(addr)
    }
}

fn is_managed(addr: &ResourceAddr) -> bool {
    addr.mode == Mode::Managed
}

/// The node that an entry of `depends_on` stands for.
fn node(module: &ModulePath, path: &[String]) -> Option<Node> {
    match path {
        [word, name, ..] if word == "module" => Some(Node::new(module, Item::Whole(name.clone()))),
        [kind, name] => Some(Node::resource(&ResourceAddr::managed(kind, name).within(module))),
        _ => None,
    }
}

/// A resource is waited for itself; for a module, everything before its end.
fn note(graph: &Graph, node: &Node, out: &mut BTreeSet<ResourceAddr>) {
    match &node.item {
        Item::Resource(it) if is_managed(it) => drop(out.insert(it.clone())),
        Item::Whole(_) => {
            let mut seen = BTreeSet::new();
            let mut open = vec![node];
            while let Some(node) = open.pop() {
                for it in graph.refers(node).iter().filter(|it| seen.insert(*it)) {
                    if let Item::Resource(addr) = &it.item
                        && is_managed(addr)
                    {
                        out.insert(addr.clone());
                    }
                    open.push(it);
                }
            }
        }
        _ => {}
    }
}
