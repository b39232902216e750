use std::time::Duration;

use aws_sdk_elasticloadbalancingv2::types::{self as sdk, LoadBalancerSchemeEnum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::tagging::{tagged, tags};
use super::{ARNS, ELB, arn_of, blockers, described, stated, taken, there};
use crate::aws::shape::sent;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

mod attributes;
mod capacity;
mod planned;
mod seen;
mod zones;

pub(super) use attributes::read as attributes_of;
pub use attributes::{Logs, Settings};
pub use capacity::Capacity;
pub(super) use seen::suffix;
pub use zones::SubnetMapping;

/// Takes in what clients ask, and hands it on to targets: an application load balancer for HTTP, a network
/// load balancer for connections, a gateway load balancer for appliances.
///
/// A plan leaves `minimum_load_balancer_capacity` as the state has it, which AWS tells in a call of its own.
/// A subnet or security group that the load balancer holds can be removed some minutes after it: that is
/// waited for there.
///
/// ```toml
/// [aws_lb.web]
/// name = "web"
/// subnets = ["${aws_subnet.a.id}", "${aws_subnet.b.id}"]
/// security_groups = ["${aws_security_group.web.id}"]
/// access_logs = { bucket = "acme-logs", prefix = "web", enabled = true }
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LoadBalancer {
    /// Unique in the account and region: letters, digits and hyphens, 32 at most.
    pub name: Chosen<Fixed<Option<String>>>,
    /// Begin a unique name with this; 6 characters at most.
    pub name_prefix: Chosen<Fixed<Option<String>>>,
    /// `application`, `network` or `gateway`.
    #[schemars(extend("enum" = ["application", "network", "gateway"], "default" = "application"))]
    pub load_balancer_type: Fixed<Option<String>>,
    /// Reached from within the network only.
    pub internal: Chosen<Fixed<Option<bool>>>,
    /// Where it stands: one subnet in each of at least two zones; or say `subnet_mapping`.
    pub subnets: Chosen<Option<Set<String>>>,
    /// Where it stands, with the addresses that it has there.
    pub subnet_mapping: Chosen<Set<SubnetMapping>>,
    /// What may reach it. Not for gateways; a network load balancer that is made without stays without.
    pub security_groups: Chosen<Option<Set<String>>>,
    /// Whether rules of `security_groups` hold for what comes through PrivateLink: `on` or `off`. Network load
    /// balancers only.
    #[schemars(extend("enum" = ["on", "off"]))]
    pub enforce_security_group_inbound_rules_on_private_link_traffic: Chosen<Option<String>>,
    /// Addresses that clients use: `ipv4`, `dualstack` or `dualstack-without-public-ipv4`.
    #[schemars(extend("enum" = ["ipv4", "dualstack", "dualstack-without-public-ipv4"]))]
    pub ip_address_type: Chosen<Option<String>>,
    /// The Outpost's pool of customer-owned addresses.
    pub customer_owned_ipv4_pool: Fixed<Option<String>>,
    /// Pools that public addresses come from. Application load balancers only.
    #[serde(default)]
    pub ipam_pools: One<IpamPools>,
    /// Capacity that is kept at hand.
    #[serde(default)]
    pub minimum_load_balancer_capacity: One<Capacity>,
    /// A record of each request, in a bucket. Not for gateways.
    pub access_logs: Usual<One<Logs>>,
    /// A record of each connection, in a bucket. Application load balancers only.
    pub connection_logs: Usual<One<Logs>>,
    /// Refuse to delete it.
    #[schemars(extend("default" = false))]
    pub enable_deletion_protection: Option<bool>,
    /// Hand on to targets in all zones. Application load balancers always do.
    #[schemars(extend("default" = false))]
    pub enable_cross_zone_load_balancing: Option<bool>,
    /// Let AWS move traffic away from a zone that fails. Not for gateways.
    #[schemars(extend("default" = false))]
    pub enable_zonal_shift: Option<bool>,
    /// Which zones its name is answered with: `any_availability_zone`, `availability_zone_affinity` or
    /// `partial_availability_zone_affinity`. Network load balancers only.
    #[schemars(extend("enum" = ["availability_zone_affinity", "partial_availability_zone_affinity", "any_availability_zone"], "default" = "any_availability_zone"))]
    pub dns_record_client_routing_policy: Option<String>,
    /// Seconds after which an idle connection is closed. This and what follows is for application load
    /// balancers only.
    #[schemars(extend("default" = 60))]
    pub idle_timeout: Option<i64>,
    /// Seconds for which a client's connection is kept open.
    #[schemars(extend("default" = 3600))]
    pub client_keep_alive: Option<i64>,
    /// Take requests in HTTP/2.
    #[schemars(extend("default" = true))]
    pub enable_http2: Option<bool>,
    /// What to do with requests that may be read in two ways: `monitor`, `defensive` or `strictest`.
    #[schemars(extend("enum" = ["monitor", "defensive", "strictest"], "default" = "defensive"))]
    pub desync_mitigation_mode: Option<String>,
    /// Leave out headers whose names are not valid.
    #[schemars(extend("default" = false))]
    pub drop_invalid_header_fields: Option<bool>,
    /// Hand on the `Host` header as it is.
    #[schemars(extend("default" = false))]
    pub preserve_host_header: Option<bool>,
    /// Add headers with the version and cipher of TLS.
    #[schemars(extend("default" = false))]
    pub enable_tls_version_and_cipher_suite_headers: Option<bool>,
    /// Hand on requests while the firewall (WAF) cannot be reached.
    #[schemars(extend("default" = false))]
    pub enable_waf_fail_open: Option<bool>,
    /// Keep the client's port in `X-Forwarded-For`.
    #[schemars(extend("default" = false))]
    pub enable_xff_client_port: Option<bool>,
    /// What happens to `X-Forwarded-For`: `append`, `preserve` or `remove`.
    #[schemars(extend("enum" = ["append", "preserve", "remove"], "default" = "append"))]
    pub xff_header_processing_mode: Option<String>,
    pub timeouts: Option<Timeouts>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The load balancer's ARN.
    pub id: Computed<String>,
    /// The load balancer's ARN.
    pub arn: Computed<String>,
    /// The end of the ARN, as CloudWatch names it: `app/web/50dc6c495c0c9188`.
    pub arn_suffix: Computed<String>,
    /// The name that clients use.
    pub dns_name: Computed<Option<String>>,
    /// The network that it stands in.
    pub vpc_id: Computed<Option<String>>,
    /// The hosted zone of `dns_name`, for alias records.
    pub zone_id: Computed<Option<String>>,
}

/// Pools that addresses come from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IpamPools {
    /// The pool of public IPv4 addresses.
    pub ipv4_ipam_pool_id: String,
}
crate::mirror!(IpamPools = sdk::IpamPools { ipv4_ipam_pool_id });

