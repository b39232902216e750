//! Instances as AWS shows them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::{Duration, SystemTime};

use aws_sdk_ec2::operation::describe_instance_attribute::DescribeInstanceAttributeOutput;
use aws_sdk_ec2::types::{self as sdk, InstanceAttributeName, InstanceStateName};
use futures::future::{join_all, try_join_all};

use super::blocks::{Market, Template};
use super::{Instance, restart, volumes};
use crate::aws::blocks::shown;
use crate::aws::ec2::launch_template::is_burstable;
use crate::aws::ec2::{FILTER, among, arn, described, tags};
use crate::aws::{Aws, Error, Result};
use crate::resource::*;
use crate::schema::digest;

/// What a plan takes from the state.
const UNREAD: &[&str] = &[
    "user_data",
    "user_data_base64",
    "disable_api_stop",
    "disable_api_termination",
    "instance_initiated_shutdown_behavior",
    "security_groups",
];

pub async fn instances(aws: &Aws, ids: &[String]) -> Result<Vec<Live<Instance>>> {
    let found = described(aws, "instance-id", ids, async |ids, filters| {
        let call = aws.ec2().describe_instances().set_instance_ids(ids).set_filters(filters);
        Ok(call.into_paginator().items().send().try_collect().await?)
    });
    let found: Vec<sdk::Reservation> = found.await?;
    let mut owners = HashMap::new();
    let mut all = Vec::new();
    for reservation in found {
        for it in reservation.instances.unwrap_or_default().into_iter().filter(|it| !is_gone(it)) {
            owners.insert(it.instance_id.clone().unwrap_or_default(), reservation.owner_id.clone());
            all.push(it);
        }
    }
    let (volumes, around) = futures::try_join!(volumes::of(aws, &all), Around::ask(aws, &all))?;
    let each = all.into_iter().map(|it| {
        let owner = it.instance_id.as_ref().and_then(|it| owners.get(it)).cloned().flatten();
        let (root, disks) = volumes::split(&it, &volumes);
        let mut live = live(aws, owner.as_deref(), it, &around);
        live.attributes.root_block_device = Chosen(One(root));
        live.attributes.ebs_block_device = Chosen(Set(disks));
        live
    });
    Ok(each.collect())
}

/// How long an instance that did not come up is told of, instead of its being gone.
const FRESH: Duration = Duration::from_secs(120);

/// Terminated; AWS shows it for another hour.
pub fn is_gone(it: &sdk::Instance) -> bool {
    state(it) == Some(&InstanceStateName::Terminated) && !is_stillborn(it)
}

/// It was terminated at once, and by AWS: one of its volumes or its capacity was not to be had.
fn is_stillborn(it: &sdk::Instance) -> bool {
    let code = it.state_reason.as_ref().and_then(|it| it.code()).unwrap_or_default();
    let launched = it.launch_time.and_then(|it| SystemTime::try_from(it).ok());
    let age = launched.and_then(|it| SystemTime::now().duration_since(it).ok());
    !code.is_empty() && !code.contains("InitiatedShutdown") && age.is_some_and(|it| it < FRESH)
}

fn state(it: &sdk::Instance) -> Option<&InstanceStateName> {
    it.state.as_ref().and_then(|it| it.name())
}

fn status(it: &sdk::Instance) -> Status {
    match state(it) {
        Some(InstanceStateName::Terminated) => {
            let reason = it.state_reason.as_ref();
            let parts = [reason.and_then(|it| it.code()), reason.and_then(|it| it.message())];
            Status::Failed(parts.into_iter().flatten().collect::<Vec<_>>().join(": "))
        }
        Some(
            word @ (InstanceStateName::Pending
            | InstanceStateName::ShuttingDown
            | InstanceStateName::Stopping),
        ) => Status::Pending(word.as_str().to_owned()),
        _ if it
            .metadata_options
            .as_ref()
            .and_then(|it| it.state())
            .is_some_and(|it| it.as_str() == "pending") =>
        {
            Status::Pending("its metadata options are being changed".to_owned())
        }
        _ => Status::Ready,
    }
}

/// What other calls tell of instances.
#[derive(Default)]
pub struct Around {
    credits: HashMap<String, sdk::InstanceCreditSpecification>,
    templates: HashMap<String, sdk::LaunchTemplate>,
    spots: HashMap<String, sdk::SpotInstanceRequest>,
    /// Only of those that are looked at one by one.
    alone: HashMap<String, Alone>,
    default_vpcs: BTreeSet<String>,
}

