//! Where chance comes from: the system's source, or a seed.

use sha2::{Digest, Sha256};

use crate::providers::{Error, Result};

/// More than anybody needs, and less than memory holds.
const MOST: usize = 1 << 24;

/// Bytes from the system's source.
pub fn bytes(count: i64) -> Result<Vec<u8>> {
    let count = usize::try_from(count).ok().filter(|it| *it <= MOST);
    let count = count.ok_or_else(|| Error::Invalid(format!("between 0 and {MOST} bytes can be had")))?;
    let mut out = vec![0; count];
    fill(&mut out)?;
    Ok(out)
}

pub fn fill(to: &mut [u8]) -> Result<()> {
    getrandom::fill(to).map_err(|it| Error::Invalid(format!("the system gives no random numbers: {it}")))
}

/// A source of numbers.
pub enum Source {
    System,
    /// The hashes of a seed and a count.
    Seed(String, u64),
}

impl Source {
    pub fn of(seed: Option<&str>) -> Self {
        match seed.filter(|it| !it.is_empty()) {
            Some(seed) => Source::Seed(seed.to_owned(), 0),
            None => Source::System,
        }
    }

    fn next(&mut self) -> Result<u128> {
        let mut out = [0; 16];
        match self {
            Source::System => fill(&mut out)?,
            Source::Seed(seed, count) => {
                *count += 1;
                let hash = Sha256::new().chain_update(count.to_be_bytes()).chain_update(seed).finalize();
                out.copy_from_slice(&hash[..16]);
            }
        }
        Ok(u128::from_be_bytes(out))
    }

    /// A number below `end`, each as likely as the others. `end` is not zero.
    pub fn below(&mut self, end: u128) -> Result<u128> {
        let end = end.max(1);
        let fair = u128::MAX - u128::MAX % end;
        loop {
            let it = self.next()?;
            if it < fair {
                return Ok(it % end);
            }
        }
    }

    pub fn shuffle<T>(&mut self, all: &mut [T]) -> Result<()> {
        for last in (1..all.len()).rev() {
            let other = self.below(last as u128 + 1)?;
            all.swap(last, usize::try_from(other).unwrap_or(last));
        }
        Ok(())
    }

    pub fn choose<'a, T>(&mut self, all: &'a [T]) -> Result<&'a T> {
        let at = self.below(all.len() as u128)?;
        let it = usize::try_from(at).ok().and_then(|it| all.get(it));
        it.ok_or_else(|| Error::Invalid("there is nothing to choose from".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_in_range_and_a_seed_repeats() {
        let draw = |seed| {
            let mut source = Source::of(seed);
            (0..50).map(|_| source.below(7).expect("a number")).collect::<Vec<_>>()
        };
        assert!(draw(None).iter().all(|it| *it < 7));
        assert_eq!(draw(Some("x")), draw(Some("x")));
        assert_ne!(draw(Some("x")), draw(Some("y")));
        assert_eq!(draw(None).len(), 50);
    }

    #[test]
    fn too_many_bytes_are_refused() {
        assert_eq!(bytes(5).expect("bytes").len(), 5);
        assert!(bytes(-1).is_err() && bytes(1 << 40).is_err());
    }
}
