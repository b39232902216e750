//! Which nodes an expression refers to, and whether they are declared.

use crate::address::ResourceAddr;
use crate::config::{Body, Check, Config, Import, ModuleCall, ProviderName, Repeat, Resource, Rule, targets};
use crate::diag::{Diagnostic, Diagnostics, Place, did_you_mean};
use crate::lang::Expr;

use super::{Item, Node};

mod names;

/// What a node refers to, and where it says so.
pub type References = Vec<(Node, Place)>;

/// Every node of the stack with its references.
pub fn all(root: &Config, errors: &mut Diagnostics) -> Vec<(Node, References)> {
    let mut out = Vec::new();
    module(root, root, None, errors, &mut out);
    out
}

/// What an expression of the root module names that is not declared.
pub fn undeclared(root: &Config, expr: &Expr) -> Diagnostics {
    let mut errors = Diagnostics::default();
    Finder::new(root, root, &mut errors, Within::Nothing).expr(expr);
    errors
}

/// Every node of a module and of the modules it calls; `caller` is the one that calls it.
fn module(
    root: &Config,
    config: &Config,
    caller: Option<(&Config, &ModuleCall)>,
    errors: &mut Diagnostics,
    out: &mut Vec<(Node, References)>,
) {
    let from = out.len();
    items(root, config, caller, errors, out);
    // Nothing in a module can be evaluated before it is known how often the module is there.
    if let Some((caller, call)) = caller {
        let node = Node::new(&caller.path, Item::Call(call.name.clone()));
        out[from..].iter_mut().for_each(|it| it.1.push((node.clone(), call.place.clone())));
    }
    for call in config.modules.values() {
        let mut found = Finder::new(root, config, errors, Within::Call(call));
        found.call(call);
        let mut needs = found.out;
        if let Some((caller, outer)) = caller {
            needs.push((Node::new(&caller.path, Item::Call(outer.name.clone())), outer.place.clone()));
        }
        out.push((Node::new(&config.path, Item::Call(call.name.clone())), needs));
        let from = out.len();
        module(root, &call.config, Some((config, call)), errors, out);
        let inside = out[from..].iter().map(|it| (it.0.clone(), call.place.clone()));
        let mut inside: References = inside.collect();
        inside.push((Node::new(&config.path, Item::Call(call.name.clone())), call.place.clone()));
        out.push((Node::new(&config.path, Item::Whole(call.name.clone())), inside));
    }
}

fn items(
    root: &Config,
    config: &Config,
    caller: Option<(&Config, &ModuleCall)>,
    errors: &mut Diagnostics,
    out: &mut Vec<(Node, References)>,
) {
    let mut push = |item: Item, references: References| out.push((Node::new(&config.path, item), references));
    for (name, it) in &config.variables {
        let own = Item::Variable(name.clone());
        let mut found = Finder::new(root, config, errors, Within::Nothing);
        found.rules(&it.validations);
        found.out.retain(|it| it.0.item != own);
        let mut references = found.out;
        if let Some((caller, call)) = caller
            && let Some(it) = call.inputs.get(name)
        {
            let mut found = Finder::new(root, caller, errors, Within::Call(call));
            found.expr(&it.value);
            references.extend(found.out);
        }
        push(own, references);
    }
    for (name, it) in &config.locals {
        let mut found = Finder::new(root, config, errors, Within::Nothing);
        found.expr(it);
        push(Item::Local(name.clone()), found.out);
    }
    for (name, it) in &config.providers {
        let mut found = Finder::new(root, config, errors, Within::Nothing);
        found.body(&it.settings);
        push(Item::Provider(name.clone()), found.out);
    }
    for (addr, it) in &config.resources {
        let mut found = Finder::new(root, config, errors, Within::Resource(it));
        found.resource(it);
        let mut references = found.out;
        references.extend(imports(root, addr, errors));
        push(Item::Resource(addr.clone()), references);
    }
    for (name, it) in &config.outputs {
        let mut found = Finder::new(root, config, errors, Within::Nothing);
        found.expr(&it.value);
        found.rules(&it.preconditions);
        for it in &it.depends_on {
            found.dependency(&it.path, &it.place);
        }
        push(Item::Output(name.clone()), found.out);
    }
    for (name, it) in &config.checks {
        let mut found = Finder::new(root, config, errors, Within::Check(it));
        found.rules(&it.asserts);
        found.out.extend(it.data.iter().map(|addr| (Node::resource(addr), it.place.clone())));
        push(Item::Check(name.clone()), found.out);
    }
}

/// What has to be known before a resource can be imported: that is said in the root module.
fn imports(root: &Config, addr: &ResourceAddr, errors: &mut Diagnostics) -> References {
    let mut out = Vec::new();
    for it in &root.imports {
        if !targets::resource_of(&it.to).is_ok_and(|to| to.as_written() == *addr) {
            continue;
        }
        if let Some(for_each) = &it.for_each {
            let mut found = Finder::new(root, root, errors, Within::Nothing);
            found.expr(for_each);
            out.extend(found.out);
        }
        let mut found = Finder::new(root, root, errors, Within::Import(it));
        found.expr(&it.id);
        targets::keys_of(&it.to).iter().for_each(|it| found.expr(it));
        out.extend(found.out);
    }
    out
}

