//! What finds a rule: all that it says but for what it is for.

use aws_sdk_ec2::types::{
    IpPermission, IpRange, Ipv6Range, PrefixListId, SecurityGroupRule, UserIdGroupPair,
};
use serde::{Deserialize, Serialize};

use crate::aws::ec2::permissions::protocol;
use crate::aws::ec2::route::crc32;
use crate::aws::{Error, Result};

/// Ranges and lists are sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RuleKey {
    pub group: String,
    pub egress: bool,
    pub protocol: String,
    pub from: i64,
    pub to: i64,
    pub ranges: Vec<String>,
    pub ranges6: Vec<String>,
    pub lists: Vec<String>,
    pub itself: bool,
    /// `account/id`, or `id` alone.
    pub source: Option<String>,
}

/// What stands between the parts of an import id.
const BETWEEN: char = '_';

impl RuleKey {
    /// One of all that mean the same.
    pub fn canonical(mut self) -> Self {
        if self.protocol == "-1" {
            (self.from, self.to) = (0, 0);
        }
        for all in [&mut self.ranges, &mut self.ranges6, &mut self.lists] {
            all.sort();
        }
        self
    }

    fn direction(&self) -> &'static str {
        if self.egress { "egress" } else { "ingress" }
    }

    /// The groups on the other side: account and id.
    fn groups(&self) -> Vec<(Option<&str>, &str)> {
        let split = |it: &'_ str| it.find('/');
        let source = self.source.as_deref().map(|it| match split(it) {
            Some(at) => (Some(&it[..at]), &it[at + 1..]),
            None => (None, it),
        });
        self.itself.then_some((None, self.group.as_str())).into_iter().chain(source).collect()
    }

    /// As the calls take it.
    pub fn permission(&self, description: Option<&str>) -> IpPermission {
        let said = || description.map(str::to_owned);
        let port = |it: i64| if self.protocol == "-1" { None } else { i32::try_from(it).ok() };
        let mut out = IpPermission::builder()
            .ip_protocol(&self.protocol)
            .set_from_port(port(self.from))
            .set_to_port(port(self.to));
        for it in &self.ranges {
            out = out.ip_ranges(IpRange::builder().cidr_ip(it).set_description(said()).build());
        }
        for it in &self.ranges6 {
            out = out.ipv6_ranges(Ipv6Range::builder().cidr_ipv6(it).set_description(said()).build());
        }
        for it in &self.lists {
            let list = PrefixListId::builder().prefix_list_id(it).set_description(said());
            out = out.prefix_list_ids(list.build());
        }
        for (account, id) in self.groups() {
            let pair = UserIdGroupPair::builder().group_id(id).set_user_id(account.map(str::to_owned));
            out = out.user_id_group_pairs(pair.set_description(said()).build());
        }
        out.build()
    }

    /// What the first of its parts is for that says so, where a group has all of them.
    pub fn described(&self, group: &[IpPermission]) -> Option<String> {
        let alike = |it: &&IpPermission| {
            let port = |it: Option<i32>, own: i64| it.is_none_or(|it| i64::from(it) == own);
            it.ip_protocol() == Some(&self.protocol)
                && (self.protocol == "-1" || port(it.from_port, self.from) && port(it.to_port, self.to))
        };
        let there: Vec<&IpPermission> = group.iter().filter(alike).collect();
        let mut said = String::new();
        let mut note = |found: Option<Option<&str>>| {
            let description = found?.unwrap_or_default();
            if said.is_empty() {
                said = description.to_owned();
            }
            Some(())
        };
        for own in &self.ranges {
            let mut all = there.iter().flat_map(|it| it.ip_ranges());
            note(all.find(|it| it.cidr_ip() == Some(own)).map(|it| it.description()))?;
        }
        for own in &self.ranges6 {
            let mut all = there.iter().flat_map(|it| it.ipv6_ranges());
            note(all.find(|it| it.cidr_ipv6() == Some(own)).map(|it| it.description()))?;
        }
        for own in &self.lists {
            let mut all = there.iter().flat_map(|it| it.prefix_list_ids());
            note(all.find(|it| it.prefix_list_id() == Some(own)).map(|it| it.description()))?;
        }
        for (_, own) in self.groups() {
            let mut all = there.iter().flat_map(|it| it.user_id_group_pairs());
            note(all.find(|it| it.group_id() == Some(own)).map(|it| it.description()))?;
        }
        Some(said)
    }

    /// The id that AWS has given it, where it is a single rule to AWS.
    pub fn id_among(&self, rules: &[SecurityGroupRule]) -> Option<String> {
        let groups = self.groups();
        if self.ranges.len() + self.ranges6.len() + self.lists.len() + groups.len() != 1 {
            return None;
        }
        let port = |it: Option<i32>, own: i64| it.is_none_or(|it| i64::from(it) == own);
        let is = |it: &&SecurityGroupRule| {
            let peer = it.referenced_group_info().and_then(|it| it.group_id());
            it.group_id() == Some(&self.group)
                && it.is_egress.unwrap_or_default() == self.egress
                && it.ip_protocol() == Some(&self.protocol)
                && (self.protocol == "-1" || port(it.from_port, self.from) && port(it.to_port, self.to))
                && it.cidr_ipv4() == self.ranges.first().map(String::as_str)
                && it.cidr_ipv6() == self.ranges6.first().map(String::as_str)
                && it.prefix_list_id() == self.lists.first().map(String::as_str)
                && peer == groups.first().map(|it| it.1)
        };
        rules.iter().find(is).and_then(|it| it.security_group_rule_id.clone())
    }

    /// The id that the state holds: made of what the rule says, as the provider makes it.
    pub fn id(&self) -> String {
        let mut text = format!("{}-", self.group);
        for port in [self.from, self.to].into_iter().filter(|it| *it > 0) {
            text += &format!("{port}-");
        }
        text += &format!("{}-{}-", self.protocol, self.direction());
        for it in self.ranges.iter().chain(&self.ranges6).chain(&self.lists) {
            text += &format!("{it}-");
        }
        let mut groups: Vec<&str> = self.groups().into_iter().map(|it| it.1).collect();
        groups.sort_unstable();
        // A dash behind the id, and one behind the name that is not there.
        for id in groups {
            text += &format!("{id}--");
        }
        format!("sgrule-{}", crc32(text.as_bytes()))
    }
}

