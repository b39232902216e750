use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::s3::bucket::regions;
use crate::aws::s3::there;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// A bucket that is there already.
///
/// ```toml
/// [data.aws_s3_bucket.assets]
/// bucket = "acme-assets"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bucket {
    /// Its name.
    pub bucket: String,
    /// Its name.
    pub id: Computed<String>,
    /// The bucket's ARN.
    pub arn: Computed<String>,
    /// Where its objects are found: `acme-assets.s3.amazonaws.com`.
    pub bucket_domain_name: Computed<String>,
    /// The same with the region in it, which needs no redirection.
    pub bucket_regional_domain_name: Computed<String>,
    /// Route 53's zone for names that point to websites of its region.
    pub hosted_zone_id: Computed<Option<String>>,
    /// The region that holds it.
    pub region: Computed<String>,
    /// Where websites of its region are; nothing where it is none.
    pub website_domain: Computed<Option<String>>,
    /// Where it is a website; nothing where it is none.
    pub website_endpoint: Computed<Option<String>>,
}

impl DataSource for Bucket {
    const TYPE: &'static str = "aws_s3_bucket";
    const READS: Reads = Reads::of(
        &[Cost::each("s3:HeadBucket"), Cost::each("s3:GetBucketWebsite")],
        "whether a bucket is a website has a call of its own",
    );
    const UNSET: &'static [&'static str] = &["website_domain", "website_endpoint"];

    async fn read(self, aws: &Aws) -> Result<Self> {
        let name = &self.bucket;
        // Its answer names the region, so that nobody has to ask for that.
        let head = aws.s3().head_bucket().bucket(name).send().await.map_err(Error::from);
        let head = head.map_err(|it| match it.is_missing() {
            true => {
                Error::Invalid(format!("there is no bucket `{name}`, or these credentials may not see it"))
            }
            false => it,
        })?;
        let region = head.bucket_region.unwrap_or_else(|| aws.region().to_owned());
        let site = there(aws.s3().get_bucket_website().bucket(name).send().await.map_err(Error::from));
        let site = match site {
            Ok(it) => it.is_some(),
            Err(error) => {
                tracing::warn!(%error, bucket = name, "whether it is a website cannot be told");
                false
            }
        };
        let suffix = aws.dns_suffix();
        let domain = regions::website_domain(&region, suffix);
        Ok(Bucket {
            id: name.clone().into(),
            arn: format!("arn:{}:s3:::{name}", aws.partition()).into(),
            bucket_domain_name: format!("{name}.s3.{suffix}").into(),
            bucket_regional_domain_name: format!("{name}.s3.{region}.{suffix}").into(),
            hosted_zone_id: regions::hosted_zone(&region).map(str::to_owned).into(),
            website_endpoint: site.then(|| format!("{name}.{domain}")).into(),
            website_domain: site.then_some(domain).into(),
            region: region.into(),
            ..self
        })
    }
}
