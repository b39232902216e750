//! Keys as OpenSSH writes them.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use sha2::Digest;

use super::key::{Curve, PrivateKey, inverse};
use super::pem;
use crate::providers::random::fill;
use crate::providers::{Error, Result};

const MAGIC: &[u8] = b"openssh-key-v1\0";

/// Bytes after their number.
fn string(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u32).to_be_bytes(), bytes].concat()
}

/// A number that is not negative.
fn number(bytes: &[u8]) -> Vec<u8> {
    let bytes = &bytes[bytes.iter().take_while(|it| **it == 0).count()..];
    let sign: &[u8] = if bytes.first().is_some_and(|it| *it >= 0x80) { &[0] } else { &[] };
    string(&[sign, bytes].concat())
}

fn curve_name(curve: Curve) -> &'static str {
    match curve {
        Curve::P256 => "nistp256",
        Curve::P384 => "nistp384",
        Curve::P521 => "nistp521",
    }
}

fn kind(key: &PrivateKey) -> String {
    match key {
        PrivateKey::Rsa(_) => "ssh-rsa".to_owned(),
        PrivateKey::Ec(it) => format!("ecdsa-sha2-{}", curve_name(it.curve)),
        PrivateKey::Ed25519(_) => "ssh-ed25519".to_owned(),
    }
}

/// The public key.
pub fn blob(key: &PrivateKey) -> Vec<u8> {
    let rest = match key {
        PrivateKey::Rsa(it) => [number(&it.e.to_be_bytes()), number(&it.n.to_be_bytes())].concat(),
        PrivateKey::Ec(it) => [string(curve_name(it.curve).as_bytes()), string(&it.point)].concat(),
        PrivateKey::Ed25519(it) => string(&it.verifying_key().to_bytes()),
    };
    [string(kind(key).as_bytes()), rest].concat()
}

/// The line of the file `authorized_keys`.
pub fn public(key: &PrivateKey) -> String {
    format!("{} {}\n", kind(key), STANDARD.encode(blob(key)))
}

pub fn fingerprint_md5(key: &PrivateKey) -> String {
    let hash = md5::Md5::digest(blob(key));
    hash.iter().map(|it| format!("{it:02x}")).collect::<Vec<_>>().join(":")
}

pub fn fingerprint_sha256(key: &PrivateKey) -> String {
    format!("SHA256:{}", STANDARD_NO_PAD.encode(sha2::Sha256::digest(blob(key))))
}

/// The private key, not encrypted.
pub fn private(key: &PrivateKey) -> Result<String> {
    let mut check = [0; 4];
    fill(&mut check)?;
    let parts = match key {
        PrivateKey::Rsa(it) => {
            let back = inverse(&it.q, &it.p).unwrap_or_default();
            [&it.n, &it.e, &it.d, &back, &it.p, &it.q].map(|it| number(&it.to_be_bytes())).concat()
        }
        PrivateKey::Ec(it) => {
            [string(curve_name(it.curve).as_bytes()), string(&it.point), number(&it.scalar)].concat()
        }
        PrivateKey::Ed25519(it) => {
            let public = it.verifying_key().to_bytes();
            [string(&public), string(&[it.to_bytes(), public].concat())].concat()
        }
    };
    let comment = string(b"");
    let mut inner = [&check[..], &check, &string(kind(key).as_bytes()), &parts, &comment].concat();
    for pad in 1..=(8 - inner.len() % 8) % 8 {
        inner.push(pad as u8);
    }
    let head = [MAGIC, &string(b"none"), &string(b"none"), &string(b""), &1_u32.to_be_bytes()].concat();
    let all = [head, string(&blob(key)), string(&inner)].concat();
    Ok(pem::encode("OPENSSH PRIVATE KEY", &all))
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        let broken = || Error::Invalid("the OpenSSH key ends too early".to_owned());
        let (taken, rest) = self.0.split_at_checked(count).ok_or_else(broken)?;
        self.0 = rest;
        Ok(taken)
    }
    fn string(&mut self) -> Result<&'a [u8]> {
        let length = self.take(4)?.iter().fold(0, |it, byte| it << 8 | usize::from(*byte));
        self.take(length)
    }
}

/// Reads a private key that is not encrypted.
pub fn parse(text: &str) -> Result<PrivateKey> {
    let bytes = pem::decode_as("OPENSSH PRIVATE KEY", text)?;
    let mut outer = Reader(&bytes);
    if outer.take(MAGIC.len())? != MAGIC {
        return Err(Error::Invalid("it is no OpenSSH key".to_owned()));
    }
    if outer.string()? != b"none" {
        return Err(Error::Invalid("the OpenSSH key is encrypted".to_owned()));
    }
    outer.string()?;
    outer.string()?;
    outer.take(4)?;
    outer.string()?;
    let mut it = Reader(outer.string()?);
    it.take(8)?;
    match it.string()? {
        b"ssh-rsa" => {
            let [n, e, d] = [it.string()?, it.string()?, it.string()?];
            it.string()?;
            PrivateKey::rsa(n, e, d, it.string()?, it.string()?)
        }
        b"ssh-ed25519" => {
            it.string()?;
            PrivateKey::ed25519(it.string()?.get(..32).unwrap_or_default())
        }
        kind if kind.starts_with(b"ecdsa-sha2-") => {
            let name = it.string()?;
            let all = [Curve::P256, Curve::P384, Curve::P521];
            let curve = all.into_iter().find(|it| curve_name(*it).as_bytes() == name);
            let curve = curve.ok_or_else(|| Error::Invalid("its curve is not supported".to_owned()))?;
            it.string()?;
            PrivateKey::ec(curve, it.string()?)
        }
        _ => Err(Error::Invalid("keys of its algorithm are not supported".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for (algorithm, curve) in [("RSA", ""), ("ECDSA", "P256"), ("ECDSA", "P521"), ("ED25519", "")] {
            let key = PrivateKey::generate(algorithm, 1024, curve).expect("a key");
            let back = parse(&private(&key).expect("written")).expect("read");
            assert_eq!(back.pem(), key.pem(), "{algorithm} {curve}");
            assert!(fingerprint_sha256(&key).starts_with("SHA256:"));
            assert_eq!(fingerprint_md5(&key).len(), 47);
        }
    }
}
