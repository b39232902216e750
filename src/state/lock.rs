//! Who holds a state's lock: the same words that Terraform writes, so that either tool tells of the other.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The content of a lock, in the order and with the names of Terraform's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct LockInfo {
    #[serde(rename = "ID")]
    pub id: String,
    /// `OperationTypeApply`, `OperationTypePlan`, …
    pub operation: String,
    /// Free text.
    pub info: String,
    /// `user@host`.
    pub who: String,
    /// The version of the tool.
    pub version: String,
    /// RFC 3339, UTC.
    pub created: String,
    /// What is locked.
    pub path: String,
    /// Whether we have just seen that its holder is alive.
    #[serde(skip)]
    pub alive: bool,
}

impl LockInfo {
    /// A lock for this process; `operation` is `Apply`, `Plan`, `Refresh`, …
    pub fn new(operation: &str) -> Self {
        LockInfo {
            id: uuid::Uuid::new_v4().to_string(),
            operation: format!("OperationType{operation}"),
            who: who(),
            version: concat!("infra ", env!("CARGO_PKG_VERSION")).to_owned(),
            created: OffsetDateTime::now_utc().format(&Rfc3339).unwrap_or_default(),
            ..LockInfo::default()
        }
    }

    /// A lock for a command that is no operation, such as `state-mv`.
    pub fn of(command: &str) -> Self {
        LockInfo { operation: command.to_owned(), ..Self::new("") }
    }

    /// For a lock that somebody held, and released before we could ask who.
    pub(super) fn just_gone() -> Self {
        let who = "somebody who has just released it".to_owned();
        LockInfo { who, ..LockInfo::default() }
    }

    /// The JSON that is stored.
    pub(super) fn to_json(&self) -> String {
        serde_json::json!(self).to_string()
    }

    /// What somebody stored; what is not JSON is shown as it stands.
    pub(super) fn parse(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_else(|_| LockInfo { info: text.to_owned(), ..Self::default() })
    }

    /// Who, when and for what, for a person.
    pub fn story(&self) -> String {
        let all = [
            ("held by", &self.who),
            ("since", &self.created),
            ("for", &self.operation),
            ("with", &self.version),
            ("path", &self.path),
            ("id", &self.id),
            ("note", &self.info),
        ];
        let said = all.iter().filter(|it| !it.1.is_empty());
        let mut lines: Vec<String> = said.map(|(what, it)| format!("{what} {it}")).collect();
        if self.alive {
            lines.push("alive: a heartbeat came a moment ago".to_owned());
        }
        lines.join("\n")
    }
}

fn who() -> String {
    let user = ["USER", "LOGNAME", "USERNAME"].iter().find_map(|it| std::env::var(it).ok());
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    format!("{}@{host}", user.as_deref().unwrap_or("unknown"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_those_of_terraform_in_its_order() {
        let info = LockInfo { id: "1".into(), operation: "OperationTypePlan".into(), ..LockInfo::default() };
        let text = r#"{"ID":"1","Operation":"OperationTypePlan","Info":"","Who":"","Version":"","Created":"","Path":""}"#;
        assert_eq!(info.to_json(), text);
        assert_eq!(LockInfo::parse(text), info);
    }

    #[test]
    fn a_lock_that_is_no_json_is_shown_as_it_stands() {
        assert!(LockInfo::parse("manual lock").story().contains("manual lock"));
    }

    #[test]
    fn a_lock_names_its_holder() {
        let info = LockInfo::new("Apply");
        assert_eq!(info.operation, "OperationTypeApply");
        assert!(info.who.contains('@') && info.created.ends_with('Z') && info.id.len() == 36);
    }
}
