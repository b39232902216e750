//! The configuration: what the stack files say, the same whichever front end read them.
//!
//! `load` reads the files and gives the model below; `inputs` settles the variables; `settings`
//! evaluates what stands in a backend or a provider. Nothing here prints or knows AWS.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::address::{Mode, ModulePath, ResourceAddr, Target};
use crate::diag::Place;
use crate::lang::{Expr, Type, Value};

mod blocks;
pub mod early;
pub mod encryption;
mod hcl;
mod initialised;
pub mod inputs;
mod json;
pub mod kinds;
mod load;
pub mod mentions;
pub mod modules;
mod offsets;
pub mod partial;
pub mod providers;
pub mod scope;
pub mod settings;
mod source;
mod syntax;
mod table;
pub mod targets;
#[cfg(test)]
pub(crate) mod tests;
mod toml;
pub mod version;
mod written;

pub use blocks::env::is_env_name;
pub use load::{load, load_with, read, read_and};
pub use providers::{ProviderAddr, ProviderName};
pub use source::{decode, read as read_file};
pub use toml::parse as parse_toml;
pub use written::Syntax;

/// A module as written: the stack itself is the root module.
#[derive(Debug, Default)]
pub struct Config {
    /// The way down from the root; no step has a key here.
    pub path: ModulePath,
    /// The folder of the module.
    pub dir: PathBuf,
    /// The folder the program was called in: `path.cwd`.
    pub cwd: PathBuf,
    pub syntax: Syntax,
    pub stack: Stack,
    pub backend: Option<Backend>,
    /// How state and plan files are encrypted.
    pub encryption: Option<encryption::Encryption>,
    pub providers: BTreeMap<ProviderName, Provider>,
    /// The modules it calls.
    pub modules: BTreeMap<String, ModuleCall>,
    pub variables: BTreeMap<String, Variable>,
    /// `[env.NAME]` and `env/NAME.toml`: environment → variable → value; the file wins over the table.
    pub envs: BTreeMap<String, BTreeMap<String, Expr>>,
    /// `[env.NAME] lifecycle = { confirm = … }`: environments whose name has to be typed before an apply.
    pub confirm: BTreeMap<String, (Confirm, Place)>,
    pub locals: BTreeMap<String, Expr>,
    /// `required_providers`: what the module calls a provider, and which one that is.
    pub required_providers: BTreeMap<Arc<str>, RequiredProvider>,
    /// Files of values that count without being named, from weak to strong; `None` in a stack of
    /// stack files, which has `[env.NAME]` instead.
    pub value_files: Option<Vec<PathBuf>>,
    /// Types (`data.TYPE` for data sources) that were refused: references to them are no second error.
    pub refused: std::collections::BTreeSet<String>,
    /// Types that are not there: what there is to say, and where they are used.
    pub missing: BTreeMap<String, Vec<Place>>,
    /// Resources and data sources.
    pub resources: BTreeMap<ResourceAddr, Resource>,
    pub outputs: BTreeMap<String, Output>,
    pub moved: Vec<Moved>,
    pub imports: Vec<Import>,
    pub removed: Vec<Removed>,
    pub checks: BTreeMap<String, Check>,
    /// The sources of its calls that are fetched from elsewhere, and whether they are here.
    pub remote: Vec<(modules::Wanted, bool)>,
}

/// `[module.NAME]`: another folder's configuration, called with inputs.
#[derive(Debug)]
pub struct ModuleCall {
    pub name: String,
    /// As written; empty where it could not be read.
    pub source: String,
    /// The constraint on its version, as written.
    pub version: Option<String>,
    pub inputs: Body,
    pub repeat: Repeat,
    pub depends_on: Vec<Reference>,
    /// The module's name of a configuration → the caller's.
    pub providers: BTreeMap<ProviderName, (ProviderName, Place)>,
    /// What the source holds; empty where it could not be read, which is reported already.
    pub config: Box<Config>,
    /// Whether `config` could be read.
    pub found: bool,
    pub place: Place,
}

/// `[[moved]]`: what has another address now. Addresses are of the module that says so, without
/// the module's own path.
#[derive(Debug)]
pub struct Moved {
    pub from: (Target, Place),
    pub to: (Target, Place),
    pub place: Place,
}

/// `[[import]]`: takes up a thing that exists.
#[derive(Debug)]
pub struct Import {
    /// The instance it becomes: an address whose keys may be expressions.
    pub to: Expr,
    pub id: Expr,
    pub for_each: Option<Expr>,
    pub provider: Option<(ProviderName, Place)>,
    pub place: Place,
}

/// `[[removed]]`: what the stack has no more, and whether it is destroyed or only let go of.
#[derive(Debug)]
pub struct Removed {
    /// A module or a resource, with all its instances.
    pub from: (Target, Place),
    pub destroy: bool,
    pub provisioners: Vec<Provisioner>,
    pub place: Place,
}

/// `[check.NAME]`: assertions that warn.
#[derive(Debug)]
pub struct Check {
    pub name: String,
    /// Its own data source, if it has one: it is in `resources` too, and its failure is a warning.
    pub data: Option<ResourceAddr>,
    pub asserts: Vec<Rule>,
    pub place: Place,
}

