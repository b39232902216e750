//! Waiting inside of a change of several steps.

use std::time::Duration;

use tokio::time::Instant;

use crate::aws::{Error, Result};
use crate::resource::Resource;

/// Looks until it is so.
pub async fn until(what: &str, is_so: impl AsyncFn() -> Result<bool>) -> Result<()> {
    let (end, mut pause) = (Instant::now() + super::Group::PATIENCE, Duration::from_secs(1));
    while !is_so().await? {
        if Instant::now() > end {
            return Err(Error::Invalid(format!("{what} takes more than ten minutes")));
        }
        tokio::time::sleep(pause).await;
        pause = pause.mul_f32(1.5).min(Duration::from_secs(10));
    }
    Ok(())
}
