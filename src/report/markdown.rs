//! A plan as a comment on a pull request: what matters first, the rest folded, never longer than GitHub
//! takes, and no value able to break out of where it stands.

mod escape;
mod fit;
mod fold;

use crate::diag::{Diagnostic, Diagnostics};
use crate::plan::checks::Status;
use crate::plan::{Action, Change, Plan, PlanMode};

use super::paint::{plural, stripped};
use super::plan_text::{Schemas, is_shown, outputs, summary};
use escape::{code, prose};
use fit::{Part, Rank};

/// The comment. Its first line is hidden and the same for every plan of that stack and environment, so
/// that a later run finds the comment and rewrites it.
pub fn plan_markdown(plan: &Plan, stack: &str, schemas: Schemas, warnings: &Diagnostics) -> String {
    let mut parts: Vec<Part> = warnings_part(&told(plan, warnings)).into_iter().collect();
    parts.extend(changes(plan, schemas));
    parts.extend(output_changes(plan));
    parts.extend(drift(plan, schemas));
    parts.extend(left_out(plan));
    fit::fitted(&head(plan, stack), parts)
}

/// The hidden line.
fn marker(plan: &Plan, stack: &str) -> String {
    // Nothing in it may end the comment.
    let plain = |it: &str| it.replace(['<', '>', '\n', '\r'], "_").replace("--", "-_");
    format!("<!-- infra plan: {} {} -->", plain(stack), plain(&plan.env))
}

fn head(plan: &Plan, stack: &str) -> String {
    let of = format!("{} in {}", code(stack), code(&plan.env));
    let marker = marker(plan, stack);
    if !plan.applies() {
        return format!("{marker}\n**No changes** to {of}: {}\n{}", nothing(plan), partial(plan));
    }
    let title = match plan.mode {
        PlanMode::Normal => "Plan for",
        PlanMode::Destroy => "Plan to destroy",
        PlanMode::RefreshOnly => "Plan that only notes what has changed outside, for",
    };
    let counted = match plan.mode {
        PlanMode::RefreshOnly => format!("{} changed outside.", plural(drifted(plan).count(), "object")),
        _ => stripped(&summary(plan)),
    };
    let mut out = format!("{marker}\n### {title} {of}\n\n**{counted}**\n");
    let lost = lost(plan);
    if lost > 0 {
        let what = plural(lost, "resource");
        let be = if lost == 1 { "is" } else { "are" };
        out.push_str(&format!("\n> [!CAUTION]\n> {what} {be} destroyed or replaced.\n"));
    }
    out.push_str(&partial(plan));
    out
}

/// That the plan is not about everything.
fn partial(plan: &Plan) -> String {
    let (note, all) = match (plan.targets.as_slice(), plan.excludes.as_slice()) {
        ([], []) => return String::new(),
        ([], all) => ("Planned without a part of the stack, and what depends on it. The part:", all),
        (all, _) => ("Planned for a part of the stack only; the rest was left out. The part:", all),
    };
    let more = if all.len() > NAMED { ", …" } else { "" };
    let all: Vec<String> = all.iter().take(NAMED).map(|it| code(it)).collect();
    let left = match plan.left_out.len() {
        0 => String::new(),
        many => format!(" ({} left out)", plural(many, "resource")),
    };
    format!("\n> [!NOTE]\n> {note} {}{more}{left}\n", all.join(", "))
}

/// How many things AWS holds now and will not hold any more.
fn lost(plan: &Plan) -> usize {
    let goes = |it: &&Change| is_shown(it) && is_destructive(it.action);
    plan.changes.iter().filter(goes).count()
}

fn is_destructive(action: Action) -> bool {
    matches!(action, Action::Delete | Action::Replace | Action::CreateThenDelete)
}

fn nothing(plan: &Plan) -> &'static str {
    match plan.mode {
        PlanMode::Normal => "what exists is what the configuration asks for.",
        PlanMode::Destroy => "the state holds nothing to destroy.",
        PlanMode::RefreshOnly => "what exists is what the state remembers.",
    }
}

