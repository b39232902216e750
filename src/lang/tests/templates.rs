//! Templates and heredocs; every answer is Terraform's.

use super::*;

const HEREDOCS: &[(&str, &str)] = &[
    ("<<EOT\n%{ for x in [1,2] ~}\n  item ${x}\n%{ endfor ~}\nend\nEOT", "  item 1\n  item 2\nend\n"),
    ("<<-EOT\n    one\n      two ${\"x\"}\n    three\n    EOT", "one\n  two x\nthree\n"),
    ("<<-EOT\n    ${\"x\"} one\n  two\n    EOT", "  x one\ntwo\n"),
    ("<<EOT\na ${~ \"x\" ~}\n   \n  b\nEOT", "ax   \n  b\n"),
    (
        "<<-EOT\n    %{ if true ~}\n    yes\n    %{ else ~}\n    no\n    %{ endif ~}\n    tail\n  EOT",
        "    yes\n    tail\n",
    ),
    ("<<-EOT\n    a\n\n      b\n    EOT", "a\n\n  b\n"),
    ("<<EOT\nEOT", ""),
    ("<<-EOT\n    \n    a\n  \tb\n    EOT", "    \n a\nb\n"),
    ("<<EOT\nback\\nslash \"quote\" $${x} %%{y} $x\nEOT", "back\\nslash \"quote\" ${x} %{y} $x\n"),
    ("join(\"|\", [<<A\none\nA\n, <<B\ntwo\nB\n])", "one\n|two\n"),
    (
        "<<-EOT\n      %{~ for x in [1,2] ~}\n      item ${x}\n      %{~ endfor ~}\n  EOT",
        "      item 1\n      item 2\n",
    ),
    (
        "<<-EOT\n    multi ${join(\",\", [\n      \"a\",\n      \"b\"\n    ])} line\n      in\n    EOT",
        "multi a,b line\n  in\n",
    ),
    (
        "<<-EOT\n    a\n    %{ if true }\n      b\n    %{ endif }\n    c ${\"x\"\n    }\n    ${\"y\"}\n    EOT",
        "a\n\n  b\n\nc x\ny\n",
    ),
    ("<<-EOT\n  %{ for x in [\"p\", \"q\"] ~}\n  line ${x}\n  %{ endfor ~}\nEOT", "  line p\n  line q\n"),
    ("<<-EOT\n    x\n${\"y\"}\n    z\nEOT", "    x\ny\n    z\n"),
];

#[test]
fn heredocs_read_as_terraforms() {
    for (text, answer) in HEREDOCS {
        assert_eq!(eval(text).unwrap().as_str(), Some(*answer), "{text}");
    }
}

fn template(text: &str) -> Result<Expr, Diagnostics> {
    let (_, offsets, place) = source(text);
    Expr::template(text, offsets, place)
}

fn written(text: &str, env: &Names) -> Value {
    template(text).unwrap().eval(env).unwrap()
}

#[test]
fn plain_text_is_a_constant() {
    for (text, value) in [
        ("plain", "plain"),
        ("", ""),
        ("$${a} %%{b} $c 100%", "${a} %{b} $c 100%"),
        ("back\\n\"slash\"", "back\\n\"slash\""),
    ] {
        let it = template(text).unwrap();
        assert!(matches!(&it.node, Node::Constant(found) if found.as_str() == Some(value)), "{it:?}");
    }
}

#[test]
fn a_lone_expression_keeps_its_type() {
    let env = Names::default().with("var.n", 5).with("var.l", Value::tuple(vec![1.into()]));
    assert_eq!(written("${var.n}", &env), 5.into());
    assert_eq!(written("${ var.l }", &env), Value::tuple(vec![1.into()]));
    assert_eq!(written("n${var.n}", &env), "n5".into());
}

#[test]
fn bare_text_is_stripped_by_line() {
    let text = "%{ for x in [1,2] ~}\n  item ${x}\n%{ endfor ~}\n  a ${~ 1 ~}\n \n  b\n%{~ if true ~}   q %{~ endif ~}\n  z\n";
    assert_eq!(written(text, &Names::default()), "  item 1\n  item 2\n  a1 \n  bq  z\n".into());
}

/// In a TOML string with escapes the text in the file is not the text that was parsed.
#[test]
fn heredocs_in_escaped_text_move_too() {
    let text = "<<-EOT\n  \ta\n  \u{e9}b\n  EOT";
    let file_text = text.replace('\n', "\\n").replace('\t', "\\t").replace('\u{e9}', "\\u00e9");
    let file = Arc::new(SourceFile { path: "stack.toml".into(), text: file_text });
    let mut at = Vec::new();
    let mut start = 0;
    for it in text.chars() {
        at.extend(std::iter::repeat_n(start, it.len_utf8()));
        start += match it {
            '\n' | '\t' => 2,
            '\u{e9}' => 6,
            _ => 1,
        };
    }
    at.push(start);
    let offsets = Offsets::new(&file, &at);
    let it = Expr::hcl(text, offsets, Place::new(&file, 0..1)).unwrap();
    assert_eq!(it.eval(&Names::default()).unwrap(), "\ta\n\u{e9}b\n".into());
}

#[test]
fn template_files() {
    struct In<'a>(&'a std::path::Path);
    impl Env for In<'_> {
        fn resolve(&self, _: &[&str]) -> Found {
            Found::Missing(Box::new(Diagnostic::error("nothing here")))
        }
        fn base_dir(&self) -> &std::path::Path {
            self.0
        }
    }
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("t.tpl"), "Hi ${name},\n%{ for x in all ~}\n- ${x}\n%{ endfor ~}\n")
        .unwrap();
    std::fs::write(dir.path().join("bad.tpl"), "Hi\n${nobody}").unwrap();
    let run = |text: &str| {
        let (_, offsets, place) = source(text);
        Expr::hcl(text, offsets, place).unwrap().eval(&In(dir.path()))
    };
    let text = run(r#"templatefile("t.tpl", { name = "Ann", all = [1, 2] })"#).unwrap();
    assert_eq!(text, "Hi Ann,\n- 1\n- 2\n".into());
    let error = run(r#"templatefile("bad.tpl", { name = "Ann" })"#).unwrap_err();
    let place = error.0[0].place.clone().unwrap();
    assert!(place.file.path.ends_with("bad.tpl"));
    assert_eq!(place.line_column(), (2, 3));
    assert!(run(r#"templatefile("none.tpl", {})"#).is_err());
    assert_eq!(run(r#"fileset(".", "*.tpl")"#).unwrap().as_items().unwrap().len(), 2);
    assert_eq!(run(r#"filemd5("bad.tpl")"#).unwrap(), run(r#"md5(file("bad.tpl"))"#).unwrap());
}
