use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use sha1::Digest;

use super::cert::{self, all, in_attribute};
use super::key::PrivateKey;
use super::name::{self, Subject};
use super::{pem, x509};
use crate::plan::adjust::Adjust;
use crate::providers::{Made, Result, hex};
use crate::resource::{Computed, Fixed, Secret};

/// A request for a certificate.
///
/// ```toml
/// [tls_cert_request.site]
/// private_key_pem = "${tls_private_key.site.private_key_pem}"
/// dns_names = ["example.com"]
/// subject = { common_name = "example.com" }
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CertRequest {
    /// The key in PEM.
    pub private_key_pem: Secret<Fixed<String>>,
    /// Names of hosts.
    pub dns_names: Fixed<Option<Vec<String>>>,
    /// Addresses of hosts.
    pub ip_addresses: Fixed<Option<Vec<String>>>,
    /// Addresses of other things.
    pub uris: Fixed<Option<Vec<String>>>,
    /// Whom it is for.
    #[serde(default)]
    pub subject: Fixed<Vec<Subject>>,
    /// The algorithm of the key.
    pub key_algorithm: Computed<String>,
    /// The request in PEM.
    pub cert_request_pem: Computed<String>,
    /// The SHA-1 hash of the request, in hexadecimal digits.
    pub id: Computed<String>,
}

impl Made for CertRequest {
    const TYPE: &'static str = "tls_cert_request";

    async fn create(self) -> Result<Self> {
        let key = in_attribute("private_key_pem", PrivateKey::from_pem(&self.private_key_pem))?;
        let names = x509::names(all(&self.dns_names), all(&self.ip_addresses), all(&self.uris))?;
        let der = x509::request(&name::encode(&self.subject), names.as_deref(), &key)?;
        Ok(CertRequest {
            key_algorithm: key.algorithm().to_owned().into(),
            cert_request_pem: pem::encode("CERTIFICATE REQUEST", &der).into(),
            id: hex(&sha1::Sha1::digest(&der)).into(),
            ..self
        })
    }

    fn adjust(plan: &mut Adjust) {
        cert::one_subject(plan);
    }
}
