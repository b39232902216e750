use aws_sdk_ec2::types::Filter as SdkFilter;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::among;
use super::filters::Filter;
use crate::aws::{Aws, Result};
use crate::resource::*;

/// The Availability Zones of the region.
///
/// ```toml
/// [data.aws_availability_zones.up]
/// state = "available"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AvailabilityZones {
    /// Only zones in this state.
    #[schemars(extend("enum" = ["available", "information", "impaired", "unavailable", "constrained"]))]
    pub state: Option<String>,
    /// Zones that the account has not opted into, too.
    pub all_availability_zones: Option<bool>,
    /// Leave out the zones of these names.
    pub exclude_names: Option<Set<String>>,
    /// Leave out the zones of these ids.
    pub exclude_zone_ids: Option<Set<String>>,
    /// Only zones that these find.
    #[serde(default)]
    pub filter: Set<Filter>,
    pub timeouts: Option<TimeoutsRead>,
    /// The region.
    pub id: Computed<String>,
    /// Names such as `eu-west-1a`, in order.
    pub names: Computed<Vec<String>>,
    /// Ids such as `euw1-az1`, in the order of the names.
    pub zone_ids: Computed<Vec<String>>,
    /// The groups of the zones: the region, or one of its local zones.
    pub group_names: Computed<Set<String>>,
}

impl DataSource for AvailabilityZones {
    const TYPE: &'static str = "aws_availability_zones";
    const READS: Reads = Reads::of(
        &[Cost::each("ec2:DescribeAvailabilityZones")],
        "a call tells all zones that the arguments find",
    );

    async fn read(self, aws: &Aws) -> Result<Self> {
        let mut filters: Vec<SdkFilter> = self.filter.iter().map(|it| among(&it.name, &it.values)).collect();
        filters.extend(self.state.clone().map(|it| among("state", &[it])));
        let call =
            aws.ec2().describe_availability_zones().set_all_availability_zones(self.all_availability_zones);
        let answer = call.set_filters(Some(filters).filter(|it| !it.is_empty())).send().await?;
        let mut zones = answer.availability_zones.unwrap_or_default();
        zones.sort_by(|a, b| a.zone_name.cmp(&b.zone_name));
        let out = |set: &Option<Set<String>>, it: &Option<String>| match (set, it) {
            (Some(set), Some(it)) => set.contains(it),
            _ => false,
        };
        zones.retain(|it| {
            !out(&self.exclude_names, &it.zone_name) && !out(&self.exclude_zone_ids, &it.zone_id)
        });
        let mut groups: Vec<String> =
            zones.iter().map(|it| it.group_name.clone().unwrap_or_default()).collect();
        groups.sort();
        groups.dedup();
        Ok(AvailabilityZones {
            id: aws.region().to_owned().into(),
            names: zones.iter().filter_map(|it| it.zone_name.clone()).collect::<Vec<_>>().into(),
            zone_ids: zones.iter().filter_map(|it| it.zone_id.clone()).collect::<Vec<_>>().into(),
            group_names: Set(groups).into(),
            ..self
        })
    }
}
