use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_s3::types::{BucketCannedAcl, BucketLocationConstraint, CreateBucketConfiguration};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{S3, blockers, each};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

mod blocks;
mod clear;
mod parts;
pub(super) mod regions;
mod tagging;

pub use blocks::*;
pub(super) use parts::routing;
pub use tagging::{change_tags, list_tags};

/// A place for objects.
///
/// What a bucket does beyond holding objects is set by resources of their own, such as
/// `aws_s3_bucket_lifecycle_configuration`. The blocks of that kind here are shown as AWS has them;
/// of the older ways to write them here, `acl`, `policy`, `versioning`, `acceleration_status` and
/// `request_payer` remain. A plan lists the account's buckets in one call and leaves the blocks as
/// the state has them.
///
/// ```toml
/// [aws_s3_bucket.files]
/// bucket = "acme-files"
/// force_destroy = true
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bucket {
    /// Unique among all buckets of all accounts.
    #[schemars(length(max = 63))]
    pub bucket: Chosen<Fixed<Option<String>>>,
    /// Begin a unique name with this.
    #[schemars(length(max = 37))]
    pub bucket_prefix: Chosen<Fixed<Option<String>>>,
    /// Remove all objects and their versions before the bucket is removed.
    #[serde(default)]
    pub force_destroy: Local<bool>,
    /// Let objects be locked; only a new bucket can be told.
    pub object_lock_enabled: Chosen<Fixed<Option<bool>>>,
    /// A ready-made access list. Deprecated: use `aws_s3_bucket_acl`.
    #[schemars(extend("enum" = ["private", "public-read", "public-read-write", "authenticated-read", "aws-exec-read", "log-delivery-write"]))]
    pub acl: Local<Chosen<Option<String>>>,
    /// The access list. To change it use `aws_s3_bucket_acl`.
    pub grant: Chosen<Set<Grant>>,
    /// `Enabled` or `Suspended`. Deprecated: use `aws_s3_bucket_accelerate_configuration`.
    #[schemars(extend("enum" = ["Enabled", "Suspended"]))]
    pub acceleration_status: Chosen<Option<String>>,
    /// Who may do what. Deprecated: use `aws_s3_bucket_policy`.
    pub policy: Chosen<Option<Json>>,
    /// `BucketOwner` or `Requester`. Deprecated: use `aws_s3_bucket_request_payment_configuration`.
    #[schemars(extend("enum" = ["BucketOwner", "Requester"]))]
    pub request_payer: Chosen<Option<String>>,
    /// What other sites may ask for. To change it use `aws_s3_bucket_cors_configuration`.
    pub cors_rule: Chosen<Vec<Cors>>,
    /// When objects move and go. To change it use `aws_s3_bucket_lifecycle_configuration`.
    pub lifecycle_rule: Chosen<Vec<LifecycleRule>>,
    /// Where requests are logged. To change it use `aws_s3_bucket_logging`.
    pub logging: Chosen<One<Logging>>,
    /// How long objects stay locked. To change it use `aws_s3_bucket_object_lock_configuration`.
    pub object_lock_configuration: Chosen<One<ObjectLock>>,
    /// Copies in other buckets. To change it use `aws_s3_bucket_replication_configuration`.
    pub replication_configuration: Chosen<One<Replication>>,
    /// How new objects are encrypted. To change it use
    /// `aws_s3_bucket_server_side_encryption_configuration`.
    pub server_side_encryption_configuration: Chosen<One<Encryption>>,
    /// Whether former versions are kept. Deprecated: use `aws_s3_bucket_versioning`.
    pub versioning: Chosen<One<Versions>>,
    /// A site made of the objects. To change it use `aws_s3_bucket_website_configuration`.
    pub website: Chosen<One<Website>>,
    pub timeouts: Option<TimeoutsAll>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The bucket's name.
    pub id: Computed<String>,
    /// The bucket's ARN.
    pub arn: Computed<String>,
    /// Such as `acme-files.s3.amazonaws.com`.
    pub bucket_domain_name: Computed<String>,
    /// Such as `acme-files.s3.eu-west-1.amazonaws.com`.
    pub bucket_regional_domain_name: Computed<String>,
    /// Route 53's zone of the region's bucket sites.
    pub hosted_zone_id: Computed<Option<String>>,
    /// The region that holds the bucket.
    pub region: Computed<String>,
    /// The domain of the site.
    pub website_domain: Computed<Option<String>>,
    /// The address of the site.
    pub website_endpoint: Computed<Option<String>>,
}

