//! What an apply is about to create, written down before the first call: the next one looks for each of
//! these before it creates anything again.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::address::{Addr, parse_instance};
use crate::aws::connect::clock;
use crate::config::Config;
use crate::kind;
use crate::lang::{Marks, Type};
use crate::plan::{Action, Change, Plan};
use crate::schema::{Block, conform, region};
use crate::state::{Attributes, Object, State};

/// The name of the journal beside the state.
pub const SUFFIX: &str = "journal";

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journal {
    pub lineage: String,
    pub serial: u64,
    /// By address.
    pub creates: BTreeMap<String, Entry>,
}

/// One create.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What it is sent with: the same for every attempt.
    pub token: String,
    /// The id of the object that the state holds until the new one takes its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
    /// Its key, where an id does not tell it from the new one: such as an object's, which is in another bucket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces_key: Option<String>,
    /// Whether that one was tainted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tainted: bool,
    /// Seconds since 1970, by AWS's clock: what is older was not made by this.
    #[serde(default)]
    pub since: i64,
    /// Whose it is, as the state says it.
    #[serde(default)]
    pub provider: String,
    /// What was planned, as far as a thing is found by it: nothing that may change in place, nothing secret.
    #[serde(default, skip_serializing_if = "Attributes::is_null")]
    pub wanted: Attributes,
    /// Whether everything that it is named by was known.
    #[serde(default)]
    pub named: bool,
}

impl Entry {
    fn of(change: &Change, stored: &State) -> Entry {
        Entry {
            // By chance, not derived: what was made with a token and deleted since must not answer to it.
            token: uuid::Uuid::new_v4().simple().to_string(),
            replaces: stored.object(&change.addr).and_then(id_of),
            replaces_key: stored.object(&change.addr).and_then(|it| key_of(&change.addr, it)),
            tainted: stored.object(&change.addr).is_some_and(|it| it.tainted),
            since: clock::not_before(),
            provider: change.provider.clone(),
            wanted: identity(change).unwrap_or_default().into(),
            named: is_named(change),
        }
    }

    /// Whether this object is what the create has made, by an apply that did not get further.
    fn is_unfinished(&self, addr: &Addr, object: &Object) -> bool {
        object.tainted && (!self.tainted || !self.is_to_replace(addr, object))
    }

    /// Whether the object at that address is still the one that was to be replaced.
    pub fn is_to_replace(&self, addr: &Addr, object: &Object) -> bool {
        let same_key = || self.replaces_key.is_none() || self.replaces_key == key_of(addr, object);
        self.replaces.is_some() && self.replaces == id_of(object) && same_key()
    }
}

/// Whether all that never changes is known; a name may still come from its prefix and the token.
fn is_named(change: &Change) -> bool {
    let Some(kind) = kind::resource(&change.addr.resource.kind) else { return false };
    let attributes = kind.schema().block.attributes.iter();
    let given = attributes.filter(|it| it.1.fixed && (it.1.required || it.1.optional)).map(|it| it.0);
    let known = |name: &str| change.after.get(name).is_some_and(|it| it.wholly_known());
    let prefixed = |name: &str| {
        let prefix = change.after.get(&format!("{name}_prefix"));
        prefix.is_some_and(|it| it.wholly_known() && !it.is_null())
    };
    given.into_iter().all(|name| known(name) || prefixed(name))
}

/// What never changes about an object, and what else its type finds it by, where it is known and no secret.
fn identity(change: &Change) -> Option<Json> {
    let kind = kind::resource(&change.addr.resource.kind)?;
    let block = &kind.schema().block;
    let fields = change.after.as_fields()?;
    let told = fields.iter().filter(|(name, value)| {
        let sought = kind.sought_by().contains(&&***name);
        let lasts = |it: &crate::schema::Attribute| (it.fixed || sought) && !it.sensitive && !it.write_only;
        let inside = sought && block.blocks.contains_key(&***name);
        let counts = &***name == region::NAME || inside || block.attributes.get(&***name).is_some_and(lasts);
        counts && value.wholly_known() && value.deep_marks() == Marks::default()
    });
    let told: serde_json::Map<String, Json> = told.map(|it| (it.0.to_string(), it.1.to_json())).collect();
    (!told.is_empty()).then(|| told.into())
}

impl Journal {
    /// Every create of a plan (and what is as good as one), and what an earlier apply left open. What is open keeps
    /// its token.
    pub fn of(plan: &Plan, stored: &State, open: &Journal) -> Journal {
        let mut creates = open.creates.clone();
        for change in plan.changes.iter().filter(|it| creates_one(it) || renames_one(it)) {
            creates.entry(change.addr.to_string()).or_insert_with(|| Entry::of(change, stored));
        }
        Journal { lineage: stored.lineage.clone(), serial: stored.serial, creates }
    }

    /// The creates of which the stored state does not know the end: it holds nothing there, or still
    /// what was to be replaced.
    pub fn open(mut self, stored: &State) -> Journal {
        self.creates.retain(|addr, entry| {
            parse_instance(addr)
                .is_ok_and(|addr| stored.object(&addr).is_none_or(|it| entry.is_to_replace(&addr, it)))
        });
        self
    }

