use aws_sdk_ec2::types::{self as sdk, ResourceType, SubnetState};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EC2, blockers, described, flag, interfaces, marked, tagged, tags};
use crate::aws::shape::{seen, sent};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// A range of a VPC's addresses, in one Availability Zone.
///
/// ```toml
/// [aws_subnet.private_a]
/// vpc_id = "${aws_vpc.main.id}"
/// cidr_block = "10.0.1.0/24"
/// availability_zone = "eu-west-1a"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subnet {
    /// The VPC that holds the subnet.
    pub vpc_id: Fixed<String>,
    /// IPv4 range, within the VPC's.
    #[schemars(extend("format" = "cidr4"))]
    pub cidr_block: Fixed<Option<Cidr>>,
    /// Zone such as `eu-west-1a`; or say `availability_zone_id`.
    pub availability_zone: Chosen<Fixed<Option<String>>>,
    /// Zone such as `euw1-az1`, the same place for every account.
    pub availability_zone_id: Chosen<Fixed<Option<String>>>,
    /// IPv6 range of 64 bits, within one of the VPC's.
    #[schemars(extend("format" = "cidr6"))]
    pub ipv6_cidr_block: Option<Cidr>,
    /// Only IPv6 addresses.
    #[serde(default)]
    pub ipv6_native: Fixed<bool>,
    /// Give interfaces made here an IPv6 address.
    #[serde(default)]
    pub assign_ipv6_address_on_creation: bool,
    /// Give interfaces made here a public IPv4 address.
    #[serde(default)]
    pub map_public_ip_on_launch: bool,
    /// Let the resolver make up IPv6 addresses for names that have IPv4 ones only.
    #[serde(default)]
    pub enable_dns64: bool,
    /// Where instances get their local network interface; on an Outpost.
    pub enable_lni_at_device_index: Option<i64>,
    /// Answer queries for an instance's name with its IPv4 address.
    #[serde(default)]
    pub enable_resource_name_dns_a_record_on_launch: bool,
    /// Answer queries for an instance's name with its IPv6 address.
    #[serde(default)]
    pub enable_resource_name_dns_aaaa_record_on_launch: bool,
    /// `ip-name` or `resource-name`.
    #[schemars(extend("enum" = ["ip-name", "resource-name"]))]
    pub private_dns_hostname_type_on_launch: Chosen<Option<String>>,
    /// The Outpost's pool of customer-owned addresses.
    pub customer_owned_ipv4_pool: Option<String>,
    /// Give interfaces made here a customer-owned address.
    pub map_customer_owned_ip_on_launch: Option<bool>,
    /// The Outpost that holds the subnet.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub outpost_arn: Fixed<Option<String>>,
    pub timeouts: Option<TimeoutsCreateDelete>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// Such as `subnet-0a1b2c`.
    pub id: Computed<String>,
    /// The subnet's ARN.
    pub arn: Computed<String>,
    /// Joins the IPv6 range to the subnet.
    pub ipv6_cidr_block_association_id: Computed<Option<String>>,
    /// The account that owns the subnet.
    pub owner_id: Computed<String>,
}

impl Resource for Subnet {
    const TYPE: &'static str = "aws_subnet";
    const SCHEMA_VERSION: u64 = 1;
    const IMPORT: &'static [&'static str] = &["subnet-0a1b2c3d4e5f67890"];
    const UNWRITTEN: &'static [&'static str] = &["availability_zone_id"];
    const TAGS: TagApi = TagApi::Ec2;
    const MARKED: bool = true;
    const READS: Reads = Reads::of(&[Cost::page("ec2:DescribeSubnets", 1000)], "a call takes 1,000 ids");
    const BATCH: usize = super::IDS;
    const DELETE_PATIENCE: std::time::Duration = std::time::Duration::from_secs(1200);
    const PASSING: &'static [&'static [Passing]] = &[EC2];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, ids: &[String]) -> Result<Vec<Live<Self>>> {
        let subnets = described(aws, "subnet-id", ids, async |ids, filters| {
            let call = aws.ec2().describe_subnets().set_subnet_ids(ids).set_filters(filters);
            Ok(call.into_paginator().items().send().try_collect().await?)
        });
        let subnets = subnets.await?;
        Ok(subnets.into_iter().map(Live::from).collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let answer = aws
            .ec2()
            .create_subnet()
            .vpc_id(&**self.vpc_id)
            .set_cidr_block(sent(&self.cidr_block))
            .set_availability_zone(sent(&self.availability_zone))
            .set_availability_zone_id(sent(&self.availability_zone_id))
            .set_ipv6_cidr_block(sent(&self.ipv6_cidr_block))
            .set_ipv6_native(self.ipv6_native.then_some(true))
            .set_outpost_arn(sent(&self.outpost_arn))
            .set_tag_specifications(tagged(ResourceType::Subnet, &new.tags))
            .send()
            .await?;
        answer.subnet.and_then(|it| it.subnet_id).ok_or(Error::Incomplete("the subnet's id"))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        if self.ipv6_cidr_block != was.ipv6_cidr_block {
            self.change_ipv6_range(aws, was).await?;
        }
        // AWS takes one attribute a call.
        let modify = || aws.ec2().modify_subnet_attribute().subnet_id(was.key());
        if self.map_public_ip_on_launch != was.map_public_ip_on_launch {
            modify().map_public_ip_on_launch(flag(self.map_public_ip_on_launch)).send().await?;
        }
        if self.assign_ipv6_address_on_creation != was.assign_ipv6_address_on_creation {
            let wanted = flag(self.assign_ipv6_address_on_creation);
            modify().assign_ipv6_address_on_creation(wanted).send().await?;
        }
        if self.enable_dns64 != was.enable_dns64 {
            modify().enable_dns64(flag(self.enable_dns64)).send().await?;
        }
        if self.enable_lni_at_device_index != was.enable_lni_at_device_index {
            match sent(&self.enable_lni_at_device_index) {
                Some(index) => modify().enable_lni_at_device_index(index).send().await?,
                None => modify().disable_lni_at_device_index(flag(true)).send().await?,
            };
        }
        let (a, a_was) = (
            self.enable_resource_name_dns_a_record_on_launch,
            was.enable_resource_name_dns_a_record_on_launch,
        );
        if a != a_was {
            modify().enable_resource_name_dns_a_record_on_launch(flag(a)).send().await?;
        }
        let (aaaa, aaaa_was) = (
            self.enable_resource_name_dns_aaaa_record_on_launch,
            was.enable_resource_name_dns_aaaa_record_on_launch,
        );
        if aaaa != aaaa_was {
            modify().enable_resource_name_dns_aaaa_record_on_launch(flag(aaaa)).send().await?;
        }
        let hostname = &self.private_dns_hostname_type_on_launch;
        if *hostname != was.private_dns_hostname_type_on_launch {
            modify().set_private_dns_hostname_type_on_launch(sent(hostname)).send().await?;
        }
        let pool = (&self.customer_owned_ipv4_pool, self.map_customer_owned_ip_on_launch.unwrap_or_default());
        if pool != (&was.customer_owned_ipv4_pool, was.map_customer_owned_ip_on_launch.unwrap_or_default()) {
            let call = modify().map_customer_owned_ip_on_launch(flag(pool.1));
            call.set_customer_owned_ipv4_pool(pool.0.clone()).send().await?;
        }
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let deleted = aws.ec2().delete_subnet().subnet_id(self.key()).send().await;
        let result = deleted.map(|_| ()).map_err(Error::from);
        interfaces::release_after(&result, aws, "subnet-id", &self.key()).await;
        result
    }

    // CreateSubnet takes no client token. A range stands once in a VPC, but that tells nobody whose it is.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        marked(aws, &new.token).await
    }

    fn adjust(plan: &mut Adjust) {
        plan.at_most_one(&["availability_zone", "availability_zone_id"]);
        let outposts = ["customer_owned_ipv4_pool", "map_customer_owned_ip_on_launch", "outpost_arn"];
        for other in outposts {
            plan.needs("map_customer_owned_ip_on_launch", other);
            plan.needs("customer_owned_ipv4_pool", other);
        }
    }

    async fn blockers(&self, aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        Ok(if is_in_use::<Self>(op, error) {
            blockers::of_subnet(aws, &self.key()).await
        } else {
            Blockers::default()
        })
    }
}

