use std::time::Duration;

use aws_sdk_ec2::types::{self as sdk, InstanceAttributeName};
use futures::try_join;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::time::Instant as Moment;

use super::launch_template::list;
use crate::aws::blocks::shown;
use crate::aws::ec2::filters::{Filter, Search};
use crate::aws::ec2::instance::blocks::{
    self, Credit, Enclave, Ephemeral, Maintenance, Metadata, PrivateNames,
};
use crate::aws::ec2::instance::read::{attribute, credits, default_vpcs, profile_name};
use crate::aws::ec2::instance::volumes;
use crate::aws::ec2::launch_template::options::said;
use crate::aws::ec2::{arn, tags, text};
use crate::aws::{Aws, Error, Result};
use crate::resource::*;
use crate::schema::digest;

/// An instance that is there already.
///
/// ```toml
/// [data.aws_instance.bastion]
/// instance_tags = { Name = "bastion" }
/// filter = [{ name = "instance-state-name", values = ["running"] }]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Instance {
    /// Such as `i-0a1b2c`.
    pub instance_id: Option<String>,
    /// Labels that it must have.
    pub instance_tags: Chosen<Option<Tags>>,
    /// Only those that these find. Terminated ones are found for an hour, too.
    #[serde(default)]
    pub filter: Set<Filter>,
    /// Tell the password of a Windows instance, and wait until it has one.
    #[serde(default)]
    pub get_password_data: bool,
    /// Tell the user data, instead of its digest only.
    #[serde(default)]
    pub get_user_data: bool,
    pub timeouts: Option<TimeoutsRead>,
    /// All of its labels.
    pub tags: Chosen<Tags>,
    /// Such as `i-0a1b2c`.
    pub id: Computed<String>,
    /// The machine image.
    pub ami: Computed<Option<String>>,
    /// The instance's ARN.
    pub arn: Computed<String>,
    /// Whether it has a public IPv4 address.
    pub associate_public_ip_address: Computed<Option<bool>>,
    /// The zone.
    pub availability_zone: Computed<Option<String>>,
    /// How burstable types pay for more than their share.
    pub credit_specification: Computed<Vec<Credit>>,
    /// Whether it cannot be stopped by a call.
    pub disable_api_stop: Computed<Option<bool>>,
    /// Whether it cannot be terminated by a call.
    pub disable_api_termination: Computed<Option<bool>>,
    /// Further disks.
    pub ebs_block_device: Computed<Set<Disk>>,
    /// Whether it has bandwidth of its own to EBS.
    pub ebs_optimized: Computed<Option<bool>>,
    /// Enclaves of Nitro.
    pub enclave_options: Computed<Vec<Enclave>>,
    /// Disks of the host. AWS never shows them.
    pub ephemeral_block_device: Computed<Vec<Ephemeral>>,
    /// The host of one's own.
    pub host_id: Computed<Option<String>>,
    /// A group of such hosts.
    pub host_resource_group_arn: Computed<Option<String>>,
    /// Name of the instance profile that gives it a role.
    pub iam_instance_profile: Computed<Option<String>>,
    /// `pending`, `running`, `stopping`, `stopped`, …
    pub instance_state: Computed<Option<String>>,
    /// Such as `t3.micro`.
    pub instance_type: Computed<Option<String>>,
    /// IPv6 addresses of its first interface.
    pub ipv6_addresses: Computed<Set<String>>,
    /// Name of the key pair that lets in.
    pub key_name: Computed<Option<String>>,
    /// When it was last started.
    pub launch_time: Computed<Option<String>>,
    /// What happens when the host fails.
    pub maintenance_options: Computed<Vec<Maintenance>>,
    /// What it can learn about itself.
    pub metadata_options: Computed<Vec<Metadata>>,
    /// Metrics each minute instead of every five.
    pub monitoring: Computed<Option<bool>>,
    /// Its first network interface.
    pub network_interface_id: Computed<Option<String>>,
    /// The Outpost that holds it.
    pub outpost_arn: Computed<Option<String>>,
    /// The password, encrypted for the key pair and in Base64, where `get_password_data` is set.
    pub password_data: Computed<Option<String>>,
    /// The placement group.
    pub placement_group: Computed<Option<String>>,
    /// Which partition of the placement group.
    pub placement_partition_number: Computed<Option<i64>>,
    /// Its name inside the VPC.
    pub private_dns: Computed<Option<String>>,
    /// Names inside the VPC.
    pub private_dns_name_options: Computed<Vec<PrivateNames>>,
    /// Its private address.
    pub private_ip: Computed<Option<String>>,
    /// Its public name.
    pub public_dns: Computed<Option<String>>,
    /// Its public address.
    pub public_ip: Computed<Option<String>>,
    /// The disk that it starts from.
    pub root_block_device: Computed<Set<Root>>,
    /// More private addresses of its first interface.
    pub secondary_private_ips: Computed<Set<String>>,
    /// Names of its security groups, in a default VPC.
    pub security_groups: Computed<Set<String>>,
    /// Whether packets have to be from or for the instance.
    pub source_dest_check: Computed<Option<bool>>,
    /// The subnet that holds it.
    pub subnet_id: Computed<Option<String>>,
    /// `default`, `dedicated` or `host`.
    pub tenancy: Computed<Option<String>>,
    /// SHA-1 of the user data.
    pub user_data: Computed<Option<String>>,
    /// The user data in Base64, where `get_user_data` is set.
    pub user_data_base64: Computed<Option<String>>,
    /// Ids of its security groups.
    pub vpc_security_group_ids: Computed<Set<String>>,
}

