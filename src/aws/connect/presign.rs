//! An address that tells whoever asks it whose credentials signed it: signed here, asked by others.

use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use ring::{digest, hmac};
use time::OffsetDateTime;

use super::clock;
use crate::aws::{Aws, Error, Result};

/// What stands for itself in a signed query.
const PLAIN: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// What is signed.
struct Question<'a> {
    /// With scheme, without path.
    endpoint: &'a str,
    region: &'a str,
    /// A header that whoever asks has to send as well.
    header: (&'a str, &'a str),
    /// For how long the address may be asked.
    seconds: u32,
    at: OffsetDateTime,
}

impl Aws {
    /// An address of STS's `GetCallerIdentity`, to be asked within so many seconds and with this header.
    pub async fn identity_address(&self, header: (&str, &str), seconds: u32) -> Result<String> {
        let provider = self.inner.config.credentials_provider();
        let provider =
            provider.ok_or_else(|| Error::Credentials("there are no AWS credentials".to_owned()))?;
        let credentials = provider.provide_credentials().await;
        let credentials = credentials.map_err(|it| Error::Credentials(it.to_string()))?;
        let own = self.inner.endpoints.get("sts").map(String::as_str).or(self.inner.config.endpoint_url());
        let endpoint = own.map(str::to_owned).unwrap_or_else(|| self.usual_sts());
        let question = Question {
            endpoint: endpoint.trim_end_matches('/'),
            region: self.region(),
            header,
            seconds,
            at: clock::now(),
        };
        Ok(signed(&question, &credentials))
    }

    /// STS in this region.
    fn usual_sts(&self) -> String {
        let (region, suffix) = (self.region(), self.dns_suffix());
        match self.inner.config.use_fips() {
            Some(true) => format!("https://sts-fips.{region}.{suffix}"),
            _ => format!("https://sts.{region}.{suffix}"),
        }
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, &PLAIN).to_string()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}

fn signed(it: &Question<'_>, credentials: &Credentials) -> String {
    let at = it.at;
    let day = format!("{:04}{:02}{:02}", at.year(), u8::from(at.month()), at.day());
    let moment = format!("{day}T{:02}{:02}{:02}Z", at.hour(), at.minute(), at.second());
    let scope = format!("{day}/{}/sts/aws4_request", it.region);
    let mut query = vec![
        ("Action", "GetCallerIdentity".to_owned()),
        ("Version", "2011-06-15".to_owned()),
        ("X-Amz-Algorithm", ALGORITHM.to_owned()),
        ("X-Amz-Credential", format!("{}/{scope}", credentials.access_key_id())),
        ("X-Amz-Date", moment.clone()),
        ("X-Amz-Expires", it.seconds.to_string()),
        ("X-Amz-SignedHeaders", format!("host;{}", it.header.0)),
    ];
    query.extend(credentials.session_token().map(|it| ("X-Amz-Security-Token", it.to_owned())));
    query.sort();
    let query: Vec<String> = query.iter().map(|(k, v)| format!("{k}={}", encoded(v))).collect();
    let query = query.join("&");
    let host = it.endpoint.split_once("://").map_or(it.endpoint, |it| it.1);
    let (name, value) = it.header;
    let empty = hex(digest::digest(&digest::SHA256, b"").as_ref());
    let request = format!("GET\n/\n{query}\nhost:{host}\n{name}:{value}\n\nhost;{name}\n{empty}");
    let request = hex(digest::digest(&digest::SHA256, request.as_bytes()).as_ref());
    let text = format!("{ALGORITHM}\n{moment}\n{scope}\n{request}");
    let key = [it.region, "sts", "aws4_request"]
        .iter()
        .fold(mac(format!("AWS4{}", credentials.secret_access_key()).as_bytes(), &day), |key, part| {
            mac(&key, part)
        });
    format!("{}/?{query}&X-Amz-Signature={}", it.endpoint, hex(&mac(&key, &text)))
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What botocore makes of the same question.
    #[test]
    fn addresses_are_signed_as_other_clients_sign_them() {
        let question = Question {
            endpoint: "https://sts.eu-west-1.amazonaws.com",
            region: "eu-west-1",
            header: ("x-k8s-aws-id", "shop"),
            seconds: 60,
            at: time::macros::datetime!(2026-01-31 12:00:05 UTC),
        };
        let signature = |token: Option<&str>| {
            let credentials = Credentials::new("AKIDEXAMPLE", "test", token.map(str::to_owned), None, "test");
            signed(&question, &credentials)
        };
        let plain = "https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15\
                     &X-Amz-Algorithm=AWS4-HMAC-SHA256\
                     &X-Amz-Credential=AKIDEXAMPLE%2F20260131%2Feu-west-1%2Fsts%2Faws4_request\
                     &X-Amz-Date=20260131T120005Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host%3Bx-k8s-aws-id\
                     &X-Amz-Signature=7a4e41c9b52fa307df8f53a4f2184267a1641d1dbc0a5adaaea8f4fc49394165";
        assert_eq!(signature(None), plain);
        let with_token = signature(Some("to/ken="));
        assert!(with_token.contains("&X-Amz-Security-Token=to%2Fken%3D&"), "{with_token}");
        let end = "&X-Amz-Signature=475c583450670668a6037d2d62d77f945b330020c40b119e924958c89c799c20";
        assert!(with_token.ends_with(end), "{with_token}");
    }
}
