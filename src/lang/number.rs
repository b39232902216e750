//! Numbers as Terraform has them: binary floats of 512 bits, rounded to the nearest, ties to even.
//!
//! A number remembers how many bits it was made with, because that decides how many decimal digits
//! it prints: what a 64-bit operation gave prints with fewer digits than what a literal gave, and an
//! operation works with the larger precision of its operands.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::str::FromStr;
use std::sync::Arc;

use dashu_int::ops::{BitTest, DivRem};
use dashu_int::{IBig, Sign, UBig};

pub(super) mod text;

/// The precision of literals and of texts, in bits.
const LITERAL: usize = 512;
/// Beyond this many bits before or after the point there is no sense in a number, only harm.
const LARGEST_EXPONENT: isize = 100_000;

/// A number: `mantissa × 2^exponent`. The mantissa is odd, or zero with exponent zero.
///
/// Shared: values are many, and most of them are no numbers.
#[derive(Debug, Clone)]
pub struct Number(Arc<Parts>);

/// What a number is made of.
#[derive(Debug)]
pub struct Parts {
    mantissa: IBig,
    exponent: isize,
    precision: usize,
}

impl Deref for Number {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Number {
    fn of(mantissa: IBig, exponent: isize, precision: usize) -> Number {
        Number(Arc::new(Parts { mantissa, exponent, precision }))
    }

    /// The same with another precision.
    fn with(&self, precision: usize) -> Number {
        Number::of(self.mantissa.clone(), self.exponent, precision)
    }

    /// The nearest number of that precision; `None` where it is out of range.
    fn rounded(mantissa: IBig, exponent: isize, precision: usize) -> Option<Number> {
        let (sign, mut digits) = mantissa.into_parts();
        let mut exponent = exponent;
        if let Some(excess @ 1..) = digits.bit_len().checked_sub(precision) {
            digits = shifted_to_even(&digits, excess);
            exponent = exponent.checked_add_unsigned(excess)?;
        }
        let Some(zeros) = digits.trailing_zeros() else {
            return Some(Number::of(IBig::ZERO, 0, precision));
        };
        digits >>= zeros;
        exponent = exponent.checked_add_unsigned(zeros)?;
        let largest = exponent.checked_add_unsigned(digits.bit_len())?;
        let sane = exponent >= -LARGEST_EXPONENT && largest <= LARGEST_EXPONENT;
        sane.then(|| Number::of(IBig::from_parts(sign, digits), exponent, precision))
    }

    /// The number nearest to `above / below`.
    fn ratio(above: IBig, below: &UBig, precision: usize) -> Option<Number> {
        let (sign, above) = above.into_parts();
        let shift = (precision + 2 + below.bit_len()).saturating_sub(above.bit_len());
        let (mut quotient, rest) = (above << shift).div_rem(below);
        let mut exponent = -isize::try_from(shift).ok()?;
        if !rest.is_zero() {
            // One more bit says that the true value lies a little higher.
            quotient = (quotient << 1usize) | UBig::ONE;
            exponent -= 1;
        }
        Number::rounded(IBig::from_parts(sign, quotient), exponent, precision)
    }

    /// The whole number, exactly, whatever its size.
    pub fn from_integer(it: IBig) -> Option<Number> {
        let precision = it.bit_len().max(64);
        Number::rounded(it, 0, precision)
    }

    /// Digits in a radix from 2 to 36, with a sign before them.
    pub fn parse_radix(text: &str, radix: u32) -> Option<Number> {
        Number::from_integer(IBig::from_str_radix(text, radix).ok().filter(|_| !text.contains('_'))?)
    }

    /// `None` for what is not finite.
    pub fn from_f64(it: f64) -> Option<Number> {
        if !it.is_finite() {
            return None;
        }
        let bits = it.to_bits();
        let (fraction, biased) = (bits & ((1 << 52) - 1), ((bits >> 52) & 0x7ff) as isize);
        let digits = if biased == 0 { fraction } else { fraction | (1 << 52) };
        let sign = if it.is_sign_negative() { Sign::Negative } else { Sign::Positive };
        Number::rounded(IBig::from_parts(sign, digits.into()), biased.max(1) - 1075, 53)
    }

