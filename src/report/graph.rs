//! The configuration's dependencies, or a plan's, as a picture: what is drawn, before any language for
//! drawing. [`dot`] and [`mermaid`] write it down.

use std::collections::{BTreeMap, BTreeSet};

use crate::address::{Addr, ModulePath, ResourceAddr};
use crate::graph::{Graph, Item, Node};
use crate::plan::{Action, Change, Plan};

mod dot;
mod mermaid;
mod rings;

pub use dot::dot;
pub use mermaid::mermaid;

/// Vertices and arrows. An arrow leads from a vertex to what it depends on.
#[derive(Debug, Default, PartialEq)]
pub struct Picture {
    /// Those of one module stand together; the stack's own come first.
    pub vertices: Vec<Vertex>,
    /// Positions in `vertices`, sorted.
    pub arrows: BTreeSet<(usize, usize)>,
    /// The arrows that are part of a ring.
    pub rings: BTreeSet<(usize, usize)>,
}

#[derive(Debug, PartialEq)]
pub struct Vertex {
    pub module: ModulePath,
    /// The whole address.
    pub name: String,
    /// The address within the module.
    pub label: String,
    pub shape: Shape,
    /// What the plan does to it.
    pub action: Option<Action>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Resource,
    Provider,
    /// A variable, a local value, an output.
    Value,
    /// A module's call, a check.
    Other,
}

impl Picture {
    /// The resources and data sources alone, as `terraform graph` shows them: what lies between two of
    /// them (values, providers, modules) is an arrow, and what other arrows say already is left out.
    pub fn of_resources(graph: &Graph, draw_rings: bool) -> Picture {
        let resources = graph.direct.keys().filter_map(|it| match &it.item {
            Item::Resource(addr) => Some((addr, it)),
            _ => None,
        });
        let mut all: Vec<(&ResourceAddr, &Node)> = resources.collect();
        all.sort_by_cached_key(|it| {
            (module_name(&it.0.module), it.0.mode, it.0.kind.clone(), it.0.name.clone())
        });
        let at: BTreeMap<&ResourceAddr, usize> = all.iter().enumerate().map(|(i, it)| (it.0, i)).collect();
        let mut arrows = BTreeSet::new();
        for (from, (_, node)) in all.iter().enumerate() {
            let near = nearest(graph, node);
            arrows.extend(near.iter().filter_map(|it| Some((from, *at.get(it)?))));
        }
        let vertices = all.iter().map(|it| resource(it.0)).collect();
        Picture::new(vertices, arrows, draw_rings)
    }

    /// Everything that a plan evaluates: resources, variables, local values, outputs, providers, calls of
    /// modules. With `backwards`, what is destroyed before what.
    pub fn of_all(graph: &Graph, backwards: bool, draw_rings: bool) -> Picture {
        let mut nodes: Vec<&Node> = graph.direct.keys().collect();
        nodes.sort_by_cached_key(|it| (module_name(&it.module), it.to_string()));
        let at: BTreeMap<&Node, usize> = nodes.iter().enumerate().map(|(i, it)| (*it, i)).collect();
        let both = |from: &Node, to: &Node| {
            let pair = (*at.get(from)?, *at.get(to)?);
            let resources = matches!((&from.item, &to.item), (Item::Resource(_), Item::Resource(_)));
            Some(if backwards && resources { (pair.1, pair.0) } else { pair })
        };
        let direct = graph.direct.iter().flat_map(|(from, to)| to.iter().map(move |to| (from, to)));
        let arrows = direct.filter_map(|(from, to)| both(from, to)).collect();
        Picture::new(nodes.iter().map(|it| any(it)).collect(), arrows, draw_rings)
    }

    /// What an apply of a plan does, instance by instance.
    pub fn of_plan(plan: &Plan) -> Picture {
        let mut changes: Vec<&Change> = plan.changes.iter().collect();
        changes.sort_by_cached_key(|it| {
            let resource = &it.addr.resource;
            let name = (resource.mode, resource.kind.clone(), resource.name.clone(), it.addr.key.clone());
            (module_name(&resource.module), name, it.deposed.clone())
        });
        let mut at: BTreeMap<ResourceAddr, Vec<usize>> = BTreeMap::new();
        for (i, it) in changes.iter().enumerate() {
            at.entry(it.addr.resource.as_written()).or_default().push(i);
        }
        let mut arrows = BTreeSet::new();
        for (from, it) in changes.iter().enumerate() {
            let found = it.dependencies.iter().filter_map(|it| at.get(&it.as_written())).flatten();
            let near = found.filter(|to| **to != from && meet(&it.addr, &changes[**to].addr));
            arrows.extend(near.map(|to| (from, *to)));
        }
        Picture::new(changes.iter().map(|it| instance(it)).collect(), arrows, false)
    }

