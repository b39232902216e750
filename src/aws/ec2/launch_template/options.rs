//! Blocks of a launch template that go over field by field.

use aws_sdk_ec2::types as sdk;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::blocks::{Asked, Shown, Switch, asked, asks, both, shown, shows};
use crate::resource::*;

/// A disk.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Device {
    /// Such as `/dev/xvda`.
    pub device_name: Option<String>,
    /// Anything here hides the image's disk of that name.
    pub no_device: Option<String>,
    /// A disk of the instance itself, such as `ephemeral0`.
    pub virtual_name: Option<String>,
    /// A volume of EBS.
    #[serde(default)]
    pub ebs: One<Volume>,
}
asks!(Device => sdk::LaunchTemplateBlockDeviceMappingRequest { device_name, no_device, virtual_name, ebs });
shows!(Device => sdk::LaunchTemplateBlockDeviceMapping { device_name, no_device, virtual_name, ebs });

/// A volume of EBS.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Volume {
    /// Remove it together with the instance.
    pub delete_on_termination: Option<Switch>,
    /// Encrypt it.
    pub encrypted: Option<Switch>,
    /// Operations a second, of `gp3`, `io1` and `io2`.
    pub iops: Chosen<Option<i64>>,
    /// The key's ARN.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub kms_key_id: Option<String>,
    /// What it is filled from.
    pub snapshot_id: Option<String>,
    /// MiB a second, of `gp3`.
    #[schemars(range(min = 125, max = 1000))]
    pub throughput: Chosen<Option<i64>>,
    /// MiB a second at which it is filled from the snapshot.
    #[schemars(range(min = 100, max = 300))]
    pub volume_initialization_rate: Chosen<Option<i64>>,
    /// In GiB.
    pub volume_size: Chosen<Option<i64>>,
    /// `gp3`, `gp2`, `io1`, `io2`, `st1`, `sc1` or `standard`.
    #[schemars(extend("enum" = ["", "standard", "io1", "io2", "gp2", "sc1", "st1", "gp3"]))]
    pub volume_type: Chosen<Option<String>>,
}
macro_rules! volume {
    ($way:ident $theirs:ty) => {
        $way!(Volume => $theirs {
            delete_on_termination, encrypted, iops, kms_key_id, snapshot_id, throughput,
            volume_initialization_rate, volume_size, volume_type,
        });
    };
}
volume!(asks sdk::LaunchTemplateEbsBlockDeviceRequest);
volume!(shows sdk::LaunchTemplateEbsBlockDevice);

/// Reserved capacity.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reservation {
    /// `open`, `none` or `capacity-reservations-only`.
    #[schemars(extend("enum" = ["", "capacity-reservations-only", "open", "none"]))]
    pub capacity_reservation_preference: Option<String>,
    /// Which.
    #[serde(default)]
    pub capacity_reservation_target: One<ReservationTarget>,
}

/// Which reserved capacity.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReservationTarget {
    /// One reservation.
    pub capacity_reservation_id: Option<String>,
    /// A group of them.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub capacity_reservation_resource_group_arn: Option<String>,
}
asks!(Reservation => sdk::LaunchTemplateCapacityReservationSpecificationRequest {
    capacity_reservation_preference, capacity_reservation_target,
});
shows!(Reservation => sdk::LaunchTemplateCapacityReservationSpecificationResponse {
    capacity_reservation_preference, capacity_reservation_target,
});
asks!(Reservation => sdk::CapacityReservationSpecification {
    capacity_reservation_preference, capacity_reservation_target,
});
shows!(Reservation => sdk::CapacityReservationSpecificationResponse {
    capacity_reservation_preference, capacity_reservation_target,
});
asks!(ReservationTarget => sdk::CapacityReservationTarget {
    capacity_reservation_id, capacity_reservation_resource_group_arn,
});
shows!(ReservationTarget => sdk::CapacityReservationTargetResponse {
    capacity_reservation_id, capacity_reservation_resource_group_arn,
});

