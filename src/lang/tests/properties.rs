//! What holds for any value and any text.

use proptest::prelude::*;

use super::*;

fn values() -> impl Strategy<Value = Value> {
    let simple = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "-?[0-9]{1,20}\\.[0-9]{1,20}".prop_map(|it| Value::from(it.parse::<Number>().unwrap())),
        ".{0,8}".prop_map(Value::from),
        Just(Value::null(Type::Any)),
    ];
    simple.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::tuple),
            prop::collection::btree_map("[a-z]{1,3}", inner, 0..4).prop_map(Value::object),
        ]
    })
}

/// Pieces of expressions, put together in any order: mostly nonsense, sometimes not.
fn texts() -> impl Strategy<Value = String> {
    let names: Vec<&str> = functions::all().map(|it| it.name).collect();
    let words = [
        "1",
        "0",
        "-2.5",
        "1e3",
        "\"a\"",
        "\"",
        "${",
        "%{",
        "}",
        "{",
        "[",
        "]",
        "(",
        ")",
        ",",
        ".",
        "...",
        "=",
        "=>",
        ":",
        "?",
        "+",
        "-",
        "*",
        "/",
        "%",
        "==",
        "!=",
        "<",
        "&&",
        "||",
        "!",
        "for",
        "in",
        "if",
        "else",
        "endif",
        "endfor",
        "x",
        "null",
        "true",
        "~",
        "\n",
        " ",
        "<<EOT\n",
        "<<-EOT\n",
        "EOT",
        "$$",
        "[*]",
        ".*",
        "é",
        "\\",
        "#",
        "/*",
        "u",
        "x = 1",
        "[1, \"a\"]",
        "{ a = 1 }",
        "(1)",
        "(\"a\")",
        "([\"a\"], 1)",
    ];
    let word = prop_oneof![
        4 => prop::sample::select(words.to_vec()).prop_map(str::to_owned),
        1 => prop::sample::select(names).prop_map(str::to_owned),
        1 => ".{0,3}",
    ];
    prop::collection::vec(word, 0..12).prop_map(|it| it.join(""))
}

/// Calls with arguments of all sorts.
fn calls() -> impl Strategy<Value = String> {
    let names: Vec<&str> = functions::all().map(|it| it.name).filter(|it| !it.starts_with("file")).collect();
    let args = [
        "null",
        "true",
        "-1",
        "0",
        "3",
        "2.5",
        "1e40",
        "\"\"",
        "\"a,b\"",
        "\"10.0.0.0/8\"",
        "\"%d %s\"",
        "\"é\"",
        "[]",
        "[1, \"a\", null]",
        "[[1], [2]]",
        "toset([1])",
        "{}",
        "{ a = [1], b = \"x\" }",
        "tolist([\"x\"])",
        "tomap({ a = 1 })",
        "u",
        "[u]",
        "any",
        "sensitive(1)",
        "\"2020-01-01T00:00:00Z\"",
        "\"(a)|b\"",
        "-1e9",
        "\"/64\"",
        "\"::/0\"",
        "128",
        "-128",
    ];
    let arg = prop::sample::select(args.to_vec());
    let args = prop::collection::vec(arg, 0..4);
    (prop::sample::select(names), args).prop_map(|it| format!("{}({})", it.0, it.1.join(", ")))
}

fn run(text: &str) {
    let env = Names::default()
        .with("x", Value::tuple(vec![1.into(), "a".into()]))
        .with("u", Value::unknown(Type::String))
        .with("any", Value::unknown(Type::Any));
    let (_, offsets, place) = source(text);
    for it in [Expr::hcl(text, offsets.clone(), place.clone()), Expr::template(text, offsets, place)] {
        let Ok(it) = it else { continue };
        it.refs();
        match it.eval(&env) {
            Ok(value) => drop((render::hcl(&value), value.to_json(), value.ty())),
            Err(errors) => assert!(errors.0.iter().all(|it| it.place.is_some())),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn json_round_trips(value in values()) {
        let json = value.to_json();
        let back = Value::from_json_implied(&json).unwrap();
        prop_assert_eq!(&back, &value);
        let text = serde_json::to_string(&json).unwrap();
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(Value::from_json(&read, &value.ty()).unwrap(), value);
    }

    #[test]
    fn a_conversion_that_works_gives_that_type(value in values()) {
        prop_assert_eq!(value.convert(&value.ty()).unwrap(), value.clone());
        for to in [Type::list(Type::Any), Type::set(Type::Any), Type::map(Type::Any), Type::list(Type::String)] {
            if let Ok(found) = value.convert(&to) {
                prop_assert_eq!(found.convert(&found.ty()).unwrap(), found.clone());
                prop_assert_eq!(found.convert(&to).unwrap(), found);
            }
        }
    }

    /// What is written as an expression and read again is the same.
    #[test]
    fn expressions_round_trip(value in values()) {
        // A null alone is refused.
        let value = Value::tuple(vec![value]);
        let written = |value: &Value| {
            let scope = Names::default().with("x", value.clone());
            let text = eval_in("provider::terraform::encode_expr(x)", &scope).map_err(|it| it.to_string());
            text.map(|it| it.as_str().unwrap_or_default().to_owned())
        };
        let text = written(&value).map_err(TestCaseError::fail)?;
        let read = eval(&text).map_err(|it| TestCaseError::fail(format!("{it}: {text}")))?;
        let again = written(&read).map_err(TestCaseError::fail)?;
        let second = eval(&again).map_err(|it| TestCaseError::fail(format!("{it}: {again}")))?;
        prop_assert_eq!(&read, &second, "{}", text);
        // Only texts may have been written otherwise, with their accents composed.
        prop_assert_eq!(read.ty(), value.ty(), "{}", text);
    }

    #[test]
    fn text_round_trips_through_a_template(text in ".{0,20}") {
        let written = text.replace("${", "$${").replace("%{", "%%{");
        let (_, offsets, place) = source(&written);
        if let Ok(it) = Expr::template(&written, offsets, place) {
            prop_assert_eq!(it.eval(&Names::default()).unwrap(), Value::from(text));
        }
    }

    #[test]
    fn nothing_panics(text in texts()) {
        run(&text);
    }

    #[test]
    fn no_function_panics(text in calls()) {
        run(&text);
    }
}
