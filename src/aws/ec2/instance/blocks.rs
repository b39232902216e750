//! Blocks of an instance.

use aws_sdk_ec2::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::blocks::{Asked, Shown, asked, asks, shown, shows};
use crate::aws::ec2::launch_template::options::{moment, said};
use crate::resource::*;

/// Processors.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cpu {
    /// Memory that the host cannot read: `enabled` or `disabled`.
    #[schemars(extend("enum" = ["", "enabled", "disabled"]))]
    pub amd_sev_snp: Chosen<Fixed<Option<String>>>,
    /// How many cores.
    pub core_count: Chosen<Fixed<Option<i64>>>,
    /// 1 switches simultaneous multithreading off.
    pub threads_per_core: Chosen<Fixed<Option<i64>>>,
}
asks!(Cpu => sdk::CpuOptionsRequest { amd_sev_snp, core_count, threads_per_core });
shows!(Cpu => sdk::CpuOptions { amd_sev_snp, core_count, threads_per_core });

/// Enclaves of Nitro.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Enclave {
    /// Whether there may be some.
    pub enabled: Chosen<Fixed<Option<bool>>>,
}
asks!(Enclave => sdk::EnclaveOptionsRequest { enabled });
shows!(Enclave => sdk::EnclaveOptions { enabled });

/// What happens when the host fails.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Maintenance {
    /// `default` or `disabled`.
    #[schemars(extend("enum" = ["", "default", "disabled"]))]
    pub auto_recovery: Chosen<Option<String>>,
}
asks!(Maintenance => sdk::InstanceMaintenanceOptionsRequest { auto_recovery });
shows!(Maintenance => sdk::InstanceMaintenanceOptions { auto_recovery });

/// What the instance can learn about itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Metadata {
    /// `enabled` or `disabled`.
    #[serde(default = "enabled")]
    #[schemars(extend("enum" = ["disabled", "enabled"]))]
    pub http_endpoint: String,
    /// Over IPv6 too: `enabled` or `disabled`.
    #[serde(default = "disabled")]
    #[schemars(extend("enum" = ["disabled", "enabled"]))]
    pub http_protocol_ipv6: String,
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

fn enabled() -> String {
    "enabled".into()
}
fn disabled() -> String {
    "disabled".into()
}

impl Metadata {
    pub fn is_on(&self) -> bool {
        self.http_endpoint == "enabled"
    }
}

// The rest is refused where it is off.
impl Asked<sdk::InstanceMetadataOptionsRequest> for Metadata {
    fn asked(&self) -> Option<sdk::InstanceMetadataOptionsRequest> {
        let it = sdk::InstanceMetadataOptionsRequest::builder().set_http_endpoint(asked(&self.http_endpoint));
        if !self.is_on() {
            return Some(it.build());
        }
        let it = it
            .set_http_protocol_ipv6(asked(&self.http_protocol_ipv6))
            .set_http_put_response_hop_limit(asked(&self.http_put_response_hop_limit))
            .set_http_tokens(asked(&self.http_tokens))
            .set_instance_metadata_tags(asked(&self.instance_metadata_tags));
        Some(it.build())
    }
}
shows!(Metadata => sdk::InstanceMetadataOptionsResponse {
    http_endpoint, http_protocol_ipv6, http_put_response_hop_limit, http_tokens, instance_metadata_tags,
});

/// Names inside the VPC.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PrivateNames {
    /// Answer queries for the name with the IPv4 address.
    pub enable_resource_name_dns_a_record: Chosen<Option<bool>>,
    /// Answer queries for the name with the IPv6 address.
    pub enable_resource_name_dns_aaaa_record: Chosen<Option<bool>>,
    /// `ip-name` or `resource-name`.
    #[schemars(extend("enum" = ["", "ip-name", "resource-name"]))]
    pub hostname_type: Chosen<Option<String>>,
}
asks!(PrivateNames => sdk::PrivateDnsNameOptionsRequest {
    enable_resource_name_dns_a_record, enable_resource_name_dns_aaaa_record, hostname_type,
});
shows!(PrivateNames => sdk::PrivateDnsNameOptionsResponse {
    enable_resource_name_dns_a_record, enable_resource_name_dns_aaaa_record, hostname_type,
});

