//! The state: what we made, as Terraform's state file version 4 holds it. The model is pure; the
//! backends read, write and lock.

pub mod attributes;
pub mod backend;
pub mod bootstrap;
pub mod edit;
pub mod encryption;
pub mod error;
pub mod file;
pub mod lease;
pub mod lock;
pub mod settings;

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use serde_json::Value as Json;

use crate::address::{Addr, Key, Mode, ResourceAddr};
use crate::lang::Type;

pub use attributes::Attributes;
pub use backend::{Backend, Stamp};
pub use encryption::Encryption;
pub use error::{Error, Result};
pub use lease::{Lease, Loss};
pub use lock::LockInfo;
pub use settings::Settings;

/// What we write as `terraform_version`: Terraform refuses states of versions newer than itself, so
/// this is the oldest one whose state is exactly what we write.
pub const TERRAFORM_VERSION: &str = "1.11.4";

/// A state file's content.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    pub terraform_version: String,
    pub serial: u64,
    /// Tells this state from every other one; a UUID given at its first write.
    pub lineage: String,
    pub outputs: BTreeMap<String, Output>,
    /// By address: the order of the file too.
    pub resources: BTreeMap<ResourceAddr, Shared<Resource>>,
    /// `check_results`, kept as found.
    pub check_results: Json,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    pub value: Json,
    pub ty: Type,
    pub sensitive: bool,
}

/// What copies have in common until one of them is changed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shared<T>(Arc<T>);

impl<T> From<T> for Shared<T> {
    fn from(it: T) -> Self {
        Shared(Arc::new(it))
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

/// Whoever can change it gets one of his own: look before taking it mutably.
impl<T: Clone> DerefMut for Shared<T> {
    fn deref_mut(&mut self) -> &mut T {
        Arc::make_mut(&mut self.0)
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Resource {
    /// As in the file: `provider["registry.terraform.io/hashicorp/aws"]`, with `.alias` behind.
    pub provider: String,
    pub instances: BTreeMap<Key, Instance>,
}

/// The objects of one instance: the current one, and those a replacement still has to remove.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Instance {
    /// Shared: a copy of a state costs little more than its addresses.
    pub current: Option<Arc<Object>>,
    /// By deposed key: eight characters from `0-9a-f`.
    pub deposed: BTreeMap<String, Arc<Object>>,
}

/// One real thing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Object {
    pub schema_version: u64,
    pub attributes: Attributes,
    /// Paths of sensitive attributes, as in the file.
    pub sensitive_attributes: Vec<Json>,
    /// Provider's opaque data, base64, as found.
    pub private: Option<String>,
    /// Resources it depends on: what has to go after it.
    pub dependencies: Vec<ResourceAddr>,
    pub create_before_destroy: bool,
    /// Its resource had `prevent_destroy` when it was last applied: taking the block out does not lift
    /// that. A field of our own, which Terraform does not read (and loses when it writes).
    pub prevent_destroy: bool,
    /// Made but not finished: to be replaced.
    pub tainted: bool,
    /// What else the file says of it (`identity`, …), kept as found.
    pub rest: serde_json::Map<String, Json>,
}

impl Default for State {
    fn default() -> Self {
        State {
            terraform_version: TERRAFORM_VERSION.to_owned(),
            serial: 0,
            lineage: uuid::Uuid::new_v4().to_string(),
            outputs: BTreeMap::new(),
            resources: BTreeMap::new(),
            check_results: Json::Null,
        }
    }
}

impl State {
    /// An empty one with a lineage of its own, never written yet.
    pub fn new() -> Self {
        Self::default()
    }

    pub fn object(&self, addr: &Addr) -> Option<&Object> {
        self.resources.get(&addr.resource)?.instances.get(&addr.key)?.current.as_deref()
    }

    /// Every object of managed resources: address, deposed key where it has one, object.
    pub fn managed(&self) -> impl Iterator<Item = (Addr, Option<&str>, &Object)> {
        let managed = self.resources.iter().filter(|it| it.0.mode == Mode::Managed);
        managed.flat_map(|(resource, it)| {
            it.instances.iter().flat_map(move |(key, it)| {
                let addr = resource.instance(key.clone());
                let current = it.current.iter().map(|it| (None, &**it));
                let deposed = it.deposed.iter().map(|(k, it)| (Some(k.as_str()), &**it));
                current.chain(deposed).map(move |(key, it)| (addr.clone(), key, it))
            })
        })
    }

    pub fn is_empty(&self) -> bool {
        self.resources.is_empty() && self.outputs.is_empty()
    }

    /// Puts, replaces or (with `None`) removes the current object; empty entries go away.
    pub fn set(&mut self, addr: &Addr, provider: &str, object: Option<Object>) {
        let resource = self.resources.entry(addr.resource.clone()).or_default();
        if object.is_some() {
            resource.provider = provider.to_owned();
        }
        resource.instances.entry(addr.key.clone()).or_default().current = object.map(Arc::new);
        self.sweep(addr);
    }

    pub fn set_deposed(&mut self, addr: &Addr, key: &str, object: Option<Object>) {
        let resource = self.resources.entry(addr.resource.clone()).or_default();
        let deposed = &mut resource.instances.entry(addr.key.clone()).or_default().deposed;
        match object {
            Some(it) => deposed.insert(key.to_owned(), Arc::new(it)),
            None => deposed.remove(key),
        };
        self.sweep(addr);
    }

    fn sweep(&mut self, addr: &Addr) {
        let Some(resource) = self.resources.get_mut(&addr.resource) else { return };
        let gone = |it: &Instance| it.current.is_none() && it.deposed.is_empty();
        if resource.instances.get(&addr.key).is_some_and(gone) {
            resource.instances.remove(&addr.key);
        }
        if resource.instances.is_empty() {
            self.resources.remove(&addr.resource);
        }
    }
}
