use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::blocks::Switch;
use crate::aws::ec2::filters::{Filter, Search, only};
use crate::aws::ec2::launch_template::network::{self, Tracking};
use crate::aws::ec2::launch_template::options::*;
use crate::aws::ec2::launch_template::read::Template;
use crate::aws::ec2::launch_template::{self as own, live};
use crate::aws::ec2::{tags, text};
use crate::aws::requirements::ForTemplates;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// A launch template that is there already, and what its newest version says.
///
/// ```toml
/// [data.aws_launch_template.web]
/// name = "web"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LaunchTemplate {
    /// Such as `lt-0a1b2c`.
    pub id: Chosen<Option<String>>,
    /// Its name.
    pub name: Chosen<Option<String>>,
    /// Labels that it must have; all of its labels.
    pub tags: Chosen<Tags>,
    /// Only those that these find.
    #[serde(default)]
    pub filter: Set<Filter>,
    pub timeouts: Option<TimeoutsRead>,
    /// The template's ARN.
    pub arn: Computed<String>,
    /// What is in this version.
    pub description: Computed<Option<String>>,
    /// The version that counts where none is said.
    pub default_version: Computed<Option<i64>>,
    /// The number of the newest version, which this shows.
    pub latest_version: Computed<i64>,
    /// The machine image.
    pub image_id: Computed<Option<String>>,
    /// Such as `t3.micro`.
    pub instance_type: Computed<Option<String>>,
    /// What the type must have, where none is named.
    pub instance_requirements: Computed<Vec<ForTemplates>>,
    /// Name of the key pair that lets in.
    pub key_name: Computed<Option<String>>,
    /// What runs at the first start, in Base64.
    pub user_data: Computed<Option<String>>,
    /// Ids of the security groups of the instance's only interface.
    pub vpc_security_group_ids: Computed<Set<String>>,
    /// The same by name, in a default VPC.
    pub security_group_names: Computed<Set<String>>,
    /// Network interfaces.
    pub network_interfaces: Computed<Vec<Interface>>,
    /// Disks besides the image's, or instead of them.
    pub block_device_mappings: Computed<Vec<Device>>,
    /// Bandwidth of its own to EBS: `true`, `false` or nothing.
    pub ebs_optimized: Computed<Option<Switch>>,
    /// The role of instances.
    pub iam_instance_profile: Computed<Vec<Profile>>,
    /// What an instance can learn about itself.
    pub metadata_options: Computed<Vec<Metadata>>,
    /// Metrics each minute instead of every five.
    pub monitoring: Computed<Vec<Enabled>>,
    /// Where instances run.
    pub placement: Computed<Vec<Placement>>,
    /// How instances are bought.
    pub instance_market_options: Computed<Vec<Market>>,
    /// How burstable types pay for more than their share.
    pub credit_specification: Computed<Option<Vec<Credit>>>,
    /// Processors.
    pub cpu_options: Computed<Vec<Cpu>>,
    /// Reserved capacity.
    pub capacity_reservation_specification: Computed<Vec<Reservation>>,
    /// Tags of what is launched.
    pub tag_specifications: Computed<Vec<Labels>>,
    /// Whether instances cannot be stopped by a call.
    pub disable_api_stop: Computed<Option<bool>>,
    /// Whether instances cannot be terminated by a call.
    pub disable_api_termination: Computed<Option<bool>>,
    /// What shutting down from inside does: `stop` or `terminate`.
    pub instance_initiated_shutdown_behavior: Computed<Option<String>>,
    /// Names of instances inside the VPC.
    pub private_dns_name_options: Computed<Vec<PrivateNames>>,
    /// What happens when the host fails.
    pub maintenance_options: Computed<Vec<Maintenance>>,
    /// Whether instances can be sent to sleep.
    pub hibernation_options: Computed<Vec<Hibernation>>,
    /// Enclaves of Nitro.
    pub enclave_options: Computed<Vec<Enabled>>,
    /// Licences that instances count against.
    pub license_specification: Computed<Vec<License>>,
    /// Elastic Graphics, which AWS has given up.
    pub elastic_gpu_specifications: Computed<Vec<Sort>>,
    /// Elastic Inference, which AWS has given up.
    pub elastic_inference_accelerator: Computed<Vec<Sort>>,
    /// The kernel, of images that are not of their own.
    pub kernel_id: Computed<Option<String>>,
    /// The RAM disk, of images that are not of their own.
    pub ram_disk_id: Computed<Option<String>>,
}

