//! Private keys of all algorithms: made, read, written and used.

use dashu_int::UBig;
use p256::elliptic_curve::rand_core;
use sha2::Digest;

use super::der::{self, Reader};
use super::pem;
use super::rsa::{self, Rsa};
use crate::providers::random::fill;
use crate::providers::{Error, Result};

pub const RSA_OID: &str = "1.2.840.113549.1.1.1";
pub const EC_OID: &str = "1.2.840.10045.2.1";
pub const ED25519_OID: &str = "1.3.101.112";

pub enum PrivateKey {
    Rsa(Box<Rsa>),
    Ec(Ec),
    Ed25519(Box<ed25519_dalek::SigningKey>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Curve {
    P256,
    P384,
    P521,
}

/// A key on a curve.
pub struct Ec {
    pub curve: Curve,
    /// As long as the curve's numbers are.
    pub scalar: Vec<u8>,
    /// Both coordinates of the public key, after a 4.
    pub point: Vec<u8>,
}

impl Curve {
    pub fn oid(self) -> &'static str {
        match self {
            Curve::P256 => "1.2.840.10045.3.1.7",
            Curve::P384 => "1.3.132.0.34",
            Curve::P521 => "1.3.132.0.35",
        }
    }

    fn of_oid(oid: &str) -> Result<Curve> {
        let all = [Curve::P256, Curve::P384, Curve::P521];
        let found = all.into_iter().find(|it| it.oid() == oid);
        found.ok_or_else(|| Error::Invalid("its curve is none of P256, P384, P521".to_owned()))
    }

    pub fn of_name(name: &str) -> Result<Curve> {
        match name {
            "P256" => Ok(Curve::P256),
            "P384" => Ok(Curve::P384),
            "P521" => Ok(Curve::P521),
            other => Err(Error::Invalid(format!(
                "the curve {other} is not supported yet: set `ecdsa_curve` to P256, P384 or P521"
            ))),
        }
    }

    fn length(self) -> usize {
        match self {
            Curve::P256 => 32,
            Curve::P384 => 48,
            Curve::P521 => 66,
        }
    }

    /// The public key of a number; `None` where that is zero or too large.
    fn point(self, scalar: &[u8]) -> Option<Vec<u8>> {
        Some(match self {
            Curve::P256 => {
                let key = p256::ecdsa::SigningKey::from_slice(scalar).ok()?;
                key.verifying_key().to_encoded_point(false).as_bytes().to_vec()
            }
            Curve::P384 => {
                let key = p384::ecdsa::SigningKey::from_slice(scalar).ok()?;
                key.verifying_key().to_encoded_point(false).as_bytes().to_vec()
            }
            Curve::P521 => {
                let key = p521::ecdsa::SigningKey::from_slice(scalar).ok()?;
                p521::ecdsa::VerifyingKey::from(&key).to_encoded_point(false).as_bytes().to_vec()
            }
        })
    }
}

impl Ec {
    fn of(curve: Curve, scalar: &[u8]) -> Option<Ec> {
        let length = curve.length();
        let bytes = &scalar[scalar.iter().take_while(|it| **it == 0).count()..];
        let scalar = [vec![0; length.checked_sub(bytes.len())?], bytes.to_vec()].concat();
        let point = curve.point(&scalar)?;
        Some(Ec { curve, scalar, point })
    }

    fn generate(curve: Curve) -> Result<Ec> {
        let mut scalar = vec![0; curve.length()];
        loop {
            fill(&mut scalar)?;
            if curve == Curve::P521 {
                scalar[0] &= 1;
            }
            if let Some(it) = Ec::of(curve, &scalar) {
                return Ok(it);
            }
        }
    }

    /// `with_curve`: whether it says which curve it is on.
    fn sec1(&self, with_curve: bool) -> Vec<u8> {
        let curve = if with_curve { der::tlv(0xa0, &der::oid(self.curve.oid())) } else { Vec::new() };
        let point = der::tlv(0xa1, &der::bits(&self.point));
        der::sequence(&[der::integer(&[1]), der::octets(&self.scalar), curve, point])
    }

