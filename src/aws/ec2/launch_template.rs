use std::net::IpAddr;

use aws_sdk_ec2::types::{self as sdk, ResourceType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EC2, arn, marked, tagged, text};
use crate::aws::blocks::{Switch, asked, shown};
use crate::aws::requirements::ForTemplates;
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::Adjust;
use crate::resource::*;
use network::Interface;
use options::*;
use read::Template;

pub mod network;
pub mod options;
pub(super) mod read;

/// What instances are launched with. AWS keeps every version of it.
///
/// ```toml
/// [aws_launch_template.web]
/// name = "web"
/// image_id = "ami-0a1b2c3d4e5f67890"
/// instance_type = "t3.micro"
/// update_default_version = true
/// user_data = '${base64encode("#!/bin/sh\necho hello")}'
/// metadata_options = { http_endpoint = "enabled", http_tokens = "required" }
/// block_device_mappings = [
///   { device_name = "/dev/xvda", ebs = { volume_size = 20, volume_type = "gp3", encrypted = "true" } },
/// ]
/// tag_specifications = [{ resource_type = "instance", tags = { Name = "web" } }]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LaunchTemplate {
    /// Unique in the account and region; else one is made up.
    #[schemars(length(min = 3, max = 128), regex(pattern = r"^[a-zA-Z0-9()./_-]*$"))]
    pub name: Chosen<Fixed<Option<String>>>,
    /// Make up a unique name that starts with this.
    #[schemars(length(min = 3, max = 99), regex(pattern = r"^[a-zA-Z0-9()./_-]*$"))]
    pub name_prefix: Chosen<Fixed<Option<String>>>,
    /// What is in this version.
    #[schemars(length(max = 255))]
    pub description: Option<String>,
    /// The version that counts where none is said; or set `update_default_version`.
    #[schemars(range(min = 1))]
    pub default_version: Chosen<Option<i64>>,
    /// Let the newest version count where none is said.
    pub update_default_version: Local<Option<bool>>,
    /// The machine image.
    pub image_id: Option<String>,
    /// Such as `t3.micro`; or say `instance_requirements`.
    pub instance_type: Option<String>,
    /// What the type must have.
    #[serde(default)]
    pub instance_requirements: One<ForTemplates>,
    /// Name of the key pair that lets in.
    pub key_name: Option<String>,
    /// What runs at the first start, in Base64.
    pub user_data: Option<String>,
    /// Ids of the security groups of the instance's only interface.
    pub vpc_security_group_ids: Option<Set<String>>,
    /// The same by name, in a default VPC.
    pub security_group_names: Option<Set<String>>,
    /// Network interfaces.
    #[serde(default)]
    pub network_interfaces: Vec<Interface>,
    /// Disks besides the image's, or instead of them.
    #[serde(default)]
    pub block_device_mappings: Vec<Device>,
    /// Bandwidth of its own to EBS.
    pub ebs_optimized: Option<Switch>,
    /// The role of instances.
    #[serde(default)]
    pub iam_instance_profile: One<Profile>,
    /// What an instance can learn about itself.
    pub metadata_options: Chosen<One<Metadata>>,
    /// Metrics each minute instead of every five.
    #[serde(default)]
    pub monitoring: One<Enabled>,
    /// Where instances run.
    #[serde(default)]
    pub placement: One<Placement>,
    /// How instances are bought.
    #[serde(default)]
    pub instance_market_options: One<Market>,
    /// How burstable types pay for more than their share. Of no account for other types.
    #[serde(default)]
    pub credit_specification: One<Credit>,
    /// Processors.
    #[serde(default)]
    pub cpu_options: One<Cpu>,
    /// Reserved capacity.
    #[serde(default)]
    pub capacity_reservation_specification: One<Reservation>,
    /// Tags of what is launched.
    #[serde(default)]
    pub tag_specifications: Vec<Labels>,
    /// Refuse to stop instances by a call.
    pub disable_api_stop: Option<bool>,
    /// Refuse to terminate instances by a call.
    pub disable_api_termination: Option<bool>,
    /// What shutting down from inside does: `stop` or `terminate`.
    #[schemars(extend("enum" = ["", "stop", "terminate"]))]
    pub instance_initiated_shutdown_behavior: Option<String>,
    /// Names of instances inside the VPC.
    #[serde(default)]
    pub private_dns_name_options: One<PrivateNames>,
    /// What happens when the host fails.
    #[serde(default)]
    pub maintenance_options: One<Maintenance>,
    /// Whether instances can be sent to sleep.
    #[serde(default)]
    pub hibernation_options: One<Hibernation>,
    /// Enclaves of Nitro.
    #[serde(default)]
    pub enclave_options: One<Enabled>,
    /// Licences that instances count against.
    #[serde(default)]
    pub license_specification: Set<License>,
    /// Elastic Graphics, which AWS has given up.
    #[serde(default)]
    pub elastic_gpu_specifications: Vec<Sort>,
    /// Elastic Inference, which AWS has given up.
    #[serde(default)]
    pub elastic_inference_accelerator: One<Sort>,
    /// The kernel, of images that are not of their own.
    pub kernel_id: Option<String>,
    /// The RAM disk, of images that are not of their own.
    pub ram_disk_id: Option<String>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// Such as `lt-0a1b2c`.
    pub id: Computed<String>,
    /// The template's ARN.
    pub arn: Computed<String>,
    /// The number of the newest version.
    pub latest_version: Computed<i64>,
}

