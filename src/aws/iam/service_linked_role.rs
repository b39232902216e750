use std::time::Duration;

use aws_sdk_iam::types::{self as sdk, DeletionTaskStatusType as Task, RoleDetail};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep};

use super::details::listed;
use super::grants::{self, Granted};
use super::tagging::seen_tags;
use super::{IAM, each, if_there, stated, to_the_second};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::{Adjust, is_nothing, text};
use crate::resource::*;

/// The role that a service of AWS's takes on in this account. Most services make theirs by themselves once
/// they need it: then it is not to be created here.
///
/// ```toml
/// [aws_iam_service_linked_role.beanstalk]
/// aws_service_name = "elasticbeanstalk.amazonaws.com"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceLinkedRole {
    /// The service's full name, such as `elasticbeanstalk.amazonaws.com`.
    pub aws_service_name: Fixed<String>,
    /// Tells several roles of one service apart; few services know it.
    pub custom_suffix: Fixed<Option<String>>,
    /// What the role is for.
    pub description: Option<String>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The role's ARN.
    pub id: Computed<String>,
    /// The role's ARN.
    pub arn: Computed<String>,
    /// When the role was made.
    pub create_date: Computed<String>,
    /// The name that AWS gave the role.
    pub name: Computed<String>,
    /// Folder in the role's ARN.
    pub path: Computed<String>,
    /// Such as `AROA…`: no other role ever has it, not even one of the same name.
    pub unique_id: Computed<String>,
}

/// How long after a look at a deletion the next one comes.
const PAUSE: Duration = Duration::from_secs(2);

impl Resource for ServiceLinkedRole {
    const TYPE: &'static str = "aws_iam_service_linked_role";
    const IMPORT: &'static [&'static str] = &[
        "arn:aws:iam::123456789012:role/aws-service-role/elasticbeanstalk.amazonaws.com/AWSServiceRoleForElasticBeanstalk",
    ];
    const TAGS: TagApi = TagApi::IamRole;
    const READS: Reads = Reads::of(
        &[
            Cost::each("iam:GetRole").to(1),
            Cost::page("iam:GetAccountAuthorizationDetails", 1000).from(2).same(),
            Cost::page("iam:ListRoles", 1000).from(2).same(),
        ],
        "a page of the account holds 1,000 roles with their labels, and lacks their descriptions, which only the second list tells",
    );
    const BATCH: usize = 10_000; // pages of the account's details, not a call's limit
    const PATIENCE: Duration = Duration::from_secs(120);
    const DELETE_PATIENCE: Duration = Duration::from_secs(300);
    const PASSING: &'static [&'static [Passing]] = &[IAM];
    const MAY_LAG: bool = true;
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(arn: &str) -> Result<String> {
        match parts(arn) {
            Some(_) => Ok(arn.to_owned()),
            None => Err(Error::Invalid("such a role is imported by its ARN".to_owned())),
        }
    }

    async fn read(aws: &Aws, arns: &[String]) -> Result<Vec<Live<Self>>> {
        let names: Vec<&str> = arns.iter().filter_map(|it| Some(parts(it)?.1)).collect();
        // One page of each list costs no more than two roles.
        let calls = 2 * names.len();
        let details = listed::<RoleDetail>(aws, &names, calls).await?;
        let known: Vec<&str> = names.into_iter().filter(|it| details.get(it).is_some()).collect();
        let basics = listed::<sdk::Role>(aws, &known, calls).await?;
        let (mut found, mut alone) = (Vec::with_capacity(arns.len()), Vec::new());
        for arn in arns {
            let Some((_, name)) = parts(arn) else { continue };
            match (details.get(name), basics.get(name)) {
                (Some(detail), Some(role)) => found.extend(live(arn, Granted::listed(role, detail).role)),
                (None, _) if !details.leaves_open(name) => {}
                _ => alone.push((arn.as_str(), name)),
            }
        }
        let ask = async |it: &(&str, &str)| Ok(live(it.0, grants::role(aws, it.1).await?));
        found.extend(each(&alone, ask).await?.into_iter().flatten());
        Ok(found)
    }

    // The tags follow: this call takes none.
    async fn create(&self, aws: &Aws, _new: &New) -> Result<String> {
        let call = aws.iam().create_service_linked_role().aws_service_name(&self.aws_service_name.0);
        let call = call.set_custom_suffix(stated(&self.custom_suffix).map(str::to_owned));
        let call = call.set_description(stated(&self.description).map(str::to_owned));
        let role = call.send().await?.role;
        role.map(|it| it.arn).ok_or(Error::Incomplete("the role's ARN"))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        if stated(&self.description) != stated(&was.description) {
            let description = self.description.clone().unwrap_or_default();
            aws.iam().update_role().role_name(was.role()?).description(description).send().await?;
        }
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let answer = aws.iam().delete_service_linked_role().role_name(self.role()?).send().await?;
        match answer.deletion_task_id.as_str() {
            "" => Ok(()),
            task => ended(aws, task).await,
        }
    }

    // AWS makes the name: it is looked for among the roles of the service.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let path = format!("/aws-service-role/{}/", self.aws_service_name.0);
        let roles = aws.iam().list_roles().path_prefix(path).into_paginator().items().send();
        let end = stated(&self.custom_suffix).map(|it| format!("_{it}")).unwrap_or_default();
        let named = roles.try_collect().await?.into_iter().filter(|it| it.role_name.ends_with(&end));
        // The name with nothing more in it than it needs.
        let ours = named.min_by_key(|it| it.role_name.len());
        Ok(ours.filter(|it| new.may_have_made(Some(it.create_date.secs()))).map(|it| it.arn))
    }

    fn adjust(plan: &mut Adjust) {
        let service = text(plan.will("aws_service_name")).to_owned();
        if !service.is_empty() && !service.contains('.') {
            let like = "elasticbeanstalk.amazonaws.com";
            plan.error("aws_service_name", format!("say the service's full name, such as `{like}`"));
        }
        // Application Auto Scaling puts a suffix of its own there.
        let scaling = service.contains(".application-autoscaling.");
        let own = scaling && plan.config("custom_suffix").is_none_or(is_nothing);
        if let Some(was) = plan.change("custom_suffix").filter(|_| own).map(|it| it.0.clone()) {
            plan.set("custom_suffix", was);
        }
    }
}

