//! Launching an instance.

use aws_sdk_ec2::operation::run_instances::builders::RunInstancesFluentBuilder;
use aws_sdk_ec2::types::{self as sdk, ResourceType};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{Instance, volumes};
use crate::aws::blocks::asked;
use crate::aws::ec2::launch_template::is_burstable;
use crate::aws::ec2::tagged;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;
use crate::schema::digest;

pub async fn launch(it: &Instance, aws: &Aws, new: &New) -> Result<String> {
    let call = aws.ec2().run_instances().client_token(&new.token).min_count(1).max_count(1);
    let call = call.set_block_device_mappings(volumes::launched(aws, it).await?);
    let call = network(it, options(it, call)).set_placement(placement(it, aws).await?);
    let mut tags = tagged(ResourceType::Instance, &new.tags).unwrap_or_default();
    tags.extend(tagged(ResourceType::Volume, &volume_tags(it, &new.tags)).unwrap_or_default());
    let answer = call.set_tag_specifications((!tags.is_empty()).then_some(tags)).send().await?;
    let first = answer.instances.unwrap_or_default().into_iter().next();
    first.and_then(|it| it.instance_id).ok_or(Error::Incomplete("the instance's id"))
}

/// What all volumes are labelled with: the provider's default tags, as far as they can be told from the
/// instance's own, beneath `volume_tags`.
fn volume_tags(it: &Instance, all: &Tags) -> Tags {
    let own = it.tags.clone().unwrap_or_default();
    let mut out: Tags =
        all.iter().filter(|(key, _)| !own.contains_key(*key)).map(|(k, v)| (k.clone(), v.clone())).collect();
    out.extend(it.volume_tags.clone().unwrap_or_default());
    out
}

fn options(it: &Instance, call: RunInstancesFluentBuilder) -> RunInstancesFluentBuilder {
    // A template's word stands where the stack says nothing; without one, what is not said is off.
    let alone = it.launch_template.is_none();
    let off = |it: Option<bool>| it.or(alone.then_some(false));
    let on = |it: Option<bool>| it.filter(|it| *it || !alone);
    call.set_image_id(asked(&it.ami))
        .set_instance_type(asked(&it.instance_type))
        .set_key_name(asked(&it.key_name))
        .set_user_data(user_data(it))
        .set_launch_template(asked(&it.launch_template))
        .set_disable_api_termination(off(*it.disable_api_termination))
        .set_disable_api_stop(on(*it.disable_api_stop))
        .set_ebs_optimized(off(**it.ebs_optimized))
        .set_monitoring(
            off(*it.monitoring).map(|it| sdk::RunInstancesMonitoringEnabled::builder().enabled(it).build()),
        )
        .set_hibernation_options(
            off(*it.hibernation).map(|it| sdk::HibernationOptionsRequest::builder().configured(it).build()),
        )
        .set_instance_initiated_shutdown_behavior(asked(&it.instance_initiated_shutdown_behavior))
        .set_iam_instance_profile(profile(it))
        .set_cpu_options(cpu(it))
        .set_credit_specification(credit(it))
        .set_enclave_options(asked(&it.enclave_options))
        .set_metadata_options(asked(&it.metadata_options))
        .set_maintenance_options(asked(&it.maintenance_options))
        .set_private_dns_name_options(asked(&it.private_dns_name_options))
        .set_capacity_reservation_specification(asked(&it.capacity_reservation_specification))
        .set_instance_market_options(asked(&it.instance_market_options))
}

pub fn profile(it: &Instance) -> Option<sdk::IamInstanceProfileSpecification> {
    let name: String = asked(&it.iam_instance_profile)?;
    Some(sdk::IamInstanceProfileSpecification::builder().name(name).build())
}

fn user_data(it: &Instance) -> Option<String> {
    let text = it.user_data.as_ref().map(|it| it.0.as_str()).filter(|it| !it.is_empty());
    // What is in Base64 already is not encoded again.
    let bytes = text.map(|it| digest::decoded(it).unwrap_or_else(|| it.as_bytes().to_vec()));
    match bytes {
        Some(bytes) => Some(STANDARD.encode(bytes)),
        None => asked(&it.user_data_base64),
    }
}

fn cpu(it: &Instance) -> Option<sdk::CpuOptionsRequest> {
    if it.cpu_options.is_some() {
        return asked(&it.cpu_options);
    }
    let cores: i32 = asked(&it.cpu_core_count)?;
    let threads = asked(&it.cpu_threads_per_core).unwrap_or_default();
    Some(sdk::CpuOptionsRequest::builder().core_count(cores).threads_per_core(threads).build())
}

