//! What a plan leaves out, where it is not about all of the stack.

use super::paint::{YELLOW, bold, paint, wrapped};
use crate::diag::{Diagnostic, Diagnostics};
use crate::plan::Plan;

/// How many addresses are shown.
const SHOWN: usize = 10;

/// The paragraph under a plan; empty where it is about everything.
pub fn text(plan: &Plan, columns: usize) -> String {
    told(planned(plan), columns)
}

/// The paragraph after an apply.
pub fn applied_text(plan: &Plan, columns: usize) -> String {
    told(applied(plan), columns)
}

fn told(one: Option<Diagnostic>, columns: usize) -> String {
    let Some(one) = one else { return String::new() };
    let mut out = format!("\n{} {}\n", paint(YELLOW.bold(), "Warning:"), bold(&one.summary));
    for part in one.detail.iter().chain(&one.help).flat_map(|it| it.split("\n\n")) {
        let list = part.starts_with("  - ");
        out.push_str(&format!("\n{}\n", if list { part.to_owned() } else { wrapped(part, columns) }));
    }
    out
}

/// The options that are in effect, as they were given.
fn options(plan: &Plan) -> String {
    let (name, all) = match plan.targets.is_empty() {
        true => ("--exclude", &plan.excludes),
        false => ("--target", &plan.targets),
    };
    let shown: Vec<String> = all.iter().take(3).map(|it| format!("{name} '{it}'")).collect();
    match all.len() - shown.len() {
        0 => shown.join(" "),
        more => format!("{} and {more} more", shown.join(" ")),
    }
}

/// What is told with a plan.
pub fn planned(plan: &Plan) -> Option<Diagnostic> {
    if plan.is_complete() {
        return None;
    }
    let one = Diagnostic::warning("Resource targeting is in effect");
    let first = format!("The plan is about a part of the stack only: {}.", options(plan));
    let left = match plan.left_out.len() {
        0 => "It leaves no resource out.".to_owned(),
        1 => "It leaves out this resource; what would be done to it is not known:".to_owned(),
        many => format!("It leaves out these {many} resources; what would be done to them is not known:"),
    };
    let list = listed(&plan.left_out);
    let one = one.detail(format!("{first} {left}{list}"));
    Some(one.help(
        "This is for exceptional situations, such as recovering from an error. Plan without it afterwards.",
    ))
}

fn listed(all: &[String]) -> String {
    let mut lines: Vec<String> = all.iter().take(SHOWN).map(|it| format!("  - {it}")).collect();
    if all.len() > SHOWN {
        lines.push(format!("  - and {} more", all.len() - SHOWN));
    }
    if lines.is_empty() { String::new() } else { format!("\n\n{}", lines.join("\n")) }
}

/// What is told after an apply.
pub fn applied(plan: &Plan) -> Option<Diagnostic> {
    if plan.is_complete() {
        return None;
    }
    let one = Diagnostic::warning("Applied changes may be incomplete");
    let left = match plan.left_out.len() {
        0 => String::new(),
        1 => format!(", which left {} out", plan.left_out[0]),
        many => format!(", which left {many} resources out"),
    };
    let one = one.detail(format!("The plan was made with {}{left}.", options(plan)));
    Some(one.help("What else there is to do: infra plan"))
}

/// The first lines of warnings only.
pub fn compact(all: &Diagnostics) -> String {
    let mut lines: Vec<String> = Vec::new();
    for it in &all.0 {
        let line = format!("- {}", it.summary);
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    let title = paint(YELLOW.bold(), if lines.len() == 1 { "Warning:" } else { "Warnings:" });
    format!("\n{title}\n\n{}\n\nWithout --compact-warnings they are told in full.", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::oracle;
    use crate::report::paint::stripped;

    fn plan(targets: &[&str], excludes: &[&str], left: usize) -> Plan {
        let texts = |all: &[&str]| all.iter().map(|it| (*it).to_owned()).collect();
        let left_out = (0..left).map(|it| format!("aws_vpc.v{it}")).collect();
        Plan { targets: texts(targets), excludes: texts(excludes), left_out, ..oracle::plan("{}") }
    }

    #[test]
    fn the_list_is_bounded() {
        assert_eq!(text(&plan(&[], &[], 0), 78), "");
        let few = stripped(&text(&plan(&["aws_vpc.a"], &[], 1), 200));
        assert_eq!(
            few,
            "\nWarning: Resource targeting is in effect\n\nThe plan is about a part of the stack only: \
             --target 'aws_vpc.a'. It leaves out this resource; what would be done to it is not known:\n\n  \
             - aws_vpc.v0\n\nThis is for exceptional situations, such as recovering from an error. Plan \
             without it afterwards.\n"
        );
        let many = stripped(&text(&plan(&[], &["a.b", "a.c", "a.d", "a.e"], 12), 200));
        assert!(many.contains("--exclude 'a.d' and 1 more. It leaves out these 12 resources"), "{many}");
        assert!(many.contains("  - aws_vpc.v9\n  - and 2 more\n"), "{many}");
        let after = stripped(&applied_text(&plan(&["aws_vpc.a"], &[], 12), 200));
        assert!(after.contains("with --target 'aws_vpc.a', which left 12 resources out."), "{after}");
    }
}