/// Processors.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cpu {
    /// Memory that the host cannot read: `enabled` or `disabled`.
    #[schemars(extend("enum" = ["", "enabled", "disabled"]))]
    pub amd_sev_snp: Option<String>,
    /// How many cores.
    pub core_count: Option<i64>,
    /// 1 switches simultaneous multithreading off.
    pub threads_per_core: Option<i64>,
}
asks!(Cpu => sdk::LaunchTemplateCpuOptionsRequest { amd_sev_snp, core_count, threads_per_core });
shows!(Cpu => sdk::LaunchTemplateCpuOptions { amd_sev_snp, core_count, threads_per_core });

/// How burstable types pay for more than their share.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Credit {
    /// `standard` or `unlimited`.
    #[schemars(extend("enum" = ["", "standard", "unlimited"]))]
    pub cpu_credits: Option<String>,
}
asks!(Credit => sdk::CreditSpecificationRequest { cpu_credits });
shows!(Credit => sdk::CreditSpecification { cpu_credits });

/// A sort of something.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sort {
    /// Its name.
    pub r#type: String,
}
both!(Sort = sdk::ElasticGpuSpecification { r#type });
shows!(Sort => sdk::ElasticGpuSpecificationResponse { r#type });
impl Asked<sdk::LaunchTemplateElasticInferenceAccelerator> for Sort {
    fn asked(&self) -> Option<sdk::LaunchTemplateElasticInferenceAccelerator> {
        Some(sdk::LaunchTemplateElasticInferenceAccelerator::builder().r#type(&self.r#type).build())
    }
}
shows!(Sort => sdk::LaunchTemplateElasticInferenceAcceleratorResponse { r#type });

/// A switch in a block of its own.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Enabled {
    /// Whether it is on.
    pub enabled: Option<bool>,
}
impl Asked<sdk::LaunchTemplateEnclaveOptionsRequest> for Enabled {
    fn asked(&self) -> Option<sdk::LaunchTemplateEnclaveOptionsRequest> {
        let it = sdk::LaunchTemplateEnclaveOptionsRequest::builder();
        Some(it.enabled(self.enabled.unwrap_or_default()).build())
    }
}
shows!(Enabled => sdk::LaunchTemplateEnclaveOptions { enabled });
impl Asked<sdk::LaunchTemplatesMonitoringRequest> for Enabled {
    fn asked(&self) -> Option<sdk::LaunchTemplatesMonitoringRequest> {
        let it = sdk::LaunchTemplatesMonitoringRequest::builder();
        Some(it.enabled(self.enabled.unwrap_or_default()).build())
    }
}
shows!(Enabled => sdk::LaunchTemplatesMonitoring { enabled });

/// Whether an instance can be sent to sleep.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Hibernation {
    /// Whether it can.
    pub configured: bool,
}
asks!(Hibernation => sdk::LaunchTemplateHibernationOptionsRequest { configured });
shows!(Hibernation => sdk::LaunchTemplateHibernationOptions { configured });

/// The role of instances.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The instance profile's ARN; or say its name.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub arn: Option<String>,
    /// The instance profile's name.
    pub name: Option<String>,
}
asks!(Profile => sdk::LaunchTemplateIamInstanceProfileSpecificationRequest { arn, name });
shows!(Profile => sdk::LaunchTemplateIamInstanceProfileSpecification { arn, name });

/// How instances are bought.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Market {
    /// `spot` or `capacity-block`.
    #[schemars(extend("enum" = ["", "spot", "capacity-block"]))]
    pub market_type: Option<String>,
    /// Of spot instances.
    #[serde(default)]
    pub spot_options: One<Spot>,
}
asks!(Market => sdk::LaunchTemplateInstanceMarketOptionsRequest { market_type, spot_options });
shows!(Market => sdk::LaunchTemplateInstanceMarketOptions { market_type, spot_options });

/// Spot instances.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spot {
    /// How long they run for sure, in steps of 60. AWS has given it up.
    pub block_duration_minutes: Option<i64>,
    /// What happens when AWS takes them back: `hibernate`, `stop` or `terminate`.
    #[schemars(extend("enum" = ["", "hibernate", "stop", "terminate"]))]
    pub instance_interruption_behavior: Option<String>,
    /// The most to pay, in dollars an hour.
    pub max_price: Option<String>,
    /// `one-time` or `persistent`.
    #[schemars(extend("enum" = ["", "one-time", "persistent"]))]
    pub spot_instance_type: Option<String>,
    /// When a persistent request ends, such as `2026-12-31T12:00:00Z`.
    #[schemars(regex(pattern = r"^(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d))?$"))]
    pub valid_until: Chosen<Option<String>>,
}
impl Asked<sdk::LaunchTemplateSpotMarketOptionsRequest> for Spot {
    fn asked(&self) -> Option<sdk::LaunchTemplateSpotMarketOptionsRequest> {
        let it = sdk::LaunchTemplateSpotMarketOptionsRequest::builder()
            .set_block_duration_minutes(asked(&self.block_duration_minutes))
            .set_instance_interruption_behavior(asked(&self.instance_interruption_behavior))
            .set_max_price(asked(&self.max_price))
            .set_spot_instance_type(asked(&self.spot_instance_type))
            .set_valid_until(moment(&self.valid_until));
        Some(it.build())
    }
}
impl Shown<sdk::LaunchTemplateSpotMarketOptions> for Spot {
    fn shown(answer: Option<sdk::LaunchTemplateSpotMarketOptions>) -> Self {
        let Some(it) = answer else { return Spot::default() };
        Spot {
            block_duration_minutes: shown(it.block_duration_minutes),
            instance_interruption_behavior: shown(it.instance_interruption_behavior),
            max_price: shown(it.max_price),
            spot_instance_type: shown(it.spot_instance_type),
            valid_until: Chosen(it.valid_until.and_then(|it| said(&it))),
        }
    }
}

/// A moment as a call takes it.
pub fn moment(text: &Option<String>) -> Option<DateTime> {
    DateTime::from_str(text.as_deref()?, Format::DateTimeWithOffset).ok()
}

/// A moment as the state holds it, to the second.
pub fn said(it: &DateTime) -> Option<String> {
    DateTime::from_secs(it.secs()).fmt(Format::DateTime).ok()
}

/// Software licences that instances count against.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct License {
    /// The licence configuration's ARN.
    #[schemars(regex(pattern = r"^arn:.+$"))]
    pub license_configuration_arn: String,
}
asks!(License => sdk::LaunchTemplateLicenseConfigurationRequest { license_configuration_arn });
shows!(License => sdk::LaunchTemplateLicenseConfiguration { license_configuration_arn });

/// What happens when the host fails.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Maintenance {
    /// `default` or `disabled`.
    #[schemars(extend("enum" = ["", "default", "disabled"]))]
    pub auto_recovery: Option<String>,
}
asks!(Maintenance => sdk::LaunchTemplateInstanceMaintenanceOptionsRequest { auto_recovery });
shows!(Maintenance => sdk::LaunchTemplateInstanceMaintenanceOptions { auto_recovery });