impl ServiceLinkedRole {
    /// The name of the role: it is the end of the ARN.
    fn role(&self) -> Result<&str> {
        let found = parts(&self.id.0).map(|it| it.1);
        found.ok_or_else(|| Error::Shape(format!("`{}` is no ARN of a service's role", self.id.0)))
    }
}

/// Service and name in the ARN of such a role.
fn parts(arn: &str) -> Option<(&str, &str)> {
    let (start, rest) = arn.split_once(":role/aws-service-role/")?;
    let (service, name) = rest.split_once('/')?;
    let whole = start.starts_with("arn:") && !service.is_empty() && !name.is_empty() && !name.contains('/');
    whole.then_some((service, name))
}

/// What stands behind the one `_` in a name.
fn suffix(name: &str) -> Option<&str> {
    let (_, suffix) = name.split_once('_')?;
    (!suffix.is_empty() && !suffix.contains('_')).then_some(suffix)
}

/// Nothing where a role of that name is another one.
fn live(arn: &str, it: sdk::Role) -> Option<Live<ServiceLinkedRole>> {
    let (service, name) = parts(arn)?;
    // For a moment after its creation the unique id may stand where the ARN should.
    let settled = it.arn.starts_with("arn:");
    if settled && it.arn != arn {
        return None;
    }
    Some(Live {
        key: arn.to_owned(),
        status: if settled { Status::Ready } else { Status::Pending("new".into()) },
        tags: Some(seen_tags(it.tags)),
        unread: &[],
        attributes: ServiceLinkedRole {
            aws_service_name: Fixed(service.to_owned()),
            custom_suffix: Fixed(suffix(name).map(str::to_owned)),
            description: it.description.filter(|it| !it.is_empty()),
            tags: None,
            tags_all: Chosen::default(),
            id: Computed(arn.to_owned()),
            arn: Computed(arn.to_owned()),
            create_date: Computed(to_the_second(&it.create_date)),
            name: Computed(it.role_name),
            path: Computed(it.path),
            unique_id: Computed(it.role_id),
        },
    })
}

/// Waits for the end of a deletion: the service looks in all regions whether it still needs the role.
async fn ended(aws: &Aws, task: &str) -> Result<()> {
    let end = Instant::now() + ServiceLinkedRole::DELETE_PATIENCE;
    while Instant::now() < end {
        let answer = aws.iam().get_service_linked_role_deletion_status().deletion_task_id(task).send().await;
        let Some(it) = if_there(answer.map_err(Error::from))? else { return Ok(()) };
        match it.status {
            Task::Succeeded => return Ok(()),
            Task::Failed => return Err(refused(it.reason)),
            _ => sleep(PAUSE).await,
        }
    }
    // Whoever waits until it is gone says how long that was.
    Ok(())
}

/// Why a deletion failed, in the words of the other refusals: what uses the role may be on its way out.
fn refused(reason: Option<sdk::DeletionTaskFailureReasonType>) -> Error {
    let (why, used) = reason.map(|it| (it.reason, it.role_usage_list)).unwrap_or_default();
    let why = why.unwrap_or_else(|| "AWS gives no reason".to_owned());
    let used: Vec<String> = used.unwrap_or_default().iter().map(place).collect();
    let (code, message) = match used.is_empty() {
        true => ("DeletionTaskFailed", why),
        false => ("DeleteConflict", format!("{why}: the service still uses the role ({})", used.join("; "))),
    };
    Error::Refused { code: code.to_owned(), message, request: None }
}

fn place(it: &sdk::RoleUsageType) -> String {
    format!("{}: {}", it.region().unwrap_or_default(), it.resources().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_tells_service_and_name() {
        let arn = |rest: &str| format!("arn:aws:iam::123456789012:role/{rest}");
        let whole = arn("aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling_blue");
        assert_eq!(parts(&whole), Some(("autoscaling.amazonaws.com", "AWSServiceRoleForAutoScaling_blue")));
        for it in ["aws-service-role/autoscaling.amazonaws.com", "aws-service-role/a/b/c", "web"] {
            assert_eq!(parts(&arn(it)), None, "{it}");
        }
        assert_eq!(suffix("AWSServiceRoleForAutoScaling_blue"), Some("blue"));
        assert_eq!(suffix("AWSServiceRoleForAutoScaling"), None);
        assert_eq!(suffix("A_b_c"), None);
    }

    #[test]
    fn what_uses_the_role_holds_its_deletion_up() {
        let usage = sdk::RoleUsageType::builder().region("eu-west-1").resources("arn:a").resources("arn:b");
        let reason = sdk::DeletionTaskFailureReasonType::builder().reason("in use");
        let error = refused(Some(reason.role_usage_list(usage.build()).build()));
        assert!(is_in_use::<ServiceLinkedRole>(Op::Delete, &error), "{error}");
        assert!(error.message().contains("eu-west-1: arn:a, arn:b"), "{error}");
        assert!(!is_in_use::<ServiceLinkedRole>(Op::Delete, &refused(None)));
    }
}
