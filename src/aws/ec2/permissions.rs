//! The rules inside a security group: how AWS groups them, and how a stack does.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::{IpPermission, IpRange, Ipv6Range, PrefixListId, UserIdGroupPair};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::lang::{Kind, Value};
use crate::plan::adjust::Adjust;
use crate::resource::Set;

/// Traffic that a security group lets through.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// IPv4 ranges.
    #[serde(default)]
    #[schemars(extend("format" = "cidr4"))]
    pub cidr_blocks: Vec<String>,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// The first port, or the ICMP type; 0 where the protocol is `-1`.
    pub from_port: i64,
    /// IPv6 ranges.
    #[serde(default)]
    #[schemars(extend("format" = "cidr6"))]
    pub ipv6_cidr_blocks: Vec<String>,
    /// Managed lists of ranges.
    #[serde(default)]
    pub prefix_list_ids: Vec<String>,
    /// `tcp`, `udp`, `icmp`, `icmpv6`, a protocol's number, or `-1` for all.
    pub protocol: String,
    /// Other security groups; `account/id` where another account's.
    #[serde(default)]
    pub security_groups: Set<String>,
    /// The group itself.
    #[serde(default, rename = "self")]
    pub itself: bool,
    /// The last port, or the ICMP code; 0 where the protocol is `-1`.
    pub to_port: i64,
}

/// One source or target of one rule: the grain at which AWS adds and removes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Atom {
    class: Class,
    peer: Peer,
}

/// What AWS groups by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Class {
    protocol: String,
    from: i64,
    to: i64,
    description: String,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Peer {
    Range(String),
    Range6(String),
    Prefixes(String),
    Group(String),
    Itself,
}

/// A protocol's name as AWS answers it.
pub fn protocol(written: &str) -> String {
    match written.to_lowercase().as_str() {
        "all" | "-1" => "-1",
        "6" => "tcp",
        "17" => "udp",
        "1" => "icmp",
        "58" => "icmpv6",
        other => return other.to_owned(),
    }
    .to_owned()
}

impl Rule {
    fn atoms(&self) -> Vec<Atom> {
        let class = Class {
            protocol: protocol(&self.protocol),
            from: self.from_port,
            to: self.to_port,
            description: self.description.clone(),
        };
        let peers = (self.itself.then_some(Peer::Itself).into_iter())
            .chain(self.cidr_blocks.iter().cloned().map(Peer::Range))
            .chain(self.ipv6_cidr_blocks.iter().cloned().map(Peer::Range6))
            .chain(self.prefix_list_ids.iter().cloned().map(Peer::Prefixes))
            .chain(self.security_groups.iter().cloned().map(Peer::Group));
        peers.map(|peer| Atom { class: class.clone(), peer }).collect()
    }

    fn of(class: Class) -> Rule {
        Rule {
            protocol: class.protocol,
            from_port: class.from,
            to_port: class.to,
            description: class.description,
            ..Rule::default()
        }
    }

    fn take(&mut self, peer: Peer) {
        match peer {
            Peer::Range(it) => self.cidr_blocks.push(it),
            Peer::Range6(it) => self.ipv6_cidr_blocks.push(it),
            Peer::Prefixes(it) => self.prefix_list_ids.push(it),
            Peer::Group(it) => self.security_groups.push(it),
            Peer::Itself => self.itself = true,
        }
    }

