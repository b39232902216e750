use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use sha1::Digest;

use super::key::PrivateKey;
use super::{pem, ssh};
use crate::providers::{Error, Looked, Result, hex};
use crate::resource::{Computed, Secret};

/// The public key of a private one.
///
/// ```toml
/// [data.tls_public_key.site]
/// private_key_pem = '${file("site.pem")}'
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PublicKey {
    /// The private key in PEM.
    pub private_key_pem: Secret<Option<String>>,
    /// The private key as OpenSSH has it, not encrypted.
    pub private_key_openssh: Secret<Option<String>>,
    /// Its algorithm.
    pub algorithm: Computed<String>,
    /// The public key in PEM.
    pub public_key_pem: Computed<String>,
    /// The public key as a line of `authorized_keys`.
    pub public_key_openssh: Computed<String>,
    /// The fingerprint of the public key: MD5.
    pub public_key_fingerprint_md5: Computed<String>,
    /// The fingerprint of the public key: SHA-256.
    pub public_key_fingerprint_sha256: Computed<String>,
    /// The SHA-1 hash of the public key, in hexadecimal digits.
    pub id: Computed<String>,
}

impl Looked for PublicKey {
    const TYPE: &'static str = "tls_public_key";

    async fn read(self) -> Result<Self> {
        let key = match (self.private_key_pem.as_deref(), self.private_key_openssh.as_deref()) {
            (Some(text), None) => PrivateKey::from_pem(text)?,
            (None, Some(text)) => ssh::parse(text)?,
            _ => {
                let text = "say one of `private_key_pem` and `private_key_openssh`";
                return Err(Error::Invalid(text.to_owned()));
            }
        };
        let public = key.public();
        Ok(PublicKey {
            algorithm: key.algorithm().to_owned().into(),
            public_key_pem: pem::encode("PUBLIC KEY", &public).into(),
            public_key_openssh: ssh::public(&key).into(),
            public_key_fingerprint_md5: ssh::fingerprint_md5(&key).into(),
            public_key_fingerprint_sha256: ssh::fingerprint_sha256(&key).into(),
            id: hex(&sha1::Sha1::digest(&public)).into(),
            ..self
        })
    }
}
