//! The manual of the functions: its examples hold, and `docs/functions.md` is made of it.

use super::recorded::scope;
use super::*;
use crate::lang::functions::{FAMILIES, FORMS, Function};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/functions.md");

#[test]
fn examples_hold() {
    let names = scope();
    let examples = functions::all().flat_map(|it| it.examples).chain(FORMS.iter().flat_map(|it| it.examples));
    let mut wrong = Vec::new();
    for (text, answer) in examples {
        let ours = eval_in(text, &names).map_or_else(|it| format!("! {it}"), |it| render::hcl(&it));
        if ours != *answer {
            wrong.push(format!("{text}: {ours}, not {answer}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_function_is_documented() {
    let mut names: Vec<&str> = functions::all().map(|it| it.name).collect();
    for it in functions::all() {
        assert!(it.doc.ends_with('.') && !it.examples.is_empty(), "{}", it.name);
    }
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(count, names.len());
}

/// With `UPDATE_DOCS=1` it is written anew.
#[test]
fn the_page_is_up_to_date() {
    let page = page();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(PAGE, &page).unwrap();
    }
    let same = std::fs::read_to_string(PAGE).is_ok_and(|it| it == page);
    assert!(same, "run this test with UPDATE_DOCS=1, and commit docs/functions.md");
}

const INTRODUCTION: &str = "\
# Functions

All functions of Terraform 1.11, with the same results, and those of its own provider and of the AWS \
provider. The examples are tested, and so are more than three thousand recorded answers of \
`terraform console` (`src/lang/tests/console`). `core::NAME` names a function too.

Examples read files of `src/lang/tests/console/scope`; `files/plain.txt` holds the line `plain text`.
";

const DIFFERENCES: &str = "
## Where answers differ on purpose

- Numbers are finite: `log(0, 10)`, `pow(10, 400)`, `tonumber(\"inf\")` and YAML's `.inf` are errors \
where Terraform gives an infinite number. There is no negative zero. A power with a fraction may differ \
in the 16th digit.
- `format(\"%s\", null)` is an error, and `%v` shows `null`; in Terraform the result is unknown for ever.
- `cidrsubnet` refuses negative numbers, with which Terraform gives addresses outside the network. \
IPv4 networks written as IPv6 (`::ffff:10.0.0.0/104`) stay IPv6 throughout.
- Years after 9999 or before 0 are out of range for `timeadd`.
- `yamldecode` accepts what YAML 1.2 does, such as `\"\\/\"`.
";

fn page() -> String {
    let mut out = INTRODUCTION.to_owned();
    for family in FAMILIES {
        heading(&mut out, family.title);
        let mut all: Vec<&Function> = family.tables.iter().copied().flatten().collect();
        all.sort_by_key(|it| it.name);
        for it in all {
            row(&mut out, &it.signature(), it.doc, it.examples);
        }
    }
    heading(&mut out, "With errors");
    FORMS.iter().for_each(|it| row(&mut out, it.usage, it.doc, it.examples));
    out + DIFFERENCES
}

fn heading(out: &mut String, title: &str) {
    out.push_str(&format!("\n## {title}\n\n| function | gives | example |\n|---|---|---|\n"));
}

fn row(out: &mut String, signature: &str, doc: &str, examples: &[(&str, &str)]) {
    let code = |it: &str| format!("`{}`", it.replace('|', "\\|"));
    let example = |it: &(&str, &str)| {
        assert!(!it.1.contains('\n'), "the result of `{}` does not fit into a table", it.0);
        format!("{} is {}", code(it.0), code(it.1))
    };
    let examples: Vec<String> = examples.iter().map(example).collect();
    let doc = doc.replace('|', "\\|");
    out.push_str(&format!("| {} | {doc} | {} |\n", code(signature), examples.join("<br>")));
}
