//! Changing an instance in place.

use aws_sdk_ec2::primitives::Blob;
use aws_sdk_ec2::types as sdk;

use super::{Instance, interface, launch, restart, root};
use crate::aws::blocks::asked;
use crate::aws::ec2::{among, flag};
use crate::aws::{Aws, Result};
use crate::resource::*;
use crate::schema::digest;

pub async fn change(it: &Instance, aws: &Aws, was: &Instance) -> Result<()> {
    profile(it, aws, was).await?;
    interface::change(it, aws, was).await?;
    let stop = it.disable_api_stop.unwrap_or_default();
    if !stop {
        protect(it, aws, was).await?;
    }
    restarted(it, aws, was).await?;
    if stop {
        protect(it, aws, was).await?;
    }
    behaviour(it, aws, was).await?;
    credit(it, aws, was).await?;
    metadata(it, aws, was).await?;
    names(it, aws, was).await?;
    root::change(it, aws, was).await
}

/// What needs the instance stopped, all at once.
async fn restarted(it: &Instance, aws: &Aws, was: &Instance) -> Result<()> {
    let id = &was.key();
    let kind = it.instance_type.as_deref().filter(|it| Some(*it) != was.instance_type.as_deref());
    let data = new_user_data(it, was);
    let reserved = reservation(it)
        .filter(|_| it.capacity_reservation_specification != was.capacity_reservation_specification);
    if kind.is_none() && data.is_none() && reserved.is_none() {
        return Ok(());
    }
    restart::stopped(aws, id, async || {
        let modify = || aws.ec2().modify_instance_attribute().instance_id(id);
        // AWS takes one attribute a call.
        if let Some(kind) = kind {
            modify().instance_type(sdk::AttributeValue::builder().value(kind).build()).send().await?;
        }
        if let Some(data) = &data {
            let data = sdk::SecureBlobAttributeValue::builder().value(Blob::new(data.clone())).build();
            modify().user_data(data).send().await?;
        }
        if let Some(wanted) = &reserved {
            let call = aws.ec2().modify_instance_capacity_reservation_attributes().instance_id(id);
            call.capacity_reservation_specification(wanted.clone()).send().await?;
        }
        Ok(())
    })
    .await
}

/// The new user data, where it is another. The stack says the text, and the state its digest.
fn new_user_data(it: &Instance, was: &Instance) -> Option<Vec<u8>> {
    let bytes = |it: &str| digest::decoded(it).unwrap_or_else(|| it.as_bytes().to_vec());
    let text = |it: &Instance| it.user_data.as_ref().map(|it| it.0.clone()).unwrap_or_default();
    let (wanted, had) = (text(it), text(was));
    if wanted != had && digest::of(&wanted) != had && !(wanted.is_empty() && had == digest::of("")) {
        return Some(bytes(&wanted));
    }
    let (wanted, had) = (it.user_data_base64.as_deref(), was.user_data_base64.as_deref());
    let (wanted, had) = (wanted.unwrap_or_default(), had.unwrap_or_default());
    (wanted != had).then(|| bytes(wanted))
}

fn reservation(it: &Instance) -> Option<sdk::CapacityReservationSpecification> {
    let wanted: sdk::CapacityReservationSpecification = asked(&it.capacity_reservation_specification)?;
    let says =
        wanted.capacity_reservation_preference.is_some() || wanted.capacity_reservation_target.is_some();
    says.then_some(wanted)
}

/// An instance has one profile at most: it is put on, replaced or taken off.
async fn profile(it: &Instance, aws: &Aws, was: &Instance) -> Result<()> {
    let name = |it: &Instance| it.iam_instance_profile.0.clone().unwrap_or_default();
    if name(it) == name(was) {
        return Ok(());
    }
    let id = was.key();
    let call = aws.ec2().describe_iam_instance_profile_associations();
    let found = call.filters(among("instance-id", std::slice::from_ref(&id))).send().await?;
    let mut found = found.iam_instance_profile_associations.unwrap_or_default().into_iter();
    // Others are on their way out.
    let live = found.find(|it| it.state.as_ref().is_none_or(|it| !it.as_str().starts_with("dis")));
    let association = live.and_then(|it| it.association_id);
    let stopped = matches!(was.instance_state.as_deref(), Some("stopped" | "stopping" | "shutting-down"));
    let take_off = async |association: &str| -> Result<()> {
        aws.ec2().disassociate_iam_instance_profile().association_id(association).send().await?;
        Ok(())
    };
    let put_on = async || -> Result<()> {
        let call = aws.ec2().associate_iam_instance_profile().instance_id(&id);
        call.set_iam_instance_profile(launch::profile(it)).send().await?;
        Ok(())
    };
    match association {
        None if name(it).is_empty() => Ok(()),
        None => put_on().await,
        Some(association) if name(it).is_empty() => take_off(&association).await,
        // One of a stopped instance cannot be replaced.
        Some(association) if stopped => {
            take_off(&association).await?;
            put_on().await
        }
        Some(association) => {
            let call = aws.ec2().replace_iam_instance_profile_association().association_id(association);
            call.set_iam_instance_profile(launch::profile(it)).send().await?;
            Ok(())
        }
    }
}

