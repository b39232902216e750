//! The disks of a launch configuration. AWS keeps them in one list; which one is the root, the image says.

use std::collections::{BTreeSet, HashMap};

use aws_sdk_autoscaling::types as sdk;
use aws_sdk_ec2::types as ec2;
use futures::future::try_join_all;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::LaunchConfiguration;
use crate::aws::blocks::{asked, shown};
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// The most images of one call.
pub const IMAGES: usize = 200;

/// The disk that instances start from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Root {
    /// Remove it together with the instance.
    #[serde(default = "yes")]
    pub delete_on_termination: Fixed<bool>,
    /// Encrypt it.
    pub encrypted: Chosen<Fixed<Option<bool>>>,
    /// Operations a second, of `gp3`, `io1` and `io2`.
    pub iops: Chosen<Fixed<Option<i64>>>,
    /// MiB a second, of `gp3`.
    pub throughput: Chosen<Fixed<Option<i64>>>,
    /// In GiB.
    pub volume_size: Chosen<Fixed<Option<i64>>>,
    /// `gp3`, `gp2`, `io1`, `io2`, `st1`, `sc1` or `standard`.
    pub volume_type: Chosen<Fixed<Option<String>>>,
}

/// A further disk.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Disk {
    /// Such as `/dev/sdf`.
    pub device_name: Fixed<String>,
    /// Hide the image's disk of that name.
    pub no_device: Fixed<Option<bool>>,
    /// Remove it together with the instance.
    #[serde(default = "yes")]
    pub delete_on_termination: Fixed<bool>,
    /// Encrypt it.
    pub encrypted: Chosen<Fixed<Option<bool>>>,
    /// Operations a second, of `gp3`, `io1` and `io2`.
    pub iops: Chosen<Fixed<Option<i64>>>,
    /// What it is filled from.
    pub snapshot_id: Chosen<Fixed<Option<String>>>,
    /// MiB a second, of `gp3`.
    pub throughput: Chosen<Fixed<Option<i64>>>,
    /// In GiB.
    pub volume_size: Chosen<Fixed<Option<i64>>>,
    /// `gp3`, `gp2`, `io1`, `io2`, `st1`, `sc1` or `standard`.
    pub volume_type: Chosen<Fixed<Option<String>>>,
}

/// A disk of the host.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ephemeral {
    /// Such as `/dev/sdb`.
    pub device_name: Fixed<String>,
    /// Hide the image's disk of that name.
    pub no_device: Fixed<Option<bool>>,
    /// Such as `ephemeral0`.
    pub virtual_name: Fixed<Option<String>>,
}

fn yes() -> Fixed<bool> {
    Fixed(true)
}

impl Root {
    fn sent(&self, device: &str) -> sdk::BlockDeviceMapping {
        let ebs = sdk::Ebs::builder()
            .delete_on_termination(*self.delete_on_termination)
            .set_encrypted(self.encrypted.filter(|it| *it))
            .set_iops(asked(&self.iops))
            .set_throughput(asked(&self.throughput))
            .set_volume_size(asked(&self.volume_size))
            .set_volume_type(asked(&self.volume_type));
        sdk::BlockDeviceMapping::builder().device_name(device).ebs(ebs.build()).build()
    }
}

impl Disk {
    pub fn is_hidden(&self) -> bool {
        self.no_device.unwrap_or_default()
    }

    fn sent(&self) -> sdk::BlockDeviceMapping {
        let hidden = self.is_hidden();
        let ebs = sdk::Ebs::builder()
            .set_delete_on_termination((!hidden).then_some(*self.delete_on_termination))
            .set_encrypted(self.encrypted.filter(|it| *it))
            .set_iops(asked(&self.iops))
            .set_snapshot_id(asked(&self.snapshot_id))
            .set_throughput(asked(&self.throughput))
            .set_volume_size(asked(&self.volume_size))
            .set_volume_type(asked(&self.volume_type));
        let it = sdk::BlockDeviceMapping::builder().device_name(&**self.device_name).ebs(ebs.build());
        it.set_no_device(hidden.then_some(true)).build()
    }
}

impl Ephemeral {
    fn sent(&self) -> sdk::BlockDeviceMapping {
        let it = sdk::BlockDeviceMapping::builder().device_name(&**self.device_name);
        let it = it.set_no_device(self.no_device.filter(|it| *it));
        it.set_virtual_name(asked(&self.virtual_name)).build()
    }
}

/// The disks of a new launch configuration.
pub async fn mapped(aws: &Aws, it: &LaunchConfiguration) -> Result<Option<Vec<sdk::BlockDeviceMapping>>> {
    let (image, disks, root) = (&it.image_id.0, &it.ebs_block_device, it.root_block_device.as_ref());
    let device = match disks.is_empty() && root.is_none() {
        true => None,
        false => {
            let answer = aws.ec2().describe_images().image_ids(image).send().await?;
            answer.images.unwrap_or_default().into_iter().next().and_then(root_of)
        }
    };
    if let Some(disk) = disks.iter().find(|it| Some(&it.device_name.0) == device.as_ref()) {
        let name = &disk.device_name.0;
        let text = format!(
            "`{name}` is what image {image} starts from: write it as `root_block_device`, without a name"
        );
        return Err(Error::Invalid(text));
    }
    let mut out: Vec<_> = disks.iter().map(Disk::sent).collect();
    out.extend(it.ephemeral_block_device.iter().map(Ephemeral::sent));
    if let Some(root) = root {
        let none = || format!("image {image} has no root volume that `root_block_device` could be about");
        let device = device.ok_or_else(|| Error::Invalid(none()))?;
        out.push(root.sent(&device));
    }
    Ok((!out.is_empty()).then_some(out))
}

