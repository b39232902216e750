//! Credentials: of a profile, of roles assumed one after the other, of a web identity.
#![allow(deprecated, reason = "as in `profiles`")]

use std::path::Path;
use std::time::SystemTime;

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::{Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};
use aws_sdk_sts::types::{PolicyDescriptorType, Tag};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use tokio::sync::Mutex;

use super::profiles::ProfileFiles;
use super::{Role, Settings, WebIdentity, retry, trace, with_credentials};
use crate::aws::{Error, Result};

/// The credentials of a profile that the settings name.
pub(super) fn of_profile(
    name: &str,
    files: Option<ProfileFiles>,
    http: SharedHttpClient,
    settings: &Settings,
) -> impl ProvideCredentials + 'static {
    let region = settings.region.clone().map(Region::new);
    let config = ProviderConfig::without_region().with_region(region).with_http_client(http);
    let mut builder = ProfileFileCredentialsProvider::builder().configure(&config).profile_name(name);
    if let Some(files) = files {
        builder = builder.profile_files(files);
    }
    Profile { name: name.to_owned(), inner: builder.build() }
}

/// Says which profile it is that has no credentials.
#[derive(Debug)]
struct Profile {
    name: String,
    inner: ProfileFileCredentialsProvider,
}

impl ProvideCredentials for Profile {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            self.inner.provide_credentials().await.map_err(|error| match error {
                CredentialsError::CredentialsNotLoaded(_) => {
                    CredentialsError::invalid_configuration(format!(
                        "profile `{}` is not in the shared configuration files, or has no credentials there",
                        self.name
                    ))
                }
                other => other,
            })
        })
    }
}

/// The configuration with the credentials of the last role in the chain.
pub(super) fn assume(settings: &Settings, base: SdkConfig, tracer: &trace::Tracer) -> Result<SdkConfig> {
    let mut config = base;
    if let Some(it) = &settings.web_identity {
        let (token, client) = (Token::of(it)?, sts(settings, &config, tracer));
        config = with_credentials(config, Assumed::new(client, it.role.clone(), Some(token)));
    }
    for role in &settings.roles {
        let client = sts(settings, &config, tracer);
        config = with_credentials(config, Assumed::new(client, role.clone(), None));
    }
    Ok(config)
}

fn sts(settings: &Settings, config: &SdkConfig, tracer: &trace::Tracer) -> aws_sdk_sts::Client {
    let mut it = aws_sdk_sts::config::Builder::from(config)
        .retry_partition(retry::partition("sts"))
        .retry_classifier(retry::Classifier)
        .interceptor(tracer.clone());
    if let Some(region) = &settings.sts_region {
        it = it.region(Region::new(region.clone()));
    }
    if let Some(endpoint) = settings.endpoints.get("sts") {
        it = it.endpoint_url(endpoint);
    }
    aws_sdk_sts::Client::from_conf(it.build())
}

/// Where a web identity's token comes from.
#[derive(Debug)]
enum Token {
    Given(String),
    File(std::path::PathBuf),
}

impl Token {
    fn of(it: &WebIdentity) -> Result<Token> {
        match (&it.token, &it.token_file) {
            (Some(token), _) => Ok(Token::Given(token.clone())),
            (None, Some(file)) => Ok(Token::File(super::home(file))),
            (None, None) => Err(Error::Invalid(
                "`assume_role_with_web_identity` needs `web_identity_token` or `web_identity_token_file`"
                    .into(),
            )),
        }
    }

    async fn read(&self) -> std::result::Result<String, CredentialsError> {
        match self {
            Token::Given(it) => Ok(it.clone()),
            Token::File(path) => read_token(path).await,
        }
    }
}

async fn read_token(path: &Path) -> std::result::Result<String, CredentialsError> {
    let text = tokio::fs::read_to_string(path).await;
    text.map_err(|it| {
        let what = format!("the web identity's token in {} cannot be read: {it}", path.display());
        CredentialsError::invalid_configuration(what)
    })
}

