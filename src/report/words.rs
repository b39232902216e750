//! Terraform's words for what a plan does, as its JSON has them.

use serde_json::{Value as Json, json};

use crate::plan::{Action, Reason};

pub const REASONS: [(Reason, &str); 12] = [
    (Reason::ReplaceBecauseTainted, "replace_because_tainted"),
    (Reason::ReplaceByRequest, "replace_by_request"),
    (Reason::ReplaceByTriggers, "replace_by_triggers"),
    (Reason::ReplaceBecauseCannotUpdate, "replace_because_cannot_update"),
    (Reason::DeleteBecauseNoResourceConfig, "delete_because_no_resource_config"),
    (Reason::DeleteBecauseWrongRepetition, "delete_because_wrong_repetition"),
    (Reason::DeleteBecauseCountIndex, "delete_because_count_index"),
    (Reason::DeleteBecauseEachKey, "delete_because_each_key"),
    (Reason::DeleteBecauseNoModule, "delete_because_no_module"),
    (Reason::ReadBecauseConfigUnknown, "read_because_config_unknown"),
    (Reason::ReadBecauseDependencyPending, "read_because_dependency_pending"),
    (Reason::ReadBecauseCheckNested, "read_because_check_nested"),
];

pub fn reason(it: Reason) -> &'static str {
    REASONS.iter().find(|known| known.0 == it).map_or("", |it| it.1)
}

/// The word for a reason in streamed messages: for replacements a shorter one than in plan JSON.
pub fn short_reason(it: Reason) -> &'static str {
    match it {
        Reason::ReplaceBecauseTainted => "tainted",
        Reason::ReplaceByRequest => "requested",
        Reason::ReplaceByTriggers => "replace_triggered_by",
        Reason::ReplaceBecauseCannotUpdate => "cannot_update",
        other => reason(other),
    }
}

/// The list of steps that makes up an action in plan JSON.
pub fn actions(it: Action) -> Json {
    match it {
        Action::NoOp => json!(["no-op"]),
        Action::Create => json!(["create"]),
        Action::Read => json!(["read"]),
        Action::Update => json!(["update"]),
        Action::Replace => json!(["delete", "create"]),
        Action::CreateThenDelete => json!(["create", "delete"]),
        Action::Delete => json!(["delete"]),
        Action::Forget => json!(["forget"]),
    }
}

/// The one word for it in streamed messages.
pub fn action(it: Action) -> &'static str {
    match it {
        Action::NoOp => "noop",
        Action::Create => "create",
        Action::Read => "read",
        Action::Update => "update",
        Action::Replace | Action::CreateThenDelete => "replace",
        Action::Delete => "delete",
        Action::Forget => "remove",
    }
}