/// A network interface that is there already.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Interface {
    /// Its id.
    pub network_interface_id: Fixed<String>,
    /// Its place among the instance's interfaces, from 0.
    pub device_index: Fixed<i64>,
    /// On which network card it is, where there are several.
    #[serde(default)]
    pub network_card_index: Fixed<i64>,
    /// Remove it together with the instance.
    #[serde(default)]
    pub delete_on_termination: Fixed<bool>,
}
impl Asked<sdk::InstanceNetworkInterfaceSpecification> for Interface {
    fn asked(&self) -> Option<sdk::InstanceNetworkInterfaceSpecification> {
        let it = sdk::InstanceNetworkInterfaceSpecification::builder()
            .set_device_index(i32::try_from(*self.device_index).ok())
            .set_network_card_index(i32::try_from(*self.network_card_index).ok())
            .network_interface_id(&*self.network_interface_id)
            .delete_on_termination(*self.delete_on_termination);
        Some(it.build())
    }
}
impl Shown<sdk::InstanceNetworkInterface> for Interface {
    fn shown(answer: Option<sdk::InstanceNetworkInterface>) -> Self {
        let Some(it) = answer else { return Interface::default() };
        let attachment = it.attachment;
        let attachment = attachment.as_ref();
        Interface {
            network_interface_id: shown(it.network_interface_id),
            device_index: shown(attachment.and_then(|it| it.device_index)),
            network_card_index: shown(attachment.and_then(|it| it.network_card_index)),
            delete_on_termination: shown(attachment.and_then(|it| it.delete_on_termination)),
        }
    }
}

/// A template that says what this instance does not.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Its id; or say its name.
    #[schemars(length(max = 255), regex(pattern = r"^(lt-[a-z0-9]+)?$"))]
    pub id: Chosen<Fixed<Option<String>>>,
    /// Its name.
    #[schemars(length(max = 128))]
    pub name: Chosen<Fixed<Option<String>>>,
    /// A number, `$Latest` or `$Default`. Another version than it comes from means a new instance.
    #[serde(default = "default_version")]
    #[schemars(length(min = 1, max = 255))]
    pub version: String,
}

fn default_version() -> String {
    "$Default".into()
}

// AWS wants one of id and name.
impl Asked<sdk::LaunchTemplateSpecification> for Template {
    fn asked(&self) -> Option<sdk::LaunchTemplateSpecification> {
        let id: Option<String> = asked(&self.id);
        let name = if id.is_none() { asked(&self.name) } else { None };
        let it = sdk::LaunchTemplateSpecification::builder().set_launch_template_id(id);
        Some(it.set_launch_template_name(name).set_version(asked(&self.version)).build())
    }
}

/// How the instance is bought.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Market {
    /// `spot` or `capacity-block`.
    #[schemars(extend("enum" = ["", "spot", "capacity-block"]))]
    pub market_type: Chosen<Fixed<Option<String>>>,
    /// Of spot instances.
    pub spot_options: Chosen<One<Spot>>,
}
asks!(Market => sdk::InstanceMarketOptionsRequest { market_type, spot_options });

/// A spot instance.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spot {
    /// What happens when AWS takes it back: `hibernate`, `stop` or `terminate`.
    #[schemars(extend("enum" = ["", "hibernate", "stop", "terminate"]))]
    pub instance_interruption_behavior: Chosen<Fixed<Option<String>>>,
    /// The most to pay, in dollars an hour.
    pub max_price: Chosen<Fixed<Option<String>>>,
    /// `one-time` or `persistent`.
    #[schemars(extend("enum" = ["", "one-time", "persistent"]))]
    pub spot_instance_type: Chosen<Fixed<Option<String>>>,
    /// When a persistent request ends, such as `2026-12-31T12:00:00Z`.
    #[schemars(regex(pattern = r"^(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d))?$"))]
    pub valid_until: Chosen<Fixed<Option<String>>>,
}
impl Asked<sdk::SpotMarketOptions> for Spot {
    fn asked(&self) -> Option<sdk::SpotMarketOptions> {
        let it = sdk::SpotMarketOptions::builder()
            .set_instance_interruption_behavior(asked(&self.instance_interruption_behavior))
            .set_max_price(asked(&self.max_price))
            .set_spot_instance_type(asked(&self.spot_instance_type))
            .set_valid_until(moment(&self.valid_until));
        Some(it.build())
    }
}
impl Shown<sdk::SpotInstanceRequest> for Spot {
    fn shown(answer: Option<sdk::SpotInstanceRequest>) -> Self {
        let Some(it) = answer else { return Spot::default() };
        // AWS writes 0.050000 for 0.05.
        let price = it.spot_price.map(|it| it.parse::<f64>().map_or(it, |it| it.to_string()));
        Spot {
            instance_interruption_behavior: shown(it.instance_interruption_behavior),
            max_price: Chosen(Fixed(price)),
            spot_instance_type: shown(it.r#type),
            valid_until: Chosen(Fixed(it.valid_until.and_then(|it| said(&it)))),
        }
    }
}

/// How burstable types pay for more than their share.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Credit {
    /// `standard` or `unlimited`.
    #[schemars(extend("enum" = ["", "standard", "unlimited"]))]
    pub cpu_credits: Option<String>,
}
asks!(Credit => sdk::CreditSpecificationRequest { cpu_credits });
shows!(Credit => sdk::InstanceCreditSpecification { cpu_credits });

