//! Certificates and requests: written, signed and read.

use std::net::IpAddr;

use ::time::{Date, Month, OffsetDateTime, Time};
use sha1::Digest;

use super::der::{self, Reader};
use super::key::{ED25519_OID, PrivateKey, signature_algorithm};
use crate::providers::random::fill;
use crate::providers::{Error, Result};

const SUBJECT_KEY: &str = "2.5.29.14";
const KEY_USAGE: &str = "2.5.29.15";
const NAMES: &str = "2.5.29.17";
const BASIC: &str = "2.5.29.19";
const AUTHORITY_KEY: &str = "2.5.29.35";
const EXTENDED: &str = "2.5.29.37";
const REQUESTED: &str = "1.2.840.113549.1.9.14";

/// Uses of a key, by the number of their bit.
const USES: [(&str, usize); 9] = [
    ("digital_signature", 0),
    ("content_commitment", 1),
    ("key_encipherment", 2),
    ("data_encipherment", 3),
    ("key_agreement", 4),
    ("cert_signing", 5),
    ("crl_signing", 6),
    ("encipher_only", 7),
    ("decipher_only", 8),
];

/// Further uses of a key.
const EXTENDED_USES: [(&str, &str); 14] = [
    ("any_extended", "2.5.29.37.0"),
    ("server_auth", "1.3.6.1.5.5.7.3.1"),
    ("client_auth", "1.3.6.1.5.5.7.3.2"),
    ("code_signing", "1.3.6.1.5.5.7.3.3"),
    ("email_protection", "1.3.6.1.5.5.7.3.4"),
    ("ipsec_end_system", "1.3.6.1.5.5.7.3.5"),
    ("ipsec_tunnel", "1.3.6.1.5.5.7.3.6"),
    ("ipsec_user", "1.3.6.1.5.5.7.3.7"),
    ("timestamping", "1.3.6.1.5.5.7.3.8"),
    ("ocsp_signing", "1.3.6.1.5.5.7.3.9"),
    ("microsoft_server_gated_crypto", "1.3.6.1.4.1.311.10.3.3"),
    ("netscape_server_gated_crypto", "2.16.840.1.113730.4.1"),
    ("microsoft_commercial_code_signing", "1.3.6.1.4.1.311.2.1.22"),
    ("microsoft_kernel_code_signing", "1.3.6.1.4.1.311.61.1.1"),
];

/// The names of all uses.
pub fn use_names() -> impl Iterator<Item = &'static str> {
    USES.iter().map(|it| it.0).chain(EXTENDED_USES.iter().map(|it| it.0))
}

/// The other names of a subject; `None` where there is none.
pub fn names(dns: &[String], ips: &[String], uris: &[String]) -> Result<Option<Vec<u8>>> {
    let mut parts: Vec<Vec<u8>> = dns.iter().map(|it| der::tlv(0x82, it.as_bytes())).collect();
    for it in ips {
        let ip: IpAddr = it.parse().map_err(|_| Error::Invalid(format!("`{it}` is no IP address")))?;
        parts.push(match ip {
            IpAddr::V4(ip) => der::tlv(0x87, &ip.octets()),
            IpAddr::V6(ip) => der::tlv(0x87, &ip.octets()),
        });
    }
    parts.extend(uris.iter().map(|it| der::tlv(0x86, it.as_bytes())));
    Ok((!parts.is_empty()).then(|| der::sequence(&parts)))
}

fn extension(oid: &str, critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if critical { der::boolean(true) } else { Vec::new() };
    der::sequence(&[der::oid(oid), critical, der::octets(value)])
}

/// Without any part.
fn is_empty(name: &[u8]) -> bool {
    name.len() <= 2
}

/// What is to be signed.
pub struct Wanted<'a> {
    pub subject: &'a [u8],
    pub issuer: &'a [u8],
    /// The public key.
    pub public: &'a [u8],
    pub names: Option<Vec<u8>>,
    pub uses: &'a [String],
    pub hours: i64,
    pub is_ca: bool,
    pub with_key_id: bool,
    /// The key id of the issuer, where it is to be said.
    pub authority: Option<Vec<u8>>,
}

