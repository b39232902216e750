//! What an apply is about to create, written down before the first call: the next one looks for each of
//! these before it creates anything again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::address::Addr;
use crate::plan::{Action, Plan};

/// The name of the journal beside the state.
pub const SUFFIX: &str = "journal";

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journal {
    pub lineage: String,
    pub serial: u64,
    /// Address → the token its create is sent with, the same for every attempt.
    pub creates: BTreeMap<String, String>,
}

impl Journal {
    /// Every create of a plan. One that an earlier journal holds, and the state does not know, keeps its token.
    pub fn of(plan: &Plan, earlier: &Journal) -> Journal {
        let state = &plan.state;
        let creating = |it: Action| matches!(it, Action::Create | Action::Replace | Action::CreateThenDelete);
        let planned = plan.changes.iter().filter(|it| creating(it.action)).map(|it| &it.addr);
        let token = |addr: &Addr| {
            let text = format!("{}/{}/{addr}", state.lineage, state.serial);
            let fresh = || uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, text.as_bytes()).simple().to_string();
            let old = earlier.creates.get(&addr.to_string()).filter(|_| state.object(addr).is_none());
            (addr.to_string(), old.cloned().unwrap_or_else(fresh))
        };
        let mut creates: BTreeMap<String, String> = planned.map(token).collect();
        // What is not planned now may still have been made: it stays to be looked for.
        for (addr, token) in &earlier.creates {
            let unknown = crate::address::parse_instance(addr).is_ok_and(|it| state.object(&it).is_none());
            if unknown {
                creates.entry(addr.clone()).or_insert_with(|| token.clone());
            }
        }
        Journal { lineage: state.lineage.clone(), serial: state.serial, creates }
    }

    pub fn read(bytes: &[u8]) -> Result<Journal, String> {
        serde_json::from_slice(bytes).map_err(|it| format!("the journal of an earlier apply cannot be read: {it}"))
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::json!(self).to_string().into_bytes()
    }

    pub fn token(&self, addr: &Addr) -> Option<&str> {
        self.creates.get(&addr.to_string()).map(String::as_str)
    }
}
