use std::collections::BTreeMap;

use aws_sdk_ec2::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::ec2::filters::{Filter, Search};
use crate::aws::ec2::tags;
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// A machine image: the newest one of a kind, or a certain one.
///
/// ```toml
/// [data.aws_ami.linux]
/// most_recent = true
/// owners = ["amazon"]
/// filter = [{ name = "name", values = ["al2023-ami-2023.*-x86_64"] }]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ami {
    /// Take the newest where several fit; else several are an error.
    #[serde(default = "no")]
    pub most_recent: Option<bool>,
    /// Accounts, `self`, `amazon` or `aws-marketplace`. Without an owner anybody's image may be taken.
    pub owners: Option<Vec<String>>,
    /// Only images that these may start: accounts, `self` or `all`.
    pub executable_users: Option<Vec<String>>,
    /// Only images whose name fits this regular expression; looked at after all others.
    pub name_regex: Option<String>,
    /// Outdated images, too.
    #[serde(default = "no")]
    pub include_deprecated: Option<bool>,
    /// Only those that these find, as DescribeImages lists them.
    #[serde(default)]
    pub filter: Set<Filter>,
    /// The image's UEFI variables, where AWS shows them.
    pub uefi_data: Option<String>,
    pub timeouts: Option<TimeoutsRead>,
    /// Labels of the image.
    pub tags: Chosen<Tags>,
    /// Such as `ami-0a1b2c`.
    pub id: Computed<String>,
    /// `x86_64`, `arm64`, `i386`, …
    pub architecture: Computed<Option<String>>,
    /// The image's ARN.
    pub arn: Computed<String>,
    /// Its disks.
    pub block_device_mappings: Computed<Set<Mapping>>,
    /// `legacy-bios`, `uefi` or `uefi-preferred`.
    pub boot_mode: Computed<Option<String>>,
    /// When it was made.
    pub creation_date: Computed<Option<String>>,
    /// From when on it counts as outdated.
    pub deprecation_time: Computed<Option<String>>,
    /// What it is.
    pub description: Computed<Option<String>>,
    /// Whether it can use enhanced networking.
    pub ena_support: Computed<Option<bool>>,
    /// `xen` or `ovm`.
    pub hypervisor: Computed<Option<String>>,
    /// Such as `ami-0a1b2c`.
    pub image_id: Computed<Option<String>>,
    /// Where it lies.
    pub image_location: Computed<Option<String>>,
    /// The owner's short name, such as `amazon`.
    pub image_owner_alias: Computed<Option<String>>,
    /// `machine`, `kernel` or `ramdisk`.
    pub image_type: Computed<Option<String>>,
    /// `v2.0` where instances need tokens to read their metadata.
    pub imds_support: Computed<Option<String>>,
    /// The kernel of an image of a machine.
    pub kernel_id: Computed<Option<String>>,
    /// When an instance was last started from it, at most a day late.
    pub last_launched_time: Computed<Option<String>>,
    /// Its name.
    pub name: Computed<Option<String>>,
    /// The account that owns it.
    pub owner_id: Computed<Option<String>>,
    /// `windows`, or nothing.
    pub platform: Computed<Option<String>>,
    /// The platform as the bill has it.
    pub platform_details: Computed<Option<String>>,
    /// Products of the marketplace in it.
    pub product_codes: Computed<Set<Product>>,
    /// Whether everybody may start it.
    pub public: Computed<Option<bool>>,
    /// Its RAM disk.
    pub ramdisk_id: Computed<Option<String>>,
    /// The disk it starts from.
    pub root_device_name: Computed<Option<String>>,
    /// `ebs` or `instance-store`.
    pub root_device_type: Computed<Option<String>>,
    /// The snapshot of that disk.
    pub root_snapshot_id: Computed<Option<String>>,
    /// `simple` where it can use the older enhanced networking.
    pub sriov_net_support: Computed<Option<String>>,
    /// `available`, or why not.
    pub state: Computed<Option<String>>,
    /// `code` and `message` of its last change of state; `UNSET` where there was none.
    pub state_reason: Computed<BTreeMap<String, String>>,
    /// `v2.0` where it has a trusted module.
    pub tpm_support: Computed<Option<String>>,
    /// What the bill calls running it.
    pub usage_operation: Computed<Option<String>>,
    /// `hvm` or `paravirtual`.
    pub virtualization_type: Computed<Option<String>>,
}

/// A disk of an image.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Its name in the machine.
    pub device_name: Option<String>,
    /// The volume that it becomes.
    pub ebs: Option<BTreeMap<String, String>>,
    /// Left out of the machine.
    pub no_device: Option<String>,
    /// Name of a disk of the host.
    pub virtual_name: Option<String>,
}

/// A product of the marketplace.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Its code.
    pub product_code_id: Option<String>,
    /// `marketplace` or `devpay`.
    pub product_code_type: Option<String>,
}

fn no() -> Option<bool> {
    Some(false)
}

impl DataSource for Ami {
    const TYPE: &'static str = "aws_ami";
    const READS: Reads =
        Reads::of(&[Cost::each("ec2:DescribeImages")], "a call tells all that the arguments find");

    async fn read(self, aws: &Aws) -> Result<Self> {
        let newest = self.most_recent.unwrap_or_default();
        let call = aws
            .ec2()
            .describe_images()
            .include_deprecated(self.include_deprecated.unwrap_or_default())
            .set_owners(self.owners.clone().filter(|it| !it.is_empty()))
            .set_executable_users(self.executable_users.clone().filter(|it| !it.is_empty()))
            .set_filters(Search::new(&self.filter, &Tags::new()).filters());
        let found: Vec<sdk::Image> = call.into_paginator().items().send().try_collect().await?;
        let image = pick(self.named(found)?, newest)?;
        Ok(self.of(aws, image))
    }
}

