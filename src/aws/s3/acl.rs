use std::time::Duration;

use aws_sdk_s3::operation::get_bucket_acl::GetBucketAclOutput;
use aws_sdk_s3::types::{self as sdk, AccessControlPolicy as SentPolicy};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Place, S3, each, there};
use crate::aws::shape::{built, seen};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::{Adjust, is_nothing};
use crate::resource::*;

/// The access list of a bucket. Most buckets have none, and a policy instead.
///
/// The bucket's `aws_s3_bucket_ownership_controls` must allow for lists. Removing this leaves the list as
/// it is: a bucket that allows for lists has one.
///
/// ```toml
/// [aws_s3_bucket_acl.logs]
/// bucket = "${aws_s3_bucket.logs.id}"
/// acl = "log-delivery-write"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BucketAcl {
    /// The bucket.
    #[schemars(length(min = 1, max = 63))]
    pub bucket: Fixed<String>,
    /// The account that the bucket must belong to.
    #[schemars(regex(pattern = r"^(\d{12})?$"))]
    pub expected_bucket_owner: Fixed<Option<String>>,
    /// A ready-made list, such as `private`; or say `access_control_policy`.
    #[schemars(extend("enum" = ["authenticated-read", "private", "public-read", "public-read-write", "aws-exec-read", "log-delivery-write"]))]
    pub acl: Option<String>,
    /// The list itself.
    #[serde(default)]
    pub access_control_policy: Chosen<One<Policy>>,
    /// The bucket's name, and after commas `expected_bucket_owner` and `acl` where they are given.
    pub id: Computed<String>,
}

/// An access list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Who may do what.
    #[serde(default)]
    pub grant: Set<Grant>,
    /// The bucket's owner.
    #[serde(default)]
    #[schemars(length(min = 1, max = 1))]
    pub owner: One<Owner>,
}

/// What one grantee may do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// Who.
    #[serde(default)]
    pub grantee: One<Grantee>,
    /// `FULL_CONTROL`, `READ`, `WRITE`, `READ_ACP` or `WRITE_ACP`.
    #[schemars(extend("enum" = ["FULL_CONTROL", "WRITE", "WRITE_ACP", "READ", "READ_ACP"]))]
    pub permission: String,
}

/// Who may do it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Grantee {
    /// `CanonicalUser`, `AmazonCustomerByEmail` or `Group`.
    #[schemars(extend("enum" = ["CanonicalUser", "AmazonCustomerByEmail", "Group"]))]
    pub r#type: String,
    /// The user's canonical id.
    pub id: Option<String>,
    /// The user's address.
    pub email_address: Option<String>,
    /// The group's URI.
    pub uri: Option<String>,
    /// The user's name.
    pub display_name: Computed<Option<String>>,
}

/// A bucket's owner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Owner {
    /// The owner's canonical id.
    pub id: String,
    /// The owner's name.
    pub display_name: Chosen<Option<String>>,
}

/// A bucket, and the ready-made list that it was given: S3 does not remember that.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Listed {
    place: Place,
    acl: Option<String>,
}

impl Listed {
    fn id(&self) -> String {
        match &self.acl {
            Some(acl) => format!("{},{acl}", self.place.id()),
            None => self.place.id(),
        }
    }
}