    fn permission(self, group: &str) -> IpPermission {
        let all = self.protocol == "-1";
        let port = |it: i64| if all { None } else { i32::try_from(it).ok() };
        let said = (!self.description.is_empty()).then_some(self.description);
        let mut out = IpPermission::builder()
            .ip_protocol(self.protocol)
            .set_from_port(port(self.from_port))
            .set_to_port(port(self.to_port));
        for it in self.cidr_blocks {
            out = out.ip_ranges(IpRange::builder().cidr_ip(it).set_description(said.clone()).build());
        }
        for it in self.ipv6_cidr_blocks {
            out = out.ipv6_ranges(Ipv6Range::builder().cidr_ipv6(it).set_description(said.clone()).build());
        }
        for it in self.prefix_list_ids {
            let list = PrefixListId::builder().prefix_list_id(it).set_description(said.clone());
            out = out.prefix_list_ids(list.build());
        }
        let itself = self.itself.then(|| group.to_owned());
        for it in self.security_groups.0.into_iter().chain(itself) {
            let (owner, id) = match it.split_once('/') {
                Some((owner, id)) => (Some(owner.to_owned()), id),
                None => (None, it.as_str()),
            };
            let pair = UserIdGroupPair::builder().group_id(id).set_user_id(owner);
            out = out.user_id_group_pairs(pair.set_description(said.clone()).build());
        }
        out.build()
    }
}

/// Rules of one protocol, port range and description become one rule, as AWS keeps them.
fn gather(atoms: impl IntoIterator<Item = Atom>) -> Vec<Rule> {
    let mut out = IndexMap::<Class, Rule>::new();
    for Atom { class, peer } in atoms {
        out.entry(class.clone()).or_insert_with(|| Rule::of(class)).take(peer);
    }
    out.into_values().collect()
}

/// As AWS sees them, `gather`ed.
pub fn permissions(atoms: Vec<Atom>, group: &str) -> Vec<IpPermission> {
    gather(atoms).into_iter().map(|it| it.permission(group)).collect()
}

/// What to take away and what to add so that `was` becomes `wanted`, however either groups them.
pub fn changes(wanted: &[Rule], was: &[Rule]) -> (Vec<Atom>, Vec<Atom>) {
    let atoms = |rules: &[Rule]| rules.iter().flat_map(Rule::atoms).collect::<BTreeSet<_>>();
    let (wanted, was) = (atoms(wanted), atoms(was));
    (was.difference(&wanted).cloned().collect(), wanted.difference(&was).cloned().collect())
}

/// What AWS answers, of the group `id` that `owner` owns.
pub fn seen(answer: Option<Vec<IpPermission>>, id: &str, owner: &str) -> Set<Rule> {
    let atoms = answer.into_iter().flatten().flat_map(|it| atoms_of(it, id, owner));
    Set(gather(atoms))
}

fn atoms_of(it: IpPermission, id: &str, owner: &str) -> Vec<Atom> {
    let class = |description: Option<String>| Class {
        protocol: it.ip_protocol.clone().unwrap_or_default(),
        from: it.from_port.unwrap_or(0).into(),
        to: it.to_port.unwrap_or(0).into(),
        description: description.unwrap_or_default(),
    };
    let mut out = Vec::new();
    let mut add = |said: Option<String>, peer: Option<Peer>| {
        out.extend(peer.map(|peer| Atom { class: class(said), peer }));
    };
    for it in it.ip_ranges.into_iter().flatten() {
        add(it.description, it.cidr_ip.map(Peer::Range));
    }
    for it in it.ipv6_ranges.into_iter().flatten() {
        add(it.description, it.cidr_ipv6.map(Peer::Range6));
    }
    for it in it.prefix_list_ids.into_iter().flatten() {
        add(it.description, it.prefix_list_id.map(Peer::Prefixes));
    }
    for it in it.user_id_group_pairs.into_iter().flatten() {
        let foreign = it.user_id.filter(|it| !it.is_empty() && it != owner);
        let peer = match (it.group_id, foreign) {
            (Some(group), None) if group == id => Some(Peer::Itself),
            (Some(group), None) => Some(Peer::Group(group)),
            (Some(group), Some(account)) => Some(Peer::Group(format!("{account}/{group}"))),
            (None, _) => None,
        };
        add(it.description, peer);
    }
    out
}

