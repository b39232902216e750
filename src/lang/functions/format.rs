//! `format` and `formatlist`.

use super::encoding::encode_json;
use super::text::clusters;
use super::{Answer, Call, Fail, Function, Returns, Ty, any, string};
use crate::lang::number::Number;
use crate::lang::number::text::{fixed, general, scientific};
use crate::lang::types::Type;
use crate::lang::value::{Kind, Value};

pub(super) const ALL: &[Function] = &[
    Function::new(
        "format",
        &[string("format")],
        Returns::Is(Ty::String),
        "A text in which verbs such as %s, %d and %v stand for the arguments.",
        &[
            (r#"format("Hello, %s!", "Ander")"#, r#""Hello, Ander!""#),
            (r#"format("%05.1f|%-4d|%x|%q", 3.14159, 7, 255, "a")"#, r#""003.1|7   |ff|\"a\"""#),
        ],
        |it| known_part(it.text(0)?, &it.args[1..]),
    )
    .rest(any("args").nullable().perhaps()),
    Function::new(
        "formatlist",
        &[string("format")],
        Returns::Is(Ty::List(&Ty::String)),
        "A list of texts: the format for each element of the lists among the arguments.",
        &[(r#"formatlist("%s-%s", ["a", "b"], "x") == tolist(["a-x", "b-x"])"#, "true")],
        format_list,
    )
    .rest(any("args").nullable().perhaps()),
];

fn format_list(it: &Call) -> Answer {
    let format = it.text(0)?;
    let args = &it.args[1..];
    let mut length = None;
    // How many rows there are depends on the lists.
    let open = |it: &Value| it.is_unknown() && !it.ty().is_primitive();
    if args.iter().any(open) {
        return Ok(Value::unknown_not_null(Type::list(Type::String)));
    }
    for (at, arg) in args.iter().enumerate() {
        let Some(all) = arg.as_items() else { continue };
        if *length.get_or_insert(all.len()) != all.len() {
            let why = format!("it has {} elements, an earlier list {}", all.len(), length.unwrap_or(0));
            return Err(Fail::Arg(at + 1, why));
        }
    }
    let row = |index: usize| {
        let pick = |it: &Value| it.as_items().map_or_else(|| it.clone(), |all| all[index].clone());
        let args: Vec<Value> = args.iter().map(pick).collect();
        known_part(format, &args)
    };
    let all = (0..length.unwrap_or(1)).map(row).collect::<Result<Vec<_>, _>>()?;
    Ok(Value::list(Type::String, all))
}

/// `%[flags][width][.precision][\[index\]]verb`.
#[derive(Default)]
struct Verb {
    /// As it is written.
    raw: String,
    plus: bool,
    minus: bool,
    space: bool,
    sharp: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
    index: Option<usize>,
    letter: char,
}

/// No text needs more than this for one argument.
const WIDEST: usize = 10_000;

/// The text; of one with arguments that are not known yet the start before the first verb.
fn known_part(format: &str, args: &[Value]) -> Answer {
    if args.iter().all(Value::wholly_known) {
        return formatted(format, args).map(Value::from);
    }
    Ok(Value::unknown_text(format.split('%').next().unwrap_or_default()))
}

fn formatted(format: &str, args: &[Value]) -> Result<String, Fail> {
    let mut out = String::new();
    let mut rest = format;
    let (mut next, mut used) = (0, 0);
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let (verb, after) = read_verb(&rest[at..])?;
        rest = after;
        if verb.raw == "%%" {
            out.push('%');
            continue;
        }
        let index = verb.index.map_or(Some(next), |it| it.checked_sub(1));
        let arg = index.and_then(|it| args.get(it)).ok_or_else(|| {
            let wanted = index.map_or(0, |it| it + 1);
            Fail::Arg(0, format!("{:?} needs argument {wanted}, but there are {}", verb.raw, args.len()))
        })?;
        next = index.unwrap_or(next) + 1;
        used = used.max(next);
        let wrong = |why: String| Fail::Arg(next, format!("{:?} cannot show it: {why}", verb.raw));
        out.push_str(&show(&verb, arg).map_err(wrong)?);
    }
    out.push_str(rest);
    if used < args.len() {
        return Err(Fail::Arg(
            used + 1,
            format!("the format uses only {used} of the {} arguments", args.len()),
        ));
    }
    Ok(out)
}

fn read_verb(text: &str) -> Result<(Verb, &str), Fail> {
    let mut verb = Verb::default();
    let mut rest = text[1..].char_indices().peekable();
    let unfinished =
        || Fail::Arg(0, format!("{text:?} is no complete verb: to write a percent sign, double it"));
    while let Some((_, it)) = rest.next_if(|it| "+-# 0".contains(it.1)) {
        match it {
            '+' => verb.plus = true,
            '-' => verb.minus = true,
            '#' => verb.sharp = true,
            ' ' => verb.space = true,
            _ => verb.zero = true,
        }
    }
    let digits = |rest: &mut std::iter::Peekable<std::str::CharIndices>| {
        let mut out = None;
        while let Some(digit) = rest.peek().and_then(|it| it.1.to_digit(10)) {
            out = Some(out.unwrap_or(0usize).saturating_mul(10).saturating_add(digit as usize));
            rest.next();
        }
        out
    };
    verb.width = digits(&mut rest).unwrap_or(0);
    if rest.next_if(|it| it.1 == '.').is_some() {
        verb.precision = Some(digits(&mut rest).unwrap_or(0));
    }
    if rest.next_if(|it| it.1 == '[').is_some() {
        verb.index = Some(digits(&mut rest).ok_or_else(unfinished)?);
        rest.next_if(|it| it.1 == ']').ok_or_else(unfinished)?;
    }
    let (at, letter) = rest.next().ok_or_else(unfinished)?;
    verb.letter = letter;
    let end = 1 + at + letter.len_utf8();
    verb.raw = text[..end].to_owned();
    if verb.width > WIDEST || verb.precision.is_some_and(|it| it > WIDEST) {
        return Err(Fail::Arg(0, format!("{:?} asks for more than {WIDEST} characters", verb.raw)));
    }
    Ok((verb, &text[end..]))
}

fn show(verb: &Verb, arg: &Value) -> Result<String, String> {
    let needs = |ty: Type| match arg.convert(&ty) {
        Ok(it) if !it.is_null() => Ok(it),
        Ok(_) => Err("it is null".to_owned()),
        Err(_) => Err(format!("it must be {}, not {}", ty.a(), arg.ty().a())),
    };
    match verb.letter {
        'v' => any_value(verb, arg),
        't' => Ok(if needs(Type::Bool)?.as_bool() == Some(true) { "true" } else { "false" }.to_owned()),
        'b' | 'd' | 'o' | 'x' | 'X' | 'e' | 'E' | 'f' | 'g' | 'G' => {
            let value = needs(Type::Number)?;
            value.as_number().map_or_else(|| Err("it must be a number".to_owned()), |it| numeric(verb, it))
        }
        's' | 'q' => Ok(textual(verb, needs(Type::String)?.as_str().unwrap_or_default())),
        other => Err(format!("there is no verb `{other}`")),
    }
}

fn any_value(verb: &Verb, arg: &Value) -> Result<String, String> {
    match &arg.kind {
        Kind::String(it) if !verb.sharp => Ok(textual(verb, it)),
        Kind::Number(it) if !verb.sharp => {
            numeric(&Verb { letter: 'g', plus: false, space: false, ..copy(verb) }, it)
        }
        _ => Ok(padded(verb, "", &encode_json(arg))),
    }
}

fn copy(verb: &Verb) -> Verb {
    Verb { raw: verb.raw.clone(), ..*verb }
}

/// A precision of 0 means nothing.
fn textual(verb: &Verb, text: &str) -> String {
    let cut = match verb.precision {
        Some(count @ 1..) => clusters(text).into_iter().take(count).collect(),
        _ => text.to_owned(),
    };
    let body = if verb.letter == 'q' { encode_json(&cut.into()) } else { cut };
    padded(verb, "", &body)
}

fn numeric(verb: &Verb, number: &Number) -> Result<String, String> {
    let sign = match () {
        _ if number.signum() < 0 => "-",
        _ if verb.plus => "+",
        _ if verb.space => " ",
        _ => "",
    };
    let places = verb.precision.unwrap_or(6);
    let body = match verb.letter {
        'f' => fixed(number, places),
        'e' => scientific(number, places),
        'E' => scientific(number, places).to_uppercase(),
        'g' => general(number, verb.precision),
        'G' => general(number, verb.precision).to_uppercase(),
        letter => whole(verb, letter, number)?,
    };
    // Digits that are asked for leave no room for zeros.
    let zero = verb.zero && (verb.precision.is_none() || matches!(verb.letter, 'e' | 'E' | 'f' | 'g' | 'G'));
    Ok(padded(&Verb { zero, ..copy(verb) }, sign, &body))
}

fn whole(verb: &Verb, letter: char, number: &Number) -> Result<String, String> {
    let (_, digits) = number.to_integer().ok_or("it must be a whole number")?.into_parts();
    let radix = match letter {
        'b' => 2,
        'o' => 8,
        'd' => 10,
        _ => 16,
    };
    let text = digits.in_radix(radix).to_string();
    let prefix = match letter {
        'x' if verb.sharp => "0x",
        'X' if verb.sharp => "0X",
        'o' if verb.sharp => "0",
        'b' if verb.sharp => "0b",
        _ => "",
    };
    let text = if letter == 'X' { text.to_uppercase() } else { text };
    let least = verb.precision.unwrap_or(0);
    Ok(format!("{prefix}{text:0>least$}"))
}

/// To the width: with zeros after the sign, or with spaces on one side.
fn padded(verb: &Verb, sign: &str, body: &str) -> String {
    let have = sign.len() + clusters(body).len();
    let missing = verb.width.saturating_sub(have);
    if verb.minus {
        format!("{sign}{body}{}", " ".repeat(missing))
    } else if verb.zero {
        format!("{sign}{}{body}", "0".repeat(missing))
    } else {
        format!("{}{sign}{body}", " ".repeat(missing))
    }
}
