//! What expressions of the root module see: variables, locals, and resources as far as they are known.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

use crate::address::{Key, ResourceAddr};
use crate::config::{Config, Repeat};
use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::{Env, Found, Type, Value};

/// The root module's scope. Resources are filled in as they get planned or applied.
pub struct Scope<'a> {
    config: &'a Config,
    variables: &'a BTreeMap<String, Value>,
    env: &'a str,
    /// `plantimestamp()`.
    planned: Option<String>,
    /// Whether `timestamp()` has come: only during an apply.
    applying: bool,
    resources: RefCell<HashMap<ResourceAddr, Entry>>,
    /// Locals that are wholly known: those cannot change any more.
    settled: RefCell<HashMap<String, Value>>,
}

/// How a resource looks to expressions.
enum Entry {
    /// Not planned, or in error already: nothing is known of it.
    Opaque,
    One(Value),
    Count(BTreeMap<u64, Value>),
    Each(BTreeMap<Arc<str>, Value>),
}

impl<'a> Scope<'a> {
    pub fn new(config: &'a Config, variables: &'a BTreeMap<String, Value>, env: &'a str) -> Self {
        Scope {
            config,
            variables,
            env,
            planned: None,
            applying: false,
            resources: RefCell::new(HashMap::new()),
            settled: RefCell::new(HashMap::new()),
        }
    }

    /// The same, with the time of the plan; `applying` after it.
    pub fn at(self, planned: &str, applying: bool) -> Self {
        Scope { planned: Some(planned.to_owned()), applying, ..self }
    }

    /// From here on the resource has these instances and no others.
    pub fn begin(&self, addr: &ResourceAddr) {
        let entry = match self.config.resources.get(addr).map(|it| &it.repeat) {
            Some(Repeat::Count(_)) => Entry::Count(BTreeMap::new()),
            Some(Repeat::ForEach(_)) => Entry::Each(BTreeMap::new()),
            _ => Entry::Opaque,
        };
        self.resources.borrow_mut().insert(addr.clone(), entry);
    }

    /// Nothing can be said of the resource: what refers to it is unknown.
    pub fn obscure(&self, addr: &ResourceAddr) {
        self.resources.borrow_mut().insert(addr.clone(), Entry::Opaque);
    }

    /// One instance's object.
    pub fn set(&self, addr: &ResourceAddr, key: &Key, value: Value) {
        let mut all = self.resources.borrow_mut();
        let entry = all.entry(addr.clone()).or_insert(Entry::Opaque);
        match (key, entry) {
            (Key::Index(at), Entry::Count(all)) => drop(all.insert(*at, value)),
            (Key::Name(name), Entry::Each(all)) => drop(all.insert(name.clone(), value)),
            (Key::None, entry) => *entry = Entry::One(value),
            (Key::Index(at), entry) => *entry = Entry::Count(BTreeMap::from([(*at, value)])),
            (Key::Name(name), entry) => *entry = Entry::Each(BTreeMap::from([(name.clone(), value)])),
        }
    }

    fn resource(&self, addr: &ResourceAddr) -> Value {
        match self.resources.borrow().get(addr) {
            None | Some(Entry::Opaque) => Value::unknown(Type::Any),
            Some(Entry::One(it)) => it.clone(),
            Some(Entry::Count(all)) => Value::tuple(all.values().cloned().collect()),
            Some(Entry::Each(all)) => Value::object(all.iter().map(|(k, v)| (k.clone(), v.clone()))),
        }
    }

    /// A local's value; what is wrong with it is wrong wherever it is used, and reported once.
    pub fn local(&self, name: &str) -> Result<Value, Diagnostics> {
        if let Some(it) = self.settled.borrow().get(name) {
            return Ok(it.clone());
        }
        let Some(expr) = self.config.locals.get(name) else {
            return Err(Diagnostic::error(format!("there is no local value `{name}`")).into());
        };
        let value = expr.eval(self)?;
        if value.wholly_known() {
            self.settled.borrow_mut().insert(name.to_owned(), value.clone());
        }
        Ok(value)
    }

