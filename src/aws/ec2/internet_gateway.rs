use std::time::Duration;

use aws_sdk_ec2::types::{self as sdk, AttachmentStatus, ResourceType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EC2, arn, blockers, described, marked, tagged, tags, text};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::resource::*;

/// A VPC's door to the internet.
///
/// ```toml
/// [aws_internet_gateway.main]
/// vpc_id = "${aws_vpc.main.id}"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InternetGateway {
    /// The VPC that it is attached to.
    pub vpc_id: Chosen<Option<String>>,
    pub timeouts: Option<Timeouts>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// Such as `igw-0a1b2c`.
    pub id: Computed<String>,
    /// The gateway's ARN.
    pub arn: Computed<String>,
    /// The account that owns the gateway.
    pub owner_id: Computed<String>,
}

impl Resource for InternetGateway {
    const TYPE: &'static str = "aws_internet_gateway";
    const IMPORT: &'static [&'static str] = &["igw-0a1b2c3d4e5f67890"];
    const TAGS: TagApi = TagApi::Ec2;
    const READS: Reads =
        Reads::of(&[Cost::page("ec2:DescribeInternetGateways", 1000)], "a call takes 1,000 ids");
    const MARKED: bool = true;
    const BATCH: usize = super::IDS;
    const PATIENCE: Duration = Duration::from_secs(1200);
    // Public addresses in the VPC go away some time after what holds them.
    const PASSING: &'static [&'static [Passing]] = &[EC2, &[Passing::busy("DependencyViolation")]];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, ids: &[String]) -> Result<Vec<Live<Self>>> {
        let gateways = described(aws, "internet-gateway-id", ids, async |ids, filters| {
            let call =
                aws.ec2().describe_internet_gateways().set_internet_gateway_ids(ids).set_filters(filters);
            Ok(call.into_paginator().items().send().try_collect().await?)
        });
        let gateways = gateways.await?;
        Ok(gateways.into_iter().map(|it| live(aws, it)).collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let call = aws.ec2().create_internet_gateway();
        let call = call.set_tag_specifications(tagged(ResourceType::InternetGateway, &new.tags));
        let gateway = call.send().await?.internet_gateway;
        gateway.and_then(|it| it.internet_gateway_id).ok_or(Error::Incomplete("the gateway's id"))
    }

    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        marked(aws, &new.token).await
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        // Left out, it stays where it is.
        let Some(wanted) = self.vpc_id.0.as_deref() else { return Ok(()) };
        if Some(wanted) == text(&was.vpc_id) {
            return Ok(());
        }
        was.detach(aws).await?;
        if !wanted.is_empty() {
            let call = aws.ec2().attach_internet_gateway().internet_gateway_id(was.key());
            call.vpc_id(wanted).send().await?;
        }
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        self.detach(aws).await?;
        aws.ec2().delete_internet_gateway().internet_gateway_id(self.key()).send().await?;
        Ok(())
    }

    async fn blockers(&self, aws: &Aws, _op: Op, error: &Error) -> Result<Blockers> {
        Ok(match text(&self.vpc_id) {
            Some(vpc) if error.code() == Some("DependencyViolation") => {
                blockers::of_internet_gateway(aws, vpc).await
            }
            _ => Blockers::default(),
        })
    }
}

impl InternetGateway {
    async fn detach(&self, aws: &Aws) -> Result<()> {
        let Some(vpc) = text(&self.vpc_id) else { return Ok(()) };
        let call = aws.ec2().detach_internet_gateway().internet_gateway_id(self.key());
        match call.vpc_id(vpc).send().await.map_err(Error::from) {
            Err(it) if it.code() == Some("Gateway.NotAttached") => Ok(()),
            answer => answer.map(drop),
        }
    }
}

fn live(aws: &Aws, it: sdk::InternetGateway) -> Live<InternetGateway> {
    let id: String = seen(it.internet_gateway_id);
    let attachment = it.attachments.unwrap_or_default().into_iter().next();
    let (state, vpc) = attachment.map(|it| (it.state, it.vpc_id)).unwrap_or_default();
    Live {
        key: id.clone(),
        status: match state {
            Some(moving @ (AttachmentStatus::Attaching | AttachmentStatus::Detaching)) => {
                Status::Pending(moving.as_str().to_owned())
            }
            _ => Status::Ready,
        },
        tags: Some(tags(it.tags)),
        unread: &[],
        attributes: InternetGateway {
            vpc_id: seen(vpc),
            timeouts: None,
            tags: None,
            tags_all: Chosen::default(),
            arn: arn(aws, it.owner_id.as_deref(), &format!("internet-gateway/{id}")).into(),
            id: id.into(),
            owner_id: seen(it.owner_id),
        },
    }
}