/// What AWS tells of one instance at a time.
struct Alone {
    user_data: Option<String>,
    disable_api_stop: Option<bool>,
    disable_api_termination: Option<bool>,
    shutdown: Option<String>,
}

impl Around {
    async fn ask(aws: &Aws, all: &[sdk::Instance]) -> Result<Around> {
        let (credits, templates, spots) =
            futures::try_join!(credits(aws, all), templates(aws, all), spots(aws, all))?;
        let mut out = Around { credits, templates, spots, ..Around::default() };
        if aws.exact() {
            let ids = all.iter().filter_map(|it| it.instance_id.clone());
            let each = ids.map(async |id| Ok::<_, Error>((id.clone(), alone(aws, &id).await?)));
            let (alone, vpcs) = futures::try_join!(try_join_all(each), default_vpcs(aws, all))?;
            out.alone = alone.into_iter().filter_map(|(id, it)| Some((id, it?))).collect();
            out.default_vpcs = vpcs;
        }
        Ok(out)
    }
}

pub async fn credits(
    aws: &Aws,
    all: &[sdk::Instance],
) -> Result<HashMap<String, sdk::InstanceCreditSpecification>> {
    let burstable =
        all.iter().filter(|it| it.instance_type.as_ref().is_some_and(|it| is_burstable(it.as_str())));
    let ids: Vec<String> = burstable.filter_map(|it| it.instance_id.clone()).collect();
    let calls = ids.chunks(FILTER).map(async |some| {
        let call = aws.ec2().describe_instance_credit_specifications().filters(among("instance-id", some));
        match call.into_paginator().items().send().try_collect().await.map_err(Error::from) {
            // Not every partition has it.
            Err(it) if it.code() == Some("UnsupportedOperation") => Ok(Vec::new()),
            answer => answer,
        }
    });
    let found = try_join_all(calls).await?.into_iter().flatten();
    Ok(found.filter_map(|it| Some((it.instance_id.clone()?, it))).collect())
}

const TEMPLATE: &str = "aws:ec2launchtemplate:id";
const TEMPLATE_VERSION: &str = "aws:ec2launchtemplate:version";

fn tag<'a>(it: &'a sdk::Instance, key: &str) -> Option<&'a str> {
    it.tags().iter().find(|it| it.key() == Some(key)).and_then(|it| it.value())
}

/// The templates that instances come from. One that is gone leaves the others in the dark: then each is
/// asked for.
async fn templates(aws: &Aws, all: &[sdk::Instance]) -> Result<HashMap<String, sdk::LaunchTemplate>> {
    let ids: BTreeSet<String> = all.iter().filter_map(|it| tag(it, TEMPLATE).map(str::to_owned)).collect();
    let ids: Vec<String> = ids.into_iter().collect();
    let ask = async |some: &[String]| -> Result<Vec<sdk::LaunchTemplate>> {
        let call = aws.ec2().describe_launch_templates().set_launch_template_ids(Some(some.to_vec()));
        Ok(call.into_paginator().items().send().try_collect().await?)
    };
    let mut found = Vec::new();
    for some in ids.chunks(FILTER) {
        match ask(some).await {
            Err(it) if it.is_missing() => {
                for one in join_all(some.iter().map(|it| ask(std::slice::from_ref(it)))).await {
                    match one {
                        Err(it) if it.is_missing() => {}
                        one => found.extend(one?),
                    }
                }
            }
            answer => found.extend(answer?),
        }
    }
    Ok(found.into_iter().filter_map(|it| Some((it.launch_template_id.clone()?, it))).collect())
}

async fn spots(aws: &Aws, all: &[sdk::Instance]) -> Result<HashMap<String, sdk::SpotInstanceRequest>> {
    let ids: Vec<String> = all.iter().filter_map(|it| it.spot_instance_request_id.clone()).collect();
    let calls = ids.chunks(FILTER).map(|some| {
        let call =
            aws.ec2().describe_spot_instance_requests().filters(among("spot-instance-request-id", some));
        call.into_paginator().items().send().try_collect()
    });
    let found = try_join_all(calls).await?.into_iter().flatten();
    Ok(found.filter_map(|it| Some((it.spot_instance_request_id.clone()?, it))).collect())
}

/// Those of their VPCs that are the account's default: security groups have names there.
pub async fn default_vpcs(aws: &Aws, all: &[sdk::Instance]) -> Result<BTreeSet<String>> {
    let ids: BTreeSet<String> = all.iter().filter_map(|it| it.vpc_id.clone()).collect();
    let ids: Vec<String> = ids.into_iter().collect();
    let calls =
        ids.chunks(FILTER).map(|some| aws.ec2().describe_vpcs().filters(among("vpc-id", some)).send());
    let found = try_join_all(calls).await?.into_iter().flat_map(|it| it.vpcs.unwrap_or_default());
    Ok(found.filter(|it| it.is_default == Some(true)).filter_map(|it| it.vpc_id).collect())
}

