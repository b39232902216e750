//! Certificates that are somewhere: in a text, or at an address.

use std::sync::Arc;
use std::time::Duration;

use ::time::format_description::well_known::Rfc3339;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha1::Digest;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::crypto::CryptoProvider;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{
    self, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme, crypto::ring,
};

use super::key::{EC_OID, ED25519_OID, RSA_OID};
use super::{name, pem, x509};
use crate::providers::{Error, Looked, Result, hex};
use crate::resource::Computed;

/// How long to wait for an address.
const PATIENCE: Duration = Duration::from_secs(30);

/// The certificates of an address, or that of a text.
///
/// ```toml
/// [data.tls_certificate.issuer]
/// url = "https://example.com"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Certificates {
    /// The address: `https://HOST` or `tls://HOST:PORT`.
    pub url: Option<String>,
    /// A certificate in PEM.
    pub content: Option<String>,
    /// Whether the certificates of the address have to be good ones; they do where nothing is said.
    pub verify_chain: Option<bool>,
    /// The certificates, that of the authority first.
    pub certificates: Computed<Vec<Certificate>>,
    /// A hash of the certificates.
    pub id: Computed<String>,
}

/// One certificate.
#[derive(Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// How it is signed, such as `SHA256-RSA`.
    pub signature_algorithm: String,
    /// The algorithm of its key.
    pub public_key_algorithm: String,
    /// Its serial number.
    pub serial_number: String,
    /// Whether it is one of a certificate authority.
    pub is_ca: bool,
    /// Its version.
    pub version: i64,
    /// Who signed it.
    pub issuer: String,
    /// Whom it is for.
    pub subject: String,
    /// From when it is valid.
    pub not_before: String,
    /// Until when it is valid.
    pub not_after: String,
    /// Its SHA-1 hash, in hexadecimal digits.
    pub sha1_fingerprint: String,
    /// It in PEM.
    pub cert_pem: String,
}

impl Looked for Certificates {
    const TYPE: &'static str = "tls_certificate";

    async fn read(self) -> Result<Self> {
        let ders = match (self.content.as_deref(), self.url.as_deref()) {
            (Some(text), None) => vec![pem::decode_as("CERTIFICATE", text)?],
            (None, Some(url)) => {
                let mut all = fetch(url, self.verify_chain.unwrap_or(true)).await?;
                all.reverse();
                all
            }
            _ => return Err(Error::Invalid("say one of `url` and `content`".to_owned())),
        };
        let id = hex(&sha1::Sha1::digest(ders.concat())).into();
        let certificates = ders.iter().map(|it| described(it)).collect::<Result<Vec<_>>>()?;
        let verify_chain = Some(self.verify_chain.unwrap_or(true));
        Ok(Certificates { certificates: certificates.into(), id, verify_chain, ..self })
    }
}

fn described(der: &[u8]) -> Result<Certificate> {
    let it = x509::Certificate::parse(der)?;
    let time = |it: ::time::OffsetDateTime| it.format(&Rfc3339).unwrap_or_default();
    Ok(Certificate {
        signature_algorithm: signature_name(&it.signature_oid),
        public_key_algorithm: key_name(&it.key_oid),
        serial_number: dashu_int::UBig::from_be_bytes(&it.serial).to_string(),
        is_ca: it.is_ca,
        version: it.version,
        issuer: name::show(&it.issuer)?,
        subject: name::show(&it.subject)?,
        not_before: time(it.start),
        not_after: time(it.end),
        sha1_fingerprint: hex(&sha1::Sha1::digest(&it.der)),
        cert_pem: pem::encode("CERTIFICATE", &it.der),
    })
}

fn signature_name(oid: &str) -> String {
    match oid {
        "1.2.840.113549.1.1.4" => "MD5-RSA",
        "1.2.840.113549.1.1.5" => "SHA1-RSA",
        "1.2.840.113549.1.1.11" => "SHA256-RSA",
        "1.2.840.113549.1.1.12" => "SHA384-RSA",
        "1.2.840.113549.1.1.13" => "SHA512-RSA",
        "1.2.840.10045.4.1" => "ECDSA-SHA1",
        "1.2.840.10045.4.3.2" => "ECDSA-SHA256",
        "1.2.840.10045.4.3.3" => "ECDSA-SHA384",
        "1.2.840.10045.4.3.4" => "ECDSA-SHA512",
        ED25519_OID => "Ed25519",
        _ => "0",
    }
    .to_owned()
}

fn key_name(oid: &str) -> String {
    match oid {
        RSA_OID => "RSA",
        EC_OID => "ECDSA",
        ED25519_OID => "Ed25519",
        _ => "0",
    }
    .to_owned()
}

/// Host and port of an address.
fn place(url: &str) -> Result<(&str, u16)> {
    let wrong = |what: &str| Error::Invalid(format!("`{url}` {what}"));
    let (scheme, rest) =
        url.split_once("://").ok_or_else(|| wrong("is no address such as https://example.com"))?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit_once('@').map_or(host, |it| it.1);
    let (host, port) = match host.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (host, None),
    };
    let port = match (scheme, port) {
        ("https" | "tls", Some(port)) => port.parse().map_err(|_| wrong("has no good port"))?,
        ("https", None) => 443,
        ("tls", None) => return Err(wrong("needs a port, such as tls://example.com:636")),
        _ => return Err(wrong("must start with `https://` or `tls://`")),
    };
    Ok((host.trim_start_matches('[').trim_end_matches(']'), port))
}

/// What a server shows, its own certificate first.
async fn fetch(url: &str, verify: bool) -> Result<Vec<Vec<u8>>> {
    let (host, port) = place(url)?;
    let failed = |it: String| Error::Invalid(format!("no certificates from {url}: {it}"));
    let server = ServerName::try_from(host.to_owned()).map_err(|it| failed(it.to_string()))?;
    let connector = TlsConnector::from(Arc::new(config(verify)?));
    let connect = async {
        let stream = tokio::net::TcpStream::connect((host, port)).await?;
        connector.connect(server, stream).await
    };
    let stream = tokio::time::timeout(PATIENCE, connect).await;
    let stream = stream.map_err(|_| failed("it does not answer".to_owned()))?;
    let stream = stream.map_err(|it| failed(it.to_string()))?;
    let shown = stream.get_ref().1.peer_certificates().unwrap_or_default();
    Ok(shown.iter().map(|it| it.to_vec()).collect())
}

fn config(verify: bool) -> Result<ClientConfig> {
    let failed = |it: rustls::Error| Error::Invalid(format!("TLS cannot be set up: {it}"));
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone());
    let builder = builder.with_safe_default_protocol_versions().map_err(failed)?;
    if !verify {
        let any = Arc::new(AnyCertificate(provider));
        return Ok(builder.dangerous().with_custom_certificate_verifier(any).with_no_client_auth());
    }
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// Takes any certificate: only to look at it, nothing is sent.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }
    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        let all = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, cert, signed, all)
    }
    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        let all = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, signed, all)
    }
    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_apart() {
        assert_eq!(place("https://a.example/x").ok(), Some(("a.example", 443)));
        assert_eq!(place("tls://a.example:636").ok(), Some(("a.example", 636)));
        assert_eq!(place("https://[::1]:8443/").ok(), Some(("::1", 8443)));
        for wrong in ["a.example", "http://a.example", "tls://a.example", "https://a:b"] {
            assert!(place(wrong).is_err(), "{wrong}");
        }
    }
}
