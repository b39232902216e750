//! What expressions see: variables, locals, modules, and resources as far as they are known.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use crate::address::{Key, ModulePath, ResourceAddr};
use crate::config::{Config, ModuleCall, Repeat};
use crate::diag::Diagnostics;
use crate::lang::{Type, Value};

use super::expand;
use many::Many;

mod many;
mod module;
mod within;

pub use module::Module;
pub use within::Within;

/// What is known of the whole stack. Resources are filled in as they get planned or applied;
/// everything else follows from them when it is asked for.
pub struct Scope<'a> {
    config: &'a Config,
    variables: &'a BTreeMap<String, Value>,
    env: &'a str,
    /// `plantimestamp()`.
    planned: Option<String>,
    /// Whether `timestamp()` has come: only during an apply.
    applying: bool,
    /// Whether a module is to be looked at whatever it is passed: for validation alone.
    whatever: bool,
    resources: RefCell<HashMap<ResourceAddr, Entry>>,
    /// Counts what became known: what was computed before may be different now.
    turn: Cell<u64>,
    settled: RefCell<HashMap<Named, (Value, u64)>>,
    /// Which instances of a module there are, once that is known.
    calls: RefCell<HashMap<(ModulePath, String), Called>>,
    /// What is being computed: a value that needs itself (through a whole module) is not known.
    open: RefCell<HashSet<Named>>,
    /// How often that came up: what was computed meanwhile is not to be kept.
    knots: Cell<u64>,
}

/// The instances of a module, and the turn in which that became known.
type Called = (Rc<Vec<Instance>>, u64);

/// How a resource looks to expressions.
enum Entry {
    /// Not planned, or in error already: nothing is known of it.
    Opaque,
    One(Value),
    Count(Many<u64>),
    Each(Many<Arc<str>>),
}

/// A value that a module instance computes from others.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Named {
    module: ModulePath,
    what: What,
    name: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum What {
    Variable,
    Local,
    Output,
}

impl<'a> Scope<'a> {
    pub fn new(config: &'a Config, variables: &'a BTreeMap<String, Value>, env: &'a str) -> Self {
        Scope {
            config,
            variables,
            env,
            planned: None,
            applying: false,
            whatever: false,
            resources: RefCell::default(),
            turn: Cell::new(0),
            settled: RefCell::default(),
            calls: RefCell::default(),
            open: RefCell::default(),
            knots: Cell::new(0),
        }
    }

    /// The same, with the time of the plan; `applying` after it.
    pub fn at(self, planned: &str, applying: bool) -> Self {
        Scope { planned: Some(planned.to_owned()), applying, ..self }
    }

    /// The same, where variables of modules are unknown whatever they are passed.
    pub fn whatever(self) -> Self {
        Scope { whatever: true, ..self }
    }

