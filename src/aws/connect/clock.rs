//! What time it is at AWS, as its answers tell: this machine's clock may be wrong.

use std::sync::atomic::{AtomicI64, Ordering};

use aws_smithy_types::date_time::{DateTime, Format};
use time::OffsetDateTime;

/// Nothing was heard yet.
const UNKNOWN: i64 = i64::MIN;

/// Seconds that AWS's clock is ahead of ours.
static AHEAD: AtomicI64 = AtomicI64::new(UNKNOWN);

/// How far a clock that nobody has compared may be off: AWS takes no request from one that is more.
const UNCERTAIN: i64 = 15 * 60;

/// The clocks of AWS's services among each other, and the fractions of a second that an answer leaves out.
const BLUR: i64 = 5;

/// The `Date` of an answer.
pub(super) fn heard(date: &str) {
    if let Ok(it) = DateTime::from_str(date, Format::HttpDate) {
        AHEAD.store(it.secs() - OffsetDateTime::now_utc().unix_timestamp(), Ordering::Relaxed);
    }
}

/// A moment, in seconds since 1970, before which nothing can have been made that is made from now on.
pub fn not_before() -> i64 {
    let now = OffsetDateTime::now_utc().unix_timestamp();
    match AHEAD.load(Ordering::Relaxed) {
        UNKNOWN => now - UNCERTAIN,
        ahead => now + ahead - BLUR,
    }
}

/// What time it is at AWS, as far as its answers have told.
pub(super) fn now() -> OffsetDateTime {
    let now = OffsetDateTime::now_utc();
    match AHEAD.load(Ordering::Relaxed) {
        UNKNOWN => now,
        ahead => now + time::Duration::seconds(ahead),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_tell_the_time() {
        let now = OffsetDateTime::now_utc().unix_timestamp();
        let later = DateTime::from_secs(now + 7200).fmt(Format::HttpDate).expect("a date");
        heard("no date");
        heard(&later);
        assert!((now + 7190..now + 7200).contains(&not_before()), "{later}");
        AHEAD.store(UNKNOWN, Ordering::Relaxed);
    }
}
