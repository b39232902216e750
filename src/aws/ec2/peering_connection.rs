use std::time::Duration;

use aws_sdk_ec2::types::{self as sdk, ResourceType, VpcPeeringConnectionStateReasonCode as Code};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::until::until;
use super::{EC2, among, described, marked, tagged, tags, text};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// Joins two VPCs, so that what is in one reaches what is in the other; the routes are made apart.
///
/// ```toml
/// [aws_vpc_peering_connection.office]
/// vpc_id = "${aws_vpc.main.id}"
/// peer_vpc_id = "${aws_vpc.office.id}"
/// auto_accept = true
/// accepter = { allow_remote_vpc_dns_resolution = true }
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PeeringConnection {
    /// The VPC that asks for it.
    pub vpc_id: Fixed<String>,
    /// The VPC that is asked.
    pub peer_vpc_id: Fixed<String>,
    /// The account of the VPC that is asked, where that is another one.
    pub peer_owner_id: Chosen<Fixed<Option<String>>>,
    /// The region of the VPC that is asked, where that is another one. It has to be accepted there.
    pub peer_region: Chosen<Fixed<Option<String>>>,
    /// Accept it too: where both VPCs are this account's, and in this region.
    pub auto_accept: Local<Option<bool>>,
    /// What the VPC that is asked allows the other, once the connection is accepted.
    pub accepter: Chosen<One<Options>>,
    /// What the VPC that asks allows the other, once the connection is accepted.
    pub requester: Chosen<One<Options>>,
    pub timeouts: Option<Timeouts>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// Such as `pcx-0a1b2c`.
    pub id: Computed<String>,
    /// Such as `active` or `pending-acceptance`.
    pub accept_status: Computed<String>,
}

/// What one VPC allows the other.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Public names of instances stand for their private addresses, when asked for from the other VPC.
    #[serde(default)]
    pub allow_remote_vpc_dns_resolution: bool,
}

/// The other side has to accept it.
const PENDING: &str = "pending-acceptance";

impl Resource for PeeringConnection {
    const TYPE: &'static str = "aws_vpc_peering_connection";
    const IMPORT: &'static [&'static str] = &["pcx-0a1b2c3d4e5f67890"];
    const TAGS: TagApi = TagApi::Ec2;
    const MARKED: bool = true;
    const SOUGHT_BY: &'static [&'static str] = &["auto_accept"];
    const SENT: &'static [&'static str] = &["auto_accept"];
    const READS: Reads =
        Reads::of(&[Cost::page("ec2:DescribeVpcPeeringConnections", 1000)], "a call takes 1,000 ids");
    const BATCH: usize = super::IDS;
    const PATIENCE: Duration = Duration::from_secs(60);
    const PASSING: &'static [&'static [Passing]] = &[EC2, PEERINGS];
    const CREATE_SECONDS: u32 = 2;
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, ids: &[String]) -> Result<Vec<Live<Self>>> {
        let found = described(aws, "vpc-peering-connection-id", ids, async |ids, filters| {
            let call = aws.ec2().describe_vpc_peering_connections();
            let call = call.set_vpc_peering_connection_ids(ids).set_filters(filters);
            Ok(call.into_paginator().items().send().try_collect().await?)
        });
        // AWS shows for some hours what is over.
        let mut found: Vec<sdk::VpcPeeringConnection> = found.await?;
        found.retain(|it| !is_over(it.status.as_ref()));
        // Which of the two ends is ours is a question only where they are of two accounts.
        let account = match found.iter().any(is_of_two_accounts) {
            true => Some(aws.account().await?.id.as_str()),
            false => None,
        };
        Ok(found.into_iter().map(|it| live(account, it)).collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let answer = aws
            .ec2()
            .create_vpc_peering_connection()
            .vpc_id(&**self.vpc_id)
            .peer_vpc_id(&**self.peer_vpc_id)
            .set_peer_owner_id(text(&self.peer_owner_id).map(str::to_owned))
            .set_peer_region(text(&self.peer_region).map(str::to_owned))
            .set_tag_specifications(tagged(ResourceType::VpcPeeringConnection, &new.tags))
            .send()
            .await?;
        let id = answer.vpc_peering_connection.and_then(|it| it.vpc_peering_connection_id);
        let id = id.ok_or(Error::Incomplete("the peering connection's id"))?;
        // It is there: what is refused from here on must not pass for a refusal of the whole.
        let half = |it: Error| match it {
            Error::Invalid(why) => Error::Invalid(why),
            other => Error::Unreached(format!("{id} is asked for, but not seen to its end: {other}")),
        };
        self.accept(aws, &id).await.map_err(half)?;
        Ok(id)
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let id = was.key();
        let word = self.accept(aws, &id).await?;
        let (accepter, requester) =
            (options(&self.accepter, &was.accepter), options(&self.requester, &was.requester));
        if accepter.is_none() && requester.is_none() {
            return Ok(());
        }
        if word != Code::Active.as_str() {
            return Err(Error::Invalid(format!(
                "{id} is `{word}`, and takes options only once it is accepted: accept it on the other side \
                 first, or say `auto_accept = true` where that is this account's and in this region"
            )));
        }
        let call = aws.ec2().modify_vpc_peering_connection_options().vpc_peering_connection_id(&id);
        let call = call.set_accepter_peering_connection_options(accepter);
        call.set_requester_peering_connection_options(requester).send().await?;
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let call = aws.ec2().delete_vpc_peering_connection().vpc_peering_connection_id(self.key());
        match call.send().await.map_err(Error::from) {
            // One that came to nothing goes by itself.
            Err(it)
                if it.code() == Some("InvalidStateTransition") && it.message().contains("to deleting") =>
            {
                Ok(())
            }
            answer => answer.map(drop),
        }
    }

    // CreateVpcPeeringConnection takes no client token.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let Some(id) = marked(aws, &new.token).await? else { return Ok(None) };
        let there = Self::read(&aws.exactly(true), std::slice::from_ref(&id)).await?;
        if there.is_empty() {
            return Ok(None);
        }
        // The create may have been cut off before this part of it.
        self.accept(aws, &id).await?;
        Ok(Some(id))
    }

    fn adjust(plan: &mut Adjust) {
        let accepts = plan.config("auto_accept");
        if plan.was.is_some() || accepts.is_some_and(Value::is_unknown) {
            return;
        }
        if accepts.and_then(Value::as_bool) == Some(true) {
            if plan.config("peer_region").and_then(Value::as_str).is_some_and(|it| !it.is_empty()) {
                let text = "a connection with another region is accepted there: leave out `auto_accept`, or \
                    `peer_region` where that is this one";
                plan.error("peer_region", text);
            }
            return;
        }
        for name in ["accepter", "requester"] {
            if plan.config(name).and_then(Value::as_items).is_some_and(|it| !it.is_empty()) {
                let text = "a new connection takes options only once it is accepted: say \
                    `auto_accept = true`, or add this when the other side has accepted it";
                plan.error(name, text);
            }
        }
    }
}

