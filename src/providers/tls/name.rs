//! Distinguished names.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::der::{self, Reader};
use crate::providers::{Result, hex};

/// Whom a certificate is for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// The common name: `CN`.
    pub common_name: Option<String>,
    /// The organization: `O`.
    pub organization: Option<String>,
    /// The part of the organization: `OU`.
    pub organizational_unit: Option<String>,
    /// The lines of the address: `STREET`.
    pub street_address: Option<Vec<String>>,
    /// The town: `L`.
    pub locality: Option<String>,
    /// The state or province: `ST`.
    pub province: Option<String>,
    /// The country, of two letters: `C`.
    pub country: Option<String>,
    /// The postal code: `PC`.
    pub postal_code: Option<String>,
    /// A serial number of the subject: `SERIALNUMBER`.
    pub serial_number: Option<String>,
    /// The e-mail address.
    pub email_address: Option<String>,
}

/// What parts of a name are called, in the order in which the provider writes them.
const KNOWN: [(&str, &str); 9] = [
    ("2.5.4.6", "C"),
    ("2.5.4.10", "O"),
    ("2.5.4.11", "OU"),
    ("2.5.4.7", "L"),
    ("2.5.4.8", "ST"),
    ("2.5.4.9", "STREET"),
    ("2.5.4.17", "POSTALCODE"),
    ("2.5.4.3", "CN"),
    ("2.5.4.5", "SERIALNUMBER"),
];

const EMAIL: &str = "1.2.840.113549.1.9.1";

fn text(it: &str) -> Vec<u8> {
    let plain = |it: u8| it.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&it);
    let tag = if it.bytes().all(plain) { der::PRINTABLE } else { der::UTF8 };
    der::tlv(tag, it.as_bytes())
}

/// A name of none or one subject.
pub fn encode(subject: &[Subject]) -> Vec<u8> {
    let Some(it) = subject.first() else { return der::sequence(&[]) };
    let one = |it: &Option<String>| it.iter().cloned().collect::<Vec<_>>();
    let all = [
        one(&it.country),
        one(&it.organization),
        one(&it.organizational_unit),
        one(&it.locality),
        one(&it.province),
        it.street_address.clone().unwrap_or_default(),
        one(&it.postal_code),
        one(&it.common_name).into_iter().filter(|it| !it.is_empty()).collect(),
        one(&it.serial_number).into_iter().filter(|it| !it.is_empty()).collect(),
    ];
    let mut parts = Vec::new();
    for ((oid, _), values) in KNOWN.iter().zip(all).filter(|it| !it.1.is_empty()) {
        let mut values: Vec<_> = values.iter().map(|it| der::sequence(&[der::oid(oid), text(it)])).collect();
        values.sort();
        parts.push(der::tlv(der::SET, &values.concat()));
    }
    if let Some(email) = &it.email_address {
        let value = der::sequence(&[der::oid(EMAIL), der::tlv(der::IA5, email.as_bytes())]);
        parts.push(der::tlv(der::SET, &value));
    }
    der::sequence(&parts)
}

/// A name as text, the last part first: `CN=example.com,O=Acme`.
pub fn show(name: &[u8]) -> Result<String> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut parts = Reader(name).inside(der::SEQUENCE)?;
    while !parts.is_empty() {
        let mut set = parts.inside(der::SET)?;
        while !set.is_empty() {
            let mut pair = set.inside(der::SEQUENCE)?;
            let oid = der::oid_text(pair.take(der::OID)?.content);
            let value = pair.any()?;
            // What has no name of its own comes first, and so is shown last.
            found.push(match KNOWN.iter().position(|it| it.0 == oid) {
                Some(at) => {
                    let text = escaped(&String::from_utf8_lossy(value.content));
                    (at + 1, format!("{}={text}", KNOWN[at].1))
                }
                None => (0, format!("{oid}=#{}", hex(value.whole))),
            });
        }
    }
    found.sort_by_key(|it| it.0);
    let mut out: Vec<String> = Vec::new();
    let mut last = 0;
    for (rank, text) in found {
        match out.last_mut() {
            Some(before) if rank == last && rank > 0 => *before = format!("{before}+{text}"),
            _ => out.push(text),
        }
        last = rank;
    }
    out.reverse();
    Ok(out.join(","))
}

fn escaped(text: &str) -> String {
    let last = text.chars().count().saturating_sub(1);
    let mut out = String::new();
    for (at, it) in text.chars().enumerate() {
        let edge = it == ' ' && (at == 0 || at == last) || it == '#' && at == 0;
        if edge || matches!(it, ',' | '+' | '"' | '\\' | '<' | '>' | ';') {
            out.push('\\');
        }
        out.push(it);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shown_as_the_provider_shows_them() {
        let it = Subject {
            common_name: Some("a.example".into()),
            organization: Some("Acme, Inc".into()),
            country: Some("DE".into()),
            email_address: Some("a@b".into()),
            ..Subject::default()
        };
        let text = show(&encode(&[it])).expect("shown");
        assert_eq!(text, "CN=a.example,O=Acme\\, Inc,C=DE,1.2.840.113549.1.9.1=#1603614062");
        assert_eq!(show(&encode(&[])).expect("shown"), "");
    }
}
