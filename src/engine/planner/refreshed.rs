//! A refresh alone: nothing is planned, and outputs follow from what exists.

use crate::address::ResourceAddr;

use super::Planner;

impl Planner<'_> {
    pub(super) async fn refreshed(&mut self) {
        self.visit().await;
        self.checked();
        // What depends on something that is not made yet stays as it was told last.
        self.outputs.retain(|_, it| it.after.wholly_known());
        self.changes.clear();
        self.forget_outputs();
    }

    /// A resource as the state has it; one that is not made yet is not known.
    pub(super) fn as_it_is(&mut self, addr: &ResourceAddr) {
        match self.state.resources.contains_key(addr) {
            true => self.keep(addr),
            false => self.scope.obscure(addr),
        }
    }
}
