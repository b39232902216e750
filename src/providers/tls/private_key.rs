use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use sha1::Digest;

use super::key::{Curve, PrivateKey};
use super::{pem, ssh};
use crate::lang::Value;
use crate::plan::adjust::Adjust;
use crate::providers::{Made, Result, hex};
use crate::resource::{Computed, Fixed, Secret};

/// A key pair. The private key is in the state: whoever reads that has it.
///
/// ```toml
/// [tls_private_key.site]
/// algorithm = "ED25519"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// The algorithm.
    #[schemars(extend("enum" = ["RSA", "ECDSA", "ED25519"]))]
    pub algorithm: Fixed<String>,
    /// The length of an RSA key.
    #[serde(default = "usual_bits")]
    pub rsa_bits: Fixed<i64>,
    /// The curve of an ECDSA key. `P224` is not supported yet: an ECDSA key has to say another one.
    #[serde(default = "usual_curve")]
    #[schemars(extend("enum" = ["P224", "P256", "P384", "P521"]))]
    pub ecdsa_curve: Fixed<String>,
    /// The private key in PEM.
    pub private_key_pem: Secret<Computed<String>>,
    /// The private key as OpenSSH has it.
    pub private_key_openssh: Secret<Computed<String>>,
    /// The private key in PEM, PKCS #8.
    pub private_key_pem_pkcs8: Secret<Computed<String>>,
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

fn usual_bits() -> Fixed<i64> {
    Fixed(2048)
}

fn usual_curve() -> Fixed<String> {
    Fixed("P224".to_owned())
}

impl Made for Key {
    const TYPE: &'static str = "tls_private_key";
    const SCHEMA_VERSION: u64 = 1;

    async fn create(self) -> Result<Self> {
        let key = PrivateKey::generate(&self.algorithm, *self.rsa_bits, &self.ecdsa_curve)?;
        let public = key.public();
        Ok(Key {
            private_key_pem: Secret(key.pem().into()),
            private_key_openssh: Secret(ssh::private(&key)?.into()),
            private_key_pem_pkcs8: Secret(key.pem_pkcs8().into()),
            public_key_pem: pem::encode("PUBLIC KEY", &public).into(),
            public_key_openssh: ssh::public(&key).into(),
            public_key_fingerprint_md5: ssh::fingerprint_md5(&key).into(),
            public_key_fingerprint_sha256: ssh::fingerprint_sha256(&key).into(),
            id: hex(&sha1::Sha1::digest(&public)).into(),
            ..self
        })
    }

    fn adjust(plan: &mut Adjust) {
        let text = |name: &str| plan.will(name).and_then(Value::as_str).map(str::to_owned);
        let (algorithm, curve) = (text("algorithm"), text("ecdsa_curve"));
        // What exists is left alone.
        if plan.was.is_none()
            && algorithm.as_deref() == Some("ECDSA")
            && let Some(Err(error)) = curve.as_deref().map(Curve::of_name)
        {
            plan.error("ecdsa_curve", error.to_string());
        }
    }
}
