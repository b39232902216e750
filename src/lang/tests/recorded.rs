//! The recorded table: expressions with the answers of `terraform console` 1.11.4.
//!
//! `console/*.txt` holds a file a family: `> expression`, then the answer, or `!` where Terraform
//! refuses. `console/regenerate.py` asks again.

use super::*;
use crate::lang::value::Marks;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/lang/tests/console");
/// What the expressions see: its `main.tf` says the same to Terraform as [`scope`] to us.
pub(super) const SCOPE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/lang/tests/console/scope");

/// The files of the table with their text.
pub(super) fn recorded() -> Vec<(String, String)> {
    let entries = std::fs::read_dir(FOLDER).unwrap().map(|it| it.unwrap().path());
    let mut files: Vec<_> = entries.filter(|it| it.extension().is_some_and(|it| it == "txt")).collect();
    files.sort();
    let name = |it: &std::path::Path| it.file_name().unwrap().to_string_lossy().into_owned();
    files.into_iter().map(|it| (name(&it), std::fs::read_to_string(it).unwrap())).collect()
}

pub(super) fn scope() -> Names {
    let text = || Type::String;
    let unknown = [
        ("any", Type::Any),
        ("bool", Type::Bool),
        ("number", Type::Number),
        ("text", text()),
        ("list", Type::list(text())),
        ("set", Type::set(text())),
        ("map", Type::map(text())),
        ("tuple", Type::Tuple(Arc::new(vec![text(), Type::Number]))),
        ("object", Type::object([("a", text()), ("b", Type::Number)])),
    ];
    let names = unknown
        .into_iter()
        .fold(Names::default(), |names, it| names.with(&format!("local.{}", it.0), Value::unknown(it.1)));
    names
        // Terraform makes nothing of it that a variable cannot be null.
        .with("local.sure", Value::unknown(text()))
        .with("local.full", Value::unknown(Type::list(text())))
        .with("local.greeting", "Hello, ${name}!")
        .with("local.loop", "%{ for it in list }<${it}>%{ endfor }")
        .with("local.broken", "Hello, ${name")
        .with("local.lone", "${value}")
        .with("local.nothing", Value::null(Type::Any))
        .with("path.module", ".")
        .with("terraform.workspace", "default")
        .with("var.template", "Hello, ${name}!")
        .with("var.ephemeral", Value::from("short-lived").marked(Marks { sensitive: false, ephemeral: true }))
}

/// Our answer, as the console shows it: a type without quotation marks.
pub(super) fn ours(text: &str, names: &Names) -> String {
    match eval_in(text, names) {
        Ok(it) if text.starts_with("type(") => it.as_str().unwrap_or_default().to_owned(),
        Ok(it) => render::hcl(&it),
        Err(it) => format!("! {it}"),
    }
}

#[test]
fn answers_as_terraform() {
    let names = scope();
    let mut wrong = Vec::new();
    for (file, cases) in recorded() {
        for case in format!("\n{cases}").split("\n> ").skip(1) {
            let (text, theirs) = case.split_once('\n').unwrap();
            let ours = ours(text, &names);
            let ours = if ours.starts_with('!') && theirs.trim_end() == "!" { "!" } else { &ours };
            if ours != theirs.trim_end_matches('\n') {
                wrong.push(format!("{file}\n> {text}\n--- theirs\n{theirs}\n--- ours\n{ours}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// As many as were asked for, and enough of them errors.
#[test]
fn enough_is_recorded() {
    let all: Vec<String> = recorded().into_iter().flat_map(|it| cases_of(&it.1)).collect();
    let refused = all.iter().filter(|it| it.trim_end().ends_with("\n!")).count();
    assert!(all.len() >= 1500, "only {} cases", all.len());
    assert!(refused * 5 >= all.len(), "only {refused} of {} are errors", all.len());
}

fn cases_of(text: &str) -> Vec<String> {
    format!("\n{text}").split("\n> ").skip(1).map(str::to_owned).collect()
}
