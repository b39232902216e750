//! Every place points at what it says.

use proptest::prelude::*;

use super::*;

fn path(text: &str) -> Vec<String> {
    text.split('.').map(str::to_owned).collect()
}

#[test]
fn headers_and_keys() {
    let config = good(
        "[aws_vpc.a]\ntags = { \"Näme\" = \"x\", b = [1, \"zwei\"] }\n[ aws_vpc . \"b\" ]\nx = 1\n[aws_vpc.b.tags]\ny = 2\n\
         [aws_subnet]\nc = { v = 1 }\n[aws_subnet.d.tags]\n[[aws_security_group.e.ingress]]\nz = 3\n[[aws_security_group.e.ingress]]\nz = 4\n",
    );
    let at = |kind: &str, name: &str| source(&config.resources[&ResourceAddr::managed(kind, name)].place);
    assert_eq!(at("aws_vpc", "a"), "aws_vpc.a");
    assert_eq!(at("aws_vpc", "b"), "aws_vpc . \"b\"");
    assert_eq!(at("aws_subnet", "c"), "c");
    assert_eq!(at("aws_subnet", "d"), "d");
    let setting = |kind: &str, name: &str, setting: &str| {
        config.resources[&ResourceAddr::managed(kind, name)].body.get(setting).cloned()
    };
    let tags = setting("aws_vpc", "a", "tags");
    let tags = tags.as_ref().map(|it| &it.value);
    assert_eq!(tags.map(|it| it.place_of(&path("Näme"))).as_ref().map(source), Some("\"x\""));
    assert_eq!(tags.map(|it| it.place_of(&path("b.1"))).as_ref().map(source), Some("\"zwei\""));
    let ingress = setting("aws_security_group", "e", "ingress");
    let of = |path: &str| ingress.as_ref().map(|it| it.value.place_of(&self::path(path)));
    assert_eq!(of("1.z").as_ref().map(source), Some("4"));
    assert_eq!(of("1").as_ref().map(source), Some("aws_security_group.e.ingress"));
    assert_eq!(of("1").map(|it| it.line_column()), Some((12, 3)));
}

#[test]
fn references_inside_strings() {
    let text = "[locals]\n\
                a = \"é\\t\\u00e9${var.one}\"\n\
                b = '''\n  é ${\nvar.two}'''\n\
                c = \"\"\"\\\n   x \\\n   ${ var.three[\\\"a\\\"] }\"\"\"\n\
                d = \"\\e\\x41${var.four}%{ if var.five }x%{ endif }\"\n";
    let config = good(text);
    let found = |name: &str| -> Vec<_> {
        config.locals[name].refs().iter().map(|it| source(&it.place).to_owned()).collect()
    };
    assert_eq!(found("a"), ["var.one"]);
    assert_eq!(found("b"), ["var.two"]);
    assert_eq!(found("c"), ["var.three[\\\"a\\\"]"]);
    assert_eq!(found("d"), ["var.four", "var.five"]);
}

#[test]
fn errors_inside_expressions() {
    assert_eq!(wrong("[locals]\na = \"é${1 +}\"\n")[0].split(": ").next(), Some("2:12"));
    assert_eq!(wrong("[locals]\na = \"\"\"\n\\u00e9é\n  ${1 +}\"\"\"\n")[0].split(": ").next(), Some("4:8"));
}

/// Pieces of stack files, so that random texts reach more than the first error.
fn pieces() -> impl Strategy<Value = String> {
    let all = [
        "[",
        "]",
        "[[",
        "]]",
        "aws_vpc",
        ".",
        "a",
        "\n",
        " = ",
        "\"",
        "'",
        "\"\"\"",
        "'''",
        "${",
        "}",
        "%{",
        "{",
        ",",
        "variable",
        "type",
        "list(",
        ")",
        "lifecycle",
        "ignore_changes",
        "tags[",
        "depends_on",
        "env",
        "output",
        "é",
        "1",
        "1e9",
        "\\",
        "\\u00e9",
        "\\\n",
        "\r\n",
        "\0",
        "data",
        "provider",
        "aws",
        "backend",
        "s3",
        "locals",
        "#",
        "true",
        "validation",
        "condition",
        "for_each",
        "count",
        "replace_triggered_by",
        "stack",
        "module",
        "default",
        "null",
    ];
    prop::collection::vec(prop::sample::select(all.to_vec()), 0..60).prop_map(|it| it.concat())
}

/// Loads it, and looks at the place of everything that is wrong.
fn survives(text: &str) {
    for it in load_texts(&[("stack.toml", text), ("env/a.toml", text)]).err().into_iter().flatten() {
        let place = it.place.as_ref();
        place.map(Place::line_column);
        assert!(place.is_none_or(|it| it.span.start <= it.file.text.len()), "{it:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_it_panic(text in "\\PC*") {
        survives(&text);
    }

    #[test]
    fn no_stack_makes_it_panic(text in pieces()) {
        survives(&text);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        match source::decode(bytes, "stack.toml".into()) {
            Ok(file) => survives(&file.text),
            Err(error) => {
                let places = error.0.iter().filter_map(|it| it.place.as_ref());
                assert!(places.map(Place::line_column).all(|it| it.0 > 0));
            }
        }
    }

    /// Whatever stands before an expression in a string, its reference is found where it is.
    #[test]
    fn offsets_survive_any_string(before in "[^$%\\p{Cc}]{0,12}", literal in any::<bool>()) {
        let quoted = match literal {
            true if !before.contains('\'') => format!("'{before}${{var.x}}'"),
            _ => format!("\"{}${{var.x}}\"", before.replace('\\', "\\\\").replace('"', "\\\"")),
        };
        let config = good(&format!("[locals]\na = {quoted}\n"));
        let refs = config.locals["a"].refs();
        prop_assert_eq!(source(&refs[0].place), "var.x");
    }
}