/// The key in `group_direction_protocol_from_to_source…`.
pub fn import(id: &str) -> Result<RuleKey> {
    let wrong = |why: &str| {
        let form = "a rule is imported by `group_direction_protocol_from_to_source`, several sources with `_` between";
        Err(Error::Invalid(format!("{form}: {why}")))
    };
    let parts: Vec<&str> = id.split(BETWEEN).collect();
    let [group, direction, written, from, to, sources @ ..] = &parts[..] else {
        return wrong("there are too few parts");
    };
    if !group.starts_with("sg-") || sources.is_empty() {
        return wrong(if sources.is_empty() {
            "the source is missing"
        } else {
            "the group begins with `sg-`"
        });
    }
    if !["ingress", "egress"].contains(direction) {
        return wrong("the direction is `ingress` or `egress`");
    }
    let known = ["tcp", "udp", "icmp", "icmpv6", "all", "-1"];
    if !known.contains(written) && written.parse::<u8>().is_err() {
        return wrong("the protocol is `tcp`, `udp`, `icmp`, `icmpv6`, `all` or a number");
    }
    let (Ok(from), Ok(to)) = (from.parse::<i64>(), to.parse::<i64>()) else {
        return wrong("ports are numbers");
    };
    let mut key = RuleKey {
        group: (*group).to_owned(),
        egress: *direction == "egress",
        protocol: protocol(written),
        from,
        to,
        ..RuleKey::default()
    };
    for it in sources.iter().map(|it| (*it).to_owned()) {
        match it.as_str() {
            "self" => key.itself = true,
            text if text == *group => key.itself = true,
            text if text.contains("sg-") => key.source = Some(it),
            text if text.contains(':') => key.ranges6.push(it),
            text if text.starts_with("pl-") => key.lists.push(it),
            text if text.contains('.') => key.ranges.push(it),
            text => return wrong(&format!("`{text}` is no range, prefix list, group or `self`")),
        }
    }
    Ok(key.canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_the_providers() {
        let key = import("sg-1_ingress_tcp_443_443_10.0.0.0/8").unwrap();
        assert_eq!(key.id(), format!("sgrule-{}", crc32(b"sg-1-443-443-tcp-ingress-10.0.0.0/8-")));
        let key = import("sg-1_egress_all_0_65536_sg-2").unwrap();
        assert_eq!(key.id(), format!("sgrule-{}", crc32(b"sg-1--1-egress-sg-2--")));
    }

    #[test]
    fn import_ids_say_all_of_a_rule() {
        let key = import("sg-1_ingress_6_100_121_10.1.0.0/16_2001:db8::/48_10.0.0.0/16_self").unwrap();
        assert_eq!((key.protocol.as_str(), key.itself), ("tcp", true));
        assert_eq!(key.ranges, ["10.0.0.0/16", "10.1.0.0/16"]);
        for wrong in [
            "sg-1_ingress_tcp_1_2",
            "x_ingress_tcp_1_2_self",
            "sg-1_in_tcp_1_2_self",
            "sg-1_egress_tcp_1_2_x",
        ] {
            assert!(import(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_rule_is_there_with_all_of_its_parts() {
        let key = import("sg-1_ingress_tcp_80_80_10.0.0.0/8_11.0.0.0/8").unwrap();
        let part = |range: &str, said: Option<&str>| {
            let range = IpRange::builder().cidr_ip(range).set_description(said.map(str::to_owned)).build();
            IpPermission::builder().ip_protocol("tcp").from_port(80).to_port(80).ip_ranges(range).build()
        };
        assert_eq!(key.described(&[part("10.0.0.0/8", None)]), None);
        let both = [part("11.0.0.0/8", Some("web")), part("10.0.0.0/8", None)];
        assert_eq!(key.described(&both).as_deref(), Some("web"));
    }
}
