use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::ec2::filters::{Filter, Search, only};
use crate::aws::ec2::{arn, tags};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// An internet gateway that is there already: by id, by labels or by its VPC.
///
/// ```toml
/// [data.aws_internet_gateway.shared]
/// filter = [{ name = "attachment.vpc-id", values = ["vpc-0a1b2c3d4e5f67890"] }]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InternetGateway {
    /// Such as `igw-0a1b2c`.
    pub internet_gateway_id: Chosen<Option<String>>,
    /// Labels that it must have; all of its labels.
    pub tags: Chosen<Tags>,
    /// Only those that these find.
    #[serde(default)]
    pub filter: Set<Filter>,
    pub timeouts: Option<TimeoutsRead>,
    /// The same as `internet_gateway_id`. Never searched by.
    pub id: Chosen<Option<String>>,
    /// The gateway's ARN.
    pub arn: Computed<String>,
    /// The account that owns it.
    pub owner_id: Computed<Option<String>>,
    /// The VPC that it is attached to, if any.
    pub attachments: Computed<Vec<Attachment>>,
}

/// A VPC behind a gateway.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// `available` once it is attached.
    pub state: Option<String>,
    /// The VPC.
    pub vpc_id: Option<String>,
}

impl DataSource for InternetGateway {
    const TYPE: &'static str = "aws_internet_gateway";
    const READS: Reads =
        Reads::of(&[Cost::each("ec2:DescribeInternetGateways")], "a call finds one by its arguments");

    async fn read(self, aws: &Aws) -> Result<Self> {
        let search = Search::new(&self.filter, &self.tags);
        let Some(filters) = search.with("internet-gateway-id", &self.internet_gateway_id).filters() else {
            let what = "say which internet gateway: by `internet_gateway_id`, `tags` or `filter`";
            return Err(Error::Invalid(what.to_owned()));
        };
        let call = aws.ec2().describe_internet_gateways().set_filters(Some(filters));
        let it = only("internet gateway", call.into_paginator().items().send().try_collect().await?)?;
        let id: String = seen(it.internet_gateway_id);
        let attachments = it.attachments.unwrap_or_default().into_iter();
        let attachments = attachments.map(|it| Attachment { state: seen(it.state), vpc_id: it.vpc_id });
        Ok(InternetGateway {
            internet_gateway_id: Chosen(Some(id.clone())),
            tags: Chosen(tags(it.tags)),
            arn: arn(aws, it.owner_id.as_deref(), &format!("internet-gateway/{id}")).into(),
            owner_id: it.owner_id.into(),
            attachments: attachments.collect::<Vec<_>>().into(),
            id: Chosen(Some(id)),
            ..self
        })
    }
}