/// What passes with time for peering connections, besides.
const PEERINGS: &[Passing] = &[
    // Accepted a moment ago.
    Passing::unseen("OperationNotPermitted").saying("is not active"),
];

impl PeeringConnection {
    /// Accepts it, where the stack says so and nobody has; how it stands then.
    async fn accept(&self, aws: &Aws, id: &str) -> Result<String> {
        let word = settled(aws, id, &[Code::InitiatingRequest, Code::Provisioning]).await?;
        if word != PENDING || !self.auto_accept.unwrap_or_default() {
            return Ok(word);
        }
        aws.ec2().accept_vpc_peering_connection().vpc_peering_connection_id(id).send().await?;
        settled(aws, id, &[Code::InitiatingRequest, Code::PendingAcceptance, Code::Provisioning]).await
    }
}

/// AWS's word for how it stands once it is in none of these states any more.
async fn settled(aws: &Aws, id: &str, moving: &[Code]) -> Result<String> {
    let ask = async || {
        let filter = among("vpc-peering-connection-id", &[id.to_owned()]);
        let answer = aws.ec2().describe_vpc_peering_connections().filters(filter).send().await?;
        let found = answer.vpc_peering_connections.unwrap_or_default();
        Ok::<_, Error>(found.into_iter().find_map(|it| it.status))
    };
    let is_end = |it: &Option<sdk::VpcPeeringConnectionStateReason>| {
        it.as_ref().and_then(|it| it.code.as_ref()).is_some_and(|it| !moving.contains(it))
    };
    let last = until(PeeringConnection::PATIENCE, ask, is_end).await?;
    let word: String = seen(last.as_ref().and_then(|it| it.code.clone()));
    if !is_over(last.as_ref()) {
        return Ok(word);
    }
    let why = last.and_then(|it| it.message).filter(|it| !it.is_empty());
    let why = why.unwrap_or("AWS gives no reason".to_owned());
    Err(Error::Invalid(format!("{id} is `{word}`: {why}")))
}