    /// What an instance of a module sees.
    pub fn module<'s>(&'s self, path: &ModulePath) -> Module<'s> {
        // A module that is called no more has nothing to see.
        Module { scope: self, config: self.config.module(path), path: path.clone() }
    }

    /// From here on the resource has these instances and no others.
    pub fn begin(&self, addr: &ResourceAddr) {
        self.put(addr, self.empty(addr));
    }

    /// Nothing can be said of the resource: what refers to it is unknown.
    pub fn obscure(&self, addr: &ResourceAddr) {
        self.put(addr, Entry::Opaque);
    }

    fn put(&self, addr: &ResourceAddr, entry: Entry) {
        self.resources.borrow_mut().insert(addr.clone(), entry);
        self.turn.set(self.turn.get() + 1);
    }

    fn empty(&self, addr: &ResourceAddr) -> Entry {
        match self.config.resource(addr).map(|it| &it.repeat) {
            Some(Repeat::Count(_)) => Entry::Count(Many::default()),
            Some(Repeat::ForEach(_)) => Entry::Each(Many::default()),
            _ => Entry::Opaque,
        }
    }

    /// One instance's object.
    pub fn set(&self, addr: &ResourceAddr, key: &Key, value: Value) {
        let mut all = self.resources.borrow_mut();
        let entry = all.entry(addr.clone()).or_insert(Entry::Opaque);
        match (key, entry) {
            (Key::Index(at), Entry::Count(all)) => all.set(*at, value),
            (Key::Name(name), Entry::Each(all)) => all.set(name.clone(), value),
            (Key::None, entry) => *entry = Entry::One(value),
            (Key::Index(at), entry) => *entry = Entry::Count(Many::of(*at, value)),
            (Key::Name(name), entry) => *entry = Entry::Each(Many::of(name.clone(), value)),
        }
        self.turn.set(self.turn.get() + 1);
    }

    fn resource(&self, addr: &ResourceAddr) -> Value {
        let all = self.resources.borrow();
        let missing;
        let entry = match all.get(addr) {
            Some(it) => it,
            // During an apply, what is not there has no instances.
            None if self.applying => {
                missing = self.empty(addr);
                &missing
            }
            None => &Entry::Opaque,
        };
        match entry {
            Entry::Opaque => Value::unknown(Type::Any),
            Entry::One(it) => it.clone(),
            Entry::Count(all) => all.value(),
            Entry::Each(all) => all.value(),
        }
    }

    /// The instances of a module that `parent` calls; `None` where they are not known yet.
    pub fn calls(
        &self,
        parent: &ModulePath,
        call: &ModuleCall,
        lenient: bool,
    ) -> Result<Option<Rc<Vec<Instance>>>, Diagnostics> {
        let key = (parent.clone(), call.name.clone());
        if let Some((all, turn)) = self.calls.borrow().get(&key)
            && (*turn == self.turn.get() || all.iter().all(|it| it.value.wholly_known()))
        {
            return Ok(Some(all.clone()));
        }
        let Some(all) = expand::instances(&call.repeat, &self.module(parent), lenient)? else {
            return Ok(None);
        };
        let all = Rc::new(all);
        self.calls.borrow_mut().insert(key, (all.clone(), self.turn.get()));
        Ok(Some(all))
    }

    /// The same, where errors are told elsewhere.
    fn known_calls(&self, parent: &ModulePath, call: &ModuleCall) -> Option<Rc<Vec<Instance>>> {
        self.calls(parent, call, true).ok().flatten()
    }

    /// Every instance of a module, by its path without keys. Where it is not known how many there
    /// are, one without a key stands for them.
    pub fn instances_of(&self, module: &ModulePath) -> Vec<ModulePath> {
        let mut out = vec![Vec::new()];
        let mut config = Some(self.config);
        for (name, _) in module {
            let call = config.and_then(|it| it.modules.get(&**name));
            let Some(call) = call else { return Vec::new() };
            let step = |parent: &ModulePath| {
                let keys: Vec<Key> = match self.known_calls(parent, call) {
                    Some(all) => all.iter().map(|it| it.key.clone()).collect(),
                    None => vec![Key::None],
                };
                let down = |key| parent.iter().cloned().chain([(name.clone(), key)]).collect::<ModulePath>();
                keys.into_iter().map(down).collect::<Vec<_>>()
            };
            out = out.iter().flat_map(step).collect();
            config = Some(&*call.config);
        }
        out
    }

    /// Computes a value, or takes the one that was computed since anything became known.
    fn settle(
        &self,
        named: Named,
        compute: impl FnOnce() -> Result<Value, Diagnostics>,
    ) -> Result<Value, Diagnostics> {
        if let Some((value, turn)) = self.settled.borrow().get(&named)
            && (*turn == self.turn.get() || value.wholly_known())
        {
            return Ok(value.clone());
        }
        if !self.open.borrow_mut().insert(named.clone()) {
            self.knots.set(self.knots.get() + 1);
            return Ok(Value::unknown(Type::Any));
        }
        let knots = self.knots.get();
        let value = compute();
        self.open.borrow_mut().remove(&named);
        let value = value?;
        if knots == self.knots.get() {
            self.settled.borrow_mut().insert(named, (value.clone(), self.turn.get()));
        }
        Ok(value)
    }
}

/// The time, RFC 3339, whole seconds, UTC.
pub fn now() -> String {
    let time = time::OffsetDateTime::now_utc();
    let whole = time.replace_nanosecond(0).unwrap_or(time);
    whole.format(&time::format_description::well_known::Rfc3339).unwrap_or_default()
}

/// One instance that a resource is to have.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    pub key: Key,
    /// `each.value`; null where there is none.
    pub value: Value,
}
