//! What depends on what: the configuration's graph, its order and its cycles. Pure.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::address::{ModulePath, ResourceAddr};
use crate::config::{Config, ProviderName};
use crate::diag::{Diagnostic, Diagnostics, Place};

pub mod order;
mod references;

pub use references::{References, undeclared};

/// Something that is evaluated once all it refers to has been: for all instances of its module.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Node {
    /// Without keys.
    pub module: ModulePath,
    pub item: Item,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    /// The repetition of a module that is called here: every node in that module needs it.
    Call(String),
    Variable(String),
    Local(String),
    Provider(ProviderName),
    Resource(ResourceAddr),
    Output(String),
    Check(String),
    /// All of a module that is called here: what `depends_on` names.
    Whole(String),
}

impl Node {
    pub fn new(module: &ModulePath, item: Item) -> Node {
        Node { module: module.clone(), item }
    }
    pub fn resource(addr: &ResourceAddr) -> Node {
        Node { module: addr.module.clone(), item: Item::Resource(addr.clone()) }
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Item::Resource(it) = &self.item {
            return write!(f, "{it}");
        }
        self.module.iter().try_for_each(|it| write!(f, "module.{}.", it.0))?;
        match &self.item {
            Item::Call(it) | Item::Whole(it) => write!(f, "module.{it}"),
            Item::Variable(it) => write!(f, "var.{it}"),
            Item::Local(it) => write!(f, "local.{it}"),
            Item::Provider(it) => write!(f, "provider.{it}"),
            Item::Resource(it) => write!(f, "{it}"),
            Item::Output(it) => write!(f, "output.{it}"),
            Item::Check(it) => write!(f, "check.{it}"),
        }
    }
}

/// The configuration's nodes in an order in which each comes after what it depends on.
#[derive(Debug, Default)]
pub struct Graph {
    pub order: Vec<Node>,
    /// What each node refers to itself.
    pub direct: BTreeMap<Node, BTreeSet<Node>>,
    /// For each resource, without keys: all resources it depends on, directly or not.
    pub closure: BTreeMap<ResourceAddr, BTreeSet<ResourceAddr>>,
}

impl Graph {
    /// The graph, and what is wrong with it: every reference to something undeclared, every cycle
    /// with its ring. What stands in a ring, or depends on one, is missing from the order.
    pub fn of(config: &Config) -> (Graph, Diagnostics) {
        let mut errors = Diagnostics::default();
        let mut direct = BTreeMap::new();
        let mut places = BTreeMap::new();
        for (node, references) in references::all(config, &mut errors) {
            for (to, place) in references {
                places.entry((node.clone(), to.clone())).or_insert(place);
                direct.entry(node.clone()).or_insert_with(BTreeSet::new).insert(to);
            }
            direct.entry(node).or_default();
        }
        let (order, rings) = order::sorted(&direct);
        errors.extend(rings.iter().map(|it| cycle(it, &places)));
        let closure = closure(&order, &direct);
        (Graph { order, direct, closure }, errors)
    }

    /// What a resource depends on, directly or not; none where the configuration lacks it.
    pub fn dependencies(&self, of: &ResourceAddr) -> impl Iterator<Item = &ResourceAddr> {
        let found = self.closure.get(of).or_else(|| self.closure.get(&of.as_written()));
        found.into_iter().flatten()
    }

    /// The resources that a node refers to itself, or through locals, variables and providers only.
    pub fn nearest(&self, of: &Node) -> BTreeSet<ResourceAddr> {
        let mut out = BTreeSet::new();
        let mut open: Vec<&Node> = self.direct.get(of).into_iter().flatten().collect();
        while let Some(node) = open.pop() {
            match &node.item {
                Item::Resource(it) => drop(out.insert(it.clone())),
                _ => open.extend(self.direct.get(node).into_iter().flatten()),
            }
        }
        out
    }
}

fn closure(
    order: &[Node],
    direct: &BTreeMap<Node, BTreeSet<Node>>,
) -> BTreeMap<ResourceAddr, BTreeSet<ResourceAddr>> {
    let mut all: BTreeMap<&Node, BTreeSet<ResourceAddr>> = BTreeMap::new();
    for node in order {
        let mut mine = BTreeSet::new();
        for to in direct.get(node).into_iter().flatten() {
            mine.extend(all.get(to).into_iter().flatten().cloned());
            if let Item::Resource(it) = &to.item {
                mine.insert(it.clone());
            }
        }
        all.insert(node, mine);
    }
    let resources = all.into_iter().filter_map(|(node, it)| match &node.item {
        Item::Resource(addr) => Some((addr.clone(), it)),
        _ => None,
    });
    resources.collect()
}

fn cycle(ring: &[Node], places: &BTreeMap<(Node, Node), Place>) -> Diagnostic {
    let names: Vec<String> = ring.iter().chain(ring.first()).map(Node::to_string).collect();
    let one = Diagnostic::error(format!("these depend on each other: {}", names.join(" → ")));
    let one = match ring {
        [only] => one.label(format!("{only} refers to itself")),
        _ => one.label("one of the references of the ring"),
    };
    let one = one.help(match ring {
        [Node { item: Item::Resource(_), .. }] => "a resource cannot use what it is itself; in its provisioners and postconditions, write `self`",
        _ => "break the ring: take one of the references out, or move it to a resource of its own (a security group's rule, for instance)",
    });
    let next = ring.get(1).or(ring.first());
    match ring.first().zip(next).and_then(|(a, b)| places.get(&(a.clone(), b.clone()))) {
        Some(place) => one.at(place),
        None => one,
    }
}