/// What was signed.
pub struct Signed {
    pub der: Vec<u8>,
    pub serial: Vec<u8>,
    pub start: OffsetDateTime,
    pub end: OffsetDateTime,
}

impl Wanted<'_> {
    pub fn sign(&self, key: &PrivateKey) -> Result<Signed> {
        if self.is_ca && is_empty(self.subject) {
            return Err(Error::Invalid("a certificate authority needs a `subject`".to_owned()));
        }
        let mut serial = vec![0; 16];
        fill(&mut serial)?;
        let now = OffsetDateTime::now_utc();
        let start = now.replace_nanosecond(0).unwrap_or(now);
        let length = self.hours.checked_mul(3600).map(::time::Duration::seconds);
        let end = length.and_then(|it| start.checked_add(it));
        let end = end.ok_or_else(|| Error::Invalid("it would be valid beyond the year 9999".to_owned()))?;
        let algorithm = signature_algorithm(key)?;
        let body = der::sequence(&[
            der::tlv(0xa0, &der::integer(&[2])),
            der::integer(&serial),
            algorithm.clone(),
            self.issuer.to_vec(),
            der::sequence(&[time(start), time(end)]),
            self.subject.to_vec(),
            self.public.to_vec(),
            der::tlv(0xa3, &der::sequence(&self.extensions()?)),
        ]);
        let signature = key.sign(&body)?.1;
        let der = der::sequence(&[body, algorithm, der::bits(&signature)]);
        Ok(Signed { der, serial, start, end })
    }

    fn extensions(&self) -> Result<Vec<Vec<u8>>> {
        let mut out = Vec::new();
        let said = |name: &str| self.uses.iter().any(|it| it == name);
        let bits: Vec<usize> = USES.iter().filter(|it| said(it.0)).map(|it| it.1).collect();
        if let Some(last) = bits.iter().max() {
            let mut bytes = vec![0_u8; last / 8 + 1];
            bits.iter().for_each(|it| bytes[it / 8] |= 0x80 >> (it % 8));
            let unused = (7 - last % 8) as u8;
            out.push(extension(KEY_USAGE, true, &der::tlv(der::BITS, &[&[unused][..], &bytes].concat())));
        }
        let further = self.uses.iter().filter_map(|it| EXTENDED_USES.iter().find(|known| known.0 == it));
        let further: Vec<_> = further.map(|it| der::oid(it.1)).collect();
        if !further.is_empty() {
            out.push(extension(EXTENDED, false, &der::sequence(&further)));
        }
        let ca = if self.is_ca { vec![der::boolean(true)] } else { Vec::new() };
        out.push(extension(BASIC, true, &der::sequence(&ca)));
        if self.is_ca || self.with_key_id {
            out.push(extension(SUBJECT_KEY, false, &der::octets(&key_id(self.public)?)));
        }
        if let Some(id) = &self.authority {
            out.push(extension(AUTHORITY_KEY, false, &der::sequence(&[der::tlv(0x80, id)])));
        }
        if let Some(names) = &self.names {
            out.push(extension(NAMES, is_empty(self.subject), names));
        }
        Ok(out)
    }
}

/// The hash of a public key by which a certificate names it.
pub fn key_id(public: &[u8]) -> Result<Vec<u8>> {
    let mut it = Reader(public).inside(der::SEQUENCE)?;
    let algorithm = der::oid_text(it.inside(der::SEQUENCE)?.take(der::OID)?.content);
    let bits = it.bits()?;
    // As the provider does it: of an Ed25519 key the encoded bytes.
    let hashed = if algorithm == ED25519_OID { der::octets(bits) } else { bits.to_vec() };
    Ok(sha1::Sha1::digest(hashed).to_vec())
}