/// The answer about one attribute of one instance.
pub async fn attribute(
    aws: &Aws,
    id: &str,
    name: InstanceAttributeName,
) -> Result<DescribeInstanceAttributeOutput> {
    Ok(aws.ec2().describe_instance_attribute().instance_id(id).attribute(name).send().await?)
}

/// `None` where it has gone meanwhile.
async fn alone(aws: &Aws, id: &str) -> Result<Option<Alone>> {
    use InstanceAttributeName::*;
    let asked = futures::try_join!(
        attribute(aws, id, UserData),
        attribute(aws, id, DisableApiStop),
        attribute(aws, id, DisableApiTermination),
        attribute(aws, id, InstanceInitiatedShutdownBehavior)
    );
    let (data, stop, termination, shutdown) = match asked {
        Err(it) if it.is_missing() => return Ok(None),
        answer => answer?,
    };
    Ok(Some(Alone {
        user_data: data.user_data.and_then(|it| it.value).filter(|it| !it.is_empty()),
        disable_api_stop: stop.disable_api_stop.and_then(|it| it.value),
        disable_api_termination: termination.disable_api_termination.and_then(|it| it.value),
        shutdown: shutdown.instance_initiated_shutdown_behavior.and_then(|it| it.value),
    }))
}

/// The part of a profile's ARN that is its name.
pub fn profile_name(arn: &str) -> String {
    arn.rsplit('/').next().unwrap_or_default().to_owned()
}

/// The template that the instance comes from. Its version is said as a number; where that is the newest or
/// the default one, [`super::kept`] may say so.
fn template(it: &sdk::Instance, around: &Around) -> One<Template> {
    let template = tag(it, TEMPLATE).and_then(|it| around.templates.get(it));
    One(template.map(|found| {
        let number = tag(it, TEMPLATE_VERSION).unwrap_or_default();
        let is = |it: Option<i64>| it.is_some_and(|it| it.to_string() == number);
        let marks = match (is(found.latest_version_number), is(found.default_version_number)) {
            (true, true) => "$Latest $Default",
            (true, false) => "$Latest",
            (false, true) => "$Default",
            (false, false) => "",
        };
        Template {
            id: shown(found.launch_template_id.clone()),
            name: shown(found.launch_template_name.clone()),
            version: format!("{number} {marks}").trim().to_owned(),
        }
    }))
}

fn market(it: &sdk::Instance, around: &Around) -> One<Market> {
    let request = it.spot_instance_request_id.as_ref().and_then(|it| around.spots.get(it));
    One(request.map(|it| Market {
        market_type: Chosen(Fixed(Some("spot".to_owned()))),
        spot_options: Chosen(shown(Some(it.clone()))),
    }))
}

