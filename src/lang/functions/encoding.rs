//! JSON, base64 and URLs.

use std::borrow::Cow;
use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};

use super::{Answer, Call, Fail, Function, Returns, Ty, any, string};
use crate::lang::json;
use crate::lang::types::Type;
use crate::lang::value::{Kind, Value};

mod blocks;
mod deflate;
mod gzip;
mod huffman;

/// The bits that fill up the last character may be anything.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

const STRING: Returns = Returns::Is(Ty::String);

pub(super) const ALL: &[Function] = &[
    Function::new(
        "base64decode",
        &[string("str")],
        STRING,
        "The text that base64 encodes.",
        &[("base64decode(\"SGVsbG8gV29ybGQ=\")", "\"Hello World\"")],
        |it| {
            let bytes = base64_bytes(it.text(0)?).map_err(|why| Fail::Arg(0, why))?;
            let text = String::from_utf8(bytes);
            Ok(text.map_err(|_| Fail::Arg(0, "what it encodes is no UTF-8 text".to_owned()))?.into())
        },
    ),
    Function::new(
        "base64encode",
        &[string("str")],
        STRING,
        "A text in base64.",
        &[("base64encode(\"Hello World\")", "\"SGVsbG8gV29ybGQ=\"")],
        |it| Ok(to_base64(it.text(0)?.as_bytes()).into()),
    ),
    Function::new(
        "base64gzip",
        &[string("str")],
        STRING,
        "A text compressed with gzip, in base64.",
        &[(r#"base64gzip("a")"#, r#""H4sIAAAAAAAA/0oEAAAA//8BAAD//0O+t+gBAAAA""#)],
        |it| Ok(to_base64(&gzip::compressed(it.text(0)?.as_bytes())).into()),
    ),
    Function::new(
        "jsondecode",
        &[string("str")],
        Returns::By(|_| Type::Any),
        "The value that a JSON text holds.",
        &[(r#"jsondecode("{\"hello\": \"world\"}").hello"#, "\"world\"")],
        decode_json,
    ),
    Function::new(
        "jsonencode",
        &[any("val").nullable().perhaps()],
        STRING,
        "A value as JSON text.",
        &[(r#"jsonencode({ hello = "world" })"#, r#""{\"hello\":\"world\"}""#)],
        |it| Ok(json_text(it.value(0)?)),
    ),
    Function::new(
        "urlencode",
        &[string("str")],
        STRING,
        "A text as part of a URL's query.",
        &[("urlencode(\"Hello, world!\")", "\"Hello%2C+world%21\"")],
        |it| Ok(url_encode(it.text(0)?).into()),
    ),
];

pub(super) fn to_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// What base64 encodes; line ends in it mean nothing.
pub(super) fn base64_bytes(text: &str) -> Result<Vec<u8>, String> {
    LENIENT.decode(text.replace(['\n', '\r'], "")).map_err(|why| format!("it is not base64: {why}"))
}

fn decode_json(it: &Call) -> Answer {
    let text = with_pairs(it.text(0)?);
    let json = serde_json::from_str(&text).map_err(|why| Fail::Arg(0, format!("it is not JSON: {why}")))?;
    Value::from_json_implied(&json).map_err(|why| Fail::Arg(0, why.to_string()))
}

/// Halves of surrogate pairs alone mean a character that nobody knows.
fn with_pairs(text: &str) -> Cow<'_, str> {
    if !text.contains("\\u") {
        return text.into();
    }
    let code = |it: &str| {
        let digits = it.strip_prefix("\\u").and_then(|it| it.get(..4))?;
        u32::from_str_radix(digits, 16).ok()
    };
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = match (code(rest), rest.get(6..).and_then(code)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(0xd800..=0xdfff), _) => {
                out.push_str("\\ufffd");
                rest = &rest[6..];
                continue;
            }
            // The backslash and what it escapes.
            _ => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
        };
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    out.push_str(rest);
    out.into()
}

/// What is special in HTML is escaped, as Terraform has it, so that the text is the same.
pub(super) fn encode_json(value: &Value) -> String {
    json::escaped(&value.to_json().to_string())
}

fn url_encode(text: &str) -> String {
    let mut out = String::new();
    for it in text.bytes() {
        match it {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(it.into()),
            b' ' => out.push('+'),
            _ => {
                let _ = write!(out, "%{it:02X}");
            }
        }
    }
    out
}

/// While something in it is not known yet, its kind still says how the text starts.
fn json_text(it: &Value) -> Value {
    if it.wholly_known() {
        return encode_json(it).into();
    }
    let maybe_null = matches!(&it.kind, Kind::Unknown(it) if !it.not_null);
    Value::unknown_text(match it.ty() {
        _ if maybe_null => "",
        Type::Object(_) | Type::Map(_) => "{",
        Type::Tuple(_) | Type::List(_) | Type::Set(_) => "[",
        Type::String => "\"",
        _ => "",
    })
}
