//! What one state knows of and another does not.

use crate::address::Addr;
use crate::state::State;

/// The resources' instances that `other` has an object of, and `state` none.
pub fn unknown_to(state: &State, other: &State) -> Vec<Addr> {
    let current = other.managed().filter(|it| it.1.is_none());
    current.map(|it| it.0).filter(|it| state.object(it).is_none()).collect()
}

/// Takes these over from the other state.
pub fn adopt(state: &mut State, other: &State, all: &[Addr]) {
    for addr in all {
        if let (Some(resource), Some(object)) = (other.resources.get(&addr.resource), other.object(addr)) {
            let provider = state.resources.get(&addr.resource).map_or(&resource.provider, |it| &it.provider);
            let provider = provider.clone();
            state.set(addr, &provider, Some(object.clone()));
        }
    }
}
