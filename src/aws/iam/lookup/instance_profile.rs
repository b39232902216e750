use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::iam::if_there;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// An instance profile that is there already, with its role.
///
/// ```toml
/// [data.aws_iam_instance_profile.web]
/// name = "web"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InstanceProfile {
    /// Its name.
    pub name: String,
    /// Such as `AIPA…`.
    pub id: Computed<String>,
    /// The profile's ARN.
    pub arn: Computed<String>,
    /// When it was made, such as `2026-01-31 12:00:00 +0000 UTC`.
    pub create_date: Computed<String>,
    /// Folder in its ARN.
    pub path: Computed<String>,
    /// The role's ARN.
    pub role_arn: Computed<Option<String>>,
    /// The role's id, such as `AROA…`.
    pub role_id: Computed<Option<String>>,
    /// The role's name.
    pub role_name: Computed<Option<String>>,
}

impl DataSource for InstanceProfile {
    const TYPE: &'static str = "aws_iam_instance_profile";
    const READS: Reads =
        Reads::of(&[Cost::each("iam:GetInstanceProfile")], "a call tells of one profile and its role");
    const UNSET: &'static [&'static str] = &["role_arn", "role_id", "role_name"];

    async fn read(self, aws: &Aws) -> Result<Self> {
        let name = &self.name;
        let answer = aws.iam().get_instance_profile().instance_profile_name(name).send().await;
        let missing =
            || Error::Invalid(format!("the account has no instance profile `{name}`: look at `name`"));
        let answer = if_there(answer.map_err(Error::from))?.ok_or_else(missing)?;
        let it = answer.instance_profile.ok_or(Error::Incomplete("the instance profile"))?;
        let (role_arn, role_id, role_name) = match it.roles.into_iter().next() {
            Some(it) => (Some(it.arn), Some(it.role_id), Some(it.role_name)),
            None => (None, None, None),
        };
        Ok(InstanceProfile {
            id: it.instance_profile_id.into(),
            arn: it.arn.into(),
            create_date: moment(&it.create_date).into(),
            path: it.path.into(),
            role_arn: role_arn.into(),
            role_id: role_id.into(),
            role_name: role_name.into(),
            ..self
        })
    }
}

/// With as much of a fraction as there is.
fn moment(at: &DateTime) -> String {
    let text = at.fmt(Format::DateTime).unwrap_or_default();
    format!("{} +0000 UTC", text.trim_end_matches('Z').replace('T', " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_keep_their_fraction() {
        let at = |nanos| moment(&DateTime::from_secs_and_nanos(1_700_000_000, nanos));
        assert_eq!(at(0), "2023-11-14 22:13:20 +0000 UTC");
        assert_eq!(at(123_450_000), "2023-11-14 22:13:20.12345 +0000 UTC");
    }
}
