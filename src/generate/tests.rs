use std::collections::BTreeMap;

use super::*;
use crate::lang::{Type, Value};
use crate::schema::{Attribute, Block, Form, NestedBlock, Nesting};

fn attribute(ty: Type) -> Attribute {
    let of = |name: &str| crate::kind::resource("aws_vpc").unwrap().schema().block.attributes[name].clone();
    Attribute { ty, required: false, optional: true, ..of("cidr_block") }
}

fn block(attributes: &[(&str, Attribute)]) -> Block {
    let attributes = attributes.iter().map(|(name, it)| ((*name).to_owned(), it.clone()));
    Block { attributes: attributes.collect(), ..Block::default() }
}

fn nested(nesting: Nesting, block: Block) -> NestedBlock {
    let some = &crate::kind::resource("aws_ecr_repository").unwrap().schema().block.blocks;
    let it = some.values().next().unwrap().clone();
    NestedBlock { nesting, block, ..it }
}

fn texts(all: &[(&str, &str)]) -> Value {
    Value::map(Type::String, all.iter().map(|(key, it)| (*key, Value::from(*it))))
}

/// One of everything.
fn body() -> Body {
    let rule = block(&[("from", attribute(Type::Number)), ("why", attribute(Type::String))]);
    let mut of = attribute(Type::list(rule.ty()));
    of.of = Some(Box::new(rule.clone()));
    let json = Attribute { form: Form::Json, ..attribute(Type::String) };
    let mut all = block(&[
        ("document", json),
        ("label", attribute(Type::String)),
        ("lines", attribute(Type::String)),
        ("password", Attribute { sensitive: true, ..attribute(Type::String) }),
        ("rules", of),
        ("tags", attribute(Type::map(Type::String))),
        ("unset", attribute(Type::String)),
    ]);
    all.blocks = BTreeMap::from([
        ("many".to_owned(), nested(Nesting::List, rule.clone())),
        ("none".to_owned(), nested(Nesting::Set, rule.clone())),
        ("one".to_owned(), nested(Nesting::List, rule.clone())),
        ("single".to_owned(), nested(Nesting::Single, rule.clone())),
    ]);
    let item = |from: i64, why: &str| {
        let why = if why.is_empty() { Value::null(Type::String) } else { why.into() };
        Value::object([("from", Value::from(from)), ("why", why)])
    };
    let list = |all: Vec<Value>| Value::list(rule.ty(), all);
    let config = Value::object([
        ("document", r#"{"a b":["${x}",1.5],"c":{}}"#.into()),
        ("label", "it's \"${a}\" %{b} \\ \u{1}".into()),
        ("lines", "one\n${two}\n".into()),
        ("password", Value::null(Type::String).sensitive()),
        ("rules", list(vec![item(1, ""), item(2, "two")])),
        ("tags", texts(&[("a.b", "${c}"), ("d", "e")])),
        ("unset", Value::null(Type::String)),
        ("many", list(vec![item(1, ""), item(2, &"long ".repeat(20))])),
        ("none", Value::set(rule.ty(), Vec::new())),
        ("one", list(vec![item(1, "")])),
        ("single", item(3, "")),
    ]);
    of_(&all, &config)
}

fn of_(block: &Block, config: &Value) -> Body {
    super::of(block, config, false)
}

fn written() -> [Written; 1] {
    let addr = ResourceAddr::managed("aws_it", "it");
    [Written { addr, id: "i\"1".into(), provider: Some("aws.west".into()), body: body() }]
}

#[test]
fn a_stack_file_gives_the_same_values() {
    let text = super::toml(&written());
    for it in [
        "# imported from 'i\"1'\n[aws_it.it]\nprovider = \"aws.west\"\n",
        "document = '''\n{\n  \"a b\": [\n    \"$${x}\",\n    1.5\n  ],\n  \"c\": {}\n}\n'''\n",
        "lines = '''\none\n$${two}\n'''\n",
        "# password = …",
        "rules = [\n  { from = 1 },\n  { from = 2, why = \"two\" },\n]\n",
        "tags = { \"a.b\" = \"$${c}\", d = \"e\" }\n",
        "one = { from = 1 }\n",
        "single = { from = 3 }\n",
        "\n[[aws_it.it.many]]\nfrom = 1\n\n[[aws_it.it.many]]\nfrom = 2\n",
    ] {
        assert!(text.contains(it), "{it}\n---\n{text}");
    }
    assert!(!text.contains("unset") && !text.contains("none"), "{text}");
    let read: ::toml::Table = text.parse().unwrap();
    assert_eq!(read["aws_it"]["it"]["label"].as_str(), Some("it's \"$${a}\" %%{b} \\ \u{1}"));
    assert_eq!(body().secrets(), 1);
}

#[test]
fn a_tf_file_gives_the_same_values() {
    let text = super::hcl(&written());
    for it in [
        "# imported from \"i\\\"1\"\nresource \"aws_it\" \"it\" {\n",
        "provider = aws.west\n",
        "jsonencode({\n    \"a b\" = [\"$${x}\", 1.5]\n    c     = {}\n  })\n",
        "lines    = \"one\\n$${two}\\n\"\n",
        "password = null # sensitive\n",
        "  rules {\n    from = 1\n  }\n  rules {\n    from = 2\n    why  = \"two\"\n  }\n",
        "\"a.b\" = \"$${c}\"\n",
        "  one {\n    from = 1\n  }\n",
    ] {
        assert!(text.contains(it), "{it}\n---\n{text}");
    }
    hcl_edit::parser::parse_body(&text).unwrap();
}
