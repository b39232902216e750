//! What a type's attributes are: derived from its struct, in Terraform's terms. Pure.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use serde_json::Value as Json;

use crate::lang::{Type, Value};

pub mod conform;
mod derive;
pub mod digest;
pub mod equal;
pub mod json_schema;
pub mod region;
pub mod write_only;

pub(crate) use derive::derive;

/// The schema of a resource type or data source, from its struct.
pub fn of<T: schemars::JsonSchema>(name: &str, version: u64) -> Schema {
    let mut schema = derive::<T>(version);
    region::add(name, &mut schema);
    schema
}

/// The shape of a resource type or data source.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    pub version: u64,
    pub block: Block,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Block {
    pub doc: String,
    pub attributes: BTreeMap<String, Attribute>,
    pub blocks: BTreeMap<String, NestedBlock>,
    pub(crate) derived: Derived,
}

/// What follows from a block's attributes and blocks, made when it is first asked for: every object of
/// a state has it, and they share it.
#[derive(Debug, Default)]
pub(crate) struct Derived {
    ty: OnceLock<Type>,
    names: OnceLock<BTreeMap<String, Arc<str>>>,
}

/// A copy may be changed: what follows from it is its own.
impl Clone for Derived {
    fn clone(&self) -> Self {
        Derived::default()
    }
}

/// Equal blocks have equal ones.
impl PartialEq for Derived {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    pub ty: Type,
    pub doc: String,
    pub required: bool,
    pub optional: bool,
    pub computed: bool,
    pub sensitive: bool,
    /// A change replaces the resource.
    pub fixed: bool,
    /// Kept in the state only: what AWS returns says nothing about it.
    pub local: bool,
    /// Sent and never kept: null in plan and state. May be ephemeral.
    pub write_only: bool,
    /// The value where the stack gives none.
    pub default: Option<Value>,
    pub form: Form,
    pub checks: Vec<Check>,
    /// Where the type is of objects: their attributes, for documentation and errors.
    pub of: Option<Box<Block>>,
}

/// Which texts mean the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    #[default]
    Plain,
    /// JSON, compared by meaning (as AWS policies are: one string equals a list of it).
    Json,
    /// Compared without regard to case.
    Caseless,
    /// The same, and in small letters wherever it is planned.
    Lower,
    /// An absence, an empty value and a zero are three things, and a change of type is a change.
    Exact,
    /// Plan and state hold the digest of the text, which calls take from the configuration: [`digest`].
    Digest,
}

/// What a known value must satisfy, so that the error comes before AWS is asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Check {
    OneOf(Vec<Json>),
    AtLeast(f64),
    AtMost(f64),
    Longer(u64),
    Shorter(u64),
    Pattern(String),
    Cidr,
    /// A range of IPv4 addresses.
    Cidr4,
    /// A range of IPv6 addresses.
    Cidr6,
    Json,
    /// JSON that is an object: IAM takes no other policies.
    Object,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nesting {
    /// An object or null.
    Single,
    List,
    Set,
}

#[derive(Debug, Clone, PartialEq)]
pub struct NestedBlock {
    pub nesting: Nesting,
    pub min: u64,
    /// `None`: as many as one likes.
    pub max: Option<u64>,
    /// Where the stack has none of it, AWS's answer stands.
    pub computed: bool,
    /// AWS shows one even where nobody asked: one that says nothing of note is as good as none.
    pub usual: bool,
    /// A change anywhere inside replaces the resource.
    pub fixed: bool,
    /// Kept in the state only.
    pub local: bool,
    /// What tells the items of a set apart: two that agree in it are the same one, changed or not. Empty: all of it.
    pub known_by: Option<String>,
    pub doc: String,
    pub block: Block,
}

impl Block {
    /// The type of an object of this block, every attribute and nested block included.
    pub fn ty(&self) -> Type {
        self.derived.ty.get_or_init(|| self.type_of_all()).clone()
    }
    fn type_of_all(&self) -> Type {
        let attributes = self.attributes.iter().map(|(k, it)| (k.as_str(), it.ty.clone()));
        let blocks = self.blocks.iter().map(|(k, it)| (k.as_str(), it.ty()));
        Type::object(attributes.chain(blocks))
    }
    /// The attributes that are sent and never kept.
    pub fn write_only(&self) -> impl Iterator<Item = &String> {
        self.attributes.iter().filter(|it| it.1.write_only).map(|it| it.0)
    }
    /// The name of an attribute or block as values hold it: one text for all of them.
    pub fn name(&self, name: &str) -> Arc<str> {
        let all = || self.names().map(|it| (it.to_owned(), it.into())).collect::<BTreeMap<_, _>>();
        self.derived.names.get_or_init(all).get(name).cloned().unwrap_or_else(|| name.into())
    }
    /// Every name that may stand in it.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.attributes.keys().chain(self.blocks.keys()).map(String::as_str)
    }
}

impl NestedBlock {
    pub fn ty(&self) -> Type {
        match self.nesting {
            Nesting::Single => self.block.ty(),
            Nesting::List => Type::list(self.block.ty()),
            Nesting::Set => Type::set(self.block.ty()),
        }
    }
}
