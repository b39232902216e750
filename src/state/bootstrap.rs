//! Making what the S3 backend needs: the bucket and the lock table.

use std::fmt;
use std::time::Duration;

use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, PointInTimeRecoverySpecification,
    ScalarAttributeType, TableDescription, TableStatus,
};
use aws_sdk_s3::types::{
    BucketLocationConstraint, BucketVersioningStatus, CreateBucketConfiguration, ObjectOwnership,
    PublicAccessBlockConfiguration, ServerSideEncryption, ServerSideEncryptionByDefault,
    ServerSideEncryptionConfiguration, ServerSideEncryptionRule, VersioningConfiguration,
};
use tokio::time::Instant;

use super::settings::S3Settings;
use super::{Error, Result};
use crate::aws::{self, Aws};

/// What is not there yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    Bucket(String),
    Table(String),
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Missing::Bucket(it) => write!(f, "bucket `{it}` (versioned, encrypted, not public)"),
            Missing::Table(it) => write!(f, "table `{it}` (locks and digests, paid per request)"),
        }
    }
}

/// How long to wait until something new can be used.
const PATIENCE: Duration = Duration::from_secs(120);

fn connect(settings: &S3Settings) -> impl Future<Output = Result<Aws>> {
    let settings = settings.aws.clone();
    async move { Aws::connect(&settings).await.map_err(Error::aws("cannot reach the backend")) }
}

/// What has to be made before the backend can be used.
pub async fn missing(settings: &S3Settings) -> Result<Vec<Missing>> {
    let aws = connect(settings).await?;
    let mut out = Vec::new();
    if !bucket_exists(&aws, &settings.bucket).await? {
        out.push(Missing::Bucket(settings.bucket.clone()));
    }
    if let Some(table) = &settings.dynamodb_table {
        match describe(&aws, table).await? {
            Some(found) => check_key(table, &found)?,
            None => out.push(Missing::Table(table.clone())),
        }
    }
    Ok(out)
}

/// Makes what is missing and waits until it can be used.
pub async fn create(settings: &S3Settings, missing: &[Missing]) -> Result<()> {
    let aws = connect(settings).await?;
    for it in missing {
        match it {
            Missing::Bucket(name) => create_bucket(&aws, name).await?,
            Missing::Table(name) => create_table(&aws, name).await?,
        }
    }
    Ok(())
}

async fn bucket_exists(aws: &Aws, name: &str) -> Result<bool> {
    let error = match aws.s3().head_bucket().bucket(name).send().await {
        Ok(_) => return Ok(true),
        Err(error) => error,
    };
    // A HEAD has no body, so the status says what there is to know.
    let status = error.raw_response().map(|it| it.status().as_u16());
    let home = error.raw_response().and_then(|it| it.headers().get("x-amz-bucket-region")).map(str::to_owned);
    match (status, home) {
        (Some(404), _) => Ok(false),
        (Some(301 | 400), Some(home)) if home != aws.region() => {
            let region = aws.region();
            Err(Error::Refused(format!(
                "bucket `{name}` is in {home}, and the backend looks for it in {region}: correct `region`"
            )))
        }
        (Some(403), _) => Err(Error::Refused(format!(
            "bucket `{name}` exists, but these credentials may not use it: it may be somebody else's (names of \
             buckets are unique all over AWS), or the permission s3:ListBucket is missing"
        ))),
        _ => Err(Error::aws(format!("cannot look for bucket `{name}`"))(error)),
    }
}

async fn create_bucket(aws: &Aws, name: &str) -> Result<()> {
    let failed = |what: &str| Error::aws::<aws::Error>(format!("cannot {what} bucket `{name}`"));
    let place = CreateBucketConfiguration::builder();
    let place = place.location_constraint(BucketLocationConstraint::from(aws.region())).build();
    // This one region has no name in this place.
    let place = Some(place).filter(|_| aws.region() != "us-east-1");
    let call = aws.s3().create_bucket().bucket(name).set_create_bucket_configuration(place);
    match call.object_ownership(ObjectOwnership::BucketOwnerEnforced).send().await.map_err(aws::Error::from) {
        Err(error) if error.code() != Some("BucketAlreadyOwnedByYou") => return Err(failed("make")(error)),
        _ => {}
    }
    until(&format!("bucket `{name}`"), async || bucket_exists(aws, name).await).await?;
    let block = PublicAccessBlockConfiguration::builder()
        .block_public_acls(true)
        .block_public_policy(true)
        .ignore_public_acls(true)
        .restrict_public_buckets(true)
        .build();
    let call = aws.s3().put_public_access_block().bucket(name).public_access_block_configuration(block);
    call.send().await.map_err(aws::Error::from).map_err(failed("block public access to"))?;
    let call = aws.s3().put_bucket_encryption().bucket(name);
    let call = call.server_side_encryption_configuration(aes256()?);
    call.send().await.map_err(aws::Error::from).map_err(failed("encrypt"))?;
    let versions = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
    let call = aws.s3().put_bucket_versioning().bucket(name).versioning_configuration(versions);
    call.send().await.map_err(aws::Error::from).map_err(failed("version")).map(drop)
}

