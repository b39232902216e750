use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_ec2::types::{
    self as sdk, ResourceType, Tenancy, VpcAttributeName, VpcCidrBlockStateCode, VpcState,
};
use futures::future::try_join_all;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::tables::{By, tables};
use super::{EC2, FILTER, among, arn, blockers, described, flag, marked, tagged, tags, text};
use crate::aws::shape::{seen, sent};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// A network of one's own, within a region.
///
/// AWS tells the three `enable_…` settings only one by one, for one VPC a call. A refresh takes them
/// from the state; what someone else changed about them shows once the VPC is changed or imported.
///
/// ```toml
/// [aws_vpc.main]
/// cidr_block = "10.0.0.0/16"
/// enable_dns_hostnames = true
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Vpc {
    /// IPv4 range of 16 to 28 bits; or say `ipv4_ipam_pool_id`.
    pub cidr_block: Chosen<Fixed<Option<Cidr>>>,
    /// IPAM pool to take the IPv4 range from.
    pub ipv4_ipam_pool_id: Local<Fixed<Option<String>>>,
    /// Bits of the IPv4 range to take from the pool.
    #[schemars(range(min = 16, max = 28))]
    pub ipv4_netmask_length: Local<Fixed<Option<i64>>>,
    /// Take an IPv6 range of 56 bits from Amazon.
    pub assign_generated_ipv6_cidr_block: Option<bool>,
    /// IPv6 range of 56 bits, from the IPAM pool.
    pub ipv6_cidr_block: Chosen<Option<Cidr>>,
    /// Where Amazon's IPv6 range is announced: a region, or one of its local zones.
    pub ipv6_cidr_block_network_border_group: Chosen<Option<String>>,
    /// IPAM pool to take the IPv6 range from.
    pub ipv6_ipam_pool_id: Option<String>,
    /// Bits of the IPv6 range to take from the pool.
    #[schemars(range(min = 56, max = 56))]
    pub ipv6_netmask_length: Local<Option<i64>>,
    /// Whether instances share hosts with others (`default`) or not (`dedicated`).
    #[serde(default = "shared")]
    #[schemars(extend("enum" = ["default", "dedicated"]))]
    pub instance_tenancy: String,
    /// Answer names within the VPC at the resolver of its addresses.
    #[serde(default = "yes")]
    pub enable_dns_support: bool,
    /// Give instances with a public address a public name.
    pub enable_dns_hostnames: Chosen<Option<bool>>,
    /// Count the VPC's addresses in CloudWatch.
    pub enable_network_address_usage_metrics: Chosen<Option<bool>>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// Such as `vpc-0a1b2c`.
    pub id: Computed<String>,
    /// The VPC's ARN.
    pub arn: Computed<String>,
    /// The account that owns the VPC.
    pub owner_id: Computed<String>,
    /// The route table of subnets that say nothing else.
    pub main_route_table_id: Computed<Option<String>>,
    /// The route table that came with the VPC.
    pub default_route_table_id: Computed<Option<String>>,
    /// The network ACL that came with the VPC.
    pub default_network_acl_id: Computed<Option<String>>,
    /// The security group that came with the VPC.
    pub default_security_group_id: Computed<Option<String>>,
    /// The set of DHCP options in use.
    pub dhcp_options_id: Computed<Option<String>>,
    /// Joins the IPv6 range to the VPC.
    pub ipv6_association_id: Computed<Option<String>>,
}

fn yes() -> bool {
    true
}

fn shared() -> String {
    "default".to_owned()
}

/// What a refresh does not ask for.
///
/// The settings cost three calls for each VPC; the network ACL and the security group that came with a VPC
/// stay the same as long as it lives.
const SETTINGS: &[&str] = &[
    "enable_dns_support",
    "enable_dns_hostnames",
    "enable_network_address_usage_metrics",
    "default_network_acl_id",
    "default_security_group_id",
];
/// Besides, where the IPv6 range is from IPAM: AWS does not say from which pool.
const SETTINGS_AND_POOL: &[&str] = &[
    "enable_dns_support",
    "enable_dns_hostnames",
    "enable_network_address_usage_metrics",
    "default_network_acl_id",
    "default_security_group_id",
    "ipv6_ipam_pool_id",
];
const POOL: &[&str] = &["ipv6_ipam_pool_id"];

