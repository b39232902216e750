//! `infra fmt`: the layout of files, its options and exit codes; `.tf` files beside Terraform's.

use std::path::Path;
use std::process::Stdio;

use infra::format;
use proptest::prelude::*;

use crate::support::folder::{files, project};
use crate::support::{Folder, Infra, Proxy};
use crate::terraform;

const UGLY: &str = "[locals]\na=1\n[aws_vpc.main]\ncidr_block = \"${ local.a }\"\n";
const GOOD: &str = "[locals]\na = 1\n\n[aws_vpc.main]\ncidr_block = \"${local.a}\"\n";

fn stack() -> Folder {
    let folder = Folder::with_stack(UGLY);
    folder.write("good.stack.toml", GOOD);
    folder.write("env/dev.toml", "a=1\n");
    folder.write("other.toml", "a=1\n");
    folder.write("main.tf", "locals {\n a=1\n  bb = 2\n}\n");
    folder.write("inner/stack.toml", UGLY);
    folder.write(".terraform/stack.toml", UGLY);
    folder
}

fn infra(folder: &Folder) -> Infra {
    Infra::offline(folder.path(), &Proxy::to_nowhere())
}

#[test]
fn files_of_the_stack_are_written_and_named() {
    let folder = stack();
    let output = infra(&folder).must(&["fmt"], 0);
    assert_eq!(output.stdout, "env/dev.toml\nmain.tf\nstack.toml\n");
    assert_eq!(folder.read("stack.toml"), GOOD);
    assert_eq!(folder.read("main.tf"), "locals {\n  a  = 1\n  bb = 2\n}\n");
    assert_eq!(folder.read("env/dev.toml"), "a = 1\n");
    assert_eq!(folder.read("other.toml"), "a=1\n");
    assert_eq!(folder.read("inner/stack.toml"), UGLY);
    assert_eq!(infra(&folder).must(&["fmt", "-list=false", "-recursive"], 0).stdout, "");
    assert_eq!(folder.read("inner/stack.toml"), GOOD);
    assert_eq!(folder.read(".terraform/stack.toml"), UGLY);
    infra(&folder).must(&["fmt", "--check", "--recursive"], 0);
    infra(&folder).must(&["fmt", "other.toml"], 0);
    assert_eq!(folder.read("other.toml"), "a = 1\n");
}

#[test]
fn a_check_writes_nothing() {
    let folder = stack();
    let output = infra(&folder).must(&["fmt", "-check", "-diff", "stack.toml"], 3);
    let wanted = "stack.toml\n--- old/stack.toml\n+++ new/stack.toml\n@@ ";
    assert!(output.stdout.starts_with(wanted), "{}", output.stdout);
    assert!(output.stdout.contains("-a=1\n+a = 1\n"), "{}", output.stdout);
    assert_eq!(folder.read("stack.toml"), UGLY);
    assert_eq!(infra(&folder).must(&["fmt", "-write=false"], 0).stdout.lines().count(), 3);
    assert_eq!(folder.read("stack.toml"), UGLY);
}

#[test]
fn standard_input_is_laid_out() {
    let folder = Folder::new();
    let output = infra(&folder).feed(&["fmt", "-"], UGLY);
    assert_eq!((output.stdout.as_str(), output.code), (GOOD, Some(0)));
    assert_eq!(infra(&folder).feed(&["fmt", "--check", "-"], UGLY).code, Some(3));
    let output = infra(&folder).feed(&["fmt", "-", "--stdin-name", "x.tf"], "a {\nb=1\n}\n");
    assert_eq!(output.stdout, "a {\n  b = 1\n}\n");
}

#[test]
fn what_is_not_valid_is_told_and_left_alone() {
    let folder = Folder::new();
    folder.write("stack.toml", "[locals]\na = \"${1 +}\"\n");
    folder.write("main.tf", "locals {\n  a = \n}\n");
    let message = infra(&folder).must(&["fmt"], 2).stderr;
    assert!(message.contains("stack.toml:2:") && message.contains("main.tf:2:"), "{message}");
    assert_eq!(folder.read("main.tf"), "locals {\n  a = \n}\n");
    infra(&folder).must(&["fmt", "nothing-here"], 2);
    infra(&folder).must(&["fmt", "--no-such-option"], 1);
}

/// Stack files of the project itself are laid out as they should be, or at least keep their meaning.
#[test]
fn every_stack_of_the_tests_keeps_its_meaning() {
    let mut count = 0;
    for (_, path) in files(&project().join("tests")).into_iter().chain(files(&project().join("stacks"))) {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        if path.extension().is_some_and(|it| it == "toml") && text.parse::<toml::Table>().is_ok() {
            same_meaning(&text);
            count += 1;
        }
    }
    assert!(count > 5, "{count}");
}

#[track_caller]
fn same_meaning(text: &str) {
    let once = format::toml::file(text);
    assert_eq!(format::toml::file(&once), once, "a second time it changes again:\n{once}");
    assert_eq!(meaning(&once), meaning(text), "\n{text}\n--- becomes\n{once}");
}

