//! Texts of characters by chance, for `random_string` and `random_password`.

use super::source::Source;
use crate::lang::{Type, Value};
use crate::plan::adjust::Adjust;
use crate::providers::{Error, Result, replaced_by_values};

const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const NUMERIC: &str = "0123456789";
const SPECIAL: &str = "!@#$%&*()-_=+[]{}<>:?";

/// The longest text there is.
pub const LONGEST: i64 = 1 << 20;

/// One kind of characters: whether it is among those to draw from, and how many there are at least.
pub struct Class {
    pub used: bool,
    pub least: i64,
}

/// What a text is made of.
pub struct Wanted<'a> {
    pub length: i64,
    pub upper: Class,
    pub lower: Class,
    pub numeric: Class,
    pub special: Class,
    pub override_special: Option<&'a str>,
}

impl Wanted<'_> {
    pub fn make(&self) -> Result<String> {
        let special = self.override_special.filter(|it| !it.is_empty()).unwrap_or(SPECIAL);
        let classes =
            [(&self.upper, UPPER), (&self.lower, LOWER), (&self.numeric, NUMERIC), (&self.special, special)];
        let all: Vec<char> = classes.iter().filter(|it| it.0.used).flat_map(|it| it.1.chars()).collect();
        if all.is_empty() {
            return Err(Error::Invalid("no kind of characters is left to draw from".to_owned()));
        }
        if self.length > LONGEST {
            return Err(Error::Invalid(format!("a text has at most {LONGEST} characters")));
        }
        let mut source = Source::System;
        let mut out = Vec::new();
        for (class, characters) in classes {
            let characters: Vec<char> = characters.chars().collect();
            for _ in 0..class.least.min(self.length) {
                out.push(*source.choose(&characters)?);
            }
        }
        while (out.len() as i64) < self.length {
            out.push(*source.choose(&all)?);
        }
        source.shuffle(&mut out)?;
        Ok(out.into_iter().collect())
    }
}

/// What both types decide about their plans.
pub fn adjust(plan: &mut Adjust) {
    replaced_by_values(plan, "keepers");
    same_number(plan);
    long_enough(plan);
    some_characters(plan);
    replaced_by_special(plan);
}

/// `number` is the older name of `numeric`: one says what both are.
fn same_number(plan: &mut Adjust) {
    let said = |name: &str| plan.config(name).cloned();
    let value = match (said("number"), said("numeric")) {
        (Some(a), Some(b)) => {
            if a.as_bool().zip(b.as_bool()).is_some_and(|it| it.0 != it.1) {
                let why = "`number` and `numeric` are two names of one setting, and say different things";
                plan.error("number", format!("{why}: leave `number` out"));
            }
            return;
        }
        (None, None) => Value::from(true),
        (Some(one), None) | (None, Some(one)) => one,
    };
    plan.set("number", value.clone());
    plan.set("numeric", value);
}

fn number(plan: &Adjust, name: &str) -> Option<i64> {
    let it = plan.will(name)?;
    if it.is_null() { Some(0) } else { it.as_number().map(|it| it.to_f64() as i64) }
}

fn long_enough(plan: &mut Adjust) {
    let least = ["min_upper", "min_lower", "min_numeric", "min_special"].map(|it| number(plan, it));
    let least = least.into_iter().sum::<Option<i64>>();
    if let (Some(length), Some(least)) = (number(plan, "length"), least)
        && length < least
    {
        plan.error("length", format!("the text has {length} characters, and at least {least} are asked for"));
    }
}

fn some_characters(plan: &mut Adjust) {
    let off = |name: &str| plan.config(name).and_then(Value::as_bool) == Some(false);
    let numeric = ["numeric", "number"].into_iter().find(|it| off(it));
    if let Some(name) = numeric.filter(|_| off("upper") && off("lower") && off("special")) {
        plan.error(
            name,
            "no kind of characters is left: one of `upper`, `lower`, `numeric` and `special` must be true",
        );
    }
}

/// A change replaces, but for an empty text that becomes none.
fn replaced_by_special(plan: &mut Adjust) {
    let name = "override_special";
    let Some(was) = plan.was.as_ref().and_then(|it| it.get(name)) else { return };
    let null = Value::null(Type::String);
    let will = plan.will(name).unwrap_or(&null);
    let emptied = will.is_null() && was.as_str() == Some("");
    if !emptied && was.clone().unmarked() != will.clone().unmarked() {
        plan.require_replace(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(used: bool, least: i64) -> Class {
        Class { used, least }
    }

    #[test]
    fn texts_have_what_was_asked_for() {
        let wanted = Wanted {
            length: 40,
            upper: class(true, 3),
            lower: class(false, 0),
            numeric: class(true, 5),
            special: class(true, 7),
            override_special: Some("_é"),
        };
        for _ in 0..20 {
            let text = wanted.make().expect("made");
            let count = |of: fn(&char) -> bool| text.chars().filter(of).count();
            assert_eq!(text.chars().count(), 40);
            assert!(count(char::is_ascii_uppercase) >= 3 && count(char::is_ascii_digit) >= 5);
            assert!(count(|it| "_é".contains(*it)) >= 7 && count(char::is_ascii_lowercase) == 0);
        }
        let none =
            Wanted { upper: class(false, 0), numeric: class(false, 0), special: class(false, 0), ..wanted };
        assert!(none.make().is_err());
    }
}