/// The disk that an instance starts from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Root {
    /// Whether it is removed together with the instance.
    pub delete_on_termination: Option<bool>,
    /// Such as `/dev/xvda`.
    pub device_name: Option<String>,
    /// Whether it is encrypted.
    pub encrypted: Option<bool>,
    /// Operations a second.
    pub iops: Option<i64>,
    /// The key's ARN.
    pub kms_key_id: Option<String>,
    /// Its labels.
    pub tags: Tags,
    /// MiB a second.
    pub throughput: Option<i64>,
    /// Such as `vol-0a1b2c`.
    pub volume_id: Option<String>,
    /// In GiB.
    pub volume_size: Option<i64>,
    /// Such as `gp3`.
    pub volume_type: Option<String>,
}

/// A further disk of an instance.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Disk {
    /// Whether it is removed together with the instance.
    pub delete_on_termination: Option<bool>,
    /// Such as `/dev/sdf`.
    pub device_name: Option<String>,
    /// Whether it is encrypted.
    pub encrypted: Option<bool>,
    /// Operations a second.
    pub iops: Option<i64>,
    /// The key's ARN.
    pub kms_key_id: Option<String>,
    /// What it was filled from.
    pub snapshot_id: Option<String>,
    /// Its labels.
    pub tags: Tags,
    /// MiB a second.
    pub throughput: Option<i64>,
    /// Such as `vol-0a1b2c`.
    pub volume_id: Option<String>,
    /// In GiB.
    pub volume_size: Option<i64>,
    /// Such as `gp3`.
    pub volume_type: Option<String>,
}

impl DataSource for Instance {
    const TYPE: &'static str = "aws_instance";
    const READS: Reads = Reads::of(
        &[
            Cost::each("ec2:DescribeInstances"),
            Cost::each("ec2:DescribeVolumes"),
            Cost::each("ec2:DescribeInstanceCreditSpecifications"),
            Cost::each("ec2:DescribeVpcs"),
            Cost::each("ec2:DescribeInstanceAttribute"),
            Cost::each("ec2:DescribeInstanceAttribute"),
            Cost::each("ec2:DescribeInstanceAttribute"),
        ],
        "each of three attributes has a call of its own; only burstable types are asked for their credit, and a password is asked for where it is wanted",
    );
    const UNSET: &'static [&'static str] = &[
        "associate_public_ip_address",
        "instance_tags",
        "password_data",
        "source_dest_check",
        "user_data",
        "user_data_base64",
    ];

    async fn read(self, aws: &Aws) -> Result<Self> {
        let (owner, it) = self.found(aws).await?;
        let id = it.instance_id.clone().unwrap_or_default();
        let one = std::slice::from_ref(&it);
        let (volumes, mut credits, named, stop, termination, data, password) = try_join!(
            volumes::of(aws, one),
            credits(aws, one),
            groups_have_names(aws, &it),
            attribute(aws, &id, InstanceAttributeName::DisableApiStop),
            attribute(aws, &id, InstanceAttributeName::DisableApiTermination),
            attribute(aws, &id, InstanceAttributeName::UserData),
            self.password(aws, &id),
        )?;
        let (root, disks) = volumes::split(&it, &volumes);
        let data = data.user_data.and_then(|it| it.value).filter(|it| !it.is_empty());
        Ok(Instance {
            credit_specification: list(shown(credits.remove(&id))),
            disable_api_stop: Computed(stop.disable_api_stop.and_then(|it| it.value)),
            disable_api_termination: Computed(termination.disable_api_termination.and_then(|it| it.value)),
            ebs_block_device: Computed(disks.into_iter().map(Disk::from).collect()),
            root_block_device: Computed(root.into_iter().map(Root::from).collect()),
            password_data: Computed(password),
            user_data: Computed(data.as_deref().map(digest::of)),
            user_data_base64: Computed(data.filter(|_| self.get_user_data)),
            ..self.told(aws, owner.as_deref(), it, named)
        })
    }
}

