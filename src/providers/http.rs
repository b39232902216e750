//! The provider `http`: what an address answers.

mod send;

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Error, Looked, Result, Texts};
use crate::resource::Computed;

/// What an address answers to a request.
///
/// ```toml
/// [data.http.address]
/// url = "https://checkip.amazonaws.com"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// The address.
    pub url: String,
    /// The request's method; `GET` where absent.
    #[schemars(extend("enum" = ["GET", "POST", "HEAD"]))]
    pub method: Option<String>,
    /// The request's headers.
    pub request_headers: Option<Texts>,
    /// The request's body.
    pub request_body: Option<String>,
    /// How long one attempt may take, in milliseconds.
    #[schemars(range(min = 1))]
    pub request_timeout_ms: Option<i64>,
    /// The certificates to trust instead of the usual ones, in PEM.
    pub ca_cert_pem: Option<String>,
    /// A certificate of our own, in PEM. Not supported yet.
    pub client_cert_pem: Option<String>,
    /// The key of our certificate, in PEM. Not supported yet.
    pub client_key_pem: Option<String>,
    /// Whether any certificate is trusted. Only `false` is supported.
    pub insecure: Option<bool>,
    /// When to try again: after no answer, and after an error of the server.
    pub retry: Option<Retry>,
    /// The answer's body as text.
    pub response_body: Computed<String>,
    /// The older name of `response_body`.
    pub body: Computed<String>,
    /// The answer's body in base64.
    pub response_body_base64: Computed<String>,
    /// The answer's headers.
    pub response_headers: Computed<BTreeMap<String, String>>,
    /// The answer's status.
    pub status_code: Computed<i64>,
    /// The address.
    pub id: Computed<String>,
}

/// How often and when to try again.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Retry {
    /// How often, after the first time.
    #[schemars(range(min = 0, max = 1000))]
    pub attempts: Option<i64>,
    /// The shortest time between two attempts, in milliseconds.
    #[schemars(range(min = 0))]
    pub min_delay_ms: Option<i64>,
    /// The longest time between two attempts, in milliseconds.
    #[schemars(range(min = 0))]
    pub max_delay_ms: Option<i64>,
}

impl Looked for Http {
    const TYPE: &'static str = "http";

    async fn read(self) -> Result<Self> {
        for (name, given) in [
            ("client_cert_pem", self.client_cert_pem.is_some()),
            ("client_key_pem", self.client_key_pem.is_some()),
            ("insecure", self.insecure == Some(true)),
        ] {
            if given {
                return Err(Error::Invalid(format!("`{name}` of data source `http` is not supported yet")));
            }
        }
        let answer = send::patiently(&self).await?;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        Ok(Http {
            id: self.url.clone().into(),
            response_body: text.clone().into(),
            body: text.into(),
            response_body_base64: STANDARD.encode(&answer.body).into(),
            response_headers: answer.headers.into(),
            status_code: i64::from(answer.status).into(),
            ..self
        })
    }
}
