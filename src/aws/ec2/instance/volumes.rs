//! The volumes of instances: as they are launched, as AWS shows them.

use std::collections::{BTreeSet, HashMap};

use aws_sdk_ec2::types as sdk;

use super::Instance;
use super::blocks::{Disk, Root};
use crate::aws::blocks::{asked, shown};
use crate::aws::ec2::{among, described, tags};
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// Types of volumes whose operations a second can be said.
const WITH_IOPS: [&str; 3] = ["io1", "io2", "gp3"];

/// The volumes of these instances, by id.
pub async fn of(aws: &Aws, instances: &[sdk::Instance]) -> Result<HashMap<String, sdk::Volume>> {
    let mappings = instances.iter().flat_map(|it| it.block_device_mappings());
    let ids: BTreeSet<String> = mappings.filter_map(|it| it.ebs.as_ref()?.volume_id.clone()).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<String> = ids.into_iter().collect();
    let volumes = described(aws, "volume-id", &ids, async |ids, filters| {
        let call = aws.ec2().describe_volumes().set_volume_ids(ids).set_filters(filters);
        Ok(call.into_paginator().items().send().try_collect().await?)
    });
    let volumes: Vec<sdk::Volume> = volumes.await?;
    Ok(volumes.into_iter().filter_map(|it| Some((it.volume_id.clone()?, it))).collect())
}

/// The root and the other disks of an instance.
pub fn split(of: &sdk::Instance, volumes: &HashMap<String, sdk::Volume>) -> (Option<Root>, Vec<Disk>) {
    let (mut root, mut disks) = (None, Vec::new());
    for mapping in of.block_device_mappings() {
        let Some(ebs) = &mapping.ebs else { continue };
        let Some(volume) = ebs.volume_id.as_ref().and_then(|it| volumes.get(it)) else { continue };
        let disk = disk(mapping, ebs, volume);
        match mapping.device_name == of.root_device_name && mapping.device_name.is_some() {
            true => root = Some(as_root(disk)),
            false => disks.push(disk),
        }
    }
    (root, disks)
}

fn disk(
    mapping: &sdk::InstanceBlockDeviceMapping,
    ebs: &sdk::EbsInstanceBlockDevice,
    it: &sdk::Volume,
) -> Disk {
    Disk {
        device_name: shown(mapping.device_name.clone()),
        delete_on_termination: Fixed(ebs.delete_on_termination.unwrap_or(true)),
        encrypted: shown(it.encrypted),
        iops: shown(it.iops),
        kms_key_id: shown(it.kms_key_id.clone()),
        snapshot_id: shown(it.snapshot_id.clone()),
        tags: None,
        tags_all: Chosen(without_aws(tags(it.tags.clone()))),
        throughput: shown(it.throughput),
        volume_size: shown(it.size),
        volume_type: shown(it.volume_type.clone()),
        volume_id: shown(it.volume_id.clone()),
    }
}

fn without_aws(mut tags: Tags) -> Tags {
    tags.retain(|key, _| !key.starts_with("aws:"));
    tags
}

fn as_root(it: Disk) -> Root {
    Root {
        delete_on_termination: *it.delete_on_termination,
        encrypted: it.encrypted,
        iops: Chosen(it.iops.0.0),
        kms_key_id: it.kms_key_id,
        tags: it.tags,
        tags_all: it.tags_all,
        throughput: Chosen(it.throughput.0.0),
        volume_size: Chosen(it.volume_size.0.0),
        volume_type: Chosen(it.volume_type.0.0),
        device_name: Computed(Some(it.device_name.0)),
        volume_id: it.volume_id,
    }
}

/// The root disk among the further ones, for stacks that name it there.
pub fn as_disk(it: &Root) -> Disk {
    Disk {
        device_name: Fixed(it.device_name.0.clone().unwrap_or_default()),
        delete_on_termination: Fixed(it.delete_on_termination),
        encrypted: it.encrypted.clone(),
        iops: Chosen(Fixed(*it.iops)),
        kms_key_id: it.kms_key_id.clone(),
        snapshot_id: Chosen::default(),
        tags: it.tags.clone(),
        tags_all: it.tags_all.clone(),
        throughput: Chosen(Fixed(*it.throughput)),
        volume_size: Chosen(Fixed(*it.volume_size)),
        volume_type: Chosen(Fixed(it.volume_type.0.clone())),
        volume_id: it.volume_id.clone(),
    }
}

