//! The heartbeat as it stands in a lock: beside what Terraform writes there, which stays as it is.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// What a heartbeat says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Pulse {
    /// For so many milliseconds after a heartbeat the lock counts.
    lease: u64,
    /// The number of this one: never the same again under one lock.
    beat: u64,
    /// When it was, by the holder's clock: for people only.
    at: String,
}

/// The name of it: of a field in a lock file, of an attribute in a table.
pub const FIELD: &str = "Heartbeat";

/// A lease that is longer is a mistake: it would never end.
const LONGEST: Duration = Duration::from_secs(3600);
const SHORTEST: Duration = Duration::from_secs(1);

impl Pulse {
    pub fn new(lease: Duration, beat: u64) -> Pulse {
        let lease = u64::try_from(lease.as_millis()).unwrap_or(u64::MAX);
        let at = OffsetDateTime::now_utc().replace_nanosecond(0).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        Pulse { lease, beat, at: at.format(&Rfc3339).unwrap_or_default() }
    }

    pub fn lease(&self) -> Duration {
        Duration::from_millis(self.lease).clamp(SHORTEST, LONGEST)
    }

    /// When the next one is due after this.
    pub fn interval(&self) -> Duration {
        self.lease() / super::BEATS
    }

    pub fn at(&self) -> &str {
        &self.at
    }

    pub fn to_json(&self) -> String {
        self.json().to_string()
    }

    pub fn json(&self) -> Json {
        serde_json::json!(self)
    }

    /// What is none is none: such a lock is never broken.
    pub fn parse(text: &str) -> Option<Pulse> {
        serde_json::from_str(text).ok()
    }

    /// Of a lock file.
    pub fn of_file(text: &str) -> Option<Pulse> {
        let mut all: serde_json::Map<String, Json> = serde_json::from_str(text).ok()?;
        serde_json::from_value(all.remove(FIELD)?).ok()
    }
}
