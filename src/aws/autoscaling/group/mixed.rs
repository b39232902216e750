//! Groups of several types of instances, on demand and spot.

use aws_sdk_autoscaling::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::blocks::{Asked, Sole, asked, asks, both, shows};
use crate::aws::requirements::ForGroups;
use crate::resource::*;

/// Several types of instances, on demand and spot.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mixed {
    /// How much is bought how.
    pub instances_distribution: Chosen<One<Distribution>>,
    /// What is launched.
    #[serde(default)]
    pub launch_template: Sole<Launch>,
}
both!(Mixed = sdk::MixedInstancesPolicy { instances_distribution, launch_template });

/// How much is bought how.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Distribution {
    /// `prioritized` or `lowest-price`.
    pub on_demand_allocation_strategy: Chosen<Option<String>>,
    /// How much is on demand in any case.
    #[schemars(range(min = 0))]
    pub on_demand_base_capacity: Chosen<Option<i64>>,
    /// How much of the rest is on demand, in percent.
    #[schemars(range(min = 0, max = 100))]
    pub on_demand_percentage_above_base_capacity: Chosen<Option<i64>>,
    /// `lowest-price`, `capacity-optimized`, `capacity-optimized-prioritized` or `price-capacity-optimized`.
    pub spot_allocation_strategy: Chosen<Option<String>>,
    /// Of how many of the cheapest types, with `lowest-price`.
    #[schemars(range(min = 0))]
    pub spot_instance_pools: Chosen<Option<i64>>,
    /// The most to pay, in dollars an hour.
    pub spot_max_price: Option<String>,
}
shows!(Distribution => sdk::InstancesDistribution {
    on_demand_allocation_strategy, on_demand_base_capacity, on_demand_percentage_above_base_capacity,
    spot_allocation_strategy, spot_instance_pools, spot_max_price,
});
// 0 is a number here, but for the pools: those are AWS's choice then.
impl Asked<sdk::InstancesDistribution> for Distribution {
    fn asked(&self) -> Option<sdk::InstancesDistribution> {
        let number = |it: &Option<i64>| it.and_then(|it| i32::try_from(it).ok());
        let it = sdk::InstancesDistribution::builder()
            .set_on_demand_allocation_strategy(asked(&self.on_demand_allocation_strategy))
            .set_on_demand_base_capacity(number(&self.on_demand_base_capacity))
            .set_on_demand_percentage_above_base_capacity(number(
                &self.on_demand_percentage_above_base_capacity,
            ))
            .set_spot_allocation_strategy(asked(&self.spot_allocation_strategy))
            .set_spot_instance_pools(asked(&self.spot_instance_pools))
            // Nothing takes back what was said before.
            .spot_max_price(self.spot_max_price.as_deref().unwrap_or_default());
        Some(it.build())
    }
}

/// What is launched.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Launch {
    /// The template.
    #[serde(default)]
    pub launch_template_specification: Sole<Template>,
    /// What replaces a part of it: types of instances, the preferred ones first.
    pub r#override: Chosen<Vec<Override>>,
}
both!(Launch = sdk::LaunchTemplate { launch_template_specification, r#override = overrides });

/// The template.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Its id; or say its name.
    pub launch_template_id: Chosen<Option<String>>,
    /// Its name.
    pub launch_template_name: Chosen<Option<String>>,
    /// A number, `$Latest` or `$Default`.
    pub version: Chosen<Option<String>>,
}
// AWS wants one of id and name.
impl Asked<sdk::LaunchTemplateSpecification> for Template {
    fn asked(&self) -> Option<sdk::LaunchTemplateSpecification> {
        let id: Option<String> = asked(&self.launch_template_id);
        let name = if id.is_none() { asked(&self.launch_template_name) } else { None };
        let version: Option<String> = asked(&self.version);
        let it = sdk::LaunchTemplateSpecification::builder().set_launch_template_id(id);
        Some(it.set_launch_template_name(name).version(version.as_deref().unwrap_or("$Default")).build())
    }
}
shows!(Template => sdk::LaunchTemplateSpecification { launch_template_id, launch_template_name, version });

/// A type of instances.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// Such as `m5.large`; or say `instance_requirements`.
    pub instance_type: Option<String>,
    /// What the type must have.
    #[serde(default)]
    pub instance_requirements: One<ForGroups>,
    /// A template of its own.
    #[serde(default)]
    pub launch_template_specification: One<Template>,
    /// How much of the group's capacity one of them is.
    #[schemars(regex(pattern = r"^([1-9][0-9]{0,2})?$"))]
    pub weighted_capacity: Option<String>,
}
asks!(Override => sdk::LaunchTemplateOverrides {
    instance_type, instance_requirements, launch_template_specification, weighted_capacity,
});
shows!(Override => sdk::LaunchTemplateOverrides {
    instance_type, instance_requirements, launch_template_specification, weighted_capacity,
});
