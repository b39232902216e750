//! Network interfaces that services leave behind.

use aws_sdk_ec2::types::NetworkInterfaceStatus;

use super::among;
use crate::aws::{Aws, Error, Result};

/// Lambda removes the interfaces of a function long after the function: removes the unused ones
/// among those that `filter` (`group-id` or `subnet-id`) finds, which hold up their group and subnet.
pub async fn release_lambdas(aws: &Aws, filter: &str, id: &str) -> Result<()> {
    let call = aws.ec2().describe_network_interfaces().filters(among(filter, &[id.to_owned()]));
    for it in call.into_paginator().items().send().try_collect().await? {
        let of_lambda = it.description.is_some_and(|it| it.starts_with("AWS Lambda VPC ENI"));
        let unused = it.status == Some(NetworkInterfaceStatus::Available);
        let Some(id) = it.network_interface_id.filter(|_| of_lambda && unused) else { continue };
        let deleted = aws.ec2().delete_network_interface().network_interface_id(id).send().await;
        match deleted.map_err(Error::from) {
            Err(it) if !it.is_missing() => return Err(it),
            _ => {}
        }
    }
    Ok(())
}
