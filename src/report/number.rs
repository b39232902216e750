//! Numbers as text and JSON.

use serde_json::Value as Json;

use crate::lang::Number;

pub fn text(number: &Number) -> String {
    number.to_string()
}

pub fn json(number: &Number) -> Json {
    Json::Number(number.to_json())
}

pub fn parsed(number: &serde_json::Number) -> Option<Number> {
    Number::from_json(number)
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
