mod key;

use std::time::Duration;

use aws_sdk_ec2::types::{IpPermission, SecurityGroup, SecurityGroupRule};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use key::{RuleKey, import};

use super::permissions::protocol;
use super::{EC2, among, groups};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::{Kind, Value};
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// Lets traffic of one kind through a security group: from or to several ranges at once, or one other group.
///
/// The older form of `aws_vpc_security_group_ingress_rule` and `aws_vpc_security_group_egress_rule`, which are
/// better: they know each rule by its id.
///
/// ```toml
/// [aws_security_group_rule.https]
/// security_group_id = "${aws_security_group.web.id}"
/// type = "ingress"
/// protocol = "tcp"
/// from_port = 443
/// to_port = 443
/// cidr_blocks = ["0.0.0.0/0"]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The group that the rule belongs to.
    pub security_group_id: Fixed<String>,
    /// `ingress` for what comes in, `egress` for what goes out.
    #[serde(rename = "type")]
    #[schemars(extend("enum" = ["ingress", "egress"]))]
    pub direction: Fixed<String>,
    /// `tcp`, `udp`, `icmp`, `icmpv6`, a protocol's number, or `-1` for all.
    pub protocol: Fixed<String>,
    /// The first port, or the ICMP type; 0 where the protocol is `-1`.
    pub from_port: Fixed<i64>,
    /// The last port, or the ICMP code; 0 where the protocol is `-1`.
    pub to_port: Fixed<i64>,
    /// IPv4 ranges on the other side.
    pub cidr_blocks: Fixed<Option<Vec<Cidr>>>,
    /// IPv6 ranges on the other side.
    pub ipv6_cidr_blocks: Fixed<Option<Vec<Cidr>>>,
    /// Managed lists of ranges on the other side.
    pub prefix_list_ids: Fixed<Option<Vec<String>>>,
    /// A security group on the other side; `account/id` where another account's.
    pub source_security_group_id: Chosen<Fixed<Option<String>>>,
    /// The group itself is on the other side.
    #[serde(default, rename = "self")]
    pub itself: Fixed<bool>,
    /// What it is for.
    #[schemars(length(max = 255), regex(pattern = r"^[0-9A-Za-z_ .:/()#,@\[\]+=&;{}!$*-]*$"))]
    pub description: Option<String>,
    pub timeouts: Option<TimeoutsCreate>,
    /// Made of what the rule says: `sgrule-` and a number.
    pub id: Computed<String>,
    /// Such as `sgr-0a1b2c`, where there is one range or group on the other side.
    pub security_group_rule_id: Computed<String>,
}