fn time(it: OffsetDateTime) -> Vec<u8> {
    let (year, month) = (it.year(), u8::from(it.month()));
    let rest = format!("{month:02}{:02}{:02}{:02}{:02}Z", it.day(), it.hour(), it.minute(), it.second());
    match year {
        1950..2050 => der::tlv(der::UTC_TIME, format!("{:02}{rest}", year % 100).as_bytes()),
        _ => der::tlv(der::TIME, format!("{year:04}{rest}").as_bytes()),
    }
}

fn moment(it: der::Item<'_>) -> Result<OffsetDateTime> {
    let wrong = || Error::Invalid("a moment in the certificate cannot be read".to_owned());
    let text = std::str::from_utf8(it.content).ok().and_then(|it| it.strip_suffix('Z')).ok_or_else(wrong)?;
    let digits = if it.tag == der::TIME { 4 } else { 2 };
    let number = |from: usize, to: usize| text.get(from..to).and_then(|it| it.parse::<u16>().ok());
    let two = |at: usize| number(digits + at, digits + at + 2).and_then(|it| u8::try_from(it).ok());
    let read = || {
        let year = i32::from(number(0, digits)?);
        let year = match digits {
            4 => year,
            _ if year < 50 => 2000 + year,
            _ => 1900 + year,
        };
        let date = Date::from_calendar_date(year, Month::try_from(two(0)?).ok()?, two(2)?).ok()?;
        let time = Time::from_hms(two(4)?, two(6)?, two(8).unwrap_or_default()).ok()?;
        Some(date.with_time(time).assume_utc())
    };
    read().ok_or_else(wrong)
}

/// A request for a certificate.
pub fn request(subject: &[u8], names: Option<&[u8]>, key: &PrivateKey) -> Result<Vec<u8>> {
    let asked = names.map(|names| {
        let all = der::sequence(&[extension(NAMES, is_empty(subject), names)]);
        der::sequence(&[der::oid(REQUESTED), der::tlv(der::SET, &all)])
    });
    let body = der::sequence(&[
        der::integer(&[]),
        subject.to_vec(),
        key.public(),
        der::tlv(0xa0, &asked.unwrap_or_default()),
    ]);
    let (algorithm, signature) = key.sign(&body)?;
    Ok(der::sequence(&[body, algorithm, der::bits(&signature)]))
}

/// What a request asks for.
pub struct Request {
    pub subject: Vec<u8>,
    pub public: Vec<u8>,
    pub names: Option<Vec<u8>>,
}

impl Request {
    pub fn parse(bytes: &[u8]) -> Result<Request> {
        let mut it = Reader(bytes).inside(der::SEQUENCE)?.inside(der::SEQUENCE)?;
        it.integer()?;
        let (subject, public) =
            (it.take(der::SEQUENCE)?.whole.to_vec(), it.take(der::SEQUENCE)?.whole.to_vec());
        let mut names = None;
        if let Some(attributes) = it.optional(0xa0)? {
            let mut all = Reader(attributes.content);
            while !all.is_empty() {
                let mut one = all.inside(der::SEQUENCE)?;
                if der::oid_text(one.take(der::OID)?.content) == REQUESTED {
                    names = find(one.inside(der::SET)?.inside(der::SEQUENCE)?, NAMES)?.map(<[u8]>::to_vec);
                }
            }
        }
        Ok(Request { subject, public, names })
    }
}