impl Resource for LoadBalancer {
    const TYPE: &'static str = "aws_lb";
    const IMPORT: &'static [&'static str] =
        &["arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188"];
    const UNWRITTEN: &'static [&'static str] = &["subnet_mapping"];
    const TAGS: TagApi = TagApi::Elbv2;
    const READS: Reads = Reads::of(
        &[
            Cost::page("elasticloadbalancing:DescribeLoadBalancers", ARNS),
            Cost::each("elasticloadbalancing:DescribeLoadBalancerAttributes"),
            Cost::page("elasticloadbalancing:DescribeTags", ARNS).pooled(),
        ],
        "a call takes 20 ARNs, and tells the attributes of one",
    );
    const DELETE_PATIENCE: Duration = Duration::from_secs(600);
    const CREATE_SECONDS: u32 = 150;
    const PASSING: &'static [&'static [Passing]] = &[
        ELB,
        // An endpoint service that is gone lets go of it a moment later.
        &[Passing::in_use("ResourceInUse")],
    ];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        arn_of("loadbalancer", id)
    }

    async fn read(aws: &Aws, arns: &[String]) -> Result<Vec<Live<Self>>> {
        let all = described(arns, async |some| {
            let call = aws.elbv2().describe_load_balancers().set_load_balancer_arns(Some(some));
            Ok(call.send().await?.load_balancers.unwrap_or_default())
        });
        let capacities = capacity::read(aws, arns);
        let (all, attributes, mut capacities, mut tags) =
            futures::try_join!(all, attributes::read(aws, arns), capacities, tags(aws, arns))?;
        let live = all.into_iter().filter_map(|it| {
            let arn = it.load_balancer_arn.clone().unwrap_or_default();
            let mut live = seen::live(it, attributes.get(&arn)?);
            live.tags = tags.remove(&arn);
            if let Some((capacity, status)) = capacities.remove(&arn) {
                live.attributes.minimum_load_balancer_capacity = One(capacity);
                live.unread = &[];
                if live.status == Status::Ready {
                    live.status = status;
                }
            }
            Some(live)
        });
        Ok(live.collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let name = self.new_name(new);
        // A create with the settings of one that is there gives that one.
        if named(aws, &name).await?.is_some() {
            return Err(taken("DuplicateLoadBalancerName", "load balancer", &name));
        }
        let mappings: Vec<_> = self.subnet_mapping.iter().map(SubnetMapping::sent).collect();
        let call = aws
            .elbv2()
            .create_load_balancer()
            .name(name)
            .r#type(self.kind().into())
            .set_scheme((**self.internal == Some(true)).then_some(LoadBalancerSchemeEnum::Internal))
            .set_subnets(listed(&self.subnets))
            .set_subnet_mappings((!mappings.is_empty()).then_some(mappings))
            .set_security_groups(listed(&self.security_groups))
            .set_ip_address_type(sent(&self.ip_address_type))
            .set_customer_owned_ipv4_pool(stated(&self.customer_owned_ipv4_pool).map(str::to_owned))
            .set_ipam_pools(self.ipam_pools.as_ref().map(Into::into))
            .set_tags(tagged(&new.tags));
        let made = call.send().await?.load_balancers.unwrap_or_default().into_iter().next();
        made.and_then(|it| it.load_balancer_arn).ok_or(Error::Incomplete("the load balancer's ARN"))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        attributes::change(aws, &was.key(), self.attribute_changes(was)).await?;
        self.change_security_groups(aws, was).await?;
        self.change_subnets(aws, was).await?;
        let address_type = &self.ip_address_type;
        if stated(address_type).is_some() && *address_type != was.ip_address_type {
            let call = aws.elbv2().set_ip_address_type().load_balancer_arn(was.key());
            call.set_ip_address_type(sent(address_type)).send().await?;
        }
        self.change_pools(aws, was).await?;
        capacity::change(aws, &was.key(), &self.minimum_load_balancer_capacity, was).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        aws.elbv2().delete_load_balancer().load_balancer_arn(self.key()).send().await?;
        Ok(())
    }

    // A name stands once in an account and region.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let found = named(aws, &self.new_name(new)).await?;
        let ours = found.filter(|it| new.may_have_made(it.created_time.map(|it| it.secs())));
        Ok(ours.and_then(|it| it.load_balancer_arn))
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        self.keep_unsaid(kept);
        self
    }

    fn adjust(plan: &mut Adjust) {
        planned::settle(plan);
    }

    async fn blockers(&self, _aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        Ok(blockers::of_load_balancer(op, error))
    }
}

