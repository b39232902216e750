//! What is attached to instances, placement groups, snapshots of one's own.

use aws_sdk_ec2::types::Filter;

use super::{Ids, add};
use crate::aws::{Aws, Result};

pub async fn add_all(aws: &Aws, all: &mut Ids) -> Result<()> {
    let ec2 = aws.ec2();
    let volumes = ec2.describe_volumes().into_paginator().items().send().try_collect().await?;
    let attached = volumes.into_iter().flat_map(|it| it.attachments.unwrap_or_default());
    add(all, "attachment", attached.map(|it| Some(format!("{} {}", it.volume_id?, it.device?))));
    let groups = ec2.describe_placement_groups().send().await?.placement_groups.unwrap_or_default();
    add(all, "placement-group", groups.into_iter().map(|it| it.group_id));
    // Everybody's are many.
    let account = aws.account().await?.id.clone();
    let mine = Filter::builder().name("owner-id").values(account).build();
    let snapshots = ec2.describe_snapshots().filters(mine).into_paginator().items().send();
    add(all, "snapshot", snapshots.try_collect().await?.into_iter().map(|it| it.snapshot_id));
    Ok(())
}
