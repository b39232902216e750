//! JSON, base64 and URLs.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};

use super::{Answer, Call, Fail, Function, Known, Param, Returns, Ty, any, string};
use crate::lang::types::Type;
use crate::lang::value::Value;

mod gzip;

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
        |it| Ok(to_base64(&gzip::compressed(it.text(0)?.as_bytes())?).into()),
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
        &[Param { known: Known::Wholly, ..any("val").nullable() }],
        STRING,
        "A value as JSON text.",
        &[(r#"jsonencode({ hello = "world" })"#, r#""{\"hello\":\"world\"}""#)],
        |it| Ok(encode_json(it.value(0)?).into()),
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
    let json =
        serde_json::from_str(it.text(0)?).map_err(|why| Fail::Arg(0, format!("it is not JSON: {why}")))?;
    Value::from_json_implied(&json).map_err(|why| Fail::Arg(0, why.to_string()))
}

/// What is special in HTML is escaped, as Terraform has it, so that the text is the same.
pub(super) fn encode_json(value: &Value) -> String {
    let plain = value.to_json().to_string();
    let mut out = String::with_capacity(plain.len());
    for it in plain.chars() {
        match it {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(it));
            }
            _ => out.push(it),
        }
    }
    out
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
