//! Load balancers, their listeners with rules and certificates, target groups with their targets.

use super::{Ids, add};
use crate::aws::{Aws, Result};

pub async fn add_all(aws: &Aws, all: &mut Ids) -> Result<()> {
    let elb = aws.elbv2();
    let balancers = elb.describe_load_balancers().into_paginator().items().send().try_collect().await?;
    for balancer in balancers.into_iter().filter_map(|it| it.load_balancer_arn) {
        listeners(aws, &balancer, all).await?;
        add(all, "load-balancer", [Some(balancer)]);
    }
    let groups = elb.describe_target_groups().into_paginator().items().send().try_collect().await?;
    for group in groups.into_iter().filter_map(|it| it.target_group_arn) {
        let targets = elb.describe_target_health().target_group_arn(&group).send().await?;
        let targets = targets.target_health_descriptions.unwrap_or_default().into_iter();
        let targets = targets.filter_map(|it| it.target).map(|it| {
            let port = it.port.unwrap_or_default();
            Some(format!("{group} {}:{port}", it.id.unwrap_or_default()))
        });
        add(all, "target", targets);
        add(all, "target-group", [Some(group)]);
    }
    Ok(())
}

async fn listeners(aws: &Aws, balancer: &str, all: &mut Ids) -> Result<()> {
    let elb = aws.elbv2();
    let listeners = elb.describe_listeners().load_balancer_arn(balancer).into_paginator();
    let listeners = listeners.items().send().try_collect().await?;
    for listener in listeners.into_iter().filter_map(|it| it.listener_arn) {
        let rules = elb.describe_rules().listener_arn(&listener).into_paginator();
        let rules = rules.items().send().try_collect().await?;
        let rules = rules.into_iter().filter(|it| it.is_default != Some(true));
        add(all, "listener-rule", rules.map(|it| it.rule_arn));
        let certificates = elb.describe_listener_certificates().listener_arn(&listener).into_paginator();
        let certificates = certificates.items().send().try_collect().await?;
        let further = certificates.into_iter().filter(|it| it.is_default != Some(true));
        add(all, "certificate", further.map(|it| Some(format!("{listener} {}", it.certificate_arn?))));
        add(all, "listener", [Some(listener)]);
    }
    Ok(())
}
