//! What the plan is not about: it stays as the state has it.

use super::{Planner, block_of};
use crate::address::{Addr, ResourceAddr};
use crate::lang::Value;
use crate::plan::sensitive;
use crate::schema::Block;

impl Planner<'_> {
    /// Whether nothing of a resource is planned.
    pub(super) fn skipped(&self, addr: &ResourceAddr) -> bool {
        self.included.as_ref().is_some_and(|it| !it.any(addr))
    }

    /// Whether an instance is left as it is.
    pub(super) fn skips(&self, addr: &Addr) -> bool {
        self.included.as_ref().is_some_and(|it| !it.covers(addr))
    }

    /// An instance that is left out beside others that are planned: what the state says of it.
    pub(super) fn spare(&mut self, addr: &Addr, block: &Block) -> Value {
        self.spared.insert(addr.clone());
        let held = self.state.object(addr);
        held.map_or_else(|| Value::unknown(block.ty()), |it| sensitive::of(it, block))
    }

    /// What is left out keeps what the state says of it.
    pub(super) fn keep(&mut self, addr: &ResourceAddr) {
        if self.skipped(addr) {
            self.left.insert(addr.clone());
        }
        self.scope.begin(addr);
        let Some(held) = self.state.resources.get(addr) else { return };
        let Some(block) = block_of(addr) else { return };
        for (key, instance) in &held.instances {
            if let Some(object) = &instance.current {
                self.scope.set(addr, key, sensitive::of(object, block));
            }
        }
    }
}
