//! Decimal text of numbers.

use dashu_int::ops::BitTest;
use dashu_int::{IBig, UBig};

use super::{LITERAL, Number};

/// Reads `12`, `-1.50`, `.5`, `1e-3`.
pub(super) fn parse(text: &str) -> Option<Number> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (digits, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, parse_exponent(exponent)?),
        None => (unsigned, 0),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{fraction}");
    if all.is_empty() || !all.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    let mut mantissa = IBig::from_str_radix(&all, 10).ok()?;
    if text.starts_with('-') {
        mantissa = -mantissa;
    }
    scaled(mantissa, exponent - isize::try_from(fraction.len()).ok()?)
}

fn parse_exponent(text: &str) -> Option<isize> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let fine = !digits.is_empty() && digits.len() <= 6 && digits.bytes().all(|it| it.is_ascii_digit());
    fine.then(|| text.parse().ok()).flatten()
}

/// `mantissa × 10^exponent`.
fn scaled(mantissa: IBig, exponent: isize) -> Option<Number> {
    let size = exponent.unsigned_abs();
    // A decimal digit is more than three bits: what is larger than this is out of range.
    if mantissa.is_zero() {
        return Number::rounded(mantissa, 0, LITERAL);
    }
    if size > super::LARGEST_EXPONENT.unsigned_abs() {
        return None;
    }
    let power = UBig::from(10u8).pow(size);
    match exponent {
        0.. => Number::rounded(mantissa * IBig::from(power), 0, LITERAL),
        _ => Number::ratio(mantissa, &power, LITERAL),
    }
}

/// Decimal digits without zeros at the end; the point stands after the first `point` digits.
struct Decimal {
    digits: Vec<u8>,
    point: isize,
}

impl Decimal {
    fn new(mantissa: &UBig, exponent: isize) -> Decimal {
        let (whole, scale) = match exponent {
            0.. => (mantissa << exponent.unsigned_abs(), 0),
            // m × 2^-k is m × 5^k × 10^-k.
            _ => (mantissa * UBig::from(5u8).pow(exponent.unsigned_abs()), exponent),
        };
        let mut digits = whole.to_string().into_bytes();
        let point = digits.len() as isize + scale;
        trim(&mut digits);
        Decimal { digits, point }
    }

    fn at(&self, index: usize) -> u8 {
        self.digits.get(index).copied().unwrap_or(b'0')
    }

    fn round_down(mut self, count: usize) -> Decimal {
        self.digits.truncate(count);
        trim(&mut self.digits);
        self
    }

    fn round_up(mut self, count: usize) -> Decimal {
        self.digits.truncate(count);
        while self.digits.last() == Some(&b'9') {
            self.digits.pop();
        }
        match self.digits.last_mut() {
            Some(last) => *last += 1,
            None => {
                self.digits.push(b'1');
                self.point += 1;
            }
        }
        self
    }

    /// To the nearest of `count` digits, ties to even.
    fn round(self, count: usize) -> Decimal {
        if count >= self.digits.len() {
            return self;
        }
        let tie = self.digits[count] == b'5' && count + 1 == self.digits.len();
        let odd = count > 0 && self.digits[count - 1] % 2 == 1;
        let up = if tie { odd } else { self.digits[count] >= b'5' };
        if up { self.round_up(count) } else { self.round_down(count) }
    }

    fn plain(&self) -> String {
        let digit = |it: isize| usize::try_from(it).map_or('0', |it| self.at(it).into());
        let whole: String = (0..self.point).map(digit).collect();
        let fraction: String = (self.point..self.digits.len() as isize).map(digit).collect();
        let whole = if whole.is_empty() { "0" } else { &whole };
        if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
    }
}

fn trim(digits: &mut Vec<u8>) {
    while digits.last() == Some(&b'0') {
        digits.pop();
    }
}

/// The digits without the sign.
pub(super) fn shortest(number: &Number) -> String {
    if number.is_zero() {
        return "0".to_owned();
    }
    shortest_digits(number).plain()
}

/// The shortest digits within half a unit in the last place of the number.
fn shortest_digits(number: &Number) -> Decimal {
    let (_, mantissa) = number.mantissa.clone().into_parts();
    // One bit more than the precision: then 1 is half a unit in the last place.
    let shift = (number.precision + 1).saturating_sub(mantissa.bit_len());
    let exponent = number.exponent - shift as isize;
    let scaled = mantissa << shift;
    let exact = Decimal::new(&scaled, exponent);
    let lower = Decimal::new(&(&scaled - UBig::ONE), exponent);
    let upper = Decimal::new(&(&scaled + UBig::ONE), exponent);
    // The bounds themselves read back as this number only where its mantissa is even.
    let inclusive = !scaled.bit(1);
    for index in 0..exact.digits.len() {
        let (low, digit, high) = (lower.at(index), exact.at(index), upper.at(index));
        let down = low != digit || inclusive && index + 1 == lower.digits.len();
        let up = digit != high && (inclusive || digit + 1 < high || index + 1 < upper.digits.len());
        match (down, up) {
            (true, true) => return exact.round(index + 1),
            (true, false) => return exact.round_down(index + 1),
            (false, true) => return exact.round_up(index + 1),
            (false, false) => {}
        }
    }
    exact
}

/// The exact digits, without the sign.
fn exact(number: &Number) -> Decimal {
    let (_, mantissa) = number.mantissa.clone().into_parts();
    Decimal::new(&mantissa, number.exponent)
}

