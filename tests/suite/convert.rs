//! `infra convert`: what comes out, and that it means the same as what went in.
//!
//! `tests/data/convert/NAME/` holds a folder of `.tf` files, `NAME.out/` the stack files expected.

use crate::support::expect::{normal, same_as};
use crate::support::folder::{files, project};
use crate::support::{Account, Folder, Infra, Proxy};

/// A copy of the folder, and what it is converted to.
fn converted(name: &str) -> (Folder, Folder) {
    let data = project().join("tests/data/convert").join(name);
    let (from, to) = (Folder::copy_of(&data), Folder::new());
    let out = to.path().join("out");
    let infra = Infra::offline(from.path(), &Proxy::to_nowhere());
    infra.must(&["convert", "--out", out.to_str().unwrap()], 0);
    let made = Folder::copy_of(&out);
    for (path, file) in files(made.path()) {
        if path.extension().is_some_and(|it| it == "toml") {
            let expected = data.with_file_name(format!("{name}.out")).join(path);
            if std::env::var_os("INFRA_BLESS").is_some() {
                std::fs::create_dir_all(expected.parent().unwrap()).unwrap();
            }
            same_as(&expected, &std::fs::read_to_string(file).unwrap());
        }
    }
    (from, made)
}

#[test]
fn the_plan_of_both_is_the_same() {
    let (from, to) = converted("shop");
    assert_eq!(to.read("templates/hello.tpl"), "Hello ${name}!\n");
    let (account, proxy) = (Account::new(), Proxy::new());
    let plan = |folder: &Folder| {
        let infra = Infra::new(folder.path(), &account, &proxy.url());
        infra.must(&["plan", "--out", "it.plan"], 0);
        let shown = infra.must(&["show", "--json", "it.plan"], 0).stdout;
        let mut json: serde_json::Value = serde_json::from_str(&shown).unwrap();
        // What was written where is not what is planned.
        for key in ["configuration", "timestamp"] {
            json.as_object_mut().unwrap().remove(key);
        }
        json
    };
    let (theirs, ours) = (plan(&from), plan(&to));
    assert_eq!(ours["resource_changes"].as_array().map(Vec::len), Some(9), "{ours:#}");
    let text = |it: &serde_json::Value| normal(&format!("{it:#}"));
    let diff = similar::TextDiff::from_lines(&text(&theirs), &text(&ours)).unified_diff().to_string();
    assert!(diff.is_empty(), "{diff}");
}

#[test]
fn every_value_of_both_is_the_same() {
    let (from, to) = converted("everything");
    for folder in [&from, &to] {
        let infra = Infra::offline(folder.path(), &Proxy::to_nowhere());
        infra.must(&["validate"], 0);
        infra.must(&["fmt", "--check", "--recursive"], if std::ptr::eq(folder, &to) { 0 } else { 3 });
    }
    let text = std::fs::read_to_string(from.path().join("main.tf")).unwrap();
    let locals = text.split("locals {").skip(1).flat_map(str::lines);
    let names = locals.filter_map(|line| {
        let name = line.strip_prefix("  ")?.split_once('=')?.0.trim_end();
        name.chars().all(|it| it.is_ascii_lowercase() || it == '_').then_some(name)
    });
    let mut lines: Vec<String> = names.map(|it| format!("local.{it}")).collect();
    assert!(lines.len() > 25, "{lines:?}");
    lines.extend(["var.region", "var.ports", "var.old", "type(var.ports)"].map(str::to_owned));
    let answers = |folder: &Folder| {
        let infra = Infra::offline(folder.path(), &Proxy::to_nowhere());
        let output = infra.feed(&["console"], &lines.join("\n"));
        assert_eq!(output.code, Some(0), "{}", output.stderr);
        output.stdout
    };
    assert_eq!(answers(&from), answers(&to));
}

#[test]
fn files_are_replaced_where_that_is_wanted_only() {
    let folder = Folder::new();
    folder.write("main.tf", "# kept\nlocals {\n  a = 1\n}\n");
    folder.write("sub/main.tf", "output \"x\" { value = 1 }\n");
    folder.write("more.tf", "module \"sub\" { source = \"./sub\" }\n");
    let infra = Infra::offline(folder.path(), &Proxy::to_nowhere());
    let output = infra.must(&["convert"], 0);
    assert_eq!(output.stdout, "stack.toml\nmore.stack.toml\nsub/stack.toml\n");
    assert!(output.stderr.contains("the .tf files are still there"), "{}", output.stderr);
    assert_eq!(folder.read("stack.toml"), "# kept\n[locals]\na = 1\n");
    let message = infra.must(&["convert", "--replace"], 1).stderr;
    assert!(message.contains("has a stack.toml already"), "{message}");
    for name in ["stack.toml", "more.stack.toml", "sub/stack.toml"] {
        std::fs::remove_file(folder.path().join(name)).unwrap();
    }
    infra.must(&["convert", "--replace"], 0);
    let names: Vec<_> = files(folder.path()).into_iter().map(|it| it.0).collect();
    assert_eq!(names, ["more.stack.toml", "stack.toml", "sub/stack.toml"].map(std::path::PathBuf::from));
    infra.must(&["validate"], 0);
}

#[test]
fn modules_elsewhere_are_found_from_the_new_folder() {
    let folder = Folder::new();
    folder.write("shared/main.tf", "output \"x\" { value = 1 }\n");
    folder.write("old/main.tf", "module \"shared\" {\n  source = \"../shared\"\n}\n");
    let infra = Infra::offline(folder.path(), &Proxy::to_nowhere());
    infra.must(&["convert", "old", "--out", "new/deep"], 0);
    assert_eq!(folder.read("new/deep/stack.toml"), "[module.shared]\nsource = \"../../shared\"\n");
    infra.must(&["-C", "new/deep", "validate"], 0);
    let message = infra.must(&["convert", "old", "--out", "new"], 1).stderr;
    assert!(message.contains("is not empty"), "{message}");
}

#[test]
fn what_cannot_be_converted_is_told_with_its_line_and_nothing_is_written() {
    let folder = Folder::new();
    folder.write("main.tf", "locals {\n  a = 1\n}\nterraform {\n  cloud {}\n}\n");
    folder.write("bad.tf", "locals {\n  b = \n}\n");
    let infra = Infra::offline(folder.path(), &Proxy::to_nowhere());
    let message = infra.must(&["convert", "--out", "out"], 1).stderr;
    assert!(message.contains("main.tf:5:3") && message.contains("bad.tf:2:"), "{message}");
    assert_eq!(files(folder.path()).len(), 2);
    folder.write("override.tf", "");
    let message = infra.must(&["convert"], 1).stderr;
    assert!(message.contains("override.tf cannot be converted"), "{message}");
    let empty = Folder::new();
    let infra = Infra::offline(empty.path(), &Proxy::to_nowhere());
    assert!(infra.must(&["convert"], 1).stderr.contains("no .tf files"));
}
