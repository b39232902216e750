//! Texts of which plan and state hold the digest only, as the Terraform provider keeps them.

use base64::Engine;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use sha1::{Digest, Sha1};

/// As Go reads it: what is left over in the last digit does not matter.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// What the text says in Base64, which may stand in lines; nothing where it is no Base64.
pub fn decoded(text: &str) -> Option<Vec<u8>> {
    let digits: String = text.chars().filter(|it| !matches!(it, '\r' | '\n')).collect();
    BASE64.decode(digits).ok()
}

/// The SHA-1 of the text, or of what it says in Base64, in hexadecimal digits.
pub fn of(text: &str) -> String {
    let bytes = decoded(text).unwrap_or_else(|| text.as_bytes().to_vec());
    Sha1::digest(bytes).iter().map(|it| format!("{it:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Form, equal::same};

    #[test]
    fn base64_may_stand_in_lines() {
        assert_eq!(decoded("dGV4\ndA==\n").as_deref(), Some(b"text".as_slice()));
        assert_eq!(decoded("dGV4dB==").as_deref(), Some(b"text".as_slice()));
        assert_eq!(decoded("#!/bin/sh\n"), None);
    }

    #[test]
    fn base64_and_what_it_says_have_one_digest() {
        assert_eq!(of("hello there"), "6e71b3cac15d32fe2d36c270887df9479c25c640");
        assert_eq!(of("aGVsbG8gdGhlcmU="), of("hello there"));
        assert_eq!(of("aGVsbG8g\r\ndGhlcmU=\n"), of("hello there"));
        assert!(same(Form::Digest, "hello there", "6e71b3cac15d32fe2d36c270887df9479c25c640"));
        assert!(!same(Form::Digest, "hello here", "6e71b3cac15d32fe2d36c270887df9479c25c640"));
    }
}