/// With so many digits after the point, and without the sign.
pub(in crate::lang) fn fixed(number: &Number, places: usize) -> String {
    let decimal = exact(number);
    let count = decimal.point.saturating_add_unsigned(places);
    let decimal = match usize::try_from(count) {
        Ok(count) if !number.is_zero() => decimal.round(count),
        _ => Decimal { digits: Vec::new(), point: 0 },
    };
    let plain = decimal.plain();
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    if places == 0 { whole.to_owned() } else { format!("{whole}.{fraction:0<places$}") }
}

/// `1.50e+03`: with so many digits after the point, and without the sign.
pub(in crate::lang) fn scientific(number: &Number, places: usize) -> String {
    if number.is_zero() {
        return with_exponent(&Decimal { digits: Vec::new(), point: 1 }, places);
    }
    with_exponent(&exact(number).round(places + 1), places)
}

fn with_exponent(decimal: &Decimal, places: usize) -> String {
    let digits: String = (0..=places).map(|it| char::from(decimal.at(it))).collect();
    let (first, rest) = digits.split_at(1);
    let point = if rest.is_empty() { "" } else { "." };
    let exponent = decimal.point - 1;
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{first}{point}{rest}e{sign}{:02}", exponent.unsigned_abs())
}

/// The shorter of both, as Go's `%g`: without a precision as many digits as it takes.
pub(in crate::lang) fn general(number: &Number, precision: Option<usize>) -> String {
    if number.is_zero() {
        return "0".to_owned();
    }
    let decimal = match precision {
        None => shortest_digits(number),
        Some(count) => exact(number).round(count.max(1)),
    };
    let count = decimal.digits.len();
    let longest = match precision {
        None => 6,
        Some(most) if most > count && count as isize >= decimal.point => count,
        Some(most) => most.max(1),
    };
    let small = (-4..longest as isize).contains(&(decimal.point - 1));
    if small { decimal.plain() } else { with_exponent(&decimal, count.saturating_sub(1)) }
}

/// Ten significant digits: the order of sets of structures depends on this text.
pub(in crate::lang) fn ten_digits(number: &Number) -> String {
    let sign = if number.signum() < 0 { "-" } else { "" };
    format!("{sign}{}", general(number, Some(10)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Number;

    fn number(text: &str) -> Number {
        text.parse().unwrap()
    }

    /// Every answer is Terraform's.
    #[test]
    fn prints_as_terraform() {
        let thirds = format!("0.{}5", "3".repeat(154));
        let third = number("1").div(&number("3")).unwrap();
        assert_eq!(third.to_string(), thirds);
        assert_eq!(number("0.1").add(&number("0.2")).unwrap().to_string(), "0.3");
        assert_eq!(Number::from(2).div(&3.into()).unwrap().to_string(), "0.6666666666666666667");
        let root = Number::from_f64(2f64.sqrt()).unwrap();
        assert_eq!(root.to_string(), "1.4142135623730951");
        let wide = "1.4142135623730951454746218587388284504413604736328125";
        assert_eq!(root.mul(&number("1")).unwrap().to_string(), wide);
        assert_eq!(number("-5").rem(&number("3")).unwrap().to_string(), "-2");
        assert_eq!(number("5.5").rem(&number("2")).unwrap().to_string(), "1.5");
        for (text, printed) in [
            ("1e30", "1000000000000000000000000000000"),
            ("2.50", "2.5"),
            ("1e-20", "0.00000000000000000001"),
            ("100000000000000000000000000000000", "100000000000000000000000000000000"),
            ("-0", "0"),
            (".5", "0.5"),
        ] {
            assert_eq!(number(text).to_string(), printed);
        }
        assert_eq!(number("1e200").to_string(), format!("1{}", "0".repeat(200)));
    }

    #[test]
    fn refuses_what_is_no_number() {
        for text in ["", "-", "1 ", "0x10", "1_000", "Inf", "NaN", "1e", "1e999999", "--1", "1.2.3", "."] {
            assert!(text.parse::<Number>().is_err(), "{text}");
        }
    }

    #[test]
    fn whole_numbers() {
        assert_eq!(number("-2.5").floor(), number("-3"));
        assert_eq!(number("-2.5").ceil(), number("-2"));
        assert_eq!(number("2.5").trunc(), number("2"));
        assert_eq!(number("9223372036854775807").to_i64(), Some(i64::MAX));
        assert_eq!(number("9223372036854775808").to_i64(), None);
        assert_eq!(number("0.5").to_i64(), None);
        assert!(number("-3") < number("-2.9"));
    }

    #[test]
    fn ten_digits_as_go() {
        for (text, printed) in [
            ("80", "80"),
            ("65535", "65535"),
            ("1e10", "1e+10"),
            ("12345678901", "1.23456789e+10"),
            ("0.00001", "1e-05"),
            ("-2.5", "-2.5"),
            ("100000", "100000"),
        ] {
            assert_eq!(super::ten_digits(&number(text)), printed);
        }
    }

    proptest! {
        #[test]
        fn text_round_trips(whole in any::<i128>(), places in 0usize..40) {
            let text = format!("{whole}e-{places}");
            let it = number(&text);
            prop_assert_eq!(number(&it.to_string()), it.clone());
            prop_assert_eq!(Number::from_json(&it.to_json()).unwrap(), it);
        }
        #[test]
        fn doubles_round_trip(it in any::<f64>().prop_filter("finite", |it| it.is_finite())) {
            let number = Number::from_f64(it).unwrap();
            prop_assert_eq!(number.to_f64(), it);
        }
        #[test]
        fn integers_are_exact(a in any::<i64>(), b in any::<i64>()) {
            let sum = Number::from(a).mul(&b.into()).unwrap();
            prop_assert_eq!(sum.to_string(), (i128::from(a) * i128::from(b)).to_string());
        }
    }
}
