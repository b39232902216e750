//! Keys from a passphrase: PBKDF2, with OpenTofu's defaults and limits.

use std::num::NonZeroU32;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use ring::{hmac, pbkdf2};
use serde_json::{Value as Json, json};

use super::cipher::{self, Key};
use super::{Problem, Result};

/// The shortest passphrase, in bytes.
pub(super) const SHORTEST: usize = 16;
/// The fewest rounds; and the most, beyond which a file asks for hours of work.
pub(super) const ITERATIONS: std::ops::RangeInclusive<u32> = FEWEST..=100_000_000;
#[cfg(not(test))]
const FEWEST: u32 = 200_000;
// Tests derive many keys, without the compiler's optimisation.
#[cfg(test)]
const FEWEST: u32 = 1_000;

/// `key_provider.pbkdf2.NAME`.
pub(super) struct Passphrase {
    pub text: String,
    pub key_length: usize,
    pub iterations: u32,
    pub salt_length: usize,
    pub hash: Hash,
}

// The text is shown nowhere.
impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passphrase")
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hash {
    Sha256,
    Sha512,
}

impl Hash {
    pub fn parse(text: &str) -> Option<Hash> {
        match text {
            "sha256" => Some(Hash::Sha256),
            "sha512" => Some(Hash::Sha512),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Hash::Sha256 => "sha256",
            Hash::Sha512 => "sha512",
        }
    }

    fn algorithm(self) -> pbkdf2::Algorithm {
        match self {
            Hash::Sha256 => pbkdf2::PBKDF2_HMAC_SHA256,
            Hash::Sha512 => pbkdf2::PBKDF2_HMAC_SHA512,
        }
    }
}

/// By which a wrong passphrase is told from a changed file. OpenTofu overlooks it.
const CHECK: &str = "key_check";

/// Whether an envelope speaks of a passphrase.
pub(super) fn fits(meta: &Json) -> bool {
    meta.get("salt").is_some() && meta.get("iterations").is_some()
}

impl Passphrase {
    /// A new key, and how to get it again.
    pub fn make(&self) -> Result<(Key, Json)> {
        let salt = cipher::random(self.salt_length)?;
        let key = self.derive(&salt, self.iterations, self.key_length, self.hash)?;
        let meta = json!({
            "salt": BASE64.encode(&salt),
            "iterations": self.iterations,
            "hash_function": self.hash.name(),
            "key_length": self.key_length,
            CHECK: check(&key),
        });
        Ok((Key::new(&key)?, meta))
    }

    /// The key that an envelope tells of.
    pub fn again(&self, meta: &Json) -> Result<Key> {
        let number = |name: &str| meta.get(name).and_then(Json::as_u64).and_then(|it| u32::try_from(it).ok());
        let text = |name: &str| meta.get(name).and_then(Json::as_str);
        let broken = |name: &str| Problem::Broken(format!("its `{name}` cannot be read"));
        let salt = text("salt").and_then(|it| BASE64.decode(it).ok()).ok_or_else(|| broken("salt"))?;
        let rounds = number("iterations").filter(|it| (1..=*ITERATIONS.end()).contains(it));
        let rounds = rounds.ok_or_else(|| broken("iterations"))?;
        let length = number("key_length").filter(|it| matches!(it, 16 | 24 | 32));
        let length = length.ok_or_else(|| broken("key_length"))?;
        let hash = text("hash_function").and_then(Hash::parse).ok_or_else(|| broken("hash_function"))?;
        let key = self.derive(&salt, rounds, length as usize, hash)?;
        match text(CHECK) {
            Some(it) if it != check(&key) => Err(Problem::WrongPassphrase),
            // Without the check, a wrong passphrase looks like a changed file.
            _ => Key::new(&key),
        }
    }

    fn derive(&self, salt: &[u8], rounds: u32, length: usize, hash: Hash) -> Result<Vec<u8>> {
        let rounds = NonZeroU32::new(rounds).ok_or(Problem::Broken("no iterations".to_owned()))?;
        let mut out = vec![0; length];
        pbkdf2::derive(hash.algorithm(), rounds, salt, self.text.as_bytes(), &mut out);
        Ok(out)
    }
}

/// Says which key it is, and nothing about it.
fn check(key: &[u8]) -> String {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), b"infra key check");
    BASE64.encode(tag.as_ref().get(..8).unwrap_or_default())
}
