//! What is told of AWS's throttling when a plan or an apply comes to its end.

use std::time::Duration;

use crate::aws::connect::throttle;
use crate::event::{Event, Sink};

/// What cost less is not worth a line.
const WORTH: Duration = Duration::from_secs(1);

/// Tells of each service that was throttled since this was last called.
pub fn tell(sink: Sink<'_>) {
    for it in throttle::take().into_iter().filter(|it| it.waited >= WORTH) {
        sink(Event::Throttled {
            service: it.service,
            region: it.region,
            calls: it.refused,
            waited: it.waited,
        });
    }
}