impl Resource for Vpc {
    const TYPE: &'static str = "aws_vpc";
    const SCHEMA_VERSION: u64 = 1;
    const IMPORT: &'static [&'static str] = &["vpc-0a1b2c3d4e5f67890"];
    const TAGS: TagApi = TagApi::Ec2;
    const READS: Reads = Reads::of(
        &[Cost::page("ec2:DescribeVpcs", 1000), Cost::page("ec2:DescribeRouteTables", 199).same()],
        "a call takes 1,000 ids; main route tables are found by 199 VPCs a call (a call takes 200 values of filters, and one says that it is to be the main one)",
    );
    const MARKED: bool = true;
    const BATCH: usize = super::IDS;
    const DELETE_PATIENCE: Duration = Duration::from_secs(300);
    const PASSING: &'static [&'static [Passing]] =
        &[EC2, &[Passing::busy("UnsupportedOperation").saying("is not monitored by IPAM").on(&[Op::Create])]];
    const CREATE_SECONDS: u32 = 2;
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, ids: &[String]) -> Result<Vec<Live<Self>>> {
        let vpcs = async {
            let vpcs = described(aws, "vpc-id", ids, async |ids, filters| {
                let call = aws.ec2().describe_vpcs().set_vpc_ids(ids).set_filters(filters);
                Ok(call.into_paginator().items().send().try_collect().await?)
            });
            vpcs.await
        };
        let settings = try_join_all(ids.iter().filter(|_| aws.exact()).map(|id| async {
            match Settings::read(aws, id).await {
                Ok(it) => Ok(Some((id.clone(), it))),
                // Not to be seen everywhere yet, or no more.
                Err(it) if it.is_missing() => Ok(None),
                Err(it) => Err(it),
            }
        }));
        let (vpcs, defaults, settings) = futures::try_join!(vpcs, Defaults::read(aws, ids), settings)?;
        let mut settings: HashMap<String, Settings> = settings.into_iter().flatten().collect();
        let all = vpcs.into_iter().filter_map(|it| {
            let own = settings.remove(it.vpc_id.as_deref().unwrap_or_default());
            (own.is_some() || !aws.exact()).then(|| live(aws, it, &defaults, own.unwrap_or_default()))
        });
        Ok(all.collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let answer = aws
            .ec2()
            .create_vpc()
            .amazon_provided_ipv6_cidr_block(self.assign_generated_ipv6_cidr_block.unwrap_or_default())
            .instance_tenancy(self.instance_tenancy.as_str().into())
            .set_cidr_block(sent(&self.cidr_block))
            .set_ipv4_ipam_pool_id(sent(&self.ipv4_ipam_pool_id))
            .set_ipv4_netmask_length(sent(&self.ipv4_netmask_length))
            .set_ipv6_cidr_block(sent(&self.ipv6_cidr_block))
            .set_ipv6_cidr_block_network_border_group(sent(&self.ipv6_cidr_block_network_border_group))
            .set_ipv6_ipam_pool_id(sent(&self.ipv6_ipam_pool_id))
            .set_ipv6_netmask_length(sent(&self.ipv6_netmask_length))
            .set_tag_specifications(tagged(ResourceType::Vpc, &new.tags))
            .send()
            .await?;
        answer.vpc.and_then(|it| it.vpc_id).ok_or(Error::Incomplete("the VPC's id"))
    }

    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        marked(aws, &new.token).await
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        // AWS takes one attribute a call.
        let modify = || aws.ec2().modify_vpc_attribute().vpc_id(was.key());
        if self.enable_dns_support && !was.enable_dns_support {
            // Names of hosts need it.
            modify().enable_dns_support(flag(true)).send().await?;
        }
        if let Some(wanted) = changed(&self.enable_dns_hostnames, &was.enable_dns_hostnames) {
            modify().enable_dns_hostnames(flag(wanted)).send().await?;
        }
        if !self.enable_dns_support && was.enable_dns_support {
            modify().enable_dns_support(flag(false)).send().await?;
        }
        let metrics = (&self.enable_network_address_usage_metrics, &was.enable_network_address_usage_metrics);
        if let Some(wanted) = changed(metrics.0, metrics.1) {
            modify().enable_network_address_usage_metrics(flag(wanted)).send().await?;
        }
        if self.instance_tenancy != was.instance_tenancy {
            let call = aws.ec2().modify_vpc_tenancy().vpc_id(was.key());
            call.instance_tenancy(self.instance_tenancy.as_str().into()).send().await?;
        }
        self.change_ipv6_range(aws, was).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        aws.ec2().delete_vpc().vpc_id(self.key()).send().await?;
        Ok(())
    }

    fn adjust(plan: &mut Adjust) {
        plan.at_most_one(&["cidr_block", "ipv4_netmask_length"]);
        plan.needs("ipv4_netmask_length", "ipv4_ipam_pool_id");
        plan.at_most_one(&["assign_generated_ipv6_cidr_block", "ipv6_ipam_pool_id"]);
        plan.at_most_one(&["assign_generated_ipv6_cidr_block", "ipv6_cidr_block"]);
        plan.at_most_one(&["ipv6_cidr_block", "ipv6_netmask_length"]);
        plan.needs("ipv6_cidr_block", "ipv6_ipam_pool_id");
        plan.needs("ipv6_netmask_length", "ipv6_ipam_pool_id");
        plan.needs("ipv6_cidr_block_network_border_group", "assign_generated_ipv6_cidr_block");
        let range = plan.config("cidr_block").and_then(Value::as_str);
        if let Some(range) = range.and_then(|it| it.parse::<ipnet::IpNet>().ok()) {
            if !(16..=28).contains(&range.prefix_len()) {
                let bits = range.prefix_len();
                plan.error("cidr_block", format!("a VPC's range has 16 to 28 bits, not {bits}"));
            } else if range != range.trunc() {
                plan.error("cidr_block", format!("{range} lies within a range: {} is meant", range.trunc()));
            }
        }
        let amazons = |it: &Value| it.as_bool().unwrap_or_default();
        if plan.change("assign_generated_ipv6_cidr_block").is_some_and(|it| amazons(it.0) != amazons(it.1)) {
            plan.set_unknown("ipv6_association_id");
            plan.set_unknown("ipv6_cidr_block");
        }
        // AWS lets tenancy be loosened only.
        let loosened =
            |was: Option<&str>, will: Option<&str>| (was, will) == (Some("dedicated"), Some("default"));
        if plan.change("instance_tenancy").is_some_and(|(was, will)| !loosened(was.as_str(), will.as_str())) {
            plan.require_replace("instance_tenancy");
        }
    }

    async fn blockers(&self, aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        Ok(if is_in_use::<Self>(op, error) {
            blockers::of_vpc(aws, &self.key()).await
        } else {
            Blockers::default()
        })
    }
}

