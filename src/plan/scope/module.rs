//! What an instance of a module sees, and what its variables, locals and outputs come to.

use std::path::Path;

use super::{Named, Scope, What, Within, now};
use crate::address::{Key, ModulePath, ResourceAddr};
use crate::config::scope::convert;
use crate::config::{Config, ModuleCall, Repeat};
use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::{Env, Found, Marks, Type, Value};

/// What an instance of a module sees.
pub struct Module<'s> {
    pub(super) scope: &'s Scope<'s>,
    /// `None`: it is called no more.
    pub(super) config: Option<&'s Config>,
    pub(super) path: ModulePath,
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
