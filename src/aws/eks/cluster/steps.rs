//! Changing a cluster: EKS takes one kind of change a call, and the next one only when the last one is
//! carried out.

use std::time::Duration;

use aws_sdk_eks::operation::update_cluster_config::builders::UpdateClusterConfigFluentBuilder;
use aws_sdk_eks::types as sdk;

use super::blocks::*;
use super::{Cluster, describe, seen};
use crate::aws::eks::items;
use crate::aws::eks::updates::{Of, Pauses, carried_out, taken};
use crate::aws::shape::sent;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// What one call changes, in the order in which the calls are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Version,
    Access,
    AutoMode,
    Encryption,
    Logging,
    UpgradePolicy,
    Endpoints,
    Subnets,
    Groups,
    ZonalShift,
}

const STEPS: [Step; 10] = [
    Step::Version,
    Step::Access,
    Step::AutoMode,
    Step::Encryption,
    Step::Logging,
    Step::UpgradePolicy,
    Step::Endpoints,
    Step::Subnets,
    Step::Groups,
    Step::ZonalShift,
];

/// Takes each step that the cluster, as it is now, still lacks: any of them may have been taken before.
pub async fn update(wanted: &Cluster, aws: &Aws, name: &str) -> Result<()> {
    let patience = times::patience(wanted.timeouts.as_ref().and_then(|it| it.update.as_deref()), PATIENCE);
    let mut now = settled(aws, name, patience).await?;
    for step in STEPS {
        if !step.is_due(wanted, &now) {
            continue;
        }
        match taken::<Cluster>(patience, async || step.send(wanted, aws, name).await).await {
            Ok(update) => carried_out(aws, Of::cluster(name), update, patience).await?,
            Err(error @ Error::Unreached(_)) => return Err(error),
            // It may be refused because it was taken before, and could not be seen yet.
            Err(error) => {
                now = settled(aws, name, patience).await?;
                if step.is_due(wanted, &now) {
                    return Err(error);
                }
            }
        }
    }
    Ok(())
}

const PATIENCE: Duration = Cluster::PATIENCE;

/// The cluster when nothing is being done to it.
async fn settled(aws: &Aws, name: &str, patience: Duration) -> Result<Cluster> {
    let mut pauses = Pauses::new(patience);
    loop {
        let it = describe(aws, name).await?;
        match seen::status(&it) {
            Status::Pending(word) if word == "DELETING" => {
                return Err(Error::Invalid(format!("cluster {name} is being deleted")));
            }
            Status::Pending(word) => {
                if !pauses.pause().await {
                    let text = format!("cluster {name} is still `{word}` after {} s", patience.as_secs());
                    return Err(Error::Invalid(text));
                }
            }
            _ => return Ok(it.into()),
        }
    }
}

/// Whether something is asked for that is not so. What the stack leaves to AWS is never asked for.
fn asked<T: PartialEq>(wanted: &Option<T>, now: &Option<T>) -> bool {
    wanted.is_some() && wanted != now
}

fn is_on(it: Option<&Switch>) -> bool {
    it.and_then(|it| it.enabled).unwrap_or_default()
}

