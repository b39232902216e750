use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_ec2::types::{self as sdk, NewDhcpConfiguration, ResourceType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EC2, among, arn, described, marked, tagged, tags};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::{Adjust, text};
use crate::resource::*;

/// What instances of a VPC are told by DHCP: domain, servers of names and of time.
///
/// Another set of options is another resource; the VPCs that use one which is removed get AWS's own again.
///
/// ```toml
/// [aws_vpc_dhcp_options.main]
/// domain_name = "acme.internal"
/// domain_name_servers = ["AmazonProvidedDNS"]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DhcpOptions {
    /// The domain that names without a dot are looked up in.
    pub domain_name: Fixed<Option<String>>,
    /// Addresses of name servers; `AmazonProvidedDNS` is the VPC's own.
    pub domain_name_servers: Fixed<Option<Vec<String>>>,
    /// How long IPv6 addresses are leased, in seconds, from 140.
    pub ipv6_address_preferred_lease_time: Fixed<Option<String>>,
    /// Addresses of NetBIOS name servers.
    pub netbios_name_servers: Fixed<Option<Vec<String>>>,
    /// `1`, `2`, `4` or `8`; AWS recommends `2`.
    pub netbios_node_type: Fixed<Option<String>>,
    /// Addresses of time servers.
    pub ntp_servers: Fixed<Option<Vec<String>>>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// Such as `dopt-0a1b2c`.
    pub id: Computed<String>,
    /// The set's ARN.
    pub arn: Computed<String>,
    /// The account that owns the set.
    pub owner_id: Computed<String>,
}

/// The options: at least one of them is said.
const OPTIONS: [&str; 6] = [
    "domain_name",
    "domain_name_servers",
    "ipv6_address_preferred_lease_time",
    "netbios_name_servers",
    "netbios_node_type",
    "ntp_servers",
];

/// The set that every account has.
const AWS_OWN: &str = "default";

impl Resource for DhcpOptions {
    const TYPE: &'static str = "aws_vpc_dhcp_options";
    const IMPORT: &'static [&'static str] = &["dopt-0a1b2c3d4e5f67890"];
    const TAGS: TagApi = TagApi::Ec2;
    const READS: Reads = Reads::of(&[Cost::page("ec2:DescribeDhcpOptions", 1000)], "a call takes 1,000 ids");
    const MARKED: bool = true;
    const BATCH: usize = super::IDS;
    const PATIENCE: Duration = Duration::from_secs(1200);
    const PASSING: &'static [&'static [Passing]] = &[EC2];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, ids: &[String]) -> Result<Vec<Live<Self>>> {
        let sets = described(aws, "dhcp-options-id", ids, async |ids, filters| {
            let call = aws.ec2().describe_dhcp_options().set_dhcp_options_ids(ids).set_filters(filters);
            Ok(call.into_paginator().items().send().try_collect().await?)
        });
        let sets = sets.await?;
        Ok(sets.into_iter().map(|it| live(aws, it)).collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let options = self
            .options()
            .into_iter()
            .map(|(name, values)| NewDhcpConfiguration::builder().key(name).set_values(Some(values)).build());
        let call = aws.ec2().create_dhcp_options().set_dhcp_configurations(Some(options.collect()));
        let call = call.set_tag_specifications(tagged(ResourceType::DhcpOptions, &new.tags));
        let set = call.send().await?.dhcp_options;
        set.and_then(|it| it.dhcp_options_id).ok_or(Error::Incomplete("the set's id"))
    }

    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        marked(aws, &new.token).await
    }

    // Nothing but tags changes in place.
    async fn update(&self, _aws: &Aws, _was: &Self) -> Result<()> {
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let call = aws.ec2().describe_vpcs().filters(among("dhcp-options-id", &[self.key()]));
        let vpcs: Vec<sdk::Vpc> = call.into_paginator().items().send().try_collect().await?;
        for vpc in vpcs.into_iter().filter_map(|it| it.vpc_id) {
            let call = aws.ec2().associate_dhcp_options().dhcp_options_id(AWS_OWN).vpc_id(vpc);
            match call.send().await.map_err(Error::from) {
                Err(it) if it.is_missing() => {}
                answer => drop(answer?),
            }
        }
        aws.ec2().delete_dhcp_options().dhcp_options_id(self.key()).send().await?;
        Ok(())
    }

    fn adjust(plan: &mut Adjust) {
        if OPTIONS.iter().all(|it| plan.config(it).is_none()) {
            plan.error("domain_name", format!("say at least one of `{}`", OPTIONS.join("`, `")));
        }
        let kind = text(plan.config("netbios_node_type"));
        if !["", "1", "2", "4", "8"].contains(&kind) {
            plan.error("netbios_node_type", "a NetBIOS node type is `1`, `2`, `4` or `8`");
        }
    }
}

impl DhcpOptions {
    /// What is said, by AWS's names.
    fn options(&self) -> Vec<(&'static str, Vec<String>)> {
        let one = |it: &Option<String>| it.iter().cloned().collect::<Vec<_>>();
        let many = |it: &Option<Vec<String>>| it.clone().unwrap_or_default();
        let mut all = vec![
            ("domain-name", one(&self.domain_name)),
            ("domain-name-servers", many(&self.domain_name_servers)),
            ("ipv6-address-preferred-lease-time", one(&self.ipv6_address_preferred_lease_time)),
            ("netbios-name-servers", many(&self.netbios_name_servers)),
            ("netbios-node-type", one(&self.netbios_node_type)),
            ("ntp-servers", many(&self.ntp_servers)),
        ];
        all.iter_mut().for_each(|it| it.1.retain(|it| !it.is_empty()));
        all.retain(|it| !it.1.is_empty());
        all
    }
}

fn live(aws: &Aws, it: sdk::DhcpOptions) -> Live<DhcpOptions> {
    let id: String = seen(it.dhcp_options_id);
    let told = it.dhcp_configurations.unwrap_or_default().into_iter().filter_map(|it| {
        let values = it.values.unwrap_or_default().into_iter().filter_map(|it| it.value);
        Some((it.key?, values.collect::<Vec<_>>()))
    });
    let mut told: HashMap<String, Vec<String>> = told.collect();
    let mut many = |name: &str| told.remove(name);
    let (names, netbios, times) =
        (many("domain-name-servers"), many("netbios-name-servers"), many("ntp-servers"));
    let mut one = |name: &str| many(name).and_then(|it| it.into_iter().next());
    Live {
        key: id.clone(),
        status: Status::Ready,
        tags: Some(tags(it.tags)),
        unread: &[],
        attributes: DhcpOptions {
            domain_name: Fixed(one("domain-name")),
            domain_name_servers: Fixed(names),
            ipv6_address_preferred_lease_time: Fixed(one("ipv6-address-preferred-lease-time")),
            netbios_name_servers: Fixed(netbios),
            netbios_node_type: Fixed(one("netbios-node-type")),
            ntp_servers: Fixed(times),
            tags: None,
            tags_all: Chosen::default(),
            arn: arn(aws, it.owner_id.as_deref(), &format!("dhcp-options/{id}")).into(),
            id: id.into(),
            owner_id: seen(it.owner_id),
        },
    }
}