/// Blocks that are only shown here, and the types that write them.
const ELSEWHERE: [(&str, &str); 8] = [
    ("cors_rule", "aws_s3_bucket_cors_configuration"),
    ("grant", "aws_s3_bucket_acl"),
    ("lifecycle_rule", "aws_s3_bucket_lifecycle_configuration"),
    ("logging", "aws_s3_bucket_logging"),
    ("object_lock_configuration", "aws_s3_bucket_object_lock_configuration"),
    ("replication_configuration", "aws_s3_bucket_replication_configuration"),
    ("server_side_encryption_configuration", "aws_s3_bucket_server_side_encryption_configuration"),
    ("website", "aws_s3_bucket_website_configuration"),
];

/// What a refresh does not ask about.
const UNREAD: &[&str] = &[
    "acceleration_status",
    "cors_rule",
    "grant",
    "lifecycle_rule",
    "logging",
    "object_lock_configuration",
    "object_lock_enabled",
    "policy",
    "replication_configuration",
    "request_payer",
    "server_side_encryption_configuration",
    "versioning",
    "website",
    "website_domain",
    "website_endpoint",
];

impl Resource for Bucket {
    const TYPE: &'static str = "aws_s3_bucket";
    const SENT: &'static [&'static str] = &["acl"];
    const IMPORT: &'static [&'static str] = &["acme-data"];
    const UNWRITTEN: &'static [&'static str] = &[
        "acceleration_status",
        "acl",
        "cors_rule",
        "grant",
        "lifecycle_rule",
        "logging",
        "object_lock_configuration",
        "policy",
        "replication_configuration",
        "request_payer",
        "server_side_encryption_configuration",
        "versioning",
        "website",
    ];
    const TAGS: TagApi = TagApi::S3;
    const READS: Reads = Reads::of(
        &[Cost::once("s3:ListBuckets")],
        "one list has all buckets of an account; what S3 tells one bucket a call is taken from the state",
    );
    const BATCH: usize = 10_000; // one list of all
    const PATIENCE: Duration = Duration::from_secs(1200);
    const PASSING: &'static [&'static [Passing]] = &[S3];
    const DELETE_PATIENCE: Duration = Duration::from_secs(3600);
    const CREATE_SECONDS: u32 = 3;
    const MAY_LAG: bool = true; // the tags
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, names: &[String]) -> Result<Vec<Live<Self>>> {
        if aws.exact() {
            return each(names, |name| async move { parts::read(aws, &name).await }).await;
        }
        let all = match aws.once("s3 buckets", owned(aws)).await {
            Ok(it) => it,
            // Not everybody may list.
            Err(it) if it.code() == Some("AccessDenied") => {
                return each(names, |name| async move { parts::confirm(aws, &name).await }).await;
            }
            Err(it) => return Err(it),
        };
        let there = names.iter().filter(|it| all.contains_key(*it));
        Ok(there.map(|it| live(it, Bucket::named(aws, it), UNREAD)).collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let name = self.name(new);
        // The oldest region is the one that has no name here.
        let place = (aws.region() != "us-east-1").then(|| {
            let region = BucketLocationConstraint::from(aws.region());
            CreateBucketConfiguration::builder().location_constraint(region).build()
        });
        let call = aws
            .s3()
            .create_bucket()
            .bucket(&name)
            .acl(self.acl.as_deref().map_or(BucketCannedAcl::Private, Into::into))
            .set_object_lock_enabled_for_bucket(self.object_lock_enabled.filter(|it| *it))
            .set_create_bucket_configuration(place);
        call.send().await?;
        Ok(name)
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        parts::update(self, aws, was).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let delete = async || -> Result<()> {
            aws.s3().delete_bucket().bucket(self.key()).send().await?;
            Ok(())
        };
        match delete().await {
            Err(it) if it.code() == Some("BucketNotEmpty") && *self.force_destroy => {
                let locked = self.object_lock_enabled.unwrap_or_default();
                clear::clear(aws, &self.key(), locked).await?;
                delete().await
            }
            other => other,
        }
    }

    // CreateBucket takes no token, but a name stands once.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let name = self.name(new);
        let made = owned(aws).await?.remove(&name);
        Ok(made.filter(|it| new.may_have_made(*it)).map(|_| name))
    }

    fn adjust(plan: &mut Adjust) {
        for (name, ty) in ELSEWHERE {
            let given = plan.config(name).is_some_and(|it| it.as_items().is_none_or(|it| !it.is_empty()));
            if given {
                plan.error(name, format!("`{name}` is only shown here: write it as a resource `{ty}`"));
            }
        }
        if plan.config("bucket").is_some() && plan.config("bucket_prefix").is_some() {
            plan.error("bucket_prefix", "`bucket` and `bucket_prefix` exclude each other: keep one of them");
        }
    }

    async fn blockers(&self, aws: &Aws, _op: Op, error: &Error) -> Result<Blockers> {
        Ok(match error.code() {
            Some("BucketNotEmpty") => blockers::of_bucket(aws, &self.key()).await,
            _ => Blockers::default(),
        })
    }
}

