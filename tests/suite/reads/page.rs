//! `docs/reads.md`, made of what the types say. `UPDATE_DOCS=1 cargo test --test suite reads` writes it anew.

use std::fmt::Write;

use infra::aws::{DATA_SOURCES, RESOURCES};
use infra::resource::reads::{Cost, Reads, With};

use crate::support::folder::project;

const HEAD: &str = "\
# What reading costs

A plan reads everything that the state holds, and asks AWS for no more than this: for each type, the least
calls that its service's API allows. Each type says so itself (`Resource::READS`); tests count the calls of
reading one, three and more than a page of each, and those of a whole plan (`tests/suite/reads.rs`, with
`tests/data/reads`). `UPDATE_DOCS=1 cargo test --test suite reads` writes this page.

- Whatever several types can learn from one answer is asked for once in a plan: *shared* calls below.
- Tags come with the answers of EC2, Secrets Manager and IAM's roles. Those of all other types come from the
  Resource Groups Tagging API, for everything in the state at once, 100 ARNs a call (one call more where there
  are policies of IAM, which that API knows in one region only), while the types are being read.
- What AWS tells only one thing a call, beside what a call tells of many, is taken from the state: a VPC's DNS
  settings, a table's time to live, a bucket's parts, a secret's policy. Each of them is read before the
  thing is changed.
- Where one of many is gone, the others cost no more than one call for each page in addition. Where batch
  sources may lag behind and say something else than the state, the service itself is asked about those alone.
- `sts:GetCallerIdentity` is asked only where the stack's accounts are restricted, or the stack itself wants
  to know.
- Types of the small providers ask nothing of AWS.

";

/// Once per what.
fn line(it: &Cost) -> String {
    let times = match it.per {
        1 => format!("{} each", name(it)),
        usize::MAX => format!("{} once", name(it)),
        per => format!("{} for {}", name(it), thousands(per)),
    };
    let when = match (it.from, it.to) {
        (1, usize::MAX) => String::new(),
        (1, to) => format!(", up to {to}"),
        (from, usize::MAX) => format!(", from {from} on"),
        (from, to) => format!(", from {from} to {to}"),
    };
    let shared = if it.with == With::None { "" } else { " (shared)" };
    format!("{times}{when}{shared}")
}

fn name(it: &Cost) -> String {
    format!("`{}`", it.call)
}

fn thousands(it: usize) -> String {
    if it < 1000 { it.to_string() } else { format!("{},{:03}", it / 1000, it % 1000) }
}

fn row(out: &mut String, kind: &str, it: &Reads) {
    let calls: Vec<String> = it.calls.iter().map(line).collect();
    let calls = if calls.is_empty() { "none".to_owned() } else { calls.join("<br>") };
    writeln!(out, "| `{kind}` | {calls} | {} |", it.why).unwrap();
}

fn page() -> String {
    let mut out = HEAD.to_owned();
    out += "## Resource types\n\n| type | calls | why |\n|---|---|---|\n";
    RESOURCES.iter().for_each(|it| row(&mut out, it.name(), &it.reads()));
    out += "\n## Data sources\n\nThose that ask the same in one plan share an answer.\n\n";
    out += "| data source | calls | why |\n|---|---|---|\n";
    DATA_SOURCES.iter().for_each(|it| row(&mut out, it.name(), &it.reads()));
    out
}

#[test]
fn the_page_says_what_the_types_say() {
    let path = project().join("docs/reads.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, page()).unwrap();
    }
    let same = std::fs::read_to_string(&path).is_ok_and(|it| it == page());
    assert!(same, "run this test with UPDATE_DOCS=1, and commit docs/reads.md");
}
