use super::*;
use crate::address::{Target, parse, parse_instance};
use crate::state::Object;

fn config(stack: &str) -> Config {
    crate::config::tests::load_texts(&[("stack.toml", stack)]).expect("a good stack")
}

fn state(addrs: &[&str]) -> State {
    let mut state = State::new();
    for it in addrs {
        state.set(&parse_instance(it).expect("an address"), "", Some(Object::default()));
    }
    state
}

/// What has become of each: `new < old` for what has moved.
fn outcome(stack: &str, held: &[&str]) -> (Vec<String>, Vec<String>) {
    let mut state = state(held);
    let moved = apply(&config(stack), &mut state).expect("no change of types");
    let all = state.managed().map(|it| match moved.from.get(&it.0) {
        Some(from) => format!("{} < {from}", it.0),
        None => it.0.to_string(),
    });
    (all.collect(), moved.blocked.into_iter().map(|it| format!("{} > {}", it.0, it.1)).collect())
}

fn vpc(name: &str, more: &str) -> String {
    format!("[aws_vpc.{name}]\n{more}\ncidr_block = \"10.0.0.0/16\"\n")
}

fn moves(all: &[(&str, &str)]) -> String {
    all.iter().map(|(from, to)| format!("[[moved]]\nfrom = '{from}'\nto = '{to}'\n")).collect()
}

#[test]
fn a_gained_or_lost_count_moves_the_first() {
    let (all, _) = outcome(&vpc("a", "count = 2"), &["aws_vpc.a"]);
    assert_eq!(all, ["aws_vpc.a[0] < aws_vpc.a"]);
    let (all, _) = outcome(&vpc("a", ""), &["aws_vpc.a[0]", "aws_vpc.a[1]"]);
    assert_eq!(all, ["aws_vpc.a < aws_vpc.a[0]", "aws_vpc.a[1]"]);
    let (all, _) = outcome(&vpc("a", ""), &["aws_vpc.a[1]"]);
    assert_eq!(all, ["aws_vpc.a[1]"]);
}

#[test]
fn chains_remember_where_they_began() {
    // In any order of the file.
    for order in [[("a", "b"), ("b", "c")], [("b", "c"), ("a", "b")]] {
        let moved = order.map(|(a, b)| (format!("aws_vpc.{a}"), format!("aws_vpc.{b}")));
        let moved: Vec<_> = moved.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let (all, _) = outcome(&(vpc("c", "") + &moves(&moved)), &["aws_vpc.a"]);
        assert_eq!(all, ["aws_vpc.c < aws_vpc.a"]);
    }
}