impl Resource for LaunchTemplate {
    const TYPE: &'static str = "aws_launch_template";
    const IMPORT: &'static [&'static str] = &["lt-0a1b2c3d4e5f67890"];
    const UNWRITTEN: &'static [&'static str] = &["default_version"];
    const TAGS: TagApi = TagApi::Ec2;
    const MARKED: bool = true;
    const READS: Reads = Reads::of(
        &[Cost::page("ec2:DescribeLaunchTemplateVersions", 100), Cost::page("ec2:DescribeTags", 200)],
        "a page of the account holds the newest and the default version of 100 templates, and no tags; a single one is asked for by itself",
    );
    const BATCH: usize = super::IDS;
    const PASSING: &'static [&'static [Passing]] = &[EC2];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, ids: &[String]) -> Result<Vec<Live<Self>>> {
        let templates = read::templates(aws, ids).await?;
        let exact = aws.exact() && !templates.is_empty();
        let account = if exact { Some(aws.account().await?.id.as_str()) } else { None };
        Ok(templates.into_iter().map(|(id, it)| live(aws, account, id, it)).collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let name = new.name(self.name.as_deref(), self.name_prefix.as_deref());
        let call = aws.ec2().create_launch_template().client_token(&new.token).launch_template_name(name);
        let call = call.set_version_description(asked(&self.description)).launch_template_data(self.data());
        let tags = tagged(ResourceType::LaunchTemplate, &new.tags);
        let answer = call.set_tag_specifications(tags).send().await?;
        let id = answer.launch_template.and_then(|it| it.launch_template_id);
        id.ok_or(Error::Incomplete("the launch template's id"))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let mut latest = was.latest_version.0;
        if self.data() != was.data() || text(&self.description) != text(&was.description) {
            let call = aws.ec2().create_launch_template_version().launch_template_id(was.key());
            let call = call.set_version_description(asked(&self.description));
            let answer = call.launch_template_data(self.data()).send().await?;
            let number = answer.launch_template_version.and_then(|it| it.version_number);
            latest = number.ok_or(Error::Incomplete("the number of the new version"))?;
        }
        let follows = self.update_default_version.unwrap_or_default();
        let wanted = if follows { Some(latest) } else { *self.default_version };
        match wanted {
            Some(wanted) if Some(wanted) != *was.default_version => {
                let call = aws.ec2().modify_launch_template().launch_template_id(was.key());
                call.default_version(wanted.to_string()).send().await?;
            }
            _ => {}
        }
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        aws.ec2().delete_launch_template().launch_template_id(self.key()).send().await?;
        Ok(())
    }

    // The client token makes a repeated create harmless only for a while.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        marked(aws, &new.token).await
    }

    // What is of no account for the type is not sent, and nothing comes back.
    fn as_kept(mut self, kept: &Self) -> Self {
        if self.credit_specification.is_none() && !self.is_burstable() {
            self.credit_specification = kept.credit_specification.clone();
        }
        self
    }

    fn adjust(plan: &mut Adjust) {
        plan.at_most_one(&["name", "name_prefix"]);
        plan.at_most_one(&["default_version", "update_default_version"]);
        for pair in
            [["instance_type", "instance_requirements"], ["security_group_names", "vpc_security_group_ids"]]
        {
            if pair.iter().all(|it| plan.config(it).is_some_and(|it| !crate::plan::adjust::is_nothing(it))) {
                plan.error(
                    pair[1],
                    format!("`{}` cannot stand beside `{}`: leave one of them out", pair[1], pair[0]),
                );
            }
        }
        for (block, pair) in EITHER {
            plan.at_most_one_in(block, &pair);
        }
        addresses(plan);
        labelled(plan);
        versions(plan);
    }
}

