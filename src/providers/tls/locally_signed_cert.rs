use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::cert::{self, in_attribute};
use super::key::PrivateKey;
use super::pem;
use super::x509::{Certificate, Request, Wanted};
use crate::plan::adjust::Adjust;
use crate::providers::{Made, Result};
use crate::resource::{Computed, Fixed, Secret};

/// A certificate that a certificate authority of the stack signs.
///
/// ```toml
/// [tls_locally_signed_cert.site]
/// cert_request_pem = "${tls_cert_request.site.cert_request_pem}"
/// ca_private_key_pem = "${tls_private_key.ca.private_key_pem}"
/// ca_cert_pem = "${tls_self_signed_cert.ca.cert_pem}"
/// validity_period_hours = 2160
/// allowed_uses = ["digital_signature", "server_auth"]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LocallySignedCert {
    /// The certificate of the authority in PEM.
    pub ca_cert_pem: Fixed<String>,
    /// The key of the authority in PEM.
    pub ca_private_key_pem: Secret<Fixed<String>>,
    /// The request in PEM.
    pub cert_request_pem: Fixed<String>,
    /// For how many hours it is valid.
    #[schemars(range(min = 0))]
    pub validity_period_hours: Fixed<i64>,
    /// What it may be used for, such as `digital_signature` or `server_auth`.
    pub allowed_uses: Fixed<Vec<String>>,
    /// How many hours before its end a plan makes a new one.
    #[serde(default)]
    #[schemars(range(min = 0))]
    pub early_renewal_hours: i64,
    /// Whether it is one of a certificate authority.
    #[serde(default)]
    pub is_ca_certificate: Fixed<bool>,
    /// Whether it holds an id of its key.
    #[serde(default)]
    pub set_subject_key_id: Fixed<bool>,
    /// The algorithm of the authority's key.
    pub ca_key_algorithm: Computed<String>,
    /// The certificate in PEM.
    pub cert_pem: Computed<String>,
    /// Whether a new one is due.
    pub ready_for_renewal: Computed<bool>,
    /// From when it is valid.
    pub validity_start_time: Computed<String>,
    /// Until when it is valid.
    pub validity_end_time: Computed<String>,
    /// Its serial number.
    pub id: Computed<String>,
}

impl Made for LocallySignedCert {
    const TYPE: &'static str = "tls_locally_signed_cert";

    async fn create(self) -> Result<Self> {
        let request = pem::decode_as("CERTIFICATE REQUEST", &self.cert_request_pem);
        let request = in_attribute("cert_request_pem", request.and_then(|it| Request::parse(&it)))?;
        let key = in_attribute("ca_private_key_pem", PrivateKey::from_pem(&self.ca_private_key_pem))?;
        let issuer = pem::decode_as("CERTIFICATE", &self.ca_cert_pem);
        let issuer = in_attribute("ca_cert_pem", issuer.and_then(|it| Certificate::parse(&it)))?;
        let wanted = Wanted {
            subject: &request.subject,
            issuer: &issuer.subject,
            public: &request.public,
            names: request.names,
            uses: &self.allowed_uses,
            hours: *self.validity_period_hours,
            is_ca: *self.is_ca_certificate,
            with_key_id: *self.set_subject_key_id,
            authority: issuer.key_id.filter(|_| issuer.subject != request.subject),
        };
        let made = cert::Made::of(&wanted.sign(&key)?);
        Ok(LocallySignedCert {
            ca_key_algorithm: key.algorithm().to_owned().into(),
            cert_pem: made.pem.into(),
            ready_for_renewal: false.into(),
            validity_start_time: made.start.into(),
            validity_end_time: made.end.into(),
            id: made.id.into(),
            ..self
        })
    }

    async fn read(self) -> Result<Option<Self>> {
        let due = *self.ready_for_renewal || cert::is_due(&self.validity_end_time, self.early_renewal_hours);
        Ok(Some(LocallySignedCert { ready_for_renewal: due.into(), ..self }))
    }

    fn adjust(plan: &mut Adjust) {
        cert::adjust(plan);
        cert::known_uses(plan);
    }
}