/// What an instance can learn about itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Metadata {
    /// `enabled` or `disabled`.
    #[schemars(extend("enum" = ["", "disabled", "enabled"]))]
    pub http_endpoint: Chosen<Option<String>>,
    /// Over IPv6 too: `enabled` or `disabled`.
    #[schemars(extend("enum" = ["", "disabled", "enabled"]))]
    pub http_protocol_ipv6: Chosen<Option<String>>,
    /// How many hops an answer may take; containers need 2.
    #[schemars(range(min = 1, max = 64))]
    pub http_put_response_hop_limit: Chosen<Option<i64>>,
    /// Whether only sessions are answered (IMDSv2): `required` or `optional`.
    #[schemars(extend("enum" = ["", "optional", "required"]))]
    pub http_tokens: Chosen<Option<String>>,
    /// The instance's tags too: `enabled` or `disabled`.
    #[schemars(extend("enum" = ["", "disabled", "enabled"]))]
    pub instance_metadata_tags: Chosen<Option<String>>,
}
macro_rules! metadata {
    ($way:ident $theirs:ty) => {
        $way!(Metadata => $theirs {
            http_endpoint, http_protocol_ipv6, http_put_response_hop_limit, http_tokens,
            instance_metadata_tags,
        });
    };
}
metadata!(asks sdk::LaunchTemplateInstanceMetadataOptionsRequest);
metadata!(shows sdk::LaunchTemplateInstanceMetadataOptions);