/// What the stack says, where it says something that is not so yet.
fn changed(wanted: &Option<bool>, was: &Option<bool>) -> Option<bool> {
    wanted.filter(|it| *it != was.unwrap_or_default())
}

impl Vpc {
    /// AWS holds Amazon's range, or one from a pool: the old one goes first.
    async fn change_ipv6_range(&self, aws: &Aws, was: &Self) -> Result<()> {
        let amazons = self.assign_generated_ipv6_cidr_block.unwrap_or_default();
        let group = text(&self.ipv6_cidr_block_network_border_group);
        let other_group =
            amazons && group.is_some() && group != text(&was.ipv6_cidr_block_network_border_group);
        let switched = amazons != was.assign_generated_ipv6_cidr_block.unwrap_or_default();
        let (range, pool) = (self.ipv6_cidr_block.as_ref(), text(&self.ipv6_ipam_pool_id));
        let other_range = range.is_some_and(|it| !it.is_empty() && Some(it) != was.ipv6_cidr_block.as_ref());
        // A pool that AWS does not name is no change.
        let pool_was = text(&was.ipv6_ipam_pool_id);
        let other_pool = pool != pool_was && (pool_was.is_some() || text(&was.ipv6_association_id).is_none());
        if !(switched || other_group || !amazons && (other_range || other_pool)) {
            return Ok(());
        }
        was.drop_ipv6_range(aws).await?;
        let call = aws.ec2().associate_vpc_cidr_block().vpc_id(was.key());
        if amazons {
            let call = call.amazon_provided_ipv6_cidr_block(true);
            call.set_ipv6_cidr_block_network_border_group(group.map(str::to_owned)).send().await?;
        } else if let Some(pool) = pool {
            let call = call.ipv6_ipam_pool_id(pool).set_ipv6_netmask_length(sent(&self.ipv6_netmask_length));
            call.set_ipv6_cidr_block(sent(&self.ipv6_cidr_block)).send().await?;
        }
        Ok(())
    }

