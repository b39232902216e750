//! One move as stated: from where to where, and which statement has to come before which.

use std::collections::{BTreeMap, BTreeSet};

use crate::address::{Addr, Key, ModulePath, ResourceAddr, Target};
use crate::config::Config;
use crate::diag::Place;
use crate::graph::order;

/// A `moved` block, or a move that goes without saying.
#[derive(Debug, Clone)]
pub struct Statement<'c> {
    /// The module that says it, as written: it holds for every instance of it.
    pub within: ModulePath,
    pub from: Subject,
    pub to: Subject,
    /// Where it stands, and where its two addresses do; nowhere for one that goes without saying.
    pub stated: Option<Stated<'c>>,
}

#[derive(Debug, Clone, Copy)]
pub struct Stated<'c> {
    pub place: &'c Place,
    pub from: &'c Place,
    pub to: &'c Place,
}

/// What a statement is about, relative to its module. Both ends of a statement are of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A call of a module with all its instances; the last step's key means nothing.
    Call(ModulePath),
    /// One instance of a module.
    Module(ModulePath),
    /// A resource with all its instances.
    Resource(ResourceAddr),
    Instance(Addr),
}

impl Subject {
    /// Both ends, as whole as the less whole of them.
    pub fn pair(from: &Target, to: &Target) -> (Subject, Subject) {
        let part = |it: &Target| match it {
            Target::Instance(_) => true,
            Target::Module(path) => path.last().is_some_and(|it| it.1 != Key::None),
            Target::Resource(_) => false,
        };
        let one = part(from) || part(to);
        (Subject::of(from, one), Subject::of(to, one))
    }

    fn of(target: &Target, one: bool) -> Subject {
        match (target, one) {
            (Target::Module(path), true) => Subject::Module(path.clone()),
            (Target::Module(path), false) => Subject::Call(path.clone()),
            (Target::Resource(it), true) => Subject::Instance(it.instance(Key::None)),
            (Target::Resource(it), false) => Subject::Resource(it.clone()),
            (Target::Instance(it), _) => Subject::Instance(it.clone()),
        }
    }

    /// The modules on the way, without that which it names itself.
    fn way(&self) -> &[(std::sync::Arc<str>, Key)] {
        match self {
            Subject::Call(path) | Subject::Module(path) => path.split_last().map_or(&[], |it| it.1),
            Subject::Resource(it) => &it.module,
            Subject::Instance(it) => &it.resource.module,
        }
    }

    /// Whether it names this resource (of the state), or an instance of it.
    pub fn is_of(&self, within: &ModulePath, addr: &ResourceAddr) -> bool {
        let relative = strip(within, &addr.module);
        let same = |it: &ResourceAddr| {
            relative.is_some_and(|path| it.module == path)
                && (it.mode, &it.kind, &it.name) == (addr.mode, &addr.kind, &addr.name)
        };
        match self {
            Subject::Call(_) | Subject::Module(_) => false,
            Subject::Resource(it) => same(it),
            Subject::Instance(it) => same(&it.resource),
        }
    }
}

/// What is left of a path below a module, whatever the keys of the module.
fn strip<'p>(within: &ModulePath, path: &'p ModulePath) -> Option<&'p [(std::sync::Arc<str>, Key)]> {
    let (head, tail) = path.split_at_checked(within.len())?;
    head.iter().zip(within).all(|(a, b)| a.0 == b.0).then_some(tail)
}

/// Every `moved` block, callers' before those of the modules they call.
pub fn explicit(config: &Config) -> Vec<Statement<'_>> {
    let each = config.all().into_iter().flat_map(|config| {
        config.moved.iter().map(|it| {
            let (from, to) = Subject::pair(&it.from.0, &it.to.0);
            let stated = Stated { place: &it.place, from: &it.from.1, to: &it.to.1 };
            Statement { within: config.path.clone(), from, to, stated: Some(stated) }
        })
    });
    each.collect()
}

