//! Bodies against schemas: the subnet's, and small ones made by hand.

use serde_json::json;

use super::*;
use crate::address::ResourceAddr;
use crate::config::scope::Scope;
use crate::config::tests::{load_texts, told};
use crate::diag::Diagnostics;
use crate::lang::Marks;
use crate::schema::{Attribute, Check, Form};

/// A schema that has one of everything.
fn block() -> Block {
    let mut out = Block::default();
    let mut add = |name: &str, it: Attribute| drop(out.attributes.insert(name.to_owned(), it));
    add("name", Attribute { required: true, ..optional(Type::String) });
    add(
        "size",
        Attribute { checks: vec![Check::AtLeast(1.0), Check::AtMost(9.0)], ..optional(Type::Number) },
    );
    add("flag", Attribute { default: Some(true.into()), ..optional(Type::Bool) });
    add(
        "color",
        Attribute { checks: vec![Check::OneOf(vec![json!("red"), json!("blue")])], ..optional(Type::String) },
    );
    add(
        "mode",
        Attribute {
            checks: vec![Check::OneOf(vec![json!("ON"), json!("OFF")])],
            form: Form::Caseless,
            ..optional(Type::String)
        },
    );
    add("range", Attribute { checks: vec![Check::Cidr], ..optional(Type::String) });
    add("range4", Attribute { checks: vec![Check::Cidr4], ..optional(Type::String) });
    add("ranges6", Attribute { checks: vec![Check::Cidr6], ..optional(Type::set(Type::String)) });
    add("grant", Attribute { checks: vec![Check::Json, Check::Object], ..optional(Type::String) });
    add("ranges", Attribute { checks: vec![Check::Cidr], ..optional(Type::list(Type::String)) });
    add("policy", Attribute { checks: vec![Check::Json], ..optional(Type::String) });
    add(
        "code",
        Attribute {
            checks: vec![Check::Longer(2), Check::Shorter(4), Check::Pattern("^[a-z]+$".into())],
            ..optional(Type::String)
        },
    );
    add("secret", Attribute { sensitive: true, checks: vec![Check::Longer(8)], ..optional(Type::String) });
    add("tags", optional(Type::map(Type::String)));
    add("id", Attribute { computed: true, optional: false, ..optional(Type::String) });
    let rule = rule_block();
    add("rules", Attribute { of: Some(Box::new(rule.clone())), ..optional(Type::set(rule.ty())) });
    out.blocks.insert("volume".into(), nested(Nesting::List, 0, Some(2)));
    out.blocks.insert("disk".into(), nested(Nesting::Set, 0, None));
    out.blocks.insert("timeouts".into(), nested(Nesting::Single, 0, None));
    out
}

fn optional(ty: Type) -> Attribute {
    Attribute {
        ty,
        doc: String::new(),
        required: false,
        optional: true,
        computed: false,
        sensitive: false,
        fixed: false,
        local: false,
        write_only: false,
        default: None,
        form: Form::Plain,
        checks: Vec::new(),
        of: None,
    }
}

fn rule_block() -> Block {
    let mut out = Block::default();
    out.attributes.insert("port".into(), Attribute { required: true, ..optional(Type::Number) });
    out.attributes.insert("text".into(), Attribute { default: Some("x".into()), ..optional(Type::String) });
    out
}

fn nested(nesting: Nesting, min: u64, max: Option<u64>) -> NestedBlock {
    let block = rule_block();
    NestedBlock {
        nesting,
        min,
        max,
        computed: false,
        usual: false,
        fixed: false,
        local: false,
        known_by: None,
        doc: String::new(),
        block,
    }
}

fn scope() -> Scope {
    let rule = Value::object([("port", Value::from(1)), ("text", Value::null(Type::String))]);
    let one = Value::list(rule.ty(), vec![rule]);
    let fields = [
        ("unknown", Value::unknown(Type::Any)),
        ("text", Value::unknown(Type::String)),
        ("secret", Value::from("short").sensitive()),
        ("rules", Value::list(rule_block().ty(), vec![])),
        ("one", one.clone()),
        ("hidden", one.sensitive()),
    ];
    Scope::nothing("a test").with("var", Value::object(fields))
}

fn try_with(text: &str, block: &Block) -> Result<Value, Diagnostics> {
    let config = load_texts(&[("stack.toml", &format!("[aws_vpc.a]\n{text}"))]);
    let config = config.unwrap_or_else(|it| panic!("{:?}", told(&it)));
    let resource = &config.resources[&ResourceAddr::managed("aws_vpc", "a")];
    let value = body_at(&resource.body, block, &scope(), "aws_vpc.a", &resource.place);
    if let Ok(value) = &value {
        assert_eq!(value.ty(), block.ty());
    }
    value
}

