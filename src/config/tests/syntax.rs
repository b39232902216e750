//! What is no TOML, in words that help.

use super::*;

/// What is wrong, with the place of the first of two.
fn twice(text: &str) -> Vec<String> {
    let errors = load_texts(&[("stack.toml", text)]).err().unwrap_or_default();
    let detail = |it: &crate::diag::Diagnostic| it.detail.clone().unwrap_or_default();
    told(&errors).into_iter().zip(errors.0.iter().map(detail)).map(|(a, b)| format!("{a}; {b}")).collect()
}

#[test]
fn values_without_quotation_marks() {
    assert_eq!(
        wrong(
            "[locals]\na = eu-west-1\nb = aws_vpc.main.id\nc = ${var.x} # why\nd = file(\"x\")\ne = True\n"
        ),
        [
            "2:5: not valid TOML: string values must be quoted (text stands in quotation marks: \"eu-west-1\")",
            "3:5: not valid TOML: string values must be quoted (an expression stands in a string: '${aws_vpc.main.id}')",
            "4:5: not valid TOML: string values must be quoted (an expression stands in a string: '${var.x}')",
            "5:5: not valid TOML: string values must be quoted (an expression stands in a string: '${file(\"x\")}')",
            "6:5: not valid TOML: string values must be quoted (write it in lower case: `true`)",
        ]
    );
}

#[test]
fn several_errors_are_told_at_once() {
    assert_eq!(
        wrong("[locals]\na = \"x\nb = 0123\nc = 1 2\n"),
        [
            "2:7: not valid TOML: invalid basic string, expected `\"`",
            "3:5: not valid TOML: unexpected leading zero",
            "4:5: not valid TOML: string values must be quoted",
        ]
    );
    assert_eq!(
        wrong_files(&[("stack.toml", "a = "), ("b.stack.toml", "[locals\n")]),
        [
            "1:5: not valid TOML: string values must be quoted",
            "b.stack.toml:1:8: not valid TOML: unclosed table, expected `]`"
        ]
    );
    let many = wrong(&"[locals]\na = 1 2\n".repeat(100));
    assert_eq!((many.len(), many[20].as_str()), (21, "stack.toml has more errors than these"));
}

#[test]
fn terraform_is_recognised() {
    assert_eq!(
        wrong(
            "resource \"aws_vpc\" \"main\" {\n  cidr_block = \"10.0.0.0/16\"\n  tags = {\n  }\n}\n\nlocals {\n  a = b\n}\n"
        ),
        [
            "1:10: this is HCL, not TOML (in a stack file this begins with `[aws_vpc.main]`)",
            "7:8: this is HCL, not TOML (in a stack file this begins with `[locals]`)",
        ]
    );
}

#[test]
fn what_stands_twice_is_shown_twice() {
    assert_eq!(
        twice("[aws_vpc.a]\n[aws_vpc.b]\nx = \"\"\"\n[aws_vpc.a]\n\"\"\"\n[ aws_vpc . a ] # again\n"),
        ["6:13: `aws_vpc.a` stands twice; The first one: stack.toml:1:1"]
    );
    assert_eq!(
        twice("[locals]\nx = 0\n[aws_vpc.a]\nx = 1\ny = '''\nx = 2'''\nx = 3\n"),
        ["7:1: `x` stands twice; The first one: stack.toml:4:1"]
    );
    assert_eq!(
        twice("[locals]\na = { b = 1, b = 2 }\nc.d = 1\nc.d = 2\n"),
        [
            "2:14: `b` stands twice; The first one: stack.toml:2:7",
            "4:3: `d` stands twice; The first one: stack.toml:3:1"
        ]
    );
}

#[test]
fn numbers_that_are_none() {
    assert_eq!(
        wrong("[locals]\na = inf\nb = nan\nc = 1e999999999\n"),
        ["2:5", "3:5", "4:5"].map(|it| format!(
            "{it}: this is no number that a stack can hold (infinity and `nan` do not exist here)"
        ))
    );
}

#[test]
fn odd_bytes() {
    assert_eq!(good("\u{feff}[locals]\na = 1\n").locals.len(), 1);
    assert_eq!(good("[locals]\r\na = \"\"\"\r\nx\r\n\"\"\"\r\n").locals.len(), 1);
    let lone = wrong("[locals]\na = \"x\0y\"\n");
    assert_eq!(lone.len(), 1);
    assert!(lone[0].starts_with("2:7: not valid TOML: invalid basic string"), "{lone:?}");
    assert!(wrong("\0")[0].contains("not valid TOML"));
}

#[test]
fn depth_is_refused_not_suffered() {
    let times = |open: &str, inner: &str, close: &str| {
        format!("{}{inner}{}", open.repeat(10_000), close.repeat(10_000))
    };
    for value in [times("[", "1", "]"), times("[", "1", ""), times("{a=", "1", "}"), "[".repeat(1_000_000)] {
        let errors = wrong(&format!("[locals]\na = {value}\n"));
        assert!(errors[0].ends_with("nested too deeply (80 levels are the most)"), "{errors:?}");
        assert_eq!(errors.len(), 1, "{errors:?}");
    }
    assert!(wrong(&format!("[{}b]\n", "a.".repeat(10_000)))[0].contains("nested too deeply"));
    for value in [times("(", "1", ")"), times("[", "1", "]"), times("!", "true", ""), times("f(", "1", ")")] {
        assert_eq!(wrong(&format!("[locals]\na = '${{{value}}}'\n")).len(), 1);
    }
    let ty = times("list(", "string", ")");
    assert_eq!(wrong(&format!("[variable.a]\ntype = '{ty}'\n")).len(), 1);
}

#[test]
fn time_grows_with_the_file_not_faster() {
    let load = |count: usize| {
        let one = |at| {
            let name = "x".repeat(80);
            format!(
                "[aws_vpc.v{at}]\ncidr_block = \"10.0.0.0/16\"\ntags = {{ Name = \"${{var.name}}-{name}\" }}\n"
            )
        };
        let text: String = (0..count).map(one).collect();
        let start = std::time::Instant::now();
        assert_eq!(good(&text).resources.len(), count);
        start.elapsed()
    };
    let (little, much) = (load(1_000), load(10_000));
    assert!(much < little * 40, "{little:?}, ten times as much: {much:?}");
}

#[test]
fn many_errors_take_no_long_time() {
    let text: String = (0..300).map(|at| format!("[thing{at}.a]\n")).collect();
    assert_eq!(wrong(&text).len(), 300);
}

#[test]
fn monotonous_files_take_no_long_time() {
    let pieces =
        ["=", "a=", "\"", "[\n", "a.", "x = 1 2 ", "{", "'", "a = \"${\"\n", "[a]\n", "a = [1]\n", "\0"];
    for piece in pieces {
        let text = piece.repeat(200_000 / piece.len());
        let start = std::time::Instant::now();
        assert!(!wrong(&text).is_empty());
        let in_string = format!("[locals]\na = '''{}'''\n", text.replace('\'', "${"));
        let _ = load_texts(&[("stack.toml", &in_string)]);
        assert!(start.elapsed().as_secs() < 20, "{piece:?}: {:?}", start.elapsed());
    }
}
