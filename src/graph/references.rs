//! Which nodes an expression refers to, and whether they are declared.

use crate::address::{Mode, ResourceAddr};
use crate::config::{Body, Config, Repeat, Resource, Rule};
use crate::diag::{Diagnostic, Diagnostics, Place, did_you_mean};
use crate::lang::Expr;

use super::Node;

/// What a node refers to, and where it says so.
pub type References = Vec<(Node, Place)>;

/// Every node of the configuration with its references.
pub fn all(config: &Config, errors: &mut Diagnostics) -> Vec<(Node, References)> {
    let mut out = Vec::new();
    for (name, it) in &config.variables {
        let mut found = Finder::new(config, errors, Within::Nothing);
        found.rules(&it.validations);
        found.out.retain(|it| it.0 != Node::Variable(name.clone()));
        out.push((Node::Variable(name.clone()), found.out));
    }
    for (name, it) in &config.locals {
        let mut found = Finder::new(config, errors, Within::Nothing);
        found.expr(it);
        out.push((Node::Local(name.clone()), found.out));
    }
    for (alias, it) in &config.providers {
        let mut found = Finder::new(config, errors, Within::Nothing);
        found.body(&it.settings);
        out.push((Node::Provider(alias.clone()), found.out));
    }
    for (addr, it) in &config.resources {
        let mut found = Finder::new(config, errors, Within::Resource(it));
        found.resource(it);
        out.push((Node::Resource(addr.clone()), found.out));
    }
    for (name, it) in &config.outputs {
        let mut found = Finder::new(config, errors, Within::Nothing);
        found.expr(&it.value);
        found.rules(&it.preconditions);
        for it in &it.depends_on {
            found.path(&it.path, &it.place);
        }
        out.push((Node::Output(name.clone()), found.out));
    }
    out
}

enum Within<'a> {
    Nothing,
    Resource(&'a Resource),
}

struct Finder<'a> {
    config: &'a Config,
    errors: &'a mut Diagnostics,
    within: Within<'a>,
    out: References,
}

impl<'a> Finder<'a> {
    fn new(config: &'a Config, errors: &'a mut Diagnostics, within: Within<'a>) -> Self {
        Finder { config, errors, within, out: Vec::new() }
    }

