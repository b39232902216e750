//! A load balancer as AWS tells of it.

use aws_sdk_elasticloadbalancingv2::types::{self as sdk, LoadBalancerSchemeEnum};

use super::super::{Attributes, stated};
use super::attributes::{APPLICATION, Logs, Settings};
use super::{IpamPools, LoadBalancer, zones};
use crate::aws::shape::seen;
use crate::resource::*;

fn status(it: Option<&sdk::LoadBalancerState>) -> Status {
    use sdk::LoadBalancerStateEnum as State;
    let code = it.and_then(|it| it.code.as_ref());
    match code {
        // It serves, if not with all the resources that it asked for.
        Some(State::Active | State::ActiveImpaired) | None => Status::Ready,
        // AWS goes on trying, or so the provider has it.
        Some(code) => Status::Pending(match it.and_then(|it| stated(&it.reason)) {
            Some(reason) => format!("{}: {reason}", code.as_str()),
            None => code.as_str().to_owned(),
        }),
    }
}

/// `app/web/50dc6c495c0c9188` of an ARN.
pub fn suffix(arn: &str) -> String {
    arn.split_once(":loadbalancer/").map(|it| it.1.to_owned()).unwrap_or_default()
}

pub fn live(it: sdk::LoadBalancer, attributes: &Attributes) -> Live<LoadBalancer> {
    let (arn, name): (String, String) = (seen(it.load_balancer_arn), seen(it.load_balancer_name));
    let zones = it.availability_zones.unwrap_or_default();
    let settings = Settings::seen(attributes);
    let kind = it.r#type.map(|it| it.as_str().to_owned());
    let is_application = kind.as_deref() == Some(APPLICATION);
    Live {
        key: arn.clone(),
        status: status(it.state.as_ref()),
        tags: None,
        unread: &["minimum_load_balancer_capacity"],
        attributes: LoadBalancer {
            name_prefix: Chosen(Fixed(name_prefix(&name))),
            name: Chosen(Fixed(Some(name))),
            load_balancer_type: Fixed(kind),
            internal: Chosen(Fixed(Some(it.scheme == Some(LoadBalancerSchemeEnum::Internal)))),
            subnets: Chosen(Some(zones::subnets(&zones))),
            subnet_mapping: Chosen(zones::mappings(zones)),
            security_groups: Chosen(Some(Set(it.security_groups.unwrap_or_default()))),
            enforce_security_group_inbound_rules_on_private_link_traffic: Chosen(
                it.enforce_security_group_inbound_rules_on_private_link_traffic,
            ),
            ip_address_type: seen(it.ip_address_type),
            customer_owned_ipv4_pool: seen(it.customer_owned_ipv4_pool),
            ipam_pools: One(it.ipam_pools.map(IpamPools::from)),
            minimum_load_balancer_capacity: One(None),
            access_logs: Usual(One(Logs::seen(attributes, "access_logs"))),
            connection_logs: Usual(One(Logs::seen(attributes, "connection_logs").filter(|_| is_application))),
            enable_deletion_protection: settings.enable_deletion_protection,
            enable_cross_zone_load_balancing: settings.enable_cross_zone_load_balancing,
            enable_zonal_shift: settings.enable_zonal_shift,
            dns_record_client_routing_policy: settings.dns_record_client_routing_policy,
            idle_timeout: settings.idle_timeout,
            client_keep_alive: settings.client_keep_alive,
            enable_http2: settings.enable_http2,
            desync_mitigation_mode: settings.desync_mitigation_mode,
            drop_invalid_header_fields: settings.drop_invalid_header_fields,
            preserve_host_header: settings.preserve_host_header,
            enable_tls_version_and_cipher_suite_headers: settings.enable_tls_version_and_cipher_suite_headers,
            enable_waf_fail_open: settings.enable_waf_fail_open,
            enable_xff_client_port: settings.enable_xff_client_port,
            xff_header_processing_mode: settings.xff_header_processing_mode,
            timeouts: None,
            tags: None,
            tags_all: Chosen::default(),
            arn_suffix: Computed(suffix(&arn)),
            id: Computed(arn.clone()),
            arn: Computed(arn),
            dns_name: Computed(it.dns_name),
            vpc_id: Computed(it.vpc_id),
            zone_id: Computed(it.canonical_hosted_zone_id),
        },
    }
}
