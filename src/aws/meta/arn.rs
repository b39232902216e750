use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// An ARN taken apart. No call is made.
///
/// ```toml
/// [data.aws_arn.table]
/// arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arn {
    /// The ARN.
    #[schemars(regex(pattern = "^arn:([^:]*:){4}"))]
    pub arn: String,
    /// The ARN.
    pub id: Computed<String>,
    /// `aws`, `aws-cn` or `aws-us-gov`.
    pub partition: Computed<String>,
    /// Such as `dynamodb`.
    pub service: Computed<String>,
    /// Such as `eu-west-1`; empty for what is in no region, and for buckets.
    pub region: Computed<String>,
    /// Such as `123456789012`; empty for what names no account, such as buckets.
    pub account: Computed<String>,
    /// The rest, colons and all: `table/orders`.
    pub resource: Computed<String>,
}

impl DataSource for Arn {
    const TYPE: &'static str = "aws_arn";
    const READS: Reads = Reads::NOTHING;
    const PURE: bool = true;

    async fn read(self, _aws: &Aws) -> Result<Self> {
        let wrong =
            || Error::Invalid(format!("`{}` is no ARN: one has six parts with `:` between", self.arn));
        let [partition, service, region, account, resource] =
            parts(&self.arn).ok_or_else(wrong)?.map(str::to_owned).map(Computed);
        let id = self.arn.clone().into();
        Ok(Arn { arn: self.arn, id, partition, service, region, account, resource })
    }
}

/// What stands behind `arn:`.
fn parts(arn: &str) -> Option<[&str; 5]> {
    let parts: Vec<&str> = arn.strip_prefix("arn:")?.splitn(5, ':').collect();
    parts.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_part_has_colons() {
        let log = "arn:aws:logs:eu-west-1:123456789012:log-group:app:*";
        assert_eq!(parts(log), Some(["aws", "logs", "eu-west-1", "123456789012", "log-group:app:*"]));
        assert_eq!(parts("arn:aws:s3:::things/a"), Some(["aws", "s3", "", "", "things/a"]));
        for it in ["", "arn", "arn:aws:s3::things", "urn:aws:s3:::things"] {
            assert_eq!(parts(it), None, "{it}");
        }
    }
}
