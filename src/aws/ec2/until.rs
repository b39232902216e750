//! Looking again and again, where a change has several steps and AWS takes its time between them.

use std::time::Duration;

use tokio::time::Instant;

use crate::aws::Result;

/// The first answer that is the end of it; after so long the last one, whatever it says.
pub async fn until<T>(
    patience: Duration,
    ask: impl AsyncFn() -> Result<T>,
    is_end: impl Fn(&T) -> bool,
) -> Result<T> {
    let (end, mut pause) = (Instant::now() + patience, Duration::from_millis(250));
    loop {
        let answer = ask().await?;
        if is_end(&answer) || Instant::now() > end {
            return Ok(answer);
        }
        tokio::time::sleep(pause).await;
        pause = pause.mul_f32(1.5).min(Duration::from_secs(10));
    }
}