    /// Those that this plan does not come to, so that nobody would look for them.
    pub fn strays(&self, plan: &Plan) -> Journal {
        let coming: BTreeSet<String> =
            plan.changes.iter().filter(|it| creates_one(it)).map(|it| it.addr.to_string()).collect();
        let mut strays = self.clone();
        strays.creates.retain(|addr, _| !coming.contains(addr));
        strays
    }

    /// What an apply has made that did not get further: it is gone on with, not replaced. What still
    /// needed its provisioners is no such thing.
    pub fn unfinished(&self, state: &State, config: &Config) -> Vec<Addr> {
        let mut out = Vec::new();
        for (text, entry) in &self.creates {
            let Ok(addr) = parse_instance(text) else { continue };
            let provisioned = |it: &crate::config::Resource| it.provisioners.iter().any(|it| !it.on_destroy);
            if config.resource(&addr.resource).is_some_and(provisioned) {
                continue;
            }
            if state.object(&addr).is_some_and(|it| entry.is_unfinished(&addr, it)) {
                out.push(addr);
            }
        }
        out
    }

    /// What was made and may still carry the tag of its create: of types that have nothing else to be known by.
    pub fn leftover(&self, open: &Journal) -> BTreeSet<String> {
        let ended = self.creates.keys().filter(|it| !open.creates.contains_key(*it));
        let marked = |addr: &Addr| kind::resource(&addr.resource.kind).is_some_and(|it| it.marked());
        ended.filter(|it| parse_instance(it).is_ok_and(|it| marked(&it))).cloned().collect()
    }

    /// Takes over these entries of an earlier journal where there is none of its own.
    pub fn with(mut self, earlier: &Journal, addresses: &BTreeSet<String>) -> Journal {
        for (addr, entry) in earlier.creates.iter().filter(|it| addresses.contains(it.0)) {
            self.creates.entry(addr.clone()).or_insert_with(|| entry.clone());
        }
        self
    }

    /// Those at some addresses only.
    pub fn only(mut self, addresses: &BTreeSet<String>) -> Journal {
        self.creates.retain(|addr, _| addresses.contains(addr));
        self
    }

    /// As it may lie beside a state that is encrypted: what stands in it of the things themselves is left
    /// out but for where they are.
    pub fn sealed(mut self) -> Journal {
        for entry in self.creates.values_mut() {
            let region = entry.wanted.get(region::NAME);
            entry.wanted = region.map_or(Json::Null, |it| serde_json::json!({ region::NAME: it })).into();
            entry.replaces_key = None;
            entry.named = false;
        }
        self
    }

    /// Without those at some addresses.
    pub fn without(mut self, addresses: &BTreeSet<String>) -> Journal {
        self.creates.retain(|addr, _| !addresses.contains(addr));
        self
    }

    pub fn read(bytes: &[u8]) -> Result<Journal, String> {
        serde_json::from_slice(bytes)
            .map_err(|it| format!("the journal of an earlier apply cannot be read: {it}"))
    }

    pub fn to_bytes(&self) -> Result<Vec<u8>, String> {
        serde_json::to_vec(self).map_err(|it| format!("the journal cannot be written: {it}"))
    }

    pub fn at(&self, addr: &Addr) -> Option<&Entry> {
        self.creates.get(&addr.to_string())
    }
}

fn creates_one(change: &Change) -> bool {
    matches!(change.action, Action::Create | Action::Replace | Action::CreateThenDelete)
}

/// Whether what an update leaves is another thing to AWS, which a plan would find missing under the old name: such
/// as a record with another set identifier.
fn renames_one(change: &Change) -> bool {
    let kind = kind::resource(&change.addr.resource.kind).filter(|_| change.action == Action::Update);
    kind.is_some_and(|kind| {
        let block = &kind.schema().block;
        let (was, will) = (conform::to_state(&change.before, block), conform::to_state(&change.after, block));
        let keys = kind.key(&was).and_then(|it| Ok((it, kind.key_after(&was, &will)?)));
        keys.is_ok_and(|(old, new)| !kind.is_same(&old, &new))
    })
}

/// Attributes by which a thing can be looked for: those that are told, and nothing in place of what a
/// type insists on.
pub fn wanted(told: &Json, block: &Block) -> Json {
    let mut all = conform::known(told, block);
    let fields = block.attributes.iter().filter(|it| it.1.required).map(|it| (it.0, &it.1.ty));
    let nothing = |ty: &Type| match ty {
        Type::Number => Json::from(0),
        Type::Bool => Json::from(false),
        Type::List(_) | Type::Set(_) => Json::Array(Vec::new()),
        Type::Map(_) => Json::Object(serde_json::Map::new()),
        _ => Json::from(""),
    };
    if let Some(all) = all.as_object_mut() {
        for (name, ty) in fields {
            let it = all.entry(name.clone()).or_insert(Json::Null);
            if it.is_null() {
                *it = nothing(ty);
            }
        }
    }
    all
}

fn id_of(object: &Object) -> Option<String> {
    object.attributes.text("id")
}

fn key_of(addr: &Addr, object: &Object) -> Option<String> {
    let kind = kind::resource(&addr.resource.kind)?;
    kind.key(&conform::known(&object.attributes.json(), &kind.schema().block)).ok()
}

#[cfg(test)]
mod tests;
