use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::region::known;
use crate::aws::{Aws, Result};
use crate::resource::*;

/// The name by which policies call a service of AWS. No call is made.
///
/// ```toml
/// [data.aws_service_principal.tasks]
/// service_name = "ecs-tasks"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServicePrincipal {
    /// Such as `ec2` or `ecs-tasks`.
    pub service_name: String,
    /// As it is called in this region, not in the provider's.
    pub region: Chosen<Option<String>>,
    /// Service, region and suffix: `ec2.eu-west-1.amazonaws.com`.
    pub id: Computed<String>,
    /// The principal, such as `ec2.amazonaws.com`.
    pub name: Computed<String>,
    /// What stands behind the service, such as `amazonaws.com`.
    pub suffix: Computed<String>,
}

impl DataSource for ServicePrincipal {
    const TYPE: &'static str = "aws_service_principal";
    const READS: Reads = Reads::NOTHING;

    async fn read(self, aws: &Aws) -> Result<Self> {
        let service = self.service_name;
        let region = match self.region.0 {
            Some(named) => known(named)?,
            None => aws.region().to_owned(),
        };
        let suffix = suffix(&service, aws.in_region(&region).partition());
        Ok(ServicePrincipal {
            id: format!("{service}.{region}.{suffix}").into(),
            name: format!("{service}.{suffix}").into(),
            suffix: suffix.to_owned().into(),
            region: Chosen(Some(region)),
            service_name: service,
        })
    }
}

/// China has its own names for a few services.
fn suffix(service: &str, partition: &str) -> &'static str {
    match (partition, service) {
        ("aws-cn", "codedeploy" | "elasticmapreduce" | "logs") => "amazonaws.com.cn",
        _ => "amazonaws.com",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_services_have_another_name_in_china() {
        assert_eq!(suffix("logs", "aws"), "amazonaws.com");
        assert_eq!(suffix("logs", "aws-cn"), "amazonaws.com.cn");
        assert_eq!(suffix("ec2", "aws-cn"), "amazonaws.com");
    }
}
