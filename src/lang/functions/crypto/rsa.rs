//! RSA private keys, to decrypt with. There is one use for this, on the user's own machine and for
//! what is his own: the timing that a server must not show does not matter here.

use dashu_int::UBig;
use dashu_int::fast_div::ConstDivisor;

use super::base64_bytes;

/// What decrypting takes.
pub(super) struct Key {
    modulus: UBig,
    exponent: UBig,
}

impl Key {
    /// From PEM: PKCS #1, PKCS #8, or as OpenSSH writes it.
    pub fn from_pem(text: &str) -> Result<Key, String> {
        let (label, body) = armored(text).ok_or("it is no key in PEM: -----BEGIN RSA PRIVATE KEY-----")?;
        if body.contains("ENCRYPTED") || label.contains("ENCRYPTED") {
            return Err("the key has a passphrase: give it without".to_owned());
        }
        let bytes = base64_bytes(&body.split_whitespace().collect::<String>())?;
        let key = match label {
            "RSA PRIVATE KEY" => pkcs1(&bytes),
            "PRIVATE KEY" => pkcs8(&bytes),
            "OPENSSH PRIVATE KEY" => openssh(&bytes),
            _ => return Err(format!("`{label}` is no RSA private key")),
        };
        key.ok_or_else(|| "it is no RSA private key, or a damaged one".to_owned())
    }

    /// What PKCS #1 v1.5 padding holds.
    pub fn decrypt(&self, secret: &[u8]) -> Option<Vec<u8>> {
        let secret = UBig::from_be_bytes(secret);
        if secret >= self.modulus || self.modulus < UBig::from(u64::MAX) {
            return None;
        }
        let ring = ConstDivisor::new(self.modulus.clone());
        let plain = ring.reduce(secret).pow(&self.exponent).residue().to_be_bytes();
        let size = self.modulus.to_be_bytes().len();
        // A zero byte comes first, and the number does not show it.
        let (&2, padded) = plain.split_first()? else { return None };
        let end = padded.iter().position(|it| *it == 0)?;
        (plain.len() + 1 == size && end >= 8).then(|| padded[end + 1..].to_vec())
    }
}

/// The label of a PEM block, and what stands inside it.
fn armored(text: &str) -> Option<(&str, &str)> {
    let (_, rest) = text.split_once("-----BEGIN ")?;
    let (label, rest) = rest.split_once("-----")?;
    let (body, rest) = rest.split_once("-----END ")?;
    rest.starts_with(label).then_some((label, body))
}

const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const SEQUENCE: u8 = 0x30;

/// The content of a DER element with that tag, and what follows it.
fn element(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (first, rest) = bytes.split_first()?;
    let (length, rest) = rest.split_first()?;
    let (length, rest) = match length {
        0..=0x7f => (usize::from(*length), rest),
        _ => {
            let (digits, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
            let length = UBig::from_be_bytes(digits);
            (usize::try_from(&length).ok()?, rest)
        }
    };
    (*first == tag).then(|| rest.split_at_checked(length)).flatten()
}

fn pkcs1(bytes: &[u8]) -> Option<Key> {
    let (inside, _) = element(bytes, SEQUENCE)?;
    let (_version, rest) = element(inside, INTEGER)?;
    let (modulus, rest) = element(rest, INTEGER)?;
    let (_public, rest) = element(rest, INTEGER)?;
    let (exponent, _) = element(rest, INTEGER)?;
    Some(Key { modulus: UBig::from_be_bytes(modulus), exponent: UBig::from_be_bytes(exponent) })
}

fn pkcs8(bytes: &[u8]) -> Option<Key> {
    let (inside, _) = element(bytes, SEQUENCE)?;
    let (_version, rest) = element(inside, INTEGER)?;
    let (_algorithm, rest) = element(rest, SEQUENCE)?;
    pkcs1(element(rest, OCTETS)?.0)
}

/// A text with its length before it, and what follows.
fn counted(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)
}

