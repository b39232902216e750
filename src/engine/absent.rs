//! A second look at what a refresh does not find: a list may lag behind a create of a moment ago, and what
//! counts as gone is planned to be made again.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::sleep;

use crate::diag::Diagnostics;
use crate::kind::{Found, Kind};

use super::providers::Provider;
use super::refresh;

/// Nobody writes down when a thing was made, so whatever is missing is given this long.
const PAUSE: Duration = Duration::from_secs(1);

/// Asks the service itself once more about what was not found, all of it together; gives what is there
/// after all.
pub async fn again(
    kind: &dyn Kind,
    provider: &Provider,
    missing: Vec<String>,
) -> Result<HashMap<String, Found>, Diagnostics> {
    if missing.is_empty() || !kind.vanishes() {
        return Ok(HashMap::new());
    }
    tracing::debug!(kind = kind.name(), ?missing, "not found: looked for once more");
    sleep(PAUSE).await;
    let mut there = refresh::staying(refresh::ask(kind, &provider.aws.exactly(true), &missing).await?);
    refresh::fill_tags_exactly(kind, provider, &mut there).await?;
    Ok(there)
}
