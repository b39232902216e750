//! Internet protocols, which network ACLs know by their numbers.

/// The names of the protocols from 0 on. Some numbers have none, and one is not known to the provider.
#[rustfmt::skip]
const NAMES: [&str; 143] = [
    "hopopt", "icmp", "igmp", "ggp", "ipv4", "st", "tcp", "cbt", "egp", "igp", "bbn-rcc-mon", "nvp-ii",
    "pup", "argus", "emcon", "xnet", "chaos", "udp", "mux", "dcn-meas", "hmp", "prm", "xns-idp", "trunk-1",
    "trunk-2", "leaf-1", "leaf-2", "rdp", "irtp", "iso-tp4", "netblt", "mfe-nsp", "merit-inp", "dccp",
    "3pc", "idpr", "xtp", "ddp", "idpr-cmtp", "tp++", "il", "ipv6", "sdrp", "ipv6-route", "ipv6-frag",
    "idrp", "rsvp", "gre", "dsr", "bna", "esp", "ah", "i-nlsp", "swipe", "narp", "mobile", "tlsp", "",
    "ipv6-icmp", "ipv6-nonxt", "ipv6-opts", "61", "cftp", "63", "sat-expak", "kryptolan", "rvd", "ippc",
    "68", "sat-mon", "visa", "ipcv", "cpnx", "cphb", "wsn", "pvp", "br-sat-mon", "sun-nd", "wb-mon",
    "wb-expak", "iso-ip", "vmtp", "secure-vmtp", "vines", "ttp", "nsfnet-igp", "dgp", "tcf", "eigrp",
    "ospfigp", "sprite-rpc", "larp", "mtp", "ax.25", "ipip", "micp", "scc-sp", "etherip", "encap", "99",
    "gmtp", "ifmp", "pnni", "pim", "aris", "scps", "qnx", "a/n", "ipcomp", "snp", "compaq-peer",
    "ipx-in-ip", "vrrp", "pgm", "114", "l2tp", "dd", "iatp", "stp", "srp", "uti", "smp", "sm", "ptp",
    "isis-over-ipv4", "fire", "crtp", "crudp", "sscopmce", "iplt", "sps", "pipe", "sctp", "fc",
    "rsvp-e2e-ignore", "mobility-header", "udplite", "mpls-in-ip", "manet", "hip", "shim6", "wesp", "rohc",
];

/// All protocols.
pub const ALL: i64 = -1;

/// The number of a protocol that is written by its name or its number.
pub fn number(written: &str) -> Option<i64> {
    if written == "all" {
        return Some(ALL);
    }
    match written.parse::<i64>() {
        // The two last ones are for experiments.
        Ok(it @ (ALL | 253 | 254)) => Some(it),
        Ok(it) => {
            let name = usize::try_from(it).ok().and_then(|at| NAMES.get(at));
            name.filter(|it| !it.is_empty()).map(|_| it)
        }
        Err(_) => {
            let at = NAMES.iter().position(|it| !it.is_empty() && *it == written);
            at.and_then(|it| it.try_into().ok())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn protocols_have_names_and_numbers() {
        let some = ["tcp", "6", "udp", "ipv6-icmp", "all", "-1", "61", "253", "rohc"].map(number);
        assert_eq!(some, [6, 6, 17, 58, -1, -1, 61, 253, 142].map(Some));
        assert_eq!(["TCP", "", "57", "143", "icmpv6", "-2"].map(number), [None; 6]);
    }
}
