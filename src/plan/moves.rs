//! What the state keeps elsewhere than the configuration now says.

use std::collections::BTreeMap;

use crate::address::{Addr, Key};
use crate::config::{Config, Repeat};
use crate::state::State;

/// Moves that need no saying: a resource that has gained or lost its `count` is the first of the many.
/// The state is changed; told is which instance comes from where.
pub fn implied(config: &Config, state: &mut State) -> BTreeMap<Addr, Addr> {
    let mut out = BTreeMap::new();
    let held: Vec<_> = state.resources.keys().cloned().collect();
    for addr in held {
        let (from, to) = match config.resource(&addr).map(|it| &it.repeat) {
            Some(Repeat::Count(_)) => (Key::None, Key::Index(0)),
            Some(Repeat::Once) => (Key::Index(0), Key::None),
            Some(Repeat::ForEach(_)) | None => continue,
        };
        let Some(held) = state.resources.get_mut(&addr) else { continue };
        if held.instances.contains_key(&to) {
            continue;
        }
        if let Some(instance) = held.instances.remove(&from) {
            held.instances.insert(to.clone(), instance);
            out.insert(addr.instance(to), addr.instance(from));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::ResourceAddr;
    use crate::state::Object;

    fn moved(stack: &str, held: Key) -> (State, BTreeMap<Addr, Addr>) {
        let config = crate::config::tests::load_texts(&[("stack.toml", stack)]).expect("a good stack");
        let mut state = State::new();
        let addr = ResourceAddr::managed("aws_vpc", "a").instance(held);
        state.set(&addr, "", Some(Object::default()));
        let moves = implied(&config, &mut state);
        (state, moves)
    }

    #[test]
    fn a_gained_or_lost_count_moves_the_first() {
        let addr = ResourceAddr::managed("aws_vpc", "a");
        let (one, first) = (addr.instance(Key::None), addr.instance(Key::Index(0)));
        let (state, moves) = moved("[aws_vpc.a]\ncount = 2\ncidr_block = \"10.0.0.0/16\"\n", Key::None);
        assert_eq!(moves.get(&first), Some(&one));
        assert!(state.object(&first).is_some() && state.object(&one).is_none());
        let (state, moves) = moved("[aws_vpc.a]\ncidr_block = \"10.0.0.0/16\"\n", Key::Index(0));
        assert_eq!(moves.get(&one), Some(&first));
        assert!(state.object(&one).is_some());
    }

    #[test]
    fn other_keys_stay() {
        let (_, moves) = moved("[aws_vpc.a]\ncidr_block = \"10.0.0.0/16\"\n", Key::Index(1));
        assert!(moves.is_empty());
    }
}
