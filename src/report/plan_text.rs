//! A plan as text, as a Terraform user expects it.

mod heading;
mod resource;

pub use resource::guessed;

use super::diff::{Mark, Pair, dynamic};
use super::draw::{Look, draw};
use super::paint::{BOLD, GREEN, bold, name, padded, paint, sign, symbol, wrapped};
use crate::address::{Mode, ResourceAddr};
use crate::plan::{Action, Change, OutputChange, Plan, PlanMode};
use crate::schema::Schema;

/// Finds a type's schema.
pub type Schemas<'a> = &'a dyn Fn(&ResourceAddr) -> Option<&'a Schema>;

/// The registry's schemas.
pub fn registered(addr: &ResourceAddr) -> Option<&'static Schema> {
    match addr.mode {
        Mode::Managed => crate::kind::resource(&addr.kind).map(|it| it.schema()),
        Mode::Data => crate::kind::data(&addr.kind).map(|it| it.schema()),
    }
}

/// The whole plan; `columns` is the width of paragraphs.
pub fn plan_text(plan: &Plan, schemas: Schemas, columns: usize) -> String {
    let changes: Vec<_> = plan.changes.iter().filter(|it| is_shown(it)).collect();
    let outputs = outputs(plan);
    let drift: Vec<_> = plan.drift.iter().filter(|it| it.action != Action::NoOp).collect();
    let mut out = String::new();
    if !drift.is_empty() {
        out.push_str(&drift_text(plan, &drift, schemas, columns));
    }
    if changes.is_empty() && outputs.is_empty() {
        out.push_str(&nothing(plan, !drift.is_empty(), columns));
        return out;
    }
    if !changes.is_empty() {
        out.push_str(&legend(&changes, columns));
        out.push_str("\ninfra will perform the following actions:\n");
        for it in &changes {
            out.push_str(&format!("\n{}\n", resource::text(it, schemas(&it.addr.resource))));
        }
        out.push_str(&format!("\n{}\n", summary(plan)));
    }
    if !outputs.is_empty() {
        out.push_str(&format!("\nChanges to Outputs:\n{outputs}\n"));
        if changes.is_empty() {
            let note = "You can apply this plan to save these new output values to the state, without \
                        changing any real infrastructure.";
            out.push_str(&format!("\n{}\n", wrapped(note, columns)));
        }
    }
    out
}

/// `Plan: 1 to add, 2 to change, 3 to destroy.`
pub fn summary(plan: &Plan) -> String {
    let (add, change, destroy) = plan.counts();
    let forget = plan.changes.iter().filter(|it| it.action == Action::Forget).count();
    let forget = if forget > 0 { format!(", {forget} to forget") } else { String::new() };
    format!("{} {add} to add, {change} to change, {destroy} to destroy{forget}.", bold("Plan:"))
}

/// A data source that goes away is nothing to tell: it only ever was an answer.
pub fn is_shown(change: &Change) -> bool {
    let forgotten_answer = change.addr.resource.mode == Mode::Data && change.action == Action::Delete;
    change.action != Action::NoOp && !forgotten_answer
}

fn legend(changes: &[&Change], columns: usize) -> String {
    const ALL: [(Action, &str); 7] = [
        (Action::Create, "create"),
        (Action::Update, "update in-place"),
        (Action::Delete, "destroy"),
        (Action::Replace, "destroy and then create replacement"),
        (Action::CreateThenDelete, "create replacement and then destroy"),
        (Action::Read, "read (data resources)"),
        (Action::Forget, "forget (stop managing)"),
    ];
    let first = "infra compared the stack with what exists. The actions below are marked with these symbols:";
    let mut out = format!("\n{}\n", wrapped(first, columns));
    for (action, meaning) in ALL.iter().filter(|it| changes.iter().any(|change| change.action == it.0)) {
        out.push_str(&format!("{} {meaning}\n", symbol(*action)));
    }
    out
}

