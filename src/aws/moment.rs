//! Moments the way the Terraform provider writes some of them.

use aws_smithy_types::DateTime;
use time::OffsetDateTime;

/// `2026-01-31 12:00:00.123 +0000 UTC`. A fraction comes as a floating number, which is off by some
/// nanoseconds; the provider keeps thousandths.
pub fn long(at: &DateTime) -> String {
    let thousandths = at.as_nanos().saturating_add(500_000).div_euclid(1_000_000);
    let at = OffsetDateTime::from_unix_timestamp_nanos(thousandths.saturating_mul(1_000_000));
    let at = at.unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let fraction = format!("{:03}", at.millisecond());
    let fraction = fraction.trim_end_matches('0');
    let dot = if fraction.is_empty() { "" } else { "." };
    let (hour, minute, second) = at.to_hms();
    format!("{} {hour:02}:{minute:02}:{second:02}{dot}{fraction} +0000 UTC", at.date())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_in_thousandths() {
        let at = |nanos| long(&DateTime::from_secs_and_nanos(1_700_000_000, nanos));
        assert_eq!(at(0), "2023-11-14 22:13:20 +0000 UTC");
        assert_eq!(at(500_000_000), "2023-11-14 22:13:20.5 +0000 UTC");
        assert_eq!(at(123_000_001), "2023-11-14 22:13:20.123 +0000 UTC");
        assert_eq!(at(522_999_998), "2023-11-14 22:13:20.523 +0000 UTC");
    }
}
