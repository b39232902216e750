use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// AWS's account that writes the access logs of load balancers, for the policy of the bucket that takes
/// them. Regions opened since August 2022 have none: there the policy names the service
/// `logdelivery.elasticloadbalancing.amazonaws.com`. No call is made.
///
/// ```toml
/// [data.aws_elb_service_account.main]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ElbServiceAccount {
    /// Of this region, not of the provider's.
    pub region: Option<String>,
    /// The account.
    pub id: Computed<String>,
    /// The account's ARN.
    pub arn: Computed<String>,
}

/// As the guide to load balancers lists them under "Enable access logs".
const ACCOUNTS: &[(&str, &str)] = &[
    ("af-south-1", "098369216593"),
    ("ap-east-1", "754344448648"),
    ("ap-northeast-1", "582318560864"),
    ("ap-northeast-2", "600734575887"),
    ("ap-northeast-3", "383597477331"),
    ("ap-south-1", "718504428378"),
    ("ap-southeast-1", "114774131450"),
    ("ap-southeast-2", "783225319266"),
    ("ap-southeast-3", "589379963580"),
    ("ca-central-1", "985666609251"),
    ("cn-north-1", "638102146993"),
    ("cn-northwest-1", "037604701340"),
    ("eu-central-1", "054676820928"),
    ("eu-north-1", "897822967062"),
    ("eu-south-1", "635631232127"),
    ("eu-west-1", "156460612806"),
    ("eu-west-2", "652711504416"),
    ("eu-west-3", "009996457667"),
    ("me-south-1", "076674570225"),
    ("sa-east-1", "507241528517"),
    ("us-east-1", "127311923021"),
    ("us-east-2", "033677994240"),
    ("us-gov-east-1", "190560391635"),
    ("us-gov-west-1", "048591011584"),
    ("us-west-1", "027434742980"),
    ("us-west-2", "797873946194"),
];

impl DataSource for ElbServiceAccount {
    const TYPE: &'static str = "aws_elb_service_account";
    const READS: Reads = Reads::NOTHING;

    async fn read(self, aws: &Aws) -> Result<Self> {
        let region = self.region.as_deref().filter(|it| !it.is_empty()).unwrap_or(aws.region());
        let found = ACCOUNTS.iter().find(|it| it.0 == region).map(|it| it.1);
        let id = found.ok_or_else(|| {
            Error::Invalid(format!(
                "{region} has no such account: let the bucket's policy name the service \
                 `logdelivery.elasticloadbalancing.amazonaws.com` instead"
            ))
        })?;
        let arn = format!("arn:{}:iam::{id}:root", aws.partition());
        Ok(ElbServiceAccount { id: id.to_owned().into(), arn: arn.into(), ..self })
    }
}