fn openssh(bytes: &[u8]) -> Option<Key> {
    let rest = bytes.strip_prefix(b"openssh-key-v1\0")?;
    let (cipher, rest) = counted(rest)?;
    let (_derivation, rest) = counted(rest)?;
    let (_options, rest) = counted(rest)?;
    let (_public, rest) = counted(rest.get(4..)?)?;
    let (private, _) = counted(rest)?;
    // Two equal numbers come first, to check a passphrase by.
    let (kind, rest) = counted(private.get(8..)?)?;
    if cipher != b"none" || kind != b"ssh-rsa" {
        return None;
    }
    let (modulus, rest) = counted(rest)?;
    let (_public, rest) = counted(rest)?;
    let (exponent, _) = counted(rest)?;
    Some(Key { modulus: UBig::from_be_bytes(modulus), exponent: UBig::from_be_bytes(exponent) })
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    /// Two primes a little below powers of two; as a key it would be a bad one.
    fn primes() -> (UBig, UBig) {
        ((UBig::ONE << 521) - UBig::ONE, (UBig::ONE << 607) - UBig::ONE)
    }

    fn der(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len()).unwrap().to_be_bytes();
        [&[tag, 0x82], length.as_slice(), content].concat()
    }

    fn number(it: &UBig) -> Vec<u8> {
        der(INTEGER, &[vec![0], it.to_be_bytes().to_vec()].concat())
    }

    struct Made {
        modulus: UBig,
        public: UBig,
        exponent: UBig,
    }

    fn made() -> Made {
        let (p, q) = primes();
        let order = (&p - UBig::ONE) * (&q - UBig::ONE);
        let public = UBig::from(65537u32);
        let ring = ConstDivisor::new(order);
        let exponent = ring.reduce(public.clone()).inv().unwrap().residue();
        Made { modulus: p * q, public, exponent }
    }

    fn pem(label: &str, bytes: &[u8]) -> String {
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(bytes))
    }

    fn encrypt(made: &Made, text: &str) -> Vec<u8> {
        let size = made.modulus.to_be_bytes().len();
        let padding = vec![7; size - 3 - text.len()];
        let plain = [&[0, 2], padding.as_slice(), &[0], text.as_bytes()].concat();
        ConstDivisor::new(made.modulus.clone())
            .reduce(UBig::from_be_bytes(&plain))
            .pow(&made.public)
            .residue()
            .to_be_bytes()
            .to_vec()
    }

    fn first_form(made: &Made) -> Vec<u8> {
        let parts = [UBig::ZERO, made.modulus.clone(), made.public.clone(), made.exponent.clone()];
        der(SEQUENCE, &parts.iter().flat_map(number).collect::<Vec<u8>>())
    }

    #[test]
    fn decrypts_with_keys_of_each_form() {
        let made = made();
        let first = first_form(&made);
        let second = [number(&UBig::ZERO), der(SEQUENCE, &[]), der(OCTETS, &first)].concat();
        let text = |it: &[u8]| [u32::try_from(it.len()).unwrap().to_be_bytes().as_slice(), it].concat();
        let private = [
            vec![1; 8],
            text(b"ssh-rsa"),
            text(&made.modulus.to_be_bytes()),
            text(&made.public.to_be_bytes()),
            text(&made.exponent.to_be_bytes()),
        ];
        let openssh = [
            b"openssh-key-v1\0".to_vec(),
            text(b"none"),
            text(b"none"),
            text(b""),
            vec![0, 0, 0, 1],
            text(b"public"),
            text(&private.concat()),
        ];
        let keys = [
            pem("RSA PRIVATE KEY", &first),
            pem("PRIVATE KEY", &der(SEQUENCE, &second)),
            pem("OPENSSH PRIVATE KEY", &openssh.concat()),
        ];
        for key in keys {
            let key = Key::from_pem(&key).unwrap();
            assert_eq!(key.decrypt(&encrypt(&made, "hello")).as_deref(), Some(b"hello".as_slice()));
            assert_eq!(key.decrypt(&encrypt(&made, "hello")[1..]), None);
        }
    }

    #[test]
    fn refuses_what_is_no_key() {
        let refused = |it: &str| Key::from_pem(it).err().unwrap();
        assert!(refused("key").contains("PEM"));
        assert!(refused(&pem("EC PRIVATE KEY", &[])).contains("EC PRIVATE KEY"));
        assert!(refused(&pem("RSA PRIVATE KEY", &[0x30, 0x84, 0xff])).contains("damaged"));
        assert!(refused(&pem("RSA PRIVATE KEY", b"Proc-Type: 4,ENCRYPTED")).len() > 3);
    }
}