/// AWS joins rules that a stack may have written apart: those of `kept` that stand at AWS in full
/// are given back as written, and what is left over as AWS groups it.
pub fn as_kept(found: &[Rule], kept: &[Rule]) -> Set<Rule> {
    let mut left: BTreeSet<Atom> = found.iter().flat_map(Rule::atoms).collect();
    let mut out = Vec::new();
    for rule in kept {
        let atoms = rule.atoms();
        if !atoms.is_empty() && atoms.iter().all(|it| left.contains(it)) {
            atoms.iter().for_each(|it| _ = left.remove(it));
            out.push(Rule { protocol: protocol(&rule.protocol), ..rule.clone() });
        }
    }
    out.extend(gather(left));
    Set(out)
}

/// Brings the planned rules of attribute `name` into the form that the state keeps (nothing null,
/// protocols by name), and refuses ports where the protocol has none.
pub fn adjust(plan: &mut Adjust, name: &str) {
    let Some(rules) = plan.will(name) else { return };
    let (Kind::Set(ty, items), marks) = (&rules.kind, rules.marks) else { return };
    let (ty, items) = (ty.clone(), items.iter().map(settle).collect::<Vec<_>>());
    if items.iter().any(ports_of_all) {
        plan.error(name, "from_port and to_port must both be 0 where the protocol is \"-1\" (all of them)");
    }
    let set: Value = Kind::Set(ty, items.into()).into();
    plan.set(name, set.marked(marks));
}

fn settle(rule: &Value) -> Value {
    let Some(fields) = rule.as_fields() else { return rule.clone() };
    let mut fields = fields.clone();
    for (name, it) in &mut fields {
        let settled = match (&**name, &it.kind) {
            ("description", Kind::Null(_)) => Some("".into()),
            ("self", Kind::Null(_)) => Some(false.into()),
            ("protocol", Kind::String(text)) => Some(protocol(text).into()),
            (_, Kind::Null(crate::lang::Type::List(of))) => Some(Value::list((**of).clone(), Vec::new())),
            (_, Kind::Null(crate::lang::Type::Set(of))) => {
                Some(Kind::Set((**of).clone(), Vec::new().into()).into())
            }
            _ => None,
        };
        if let Some(settled) = settled {
            *it = settled.marked(it.marks);
        }
    }
    Value::object(fields).marked(rule.marks)
}

fn ports_of_all(rule: &Value) -> bool {
    let all = rule.get("protocol").and_then(Value::as_str) == Some("-1");
    let port =
        |name: &str| rule.get(name).is_some_and(|it| matches!(it.kind, Kind::Number(_)) && *it != 0.into());
    all && (port("from_port") || port("to_port"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(port: i64, ranges: &[&str]) -> Rule {
        let cidr_blocks = ranges.iter().map(|it| (*it).to_owned()).collect();
        Rule { from_port: port, to_port: port, protocol: "tcp".into(), cidr_blocks, ..Rule::default() }
    }

    #[test]
    fn rules_keep_the_form_they_were_written_in() {
        let kept = [rule(80, &["10.0.0.0/8"]), rule(80, &["192.168.0.0/16"])];
        let found = [rule(80, &["192.168.0.0/16", "10.0.0.0/8"])];
        assert_eq!(as_kept(&found, &kept), Set(kept.to_vec()));
        let more = [rule(80, &["192.168.0.0/16", "10.0.0.0/8", "1.2.3.4/32"])];
        assert_eq!(as_kept(&more, &kept).last(), Some(&rule(80, &["1.2.3.4/32"])));
    }

    #[test]
    fn a_range_changes_alone() {
        let (remove, add) = changes(
            &[rule(80, &["10.0.0.0/8", "1.0.0.0/8"])],
            &[rule(80, &["10.0.0.0/8"]), rule(22, &["10.0.0.0/8"])],
        );
        assert_eq!(gather(remove), [rule(22, &["10.0.0.0/8"])]);
        assert_eq!(gather(add), [rule(80, &["1.0.0.0/8"])]);
    }

    #[test]
    fn numbers_of_protocols_have_names() {
        assert_eq!(["ALL", "6", "TCP", "50"].map(protocol), ["-1", "tcp", "tcp", "50"]);
    }
}
