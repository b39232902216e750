//! Service Connect: how services of a namespace find each other.

use aws_sdk_ecs::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::Result;
use crate::aws::ecs::stated;
use crate::aws::shape::{built, seen, sent};
use crate::resource::*;

/// How services of a namespace find each other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Connect {
    /// Whether the service takes part.
    pub enabled: bool,
    /// Name or ARN of the namespace; else the cluster's.
    pub namespace: Chosen<Option<String>>,
    /// What the service offers to others; nothing where it only asks them.
    #[serde(default)]
    pub service: Vec<Offer>,
    /// Where the proxy beside the containers writes its log.
    #[serde(default)]
    pub log_configuration: One<Log>,
}

/// A port that others may use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// The name of a port in the task definition.
    pub port_name: String,
    /// Its name in Cloud Map; else `port_name`.
    pub discovery_name: Chosen<Option<String>>,
    /// The port that the proxy listens at.
    #[schemars(range(min = 0, max = 65_535))]
    pub ingress_port_override: Option<i64>,
    /// By which name and port others reach it.
    #[serde(default)]
    pub client_alias: One<Alias>,
    /// When the proxy gives up.
    #[serde(default)]
    pub timeout: One<Timeout>,
    /// Encryption between the proxies.
    #[serde(default)]
    pub tls: One<Tls>,
}

/// A name and port for others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Alias {
    /// The port.
    #[schemars(range(min = 0, max = 65_535))]
    pub port: i64,
    /// The name; else `discovery_name.namespace`.
    pub dns_name: Chosen<Option<String>>,
}

/// When the proxy gives up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Timeout {
    /// A connection at which nothing happens for so long, in seconds; never where it is 0.
    #[schemars(range(min = 0, max = 2_147_483_647))]
    pub idle_timeout_seconds: Option<i64>,
    /// A request that takes so long, in seconds; never where it is 0.
    #[schemars(range(min = 0, max = 2_147_483_647))]
    pub per_request_timeout_seconds: Option<i64>,
}

/// Encryption between the proxies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// Who signs the certificates.
    #[schemars(length(min = 1, max = 1))]
    pub issuer_cert_authority: One<Authority>,
    /// The KMS key that encrypts their private keys.
    pub kms_key: Option<String>,
    /// ARN of the role by which ECS has them signed.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub role_arn: Option<String>,
}

/// Who signs certificates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    /// ARN of a private certificate authority.
    #[schemars(regex(pattern = r"^arn:.+$"))]
    pub aws_pca_authority_arn: String,
}

/// Where a log goes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// Such as `awslogs`.
    #[schemars(extend("enum" = [
        "json-file", "syslog", "journald", "gelf", "fluentd", "awslogs", "splunk", "awsfirelens"
    ]))]
    pub log_driver: String,
    /// Its settings.
    pub options: Chosen<Option<Tags>>,
    /// Settings that are secrets.
    #[serde(default)]
    pub secret_option: Vec<SecretOption>,
}

/// A setting that is a secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretOption {
    /// The setting's name.
    pub name: String,
    /// ARN of the secret or parameter.
    pub value_from: String,
}

crate::mirror!(Timeout = sdk::TimeoutConfiguration { idle_timeout_seconds, per_request_timeout_seconds });
crate::mirror!(Authority = sdk::ServiceConnectTlsCertificateAuthority { aws_pca_authority_arn });

impl Connect {
    pub fn sent(&self) -> Result<sdk::ServiceConnectConfiguration> {
        let offers = self.service.iter().map(Offer::sent).collect::<Result<Vec<_>>>()?;
        let log = self.log_configuration.as_ref().map(Log::sent).transpose()?;
        let one = sdk::ServiceConnectConfiguration::builder().enabled(self.enabled);
        let one = one.set_namespace(stated(&self.namespace)).set_log_configuration(log);
        Ok(one.set_services((!offers.is_empty()).then_some(offers)).build())
    }