/// Of what in a block one alone can stand.
const EITHER: [(&str, [&str; 2]); 4] = [
    ("iam_instance_profile", ["arn", "name"]),
    ("placement", ["host_id", "host_resource_group_arn"]),
    ("instance_requirements", ["allowed_instance_types", "excluded_instance_types"]),
    (
        "instance_requirements",
        [
            "max_spot_price_as_percentage_of_optimal_on_demand_price",
            "spot_max_price_percentage_over_lowest_price",
        ],
    ),
];

/// Addresses of interfaces that are none.
fn addresses(plan: &mut Adjust) {
    let interfaces = plan.config("network_interfaces").and_then(Value::as_items).unwrap_or_default();
    let mut wrong = Vec::new();
    for (name, version) in
        [("private_ip_address", "IPv4"), ("ipv4_addresses", "IPv4"), ("ipv6_addresses", "IPv6")]
    {
        let said = interfaces.iter().filter_map(|it| it.get(name));
        let each = said.flat_map(|it| it.as_items().unwrap_or(std::slice::from_ref(it)));
        let unfit = |it: &&str| {
            !it.is_empty() && it.parse::<IpAddr>().map_or(true, |it| it.is_ipv4() != (version == "IPv4"))
        };
        wrong.extend(
            each.filter_map(Value::as_str)
                .filter(unfit)
                .map(|it| format!("`{name}` cannot be \"{it}\": it is no address of {version}")),
        );
    }
    wrong.into_iter().for_each(|it| plan.error("network_interfaces", it));
}

/// Kinds of things that no tags are for.
fn labelled(plan: &mut Adjust) {
    let all = plan.config("tag_specifications").and_then(Value::as_items).unwrap_or_default();
    let mut kinds = all.iter().filter_map(|it| it.get("resource_type").and_then(Value::as_str));
    let known = ResourceType::values();
    let wrong = kinds.find(|it| !it.is_empty() && !known.contains(it)).map(str::to_owned);
    if let Some(it) = wrong {
        plan.error(
            "tag_specifications",
            format!("`resource_type` cannot be \"{it}\": say what is tagged, such as `instance` or `volume`"),
        );
    }
}

/// Changes of these make no new version, as far as a plan says.
const NO_VERSION: [&str; 4] = ["name", "name_prefix", "default_version", "update_default_version"];

/// Which versions there will be.
fn versions(plan: &mut Adjust) {
    let Some(will) = plan.will.as_fields().filter(|_| plan.was.is_some()) else { return };
    let changed: Vec<String> =
        will.keys().filter(|it| plan.change(it).is_some()).map(|it| it.to_string()).collect();
    let follows = plan.will("update_default_version").and_then(Value::as_bool) == Some(true);
    if changed.iter().any(|it| !NO_VERSION.contains(&it.as_str())) {
        plan.set_unknown("latest_version");
        if follows {
            plan.set_unknown("default_version");
        }
    } else if follows && let Some(latest) = plan.will("latest_version").cloned() {
        // Killed between the new version and this, or `update_default_version` is new.
        plan.set("default_version", latest);
    }
}

impl LaunchTemplate {
    fn is_burstable(&self) -> bool {
        is_burstable(self.instance_type.as_deref().unwrap_or_default())
    }

    #[allow(deprecated, reason = "old accelerators are AWS's to refuse")]
    fn data(&self) -> sdk::RequestLaunchTemplateData {
        let credit = self.credit_specification.as_ref().filter(|_| self.is_burstable());
        let accelerators = self.elastic_inference_accelerator.iter().filter_map(asked).collect::<Vec<_>>();
        sdk::RequestLaunchTemplateData::builder()
            // AWS wants at least one thing.
            .user_data(self.user_data.as_deref().unwrap_or_default())
            .set_instance_type(asked(&self.instance_type))
            .set_block_device_mappings(asked(&self.block_device_mappings))
            .set_capacity_reservation_specification(asked(&self.capacity_reservation_specification))
            .set_cpu_options(asked(&self.cpu_options))
            .set_credit_specification(credit.and_then(asked))
            .set_disable_api_stop(self.disable_api_stop.filter(|it| *it))
            .set_disable_api_termination(self.disable_api_termination.filter(|it| *it))
            .set_ebs_optimized(asked(&self.ebs_optimized))
            .set_elastic_gpu_specifications(asked(&self.elastic_gpu_specifications))
            .set_elastic_inference_accelerators((!accelerators.is_empty()).then_some(accelerators))
            .set_enclave_options(asked(&self.enclave_options))
            .set_hibernation_options(asked(&self.hibernation_options))
            .set_iam_instance_profile(asked(&self.iam_instance_profile))
            .set_image_id(asked(&self.image_id))
            .set_instance_initiated_shutdown_behavior(asked(&self.instance_initiated_shutdown_behavior))
            .set_instance_market_options(asked(&self.instance_market_options))
            .set_instance_requirements(asked(&self.instance_requirements))
            .set_kernel_id(asked(&self.kernel_id))
            .set_key_name(asked(&self.key_name))
            .set_license_specifications(asked(&self.license_specification))
            .set_maintenance_options(asked(&self.maintenance_options))
            .set_metadata_options(asked(&self.metadata_options))
            .set_monitoring(asked(&self.monitoring))
            .set_network_interfaces(asked(&self.network_interfaces))
            .set_placement(asked(&self.placement))
            .set_private_dns_name_options(asked(&self.private_dns_name_options))
            .set_ram_disk_id(asked(&self.ram_disk_id))
            .set_security_groups(asked(&self.security_group_names))
            .set_tag_specifications(asked(&self.tag_specifications))
            .set_security_group_ids(asked(&self.vpc_security_group_ids))
            .build()
    }
}