fn nothing(plan: &Plan, drifted: bool, columns: usize) -> String {
    let (first, then) = match plan.mode {
        PlanMode::RefreshOnly if drifted => return refreshed(columns),
        PlanMode::RefreshOnly => (
            "Your infrastructure still matches the state.",
            "infra has compared your real infrastructure with what the state remembers, and found no \
             differences.",
        ),
        PlanMode::Destroy => ("No objects need to be destroyed.", "The state holds nothing to destroy."),
        PlanMode::Normal if drifted => (
            "Your infrastructure already matches the configuration.",
            "The changes made outside are what the configuration asks for. Apply to save them in the state.",
        ),
        PlanMode::Normal => (
            "Your infrastructure matches the configuration.",
            "infra has compared your real infrastructure against your configuration and found no \
             differences, so no changes are needed.",
        ),
    };
    let none = paint(BOLD.fg_color(GREEN.get_fg_color()), "No changes.");
    format!("\n{none} {}\n\n{}\n", bold(first), wrapped(then, columns))
}

fn refreshed(columns: usize) -> String {
    let note = "This is a refresh-only plan, so infra will not take any actions to undo these changes. If you \
                were expecting them, apply this plan to record the updated values in the state without \
                changing any real infrastructure.";
    format!("\n{}\n", wrapped(note, columns))
}

fn drift_text(plan: &Plan, drift: &[&Change], schemas: Schemas, columns: usize) -> String {
    let first =
        "These objects differ from what the state remembers: something other than infra changed them.";
    let mut out =
        format!("\n{}\n\n{}\n", bold("Note: Objects have changed outside of infra"), wrapped(first, columns));
    for it in drift {
        out.push_str(&format!("\n{}\n", resource::drift(it, schemas(&it.addr.resource))));
    }
    if plan.mode != PlanMode::RefreshOnly && !plan.is_empty() {
        let note = "Unless the configuration says the same, or ignores these attributes with ignore_changes, the \
                    plan below undoes or answers these changes.";
        let rule = "─".repeat(columns.min(80));
        out.push_str(&format!("\n{}\n\n{rule}\n", wrapped(note, columns)));
    }
    out
}

fn outputs(plan: &Plan) -> String {
    let wide = plan.outputs.keys().map(|it| name(it).chars().count()).max().unwrap_or(0);
    let mut lines = Vec::new();
    for (key, it) in &plan.outputs {
        let diff = output(it);
        if diff.mark != Mark::Same {
            let text = draw(&diff, 0, Look::default());
            lines.push(format!("{}{} = {text}", sign(diff.mark), padded(&name(key), wide)));
        }
    }
    lines.join("\n")
}

fn output(change: &OutputChange) -> super::diff::Diff {
    dynamic(&Pair::new(Some(&change.before), Some(&change.after)).implicit().secret(change.sensitive))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::oracle;
    use crate::report::paint::stripped;

    /// The texts are Terraform's own for these plans, but for our introduction.
    #[track_caller]
    fn check(name: &str) {
        let file = |end: &str| {
            let path = format!("{}/tests/data/plans/{name}.{end}", env!("CARGO_MANIFEST_DIR"));
            std::fs::read_to_string(path).unwrap()
        };
        let ours = stripped(&plan_text(&oracle::plan(&file("json")), &oracle::schema, 78));
        let theirs = file("txt");
        if ours != theirs {
            let diff = similar::TextDiff::from_lines(theirs.as_str(), ours.as_str());
            panic!("{}", diff.unified_diff().context_radius(6).header("terraform", "infra"));
        }
    }

    #[test]
    fn creating() {
        check("create");
    }
    #[test]
    fn changing() {
        check("update");
    }
    #[test]
    fn replacing() {
        check("replace");
    }
    #[test]
    fn destroying() {
        check("destroy");
    }
    #[test]
    fn sensitivity_taint_and_modules() {
        check("more");
    }
    #[test]
    fn values_of_any_type() {
        check("any");
    }
    #[test]
    fn without_changes() {
        check("none");
    }
}
