//! Provider configurations: how a module names one, and which one that is.

use std::fmt;
use std::sync::Arc;

use super::{Config, Resource};
use crate::address::{ModulePath, ResourceAddr, as_written, is_name};

/// A provider configuration as a module names it: `aws`, `aws.west`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProviderName {
    /// The provider: `aws`, `random`.
    pub kind: Arc<str>,
    /// The default configuration has none.
    pub alias: Option<Arc<str>>,
}

impl ProviderName {
    /// The default configuration of a provider.
    pub fn default_of(kind: &str) -> Self {
        ProviderName { kind: kind.into(), alias: None }
    }

    /// The default configuration of the provider that a resource type or data source belongs to.
    pub fn of_type(kind: &str) -> Self {
        Self::default_of(kind.split_once('_').map_or(kind, |it| it.0))
    }

    /// `aws`, or `aws.ALIAS`.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, alias) = match text.split_once('.') {
            Some((kind, alias)) => (kind, Some(alias)),
            None => (text, None),
        };
        let valid = is_name(kind) && alias.is_none_or(is_name);
        valid.then(|| ProviderName { kind: kind.into(), alias: alias.map(Arc::from) })
    }
}

impl fmt::Display for ProviderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.alias {
            None => write!(f, "{}", self.kind),
            Some(alias) => write!(f, "{}.{alias}", self.kind),
        }
    }
}

/// A provider configuration of the stack: the module that holds it, and its name there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProviderAddr {
    /// Without keys: a module with provider configurations of its own cannot be repeated.
    pub module: ModulePath,
    pub name: ProviderName,
}

impl ProviderAddr {
    /// As the state names it: `provider["registry.terraform.io/hashicorp/aws"].west`.
    pub fn state_name(&self) -> String {
        let source = source(&self.name.kind);
        let module: String = self.module.iter().map(|it| format!("module.{}.", it.0)).collect();
        let alias = self.name.alias.as_ref().map(|it| format!(".{it}")).unwrap_or_default();
        format!("{module}provider[\"{source}\"]{alias}")
    }

    /// Reads a state's name; the error says that it is of a provider that is not built in.
    pub fn from_state(text: &str) -> Result<ProviderAddr, String> {
        let mut rest = text;
        let mut module = Vec::new();
        while let Some(after) = rest.strip_prefix("module.") {
            let (name, after) = after.split_once('.').unwrap_or((after, ""));
            module.push((name.into(), crate::address::Key::None));
            rest = after;
        }
        let inner = rest.strip_prefix("provider[\"").and_then(|it| it.split_once("\"]"));
        let Some((source, alias)) = inner else { return Err(format!("`{text}` names no provider")) };
        // OpenTofu's registry has the same providers.
        let ours = ["registry.terraform.io/hashicorp/", "registry.opentofu.org/hashicorp/"];
        let known = |it: &&str| {
            matches!(*it, "aws" | "terraform") || crate::kind::provider_names().any(|name| name == *it)
        };
        let kind = ours.iter().find_map(|it| source.strip_prefix(it));
        let kind = match kind.filter(known) {
            Some(kind) => kind,
            None if source == "terraform.io/builtin/terraform" => "terraform",
            None => {
                return Err(format!(
                    "the provider {source} is not built in: infra cannot manage what belongs to it"
                ));
            }
        };
        let alias = alias.strip_prefix('.').map(Arc::from);
        Ok(ProviderAddr { module, name: ProviderName { kind: kind.into(), alias } })
    }
}

impl fmt::Display for ProviderAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, _) in &self.module {
            write!(f, "module.{name}.")?;
        }
        write!(f, "provider.{}", self.name)
    }
}

/// The whole address of a provider that no `required_providers` speaks of.
pub fn source(kind: &str) -> String {
    match kind {
        "terraform" => "terraform.io/builtin/terraform".to_owned(),
        kind => format!("registry.terraform.io/hashicorp/{kind}"),
    }
}

impl Config {
    /// The configuration with the provider's own name, whatever `required_providers` calls it here.
    pub fn known_as(&self, name: &ProviderName) -> ProviderName {
        let kind = self.required_providers.get(&name.kind).map_or(&name.kind, |it| &it.kind);
        ProviderName { kind: kind.clone(), alias: name.alias.clone() }
    }

    /// The configuration that a module's name of one stands for: what its caller passes, its own, or
    /// (a default one) the caller's. Asked of the root; whether it is declared is not looked at.
    pub fn provider(&self, module: &ModulePath, name: &ProviderName) -> ProviderAddr {
        let path = as_written(module);
        let Some(((call, _), parent)) = path.split_last() else {
            return ProviderAddr { module: path, name: name.clone() };
        };
        let parent = parent.to_vec();
        let call = self.module(&parent).and_then(|it| it.modules.get(&**call));
        if let Some((theirs, _)) = call.and_then(|it| it.providers.get(name)) {
            return self.provider(&parent, theirs);
        }
        let own = call.is_some_and(|it| it.config.providers.contains_key(name));
        if own || name.alias.is_some() {
            return ProviderAddr { module: path, name: name.clone() };
        }
        self.provider(&parent, name)
    }

    /// The configuration that a resource or data source uses.
    pub fn provider_of(&self, resource: &Resource) -> ProviderAddr {
        let name = resource.provider.as_ref().map(|it| it.0.clone());
        let name = name.unwrap_or_else(|| ProviderName::of_type(&resource.addr.kind));
        self.provider(&resource.addr.module, &name)
    }

    /// The same by address; the type's default one where the configuration lacks the resource.
    pub fn provider_at(&self, addr: &ResourceAddr) -> ProviderAddr {
        match self.resource(addr) {
            Some(it) => self.provider_of(it),
            None => self.provider(&addr.module, &ProviderName::of_type(&addr.kind)),
        }
    }
}