/// A `local-exec`: a command that runs beside the create or the destroy of a resource.
#[derive(Debug)]
pub struct Provisioner {
    /// `local-exec`.
    pub kind: String,
    pub on_destroy: bool,
    /// A failure is told, and nothing more.
    pub carries_on: bool,
    pub body: Body,
    pub place: Place,
}

/// When an environment wants its name typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirm {
    /// Before something is destroyed or replaced.
    Destroy,
    /// Before anything is applied.
    Always,
}

#[derive(Debug, Default)]
pub struct Stack {
    pub name: Option<String>,
    pub place: Option<Place>,
}

/// `[backend.s3]` or `[backend.local]`: settings may use variables and `stack`, nothing else.
#[derive(Debug)]
pub struct Backend {
    pub kind: String,
    pub settings: Body,
    pub place: Place,
}

/// What a module says of a provider that it uses.
#[derive(Debug)]
pub struct RequiredProvider {
    /// The provider, as resource types begin: `aws`, `random`.
    pub kind: Arc<str>,
    /// Its whole address: `registry.terraform.io/hashicorp/aws`.
    pub source: String,
    /// A constraint, as the module says it.
    pub version: Option<String>,
    /// The aliases that a caller must give: `configuration_aliases`.
    pub aliases: Vec<(Arc<str>, Place)>,
    pub place: Place,
}

#[derive(Debug)]
pub struct Provider {
    pub settings: Body,
    pub place: Place,
}

#[derive(Debug)]
pub struct Variable {
    pub name: String,
    pub ty: Type,
    /// A value given as text (`--var`, `TF_VAR_x`) is taken as it is: the type is primitive, or
    /// none was declared. Otherwise the text is an expression.
    pub literal: bool,
    /// Known, already of type `ty`.
    pub default: Option<Value>,
    pub nullable: bool,
    pub sensitive: bool,
    pub ephemeral: bool,
    pub description: Option<String>,
    pub validations: Vec<Rule>,
    pub place: Place,
}

/// A `validation`, `precondition` or `postcondition`.
#[derive(Debug)]
pub struct Rule {
    pub condition: Expr,
    pub error_message: Expr,
    pub place: Place,
}

#[derive(Debug)]
pub struct Output {
    pub value: Expr,
    pub sensitive: bool,
    pub ephemeral: bool,
    pub description: Option<String>,
    pub depends_on: Vec<Reference>,
    pub preconditions: Vec<Rule>,
    pub place: Place,
}

/// Attributes and nested blocks, in the order of the file.
#[derive(Debug, Default, Clone)]
pub struct Body(pub Vec<Setting>);

#[derive(Debug, Clone)]
pub struct Setting {
    pub name: Arc<str>,
    /// Where the name stands.
    pub place: Place,
    pub value: Expr,
}

#[derive(Debug)]
pub struct Resource {
    pub addr: ResourceAddr,
    pub repeat: Repeat,
    pub depends_on: Vec<Reference>,
    /// `provider = "aws.NAME"`; without it, the default configuration of the type's provider.
    pub provider: Option<(ProviderName, Place)>,
    pub lifecycle: Lifecycle,
    pub provisioners: Vec<Provisioner>,
    /// Without the meta-arguments.
    pub body: Body,
    /// Where the header's address stands.
    pub place: Place,
}

#[derive(Debug, Default)]
pub enum Repeat {
    #[default]
    Once,
    Count(Expr),
    ForEach(Expr),
}

/// A static reference written as text: `aws_vpc.main`, `module.net`, `data.aws_region.here`.
#[derive(Debug, Clone)]
pub struct Reference {
    pub path: Vec<String>,
    pub place: Place,
}

#[derive(Debug, Default)]
pub struct Lifecycle {
    pub create_before_destroy: Option<bool>,
    pub prevent_destroy: bool,
    pub ignore_changes: Ignore,
    pub replace_triggered_by: Vec<Expr>,
    pub preconditions: Vec<Rule>,
    pub postconditions: Vec<Rule>,
}

#[derive(Debug, Default)]
pub enum Ignore {
    #[default]
    Nothing,
    All,
    /// Attribute paths such as `["tags", "Owner"]` or `["ingress", "0"]`.
    Paths(Vec<(Vec<String>, Place)>),
}

impl Config {
    /// The module at this path, whatever the keys in it say; `None` where no such one is called.
    pub fn module(&self, path: &[(Arc<str>, crate::address::Key)]) -> Option<&Config> {
        let Some(((name, _), rest)) = path.split_first() else { return Some(self) };
        self.modules.get(&**name)?.config.module(rest)
    }

    /// The resource or data source at this address, whatever the keys in it say. Asked of the root.
    pub fn resource(&self, addr: &ResourceAddr) -> Option<&Resource> {
        self.module(&addr.module)?.resources.get(&addr.as_written())
    }

    /// This module and all that it calls, callers first.
    pub fn all(&self) -> Vec<&Config> {
        let mut out = vec![self];
        self.modules.values().for_each(|it| out.extend(it.config.all()));
        out
    }

    /// The resources and data sources of this module and of all that it calls.
    pub fn every(&self) -> impl Iterator<Item = &Resource> {
        self.all().into_iter().flat_map(|it| it.resources.values())
    }
}

impl Body {
    pub fn get(&self, name: &str) -> Option<&Setting> {
        self.0.iter().find(|it| *it.name == *name)
    }
}

impl Resource {
    pub fn is_data(&self) -> bool {
        self.addr.mode == Mode::Data
    }
}
