//! Changes of a volume in place.

use std::time::Duration;

use aws_sdk_ec2::types::VolumeModificationState::{Completed, Failed, Optimizing};
use tokio::time::Instant;

use super::{EbsVolume, WITH_IOPS};
use crate::aws::ec2::{among, text};
use crate::aws::shape::given;
use crate::aws::{Aws, Error, Result};
use crate::resource::Resource;
use crate::resource::times::patience;

/// The fewest operations a second of `gp3`: fewer are those of the type that the volume had.
pub(super) const LEAST: i32 = 3000;

pub(super) async fn change(it: &EbsVolume, aws: &Aws, was: &EbsVolume) -> Result<()> {
    let kind = text(&it.r#type).unwrap_or_default();
    let anew = !kind.is_empty() && text(&was.r#type) != Some(kind);
    let size: Option<i32> = given(&it.size).filter(|_| it.size != was.size);
    // With another type, AWS would fall back to that type's usual number.
    let low = kind == "gp3" && it.iops.is_some_and(|it| it < LEAST.into());
    let keeps = anew && WITH_IOPS.contains(&kind) && !low;
    let iops: Option<i32> = given(&it.iops).filter(|_| keeps || it.iops != was.iops);
    let faster = it.throughput != was.throughput;
    if !anew && size.is_none() && iops.is_none() && !faster {
        return Ok(());
    }
    // What is not said here does not always stay.
    let throughput: Option<i32> = given(&it.throughput).filter(|_| kind == "gp3");
    let id = was.key();
    let call = aws.ec2().modify_volume().volume_id(&id).set_size(size).set_iops(iops);
    let call = call.set_throughput(throughput).set_volume_type(anew.then(|| kind.into()));
    call.send().await?;
    let said = it.timeouts.as_ref().and_then(|it| it.update.as_deref());
    in_force(aws, &id, patience(said, EbsVolume::PATIENCE)).await
}

/// Waits until the change is in force; AWS may go on optimizing for hours.
async fn in_force(aws: &Aws, volume: &str, patience: Duration) -> Result<()> {
    let (end, mut pause) = (Instant::now() + patience, Duration::from_secs(1));
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
            Some(state) if Instant::now() > end => {
                let late = format!("is still {} after {} s", state.as_str(), patience.as_secs());
                let help = "apply again, or set a longer `timeouts.update`";
                return Err(Error::Invalid(format!("volume {volume} {late}: {help}")));
            }
            Some(_) => {}
        }
        tokio::time::sleep(pause).await;
        pause = pause.mul_f32(1.5).min(Duration::from_secs(10));
    }
}