    fn resource(&mut self, it: &Resource) {
        match &it.repeat {
            Repeat::Once => {}
            Repeat::Count(expr) | Repeat::ForEach(expr) => self.expr(expr),
        }
        self.body(&it.body);
        it.provisioners.iter().for_each(|it| self.body(&it.body));
        self.rules(&it.lifecycle.preconditions);
        let before = self.out.len();
        self.rules(&it.lifecycle.postconditions);
        // A postcondition may look at the resource it belongs to.
        let own = Node::Resource(it.addr.clone());
        let mut at = before;
        while at < self.out.len() {
            if self.out[at].0 == own {
                self.out.remove(at);
            } else {
                at += 1;
            }
        }
        for expr in &it.lifecycle.replace_triggered_by {
            self.expr(expr);
        }
        for reference in &it.depends_on {
            self.path(&reference.path, &reference.place);
        }
        let name = it.provider.as_ref().map(|it| it.0.clone());
        let name = name.unwrap_or_else(|| crate::config::ProviderName::of_type(&it.addr.kind));
        if self.config.providers.contains_key(&name) {
            self.out.push((Node::Provider(name), it.place.clone()));
        } else if let (Some(alias), Some((_, place))) = (&name.alias, &it.provider) {
            let declared = self.config.providers.keys().filter_map(|it| it.alias.as_deref());
            let one = Diagnostic::error(format!("there is no provider configuration `aws.{alias}`"));
            let one = one.at(place).maybe_help(did_you_mean(alias, declared));
            self.errors.push(one.help(format!("declare it: [[provider.aws]] with alias = \"{alias}\"")));
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
        match self.node(path) {
            Ok(Some(node)) => self.out.push((node, place.clone())),
            Ok(None) => {}
            Err(one) => self.errors.push(one.at(place)),
        }
    }

    fn node(&self, path: &[String]) -> Result<Option<Node>, Diagnostic> {
        let names: Vec<&str> = path.iter().map(String::as_str).collect();
        match names.as_slice() {
            ["var", name, ..] => {
                self.declared("variable", name, self.config.variables.keys(), Node::Variable)
            }
            ["local", name, ..] => self.declared("local value", name, self.config.locals.keys(), Node::Local),
            ["data", kind, name, ..] => self.resource_node(ResourceAddr::data(kind, name)),
            ["path", "module" | "root" | "cwd", ..] | ["terraform", "workspace" | "env", ..] => Ok(None),
            ["infra", "env", ..] | ["stack", "name", ..] => Ok(None),
            ["each", "key" | "value", ..] => {
                self.repeated(matches!(self.repeat(), Some(Repeat::ForEach(_))), "each", "for_each")
            }
            ["count", "index", ..] => {
                self.repeated(matches!(self.repeat(), Some(Repeat::Count(_))), "count.index", "count")
            }
            ["self", ..] => match self.within {
                Within::Resource(_) => Ok(None),
                Within::Nothing => {
                    Err(Diagnostic::error("`self` means something in a resource's postcondition only"))
                }
            },
            ["module", ..] => Err(Diagnostic::error("modules are not supported yet")),
            ["var" | "local" | "data" | "path" | "terraform" | "infra" | "stack" | "each" | "count", ..] => {
                Err(Diagnostic::error(format!("`{}` is not a reference", path.join("."))).help(format!(
                    "`{}` has: {}",
                    names[0],
                    members(names[0])
                )))
            }
            [kind, name, ..] => self.resource_node(ResourceAddr::managed(kind, name)),
            [word] => Err(self.bare_word(word)),
            [] => Ok(None),
        }
    }

    fn repeat(&self) -> Option<&Repeat> {
        match &self.within {
            Within::Resource(it) => Some(&it.repeat),
            Within::Nothing => None,
        }
    }

    fn repeated(&self, is: bool, what: &str, how: &str) -> Result<Option<Node>, Diagnostic> {
        if is {
            return Ok(None);
        }
        Err(Diagnostic::error(format!("`{what}` means something only where `{how}` is set"))
            .help(format!("give this resource `{how} = …`, or write the value itself")))
    }

    fn declared<'k>(
        &self,
        what: &str,
        name: &str,
        all: impl Iterator<Item = &'k String> + Clone,
        node: fn(String) -> Node,
    ) -> Result<Option<Node>, Diagnostic> {
        if all.clone().any(|it| it == name) {
            return Ok(Some(node(name.to_owned())));
        }
        let help = did_you_mean(name, all.map(String::as_str)).unwrap_or_else(|| match what {
            "variable" => format!("declare it: [variable.{name}]"),
            _ => format!("declare it: `{name} = …` under [locals]"),
        });
        Err(Diagnostic::error(format!("there is no {what} `{name}`")).help(help))
    }

    fn resource_node(&self, addr: ResourceAddr) -> Result<Option<Node>, Diagnostic> {
        if self.config.resources.contains_key(&addr) {
            return Ok(Some(Node::Resource(addr)));
        }
        let kind =
            if addr.mode == Mode::Data { format!("data.{}", addr.kind) } else { addr.kind.to_string() };
        if self.config.refused.contains(&kind) {
            return Ok(None);
        }
        let texts: Vec<String> = self.config.resources.keys().map(ToString::to_string).collect();
        let wanted = addr.to_string();
        let near = did_you_mean(&wanted, texts.iter().map(String::as_str));
        let help = near.unwrap_or_else(|| format!("declare it: [{wanted}]"));
        Err(Diagnostic::error(format!("there is no `{wanted}` in this stack")).help(help))
    }

    fn bare_word(&self, word: &str) -> Diagnostic {
        let one = Diagnostic::error(format!("`{word}` is not a reference"));
        let roots = ["var", "local", "data", "each", "count", "path", "terraform", "infra", "stack", "self"];
        if self.config.variables.contains_key(word) {
            one.help(format!("a variable is written `var.{word}`"))
        } else if self.config.locals.contains_key(word) {
            one.help(format!("a local value is written `local.{word}`"))
        } else {
            one.help("references are var.NAME, local.NAME, TYPE.NAME.ATTRIBUTE or data.TYPE.NAME.ATTRIBUTE; text needs no ${…}")
                .maybe_help(did_you_mean(word, roots))
        }
    }
}

fn members(root: &str) -> &'static str {
    match root {
        "var" => "the names under [variable.…]",
        "local" => "the names under [locals]",
        "data" => "TYPE.NAME of a data source",
        "path" => "module, root, cwd",
        "terraform" => "workspace",
        "infra" => "env",
        "stack" => "name",
        "each" => "key, value",
        _ => "index",
    }
}