/// A network interface of what is launched.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Interface {
    /// Whether it gets an address in a carrier's network.
    pub associate_carrier_ip_address: Option<Switch>,
    /// Whether it gets a public IPv4 address.
    pub associate_public_ip_address: Option<Switch>,
    /// How long idle connections are kept in mind.
    #[schemars(extend("x-attribute" = true))]
    pub connection_tracking_specification: Vec<Tracking>,
    /// Whether it is removed together with the instance.
    pub delete_on_termination: Option<Switch>,
    /// What it is for.
    pub description: Option<String>,
    /// Its place among the instance's interfaces, from 0.
    pub device_index: Option<i64>,
    /// `interface`, `efa` or `efa-only`.
    pub interface_type: Option<String>,
    /// How many secondary private addresses.
    pub ipv4_address_count: Option<i64>,
    /// Which private addresses.
    pub ipv4_addresses: Set<String>,
    /// How many ranges of private addresses.
    pub ipv4_prefix_count: Option<i64>,
    /// Which ranges of private addresses.
    pub ipv4_prefixes: Set<String>,
    /// How many IPv6 addresses.
    pub ipv6_address_count: Option<i64>,
    /// Which IPv6 addresses.
    pub ipv6_addresses: Set<String>,
    /// How many ranges of IPv6 addresses.
    pub ipv6_prefix_count: Option<i64>,
    /// Which ranges of IPv6 addresses.
    pub ipv6_prefixes: Set<String>,
    /// On which network card it is, where there are several.
    pub network_card_index: Option<i64>,
    /// One that is there already.
    pub network_interface_id: Option<String>,
    /// Whether its first IPv6 address is the primary one.
    pub primary_ipv6: Option<Switch>,
    /// The primary private address.
    pub private_ip_address: Option<String>,
    /// Ids of its security groups.
    pub security_groups: Set<String>,
    /// The subnet that holds it.
    pub subnet_id: Option<String>,
}

impl DataSource for LaunchTemplate {
    const TYPE: &'static str = "aws_launch_template";
    const READS: Reads = Reads::of(
        &[
            Cost::each("ec2:DescribeLaunchTemplates"),
            Cost::each("ec2:DescribeLaunchTemplateVersions"),
            Cost::once("sts:GetCallerIdentity"),
        ],
        "versions have a call of their own; the ARN names the account, which the answers leave out",
    );
    const UNSET: &'static [&'static str] = &["credit_specification"];

    async fn read(self, aws: &Aws) -> Result<Self> {
        let ids = text(&self.id).map(|it| vec![it.to_owned()]);
        let names = text(&self.name).map(|it| vec![it.to_owned()]);
        let filters = Search::new(&self.filter, &self.tags).filters();
        let call = aws.ec2().describe_launch_templates().set_launch_template_ids(ids);
        let call = call.set_launch_template_names(names).set_filters(filters);
        let found = only("launch template", call.into_paginator().items().send().try_collect().await?)?;
        let (id, number) = found
            .launch_template_id
            .zip(found.latest_version_number)
            .ok_or(Error::Incomplete("the template's id or its newest version"))?;
        let call = aws.ec2().describe_launch_template_versions().launch_template_id(&id);
        let versions = call.versions(number.to_string()).send().await?.launch_template_versions;
        let latest = versions.unwrap_or_default().into_iter().next();
        let template = Template {
            latest: latest.ok_or(Error::Incomplete("the template's newest version"))?,
            default_version: found.default_version_number,
            tags: Tags::new(),
        };
        let account = aws.account().await?.id.as_str();
        let told = live(aws, Some(account), id, template).attributes;
        Ok(LaunchTemplate {
            tags: Chosen(tags(found.tags)),
            filter: self.filter,
            timeouts: self.timeouts,
            ..LaunchTemplate::from(told)
        })
    }
}