enum Within<'a> {
    Nothing,
    Resource(&'a Resource),
    Call(&'a ModuleCall),
    Check(&'a Check),
    Import(&'a Import),
}

struct Finder<'a> {
    root: &'a Config,
    config: &'a Config,
    errors: &'a mut Diagnostics,
    within: Within<'a>,
    /// Whether `self` means something: in postconditions and provisioners.
    itself: bool,
    out: References,
}

impl<'a> Finder<'a> {
    fn new(root: &'a Config, config: &'a Config, errors: &'a mut Diagnostics, within: Within<'a>) -> Self {
        Finder { root, config, errors, within, itself: false, out: Vec::new() }
    }

    fn here(&self, item: Item) -> Node {
        Node::new(&self.config.path, item)
    }

    fn repeat_of(&mut self, it: &Repeat) {
        match it {
            Repeat::Once => {}
            Repeat::Count(expr) | Repeat::ForEach(expr) => self.expr(expr),
        }
    }

    /// What has to be there before it is known how often a module is called, and before anything in it.
    fn call(&mut self, it: &ModuleCall) {
        self.repeat_of(&it.repeat);
        for it in &it.depends_on {
            self.dependency(&it.path, &it.place);
        }
    }

    fn resource(&mut self, it: &Resource) {
        self.repeat_of(&it.repeat);
        self.body(&it.body);
        self.rules(&it.lifecycle.preconditions);
        let before = self.out.len();
        self.itself = true;
        self.rules(&it.lifecycle.postconditions);
        for it in &it.provisioners {
            self.body(&it.body);
        }
        // A postcondition and a provisioner may look at the resource they belong to.
        self.itself = false;
        let own = Node::resource(&it.addr);
        let after = self.out.split_off(before);
        self.out.extend(after.into_iter().filter(|it| it.0 != own));
        for expr in &it.lifecycle.replace_triggered_by {
            self.expr(expr);
        }
        for reference in &it.depends_on {
            self.dependency(&reference.path, &reference.place);
        }
        self.provider(it);
    }

    /// The provider configuration, wherever it is declared.
    fn provider(&mut self, it: &Resource) {
        let addr = self.root.provider_of(it);
        let declared = self.root.module(&addr.module).is_some_and(|m| m.providers.contains_key(&addr.name));
        if declared {
            let node = Node { module: addr.module, item: Item::Provider(addr.name) };
            return self.out.push((node, it.place.clone()));
        }
        let Some((ProviderName { alias: Some(alias), .. }, place)) = &it.provider else { return };
        let known = self.config.providers.keys().filter(|it| it.kind == addr.name.kind);
        let known = known.filter_map(|it| it.alias.as_deref());
        let one = Diagnostic::error(format!("there is no provider configuration `{}`", addr.name));
        let one = one.at(place).maybe_help(did_you_mean(alias, known));
        let kind = &addr.name.kind;
        self.errors
            .push(one.help(format!("declare it: {}", self.config.written(&["provider", kind, alias]))));
    }

    /// What `depends_on` names: a whole module counts with all that is in it.
    fn dependency(&mut self, path: &[String], place: &Place) {
        match path {
            [module, name, ..] if module == "module" => match self.config.modules.get(name) {
                Some(it) => {
                    let node = self.here(Item::Whole(it.name.clone()));
                    self.out.push((node, place.clone()));
                }
                None => {
                    let one = self.no_module(name);
                    self.errors.push(one.at(place));
                }
            },
            _ => self.path(path, place),
        }
    }

    fn no_module(&self, name: &str) -> Diagnostic {
        let near = did_you_mean(name, self.config.modules.keys().map(String::as_str));
        let help = near.unwrap_or_else(|| {
            format!("declare it: {} with its `source`", self.config.written(&["module", name]))
        });
        Diagnostic::error(format!("there is no module `{name}` here")).help(help)
    }

    /// `module.NAME.OUTPUT`, with or without a key between; all outputs where none is named.
    fn module(&mut self, path: &[&str], place: &Place) {
        let Some(call) = self.config.modules.get(path[0]) else {
            let one = self.no_module(path[0]);
            return self.errors.push(one.at(place));
        };
        let node = self.here(Item::Call(call.name.clone()));
        self.out.push((node, place.clone()));
        if !call.found {
            return;
        }
        let inner = &call.config;
        let output = match (&call.repeat, &path[1..]) {
            (Repeat::Once, [name, ..]) => Some(name),
            (Repeat::ForEach(_), [_, name, ..]) => Some(name),
            _ => None,
        };
        let node = |name: &String| Node::new(&inner.path, Item::Output(name.clone()));
        match output {
            None => self.out.extend(inner.outputs.keys().map(|it| (node(it), place.clone()))),
            Some(name) => match inner.outputs.get_key_value(*name) {
                Some((name, _)) => self.out.push((node(name), place.clone())),
                None => {
                    let near = did_you_mean(name, inner.outputs.keys().map(String::as_str));
                    let one = Diagnostic::error(format!("the module `{}` has no output `{name}`", call.name));
                    let help = near
                        .unwrap_or_else(|| format!("declare it there: {}", inner.written(&["output", name])));
                    self.errors.push(one.at(place).help(help));
                }
            },
        }
    }

    fn body(&mut self, body: &Body) {
        body.0.iter().for_each(|it| self.expr(&it.value));
    }

    fn rules(&mut self, rules: &[Rule]) {
        for it in rules {
            self.expr(&it.condition);
            self.expr(&it.error_message);
        }
    }

    fn expr(&mut self, expr: &Expr) {
        for it in expr.refs() {
            self.path(&it.path, &it.place);
        }
    }

    fn path(&mut self, path: &[String], place: &Place) {
        let names: Vec<&str> = path.iter().map(String::as_str).collect();
        if let ["module", rest @ ..] = names.as_slice()
            && !rest.is_empty()
        {
            return self.module(rest, place);
        }
        match self.item(&names) {
            Ok(Some(item)) => {
                let node = self.here(item);
                self.out.push((node, place.clone()));
            }
            Ok(None) => {}
            Err(one) => self.errors.push(one.at(place)),
        }
    }
}
