//! `infra graph`: the bytes that Terraform prints, and what it has not.

use std::path::Path;

use crate::support::expect::same_as;
use crate::support::folder::{folders, project};
use crate::support::{Folder, Infra, Proxy};
use crate::terraform;

fn infra(folder: &Folder) -> Infra {
    Infra::offline(folder.path(), &Proxy::to_nowhere())
}

fn drawn(stack: &Path, words: &[&str]) -> String {
    let folder = Folder::copy_of(stack);
    let words: Vec<&str> = std::iter::once("graph").chain(words.iter().copied()).collect();
    infra(&folder).must(&words, 0).stdout
}

fn recorded(name: &str) -> String {
    std::fs::read_to_string(project().join("tests/data/graph").join(name)).unwrap()
}

/// `.dot` beside it is what Terraform printed.
#[test]
fn a_graph_is_terraforms_byte_for_byte() {
    for (stack, dot) in [
        ("tests/data/graph/modules", "modules.dot"),
        ("tests/terraform/network", "network.dot"),
        ("tests/terraform/security_groups", "security_groups.dot"),
    ] {
        assert_eq!(drawn(&project().join(stack), &[]), recorded(dot), "{stack}");
    }
}

#[test]
fn what_is_recorded_is_still_what_terraform_prints() {
    if !terraform::there() {
        return;
    }
    let folder = Folder::copy_of(&project().join("tests/data/graph/modules"));
    terraform::succeed(folder.path(), &["init", "-input=false"]);
    let mut command = std::process::Command::new("terraform");
    command.arg(format!("-chdir={}", folder.path().display())).arg("graph");
    let out = command.env("TF_CLI_CONFIG_FILE", "/dev/null").output().unwrap();
    assert_eq!(String::from_utf8(out.stdout).unwrap(), recorded("modules.dot"));
}

#[test]
fn modules_are_boxes_in_boxes_for_mermaid() {
    let text = drawn(&project().join("tests/data/graph/modules"), &["--format", "mermaid"]);
    assert!(text.starts_with("flowchart RL\n  n0[\"data.terraform_remote_state.other\"]\n"), "{text}");
    let nested = "  subgraph m2[\"module.net\"]\n    n10[\"terraform_data.main\"]\n    subgraph m3[\"module.sub\"]\n      \
                  n11[\"terraform_data.leaf\"]\n    end\n  end\n";
    assert!(text.contains(nested), "{text}");
    assert!(text.contains("  n11 --> n10\n"), "{text}");
}

/// The pictures in the stacks' own pages.
#[test]
fn stacks_are_drawn_as_they_are() {
    for name in folders(&project().join("stacks")).iter().filter(|it| *it != "modules") {
        let folder = project().join("stacks").join(name);
        // Where it is: its modules lie beside it.
        let picture =
            Infra::offline(&folder, &Proxy::to_nowhere()).must(&["graph", "--format", "mermaid"], 0);
        let page = folder.join("README.md");
        let text = std::fs::read_to_string(&page).unwrap();
        let (start, end) = ("```mermaid\n", "```\n");
        let (before, rest) = text.split_once(start).unwrap_or_else(|| panic!("{name} has no picture"));
        let (_, after) = rest.split_once(end).unwrap();
        same_as(&page, &format!("{before}{start}{}{end}{after}", picture.stdout));
    }
}

#[test]
fn everything_that_is_evaluated_can_be_shown() {
    let stack = project().join("tests/data/graph/modules");
    let text = drawn(&stack, &["--type=plan"]);
    for it in [
        "\"local.base\" [label=\"local.base\", shape = note];",
        "\"module.net.var.base\" -> \"local.base\";",
        "\"local.base\" -> \"terraform_data.base\";",
        "\"module.net.terraform_data.main\" [label=\"terraform_data.main\"];",
    ] {
        assert!(text.contains(it), "{it} in\n{text}");
    }
    let destroy = drawn(&stack, &["--type=plan-destroy"]);
    assert!(destroy.contains("\"terraform_data.unused\" -> \"terraform_data.last\";"), "{destroy}");
}