#[test]
fn keys_come_and_go() {
    let stack =
        vpc("a", "for_each = '${toset([\"x\", \"y\"])}'") + &moves(&[("aws_vpc.a[0]", "aws_vpc.a[\"x\"]")]);
    let (all, _) = outcome(&stack, &["aws_vpc.a[0]", "aws_vpc.a[1]"]);
    assert_eq!(all, ["aws_vpc.a[1]", r#"aws_vpc.a["x"] < aws_vpc.a[0]"#]);
    // Who names one instance means the one without a key on the other side.
    let stack = vpc("b", "") + &moves(&[("aws_vpc.a[1]", "aws_vpc.b")]);
    let (all, _) = outcome(&stack, &["aws_vpc.a[0]", "aws_vpc.a[1]"]);
    assert_eq!(all, ["aws_vpc.a[0]", "aws_vpc.b < aws_vpc.a[1]"]);
    // A whole resource goes with all its instances.
    let stack = vpc("b", "count = 2") + &moves(&[("aws_vpc.a", "aws_vpc.b")]);
    let (all, _) = outcome(&stack, &["aws_vpc.a[0]", "aws_vpc.a[1]"]);
    assert_eq!(all, ["aws_vpc.b[0] < aws_vpc.a[0]", "aws_vpc.b[1] < aws_vpc.a[1]"]);
}

#[test]
fn what_is_there_already_is_not_overwritten() {
    let stack = vpc("b", "") + &moves(&[("aws_vpc.a", "aws_vpc.b")]);
    let (all, blocked) = outcome(&stack, &["aws_vpc.a", "aws_vpc.b"]);
    assert_eq!(all, ["aws_vpc.a", "aws_vpc.b"]);
    assert_eq!(blocked, ["aws_vpc.a > aws_vpc.b"]);
}

#[test]
fn into_and_out_of_modules() {
    let stack = moves(&[("aws_vpc.a", "module.m[\"k\"].aws_vpc.a"), ("module.n.aws_vpc.x", "aws_vpc.y")]);
    let (all, _) = outcome(&stack, &["aws_vpc.a", "module.n.aws_vpc.x", "module.n[0].aws_vpc.x"]);
    let wanted =
        ["aws_vpc.y < module.n.aws_vpc.x", r#"module.m["k"].aws_vpc.a < aws_vpc.a"#, "module.n[0].aws_vpc.x"];
    assert_eq!(all, wanted);
}

#[test]
fn modules_move_with_all_that_is_in_them() {
    let held = ["module.m[0].aws_vpc.a", "module.m[0].module.in.aws_vpc.b[1]", "module.m[1].aws_vpc.a"];
    let (all, _) = outcome(&moves(&[("module.m", "module.n")]), &held);
    let wanted = [
        "module.n[0].aws_vpc.a < module.m[0].aws_vpc.a",
        "module.n[1].aws_vpc.a < module.m[1].aws_vpc.a",
        "module.n[0].module.in.aws_vpc.b[1] < module.m[0].module.in.aws_vpc.b[1]",
    ];
    assert_eq!(all, wanted);
    let (all, _) = outcome(&moves(&[("module.m[0]", "module.m[\"x\"]")]), &held);
    let wanted = [
        "module.m[1].aws_vpc.a",
        r#"module.m["x"].aws_vpc.a < module.m[0].aws_vpc.a"#,
        r#"module.m["x"].module.in.aws_vpc.b[1] < module.m[0].module.in.aws_vpc.b[1]"#,
    ];
    assert_eq!(all, wanted);
}

#[test]
fn a_module_moves_before_what_is_in_it() {
    let stack = moves(&[("module.n.aws_vpc.a", "module.n.aws_vpc.b"), ("module.m", "module.n")]);
    let (all, _) = outcome(&stack, &["module.m.aws_vpc.a"]);
    assert_eq!(all, ["module.n.aws_vpc.b < module.m.aws_vpc.a"]);
}

/// A statement of a module holds for every instance of it.
#[test]
fn a_module_says_what_moves_within_it() {
    let (from, to) = (parse("aws_vpc.a").expect("one"), parse("aws_vpc.b").expect("one"));
    let (from, to) = super::statement::Subject::pair(&from, &to);
    let within = vec![("m".into(), Key::None)];
    let it = Statement { within, from, to, stated: None };
    let addr = |text: &str| match parse(text).expect("one") {
        Target::Resource(it) => it,
        _ => panic!("{text}"),
    };
    for key in ["", "[3]", r#"["x"]"#] {
        let there = it.resource_to(&addr(&format!("module.m{key}.aws_vpc.a")));
        assert_eq!(there, Some(addr(&format!("module.m{key}.aws_vpc.b"))));
    }
    assert_eq!(it.resource_to(&addr("aws_vpc.a")), None);
    assert_eq!(it.resource_to(&addr("module.m.module.m.aws_vpc.a")), None);
}

fn wrong(stack: &str) -> Vec<String> {
    check::all(&config(stack)).into_iter().map(|it| it.summary).collect()
}

#[test]
fn contradictions_are_told() {
    let ring = moves(&[("aws_vpc.a", "aws_vpc.b"), ("aws_vpc.b", "aws_vpc.a")]);
    assert_eq!(wrong(&ring), ["these moves go round in a ring, so nothing can arrive"]);
    let itself = moves(&[("aws_vpc.a", "aws_vpc.a")]);
    assert_eq!(wrong(&itself), ["`aws_vpc.a` is said to move to itself"]);
    let split = moves(&[("aws_vpc.a", "aws_vpc.b"), ("aws_vpc.a", "aws_vpc.c")]);
    assert_eq!(wrong(&split), ["`aws_vpc.a` moves to two places"]);
    let merged = moves(&[("aws_vpc.a", "aws_vpc.c"), ("aws_vpc.b", "aws_vpc.c")]);
    assert_eq!(wrong(&merged), ["`aws_vpc.c` is where two things move to"]);
    let still = vpc("a", "") + &moves(&[("aws_vpc.a", "aws_vpc.b")]);
    assert_eq!(wrong(&still), ["`aws_vpc.a` is said to have moved to `aws_vpc.b`, and is still declared"]);
    // Two instances of one resource may go different ways.
    let fine = moves(&[("aws_vpc.a[0]", "aws_vpc.b"), ("aws_vpc.a[1]", "aws_vpc.c")]);
    assert_eq!(wrong(&fine), [""; 0]);
}

#[test]
fn types_do_not_change() {
    let stack = vpc("b", "") + &moves(&[("aws_instance.a", "aws_vpc.b")]);
    let mut state = state(&["aws_instance.a"]);
    let errors = apply(&config(&stack), &mut state).expect_err("another type");
    assert_eq!(errors.0[0].summary, "what is a `aws_instance` cannot become a `aws_vpc`");
}

#[test]
fn what_null_resources_held_is_kept_as_data() {
    let mut state = state(&["null_resource.a"]);
    let addr = parse_instance("null_resource.a").expect("an address");
    let attributes = serde_json::json!({ "id": "12", "triggers": { "v": "1" } });
    state.set(
        &addr,
        "provider[\"registry.terraform.io/hashicorp/null\"]",
        Some(Object { attributes: attributes.into(), ..Object::default() }),
    );
    let config = config(&moves(&[("null_resource.a", "terraform_data.b")]));
    apply(&config, &mut state).expect("it knows how");
    let there = parse_instance("terraform_data.b").expect("an address");
    let object = state.object(&there).expect("it has moved");
    let triggers = serde_json::json!({ "value": { "v": "1" }, "type": ["object", { "v": "string" }] });
    assert_eq!(object.attributes.get("triggers_replace"), Some(triggers));
    assert_eq!(object.attributes.text("id").as_deref(), Some("12"));
    assert_eq!(state.resources[&there.resource].provider, "provider[\"terraform.io/builtin/terraform\"]");
}
