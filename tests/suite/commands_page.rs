//! docs/commands.md: Terraform's commands and flags beside ours. Every one has a row, what is called
//! the same is understood, what is missing is answered, and the tests that are named are there.

use std::collections::BTreeSet;
use std::ffi::OsString;

use infra::cli;

use crate::support::folder::project;

struct Row {
    /// Such as `plan -out`.
    theirs: String,
    /// A command line of ours; empty where there is none.
    ours: String,
    how: String,
    test: String,
}

fn read(name: &str) -> String {
    std::fs::read_to_string(project().join(name)).unwrap_or_else(|it| panic!("{name}: {it}"))
}

fn rows() -> Vec<Row> {
    let page = read("docs/commands.md");
    let lines = page.lines().filter(|it| it.starts_with("| `"));
    let rows = lines.map(|line| {
        let line = line.replace("\\|", "\u{1}");
        let cells: Vec<String> = line
            .trim_matches('|')
            .split('|')
            .map(|it| it.trim().trim_matches('`').replace('\u{1}', "|"))
            .collect();
        let [theirs, ours, how, _, test] = &cells[..] else { panic!("not five cells: {line}") };
        let theirs = theirs.split('=').next().unwrap().to_owned();
        Row { theirs, ours: ours.clone(), how: how.clone(), test: test.clone() }
    });
    rows.collect()
}

/// The command and the flag of a line such as `state rm -lock`.
fn parts(line: &str) -> (&str, &str) {
    match line.strip_prefix('-') {
        Some(flag) => ("", flag),
        None => line.split_once(" -").unwrap_or((line, "")),
    }
}

/// The command of ours with this name, and whether it has the option.
fn has(command: &str, flag: &str) -> bool {
    let mut root = cli::tree();
    root.build();
    let mut here = &root;
    for name in command.split(' ').filter(|it| !it.is_empty()) {
        let Some(found) = here.find_subcommand(name) else { return false };
        here = found;
    }
    let named = |it: &clap::Arg| {
        it.get_long_and_visible_aliases().is_some_and(|all| all.contains(&flag)) || it.get_id() == flag
    };
    flag.is_empty() || here.get_arguments().any(named)
}

/// Reads a command line of ours, in double quotes where a word holds blanks.
fn understood(line: &str) -> Result<(), String> {
    let words: Vec<OsString> = line
        .split('"')
        .enumerate()
        .flat_map(|(at, it)| match at % 2 {
            0 => it.split_whitespace().map(OsString::from).collect(),
            _ => vec![OsString::from(it)],
        })
        .collect();
    match cli::tree().try_get_matches_from(cli::spelled(words)) {
        Err(error) if error.use_stderr() => Err(error.to_string()),
        _ => Ok(()),
    }
}

#[test]
fn every_command_and_flag_of_terraform_has_a_row() {
    let rows: Vec<String> = rows().into_iter().map(|it| it.theirs).collect();
    let wanted = read("tests/data/terraform_flags.txt");
    let wanted: BTreeSet<&str> = wanted.lines().collect();
    let here: BTreeSet<&str> = rows.iter().map(String::as_str).collect();
    let missing: Vec<_> = wanted.difference(&here).collect();
    let strange: Vec<_> = here.difference(&wanted).collect();
    assert!(missing.is_empty() && strange.is_empty(), "no row: {missing:#?}\nnot Terraform's: {strange:#?}");
    assert_eq!(rows.len(), here.len(), "a row is there twice");
}

#[test]
fn what_a_row_says_is_so() {
    let mut wrong = Vec::new();
    for Row { theirs, ours, how, .. } in rows() {
        let (command, flag) = parts(&theirs);
        let here = has(command, flag);
        match how.as_str() {
            "same" if !here => wrong.push(format!("{theirs}: not there")),
            "same" | "other name" => {
                let read = understood(&ours);
                wrong.extend(read.err().map(|it| format!("{theirs}: `{ours}` is not understood: {it}")));
            }
            "not needed" | "not yet" if here => wrong.push(format!("{theirs}: it is there")),
            "not needed" | "not yet" => {}
            other => wrong.push(format!("{theirs}: what is `{other}`?")),
        }
        let gone = !has(command, "");
        let answered = cli::why_not(command, flag).is_some() || gone && cli::why_not(command, "").is_some();
        if how != "same" && !here && !answered {
            wrong.push(format!("{theirs}: who types it is told nothing (src/cli/unneeded/table.rs)"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_named_tests_are_there() {
    let mut wrong = Vec::new();
    for Row { theirs, how, test, .. } in rows() {
        let Some((module, function)) = test.rsplit_once("::") else {
            wrong.push(format!("{theirs} ({how}): no test is named"));
            continue;
        };
        let path = project().join(format!("tests/suite/{}.rs", module.replace("::", "/")));
        let text = std::fs::read_to_string(path).unwrap_or_default();
        if !text.contains(&format!("fn {function}(")) {
            wrong.push(format!("{theirs}: there is no test {test}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
