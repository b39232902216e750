//! Changing a group of nodes: its version, then what else may change.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_eks::types as sdk;

use super::blocks::*;
use super::{NodeGroup, describe, halves, seen};
use crate::aws::eks::updates::{Of, Pauses, carried_out, taken};
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

const PATIENCE: Duration = NodeGroup::PATIENCE;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Version,
    Config,
}

/// Takes the steps that the group, as it is now, still lacks: any of them may have been taken before.
pub async fn update(wanted: &NodeGroup, aws: &Aws, id: &str) -> Result<()> {
    let (cluster, name) = halves(id, ':', "node-group")?;
    let of = Of::node_group(cluster, name);
    let patience = times::patience(wanted.timeouts.as_ref().and_then(|it| it.update.as_deref()), PATIENCE);
    let mut now = settled(aws, id, patience).await?;
    let versions = Versions::new(wanted, &now);
    for step in [Step::Version, Step::Config] {
        let mut lost = 0;
        while step.is_due(wanted, &versions, &now) {
            let send = async || step.send(wanted, &versions, &now, aws, of).await;
            let error = match taken::<NodeGroup>(patience, send).await {
                Ok(update) => {
                    carried_out(aws, of, update, patience).await?;
                    break;
                }
                Err(error) => error,
            };
            // It may have been taken before, or now, without an answer; then there is nothing left to do.
            now = settled(aws, id, patience).await?;
            lost += usize::from(matches!(error, Error::Unreached(_)));
            let again = matches!(error, Error::Unreached(_)) && lost < ATTEMPTS;
            if !again && step.is_due(wanted, &versions, &now) {
                return Err(error);
            }
        }
    }
    Ok(())
}

/// How often a change is sent whose answers get lost.
const ATTEMPTS: usize = 5;

/// The versions that are asked for: those that were others when it began. EKS chooses a new release with a
/// new version of Kubernetes, so that a release of before must not be asked for afterwards.
struct Versions {
    kubernetes: Option<String>,
    release: Option<String>,
    template: Option<String>,
}

fn template(it: &NodeGroup) -> Option<String> {
    it.launch_template.as_ref().map(|it| it.version.clone())
}

impl Versions {
    fn new(wanted: &NodeGroup, now: &NodeGroup) -> Self {
        // The older SDK keeps empty text for none.
        let other = |wanted: Option<String>, now: &Option<String>| {
            wanted.filter(|it| !it.is_empty() && Some(it) != now.as_ref())
        };
        Versions {
            kubernetes: other(wanted.version.0.clone(), &now.version),
            release: other(wanted.release_version.0.clone(), &now.release_version),
            template: other(template(wanted), &template(now)),
        }
    }

    fn are(&self, now: &NodeGroup) -> bool {
        let is = |wanted: &Option<String>, now: &Option<String>| wanted.is_none() || wanted == now;
        is(&self.kubernetes, &now.version)
            && is(&self.release, &now.release_version)
            && is(&self.template, &template(now))
    }
}

/// The group when nothing is being done to it.
async fn settled(aws: &Aws, id: &str, patience: Duration) -> Result<NodeGroup> {
    let mut pauses = Pauses::new(patience);
    loop {
        let it = describe(aws, id).await?;
        match seen::status(&it) {
            Status::Pending(word) if word == "DELETING" => {
                return Err(Error::Invalid(format!("node group {id} is being deleted")));
            }
            Status::Pending(word) => {
                if !pauses.pause().await {
                    let text = format!("node group {id} is still `{word}` after {} s", patience.as_secs());
                    return Err(Error::Invalid(text));
                }
            }
            _ => return Ok(it.into()),
        }
    }
}

impl Step {
    fn is_due(self, wanted: &NodeGroup, versions: &Versions, now: &NodeGroup) -> bool {
        match self {
            Step::Version => !versions.are(now),
            Step::Config => {
                let Parts { labels, taints, scaling, update, repair } = &Parts::new(wanted, now);
                let sizes = scaling.is_some() || update.is_some() || repair.is_some();
                sizes || labels.is_some() || taints.is_some()
            }
        }
    }

    async fn send(
        self,
        wanted: &NodeGroup,
        versions: &Versions,
        now: &NodeGroup,
        aws: &Aws,
        of: Of<'_>,
    ) -> Result<Option<sdk::Update>> {
        let name = of.node_group.map(str::to_owned);
        match self {
            Step::Version => {
                let call = aws.eks().update_nodegroup_version().cluster_name(of.cluster);
                let call = call
                    .set_nodegroup_name(name)
                    .set_force(wanted.force_update_version.filter(|it| *it))
                    .set_launch_template(wanted.launch_template.as_ref().map(LaunchTemplate::sent))
                    .set_release_version(versions.release.clone())
                    .set_version(versions.kubernetes.clone());
                Ok(call.send().await?.update)
            }
            Step::Config => {
                let parts = Parts::new(wanted, now);
                let call = aws.eks().update_nodegroup_config().cluster_name(of.cluster);
                let call = call
                    .set_nodegroup_name(name)
                    .set_labels(parts.labels)
                    .set_taints(parts.taints)
                    .set_scaling_config(parts.scaling)
                    .set_update_config(parts.update)
                    .set_node_repair_config(parts.repair);
                Ok(call.send().await?.update)
            }
        }
    }
}

