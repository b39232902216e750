//! What instances must have, instead of a list of their types: for launch templates and Auto Scaling groups.

use aws_sdk_autoscaling::types as scaling;
use aws_sdk_ec2::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::blocks::{Asked, Shown, Sole};
use crate::resource::*;

/// A least and a greatest number.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// The least.
    #[schemars(range(min = 1))]
    pub min: Option<i64>,
    /// The greatest.
    #[schemars(range(min = 1))]
    pub max: Option<i64>,
}

/// The same, where none at all can be asked for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RangeOrNone {
    /// The least.
    #[schemars(range(min = 1))]
    pub min: Option<i64>,
    /// The greatest; 0 excludes them.
    #[schemars(range(min = 0))]
    pub max: Option<i64>,
}

/// The same with a least number that has to be said.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AtLeast {
    /// The least.
    #[schemars(range(min = 1))]
    pub min: i64,
    /// The greatest.
    #[schemars(range(min = 1))]
    pub max: Option<i64>,
}

/// The same of numbers with fractions.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fractions {
    /// The least.
    pub min: Option<f64>,
    /// The greatest.
    pub max: Option<f64>,
}

// The greatest number stands for itself only where it is not below the least: 0 stands for absence.
macro_rules! ranges {
    ($($ours:ty, $number:ty, $min:expr, $least:expr => $($theirs:ty),*;)*) => {$($(
        impl Asked<$theirs> for $ours {
            fn asked(&self) -> Option<$theirs> {
                let (least, most) = ($least(self), self.max);
                let most = most.filter(|it| *it >= least);
                let it = <$theirs>::builder();
                Some(it.set_min(<$number>::try_from(least).ok()).set_max(most.and_then(|it| it.try_into().ok())).build())
            }
        }
        impl Shown<$theirs> for $ours {
            fn shown(answer: Option<$theirs>) -> Self {
                let (min, max) = answer.map(|it| (it.min, it.max)).unwrap_or_default();
                Self { min: $min(min.map(Into::into)), max: max.map(Into::into) }
            }
        }
    )*)*};
}
ranges! {
    Range, i32, std::convert::identity, |it: &Range| it.min.unwrap_or_default() =>
        sdk::AcceleratorTotalMemoryMiBRequest, sdk::AcceleratorTotalMemoryMiB,
        sdk::BaselineEbsBandwidthMbpsRequest, sdk::BaselineEbsBandwidthMbps,
        sdk::NetworkInterfaceCountRequest, sdk::NetworkInterfaceCount,
        scaling::AcceleratorTotalMemoryMiBRequest, scaling::BaselineEbsBandwidthMbpsRequest,
        scaling::NetworkInterfaceCountRequest, scaling::VCpuCountRequest, scaling::MemoryMiBRequest;
    RangeOrNone, i32, std::convert::identity, |it: &RangeOrNone| it.min.unwrap_or_default() =>
        sdk::AcceleratorCountRequest, sdk::AcceleratorCount, scaling::AcceleratorCountRequest;
    AtLeast, i32, Option::<i64>::unwrap_or_default, |it: &AtLeast| it.min =>
        sdk::VCpuCountRangeRequest, sdk::VCpuCountRange, sdk::MemoryMiBRequest, sdk::MemoryMiB;
    Fractions, f64, std::convert::identity, |it: &Fractions| it.min.unwrap_or_default() =>
        sdk::MemoryGiBPerVCpuRequest, sdk::MemoryGiBPerVCpu,
        sdk::NetworkBandwidthGbpsRequest, sdk::NetworkBandwidthGbps,
        sdk::TotalLocalStorageGbRequest, sdk::TotalLocalStorageGb,
        scaling::MemoryGiBPerVCpuRequest, scaling::NetworkBandwidthGbpsRequest,
        scaling::TotalLocalStorageGbRequest;
}

