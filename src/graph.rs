//! What depends on what: the configuration's graph, its order and its cycles. Pure.

use std::collections::{BTreeMap, BTreeSet, HashSet};
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
    /// What each node refers to itself, sorted.
    pub direct: BTreeMap<Node, Box<[Node]>>,
    /// For each resource, without keys: all resources it depends on, directly or not, each with how many of
    /// the modules around both are the same instances, [`Graph::shared`].
    closure: BTreeMap<ResourceAddr, Below>,
}

/// What something depends on, sorted, each with how many modules are shared.
type Below = Box<[(ResourceAddr, usize)]>;

impl Graph {
    /// The graph, and what is wrong with it: every reference to something undeclared, every cycle
    /// with its ring. What stands in a ring, or depends on one, is missing from the order.
    pub fn of(config: &Config) -> (Graph, Diagnostics) {
        let mut errors = Diagnostics::default();
        let mut direct: BTreeMap<Node, BTreeSet<Node>> = BTreeMap::new();
        let mut places = BTreeMap::new();
        for (node, references) in references::all(config, &mut errors) {
            for (to, place) in references {
                places.entry((node.clone(), to.clone())).or_insert(place);
                direct.entry(node.clone()).or_default().insert(to);
            }
            direct.entry(node).or_default();
        }
        let (order, rings) = order::sorted(&direct);
        errors.extend(rings.iter().map(|it| cycle(it, &places)));
        // Nothing is added any more, and sets of one or two take many times their room.
        let direct = direct.into_iter().map(|(node, to)| (node, to.into_iter().collect())).collect();
        let closure = closure(&order, &direct);
        (Graph { order, direct, closure }, errors)
    }

    /// What a resource depends on, directly or not; none where the configuration lacks it.
    pub fn dependencies(&self, of: &ResourceAddr) -> impl Iterator<Item = &ResourceAddr> {
        self.below(of).iter().map(|it| &it.0)
    }

    /// Whether these are the dependencies of a resource, in any order.
    pub fn needs_just(&self, of: &ResourceAddr, all: &[ResourceAddr]) -> bool {
        self.below(of).len() == all.len() && all.iter().all(|it| self.step(of, it).is_some())
    }

    fn below(&self, of: &ResourceAddr) -> &[(ResourceAddr, usize)] {
        let found = self.closure.get(of).or_else(|| self.closure.get(&of.as_written()));
        found.map(|it| &**it).unwrap_or_default()
    }

    fn step(&self, of: &ResourceAddr, on: &ResourceAddr) -> Option<usize> {
        let below = self.below(of);
        below.binary_search_by(|it| it.0.cmp(on)).ok().map(|at| below[at].1)
    }

    /// In how many of the modules around it, from the root on, an instance of `of` needs only those instances
    /// of `on` that are in the same instances of these modules. None at all is what is known of everything: an
    /// instance in `module.a["x"].module.b[0]` that gets at the other by references within `module.a` only
    /// needs none of those in `module.a["y"]`, and this is 1.
    pub fn shared(&self, of: &ResourceAddr, on: &ResourceAddr) -> usize {
        self.step(of, &on.as_written()).unwrap_or_default()
    }

    /// What a node refers to itself.
    pub fn refers(&self, of: &Node) -> &[Node] {
        self.direct.get(of).map(|it| &**it).unwrap_or_default()
    }

    /// All resources that something refers to itself.
    pub fn referred(&self) -> HashSet<ResourceAddr> {
        let all = self.direct.values().flat_map(|it| it.iter());
        all.filter_map(|it| match &it.item {
            Item::Resource(addr) => Some(addr.clone()),
            _ => None,
        })
        .collect()
    }

    /// The resources that a node refers to itself, or through locals, variables and providers only.
    pub fn nearest(&self, of: &Node) -> BTreeSet<ResourceAddr> {
        let mut out = BTreeSet::new();
        let mut open: Vec<&Node> = self.refers(of).iter().collect();
        while let Some(node) = open.pop() {
            match &node.item {
                Item::Resource(it) => drop(out.insert(it.clone())),
                _ => open.extend(self.refers(node)),
            }
        }
        out
    }
}