async fn protect(it: &Instance, aws: &Aws, was: &Instance) -> Result<()> {
    let modify = || aws.ec2().modify_instance_attribute().instance_id(was.key());
    let stop = it.disable_api_stop.unwrap_or_default();
    if stop != was.disable_api_stop.unwrap_or_default() {
        modify().disable_api_stop(flag(stop)).send().await?;
    }
    let termination = it.disable_api_termination.unwrap_or_default();
    if termination != was.disable_api_termination.unwrap_or_default() {
        modify().disable_api_termination(flag(termination)).send().await?;
    }
    Ok(())
}

async fn behaviour(it: &Instance, aws: &Aws, was: &Instance) -> Result<()> {
    let (ec2, id) = (aws.ec2(), was.key());
    let shutdown: Option<String> = asked(&it.instance_initiated_shutdown_behavior);
    if shutdown != asked(&was.instance_initiated_shutdown_behavior)
        && let Some(wanted) = shutdown
    {
        let wanted = sdk::AttributeValue::builder().value(wanted).build();
        let call = ec2.modify_instance_attribute().instance_id(&id);
        call.instance_initiated_shutdown_behavior(wanted).send().await?;
    }
    if it.maintenance_options != was.maintenance_options
        && let Some(wanted) = it.maintenance_options.as_ref()
    {
        let call = ec2.modify_instance_maintenance_options().instance_id(&id);
        call.set_auto_recovery(asked(&wanted.auto_recovery)).send().await?;
    }
    match (it.monitoring.unwrap_or_default(), was.monitoring.unwrap_or_default()) {
        (true, false) => drop(ec2.monitor_instances().instance_ids(id).send().await?),
        (false, true) => drop(ec2.unmonitor_instances().instance_ids(id).send().await?),
        _ => {}
    }
    Ok(())
}

async fn credit(it: &Instance, aws: &Aws, was: &Instance) -> Result<()> {
    let credits = |it: &Instance| it.credit_specification.as_ref().and_then(|it| it.cpu_credits.clone());
    let Some(wanted) = credits(it).filter(|it| !it.is_empty() && Some(it) != credits(was).as_ref()) else {
        return Ok(());
    };
    let request =
        sdk::InstanceCreditSpecificationRequest::builder().instance_id(was.key()).cpu_credits(wanted);
    let call = aws.ec2().modify_instance_credit_specification();
    call.instance_credit_specifications(request.build()).send().await?;
    Ok(())
}

async fn metadata(it: &Instance, aws: &Aws, was: &Instance) -> Result<()> {
    let Some(wanted) = it.metadata_options.as_ref().filter(|_| it.metadata_options != was.metadata_options)
    else {
        return Ok(());
    };
    let call = aws.ec2().modify_instance_metadata_options().instance_id(was.key());
    let call = call.set_http_endpoint(asked(&wanted.http_endpoint));
    if !wanted.is_on() {
        call.send().await?;
        return Ok(());
    }
    call.set_http_protocol_ipv6(asked(&wanted.http_protocol_ipv6))
        .set_http_put_response_hop_limit(asked(&wanted.http_put_response_hop_limit))
        .set_http_tokens(asked(&wanted.http_tokens))
        .set_instance_metadata_tags(asked(&wanted.instance_metadata_tags))
        .send()
        .await?;
    Ok(())
}

async fn names(it: &Instance, aws: &Aws, was: &Instance) -> Result<()> {
    let Some(wanted) = it.private_dns_name_options.as_ref() else { return Ok(()) };
    let had = was.private_dns_name_options.0.0.clone().unwrap_or_default();
    if *wanted == had {
        return Ok(());
    }
    fn new<T: PartialEq + Clone>(wanted: &Option<T>, had: &Option<T>) -> Option<T> {
        wanted.clone().filter(|_| wanted != had)
    }
    let a = new(&wanted.enable_resource_name_dns_a_record, &had.enable_resource_name_dns_a_record);
    let aaaa = new(&wanted.enable_resource_name_dns_aaaa_record, &had.enable_resource_name_dns_aaaa_record);
    let kind = new(&wanted.hostname_type, &had.hostname_type).filter(|it| !it.is_empty());
    let call = aws.ec2().modify_private_dns_name_options().instance_id(was.key());
    let call = call.set_enable_resource_name_dns_a_record(a).set_enable_resource_name_dns_aaaa_record(aaaa);
    call.set_private_dns_hostname_type(kind.map(|it| it.as_str().into())).send().await?;
    Ok(())
}