    fn sign(&self, message: &[u8]) -> Result<(&'static str, Vec<u8>)> {
        use p256::ecdsa::signature::{RandomizedSigner, Signer};
        let wrong = |_| Error::Invalid("the key cannot sign".to_owned());
        Ok(match self.curve {
            Curve::P256 => {
                let key = p256::ecdsa::SigningKey::from_slice(&self.scalar).map_err(wrong)?;
                let signature: p256::ecdsa::Signature = key.try_sign(message).map_err(wrong)?;
                ("1.2.840.10045.4.3.2", signature.to_der().as_bytes().to_vec())
            }
            Curve::P384 => {
                let key = p384::ecdsa::SigningKey::from_slice(&self.scalar).map_err(wrong)?;
                let signature: p384::ecdsa::Signature = key.try_sign(message).map_err(wrong)?;
                ("1.2.840.10045.4.3.3", signature.to_der().as_bytes().to_vec())
            }
            Curve::P521 => {
                let key = p521::ecdsa::SigningKey::from_slice(&self.scalar).map_err(wrong)?;
                let mut chance = Chance::new()?;
                let signature: p521::ecdsa::Signature =
                    key.try_sign_with_rng(&mut chance, message).map_err(wrong)?;
                ("1.2.840.10045.4.3.4", signature.to_der().as_bytes().to_vec())
            }
        })
    }
}

/// Numbers by chance, from a secret of the system's source.
struct Chance {
    secret: [u8; 32],
    count: u64,
}

impl Chance {
    fn new() -> Result<Self> {
        let mut secret = [0; 32];
        fill(&mut secret)?;
        Ok(Chance { secret, count: 0 })
    }
}

impl rand_core::RngCore for Chance {
    fn next_u32(&mut self) -> u32 {
        rand_core::impls::next_u32_via_fill(self)
    }
    fn next_u64(&mut self) -> u64 {
        rand_core::impls::next_u64_via_fill(self)
    }
    fn fill_bytes(&mut self, to: &mut [u8]) {
        for part in to.chunks_mut(32) {
            self.count += 1;
            let hash = sha2::Sha256::new().chain_update(self.secret).chain_update(self.count.to_be_bytes());
            part.copy_from_slice(&hash.finalize()[..part.len()]);
        }
    }
    fn try_fill_bytes(&mut self, to: &mut [u8]) -> std::result::Result<(), rand_core::Error> {
        self.fill_bytes(to);
        Ok(())
    }
}

impl rand_core::CryptoRng for Chance {}

impl PrivateKey {
    pub fn generate(algorithm: &str, bits: i64, curve: &str) -> Result<PrivateKey> {
        match algorithm {
            "RSA" => Ok(PrivateKey::Rsa(Box::new(Rsa::generate(bits)?))),
            "ECDSA" => Ok(PrivateKey::Ec(Ec::generate(Curve::of_name(curve)?)?)),
            "ED25519" => {
                let mut seed = [0; 32];
                fill(&mut seed)?;
                Ok(PrivateKey::Ed25519(Box::new(ed25519_dalek::SigningKey::from_bytes(&seed))))
            }
            other => Err(Error::Invalid(format!("`{other}` is none of RSA, ECDSA, ED25519"))),
        }
    }

    pub fn algorithm(&self) -> &'static str {
        match self {
            PrivateKey::Rsa(_) => "RSA",
            PrivateKey::Ec(_) => "ECDSA",
            PrivateKey::Ed25519(_) => "ED25519",
        }
    }

    pub fn from_pem(text: &str) -> Result<PrivateKey> {
        let (label, der) = pem::decode(text)?;
        match label.as_str() {
            "RSA PRIVATE KEY" => pkcs1(&der),
            "EC PRIVATE KEY" => sec1(&der, None),
            "PRIVATE KEY" => pkcs8(&der),
            other => Err(Error::Invalid(format!("a private key is needed, and this is a `{other}`"))),
        }
    }

    /// From the parts that OpenSSH keeps.
    pub fn rsa(n: &[u8], e: &[u8], d: &[u8], p: &[u8], q: &[u8]) -> Result<PrivateKey> {
        let [n, e, d, p, q] = [n, e, d, p, q].map(UBig::from_be_bytes);
        if p <= UBig::ONE || q <= UBig::ONE || &p * &q != n {
            return Err(Error::Invalid("the parts of the RSA key do not fit together".to_owned()));
        }
        Ok(PrivateKey::Rsa(Box::new(Rsa { n, e, d, p, q })))
    }

    pub fn ec(curve: Curve, scalar: &[u8]) -> Result<PrivateKey> {
        let key = Ec::of(curve, scalar);
        key.map(PrivateKey::Ec).ok_or_else(|| Error::Invalid("its number is not of its curve".to_owned()))
    }

    pub fn ed25519(seed: &[u8]) -> Result<PrivateKey> {
        let seed = seed.try_into().map_err(|_| Error::Invalid("an Ed25519 key has 32 bytes".to_owned()))?;
        Ok(PrivateKey::Ed25519(Box::new(ed25519_dalek::SigningKey::from_bytes(seed))))
    }

    /// In the form of its algorithm.
    pub fn pem(&self) -> String {
        match self {
            PrivateKey::Rsa(it) => pem::encode("RSA PRIVATE KEY", &rsa_der(it)),
            PrivateKey::Ec(it) => pem::encode("EC PRIVATE KEY", &it.sec1(true)),
            PrivateKey::Ed25519(_) => self.pem_pkcs8(),
        }
    }

    pub fn pem_pkcs8(&self) -> String {
        let inner = match self {
            PrivateKey::Rsa(it) => rsa_der(it),
            PrivateKey::Ec(it) => it.sec1(false),
            PrivateKey::Ed25519(it) => der::octets(&it.to_bytes()),
        };
        let parts = [der::integer(&[]), self.algorithm_der(), der::octets(&inner)];
        pem::encode("PRIVATE KEY", &der::sequence(&parts))
    }