/// The other side: a rule has at least one of them.
const PEERS: [&str; 5] =
    ["cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "self", "source_security_group_id"];

impl Resource for Rule {
    const TYPE: &'static str = "aws_security_group_rule";
    const SOUGHT_BY: &'static [&'static str] = &["description"];
    const SCHEMA_VERSION: u64 = 2;
    const IMPORT: &'static [&'static str] = &["sg-0a1b2c3d4e5f67890_ingress_tcp_8000_8000_10.0.3.0/24"];
    const TAGS: TagApi = TagApi::None;
    const READS: Reads = Reads::of(
        &[Cost::page("ec2:DescribeSecurityGroups", 1000).pooled()],
        "a call takes 1,000 ids of groups, with all their rules",
    );
    const BATCH: usize = super::IDS;
    const PATIENCE: Duration = Duration::from_secs(300);
    const PASSING: &'static [&'static [Passing]] = &[EC2];
    type Key = RuleKey;

    fn key(&self) -> RuleKey {
        let texts = |it: &Option<Vec<Cidr>>| it.iter().flatten().map(|it| it.0.clone()).collect();
        let source = self.source_security_group_id.as_deref().filter(|it| !it.is_empty());
        let own = source == Some(&self.security_group_id);
        RuleKey {
            group: self.security_group_id.0.clone(),
            egress: *self.direction == "egress",
            protocol: protocol(&self.protocol),
            from: *self.from_port,
            to: *self.to_port,
            ranges: texts(&self.cidr_blocks),
            ranges6: texts(&self.ipv6_cidr_blocks),
            lists: self.prefix_list_ids.0.clone().unwrap_or_default(),
            itself: *self.itself || own,
            source: source.filter(|_| !own).map(str::to_owned),
        }
        .canonical()
    }

    fn import(id: &str) -> Result<RuleKey> {
        import(id)
    }

    async fn read(aws: &Aws, keys: &[RuleKey]) -> Result<Vec<Live<Self>>> {
        let mut ids: Vec<String> = keys.iter().map(|it| it.group.clone()).collect();
        ids.sort();
        ids.dedup();
        let groups = groups::by_ids(aws, &ids).await?;
        // Only the rules' own call tells their ids, which stay the same: a refresh does not ask.
        let rules = match aws.exact() {
            true => rules(aws, &ids).await?,
            false => Vec::new(),
        };
        let unread: &[&str] = if aws.exact() { &[] } else { &["security_group_rule_id"] };
        let one = |key: &RuleKey| {
            let group = groups.iter().find(|it| it.group_id.as_ref() == Some(&key.group))?;
            let description = described(key, group)?;
            Some(Live { unread, ..live(key, description, key.id_among(&rules)) })
        };
        Ok(keys.iter().filter_map(one).collect())
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<RuleKey> {
        let (key, permission) = (self.key(), self.permission());
        if key.egress {
            let call = aws.ec2().authorize_security_group_egress().group_id(&key.group);
            call.ip_permissions(permission).send().await?;
        } else {
            let call = aws.ec2().authorize_security_group_ingress().group_id(&key.group);
            call.ip_permissions(permission).send().await?;
        }
        Ok(key)
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let text = |it: &Option<String>| it.clone().unwrap_or_default();
        if text(&self.description) == text(&was.description) {
            return Ok(());
        }
        let (key, permission) = (was.key(), self.permission());
        if key.egress {
            let call = aws.ec2().update_security_group_rule_descriptions_egress().group_id(&key.group);
            call.ip_permissions(permission).send().await?;
        } else {
            let call = aws.ec2().update_security_group_rule_descriptions_ingress().group_id(&key.group);
            call.ip_permissions(permission).send().await?;
        }
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let (key, permission) = (self.key(), self.permission());
        if key.egress {
            let call = aws.ec2().revoke_security_group_egress().group_id(&key.group);
            call.ip_permissions(permission).send().await?;
        } else {
            let call = aws.ec2().revoke_security_group_ingress().group_id(&key.group);
            call.ip_permissions(permission).send().await?;
        }
        Ok(())
    }

    // It says exactly what ours would say, and a group holds one of it.
    async fn find(&self, aws: &Aws, _new: &New) -> Result<Option<RuleKey>> {
        let key = self.key();
        let found = groups::by_ids(&aws.exactly(true), std::slice::from_ref(&key.group)).await?;
        let said = found.iter().find_map(|it| described(&key, it));
        let wanted = self.description.clone().unwrap_or_default();
        Ok((said == Some(wanted)).then_some(key))
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        // The key has the ranges sorted, and AWS names protocols given by number.
        self.cidr_blocks = kept.cidr_blocks.clone();
        self.ipv6_cidr_blocks = kept.ipv6_cidr_blocks.clone();
        self.prefix_list_ids = kept.prefix_list_ids.clone();
        self.itself = kept.itself.clone();
        self.source_security_group_id = kept.source_security_group_id.clone();
        self
    }

    fn adjust(plan: &mut Adjust) {
        if PEERS.iter().all(|it| plan.config(it).is_none()) {
            let text = format!("a rule has another side: say one of `{}`", PEERS.join("`, `"));
            plan.error("security_group_id", text);
        }
        for other in ["cidr_blocks", "ipv6_cidr_blocks"] {
            plan.at_most_one(&[other, "source_security_group_id"]);
            plan.at_most_one(&[other, "self"]);
        }
        plan.at_most_one(&["self", "source_security_group_id"]);
        for (name, other, six) in
            [("cidr_blocks", "ipv6_cidr_blocks", false), ("ipv6_cidr_blocks", "cidr_blocks", true)]
        {
            let ranges = plan.config(name).and_then(Value::as_items).unwrap_or_default();
            let wrong = ranges.iter().filter_map(Value::as_str).find(|it| it.contains(':') != six);
            if let Some(wrong) = wrong.map(str::to_owned) {
                plan.error(name, format!("`{wrong}` belongs into `{other}`"));
            }
        }
        // The state holds names of protocols, and no ports where the protocol has none.
        let Some(written) = plan.will("protocol").and_then(Value::as_str).map(protocol) else { return };
        plan.set("protocol", written.as_str().into());
        let known = |it: &Value| matches!(it.kind, Kind::Number(_));
        for port in ["from_port", "to_port"] {
            if written == "-1" && plan.will(port).is_some_and(known) {
                plan.set(port, 0.into());
            }
        }
    }
}

impl Rule {
    fn permission(&self) -> IpPermission {
        self.key().permission(self.description.as_deref().filter(|it| !it.is_empty()))
    }
}

async fn rules(aws: &Aws, ids: &[String]) -> Result<Vec<SecurityGroupRule>> {
    let mut out = Vec::new();
    for some in ids.chunks(super::FILTER) {
        let call = aws.ec2().describe_security_group_rules().filters(among("group-id", some));
        let found: std::result::Result<Vec<_>, _> = call.into_paginator().items().send().try_collect().await;
        out.extend(found.map_err(Error::from)?);
    }
    Ok(out)
}

/// What a group says the rule is for; `None` where it does not have all of the rule.
fn described(key: &RuleKey, group: &SecurityGroup) -> Option<String> {
    let all = match key.egress {
        true => &group.ip_permissions_egress,
        false => &group.ip_permissions,
    };
    key.described(all.as_deref().unwrap_or_default())
}

fn live(key: &RuleKey, description: String, rule: Option<String>) -> Live<Rule> {
    let cidrs = |all: &[String]| {
        let all: Vec<Cidr> = all.iter().map(|it| Cidr(it.clone())).collect();
        Fixed(Some(all).filter(|it| !it.is_empty()))
    };
    let attributes = Rule {
        security_group_id: Fixed(key.group.clone()),
        direction: Fixed(if key.egress { "egress" } else { "ingress" }.to_owned()),
        protocol: Fixed(key.protocol.clone()),
        from_port: Fixed(key.from),
        to_port: Fixed(key.to),
        cidr_blocks: cidrs(&key.ranges),
        ipv6_cidr_blocks: cidrs(&key.ranges6),
        prefix_list_ids: Fixed(Some(key.lists.clone()).filter(|it| !it.is_empty())),
        source_security_group_id: Chosen(Fixed(key.source.clone())),
        itself: Fixed(key.itself),
        description: Some(description).filter(|it| !it.is_empty()),
        timeouts: None,
        id: Computed(key.id()),
        security_group_rule_id: Computed(rule.unwrap_or_default()),
    };
    Live { key: key.clone(), attributes, tags: None, status: Status::Ready, unread: &[] }
}