fn aes256() -> Result<ServerSideEncryptionConfiguration> {
    let built = |it: aws_smithy_types::error::operation::BuildError| Error::Refused(it.to_string());
    let how = ServerSideEncryptionByDefault::builder().sse_algorithm(ServerSideEncryption::Aes256);
    let rule = ServerSideEncryptionRule::builder();
    let rule = rule.apply_server_side_encryption_by_default(how.build().map_err(built)?).build();
    ServerSideEncryptionConfiguration::builder().rules(rule).build().map_err(built)
}

async fn describe(aws: &Aws, name: &str) -> Result<Option<TableDescription>> {
    match aws.dynamodb().describe_table().table_name(name).send().await.map_err(aws::Error::from) {
        Ok(it) => Ok(it.table),
        Err(error) if error.code() == Some("ResourceNotFoundException") => Ok(None),
        Err(error) => Err(Error::aws(format!("cannot look for table `{name}`"))(error)),
    }
}

fn check_key(name: &str, table: &TableDescription) -> Result<()> {
    let keys: Vec<_> = table.key_schema().iter().map(|it| it.attribute_name()).collect();
    let text = table
        .attribute_definitions()
        .iter()
        .any(|it| it.attribute_name() == "LockID" && *it.attribute_type() == ScalarAttributeType::S);
    if keys == ["LockID"] && text {
        return Ok(());
    }
    Err(Error::Refused(format!(
        "table `{name}` cannot hold locks: its key has to be the text `LockID` alone, and it is {}",
        keys.join(", ")
    )))
}

async fn create_table(aws: &Aws, name: &str) -> Result<()> {
    let failed = |what: &str| Error::aws::<aws::Error>(format!("cannot {what} table `{name}`"));
    let built = |it: aws_smithy_types::error::operation::BuildError| Error::Refused(it.to_string());
    let key = KeySchemaElement::builder().attribute_name("LockID").key_type(KeyType::Hash);
    let field =
        AttributeDefinition::builder().attribute_name("LockID").attribute_type(ScalarAttributeType::S);
    let call = aws.dynamodb().create_table().table_name(name).billing_mode(BillingMode::PayPerRequest);
    let call = call.key_schema(key.build().map_err(built)?);
    let call = call.attribute_definitions(field.build().map_err(built)?);
    match call.send().await.map_err(aws::Error::from) {
        // Somebody, or an attempt of ours without a reply, was faster.
        Err(error) if error.code() != Some("ResourceInUseException") => return Err(failed("make")(error)),
        _ => {}
    }
    let active = async || {
        let found = describe(aws, name).await?;
        Ok(found.is_some_and(|it| it.table_status == Some(TableStatus::Active)))
    };
    until(&format!("table `{name}`"), active).await?;
    until(&format!("backups of table `{name}`"), async || recoverable(aws, name).await).await
}

/// Turns point-in-time recovery on; not yet possible just after the table is made.
async fn recoverable(aws: &Aws, name: &str) -> Result<bool> {
    let how = PointInTimeRecoverySpecification::builder().point_in_time_recovery_enabled(true);
    let how = how.build().map_err(|it| Error::Refused(it.to_string()))?;
    let call = aws.dynamodb().update_continuous_backups().table_name(name);
    let done = call.point_in_time_recovery_specification(how).send().await.map_err(aws::Error::from);
    match done {
        Ok(_) => Ok(true),
        Err(error) if error.code() == Some("ContinuousBackupsUnavailableException") => Ok(false),
        Err(error) => Err(Error::aws(format!("cannot turn on backups of table `{name}`"))(error)),
    }
}

async fn until(what: &str, mut usable: impl AsyncFnMut() -> Result<bool>) -> Result<()> {
    let end = Instant::now() + PATIENCE;
    while !usable().await? {
        if Instant::now() > end {
            return Err(Error::Refused(format!("{what} was made but cannot be used after two minutes")));
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    Ok(())
}