/// With the account that owns it.
type Owned = (Option<String>, sdk::Instance);

/// How long a password is waited for, where the stack does not say it.
const PATIENCE: Duration = Duration::from_secs(1200);
const PAUSE: Duration = Duration::from_secs(10);

impl Instance {
    async fn found(&self, aws: &Aws) -> Result<Owned> {
        let none = Tags::new();
        let search = Search::new(&self.filter, self.instance_tags.as_ref().unwrap_or(&none));
        let ids = text(&self.instance_id).map(|it| vec![it.to_owned()]);
        let call = aws.ec2().describe_instances().set_instance_ids(ids).set_filters(search.filters());
        let found: Vec<sdk::Reservation> = call.into_paginator().items().send().try_collect().await?;
        let each = found.into_iter().flat_map(|it| {
            let owner = it.owner_id;
            it.instances.unwrap_or_default().into_iter().map(move |it| (owner.clone(), it))
        });
        only(each.collect())
    }

    /// A Windows instance has it some minutes after its first start.
    async fn password(&self, aws: &Aws, id: &str) -> Result<Option<String>> {
        if !self.get_password_data {
            return Ok(None);
        }
        let given = self.timeouts.as_ref().and_then(|it| it.read.as_deref());
        let end = Moment::now() + times::patience(given, PATIENCE);
        loop {
            let answer = aws.ec2().get_password_data().instance_id(id).send().await?;
            match answer.password_data.unwrap_or_default().trim() {
                "" if Moment::now() > end => {
                    return Err(Error::Invalid(format!(
                        "instance {id} has no password: leave `get_password_data` out unless it runs Windows, or give it more time in `timeouts`"
                    )));
                }
                "" => tokio::time::sleep(PAUSE).await,
                it => return Ok(Some(it.to_owned())),
            }
        }
    }

    /// What the instance itself says.
    fn told(self, aws: &Aws, owner: Option<&str>, it: sdk::Instance, named: bool) -> Self {
        let id = it.instance_id.unwrap_or_default();
        let placement = it.placement.unwrap_or_else(|| sdk::Placement::builder().build());
        let groups = it.security_groups.unwrap_or_default();
        let names = groups.iter().filter(|_| named).filter_map(|it| it.group_name.clone()).collect();
        let in_subnet = text(&it.subnet_id).is_some();
        let group_ids = groups.into_iter().filter(|_| in_subnet).filter_map(|it| it.group_id).collect();
        let monitored = |it: sdk::MonitoringState| matches!(it.as_str(), "enabled" | "pending");
        let profile = it.iam_instance_profile.and_then(|it| it.arn);
        Instance {
            tags: Chosen(tags(it.tags)),
            ami: shown(it.image_id),
            arn: arn(aws, owner, &format!("instance/{id}")).into(),
            id: id.into(),
            availability_zone: shown(placement.availability_zone),
            ebs_optimized: shown(it.ebs_optimized),
            enclave_options: list(shown(it.enclave_options)),
            host_id: shown(placement.host_id),
            host_resource_group_arn: shown(placement.host_resource_group_arn),
            iam_instance_profile: Computed(profile.map(|it| profile_name(&it))),
            instance_state: shown(it.state.and_then(|it| it.name)),
            instance_type: shown(it.instance_type),
            key_name: shown(it.key_name),
            launch_time: Computed(it.launch_time.as_ref().and_then(said)),
            maintenance_options: list(shown(it.maintenance_options)),
            metadata_options: list(shown(it.metadata_options)),
            monitoring: Computed(it.monitoring.and_then(|it| it.state).map(monitored)),
            outpost_arn: shown(it.outpost_arn),
            placement_group: shown(placement.group_name),
            placement_partition_number: shown(placement.partition_number),
            private_dns: shown(it.private_dns_name),
            private_dns_name_options: list(shown(it.private_dns_name_options)),
            private_ip: shown(it.private_ip_address),
            public_dns: shown(it.public_dns_name),
            public_ip: shown(it.public_ip_address),
            security_groups: Computed(names),
            source_dest_check: Computed(it.source_dest_check.filter(|_| in_subnet)),
            subnet_id: Computed(it.subnet_id),
            tenancy: shown(placement.tenancy),
            vpc_security_group_ids: Computed(group_ids),
            ..self.connected(it.network_interfaces.unwrap_or_default())
        }
    }