/// Credentials of a role: asked for when needed, and again shortly before they end.
#[derive(Debug)]
struct Assumed {
    sts: aws_sdk_sts::Client,
    role: Role,
    token: Option<Token>,
    last: Mutex<Option<Credentials>>,
}

/// Renewed this long before their end.
const MARGIN: std::time::Duration = std::time::Duration::from_secs(300);

impl Assumed {
    fn new(sts: aws_sdk_sts::Client, role: Role, token: Option<Token>) -> Self {
        Assumed { sts, role, token, last: Mutex::new(None) }
    }

    async fn credentials(&self) -> std::result::Result<Credentials, CredentialsError> {
        // All clients of a region come here when they start: one of them asks.
        let mut last = self.last.lock().await;
        let fresh = |it: &Credentials| it.expiry().is_none_or(|end| SystemTime::now() + MARGIN < end);
        if let Some(found) = last.as_ref().filter(|it| fresh(it)) {
            return Ok(found.clone());
        }
        let asked = match &self.token {
            Some(token) => self.with_token(token.read().await?).await,
            None => self.with_keys().await,
        };
        let found = asked.map_err(|it| {
            CredentialsError::provider_error(format!("role {} cannot be assumed: {it}", self.role.arn))
        })?;
        Ok(last.insert(found).clone())
    }

    async fn with_keys(&self) -> Result<Credentials> {
        let role = &self.role;
        let call = self
            .sts
            .assume_role()
            .role_arn(&role.arn)
            .role_session_name(role.session())
            .set_external_id(role.external_id.clone())
            .set_policy(role.policy.clone())
            .set_policy_arns(role.policies())
            .set_tags(role.sent_tags()?)
            .set_transitive_tag_keys(some(role.transitive_tag_keys.clone()))
            .set_duration_seconds(role.seconds())
            .set_source_identity(role.source_identity.clone());
        credentials(call.send().await?.credentials)
    }

    async fn with_token(&self, token: String) -> Result<Credentials> {
        let role = &self.role;
        let call = self
            .sts
            .assume_role_with_web_identity()
            .role_arn(&role.arn)
            .role_session_name(role.session())
            .web_identity_token(token.trim())
            .set_policy(role.policy.clone())
            .set_policy_arns(role.policies())
            .set_duration_seconds(role.seconds());
        credentials(call.send().await?.credentials)
    }
}

impl ProvideCredentials for Assumed {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.credentials())
    }
}

fn some<T>(items: Vec<T>) -> Option<Vec<T>> {
    (!items.is_empty()).then_some(items)
}

fn credentials(answer: Option<aws_sdk_sts::types::Credentials>) -> Result<Credentials> {
    let it = answer.ok_or(Error::Incomplete("the role's credentials"))?;
    let end = SystemTime::try_from(it.expiration).ok();
    Ok(Credentials::new(it.access_key_id, it.secret_access_key, Some(it.session_token), end, "role"))
}

impl Role {
    fn session(&self) -> String {
        let unique = || format!("infra-{}", &uuid::Uuid::new_v4().simple().to_string()[..16]);
        self.session_name.clone().unwrap_or_else(unique)
    }

    fn seconds(&self) -> Option<i32> {
        self.duration.and_then(|it| i32::try_from(it.as_secs()).ok())
    }

    fn policies(&self) -> Option<Vec<PolicyDescriptorType>> {
        let each = self.policy_arns.iter().map(|it| PolicyDescriptorType::builder().arn(it).build());
        some(each.collect())
    }

    fn sent_tags(&self) -> Result<Option<Vec<Tag>>> {
        let each = self.tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build());
        let all = each.collect::<std::result::Result<Vec<_>, _>>();
        all.map(some).map_err(|it| Error::Invalid(it.to_string()))
    }
}
