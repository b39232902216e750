//! `create_before_destroy` spreads to what a resource depends on: the old one cannot go before the new
//! one of what leans on it is there.

use std::collections::BTreeSet;

use crate::address::ResourceAddr;
use crate::config::Config;
use crate::graph::Graph;
use crate::state::State;

/// Every resource that is to be created before its predecessor is destroyed.
pub fn create_before_destroy(config: &Config, graph: &Graph, state: &State) -> BTreeSet<ResourceAddr> {
    let chosen = config.every().filter(|it| it.lifecycle.create_before_destroy == Some(true));
    let mut out: BTreeSet<ResourceAddr> = chosen.map(|it| it.addr.clone()).collect();
    // What the configuration has no more goes by what the state remembers.
    let gone =
        state.managed().filter(|it| config.resource(&it.0.resource).is_none() && it.2.create_before_destroy);
    out.extend(gone.map(|it| it.0.resource.as_written()));
    for addr in out.clone() {
        out.extend(graph.dependencies(&addr).cloned());
    }
    out
}
