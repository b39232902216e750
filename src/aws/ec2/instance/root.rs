//! Changes of an instance's volumes.

use std::time::Duration;

use aws_sdk_ec2::types as sdk;
use tokio::time::Instant as Moment;

use super::blocks::Root;
use super::{Instance, volumes};
use crate::aws::blocks::asked;
use crate::aws::ec2::{among, change_tags};
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

pub async fn change(it: &Instance, aws: &Aws, was: &Instance) -> Result<()> {
    labels(it, aws, was).await?;
    let (Some(wanted), Some(had)) = (it.root_block_device.as_ref(), was.root_block_device.as_ref()) else {
        return Ok(());
    };
    let volume = had.volume_id.0.clone().unwrap_or_default();
    if modify(wanted, had, aws, &volume).await? {
        modified(aws, &volume).await?;
    }
    if wanted.delete_on_termination != had.delete_on_termination {
        let ebs = sdk::EbsInstanceBlockDeviceSpecification::builder();
        let mapping = sdk::InstanceBlockDeviceMappingSpecification::builder()
            .set_device_name(had.device_name.0.clone())
            .ebs(ebs.delete_on_termination(wanted.delete_on_termination).build());
        let call = aws.ec2().modify_instance_attribute().instance_id(was.key());
        call.block_device_mappings(mapping.build()).send().await?;
    }
    relabel(aws, &volume, &wanted.tags, &with(&had.tags, &had.tags_all, it, was)).await
}

/// Sends what differs; whether that was anything.
async fn modify(wanted: &Root, had: &Root, aws: &Aws, volume: &str) -> Result<bool> {
    fn new<T: PartialEq + Clone>(wanted: &T, had: &T) -> Option<T> {
        (wanted != had).then(|| wanted.clone())
    }
    let number = |it: Option<Option<i64>>| asked::<i32, _>(&it.flatten());
    let kind = new(&wanted.volume_type.0, &had.volume_type.0).flatten().filter(|it| !it.is_empty());
    let size = number(new(&wanted.volume_size.0, &had.volume_size.0));
    let iops = number(new(&wanted.iops.0, &had.iops.0));
    let throughput = number(new(&wanted.throughput.0, &had.throughput.0));
    if kind.is_none() && size.is_none() && iops.is_none() && throughput.is_none() {
        return Ok(false);
    }
    let call = aws.ec2().modify_volume().volume_id(volume).set_size(size).set_iops(iops);
    call.set_throughput(throughput).set_volume_type(kind.map(|it| it.as_str().into())).send().await?;
    Ok(true)
}

/// How long a volume's change may take until it is in force.
const PATIENCE: Duration = Duration::from_secs(600);

/// Waits until the change is in force; AWS may go on optimizing for hours.
async fn modified(aws: &Aws, volume: &str) -> Result<()> {
    use sdk::VolumeModificationState::{Completed, Failed, Optimizing};
    let (end, mut pause) = (Moment::now() + PATIENCE, Duration::from_secs(1));
    loop {
        let call =
            aws.ec2().describe_volumes_modifications().filters(among("volume-id", &[volume.to_owned()]));
        let found = call.send().await?.volumes_modifications.unwrap_or_default();
        let newest = found.into_iter().max_by_key(|it| it.start_time.map(|it| it.as_nanos()));
        let Some(it) = newest else { return Ok(()) };
        match &it.modification_state {
            Some(Completed | Optimizing) | None => return Ok(()),
            Some(Failed) => {
                let why = it.status_message.unwrap_or_default();
                return Err(Error::Invalid(format!("volume {volume} could not be changed: {why}")));
            }
            Some(state) if Moment::now() > end => {
                let state = state.as_str();
                return Err(Error::Invalid(format!("volume {volume} is still {state} after ten minutes")));
            }
            Some(_) => {}
        }
        tokio::time::sleep(pause).await;
        pause = pause.mul_f32(1.5).min(Duration::from_secs(10));
    }
}

/// The labels of all volumes, and those of further disks.
async fn labels(it: &Instance, aws: &Aws, was: &Instance) -> Result<()> {
    if it.volume_tags.clone().unwrap_or_default() != was.volume_tags.clone().unwrap_or_default() {
        for volume in volumes::ids(aws, &was.key()).await? {
            relabel(aws, &volume, &it.volume_tags, &was.volume_tags).await?;
        }
    }
    for disk in it.ebs_block_device.iter() {
        let had = was.ebs_block_device.iter().find(|it| it.device_name == disk.device_name);
        if let Some((had, volume)) = had.and_then(|it| Some((it, it.volume_id.0.as_ref()?))) {
            let had = with(&had.tags, &had.tags_all, it, was);
            relabel(aws, volume, &disk.tags, &had).await?;
        }
    }
    Ok(())
}

/// Labels of a volume as it has them, with those that were the provider's default ones when it was made and are
/// no more.
fn with(own: &Option<Tags>, all: &Tags, it: &Instance, was: &Instance) -> Option<Tags> {
    let defaults =
        was.tags_all.iter().filter(|(key, _)| !was.tags.as_ref().is_some_and(|it| it.contains_key(*key)));
    let gone = defaults
        .filter(|(key, value)| it.tags_all.get(*key) != Some(*value) && all.get(*key) == Some(*value));
    let gone = gone.map(|(key, value)| (key.clone(), value.clone()));
    Some(own.iter().flatten().map(|(key, value)| (key.clone(), value.clone())).chain(gone).collect())
}

async fn relabel(aws: &Aws, volume: &str, wanted: &Option<Tags>, had: &Option<Tags>) -> Result<()> {
    let (wanted, had) = (wanted.clone().unwrap_or_default(), had.clone().unwrap_or_default());
    let set = wanted.iter().filter(|(key, value)| had.get(*key) != Some(value));
    let set = set.map(|(k, v)| (k.clone(), v.clone())).collect();
    let unset = had.into_iter().filter(|(key, _)| !wanted.contains_key(key)).collect();
    change_tags(aws, volume, &set, &unset).await
}
