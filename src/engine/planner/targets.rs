//! `--target`: what a plan is restricted to.

use std::collections::BTreeSet;

use super::Request;
use crate::address::{Addr, ModulePath, ResourceAddr, Target, as_written, holds};
use crate::plan::PlanMode;
use crate::state::State;

/// What `--target` leaves in.
pub(super) struct Included {
    targets: Vec<Target>,
    /// What the targets depend on (for a destroy: what depends on them), without keys.
    others: BTreeSet<ResourceAddr>,
}

impl Included {
    pub fn covers(&self, addr: &ResourceAddr) -> bool {
        self.others.contains(&addr.as_written()) || self.targets.iter().any(|it| names(it, addr))
    }
}

impl Included {
    /// Whether anything in a module is left in, by its path without keys.
    pub fn enters(&self, module: &ModulePath) -> bool {
        let named = |it: &Target| {
            let path = as_written(match it {
                Target::Module(path) => path,
                Target::Resource(it) | Target::Instance(Addr { resource: it, .. }) => &it.module,
            });
            path.starts_with(module) || matches!(it, Target::Module(_)) && module.starts_with(&path)
        };
        self.others.iter().any(|it| it.module.starts_with(module)) || self.targets.iter().any(named)
    }
}

/// Whether a target is about (an instance of) this resource; an address without keys stands for any.
fn names(target: &Target, addr: &ResourceAddr) -> bool {
    let open = addr.module.iter().all(|it| it.1 == crate::address::Key::None);
    match target {
        Target::Module(path) => {
            holds(path, &addr.module) || open && addr.module.starts_with(&as_written(path))
        }
        Target::Resource(it) | Target::Instance(Addr { resource: it, .. }) => {
            it == addr || open && it.as_written() == *addr
        }
    }
}

pub(super) fn included(request: &Request<'_>, state: &State) -> Option<Included> {
    if request.targets.is_empty() {
        return None;
    }
    let written = request.config.every().map(|it| &it.addr);
    let known = written.chain(state.resources.keys());
    let named: BTreeSet<ResourceAddr> = known
        .filter(|addr| request.targets.iter().any(|it| names(it, addr)))
        .map(ResourceAddr::as_written)
        .collect();
    let others = match request.mode {
        PlanMode::Destroy => {
            let leaning = state.managed().filter(|it| it.2.dependencies.iter().any(|it| named.contains(it)));
            leaning.map(|it| it.0.resource.as_written()).collect()
        }
        _ => named.iter().flat_map(|it| request.graph.dependencies(it).cloned()).collect(),
    };
    Some(Included { targets: request.targets.clone(), others })
}
