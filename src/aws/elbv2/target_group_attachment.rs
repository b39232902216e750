use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use aws_sdk_elasticloadbalancingv2::types::{
    TargetDescription, TargetHealthDescription, TargetHealthReasonEnum as Reason,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ELB, each, stated, there};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::resource::*;

/// One target of a target group: an instance, an address, a function or a load balancer.
///
/// ```toml
/// [aws_lb_target_group_attachment.api]
/// target_group_arn = "${aws_lb_target_group.api.arn}"
/// target_id = "10.0.1.17"
/// port = 8080
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetGroupAttachment {
    /// The target group.
    pub target_group_arn: Fixed<String>,
    /// The instance's id, the address, or the ARN of the function or load balancer.
    pub target_id: Fixed<String>,
    /// The target's port; that of the target group where none is given.
    pub port: Fixed<Option<i64>>,
    /// The zone of an address outside of the target group's network: mostly `all`.
    pub availability_zone: Fixed<Option<String>>,
    /// Something unique that begins with the target group's ARN.
    pub id: Computed<String>,
}

/// Which target of which group.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place {
    group: String,
    target: String,
    port: Option<i64>,
    zone: Option<String>,
}

impl Resource for TargetGroupAttachment {
    const TYPE: &'static str = "aws_lb_target_group_attachment";
    // The provider cannot import it either.
    const IMPORT: &'static [&'static str] = &[];
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads = Reads::of(
        &[Cost::each("elasticloadbalancing:DescribeTargetHealth")],
        "a call tells all targets of one target group",
    );
    const PATIENCE: Duration = Duration::from_secs(600);
    const PASSING: &'static [&'static [Passing]] = &[
        ELB,
        &[
            // An instance on its way; a function whose permission is on its way.
            Passing::busy("InvalidTarget").on(&[Op::Create]),
            Passing::unseen("AccessDenied*").saying("does not have permission to invoke"),
        ],
    ];
    type Key = Place;

    fn key(&self) -> Place {
        Place {
            group: self.target_group_arn.0.clone(),
            target: self.target_id.0.clone(),
            // A state of Terraform's may hold zero and empty text for absence.
            port: self.port.filter(|it| *it != 0),
            zone: stated(&self.availability_zone).map(str::to_owned),
        }
    }

    fn import(_id: &str) -> Result<Place> {
        Err(Error::Invalid("it cannot be imported: apply it instead, which changes nothing".to_owned()))
    }

    async fn read(aws: &Aws, places: &[Place]) -> Result<Vec<Live<Self>>> {
        let groups: BTreeSet<&String> = places.iter().map(|it| &it.group).collect();
        let arns: Vec<String> = groups.into_iter().cloned().collect();
        let found: HashMap<String, Vec<TargetHealthDescription>> = each(&arns, async |arn| {
            let answer = aws.elbv2().describe_target_health().target_group_arn(arn).send().await?;
            Ok(answer.target_health_descriptions.unwrap_or_default())
        })
        .await?;
        let is_there = |it: &&Place| found.get(&it.group).is_some_and(|all| all.iter().any(|one| it.is(one)));
        Ok(places.iter().filter(is_there).map(live).collect())
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<Place> {
        let place = self.key();
        let call = aws.elbv2().register_targets().target_group_arn(&place.group);
        call.targets(place.target()).send().await?;
        Ok(place)
    }

    async fn update(&self, _aws: &Aws, _was: &Self) -> Result<()> {
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let place = self.key();
        let call = aws.elbv2().deregister_targets().target_group_arn(&place.group);
        there(call.targets(place.target()).send().await.map_err(Error::from))?;
        Ok(())
    }

    // A target that is registered twice is registered once.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<Place>> {
        Ok(None)
    }

    // Nobody knows it by this id but the state.
    fn as_kept(mut self, kept: &Self) -> Self {
        if !kept.id.is_empty() {
            self.id = kept.id.clone();
        }
        self
    }
}

impl Place {
    fn target(&self) -> TargetDescription {
        TargetDescription::builder()
            .id(&self.target)
            .set_port(self.port.and_then(|it| it.try_into().ok()))
            .set_availability_zone(self.zone.clone())
            .build()
    }

    /// Whether it is this one, and not about to leave.
    fn is(&self, one: &TargetHealthDescription) -> bool {
        let reason = one.target_health.as_ref().and_then(|it| it.reason.as_ref());
        let leaves = matches!(reason, Some(Reason::DeregistrationInProgress | Reason::NotRegistered));
        let same = |it: &TargetDescription| {
            it.id() == Some(&self.target)
                && self.port.is_none_or(|port| it.port().is_none_or(|it| i64::from(it) == port))
                && self.zone.as_deref().is_none_or(|zone| it.availability_zone().is_none_or(|it| it == zone))
        };
        !leaves && one.target.as_ref().is_some_and(same)
    }
}

fn live(place: &Place) -> Live<TargetGroupAttachment> {
    let port = place.port.map(|it| format!("-{it}")).unwrap_or_default();
    Live {
        key: place.clone(),
        status: Status::Ready,
        tags: None,
        unread: &[],
        attributes: TargetGroupAttachment {
            id: Computed(format!("{}-{}{port}", place.group, place.target)),
            target_group_arn: Fixed(place.group.clone()),
            target_id: Fixed(place.target.clone()),
            port: Fixed(place.port),
            availability_zone: Fixed(place.zone.clone()),
        },
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_elasticloadbalancingv2::types::TargetHealth;

    use super::*;

    fn described(id: &str, port: i32, reason: Option<Reason>) -> TargetHealthDescription {
        TargetHealthDescription::builder()
            .target(TargetDescription::builder().id(id).port(port).build())
            .target_health(TargetHealth::builder().set_reason(reason).build())
            .build()
    }

    #[test]
    fn a_target_is_known_by_id_and_port() {
        let place = |port| Place { group: "g".into(), target: "i-1".into(), port, zone: None };
        assert!(place(None).is(&described("i-1", 80, None)));
        assert!(place(Some(80)).is(&described("i-1", 80, Some(Reason::NotInUse))));
        assert!(!place(Some(81)).is(&described("i-1", 80, None)));
        assert!(!place(None).is(&described("i-2", 80, None)));
        assert!(!place(None).is(&described("i-1", 80, Some(Reason::DeregistrationInProgress))));
    }
}
