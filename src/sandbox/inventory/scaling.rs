//! What groups are launched with and attached to, and what is to happen to them and to services at set times.

use aws_sdk_applicationautoscaling::types::ServiceNamespace;

use super::{Ids, add};
use crate::aws::{Aws, Result};

pub async fn add_all(aws: &Aws, all: &mut Ids) -> Result<()> {
    let scaling = aws.autoscaling();
    let found =
        scaling.describe_launch_configurations().into_paginator().items().send().try_collect().await?;
    add(all, "launch-configuration", found.into_iter().map(|it| it.launch_configuration_name));
    let found = scaling.describe_scheduled_actions().into_paginator().items().send().try_collect().await?;
    let name = |it: aws_sdk_autoscaling::types::ScheduledUpdateGroupAction| {
        Some(format!("{} {}", it.auto_scaling_group_name?, it.scheduled_action_name?))
    };
    add(all, "scheduled-update", found.into_iter().map(name));
    let found = scaling.describe_auto_scaling_groups().into_paginator().items().send().try_collect().await?;
    for it in found {
        let group = it.auto_scaling_group_name().unwrap_or_default();
        let attached = it.load_balancer_names().iter().chain(it.target_group_arns());
        add(all, "attachment", attached.map(|it| Some(format!("{group} {it}"))));
    }
    let actions = aws.appautoscaling().describe_scheduled_actions().service_namespace(ServiceNamespace::Ecs);
    let found = actions.into_paginator().items().send().try_collect().await?;
    add(all, "scheduled-action", found.into_iter().map(|it| Some(it.scheduled_action_arn)));
    Ok(())
}
