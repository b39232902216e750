use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

use aws_sdk_ec2::types::{self as sdk, InstanceStateName, VolumeAttachmentState as State, VolumeState};
use futures::future::try_join_all;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::route::crc32;
use super::{EC2, FILTER, among};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::resource::*;

/// Gives an instance a volume.
///
/// ```toml
/// [aws_volume_attachment.store]
/// device_name = "/dev/sdf"
/// instance_id = "${aws_instance.web.id}"
/// volume_id = "${aws_ebs_volume.store.id}"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VolumeAttachment {
    /// What the instance calls the disk, such as `/dev/sdf`.
    pub device_name: Fixed<String>,
    /// The instance.
    pub instance_id: Fixed<String>,
    /// The volume, in the same zone.
    pub volume_id: Fixed<String>,
    /// Take the volume away even if the instance does not let go of it: what is not written yet is lost.
    pub force_detach: Local<Option<bool>>,
    /// Leave the volume at the instance when this is removed.
    pub skip_destroy: Local<Option<bool>>,
    /// Stop the instance before the volume is taken away. It stays stopped.
    pub stop_instance_before_detaching: Local<Option<bool>>,
    pub timeouts: Option<TimeoutsCreateDelete>,
    /// Made of device, instance and volume.
    pub id: Computed<String>,
}

/// Which volume is where.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place {
    pub device: String,
    pub volume: String,
    pub instance: String,
}

impl Place {
    fn id(&self) -> String {
        let text = format!("{}-{}-{}-", self.device, self.instance, self.volume);
        format!("vai-{}", crc32(text.as_bytes()))
    }
}

/// What passes with time for attachments, besides: an instance that is being started or stopped, a volume
/// that is being made or taken away from another one.
const MOVING: &[Passing] = &[Passing::busy("IncorrectState").on(&[Op::Create])];

/// How long an instance may take to stop.
const STOPPING: Duration = Duration::from_secs(600);

impl Resource for VolumeAttachment {
    const TYPE: &'static str = "aws_volume_attachment";
    const IMPORT: &'static [&'static str] = &["/dev/sdf:vol-0a1b2c3d:i-0a1b2c3d"];
    const TAGS: TagApi = TagApi::None;
    const READS: Reads = Reads::of(
        &[Cost::page("ec2:DescribeVolumes", 200)],
        "a call tells of all volumes that are attached to 200 instances",
    );
    const BATCH: usize = super::IDS;
    const PATIENCE: Duration = Duration::from_secs(300);
    const CREATE_SECONDS: u32 = 5;
    const PASSING: &'static [&'static [Passing]] = &[EC2, MOVING];
    type Key = Place;

    fn key(&self) -> Place {
        Place {
            device: self.device_name.0.clone(),
            volume: self.volume_id.0.clone(),
            instance: self.instance_id.0.clone(),
        }
    }

    fn import(id: &str) -> Result<Place> {
        let parts: Vec<&str> = id.split(':').collect();
        match parts[..] {
            [device, volume, instance]
                if !device.is_empty() && volume.starts_with("vol-") && instance.starts_with("i-") =>
            {
                Ok(Place { device: device.into(), volume: volume.into(), instance: instance.into() })
            }
            _ => Err(Error::Invalid("say device, volume and instance, with colons in between".to_owned())),
        }
    }

    async fn read(aws: &Aws, places: &[Place]) -> Result<Vec<Live<Self>>> {
        let instances: BTreeSet<String> = places.iter().map(|it| it.instance.clone()).collect();
        let instances: Vec<String> = instances.into_iter().collect();
        let calls = instances.chunks(FILTER).map(|some| {
            let call = aws.ec2().describe_volumes().filters(among("attachment.instance-id", some));
            call.into_paginator().items().send().try_collect()
        });
        let volumes: Vec<sdk::Volume> = try_join_all(calls).await?.into_iter().flatten().collect();
        let used = volumes.into_iter().filter(is_used);
        let all = used.flat_map(|it| it.attachments.unwrap_or_default()).filter_map(live);
        let wanted: HashSet<&Place> = places.iter().collect();
        Ok(all.filter(|it| wanted.contains(&it.key)).collect())
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<Place> {
        let key = self.key();
        let call = aws.ec2().attach_volume().device(&key.device).instance_id(&key.instance);
        let Err(error) = call.volume_id(&key.volume).send().await.map_err(Error::from) else {
            return Ok(key);
        };
        match is_taken(&error) {
            // An earlier attempt may have done it.
            true => there(aws, &key).await?.ok_or(error),
            false => Err(error),
        }
    }

    async fn update(&self, _aws: &Aws, _was: &Self) -> Result<()> {
        Ok(()) // only how it is removed can change
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let key = self.key();
        if self.stop_instance_before_detaching.unwrap_or_default() {
            stop(aws, &key.instance).await?;
        }
        let call = aws.ec2().detach_volume().device(&key.device).instance_id(&key.instance);
        let call = call.volume_id(&key.volume).force(self.force_detach.unwrap_or_default());
        match call.send().await.map_err(Error::from) {
            Err(error) if is_let_go(&error) => Ok(()),
            answer => answer.map(drop),
        }
    }

    // AttachVolume takes no client token, but a volume is at an instance once.
    async fn find(&self, aws: &Aws, _new: &New) -> Result<Option<Place>> {
        there(&aws.exactly(true), &self.key()).await
    }

    fn is_left(&self) -> bool {
        self.skip_destroy.unwrap_or_default()
    }
}