/// The value of an extension.
fn find<'a>(mut all: Reader<'a>, oid: &str) -> Result<Option<&'a [u8]>> {
    while !all.is_empty() {
        let mut one = all.inside(der::SEQUENCE)?;
        let found = der::oid_text(one.take(der::OID)?.content);
        one.optional(0x01)?;
        let value = one.take(der::OCTETS)?.content;
        if found == oid {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

/// What a certificate says.
pub struct Certificate {
    pub der: Vec<u8>,
    pub version: i64,
    pub serial: Vec<u8>,
    pub signature_oid: String,
    pub issuer: Vec<u8>,
    pub subject: Vec<u8>,
    pub start: OffsetDateTime,
    pub end: OffsetDateTime,
    pub key_oid: String,
    pub is_ca: bool,
    pub key_id: Option<Vec<u8>>,
}

impl Certificate {
    pub fn parse(bytes: &[u8]) -> Result<Certificate> {
        let outer = Reader(bytes).take(der::SEQUENCE)?;
        let mut it = Reader(outer.content).inside(der::SEQUENCE)?;
        let version = match it.optional(0xa0)? {
            Some(version) => {
                Reader(version.content).integer()?.last().copied().map_or(1, |it| i64::from(it) + 1)
            }
            None => 1,
        };
        let serial = it.integer()?.to_vec();
        let signature_oid = der::oid_text(it.inside(der::SEQUENCE)?.take(der::OID)?.content);
        let issuer = it.take(der::SEQUENCE)?.whole.to_vec();
        let mut validity = it.inside(der::SEQUENCE)?;
        let (start, end) = (moment(validity.any()?)?, moment(validity.any()?)?);
        let subject = it.take(der::SEQUENCE)?.whole.to_vec();
        let mut public = it.inside(der::SEQUENCE)?;
        let key_oid = der::oid_text(public.inside(der::SEQUENCE)?.take(der::OID)?.content);
        it.optional(0x81)?;
        it.optional(0x82)?;
        let extensions = match it.optional(0xa3)? {
            Some(all) => Reader(all.content).inside(der::SEQUENCE)?,
            None => Reader(&[]),
        };
        let is_ca = match find(extensions, BASIC)? {
            Some(value) => {
                Reader(value).inside(der::SEQUENCE)?.optional(0x01)?.is_some_and(|it| it.content != [0])
            }
            None => false,
        };
        let key_id = match find(extensions, SUBJECT_KEY)? {
            Some(value) => Some(Reader(value).take(der::OCTETS)?.content.to_vec()),
            None => None,
        };
        let der = outer.whole.to_vec();
        Ok(Certificate {
            der,
            version,
            serial,
            signature_oid,
            issuer,
            subject,
            start,
            end,
            key_oid,
            is_ca,
            key_id,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::tls::name::{self, Subject};

    #[test]
    fn what_is_signed_can_be_read() {
        let key = PrivateKey::generate("ECDSA", 0, "P256").expect("a key");
        let subject = name::encode(&[Subject { common_name: Some("ca".into()), ..Subject::default() }]);
        let wanted = Wanted {
            subject: &subject,
            issuer: &subject,
            public: &key.public(),
            names: names(&["a.example".into()], &["10.0.0.1".into(), "::1".into()], &[]).expect("names"),
            uses: &["cert_signing".into(), "server_auth".into(), "decipher_only".into()],
            hours: 24,
            is_ca: true,
            with_key_id: false,
            authority: None,
        };
        let signed = wanted.sign(&key).expect("signed");
        let back = Certificate::parse(&signed.der).expect("read");
        assert_eq!((back.version, back.is_ca, back.start, back.end), (3, true, signed.start, signed.end));
        assert_eq!(name::show(&back.subject).expect("shown"), "CN=ca");
        assert_eq!(back.key_id, key_id(&key.public()).ok());
        let far = Wanted { hours: 24 * 365 * 40, ..wanted }.sign(&key).expect("signed");
        assert_eq!(Certificate::parse(&far.der).expect("read").end, far.end);
        assert!(names(&[], &["x".into()], &[]).is_err());
    }

    #[test]
    fn requests_can_be_read() {
        let key = PrivateKey::generate("ED25519", 0, "").expect("a key");
        let asked = names(&["b.example".into()], &[], &["https://b.example/x".into()]).expect("names");
        let subject = name::encode(&[]);
        let back = Request::parse(&request(&subject, asked.as_deref(), &key).expect("made")).expect("read");
        assert_eq!((back.subject, back.public, back.names), (subject.clone(), key.public(), asked));
        let plain = Request::parse(&request(&subject, None, &key).expect("made")).expect("read");
        assert!(plain.names.is_none());
    }
}