/// Every value; expressions without their white space.
fn meaning(text: &str) -> toml::Value {
    fn of(it: toml::Value) -> toml::Value {
        match it {
            toml::Value::String(text) => toml::Value::String(format::hcl::template(&text)),
            toml::Value::Array(all) => toml::Value::Array(all.into_iter().map(of).collect()),
            toml::Value::Table(all) => toml::Value::Table(all.into_iter().map(|(k, v)| (k, of(v))).collect()),
            other => other,
        }
    }
    of(toml::Value::Table(text.parse().unwrap_or_else(|it| panic!("{it}\n{text}"))))
}

/// Strings, some of which hold expressions.
fn string() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "[ -~é\\n\\t]{0,12}".prop_map(|it| it.replace("${", "x").replace("%{", "x")),
        Just("${ var.a }".to_owned()),
        Just("${f( \"x\",y )}".to_owned()),
        Just("${[\nfor x in y:x\n]}".to_owned()),
        Just("$${z}".to_owned()),
        Just("%{ if a }b%{endif}".to_owned()),
        Just("'".to_owned()),
        Just("'''".to_owned()),
    ];
    prop::collection::vec(part, 0..4).prop_map(|it| it.concat())
}

fn value() -> impl Strategy<Value = String> {
    let basic = |it: String| toml::Value::String(it).to_string();
    let escaped = |it: String| format!("{}", serde_json::Value::String(it));
    let leaf = prop_oneof![
        string().prop_map(basic),
        string().prop_map(escaped),
        any::<i64>().prop_map(|it| it.to_string()),
        Just("true".to_owned()),
        Just("1_0.5e3".to_owned()),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let array = (prop::collection::vec(inner.clone(), 0..4), any::<u8>());
        let table = prop::collection::vec(inner, 0..3);
        prop_oneof![
            array.prop_map(|(all, how)| match how % 4 {
                0 => format!("[\n{}\n]", all.join(" ,\n")),
                1 => format!("[ # first\n{} ]", all.join(", # next\n# more\n\n\n")),
                _ => format!("[{}]", all.join(",")),
            }),
            table.prop_map(|all| {
                let pairs = all.iter().enumerate().map(|(at, it)| format!("k{at}={it}"));
                format!("{{{}}}", pairs.collect::<Vec<_>>().join(" ,"))
            }),
        ]
    })
}

fn document() -> impl Strategy<Value = String> {
    let pair = (value(), any::<u8>());
    let table = (prop::collection::vec(pair, 0..4), any::<u8>());
    prop::collection::vec(table, 0..4).prop_map(|tables| {
        let mut out = String::new();
        for (at, (pairs, how)) in tables.iter().enumerate() {
            let head = match how % 4 {
                0 => format!("[ t . n{at} ]\n\n\n"),
                1 => format!("# about\n[[\"a\"]] # it\n"),
                2 => format!("\n\n# apart\n\n[t{at}]\n"),
                _ => format!("[x.\"y z\".n{at}]\n"),
            };
            out.push_str(&head);
            for (at, (value, how)) in pairs.iter().enumerate() {
                out.push_str(&match how % 4 {
                    0 => format!("  k{at}={value}# beside\n"),
                    1 => format!("\n\n# above\n\"k{at}\" = {value}\n"),
                    2 => format!("d.'k{at}'   =   {value}\n"),
                    _ => format!("k{at} = {value}\n"),
                });
            }
        }
        out
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_layout_is_stable_and_keeps_the_meaning(text in document()) {
        prop_assume!(text.parse::<toml::Table>().is_ok());
        same_meaning(&text);
        let comments = |it: &str| it.matches('#').count();
        prop_assert_eq!(comments(&format::toml::file(&text)), comments(&text));
    }

    #[test]
    fn no_text_makes_it_panic(text in "[\\[\\]{}()=\"'$%~<>\\-\\\\#/*,.:?a-c0-2 \\n]{0,60}") {
        format::toml::file(&text);
        format::hcl::file(&text);
        format::hcl::template(&text);
        format::hcl::expression(&text);
    }
}

#[test]
fn tf_files_are_laid_out_as_terraform_does() {
    let folder = project().join("tests/data/fmt");
    for (name, path) in files(&folder) {
        let Some(stem) = name.to_str().and_then(|it| it.strip_suffix(".in.tf")) else { continue };
        let text = std::fs::read_to_string(&path).unwrap();
        let ours = format::hcl::file(&text);
        let recorded = folder.join(format!("{stem}.out.tf"));
        if terraform::there() && std::env::var_os("INFRA_BLESS").is_some() {
            std::fs::write(&recorded, theirs(&path)).unwrap();
        }
        assert_eq!(ours, std::fs::read_to_string(&recorded).unwrap(), "{stem}");
        if terraform::there() {
            assert_eq!(ours, theirs(&path), "{stem}");
        }
    }
}

fn theirs(path: &Path) -> String {
    let file = std::fs::File::open(path).unwrap();
    let mut command = terraform::command(path.parent().unwrap(), &["fmt", "-"]);
    let output = command.stdin(Stdio::from(file)).output().unwrap();
    assert!(output.status.success(), "{}: {}", path.display(), String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
