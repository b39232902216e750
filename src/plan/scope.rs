//! What expressions see: variables, locals, modules, and resources as far as they are known.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use crate::address::{Key, ModulePath, ResourceAddr};
use crate::config::scope::convert;
use crate::config::{Config, ModuleCall, Repeat};
use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::{Env, Found, Marks, Type, Value};

use super::expand;

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
    Count(BTreeMap<u64, Value>),
    Each(BTreeMap<Arc<str>, Value>),
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
            Some(Repeat::Count(_)) => Entry::Count(BTreeMap::new()),
            Some(Repeat::ForEach(_)) => Entry::Each(BTreeMap::new()),
            _ => Entry::Opaque,
        }
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
            Entry::Count(all) => Value::tuple(all.values().cloned().collect()),
            Entry::Each(all) => Value::object(all.iter().map(|(k, v)| (k.clone(), v.clone()))),
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

/// What an instance of a module sees.
pub struct Module<'s> {
    scope: &'s Scope<'s>,
    /// `None`: it is called no more.
    config: Option<&'s Config>,
    path: ModulePath,
}

impl<'s> Module<'s> {
    pub fn path(&self) -> &ModulePath {
        &self.path
    }

    fn named(&self, what: What, name: &str) -> Named {
        Named { module: self.path.clone(), what, name: name.to_owned() }
    }

    /// A local's value; what is wrong with it is wrong wherever it is used, and reported once.
    pub fn local(&self, name: &str) -> Result<Value, Diagnostics> {
        let Some(expr) = self.config.and_then(|it| it.locals.get(name)) else {
            return Err(Diagnostic::error(format!("there is no local value `{name}`")).into());
        };
        self.scope.settle(self.named(What::Local, name), || expr.eval(self))
    }

    /// An output's value as the caller sees it.
    pub fn output(&self, name: &str) -> Result<Value, Diagnostics> {
        let Some(output) = self.config.and_then(|it| it.outputs.get(name)) else {
            return Err(Diagnostic::error(format!("there is no output `{name}`")).into());
        };
        let marks = Marks { sensitive: output.sensitive, ephemeral: output.ephemeral };
        self.scope.settle(self.named(What::Output, name), || Ok(output.value.eval(self)?.marked(marks)))
    }

    /// A variable's value: for a called module, what the caller passes.
    pub fn variable(&self, name: &str) -> Result<Value, Diagnostics> {
        let Some(((step, key), parent)) = self.path.split_last() else {
            return Ok(self.scope.variables.get(name).cloned().unwrap_or(Value::unknown(Type::Any)));
        };
        let parent = self.scope.module(&parent.to_vec());
        let call = parent.config.and_then(|it| it.modules.get(&**step));
        let Some((call, variable)) = call.zip(self.config.and_then(|it| it.variables.get(name))) else {
            return Ok(Value::unknown(Type::Any));
        };
        let marks = Marks { sensitive: variable.sensitive, ephemeral: variable.ephemeral };
        let compute = || {
            let given = match call.inputs.get(name) {
                Some(it) => {
                    let value = it.value.eval(&parent.calling(call, key))?;
                    let what = format!("`{name}` of `module.{}`", call.name);
                    let value = convert(&value, &variable.ty, &it.value, &what)?;
                    if value.is_null() && !variable.nullable && variable.default.is_none() {
                        let one = Diagnostic::error(format!("{what} is null, which `nullable` forbids"));
                        return Err(one.at(&it.value.place).into());
                    }
                    Some(value).filter(|it| variable.nullable || !it.is_null())
                }
                None => None,
            };
            // One that is missing is reported where the module is called.
            let value = given.or_else(|| variable.default.clone()).filter(|_| !self.scope.whatever);
            Ok(value.unwrap_or_else(|| Value::unknown(variable.ty.clone())).marked(marks))
        };
        self.scope.settle(self.named(What::Variable, name), compute)
    }

    /// The scope of a call's settings: `each` and `count` are those of this instance of the module.
    fn calling(&self, call: &ModuleCall, key: &Key) -> Within<'s> {
        let module = self.scope.module(&self.path);
        let all = self.scope.known_calls(&self.path, call);
        match all.as_deref().and_then(|all| all.iter().find(|it| it.key == *key)) {
            Some(instance) => Within::new(module, instance),
            None => Within::unknown(module),
        }
    }

    /// The outputs of all instances of a module.
    fn called(&self, call: &ModuleCall) -> Value {
        let repeated = !matches!(call.repeat, Repeat::Once);
        let looked_at = call.found && !(repeated && self.scope.whatever);
        let Some(all) = self.scope.known_calls(&self.path, call).filter(|_| looked_at) else {
            return Value::unknown(Type::Any);
        };
        let one = |key: &Key| {
            let inner = self.down(&call.name, key);
            let value = |name: &str| inner.output(name).unwrap_or_else(|_| Value::unknown(Type::Any));
            Value::object(call.config.outputs.keys().map(|it| (it.as_str(), value(it))))
        };
        match &call.repeat {
            Repeat::Once => one(&Key::None),
            Repeat::Count(_) => Value::tuple(all.iter().map(|it| one(&it.key)).collect()),
            Repeat::ForEach(_) => Value::object(all.iter().filter_map(|it| match &it.key {
                Key::Name(name) => Some((name.clone(), one(&it.key))),
                _ => None,
            })),
        }
    }

    fn down(&self, name: &str, key: &Key) -> Module<'s> {
        let mut path = self.path.clone();
        path.push((name.into(), key.clone()));
        self.scope.module(&path)
    }

    /// `module.NAME…`: only the output that is asked for, where the path says which.
    fn call(&self, path: &[&str]) -> Found {
        let call = path.first().and_then(|it| self.config?.modules.get(*it));
        let Some(call) = call.filter(|it| it.found) else {
            return Found::Value(Value::unknown(Type::Any), path.len() + 1);
        };
        let declared = |name: &str| call.config.outputs.contains_key(name);
        let (key, name, used) = match (&call.repeat, &path[1..]) {
            (Repeat::Once, [name, ..]) if declared(name) => (Key::None, name, 3),
            (Repeat::ForEach(_), [key, name, ..]) if declared(name) => (Key::Name((*key).into()), name, 4),
            // What is not declared, the graph has reported already.
            (Repeat::Once, [_, ..]) => return Found::Value(Value::unknown(Type::Any), 3),
            (Repeat::ForEach(_), [_, _, ..]) => return Found::Value(Value::unknown(Type::Any), 4),
            _ => return Found::Value(self.called(call), 2),
        };
        match self.scope.known_calls(&self.path, call) {
            None => Found::Value(Value::unknown(Type::Any), used),
            Some(all) if all.iter().all(|it| it.key != key) => Found::Value(self.called(call), 2),
            // Its own error is reported where it is written.
            Some(_) => {
                let value = self.down(&call.name, &key).output(name);
                Found::Value(value.unwrap_or_else(|_| Value::unknown(Type::Any)), used)
            }
        }
    }

    fn dir(&self, path: &Path) -> Value {
        path.to_string_lossy().into_owned().into()
    }
}