/// What one side is to be told: only what changes. Left out, it stays as it is.
fn options(wanted: &One<Options>, was: &One<Options>) -> Option<sdk::PeeringConnectionOptionsRequest> {
    let changes = wanted.as_ref().filter(|it| was.as_ref() != Some(*it));
    changes.map(|it| {
        let names = it.allow_remote_vpc_dns_resolution;
        sdk::PeeringConnectionOptionsRequest::builder().allow_dns_resolution_from_remote_vpc(names).build()
    })
}

/// Nothing comes of it any more.
fn is_over(it: Option<&sdk::VpcPeeringConnectionStateReason>) -> bool {
    let code = it.and_then(|it| it.code.as_ref());
    matches!(code, Some(Code::Deleted | Code::Expired | Code::Failed | Code::Rejected))
}

fn is_of_two_accounts(it: &sdk::VpcPeeringConnection) -> bool {
    let (asking, asked) = (it.requester_vpc_info(), it.accepter_vpc_info());
    asking.and_then(|it| it.owner_id()) != asked.and_then(|it| it.owner_id())
}

fn live(account: Option<&str>, it: sdk::VpcPeeringConnection) -> Live<PeeringConnection> {
    let end = |it: Option<sdk::VpcPeeringConnectionVpcInfo>| {
        it.unwrap_or_else(|| sdk::VpcPeeringConnectionVpcInfo::builder().build())
    };
    let (asking, asked) = (end(it.requester_vpc_info), end(it.accepter_vpc_info));
    let code = it.status.and_then(|it| it.code);
    // One that another account asked this one for.
    let foreign = account.is_some_and(|it| asked.owner_id() == Some(it) && asking.owner_id() != Some(it));
    let (own, peer) = if foreign { (&asked, &asking) } else { (&asking, &asked) };
    let allows = |it: &sdk::VpcPeeringConnectionVpcInfo| {
        Chosen(One(it.peering_options.as_ref().map(|it| Options {
            allow_remote_vpc_dns_resolution: it.allow_dns_resolution_from_remote_vpc.unwrap_or_default(),
        })))
    };
    let attributes = PeeringConnection {
        vpc_id: seen(own.vpc_id.clone()),
        peer_vpc_id: seen(peer.vpc_id.clone()),
        peer_owner_id: seen(peer.owner_id.clone()),
        peer_region: seen(asked.region.clone()),
        auto_accept: Local(None),
        accepter: allows(&asked),
        requester: allows(&asking),
        timeouts: None,
        tags: None,
        tags_all: Chosen::default(),
        id: seen(it.vpc_peering_connection_id.clone()),
        accept_status: seen(code.clone()),
    };
    let status = match code {
        Some(it @ (Code::InitiatingRequest | Code::Provisioning | Code::Deleting)) => {
            Status::Pending(it.as_str().to_owned())
        }
        _ => Status::Ready,
    };
    Live {
        key: seen(it.vpc_peering_connection_id),
        attributes,
        tags: Some(tags(it.tags)),
        status,
        unread: &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(asking: &str, asked: &str) -> sdk::VpcPeeringConnection {
        let side = |owner: &str, vpc: &str| {
            sdk::VpcPeeringConnectionVpcInfo::builder().owner_id(owner).vpc_id(vpc).build()
        };
        let it = sdk::VpcPeeringConnection::builder().requester_vpc_info(side(asking, "vpc-asking"));
        it.accepter_vpc_info(side(asked, "vpc-asked")).build()
    }

    #[test]
    fn our_own_vpc_comes_first() {
        let seen = |account: Option<&str>, it: sdk::VpcPeeringConnection| {
            let it = live(account, it).attributes;
            (it.vpc_id.0, it.peer_vpc_id.0)
        };
        let (asking, asked) = ("vpc-asking".to_owned(), "vpc-asked".to_owned());
        assert!(!is_of_two_accounts(&of("1", "1")));
        assert_eq!(seen(None, of("1", "1")), (asking.clone(), asked.clone()));
        assert!(is_of_two_accounts(&of("1", "2")));
        assert_eq!(seen(Some("1"), of("1", "2")), (asking.clone(), asked.clone()));
        assert_eq!(seen(Some("2"), of("1", "2")), (asked, asking));
    }

    #[test]
    fn only_the_side_that_changes_is_told() {
        let allows = |it: bool| One(Some(Options { allow_remote_vpc_dns_resolution: it }));
        assert!(options(&allows(true), &allows(true)).is_none());
        assert!(options(&One(None), &allows(true)).is_none());
        let told = options(&allows(false), &allows(true));
        assert_eq!(told.and_then(|it| it.allow_dns_resolution_from_remote_vpc), Some(false));
    }
}
