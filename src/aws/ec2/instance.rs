use std::time::Duration;

use aws_sdk_ec2::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::launch_template::options::Reservation;
use super::{EC2, among};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;
use blocks::*;

pub mod blocks;
mod change;
mod interface;
mod kept;
mod launch;
mod plan;
pub(super) mod read;
mod restart;
mod root;
pub(super) mod volumes;

/// A virtual server.
///
/// A plan takes user data, protection against stopping and termination, and what shutting down from inside
/// does from the state: AWS tells them of one instance at a time. They are looked at after a create, and
/// on import.
///
/// ```toml
/// [aws_instance.web]
/// ami = "ami-0a1b2c3d4e5f67890"
/// instance_type = "t3.micro"
/// subnet_id = "subnet-0a1b2c3d4e5f67890"
/// vpc_security_group_ids = ["sg-0a1b2c3d4e5f67890"]
/// user_data = "#!/bin/sh\necho hello"
/// root_block_device = { volume_size = 20, volume_type = "gp3", encrypted = true }
/// metadata_options = { http_tokens = "required" }
/// tags = { Name = "web" }
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Instance {
    /// The machine image.
    pub ami: Chosen<Fixed<Option<String>>>,
    /// Such as `t3.micro`. A change stops and starts the instance.
    pub instance_type: Chosen<Option<String>>,
    /// A template that says what this does not.
    #[serde(default)]
    pub launch_template: One<Template>,
    /// The subnet that holds it.
    pub subnet_id: Chosen<Fixed<Option<String>>>,
    /// The zone, where no subnet says it.
    pub availability_zone: Chosen<Fixed<Option<String>>>,
    /// Ids of its security groups.
    pub vpc_security_group_ids: Chosen<Set<String>>,
    /// Names of its security groups, in a default VPC.
    pub security_groups: Chosen<Fixed<Set<String>>>,
    /// Name of the key pair that lets in.
    pub key_name: Chosen<Fixed<Option<String>>>,
    /// Name of the instance profile that gives it a role.
    pub iam_instance_profile: Chosen<Option<String>>,
    /// What runs at the first start. The state holds its SHA-1 only. A change stops and starts the instance,
    /// which does not run it again: see `user_data_replace_on_change`.
    #[schemars(length(max = 16384))]
    pub user_data: Chosen<Option<Digested>>,
    /// The same in Base64, for what is no text.
    #[schemars(regex(pattern = r"^[A-Za-z0-9+/]*=*$"))]
    pub user_data_base64: Chosen<Option<String>>,
    /// Whether other user data means a new instance.
    #[serde(default)]
    pub user_data_replace_on_change: Local<bool>,
    /// Give it a public IPv4 address.
    pub associate_public_ip_address: Chosen<Fixed<Option<bool>>>,
    /// Its private address.
    pub private_ip: Chosen<Fixed<Option<String>>>,
    /// More private addresses.
    pub secondary_private_ips: Chosen<Set<String>>,
    /// How many IPv6 addresses.
    pub ipv6_address_count: Chosen<Option<i64>>,
    /// Which IPv6 addresses.
    pub ipv6_addresses: Chosen<Fixed<Vec<String>>>,
    /// Make its first IPv6 address the primary one. To take that back means a new instance.
    pub enable_primary_ipv6: Chosen<Option<bool>>,
    /// Whether packets have to be from or for the instance; not for routers.
    #[serde(default = "yes")]
    pub source_dest_check: bool,
    /// Interfaces that are there already, instead of one of its own.
    pub network_interface: Chosen<Set<Interface>>,
    /// The disk that it starts from.
    pub root_block_device: Chosen<One<Root>>,
    /// Further disks that come with it.
    #[schemars(extend("x-known-by" = "device_name"))]
    pub ebs_block_device: Chosen<Set<Disk>>,
    /// Disks of the host.
    pub ephemeral_block_device: Chosen<Set<Ephemeral>>,
    /// Labels of all its volumes; or label each.
    pub volume_tags: Option<Tags>,
    /// What it can learn about itself.
    pub metadata_options: Chosen<One<Metadata>>,
    /// Metrics each minute instead of every five.
    pub monitoring: Chosen<Option<bool>>,
    /// How burstable types pay for more than their share. T3 has no bounds unless this says so.
    #[serde(default)]
    pub credit_specification: One<Credit>,
    /// Processors.
    pub cpu_options: Chosen<One<Cpu>>,
    /// The old way to say `cpu_options.core_count`.
    pub cpu_core_count: Chosen<Fixed<Option<i64>>>,
    /// The old way to say `cpu_options.threads_per_core`.
    pub cpu_threads_per_core: Chosen<Fixed<Option<i64>>>,
    /// Bandwidth of its own to EBS.
    pub ebs_optimized: Chosen<Fixed<Option<bool>>>,
    /// Refuse to stop it by a call.
    pub disable_api_stop: Chosen<Option<bool>>,
    /// Refuse to terminate it by a call. Removing it from the stack takes that back first.
    pub disable_api_termination: Chosen<Option<bool>>,
    /// What shutting down from inside does: `stop` or `terminate`.
    #[schemars(extend("enum" = ["", "stop", "terminate"]))]
    pub instance_initiated_shutdown_behavior: Chosen<Option<String>>,
    /// Whether it can be sent to sleep.
    pub hibernation: Fixed<Option<bool>>,
    /// Enclaves of Nitro.
    pub enclave_options: Chosen<One<Enclave>>,
    /// What happens when the host fails.
    pub maintenance_options: Chosen<One<Maintenance>>,
    /// Names inside the VPC.
    pub private_dns_name_options: Chosen<One<PrivateNames>>,
    /// Reserved capacity. A change stops and starts the instance.
    pub capacity_reservation_specification: Chosen<One<Reservation>>,
    /// How it is bought.
    pub instance_market_options: Chosen<Fixed<One<Market>>>,
    /// `default`, `dedicated` or `host`.
    #[schemars(extend("enum" = ["", "default", "dedicated", "host"]))]
    pub tenancy: Chosen<Fixed<Option<String>>>,
    /// The placement group.
    pub placement_group: Chosen<Fixed<Option<String>>>,
    /// Which partition of the placement group.
    pub placement_partition_number: Chosen<Fixed<Option<i64>>>,
    /// The host of one's own.
    pub host_id: Chosen<Fixed<Option<String>>>,
    /// A group of such hosts.
    pub host_resource_group_arn: Chosen<Fixed<Option<String>>>,
    /// Not done here: `aws ec2 get-password-data` reads the password of a Windows instance.
    #[serde(default)]
    pub get_password_data: Local<bool>,
    pub timeouts: Option<TimeoutsAll>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// Such as `i-0a1b2c`.
    pub id: Computed<String>,
    /// The instance's ARN.
    pub arn: Computed<String>,
    /// `spot` or `scheduled`; empty for an ordinary one.
    pub instance_lifecycle: Computed<Option<String>>,
    /// `pending`, `running`, `stopping`, `stopped`, …
    pub instance_state: Computed<Option<String>>,
    /// The Outpost that holds it.
    pub outpost_arn: Computed<Option<String>>,
    /// Empty: see `get_password_data`.
    pub password_data: Computed<Option<String>>,
    /// Its first network interface.
    pub primary_network_interface_id: Computed<Option<String>>,
    /// Its name inside the VPC.
    pub private_dns: Computed<Option<String>>,
    /// Its public name.
    pub public_dns: Computed<Option<String>>,
    /// Its public address.
    pub public_ip: Computed<Option<String>>,
    /// What asked for it, where it is a spot instance.
    pub spot_instance_request_id: Computed<Option<String>>,
}

