//! Lengths of time, as `timeouts` gives them.

use std::time::Duration;

/// Go's notation of durations: `1h30m`, `90s`, `1.5h`.
pub fn duration(text: &str) -> Option<Duration> {
    let (mut rest, mut total) = (text.trim(), 0.0);
    while !rest.is_empty() {
        let end = rest.find(|it: char| !it.is_ascii_digit() && it != '.')?;
        let number: f64 = rest[..end].parse().ok()?;
        rest = &rest[end..];
        let end = rest.find(|it: char| it.is_ascii_digit()).unwrap_or(rest.len());
        total += number
            * match &rest[..end] {
                "h" => 3600.0,
                "m" => 60.0,
                "s" => 1.0,
                "ms" => 0.001,
                _ => return None,
            };
        rest = &rest[end..];
    }
    (!text.trim().is_empty()).then(|| Duration::try_from_secs_f64(total).ok()).flatten()
}

/// How long one step of an operation may take that a type waits for itself: what the stack's `timeouts`
/// give, or the usual time.
pub fn patience(given: Option<&str>, usual: Duration) -> Duration {
    given.and_then(duration).unwrap_or(usual)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_go_writes_them() {
        for (text, seconds) in [("30s", 30), ("10m", 600), ("1h30m", 5400), ("1.5h", 5400)] {
            assert_eq!(duration(text), Some(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "10", "m", "ten", "10 minutes", "99999999999999999999999h"] {
            assert_eq!(duration(text), None, "{text}");
        }
    }

    #[test]
    fn the_stack_says_how_long() {
        let usual = Duration::from_secs(60);
        assert_eq!(patience(Some("2m"), usual), Duration::from_secs(120));
        assert_eq!(patience(Some(""), usual), usual);
        assert_eq!(patience(None, usual), usual);
    }
}
