//! Network interfaces of services: whose they are, and those that are left behind.

use std::time::Duration;

use aws_sdk_ec2::types::{NetworkInterface, NetworkInterfaceStatus};

use super::among;
use crate::aws::{Aws, Error, Result};
use crate::resource::Blocker;

/// How long Lambda may take to let go of the interfaces of a function that is gone.
const LAMBDA: Duration = Duration::from_secs(45 * 60);

/// What Lambda's interfaces are described as; the function's name and a UUID follow.
const OF_LAMBDA: &str = "AWS Lambda VPC ENI";

/// How services describe their interfaces: the beginning, and what the rest is the name of.
const DESCRIBED: &[(&str, &str)] = &[
    ("AWS Lambda VPC ENI-", "Lambda function"),
    ("ELB ", "load balancer"),
    ("Interface for NAT Gateway ", "NAT gateway"),
    ("VPC Endpoint Interface ", "VPC endpoint"),
    ("Network Interface for Transit Gateway Attachment ", "transit gateway attachment"),
    ("EFS mount target for ", "EFS mount target of"),
    ("Amazon EKS ", "EKS cluster"),
    ("aws-K8S-", "pods of the EKS node"),
    ("ElastiCache ", "ElastiCache cluster"),
    ("RDSNetworkInterface", "an RDS database"),
    ("RedshiftNetworkInterface", "a Redshift cluster"),
    ("DMSNetworkInterface", "a DMS replication instance"),
    ("Route 53 Resolver: ", "Route 53 resolver endpoint"),
    ("AWS created network interface for directory ", "directory"),
    ("arn:aws:ecs:", "an ECS task"),
];

/// One of them as something in the way.
pub fn blocker(it: &NetworkInterface) -> Blocker {
    let id = it.network_interface_id().unwrap_or_default();
    let mut out = Blocker::new("network interface", id).named(it.private_ip_address());
    let idle = it.status() == Some(&NetworkInterfaceStatus::Available);
    let instance = it.attachment().and_then(|it| it.instance_id());
    let owner = match instance {
        Some(instance) => Some(format!("instance {instance}")),
        None => owner(it),
    };
    out.leaves = is_lambdas(it).then_some(LAMBDA);
    for word in owner.iter().flat_map(|it| it.split(|it: char| it.is_whitespace() || "()".contains(it))) {
        out = match word.contains('/') {
            true => out.known_by(format!("loadbalancer/{word}")),
            false if word.contains('-') => out.known_by(word),
            false => out,
        };
    }
    match (owner, idle) {
        (Some(owner), true) => out.of(format!("left behind by {owner}, nothing is attached to it")),
        (Some(owner), false) => out.of(owner),
        (None, true) => out.of("nothing is attached to it"),
        (None, false) => out,
    }
}

/// The service's own words for whose it is.
fn owner(it: &NetworkInterface) -> Option<String> {
    let said = it.description().filter(|it| !it.is_empty());
    match said.and_then(described) {
        Some((what, _)) if what.starts_with("an ") || what.starts_with("a ") => Some(what.to_owned()),
        Some((what, name)) => Some(format!("{what} {}", without_uuid(name))),
        None => {
            let service = it.requester_id().filter(|it| it.contains("amazon-") || it.contains(':'));
            said.map(|it| format!("`{it}`")).or(service.map(str::to_owned))
        }
    }
}

/// What sort of thing has an interface described like this, and which.
fn described(said: &str) -> Option<(&'static str, &str)> {
    DESCRIBED.iter().find_map(|(start, what)| Some((*what, said.strip_prefix(start)?)))
}

/// Lambda puts a UUID behind the function's name.
fn without_uuid(name: &str) -> &str {
    let split = name.len().checked_sub(37).and_then(|at| name.split_at_checked(at));
    match split {
        Some((head, tail)) if tail.starts_with('-') && uuid::Uuid::parse_str(&tail[1..]).is_ok() => head,
        _ => name,
    }
}

fn is_lambdas(it: &NetworkInterface) -> bool {
    it.description().is_some_and(|it| it.starts_with(OF_LAMBDA))
}

/// What Comprehend and DMS leave behind is still attached to something.
fn is_abandoned(it: &NetworkInterface) -> bool {
    it.requester_id().is_some_and(|it| it.ends_with(":Comprehend"))
        || it.description() == Some("DMSNetworkInterface")
}

