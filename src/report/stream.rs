//! One JSON object a line, as `plan -json` and `apply -json` print: Terraform's message types.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value as Json, json};
use time::OffsetDateTime;
use time::macros::format_description;

use super::diagnostics::diagnostic_json;
use super::progress::{Tally, complete, message};
use super::show::outputs_json;
use super::show_json::{key_json, module_text};
use super::{paint, plan_text, words};
use crate::address::Addr;
use crate::diag::Diagnostic;
use crate::event::{Event, Operation, Provision, Step, Thing};
use crate::plan::{Action, Change, Plan};
use crate::state::{Output, TERRAFORM_VERSION};

/// The version of the message format.
const UI: &str = "1.2";

/// One message: its type, its words, and what more it carries.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    pub level: &'static str,
    pub text: String,
    pub kind: &'static str,
    pub fields: Map<String, Json>,
}

impl Message {
    fn new(kind: &'static str, text: impl Into<String>, fields: Json) -> Self {
        let fields = fields.as_object().cloned().unwrap_or_default();
        Message { level: "info", text: text.into(), kind, fields }
    }

    /// The line, with the time it was printed.
    pub fn line(&self, now: OffsetDateTime) -> String {
        let format =
            format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]Z");
        let mut out = Map::new();
        out.insert("@level".into(), json!(self.level));
        out.insert("@message".into(), json!(self.text));
        out.insert("@module".into(), json!("terraform.ui"));
        out.insert("@timestamp".into(), json!(now.format(format).unwrap_or_default()));
        out.extend(self.fields.clone());
        out.insert("type".into(), json!(self.kind));
        format!("{}\n", Json::Object(out))
    }
}

/// The first message.
pub fn version() -> Message {
    let ours = env!("CARGO_PKG_VERSION");
    let fields = json!({ "infra": ours, "terraform": TERRAFORM_VERSION, "ui": UI });
    Message::new("version", format!("infra {ours}"), fields)
}

/// A line for people that programs may pass on.
pub fn note(text: &str) -> Message {
    Message::new("log", text, json!({}))
}

/// What a plan says: drift, changes, their number, outputs.
pub fn plan(plan: &Plan) -> Vec<Message> {
    let drift = super::show_json::drift(plan).into_iter().map(drift);
    let shown = plan.changes.iter().filter(|it| plan_text::is_shown(it)).map(planned);
    let mut out: Vec<_> = drift.chain(shown).collect();
    let (add, change, remove) = plan.counts();
    let text = paint::stripped(&plan_text::summary(plan));
    out.push(summary(
        text,
        Tally { added: add, changed: change, destroyed: remove, imported: plan.imported() },
        "plan",
    ));
    if !plan.outputs.is_empty() {
        let outputs = plan.outputs.iter().map(|(name, it)| {
            (name.clone(), json!({ "sensitive": it.sensitive, "action": words::action(it.action) }))
        });
        out.push(outputs_message(outputs.collect()));
    }
    out.extend(super::partial::planned(plan).as_ref().map(diagnostic));
    out
}

fn planned(it: &Change) -> Message {
    let (action, mut change) = changed(it);
    if let Some(reason) = it.reason {
        change["reason"] = json!(words::short_reason(reason));
    }
    if let Some(id) = &it.importing {
        change["importing"] = json!({ "id": id });
    }
    Message::new("planned_change", format!("{}: Plan to {action}", it.addr), json!({ "change": change }))
}

/// What happens, and to which resource; of what stays as it is, where it comes from.
fn changed(it: &Change) -> (&'static str, Json) {
    let action = match it.action {
        Action::NoOp if it.moved_from.is_some() => "move",
        Action::NoOp if it.importing.is_some() => "import",
        other => words::action(other),
    };
    let mut change = json!({ "resource": resource(&it.addr) });
    if let Some(from) = &it.moved_from {
        change["previous_resource"] = resource(from);
    }
    change["action"] = json!(action);
    (action, change)
}

fn drift(it: &Change) -> Message {
    let (action, change) = changed(it);
    let text = format!("{}: Drift detected ({action})", it.addr);
    Message::new("resource_drift", text, json!({ "change": change }))
}

fn summary(text: String, tally: Tally, operation: &str) -> Message {
    let Tally { added, changed, destroyed, imported } = tally;
    let changes = json!({
        "add": added, "change": changed, "import": imported, "remove": destroyed, "operation": operation,
    });
    Message::new("change_summary", text, json!({ "changes": changes }))
}

/// The last words of an apply.
pub fn applied(tally: Tally, destroy: bool) -> Message {
    let text = paint::stripped(&complete(tally, destroy));
    summary(text, tally, if destroy { "destroy" } else { "apply" })
}

/// The outputs after an apply; a sensitive one without its value.
pub fn outputs(outputs: &BTreeMap<String, Output>) -> Message {
    let mut all = outputs_json(outputs).as_object().cloned().unwrap_or_default();
    for it in all.values_mut().filter(|it| it["sensitive"] == true).filter_map(Json::as_object_mut) {
        it.shift_remove("value");
    }
    outputs_message(all)
}