    /// What switches it off.
    pub fn off() -> sdk::ServiceConnectConfiguration {
        sdk::ServiceConnectConfiguration::builder().enabled(false).build()
    }
}

impl Offer {
    fn sent(&self) -> Result<sdk::ServiceConnectService> {
        let alias = self.client_alias.as_ref().map(Alias::sent).transpose()?;
        let one = sdk::ServiceConnectService::builder()
            .port_name(&self.port_name)
            .set_discovery_name(stated(&self.discovery_name))
            .set_ingress_port_override(
                self.ingress_port_override.filter(|it| *it != 0).and_then(|it| sent(&it)),
            )
            .set_client_aliases(alias.map(|it| vec![it]))
            .set_timeout(self.timeout.as_ref().map(sdk::TimeoutConfiguration::from))
            .set_tls(self.tls.as_ref().map(Tls::sent));
        built(one.build())
    }
}

impl Alias {
    fn sent(&self) -> Result<sdk::ServiceConnectClientAlias> {
        let one = sdk::ServiceConnectClientAlias::builder().set_port(sent(&self.port));
        built(one.set_dns_name(stated(&self.dns_name)).build())
    }
}

impl Tls {
    fn sent(&self) -> sdk::ServiceConnectTlsConfiguration {
        let authority = self.issuer_cert_authority.as_ref();
        sdk::ServiceConnectTlsConfiguration::builder()
            .set_issuer_certificate_authority(authority.map(sdk::ServiceConnectTlsCertificateAuthority::from))
            .set_kms_key(stated(&self.kms_key))
            .set_role_arn(stated(&self.role_arn))
            .build()
    }
}

impl Log {
    fn sent(&self) -> Result<sdk::LogConfiguration> {
        let secrets = self
            .secret_option
            .iter()
            .map(|it| built(sdk::Secret::builder().name(&it.name).value_from(&it.value_from).build()));
        let secrets = secrets.collect::<Result<Vec<_>>>()?;
        let options = self.options.0.clone().filter(|it| !it.is_empty());
        let one = sdk::LogConfiguration::builder().log_driver(self.log_driver.as_str().into());
        let one = one.set_options(options.map(|it| it.into_iter().collect()));
        built(one.set_secret_options((!secrets.is_empty()).then_some(secrets)).build())
    }
}

impl From<sdk::ServiceConnectConfiguration> for Connect {
    fn from(it: sdk::ServiceConnectConfiguration) -> Self {
        Connect {
            enabled: it.enabled,
            namespace: Chosen(it.namespace),
            service: it.services.unwrap_or_default().into_iter().map(Offer::from).collect(),
            log_configuration: One(it.log_configuration.map(Log::from)),
        }
    }
}

impl From<sdk::ServiceConnectService> for Offer {
    fn from(it: sdk::ServiceConnectService) -> Self {
        let alias = it.client_aliases.unwrap_or_default().into_iter().next();
        let tls = it.tls.map(|it| Tls {
            issuer_cert_authority: One(it.issuer_certificate_authority.map(Authority::from)),
            kms_key: it.kms_key,
            role_arn: it.role_arn,
        });
        Offer {
            port_name: it.port_name,
            discovery_name: Chosen(it.discovery_name),
            ingress_port_override: seen(it.ingress_port_override),
            client_alias: One(
                alias.map(|it| Alias { port: i64::from(it.port), dns_name: Chosen(it.dns_name) })
            ),
            timeout: One(it.timeout.map(Timeout::from)),
            tls: One(tls),
        }
    }
}

impl From<sdk::LogConfiguration> for Log {
    fn from(it: sdk::LogConfiguration) -> Self {
        let secrets = it.secret_options.unwrap_or_default().into_iter();
        Log {
            log_driver: it.log_driver.as_str().to_owned(),
            options: Chosen(it.options.map(|it| it.into_iter().collect())),
            secret_option: secrets
                .map(|it| SecretOption { name: it.name, value_from: it.value_from })
                .collect(),
        }
    }
}