/// Those that `filter` (`group-id` or `subnet-id`) finds.
pub async fn found(aws: &Aws, filter: &str, id: &str) -> Result<Vec<NetworkInterface>> {
    let call = aws.ec2().describe_network_interfaces().filters(among(filter, &[id.to_owned()]));
    Ok(call.into_paginator().items().send().try_collect().await?)
}

/// Some services remove their interfaces long after what they were for: removes those that are not
/// used any more, among those that `filter` finds, so that they do not hold up their group and
/// subnet. What has to be detached first is removed the next time.
pub async fn release(aws: &Aws, filter: &str, id: &str) -> Result<()> {
    for it in found(aws, filter, id).await? {
        // Lambda itself detaches what it has attached.
        let own = it.attachment().is_some_and(|it| it.instance_owner_id() == Some("amazon-aws"));
        if !(is_abandoned(&it) || is_lambdas(&it) && !own) {
            continue;
        }
        let attachment = it.attachment().and_then(|it| it.attachment_id());
        let done = match (attachment, it.network_interface_id()) {
            _ if it.status() == Some(&NetworkInterfaceStatus::Available) => {
                let call = aws.ec2().delete_network_interface();
                call.set_network_interface_id(it.network_interface_id.clone())
                    .send()
                    .await
                    .map(drop)
                    .map_err(Error::from)
            }
            (Some(attachment), Some(_)) => {
                let call = aws.ec2().detach_network_interface().attachment_id(attachment).force(true);
                call.send().await.map(drop).map_err(Error::from)
            }
            _ => Ok(()),
        };
        match done {
            Err(it) if !it.is_missing() => return Err(it),
            _ => {}
        }
    }
    Ok(())
}

/// The same after a refusal: the refusal is what the user is told, whatever comes of this.
pub async fn release_after(refused: &Result<()>, aws: &Aws, filter: &str, id: &str) {
    if !refused
        .as_ref()
        .is_err_and(|it| matches!(it.code(), Some("DependencyViolation" | "InvalidGroup.InUse")))
    {
        return;
    }
    if let Err(error) = release(aws, filter, id).await {
        tracing::warn!(%error, %id, "interfaces that are left behind could not be removed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_ec2::types::NetworkInterfaceAttachment;

    fn text(description: &str) -> String {
        let it = NetworkInterface::builder().network_interface_id("eni-1").description(description);
        blocker(&it.build()).text()
    }

    #[test]
    fn the_owner_is_told_from_the_description() {
        assert_eq!(text("ELB app/shop/50dc6c49"), "network interface eni-1: load balancer app/shop/50dc6c49");
        assert_eq!(
            text("Interface for NAT Gateway nat-0abc"),
            "network interface eni-1: NAT gateway nat-0abc"
        );
        assert_eq!(text("RDSNetworkInterface"), "network interface eni-1: an RDS database");
        let lambda = "AWS Lambda VPC ENI-my-fn-30bb1fd5-e726-4d80-9ff2-52fd62cd548c";
        assert_eq!(text(lambda), "network interface eni-1: Lambda function my-fn");
        assert_eq!(text("of my own"), "network interface eni-1: `of my own`");
        assert_eq!(text(""), "network interface eni-1");
    }

    #[test]
    fn owners_are_known_by_their_ids() {
        let of = |description: &str| {
            let it = NetworkInterface::builder().network_interface_id("eni-1").description(description);
            blocker(&it.build()).ids
        };
        assert_eq!(of("ELB app/shop/50dc6c49"), ["eni-1", "loadbalancer/app/shop/50dc6c49"]);
        assert_eq!(of("EFS mount target for fs-1 (fsmt-2)"), ["eni-1", "fs-1", "fsmt-2"]);
    }

    #[test]
    fn an_instance_stands_above_the_description() {
        let attachment = NetworkInterfaceAttachment::builder().instance_id("i-1").build();
        let it = NetworkInterface::builder().network_interface_id("eni-1").description("x");
        let it = it.private_ip_address("10.0.0.4").attachment(attachment).build();
        assert_eq!(blocker(&it).text(), "network interface eni-1 (10.0.0.4): instance i-1");
    }
}
