//! RSA keys: made, and used to sign. What is computed takes a time that depends on the key; whoever
//! could measure that on this machine could read the state, too.

use dashu_int::UBig;
use dashu_int::fast_div::ConstDivisor;
use sha2::Digest;

use crate::providers::random::fill;
use crate::providers::{Error, Result};

/// The exponent that everybody takes.
const EXPONENT: u32 = 65537;

pub struct Rsa {
    pub n: UBig,
    pub e: UBig,
    pub d: UBig,
    pub p: UBig,
    pub q: UBig,
}

fn power(base: &UBig, exponent: &UBig, modulus: &UBig) -> UBig {
    let ring = ConstDivisor::new(modulus.clone());
    ring.reduce(base.clone()).pow(exponent).residue()
}

/// The number that gives 1 when multiplied with `it`.
pub fn inverse(it: &UBig, modulus: &UBig) -> Option<UBig> {
    let ring = ConstDivisor::new(modulus.clone());
    let found = ring.reduce(it.clone()).inv();
    found.map(|it| it.residue())
}

fn bits_of(it: &UBig) -> usize {
    let bytes = it.to_be_bytes();
    bytes.first().map_or(0, |first| bytes.len() * 8 - first.leading_zeros() as usize)
}

/// A number of so many bits whose two highest and whose lowest are set.
fn candidate(bits: usize) -> Result<UBig> {
    let mut bytes = vec![0; bits.div_ceil(8)];
    fill(&mut bytes)?;
    let spare = bytes.len() * 8 - bits;
    bytes[0] &= 0xff >> spare;
    let mut it = UBig::from_be_bytes(&bytes);
    for bit in [bits - 1, bits - 2, 0] {
        it.set_bit(bit);
    }
    Ok(it)
}

/// Whether a number is prime, but for a chance of less than one in 2^100 (Miller and Rabin).
fn is_prime(it: &UBig, small: &[u32]) -> Result<bool> {
    if small.iter().any(|small| (it % *small) == 0) {
        return Ok(false);
    }
    let one = UBig::ONE;
    let before = it - &one;
    let twos = before.trailing_zeros().unwrap_or_default();
    let odd = &before >> twos;
    let ring = ConstDivisor::new(it.clone());
    let mut bytes = vec![0; bits_of(it).div_ceil(8)];
    'rounds: for _ in 0..40 {
        fill(&mut bytes)?;
        let base = UBig::from_be_bytes(&bytes) % it;
        if base <= one {
            continue;
        }
        let mut x = ring.reduce(base).pow(&odd);
        let residue = x.residue();
        if residue == one || residue == before {
            continue;
        }
        for _ in 1..twos {
            x = x.sqr();
            if x.residue() == before {
                continue 'rounds;
            }
        }
        return Ok(false);
    }
    Ok(true)
}

fn prime(bits: usize, small: &[u32]) -> Result<UBig> {
    loop {
        let it = candidate(bits)?;
        // `e` has to be invertible: it is prime, so it must not divide what stands before the prime.
        if (&it - UBig::ONE) % EXPONENT != 0 && is_prime(&it, small)? {
            return Ok(it);
        }
    }
}

/// The odd primes below 2000.
fn small_primes() -> Vec<u32> {
    (3..2000)
        .step_by(2)
        .filter(|it| (3..*it).take_while(|by| by * by <= *it).all(|by| it % by != 0))
        .collect()
}

impl Rsa {
    pub fn generate(bits: i64) -> Result<Rsa> {
        let bits = usize::try_from(bits).ok().filter(|it| (1024..=16384).contains(it));
        let bits = bits.ok_or_else(|| Error::Invalid("`rsa_bits` is between 1024 and 16384".to_owned()))?;
        let small = small_primes();
        loop {
            let (p, q) = (prime(bits.div_ceil(2), &small)?, prime(bits / 2, &small)?);
            let n = &p * &q;
            if p == q || bits_of(&n) != bits {
                continue;
            }
            let e = UBig::from(EXPONENT);
            let phi = (&p - UBig::ONE) * (&q - UBig::ONE);
            if let Some(d) = inverse(&e, &phi) {
                return Ok(Rsa { n, e, d, p, q });
            }
        }
    }

    pub fn length(&self) -> usize {
        bits_of(&self.n).div_ceil(8)
    }

    /// The numbers that make its use faster: `d` for each prime, and the inverse of `q`.
    pub fn helpers(&self) -> [UBig; 3] {
        let (p1, q1) = (&self.p - UBig::ONE, &self.q - UBig::ONE);
        [&self.d % p1, &self.d % q1, inverse(&self.q, &self.p).unwrap_or_default()]
    }

    /// Signs the SHA-256 hash of a message (PKCS #1, version 1.5).
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        // What stands before the hash: its algorithm and length.
        const PREFIX: [u8; 19] = [
            0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
            0x00, 0x04, 0x20,
        ];
        let hash = sha2::Sha256::digest(message);
        let length = self.length();
        let padding = length.checked_sub(PREFIX.len() + hash.len() + 3).filter(|it| *it >= 8);
        let padding = padding.ok_or_else(|| Error::Invalid("the RSA key is too short to sign".to_owned()))?;
        let block = [&[0, 1][..], &vec![0xff; padding], &[0], &PREFIX, &hash].concat();
        let number = UBig::from_be_bytes(&block);
        let [dp, dq, inverse] = self.helpers();
        let (a, b) = (power(&number, &dp, &self.p), power(&number, &dq, &self.q));
        let difference = (&a + &self.p - &b % &self.p) % &self.p;
        let signature = &b + (difference * inverse) % &self.p * &self.q;
        // A fault on the way would give the key away.
        if power(&signature, &self.e, &self.n) != number {
            return Err(Error::Invalid("the RSA key does not fit together".to_owned()));
        }
        let bytes = signature.to_be_bytes();
        Ok([vec![0; length - bytes.len()], bytes.to_vec()].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_signs() {
        let key = Rsa::generate(1024).expect("a key");
        assert_eq!((bits_of(&key.n), key.length()), (1024, 128));
        assert_eq!(key.sign(b"message").expect("a signature").len(), 128);
        assert!(Rsa::generate(512).is_err());
        let broken = Rsa { d: key.d.clone() + UBig::ONE, ..key };
        assert!(broken.sign(b"message").is_err());
    }

    #[test]
    fn primes_are_told_from_others() {
        let small = small_primes();
        assert_eq!(&small[..4], [3, 5, 7, 11]);
        let prime = (UBig::ONE << 127) - UBig::ONE;
        assert!(is_prime(&prime, &small).expect("asked"));
        assert!(!is_prime(&(&prime * &prime), &small).expect("asked"));
    }
}
