//! What a state holds of an object beyond its schema: a newer provider's attributes and blocks. They
//! mean nothing here, and stay as they are for whoever knows them.

use serde_json::Value as Json;

use super::from_state;
use crate::schema::{Block, NestedBlock, Nesting};

/// Puts into `new` what `old` has and the schema does not know.
pub fn keep(old: &Json, new: &mut Json, block: &Block) {
    let (Some(before), Some(after)) = (old.as_object(), new.as_object_mut()) else { return };
    for (name, it) in before {
        if let Some(nested) = block.blocks.get(name) {
            if let Some(now) = after.get_mut(name) {
                keep_nested(it, now, nested);
            }
        } else if !block.attributes.contains_key(name) {
            after.entry(name).or_insert_with(|| it.clone());
        }
    }
}

fn keep_nested(old: &Json, new: &mut Json, nested: &NestedBlock) {
    let (Some(before), Some(after)) = (old.as_array(), new.as_array_mut()) else {
        return keep(old, new, &nested.block);
    };
    match nested.nesting {
        // Of a set's items only the likeness tells which one became which.
        Nesting::Set => {
            for now in after {
                let value = from_state(now, &nested.block);
                let like = before.iter().find(|it| from_state(it, &nested.block) == value);
                like.iter().for_each(|it| keep(it, now, &nested.block));
            }
        }
        _ if before.len() == after.len() => {
            before.iter().zip(after).for_each(|(it, now)| keep(it, now, &nested.block));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_the_schema_does_not_know_stays() {
        let block = &crate::kind::resource("aws_security_group").unwrap().schema().block;
        let table = &crate::kind::resource("aws_dynamodb_table").unwrap().schema().block;
        let old = json!({ "name": "a", "tier": { "x": 1 }, "none_yet": null });
        let mut new = json!({ "name": "b" });
        keep(&old, &mut new, block);
        assert_eq!(new, json!({ "name": "b", "tier": { "x": 1 }, "none_yet": null }));

        // Inside of lists by place, as long as there are as many; inside of sets by likeness.
        let old = json!({
            "ttl": [{ "enabled": true, "pace": 3 }],
            "attribute": [{ "name": "a", "type": "S", "odd": 1 }, { "name": "b", "type": "S", "odd": 2 }],
        });
        let mut new = json!({
            "ttl": [{ "enabled": false }],
            "attribute": [{ "name": "b", "type": "S" }, { "name": "c", "type": "S" }],
        });
        keep(&old, &mut new, table);
        let kept = json!({
            "ttl": [{ "enabled": false, "pace": 3 }],
            "attribute": [{ "name": "b", "type": "S", "odd": 2 }, { "name": "c", "type": "S" }],
        });
        assert_eq!(new, kept);
    }
}
