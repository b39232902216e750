//! The rules of a network ACL.

use aws_sdk_ec2::types::{IcmpTypeCode, NetworkAclEntry, PortRange};
use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::ec2::line::canonical;
use crate::aws::ec2::{protocols, text};
use crate::aws::shape::{seen, sent};
use crate::aws::{Aws, Error, Result};
use crate::lang::{Kind, Value};
use crate::plan::adjust::{self, Adjust};
use crate::resource::Set;

/// One rule: traffic of one kind, from or to one range.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// `allow` or `deny`.
    pub action: String,
    /// The IPv4 range on the other side; or say `ipv6_cidr_block`.
    pub cidr_block: Option<String>,
    /// The first port; 0 where the protocol has none.
    pub from_port: i64,
    /// The ICMP code, -1 for all, where the protocol is `icmp` or `ipv6-icmp`.
    pub icmp_code: Option<i64>,
    /// The ICMP type, -1 for all, where the protocol is `icmp` or `ipv6-icmp`.
    pub icmp_type: Option<i64>,
    /// The IPv6 range on the other side; or say `cidr_block`.
    pub ipv6_cidr_block: Option<String>,
    /// A protocol's name such as `tcp`, its number, or `-1` for all.
    pub protocol: String,
    /// The rule's place, from 1 to 32766: the lowest is tried first.
    pub rule_no: i64,
    /// The last port; 0 where the protocol has none.
    pub to_port: i64,
}

/// The rules at the end of every network ACL, by which nothing passes: of IPv4 and of IPv6.
const LAST: [i32; 2] = [32767, 32768];

/// Not those that AWS writes into every network ACL.
pub fn is_ours(it: &NetworkAclEntry) -> bool {
    it.rule_number.is_none_or(|it| !LAST.contains(&it))
}

/// A rule in a call that makes or changes it.
macro_rules! filled {
    ($entry:expr, $call:expr) => {
        $call
            .set_rule_number(sent(&$entry.rule_no))
            .set_rule_action(sent(&$entry.action))
            .protocol($entry.number())
            .port_range($entry.ports())
            .set_icmp_type_code($entry.icmp())
            .set_cidr_block(text(&$entry.cidr_block).map(str::to_owned))
            .set_ipv6_cidr_block(text(&$entry.ipv6_cidr_block).map(str::to_owned))
    };
}

impl Entry {
    /// The protocol's number, which is all that AWS knows.
    fn number(&self) -> String {
        protocols::number(&self.protocol).map_or_else(|| self.protocol.clone(), |it| it.to_string())
    }

    fn ports(&self) -> PortRange {
        PortRange::builder().set_from(sent(&self.from_port)).set_to(sent(&self.to_port)).build()
    }

    /// AWS insists on both where the protocol is ICMP.
    fn icmp(&self) -> Option<IcmpTypeCode> {
        let said = |it: Option<i64>| sent(&it.unwrap_or_default());
        let it = || IcmpTypeCode::builder().set_code(said(self.icmp_code)).set_type(said(self.icmp_type));
        ["1", "58"].contains(&self.number().as_str()).then(|| it().build())
    }

    /// In AWS's own words.
    fn plain(&self) -> Entry {
        let range = |it: &Option<String>| text(it).map(canonical);
        Entry {
            action: self.action.to_lowercase(),
            cidr_block: range(&self.cidr_block),
            icmp_code: Some(self.icmp_code.unwrap_or_default()),
            icmp_type: Some(self.icmp_type.unwrap_or_default()),
            ipv6_cidr_block: range(&self.ipv6_cidr_block),
            protocol: self.number(),
            ..*self
        }
    }

    /// Whether two spellings are of one rule.
    fn means(&self, other: &Entry) -> bool {
        self.plain() == other.plain()
    }

    fn is_among(&self, all: &[Entry]) -> bool {
        all.iter().any(|it| it.means(self))
    }

    async fn delete(&self, aws: &Aws, acl: &str, egress: bool) -> Result<()> {
        let call = aws.ec2().delete_network_acl_entry().network_acl_id(acl).egress(egress);
        match call.set_rule_number(sent(&self.rule_no)).send().await.map_err(Error::from) {
            Err(it) if !it.is_missing() => Err(it),
            _ => Ok(()),
        }
    }

