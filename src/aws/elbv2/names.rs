//! What names of load balancers and target groups have to be like.

use crate::lang::Value;
use crate::plan::adjust::Adjust;

/// How much of a name is left for its beginning: the generated part takes 26 of 32 characters.
const PREFIX: usize = 6;
const NAME: usize = 32;

/// Checks `name` and `name_prefix`; `reserved` may not begin them.
pub fn check(plan: &mut Adjust, reserved: &[&str]) {
    plan.at_most_one(&["name", "name_prefix"]);
    for (attribute, most) in [("name", NAME), ("name_prefix", PREFIX)] {
        let Some(text) = plan.config(attribute).and_then(Value::as_str).map(str::to_owned) else { continue };
        if let Some(why) = wrong(&text, most, attribute == "name", reserved) {
            plan.error(attribute, format!("`{attribute}` cannot be \"{text}\": {why}"));
        }
    }
}

fn wrong(text: &str, most: usize, whole: bool, reserved: &[&str]) -> Option<String> {
    let begins = reserved.iter().find(|it| text.starts_with(**it));
    match text {
        "" => None,
        _ if text.chars().count() > most => {
            Some(format!("it has {} characters, {most} at most", text.chars().count()))
        }
        _ if !text.chars().all(|it| it.is_ascii_alphanumeric() || it == '-') => {
            Some("letters, digits and hyphens only".to_owned())
        }
        _ if text.starts_with('-') => Some("it cannot begin with a hyphen".to_owned()),
        _ if whole && text.ends_with('-') => Some("it cannot end with a hyphen".to_owned()),
        _ => begins.map(|it| format!("AWS keeps names that begin with `{it}` to itself")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_of_letters_digits_and_hyphens() {
        let of = |text: &str| wrong(text, NAME, true, &["internal-"]);
        assert_eq!((of("shop-web"), of("")), (None, None));
        for text in ["-a", "a-", "a_b", "internal-a", "0123456789012345678901234567890123"] {
            assert!(of(text).is_some(), "{text}");
        }
        assert_eq!(wrong("shop-", PREFIX, false, &[]), None);
        assert!(wrong("shop-web-", PREFIX, false, &[]).is_some());
    }
}
