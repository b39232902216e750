//! What known values must satisfy.

use std::net::IpAddr;

use ipnet::IpNet;
use serde_json::Value as Json;

use super::spot::Spot;
use crate::diag::{Diagnostic, did_you_mean};
use crate::lang::{Kind, Value};
use crate::schema::{Attribute, Check, Form};

/// What is wrong with the value of an attribute. Of a collection every element is looked at.
pub(super) fn check(value: &Value, attribute: &Attribute, spot: &Spot) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    if !attribute.checks.is_empty() {
        each(value, attribute, spot, attribute.sensitive, &mut out);
    }
    out
}

fn each(value: &Value, attribute: &Attribute, spot: &Spot, hidden: bool, out: &mut Vec<Diagnostic>) {
    let hidden = hidden || value.marks.sensitive;
    match &value.kind {
        Kind::Unknown(_) | Kind::Null(_) | Kind::Object(_) => {}
        Kind::List(_, all) | Kind::Tuple(all) => {
            for (index, it) in all.iter().enumerate() {
                each(it, attribute, &spot.child(index), hidden, out);
            }
        }
        // The order of a set is not that of the file.
        Kind::Set(_, all) => all.iter().for_each(|it| each(it, attribute, spot, hidden, out)),
        Kind::Map(_, all) => {
            all.iter().for_each(|(name, it)| each(it, attribute, &spot.child(name), hidden, out));
        }
        Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {
            let found = attribute.checks.iter().filter_map(|it| one(value, it, attribute.form).err());
            out.extend(found.map(|it| it.told(value, spot, hidden)));
        }
    }
}

/// Why a value does not pass.
struct Reason {
    why: String,
    help: Option<String>,
}

impl Reason {
    fn new(why: impl Into<String>) -> Self {
        Reason { why: why.into(), help: None }
    }
    fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    fn told(self, value: &Value, spot: &Spot, hidden: bool) -> Diagnostic {
        let shown = match &value.kind {
            _ if hidden => None,
            Kind::String(text) if text.len() > 60 || text.contains('\n') => None,
            _ => Some(value.to_json().to_string()),
        };
        let summary = match shown {
            Some(shown) => format!("`{spot}` cannot be {shown}: {}", self.why),
            None => format!("`{spot}` is not valid: {}", self.why),
        };
        let error = Diagnostic::error(summary).at(&spot.place());
        // A suggestion would give away what is hidden.
        error.maybe_help(self.help.filter(|_| !hidden))
    }
}

fn one(value: &Value, check: &Check, form: Form) -> Result<(), Reason> {
    match (check, &value.kind) {
        (Check::OneOf(all), _) => one_of(value, all, form),
        (Check::AtLeast(least), Kind::Number(it)) => {
            at(it.to_f64() >= *least, || format!("{least} is the least"))
        }
        (Check::AtMost(most), Kind::Number(it)) => at(it.to_f64() <= *most, || format!("{most} is the most")),
        (Check::Longer(least), Kind::String(it)) => {
            let fits = it.chars().count() as u64 >= *least;
            at(fits, || format!("it must have at least {least} characters"))
        }
        (Check::Shorter(most), Kind::String(it)) => {
            let found = it.chars().count() as u64;
            at(found <= *most, || format!("it has {found} characters, {most} at most"))
        }
        (Check::Pattern(pattern), Kind::String(it)) => matches(it, pattern),
        (Check::Cidr, Kind::String(it)) => cidr(it).map(drop),
        (Check::Cidr4, Kind::String(it)) => cidr(it).and_then(|range| {
            at(matches!(range, IpNet::V4(_)), || {
                "these are IPv6 addresses, and IPv4 ones belong here".to_owned()
            })
        }),
        (Check::Cidr6, Kind::String(it)) => cidr(it).and_then(|range| {
            at(matches!(range, IpNet::V6(_)), || {
                "these are IPv4 addresses, and IPv6 ones belong here".to_owned()
            })
        }),
        (Check::Json, Kind::String(it)) => json(it),
        (Check::Object, Kind::String(it)) => object(it),
        _ => Ok(()),
    }
}

fn at(fits: bool, why: impl FnOnce() -> String) -> Result<(), Reason> {
    if fits { Ok(()) } else { Err(Reason::new(why())) }
}

fn one_of(value: &Value, all: &[Json], form: Form) -> Result<(), Reason> {
    let found = value.to_json();
    let caseless = matches!(form, Form::Caseless | Form::Lower);
    let same = |it: &Json| match (it.as_str(), found.as_str()) {
        (Some(a), Some(b)) if caseless => a.eq_ignore_ascii_case(b),
        _ => *it == found,
    };
    if all.iter().any(same) {
        return Ok(());
    }
    let texts = || all.iter().filter_map(Json::as_str);
    let text = found.as_str().unwrap_or_default();
    let near = texts().find(|it| it.eq_ignore_ascii_case(text)).map(|it| format!("did you mean `{it}`?"));
    let reason = Reason::new(format!("it is one of {}", shown(all)));
    Err(match near.or_else(|| did_you_mean(text, texts())) {
        Some(near) => reason.help(near),
        None => reason,
    })
}

fn shown(all: &[Json]) -> String {
    let text = |it: &Json| it.as_str().map_or_else(|| it.to_string(), str::to_owned);
    all.iter().map(|it| format!("`{}`", text(it))).collect::<Vec<_>>().join(", ")
}

fn matches(text: &str, pattern: &str) -> Result<(), Reason> {
    match regex_lite::Regex::new(pattern) {
        Ok(it) => at(it.is_match(text), || format!("it must match {pattern}")),
        Err(error) => Err(Reason::new(format!("its pattern {pattern} is broken: {error}"))),
    }
}

fn cidr(text: &str) -> Result<IpNet, Reason> {
    let Ok(range) = text.parse::<IpNet>() else {
        let reason = Reason::new("it is no range of addresses such as `10.0.0.0/16`");
        return Err(match text.parse::<IpAddr>() {
            Ok(IpAddr::V4(it)) => reason.help(format!("add the length: `{it}/32` is this one address")),
            Ok(IpAddr::V6(it)) => reason.help(format!("add the length: `{it}/128` is this one address")),
            Err(_) => reason,
        });
    };
    if range == range.trunc() {
        return Ok(range);
    }
    let reason =
        Reason::new(format!("the address has bits set beyond the {} of the range", range.prefix_len()));
    Err(reason.help(format!("write `{}`", range.trunc())))
}

fn json(text: &str) -> Result<(), Reason> {
    let read = serde_json::from_str::<serde::de::IgnoredAny>(text);
    read.map(drop).map_err(|it| Reason::new(format!("it is no JSON: {it}")))
}

/// What is no JSON at all, [`json`] tells.
fn object(text: &str) -> Result<(), Reason> {
    let other = !text.trim_start().starts_with('{') && json(text).is_ok();
    at(!other, || "a policy is a JSON object: it begins with a brace".to_owned())
}
