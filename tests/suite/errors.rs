//! Stacks that are wrong: each error names file, line and column with the span underlined, all of
//! them come at once, the exit code is 1, and nothing is asked of AWS.
//!
//! `tests/errors/NAME/` holds such a stack, `marks.txt` (lines of which each must stand in the
//! message) and `error.txt`, the message itself.

use crate::support::expect::{normal, same_as};
use crate::support::folder::{folders, project};
use crate::support::{Folder, Infra, Proxy};

macro_rules! errors {
    ($($name:ident),* $(,)?) => {
        const ERRORS: &[&str] = &[$(stringify!($name)),*];
        $(
            #[test]
            fn $name() {
                folder(stringify!($name));
            }
        )*
    };
}

errors! {
    all_at_once,
    bad_bytes,
    blocks,
    cycle,
    deep_nesting,
    duplicate_address,
    empty_file,
    environments,
    missing_required,
    modules,
    not_an_attribute,
    not_a_type,
    syntax,
    syntax_in_template,
    terraform_files,
    unknown_reference,
    unset_variable,
    wrong_cidr,
    wrong_type,
}

#[test]
fn every_folder_is_tested() {
    let mut names = ERRORS.to_vec();
    names.sort();
    assert_eq!(folders(&project().join("tests/errors")), names);
}

fn folder(name: &str) {
    let data = project().join("tests/errors").join(name);
    let folder = Folder::copy_of(&data);
    let message = refused(&folder, if ONLY_PLANNED.contains(&name) { "plan" } else { "validate" });
    let marks = std::fs::read_to_string(data.join("marks.txt")).unwrap();
    for mark in marks.lines().filter(|it| !it.is_empty()) {
        assert!(message.contains(mark), "`{mark}` is not in\n{message}");
    }
    same_as(&data.join("error.txt"), &message);
}

/// A stack may be checked without the values of its variables, but not planned.
const ONLY_PLANNED: &[&str] = &["unset_variable"];

/// What the command says, having asked nothing of AWS; `plan` refuses the same stack.
#[track_caller]
fn refused(folder: &Folder, command: &str) -> String {
    let nowhere = Proxy::to_nowhere();
    let infra = Infra::offline(folder.path(), &nowhere);
    let message = infra.must(&[command], 1).stderr;
    infra.must(&["plan"], 1);
    let calls: Vec<String> = nowhere.calls().iter().map(|it| it.name()).collect();
    assert!(calls.is_empty(), "AWS was asked: {calls:?}");
    assert!(!message.contains("panicked"), "{message}");
    normal(&message)
}

#[test]
fn a_folder_without_a_stack_says_so() {
    let message = refused(&Folder::new(), "validate");
    assert!(message.contains("stack.toml"), "{message}");
}

#[test]
fn a_folder_that_is_not_there_says_so() {
    let folder = Folder::new();
    let nowhere = Proxy::to_nowhere();
    let infra = Infra::offline(folder.path(), &nowhere);
    let message = infra.must(&["-C", "nothing-here", "validate"], 1).stderr;
    assert!(message.contains("nothing-here"), "{message}");
}

#[test]
fn ten_megabytes_are_read_or_refused_but_never_a_panic() {
    let mut text = String::from("[locals]\n");
    for at in 0..400_000 {
        text.push_str(&format!("value_{at} = \"some text\"\n"));
    }
    text.push_str("wrong = \"${local.value_x}\"\n");
    assert!(text.len() > 10 << 20);
    let message = refused(&Folder::with_stack(&text), "validate");
    assert!(message.contains("stack.toml"), "{message}");
}

#[test]
fn nesting_beyond_reason_is_refused() {
    for (open, close) in [("[", "]"), ("{ a = ", " }")] {
        let text = format!("[locals]\nx = {}1{}\n", open.repeat(20_000), close.repeat(20_000));
        let message = refused(&Folder::with_stack(&text), "validate");
        assert!(message.contains("stack.toml:2"), "{message}");
    }
    for (open, close) in [("(", ")"), ("[", "]"), ("{ a = ", " }"), ("!", ""), ("-", ""), ("true ? 1 : ", "")]
    {
        let text = format!("[locals]\nx = '${{{}1{}}}'\n", open.repeat(20_000), close.repeat(20_000));
        let message = refused(&Folder::with_stack(&text), "validate");
        assert!(message.contains("stack.toml:2"), "{message}");
    }
}

#[test]
fn a_broken_folder_tells_everything_at_once() {
    let text = std::fs::read_to_string(project().join("tests/errors/terraform_files/error.txt")).unwrap();
    assert_eq!(text.lines().filter(|it| it.starts_with("error: ")).count(), 27);
}