    fn root(&self, path: &[&str]) -> Found {
        let undeclared =
            || Found::Missing(Box::new(Diagnostic::error(format!("`{}` is not declared", path.join(".")))));
        match path {
            // What is not declared, the graph has reported already.
            ["var", name, ..] => {
                Found::Value(self.variables.get(*name).cloned().unwrap_or(Value::unknown(Type::Any)), 2)
            }
            // Its own error is reported where it is written.
            ["local", name, ..] => {
                Found::Value(self.local(name).unwrap_or_else(|_| Value::unknown(Type::Any)), 2)
            }
            ["data", kind, name, ..] => Found::Value(self.resource(&ResourceAddr::data(kind, name)), 3),
            ["path", "cwd", ..] => Found::Value(self.config.cwd.to_string_lossy().into_owned().into(), 2),
            ["path", ..] => Found::Value(self.config.dir.to_string_lossy().into_owned().into(), 2),
            ["terraform", "workspace" | "env", ..] | ["infra", "env", ..] => Found::Value(self.env.into(), 2),
            ["stack", "name", ..] => {
                Found::Value(self.config.stack.name.clone().unwrap_or_default().into(), 2)
            }
            ["each" | "count" | "self", ..] => undeclared(),
            [kind, name, ..] => Found::Value(self.resource(&ResourceAddr::managed(kind, name)), 2),
            _ => undeclared(),
        }
    }
}

/// The time, RFC 3339, whole seconds, UTC.
pub fn now() -> String {
    let time = time::OffsetDateTime::now_utc();
    let whole = time.replace_nanosecond(0).unwrap_or(time);
    whole.format(&time::format_description::well_known::Rfc3339).unwrap_or_default()
}

impl Env for Scope<'_> {
    fn resolve(&self, path: &[&str]) -> Found {
        self.root(path)
    }
    fn base_dir(&self) -> &Path {
        &self.config.dir
    }
    fn now(&self) -> Option<String> {
        self.applying.then(now)
    }
    fn plan_time(&self) -> Option<String> {
        self.planned.clone()
    }
}

/// The scope within one instance: `each`, `count` and `self` besides the root's.
pub struct Within<'a> {
    pub scope: &'a Scope<'a>,
    /// `each.key` and `each.value`, or `count.index`; unknown where the repetition is.
    pub each: Option<(Value, Value)>,
    pub index: Option<Value>,
    pub itself: Option<Value>,
}

impl<'a> Within<'a> {
    pub fn new(scope: &'a Scope<'a>, instance: &Instance) -> Self {
        let mut it = Within { scope, each: None, index: None, itself: None };
        match &instance.key {
            Key::Index(_) => it.index = instance.key.value(),
            Key::Name(_) => it.each = instance.key.value().zip(Some(instance.value.clone())),
            Key::None => {}
        }
        it
    }

    /// For an instance of a repetition that is not known yet.
    pub fn unknown(scope: &'a Scope<'a>) -> Self {
        Within {
            scope,
            each: Some((Value::unknown(Type::String), Value::unknown(Type::Any))),
            index: Some(Value::unknown(Type::Number)),
            itself: None,
        }
    }
}

impl Env for Within<'_> {
    fn resolve(&self, path: &[&str]) -> Found {
        let own = match path {
            ["each", "key", ..] => self.each.as_ref().map(|it| (it.0.clone(), 2)),
            ["each", "value", ..] => self.each.as_ref().map(|it| (it.1.clone(), 2)),
            ["count", "index", ..] => self.index.clone().map(|it| (it, 2)),
            ["self", ..] => self.itself.clone().map(|it| (it, 1)),
            _ => None,
        };
        match own {
            Some((value, used)) => Found::Value(value, used),
            None => self.scope.resolve(path),
        }
    }
    fn base_dir(&self) -> &Path {
        self.scope.base_dir()
    }
    fn now(&self) -> Option<String> {
        self.scope.now()
    }
    fn plan_time(&self) -> Option<String> {
        self.scope.plan_time()
    }
}

/// One instance that a resource is to have.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    pub key: Key,
    /// `each.value`; null where there is none.
    pub value: Value,
}
