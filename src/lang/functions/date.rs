//! Dates and times.

use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use super::{Answer, Call, Fail, Function, Returns, Ty, string};
use crate::lang::types::Type;
use crate::lang::value::Value;

const STRING: Returns = Returns::Is(Ty::String);

pub(super) const ALL: &[Function] = &[
    Function::new(
        "formatdate",
        &[string("format"), string("time")],
        STRING,
        "A time, given as RFC 3339, in another form: YYYY, MM, DD, hh, mm, ss, EEEE, ZZZ and so on.",
        &[
            (r#"formatdate("DD MMM YYYY hh:mm ZZZ", "2018-01-02T23:12:01Z")"#, r#""02 Jan 2018 23:12 UTC""#),
            (
                r#"formatdate("EEEE, 'day' D, HH:mmaa ZZZZZ", "2018-01-02T03:02:01-08:00")"#,
                r#""Tuesday, day 2, 03:02am -08:00""#,
            ),
        ],
        format_date,
    ),
    Function::new(
        "plantimestamp",
        &[],
        STRING,
        "The time at which the plan was made, as RFC 3339.",
        &[("length(plantimestamp())", "(known after apply)")],
        |it| Ok(clock(it.env.plan_time())),
    ),
    Function::new(
        "timeadd",
        &[string("timestamp"), string("duration")],
        STRING,
        "A time later or earlier by a duration such as 1h30m.",
        &[
            (r#"timeadd("2017-11-22T00:00:00Z", "10m")"#, r#""2017-11-22T00:10:00Z""#),
            (r#"timeadd("2017-11-22T00:00:00+02:00", "-1.5h")"#, r#""2017-11-21T22:30:00+02:00""#),
        ],
        time_add,
    ),
    Function::new(
        "timecmp",
        &[string("timestamp_a"), string("timestamp_b")],
        Returns::Is(Ty::Number),
        "-1, 0 or 1: whether the first time is before, at or after the second.",
        &[(r#"timecmp("2017-11-22T00:00:00Z", "2017-11-22T01:00:00+01:00")"#, "0")],
        |it| {
            let (a, b) = (moment(it, 0)?, moment(it, 1)?);
            Ok((a.cmp(&b) as i64).into())
        },
    ),
    Function::new(
        "timestamp",
        &[],
        STRING,
        "The time now, as RFC 3339; unknown while planning.",
        &[("length(timestamp())", "(known after apply)")],
        |it| Ok(clock(it.env.now())),
    ),
];

fn clock(now: Option<String>) -> Value {
    now.map_or_else(|| Value::unknown_not_null(Type::String), Value::from)
}

fn moment(it: &Call, at: usize) -> Result<OffsetDateTime, Fail> {
    let text = it.text(at)?;
    // The format allows small letters, Terraform does not.
    let parsed = Some(text).filter(|it| !it.contains(['t', 'z']));
    parsed
        .and_then(|it| OffsetDateTime::parse(it, &Rfc3339).ok())
        .ok_or_else(|| Fail::Arg(at, format!("{text:?} is no time such as \"2017-11-22T00:00:00Z\"")))
}

fn time_add(it: &Call) -> Answer {
    let start = moment(it, 0)?;
    let text = it.text(1)?;
    let span = duration(text)
        .ok_or_else(|| Fail::Arg(1, format!("{text:?} is no duration such as \"10m\" or \"1h30m\"")))?;
    let end = start.checked_add(span).and_then(|it| it.replace_nanosecond(0).ok());
    let end = end.and_then(|it| it.format(&Rfc3339).ok());
    Ok(end.ok_or_else(|| Fail::from("the result is out of range"))?.into())
}

/// `-1h30m5.5s`, as Go writes durations.
pub(in crate::lang) fn duration(text: &str) -> Option<Duration> {
    let (negative, mut rest) = match text.strip_prefix(['-', '+']) {
        Some(rest) => (text.starts_with('-'), rest),
        None => (false, text),
    };
    if rest == "0" {
        return Some(Duration::ZERO);
    }
    let mut nanoseconds = 0f64;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let end = rest.find(|it: char| !it.is_ascii_digit() && it != '.')?;
        let amount: f64 = rest[..end].parse().ok()?;
        let unit_end = rest[end..].find(|it: char| it.is_ascii_digit() || it == '.');
        let unit_end = unit_end.map_or(rest.len(), |it| end + it);
        nanoseconds += amount
            * match &rest[end..unit_end] {
                "ns" => 1.0,
                "us" | "µs" | "μs" => 1e3,
                "ms" => 1e6,
                "s" => 1e9,
                "m" => 6e10,
                "h" => 3.6e12,
                _ => return None,
            };
        rest = &rest[unit_end..];
    }
    // As much as Go's durations hold: 292 years.
    if nanoseconds > i64::MAX as f64 {
        return None;
    }
    let out = Duration::nanoseconds(nanoseconds as i64);
    Some(if negative { -out } else { out })
}

fn format_date(it: &Call) -> Answer {
    let (format, time) = (it.text(0)?, moment(it, 1)?);
    let mut out = String::new();
    let mut rest = format;
    while let Some(first) = rest.chars().next() {
        if first == '\'' {
            let (text, after) = quoted(rest)
                .ok_or_else(|| Fail::Arg(0, "the quotation mark in it is never closed".to_owned()))?;
            out.push_str(&text);
            rest = after;
            continue;
        }
        let length = rest.len() - rest.trim_start_matches(first).len();
        let (sequence, after) = rest.split_at(length);
        rest = after;
        if first.is_ascii_alphabetic() {
            out.push_str(&field(sequence, &time).ok_or_else(|| {
                Fail::Arg(0, format!("`{sequence}` means nothing: put text in single quotation marks"))
            })?);
        } else {
            out.push_str(sequence);
        }
    }
    Ok(out.into())
}

/// The text in single quotation marks, where a doubled one is one, and so are two alone.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut out = String::new();
    let mut rest = text.strip_prefix('\'')?;
    if let Some(after) = rest.strip_prefix('\'') {
        return Some(("'".to_owned(), after));
    }
    loop {
        let end = rest.find('\'')?;
        out.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('\'') {
            Some(after) => {
                out.push('\'');
                rest = after;
            }
            None => return Some((out, rest)),
        }
    }
}

fn field(sequence: &str, time: &OffsetDateTime) -> Option<String> {
    let twelve = match time.hour() % 12 {
        0 => 12,
        it => it,
    };
    let half = if time.hour() < 12 { "am" } else { "pm" };
    let month = time.month().to_string();
    let weekday = time.weekday().to_string();
    Some(match sequence {
        "YYYY" => format!("{:04}", time.year()),
        "YY" => format!("{:02}", time.year().rem_euclid(100)),
        "MMMM" => month,
        "MMM" => month[..3].to_owned(),
        "MM" => format!("{:02}", u8::from(time.month())),
        "M" => u8::from(time.month()).to_string(),
        "DD" => format!("{:02}", time.day()),
        "D" => time.day().to_string(),
        "EEEE" => weekday,
        "EEE" => weekday[..3].to_owned(),
        "hh" => format!("{:02}", time.hour()),
        "h" => time.hour().to_string(),
        "HH" => format!("{twelve:02}"),
        "H" => twelve.to_string(),
        "AA" => half.to_uppercase(),
        "aa" => half.to_owned(),
        "mm" => format!("{:02}", time.minute()),
        "m" => time.minute().to_string(),
        "ss" => format!("{:02}", time.second()),
        "s" => time.second().to_string(),
        "Z" | "ZZZ" if time.offset().is_utc() => if sequence == "Z" { "Z" } else { "UTC" }.to_owned(),
        "ZZZZ" | "ZZZ" => offset(time, ""),
        "ZZZZZ" | "Z" => offset(time, ":"),
        _ => return None,
    })
}

fn offset(time: &OffsetDateTime, between: &str) -> String {
    let (hours, minutes, _) = time.offset().as_hms();
    let sign = if time.offset().is_negative() { '-' } else { '+' };
    format!("{sign}{:02}{between}{:02}", hours.abs(), minutes.abs())
}
