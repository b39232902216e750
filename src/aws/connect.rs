//! From a provider configuration (or a backend's) to clients.

mod aside;
pub mod clock;
mod credentials;
mod http;
mod pace;
mod presign;
mod profiles;
pub mod retry;
pub mod throttle;
pub mod trace;

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use aws_config::retry::RetryMode;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, ConfigLoader, Region, SdkConfig};

use super::{Aws, Clients, Error, Inner, Result, configured};
pub use aside::Aside;

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
    /// The same for single services, by the name of the client: `s3`, `dynamodb`, `logs`.
    pub endpoints: BTreeMap<String, String>,
    pub path_style: bool,
    pub max_attempts: Option<u32>,
    /// `adaptive` slows down all calls of a client once one is throttled.
    pub adaptive: bool,
    pub config_files: Vec<PathBuf>,
    pub credentials_files: Vec<PathBuf>,
    /// Roles to assume, each with the credentials of the one before.
    pub roles: Vec<Role>,
    /// A role to assume with a token from an identity provider, before `roles`.
    pub web_identity: Option<WebIdentity>,
    /// Where to ask for roles; `region` where absent.
    pub sts_region: Option<String>,
    /// The only accounts to work in, where there are any.
    pub allowed_accounts: Vec<String>,
    pub forbidden_accounts: Vec<String>,
    pub fips: bool,
    pub dualstack: bool,
    /// A proxy for everything, instead of that of the environment.
    pub proxy: Option<String>,
}

/// A role to assume.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Role {
    pub arn: String,
    pub session_name: Option<String>,
    pub external_id: Option<String>,
    /// A policy that narrows the session's rights.
    pub policy: Option<String>,
    pub policy_arns: Vec<String>,
    pub tags: BTreeMap<String, String>,
    pub transitive_tag_keys: Vec<String>,
    pub duration: Option<Duration>,
    pub source_identity: Option<String>,
}

/// A role to assume with a token of an identity provider such as a CI system.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WebIdentity {
    pub role: Role,
    pub token: Option<String>,
    /// Read anew at each renewal.
    pub token_file: Option<PathBuf>,
}

impl Aws {
    /// Reads the configuration, and checks the account where only some are allowed.
    pub async fn connect(settings: &Settings) -> Result<Aws> {
        let loaded = loader(settings)?.load().await;
        let Some(region) = loaded.region().map(|it| it.to_string()) else {
            return Err(Error::Invalid("no region: set `region` in [provider.aws], or AWS_REGION".into()));
        };
        let tracer = trace::Tracer::default();
        let config = credentials::assume(settings, loaded, &tracer)?;
        let path_style = settings.path_style || config.endpoint_url().is_some();
        let aws = Aws {
            inner: Rc::new(Inner {
                config,
                region,
                path_style,
                endpoints: settings.endpoints.clone(),
                tracer,
                clients: Clients::default(),
                s3: std::cell::OnceCell::new(),
                account: Rc::default(),
                memo: RefCell::new(HashMap::new()),
            }),
            exact: true,
            completes: false,
            default_tags: Rc::default(),
        };
        aws.check_account(settings).await?;
        Ok(aws)
    }

    /// For what needs no AWS: a connection to nowhere. A call on it fails before anything is sent.
    pub fn none() -> Aws {
        let config = SdkConfig::builder().behavior_version(BehaviorVersion::latest()).build();
        let inner = Inner {
            config,
            region: String::new(),
            path_style: false,
            endpoints: BTreeMap::new(),
            tracer: trace::Tracer::default(),
            clients: Clients::default(),
            s3: std::cell::OnceCell::new(),
            account: Rc::default(),
            memo: RefCell::new(HashMap::new()),
        };
        Aws { inner: Rc::new(inner), exact: true, completes: false, default_tags: Rc::default() }
    }

    /// S3 wants path-style addresses where the endpoint is not AWS's own.
    pub fn s3(&self) -> &aws_sdk_s3::Client {
        self.inner.s3.get_or_init(|| {
            let path_style = self.inner.path_style || self.inner.endpoints.contains_key("s3");
            let config = configured!(aws_sdk_s3, self.inner, "s3");
            aws_sdk_s3::Client::from_conf(config.force_path_style(path_style).build())
        })
    }

