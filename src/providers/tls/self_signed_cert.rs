use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::cert::{self, all, in_attribute};
use super::key::PrivateKey;
use super::name::{self, Subject};
use super::x509::{self, Wanted};
use crate::plan::adjust::Adjust;
use crate::providers::{Error, Made, Result};
use crate::resource::{Computed, Fixed, Secret};

/// A certificate that is signed with its own key.
///
/// ```toml
/// [tls_self_signed_cert.site]
/// private_key_pem = "${tls_private_key.site.private_key_pem}"
/// validity_period_hours = 8760
/// allowed_uses = ["digital_signature", "server_auth"]
/// dns_names = ["example.com"]
/// subject = { common_name = "example.com" }
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SelfSignedCert {
    /// The key in PEM.
    pub private_key_pem: Secret<Fixed<String>>,
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
    /// Whether it holds the id of its key as that of its issuer, too.
    #[serde(default)]
    pub set_authority_key_id: Fixed<bool>,
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

impl Made for SelfSignedCert {
    const TYPE: &'static str = "tls_self_signed_cert";

    async fn create(self) -> Result<Self> {
        let key = in_attribute("private_key_pem", PrivateKey::from_pem(&self.private_key_pem))?;
        let (subject, public) = (name::encode(&self.subject), key.public());
        let with_key_id = *self.set_subject_key_id || *self.is_ca_certificate;
        let authority = match *self.set_authority_key_id {
            true if with_key_id => Some(x509::key_id(&public)?),
            true => {
                let text =
                    "`set_authority_key_id` needs `set_subject_key_id` or `is_ca_certificate` beside it";
                return Err(Error::Invalid(text.to_owned()));
            }
            false => None,
        };
        let wanted = Wanted {
            subject: &subject,
            issuer: &subject,
            public: &public,
            names: x509::names(all(&self.dns_names), all(&self.ip_addresses), all(&self.uris))?,
            uses: &self.allowed_uses,
            hours: *self.validity_period_hours,
            is_ca: *self.is_ca_certificate,
            with_key_id,
            authority,
        };
        let made = cert::Made::of(&wanted.sign(&key)?);
        Ok(SelfSignedCert {
            key_algorithm: key.algorithm().to_owned().into(),
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
        Ok(Some(SelfSignedCert { ready_for_renewal: due.into(), ..self }))
    }

    fn adjust(plan: &mut Adjust) {
        cert::adjust(plan);
        cert::known_uses(plan);
        cert::one_subject(plan);
    }
}
