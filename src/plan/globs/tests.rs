use super::*;
use crate::address::{self, parse_instance};

fn pattern(text: &str) -> Pattern {
    Pattern::parse(text).unwrap_or_else(|it| panic!("{it}"))
}

fn covers(text: &str, addr: &str) -> bool {
    pattern(text).covers(&parse_instance(addr).unwrap())
}

fn resource(text: &str) -> ResourceAddr {
    parse_instance(text).unwrap().resource
}

#[test]
fn addresses_mean_themselves() {
    for (text, addr) in [
        ("aws_vpc.main", "aws_vpc.main"),
        ("aws_vpc.main", "aws_vpc.main[1]"),
        ("aws_vpc.main[1]", "aws_vpc.main[1]"),
        (r#"aws_vpc.main["a.b"]"#, r#"aws_vpc.main["a.b"]"#),
        (r#"aws_vpc.main["a*"]"#, r#"aws_vpc.main["a*"]"#),
        (r#"aws_vpc.main["a{b"]"#, r#"aws_vpc.main["a{b"]"#),
        ("module.a", r#"module.a["x"].module.b[1].aws_vpc.c"#),
        (r#"module.a["x"].module.b"#, r#"module.a["x"].module.b[1].aws_vpc.c"#),
        ("module.a.module.b[1]", r#"module.a["x"].module.b[1].data.aws_vpc.c"#),
        ("module.a.aws_vpc.c", r#"module.a["x"].aws_vpc.c[3]"#),
        ("data.aws_vpc.c", "data.aws_vpc.c"),
    ] {
        assert!(covers(text, addr), "{text} {addr}");
        if let Ok(target) = address::parse(text) {
            assert!(Pattern::from(&target).covers(&parse_instance(addr).unwrap()), "{text} {addr}");
        }
    }
    for (text, addr) in [
        ("aws_vpc.main[1]", "aws_vpc.main[2]"),
        ("aws_vpc.main[1]", "aws_vpc.main"),
        (r#"aws_vpc.main["1"]"#, "aws_vpc.main[1]"),
        ("aws_vpc.main", "module.a.aws_vpc.main"),
        ("aws_vpc.main", "data.aws_vpc.main"),
        (r#"module.a["y"]"#, r#"module.a["x"].aws_vpc.c"#),
        ("module.a", "aws_vpc.c"),
        ("module.a.module.b", "module.a.aws_vpc.c"),
    ] {
        assert!(!covers(text, addr), "{text} {addr}");
    }
}

#[test]
fn patterns_stand_for_many() {
    for (text, addr) in [
        ("aws_sqs_queue.*", "aws_sqs_queue.a"),
        ("aws_sqs_queue.*", r#"aws_sqs_queue.a["x"]"#),
        ("aws_{sqs_queue,sns_topic}.log-?", "aws_sns_topic.log-1"),
        ("*.*", "aws_vpc.a"),
        ("data.*.*", "data.aws_vpc.a"),
        ("module.*.aws_subnet.*", r#"module.net["eu"].aws_subnet.a[0]"#),
        ("module.*", "module.a.module.b.aws_vpc.c"),
        ("module.**.aws_vpc.*", "aws_vpc.c"),
        ("module.**.aws_vpc.*", "module.a.module.b[1].aws_vpc.c"),
        (r#"aws_subnet.private["eu-*"]"#, r#"aws_subnet.private["eu-west/1"]"#),
        (r#"aws_subnet.private["{a,b}[12]"]"#, r#"aws_subnet.private["b2"]"#),
        (r#"aws_subnet.private["a[*]"]"#, r#"aws_subnet.private["a*"]"#),
        (r#"module.net["eu-*"]"#, r#"module.net["eu-1"].aws_vpc.a"#),
        ("aws_subnet.private[*]", "aws_subnet.private[7]"),
    ] {
        assert!(covers(text, addr), "{text} {addr}");
    }
    for (text, addr) in [
        ("aws_sqs_queue.*", "module.a.aws_sqs_queue.a"),
        ("aws_sqs_queue.*", "aws_sqs_queue_policy.a"),
        ("*.*", "data.aws_vpc.a"),
        ("module.*.aws_subnet.*", "module.a.module.b.aws_subnet.c"),
        ("module.**", "aws_vpc.c"),
        (r#"aws_subnet.private["eu-*"]"#, r#"aws_subnet.private["us-1"]"#),
        (r#"aws_subnet.private["*"]"#, "aws_subnet.private[1]"),
        (r#"aws_subnet.private["a[*]"]"#, r#"aws_subnet.private["ab"]"#),
    ] {
        assert!(!covers(text, addr), "{text} {addr}");
    }
}

#[test]
fn without_keys_any_or_all_may_be_meant() {
    let private = resource("aws_subnet.private");
    let one = pattern("aws_subnet.private[1]");
    assert!(one.names(&private) && !one.covers_all(&private) && one.is_keyed());
    let all = pattern("aws_subnet.*");
    assert!(all.names(&private) && all.covers_all(&private) && !all.is_keyed());
    let inner = resource("module.a.aws_vpc.c");
    let keyed = pattern("module.a[1]");
    assert!(keyed.names(&inner) && !keyed.covers_all(&inner) && keyed.is_keyed());
    let there = resource("module.a[1].aws_vpc.c");
    assert!(keyed.names(&there) && keyed.covers_all(&there));
    assert!(!keyed.names(&resource("module.a[2].aws_vpc.c")));
}

#[test]
fn modules_are_entered_for_what_is_in_them() {
    let enters = |text: &str, module: &[&str]| {
        let path: ModulePath = module.iter().map(|it| ((*it).into(), Key::None)).collect();
        pattern(text).enters(&path)
    };
    assert!(enters("module.a.module.b.aws_vpc.c", &["a"]));
    assert!(enters("module.a.module.b.aws_vpc.c", &["a", "b"]));
    assert!(!enters("module.a.module.b.aws_vpc.c", &["a", "b", "c"]));
    assert!(enters("module.a[1]", &["a", "b"]));
    assert!(!enters("module.a", &["b"]));
    assert!(!enters("aws_vpc.c", &["a"]));
    assert!(enters("module.**.aws_vpc.c", &["a", "b", "c"]));
    assert!(enters("module.*", &["a", "b"]));
}

#[test]
fn what_is_no_address_is_refused() {
    for (text, why) in [
        ("", "expected TYPE.NAME"),
        ("*", "expected TYPE.NAME"),
        ("aws_vpc", "expected TYPE.NAME"),
        ("aws_vpc.", "`` is not a name"),
        ("aws_vpc.a.b", "left over after the name"),
        ("aws_vpc[1].a", "a key follows the name"),
        ("aws_vpc.a[", "expected `]`"),
        ("aws_vpc.a[eu]", "write the whole address in '…'"),
        (r#"aws_vpc.a["x"#, "never closed"),
        ("aws_vpc.a[1]x", "left over after a key"),
        ("module", "the name of a module is missing"),
        ("module.", "`` is not a name"),
        ("aws_{vpc.a", "expected TYPE.NAME"),
        ("aws_v{a,b.a", "expected TYPE.NAME"),
        ("1.2", "`1` is not a name"),
    ] {
        let error = Pattern::parse(text).unwrap_err();
        assert!(error.contains(why), "{text}: {error}");
    }
}