/// Where instances run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Placement {
    /// Whether a stopped instance comes back to its host.
    pub affinity: Option<String>,
    /// The zone.
    pub availability_zone: Option<String>,
    /// The placement group.
    pub group_name: Option<String>,
    /// The host of one's own.
    pub host_id: Option<String>,
    /// A group of such hosts.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub host_resource_group_arn: Option<String>,
    /// Which partition of the placement group.
    pub partition_number: Option<i64>,
    /// For later use.
    pub spread_domain: Option<String>,
    /// `default`, `dedicated` or `host`.
    #[schemars(extend("enum" = ["", "default", "dedicated", "host"]))]
    pub tenancy: Option<String>,
}
macro_rules! placement {
    ($way:ident $theirs:ty) => {
        $way!(Placement => $theirs {
            affinity, availability_zone, group_name, host_id, host_resource_group_arn, partition_number,
            spread_domain, tenancy,
        });
    };
}
placement!(asks sdk::LaunchTemplatePlacementRequest);
placement!(shows sdk::LaunchTemplatePlacement);

/// Names of instances inside the VPC.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PrivateNames {
    /// Answer queries for the name with the IPv4 address.
    pub enable_resource_name_dns_a_record: Option<bool>,
    /// Answer queries for the name with the IPv6 address.
    pub enable_resource_name_dns_aaaa_record: Option<bool>,
    /// `ip-name` or `resource-name`.
    #[schemars(extend("enum" = ["", "ip-name", "resource-name"]))]
    pub hostname_type: Option<String>,
}
impl Asked<sdk::LaunchTemplatePrivateDnsNameOptionsRequest> for PrivateNames {
    fn asked(&self) -> Option<sdk::LaunchTemplatePrivateDnsNameOptionsRequest> {
        let it = sdk::LaunchTemplatePrivateDnsNameOptionsRequest::builder()
            .enable_resource_name_dns_a_record(self.enable_resource_name_dns_a_record.unwrap_or_default())
            .enable_resource_name_dns_aaaa_record(
                self.enable_resource_name_dns_aaaa_record.unwrap_or_default(),
            );
        Some(it.set_hostname_type(asked(&self.hostname_type)).build())
    }
}
shows!(PrivateNames => sdk::LaunchTemplatePrivateDnsNameOptions {
    enable_resource_name_dns_a_record, enable_resource_name_dns_aaaa_record, hostname_type,
});

/// Tags of what is launched.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Labels {
    /// `instance`, `volume`, `network-interface`, `spot-instances-request`, …
    pub resource_type: Option<String>,
    /// The tags.
    pub tags: Option<Tags>,
}
impl Asked<sdk::LaunchTemplateTagSpecificationRequest> for Labels {
    fn asked(&self) -> Option<sdk::LaunchTemplateTagSpecificationRequest> {
        let tags = self.tags.iter().flatten().map(|(k, v)| sdk::Tag::builder().key(k).value(v).build());
        let tags: Vec<_> = tags.collect();
        let it = sdk::LaunchTemplateTagSpecificationRequest::builder();
        let it = it.set_resource_type(asked(&self.resource_type));
        Some(it.set_tags((!tags.is_empty()).then_some(tags)).build())
    }
}
impl Shown<sdk::LaunchTemplateTagSpecification> for Labels {
    fn shown(answer: Option<sdk::LaunchTemplateTagSpecification>) -> Self {
        let Some(it) = answer else { return Labels::default() };
        let tags = super::super::tags(it.tags);
        Labels { resource_type: shown(it.resource_type), tags: (!tags.is_empty()).then_some(tags) }
    }
}
