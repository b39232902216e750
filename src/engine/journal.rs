//! What an apply is about to create, written down before the first call: the next one looks for each of
//! these before it creates anything again.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::address::{Addr, parse_instance};
use crate::kind;
use crate::plan::{Action, Plan};
use crate::state::State;

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
}

impl Journal {
    /// Every create of a plan, and what an earlier apply left open. What is open keeps its token.
    pub fn of(plan: &Plan, stored: &State, open: &Journal) -> Journal {
        let creating = |it: Action| matches!(it, Action::Create | Action::Replace | Action::CreateThenDelete);
        let planned = plan.changes.iter().filter(|it| creating(it.action)).map(|it| &it.addr);
        let mut creates = open.creates.clone();
        for addr in planned {
            // By chance, not derived: what was made with a token and deleted since must not answer to it.
            let fresh =
                || Entry { token: uuid::Uuid::new_v4().simple().to_string(), replaces: id_of(stored, addr) };
            creates.entry(addr.to_string()).or_insert_with(fresh);
        }
        Journal { lineage: stored.lineage.clone(), serial: stored.serial, creates }
    }

    /// The creates of which the stored state does not know the end: it holds nothing there, or still
    /// what was to be replaced.
    pub fn open(mut self, stored: &State) -> Journal {
        self.creates.retain(|addr, entry| {
            parse_instance(addr).is_ok_and(|addr| {
                let held = id_of(stored, &addr);
                stored.object(&addr).is_none() || held.is_some() && held == entry.replaces
            })
        });
        self
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

    pub fn read(bytes: &[u8]) -> Result<Journal, String> {
        serde_json::from_slice(bytes)
            .map_err(|it| format!("the journal of an earlier apply cannot be read: {it}"))
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::json!(self).to_string().into_bytes()
    }

    pub fn token(&self, addr: &Addr) -> Option<&str> {
        self.creates.get(&addr.to_string()).map(|it| it.token.as_str())
    }
}

fn id_of(state: &State, addr: &Addr) -> Option<String> {
    state.object(addr)?.attributes.get("id")?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::{Key, ResourceAddr};
    use crate::state::Object;

    fn state(id: Option<&str>) -> State {
        let mut state = State::new();
        let object = id.map(|it| Object { attributes: serde_json::json!({ "id": it }), ..Object::default() });
        state.set(&addr(), "provider[\"registry.terraform.io/hashicorp/aws\"]", object);
        state
    }

    fn addr() -> Addr {
        ResourceAddr::managed("aws_vpc", "main").instance(Key::None)
    }

    fn is_open(replaces: Option<&str>, held: Option<&str>) -> bool {
        let entry = Entry { token: "t".into(), replaces: replaces.map(str::to_owned) };
        let creates = BTreeMap::from([(addr().to_string(), entry)]);
        let journal = Journal { creates, ..Journal::default() };
        journal.open(&state(held)).token(&addr()).is_some()
    }

    #[test]
    fn a_create_is_open_until_the_state_holds_what_it_made() {
        assert!(is_open(None, None));
        assert!(!is_open(None, Some("vpc-new")));
        assert!(is_open(Some("vpc-old"), Some("vpc-old")), "the old one is still there");
        assert!(is_open(Some("vpc-old"), None), "the old one is deleted, or set aside");
        assert!(!is_open(Some("vpc-old"), Some("vpc-new")));
    }

    #[test]
    fn what_is_written_is_read() {
        let entry = Entry { token: "t".into(), replaces: Some("vpc-old".into()) };
        let creates = BTreeMap::from([(addr().to_string(), entry)]);
        let journal = Journal { lineage: "l".into(), serial: 3, creates };
        assert_eq!(Journal::read(&journal.to_bytes()), Ok(journal));
        assert!(Journal::read(b"{").unwrap_err().contains("cannot be read"));
    }
}
