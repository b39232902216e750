//! Clusters and what runs in them, what scales it, and by which names it is found.

use aws_sdk_applicationautoscaling::types::ServiceNamespace;
use aws_sdk_ecs::types::TaskDefinitionStatus;

use super::{Ids, add};
use crate::aws::{Aws, Error, Result};

pub(super) async fn all(aws: &Aws, all: &mut Ids) -> Result<()> {
    clusters(aws, all).await?;
    policies(aws, all).await?;
    scaling(aws, all).await?;
    let map = aws.servicediscovery();
    let pages: Vec<_> = map.list_namespaces().into_paginator().send().try_collect().await?;
    let namespaces = pages.into_iter().flat_map(|it| it.namespaces.unwrap_or_default());
    add(all, "namespace", namespaces.map(|it| it.id));
    let pages: Vec<_> = map.list_services().into_paginator().send().try_collect().await?;
    let services = pages.into_iter().flat_map(|it| it.services.unwrap_or_default());
    add(all, "discovery-service", services.map(|it| it.id));
    Ok(())
}

async fn clusters(aws: &Aws, all: &mut Ids) -> Result<()> {
    let ecs = aws.ecs();
    let arns: Vec<String> = ecs.list_clusters().into_paginator().items().send().try_collect().await?;
    for some in arns.chunks(100) {
        let found = ecs.describe_clusters().set_clusters(Some(some.to_vec())).send().await?.clusters;
        // Those that are gone are listed for a while.
        let found =
            found.unwrap_or_default().into_iter().filter(|it| it.status.as_deref() != Some("INACTIVE"));
        for it in found {
            let arn = it.cluster_arn.unwrap_or_default();
            let services = ecs.list_services().cluster(&arn).into_paginator().items().send();
            add(all, "service", services.try_collect().await?.into_iter().map(Some));
            let providers = it.capacity_providers.unwrap_or_default().into_iter();
            add(all, "capacity-provider-of", providers.map(|it| Some(format!("{arn} {it}"))));
            add(all, "cluster", [Some(arn)]);
        }
    }
    // Revisions are never removed, only deregistered.
    let tasks =
        ecs.list_task_definitions().status(TaskDefinitionStatus::Active).into_paginator().items().send();
    add(all, "task-definition", tasks.try_collect().await?.into_iter().map(Some));
    Ok(())
}

async fn policies(aws: &Aws, all: &mut Ids) -> Result<()> {
    let repositories =
        aws.ecr().describe_repositories().into_paginator().items().send().try_collect().await?;
    for name in repositories.into_iter().filter_map(|it| it.repository_name) {
        let lifecycle = aws.ecr().get_lifecycle_policy().repository_name(&name).send().await;
        add(all, "lifecycle-policy", [there(lifecycle.map_err(Error::from))?.map(|_| name.clone())]);
        let policy = aws.ecr().get_repository_policy().repository_name(&name).send().await;
        add(all, "repository-policy", [there(policy.map_err(Error::from))?.map(|_| name)]);
    }
    Ok(())
}

fn there<T>(answer: Result<T>) -> Result<Option<T>> {
    match answer {
        Err(error) if error.is_missing() => Ok(None),
        answer => answer.map(Some),
    }
}

async fn scaling(aws: &Aws, all: &mut Ids) -> Result<()> {
    let namespace = ServiceNamespace::Ecs;
    let targets = aws.appautoscaling().describe_scalable_targets().service_namespace(namespace.clone());
    let targets = targets.into_paginator().items().send().try_collect().await?;
    add(all, "scalable-target", targets.into_iter().map(|it| Some(it.resource_id)));
    let policies = aws.appautoscaling().describe_scaling_policies().service_namespace(namespace);
    let policies = policies.into_paginator().items().send().try_collect().await?;
    add(all, "scaling-policy", policies.into_iter().map(|it| Some(it.policy_arn)));
    Ok(())
}
