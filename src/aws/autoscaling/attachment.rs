use std::collections::BTreeSet;
use std::time::Duration;

use aws_sdk_autoscaling::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::AUTOSCALING;
use super::group::found;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// A target group, or a classic load balancer, that the instances of an Auto Scaling group are put into.
///
/// The group's own `target_group_arns`, `load_balancers` and `traffic_source` are better left out beside it:
/// where the stack says nothing of them, what is attached stays.
///
/// ```toml
/// [aws_autoscaling_attachment.web]
/// autoscaling_group_name = "${aws_autoscaling_group.web.name}"
/// lb_target_group_arn = "${aws_lb_target_group.web.arn}"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// The group's name.
    pub autoscaling_group_name: Fixed<String>,
    /// ARN of the target group; or say `elb`.
    pub lb_target_group_arn: Fixed<Option<String>>,
    /// Name of the classic load balancer.
    pub elb: Fixed<Option<String>>,
    /// Unique in the state; AWS does not know it.
    pub id: Computed<String>,
}

/// What is attached to which group.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place {
    group: String,
    what: What,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
enum What {
    LoadBalancer(String),
    TargetGroup(String),
}

impl Resource for Attachment {
    const TYPE: &'static str = "aws_autoscaling_attachment";
    // The provider cannot import it either.
    const IMPORT: &'static [&'static str] = &[];
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads = Reads::of(
        &[Cost::page("autoscaling:DescribeAutoScalingGroups", 100).pooled()],
        "a call takes 100 names of groups, and tells of the groups too",
    );
    const BATCH: usize = 1000; // pages of 100
    const PATIENCE: Duration = Duration::from_secs(1200);
    const PASSING: &'static [&'static [Passing]] = &[
        AUTOSCALING,
        // Ten of them are attached and detached at a time, and the call before this one goes on.
        &[Passing::busy("ValidationError").saying("update too many")],
    ];
    type Key = Place;

    fn key(&self) -> Place {
        // A state of Terraform's may hold empty text for absence.
        let balancer =
            self.elb.as_deref().map(str::to_owned).filter(|it| !it.is_empty()).map(What::LoadBalancer);
        let target = || What::TargetGroup(self.lb_target_group_arn.0.clone().unwrap_or_default());
        Place { group: self.autoscaling_group_name.0.clone(), what: balancer.unwrap_or_else(target) }
    }

    fn import(_id: &str) -> Result<Place> {
        Err(Error::Invalid("it cannot be imported: apply it instead, which changes nothing".to_owned()))
    }

    async fn read(aws: &Aws, places: &[Place]) -> Result<Vec<Live<Self>>> {
        let names: BTreeSet<&String> = places.iter().map(|it| &it.group).collect();
        let names: Vec<String> = names.into_iter().cloned().collect();
        let groups = found(aws, &names).await?;
        let is_there = |it: &&Place| groups.get(&it.group).is_some_and(|group| it.what.is_of(group));
        Ok(places.iter().filter(is_there).map(live).collect())
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<Place> {
        let (place, scaling) = (self.key(), aws.autoscaling());
        match &place.what {
            What::LoadBalancer(name) => {
                let call = scaling.attach_load_balancers().auto_scaling_group_name(&place.group);
                call.load_balancer_names(name).send().await?;
            }
            What::TargetGroup(arn) => {
                let call = scaling.attach_load_balancer_target_groups().auto_scaling_group_name(&place.group);
                call.target_group_arns(arn).send().await?;
            }
        }
        Ok(place)
    }

    async fn update(&self, _aws: &Aws, _was: &Self) -> Result<()> {
        Ok(()) // nothing in it can change
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let (place, scaling) = (self.key(), aws.autoscaling());
        let answer = match &place.what {
            What::LoadBalancer(name) => {
                let call = scaling.detach_load_balancers().auto_scaling_group_name(&place.group);
                call.load_balancer_names(name).send().await.map(drop).map_err(Error::from)
            }
            What::TargetGroup(arn) => {
                let call = scaling.detach_load_balancer_target_groups().auto_scaling_group_name(&place.group);
                call.target_group_arns(arn).send().await.map(drop).map_err(Error::from)
            }
        };
        match answer {
            Err(it) if is_gone(&it.message()) => Ok(()),
            answer => answer,
        }
    }

    // What is attached twice is attached once.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<Place>> {
        Ok(None)
    }

    fn adjust(plan: &mut Adjust) {
        plan.exactly_one(&["lb_target_group_arn", "elb"]);
    }
}

/// Whether a refusal to detach says that it is not attached, or that there is no such group any more.
fn is_gone(said: &str) -> bool {
    said.contains("not part of the group") || said.contains("name not found")
}

impl What {
    fn is_of(&self, group: &sdk::AutoScalingGroup) -> bool {
        match self {
            What::LoadBalancer(name) => group.load_balancer_names().contains(name),
            What::TargetGroup(arn) => group.target_group_arns().contains(arn),
        }
    }

    fn name(&self) -> &str {
        let (What::LoadBalancer(it) | What::TargetGroup(it)) = self;
        it
    }
}

fn live(place: &Place) -> Live<Attachment> {
    let (balancer, target) = match place.what.clone() {
        What::LoadBalancer(name) => (Some(name), None),
        What::TargetGroup(arn) => (None, Some(arn)),
    };
    let attributes = Attachment {
        autoscaling_group_name: Fixed(place.group.clone()),
        lb_target_group_arn: Fixed(target),
        elb: Fixed(balancer),
        // Where the state has none yet.
        id: Computed(format!("{}-{}", place.group, place.what.name())),
    };
    Live { key: place.clone(), attributes, tags: None, status: Status::Ready, unread: &["id"] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_attached_is_known_by_what_it_is() {
        let group = sdk::AutoScalingGroup::builder().load_balancer_names("web").target_group_arns("arn:web");
        let group = group.build();
        assert!(What::LoadBalancer("web".into()).is_of(&group));
        assert!(What::TargetGroup("arn:web".into()).is_of(&group));
        assert!(!What::LoadBalancer("arn:web".into()).is_of(&group));
        assert!(!What::TargetGroup("web".into()).is_of(&group));
    }

    #[test]
    fn what_is_not_attached_any_more_is_detached() {
        assert!(is_gone("Trying to remove Target Groups that are not part of the group"));
        assert!(is_gone("AutoScalingGroup name not found - null"));
        assert!(!is_gone("Trying to update too many Load Balancers/Target Groups at once. The limit is 10"));
    }
}