fn good(text: &str) -> Value {
    try_with(text, &block()).unwrap_or_else(|it| panic!("{:?}", told(&it)))
}

/// What is given, as JSON; what is null or empty is left out.
fn given(text: &str) -> String {
    let json = good(&format!("name = \"n\"\n{text}")).to_json();
    let all = json.as_object().cloned().unwrap_or_default();
    let empty = |it: &serde_json::Value| it.is_null() || it.as_array().is_some_and(Vec::is_empty);
    json!(all.into_iter().filter(|it| it.0 != "name" && !empty(&it.1)).collect::<serde_json::Map<_, _>>())
        .to_string()
}

fn wrong(text: &str) -> Vec<String> {
    let errors = try_with(text, &block()).err().unwrap_or_default();
    assert!(errors.0.iter().all(|it| it.address.as_deref() == Some("aws_vpc.a")));
    told(&errors)
}

fn wrong_named(text: &str) -> Vec<String> {
    wrong(&format!("name = \"n\"\n{text}"))
}

#[test]
fn the_value_has_the_type_of_the_block() {
    let value = good("name = 5\nsize = \"3\"\ntags = { a = 1, b = true }\n");
    assert_eq!(value.get("name"), Some(&"5".into()));
    assert_eq!(value.get("size"), Some(&3.into()));
    assert_eq!(value.get("tags").map(Value::to_json), Some(json!({"a": "1", "b": "true"})));
    assert!(value.get("flag").is_some_and(Value::is_null), "defaults come later");
    assert_eq!(value.get("volume"), Some(&Value::list(rule_block().ty(), vec![])));
    assert!(value.get("timeouts").is_some_and(Value::is_null));
}

