//! Instances with their volumes, what they are launched from, and the groups that launch them.

use super::{Ids, add};
use crate::aws::{Aws, Result};

pub async fn add_all(aws: &Aws, all: &mut Ids) -> Result<()> {
    launched(aws, all).await?;
    let ec2 = aws.ec2();
    let keys = ec2.describe_key_pairs().send().await?.key_pairs.unwrap_or_default();
    add(all, "key-pair", keys.into_iter().map(|it| it.key_name));
    let templates = ec2.describe_launch_templates().into_paginator().items().send().try_collect().await?;
    for it in templates {
        let (id, versions) = (it.launch_template_id.unwrap_or_default(), it.latest_version_number);
        add(all, "launch-template", [Some(format!("{id} {}", versions.unwrap_or_default()))]);
    }
    let profiles = aws.iam().list_instance_profiles().into_paginator().items().send().try_collect().await?;
    for it in profiles {
        let name = it.instance_profile_name;
        add(all, "profile-role", it.roles.into_iter().map(|role| Some(format!("{name} {}", role.role_name))));
        add(all, "instance-profile", [Some(name)]);
    }
    groups(aws, all).await
}

/// What is terminated is shown for another hour.
async fn launched(aws: &Aws, all: &mut Ids) -> Result<()> {
    let ec2 = aws.ec2();
    let reservations = ec2.describe_instances().into_paginator().items().send().try_collect().await?;
    let instances = reservations.into_iter().flat_map(|it| it.instances.unwrap_or_default());
    let is_there = |it: &aws_sdk_ec2::types::Instance| {
        let state = it.state.as_ref().and_then(|it| it.name.as_ref());
        state.is_none_or(|it| it.as_str() != "terminated")
    };
    add(all, "instance", instances.filter(is_there).map(|it| it.instance_id));
    let volumes = ec2.describe_volumes().into_paginator().items().send().try_collect().await?;
    add(all, "volume", volumes.into_iter().map(|it| it.volume_id));
    Ok(())
}

async fn groups(aws: &Aws, all: &mut Ids) -> Result<()> {
    let scaling = aws.autoscaling();
    let groups = scaling.describe_auto_scaling_groups().into_paginator().items().send().try_collect().await?;
    for name in groups.into_iter().filter_map(|it| it.auto_scaling_group_name) {
        let hooks = scaling.describe_lifecycle_hooks().auto_scaling_group_name(&name).send().await?;
        let hooks = hooks.lifecycle_hooks.unwrap_or_default().into_iter();
        add(all, "lifecycle-hook", hooks.map(|it| Some(format!("{name} {}", it.lifecycle_hook_name?))));
        add(all, "scaling-group", [Some(name)]);
    }
    let policies = scaling.describe_policies().into_paginator().items().send().try_collect().await?;
    add(all, "scaling-policy", policies.into_iter().map(|it| it.policy_arn));
    Ok(())
}
