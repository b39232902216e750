//! IP networks.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use dashu_int::IBig;
use ipnet::IpNet;

use super::{Answer, Call, Fail, Function, Returns, Ty, number, string, string_list};

const STRING: Returns = Returns::Is(Ty::String);

pub(super) const ALL: &[Function] = &[
    Function::new(
        "cidrhost",
        &[string("prefix"), number("hostnum")],
        STRING,
        "The address of a host by its number in a network; a negative number counts from the end.",
        &[
            (r#"cidrhost("10.12.112.0/20", 16)"#, r#""10.12.112.16""#),
            (r#"cidrhost("fd00:fd12:3456:7890:00a2::/72", 34)"#, r#""fd00:fd12:3456:7890::22""#),
        ],
        host,
    ),
    Function::new(
        "cidrnetmask",
        &[string("prefix")],
        STRING,
        "The netmask of an IPv4 network.",
        &[(r#"cidrnetmask("172.16.0.0/12")"#, r#""255.240.0.0""#)],
        |it| match network(it.text(0)?)? {
            IpNet::V4(net) => Ok(net.netmask().to_string().into()),
            IpNet::V6(_) => Err(Fail::Arg(0, "an IPv6 network has no netmask".to_owned())),
        },
    ),
    Function::new(
        "cidrsubnet",
        &[string("prefix"), number("newbits"), number("netnum")],
        STRING,
        "A part of a network: its prefix so many bits longer, and the number of the part.",
        &[
            (r#"cidrsubnet("172.16.0.0/12", 4, 2)"#, r#""172.18.0.0/16""#),
            (r#"cidrsubnet("fd00:fd12:3456:7890::/56", 16, 162)"#, r#""fd00:fd12:3456:7800:a200::/72""#),
        ],
        subnet,
    ),
    Function::new(
        "cidrsubnets",
        &[string("prefix")],
        Returns::Is(Ty::List(&Ty::String)),
        "Parts of a network one after the other, each with its own number of bits more.",
        &[
            (r#"cidrsubnets("10.1.0.0/16", 4, 8)[1]"#, r#""10.1.16.0/24""#),
            (r#"length(cidrsubnets("10.1.0.0/16", 4, 4, 8, 4))"#, "4"),
        ],
        subnets,
    )
    .rest(number("newbits")),
];

fn network(text: &str) -> Result<IpNet, Fail> {
    let parsed: Result<IpNet, _> = text.parse();
    let parsed = parsed.or_else(|_| without_zeros(text).parse::<IpNet>());
    parsed
        .map(|it| it.trunc())
        .map_err(|_| Fail::Arg(0, format!("{text:?} is no network such as \"10.0.0.0/16\"")))
}

/// Old Terraform took 010 for 10.
fn without_zeros(text: &str) -> String {
    let part = |it: &str| match it.trim_start_matches('0') {
        "" => "0".to_owned(),
        rest if rest.starts_with('/') => format!("0{rest}"),
        rest => rest.to_owned(),
    };
    text.split('.').map(part).collect::<Vec<_>>().join(".")
}

fn bits(net: &IpNet) -> u32 {
    u32::from(net.max_prefix_len())
}

fn first(net: &IpNet) -> u128 {
    match net.network() {
        IpAddr::V4(it) => u128::from(u32::from(it)),
        IpAddr::V6(it) => it.into(),
    }
}

/// The address of a network's kind.
fn address(net: &IpNet, number: u128) -> IpAddr {
    match net {
        IpNet::V4(_) => Ipv4Addr::from(u32::try_from(number).unwrap_or(u32::MAX)).into(),
        IpNet::V6(_) => Ipv6Addr::from(number).into(),
    }
}

/// A whole number.
fn integer(it: &Call, at: usize) -> Result<IBig, Fail> {
    it.number(at)?.to_integer().ok_or_else(|| Fail::Arg(at, "it must be a whole number".to_owned()))
}

/// A whole number, however large an IPv6 network needs it.
fn whole(it: &Call, at: usize) -> Result<i128, Fail> {
    integer(it, at)?.try_into().map_err(|_| Fail::Arg(at, "it is out of range".to_owned()))
}

/// Two to a power up to 128.
fn fits(number: u128, bits: u32) -> bool {
    bits >= 128 || number < 1 << bits
}

fn host(it: &Call) -> Answer {
    let net = network(it.text(0)?)?;
    let wanted = integer(it, 1)?;
    let room = IBig::ONE << (bits(&net) - u32::from(net.prefix_len())) as usize;
    // A negative number counts from the end.
    let number = if wanted < IBig::ZERO { &room + &wanted } else { wanted.clone() };
    let number = Some(number).filter(|it| *it < room).and_then(|it| u128::try_from(it).ok());
    let refuse =
        || Fail::Arg(1, format!("a network with a prefix of {} has no host {wanted}", net.prefix_len()));
    Ok(address(&net, first(&net) | number.ok_or_else(refuse)?).to_string().into())
}

fn subnet(it: &Call) -> Answer {
    let net = network(it.text(0)?)?;
    let (more, number) = (whole(it, 1)?, whole(it, 2)?);
    let length = i128::from(net.prefix_len()) + more;
    let Some(length) = u32::try_from(length).ok().filter(|it| *it <= bits(&net) && more >= 0) else {
        let why = format!(
            "a prefix of {} bits cannot be {more} bits longer: an address has {}",
            net.prefix_len(),
            bits(&net)
        );
        return Err(Fail::Arg(1, why));
    };
    let more = u32::try_from(more).unwrap_or(0);
    let Some(number) = u128::try_from(number).ok().filter(|it| fits(*it, more)) else {
        let most = if more >= 127 { "very many".to_owned() } else { (1u128 << more).to_string() };
        return Err(Fail::Arg(
            2,
            format!(
                "with {more} bits more there are {most} subnets, counted from 0: {number} is none of them"
            ),
        ));
    };
    let shift = bits(&net) - length;
    let offset = number.checked_shl(shift).unwrap_or(0);
    Ok(format!("{}/{length}", address(&net, first(&net) | offset)).into())
}

/// A prefix grows by no more at once.
const MOST_BITS: i128 = 32;

fn subnets(it: &Call) -> Answer {
    let net = network(it.text(0)?)?;
    let all = bits(&net);
    let end = first(&net).checked_add(size(all - u32::from(net.prefix_len())).unwrap_or(0));
    let mut next = Some(first(&net));
    let mut out: Vec<String> = Vec::new();
    for at in 1..it.args.len() {
        let more = whole(it, at)?;
        if !(1..=MOST_BITS).contains(&more) {
            return Err(Fail::Arg(at, format!("it must be from 1 to {MOST_BITS}, not {more}")));
        }
        let length = u32::from(net.prefix_len()) + u32::try_from(more).unwrap_or(0);
        if length > all {
            return Err(Fail::Arg(at, format!("it makes a prefix of {length} bits: an address has {all}")));
        }
        // The next address where a network of that size may start.
        let step = size(all - length).unwrap_or(0);
        let start = next.and_then(|it| it.checked_next_multiple_of(step.max(1)));
        let after = start.and_then(|it| it.checked_add(step));
        let room = start.filter(|_| end.is_none() || after.is_some_and(|it| Some(it) <= end));
        let Some(start) = room else {
            let last = out.last().map_or_else(String::new, |it| format!(" after {it}"));
            return Err(Fail::Arg(at, format!("there is no room for a prefix of {length} bits{last}")));
        };
        out.push(format!("{}/{length}", address(&net, start)));
        next = after;
    }
    Ok(string_list(out))
}

/// How many addresses so many bits give.
fn size(bits: u32) -> Option<u128> {
    1u128.checked_shl(bits)
}
