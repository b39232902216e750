//! The encoding of keys and certificates: as much of DER as they need.

use crate::providers::{Error, Result};

pub const INTEGER: u8 = 0x02;
pub const BITS: u8 = 0x03;
pub const OCTETS: u8 = 0x04;
pub const OID: u8 = 0x06;
pub const UTF8: u8 = 0x0c;
pub const PRINTABLE: u8 = 0x13;
pub const IA5: u8 = 0x16;
pub const UTC_TIME: u8 = 0x17;
pub const TIME: u8 = 0x18;
pub const SEQUENCE: u8 = 0x30;
pub const SET: u8 = 0x31;

/// A value of any tag.
pub fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    if content.len() < 0x80 {
        out.push(content.len() as u8);
    } else {
        let length = content.len().to_be_bytes();
        let length = &length[length.iter().take_while(|it| **it == 0).count()..];
        out.push(0x80 | length.len() as u8);
        out.extend(length);
    }
    out.extend(content);
    out
}

pub fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(SEQUENCE, &parts.concat())
}

/// A number that is not negative, from its bytes.
pub fn integer(bytes: &[u8]) -> Vec<u8> {
    let bytes = &bytes[bytes.iter().take_while(|it| **it == 0).count()..];
    let sign: &[u8] = if bytes.first().is_none_or(|it| *it >= 0x80) { &[0] } else { &[] };
    tlv(INTEGER, &[sign, bytes].concat())
}

pub fn octets(bytes: &[u8]) -> Vec<u8> {
    tlv(OCTETS, bytes)
}

/// A string of whole bytes of bits.
pub fn bits(bytes: &[u8]) -> Vec<u8> {
    tlv(BITS, &[&[0], bytes].concat())
}

pub fn boolean(it: bool) -> Vec<u8> {
    tlv(0x01, &[if it { 0xff } else { 0 }])
}

pub fn null() -> Vec<u8> {
    vec![0x05, 0]
}

/// An object identifier written `1.2.840.113549`.
pub fn oid(text: &str) -> Vec<u8> {
    let parts: Vec<u64> = text.split('.').filter_map(|it| it.parse().ok()).collect();
    let (first, rest) = match parts.as_slice() {
        [a, b, rest @ ..] => (a * 40 + b, rest),
        _ => (0, &[][..]),
    };
    let mut out = Vec::new();
    for part in std::iter::once(&first).chain(rest) {
        let mut groups = vec![(part & 0x7f) as u8];
        let mut left = part >> 7;
        while left > 0 {
            groups.push((left & 0x7f) as u8 | 0x80);
            left >>= 7;
        }
        out.extend(groups.iter().rev());
    }
    tlv(OID, &out)
}

/// An object identifier's text.
pub fn oid_text(content: &[u8]) -> String {
    let mut parts: Vec<u64> = Vec::new();
    let mut part = 0_u64;
    for byte in content {
        part = part.wrapping_shl(7) | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            parts.push(part);
            part = 0;
        }
    }
    if let Some(first) = parts.first().copied() {
        let top = (first / 40).min(2);
        parts.splice(0..1, [top, first - top * 40]);
    }
    parts.iter().map(u64::to_string).collect::<Vec<_>>().join(".")
}

/// Reads values one after another.
#[derive(Clone, Copy)]
pub struct Reader<'a>(pub &'a [u8]);

/// One value: its tag, what it holds, and all of its bytes.
#[derive(Clone, Copy)]
pub struct Item<'a> {
    pub tag: u8,
    pub content: &'a [u8],
    pub whole: &'a [u8],
}

fn broken() -> Error {
    Error::Invalid("its encoding (DER) is broken".to_owned())
}

impl<'a> Reader<'a> {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn any(&mut self) -> Result<Item<'a>> {
        let [tag, first, ..] = *self.0 else { return Err(broken()) };
        let (length, head) = match first {
            0..=0x7f => (usize::from(first), 2),
            0x81..=0x84 => {
                let count = usize::from(first & 0x7f);
                let bytes = self.0.get(2..2 + count).ok_or_else(broken)?;
                (bytes.iter().fold(0, |it, byte| it << 8 | usize::from(*byte)), 2 + count)
            }
            _ => return Err(broken()),
        };
        let end = head + length;
        let whole = self.0.get(..end).ok_or_else(broken)?;
        self.0 = &self.0[end..];
        Ok(Item { tag, content: &whole[head..], whole })
    }

    pub fn take(&mut self, tag: u8) -> Result<Item<'a>> {
        let item = self.any()?;
        if item.tag == tag { Ok(item) } else { Err(broken()) }
    }

    /// The next value, if it has this tag.
    pub fn optional(&mut self, tag: u8) -> Result<Option<Item<'a>>> {
        if self.0.first() == Some(&tag) { self.any().map(Some) } else { Ok(None) }
    }

    pub fn inside(&mut self, tag: u8) -> Result<Reader<'a>> {
        Ok(Reader(self.take(tag)?.content))
    }

    /// The bytes of a string of bits.
    pub fn bits(&mut self) -> Result<&'a [u8]> {
        self.take(BITS)?.content.get(1..).ok_or_else(broken)
    }

    /// The bytes of a number, without those that are zero at its start.
    pub fn integer(&mut self) -> Result<&'a [u8]> {
        let content = self.take(INTEGER)?.content;
        Ok(&content[content.iter().take_while(|it| **it == 0).count()..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let long = vec![7; 300];
        let der = sequence(&[
            integer(&[0, 0x80]),
            integer(&[]),
            oid("1.2.840.113549.1.1.1"),
            octets(&long),
            bits(b"x"),
        ]);
        let mut inside = Reader(&der).inside(SEQUENCE).expect("a sequence");
        assert_eq!(inside.integer().expect("a number"), [0x80]);
        assert_eq!(inside.integer().expect("a number"), [0; 0]);
        assert_eq!(oid_text(inside.take(OID).expect("an oid").content), "1.2.840.113549.1.1.1");
        assert_eq!(inside.take(OCTETS).expect("octets").content, long);
        assert_eq!(inside.bits().expect("bits"), b"x");
        assert!(inside.is_empty() && inside.any().is_err());
        for broken in [&[0x30][..], &[0x30, 5, 1], &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff], &[0x30, 0x88]] {
            assert!(Reader(broken).any().is_err());
        }
    }
}
