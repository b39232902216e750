//! Placeholder until the machine formats land.
pub fn state(_: &crate::state::State) -> serde_json::Value { serde_json::Value::Null }
pub fn plan(_: &crate::plan::Plan) -> serde_json::Value { serde_json::Value::Null }
