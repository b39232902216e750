//! `--format markdown`: a plan as a comment on a pull request.

use crate::support::{Folder, Infra, Proxy};

const STACK: &str = r#"
[stack]
name = "shop"
[variable.round]
type = "number"
default = 1
[terraform_data.changed]
input = "${var.round}"
[terraform_data.replaced]
triggers_replace = ["${var.round}"]
[terraform_data.evil]
count = "${var.round == 1 ? 1 : 0}"
input = "a\n```\n</details> <b>x</b>\n- y\n+ z"
[random_password.secret]
length = "${var.round + 20}"
[check.round]
assert = { condition = "${var.round == 1}", error_message = "round `two` <b>now</b> @me" }
[output.round]
value = "${var.round}"
[output.secret]
value = "${random_password.secret.result}"
sensitive = true
"#;

fn planned() -> (Folder, Infra) {
    let folder = Folder::with_stack(STACK);
    let infra = Infra::offline(folder.path(), &Proxy::to_nowhere());
    infra.must(&["apply", "--auto-approve"], 0);
    (folder, infra)
}

#[test]
fn what_matters_comes_first_and_is_not_folded() {
    let (_folder, infra) = planned();
    let out = infra
        .must(&["plan", "--format", "markdown", "--var", "round=2", "--out", "p", "--detailed-exitcode"], 2);
    let text = out.stdout;
    assert!(
        text.starts_with(
            "<!-- infra plan: shop default -->\n### Plan for <code>shop</code> in <code>default</code>\n"
        ),
        "{text}"
    );
    assert!(text.contains("**Plan: 2 to add, 1 to change, 3 to destroy.**"), "{text}");
    assert!(text.contains("> [!CAUTION]\n> 3 resources are destroyed or replaced.\n"), "{text}");
    let at = |it: &str| text.find(it).unwrap_or_else(|| panic!("{it} in\n{text}"));
    let destroyed = at(
        "<details open><summary><code>&#45;</code> <code>terraform_data.evil&#91;0&#93;</code> will be destroyed",
    );
    let replaced = at(
        "<details open><summary><code>&#45;/&#43;</code> <code>terraform_data.replaced</code> must be replaced",
    );
    let changed = at(
        "<details><summary><code>&#126;</code> <code>terraform_data.changed</code> will be updated in-place",
    );
    assert!(destroyed < replaced && replaced < changed, "{text}");
    assert!(at("#### Warnings") < destroyed, "{text}");
    assert!(at("#### Outputs") > changed, "{text}");
    // Progress and hints are not part of the comment.
    assert!(
        out.stderr.contains("Refreshed") && out.stderr.contains("The plan is saved to p"),
        "{}",
        out.stderr
    );
    let shown = infra.must(&["show", "--format", "markdown", "p"], 0).stdout;
    assert_eq!(shown.split("#### Changes").nth(1), text.split("#### Changes").nth(1));
}

#[test]
fn no_value_breaks_out_and_no_secret_shows() {
    let (folder, infra) = planned();
    let text = infra.must(&["plan", "--format", "markdown", "--var", "round=2"], 0).stdout;
    // What holds a fence stands in a longer one.
    assert!(text.contains("\n````diff\n-   resource \"terraform_data\" \"evil\" {"), "{text}");
    // Content is no sign.
    assert!(text.contains("\n            - y\n            + z\n"), "{text}");
    assert!(text.contains("round <code>two</code> &#60;b&#62;now&#60;/b&#62; &#64;me"), "{text}");
    let state: serde_json::Value = serde_json::from_str(&folder.read("terraform.tfstate")).unwrap();
    let secret = state["outputs"]["secret"]["value"].as_str().unwrap();
    assert!(!text.contains(secret), "{text}");
    assert_eq!(text.matches("<details").count(), text.matches("\n</details>\n").count());
}

#[test]
fn nothing_to_do_is_one_line() {
    let (_folder, infra) = planned();
    let text = infra.must(&["plan", "--format", "markdown"], 0).stdout;
    let line = "**No changes** to <code>shop</code> in <code>default</code>: what exists is what the configuration asks for.";
    assert_eq!(text, format!("<!-- infra plan: shop default -->\n{line}\n"));
}

#[test]
fn it_fits_whatever_there_is() {
    let folder = Folder::with_stack("[terraform_data.many]\ncount = 900\ninput = \"${count.index}\"\n");
    let infra = Infra::offline(folder.path(), &Proxy::to_nowhere());
    let text = infra.must(&["plan", "--format", "markdown"], 0).stdout;
    assert!(text.chars().count() <= 65_536, "{}", text.chars().count());
    assert!(
        text.contains("Of 900 parts, ") && text.contains("<code>infra plan</code>"),
        "{}",
        &text[text.len() - 400..]
    );
    assert!(
        text.contains("- <code>&#43;</code> <code>terraform_data.many&#91;0&#93;</code> will be created\n")
    );
}

#[test]
fn it_is_for_plans() {
    let (_folder, infra) = planned();
    let told = infra.must(&["show", "--format", "markdown"], 1).stderr;
    assert!(told.contains("--format markdown is for plans"), "{told}");
}

#[test]
fn what_is_left_out_is_told() {
    let (_folder, infra) = planned();
    let text = infra
        .must(&["plan", "--format", "markdown", "--var", "round=2", "--target", "terraform_data.changed"], 0)
        .stdout;
    assert!(text.contains("> [!NOTE]\n> Planned for a part of the stack only"), "{text}");
    assert!(text.contains("<code>terraform_data.changed</code>"), "{text}");
    assert!(text.contains("#### Left out") && text.contains("\n terraform_data.replaced\n"), "{text}");
    let text = infra.must(&["plan", "--format", "markdown", "--refresh-only"], 0).stdout;
    assert!(text.contains("**No changes** to <code>shop</code>"), "{text}");
}

#[test]
fn what_is_huge_is_shown_in_part() {
    let many: String =
        (0..300).map(|it| format!("[terraform_data.n{it}]\ninput = \"{}\"\n", "y".repeat(300))).collect();
    let huge = (0..4000).map(|it| format!("line {it} {}", "x".repeat(40))).collect::<Vec<_>>().join("\\n");
    let folder = Folder::with_stack(&format!("[terraform_data.huge]\ninput = \"{huge}\"\n"));
    let infra = Infra::offline(folder.path(), &Proxy::to_nowhere());
    infra.must(&["apply", "--auto-approve"], 0);
    folder.write("stack.toml", many);
    let text = infra.must(&["plan", "--format", "markdown"], 0).stdout;
    assert!(text.chars().count() <= 65_536, "{}", text.chars().count());
    assert!(
        text.contains("<details open><summary><code>&#45;</code> <code>terraform_data.huge</code>"),
        "{}",
        &text[..2000]
    );
    assert!(text.contains(" more lines\n```\n"), "{}", &text[..6000]);
    let note = &text[text.len() - 400..];
    assert!(
        note.contains("Of 301 parts, 1 shown in part, ") && note.contains("shown without the difference"),
        "{note}"
    );
    // Some of the others are shown whole: the room is used.
    assert!(text.chars().count() > 50_000, "{}", text.chars().count());
}