impl Bucket {
    fn name(&self, new: &New) -> String {
        new.name(self.bucket.as_deref(), self.bucket_prefix.as_deref())
    }

    /// What follows from its name.
    fn named(aws: &Aws, name: &str) -> Bucket {
        let (region, suffix) = (aws.region(), aws.dns_suffix());
        Bucket {
            bucket: Chosen(Fixed(Some(name.to_owned()))),
            bucket_prefix: Chosen(Fixed(name_prefix(name))),
            force_destroy: Local(false),
            object_lock_enabled: Chosen::default(),
            acl: Local::default(),
            grant: Chosen::default(),
            acceleration_status: Chosen::default(),
            policy: Chosen::default(),
            request_payer: Chosen::default(),
            cors_rule: Chosen::default(),
            lifecycle_rule: Chosen::default(),
            logging: Chosen::default(),
            object_lock_configuration: Chosen::default(),
            replication_configuration: Chosen::default(),
            server_side_encryption_configuration: Chosen::default(),
            versioning: Chosen::default(),
            website: Chosen::default(),
            timeouts: None,
            tags: None,
            tags_all: Chosen::default(),
            id: Computed(name.to_owned()),
            arn: Computed(format!("arn:{}:s3:::{name}", aws.partition())),
            bucket_domain_name: Computed(format!("{name}.s3.{suffix}")),
            bucket_regional_domain_name: Computed(format!("{name}.s3.{region}.{suffix}")),
            hosted_zone_id: Computed(regions::hosted_zone(region).map(str::to_owned)),
            region: Computed(region.to_owned()),
            website_domain: Computed(None),
            website_endpoint: Computed(None),
        }
    }
}

fn live(name: &str, attributes: Bucket, unread: &'static [&'static str]) -> Live<Bucket> {
    Live { key: name.to_owned(), status: Status::Ready, tags: None, unread, attributes }
}

/// The names of all of the account's buckets, and when each was made: seconds since 1970.
async fn owned(aws: &Aws) -> Result<BTreeMap<String, Option<i64>>> {
    let mut out = BTreeMap::new();
    let mut next = None;
    loop {
        let page = aws.s3().list_buckets().set_continuation_token(next).send().await?;
        let buckets = page.buckets.unwrap_or_default().into_iter();
        out.extend(buckets.filter_map(|it| Some((it.name?, it.creation_date.map(|it| it.secs())))));
        next = page.continuation_token.filter(|it| !it.is_empty());
        if next.is_none() {
            return Ok(out);
        }
    }
}