/// The disk that the instance starts from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Root {
    /// Remove it together with the instance.
    #[serde(default = "yes")]
    pub delete_on_termination: bool,
    /// Encrypt it.
    pub encrypted: Chosen<Fixed<Option<bool>>>,
    /// Operations a second, of `gp3`, `io1` and `io2`.
    pub iops: Chosen<Option<i64>>,
    /// The key's ARN.
    pub kms_key_id: Chosen<Fixed<Option<String>>>,
    /// Labels of the volume; or say `volume_tags` for all of them.
    pub tags: Option<Tags>,
    /// All its labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// MiB a second, of `gp3`.
    pub throughput: Chosen<Option<i64>>,
    /// In GiB. It can grow, not shrink.
    pub volume_size: Chosen<Option<i64>>,
    /// `gp3`, `gp2`, `io1`, `io2`, `st1`, `sc1` or `standard`.
    #[schemars(extend("enum" = ["", "standard", "io1", "io2", "gp2", "sc1", "st1", "gp3"]))]
    pub volume_type: Chosen<Option<String>>,
    /// Such as `/dev/xvda`.
    pub device_name: Computed<Option<String>>,
    /// Such as `vol-0a1b2c`.
    pub volume_id: Computed<Option<String>>,
}

/// A further disk.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Disk {
    /// Such as `/dev/sdf`.
    pub device_name: Fixed<String>,
    /// Remove it together with the instance.
    #[serde(default = "yes_fixed")]
    pub delete_on_termination: Fixed<bool>,
    /// Encrypt it.
    pub encrypted: Chosen<Fixed<Option<bool>>>,
    /// Operations a second, of `gp3`, `io1` and `io2`.
    pub iops: Chosen<Fixed<Option<i64>>>,
    /// The key's ARN.
    pub kms_key_id: Chosen<Fixed<Option<String>>>,
    /// What it is filled from.
    pub snapshot_id: Chosen<Fixed<Option<String>>>,
    /// Labels of the volume; or say `volume_tags` for all of them.
    pub tags: Option<Tags>,
    /// All its labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// MiB a second, of `gp3`.
    pub throughput: Chosen<Fixed<Option<i64>>>,
    /// In GiB.
    pub volume_size: Chosen<Fixed<Option<i64>>>,
    /// `gp3`, `gp2`, `io1`, `io2`, `st1`, `sc1` or `standard`.
    #[schemars(extend("enum" = ["", "standard", "io1", "io2", "gp2", "sc1", "st1", "gp3"]))]
    pub volume_type: Chosen<Fixed<Option<String>>>,
    /// Such as `vol-0a1b2c`.
    pub volume_id: Computed<Option<String>>,
}

fn yes() -> bool {
    true
}
fn yes_fixed() -> Fixed<bool> {
    Fixed(true)
}

/// A disk of the host. What AWS never shows stays as the stack says it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ephemeral {
    /// Such as `/dev/sdb`.
    pub device_name: Fixed<String>,
    /// Hide the image's disk of that name.
    pub no_device: Fixed<Option<bool>>,
    /// Such as `ephemeral0`.
    pub virtual_name: Fixed<Option<String>>,
}
impl Asked<sdk::BlockDeviceMapping> for Ephemeral {
    fn asked(&self) -> Option<sdk::BlockDeviceMapping> {
        let hidden = self.no_device.unwrap_or_default();
        let it = sdk::BlockDeviceMapping::builder().device_name(&*self.device_name);
        let it = it.set_no_device(hidden.then(String::new));
        Some(it.set_virtual_name(if hidden { None } else { asked(&self.virtual_name) }).build())
    }
}
