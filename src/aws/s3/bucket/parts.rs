//! What S3 answers about a bucket, one question a part; and the parts that are written here.

use std::collections::BTreeMap;

use aws_sdk_s3::types::{
    self as sdk, AccelerateConfiguration, RequestPaymentConfiguration, VersioningConfiguration,
};

use super::blocks::*;
use super::{Bucket, UNREAD, live, regions};
use crate::aws::s3::{Place, there, versioning};
use crate::aws::shape::{built, seen};
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// Whether it exists, and no more.
pub async fn confirm(aws: &Aws, name: &str) -> Result<Option<Live<Bucket>>> {
    let head = aws.s3().head_bucket().bucket(name).send().await;
    Ok(there(head.map_err(Error::from))?.map(|_| live(name, Bucket::named(aws, name), UNREAD)))
}

/// The bucket and all its parts, asked for at once.
pub async fn read(aws: &Aws, name: &str) -> Result<Option<Live<Bucket>>> {
    let Some(mut out) = confirm(aws, name).await? else { return Ok(None) };
    let it = &mut out.attributes;
    let s3 = aws.s3();
    let (policy, acl, cors, website, versions) = futures::try_join!(
        async { part(s3.get_bucket_policy().bucket(name).send().await.map_err(Error::from)) },
        async { part(s3.get_bucket_acl().bucket(name).send().await.map_err(Error::from)) },
        async { part(s3.get_bucket_cors().bucket(name).send().await.map_err(Error::from)) },
        async { part(s3.get_bucket_website().bucket(name).send().await.map_err(Error::from)) },
        async { part(versioning::ask(aws, &Place::new(name, None)).await) },
    )?;
    let (fast, payer, logging, encryption, lock) = futures::try_join!(
        async {
            part(s3.get_bucket_accelerate_configuration().bucket(name).send().await.map_err(Error::from))
        },
        async { part(s3.get_bucket_request_payment().bucket(name).send().await.map_err(Error::from)) },
        async { part(s3.get_bucket_logging().bucket(name).send().await.map_err(Error::from)) },
        async { part(s3.get_bucket_encryption().bucket(name).send().await.map_err(Error::from)) },
        async { part(s3.get_object_lock_configuration().bucket(name).send().await.map_err(Error::from)) },
    )?;
    it.policy = seen(policy.and_then(|it| it.policy));
    it.grant = Chosen(grants(acl.and_then(|it| it.grants)));
    it.cors_rule = Chosen(cors.and_then(|it| it.cors_rules).into_iter().flatten().map(Cors::from).collect());
    it.versioning = Chosen(One(versions.map(|it| Versions {
        enabled: it.status == "Enabled",
        mfa_delete: it.mfa_delete.as_deref() == Some("Enabled"),
    })));
    it.acceleration_status = seen(fast.and_then(|it| it.status));
    it.request_payer = seen(payer.and_then(|it| it.payer));
    it.logging = Chosen(One(logging.and_then(|it| it.logging_enabled).map(Logging::from)));
    let encryption = encryption.and_then(|it| it.server_side_encryption_configuration);
    it.server_side_encryption_configuration = Chosen(One(encryption.map(Encryption::from)));
    let lock = lock.and_then(|it| it.object_lock_configuration);
    it.object_lock_enabled =
        Chosen(Fixed(Some(lock.as_ref().is_some_and(|it| it.object_lock_enabled.is_some()))));
    it.object_lock_configuration = Chosen(One(lock.map(ObjectLock::from)));
    if let Some(site) = website {
        let domain = regions::website_domain(aws.region(), aws.dns_suffix());
        it.website_endpoint = Computed(Some(format!("{name}.{domain}")));
        it.website_domain = Computed(Some(domain));
        it.website = Chosen(One(Some(Website::from(site))));
    }
    out.unread = &["lifecycle_rule", "replication_configuration"];
    Ok(Some(out))
}

/// Not every region, partition or endpoint has every part.
fn part<T>(answer: Result<T>) -> Result<Option<T>> {
    match answer {
        Err(Error::Unimplemented(_)) => Ok(None),
        Err(it) => match it.code() {
            Some("MethodNotAllowed" | "NotImplemented" | "UnsupportedArgument" | "XNotImplemented") => {
                Ok(None)
            }
            _ => there(Err(it)),
        },
        Ok(it) => Ok(Some(it)),
    }
}