    async fn drop_ipv6_range(&self, aws: &Aws) -> Result<()> {
        let Some(association) = text(&self.ipv6_association_id) else { return Ok(()) };
        let call = aws.ec2().disassociate_vpc_cidr_block().association_id(association);
        match call.send().await.map_err(Error::from) {
            Err(it) if it.is_missing() => Ok(()),
            answer => answer.map(drop),
        }
    }
}

/// What came with each VPC, by its id.
struct Defaults {
    tables: HashMap<String, String>,
    acls: HashMap<String, String>,
    groups: HashMap<String, String>,
}

impl Defaults {
    async fn read(aws: &Aws, vpcs: &[String]) -> Result<Self> {
        let (tables, acls, groups) = match aws.exact() {
            true => futures::try_join!(tables(aws, By::Main, vpcs), acls(aws, vpcs), groups(aws, vpcs))?,
            false => (tables(aws, By::Main, vpcs).await?, Vec::new(), Vec::new()),
        };
        let acl = |it: sdk::NetworkAcl| Some((it.vpc_id?, it.network_acl_id?));
        let group = |it: sdk::SecurityGroup| Some((it.vpc_id?, it.group_id?));
        Ok(Defaults {
            tables: tables
                .iter()
                .filter_map(|it| Some((it.vpc_id.clone()?, it.route_table_id.clone()?)))
                .collect(),
            acls: acls.into_iter().filter_map(acl).collect(),
            groups: groups.into_iter().filter_map(group).collect(),
        })
    }
}

/// The network ACL that came with each VPC. (The other filter has a value too.)
async fn acls(aws: &Aws, vpcs: &[String]) -> Result<Vec<sdk::NetworkAcl>> {
    let asked = vpcs.chunks(FILTER - 1).map(|some| {
        let call = aws.ec2().describe_network_acls().filters(among("vpc-id", some));
        call.filters(among("default", &["true".to_owned()])).into_paginator().items().send().try_collect()
    });
    Ok(try_join_all(asked).await?.into_iter().flatten().collect())
}

/// The security group that came with each VPC.
async fn groups(aws: &Aws, vpcs: &[String]) -> Result<Vec<sdk::SecurityGroup>> {
    let asked = vpcs.chunks(FILTER - 1).map(|some| {
        let call = aws.ec2().describe_security_groups().filters(among("vpc-id", some));
        let call = call.filters(among("group-name", &["default".to_owned()]));
        call.into_paginator().items().send().try_collect()
    });
    Ok(try_join_all(asked).await?.into_iter().flatten().collect())
}

/// The three settings, which AWS tells one a call.
#[derive(Default)]
pub(super) struct Settings {
    pub dns_support: Option<bool>,
    pub dns_hostnames: Option<bool>,
    pub metrics: Option<bool>,
}

impl Settings {
    pub(super) async fn read(aws: &Aws, vpc: &str) -> Result<Self> {
        let ask = |name| async move {
            let call = aws.ec2().describe_vpc_attribute().vpc_id(vpc).attribute(name);
            Ok::<_, Error>(call.send().await?)
        };
        let (support, hostnames, metrics) = futures::try_join!(
            ask(VpcAttributeName::EnableDnsSupport),
            ask(VpcAttributeName::EnableDnsHostnames),
            ask(VpcAttributeName::EnableNetworkAddressUsageMetrics),
        )?;
        Ok(Settings {
            dns_support: support.enable_dns_support.and_then(|it| it.value),
            dns_hostnames: hostnames.enable_dns_hostnames.and_then(|it| it.value),
            metrics: metrics.enable_network_address_usage_metrics.and_then(|it| it.value),
        })
    }
}