/// What instances must have. `C` is how the numbers of processors and the memory are said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Requirements<C: Default> {
    /// How many virtual processors.
    #[serde(default)]
    pub vcpu_count: C,
    /// How much memory, in MiB.
    #[serde(default)]
    pub memory_mib: C,
    /// Memory for each virtual processor, in GiB.
    #[serde(default)]
    pub memory_gib_per_vcpu: One<Fractions>,
    /// Only these types, `*` for anything; or name `excluded_instance_types`.
    #[schemars(length(max = 400))]
    pub allowed_instance_types: Option<Set<String>>,
    /// All types but these, `*` for anything.
    #[schemars(length(max = 400))]
    pub excluded_instance_types: Option<Set<String>>,
    /// `current` or `previous`.
    #[schemars(extend("enum" = ["current", "previous"]))]
    pub instance_generations: Option<Set<String>>,
    /// `intel`, `amd`, `amazon-web-services` or `apple`.
    #[schemars(extend("enum" = ["intel", "amd", "amazon-web-services", "apple"]))]
    pub cpu_manufacturers: Option<Set<String>>,
    /// Bare metal: `included`, `required` or `excluded`.
    #[schemars(extend("enum" = ["", "included", "required", "excluded"]))]
    pub bare_metal: Option<String>,
    /// Burstable types (T): `included`, `required` or `excluded`.
    #[schemars(extend("enum" = ["", "included", "required", "excluded"]))]
    pub burstable_performance: Option<String>,
    /// Only what can be sent to sleep.
    pub require_hibernate_support: Option<bool>,
    /// How many accelerators.
    #[serde(default)]
    pub accelerator_count: One<RangeOrNone>,
    /// Whose accelerators: `amazon-web-services`, `amd`, `nvidia`, `xilinx` or `habana`.
    #[schemars(extend("enum" = ["amazon-web-services", "amd", "nvidia", "xilinx", "habana"]))]
    pub accelerator_manufacturers: Option<Set<String>>,
    /// Which accelerators, such as `a100` or `t4`.
    pub accelerator_names: Option<Set<String>>,
    /// What sort of accelerators: `gpu`, `fpga`, `inference` or `media`.
    #[schemars(extend("enum" = ["gpu", "fpga", "inference", "media"]))]
    pub accelerator_types: Option<Set<String>>,
    /// Memory of all accelerators together, in MiB.
    #[serde(default)]
    pub accelerator_total_memory_mib: One<Range>,
    /// Bandwidth to EBS, in Mbit/s.
    #[serde(default)]
    pub baseline_ebs_bandwidth_mbps: One<Range>,
    /// Bandwidth of the network, in Gbit/s.
    #[serde(default)]
    pub network_bandwidth_gbps: One<Fractions>,
    /// How many network interfaces.
    #[serde(default)]
    pub network_interface_count: One<Range>,
    /// Disks of their own: `included`, `required` or `excluded`.
    #[schemars(extend("enum" = ["", "included", "required", "excluded"]))]
    pub local_storage: Option<String>,
    /// `hdd` or `ssd`.
    #[schemars(extend("enum" = ["hdd", "ssd"]))]
    pub local_storage_types: Option<Set<String>>,
    /// Size of their own disks together, in GB.
    #[serde(default)]
    pub total_local_storage_gb: One<Fractions>,
    /// The highest spot price, in percent above the cheapest type that fits.
    #[schemars(range(min = 1))]
    pub spot_max_price_percentage_over_lowest_price: Option<i64>,
    /// The highest spot price, in percent of the on-demand price of a type that fits.
    #[schemars(range(min = 1))]
    pub max_spot_price_as_percentage_of_optimal_on_demand_price: Option<i64>,
    /// The highest on-demand price, in percent above the cheapest type that fits.
    #[schemars(range(min = 1))]
    pub on_demand_max_price_percentage_over_lowest_price: Option<i64>,
}

impl<C: Default> Requirements<C> {
    /// Makes absent sets empty ones, as data sources tell them.
    pub fn fill(&mut self) {
        for it in [
            &mut self.allowed_instance_types,
            &mut self.excluded_instance_types,
            &mut self.instance_generations,
            &mut self.cpu_manufacturers,
            &mut self.accelerator_manufacturers,
            &mut self.accelerator_names,
            &mut self.accelerator_types,
            &mut self.local_storage_types,
        ] {
            it.get_or_insert_default();
        }
    }
}

/// As launch templates want them.
pub type ForTemplates = Requirements<Sole<AtLeast>>;
/// As Auto Scaling groups want them.
pub type ForGroups = Requirements<One<Range>>;

macro_rules! requirements {
    ($way:ident: $($ours:ty => $theirs:ty),*) => {$(
        crate::aws::blocks::$way!($ours => $theirs {
            vcpu_count = v_cpu_count,
            memory_mib,
            memory_gib_per_vcpu = memory_gib_per_v_cpu,
            allowed_instance_types,
            excluded_instance_types,
            instance_generations,
            cpu_manufacturers,
            bare_metal,
            burstable_performance,
            require_hibernate_support,
            accelerator_count,
            accelerator_manufacturers,
            accelerator_names,
            accelerator_types,
            accelerator_total_memory_mib,
            baseline_ebs_bandwidth_mbps,
            network_bandwidth_gbps,
            network_interface_count,
            local_storage,
            local_storage_types,
            total_local_storage_gb,
            spot_max_price_percentage_over_lowest_price,
            max_spot_price_as_percentage_of_optimal_on_demand_price,
            on_demand_max_price_percentage_over_lowest_price,
        });
    )*};
}
requirements!(asks: ForTemplates => sdk::InstanceRequirementsRequest, ForGroups => scaling::InstanceRequirements);
requirements!(shows: ForTemplates => sdk::InstanceRequirements, ForGroups => scaling::InstanceRequirements);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::blocks::asked;

    #[test]
    fn a_greatest_number_below_the_least_is_none() {
        let range = |min, max| asked::<sdk::NetworkInterfaceCountRequest, _>(&Range { min, max });
        let sent = |it: Option<sdk::NetworkInterfaceCountRequest>| it.map(|it| (it.min, it.max));
        assert_eq!(sent(range(Some(2), Some(0))), Some((Some(2), None)));
        assert_eq!(sent(range(Some(2), Some(4))), Some((Some(2), Some(4))));
        assert_eq!(sent(range(None, Some(4))), Some((Some(0), Some(4))));
    }
}