impl Step {
    fn is_due(self, wanted: &Cluster, now: &Cluster) -> bool {
        match self {
            Step::Version => {
                wanted.version.as_ref().is_some_and(|it| !it.is_empty() && Some(it) != now.version.as_ref())
            }
            Step::Access => {
                let mode =
                    |it: &Cluster| it.access_config.as_ref().and_then(|it| it.authentication_mode.0.clone());
                asked(&mode(wanted), &mode(now))
            }
            Step::AutoMode => auto_mode_differs(wanted, now),
            Step::Encryption => wanted.encryption_config.is_some() && now.encryption_config.is_none(),
            Step::Logging => set(&wanted.enabled_cluster_log_types) != set(&now.enabled_cluster_log_types),
            Step::UpgradePolicy => {
                let kind = |it: &Cluster| it.upgrade_policy.as_ref().and_then(|it| it.support_type.0.clone());
                asked(&kind(wanted), &kind(now))
            }
            Step::Endpoints => in_vpc(wanted, now, |wanted, now| {
                let ends = |it: &VpcConfig| (it.endpoint_private_access, it.endpoint_public_access);
                let cidrs = wanted.public_access_cidrs.as_ref().filter(|it| !it.is_empty());
                ends(wanted) != ends(now) || asked(&cidrs, &now.public_access_cidrs.as_ref())
            }),
            Step::Subnets => in_vpc(wanted, now, |wanted, now| wanted.subnet_ids != now.subnet_ids),
            Step::Groups => in_vpc(wanted, now, |wanted, now| {
                set(&wanted.security_group_ids) != set(&now.security_group_ids)
            }),
            Step::ZonalShift => {
                is_on(wanted.zonal_shift_config.as_ref()) != is_on(now.zonal_shift_config.as_ref())
            }
        }
    }

    async fn send(self, wanted: &Cluster, aws: &Aws, name: &str) -> Result<Option<sdk::Update>> {
        let call = aws.eks().update_cluster_config().name(name);
        match self {
            Step::Version => {
                let call = aws.eks().update_cluster_version().name(name).set_version(sent(&wanted.version));
                let answer = call.set_force(wanted.force_update_version.filter(|it| *it)).send().await?;
                Ok(answer.update)
            }
            Step::Encryption => {
                let call = aws.eks().associate_encryption_config().cluster_name(name);
                Ok(call.set_encryption_config(wanted.encryption()).send().await?.update)
            }
            _ => Ok(self.fill(wanted, call).send().await?.update),
        }
    }

    /// The part of the cluster that this step is about.
    fn fill(
        self,
        wanted: &Cluster,
        call: UpdateClusterConfigFluentBuilder,
    ) -> UpdateClusterConfigFluentBuilder {
        let vpc = sdk::VpcConfigRequest::builder;
        let config = wanted.vpc_config.as_ref();
        match self {
            Step::Version | Step::Encryption => call,
            Step::Access => call.set_access_config(wanted.access_config.as_ref().map(|it| {
                let mode = sent(&it.authentication_mode);
                sdk::UpdateAccessConfigRequest::builder().set_authentication_mode(mode).build()
            })),
            Step::AutoMode => call
                .set_compute_config(wanted.compute_config.as_ref().map(ComputeConfig::sent))
                .set_kubernetes_network_config(
                    wanted.kubernetes_network_config.as_ref().map(NetworkConfig::sent),
                )
                .set_storage_config(wanted.storage_config.as_ref().map(StorageConfig::sent)),
            Step::Logging => call.logging(wanted.logging()),
            Step::UpgradePolicy => {
                call.set_upgrade_policy(wanted.upgrade_policy.as_ref().map(UpgradePolicy::sent))
            }
            Step::Endpoints => call.set_resources_vpc_config(config.map(|it| {
                let cidrs = items(&it.public_access_cidrs);
                vpc()
                    .endpoint_private_access(it.endpoint_private_access)
                    .endpoint_public_access(it.endpoint_public_access)
                    .set_public_access_cidrs((!cidrs.is_empty()).then_some(cidrs))
                    .build()
            })),
            Step::Subnets => call.set_resources_vpc_config(
                config.map(|it| vpc().set_subnet_ids(Some(it.subnet_ids.0.clone())).build()),
            ),
            Step::Groups => call.set_resources_vpc_config(
                config.map(|it| vpc().set_security_group_ids(Some(items(&it.security_group_ids))).build()),
            ),
            Step::ZonalShift => {
                let enabled = is_on(wanted.zonal_shift_config.as_ref());
                call.zonal_shift_config(sdk::ZonalShiftConfigRequest::builder().enabled(enabled).build())
            }
        }
    }
}

