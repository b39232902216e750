//! Short texts that ask for more than any memory or patience holds.

use std::time::{Duration, Instant};

use super::*;

const BOMBS: &[(&str, &str)] = &[
    ("[for a in range(1024) : [for b in range(1024) : [for c in range(1024) : 1]]]", "through a `for`"),
    ("[for a in range(1024) : [for b in range(1024) : 1 if false]]", "through a `for`"),
    (
        "%{ for a in range(1024) }%{ for b in range(1024) }%{ for c in range(9) }x%{ endfor }%{ endfor }%{ endfor }",
        "through a `for`",
    ),
    ("range(1e9)", "range"),
    ("pow(10, 1e9)", "pow"),
    ("format(\"%999999999d\", 1)", "format"),
    ("format(\"%.999999999f\", 1)", "format"),
    ("setproduct(range(1024), range(1024), range(1024))", "setproduct"),
    (
        "replace(join(\"\", [for a in range(1024) : join(\"\", range(1024))]), \"/[0-9]/\", join(\"\", range(1024)))",
        "MiB",
    ),
    (
        "replace(join(\"\", [for a in range(1024) : join(\"\", range(1024))]), \"1\", join(\"\", range(1024)))",
        "MiB",
    ),
    ("join(join(\"\", [for a in range(1024) : join(\"\", range(1024))]), range(1024))", "MiB"),
    ("1e99999999", "out of range"),
    (
        "try([for a in range(1024) : [for b in range(1024) : 1]], [for a in range(1024) : 1])",
        "none of the arguments",
    ),
];

/// Whether the text is a template rather than an expression.
fn asked(text: &str, names: &Names) -> Result<Value, Diagnostics> {
    let (_, offsets, place) = source(text);
    match text.starts_with("%{") {
        true => Expr::template(text, offsets, place)?.eval(names),
        false => Expr::hcl(text, offsets, place)?.eval(names),
    }
}

#[test]
fn what_asks_too_much_is_refused() {
    for (text, why) in BOMBS {
        let before = Instant::now();
        let error = asked(text, &Names::default()).expect_err(text);
        let told = format!("{} {:?}", error.0[0].summary, error.0[0].detail);
        assert!(told.contains(why), "{text}: {told}");
        assert!(before.elapsed() < Duration::from_secs(60), "{text}: {:?}", before.elapsed());
    }
}

/// Each names the one before it twice, or lies inside the next: short to say, endless to write out.
#[test]
fn values_do_not_outgrow_their_text() {
    for text in
        ["[a, a]", "{ x = a, y = a }", "concat([a], [a])", "\"${jsonencode(a)}${jsonencode(a)}\"", "[a]"]
    {
        let mut names = Names::default().with("a", Value::tuple(vec![1.into()]));
        let mut refused = None;
        for _ in 0..300 {
            match eval_in(text, &names) {
                Ok(value) => names = names.with("a", value),
                Err(it) => {
                    refused = Some(it.0[0].summary.clone());
                    break;
                }
            }
        }
        let why = refused.unwrap_or_else(|| panic!("{text} has no end"));
        assert!(["more than", "MiB"].iter().any(|it| why.contains(it)), "{text}: {why}");
    }
}

#[test]
fn much_is_still_possible() {
    let rows = eval("[for a in range(300) : { id = a, all = [for b in range(1000) : b] }]").unwrap();
    assert_eq!(rows.as_items().map(<[Value]>::len), Some(300));
    let keys = (0..3000).map(|it| format!("k{it} = {it}\n")).collect::<String>();
    assert_eq!(eval(&format!("{{{keys}}}")).unwrap().as_fields().map(|it| it.len()), Some(3000));
}