/// This one, where it is there to stay.
async fn there(aws: &Aws, key: &Place) -> Result<Option<Place>> {
    let found = VolumeAttachment::read(aws, std::slice::from_ref(key)).await?;
    let stays = |it: &Live<VolumeAttachment>| !matches!(it.status, Status::Leaving(_));
    Ok(found.into_iter().find(stays).map(|it| it.key))
}

/// AWS says that the volume is attached already, or that the instance has such a device.
fn is_taken(error: &Error) -> bool {
    matches!(error.code(), Some("VolumeInUse" | "InvalidParameterValue"))
}

/// AWS says that the volume is attached to nothing any more, or that it is on its way there.
fn is_let_go(error: &Error) -> bool {
    let says = |word: &str| error.message().contains(word);
    error.code() == Some("IncorrectState") && (says("available") || says("detaching"))
}

/// What is on its way may still be listed.
fn is_used(it: &sdk::Volume) -> bool {
    !matches!(it.state, Some(VolumeState::Available | VolumeState::Deleted))
}

fn live(it: sdk::VolumeAttachment) -> Option<Live<VolumeAttachment>> {
    let key = Place { device: it.device?, volume: it.volume_id?, instance: it.instance_id? };
    let status = match it.state {
        Some(State::Detached) => return None,
        Some(State::Attaching) => Status::Pending("attaching".to_owned()),
        Some(State::Detaching) => Status::Leaving("detaching".to_owned()),
        Some(State::Busy) => Status::Leaving("busy: the instance still uses the disk, unmount it".to_owned()),
        _ => Status::Ready,
    };
    let attributes = VolumeAttachment {
        device_name: key.device.clone().into(),
        instance_id: key.instance.clone().into(),
        volume_id: key.volume.clone().into(),
        force_detach: Local(None),
        skip_destroy: Local(None),
        stop_instance_before_detaching: Local(None),
        timeouts: None,
        id: key.id().into(),
    };
    Some(Live { key, attributes, tags: None, status, unread: &[] })
}

/// Stops the instance, and waits until it stands.
async fn stop(aws: &Aws, id: &str) -> Result<()> {
    aws.ec2().stop_instances().instance_ids(id).force(false).send().await?;
    let (end, mut pause) = (Instant::now() + STOPPING, Duration::from_secs(1));
    loop {
        let call = aws.ec2().describe_instances().filters(among("instance-id", &[id.to_owned()]));
        let found: Vec<sdk::Reservation> = call.into_paginator().items().send().try_collect().await?;
        let mut all = found.into_iter().flat_map(|it| it.instances.unwrap_or_default());
        match all.find_map(|it| it.state?.name) {
            // One that is gone holds nothing.
            None | Some(InstanceStateName::Stopped | InstanceStateName::Terminated) => return Ok(()),
            Some(state) if Instant::now() > end => {
                let is = state.as_str();
                let text = format!("instance {id} is still {is} after ten minutes, and should be stopped");
                return Err(Error::Invalid(text));
            }
            Some(_) => {}
        }
        tokio::time::sleep(pause).await;
        pause = pause.mul_f32(1.5).min(Duration::from_secs(10));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_names_device_volume_and_instance() {
        let place = VolumeAttachment::import("/dev/sdf:vol-1:i-2").unwrap();
        assert_eq!((&*place.device, &*place.volume, &*place.instance), ("/dev/sdf", "vol-1", "i-2"));
        assert_eq!(place.id(), format!("vai-{}", crc32(b"/dev/sdf-i-2-vol-1-")));
        for wrong in ["", "/dev/sdf", "/dev/sdf:vol-1", "/dev/sdf:i-2:vol-1", ":vol-1:i-2", "a:vol-1:i-2:b"] {
            assert!(VolumeAttachment::import(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_was_let_go_is_no_error() {
        let refused = |code: &str, message: &str| {
            is_let_go(&Error::Refused { code: code.into(), message: message.into(), request: None })
        };
        assert!(refused("IncorrectState", "Volume 'vol-1' is in the 'available' state."));
        assert!(!refused("IncorrectState", "Instance 'i-2' is not 'running'."));
        assert!(!refused("OperationNotPermitted", "Unable to detach root volume from instance"));
    }
}