impl Ami {
    fn named(&self, mut found: Vec<sdk::Image>) -> Result<Vec<sdk::Image>> {
        if let Some(text) = self.name_regex.as_deref().filter(|it| !it.is_empty()) {
            let wanted = regex::Regex::new(text)
                .map_err(|it| Error::Invalid(format!("`name_regex` is no regular expression: {it}")))?;
            found.retain(|it| it.name.as_deref().is_some_and(|it| wanted.is_match(it)));
        }
        Ok(found)
    }

    fn of(self, aws: &Aws, it: sdk::Image) -> Self {
        let id: String = seen(it.image_id.clone());
        let reason = it.state_reason.map_or(("UNSET".to_owned(), "UNSET".to_owned()), |it| {
            (it.code.unwrap_or_default(), it.message.unwrap_or_default())
        });
        let disks = it.block_device_mappings.unwrap_or_default();
        let root = disks
            .iter()
            .find(|disk| it.root_device_name.is_some() && disk.device_name == it.root_device_name);
        Ami {
            root_snapshot_id: root.and_then(|it| it.ebs.as_ref()?.snapshot_id.clone()).into(),
            block_device_mappings: disks.into_iter().map(mapping).collect::<Set<_>>().into(),
            tags: Chosen(tags(it.tags)),
            architecture: seen(it.architecture),
            arn: format!("arn:{}:ec2:{}::image/{id}", aws.partition(), aws.region()).into(),
            boot_mode: seen(it.boot_mode),
            creation_date: seen(it.creation_date),
            deprecation_time: seen(it.deprecation_time),
            description: seen(it.description),
            ena_support: seen(it.ena_support),
            hypervisor: seen(it.hypervisor),
            image_id: seen(it.image_id),
            image_location: seen(it.image_location),
            image_owner_alias: seen(it.image_owner_alias),
            image_type: seen(it.image_type),
            imds_support: seen(it.imds_support),
            kernel_id: seen(it.kernel_id),
            last_launched_time: seen(it.last_launched_time),
            name: seen(it.name),
            owner_id: seen(it.owner_id),
            platform: seen(it.platform),
            platform_details: seen(it.platform_details),
            product_codes: it
                .product_codes
                .unwrap_or_default()
                .into_iter()
                .map(product)
                .collect::<Set<_>>()
                .into(),
            public: seen(it.public),
            ramdisk_id: seen(it.ramdisk_id),
            root_device_name: seen(it.root_device_name),
            root_device_type: seen(it.root_device_type),
            sriov_net_support: seen(it.sriov_net_support),
            state: seen(it.state),
            state_reason: BTreeMap::from([("code".to_owned(), reason.0), ("message".to_owned(), reason.1)])
                .into(),
            tpm_support: seen(it.tpm_support),
            usage_operation: seen(it.usage_operation),
            virtualization_type: seen(it.virtualization_type),
            id: id.into(),
            ..self
        }
    }
}

fn pick(found: Vec<sdk::Image>, newest: bool) -> Result<sdk::Image> {
    let count = found.len();
    if count > 1 && !newest {
        let text =
            format!("{count} images fit and one is wanted; say more about it, or set `most_recent = true`");
        return Err(Error::Invalid(text));
    }
    // Dates of one form and zone: they sort as texts. Of several of one moment, the first.
    let newest = found.into_iter().rev().max_by(|a, b| a.creation_date.cmp(&b.creation_date));
    newest.ok_or_else(|| Error::Invalid("no image fits; look at `owners`, `filter` and `name_regex`".into()))
}

fn mapping(it: sdk::BlockDeviceMapping) -> Mapping {
    Mapping {
        device_name: Some(it.device_name.unwrap_or_default()),
        virtual_name: Some(it.virtual_name.unwrap_or_default()),
        no_device: Some(String::new()),
        ebs: Some(it.ebs.map(volume).unwrap_or_default()),
    }
}

/// As the Terraform provider puts it: texts, and a text for what AWS leaves out as well.
fn volume(it: sdk::EbsBlockDevice) -> BTreeMap<String, String> {
    let flag = |it: Option<bool>| it.unwrap_or_default().to_string();
    let number = |it: Option<i32>| it.unwrap_or_default().to_string();
    let each = [
        ("delete_on_termination", flag(it.delete_on_termination)),
        ("encrypted", flag(it.encrypted)),
        ("iops", number(it.iops)),
        ("snapshot_id", it.snapshot_id.unwrap_or_default()),
        ("throughput", number(it.throughput)),
        ("volume_initialization_rate", number(it.volume_initialization_rate)),
        ("volume_size", number(it.volume_size)),
        ("volume_type", it.volume_type.map(|it| it.as_str().to_owned()).unwrap_or_default()),
    ];
    each.map(|(name, value)| (name.to_owned(), value)).into()
}

fn product(it: sdk::ProductCode) -> Product {
    Product { product_code_id: it.product_code_id, product_code_type: seen(it.product_code_type) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(id: &str, date: &str) -> sdk::Image {
        sdk::Image::builder().image_id(id).creation_date(date).build()
    }

    #[test]
    fn the_newest_is_taken_where_that_is_asked_for() {
        let all = || vec![image("a", "2024-01-01T00:00:00.000Z"), image("b", "2026-01-01T00:00:00.000Z")];
        assert_eq!(pick(all(), true).unwrap().image_id.as_deref(), Some("b"));
        assert!(pick(all(), false).unwrap_err().to_string().contains("most_recent"));
        assert!(pick(Vec::new(), true).unwrap_err().to_string().contains("no image fits"));
    }
}
