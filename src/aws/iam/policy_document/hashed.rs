//! The order in which the Terraform provider walks its sets: by checksum. It shows where two blocks
//! of one kind are put together in a list.

/// What the provider takes the checksum of.
pub(super) trait Hashed {
    fn hashed(&self) -> String;
}

impl Hashed for String {
    fn hashed(&self) -> String {
        format!("{self};")
    }
}

pub(super) fn checksum(text: &str) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(text.as_bytes());
    crc.sum()
}

/// Each once, by the digits of the checksum.
pub(super) fn in_order<T: Hashed>(all: &[T]) -> Vec<&T> {
    let mut keyed = all.iter().map(|it| (checksum(&it.hashed()).to_string(), it)).collect::<Vec<_>>();
    keyed.sort_by(|a, b| a.0.cmp(&b.0));
    keyed.dedup_by(|a, b| a.0 == b.0);
    keyed.into_iter().map(|it| it.1).collect()
}