fn closure(order: &[Node], direct: &BTreeMap<Node, Box<[Node]>>) -> BTreeMap<ResourceAddr, Below> {
    let mut all: BTreeMap<&Node, Below> = BTreeMap::new();
    for node in order {
        let mut mine: BTreeMap<ResourceAddr, usize> = BTreeMap::new();
        // Of several ways to the same resource the one that leads farthest out counts.
        let mut add = |addr: &ResourceAddr, shared: usize| match mine.get_mut(addr) {
            Some(it) => *it = shared.min(*it),
            None => drop(mine.insert(addr.clone(), shared)),
        };
        for to in direct.get(node).into_iter().flat_map(|it| it.iter()) {
            let step = together(node, to);
            for (addr, shared) in all.get(to).into_iter().flat_map(|it| it.iter()) {
                add(addr, step.min(*shared));
            }
            if let Item::Resource(it) = &to.item {
                add(it, step);
            }
        }
        all.insert(node, mine.into_iter().collect());
    }
    let resources = all.into_iter().filter_map(|(node, it)| match &node.item {
        Item::Resource(addr) => Some((addr.clone(), it)),
        _ => None,
    });
    resources.collect()
}

/// How many modules from the root on are the same instances on both ends of a reference.
fn together(from: &Node, to: &Node) -> usize {
    // What a variable is passed is said where its module is called.
    let outside = matches!(from.item, Item::Variable(_));
    let from = &from.module[..from.module.len() - usize::from(outside && !from.module.is_empty())];
    from.iter().zip(&to.module).take_while(|(one, other)| one.0 == other.0).count()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Key;

    fn within(modules: &[&str]) -> ModulePath {
        modules.iter().map(|it| ((*it).into(), Key::None)).collect()
    }

    fn queue(modules: &[&str], name: &str) -> ResourceAddr {
        ResourceAddr::managed("aws_sqs_queue", name).within(&within(modules))
    }

    /// From the references, those that come first first.
    fn shared(all: &[(Node, Node)], of: &ResourceAddr, on: &ResourceAddr) -> usize {
        let mut direct: BTreeMap<Node, BTreeSet<Node>> = BTreeMap::new();
        for (from, to) in all {
            direct.entry(from.clone()).or_default().insert(to.clone());
            direct.entry(to.clone()).or_default();
        }
        let (order, rings) = order::sorted(&direct);
        assert!(rings.is_empty());
        let direct = direct.into_iter().map(|(node, to)| (node, to.into_iter().collect())).collect();
        let closure = closure(&order, &direct);
        let graph = Graph { order, direct, closure };
        assert!(graph.dependencies(of).any(|it| it == on), "{graph:?}");
        graph.shared(of, on)
    }

    #[test]
    fn what_stays_in_a_module_needs_its_own_instance_only() {
        let (one, two) = (queue(&["a", "b"], "one"), queue(&["a", "b"], "two"));
        let local = Node::new(&within(&["a", "b"]), Item::Local("l".into()));
        let direct = (Node::resource(&two), Node::resource(&one));
        assert_eq!(shared(&[direct], &two, &one), 2);
        let by_local = [(Node::resource(&two), local.clone()), (local, Node::resource(&one))];
        assert_eq!(shared(&by_local, &two, &one), 2);
    }

    #[test]
    fn what_goes_through_the_caller_needs_all_that_the_caller_has() {
        let (one, two) = (queue(&["a", "b"], "one"), queue(&["a", "b"], "two"));
        let inner = within(&["a", "b"]);
        let variable = Node::new(&inner, Item::Variable("v".into()));
        let output = Node::new(&inner, Item::Output("o".into()));
        // `module.a` passes an instance of `module.b` what another one gives.
        let round = [
            (Node::resource(&two), variable.clone()),
            (variable.clone(), output.clone()),
            (output.clone(), Node::resource(&one)),
        ];
        assert_eq!(shared(&round, &two, &one), 1);
        // However short another way is.
        let both = [round.as_slice(), &[(Node::resource(&two), Node::resource(&one))]].concat();
        assert_eq!(shared(&both, &two, &one), 1);
        // The same by the root module.
        let local = Node::new(&within(&[]), Item::Local("l".into()));
        let root = [
            (Node::resource(&two), variable.clone()),
            (variable, local.clone()),
            (local, output.clone()),
            (output, Node::resource(&one)),
        ];
        assert_eq!(shared(&root, &two, &one), 0);
    }

    #[test]
    fn what_says_how_often_a_module_is_there_is_needed_as_a_whole() {
        let (one, two) = (queue(&["a"], "one"), queue(&["a", "b"], "two"));
        let call = Node::new(&within(&["a"]), Item::Call("b".into()));
        let all = [(Node::resource(&two), call.clone()), (call, Node::resource(&one))];
        assert_eq!(shared(&all, &two, &one), 1);
        let (other, call) = (queue(&["c"], "x"), Node::new(&within(&[]), Item::Call("a".into())));
        let all = [(Node::resource(&two), call.clone()), (call, Node::resource(&other))];
        assert_eq!(shared(&all, &two, &other), 0);
    }
}
