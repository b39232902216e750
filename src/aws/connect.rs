//! From a provider configuration to clients.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region};
use tokio::sync::OnceCell;

use super::{Aws, Clients, Error, Inner, Result};

/// What a provider block (or a backend block) says about how to reach AWS. What is absent comes
/// from the environment and the shared configuration files, as in every AWS tool.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    pub region: Option<String>,
    pub profile: Option<String>,
    pub access_key: Option<String>,
    pub secret_key: Option<String>,
    pub token: Option<String>,
    /// Instead of AWS's own addresses, for every service.
    pub endpoint: Option<String>,
    pub path_style: bool,
    pub max_attempts: Option<u32>,
}

impl Aws {
    /// Reads credentials and region; calls nothing yet.
    pub async fn connect(settings: &Settings) -> Result<Aws> {
        let http = aws_smithy_http_client::Builder::new()
            .tls_provider(aws_smithy_http_client::tls::Provider::Rustls(
                aws_smithy_http_client::tls::rustls_provider::CryptoMode::Ring,
            ))
            .build_https();
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(5))
            .operation_attempt_timeout(Duration::from_secs(60))
            .build();
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .http_client(http)
            .timeout_config(timeouts)
            .retry_config(RetryConfig::standard().with_max_attempts(settings.max_attempts.unwrap_or(25)));
        if let Some(region) = &settings.region {
            loader = loader.region(Region::new(region.clone()));
        }
        if let Some(profile) = &settings.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(endpoint) = &settings.endpoint {
            loader = loader.endpoint_url(endpoint);
        }
        if let (Some(key), Some(secret)) = (&settings.access_key, &settings.secret_key) {
            let given =
                aws_credential_types::Credentials::new(key, secret, settings.token.clone(), None, "stack");
            loader = loader.credentials_provider(given);
        }
        let config = loader.load().await;
        let Some(region) = config.region().map(|it| it.to_string()) else {
            return Err(Error::Invalid("no region: set `region` in [provider.aws], or AWS_REGION".into()));
        };
        let path_style = settings.path_style || config.endpoint_url().is_some();
        Ok(Aws {
            inner: Rc::new(Inner {
                config,
                region,
                path_style,
                clients: Clients::default(),
                s3: std::cell::OnceCell::new(),
                account: OnceCell::new(),
                memo: RefCell::new(HashMap::new()),
            }),
            exact: true,
        })
    }

    /// S3 wants path-style addresses where the endpoint is not AWS's own.
    pub fn s3(&self) -> &aws_sdk_s3::Client {
        self.inner.s3.get_or_init(|| {
            let config = aws_sdk_s3::config::Builder::from(&self.inner.config);
            aws_sdk_s3::Client::from_conf(config.force_path_style(self.inner.path_style).build())
        })
    }
}
