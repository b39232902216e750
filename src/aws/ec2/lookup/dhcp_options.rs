use std::collections::HashMap;

use aws_sdk_ec2::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::ec2::filters::{Filter, Search, only};
use crate::aws::ec2::{arn, tags, text};
use crate::aws::shape::seen;
use crate::aws::{Aws, Result};
use crate::resource::*;

/// What hosts of a VPC are told of names and time when they start.
///
/// ```toml
/// [data.aws_vpc_dhcp_options.internal]
/// filter = [{ name = "key", values = ["domain-name"] }, { name = "value", values = ["example.internal"] }]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DhcpOptions {
    /// Such as `dopt-0a1b2c`.
    pub dhcp_options_id: Chosen<Option<String>>,
    /// All of its labels. A `filter` such as `tag:Name` searches by one.
    pub tags: Chosen<Tags>,
    /// Only those that these find.
    #[serde(default)]
    pub filter: Set<Filter>,
    pub timeouts: Option<TimeoutsRead>,
    /// Such as `dopt-0a1b2c`.
    pub id: Computed<String>,
    /// The ARN of the set of options.
    pub arn: Computed<String>,
    /// What hosts append to names without a dot.
    pub domain_name: Computed<Option<String>>,
    /// Who answers names: addresses, or `AmazonProvidedDNS`.
    pub domain_name_servers: Computed<Vec<String>>,
    /// Seconds after which a host asks for its IPv6 address again.
    pub ipv6_address_preferred_lease_time: Computed<Option<String>>,
    /// NetBIOS name servers.
    pub netbios_name_servers: Computed<Vec<String>>,
    /// How hosts resolve NetBIOS names: `1`, `2`, `4` or `8`.
    pub netbios_node_type: Computed<Option<String>>,
    /// Who tells the time.
    pub ntp_servers: Computed<Vec<String>>,
    /// The account that owns it.
    pub owner_id: Computed<Option<String>>,
}

impl DataSource for DhcpOptions {
    const TYPE: &'static str = "aws_vpc_dhcp_options";
    const READS: Reads =
        Reads::of(&[Cost::each("ec2:DescribeDhcpOptions")], "a call finds one by its arguments");

    async fn read(self, aws: &Aws) -> Result<Self> {
        let ids = text(&self.dhcp_options_id).map(|it| vec![it.to_owned()]);
        let filters = Search::new(&self.filter, &Tags::new()).filters();
        let call = aws.ec2().describe_dhcp_options().set_dhcp_options_ids(ids).set_filters(filters);
        let it = only("DHCP options set", call.into_paginator().items().send().try_collect().await?)?;
        let id: String = seen(it.dhcp_options_id);
        let mut options = by_name(it.dhcp_configurations.unwrap_or_default());
        let mut all = |name: &str| options.remove(name).unwrap_or_default();
        Ok(DhcpOptions {
            tags: Chosen(tags(it.tags)),
            arn: arn(aws, it.owner_id.as_deref(), &format!("dhcp-options/{id}")).into(),
            domain_name: all("domain-name").into_iter().next().into(),
            domain_name_servers: all("domain-name-servers").into(),
            ipv6_address_preferred_lease_time: all("ipv6-address-preferred-lease-time")
                .into_iter()
                .next()
                .into(),
            netbios_name_servers: all("netbios-name-servers").into(),
            netbios_node_type: all("netbios-node-type").into_iter().next().into(),
            ntp_servers: all("ntp-servers").into(),
            owner_id: seen(it.owner_id),
            dhcp_options_id: Chosen(Some(id.clone())),
            id: id.into(),
            ..self
        })
    }
}

/// The values of each option.
fn by_name(told: Vec<sdk::DhcpConfiguration>) -> HashMap<String, Vec<String>> {
    let values = |it: Option<Vec<sdk::AttributeValue>>| {
        it.unwrap_or_default().into_iter().filter_map(|it| it.value).collect::<Vec<_>>()
    };
    told.into_iter().filter_map(|it| Some((it.key?, values(it.values)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_keep_the_order_of_their_values() {
        let value = |it: &str| sdk::AttributeValue::builder().value(it).build();
        let servers = sdk::DhcpConfiguration::builder().key("ntp-servers");
        let servers = servers.values(value("10.0.0.2")).values(value("10.0.0.1")).build();
        let empty = sdk::DhcpConfiguration::builder().key("domain-name").build();
        let options = by_name(vec![servers, empty]);
        assert_eq!(options["ntp-servers"], ["10.0.0.2", "10.0.0.1"]);
        assert!(options["domain-name"].is_empty());
    }
}