impl Env for Module<'_> {
    fn resolve(&self, path: &[&str]) -> Found {
        let scope = self.scope;
        let undeclared =
            || Found::Missing(Box::new(Diagnostic::error(format!("`{}` is not declared", path.join(".")))));
        let own = |addr: ResourceAddr| scope.resource(&addr.within(&self.path));
        match path {
            // What is not declared, the graph has reported already.
            ["var", name, ..] => {
                Found::Value(self.variable(name).unwrap_or_else(|_| Value::unknown(Type::Any)), 2)
            }
            // Its own error is reported where it is written.
            ["local", name, ..] => {
                Found::Value(self.local(name).unwrap_or_else(|_| Value::unknown(Type::Any)), 2)
            }
            ["module", rest @ ..] if !rest.is_empty() => self.call(rest),
            ["data", kind, name, ..] => Found::Value(own(ResourceAddr::data(kind, name)), 3),
            ["path", "cwd", ..] => Found::Value(self.dir(&scope.config.cwd), 2),
            ["path", "root", ..] => Found::Value(self.dir(&scope.config.dir), 2),
            ["path", ..] => Found::Value(self.dir(self.config.map_or(Path::new("."), |it| &it.dir)), 2),
            ["terraform", "workspace" | "env", ..] | ["infra", "env", ..] => {
                Found::Value(scope.env.into(), 2)
            }
            ["stack", "name", ..] => {
                Found::Value(scope.config.stack.name.clone().unwrap_or_default().into(), 2)
            }
            ["each" | "count" | "self", ..] => undeclared(),
            [kind, name, ..] => Found::Value(own(ResourceAddr::managed(kind, name)), 2),
            _ => undeclared(),
        }
    }
    /// As in Terraform, files are looked for from the folder of the stack, wherever it is said.
    fn base_dir(&self) -> &Path {
        &self.scope.config.dir
    }
    fn now(&self) -> Option<String> {
        self.scope.applying.then(now)
    }
    fn plan_time(&self) -> Option<String> {
        self.scope.planned.clone()
    }
}

/// The time, RFC 3339, whole seconds, UTC.
pub fn now() -> String {
    let time = time::OffsetDateTime::now_utc();
    let whole = time.replace_nanosecond(0).unwrap_or(time);
    whole.format(&time::format_description::well_known::Rfc3339).unwrap_or_default()
}

/// The scope within one instance: `each`, `count` and `self` besides the module's.
pub struct Within<'s> {
    pub module: Module<'s>,
    /// `each.key` and `each.value`, or `count.index`; unknown where the repetition is.
    pub each: Option<(Value, Value)>,
    pub index: Option<Value>,
    pub itself: Option<Value>,
}

impl<'s> Within<'s> {
    pub fn new(module: Module<'s>, instance: &Instance) -> Self {
        let mut it = Within { module, each: None, index: None, itself: None };
        match &instance.key {
            Key::Index(_) => it.index = instance.key.value(),
            Key::Name(_) => it.each = instance.key.value().zip(Some(instance.value.clone())),
            Key::None => {}
        }
        it
    }

    /// For an instance of a repetition that is not known yet.
    pub fn unknown(module: Module<'s>) -> Self {
        Within {
            module,
            each: Some((Value::unknown(Type::String), Value::unknown(Type::Any))),
            index: Some(Value::unknown(Type::Number)),
            itself: None,
        }
    }

    /// The same once more.
    pub fn again(&self) -> Within<'s> {
        Within {
            module: self.module.scope.module(&self.module.path),
            each: self.each.clone(),
            index: self.index.clone(),
            itself: self.itself.clone(),
        }
    }

    /// With `self`.
    pub fn with(self, itself: Value) -> Self {
        Within { itself: Some(itself), ..self }
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
            None => self.module.resolve(path),
        }
    }
    fn base_dir(&self) -> &Path {
        self.module.base_dir()
    }
    fn now(&self) -> Option<String> {
        self.module.now()
    }
    fn plan_time(&self) -> Option<String> {
        self.module.plan_time()
    }
}

/// One instance that a resource is to have.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    pub key: Key,
    /// `each.value`; null where there is none.
    pub value: Value,
}
