//! The password by which Amazon SES takes mail over SMTP: made of an access key's secret, for one region.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;

/// What stands before the signature: which way of making it this is.
const VERSION: u8 = 4;

/// As AWS describes it: a signature of fixed words, written down.
pub fn password(secret: &str, region: &str) -> String {
    let mut key = format!("AWS4{secret}").into_bytes();
    for word in ["11111111", region, "ses", "aws4_request", "SendRawEmail"] {
        let signed = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), word.as_bytes());
        key = signed.as_ref().to_vec();
    }
    key.insert(0, VERSION);
    STANDARD.encode(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_of_a_secret_and_a_region() {
        for (secret, region, made) in [
            ("some+secret+key", "eu-central-1", "BMXhUYlu5Z3gSXVQORxlVa7XPaz91aGWdfHxvkOZdWZ2"),
            ("another+secret+key", "eu-central-1", "BBbphbrQmrKMx42d1N6+C7VINYEBGI5v9VsZeTxwskfh"),
            ("some+secret+key", "us-west-1", "BH+jbMzper5WwlwUar9E1ySBqHa9whi0GPo+sJ0mVYJj"),
        ] {
            assert_eq!(password(secret, region), made, "{secret} {region}");
        }
    }
}
