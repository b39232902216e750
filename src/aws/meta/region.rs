use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// A region: the provider's own, or the one that is named.
///
/// ```toml
/// [data.aws_region.here]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// Such as `eu-west-1`.
    pub name: Chosen<Option<String>>,
    /// EC2's address there, such as `ec2.eu-west-1.amazonaws.com`.
    pub endpoint: Chosen<Option<String>>,
    /// Such as `eu-west-1`.
    pub id: Computed<String>,
    /// Such as `Europe (Ireland)`.
    pub description: Computed<String>,
}

impl DataSource for Region {
    const TYPE: &'static str = "aws_region";
    const READS: Reads = Reads::NOTHING;

    async fn read(self, aws: &Aws) -> Result<Self> {
        let given = |it: &Option<String>| it.clone().filter(|it| !it.is_empty());
        let by_endpoint = given(&self.endpoint).map(|it| named_by(&it)).transpose()?;
        let name = match (given(&self.name), by_endpoint) {
            (Some(name), Some(other)) if name != other => {
                return Err(Error::Invalid(format!("`name` says {name}, `endpoint` is of {other}")));
            }
            (Some(name), _) | (None, Some(name)) => known(name)?,
            (None, None) => aws.region().to_owned(),
        };
        Ok(Region {
            // A region newer than our list still has a name.
            description: description(&name).unwrap_or(&name).to_owned().into(),
            endpoint: Chosen(Some(endpoint(&name))),
            id: name.clone().into(),
            name: Chosen(Some(name)),
        })
    }
}

fn endpoint(region: &str) -> String {
    let suffix = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
    format!("ec2.{region}.{suffix}")
}

fn named_by(address: &str) -> Result<String> {
    let name = REGIONS.iter().map(|it| it.0).find(|it| endpoint(it) == address);
    name.map(str::to_owned)
        .ok_or_else(|| Error::Invalid(format!("no region has the endpoint {address}: EC2's is meant")))
}

pub(super) fn known(name: String) -> Result<String> {
    match description(&name) {
        Some(_) => Ok(name),
        None => Err(Error::Invalid(format!("AWS has no region {name}"))),
    }
}

fn description(region: &str) -> Option<&'static str> {
    REGIONS.iter().find(|it| it.0 == region).map(|it| it.1)
}

const REGIONS: &[(&str, &str)] = &[
    ("af-south-1", "Africa (Cape Town)"),
    ("ap-east-1", "Asia Pacific (Hong Kong)"),
    ("ap-east-2", "Asia Pacific (Taipei)"),
    ("ap-northeast-1", "Asia Pacific (Tokyo)"),
    ("ap-northeast-2", "Asia Pacific (Seoul)"),
    ("ap-northeast-3", "Asia Pacific (Osaka)"),
    ("ap-south-1", "Asia Pacific (Mumbai)"),
    ("ap-south-2", "Asia Pacific (Hyderabad)"),
    ("ap-southeast-1", "Asia Pacific (Singapore)"),
    ("ap-southeast-2", "Asia Pacific (Sydney)"),
    ("ap-southeast-3", "Asia Pacific (Jakarta)"),
    ("ap-southeast-4", "Asia Pacific (Melbourne)"),
    ("ap-southeast-5", "Asia Pacific (Malaysia)"),
    ("ap-southeast-7", "Asia Pacific (Thailand)"),
    ("ca-central-1", "Canada (Central)"),
    ("ca-west-1", "Canada West (Calgary)"),
    ("cn-north-1", "China (Beijing)"),
    ("cn-northwest-1", "China (Ningxia)"),
    ("eu-central-1", "Europe (Frankfurt)"),
    ("eu-central-2", "Europe (Zurich)"),
    ("eu-north-1", "Europe (Stockholm)"),
    ("eu-south-1", "Europe (Milan)"),
    ("eu-south-2", "Europe (Spain)"),
    ("eu-west-1", "Europe (Ireland)"),
    ("eu-west-2", "Europe (London)"),
    ("eu-west-3", "Europe (Paris)"),
    ("il-central-1", "Israel (Tel Aviv)"),
    ("me-central-1", "Middle East (UAE)"),
    ("me-south-1", "Middle East (Bahrain)"),
    ("mx-central-1", "Mexico (Central)"),
    ("sa-east-1", "South America (Sao Paulo)"),
    ("us-east-1", "US East (N. Virginia)"),
    ("us-east-2", "US East (Ohio)"),
    ("us-gov-east-1", "AWS GovCloud (US-East)"),
    ("us-gov-west-1", "AWS GovCloud (US-West)"),
    ("us-west-1", "US West (N. California)"),
    ("us-west-2", "US West (Oregon)"),
];
