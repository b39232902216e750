//! `provisioner` of a resource: commands that run beside its create or its destroy.

use crate::config::table::{Table, constant, wrong};
use crate::config::{Body, Provisioner, Setting};
use crate::diag::{Diagnostic, Diagnostics, did_you_mean};
use crate::lang::{Expr, Kind};

const LOCAL_EXEC: &[&str] =
    &["command", "environment", "interpreter", "on_failure", "quiet", "when", "working_dir"];

/// Each is a table of a kind (`local-exec`) with its settings, or with an array of them.
pub(super) fn read(it: Option<Setting>, of: &str, errors: &mut Diagnostics) -> Vec<Provisioner> {
    let Some(it) = it else { return Vec::new() };
    let what = format!("{of}.provisioner");
    let mut out = Vec::new();
    for table in Table::all(it.value, &what, errors) {
        for kind in table.body().0 {
            of_kind(kind, &what, &mut out, errors);
        }
    }
    out
}

/// `connection` of a resource: nothing here connects to a machine.
pub(super) fn refuse_connection(it: Option<Setting>, of: &str, errors: &mut Diagnostics) {
    let Some(it) = it else { return };
    let error = Diagnostic::error("`connection` is not supported: nothing is run on other machines");
    errors.0.push(error.at(&it.place).about(of).help(format!("take it out; {INSTEAD}")));
}

const INSTEAD: &str = "let the machine set itself up: with `user_data`, an SSM document, or an image that \
                       holds everything already";

fn of_kind(it: Setting, of: &str, out: &mut Vec<Provisioner>, errors: &mut Diagnostics) {
    let what = format!("{of}.{}", it.name);
    if &*it.name != "local-exec" {
        errors.0.push(refusal(&it));
        return;
    }
    for table in Table::all(it.value, &what, errors) {
        out.extend(local_exec(table, errors));
    }
}

fn refusal(it: &Setting) -> Diagnostic {
    let error = |text: String| Diagnostic::error(text).at(&it.place);
    match &*it.name {
        "remote-exec" => {
            error("`remote-exec` is not supported: nothing is run on other machines".to_owned()).help(INSTEAD)
        }
        "file" => error("`file` is not supported: nothing is copied to other machines".to_owned())
            .help("let the machine fetch it: from S3 in `user_data`, through an SSM document, or build it into the image"),
        name => {
            let near = did_you_mean(name, ["local-exec"]);
            let help = near.unwrap_or_else(|| "the only one is `local-exec`".to_owned());
            error(format!("there is no provisioner `{name}`")).help(help)
        }
    }
}

fn local_exec(mut table: Table, errors: &mut Diagnostics) -> Option<Provisioner> {
    let place = table.place.clone();
    let on_destroy = keyword(&mut table, "when", ["create", "destroy"], errors);
    let carries_on = keyword(&mut table, "on_failure", ["fail", "continue"], errors);
    if let Some(it) = table.take("connection") {
        let error = Diagnostic::error("`connection` means nothing to `local-exec`, which runs here");
        errors.0.push(error.at(&it.place).help("take it out"));
    }
    let command = table.take("command");
    if command.is_none() {
        let error = Diagnostic::error(format!("`{}` has no `command`", table.what)).at(&place);
        errors.0.push(error.help("add `command = …`"));
    }
    let mut settings: Vec<Setting> = command.into_iter().collect();
    let others = LOCAL_EXEC.iter().filter(|it| **it != "command");
    settings.extend(others.filter_map(|it| table.take(it)));
    table.finish(LOCAL_EXEC, errors);
    if on_destroy {
        settings.iter().for_each(|it| only_itself(&it.value, errors));
    }
    let body = Body(settings);
    Some(Provisioner { kind: "local-exec".to_owned(), on_destroy, carries_on, body, place })
}

/// One of two words, quoted or not; whether it is the second. The first is meant where none stands.
fn keyword(table: &mut Table, name: &str, words: [&str; 2], errors: &mut Diagnostics) -> bool {
    let Some(it) = table.take(name) else { return false };
    let given = word(&it.value);
    if let Some(at) = words.iter().position(|it| given.as_deref() == Some(*it)) {
        return at == 1;
    }
    errors.0.push(wrong(&it, &table.what, &format!("\"{}\" or \"{}\"", words[0], words[1])));
    false
}

fn word(it: &Expr) -> Option<String> {
    match constant(it) {
        Some(Kind::String(text)) => Some(text.to_string()),
        Some(_) => None,
        None => match &it.refs()[..] {
            [one] => Some(one.path.join(".")),
            _ => None,
        },
    }
}

/// When something is destroyed, what it referred to may be gone before it.
fn only_itself(it: &Expr, errors: &mut Diagnostics) {
    for found in it.refs() {
        let names: Vec<&str> = found.path.iter().map(String::as_str).collect();
        let fine = matches!(
            names.as_slice(),
            ["self" | "path" | "terraform" | "infra" | "stack", ..]
                | ["count", "index", ..]
                | ["each", "key", ..]
        );
        if !fine {
            let text = "a provisioner for the destroy refers to `self`, `each.key` and `count.index` only";
            let error = Diagnostic::error(text).at(&found.place).label("may be gone by then");
            errors.push(
                error.help("keep what it needs in the resource itself (in a tag, say), and write `self.…`"),
            );
        }
    }
}
