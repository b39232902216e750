//! Moments and what is added to them, as the provider counts.

use ::time::format_description::well_known::Rfc3339;
use ::time::{Date, Duration, Month, OffsetDateTime};

use crate::lang::Value;
use crate::plan::adjust::Adjust;
use crate::providers::{Error, Result};

/// Now, in whole seconds, UTC.
pub fn now() -> OffsetDateTime {
    whole(OffsetDateTime::now_utc())
}

fn whole(it: OffsetDateTime) -> OffsetDateTime {
    it.replace_nanosecond(0).unwrap_or(it)
}

pub fn parse(text: &str) -> Result<OffsetDateTime> {
    let wrong = |_| Error::Invalid(format!("`{text}` is no moment such as 2026-03-31T12:00:00Z"));
    OffsetDateTime::parse(text, &Rfc3339).map(whole).map_err(wrong)
}

pub fn text(it: OffsetDateTime) -> String {
    it.format(&Rfc3339).unwrap_or_default()
}

fn beyond() -> Error {
    Error::Invalid("the moment lies beyond the year 9999".to_owned())
}

/// The moment so many years, months and days later, day 31 of a shorter month in the next one.
pub fn add_date(to: OffsetDateTime, years: i64, months: i64, days: i64) -> Result<OffsetDateTime> {
    let month =
        i64::from(to.year()).checked_mul(12).and_then(|it| it.checked_add(i64::from(to.month() as u8) - 1));
    let more = years.checked_mul(12).and_then(|it| it.checked_add(months));
    let month = month.zip(more).and_then(|(month, more)| month.checked_add(more)).ok_or_else(beyond)?;
    let year = i32::try_from(month.div_euclid(12)).map_err(|_| beyond())?;
    let name = Month::try_from(month.rem_euclid(12) as u8 + 1).map_err(|_| beyond())?;
    let first = Date::from_calendar_date(year, name, 1).map_err(|_| beyond())?;
    let days = days.checked_add(i64::from(to.day()) - 1).filter(|it| it.unsigned_abs() < 10_000_000);
    let date = first.checked_add(Duration::days(days.ok_or_else(beyond)?)).ok_or_else(beyond)?;
    Ok(to.replace_date(date))
}

pub fn add(to: OffsetDateTime, count: i64, seconds: i64) -> Result<OffsetDateTime> {
    let all = count.checked_mul(seconds).map(Duration::seconds);
    all.and_then(|it| to.checked_add(it)).ok_or_else(beyond)
}

/// A whole number of an import id; empty for none.
pub fn part(text: &str) -> Result<Option<i64>> {
    if text.is_empty() {
        return Ok(None);
    }
    let number = text.parse().map_err(|_| Error::Invalid(format!("`{text}` is no whole number")))?;
    Ok(Some(number))
}

/// The parts of a moment, as attributes.
pub fn parts(it: OffsetDateTime) -> [(&'static str, i64); 7] {
    [
        ("year", it.year().into()),
        ("month", i64::from(it.month() as u8)),
        ("day", it.day().into()),
        ("hour", it.hour().into()),
        ("minute", it.minute().into()),
        ("second", it.second().into()),
        ("unix", it.unix_timestamp()),
    ]
}

/// Plans the parts of a moment.
pub fn plan_parts(plan: &mut Adjust, it: OffsetDateTime) {
    for (name, number) in parts(it) {
        plan.set(name, number.into());
    }
}

/// A moment that the configuration says, where it is known; what is wrong with it is told.
pub fn configured(plan: &mut Adjust, name: &str) -> Option<OffsetDateTime> {
    let text = plan.config(name).and_then(Value::as_str)?.to_owned();
    match parse(&text) {
        Ok(it) => Some(it),
        Err(error) => {
            plan.error(name, error.to_string());
            None
        }
    }
}

/// The numbers that the plan holds under these names: `None` where one is not known yet; 0 for null.
pub fn numbers<const N: usize>(plan: &Adjust, names: [&str; N]) -> Option<[i64; N]> {
    let mut out = [0; N];
    for (to, name) in out.iter_mut().zip(names) {
        let it = plan.will(name)?;
        if !it.is_null() {
            *to = it.as_number()?.to_f64() as i64;
        }
    }
    Some(out)
}

/// Whether any of these changes.
pub fn any_change(plan: &Adjust, names: &[&str]) -> bool {
    let plain = |it: &Value| it.clone().unmarked();
    names.iter().any(|it| plan.change(it).is_some_and(|(was, will)| plain(was) != plain(will)))
}

/// One of these has to stand.
pub fn at_least_one(plan: &mut Adjust, names: &[&str]) {
    if names.iter().all(|it| plan.config(it).is_none()) {
        let all = names.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
        plan.error(names.first().copied().unwrap_or_default(), format!("say one of {all}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_added_as_the_provider_adds_them() {
        let later = |from: &str, years, months, days| {
            parse(from).and_then(|it| add_date(it, years, months, days)).map(text).unwrap_or_default()
        };
        assert_eq!(later("2023-01-31T10:00:00Z", 0, 1, 0), "2023-03-03T10:00:00Z");
        assert_eq!(later("2024-02-29T10:00:00+02:00", 1, 0, 0), "2025-03-01T10:00:00+02:00");
        assert_eq!(later("2024-01-01T00:00:00Z", 0, -1, -1), "2023-11-30T00:00:00Z");
        assert_eq!(later("2024-01-01T00:00:00Z", 9000, 0, 0), "");
        assert_eq!(later("2024-01-01T00:00:00Z", i64::MAX, i64::MAX, i64::MAX), "");
        assert!(parse("yesterday").is_err());
        assert!(add(now(), i64::MAX, 3600).is_err());
    }
}