/// Sizes and speeds as a launch takes them.
struct Speeds<'a> {
    kind: &'a str,
    iops: Option<i64>,
    throughput: Option<i64>,
}

impl Speeds<'_> {
    fn put(&self, mut it: sdk::EbsBlockDevice) -> sdk::EbsBlockDevice {
        if !self.kind.is_empty() {
            it.volume_type = Some(self.kind.into());
        }
        it.iops = asked(&self.iops.filter(|_| WITH_IOPS.contains(&self.kind)));
        it.throughput = asked(&self.throughput.filter(|_| self.kind == "gp3"));
        it
    }
}

fn new_disk(it: &Disk) -> sdk::BlockDeviceMapping {
    let ebs = sdk::EbsBlockDevice::builder()
        .delete_on_termination(*it.delete_on_termination)
        .set_snapshot_id(asked(&it.snapshot_id))
        .set_encrypted(it.encrypted.filter(|it| *it))
        .set_kms_key_id(asked(&it.kms_key_id))
        .set_volume_size(asked(&it.volume_size));
    let kind = it.volume_type.as_deref().unwrap_or_default();
    let speeds = Speeds { kind, iops: **it.iops, throughput: **it.throughput };
    let ebs = speeds.put(ebs.build());
    sdk::BlockDeviceMapping::builder().device_name(&*it.device_name).ebs(ebs).build()
}

fn new_root(it: &Root, device: &str) -> sdk::BlockDeviceMapping {
    let ebs = sdk::EbsBlockDevice::builder()
        .delete_on_termination(it.delete_on_termination)
        .set_encrypted(it.encrypted.filter(|it| *it))
        .set_kms_key_id(asked(&it.kms_key_id))
        .set_volume_size(asked(&it.volume_size));
    let kind = it.volume_type.as_deref().unwrap_or_default();
    let ebs = Speeds { kind, iops: *it.iops, throughput: *it.throughput }.put(ebs.build());
    sdk::BlockDeviceMapping::builder().device_name(device).ebs(ebs).build()
}

/// The disks of a new instance.
pub async fn launched(aws: &Aws, it: &Instance) -> Result<Option<Vec<sdk::BlockDeviceMapping>>> {
    let mut out: Vec<_> = it.ebs_block_device.iter().map(new_disk).collect();
    out.extend(it.ephemeral_block_device.iter().filter_map(asked::<sdk::BlockDeviceMapping, _>));
    if let Some(root) = it.root_block_device.as_ref() {
        out.push(new_root(root, &root_device(aws, it).await?));
    }
    Ok((!out.is_empty()).then_some(out))
}

/// What the image calls the disk that it starts from.
async fn root_device(aws: &Aws, it: &Instance) -> Result<String> {
    let image: Option<String> = match asked(&it.ami) {
        Some(image) => Some(image),
        None => super::launch::template_data(aws, it).await?.and_then(|it| it.image_id),
    };
    let Some(image) = image else {
        return Err(Error::Invalid(
            "`root_block_device` needs `ami`, here or in the launch template".to_owned(),
        ));
    };
    let found = aws.ec2().describe_images().image_ids(&image).send().await?.images.unwrap_or_default();
    let found =
        found.into_iter().next().filter(|it| it.root_device_type != Some(sdk::DeviceType::InstanceStore));
    let named = found.and_then(|it| {
        let devices = it.block_device_mappings.unwrap_or_default();
        let is_listed = devices.iter().any(|device| device.device_name == it.root_device_name);
        // Some images name a root that they do not have.
        let first = devices.into_iter().next().and_then(|it| it.device_name);
        if is_listed { it.root_device_name } else { first.or(it.root_device_name) }
    });
    named.ok_or_else(|| {
        Error::Invalid(format!("image {image} has no root volume that `root_block_device` could be about"))
    })
}

/// Ids of the volumes that are attached to an instance.
pub async fn ids(aws: &Aws, instance: &str) -> Result<Vec<String>> {
    let call = aws.ec2().describe_volumes().filters(among("attachment.instance-id", &[instance.to_owned()]));
    let volumes = call.into_paginator().items().send().try_collect().await?;
    Ok(volumes.into_iter().filter_map(|it| it.volume_id).collect())
}