/// What the images of these call the disk that they start from, by image. Of images that are gone, nothing is
/// known.
pub async fn roots(aws: &Aws, all: &[sdk::LaunchConfiguration]) -> Result<HashMap<String, String>> {
    let with_disks = all.iter().filter(|it| !it.block_device_mappings().is_empty());
    let images: BTreeSet<String> = with_disks.filter_map(|it| it.image_id.clone()).collect();
    let images: Vec<String> = images.into_iter().collect();
    let calls = images.chunks(IMAGES).map(async |some| {
        // Ids would be refused where one is gone. Whoever has an id sees images that are outdated, too.
        let filter = ec2::Filter::builder().name("image-id").set_values(Some(some.to_vec())).build();
        let call = aws.ec2().describe_images().filters(filter).include_deprecated(true);
        let found: Vec<ec2::Image> = call.into_paginator().items().send().try_collect().await?;
        Ok::<_, Error>(found)
    });
    let found = try_join_all(calls).await?.into_iter().flatten();
    Ok(found.filter_map(|it| Some((it.image_id.clone()?, root_of(it)?))).collect())
}

/// What an image calls the disk that it starts from; none where that is the host's.
fn root_of(it: ec2::Image) -> Option<String> {
    if it.root_device_type == Some(ec2::DeviceType::InstanceStore) {
        return None;
    }
    let devices = it.block_device_mappings.unwrap_or_default();
    let is_listed = devices.iter().any(|device| device.device_name == it.root_device_name);
    // Some images name a root that they do not have.
    let first = devices.into_iter().next().and_then(|it| it.device_name);
    if is_listed { it.root_device_name } else { first.or(it.root_device_name) }
}

/// The list that AWS keeps, taken apart.
#[derive(Default)]
pub struct Devices {
    pub root: Option<Root>,
    pub disks: Vec<Disk>,
    pub ephemeral: Vec<Ephemeral>,
}

impl Devices {
    pub fn of(all: Vec<sdk::BlockDeviceMapping>, root: Option<&str>) -> Self {
        let mut out = Devices::default();
        for it in all {
            let is_root = root.is_some() && it.device_name() == root;
            if is_root {
                out.root = Some(as_root(disk(it)));
            } else if it.virtual_name.is_some() {
                let (device_name, virtual_name) = (shown(it.device_name), shown(it.virtual_name));
                out.ephemeral.push(Ephemeral { device_name, no_device: Fixed(None), virtual_name });
            } else {
                out.disks.push(disk(it));
            }
        }
        out
    }
}

fn disk(it: sdk::BlockDeviceMapping) -> Disk {
    let ebs = it.ebs.unwrap_or_else(|| sdk::Ebs::builder().build());
    let goes = if it.no_device.is_some() { None } else { ebs.delete_on_termination };
    Disk {
        device_name: shown(it.device_name),
        no_device: shown(it.no_device),
        delete_on_termination: Fixed(goes.unwrap_or(true)),
        encrypted: shown(ebs.encrypted),
        iops: shown(ebs.iops),
        snapshot_id: shown(ebs.snapshot_id),
        throughput: shown(ebs.throughput),
        volume_size: shown(ebs.volume_size),
        volume_type: shown(ebs.volume_type),
    }
}

fn as_root(it: Disk) -> Root {
    Root {
        delete_on_termination: it.delete_on_termination,
        encrypted: it.encrypted,
        iops: it.iops,
        throughput: it.throughput,
        volume_size: it.volume_size,
        volume_type: it.volume_type,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(root: &str, devices: &[&str]) -> ec2::Image {
        let each = devices.iter().map(|it| ec2::BlockDeviceMapping::builder().device_name(*it).build());
        let it = ec2::Image::builder().root_device_name(root);
        it.set_block_device_mappings(Some(each.collect())).build()
    }

    #[test]
    fn the_root_is_one_of_the_image_s_disks() {
        assert_eq!(root_of(image("/dev/xvda", &["/dev/sdb", "/dev/xvda"])).as_deref(), Some("/dev/xvda"));
        assert_eq!(root_of(image("/dev/sda1", &["/dev/sda", "/dev/sdb"])).as_deref(), Some("/dev/sda"));
        assert_eq!(root_of(image("/dev/sda1", &[])).as_deref(), Some("/dev/sda1"));
        let mut of_host = image("/dev/sda1", &[]);
        of_host.root_device_type = Some(ec2::DeviceType::InstanceStore);
        assert_eq!(root_of(of_host), None);
    }

    #[test]
    fn a_list_of_disks_is_taken_apart() {
        let device = |name: &str| sdk::BlockDeviceMapping::builder().device_name(name);
        let volume = || sdk::Ebs::builder().volume_size(8).delete_on_termination(false).build();
        let all = vec![
            device("/dev/xvda").ebs(volume()).build(),
            device("/dev/sdb").virtual_name("ephemeral0").build(),
            device("/dev/sdf").ebs(volume()).build(),
            device("/dev/sdg").no_device(true).build(),
        ];
        let out = Devices::of(all.clone(), Some("/dev/xvda"));
        assert_eq!(out.root.map(|it| (**it.volume_size, *it.delete_on_termination)), Some((Some(8), false)));
        let names = |all: &[Disk]| all.iter().map(|it| it.device_name.0.clone()).collect::<Vec<_>>();
        assert_eq!(names(&out.disks), ["/dev/sdf", "/dev/sdg"]);
        assert!(out.disks[1].is_hidden() && *out.disks[1].delete_on_termination);
        assert_eq!(out.ephemeral.len(), 1);
        // Nobody knows the image any more.
        assert_eq!(names(&Devices::of(all, None).disks), ["/dev/xvda", "/dev/sdf", "/dev/sdg"]);
    }
}
