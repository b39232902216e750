//! Texts of which plan and state hold the digest only, as the Terraform provider keeps them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest, Sha1};

/// The SHA-1 of the text, or of what it says in Base64, in hexadecimal digits.
pub fn of(text: &str) -> String {
    let bytes = STANDARD.decode(text).unwrap_or_else(|_| text.as_bytes().to_vec());
    Sha1::digest(bytes).iter().map(|it| format!("{it:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Form, equal::same};

    #[test]
    fn base64_and_what_it_says_have_one_digest() {
        assert_eq!(of("hello there"), "6e71b3cac15d32fe2d36c270887df9479c25c640");
        assert_eq!(of("aGVsbG8gdGhlcmU="), of("hello there"));
        assert!(same(Form::Digest, "hello there", "6e71b3cac15d32fe2d36c270887df9479c25c640"));
        assert!(!same(Form::Digest, "hello here", "6e71b3cac15d32fe2d36c270887df9479c25c640"));
    }
}