    fn algorithm_der(&self) -> Vec<u8> {
        match self {
            PrivateKey::Rsa(_) => der::sequence(&[der::oid(RSA_OID), der::null()]),
            PrivateKey::Ec(it) => der::sequence(&[der::oid(EC_OID), der::oid(it.curve.oid())]),
            PrivateKey::Ed25519(_) => der::sequence(&[der::oid(ED25519_OID)]),
        }
    }

    /// The public key, with its algorithm.
    pub fn public(&self) -> Vec<u8> {
        let bytes = match self {
            PrivateKey::Rsa(it) => {
                der::sequence(&[der::integer(&it.n.to_be_bytes()), der::integer(&it.e.to_be_bytes())])
            }
            PrivateKey::Ec(it) => it.point.clone(),
            PrivateKey::Ed25519(it) => it.verifying_key().to_bytes().to_vec(),
        };
        der::sequence(&[self.algorithm_der(), der::bits(&bytes)])
    }

    /// The algorithm of the signature, and the signature.
    pub fn sign(&self, message: &[u8]) -> Result<(Vec<u8>, Vec<u8>)> {
        Ok(match self {
            PrivateKey::Rsa(it) => {
                (der::sequence(&[der::oid("1.2.840.113549.1.1.11"), der::null()]), it.sign(message)?)
            }
            PrivateKey::Ec(it) => {
                let (oid, signature) = it.sign(message)?;
                (der::sequence(&[der::oid(oid)]), signature)
            }
            PrivateKey::Ed25519(it) => {
                use p256::ecdsa::signature::Signer;
                (self.algorithm_der(), it.sign(message).to_bytes().to_vec())
            }
        })
    }
}

/// The algorithm of the signature that a key makes: what stands in a certificate before it is signed.
pub fn signature_algorithm(key: &PrivateKey) -> Result<Vec<u8>> {
    Ok(key.sign(&[])?.0)
}

fn rsa_der(it: &Rsa) -> Vec<u8> {
    let [dp, dq, inverse] = it.helpers();
    let numbers = [&UBig::ZERO, &it.n, &it.e, &it.d, &it.p, &it.q, &dp, &dq, &inverse];
    der::sequence(&numbers.map(|it| der::integer(&it.to_be_bytes())))
}

fn pkcs1(bytes: &[u8]) -> Result<PrivateKey> {
    let mut it = Reader(bytes).inside(der::SEQUENCE)?;
    it.integer()?;
    let [n, e, d, p, q] = [it.integer()?, it.integer()?, it.integer()?, it.integer()?, it.integer()?];
    PrivateKey::rsa(n, e, d, p, q)
}

fn sec1(bytes: &[u8], curve: Option<Curve>) -> Result<PrivateKey> {
    let mut it = Reader(bytes).inside(der::SEQUENCE)?;
    it.integer()?;
    let scalar = it.take(der::OCTETS)?.content;
    let own = match it.optional(0xa0)? {
        Some(item) => Some(Curve::of_oid(&der::oid_text(Reader(item.content).take(der::OID)?.content))?),
        None => None,
    };
    let curve = own.or(curve).ok_or_else(|| Error::Invalid("it does not say its curve".to_owned()))?;
    PrivateKey::ec(curve, scalar)
}

fn pkcs8(bytes: &[u8]) -> Result<PrivateKey> {
    let mut it = Reader(bytes).inside(der::SEQUENCE)?;
    it.integer()?;
    let mut algorithm = it.inside(der::SEQUENCE)?;
    let inner = it.take(der::OCTETS)?.content;
    match der::oid_text(algorithm.take(der::OID)?.content).as_str() {
        RSA_OID => pkcs1(inner),
        EC_OID => sec1(inner, Some(Curve::of_oid(&der::oid_text(algorithm.take(der::OID)?.content))?)),
        ED25519_OID => PrivateKey::ed25519(Reader(inner).take(der::OCTETS)?.content),
        other => Err(Error::Invalid(format!("keys of the algorithm {other} are not supported"))),
    }
}

pub use rsa::inverse;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for (algorithm, curve) in
            [("RSA", ""), ("ECDSA", "P256"), ("ECDSA", "P384"), ("ECDSA", "P521"), ("ED25519", "")]
        {
            let key = PrivateKey::generate(algorithm, 1024, curve).expect("a key");
            for text in [key.pem(), key.pem_pkcs8()] {
                let back = PrivateKey::from_pem(&text).expect("read");
                assert_eq!((back.public(), back.pem()), (key.public(), key.pem()), "{algorithm} {curve}");
            }
            assert!(key.sign(b"x").is_ok());
        }
        assert!(PrivateKey::generate("ECDSA", 0, "P224").is_err_and(|it| it.to_string().contains("P256")));
        assert!(PrivateKey::from_pem("nothing").is_err());
    }
}