impl<'c> Statement<'c> {
    pub fn implied(from: Addr, to: Addr) -> Statement<'static> {
        Statement {
            within: ModulePath::new(),
            from: Subject::Instance(from),
            to: Subject::Instance(to),
            stated: None,
        }
    }

    /// Where a module of the state goes, with all that is in it.
    pub fn module_to(&self, path: &ModulePath) -> Option<ModulePath> {
        let tail = strip(&self.within, path)?;
        let (from, to, any) = match (&self.from, &self.to) {
            (Subject::Call(from), Subject::Call(to)) => (from, to, true),
            (Subject::Module(from), Subject::Module(to)) => (from, to, false),
            _ => return None,
        };
        let (own, below) = tail.split_at_checked(from.len())?;
        let ((last, way), (wanted, before)) = (own.split_last()?, from.split_last()?);
        if way != before || last.0 != wanted.0 || !any && last.1 != wanted.1 {
            return None;
        }
        let mut out = path[..self.within.len()].to_vec();
        out.extend(to.iter().cloned());
        if any && let Some(it) = out.last_mut() {
            it.1 = last.1.clone();
        }
        out.extend(below.iter().cloned());
        Some(out)
    }

    /// Where a resource of the state goes, with all its instances.
    pub fn resource_to(&self, addr: &ResourceAddr) -> Option<ResourceAddr> {
        let (Subject::Resource(_), Subject::Resource(to)) = (&self.from, &self.to) else { return None };
        self.from.is_of(&self.within, addr).then(|| self.absolute(to, &addr.module))
    }

    /// Where one instance of the state goes.
    pub fn instance_to(&self, addr: &Addr) -> Option<Addr> {
        let (Subject::Instance(from), Subject::Instance(to)) = (&self.from, &self.to) else { return None };
        let hit = from.key == addr.key && self.from.is_of(&self.within, &addr.resource);
        hit.then(|| self.absolute(&to.resource, &addr.resource.module).instance(to.key.clone()))
    }

    /// An address of this statement in the instance of its module that `beside` lies in.
    fn absolute(&self, it: &ResourceAddr, beside: &ModulePath) -> ResourceAddr {
        let mut module = beside[..self.within.len()].to_vec();
        module.extend(it.module.iter().cloned());
        it.clone().within(&module)
    }

    /// Whether this one comes after the other.
    fn follows(&self, before: &Statement<'_>) -> bool {
        let (a, b) = (self, before);
        if chains(a, &a.from, b, &b.to) {
            return true;
        }
        let nested = lies_in(a, &a.from, b, &b.to)
            || lies_in(a, &a.to, b, &b.to)
            || lies_in(b, &b.from, a, &a.from)
            || lies_in(b, &b.to, a, &a.from);
        if !nested {
            return false;
        }
        // A module that only changes its own key holds its nested moves at both addresses: those come
        // after it, and it does not come after them.
        let inside = a.within.len() + a.to.way().len() >= b.within.len() + b.to.way().len();
        inside || !a.rekeys()
    }

    /// Whether it only changes the key of a module.
    fn rekeys(&self) -> bool {
        match (&self.from, &self.to) {
            (Subject::Module(from), Subject::Module(to)) => {
                crate::address::as_written(from) == crate::address::as_written(to)
            }
            _ => false,
        }
    }
}

/// A step of a path: a name, and the key unless it may be any.
type Pattern = Vec<(std::sync::Arc<str>, Option<Key>)>;

/// The modules that a subject names, from the root on; for a module, itself included.
fn pattern(of: &Statement<'_>, subject: &Subject) -> Pattern {
    // An implied move is about one instance of its module, and says so.
    let exact = of.stated.is_none();
    let head = of.within.iter().map(|it| (it.0.clone(), exact.then(|| it.1.clone())));
    let mut out: Pattern = head.collect();
    let steps = |path: &[(std::sync::Arc<str>, Key)]| -> Pattern {
        path.iter().map(|it| (it.0.clone(), Some(it.1.clone()))).collect()
    };
    out.extend(steps(subject.way()));
    match subject {
        Subject::Call(path) => out.extend(path.last().map(|it| (it.0.clone(), None))),
        Subject::Module(path) => out.extend(steps(&path[path.len().saturating_sub(1)..])),
        Subject::Resource(_) | Subject::Instance(_) => {}
    }
    out
}

fn alike(a: &Pattern, b: &Pattern) -> bool {
    let same = |(a, b): (&(_, Option<Key>), &(_, Option<Key>))| {
        a.0 == b.0 && (a.1.is_none() || b.1.is_none() || a.1 == b.1)
    };
    a.len() == b.len() && a.iter().zip(b).all(same)
}

/// Whether what has arrived at `to` may go on from `from`.
fn chains(a: &Statement<'_>, from: &Subject, b: &Statement<'_>, to: &Subject) -> bool {
    if !alike(&pattern(a, from), &pattern(b, to)) {
        return false;
    }
    let same = |a: &ResourceAddr, b: &ResourceAddr| (a.mode, &a.kind, &a.name) == (b.mode, &b.kind, &b.name);
    match (from, to) {
        (Subject::Call(_) | Subject::Module(_), Subject::Call(_) | Subject::Module(_)) => true,
        (Subject::Resource(a), Subject::Resource(b)) => same(a, b),
        (Subject::Resource(a), Subject::Instance(b)) => same(a, &b.resource),
        (Subject::Instance(a), Subject::Resource(b)) => same(&a.resource, b),
        (Subject::Instance(a), Subject::Instance(b)) => same(&a.resource, &b.resource) && a.key == b.key,
        _ => false,
    }
}

/// Whether the one lies in the module that is the other.
fn lies_in(a: &Statement<'_>, inner: &Subject, b: &Statement<'_>, outer: &Subject) -> bool {
    if !matches!(outer, Subject::Call(_) | Subject::Module(_)) {
        return false;
    }
    let (inner_path, outer_path) = (pattern(a, inner), pattern(b, outer));
    let is_module = matches!(inner, Subject::Call(_) | Subject::Module(_));
    let deeper = inner_path.len() > outer_path.len() || !is_module && inner_path.len() == outer_path.len();
    deeper && alike(&inner_path[..outer_path.len()].to_vec(), &outer_path)
}

/// The statements in an order in which each finds what those before it have moved; and the rings.
pub fn ordered(all: &[Statement<'_>]) -> (Vec<usize>, Vec<Vec<usize>>) {
    let mut edges: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (at, it) in all.iter().enumerate() {
        let before = all.iter().enumerate().filter(|other| other.0 != at && it.follows(other.1));
        edges.insert(at, before.map(|it| it.0).collect());
    }
    order::sorted(&edges)
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Subject::Call(path) | Subject::Module(path) => write!(f, "{}", Target::Module(path.clone())),
            Subject::Resource(it) => write!(f, "{it}"),
            Subject::Instance(it) => write!(f, "{it}"),
        }
    }
}
