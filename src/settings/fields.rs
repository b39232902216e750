//! Reading evaluated settings: the values of a block, with the place of each for what is wrong.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Body;
use crate::diag::{Diagnostic, Diagnostics, Place, did_you_mean};
use crate::lang::{Kind, Value};

/// A block's settings, taken one by one; [`Fields::finish`] finds what nobody took.
pub struct Fields<'a> {
    /// Such as `[provider.aws]`.
    what: String,
    value: &'a Value,
    body: Option<&'a Body>,
    place: Option<&'a Place>,
    known: BTreeSet<&'static str>,
    problems: Diagnostics,
}

impl<'a> Fields<'a> {
    pub fn new(
        what: impl Into<String>,
        value: &'a Value,
        body: Option<&'a Body>,
        place: Option<&'a Place>,
    ) -> Self {
        Fields {
            what: what.into(),
            value,
            body,
            place,
            known: BTreeSet::new(),
            problems: Diagnostics::default(),
        }
    }

    /// A setting's value; `None` where it is absent or null.
    pub fn get(&mut self, name: &'static str) -> Option<&'a Value> {
        self.known.insert(name);
        let found = self.value.get(name).filter(|it| !it.is_null())?;
        if found.wholly_known() {
            return Some(found);
        }
        self.wrong(
            name,
            "is not known before the apply",
            "it is needed to reach AWS: write it out, or use a variable",
        );
        None
    }

    pub fn text(&mut self, name: &'static str) -> Option<String> {
        let found = self.get(name)?;
        let text = text_of(found);
        if text.is_none() {
            self.wrong(name, "should be text", &format!("it is {}", found.ty()));
        }
        text.filter(|it| !it.is_empty())
    }

    pub fn flag(&mut self, name: &'static str) -> Option<bool> {
        let found = self.get(name)?;
        let flag = match &found.kind {
            Kind::Bool(it) => Some(*it),
            Kind::String(it) => it.parse().ok(),
            _ => None,
        };
        if flag.is_none() {
            self.wrong(name, "should be true or false", &format!("it is {}", found.ty()));
        }
        flag
    }

    pub fn whole(&mut self, name: &'static str) -> Option<u32> {
        let found = self.get(name)?;
        let number = whole_of(found);
        if number.is_none() {
            self.wrong(name, "should be a whole number", "such as 5");
        }
        number
    }

    pub fn texts(&mut self, name: &'static str) -> Vec<String> {
        let Some(found) = self.get(name) else { return Vec::new() };
        let all = found.as_items().and_then(|it| it.iter().map(text_of).collect());
        all.unwrap_or_else(|| {
            self.wrong(name, "should be a list of texts", &format!("it is {}", found.ty()));
            Vec::new()
        })
    }

    pub fn text_map(&mut self, name: &'static str) -> BTreeMap<String, String> {
        let Some(found) = self.get(name) else { return BTreeMap::new() };
        let pair = |(k, v): (&std::sync::Arc<str>, &Value)| Some((k.to_string(), text_of(v)?));
        let all = found.as_fields().and_then(|it| it.iter().map(pair).collect());
        all.unwrap_or_else(|| {
            self.wrong(name, "should be a map of texts", &format!("it is {}", found.ty()));
            BTreeMap::new()
        })
    }

    /// The nested blocks of a name: one table, or a list of them.
    pub fn blocks<T>(&mut self, name: &'static str, mut each: impl FnMut(&mut Fields<'a>) -> T) -> Vec<T> {
        let Some(found) = self.get(name) else { return Vec::new() };
        let all = match (found.as_items(), found.as_fields()) {
            (Some(items), _) => items.iter().collect(),
            (None, Some(_)) => vec![found],
            (None, None) => {
                self.wrong(name, "should be a table", &format!("it is {}", found.ty()));
                return Vec::new();
            }
        };
        let place = self.body.and_then(|it| it.get(name)).map(|it| &it.place);
        let mut out = Vec::new();
        for it in all {
            let mut inner = Fields::new(format!("`{name}` of {}", self.what), it, None, place.or(self.place));
            out.push(each(&mut inner));
            self.problems.extend(inner.unknown().problems.0);
        }
        out
    }

    /// Names that may stand there and say nothing to us.
    pub fn accept(&mut self, names: &[&'static str]) {
        self.known.extend(names);
    }

    /// A setting that we cannot honour: an error where it is set.
    pub fn refuse(&mut self, name: &'static str, why: &str) {
        let set = self.get(name).is_some_and(|it| it.as_bool() != Some(false));
        if set {
            self.wrong(name, "is not supported", why);
        }
    }

    /// Notes a problem with a setting.
    pub fn wrong(&mut self, name: &str, summary: &str, help: &str) {
        let one = Diagnostic::error(format!("`{name}` in {} {summary}", self.what)).help(help);
        let place = self.body.and_then(|it| it.get(name)).map(|it| &it.place).or(self.place);
        self.problems.push(match place {
            Some(place) => one.at(place),
            None => one,
        });
    }

    fn unknown(mut self) -> Self {
        let Some(all) = self.value.as_fields() else { return self };
        for name in all.keys().filter(|it| !self.known.contains(it.as_ref())).cloned().collect::<Vec<_>>() {
            let near = did_you_mean(&name, self.known.iter().copied());
            let all = || format!("known are {}", self.known.iter().copied().collect::<Vec<_>>().join(", "));
            let help = near.unwrap_or_else(all);
            self.wrong(&name, "is no known setting", &help);
        }
        self
    }

    /// The result, if nothing is wrong: no setting of the wrong type, none that nobody knows.
    pub fn finish<T>(self, value: T) -> Result<T, Diagnostics> {
        self.unknown().problems.check(value)
    }
}

fn text_of(value: &Value) -> Option<String> {
    match &value.kind {
        Kind::String(it) => Some(it.to_string()),
        Kind::Bool(it) => Some(it.to_string()),
        Kind::Number(_) => whole_of(value).map(|it| it.to_string()),
        _ => None,
    }
}

fn whole_of(value: &Value) -> Option<u32> {
    match &value.kind {
        Kind::Number(it) => it.to_string().parse().ok(),
        Kind::String(it) => it.parse().ok(),
        _ => None,
    }
}