/// A block that stands at most once, as a list.
pub fn list<T>(one: One<T>) -> Computed<Vec<T>> {
    Computed(one.0.into_iter().collect())
}

// All but what it is searched by.
impl From<own::LaunchTemplate> for LaunchTemplate {
    fn from(mut it: own::LaunchTemplate) -> Self {
        it.instance_requirements.0.iter_mut().for_each(ForTemplates::fill);
        for labels in &mut it.tag_specifications {
            labels.tags.get_or_insert_default();
        }
        LaunchTemplate {
            id: Chosen(Some(it.id.0)),
            name: Chosen(it.name.0.0),
            tags: Chosen::default(),
            filter: Set::default(),
            timeouts: None,
            arn: it.arn,
            description: Computed(it.description),
            default_version: Computed(it.default_version.0),
            latest_version: it.latest_version,
            image_id: Computed(it.image_id),
            instance_type: Computed(it.instance_type),
            instance_requirements: list(it.instance_requirements),
            key_name: Computed(it.key_name),
            user_data: Computed(it.user_data),
            vpc_security_group_ids: Computed(it.vpc_security_group_ids.unwrap_or_default()),
            security_group_names: Computed(it.security_group_names.unwrap_or_default()),
            network_interfaces: Computed(it.network_interfaces.into_iter().map(Interface::from).collect()),
            block_device_mappings: Computed(it.block_device_mappings),
            ebs_optimized: Computed(it.ebs_optimized),
            iam_instance_profile: list(it.iam_instance_profile),
            metadata_options: list(it.metadata_options.0),
            monitoring: list(it.monitoring),
            placement: list(it.placement),
            instance_market_options: list(it.instance_market_options),
            credit_specification: Computed(it.credit_specification.0.map(|it| vec![it])),
            cpu_options: list(it.cpu_options),
            capacity_reservation_specification: list(it.capacity_reservation_specification),
            tag_specifications: Computed(it.tag_specifications),
            disable_api_stop: Computed(it.disable_api_stop),
            disable_api_termination: Computed(it.disable_api_termination),
            instance_initiated_shutdown_behavior: Computed(it.instance_initiated_shutdown_behavior),
            private_dns_name_options: list(it.private_dns_name_options),
            maintenance_options: list(it.maintenance_options),
            hibernation_options: list(it.hibernation_options),
            enclave_options: list(it.enclave_options),
            license_specification: Computed(it.license_specification.0),
            elastic_gpu_specifications: Computed(it.elastic_gpu_specifications),
            elastic_inference_accelerator: list(it.elastic_inference_accelerator),
            kernel_id: Computed(it.kernel_id),
            ram_disk_id: Computed(it.ram_disk_id),
        }
    }
}

impl From<network::Interface> for Interface {
    fn from(it: network::Interface) -> Self {
        let set = |it: Option<Set<String>>| it.unwrap_or_default();
        Interface {
            associate_carrier_ip_address: it.associate_carrier_ip_address,
            associate_public_ip_address: it.associate_public_ip_address,
            connection_tracking_specification: it.connection_tracking_specification.0.into_iter().collect(),
            delete_on_termination: it.delete_on_termination,
            description: it.description,
            device_index: it.device_index,
            interface_type: it.interface_type,
            ipv4_address_count: it.ipv4_address_count,
            ipv4_addresses: set(it.ipv4_addresses),
            ipv4_prefix_count: it.ipv4_prefix_count,
            ipv4_prefixes: set(it.ipv4_prefixes),
            ipv6_address_count: it.ipv6_address_count,
            ipv6_addresses: set(it.ipv6_addresses),
            ipv6_prefix_count: it.ipv6_prefix_count,
            ipv6_prefixes: set(it.ipv6_prefixes),
            network_card_index: it.network_card_index,
            network_interface_id: it.network_interface_id,
            primary_ipv6: it.primary_ipv6,
            private_ip_address: it.private_ip_address,
            security_groups: set(it.security_groups),
            subnet_id: it.subnet_id,
        }
    }
}