fn yes() -> bool {
    true
}

impl Resource for Instance {
    const TYPE: &'static str = "aws_instance";
    const SCHEMA_VERSION: u64 = 1;
    const IMPORT: &'static [&'static str] = &["i-0a1b2c3d4e5f67890"];
    const UNWRITTEN: &'static [&'static str] = &[
        "cpu_core_count",
        "cpu_threads_per_core",
        "user_data",
        "security_groups",
        "availability_zone",
        "private_ip",
        "ipv6_address_count",
        "launch_template.name",
    ];
    const TAGS: TagApi = TagApi::Ec2;
    const READS: Reads = Reads::of(
        &[
            Cost::page("ec2:DescribeInstances", 1000),
            Cost::page("ec2:DescribeVolumes", 1000),
            Cost::page("ec2:DescribeInstanceCreditSpecifications", 200),
        ],
        "calls take 1,000 ids; only burstable types are asked for their credit, only launch templates and spot requests that instances come from are looked at",
    );
    const BATCH: usize = super::IDS;
    const PATIENCE: Duration = Duration::from_secs(600);
    const DELETE_PATIENCE: Duration = Duration::from_secs(1200);
    const CREATE_SECONDS: u32 = 30;
    const PASSING: &'static [&'static [Passing]] = &[EC2, INSTANCES];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, ids: &[String]) -> Result<Vec<Live<Self>>> {
        read::instances(aws, ids).await
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        launch::launch(self, aws, new).await
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        change::change(self, aws, was).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let id = self.key();
        if self.disable_api_termination.unwrap_or_default() {
            let call = aws.ec2().modify_instance_attribute().instance_id(&id);
            call.disable_api_termination(super::flag(false)).send().await?;
        }
        if let Some(request) = self.spot_instance_request_id.as_ref().filter(|it| !it.is_empty()) {
            aws.ec2().cancel_spot_instance_requests().spot_instance_request_ids(request).send().await?;
        }
        aws.ec2().terminate_instances().instance_ids(id).send().await?;
        Ok(())
    }

    // AWS keeps the token with the instance, long after repeating the call has ceased to be harmless.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let call =
            aws.ec2().describe_instances().filters(among("client-token", std::slice::from_ref(&new.token)));
        let pages: Vec<sdk::Reservation> = call.into_paginator().items().send().try_collect().await?;
        let mut all = pages.into_iter().flat_map(|it| it.instances.unwrap_or_default());
        Ok(all.find(|it| !read::is_gone(it)).and_then(|it| it.instance_id))
    }

    fn as_kept(self, kept: &Self) -> Self {
        kept::as_kept(self, kept)
    }

    fn adjust(plan: &mut Adjust) {
        plan::adjust(plan);
    }

    async fn blockers(&self, _aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        let said = error.message().to_lowercase();
        let help = match op {
            Op::Delete if said.contains("disableapitermination") => {
                "somebody has protected it against termination: take that back, or set `disable_api_termination = true`, apply, and remove it then"
            }
            Op::Update if said.contains("disableapistop") => {
                "this change stops and starts it: set `disable_api_stop = false` and apply that first"
            }
            _ => return Ok(Blockers::default()),
        };
        Ok(Blockers::default().help(help))
    }
}

/// What passes with time for instances, besides.
const INSTANCES: &[Passing] = &[
    // A profile or its role was made a moment ago, and EC2 does not know of it yet.
    Passing::unseen("InvalidParameterValue").saying("Invalid IAM Instance Profile"),
    Passing::unseen("InvalidParameterValue").saying("has no associated IAM Roles"),
    // It was stopped for another type a moment ago.
    Passing::unseen("InvalidParameterValue").saying("LaunchPlan instance type does not match"),
    // It has just been stopped or started.
    Passing::busy("IncorrectInstanceState").on(CHANGES),
    Passing::busy("IncorrectState").on(CHANGES),
    // One change of a volume after the other.
    Passing::busy("IncorrectModificationState"),
    Passing::busy("InvalidNetworkInterface.InUse").on(&[Op::Create]),
];