/// Of a set: nothing where it is empty.
fn listed(it: &Option<Set<String>>) -> Option<Vec<String>> {
    it.as_ref().filter(|it| !it.is_empty()).map(|it| it.0.clone())
}

/// The load balancer of that name.
async fn named(aws: &Aws, name: &str) -> Result<Option<sdk::LoadBalancer>> {
    let answer = aws.elbv2().describe_load_balancers().names(name).send().await.map_err(Error::from);
    let found = there(answer)?.and_then(|it| it.load_balancers).unwrap_or_default();
    Ok(found.into_iter().find(|it| it.load_balancer_name() == Some(name)))
}

impl LoadBalancer {
    /// `application`, `network` or `gateway`.
    fn kind(&self) -> &str {
        stated(&self.load_balancer_type).unwrap_or(attributes::APPLICATION)
    }

    fn new_name(&self, new: &New) -> String {
        let prefix = stated(&self.name_prefix).unwrap_or("tf-lb-");
        new.name(self.name.as_deref(), Some(prefix))
    }

    async fn change_security_groups(&self, aws: &Aws, was: &Self) -> Result<()> {
        let enforced = &self.enforce_security_group_inbound_rules_on_private_link_traffic;
        let same = *enforced == was.enforce_security_group_inbound_rules_on_private_link_traffic
            || stated(enforced).is_none();
        let groups = self.security_groups.0.clone().unwrap_or_default();
        if same && groups == was.security_groups.0.clone().unwrap_or_default() {
            return Ok(());
        }
        let call = aws.elbv2().set_security_groups().load_balancer_arn(was.key());
        let call = call.set_security_groups(Some(groups.0));
        let enforced = if self.kind() == attributes::NETWORK { sent(enforced) } else { None };
        call.set_enforce_security_group_inbound_rules_on_private_link_traffic(enforced).send().await?;
        Ok(())
    }

    async fn change_subnets(&self, aws: &Aws, was: &Self) -> Result<()> {
        let call = aws.elbv2().set_subnets().load_balancer_arn(was.key());
        if !self.subnet_mapping.is_empty() && self.subnet_mapping != was.subnet_mapping {
            let mappings = self.subnet_mapping.iter().map(SubnetMapping::sent).collect();
            call.set_subnet_mappings(Some(mappings)).send().await?;
        } else if self.subnets.is_some() && self.subnets != was.subnets {
            call.set_subnets(listed(&self.subnets)).send().await?;
        }
        Ok(())
    }

    async fn change_pools(&self, aws: &Aws, was: &Self) -> Result<()> {
        if self.ipam_pools == was.ipam_pools {
            return Ok(());
        }
        let call = aws.elbv2().modify_ip_pools().load_balancer_arn(was.key());
        match self.ipam_pools.as_ref() {
            Some(it) => call.ipam_pools(it.into()).send().await?,
            None => call.remove_ipam_pools(sdk::RemoveIpamPoolEnum::Ipv4).send().await?,
        };
        Ok(())
    }
}