    /// The nearest double.
    pub fn to_f64(&self) -> f64 {
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    pub fn is_integer(&self) -> bool {
        self.exponent >= 0
    }
    pub fn is_zero(&self) -> bool {
        self.mantissa.is_zero()
    }
    /// -1, 0 or 1.
    pub fn signum(&self) -> i64 {
        match self.mantissa.sign() {
            _ if self.is_zero() => 0,
            Sign::Positive => 1,
            Sign::Negative => -1,
        }
    }

    /// The whole number it is; `None` where it has a fraction or does not fit.
    pub fn to_i64(&self) -> Option<i64> {
        if !self.is_integer() || self.exponent > 64 {
            return None;
        }
        i64::try_from(&self.mantissa << self.exponent.unsigned_abs()).ok()
    }
    /// The whole number from 0 it is.
    pub fn to_usize(&self) -> Option<usize> {
        self.to_i64().and_then(|it| it.try_into().ok())
    }
    /// The whole number it is, whatever its size.
    pub fn to_integer(&self) -> Option<IBig> {
        self.is_integer().then(|| &self.mantissa << self.exponent.unsigned_abs())
    }

    pub fn floor(&self) -> Number {
        if self.is_integer() {
            return self.clone();
        }
        // A shift of a negative number rounds down too.
        let whole = &self.mantissa >> self.exponent.unsigned_abs();
        Number::from_integer(whole).unwrap_or_else(|| self.clone())
    }
    pub fn ceil(&self) -> Number {
        self.negated().floor().negated()
    }
    /// Towards zero.
    pub fn trunc(&self) -> Number {
        if self.signum() < 0 { self.ceil() } else { self.floor() }
    }
    pub fn abs(&self) -> Number {
        if self.signum() < 0 { self.negated() } else { self.clone() }
    }
    pub fn negated(&self) -> Number {
        Number::of(-self.mantissa.clone(), self.exponent, self.precision)
    }

    /// `None` where the result is out of range, as for the others.
    pub fn add(&self, other: &Number) -> Option<Number> {
        let least = self.exponent.min(other.exponent);
        let aligned = |it: &Number| &it.mantissa << (it.exponent - least).unsigned_abs();
        Number::rounded(aligned(self) + aligned(other), least, self.precision.max(other.precision))
    }
    pub fn sub(&self, other: &Number) -> Option<Number> {
        self.add(&other.negated())
    }
    /// A product keeps every digit it has up to 512 bits.
    pub fn mul(&self, other: &Number) -> Option<Number> {
        let product = &self.mantissa * &other.mantissa;
        let exponent = self.exponent.checked_add(other.exponent)?;
        let out = Number::rounded(product, exponent, LITERAL)?;
        let digits = out.mantissa.bit_len() + usize::try_from(out.exponent).unwrap_or(0);
        Some(out.with(self.precision.max(other.precision).max(digits.min(LITERAL))))
    }
    /// `None` too where `other` is zero.
    pub fn div(&self, other: &Number) -> Option<Number> {
        let (sign, below) = other.mantissa.clone().into_parts();
        if below.is_zero() {
            return None;
        }
        let precision = self.precision.max(other.precision);
        let quotient = Number::ratio(self.mantissa.clone() * sign, &below, precision)?;
        let exponent = quotient.exponent.checked_add(self.exponent)?.checked_sub(other.exponent)?;
        Number::rounded(quotient.mantissa.clone(), exponent, precision)
    }
    /// What is left after dividing towards zero.
    pub fn rem(&self, other: &Number) -> Option<Number> {
        let whole = self.div(other)?.trunc();
        let taken = other.mul(&whole.with(self.precision))?;
        self.sub(&taken)
    }

    /// Exactly this number in JSON.
    pub fn to_json(&self) -> serde_json::Number {
        serde_json::Number::from_str(&self.to_string()).unwrap_or_else(|_| 0.into())
    }
    /// `None` where it is out of range.
    pub fn from_json(json: &serde_json::Number) -> Option<Number> {
        json.to_string().parse().ok()
    }
}

/// Without its `excess` lowest bits, rounded to the nearest, ties to even.
fn shifted_to_even(digits: &UBig, excess: usize) -> UBig {
    let kept = digits >> excess;
    let half = digits.bit(excess - 1);
    let beyond = digits.trailing_zeros().is_some_and(|it| it < excess - 1);
    if half && (beyond || kept.bit(0)) { kept + UBig::ONE } else { kept }
}

/// By value: the precision plays no part.
impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.mantissa == other.mantissa && self.exponent == other.exponent
    }
}
impl Eq for Number {}
impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.mantissa.hash(state);
        self.exponent.hash(state);
    }
}
impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let least = self.exponent.min(other.exponent);
        let aligned = |it: &Number| &it.mantissa << (it.exponent - least).unsigned_abs();
        self.signum().cmp(&other.signum()).then_with(|| aligned(self).cmp(&aligned(other)))
    }
}
impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<i64> for Number {
    fn from(it: i64) -> Self {
        let mantissa = IBig::from(it);
        let zeros = mantissa.trailing_zeros().unwrap_or(0);
        Number::of(mantissa >> zeros, zeros as isize, 64)
    }
}

/// The text is no number, or one out of range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a decimal number")]
pub struct NotANumber;

impl FromStr for Number {
    type Err = NotANumber;
    fn from_str(text: &str) -> Result<Self, NotANumber> {
        text::parse(text).ok_or(NotANumber)
    }
}

/// The shortest decimal digits that give the same number back, without an exponent.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad_integral(self.signum() >= 0, "", &text::shortest(self))
    }
}
