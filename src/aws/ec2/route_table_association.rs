use std::time::Duration;

use aws_sdk_ec2::types::{self as sdk, RouteTableAssociationStateCode as State};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::tables::{By, tables};
use super::{EC2, text};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// Gives a subnet, or an internet or VPN gateway, its route table.
///
/// ```toml
/// [aws_route_table_association.public]
/// subnet_id = "${aws_subnet.public.id}"
/// route_table_id = "${aws_route_table.public.id}"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RouteTableAssociation {
    /// The route table.
    pub route_table_id: String,
    /// The subnet; or say `gateway_id`.
    pub subnet_id: Fixed<Option<String>>,
    /// The gateway; or say `subnet_id`.
    pub gateway_id: Fixed<Option<String>>,
    pub timeouts: Option<Timeouts>,
    /// Such as `rtbassoc-0a1b2c`. Another one once the route table changes.
    pub id: Computed<String>,
}

impl Resource for RouteTableAssociation {
    const TYPE: &'static str = "aws_route_table_association";
    const SOUGHT_BY: &'static [&'static str] = &["route_table_id"];
    const IMPORT: &'static [&'static str] = &[
        "subnet-0a1b2c3d4e5f67890/rtb-0a1b2c3d4e5f67890",
        "igw-0a1b2c3d4e5f67890/rtb-0a1b2c3d4e5f67890",
        "vgw-0a1b2c3d4e5f67890/rtb-0a1b2c3d4e5f67890",
    ];
    const TAGS: TagApi = TagApi::None;
    const READS: Reads = Reads::of(
        &[Cost::page("ec2:DescribeRouteTables", 200).same()],
        "an association comes with its table; tables are found by 200 subnets a call, and where the stack has them too, need no call of their own",
    );
    const BATCH: usize = super::IDS;
    const PATIENCE: Duration = Duration::from_secs(300);
    const PASSING: &'static [&'static [Passing]] = &[EC2];
    /// The subnet or gateway, which has one table at most: the id is another after each update.
    type Key = String;

    fn key(&self) -> String {
        text(&self.subnet_id).or(text(&self.gateway_id)).unwrap_or_default().to_owned()
    }

    fn import(id: &str) -> Result<String> {
        match id.split_once('/') {
            Some((target, table)) if !target.is_empty() && table.starts_with("rtb-") => Ok(target.to_owned()),
            _ => Err(Error::Invalid("say subnet and route table, or gateway and route table".to_owned())),
        }
    }

    async fn read(aws: &Aws, targets: &[String]) -> Result<Vec<Live<Self>>> {
        let (subnets, gateways): (Vec<_>, Vec<_>) =
            targets.iter().cloned().partition(|it| it.starts_with("subnet-"));
        let mut found = tables(aws, By::Subnet, &subnets).await?;
        found.extend(tables(aws, By::Gateway, &gateways).await?);
        let all = found.iter().flat_map(|it| it.associations()).cloned();
        let live = all.filter_map(live).filter(|it| targets.contains(&it.key));
        let mut live: Vec<_> = live.collect();
        // A table may hold both a subnet and a gateway.
        live.sort_by(|a, b| a.key.cmp(&b.key));
        live.dedup_by(|a, b| a.key == b.key && a.attributes.id == b.attributes.id);
        Ok(live)
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<String> {
        let given = |it| text(it).map(str::to_owned);
        let call = aws.ec2().associate_route_table().route_table_id(&self.route_table_id);
        let call = call.set_subnet_id(given(&self.subnet_id)).set_gateway_id(given(&self.gateway_id));
        call.send().await?;
        Ok(self.key())
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        if self.route_table_id != was.route_table_id {
            let call = aws.ec2().replace_route_table_association().association_id(&*was.id);
            call.route_table_id(&self.route_table_id).send().await?;
        }
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        aws.ec2().disassociate_route_table().association_id(&*self.id).send().await?;
        Ok(())
    }

    // AssociateRouteTable takes no client token, but a subnet or gateway has one table.
    async fn find(&self, aws: &Aws, _new: &New) -> Result<Option<String>> {
        let there = Self::read(&aws.exactly(true), &[self.key()]).await?;
        let ours = there.into_iter().find(|it| it.attributes.route_table_id == self.route_table_id);
        Ok(ours.map(|it| it.key))
    }

    fn adjust(plan: &mut Adjust) {
        plan.exactly_one(&["subnet_id", "gateway_id"]);
        if plan.change("route_table_id").is_some() && plan.was.is_some() {
            plan.set_unknown("id");
        }
    }
}

fn live(it: sdk::RouteTableAssociation) -> Option<Live<RouteTableAssociation>> {
    let target = it.subnet_id.clone().or(it.gateway_id.clone())?;
    let state = it.association_state;
    let status = match state.as_ref().and_then(|it| it.state.clone()) {
        Some(State::Disassociated) => return None,
        Some(moving @ (State::Associating | State::Disassociating)) => {
            Status::Pending(moving.as_str().to_owned())
        }
        Some(State::Failed) => {
            Status::Failed(state.and_then(|it| it.status_message).unwrap_or_else(|| "failed".to_owned()))
        }
        _ => Status::Ready,
    };
    Some(Live {
        key: target,
        status,
        tags: None,
        unread: &[],
        attributes: RouteTableAssociation {
            route_table_id: seen(it.route_table_id),
            subnet_id: seen(it.subnet_id),
            gateway_id: seen(it.gateway_id),
            timeouts: None,
            id: seen(it.route_table_association_id),
        },
    })
}
