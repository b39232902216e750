//! AES-GCM: the nonce, then what is encrypted, then the tag, as OpenTofu lays them out.

use ring::aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};

use super::{Problem, Result};

/// A key to encrypt with. What it is made of is never shown.
pub(super) struct Key {
    aes: LessSafeKey,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}

/// So many bytes that nobody can foresee.
pub(super) fn random(count: usize) -> Result<Vec<u8>> {
    let mut out = vec![0; count];
    SystemRandom::new().fill(&mut out).map_err(|_| Problem::NoRandom)?;
    Ok(out)
}

impl Key {
    /// Of 16 or 32 bytes.
    pub fn new(bytes: &[u8]) -> Result<Key> {
        let how = match bytes.len() {
            16 => &AES_128_GCM,
            32 => &AES_256_GCM,
            other => return Err(Problem::KeyLength(other)),
        };
        let aes = UnboundKey::new(how, bytes).map_err(|_| Problem::KeyLength(bytes.len()))?;
        Ok(Key { aes: LessSafeKey::new(aes) })
    }

    pub fn seal(&self, mut data: Vec<u8>, aad: &[u8]) -> Result<Vec<u8>> {
        let mut out = random(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(&out).map_err(|_| Problem::NoRandom)?;
        let sealed = self.aes.seal_in_place_append_tag(nonce, Aad::from(aad), &mut data);
        sealed.map_err(|_| Problem::TooLong)?;
        out.extend(data);
        Ok(out)
    }

    pub fn open(&self, data: &[u8], aad: &[u8]) -> Result<Vec<u8>> {
        let (nonce, rest) = data.split_at_checked(NONCE_LEN).ok_or(Problem::Changed)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Problem::Changed)?;
        let mut rest = rest.to_vec();
        let length = match self.aes.open_in_place(nonce, Aad::from(aad), &mut rest) {
            Ok(it) => it.len(),
            Err(_) => return Err(Problem::Changed),
        };
        rest.truncate(length);
        Ok(rest)
    }
}