impl Subnet {
    /// AWS holds one IPv6 range at a time: the old one goes first.
    async fn change_ipv6_range(&self, aws: &Aws, was: &Self) -> Result<()> {
        if let Some(association) = &was.ipv6_cidr_block_association_id.0 {
            aws.ec2().disassociate_subnet_cidr_block().association_id(association).send().await?;
        }
        if let Some(range) = &self.ipv6_cidr_block {
            let call = aws.ec2().associate_subnet_cidr_block().subnet_id(was.key());
            call.ipv6_cidr_block(&range.0).send().await?;
        }
        Ok(())
    }
}

impl From<sdk::Subnet> for Live<Subnet> {
    fn from(it: sdk::Subnet) -> Self {
        let names = it.private_dns_name_options_on_launch;
        let range = it.ipv6_cidr_block_association_set.unwrap_or_default().into_iter().find(|it| {
            let state = it.ipv6_cidr_block_state.as_ref().and_then(|it| it.state.as_ref());
            matches!(state.map(|it| it.as_str()), None | Some("associated" | "associating"))
        });
        let flags = names.as_ref();
        Live {
            key: seen(it.subnet_id.clone()),
            status: match it.state {
                Some(SubnetState::Available) | None => Status::Ready,
                Some(other) => Status::Pending(other.as_str().to_owned()),
            },
            tags: Some(tags(it.tags)),
            unread: &[],
            attributes: Subnet {
                vpc_id: seen(it.vpc_id),
                cidr_block: seen(it.cidr_block.filter(|it| !it.is_empty())),
                availability_zone: seen(it.availability_zone),
                availability_zone_id: seen(it.availability_zone_id),
                ipv6_cidr_block: seen(range.as_ref().and_then(|it| it.ipv6_cidr_block.clone())),
                ipv6_native: seen(it.ipv6_native),
                assign_ipv6_address_on_creation: seen(it.assign_ipv6_address_on_creation),
                map_public_ip_on_launch: seen(it.map_public_ip_on_launch),
                enable_dns64: seen(it.enable_dns64),
                enable_lni_at_device_index: seen(it.enable_lni_at_device_index),
                enable_resource_name_dns_a_record_on_launch: seen(
                    flags.and_then(|it| it.enable_resource_name_dns_a_record),
                ),
                enable_resource_name_dns_aaaa_record_on_launch: seen(
                    flags.and_then(|it| it.enable_resource_name_dns_aaaa_record),
                ),
                private_dns_hostname_type_on_launch: seen(names.and_then(|it| it.hostname_type)),
                customer_owned_ipv4_pool: seen(it.customer_owned_ipv4_pool),
                map_customer_owned_ip_on_launch: seen(it.map_customer_owned_ip_on_launch),
                outpost_arn: seen(it.outpost_arn),
                timeouts: None,
                tags: None,
                tags_all: Chosen::default(),
                id: seen(it.subnet_id),
                arn: seen(it.subnet_arn),
                ipv6_cidr_block_association_id: seen(range.and_then(|it| it.association_id)),
                owner_id: seen(it.owner_id),
            },
        }
    }
}