/// T3 has no bounds where nothing is said, as AWS's console has it.
fn credit(it: &Instance) -> Option<sdk::CreditSpecificationRequest> {
    let kind = it.instance_type.as_deref().unwrap_or_default();
    let said = it.credit_specification.as_ref().filter(|_| is_burstable(kind)).and_then(asked);
    let said = said.filter(|it: &sdk::CreditSpecificationRequest| it.cpu_credits.is_some());
    let usual = || sdk::CreditSpecificationRequest::builder().cpu_credits("unlimited").build();
    said.or_else(|| kind.starts_with("t3").then(usual))
}

/// What the template says, where there is one.
pub async fn template_data(aws: &Aws, it: &Instance) -> Result<Option<sdk::ResponseLaunchTemplateData>> {
    let Some(template) = asked::<sdk::LaunchTemplateSpecification, _>(&it.launch_template) else {
        return Ok(None);
    };
    let call =
        aws.ec2().describe_launch_template_versions().set_launch_template_id(template.launch_template_id);
    let call = call.set_launch_template_name(template.launch_template_name);
    let answer = call.set_versions(template.version.map(|it| vec![it])).send().await?;
    let first = answer.launch_template_versions.unwrap_or_default().into_iter().next();
    Ok(first.and_then(|it| it.launch_template_data))
}

async fn placement(it: &Instance, aws: &Aws) -> Result<Option<sdk::Placement>> {
    let mut group: Option<String> = asked(&it.placement_group);
    if group.is_some()
        && let Some(data) = template_data(aws, it).await?
    {
        // A spot instance that stops or sleeps takes no placement group.
        let spot = data.instance_market_options.and_then(|it| it.spot_options);
        let ends = spot.and_then(|it| it.instance_interruption_behavior);
        group = group.filter(|_| ends.is_none_or(|it| it == sdk::InstanceInterruptionBehavior::Terminate));
    }
    let out = sdk::Placement::builder()
        .set_availability_zone(asked(&it.availability_zone))
        .set_partition_number(asked(&it.placement_partition_number))
        .set_group_name(group)
        .set_tenancy(asked(&it.tenancy))
        .set_host_id(asked(&it.host_id))
        .set_host_resource_group_arn(asked(&it.host_resource_group_arn))
        .build();
    Ok((out != sdk::Placement::builder().build()).then_some(out))
}

/// Either interfaces or what would be theirs: AWS refuses both.
fn network(it: &Instance, call: RunInstancesFluentBuilder) -> RunInstancesFluentBuilder {
    let subnet: Option<String> = asked(&it.subnet_id);
    let names: Vec<String> = asked(&it.security_groups).unwrap_or_default();
    let ids: Vec<String> = asked(&it.vpc_security_group_ids).unwrap_or_default();
    let list = |it: Vec<String>| (!it.is_empty()).then_some(it);
    let single = it.associate_public_ip_address.is_some() || !it.secondary_private_ips.is_empty();
    let single = single || asked::<String, _>(&it.private_ip).is_some();
    if subnet.is_some() && single {
        return call.network_interfaces(interface(it, [names, ids].concat()));
    }
    if !it.network_interface.is_empty() {
        return call.set_network_interfaces(asked(&it.network_interface));
    }
    // Inside of a subnet, groups have ids.
    let (names, ids) = if subnet.is_some() { (Vec::new(), [names, ids].concat()) } else { (names, ids) };
    call.set_private_ip_address(asked(&it.private_ip))
        .set_security_groups(list(names))
        .set_security_group_ids(list(ids))
        .set_subnet_id(subnet)
        .set_ipv6_address_count(asked(&it.ipv6_address_count))
        .set_ipv6_addresses(ipv6(it))
        .set_enable_primary_ipv6(it.enable_primary_ipv6.filter(|it| *it))
}

fn ipv6(it: &Instance) -> Option<Vec<sdk::InstanceIpv6Address>> {
    let address = |it: &String| sdk::InstanceIpv6Address::builder().ipv6_address(it).build();
    let all: Vec<_> = it.ipv6_addresses.iter().map(address).collect();
    (!all.is_empty()).then_some(all)
}

fn interface(it: &Instance, groups: Vec<String>) -> sdk::InstanceNetworkInterfaceSpecification {
    let more = it.secondary_private_ips.iter();
    let more = more.map(|it| sdk::PrivateIpAddressSpecification::builder().private_ip_address(it).build());
    let more: Vec<_> = more.collect();
    sdk::InstanceNetworkInterfaceSpecification::builder()
        .device_index(0)
        .set_subnet_id(asked(&it.subnet_id))
        .set_groups((!groups.is_empty()).then_some(groups))
        .set_associate_public_ip_address(**it.associate_public_ip_address)
        .set_private_ip_address(asked(&it.private_ip))
        .set_private_ip_addresses((!more.is_empty()).then_some(more))
        .set_ipv6_address_count(asked(&it.ipv6_address_count))
        .set_ipv6_addresses(ipv6(it))
        .set_primary_ipv6(it.enable_primary_ipv6.filter(|it| *it))
        .build()
}