impl Resource for BucketAcl {
    const TYPE: &'static str = "aws_s3_bucket_acl";
    const IMPORT: &'static [&'static str] =
        &["acme-data", "acme-data,123456789012", "acme-data,private", "acme-data,123456789012,private"];
    // Only one of the two may be said, and who imports by an id with `acl` means that one.
    const UNWRITTEN: &'static [&'static str] = &["access_control_policy"];
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads =
        Reads::of(&[Cost::each("s3:GetBucketAcl")], "S3 tells one part of one bucket a call");
    const PATIENCE: Duration = Duration::from_secs(120);
    const PASSING: &'static [&'static [Passing]] = &[
        S3,
        // It was told a moment ago that lists are allowed.
        &[Passing::unseen("AccessControlListNotSupported")],
    ];
    const VANISHES: bool = false; // every bucket has a list
    type Key = Listed;

    fn key(&self) -> Listed {
        let place = Place::new(&self.bucket, self.expected_bucket_owner.as_deref());
        Listed { place, acl: self.acl.clone().filter(|it| !it.is_empty()) }
    }

    fn key_after(&self, will: &Self) -> Listed {
        will.key()
    }

    fn import(id: &str) -> Result<Listed> {
        let parts: Vec<&str> = id.split(',').collect();
        let is_account = |it: &str| it.len() == 12 && it.bytes().all(|it| it.is_ascii_digit());
        let (bucket, owner, acl) = match parts[..] {
            [bucket] => (bucket, None, None),
            [bucket, owner] if is_account(owner) => (bucket, Some(owner), None),
            [bucket, acl] => (bucket, None, Some(acl)),
            [bucket, owner, acl] if is_account(owner) => (bucket, Some(owner), Some(acl)),
            _ => {
                return Err(Error::Invalid(
                    "it is not `bucket`, `bucket,acl` or `bucket,account,acl`".into(),
                ));
            }
        };
        Ok(Listed { place: Place::new(bucket, owner), acl: acl.map(str::to_owned) })
    }

    async fn read(aws: &Aws, keys: &[Listed]) -> Result<Vec<Live<Self>>> {
        each(keys, |key| async move {
            let call = aws.s3().get_bucket_acl().bucket(&key.place.bucket);
            let answer = call.set_expected_bucket_owner(key.place.owner.clone()).send().await;
            Ok(there(answer.map_err(Error::from))?.map(|it| live(key, it)))
        })
        .await
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<Listed> {
        self.put(aws).await?;
        Ok(self.key())
    }

    async fn update(&self, aws: &Aws, _was: &Self) -> Result<()> {
        self.put(aws).await
    }

    async fn delete(&self, _aws: &Aws) -> Result<()> {
        Ok(())
    }

    /// The list that was given is known to whoever gave it.
    fn as_kept(mut self, kept: &Self) -> Self {
        if !kept.bucket.is_empty() {
            self.acl.clone_from(&kept.acl);
            self.id = Computed(self.key().id());
        }
        self
    }

    fn adjust(plan: &mut Adjust) {
        let said = |it: &Adjust, name: &str| it.config(name).is_some_and(|it| !is_nothing(it));
        match (said(plan, "acl"), said(plan, "access_control_policy")) {
            (true, true) => {
                plan.error("acl", "`acl` and `access_control_policy` exclude each other: keep one of them");
            }
            (false, false) => {
                plan.error(
                    "acl",
                    "say `acl`, such as `private`; or the list itself in `access_control_policy`",
                );
            }
            // Another ready-made list is another list.
            (true, false) if plan.change("acl").is_some() => plan.set_unknown("access_control_policy"),
            _ => {}
        }
    }

    // Put twice is put once.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<Listed>> {
        Ok(None)
    }
}

impl BucketAcl {
    async fn put(&self, aws: &Aws) -> Result<()> {
        let key = self.key();
        let policy = self.access_control_policy.as_ref().filter(|_| key.acl.is_none());
        let call = aws.s3().put_bucket_acl().bucket(&key.place.bucket);
        let call = call.set_acl(key.acl.as_deref().map(Into::into));
        let call = call.set_access_control_policy(policy.map(Policy::sent).transpose()?);
        call.set_expected_bucket_owner(key.place.owner).send().await?;
        Ok(())
    }
}

impl Policy {
    fn sent(&self) -> Result<SentPolicy> {
        let owner = self.owner.as_ref().map(|it| {
            let name = it.display_name.0.clone().filter(|it| !it.is_empty());
            sdk::Owner::builder().id(&it.id).set_display_name(name).build()
        });
        let grants = self.grant.iter().map(Grant::sent).collect::<Result<Vec<_>>>()?;
        Ok(SentPolicy::builder().set_owner(owner).set_grants(Some(grants)).build())
    }
}

impl Grant {
    fn sent(&self) -> Result<sdk::Grant> {
        let stated = |it: &Option<String>| it.clone().filter(|it| !it.is_empty());
        let grantee = self.grantee.as_ref().map(|it| {
            let one = sdk::Grantee::builder()
                .r#type(it.r#type.as_str().into())
                .set_id(stated(&it.id))
                .set_email_address(stated(&it.email_address))
                .set_uri(stated(&it.uri));
            built(one.build())
        });
        let it = sdk::Grant::builder().set_grantee(grantee.transpose()?);
        Ok(it.permission(self.permission.as_str().into()).build())
    }
}

impl From<sdk::Grant> for Grant {
    fn from(it: sdk::Grant) -> Self {
        let grantee = it.grantee.map(|it| Grantee {
            r#type: seen(Some(it.r#type)),
            id: it.id,
            email_address: it.email_address,
            uri: it.uri,
            display_name: Computed(it.display_name),
        });
        Grant { grantee: One(grantee), permission: seen(it.permission) }
    }
}

fn live(key: Listed, it: GetBucketAclOutput) -> Live<BucketAcl> {
    let owner = it.owner.map(|it| Owner { id: seen(it.id), display_name: Chosen(it.display_name) });
    let grants = it.grants.unwrap_or_default().into_iter().map(Grant::from).collect();
    Live {
        status: Status::Ready,
        tags: None,
        unread: &[],
        attributes: BucketAcl {
            bucket: Fixed(key.place.bucket.clone()),
            expected_bucket_owner: Fixed(key.place.owner.clone()),
            acl: key.acl.clone(),
            access_control_policy: Chosen(One(Some(Policy { grant: grants, owner: One(owner) }))),
            id: Computed(key.id()),
        },
        key,
    }
}
