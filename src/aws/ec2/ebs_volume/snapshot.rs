//! The snapshot that is taken of a volume before it is removed.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_ec2::types::{ResourceType, SnapshotState};
use tokio::time::Instant;

use super::EbsVolume;
use crate::aws::ec2::{among, tagged};
use crate::aws::{Aws, Error, Result};
use crate::resource::Resource;
use crate::resource::times::patience;

thread_local! {
    /// By volume: the snapshot that this process has begun. A removal that is repeated, since something still
    /// uses the volume, takes no second one.
    static TAKEN: RefCell<HashMap<String, String>> = RefCell::default();
}

/// Takes it and waits until it is whole: AWS does not need the volume any more then.
pub(super) async fn take(it: &EbsVolume, aws: &Aws) -> Result<()> {
    let volume = it.key();
    let known = TAKEN.with_borrow(|all| all.get(&volume).cloned());
    let snapshot = match known {
        Some(it) => it,
        None => {
            let call = aws.ec2().create_snapshot().volume_id(&volume);
            let tags = tagged(ResourceType::Snapshot, &it.tags_all);
            let answer = call.set_tag_specifications(tags).send().await?;
            let id = answer.snapshot_id.ok_or(Error::Incomplete("the snapshot's id"))?;
            TAKEN.with_borrow_mut(|all| all.insert(volume, id.clone()));
            id
        }
    };
    let said = it.timeouts.as_ref().and_then(|it| it.delete.as_deref());
    completed(aws, &snapshot, patience(said, EbsVolume::DELETE_PATIENCE)).await
}

async fn completed(aws: &Aws, id: &str, patience: Duration) -> Result<()> {
    let (end, mut pause) = (Instant::now() + patience, Duration::from_secs(1));
    loop {
        let call = aws.ec2().describe_snapshots().filters(among("snapshot-id", &[id.to_owned()]));
        let found = call.send().await?.snapshots.unwrap_or_default().into_iter().next();
        let state = found.as_ref().and_then(|it| it.state.as_ref());
        match state {
            Some(SnapshotState::Completed) => return Ok(()),
            Some(SnapshotState::Error) => {
                let why = found.and_then(|it| it.state_message).unwrap_or_default();
                return Err(Error::Invalid(format!("the last snapshot {id} failed: {why}")));
            }
            _ if Instant::now() > end => {
                let seconds = patience.as_secs();
                let text = format!(
                    "the last snapshot {id} is not whole after {seconds} s: set a longer `timeouts.delete`"
                );
                return Err(Error::Invalid(text));
            }
            _ => {}
        }
        tokio::time::sleep(pause).await;
        pause = pause.mul_f32(1.5).min(Duration::from_secs(10));
    }
}
