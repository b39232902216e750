//! When a certificate of a private authority is renewed early.

use time::format_description::well_known::Rfc3339;
use time::{Date, Duration, Month, OffsetDateTime};

/// A length of time: in years and months, and in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Length {
    months: i32,
    seconds: f64,
}

/// Whether a certificate that is good until then is within this time of its end.
pub fn is_due(until: Option<&str>, early: Option<&str>) -> bool {
    let until = until.and_then(|it| OffsetDateTime::parse(it, &Rfc3339).ok());
    let early = early.filter(|it| !it.is_empty()).and_then(length);
    match (until, early) {
        (Some(until), Some(early)) => before(until, early).is_some_and(|it| OffsetDateTime::now_utc() > it),
        _ => false,
    }
}

/// `P1Y2M10D`, `P2W`, `PT12H30M` or `36h30m`.
pub fn length(text: &str) -> Option<Length> {
    match text.strip_prefix('P') {
        Some(rest) => dated(rest),
        None => clocked(text),
    }
}

/// Numbers with the unit behind each.
fn parts(text: &str, units: &[&str]) -> Option<Vec<(f64, usize)>> {
    let (mut rest, mut out) = (text, Vec::new());
    while !rest.is_empty() {
        let end = rest.find(|it: char| !it.is_ascii_digit() && it != '.')?;
        let number = rest[..end].parse().ok()?;
        let after = &rest[end..];
        let unit = after.find(|it: char| it.is_ascii_digit()).unwrap_or(after.len());
        out.push((number, units.iter().position(|it| *it == &after[..unit])?));
        rest = &after[unit..];
    }
    (!out.is_empty()).then_some(out)
}

fn dated(text: &str) -> Option<Length> {
    const DAY: f64 = 86_400.0;
    let (days, clock) = match text.split_once('T') {
        Some((days, clock)) => (days, Some(clock)),
        None => (text, None),
    };
    let mut out = Length { months: 0, seconds: 0.0 };
    let days = if days.is_empty() { Vec::new() } else { parts(days, &["Y", "M", "W", "D"])? };
    for (number, unit) in days.iter().copied() {
        match unit {
            0 => out.months += (12.0 * number) as i32,
            1 => out.months += number as i32,
            2 => out.seconds += 7.0 * DAY * number,
            _ => out.seconds += DAY * number,
        }
    }
    let clock = clock.map(|it| parts(it, &["H", "M", "S"])).map_or(Some(Vec::new()), |it| it)?;
    out.seconds += clock.iter().map(|(number, unit)| number * [3600.0, 60.0, 1.0][*unit]).sum::<f64>();
    (!days.is_empty() || !clock.is_empty()).then_some(out)
}

fn clocked(text: &str) -> Option<Length> {
    let all = parts(text, &["h", "m", "s", "ms", "us", "ns"])?;
    let seconds =
        all.iter().map(|(number, unit)| number * [3600.0, 60.0, 1.0, 1e-3, 1e-6, 1e-9][*unit]).sum();
    Some(Length { months: 0, seconds })
}

fn before(until: OffsetDateTime, early: Length) -> Option<OffsetDateTime> {
    let months = until.year() * 12 + i32::from(u8::from(until.month())) - 1 - early.months;
    let month = Month::try_from(u8::try_from(months.rem_euclid(12)).ok()? + 1).ok()?;
    let year = months.div_euclid(12);
    let day = until.day().min(month.length(year));
    let date = Date::from_calendar_date(year, month, day).ok()?;
    until.replace_date(date).checked_sub(Duration::seconds_f64(early.seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_read_in_both_forms() {
        let of = |months, seconds| Some(Length { months, seconds });
        assert_eq!(length("P1Y2M10D"), of(14, 864_000.0));
        assert_eq!(length("PT1H30M"), of(0, 5400.0));
        assert_eq!(length("P2W"), of(0, 1_209_600.0));
        assert_eq!(length("1h30m"), of(0, 5400.0));
        for wrong in ["", "P", "PT", "90", "90d", "P9", "x"] {
            assert_eq!(length(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn it_is_due_within_that_time_of_its_end() {
        let now = OffsetDateTime::now_utc();
        let until = |days: i64| (now + Duration::days(days)).format(&Rfc3339).ok();
        assert!(is_due(until(89).as_deref(), Some("P90D")));
        assert!(!is_due(until(91).as_deref(), Some("P90D")));
        assert!(!is_due(until(1).as_deref(), None));
        assert!(is_due(until(20).as_deref(), Some("P1M")));
    }
}