    async fn check_account(&self, settings: &Settings) -> Result<()> {
        let (allowed, forbidden) = (&settings.allowed_accounts, &settings.forbidden_accounts);
        if allowed.is_empty() && forbidden.is_empty() {
            return Ok(());
        }
        let own = self.account().await?;
        let id = &own.id;
        let why = if forbidden.contains(id) {
            "`forbidden_account_ids` names that one".to_owned()
        } else if !allowed.is_empty() && !allowed.contains(id) {
            format!("`allowed_account_ids` allows {} only", allowed.join(" and "))
        } else {
            return Ok(());
        };
        let who = whose(settings, &own.arn);
        Err(Error::Invalid(format!("these credentials are of account {id}, and {why} (they are {who})")))
    }
}

/// Who the credentials are of, and the profile they come from where one was asked for.
fn whose(settings: &Settings, arn: &str) -> String {
    let variable = |name: &str| std::env::var(name).ok().filter(|it| !it.is_empty());
    // Keys in the environment win over its profile, and not over that of the stack.
    let keys = settings.access_key.is_some() || variable("AWS_ACCESS_KEY_ID").is_some();
    let named = settings.profile.clone().or_else(|| variable("AWS_PROFILE").filter(|_| !keys));
    match named {
        Some(profile) => format!("`{arn}`, from profile `{profile}`"),
        None => format!("`{arn}`"),
    }
}

fn loader(settings: &Settings) -> Result<ConfigLoader> {
    let http = http::client(settings.proxy.as_deref())?;
    let timeouts =
        TimeoutConfig::builder().connect_timeout(Duration::from_secs(5)).read_timeout(silence()?).build();
    let mode = if settings.adaptive { RetryMode::Adaptive } else { RetryMode::Standard };
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http.clone())
        .timeout_config(timeouts)
        .retry_config(retry::config(mode, settings.max_attempts));
    if let Some(region) = &settings.region {
        loader = loader.region(Region::new(region.clone()));
    }
    if let Some(endpoint) = &settings.endpoint {
        loader = loader.endpoint_url(endpoint);
    }
    if settings.fips {
        loader = loader.use_fips(true);
    }
    if settings.dualstack {
        loader = loader.use_dual_stack(true);
    }
    let files = profiles::files(settings);
    if let Some(files) = &files {
        loader = loader.profile_files(files.clone());
    }
    if let Some(profile) = &settings.profile {
        // The SDK would prefer keys in the environment even to a profile that the stack names.
        let own = credentials::of_profile(profile, files, http, settings);
        loader = loader.profile_name(profile).credentials_provider(own);
    }
    if let (Some(key), Some(secret)) = (&settings.access_key, &settings.secret_key) {
        let given =
            aws_credential_types::Credentials::new(key, secret, settings.token.clone(), None, "stack");
        loader = loader.credentials_provider(given);
    }
    Ok(loader)
}

/// For so many seconds AWS may be silent before a call counts as lost.
const TIMEOUT: &str = "INFRA_AWS_TIMEOUT";

fn silence() -> Result<Duration> {
    let Some(text) = std::env::var(TIMEOUT).ok().filter(|it| !it.is_empty()) else {
        return Ok(http::SILENCE);
    };
    match text.parse::<u64>() {
        Ok(seconds) if seconds > 0 => Ok(Duration::from_secs(seconds)),
        _ => Err(Error::Invalid(format!("{TIMEOUT} is `{text}`: it is a number of seconds, such as 60"))),
    }
}

/// `~/` is the home folder.
fn home(path: &std::path::Path) -> PathBuf {
    match (path.strip_prefix("~"), std::env::home_dir()) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path.to_owned(),
    }
}

/// The configuration with other credentials.
fn with_credentials(
    config: SdkConfig,
    credentials: impl aws_credential_types::provider::ProvideCredentials + 'static,
) -> SdkConfig {
    let shared = aws_credential_types::provider::SharedCredentialsProvider::new(credentials);
    config.into_builder().credentials_provider(shared).build()
}