fn set(it: &Option<Set<String>>) -> Set<String> {
    it.clone().unwrap_or_default()
}

fn in_vpc(wanted: &Cluster, now: &Cluster, differ: impl Fn(&VpcConfig, &VpcConfig) -> bool) -> bool {
    match (wanted.vpc_config.as_ref(), now.vpc_config.as_ref()) {
        (Some(wanted), Some(now)) => differ(wanted, now),
        _ => false,
    }
}

/// Whether Auto Mode's nodes, load balancers or volumes are to become others.
fn auto_mode_differs(wanted: &Cluster, now: &Cluster) -> bool {
    let balancing = |it: &Cluster| {
        let switch = it.kubernetes_network_config.as_ref().and_then(|it| it.elastic_load_balancing.as_ref());
        switch.map(|it| is_on(Some(it)))
    };
    let volumes = |it: &Cluster| it.storage_config.as_ref().map(|it| is_on(it.block_storage.as_ref()));
    let nodes = |it: &Cluster| it.compute_config.as_ref().map(ComputeConfig::key);
    let off = |it: Option<bool>| Some(it.unwrap_or_default());
    let nothing = Some((false, Vec::new(), None));
    asked(&nodes(wanted), &nodes(now).or(nothing))
        || asked(&balancing(wanted), &off(balancing(now)))
        || asked(&volumes(wanted), &off(volumes(now)))
}

impl ComputeConfig {
    /// Equal for those that mean the same.
    fn key(&self) -> (bool, Vec<String>, Option<String>) {
        let mut pools = items(&self.node_pools);
        pools.sort();
        (self.enabled.unwrap_or_default(), pools, self.node_role_arn.clone().filter(|it| !it.is_empty()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cluster(change: impl FnOnce(&mut Cluster)) -> Cluster {
        let vpc = sdk::VpcConfigResponse::builder().subnet_ids("subnet-1").subnet_ids("subnet-2");
        let vpc = vpc.endpoint_public_access(true).public_access_cidrs("0.0.0.0/0").build();
        let it = sdk::Cluster::builder().name("shop").version("1.32").resources_vpc_config(vpc).build();
        let mut it = Cluster::from(it);
        change(&mut it);
        it
    }

    fn due(wanted: &Cluster, now: &Cluster) -> Vec<Step> {
        STEPS.into_iter().filter(|it| it.is_due(wanted, now)).collect()
    }

    #[test]
    fn only_what_differs_is_due() {
        let now = cluster(|_| {});
        assert_eq!(due(&cluster(|_| {}), &now), []);
        let wanted = cluster(|it| {
            it.version = Chosen(Some("1.33".into()));
            it.enabled_cluster_log_types = Some(Set(vec!["api".into()]));
            let vpc = it.vpc_config.0.as_mut().unwrap();
            vpc.subnet_ids = Set(vec!["subnet-2".into(), "subnet-1".into()]);
            vpc.endpoint_private_access = true;
        });
        assert_eq!(due(&wanted, &now), [Step::Version, Step::Logging, Step::Endpoints]);
        // The first of them was taken before.
        let halfway = cluster(|it| it.version = Chosen(Some("1.33".into())));
        assert_eq!(due(&wanted, &halfway), [Step::Logging, Step::Endpoints]);
    }

    #[test]
    fn what_the_stack_leaves_to_aws_is_not_asked_for() {
        let wanted = cluster(|it| {
            it.version = Chosen(None);
            it.vpc_config.0.as_mut().unwrap().public_access_cidrs = Chosen(None);
        });
        assert_eq!(due(&wanted, &cluster(|_| {})), []);
        let off = cluster(|it| {
            let none = ComputeConfig { enabled: Some(false), node_pools: None, node_role_arn: None };
            it.compute_config = One(Some(none));
            it.storage_config = One(Some(StorageConfig { block_storage: One(None) }));
        });
        assert_eq!(due(&off, &cluster(|_| {})), []);
    }
}
