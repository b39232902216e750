//! Numbers.

use super::{Answer, Call, Fail, Function, Param, Returns, Ty, any, number};
use crate::lang::number::Number;
use crate::lang::value::Value;

pub(super) const ALL: &[Function] = &[
    Function::new(
        "abs",
        &[number("num")],
        Returns::Is(Ty::Number),
        "The distance of a number from zero.",
        &[("abs(-2.5)", "2.5")],
        |it| Ok(it.number(0)?.abs().into()),
    ),
    Function::new(
        "ceil",
        &[number("num")],
        Returns::Is(Ty::Number),
        "The nearest whole number that is not smaller.",
        &[("ceil(-1.5)", "-1"), ("ceil(1.1)", "2")],
        |it| Ok(it.number(0)?.ceil().into()),
    ),
    Function::new(
        "floor",
        &[number("num")],
        Returns::Is(Ty::Number),
        "The nearest whole number that is not larger.",
        &[("floor(-1.5)", "-2"), ("floor(1.9)", "1")],
        |it| Ok(it.number(0)?.floor().into()),
    ),
    Function::new(
        "log",
        &[number("num"), number("base")],
        Returns::Is(Ty::Number),
        "The logarithm of a number in a base.",
        &[("log(50, 10)", "1.6989700043360185"), ("log(16, 2)", "4")],
        |it| finite(logarithm(it.number(0)?.to_f64()) / logarithm(it.number(1)?.to_f64())),
    ),
    Function::new(
        "max",
        &[],
        Returns::Is(Ty::Number),
        "The largest of some numbers.",
        &[("max(12, 54, 3)", "54"), ("max([1, 2]...)", "2")],
        |it| extreme(it, |a, b| a > b),
    )
    .rest(number("numbers")),
    Function::new(
        "min",
        &[],
        Returns::Is(Ty::Number),
        "The smallest of some numbers.",
        &[("min(12, 54, 3)", "3")],
        |it| extreme(it, |a, b| a < b),
    )
    .rest(number("numbers")),
    Function::new(
        "parseint",
        &[any("number"), number("base")],
        Returns::Is(Ty::Number),
        "The whole number that a text writes in a base from 2 to 62.",
        &[("parseint(\"FF\", 16)", "255"), ("parseint(\"-101\", 2)", "-5"), ("parseint(\"aA\", 62)", "656")],
        parse_int,
    ),
    Function::new(
        "pow",
        &[number("num"), number("power")],
        Returns::Is(Ty::Number),
        "A number to a power.",
        &[("pow(3, 2)", "9"), ("pow(2, 0.5)", "1.4142135623730951")],
        |it| finite(power(it.number(0)?.to_f64(), it.number(1)?.to_f64())),
    ),
    Function::new(
        "signum",
        &[number("num")],
        Returns::Is(Ty::Number),
        "-1, 0 or 1: the sign of a number.",
        &[("signum(-13)", "-1"), ("signum(0)", "0")],
        |it| Ok(it.integer(0)?.signum().into()),
    ),
    Function::new(
        "sum",
        &[Param::new("list", Ty::Any).wholly()],
        Returns::Is(Ty::Number),
        "The sum of a list or set of numbers.",
        &[("sum([10, 13, 6, 4.5])", "33.5")],
        sum,
    ),
];

fn finite(it: f64) -> Answer {
    Number::from_f64(it).map(Value::from).ok_or_else(|| "the result is not a finite number".into())
}

/// The natural logarithm by the series that Go uses (it is FreeBSD's), since others may differ in the
/// last digit.
fn logarithm(it: f64) -> f64 {
    const SERIES: [f64; 7] = [
        6.666_666_666_666_735e-1,
        3.999_999_999_940_942e-1,
        2.857_142_874_366_239e-1,
        2.222_219_843_214_978_4e-1,
        1.818_357_216_161_805e-1,
        1.531_383_769_920_937_3e-1,
        1.479_819_860_511_658_6e-1,
    ];
    // The logarithm of 2 in two parts.
    const HIGH: f64 = 6.931_471_803_691_238e-1;
    const LOW: f64 = 1.908_214_929_270_587_7e-10;
    if it <= 0.0 || !it.is_finite() {
        return it.ln();
    }
    let (mut part, mut exponent) = split(it);
    if part < std::f64::consts::FRAC_1_SQRT_2 {
        part *= 2.0;
        exponent -= 1;
    }
    let (f, k) = (part - 1.0, exponent as f64);
    let s = f / (2.0 + f);
    let (s2, s4) = (s * s, s * s * (s * s));
    let [l1, l2, l3, l4, l5, l6, l7] = SERIES;
    let odd = s2 * (l1 + s4 * (l3 + s4 * (l5 + s4 * l7)));
    let even = s4 * (l2 + s4 * (l4 + s4 * l6));
    let half = 0.5 * f * f;
    k * HIGH - ((half - (s * (half + (odd + even)) + k * LOW)) - f)
}