const RING: &str = r#"
[terraform_data.a]
input = "${terraform_data.b.id}"
[terraform_data.b]
input = "${local.a}"
[terraform_data.c]
input = "${terraform_data.a.id}"
[locals]
a = "${terraform_data.a.id}"
"#;

#[test]
fn a_ring_is_an_error_and_can_be_drawn() {
    let folder = Folder::with_stack(RING);
    let told = infra(&folder).must(&["graph"], 1);
    assert!(told.stderr.contains("these depend on each other"), "{}", told.stderr);
    assert!(told.stderr.contains("--draw-cycles` draws the ring"), "{}", told.stderr);
    let drawn = infra(&folder).must(&["graph", "--draw-cycles"], 0);
    assert!(drawn.stderr.contains("these depend on each other"), "{}", drawn.stderr);
    let red = |from: &str, to: &str| {
        format!("\"terraform_data.{from}\" -> \"terraform_data.{to}\" [color = \"red\", penwidth = 2];")
    };
    assert!(
        drawn.stdout.contains(&red("a", "b")) && drawn.stdout.contains(&red("b", "a")),
        "{}",
        drawn.stdout
    );
    assert!(drawn.stdout.contains("\"terraform_data.c\" -> \"terraform_data.a\";"), "{}", drawn.stdout);
    let mermaid = infra(&folder).must(&["graph", "--draw-cycles", "--format=mermaid"], 0).stdout;
    assert!(mermaid.contains("linkStyle 0 stroke:#cf222e"), "{mermaid}");
}

const PLANNED: &str = r#"
[terraform_data.first]
[terraform_data.many]
for_each = '${toset(["a`b<c>\"d", "plain"])}'
input = "${terraform_data.first.id}"
"#;

#[test]
fn a_plan_is_drawn_in_colours() {
    let folder = Folder::with_stack(PLANNED);
    let infra = infra(&folder);
    infra.must(&["plan", "--out", "plan.bin"], 0);
    let dot = infra.must(&["graph", "--plan", "plan.bin"], 0).stdout;
    let vertex = r##""terraform_data.first" [label="terraform_data.first\ncreate", style = filled, fillcolor = "#dafbe1""##;
    assert!(dot.contains(vertex), "{dot}");
    assert!(dot.contains(r#""terraform_data.many[\"plain\"]" -> "terraform_data.first";"#), "{dot}");
    let mermaid = infra.must(&["graph", "--plan", "plan.bin", "--format", "mermaid"], 0).stdout;
    assert!(
        mermaid.contains("n1[\"terraform_data.many[#34;a#96;b#60;c#62;#92;#34;d#34;]<br>create\"]"),
        "{mermaid}"
    );
    assert!(mermaid.contains("class n0,n1,n2 create"), "{mermaid}");
    let wrong = infra.must(&["graph", "--plan", "plan.bin", "--type", "plan"], 1).stderr;
    assert!(wrong.contains("--type can only be `apply`"), "{wrong}");
    let wrong = infra.must(&["graph", "--type", "apply"], 1).stderr;
    assert!(wrong.contains("infra graph --plan FILE"), "{wrong}");
}

#[test]
fn nothing_to_draw_is_a_graph_too() {
    let folder = Folder::with_stack("[locals]\na = 1\n");
    let dot = infra(&folder).must(&["graph", "-module-depth=1"], 0).stdout;
    assert!(dot.contains("does not contain any resources") && dot.ends_with("}\n"), "{dot}");
    let mermaid = infra(&folder).must(&["graph", "--format", "mermaid"], 0).stdout;
    assert_eq!(mermaid, "flowchart RL\n  %% nothing to draw: the configuration has no resources\n");
}