/// Whether a type pays with credits for more than its share of a processor: T2 and later.
pub fn is_burstable(instance_type: &str) -> bool {
    let mut letters = instance_type.chars();
    letters.next() == Some('t') && letters.next().is_some_and(|it| it.is_ascii_digit() && it > '1')
}

pub(super) fn live(aws: &Aws, account: Option<&str>, id: String, it: Template) -> Live<LaunchTemplate> {
    let (version, tags) = (it.latest, it.tags);
    let data =
        version.launch_template_data.unwrap_or_else(|| sdk::ResponseLaunchTemplateData::builder().build());
    let burstable = data.instance_type.as_ref().is_some_and(|it| is_burstable(it.as_str()));
    let name: Option<String> = version.launch_template_name;
    let accelerator = data.elastic_inference_accelerators.unwrap_or_default().into_iter().next();
    let set = |it: Option<Vec<String>>| it.filter(|it| !it.is_empty()).map(Set);
    let attributes = LaunchTemplate {
        name_prefix: Chosen(Fixed(name.as_deref().and_then(name_prefix).filter(|it| !it.is_empty()))),
        name: Chosen(Fixed(name)),
        description: version.version_description,
        default_version: Chosen(it.default_version),
        update_default_version: Local(None),
        image_id: data.image_id,
        instance_type: seen(data.instance_type),
        instance_requirements: shown(data.instance_requirements),
        key_name: data.key_name,
        user_data: data.user_data.filter(|it| !it.is_empty()),
        vpc_security_group_ids: set(data.security_group_ids),
        security_group_names: set(data.security_groups),
        network_interfaces: shown(data.network_interfaces),
        block_device_mappings: shown(data.block_device_mappings),
        ebs_optimized: shown(data.ebs_optimized),
        iam_instance_profile: shown(data.iam_instance_profile),
        metadata_options: shown(data.metadata_options),
        monitoring: shown(data.monitoring),
        placement: shown(data.placement),
        instance_market_options: shown(data.instance_market_options),
        credit_specification: shown(data.credit_specification.filter(|_| burstable)),
        cpu_options: shown(data.cpu_options),
        capacity_reservation_specification: shown(data.capacity_reservation_specification),
        tag_specifications: shown(data.tag_specifications),
        disable_api_stop: data.disable_api_stop,
        disable_api_termination: data.disable_api_termination,
        instance_initiated_shutdown_behavior: shown(data.instance_initiated_shutdown_behavior),
        private_dns_name_options: shown(data.private_dns_name_options),
        maintenance_options: shown(data.maintenance_options),
        hibernation_options: shown(data.hibernation_options),
        enclave_options: shown(data.enclave_options),
        license_specification: shown(data.license_specifications),
        elastic_gpu_specifications: shown(data.elastic_gpu_specifications),
        elastic_inference_accelerator: shown(accelerator),
        kernel_id: data.kernel_id,
        ram_disk_id: data.ram_disk_id,
        tags: None,
        tags_all: Chosen::default(),
        arn: arn(aws, account, &format!("launch-template/{id}")).into(),
        id: id.clone().into(),
        latest_version: Computed(version.version_number.unwrap_or_default()),
    };
    // The ARN names the account, which the answer leaves out and the state knows.
    let unread: &[&str] = if account.is_some() { &[] } else { &["arn"] };
    Live { key: id, status: Status::Ready, tags: Some(tags), unread, attributes }
}
