//! A plan as text, as a Terraform user expects it.

pub(in crate::report) mod heading;
mod resource;

pub use resource::guessed;
pub(in crate::report) use resource::{drift as resource_drift, text as resource_text};

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
    let told = |it: &&Change| it.action != Action::NoOp || it.moved_from.is_some();
    let drift: Vec<_> = plan.drift.iter().filter(told).collect();
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
    let import = match plan.imported() {
        0 => String::new(),
        many => format!("{many} to import, "),
    };
    format!("{} {import}{add} to add, {change} to change, {destroy} to destroy.", bold("Plan:"))
}

/// A data source that goes away is nothing to tell: it only ever was an answer.
pub fn is_shown(change: &Change) -> bool {
    let forgotten_answer = change.addr.resource.mode == Mode::Data && change.action == Action::Delete;
    let acts = change.action != Action::NoOp || change.moved_from.is_some() || change.importing.is_some();
    acts && !forgotten_answer
}

fn legend(changes: &[&Change], columns: usize) -> String {
    // Moves and imports alone have none of the symbols.
    if changes.iter().all(|it| it.action == Action::NoOp) {
        return String::new();
    }
    const ALL: [(Action, &str); 6] = [
        (Action::Create, "create"),
        (Action::Update, "update in-place"),
        (Action::Delete, "destroy"),
        (Action::Replace, "destroy and then create replacement"),
        (Action::CreateThenDelete, "create replacement and then destroy"),
        (Action::Read, "read (data resources)"),
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

/// The outputs that change, a line or more each.
pub(in crate::report) fn outputs(plan: &Plan) -> String {
    let wide = plan.outputs.keys().map(|it| name(it).chars().count()).max().unwrap_or(0);
    let mut lines = Vec::new();
    // The same value may be drawn as another: what of it is sensitive may be marked elsewhere.
    for (key, it) in plan.outputs.iter().filter(|it| it.1.action != Action::NoOp) {
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
    use crate::address::parse_instance;
    use crate::lang::{Type, Value};
    use crate::plan::Reason;
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

    fn change(addr: &str, action: Action, reason: Option<Reason>) -> Change {
        let object = |cidr: &str| Value::object([("cidr_block", cidr.into()), ("id", "vpc-1".into())]);
        let null = || Value::null(Type::Any);
        let gone = matches!(action, Action::Delete | Action::Forget);
        Change {
            addr: parse_instance(addr).unwrap(),
            moved_from: None,
            importing: None,
            deposed: None,
            provider: String::new(),
            action,
            reason,
            before: if action == Action::Create { null() } else { object("10.0.0.0/16") },
            after: if gone { null() } else { object("10.1.0.0/16") },
            replace_paths: vec![vec!["cidr_block".into()]],
            dependencies: Vec::new(),
            create_before_destroy: false,
        }
    }

    #[test]
    fn headings_say_why() {
        let cases = [
            ("aws_vpc.a", Action::Replace, Reason::ReplaceBecauseTainted, "is tainted, so must be replaced"),
            ("aws_vpc.a", Action::Replace, Reason::ReplaceByRequest, "will be replaced, as requested"),
            (
                "aws_vpc.a",
                Action::Replace,
                Reason::ReplaceByTriggers,
                "will be replaced due to changes in replace_triggered_by",
            ),
            ("aws_vpc.a", Action::CreateThenDelete, Reason::ReplaceBecauseCannotUpdate, "must be replaced"),
            (
                "aws_vpc.a[1]",
                Action::Delete,
                Reason::DeleteBecauseNoResourceConfig,
                "will be destroyed\n  # (because aws_vpc.a is not in configuration)",
            ),
            (
                "module.m[0].module.n.aws_vpc.a",
                Action::Delete,
                Reason::DeleteBecauseNoModule,
                "will be destroyed\n  # (because module.m[0].module.n is not in configuration)",
            ),
            (
                "aws_vpc.a",
                Action::Delete,
                Reason::DeleteBecauseWrongRepetition,
                "will be destroyed\n  # (because resource uses count or for_each)",
            ),
            (
                "aws_vpc.a[0]",
                Action::Delete,
                Reason::DeleteBecauseWrongRepetition,
                "will be destroyed\n  # (because resource does not use count)",
            ),
            (
                r#"aws_vpc.a["x"]"#,
                Action::Delete,
                Reason::DeleteBecauseEachKey,
                "will be destroyed\n  # (because key [\"x\"] is not in for_each map)",
            ),
        ];
        for (addr, action, reason, words) in cases {
            let text = stripped(&heading::planned(&change(addr, action, Some(reason))));
            assert_eq!(text, format!("  # {addr} {words}"));
        }
    }

    #[test]
    fn a_deposed_object_is_named() {
        let one = Change { deposed: Some("0a1b2c3d".into()), ..change("aws_vpc.a", Action::Delete, None) };
        assert_eq!(
            stripped(&resource::text(&one, None)),
            "  # aws_vpc.a (deposed object 0a1b2c3d) will be destroyed\n  \
             # (left over from a partially-failed replacement of this instance)\n  \
             - resource \"aws_vpc\" \"a\" {\n      \
             - cidr_block = \"10.0.0.0/16\" -> null # forces replacement\n      \
             - id         = \"vpc-1\" -> null\n    }"
        );
    }

    fn plan(mode: PlanMode, changes: Vec<Change>, drift: Vec<Change>) -> Plan {
        Plan { mode, changes, drift, ..oracle::plan("{}") }
    }

    fn text(plan: &Plan) -> String {
        stripped(&plan_text(plan, &oracle::schema, 78))
    }

    #[test]
    fn what_changed_outside_comes_first() {
        let drifted = || vec![change("aws_vpc.a", Action::Update, None)];
        let both = text(&plan(PlanMode::Normal, vec![change("aws_vpc.b", Action::Create, None)], drifted()));
        let places = [
            "Note: Objects have changed outside",
            "# aws_vpc.a has changed",
            "─────",
            "  + create",
            "# aws_vpc.b",
        ];
        let found: Vec<_> = places.iter().map(|it| both.find(it).unwrap_or(usize::MAX)).collect();
        assert!(found.is_sorted() && found[4] < usize::MAX, "{both}");
        let only = text(&plan(PlanMode::RefreshOnly, Vec::new(), drifted()));
        assert!(only.contains("This is a refresh-only plan"), "{only}");
        assert!(!only.contains("─────"));
    }

    #[test]
    fn nothing_to_do_is_said() {
        let words = |mode| text(&plan(mode, Vec::new(), Vec::new())).lines().nth(1).unwrap_or("").to_owned();
        assert_eq!(words(PlanMode::Normal), "No changes. Your infrastructure matches the configuration.");
        assert_eq!(words(PlanMode::Destroy), "No changes. No objects need to be destroyed.");
        assert_eq!(words(PlanMode::RefreshOnly), "No changes. Your infrastructure still matches the state.");
    }

    #[test]
    fn outputs_alone_can_be_applied() {
        let output = OutputChange {
            action: Action::Create,
            before: Value::null(Type::Any),
            after: "x".into(),
            sensitive: false,
        };
        let mut plan = plan(PlanMode::Normal, Vec::new(), Vec::new());
        plan.outputs.insert("a".into(), output);
        assert_eq!(
            text(&plan),
            "\nChanges to Outputs:\n  + a = \"x\"\n\nYou can apply this plan to save these new output values to \
             the state, without\nchanging any real infrastructure.\n"
        );
    }

    #[test]
    fn an_output_that_stays_is_not_drawn() {
        let output = OutputChange {
            action: Action::NoOp,
            before: Value::tuple(vec!["x".into()]).sensitive(),
            after: Value::tuple(vec![Value::from("x").sensitive()]),
            sensitive: true,
        };
        let mut plan = plan(PlanMode::Normal, Vec::new(), Vec::new());
        plan.outputs.insert("a".into(), output);
        assert_eq!(outputs(&plan), "");
    }
}