fn live(aws: &Aws, owner: Option<&str>, it: sdk::Instance, around: &Around) -> Live<Instance> {
    let id = it.instance_id.clone().unwrap_or_default();
    let alone = around.alone.get(&id);
    let status = status(&it);
    let all: BTreeMap<String, String> = tags(it.tags.clone());
    let halfway = all.contains_key(restart::MARK);
    let (template, market) = (template(&it, around), market(&it, around));
    let placement = it.placement.unwrap_or_else(|| sdk::Placement::builder().build());
    let cpu = it.cpu_options.as_ref();
    let interfaces = it.network_interfaces.unwrap_or_default();
    let is_first = |it: &&sdk::InstanceNetworkInterface| {
        it.attachment.as_ref().and_then(|it| it.device_index) == Some(0)
    };
    let first = interfaces.iter().find(is_first).cloned();
    let first = first.as_ref();
    let addresses = first.and_then(|it| it.private_ip_addresses.clone()).unwrap_or_default();
    let more =
        addresses.into_iter().filter(|it| it.primary != Some(true)).filter_map(|it| it.private_ip_address);
    let ipv6 = first.and_then(|it| it.ipv6_addresses.clone()).unwrap_or_default();
    let primary_ipv6 = ipv6.iter().any(|it| it.is_primary_ipv6 == Some(true));
    let groups = it.security_groups.unwrap_or_default();
    let named = it.vpc_id.as_ref().is_none_or(|it| around.default_vpcs.contains(it));
    let names = groups.iter().filter(|_| named).filter_map(|it| it.group_name.clone()).collect();
    let in_subnet = it.subnet_id.as_ref().is_some_and(|it| !it.is_empty());
    let check = first.and_then(|it| it.source_dest_check).or(it.source_dest_check).unwrap_or(true);
    let public = match first {
        Some(it) => it.association.is_some(),
        None => it.public_ip_address.is_some(),
    };
    let kind = it.instance_type.as_ref().map(|it| it.as_str().to_owned());
    let attributes = Instance {
        ami: shown(it.image_id),
        // Somebody died between stopping and starting it: it is not yet what it was to be.
        instance_type: Chosen(kind.map(|it| if halfway { format!("{it} {}", restart::HALFWAY) } else { it })),
        launch_template: template,
        subnet_id: shown(first.and_then(|it| it.subnet_id.clone()).or(it.subnet_id)),
        availability_zone: shown(placement.availability_zone),
        vpc_security_group_ids: Chosen(
            groups.iter().filter(|_| in_subnet).filter_map(|it| it.group_id.clone()).collect(),
        ),
        security_groups: Chosen(Fixed(names)),
        key_name: shown(it.key_name),
        iam_instance_profile: Chosen(
            it.iam_instance_profile.and_then(|it| it.arn).map(|it| profile_name(&it)),
        ),
        user_data: Chosen(alone.and_then(|it| it.user_data.as_deref()).map(|it| Digested(digest::of(it)))),
        user_data_base64: Chosen(alone.and_then(|it| it.user_data.clone())),
        user_data_replace_on_change: Local(false),
        associate_public_ip_address: Chosen(Fixed(Some(public))),
        private_ip: shown(it.private_ip_address),
        secondary_private_ips: Chosen(more.collect()),
        ipv6_address_count: Chosen(i64::try_from(ipv6.len()).ok()),
        ipv6_addresses: Chosen(Fixed(ipv6.into_iter().filter_map(|it| it.ipv6_address).collect())),
        enable_primary_ipv6: Chosen(primary_ipv6.then_some(true)),
        source_dest_check: check,
        primary_network_interface_id: shown(first.and_then(|it| it.network_interface_id.clone())),
        network_interface: shown(Some(interfaces)),
        root_block_device: Chosen::default(),
        ebs_block_device: Chosen::default(),
        ephemeral_block_device: Chosen::default(),
        volume_tags: None,
        metadata_options: shown(it.metadata_options),
        monitoring: Chosen(
            it.monitoring.and_then(|it| it.state).map(|it| matches!(it.as_str(), "enabled" | "pending")),
        ),
        credit_specification: shown(around.credits.get(&id).cloned()),
        cpu_core_count: shown(cpu.and_then(|it| it.core_count)),
        cpu_threads_per_core: shown(cpu.and_then(|it| it.threads_per_core)),
        cpu_options: shown(it.cpu_options),
        ebs_optimized: shown(it.ebs_optimized),
        disable_api_stop: Chosen(alone.and_then(|it| it.disable_api_stop)),
        disable_api_termination: Chosen(alone.and_then(|it| it.disable_api_termination)),
        instance_initiated_shutdown_behavior: Chosen(alone.and_then(|it| it.shutdown.clone())),
        hibernation: Fixed(it.hibernation_options.and_then(|it| it.configured)),
        enclave_options: shown(it.enclave_options),
        maintenance_options: shown(it.maintenance_options),
        private_dns_name_options: shown(it.private_dns_name_options),
        capacity_reservation_specification: shown(it.capacity_reservation_specification),
        instance_market_options: Chosen(Fixed(market)),
        tenancy: shown(placement.tenancy),
        placement_group: shown(placement.group_name),
        placement_partition_number: shown(placement.partition_number),
        host_id: shown(placement.host_id),
        host_resource_group_arn: shown(placement.host_resource_group_arn),
        get_password_data: Local(false),
        timeouts: None,
        tags: None,
        tags_all: Chosen::default(),
        arn: arn(aws, owner, &format!("instance/{id}")).into(),
        id: id.clone().into(),
        instance_lifecycle: shown(it.instance_lifecycle),
        instance_state: shown(it.state.and_then(|it| it.name)),
        outpost_arn: shown(it.outpost_arn),
        password_data: Computed(None),
        private_dns: shown(it.private_dns_name),
        public_dns: shown(it.public_dns_name),
        public_ip: shown(it.public_ip_address),
        spot_instance_request_id: shown(it.spot_instance_request_id),
    };
    let mut labels = all;
    labels.remove(restart::MARK);
    let unread = if alone.is_some() { &[] } else { UNREAD };
    Live { key: id, status, tags: Some(labels), unread, attributes }
}