/// What changes by one call, besides versions.
struct Parts {
    labels: Option<sdk::UpdateLabelsPayload>,
    taints: Option<sdk::UpdateTaintsPayload>,
    scaling: Option<sdk::NodegroupScalingConfig>,
    update: Option<sdk::NodegroupUpdateConfig>,
    repair: Option<sdk::NodeRepairConfig>,
}

impl Parts {
    fn new(wanted: &NodeGroup, now: &NodeGroup) -> Parts {
        let scaling = wanted.scaling_config.as_ref().filter(|_| wanted.scaling_config != now.scaling_config);
        let update = wanted.update_config.as_ref();
        let update = update.filter(|it| now.update_config.as_ref().is_none_or(|now| now.key() != it.key()));
        let is_repaired = now.node_repair_config.as_ref().is_some_and(|it| it.enabled);
        let repair = wanted.node_repair_config.as_ref().filter(|it| it.enabled != is_repaired);
        Parts {
            labels: labels(&wanted.labels(), &now.labels()),
            taints: taints(&wanted.taint, &now.taint),
            scaling: scaling.map(ScalingConfig::sent),
            update: update.map(UpdateConfig::sent),
            repair: repair.map(RepairConfig::sent),
        }
    }
}

fn labels(wanted: &Tags, now: &Tags) -> Option<sdk::UpdateLabelsPayload> {
    let set = wanted.iter().filter(|it| now.get(it.0) != Some(it.1));
    let set: HashMap<String, String> = set.map(|(k, v)| (k.clone(), v.clone())).collect();
    let unset: Vec<String> = now.keys().filter(|it| !wanted.contains_key(*it)).cloned().collect();
    if set.is_empty() && unset.is_empty() {
        return None;
    }
    let call = sdk::UpdateLabelsPayload::builder();
    let call = call.set_add_or_update_labels((!set.is_empty()).then_some(set));
    Some(call.set_remove_labels((!unset.is_empty()).then_some(unset)).build())
}

fn taints(wanted: &Set<Taint>, now: &Set<Taint>) -> Option<sdk::UpdateTaintsPayload> {
    let set = wanted.iter().filter(|it| !now.iter().any(|now| now.same(it))).map(Taint::sent);
    let unset = now.iter().filter(|it| !wanted.iter().any(|wanted| wanted.is_of(it))).map(Taint::sent);
    let (set, unset): (Vec<_>, Vec<_>) = (set.collect(), unset.collect());
    if set.is_empty() && unset.is_empty() {
        return None;
    }
    let call = sdk::UpdateTaintsPayload::builder();
    let call = call.set_add_or_update_taints((!set.is_empty()).then_some(set));
    Some(call.set_remove_taints((!unset.is_empty()).then_some(unset)).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taint(key: &str, value: &str) -> Taint {
        Taint { key: key.into(), value: Some(value.into()), effect: "NO_EXECUTE".into() }
    }

    #[test]
    fn a_taint_of_another_value_takes_the_place_of_the_old_one() {
        let payload = taints(&Set(vec![taint("a", "2")]), &Set(vec![taint("a", "1"), taint("b", "1")]));
        let payload = payload.unwrap();
        let keys = |all: &[sdk::Taint]| all.iter().filter_map(|it| it.key.clone()).collect::<Vec<_>>();
        assert_eq!(keys(payload.add_or_update_taints()), ["a"]);
        assert_eq!(keys(payload.remove_taints()), ["b"]);
        let empty = Taint { value: None, ..taint("a", "") };
        assert!(taints(&Set(vec![taint("a", "")]), &Set(vec![empty])).is_none());
    }

    #[test]
    fn labels_are_set_and_taken_away() {
        let tags =
            |all: &[(&str, &str)]| -> Tags { all.iter().map(|it| (it.0.into(), it.1.into())).collect() };
        let payload = labels(&tags(&[("a", "2"), ("c", "1")]), &tags(&[("a", "1"), ("b", "1"), ("c", "1")]));
        let payload = payload.unwrap();
        assert_eq!(payload.remove_labels(), ["b"]);
        assert_eq!(payload.add_or_update_labels().map(|it| it.len()), Some(1));
        assert!(labels(&tags(&[("a", "1")]), &tags(&[("a", "1")])).is_none());
    }
}
