use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::{Aws, Result};
use crate::resource::*;

/// The part of AWS that the region belongs to: the world at large, China, or a government's. No call is made.
///
/// ```toml
/// [data.aws_partition.here]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Partition {
    /// `aws`, `aws-cn` or `aws-us-gov`.
    pub id: Computed<String>,
    /// The same.
    pub partition: Computed<String>,
    /// What its hosts' names end in, such as `amazonaws.com`.
    pub dns_suffix: Computed<String>,
    /// The same the other way round, which names of VPC endpoints begin with: `com.amazonaws`.
    pub reverse_dns_prefix: Computed<String>,
}

impl DataSource for Partition {
    const TYPE: &'static str = "aws_partition";
    const READS: Reads = Reads::NOTHING;

    async fn read(self, aws: &Aws) -> Result<Self> {
        let suffix = aws.dns_suffix();
        let turned: Vec<&str> = suffix.rsplit('.').collect();
        Ok(Partition {
            id: aws.partition().to_owned().into(),
            partition: aws.partition().to_owned().into(),
            dns_suffix: suffix.to_owned().into(),
            reverse_dns_prefix: turned.join(".").into(),
        })
    }
}