    /// What its first interface says.
    fn connected(self, interfaces: Vec<sdk::InstanceNetworkInterface>) -> Self {
        let place = |it: &sdk::InstanceNetworkInterface| it.attachment.as_ref()?.device_index;
        let Some(first) = interfaces.into_iter().find(|it| place(it) == Some(0)) else { return self };
        let addresses = first.private_ip_addresses.unwrap_or_default().into_iter();
        let more = addresses.filter(|it| it.primary != Some(true)).filter_map(|it| it.private_ip_address);
        let ipv6 = first.ipv6_addresses.unwrap_or_default().into_iter().filter_map(|it| it.ipv6_address);
        Instance {
            associate_public_ip_address: Computed(Some(first.association.is_some())),
            ipv6_addresses: Computed(ipv6.collect()),
            network_interface_id: Computed(first.network_interface_id),
            secondary_private_ips: Computed(more.collect()),
            ..self
        }
    }
}

fn only(mut found: Vec<Owned>) -> Result<Owned> {
    match (found.pop(), found.len()) {
        (Some(it), 0) => Ok(it),
        (None, _) => Err(Error::Invalid(
            "no instance fits: look at `instance_id`, `instance_tags` and `filter`".to_owned(),
        )),
        (Some(_), more) => Err(Error::Invalid(format!(
            "{} instances fit and one is wanted: say more of it, such as its `instance_id`; a `filter` of `instance-state-name` leaves out those that are terminated",
            more + 1
        ))),
    }
}

/// Whether its security groups have names: in the account's default VPC, and where there is none.
async fn groups_have_names(aws: &Aws, it: &sdk::Instance) -> Result<bool> {
    let Some(vpc) = text(&it.vpc_id) else { return Ok(true) };
    let ask = default_vpcs(aws, std::slice::from_ref(it));
    Ok(aws.shared(&format!("whether {vpc} is the default VPC"), ask).await?.contains(vpc))
}

impl From<blocks::Root> for Root {
    fn from(it: blocks::Root) -> Self {
        Root {
            delete_on_termination: Some(it.delete_on_termination),
            device_name: it.device_name.0,
            encrypted: it.encrypted.0.0,
            iops: it.iops.0,
            kms_key_id: it.kms_key_id.0.0,
            tags: it.tags_all.0,
            throughput: it.throughput.0,
            volume_id: it.volume_id.0,
            volume_size: it.volume_size.0,
            volume_type: it.volume_type.0,
        }
    }
}

impl From<blocks::Disk> for Disk {
    fn from(it: blocks::Disk) -> Self {
        Disk {
            delete_on_termination: Some(it.delete_on_termination.0),
            device_name: Some(it.device_name.0),
            encrypted: it.encrypted.0.0,
            iops: it.iops.0.0,
            kms_key_id: it.kms_key_id.0.0,
            snapshot_id: it.snapshot_id.0.0,
            tags: it.tags_all.0,
            throughput: it.throughput.0.0,
            volume_id: it.volume_id.0,
            volume_size: it.volume_size.0.0,
            volume_type: it.volume_type.0.0,
        }
    }
}