fn outputs_message(all: Map<String, Json>) -> Message {
    Message::new("outputs", format!("Outputs: {}", all.len()), json!({ "outputs": all }))
}

/// A diagnostic.
pub fn diagnostic(it: &Diagnostic) -> Message {
    let (level, word) = if it.is_error() { ("error", "Error") } else { ("warn", "Warning") };
    let fields = json!({ "diagnostic": diagnostic_json(it) });
    Message { level, ..Message::new("diagnostic", format!("{word}: {}", it.summary), fields) }
}

/// What happens during a refresh or an apply. Most is one message; a refresh is one for each thing, an
/// empty line of a provisioner's output is none.
pub fn event(event: &Event) -> Vec<Message> {
    let bare = |step: &Step| Step { id: None, ..step.clone() };
    let message = match event {
        Event::Provision { addr, kind, what } => return provision(addr, kind, what).into_iter().collect(),
        // Terraform's stream has no word for it: the plan tells it before, the summary after.
        Event::Importing { .. } | Event::Imported { .. } => return Vec::new(),
        Event::Started(step) => hook("apply_start", step, event, None),
        // Terraform's text has no id here.
        Event::Still { step, elapsed, throttled, .. } => {
            let mut message = hook("apply_progress", &bare(step), event, Some(*elapsed));
            if let (Some((service, waited)), Some(hook)) = (throttled, message.fields.get_mut("hook")) {
                hook["throttled"] = json!({ "service": service, "seconds": rounded(*waited) });
            }
            message
        }
        Event::Done { step, elapsed } => hook("apply_complete", step, event, Some(*elapsed)),
        Event::Failed { step, elapsed } => hook("apply_errored", &bare(step), event, Some(*elapsed)),
        Event::Refreshing { things } => return things.iter().map(refresh_start).collect(),
        Event::Refreshed { things, .. } => return things.iter().map(refresh_complete).collect(),
        // A type that Terraform has: programs that know no other pass it on or leave it.
        Event::Throttled { service, region, calls, waited } => {
            let told = json!({
                "service": service, "region": region, "calls": calls, "seconds": rounded(*waited),
            });
            Message { level: "warn", ..Message::new("log", text_of(event), json!({ "throttled": told })) }
        }
        Event::Stopping { under_way } => {
            let fields = json!({ "stopping": { "under_way": under_way } });
            Message { level: "warn", ..Message::new("stopping", text_of(event), fields) }
        }
    };
    vec![message]
}

fn provision(addr: &Addr, kind: &str, what: &Provision) -> Option<Message> {
    let mut hook = json!({ "resource": resource(addr), "provisioner": kind });
    let (name, text) = match what {
        Provision::Started => ("provision_start", format!("{addr}: Provisioning with '{kind}'...")),
        Provision::Output(line) if line.is_empty() => return None,
        Provision::Output(line) => {
            let line = paint::stripped(line);
            hook["output"] = json!(line);
            ("provision_progress", format!("{addr}: ({kind}): {line}"))
        }
        Provision::Done => ("provision_complete", format!("{addr}: ({kind}) Provisioning complete")),
        Provision::Failed => ("provision_errored", format!("{addr}: ({kind}) Provisioning errored")),
    };
    Some(Message::new(name, text, json!({ "hook": hook })))
}

fn text_of(event: &Event) -> String {
    paint::stripped(&super::event_text(event))
}

fn refresh_start(it: &Thing) -> Message {
    refresh("refresh_start", format!("{}: Refreshing state...", it.addr), it)
}

fn refresh_complete(it: &Thing) -> Message {
    refresh("refresh_complete", format!("{}: Refresh complete", it.addr), it)
}

fn refresh(kind: &'static str, text: String, it: &Thing) -> Message {
    let mut hook = json!({ "resource": resource(&it.addr) });
    let mut known = String::new();
    if let Some(id) = &it.id {
        hook["id_key"] = json!("id");
        hook["id_value"] = json!(id);
        known = format!(" [id={id}]");
    }
    Message::new(kind, format!("{text}{known}"), json!({ "hook": hook }))
}

fn hook(kind: &'static str, step: &Step, event: &Event, elapsed: Option<Duration>) -> Message {
    let action = match step.operation {
        Operation::Create => "create",
        Operation::Read => "read",
        Operation::Update => "update",
        Operation::Delete => "delete",
    };
    let mut hook = json!({ "resource": resource(&step.addr), "action": action });
    let gone = matches!(event, Event::Done { .. }) && step.operation == Operation::Delete;
    if let Some(id) = step.id.as_ref().filter(|_| !gone) {
        hook["id_key"] = json!("id");
        hook["id_value"] = json!(id);
    }
    if let Some(elapsed) = elapsed {
        hook["elapsed_seconds"] = json!(rounded(elapsed));
    }
    Message::new(kind, message(step, event), json!({ "hook": hook }))
}

fn rounded(it: Duration) -> u64 {
    it.as_secs_f64().round() as u64
}

