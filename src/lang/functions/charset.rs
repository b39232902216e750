//! Texts in other encodings: `textencodebase64` and `textdecodebase64`.
//!
//! Names are those that IANA has registered, aliases too. Encodings of the web come from
//! `encoding_rs`; what the web does not use, such as UTF-16 to write and the code pages of DOS, is here.

use encoding_rs::{DecoderResult, Encoding};

use super::encoding::{base64_bytes, to_base64};
use super::{Answer, Call, Fail, Function, Returns, Ty, string};

mod names;
mod pages;

use names::registered;

const STRING: Returns = Returns::Is(Ty::String);

pub(super) const ALL: &[Function] = &[
    Function::new(
        "textdecodebase64",
        &[string("source"), string("encoding")],
        STRING,
        "The text that base64 holds in an encoding such as UTF-16LE.",
        &[(r#"textdecodebase64("SABlAGwAbABvAA==", "UTF-16LE")"#, r#""Hello""#)],
        decode,
    ),
    Function::new(
        "textencodebase64",
        &[string("string"), string("encoding")],
        STRING,
        "A text in an encoding such as UTF-16LE, as base64.",
        &[(r#"textencodebase64("Hello", "UTF-16LE")"#, r#""SABlAGwAbABvAA==""#)],
        encode,
    ),
];

/// How a text becomes bytes.
enum Charset {
    Ascii,
    Latin1,
    /// ISO-8859-9, of which the web knows only Windows' superset.
    Latin5,
    Utf16 {
        little: bool,
        mark: bool,
    },
    /// The upper half of a code page.
    Page(&'static str),
    /// GB 2312 in seven bits.
    Hz,
    Web(&'static Encoding),
}

fn charset(it: &Call) -> Result<Charset, Fail> {
    let name = it.text(1)?;
    let refuse = || {
        Fail::Arg(
            1,
            format!("{name:?} is no name of an encoding that IANA has registered, or none supported"),
        )
    };
    let canonical = registered(name).ok_or_else(refuse)?;
    Ok(match canonical {
        "US-ASCII" => Charset::Ascii,
        "ISO-8859-1" => Charset::Latin1,
        "ISO-8859-9" => Charset::Latin5,
        "UTF-16" => Charset::Utf16 { little: false, mark: true },
        "UTF-16BE" => Charset::Utf16 { little: false, mark: false },
        "UTF-16LE" => Charset::Utf16 { little: true, mark: false },
        "HZ-GB-2312" => Charset::Hz,
        _ => match pages::upper_half(canonical) {
            Some(page) => Charset::Page(page),
            None => Charset::Web(Encoding::for_label(canonical.as_bytes()).ok_or_else(refuse)?),
        },
    })
}

fn encode(it: &Call) -> Answer {
    let (text, charset) = (it.text(0)?, charset(it)?);
    let bytes = encoded(text, &charset).map_err(|lost| {
        Fail::Arg(0, format!("it holds {lost:?}, which the encoding {} does not have", name_of(it)))
    })?;
    Ok(to_base64(&bytes).into())
}

fn name_of(it: &Call) -> String {
    it.text(1).unwrap_or_default().to_owned()
}

/// The bytes, or the first character that has none.
fn encoded(text: &str, charset: &Charset) -> Result<Vec<u8>, char> {
    match charset {
        Charset::Utf16 { little, mark } => Ok(utf16(text, *little, *mark)),
        Charset::Web(encoding) => by_web(text, encoding),
        Charset::Hz => hz(text),
        _ => text.chars().map(|it| one_byte(it, charset).ok_or(it)).collect(),
    }
}

fn utf16(text: &str, little: bool, mark: bool) -> Vec<u8> {
    let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
    units.flat_map(|it| if little { it.to_le_bytes() } else { it.to_be_bytes() }).collect()
}

fn one_byte(it: char, charset: &Charset) -> Option<u8> {
    let code = u32::from(it);
    match charset {
        Charset::Ascii => u8::try_from(code).ok().filter(u8::is_ascii),
        Charset::Latin1 => u8::try_from(code).ok(),
        Charset::Latin5 => match LATIN5.iter().find(|pair| pair.1 == it) {
            Some(pair) => Some(pair.0),
            None => u8::try_from(code).ok().filter(|it| LATIN5.iter().all(|pair| pair.0 != *it)),
        },
        Charset::Page(_) if it.is_ascii() => u8::try_from(code).ok(),
        Charset::Page(page) => {
            page.chars().position(|one| one == it).and_then(|at| u8::try_from(at + 0x80).ok())
        }
        _ => None,
    }
}

/// Where ISO-8859-9 is not ISO-8859-1.
const LATIN5: [(u8, char); 6] =
    [(0xd0, 'Ğ'), (0xdd, 'İ'), (0xde, 'Ş'), (0xf0, 'ğ'), (0xfd, 'ı'), (0xfe, 'ş')];

fn by_web(text: &str, encoding: &'static Encoding) -> Result<Vec<u8>, char> {
    let (bytes, _, lost) = encoding.encode(text);
    if !lost {
        return Ok(bytes.into_owned());
    }
    let alone = |it: &char| encoding.encode(it.encode_utf8(&mut [0; 4])).2;
    Err(text.chars().find(alone).unwrap_or('\u{fffd}'))
}

fn hz(text: &str) -> Result<Vec<u8>, char> {
    let mut out = Vec::new();
    let mut shifted = false;
    for it in text.chars() {
        if shifted == it.is_ascii() {
            out.extend(if shifted { b"~}" } else { b"~{" });
            shifted = !shifted;
        }
        match it {
            '~' => out.extend(b"~~"),
            it if it.is_ascii() => out.push(it as u8),
            it => match *by_web(it.encode_utf8(&mut [0; 4]), encoding_rs::GBK)? {
                [high @ 0xa1..=0xff, low @ 0xa1..=0xff] => out.extend([high & 0x7f, low & 0x7f]),
                _ => return Err(it),
            },
        }
    }
    if shifted {
        out.extend(b"~}");
    }
    Ok(out)
}

fn decode(it: &Call) -> Answer {
    let charset = charset(it)?;
    let bytes = base64_bytes(it.text(0)?).map_err(|why| Fail::Arg(0, why))?;
    let text = decoded(&bytes, &charset);
    let refuse = || Fail::Arg(0, format!("what it holds is no text in the encoding {}", name_of(it)));
    Ok(text.filter(|it| !it.contains('\u{fffd}')).ok_or_else(refuse)?.into())
}

fn decoded(bytes: &[u8], charset: &Charset) -> Option<String> {
    match charset {
        Charset::Ascii => bytes.is_ascii().then(|| bytes.iter().map(|it| char::from(*it)).collect()),
        Charset::Latin1 => Some(bytes.iter().map(|it| char::from(*it)).collect()),
        Charset::Latin5 => {
            let one = |it: &u8| LATIN5.iter().find(|pair| pair.0 == *it).map_or(char::from(*it), |it| it.1);
            Some(bytes.iter().map(one).collect())
        }
        Charset::Utf16 { little, mark } => from_utf16(bytes, *little, *mark),
        Charset::Page(page) => bytes
            .iter()
            .map(|it| match it.checked_sub(0x80) {
                None => Some(char::from(*it)),
                Some(upper) => page.chars().nth(upper.into()),
            })
            .collect(),
        Charset::Hz => from_hz(bytes),
        Charset::Web(encoding) => from_web(bytes, encoding),
    }
}

fn from_utf16(bytes: &[u8], little: bool, mark: bool) -> Option<String> {
    let (bytes, little) = match bytes {
        [0xff, 0xfe, rest @ ..] if mark => (rest, true),
        [0xfe, 0xff, rest @ ..] if mark => (rest, false),
        _ => (bytes, little),
    };
    let (pairs, []) = bytes.as_chunks::<2>() else { return None };
    let unit = |it: &[u8; 2]| if little { u16::from_le_bytes(*it) } else { u16::from_be_bytes(*it) };
    char::decode_utf16(pairs.iter().map(unit)).collect::<Result<_, _>>().ok()
}

fn from_hz(bytes: &[u8]) -> Option<String> {
    let mut gbk = Vec::new();
    let mut rest = bytes;
    let mut shifted = false;
    loop {
        rest = match rest {
            [] => return from_web(&gbk, encoding_rs::GBK),
            [b'~', b'{', rest @ ..] => {
                shifted = true;
                rest
            }
            [b'~', b'}', rest @ ..] => {
                shifted = false;
                rest
            }
            [b'~', b'~', rest @ ..] if !shifted => {
                gbk.push(b'~');
                rest
            }
            [b'~', b'\n', rest @ ..] => rest,
            [b'~', ..] if !shifted => return None,
            [high, low, rest @ ..] if shifted => {
                gbk.extend([high | 0x80, low | 0x80]);
                rest
            }
            [one, rest @ ..] if !shifted && one.is_ascii() => {
                gbk.push(*one);
                rest
            }
            _ => return None,
        }
    }
}

fn from_web(bytes: &[u8], encoding: &'static Encoding) -> Option<String> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut out = String::with_capacity(decoder.max_utf8_buffer_length_without_replacement(bytes.len())?);
    let (result, _) = decoder.decode_to_string_without_replacement(bytes, &mut out, true);
    (result == DecoderResult::InputEmpty).then_some(out)
}
