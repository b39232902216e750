use aws_sdk_ec2::types::DomainType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::ec2::eip::{dns_name, reverse_names};
use crate::aws::ec2::filters::{Filter, Search, only};
use crate::aws::ec2::{arn, tags, text};
use crate::aws::shape::seen;
use crate::aws::{Aws, Result};
use crate::resource::*;

/// An Elastic IP that is there already: by id, by the address itself or by labels.
///
/// ```toml
/// [data.aws_eip.office]
/// public_ip = "198.51.100.7"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Eip {
    /// Such as `eipalloc-0a1b2c`.
    pub id: Chosen<Option<String>>,
    /// The address itself.
    pub public_ip: Chosen<Option<String>>,
    /// Labels that it must have; all of its labels.
    pub tags: Chosen<Tags>,
    /// Only those that these find.
    #[serde(default)]
    pub filter: Set<Filter>,
    pub timeouts: Option<TimeoutsRead>,
    /// The address's ARN.
    pub arn: Computed<Option<String>>,
    /// `vpc`.
    pub domain: Computed<Option<String>>,
    /// Name of the public address.
    pub public_dns: Computed<Option<String>>,
    /// The name that a reverse lookup gives, with the dot at its end.
    pub ptr_record: Computed<Option<String>>,
    /// The pool of public addresses that it comes from.
    pub public_ipv4_pool: Computed<Option<String>>,
    /// The IPAM pool that it comes from.
    pub ipam_pool_id: Computed<Option<String>>,
    /// Joins the address to what answers at it.
    pub association_id: Computed<Option<String>>,
    /// The instance that answers at it.
    pub instance_id: Computed<Option<String>>,
    /// The network interface that answers at it.
    pub network_interface_id: Computed<Option<String>>,
    /// The account that owns the network interface.
    pub network_interface_owner_id: Computed<Option<String>>,
    /// The private address behind it.
    pub private_ip: Computed<Option<String>>,
    /// Name of the private address.
    pub private_dns: Computed<Option<String>>,
    /// The address in a carrier's network.
    pub carrier_ip: Computed<Option<String>>,
    /// The address from the Outpost's pool.
    pub customer_owned_ip: Computed<Option<String>>,
    /// The Outpost's pool of customer-owned addresses that it comes from.
    pub customer_owned_ipv4_pool: Computed<Option<String>>,
}

impl DataSource for Eip {
    const TYPE: &'static str = "aws_eip";
    const READS: Reads = Reads::of(
        &[
            Cost::each("ec2:DescribeAddresses"),
            Cost::each("ec2:DescribeAddressesAttribute"),
            Cost::once("sts:GetCallerIdentity"),
        ],
        "only the second call tells the reverse name; the ARN names the account",
    );
    const UNSET: &'static [&'static str] = &["ipam_pool_id", "private_dns"];

    async fn read(self, aws: &Aws) -> Result<Self> {
        let listed = |it: &Option<String>| text(it).map(|it| vec![it.to_owned()]);
        let call = aws
            .ec2()
            .describe_addresses()
            .set_allocation_ids(listed(&self.id))
            .set_public_ips(listed(&self.public_ip))
            .set_filters(Search::new(&self.filter, &self.tags).filters());
        let it = only("Elastic IP", call.send().await?.addresses.unwrap_or_default())?;
        // Addresses from before VPCs have neither id nor ARN.
        let id = it.allocation_id.filter(|_| it.domain == Some(DomainType::Vpc));
        let (arn, reverse) = known_by(aws, id.as_deref()).await?;
        let name = |ip: &Option<String>, public| text(ip).map(|ip| dns_name(aws, ip, public));
        let pool = it.public_ipv4_pool.clone().filter(|it| it.starts_with("ipam-pool-"));
        Ok(Eip {
            id: Chosen(id.or(it.public_ip.clone())),
            tags: Chosen(tags(it.tags)),
            arn: arn.into(),
            domain: seen(it.domain),
            public_dns: name(&it.public_ip, true).into(),
            public_ip: it.public_ip.into(),
            ptr_record: reverse.into(),
            public_ipv4_pool: it.public_ipv4_pool.into(),
            ipam_pool_id: pool.into(),
            association_id: it.association_id.into(),
            instance_id: it.instance_id.into(),
            network_interface_id: it.network_interface_id.into(),
            network_interface_owner_id: it.network_interface_owner_id.into(),
            private_dns: name(&it.private_ip_address, false).into(),
            private_ip: it.private_ip_address.into(),
            carrier_ip: it.carrier_ip.into(),
            customer_owned_ip: it.customer_owned_ip.into(),
            customer_owned_ipv4_pool: it.customer_owned_ipv4_pool.into(),
            ..self
        })
    }
}

/// Its ARN, and the name that a reverse lookup gives.
async fn known_by(aws: &Aws, id: Option<&str>) -> Result<(Option<String>, Option<String>)> {
    let Some(id) = id else { return Ok((None, None)) };
    let (account, names) = futures::try_join!(aws.account(), reverse_names(aws, vec![id.to_owned()]))?;
    let arn = arn(aws, Some(account.id.as_str()), &format!("elastic-ip/{id}"));
    Ok((Some(arn), names.and_then(|mut it| it.remove(id))))
}
