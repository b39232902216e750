//! Numbers as text and JSON.

use std::str::FromStr;

use dashu_float::round::mode::HalfEven;
use dashu_float::{DBig, FBig};
use dashu_int::IBig;
use serde_json::Value as Json;

use crate::lang::Number;

/// Fewer decimal digits than 512 bits hold, so that 0.1 prints as it was written.
const DIGITS: usize = 150;
const BITS: usize = 512;

pub fn text(number: &Number) -> String {
    match IBig::try_from(number.0.clone()) {
        Ok(whole) => whole.to_string(),
        Err(_) => {
            let decimal = number.0.clone().with_base_and_precision::<10>(DIGITS).value();
            let text = decimal.to_string();
            if text.contains('.') { text.trim_end_matches('0').to_owned() } else { text }
        }
    }
}

pub fn json(number: &Number) -> Json {
    serde_json::from_str(&text(number)).unwrap_or(Json::Null)
}

pub fn parsed(number: &serde_json::Number) -> Option<Number> {
    let text = number.to_string();
    if let Ok(whole) = IBig::from_str(&text) {
        return Some(Number(FBig::from(whole)));
    }
    let decimal = DBig::from_str(&text.replace("e+", "e").replace("E+", "e")).ok()?;
    Some(Number(decimal.with_rounding::<HalfEven>().with_base_and_precision::<2>(BITS).value()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_print_as_written() {
        for it in ["0", "-7", "1.5", "0.1", "123456789012345678901234567890", "-0.000001"] {
            let number = parsed(&serde_json::from_str(it).unwrap()).unwrap();
            assert_eq!(text(&number), it);
        }
    }
}
