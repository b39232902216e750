//! Removing a group: its warm pool first, then its instances, then itself.

use aws_sdk_autoscaling::types::{self as sdk, WarmPoolStatus};

use super::until::until;
use super::{Group, described};
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// The most instances of one call.
const AT_ONCE: usize = 50;

/// Does what is possible now. While there are instances AWS refuses the last step, and all of it is
/// repeated: each time from what is there.
pub async fn remove(it: &Group, aws: &Aws) -> Result<()> {
    let name = &it.key();
    let Some(group) = described(aws, std::slice::from_ref(name)).await?.into_iter().next() else {
        return Ok(());
    };
    let force = *it.force_delete;
    if group.warm_pool_configuration.is_some() {
        warm_pool(aws, name, force || *it.force_delete_warm_pool).await?;
    }
    if !force {
        drain(aws, name, &group).await?;
    }
    let call = aws.autoscaling().delete_auto_scaling_group().auto_scaling_group_name(name);
    match call.force_delete(force).send().await.map_err(Error::from) {
        // The answer to a call before this one was lost.
        Err(it) if it.message().contains("name not found") => Ok(()),
        answer => answer.map(drop),
    }
}

/// Lets all instances end, the protected ones too.
async fn drain(aws: &Aws, name: &str, group: &sdk::AutoScalingGroup) -> Result<()> {
    if (group.min_size, group.max_size, group.desired_capacity) != (Some(0), Some(0), Some(0)) {
        let call = aws.autoscaling().update_auto_scaling_group().auto_scaling_group_name(name);
        call.min_size(0).max_size(0).desired_capacity(0).send().await?;
    }
    let guarded = group.instances().iter().filter(|it| it.protected_from_scale_in == Some(true));
    let guarded: Vec<String> = guarded.filter_map(|it| it.instance_id.clone()).collect();
    for some in guarded.chunks(AT_ONCE) {
        let call = aws.autoscaling().set_instance_protection().auto_scaling_group_name(name);
        let call = call.set_instance_ids(Some(some.to_vec())).protected_from_scale_in(false);
        match call.send().await.map_err(Error::from) {
            // It has ended meanwhile.
            Err(it) if it.message().contains("not part of Auto Scaling group") => {}
            answer => drop(answer?),
        }
    }
    Ok(())
}

/// Removes the warm pool, and waits until it is gone.
pub async fn warm_pool(aws: &Aws, name: &str, force: bool) -> Result<()> {
    let Some((status, _)) = pool(aws, name).await? else { return Ok(()) };
    if status != Some(WarmPoolStatus::PendingDelete) {
        if !force {
            let call = aws.autoscaling().put_warm_pool().auto_scaling_group_name(name);
            call.max_group_prepared_capacity(0).min_size(0).send().await?;
            until("the end of the warm pool's instances", async || {
                Ok(pool(aws, name).await?.is_none_or(|it| it.1 == 0))
            })
            .await?;
        }
        let call = aws.autoscaling().delete_warm_pool().auto_scaling_group_name(name).force_delete(force);
        match call.send().await.map_err(Error::from) {
            Err(it) if it.message().contains("No warm pool found") => {}
            answer => drop(answer?),
        }
    }
    until("the end of the warm pool", async || Ok(pool(aws, name).await?.is_none())).await
}

/// What the warm pool is about, and how many instances it has.
async fn pool(aws: &Aws, name: &str) -> Result<Option<(Option<WarmPoolStatus>, usize)>> {
    let answer = aws.autoscaling().describe_warm_pool().auto_scaling_group_name(name).send().await;
    let answer = match answer.map_err(Error::from) {
        Err(it) if it.message().contains("not found") => return Ok(None),
        answer => answer?,
    };
    let instances = answer.instances.unwrap_or_default().len();
    Ok(answer.warm_pool_configuration.map(|it| (it.status, instances)))
}

/// Instances that are still there.
pub async fn blockers(aws: &Aws, name: &str) -> Result<Blockers> {
    let found = described(aws, &[name.to_owned()]).await?;
    let instances = found.iter().flat_map(|it| it.instances());
    let each = instances.map(|it| {
        let blocker = Blocker::new("instance", it.instance_id().unwrap_or_default());
        match it.lifecycle_state() {
            Some(state) => blocker.of(format!("it is {}", state.as_str())),
            None => blocker,
        }
    });
    let mut out = Blockers::default();
    out.add(each);
    let help =
        "its instances have to end first: set `force_delete = true` and apply that to be spared the wait";
    Ok(if out.all.is_empty() { out } else { out.help(help) })
}