fn resource(addr: &Addr) -> Json {
    let resource = &addr.resource;
    let mut local = addr.clone();
    local.resource.module.clear();
    let kind = &*resource.kind;
    json!({
        "addr": addr.to_string(),
        "module": module_text(&resource.module),
        "resource": local.to_string(),
        "implied_provider": kind.split('_').next().unwrap_or(kind),
        "resource_type": kind,
        "resource_name": *resource.name,
        "resource_key": key_json(&addr.key),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::parse_instance;

    fn step(operation: Operation) -> Step {
        let addr = parse_instance(r#"module.m[1].aws_sns_topic.t["a"]"#).unwrap();
        Step { addr, deposed: None, operation, id: Some("x".into()) }
    }

    fn line(message: &Message) -> String {
        message.line(time::macros::datetime!(2026-11-21 02:39:00.009754 UTC))
    }

    #[test]
    fn an_apply_is_terraforms() {
        let resource = r#""resource":{"addr":"module.m[1].aws_sns_topic.t[\"a\"]","module":"module.m[1]","resource":"aws_sns_topic.t[\"a\"]","implied_provider":"aws","resource_type":"aws_sns_topic","resource_name":"t","resource_key":"a"}"#;
        let elapsed = Duration::from_secs(10);
        let cases = [
            (
                Event::Done { step: step(Operation::Create), elapsed },
                "Creation complete after 10s [id=x]",
                r#""action":"create","id_key":"id","id_value":"x","elapsed_seconds":10},"type":"apply_complete"}"#,
            ),
            (
                Event::Started(step(Operation::Update)),
                "Modifying... [id=x]",
                r#""action":"update","id_key":"id","id_value":"x"},"type":"apply_start"}"#,
            ),
            (
                Event::Still {
                    step: step(Operation::Update),
                    elapsed,
                    throttled: None,
                    waiting: String::new(),
                },
                "Still modifying... [10s elapsed]",
                r#""action":"update","elapsed_seconds":10},"type":"apply_progress"}"#,
            ),
            (
                Event::Still {
                    step: step(Operation::Update),
                    elapsed,
                    throttled: Some(("EC2".into(), elapsed)),
                    waiting: String::new(),
                },
                "Still modifying... [10s elapsed, throttled by EC2 for 10s]",
                r#""action":"update","elapsed_seconds":10,"throttled":{"service":"EC2","seconds":10}},"type":"apply_progress"}"#,
            ),
            (
                Event::Done { step: step(Operation::Delete), elapsed },
                "Destruction complete after 10s",
                r#""action":"delete","elapsed_seconds":10},"type":"apply_complete"}"#,
            ),
            (
                Event::Failed { step: step(Operation::Update), elapsed },
                "Modifications errored after 10s",
                r#""action":"update","elapsed_seconds":10},"type":"apply_errored"}"#,
            ),
        ];
        for (it, text, rest) in cases {
            let expected = format!(
                "{{\"@level\":\"info\",\"@message\":\"module.m[1].aws_sns_topic.t[\\\"a\\\"]: {text}\",\
                 \"@module\":\"terraform.ui\",\"@timestamp\":\"2026-11-21T02:39:00.009754Z\",\
                 \"hook\":{{{resource},{rest}\n"
            );
            assert_eq!(event(&it).iter().map(line).collect::<Vec<_>>(), [expected]);
        }
    }

    #[test]
    fn a_plan_is_terraforms() {
        let path = format!("{}/tests/data/plans/update.json", env!("CARGO_MANIFEST_DIR"));
        let all = plan(&crate::report::oracle::plan(&std::fs::read_to_string(path).unwrap()));
        let lines: Vec<_> = all.iter().map(line).collect();
        let stamp = r#""@module":"terraform.ui","@timestamp":"2026-11-21T02:39:00.009754Z","#;
        let has = |start: &str, end: &str| {
            let whole = format!("{start}{stamp}{end}\n");
            assert!(lines.contains(&whole), "{whole}{lines:#?}");
        };
        has(
            r#"{"@level":"info","@message":"aws_cloudwatch_log_group.l[1]: Plan to delete","#,
            r#""change":{"resource":{"addr":"aws_cloudwatch_log_group.l[1]","module":"","resource":"aws_cloudwatch_log_group.l[1]","implied_provider":"aws","resource_type":"aws_cloudwatch_log_group","resource_name":"l","resource_key":1},"action":"delete","reason":"delete_because_count_index"},"type":"planned_change"}"#,
        );
        has(
            r#"{"@level":"info","@message":"Plan: 2 to add, 9 to change, 3 to destroy.","#,
            r#""changes":{"add":2,"change":9,"import":0,"remove":3,"operation":"plan"},"type":"change_summary"}"#,
        );
        has(
            r#"{"@level":"info","@message":"Outputs: 7","#,
            r#""outputs":{"dns":{"sensitive":false,"action":"update"},"list":{"sensitive":false,"action":"update"},"obj":{"sensitive":false,"action":"update"},"secret":{"sensitive":true,"action":"update"},"stage":{"sensitive":false,"action":"update"},"tags":{"sensitive":false,"action":"update"},"vpc":{"sensitive":false,"action":"noop"}},"type":"outputs"}"#,
        );
    }
}