/// By squares of the number without its exponent: so Go does it, and other ways differ in the last
/// digit.
fn power(base: f64, power: f64) -> f64 {
    let size = power.abs();
    if size == 0.5 {
        return if power < 0.0 { 1.0 / base.sqrt() } else { base.sqrt() };
    }
    if base == 0.0 || !base.is_finite() || size >= 1e18 || (size.fract() != 0.0 && base < 0.0) {
        return base.powf(power);
    }
    let (mut whole, mut part) = (size.trunc() as u64, size.fract());
    if part > 0.5 {
        part -= 1.0;
        whole += 1;
    }
    let (mut digits, mut exponent) = (if part == 0.0 { 1.0 } else { (part * logarithm(base)).exp() }, 0i64);
    let (mut square, mut double) = split(base);
    while whole != 0 && double.abs() < 1 << 12 {
        if whole & 1 == 1 {
            digits *= square;
            exponent += double;
        }
        square *= square;
        double *= 2;
        if square < 0.5 {
            square += square;
            double -= 1;
        }
        whole >>= 1;
    }
    if whole != 0 {
        return base.powf(power);
    }
    if power < 0.0 {
        digits = 1.0 / digits;
        exponent = -exponent;
    }
    scaled(digits, exponent)
}

/// A number as one from 0.5 to 1, and the power of two by which it is larger.
fn split(it: f64) -> (f64, i64) {
    // Tiny numbers have no exponent of their own.
    let (it, shift) = if it.is_subnormal() { (it * 2f64.powi(64), 64) } else { (it, 0) };
    let bits = it.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i64 - 1022;
    (f64::from_bits(bits & !(0x7ff << 52) | 1022 << 52), exponent - shift)
}

/// Times a power of two, in two steps so that neither is out of range.
fn scaled(it: f64, exponent: i64) -> f64 {
    let half = (exponent / 2).clamp(-2000, 2000) as i32;
    let rest = (exponent - i64::from(half)).clamp(-2000, 2000) as i32;
    it * 2f64.powi(half) * 2f64.powi(rest)
}

fn extreme(it: &Call, better: fn(&Number, &Number) -> bool) -> Answer {
    let mut best = it.number(0).map_err(|_| Fail::from("it takes at least one number"))?;
    for at in 1..it.args.len() {
        let next = it.number(at)?;
        if better(next, best) {
            best = next;
        }
    }
    Ok(best.clone().into())
}

fn parse_int(it: &Call) -> Answer {
    let (text, base) = (it.text(0)?, it.integer(1)?);
    let wrong = || Fail::Arg(0, format!("{text:?} is not a whole number in base {base}"));
    match base {
        2..=36 => Number::parse_radix(text, base as u32).map(Value::from).ok_or_else(wrong),
        37..=62 => large_base(text, base).map(Value::from).ok_or_else(wrong),
        _ => Err(Fail::Arg(1, "a whole number from 2 to 62 is required".to_owned())),
    }
}

/// Above base 36 the digits are 0-9, a-z, A-Z, and case matters.
fn large_base(text: &str, base: i64) -> Option<Number> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() {
        return None;
    }
    let mut out = dashu_int::IBig::ZERO;
    for it in digits.bytes() {
        let digit = match it {
            b'0'..=b'9' => it - b'0',
            b'a'..=b'z' => it - b'a' + 10,
            b'A'..=b'Z' => it - b'A' + 36,
            _ => return None,
        };
        if i64::from(digit) >= base {
            return None;
        }
        out = out * dashu_int::IBig::from(base) + dashu_int::IBig::from(digit);
    }
    Number::from_integer(if negative { -out } else { out })
}

fn sum(it: &Call) -> Answer {
    let all = it.items(0)?;
    if all.is_empty() {
        return Err(Fail::Arg(0, "it must not be empty".to_owned()));
    }
    let mut total = Number::from(0);
    for (at, item) in all.iter().enumerate() {
        let item =
            item.convert(&Ty::Number.get()).map_err(|why| Fail::Arg(0, format!("element {at}: {why}")))?;
        let Some(number) = item.as_number() else {
            return Err(Fail::Arg(0, format!("element {at} must not be null")));
        };
        total = total.add(number).ok_or_else(|| Fail::from("the sum is out of range"))?;
    }
    Ok(total.into())
}
