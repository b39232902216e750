//! What a name in an expression stands for, and what to say of one that stands for nothing.

use super::{Finder, Within};
use crate::address::{Mode, ResourceAddr};
use crate::config::Repeat;
use crate::diag::{Diagnostic, did_you_mean};
use crate::graph::Item;

impl Finder<'_> {
    pub(super) fn item(&self, names: &[&str]) -> Result<Option<Item>, Diagnostic> {
        match names {
            ["var", name, ..] => {
                self.declared("variable", name, self.config.variables.keys(), Item::Variable)
            }
            ["local", name, ..] => self.declared("local value", name, self.config.locals.keys(), Item::Local),
            ["data", kind, name, ..] => self.resource_node(ResourceAddr::data(kind, name)),
            ["path", "module" | "root" | "cwd", ..] | ["terraform", "workspace" | "env", ..] => Ok(None),
            ["infra", "env", ..] | ["stack", "name", ..] => Ok(None),
            ["each", "key" | "value", ..] if matches!(self.within, Within::Import(it) if it.for_each.is_some()) => {
                Ok(None)
            }
            ["each", "key" | "value", ..] => {
                self.repeated(matches!(self.repeat(), Some(Repeat::ForEach(_))), "each", "for_each")
            }
            ["count", "index", ..] => {
                self.repeated(matches!(self.repeat(), Some(Repeat::Count(_))), "count.index", "count")
            }
            ["self", ..] if self.itself => Ok(None),
            ["self", ..] => {
                let one = Diagnostic::error("`self` means something in postconditions and provisioners only");
                Err(one.help("write the address instead, or what the stack gives as the attribute"))
            }
            [
                "var" | "local" | "data" | "path" | "terraform" | "infra" | "stack" | "each" | "count"
                | "module",
                ..,
            ] => Err(Diagnostic::error(format!("`{}` is not a reference", names.join("."))).help(format!(
                "`{}` has: {}",
                names[0],
                members(names[0])
            ))),
            [kind, name, ..] => self.resource_node(ResourceAddr::managed(kind, name)),
            [word] => Err(self.bare_word(word)),
            [] => Ok(None),
        }
    }

    fn subject(&self) -> &'static str {
        match self.within {
            Within::Call(_) => "module",
            Within::Import(_) => "import",
            _ => "resource",
        }
    }

    fn repeat(&self) -> Option<&Repeat> {
        match &self.within {
            Within::Resource(it) => Some(&it.repeat),
            Within::Call(it) => Some(&it.repeat),
            Within::Nothing | Within::Check(_) | Within::Import(_) => None,
        }
    }

    fn repeated(&self, is: bool, what: &str, how: &str) -> Result<Option<Item>, Diagnostic> {
        if is {
            return Ok(None);
        }
        Err(Diagnostic::error(format!("`{what}` means something only where `{how}` is set"))
            .help(format!("give this {} `{how} = …`, or write the value itself", self.subject())))
    }

    fn declared<'k>(
        &self,
        what: &str,
        name: &str,
        all: impl Iterator<Item = &'k String> + Clone,
        node: fn(String) -> Item,
    ) -> Result<Option<Item>, Diagnostic> {
        if all.clone().any(|it| it == name) {
            return Ok(Some(node(name.to_owned())));
        }
        let help = did_you_mean(name, all.map(String::as_str)).unwrap_or_else(|| match what {
            "variable" => format!("declare it: {}", self.config.written(&["variable", name])),
            _ => format!("declare it: {}", self.config.written(&["locals", name])),
        });
        Err(Diagnostic::error(format!("there is no {what} `{name}`")).help(help))
    }

    fn resource_node(&self, addr: ResourceAddr) -> Result<Option<Item>, Diagnostic> {
        let local = addr;
        let addr = local.clone().within(&self.config.path);
        if self.config.resources.contains_key(&addr) {
            return match self.hidden(&addr) {
                Some(one) => Err(one),
                None => Ok(Some(Item::Resource(addr))),
            };
        }
        let addr = local;
        let kind =
            if addr.mode == Mode::Data { format!("data.{}", addr.kind) } else { addr.kind.to_string() };
        if self.config.refused.contains(&kind) {
            return Ok(None);
        }
        let own = self.config.resources.keys().map(|it| it.clone().within(&Vec::new()).to_string());
        let texts: Vec<String> = own.collect();
        let wanted = addr.to_string();
        let near = did_you_mean(&wanted, texts.iter().map(String::as_str));
        let help = near.unwrap_or_else(|| {
            format!("declare it: {}", self.config.written(&wanted.split('.').collect::<Vec<_>>()))
        });
        let here = if self.config.path.is_empty() { "stack" } else { "module" };
        Err(Diagnostic::error(format!("there is no `{wanted}` in this {here}")).help(help))
    }

    /// The own data source of a check is seen by that check only.
    fn hidden(&self, addr: &ResourceAddr) -> Option<Diagnostic> {
        let owner = self.config.checks.values().find(|it| it.data.as_ref() == Some(addr))?;
        match self.within {
            Within::Check(it) if it.name == owner.name => return None,
            Within::Resource(it) if it.addr == *addr => return None,
            _ => {}
        }
        let text = format!("`{addr}` belongs to `check.{}`, and cannot be seen from here", owner.name);
        Some(Diagnostic::error(text).help("declare it outside of the check"))
    }

    fn bare_word(&self, word: &str) -> Diagnostic {
        let one = Diagnostic::error(format!("`{word}` is not a reference"));
        let roots = [
            "var",
            "local",
            "data",
            "module",
            "each",
            "count",
            "path",
            "terraform",
            "infra",
            "stack",
            "self",
        ];
        if self.config.variables.contains_key(word) {
            one.help(format!("a variable is written `var.{word}`"))
        } else if self.config.locals.contains_key(word) {
            one.help(format!("a local value is written `local.{word}`"))
        } else {
            one.help("references are var.NAME, local.NAME, module.NAME.OUTPUT, TYPE.NAME.ATTRIBUTE or data.TYPE.NAME.ATTRIBUTE; text needs no ${…}")
                .maybe_help(did_you_mean(word, roots))
        }
    }
}

fn members(root: &str) -> &'static str {
    match root {
        "var" => "the names of variables",
        "local" => "the names of local values",
        "data" => "TYPE.NAME of a data source",
        "module" => "NAME.OUTPUT of a module",
        "path" => "module, root, cwd",
        "terraform" => "workspace",
        "infra" => "env",
        "stack" => "name",
        "each" => "key, value",
        _ => "index",
    }
}