/// What is destroyed or replaced first, then what changes, then what is new.
fn changes(plan: &Plan, schemas: Schemas) -> Vec<Part> {
    let shown = plan.changes.iter().filter(|it| is_shown(it));
    let mut out: Vec<Part> = shown.map(|it| fold::change(it, schemas(&it.addr.resource))).collect();
    out.sort_by_key(|it| std::cmp::Reverse(it.rank));
    out
}

/// What had changed outside, and is more than a note of the state's own.
fn drifted(plan: &Plan) -> impl Iterator<Item = &Change> {
    plan.drift.iter().filter(|it| it.action != Action::NoOp || it.moved_from.is_some())
}

fn drift(plan: &Plan, schemas: Schemas) -> Vec<Part> {
    drifted(plan).map(|it| fold::drift(it, schemas(&it.addr.resource))).collect()
}

/// What `--target` and `--exclude` left out.
fn left_out(plan: &Plan) -> Option<Part> {
    let title = plural(plan.left_out.len(), "resource");
    (!plan.left_out.is_empty()).then(|| Part {
        rank: Rank::Drift,
        section: "Left out",
        short: title.clone(),
        title,
        body: plan.left_out.iter().map(|it| format!(" {}", super::paint::harmless(it))).collect(),
        open: false,
    })
}

/// The most that are named on one line.
const NAMED: usize = 10;

fn output_changes(plan: &Plan) -> Option<Part> {
    let text = outputs(plan);
    let changed = plan.outputs.iter().filter(|it| it.1.action != Action::NoOp);
    let names: Vec<String> = changed.map(|it| code(it.0)).collect();
    let (first, more) = names.split_at(names.len().min(NAMED));
    let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
    let title = format!("{}{more}", first.join(", "));
    (!text.is_empty()).then(|| Part {
        rank: Rank::Outputs,
        section: "Outputs",
        short: title.clone(),
        title,
        body: fold::lines(&text),
        open: false,
    })
}

/// What is worth a word: warnings of the planning, and conditions that do not hold.
fn told(plan: &Plan, warnings: &Diagnostics) -> Vec<Diagnostic> {
    let mut out = warnings.0.clone();
    for entry in plan.checks.entries() {
        for (addr, outcome) in &entry.objects {
            let failed = matches!(outcome.status, Status::Fail | Status::Error);
            let said = |text: &String| out.iter().any(|it| mentions(it, text));
            let new: Vec<&String> = outcome.messages.iter().filter(|it| failed && !said(it)).collect();
            out.extend(new.into_iter().map(|it| Diagnostic::warning(it.as_str()).about(addr)));
        }
    }
    out
}

fn mentions(it: &Diagnostic, text: &str) -> bool {
    it.summary.contains(text) || it.detail.as_ref().is_some_and(|it| it.contains(text))
}

/// The most warnings that are written out.
const WARNINGS: usize = 20;

fn warnings_part(all: &[Diagnostic]) -> Option<Part> {
    let (first, more) = all.split_at(all.len().min(WARNINGS));
    let mut lines: Vec<String> = first.iter().map(warning).collect();
    if !more.is_empty() {
        lines.push(format!("- and {} more", more.len()));
    }
    (!lines.is_empty()).then(|| Part {
        rank: Rank::Warnings,
        section: "Warnings",
        title: String::new(),
        short: plural(all.len(), "warning"),
        body: lines,
        open: true,
    })
}

fn warning(it: &Diagnostic) -> String {
    let mut out = format!("- {}", prose(&it.summary));
    if let Some(place) = &it.place {
        let (line, _) = place.line_column();
        out.push_str(&format!(" ({})", code(&format!("{}:{line}", place.file.path.display()))));
    }
    out.push_str(&it.address.iter().map(|it| format!(" ({})", code(it))).collect::<String>());
    let more = it.detail.iter().chain(&it.help).map(|it| format!("<br>{}", prose(it)));
    out + &more.collect::<String>()
}
