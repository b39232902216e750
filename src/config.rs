//! The configuration: what the stack files say, the same whichever front end read them.
//!
//! `load` reads the files and gives the model below; `inputs` settles the variables; `settings`
//! evaluates what stands in a backend or a provider. Nothing here prints or knows AWS.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::address::{Mode, ResourceAddr};
use crate::diag::Place;
use crate::lang::{Expr, Type, Value};

mod blocks;
pub mod inputs;
pub mod kinds;
mod load;
mod offsets;
pub mod scope;
pub mod settings;
mod source;
mod syntax;
mod table;
#[cfg(test)]
pub(crate) mod tests;
mod toml;

pub use blocks::env::is_env_name;
pub use load::{load, load_with, read};

/// A stack, as written.
#[derive(Debug, Default)]
pub struct Config {
    /// The folder of the stack.
    pub dir: PathBuf,
    /// The folder the program was called in: `path.cwd`.
    pub cwd: PathBuf,
    pub stack: Stack,
    pub backend: Option<Backend>,
    /// By alias; the default configuration has none.
    pub providers: BTreeMap<Option<String>, Provider>,
    pub variables: BTreeMap<String, Variable>,
    /// `[env.NAME]` and `env/NAME.toml`: environment → variable → value; the file wins over the table.
    pub envs: BTreeMap<String, BTreeMap<String, Expr>>,
    pub locals: BTreeMap<String, Expr>,
    /// Types (`data.TYPE` for data sources) that were refused: references to them are no second error.
    pub refused: std::collections::BTreeSet<String>,
    /// Resources and data sources.
    pub resources: BTreeMap<ResourceAddr, Resource>,
    pub outputs: BTreeMap<String, Output>,
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
    /// The alias in `provider = "aws.NAME"`; `None` is the default configuration.
    pub provider: Option<(String, Place)>,
    pub lifecycle: Lifecycle,
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