/// `settings` are those of this VPC; none outside of exact reads.
fn live(aws: &Aws, it: sdk::Vpc, defaults: &Defaults, settings: Settings) -> Live<Vpc> {
    let id: String = seen(it.vpc_id);
    let ranges = it.ipv6_cidr_block_association_set.unwrap_or_default();
    let status = match &it.state {
        Some(VpcState::Pending) => Status::Pending("pending".to_owned()),
        _ => ranges_status(&ranges),
    };
    let state = |it: &sdk::VpcIpv6CidrBlockAssociation| it.ipv6_cidr_block_state.as_ref()?.state.clone();
    let range = ranges.into_iter().find(|it| state(it) == Some(VpcCidrBlockStateCode::Associated));
    let pool = range.as_ref().and_then(|it| it.ipv6_pool.as_deref());
    let unread = match (aws.exact(), pool == Some("IPAM Managed")) {
        (false, false) => SETTINGS,
        (false, true) => SETTINGS_AND_POOL,
        (true, true) => POOL,
        (true, false) => &[],
    };
    let pool = pool.filter(|it| !["", "Amazon", "IPAM Managed"].contains(it)).map(str::to_owned);
    let amazons = range.as_ref().is_some_and(|it| it.ipv6_pool.as_deref() == Some("Amazon"));
    Live {
        key: id.clone(),
        status,
        tags: Some(tags(it.tags)),
        unread,
        attributes: Vpc {
            cidr_block: seen(it.cidr_block),
            ipv4_ipam_pool_id: Local::default(),
            ipv4_netmask_length: Local::default(),
            assign_generated_ipv6_cidr_block: Some(amazons),
            ipv6_cidr_block: seen(range.as_ref().and_then(|it| it.ipv6_cidr_block.clone())),
            ipv6_cidr_block_network_border_group: seen(
                range.as_ref().and_then(|it| it.network_border_group.clone()),
            ),
            ipv6_ipam_pool_id: pool,
            ipv6_netmask_length: Local::default(),
            instance_tenancy: seen(it.instance_tenancy.or(Some(Tenancy::Default))),
            enable_dns_support: settings.dns_support.unwrap_or(true),
            enable_dns_hostnames: seen(settings.dns_hostnames),
            enable_network_address_usage_metrics: seen(settings.metrics),
            tags: None,
            tags_all: Chosen::default(),
            arn: arn(aws, it.owner_id.as_deref(), &format!("vpc/{id}")).into(),
            owner_id: seen(it.owner_id),
            main_route_table_id: seen(defaults.tables.get(&id).cloned()),
            default_route_table_id: seen(defaults.tables.get(&id).cloned()),
            default_network_acl_id: seen(defaults.acls.get(&id).cloned()),
            default_security_group_id: seen(defaults.groups.get(&id).cloned()),
            dhcp_options_id: seen(it.dhcp_options_id),
            ipv6_association_id: seen(range.and_then(|it| it.association_id)),
            id: id.into(),
        },
    }
}

/// IPv6 ranges come and go after the call. A failed one counts only where no other stands.
fn ranges_status(ranges: &[sdk::VpcIpv6CidrBlockAssociation]) -> Status {
    use VpcCidrBlockStateCode::{Associated, Associating, Disassociating, Failed, Failing};
    let states = || ranges.iter().filter_map(|it| it.ipv6_cidr_block_state.as_ref());
    if let Some(moving) = states().find(|it| matches!(it.state, Some(Associating | Disassociating))) {
        return Status::Pending(seen(moving.state.clone()));
    }
    let failed = states().find(|it| matches!(it.state, Some(Failed | Failing)));
    match failed {
        Some(it) if !states().any(|it| it.state == Some(Associated)) => {
            let why = it.status_message.clone().unwrap_or_default();
            Status::Failed(format!("its IPv6 range was not associated: {why}"))
        }
        _ => Status::Ready,
    }
}
