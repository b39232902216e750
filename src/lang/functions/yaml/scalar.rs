//! What a plain scalar means: the rules are those of YAML 1.2, with the booleans of YAML 1.1.

use time::format_description::well_known::Rfc3339;
use time::{Date, Month, OffsetDateTime, Time, UtcOffset};

use crate::lang::number::Number;
use crate::lang::types::Type;
use crate::lang::value::Value;

/// The value of a scalar with a tag, such as `!!int`, or with none (an empty one).
pub(super) fn resolve(tag: &str, text: &str, quoted: bool) -> Result<Value, String> {
    let implied = match tag {
        "" | "bool" | "int" | "float" | "null" | "timestamp" => !quoted && may_mean_more(text),
        "str" | "binary" => false,
        _ => return Err(format!("the tag `!!{tag}` is not supported")),
    };
    if quoted && !matches!(tag, "str" | "binary") && (text.is_empty() || may_mean_more(text)) {
        return Ok(text.into());
    }
    if implied || text.is_empty() && !matches!(tag, "str" | "binary") {
        if let Some(it) = word(text) {
            return it;
        }
        if let Some(it) = number_or_time(tag, text) {
            return Ok(it);
        }
    }
    by_tag(tag, text)
}

/// What starts like this may be something other than a text.
fn may_mean_more(text: &str) -> bool {
    text.starts_with(|it: char| it.is_ascii_digit() || "+-.yYnNtTfFoO~".contains(it))
}

/// The words that mean a value.
fn word(text: &str) -> Option<Result<Value, String>> {
    if let Some(it) = truth(text) {
        return Some(Ok(it.into()));
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Some(Ok(Value::null(Type::Any))),
        ".nan" | ".NaN" | ".NAN" => Some(Err("NaN is no number that can be used".to_owned())),
        _ => match text.trim_start_matches(['+', '-']) {
            ".inf" | ".Inf" | ".INF" => Some(Err("an infinite number cannot be used".to_owned())),
            _ => None,
        },
    }
}

fn truth(text: &str) -> Option<bool> {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Some(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

fn number_or_time(tag: &str, text: &str) -> Option<Value> {
    if text.starts_with('.') {
        return text.parse::<Number>().ok().map(Value::from);
    }
    let first = text.chars().next()?;
    if !(first.is_ascii_digit() || matches!(first, '+' | '-')) {
        return None;
    }
    if matches!(tag, "" | "timestamp")
        && let Some(it) = moment(text)
    {
        return Some(it.into());
    }
    plain_number(text).map(Value::from)
}

/// A number as YAML 1.2 writes it.
fn plain_number(text: &str) -> Option<Number> {
    let radix = |digits: &str, radix: u32| {
        let fine = !digits.is_empty() && digits.chars().all(|it| it.is_digit(radix));
        fine.then(|| Number::parse_radix(digits, radix)).flatten()
    };
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    match text.strip_prefix("0o") {
        Some(digits) => radix(digits, 8),
        None => text.parse().ok(),
    }
}

fn by_tag(tag: &str, text: &str) -> Result<Value, String> {
    let refuse = || format!("{text:?} is no value of the tag `!!{tag}`");
    match tag {
        "" | "str" => Ok(text.into()),
        "binary" => match super::super::encoding::base64_bytes(text) {
            Ok(_) => Ok(text.into()),
            Err(why) => Err(format!("{}: {why}", refuse())),
        },
        "null" => Ok(Value::null(Type::Any)),
        "bool" => truth(text).map(Value::from).ok_or_else(refuse),
        "timestamp" => moment(text).map(Value::from).ok_or_else(refuse),
        _ => {
            let plain = text.replace('_', "");
            tagged_number(&plain).map(Value::from).ok_or_else(refuse)
        }
    }
}

/// With the tag of a number the spellings of Go count too.
fn tagged_number(text: &str) -> Option<Number> {
    if let Ok(it) = text.parse() {
        return Some(it);
    }
    let (sign, digits) = match text.strip_prefix(['-', '+']) {
        Some(rest) => (&text[..1], rest),
        None => ("", text),
    };
    let radix = match digits.get(..2)? {
        "0x" | "0X" => 16,
        "0o" | "0O" => 8,
        "0b" | "0B" => 2,
        _ => return None,
    };
    Number::parse_radix(&format!("{sign}{}", &digits[2..]), radix)
}

/// A date, or a date and a time: as RFC 3339.
fn moment(text: &str) -> Option<String> {
    let (year, rest) = text.split_at_checked(4)?;
    let year = year.bytes().all(|it| it.is_ascii_digit()).then(|| year.parse().ok())??;
    let (month, rest) = two_digits(rest.strip_prefix('-')?)?;
    let (day, rest) = two_digits(rest.strip_prefix('-')?)?;
    let date = Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()?;
    let at = match rest.chars().next() {
        None => date.midnight().assume_utc(),
        Some('T' | 't') => {
            let (time, zone) = clock(&rest[1..])?;
            date.with_time(time).assume_offset(offset(zone)?)
        }
        Some(' ') => {
            let (time, "") = clock(&rest[1..])? else { return None };
            date.with_time(time).assume_utc()
        }
        Some(_) => return None,
    };
    OffsetDateTime::format(at, &Rfc3339).ok()
}

/// One or two digits, and what follows.
fn two_digits(text: &str) -> Option<(u8, &str)> {
    let count = text.bytes().take(2).take_while(u8::is_ascii_digit).count();
    Some((text[..count].parse().ok()?, &text[count..]))
}

/// Hours, minutes and seconds, their fraction left out.
fn clock(text: &str) -> Option<(Time, &str)> {
    let (hour, rest) = two_digits(text)?;
    let (minute, rest) = two_digits(rest.strip_prefix(':')?)?;
    let (second, rest) = two_digits(rest.strip_prefix(':')?)?;
    let rest = match rest.strip_prefix(['.', ',']) {
        Some(fraction) => {
            let after = fraction.trim_start_matches(|it: char| it.is_ascii_digit());
            (after.len() < fraction.len()).then_some(after)?
        }
        None => rest,
    };
    Some((Time::from_hms(hour, minute, second).ok()?, rest))
}

fn offset(text: &str) -> Option<UtcOffset> {
    if text == "Z" {
        return Some(UtcOffset::UTC);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = text.strip_prefix(['+', '-'])?.split_once(':')?;
    let both = |it: &str| -> Option<i8> {
        (it.len() == 2 && it.bytes().all(|it| it.is_ascii_digit())).then(|| it.parse().ok())?
    };
    UtcOffset::from_hms(sign * both(hours)?, sign * both(minutes)?, 0).ok()
}
