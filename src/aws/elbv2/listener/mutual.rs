//! Whether clients have to show a certificate.

use aws_sdk_elasticloadbalancingv2::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::stated;
use crate::aws::shape::{seen, sent};
use crate::resource::Chosen;

/// Whether clients have to show a certificate.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MutualAuthentication {
    /// `off`, `passthrough` (the targets look at it) or `verify`.
    #[schemars(extend("enum" = ["off", "verify", "passthrough"], "format" = "caseless"))]
    pub mode: String,
    /// The authorities that are trusted, with `verify`.
    #[schemars(regex(pattern = "^(arn:|$)"))]
    pub trust_store_arn: Option<String>,
    /// Take certificates that have expired.
    #[schemars(extend("default" = false))]
    pub ignore_client_certificate_expiry: Option<bool>,
    /// Tell clients which authorities are trusted: `on` or `off`.
    #[schemars(extend("enum" = ["on", "off"]))]
    pub advertise_trust_store_ca_names: Chosen<Option<String>>,
}

impl MutualAuthentication {
    pub fn sent(&self) -> sdk::MutualAuthenticationAttributes {
        let mode = self.mode.to_lowercase();
        let out = sdk::MutualAuthenticationAttributes::builder().mode(&mode);
        if mode == "off" {
            return out.build();
        }
        let out = out.set_trust_store_arn(stated(&self.trust_store_arn).map(str::to_owned));
        if mode == "passthrough" {
            return out.build();
        }
        let names = &self.advertise_trust_store_ca_names;
        out.ignore_client_certificate_expiry(self.ignore_client_certificate_expiry == Some(true))
            .set_advertise_trust_store_ca_names(if stated(names).is_some() { sent(names) } else { None })
            .build()
    }

    pub fn seen(it: sdk::MutualAuthenticationAttributes) -> Self {
        if it.mode.as_deref() == Some("off") {
            return MutualAuthentication { mode: seen(it.mode), ..Self::default() };
        }
        MutualAuthentication {
            mode: seen(it.mode),
            trust_store_arn: it.trust_store_arn,
            ignore_client_certificate_expiry: it.ignore_client_certificate_expiry,
            advertise_trust_store_ca_names: seen(it.advertise_trust_store_ca_names),
        }
    }
}
