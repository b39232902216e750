//! A repeated resource as expressions see it.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::lang::{Kind, Value};

/// All instances by their keys, and the one value they make: built when somebody looks, and from then
/// on changed in place, so that looking at each of many costs no more than looking at one.
pub struct Many<K> {
    all: BTreeMap<K, Value>,
    seen: OnceCell<Value>,
}

impl<K> Default for Many<K> {
    fn default() -> Self {
        Many { all: BTreeMap::new(), seen: OnceCell::new() }
    }
}

/// A key of instances, and what its kind of repetition looks like.
pub trait Repeated: Ord + Clone {
    fn built(all: &BTreeMap<Self, Value>) -> Value;
    /// Puts one instance into what was built; false where that has to be built anew.
    fn put(&self, all: &BTreeMap<Self, Value>, built: &mut Kind) -> bool;
}

impl Repeated for u64 {
    fn built(all: &BTreeMap<u64, Value>) -> Value {
        Value::tuple(all.values().cloned().collect())
    }
    fn put(&self, all: &BTreeMap<u64, Value>, built: &mut Kind) -> bool {
        // With gaps, an item's place is not its key; nor is it in what was built while there were some.
        let dense = all.last_key_value().is_none_or(|it| *it.0 + 1 == all.len() as u64);
        let (Kind::Tuple(items), Some(value), true) = (built, all.get(self), dense) else { return false };
        let place = usize::try_from(*self).ok();
        let Some((items, place)) = Arc::get_mut(items).zip(place) else { return false };
        if items.len() == all.len() {
            items[place] = value.clone();
        } else if items.len() + 1 == all.len() && place == items.len() {
            items.push(value.clone());
        } else {
            return false;
        }
        true
    }
}

impl Repeated for Arc<str> {
    fn built(all: &BTreeMap<Arc<str>, Value>) -> Value {
        Value::object(all.iter().map(|(k, v)| (k.clone(), v.clone())))
    }
    fn put(&self, all: &BTreeMap<Arc<str>, Value>, built: &mut Kind) -> bool {
        let (Kind::Object(fields), Some(value)) = (built, all.get(self)) else { return false };
        let Some(fields) = Arc::get_mut(fields) else { return false };
        fields.insert(self.clone(), value.clone());
        true
    }
}

impl<K: Repeated> Many<K> {
    pub fn of(key: K, value: Value) -> Self {
        Many { all: BTreeMap::from([(key, value)]), seen: OnceCell::new() }
    }

    pub fn set(&mut self, key: K, value: Value) {
        self.all.insert(key.clone(), value);
        let all = &self.all;
        if self.seen.get_mut().is_some_and(|it| !key.put(all, &mut it.kind)) {
            self.seen.take();
        }
    }

    pub fn value(&self) -> Value {
        self.seen.get_or_init(|| K::built(&self.all)).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_looked_at_changes_with_what_is_set() {
        let mut all = Many::<u64>::default();
        for at in [1, 0, 2, 1, 5, 3] {
            all.set(at, Value::from(at as i64 * 10));
            assert_eq!(all.value(), u64::built(&all.all), "after {at}");
        }
        let mut all = Many::of(Arc::<str>::from("b"), Value::from(1));
        let held = all.value();
        for (key, it) in [("a", 2), ("b", 3), ("c", 4)] {
            all.set(key.into(), Value::from(it));
            assert_eq!(all.value(), Arc::<str>::built(&all.all), "after {key}");
        }
        assert_eq!(held, Value::object([("b", Value::from(1))]), "what somebody holds stays");
    }
}
