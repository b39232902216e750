use std::time::Duration;

use aws_sdk_autoscaling::types as sdk;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::future::try_join_all;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::AUTOSCALING;
use crate::aws::blocks::{asked, shown};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;
use crate::schema::digest;
use devices::{Devices, Disk, Ephemeral, Root};
use metadata::Metadata;

pub mod devices;
pub mod metadata;

/// What instances of an Auto Scaling group are launched with. AWS has given it up for `aws_launch_template`:
/// new accounts cannot make one. Nothing in it can change; with `create_before_destroy` and a `name_prefix`,
/// a group takes the new one before the old one goes.
///
/// ```toml
/// [aws_launch_configuration.web]
/// name_prefix = "web-"
/// image_id = "ami-0a1b2c3d4e5f67890"
/// instance_type = "t3.micro"
/// user_data = "#!/bin/sh\necho hello"
/// root_block_device = { volume_size = 20, volume_type = "gp3", encrypted = true }
/// metadata_options = { http_endpoint = "enabled", http_tokens = "required" }
/// lifecycle = { create_before_destroy = true }
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LaunchConfiguration {
    /// Unique in the account and region; else one is made up.
    #[schemars(length(min = 1, max = 255))]
    pub name: Chosen<Fixed<Option<String>>>,
    /// Make up a unique name that starts with this.
    #[schemars(length(min = 1, max = 229))]
    pub name_prefix: Chosen<Fixed<Option<String>>>,
    /// The machine image.
    pub image_id: Fixed<String>,
    /// Such as `t3.micro`.
    pub instance_type: Fixed<String>,
    /// Name of the key pair that lets in.
    pub key_name: Chosen<Fixed<Option<String>>>,
    /// Name or ARN of the instance profile that gives instances a role.
    pub iam_instance_profile: Fixed<Option<String>>,
    /// Ids of the security groups of instances.
    pub security_groups: Fixed<Option<Set<String>>>,
    /// Give instances a public IPv4 address; else the subnet says whether.
    pub associate_public_ip_address: Chosen<Fixed<Option<bool>>>,
    /// What runs at the first start. The state holds its SHA-1 only.
    #[schemars(length(min = 1, max = 16384))]
    pub user_data: Fixed<Option<Digested>>,
    /// The same in Base64, for what is no text.
    #[schemars(regex(pattern = r"^[A-Za-z0-9+/]*=*$"))]
    pub user_data_base64: Fixed<Option<String>>,
    /// The disk that instances start from.
    pub root_block_device: Chosen<One<Root>>,
    /// Further disks.
    pub ebs_block_device: Chosen<Set<Disk>>,
    /// Disks of the host.
    #[serde(default)]
    pub ephemeral_block_device: Fixed<Set<Ephemeral>>,
    /// Bandwidth of their own to EBS.
    pub ebs_optimized: Chosen<Fixed<Option<bool>>>,
    /// What an instance can learn about itself.
    pub metadata_options: Chosen<Fixed<One<Metadata>>>,
    /// Metrics each minute instead of every five.
    #[serde(default = "yes")]
    pub enable_monitoring: Fixed<bool>,
    /// `default` or `dedicated`.
    pub placement_tenancy: Fixed<Option<String>>,
    /// The most to pay for spot instances, in dollars an hour.
    pub spot_price: Fixed<Option<String>>,
    /// The launch configuration's name.
    pub id: Computed<String>,
    /// The launch configuration's ARN.
    pub arn: Computed<String>,
}

fn yes() -> Fixed<bool> {
    Fixed(true)
}

/// The most names of one call.
const NAMES: usize = 50;