/// One block a grantee.
fn grants(answer: Option<Vec<sdk::Grant>>) -> Set<Grant> {
    let mut out = BTreeMap::<(Option<String>, Option<String>, String), Vec<String>>::new();
    for it in answer.into_iter().flatten() {
        let Some((grantee, permission)) = it.grantee.zip(it.permission) else { continue };
        let key = (grantee.id, grantee.uri, grantee.r#type.as_str().to_owned());
        out.entry(key).or_default().push(permission.as_str().to_owned());
    }
    let ours = |((id, uri, r#type), all)| Grant { id, uri, r#type, permissions: Set(all) };
    out.into_iter().map(ours).collect()
}

impl From<sdk::CorsRule> for Cors {
    fn from(it: sdk::CorsRule) -> Self {
        Cors {
            allowed_headers: it.allowed_headers.unwrap_or_default(),
            allowed_methods: it.allowed_methods,
            allowed_origins: it.allowed_origins,
            expose_headers: it.expose_headers.unwrap_or_default(),
            max_age_seconds: seen(it.max_age_seconds),
        }
    }
}

impl From<sdk::LoggingEnabled> for Logging {
    fn from(it: sdk::LoggingEnabled) -> Self {
        Logging {
            target_bucket: it.target_bucket,
            target_prefix: Some(it.target_prefix).filter(|it| !it.is_empty()),
        }
    }
}

impl From<sdk::ServerSideEncryptionConfiguration> for Encryption {
    fn from(it: sdk::ServerSideEncryptionConfiguration) -> Self {
        let default = |it: sdk::ServerSideEncryptionByDefault| ByDefault {
            sse_algorithm: it.sse_algorithm.as_str().to_owned(),
            kms_master_key_id: it.kms_master_key_id.filter(|it| !it.is_empty()),
        };
        let rule = it.rules.into_iter().next().map(|it| EncryptionRule {
            bucket_key_enabled: it.bucket_key_enabled,
            apply_server_side_encryption_by_default: One(it
                .apply_server_side_encryption_by_default
                .map(default)),
        });
        Encryption { rule: One(rule) }
    }
}

impl From<sdk::ObjectLockConfiguration> for ObjectLock {
    fn from(it: sdk::ObjectLockConfiguration) -> Self {
        let retention = |it: sdk::DefaultRetention| Retention {
            mode: seen(it.mode),
            days: seen(it.days),
            years: seen(it.years),
        };
        let rule = |it: sdk::ObjectLockRule| LockRule {
            default_retention: One(it.default_retention.map(retention)),
        };
        ObjectLock { object_lock_enabled: seen(it.object_lock_enabled), rule: One(it.rule.map(rule)) }
    }
}

impl From<aws_sdk_s3::operation::get_bucket_website::GetBucketWebsiteOutput> for Website {
    fn from(it: aws_sdk_s3::operation::get_bucket_website::GetBucketWebsiteOutput) -> Self {
        let host = it.redirect_all_requests_to.map(|it| match it.protocol {
            Some(protocol) => format!("{}://{}", protocol.as_str(), it.host_name),
            None => it.host_name,
        });
        let rules = it.routing_rules.filter(|it| !it.is_empty());
        Website {
            error_document: it.error_document.map(|it| it.key),
            index_document: it.index_document.map(|it| it.suffix),
            redirect_all_requests_to: host,
            routing_rules: rules
                .map(|it| serde_json::Value::from_iter(it.into_iter().map(routing)).to_string()),
        }
    }
}

/// As S3 writes it in JSON.
pub fn routing(it: sdk::RoutingRule) -> serde_json::Value {
    let some = |all: Vec<(&str, Option<String>)>| {
        let given = all.into_iter().filter_map(|(k, v)| Some((k.to_owned(), v?.into())));
        serde_json::Value::Object(given.collect())
    };
    let condition = it.condition.map(|it| {
        some(vec![
            ("HttpErrorCodeReturnedEquals", it.http_error_code_returned_equals),
            ("KeyPrefixEquals", it.key_prefix_equals),
        ])
    });
    let redirect = it.redirect.map(|it| {
        some(vec![
            ("HostName", it.host_name),
            ("HttpRedirectCode", it.http_redirect_code),
            ("Protocol", it.protocol.map(|it| it.as_str().to_owned())),
            ("ReplaceKeyPrefixWith", it.replace_key_prefix_with),
            ("ReplaceKeyWith", it.replace_key_with),
        ])
    });
    let parts = [("Condition", condition), ("Redirect", redirect)];
    let given = parts.into_iter().filter_map(|(k, v)| Some((k.to_owned(), v?)));
    serde_json::Value::Object(given.collect())
}

/// The parts that are still written here, one call each.
pub async fn update(wanted: &Bucket, aws: &Aws, was: &Bucket) -> Result<()> {
    let (s3, name) = (aws.s3(), was.key());
    if wanted.acl != was.acl
        && let Some(acl) = wanted.acl.as_deref()
    {
        s3.put_bucket_acl().bucket(&name).acl(acl.into()).send().await?;
    }
    if wanted.policy != was.policy {
        match wanted.policy.as_ref().filter(|it| !it.is_empty()) {
            Some(it) => _ = s3.put_bucket_policy().bucket(&name).policy(&it.0).send().await?,
            None => _ = s3.delete_bucket_policy().bucket(&name).send().await?,
        }
    }
    if wanted.versioning != was.versioning
        && let Some(it) = wanted.versioning.as_ref()
    {
        let on = |it: bool, yes: &'static str, no: &'static str| if it { yes } else { no };
        let config = VersioningConfiguration::builder()
            .status(on(it.enabled, "Enabled", "Suspended").into())
            .set_mfa_delete(it.mfa_delete.then(|| "Enabled".into()));
        s3.put_bucket_versioning().bucket(&name).versioning_configuration(config.build()).send().await?;
    }
    if wanted.acceleration_status != was.acceleration_status
        && let Some(it) = wanted.acceleration_status.as_deref().filter(|it| !it.is_empty())
    {
        let config = AccelerateConfiguration::builder().status(it.into()).build();
        let call = s3.put_bucket_accelerate_configuration().bucket(&name);
        call.accelerate_configuration(config).send().await?;
    }
    if wanted.request_payer != was.request_payer
        && let Some(it) = wanted.request_payer.as_deref().filter(|it| !it.is_empty())
    {
        let config = built(RequestPaymentConfiguration::builder().payer(it.into()).build())?;
        let call = s3.put_bucket_request_payment().bucket(&name);
        call.request_payment_configuration(config).send().await?;
    }
    Ok(())
}
