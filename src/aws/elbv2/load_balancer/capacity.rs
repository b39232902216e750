//! Capacity that a load balancer keeps at hand: a call of its own.

use std::collections::HashMap;

use aws_sdk_elasticloadbalancingv2::operation::describe_capacity_reservation::DescribeCapacityReservationOutput;
use aws_sdk_elasticloadbalancingv2::types::{CapacityReservationStateEnum, MinimumLoadBalancerCapacity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::each;
use super::LoadBalancer;
use crate::aws::{Aws, Error, Result};
use crate::resource::{One, Status};

/// Capacity that is kept at hand.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Capacity {
    /// Load balancer capacity units.
    pub capacity_units: i64,
}
crate::mirror!(Capacity = MinimumLoadBalancerCapacity { capacity_units });

type Reserved = (Option<Capacity>, Status);

/// What is reserved for each of these, where each is asked about. Gateways have none.
pub async fn read(aws: &Aws, arns: &[String]) -> Result<HashMap<String, Reserved>> {
    if !aws.exact() {
        return Ok(HashMap::new());
    }
    let arns: Vec<String> = arns.iter().filter(|it| !it.contains(":loadbalancer/gwy/")).cloned().collect();
    each(&arns, async |arn| {
        let answer = aws.elbv2().describe_capacity_reservation().load_balancer_arn(arn).send().await;
        match answer.map_err(Error::from) {
            Ok(it) => Ok(reserved(it)),
            // Not everybody may ask, and not every place knows.
            Err(Error::Unimplemented(_)) => Ok((None, Status::Ready)),
            Err(it) if matches!(it.code(), Some("AccessDenied" | "InvalidAction")) => {
                Ok((None, Status::Ready))
            }
            Err(it) => Err(it),
        }
    })
    .await
}

fn reserved(it: DescribeCapacityReservationOutput) -> Reserved {
    let states = it.capacity_reservation_state.unwrap_or_default();
    let code = |it: &aws_sdk_elasticloadbalancingv2::types::ZonalCapacityReservationState| {
        it.state.as_ref().and_then(|it| it.code.clone())
    };
    let open = states.iter().filter_map(code).find(|it| *it != CapacityReservationStateEnum::Provisioned);
    let status = match open {
        Some(state) => Status::Pending(format!("capacity {}", state.as_str())),
        None => Status::Ready,
    };
    (it.minimum_load_balancer_capacity.map(Capacity::from), status)
}

/// Reserves, or gives back what was reserved.
pub async fn change(aws: &Aws, arn: &str, wanted: &One<Capacity>, was: &LoadBalancer) -> Result<()> {
    if *wanted == was.minimum_load_balancer_capacity {
        return Ok(());
    }
    let call = aws.elbv2().modify_capacity_reservation().load_balancer_arn(arn);
    match wanted.as_ref() {
        Some(it) => call.minimum_load_balancer_capacity(it.into()).send().await?,
        None => call.reset_capacity_reservation(true).send().await?,
    };
    Ok(())
}