impl Resource for LaunchConfiguration {
    const TYPE: &'static str = "aws_launch_configuration";
    const IMPORT: &'static [&'static str] = &["web"];
    const TAGS: TagApi = TagApi::None;
    const READS: Reads = Reads::of(
        &[
            Cost::page("autoscaling:DescribeLaunchConfigurations", NAMES),
            Cost::page("ec2:DescribeImages", devices::IMAGES),
        ],
        "calls take 50 names and 200 images; an image, asked where there are disks, says which is the root",
    );
    const BATCH: usize = 1000; // pages of 50
    const PATIENCE: Duration = Duration::from_secs(120);
    const PASSING: &'static [&'static [Passing]] = &[
        AUTOSCALING,
        &[
            // The profile or its role was made a moment ago.
            Passing::unseen("ValidationError").saying("Invalid IamInstanceProfile"),
            Passing::unseen("ValidationError").saying("You are not authorized to perform this operation"),
        ],
    ];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, names: &[String]) -> Result<Vec<Live<Self>>> {
        let found = described(aws, names).await?;
        let roots = devices::roots(aws, &found).await?;
        let each = found.into_iter().map(|it| {
            let root = it.image_id().and_then(|image| roots.get(image)).map(String::as_str);
            live(it, root)
        });
        Ok(each.collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let name = self.named(new);
        let monitoring = sdk::InstanceMonitoring::builder().enabled(*self.enable_monitoring).build();
        let call = aws
            .autoscaling()
            .create_launch_configuration()
            .launch_configuration_name(&name)
            .image_id(&**self.image_id)
            .instance_type(&**self.instance_type)
            .set_key_name(asked(&self.key_name))
            .set_iam_instance_profile(asked(&self.iam_instance_profile))
            .set_security_groups(asked(&self.security_groups))
            .set_associate_public_ip_address(**self.associate_public_ip_address)
            .set_user_data(self.user_data())
            .set_block_device_mappings(devices::mapped(aws, self).await?)
            .ebs_optimized(self.ebs_optimized.unwrap_or_default())
            .set_metadata_options(asked(&self.metadata_options))
            .instance_monitoring(monitoring)
            .set_placement_tenancy(asked(&self.placement_tenancy))
            .set_spot_price(asked(&self.spot_price));
        call.send().await?;
        Ok(name)
    }

    async fn update(&self, _aws: &Aws, _was: &Self) -> Result<()> {
        Ok(()) // nothing in it can change
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let call = aws.autoscaling().delete_launch_configuration().launch_configuration_name(self.key());
        match call.send().await.map_err(Error::from) {
            // The answer to a call before this one was lost.
            Err(it) if it.message().contains("not found") => Ok(()),
            answer => answer.map(drop),
        }
    }

    // CreateLaunchConfiguration takes no client token, but a name stands once in an account and region.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let found = described(aws, &[self.named(new)]).await?.into_iter();
        let ours = |it: &sdk::LaunchConfiguration| new.may_have_made(it.created_time.map(|it| it.secs()));
        Ok(found.filter(ours).find_map(|it| it.launch_configuration_name))
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        // Either of the two is kept: the one that the stack says.
        match kept.user_data_base64.as_deref().unwrap_or_default() {
            "" => self.user_data_base64 = Fixed(None),
            _ => self.user_data = Fixed(None),
        }
        // A device that is hidden has no volume that could go with the instance.
        for disk in self.ebs_block_device.0.0.iter_mut().filter(|it| it.is_hidden()) {
            if let Some(said) = kept.ebs_block_device.iter().find(|it| it.device_name == disk.device_name) {
                disk.delete_on_termination = said.delete_on_termination.clone();
            }
        }
        self
    }

    fn adjust(plan: &mut Adjust) {
        plan.at_most_one(&["name", "name_prefix"]);
        plan.at_most_one(&["user_data", "user_data_base64"]);
    }

    async fn blockers(&self, _aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        let help = "let its group take another one first: with `lifecycle = { create_before_destroy = true }` and a `name_prefix`, the new one is there before this one goes";
        Ok(if is_in_use::<Self>(op, error) { Blockers::default().help(help) } else { Blockers::default() })
    }
}

impl LaunchConfiguration {
    fn named(&self, new: &New) -> String {
        new.name(self.name.as_deref(), self.name_prefix.as_deref())
    }

    fn user_data(&self) -> Option<String> {
        let text = self.user_data.as_ref().map(|it| it.0.as_str()).filter(|it| !it.is_empty());
        match text {
            // What is in Base64 already is not encoded again.
            Some(text) if digest::decoded(text).is_some() => Some(text.to_owned()),
            Some(text) => Some(STANDARD.encode(text)),
            None => asked(&self.user_data_base64),
        }
    }
}

/// Those of these names that there are.
async fn described(aws: &Aws, names: &[String]) -> Result<Vec<sdk::LaunchConfiguration>> {
    let calls = names.chunks(NAMES).map(async |some| {
        let call = aws.autoscaling().describe_launch_configurations().max_records(100);
        let call = call.set_launch_configuration_names(Some(some.to_vec()));
        let found: Vec<sdk::LaunchConfiguration> = call.into_paginator().items().send().try_collect().await?;
        Ok::<_, Error>(found)
    });
    let found = try_join_all(calls).await?.into_iter().flatten();
    let wanted =
        |it: &sdk::LaunchConfiguration| it.launch_configuration_name().is_some_and(|it| is_in(names, it));
    Ok(found.filter(wanted).collect())
}

fn is_in(names: &[String], name: &str) -> bool {
    names.iter().any(|it| it == name)
}

fn live(it: sdk::LaunchConfiguration, root: Option<&str>) -> Live<LaunchConfiguration> {
    let name = it.launch_configuration_name.unwrap_or_default();
    let data = it.user_data.filter(|it| !it.is_empty());
    let devices = Devices::of(it.block_device_mappings.unwrap_or_default(), root);
    let groups = it.security_groups.filter(|it| !it.is_empty()).map(Set);
    let attributes = LaunchConfiguration {
        name_prefix: Chosen(Fixed(name_prefix(&name).filter(|it| !it.is_empty()))),
        name: Chosen(Fixed(Some(name.clone()))),
        image_id: shown(it.image_id),
        instance_type: shown(it.instance_type),
        key_name: shown(it.key_name),
        iam_instance_profile: shown(it.iam_instance_profile),
        security_groups: Fixed(groups),
        associate_public_ip_address: shown(it.associate_public_ip_address),
        user_data: Fixed(data.as_deref().map(|it| Digested(digest::of(it)))),
        user_data_base64: Fixed(data),
        root_block_device: Chosen(One(devices.root)),
        ebs_block_device: Chosen(Set(devices.disks)),
        ephemeral_block_device: Fixed(Set(devices.ephemeral)),
        ebs_optimized: shown(it.ebs_optimized),
        metadata_options: shown(it.metadata_options),
        enable_monitoring: shown(it.instance_monitoring.and_then(|it| it.enabled)),
        placement_tenancy: shown(it.placement_tenancy),
        spot_price: shown(it.spot_price),
        id: name.clone().into(),
        arn: shown(it.launch_configuration_arn),
    };
    Live { key: name, status: Status::Ready, tags: None, unread: &[], attributes }
}
