//! Stopping an instance for what can be changed only then, and starting it again.

use std::time::Duration;

use aws_sdk_ec2::types::{self as sdk, InstanceStateName};
use tokio::time::Instant;

use super::Instance;
use crate::aws::ec2::{among, change_tags};
use crate::aws::{Aws, Error, Result};
use crate::resource::{Op, Resource, Tags, Until, passes};

/// The tag of an instance that was stopped for a change and is to be started again. Without it nobody would
/// know, if the process dies in between, that the instance was not stopped on purpose.
pub const MARK: &str = "infra:restart";
/// What stands behind its type then.
pub const HALFWAY: &str = "(stopped for a change)";

/// Stops the instance, does `what`, and starts it again.
pub async fn stopped(aws: &Aws, id: &str, what: impl AsyncFn() -> Result<()>) -> Result<()> {
    let mark: Tags = [(MARK.to_owned(), "true".to_owned())].into();
    change_tags(aws, id, &mark, &Tags::new()).await?;
    when_possible(async || Ok(aws.ec2().stop_instances().instance_ids(id).send().await.map(drop)?)).await?;
    until(aws, id, InstanceStateName::Stopped).await?;
    when_possible(what).await?;
    when_possible(async || Ok(aws.ec2().start_instances().instance_ids(id).send().await.map(drop)?)).await?;
    until(aws, id, InstanceStateName::Running).await?;
    change_tags(aws, id, &Tags::new(), &mark).await
}

/// Repeats a call that AWS refuses for a reason that passes.
async fn when_possible(call: impl AsyncFn() -> Result<()>) -> Result<()> {
    let (end, mut pause) = (Instant::now() + Instance::PATIENCE, Duration::from_secs(1));
    loop {
        match call().await {
            Err(it) if passes::<Instance>(Op::Update, &it).is_some_and(is_short) && Instant::now() < end => {}
            other => return other,
        }
        tokio::time::sleep(pause).await;
        pause = pause.mul_f32(1.5).min(Duration::from_secs(10));
    }
}

fn is_short(until: Until) -> bool {
    matches!(until, Until::Free | Until::Seen)
}

/// Waits for a state. The provider gives each of the two ten minutes.
async fn until(aws: &Aws, id: &str, wanted: InstanceStateName) -> Result<()> {
    let (end, mut pause) = (Instant::now() + Instance::PATIENCE, Duration::from_secs(1));
    loop {
        let call = aws.ec2().describe_instances().filters(among("instance-id", &[id.to_owned()]));
        let found: Vec<sdk::Reservation> = call.into_paginator().items().send().try_collect().await?;
        let state =
            found.into_iter().flat_map(|it| it.instances.unwrap_or_default()).find_map(|it| it.state?.name);
        match state {
            Some(it) if it == wanted => return Ok(()),
            Some(it @ (InstanceStateName::Terminated | InstanceStateName::ShuttingDown)) => {
                return Err(Error::Invalid(format!(
                    "instance {id} is {} while it should be {}",
                    it.as_str(),
                    wanted.as_str()
                )));
            }
            Some(it) if Instant::now() > end => {
                let (is, should) = (it.as_str(), wanted.as_str());
                return Err(Error::Invalid(format!(
                    "instance {id} is still {is} after ten minutes, and should be {should}"
                )));
            }
            _ => {}
        }
        tokio::time::sleep(pause).await;
        pause = pause.mul_f32(1.5).min(Duration::from_secs(10));
    }
}