    fn new(vertices: Vec<Vertex>, arrows: BTreeSet<(usize, usize)>, draw_rings: bool) -> Picture {
        let rings = rings::found(vertices.len(), &arrows);
        let arrows = rings::reduced(vertices.len(), &arrows, &rings);
        Picture { vertices, arrows, rings: if draw_rings { rings } else { BTreeSet::new() } }
    }
}

/// The resources that a node refers to itself, or through what is no resource.
fn nearest<'a>(graph: &'a Graph, of: &Node) -> BTreeSet<&'a ResourceAddr> {
    let mut out = BTreeSet::new();
    let mut seen: BTreeSet<&Node> = BTreeSet::new();
    let mut open: Vec<&Node> = graph.refers(of).iter().collect();
    while let Some(node) = open.pop() {
        match &node.item {
            Item::Resource(it) => drop(out.insert(it)),
            _ if seen.insert(node) => open.extend(graph.refers(node)),
            _ => {}
        }
    }
    out
}

/// Two instances of modules have to do with each other where they are in the same instance of every
/// module that both are in.
fn meet(one: &Addr, other: &Addr) -> bool {
    let both = one.resource.module.iter().zip(&other.resource.module);
    both.take_while(|(a, b)| a.0 == b.0).all(|(a, b)| a.1 == b.1)
}

fn module_name(path: &ModulePath) -> String {
    path.iter().map(|(name, key)| format!("module.{name}{key}")).collect::<Vec<_>>().join(".")
}

/// The address without the module.
fn within(addr: &ResourceAddr) -> ResourceAddr {
    ResourceAddr { module: ModulePath::new(), ..addr.clone() }
}

fn resource(addr: &ResourceAddr) -> Vertex {
    Vertex {
        module: addr.module.clone(),
        name: addr.to_string(),
        label: within(addr).to_string(),
        shape: Shape::Resource,
        action: None,
    }
}

fn instance(change: &Change) -> Vertex {
    let addr = &change.addr;
    let deposed = change.deposed.as_ref().map(|it| format!(" (deposed {it})")).unwrap_or_default();
    let label = within(&addr.resource).instance(addr.key.clone());
    Vertex {
        module: addr.resource.module.clone(),
        name: format!("{addr}{deposed}"),
        label: format!("{label}{deposed}"),
        shape: Shape::Resource,
        action: Some(change.action),
    }
}

fn any(node: &Node) -> Vertex {
    let shape = match &node.item {
        Item::Resource(addr) => return resource(addr),
        Item::Provider(_) => Shape::Provider,
        Item::Variable(_) | Item::Local(_) | Item::Output(_) => Shape::Value,
        Item::Call(_) | Item::Whole(_) | Item::Check(_) => Shape::Other,
    };
    // The call and the whole of a module would have one name.
    let end = if matches!(node.item, Item::Whole(_)) { " (all of it)" } else { "" };
    let alone = Node { module: ModulePath::new(), item: node.item.clone() };
    Vertex {
        module: node.module.clone(),
        name: format!("{node}{end}"),
        label: format!("{alone}{end}"),
        shape,
        action: None,
    }
}

/// What happens to it, in one word; none where it stays as it is.
fn word(action: Action) -> Option<&'static str> {
    Some(match action {
        Action::NoOp => return None,
        Action::Create => "create",
        Action::Read => "read",
        Action::Update => "update",
        Action::Replace => "replace",
        Action::CreateThenDelete => "replace, new one first",
        Action::Delete => "destroy",
        Action::Forget => "forget",
    })
}

/// The colours of a vertex by what happens to it: inside, and its edge.
fn colours(action: Action) -> (&'static str, &'static str) {
    match action {
        Action::NoOp => ("#ffffff", "#8c959f"),
        Action::Create => ("#dafbe1", "#1a7f37"),
        Action::Update => ("#fff8c5", "#9a6700"),
        Action::Replace | Action::CreateThenDelete => ("#ffe7d1", "#bc4c00"),
        Action::Delete => ("#ffebe9", "#cf222e"),
        Action::Read => ("#ddf4ff", "#0969da"),
        Action::Forget => ("#eaeef2", "#57606a"),
    }
}
