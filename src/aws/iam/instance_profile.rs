use aws_sdk_iam::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::details::{Listed, listed};
use super::tagging::{seen_tags, sent_tags};
use super::{IAM, each, gone, if_there, one_name, prefix_of, stated, to_the_second};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// What hands a role to instances.
///
/// ```toml
/// [aws_iam_instance_profile.web]
/// name = "web"
/// role = "${aws_iam_role.web.name}"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InstanceProfile {
    /// Unique in the account; else one is made up.
    #[schemars(length(max = 128), regex(pattern = r"^[0-9A-Za-z=,.@\-_+]*$"))]
    pub name: Chosen<Fixed<Option<String>>>,
    /// Make up a unique name that starts with this.
    #[schemars(length(max = 102), regex(pattern = r"^[0-9A-Za-z=,.@\-_+]*$"))]
    pub name_prefix: Chosen<Fixed<Option<String>>>,
    /// Folder in the profile's ARN, such as `/service/`.
    #[serde(default = "root")]
    pub path: Fixed<String>,
    /// Name of the role.
    pub role: Option<String>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The profile's name.
    pub id: Computed<String>,
    /// The profile's ARN.
    pub arn: Computed<String>,
    /// When the profile was made.
    pub create_date: Computed<String>,
    /// Such as `AIPA…`: no other profile ever has it, not even one of the same name.
    pub unique_id: Computed<String>,
}

fn root() -> Fixed<String> {
    Fixed("/".into())
}

impl Resource for InstanceProfile {
    const TYPE: &'static str = "aws_iam_instance_profile";
    const IMPORT: &'static [&'static str] = &["web"];
    const TAGS: TagApi = TagApi::IamInstanceProfile;
    const READS: Reads = Reads::of(
        &[Cost::each("iam:GetInstanceProfile").to(3), Cost::page("iam:ListInstanceProfiles", 1000).from(4)],
        "a page of the account holds 1,000 profiles with their roles",
    );
    const BATCH: usize = 10_000; // pages of the account's list, not a call's limit
    const PATIENCE: std::time::Duration = std::time::Duration::from_secs(120);
    const PASSING: &'static [&'static [Passing]] = &[IAM];
    const MAY_LAG: bool = true;
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, names: &[String]) -> Result<Vec<Live<Self>>> {
        let wanted: Vec<&str> = names.iter().map(String::as_str).collect();
        let known = listed::<sdk::InstanceProfile>(aws, &wanted, wanted.len()).await?;
        let of_list = |it: &&str| Some(Live { tags: None, ..live((**known.get(it)?).clone()) });
        let mut out: Vec<Live<Self>> = wanted.iter().filter_map(of_list).collect();
        let alone: Vec<&str> = wanted.into_iter().filter(|it| known.leaves_open(it)).collect();
        let ask = async |name: &&str| {
            let answer = aws.iam().get_instance_profile().instance_profile_name(*name).send().await?;
            Ok(answer.instance_profile.map(live))
        };
        out.extend(each(&alone, ask).await?.into_iter().flatten());
        Ok(out)
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let name = new.name(self.name.as_deref(), self.name_prefix.as_deref());
        let call = aws.iam().create_instance_profile().instance_profile_name(&name).path(&*self.path.0);
        call.set_tags(sent_tags(&new.tags)?).send().await?;
        Ok(name)
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let (wanted, had) = (stated(&self.role), stated(&was.role));
        if wanted == had {
            return Ok(());
        }
        if let Some(role) = had {
            remove_role(aws, &was.key(), role).await?;
        }
        if let Some(role) = wanted {
            let call = aws.iam().add_role_to_instance_profile().instance_profile_name(was.key());
            call.role_name(role).send().await?;
        }
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        if let Some(role) = stated(&self.role) {
            remove_role(aws, &self.key(), role).await?;
        }
        aws.iam().delete_instance_profile().instance_profile_name(self.key()).send().await?;
        Ok(())
    }

    // CreateInstanceProfile takes no client token, but a name stands once in an account.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let name = new.name(self.name.as_deref(), self.name_prefix.as_deref());
        let answer = aws.iam().get_instance_profile().instance_profile_name(&name).send().await;
        let profile = if_there(answer.map_err(Error::from))?.and_then(|it| it.instance_profile);
        let ours = |it: &sdk::InstanceProfile| {
            it.path == *self.path.0 && new.may_have_made(Some(it.create_date.secs()))
        };
        Ok(profile.filter(ours).map(|_| name))
    }

    fn adjust(plan: &mut Adjust) {
        one_name(plan);
    }
}

async fn remove_role(aws: &Aws, profile: &str, role: &str) -> Result<()> {
    let call = aws.iam().remove_role_from_instance_profile().instance_profile_name(profile);
    gone(call.role_name(role).send().await.map_err(Error::from))
}

/// Everything but the tags.
impl Listed for sdk::InstanceProfile {
    const LISTING: &'static str = "iam-instance-profiles";
    fn name(&self) -> Option<&str> {
        Some(self.instance_profile_name())
    }
    async fn page(aws: &Aws, marker: Option<String>) -> Result<(Vec<Self>, Option<String>)> {
        let answer = aws.iam().list_instance_profiles().max_items(1000).set_marker(marker).send().await?;
        Ok((answer.instance_profiles, answer.marker.filter(|_| answer.is_truncated)))
    }
}

fn live(it: sdk::InstanceProfile) -> Live<InstanceProfile> {
    // For a moment after its creation the unique id may stand where the ARN should.
    let status = if it.arn.starts_with("arn:") { Status::Ready } else { Status::Pending("new".into()) };
    Live {
        key: it.instance_profile_name.clone(),
        status,
        tags: Some(seen_tags(it.tags)),
        unread: &[],
        attributes: InstanceProfile {
            name_prefix: Chosen(Fixed(prefix_of(&it.instance_profile_name))),
            name: seen(Some(&it.instance_profile_name)),
            path: seen(Some(&it.path)),
            role: it.roles.into_iter().next().map(|it| it.role_name),
            tags: None,
            tags_all: Chosen::default(),
            id: seen(Some(&it.instance_profile_name)),
            arn: seen(Some(&it.arn)),
            create_date: Computed(to_the_second(&it.create_date)),
            unique_id: seen(Some(&it.instance_profile_id)),
        },
    }
}