    /// The network ACL says what stands in it: a number that an attempt without an answer has taken, too.
    async fn put(&self, aws: &Aws, acl: &str, egress: bool) -> Result<()> {
        let call = aws.ec2().create_network_acl_entry().network_acl_id(acl).egress(egress);
        match filled!(self, call).send().await.map_err(Error::from) {
            Err(it) if it.code() == Some("NetworkAclEntryAlreadyExists") => {
                let call = aws.ec2().replace_network_acl_entry().network_acl_id(acl).egress(egress);
                filled!(self, call).send().await?;
                Ok(())
            }
            answer => answer.map(drop),
        }
    }
}

impl From<NetworkAclEntry> for Entry {
    fn from(it: NetworkAclEntry) -> Self {
        let (icmp, ports) = (it.icmp_type_code, it.port_range);
        Entry {
            action: seen(it.rule_action),
            cidr_block: it.cidr_block,
            from_port: seen(ports.as_ref().and_then(|it| it.from)),
            icmp_code: Some(seen(icmp.as_ref().and_then(|it| it.code))),
            icmp_type: Some(seen(icmp.as_ref().and_then(|it| it.r#type))),
            ipv6_cidr_block: it.ipv6_cidr_block,
            protocol: seen(it.protocol),
            rule_no: seen(it.rule_number),
            to_port: seen(ports.as_ref().and_then(|it| it.to)),
        }
    }
}

/// Makes the rules of one direction what is wanted; one that changes goes first, and comes again.
pub async fn change(
    aws: &Aws,
    acl: &str,
    egress: bool,
    wanted: &Option<Set<Entry>>,
    had: &Option<Set<Entry>>,
) -> Result<()> {
    // Left out, they are someone else's.
    let Some(Set(wanted)) = wanted else { return Ok(()) };
    let had = had.as_ref().map(|it| it.0.as_slice()).unwrap_or_default();
    for it in had.iter().filter(|it| !it.is_among(wanted)) {
        it.delete(aws, acl, egress).await?;
    }
    for it in wanted.iter().filter(|it| !it.is_among(had)) {
        it.put(aws, acl, egress).await?;
    }
    Ok(())
}

/// AWS tells the numbers of protocols only: what was kept by its name keeps it.
pub fn as_kept(found: &mut Option<Set<Entry>>, kept: &Option<Set<Entry>>) {
    let kept = kept.as_ref().map(|it| it.0.as_slice()).unwrap_or_default();
    for it in found.iter_mut().flat_map(|it| it.0.iter_mut()) {
        if let Some(same) = kept.iter().find(|kept| kept.means(it)) {
            *it = same.clone();
        }
    }
}

/// A rule of which all is known.
fn known(rule: &Value) -> Option<Entry> {
    rule.wholly_known().then(|| serde_json::from_value(rule.to_json()).ok()).flatten()
}

/// Another spelling of a rule that stands already changes nothing. Says what is wrong with the others.
pub fn adjust(plan: &mut Adjust, name: &str) {
    let Some(rules) = plan.will(name) else { return };
    let (Kind::Set(ty, rules), marks) = (&rules.kind, rules.marks) else { return };
    let was = plan.was.as_ref().and_then(|it| it.get(name)).and_then(Value::as_items).unwrap_or_default();
    let had: Vec<(Entry, &Value)> = was.iter().filter_map(|it| Some((known(it)?, it))).collect();
    let spelled = |rule: &Value| {
        let same = known(rule).and_then(|rule| had.iter().find(|it| it.0.means(&rule)));
        same.map_or(rule, |it| it.1).clone()
    };
    let wrong = rules.iter().find_map(problem).or_else(|| twice(rules));
    let rules = Value::set(ty.clone(), rules.iter().map(spelled).collect()).marked(marks);
    plan.set(name, rules);
    if let Some(wrong) = wrong {
        plan.error(name, wrong);
    }
}

fn number(rule: &Value, name: &str) -> Option<i64> {
    rule.get(name).and_then(Value::as_number).and_then(|it| it.to_i64())
}

/// AWS tells rules of one direction apart by their numbers.
fn twice(rules: &[Value]) -> Option<String> {
    let mut numbers: Vec<i64> = rules.iter().filter_map(|it| number(it, "rule_no")).collect();
    numbers.sort_unstable();
    let twice = numbers.windows(2).find(|it| it[0] == it[1])?;
    Some(format!("two rules have the `rule_no` {}: give each a number of its own", twice[0]))
}

/// What is wrong with a rule, as far as it is known.
fn problem(rule: &Value) -> Option<String> {
    let written = |name| Some(adjust::text(rule.get(name))).filter(|it| !it.is_empty());
    let action = written("action");
    if action.is_some_and(|it| !["allow", "deny"].contains(&it.to_lowercase().as_str())) {
        return Some("the `action` of a rule is `allow` or `deny`".to_owned());
    }
    let protocol = written("protocol").map(|it| (it, protocols::number(it)));
    if let Some((it, None)) = protocol {
        return Some(format!("`{it}` is no protocol: say a name such as `tcp`, a number, or `-1` for all"));
    }
    let ports = [number(rule, "from_port"), number(rule, "to_port")];
    if ports.iter().flatten().any(|it| !(0..=65535).contains(it)) {
        return Some("ports of a rule are numbers from 0 to 65535".to_owned());
    }
    let all = protocol.and_then(|it| it.1) == Some(protocols::ALL);
    if all && ports.iter().flatten().any(|it| *it != 0) {
        return Some("`from_port` and `to_port` are 0 where the protocol is `-1` (all of them)".to_owned());
    }
    if number(rule, "rule_no").is_some_and(|it| !(1..=32766).contains(&it)) {
        return Some("the `rule_no` of a rule is a number from 1 to 32766".to_owned());
    }
    ranges(rule)
}

/// A rule is about one range.
fn ranges(rule: &Value) -> Option<String> {
    let of = |name| rule.get(name).filter(|it| !adjust::is_nothing(it));
    let (four, six) = (of("cidr_block"), of("ipv6_cidr_block"));
    let unknown = |it: Option<&Value>| it.is_some_and(Value::is_unknown);
    let open = unknown(four) || unknown(six);
    if four.is_none() && six.is_none() || four.is_some() && six.is_some() && !open {
        return Some("a rule says either `cidr_block` or `ipv6_cidr_block`".to_owned());
    }
    let whole = |it: &str| it.parse::<IpNet>().ok().filter(|it| *it == it.trunc());
    let range = |it: Option<&Value>| it.and_then(Value::as_str).map(whole);
    if range(four).is_some_and(|it| !matches!(it, Some(IpNet::V4(_)))) {
        return Some("`cidr_block` of a rule is a range of IPv4 addresses such as `10.0.0.0/16`".to_owned());
    }
    let wrong = range(six).is_some_and(|it| !matches!(it, Some(IpNet::V6(_))));
    wrong.then(|| {
        "`ipv6_cidr_block` of a rule is a range of IPv6 addresses such as `2001:db8::/32`".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn https() -> Entry {
        Entry {
            action: "allow".to_owned(),
            cidr_block: Some("0.0.0.0/0".to_owned()),
            from_port: 443,
            protocol: "tcp".to_owned(),
            rule_no: 100,
            to_port: 443,
            ..Entry::default()
        }
    }

    fn value(it: &Entry) -> Value {
        Value::from_json_implied(&serde_json::to_value(it).unwrap()).unwrap()
    }

    #[test]
    fn spellings_of_one_rule() {
        let told = Entry {
            action: "ALLOW".to_owned(),
            icmp_code: Some(0),
            ipv6_cidr_block: Some(String::new()),
            protocol: "6".to_owned(),
            ..https()
        };
        assert!(told.means(&https()));
        let mut found = Some(Set(vec![told]));
        as_kept(&mut found, &Some(Set(vec![https()])));
        assert_eq!(found, Some(Set(vec![https()])));
        assert!(!https().means(&Entry { to_port: 444, ..https() }));
    }

    #[test]
    fn only_icmp_has_types() {
        assert!(https().icmp().is_none());
        let ping = Entry { protocol: "icmp".to_owned(), icmp_type: Some(8), ..https() };
        assert_eq!(ping.icmp().map(|it| (it.r#type, it.code)), Some((Some(8), Some(0))));
    }

    #[test]
    fn what_is_wrong_with_a_rule() {
        assert_eq!(problem(&value(&https())), None);
        let six = || Some("::/0".to_owned());
        let wrong = [
            Entry { action: "pass".to_owned(), ..https() },
            Entry { protocol: "https".to_owned(), ..https() },
            Entry { protocol: "all".to_owned(), ..https() },
            Entry { to_port: 70_000, ..https() },
            Entry { rule_no: 32_767, ..https() },
            Entry { cidr_block: None, ..https() },
            Entry { ipv6_cidr_block: six(), ..https() },
            Entry { cidr_block: six(), ..https() },
            Entry { cidr_block: Some("10.0.0.1/8".to_owned()), ..https() },
        ];
        for it in wrong {
            assert!(problem(&value(&it)).is_some(), "{it:?}");
        }
        let both = [value(&https()), value(&Entry { protocol: "udp".to_owned(), ..https() })];
        assert!(twice(&both).is_some() && twice(&both[..1]).is_none());
    }
}