#[test]
fn nested_blocks_take_many_forms() {
    let two = r#"{"volume":[{"port":1,"text":null},{"port":2,"text":"t"}]}"#;
    assert_eq!(given("volume = [{ port = 1 }, { port = \"2\", text = \"t\" }]\n"), two);
    assert_eq!(given("[[aws_vpc.a.volume]]\nport = 1\n[[aws_vpc.a.volume]]\nport = 2\ntext = \"t\"\n"), two);
    assert_eq!(given("volume = '${[{ port = 1 }, { port = 2, text = \"t\" }]}'\n"), two);
    let one = r#"{"volume":[{"port":1,"text":null}]}"#;
    assert_eq!(given("[aws_vpc.a.volume]\nport = 1\n"), one);
    assert_eq!(given("volume = '${{ port = 1 }}'\n"), one);
    assert_eq!(given("volume = '${var.one}'\n"), one);
    assert_eq!(given("volume = '${null}'\n"), "{}");
    assert_eq!(given("volume = '${var.rules}'\n"), "{}");
    assert_eq!(
        given("disk = '${[for p in [2, 1, 2] : { port = p }]}'\n"),
        r#"{"disk":[{"port":1,"text":null},{"port":2,"text":null}]}"#
    );
    assert_eq!(given("timeouts.port = 1\n"), r#"{"timeouts":{"port":1,"text":null}}"#);
    assert_eq!(given("timeouts = [{ port = 1 }]\n"), r#"{"timeouts":{"port":1,"text":null}}"#);
}

#[test]
fn attributes_of_objects_take_what_blocks_take() {
    let one = r#"{"rules":[{"port":1,"text":null}]}"#;
    assert_eq!(given("rules = '${[for p in [1, 1] : { port = p }]}'\n"), one);
    assert_eq!(given("[[aws_vpc.a.rules]]\nport = 1\n"), one);
    assert_eq!(given("rules = { port = 1 }\n"), one);
    assert!(good("name = \"n\"\nrules = []\n").get("rules").is_some_and(|it| !it.is_null()));
    assert!(good("name = \"n\"\n").get("rules").is_some_and(Value::is_null));
    assert_eq!(
        wrong_named("rules = [{ prt = 1 }, 5]\n"),
        [
            "3:12: there is no attribute `rules[0].prt` (did you mean `port`?)",
            "3:10: `rules[0]` lacks `port`",
            "3:23: `rules[1]` is not an object: object required",
        ]
    );
}

#[test]
fn unknowns_are_allowed_anywhere() {
    let value = good(
        "name = \"${var.unknown}\"\nsize = \"${var.text}\"\ntags = { a = \"${var.unknown}\" }\nvolume = \"${var.unknown}\"\n\
         disk = [{ port = \"${var.unknown}\" }]\nrules = [\"${var.unknown}\"]\ncolor = \"${var.text}\"\ntimeouts = \"${var.unknown}\"\n",
    );
    for name in ["name", "size", "volume", "color", "timeouts"] {
        assert!(value.get(name).is_some_and(Value::is_unknown), "{name}");
    }
    assert!(!value.wholly_known());
}

#[test]
fn unknown_and_missing_names() {
    assert_eq!(
        wrong(
            "siez = 1\nid = \"x\"\nvolumes = []\nzzz = 1\n[[aws_vpc.a.volume]]\npor = 1\n[[aws_vpc.a.disk]]\ntext = \"x\"\n[aws_vpc.a.dynamic.disk]\n"
        ),
        [
            "2:1: there is no attribute `siez` (did you mean `size`?)",
            "3:1: `id` is set by AWS (remove it)",
            "4:1: there is no attribute `volumes` (did you mean `volume`?)",
            "5:1: there is no attribute `zzz`",
            "7:1: there is no attribute `volume[0].por` (did you mean `port`?)",
            "6:3: `volume[0]` lacks `port`",
            "8:3: `disk[0]` lacks `port`",
            "10:12: there is no attribute `dynamic` (give the block an expression: ingress = '${[for p in var.ports : { … }]}')",
            "1:2: `aws_vpc.a` lacks `name`",
        ]
    );
    let mut needy = block();
    needy.blocks.insert("owner".into(), nested(Nesting::List, 1, None));
    let errors = try_with("", &needy).err().unwrap_or_default();
    assert_eq!(told(&errors), ["1:2: `aws_vpc.a` lacks `name` and `owner`"]);
}

#[test]
fn wrong_types() {
    assert_eq!(
        wrong_named(
            "size = \"x\"\ntags = { a = [1] }\nranges = [\"10.0.0.0/8\", {}]\nflag = []\nvolume = 1\ndisk = [{ port = \"y\" }, 2]\n\
             timeouts = \"${var.text}\"\n"
        ),
        [
            "3:8: `size` is not a number: a number is required",
            "4:14: `tags.a` is not a string: string required",
            "5:25: `ranges[1]` is not a string: string required",
            "6:8: `flag` is not a bool: bool required",
            "7:10: `volume` must be a table, or an array of tables",
            "8:18: `disk[0].port` is not a number: a number is required",
            "8:25: `disk[1]` must be a table, or an array of tables",
            "9:12: `timeouts` must be a table",
        ]
    );
}

#[test]
fn required_is_not_null() {
    assert_eq!(wrong("name = \"${null}\"\n"), ["2:8: `name` is required, and null here"]);
    assert_eq!(
        wrong_named("volume = { port = \"${null}\" }\n"),
        ["3:19: `volume.port` is required, and null here"]
    );
    assert_eq!(given("id = '${null}'\nsize = '${null}'\n"), "{}");
}

#[test]
fn numbers_of_blocks() {
    assert_eq!(
        wrong_named(
            "volume = [{ port = 1 }, { port = 2 }, { port = 3 }]\ntimeouts = [{ port = 1 }, { port = 2 }]\n"
        ),
        ["3:39: `volume` stands 3 times, 2 at most", "4:27: `timeouts` stands 2 times, 1 at most"]
    );
    let mut needy = block();
    needy.blocks.insert("owner".into(), nested(Nesting::Set, 2, None));
    let errors = try_with("name = \"n\"\nowner = [{ port = 1 }]\n", &needy).err().unwrap_or_default();
    assert_eq!(told(&errors), ["3:9: `owner` stands 1 times, 2 at least"]);
}

#[test]
fn values_are_checked() {
    assert_eq!(
        wrong_named("size = 0\ncolor = \"Red\"\nmode = \"om\"\npolicy = '{\"a\": }'\ncode = \"ABCDE\"\n"),
        [
            "3:8: `size` cannot be 0: 1 is the least",
            "4:9: `color` cannot be \"Red\": it is one of `red`, `blue` (did you mean `red`?)",
            "5:8: `mode` cannot be \"om\": it is one of `ON`, `OFF`",
            "6:10: `policy` cannot be \"{\\\"a\\\": }\": it is no JSON: expected value at line 1 column 7",
            "7:8: `code` cannot be \"ABCDE\": it has 5 characters, 4 at most",
            "7:8: `code` cannot be \"ABCDE\": it must match ^[a-z]+$",
        ]
    );
    assert_eq!(
        wrong_named("size = 10\ncode = \"a\"\n"),
        [
            "3:8: `size` cannot be 10: 9 is the most",
            "4:8: `code` cannot be \"a\": it must have at least 2 characters"
        ]
    );
    assert_eq!(
        given("mode = \"on\"\ncolor = \"red\"\npolicy = \"{}\"\n"),
        r#"{"color":"red","mode":"on","policy":"{}"}"#
    );
}

#[test]
fn ranges_of_one_kind() {
    for fine in ["range4 = \"10.0.0.0/8\"\n", "ranges6 = [\"::/0\"]\n", "grant = \" {}\"\n"] {
        assert_eq!(wrong_named(fine), [""; 0], "{fine}");
    }
    let wrong = |text: &str| {
        let mut all = wrong_named(text);
        all.pop().and_then(|it| Some(it.rsplit_once(": ")?.1.to_owned())).unwrap_or_default()
    };
    assert_eq!(wrong("range4 = \"::/0\"\n"), "these are IPv6 addresses, and IPv4 ones belong here");
    assert_eq!(wrong("ranges6 = [\"10.0.0.0/8\"]\n"), "these are IPv4 addresses, and IPv6 ones belong here");
    assert_eq!(
        wrong("range4 = \"10.0.0.1/8\"\n"),
        "the address has bits set beyond the 8 of the range (write `10.0.0.0/8`)"
    );
    for text in ["[]", " []", "1"] {
        let said = wrong(&format!("grant = \"{text}\"\n"));
        assert_eq!(said, "it begins with a brace", "{text}");
    }
    assert_eq!(wrong_named("grant = \"x\"\n").len(), 1);
}

#[test]
fn ranges_of_addresses() {
    let help = |text: &str| {
        let mut all = wrong_named(&format!("range = \"{text}\"\n"));
        all.pop().and_then(|it| Some(it.rsplit_once(": ")?.1.to_owned())).unwrap_or_default()
    };
    assert_eq!(
        help("10.0.1.0/16"),
        "the address has bits set beyond the 16 of the range (write `10.0.0.0/16`)"
    );
    assert_eq!(
        help("2001:db8::1/56"),
        "the address has bits set beyond the 56 of the range (write `2001:db8::/56`)"
    );
    assert_eq!(
        wrong_named("range = \"10.0.0.1\"\n")[0].split(" (").nth(1),
        Some("add the length: `10.0.0.1/32` is this one address)")
    );
    for text in ["", "10.0.0.0/33", "10.0.0/8", "x", "::/129", "10.0.0.0/"] {
        assert_eq!(help(text), "it is no range of addresses such as `10.0.0.0/16`", "{text}");
    }
    for text in ["10.0.0.0/16", "0.0.0.0/0", "2001:db8::/56", "2001:0DB8:0::/56", "1.2.3.4/32", "::/0"] {
        assert_eq!(help(text), "", "{text}");
    }
    assert_eq!(
        wrong_named("ranges = [\"10.0.0.0/8\", \"10.0.0.1/8\"]\n"),
        [
            "3:25: `ranges[1]` cannot be \"10.0.0.1/8\": the address has bits set beyond the 8 of the range (write `10.0.0.0/8`)"
        ]
    );
}

#[test]
fn secrets_are_marked_and_not_shown() {
    let sensitive = Marks { sensitive: true, ephemeral: false };
    let value = good("name = \"${var.secret}\"\nsecret = \"long enough\"\n");
    assert_eq!(value.get("secret").map(|it| it.marks), Some(sensitive));
    assert_eq!(value.get("name").map(|it| it.marks), Some(sensitive));
    assert_eq!(
        wrong_named("secret = \"hunter2\"\ncolor = \"${var.secret}\"\n"),
        [
            "3:10: `secret` is not valid: it must have at least 8 characters",
            "4:9: `color` is not valid: it is one of `red`, `blue`"
        ]
    );
    let value = good("name = \"n\"\nvolume = '${var.hidden}'\n");
    assert!(value.deep_marks().sensitive);
}

#[test]
fn an_error_in_one_part_hides_no_other() {
    assert_eq!(
        wrong("size = \"${local.x}\"\nvolume = [{ port = \"${local.y}\" }, { por = 1 }]\n").len(),
        5,
        "two scopes, an unknown name, two things missing"
    );
}

#[test]
fn the_subnet_of_the_registry() {
    let Some(subnet) = crate::kind::resource("aws_subnet") else { panic!("it is in the registry") };
    let block = &subnet.schema().block;
    let errors =
        try_with("cidr_blok = \"10.0.0.0/16\"\narn = \"x\"\nipv6_cidr_block = \"2001:db8::1/64\"\n", block);
    assert_eq!(
        told(&errors.err().unwrap_or_default()),
        [
            "2:1: there is no attribute `cidr_blok` (did you mean `cidr_block`?)",
            "3:1: `arn` is set by AWS (remove it)",
            "4:19: `ipv6_cidr_block` cannot be \"2001:db8::1/64\": the address has bits set beyond the 64 of the range (write `2001:db8::/64`)",
            "1:2: `aws_vpc.a` lacks `vpc_id`",
        ]
    );
    let value =
        try_with("vpc_id = \"vpc-1\"\ntimeouts.create = \"5m\"\n", block).unwrap_or_else(|it| panic!("{it}"));
    let value = defaults(value, block);
    assert_eq!(value.get("ipv6_native"), Some(&false.into()));
    assert_eq!(value.get("timeouts").and_then(|it| it.get("create")), Some(&"5m".into()));
    assert_eq!(unknown_for(block).ty(), block.ty());
}

#[test]
fn defaults_reach_inside() {
    let value = defaults(
        good("name = \"n\"\nvolume = [{ port = 1 }]\nrules = [{ port = 2 }, { port = 2, text = \"y\" }]\n"),
        &block(),
    );
    assert_eq!(value.get("flag"), Some(&true.into()));
    assert_eq!(value.get("volume").map(Value::to_json), Some(json!([{"port": 1, "text": "x"}])));
    assert_eq!(
        value.get("rules").map(Value::to_json),
        Some(json!([{"port": 2, "text": "x"}, {"port": 2, "text": "y"}]))
    );
    assert_eq!(value.ty(), block().ty());
}

#[test]
fn states_are_read_leniently() {
    let state = json!({
        "name": 5, "size": "4", "flag": "maybe", "tags": {"a": 1}, "secret": "s", "gone": true,
        "ranges": "10.0.0.0/8", "range": ["10.0.0.0/8"], "volume": [{"port": "1", "was": 1}, null], "disk": {"port": 2}, "timeouts": null,
        "rules": [{"port": 1}]
    });
    let value = from_state(&state, &block());
    assert_eq!(value.ty(), block().ty());
    let json = value.to_json();
    assert_eq!(json["name"], "5");
    assert_eq!(json["size"].to_string(), "4");
    assert!(json["flag"].is_null() && json["timeouts"].is_null() && json["color"].is_null());
    assert_eq!(json["ranges"], json!(["10.0.0.0/8"]));
    assert_eq!(json["range"], "10.0.0.0/8");
    assert_eq!(json["volume"].to_string(), r#"[{"port":1,"text":null}]"#);
    assert_eq!(json["disk"].to_string(), r#"[{"port":2,"text":null}]"#);
    assert_eq!(json["rules"].to_string(), r#"[{"port":1,"text":null}]"#);
    assert!(value.get("secret").is_some_and(|it| it.marks.sensitive));
    assert_eq!(from_state(&json!(null), &block()).ty(), block().ty());
}

#[test]
fn what_changes_are_ignored_of() {
    let check = |text: &str| {
        let path: Vec<String> = text.split('/').map(str::to_owned).collect();
        let file =
            std::sync::Arc::new(crate::diag::SourceFile { path: "stack.toml".into(), text: text.into() });
        let errors = ignored(&[(path, Place::new(&file, 0..text.len()))], &block(), "aws_vpc.a");
        told(&errors.err().unwrap_or_default()).pop().unwrap_or_default()
    };
    for fine in ["name", "tags", "tags/Owner", "volume/0/port", "timeouts/port", "disk"] {
        assert_eq!(check(fine), "", "{fine}");
    }
    assert_eq!(check("tag"), "1:1: there is no `tag` to ignore changes of (did you mean `tags`?)");
    assert_eq!(
        check("volume/port"),
        "1:1: there is no `port` to ignore changes of (an element of a list has a number: `[0]`)"
    );
    assert_eq!(
        check("disk/0"),
        "1:1: there is no `0` to ignore changes of (an element of a set has no number: ignore the whole set)"
    );
    assert_eq!(
        check("name/x"),
        "1:1: there is no `x` to ignore changes of (nothing lies deeper than this attribute)"
    );
}
