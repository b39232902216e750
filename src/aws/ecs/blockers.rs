//! What stands in the way of removing ECS's things: looked up after a refusal, for people.

use super::name_of;
use crate::aws::{Aws, Result};
use crate::resource::{Blocker, Blockers, NAMED};

/// What still is in a cluster: services, tasks and container instances.
pub async fn of_cluster(aws: &Aws, name: &str) -> Blockers {
    let (services, tasks, machines) =
        futures::join!(services(aws, name), tasks(aws, name), machines(aws, name));
    let mut out = Blockers::default();
    out.ask("services", services);
    out.ask("tasks", tasks);
    out.ask("container instances", machines);
    out
}

async fn services(aws: &Aws, cluster: &str) -> Result<Vec<Blocker>> {
    let call = aws.ecs().list_services().cluster(cluster);
    let arns: Vec<String> = call.into_paginator().items().send().try_collect().await?;
    Ok(arns.iter().map(|arn| Blocker::new("service", name_of(arn)).known_by(arn)).collect())
}

async fn tasks(aws: &Aws, cluster: &str) -> Result<Vec<Blocker>> {
    let arns = aws.ecs().list_tasks().cluster(cluster).send().await?.task_arns.unwrap_or_default();
    if arns.is_empty() {
        return Ok(Vec::new());
    }
    let some = arns.iter().take(NAMED).cloned().collect();
    let call = aws.ecs().describe_tasks().cluster(cluster).set_tasks(Some(some));
    let all = call.send().await?.tasks.unwrap_or_default().into_iter().map(|it| {
        let status = it.last_status.unwrap_or_default().to_lowercase();
        let one = Blocker::new("task", name_of(it.task_arn.as_deref().unwrap_or_default()));
        one.of(format!("{status}, of {}", it.group.unwrap_or_default()))
    });
    Ok(all.collect())
}

async fn machines(aws: &Aws, cluster: &str) -> Result<Vec<Blocker>> {
    let call = aws.ecs().list_container_instances().cluster(cluster);
    let arns: Vec<String> = call.into_paginator().items().send().try_collect().await?;
    Ok(arns.iter().map(|arn| Blocker::new("container instance", name_of(arn))).collect())
}
