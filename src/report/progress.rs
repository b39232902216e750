//! Lines while a refresh or an apply goes on, and its last words.

use std::time::Duration;

use super::event::{Event, Operation, Provision, Step};
use super::paint::{BOLD, DIM, GREEN, RED, YELLOW, bold, paint, plural};

/// The line that tells the event.
pub fn event_text(event: &Event) -> String {
    match event {
        Event::Refreshing { things } => bold(format!("Refreshing {}...", plural(things.len(), "resource"))),
        Event::Refreshed { things, elapsed } => {
            paint(DIM, format!("Refreshed {} in {}", plural(things.len(), "resource"), fine(*elapsed)))
        }
        Event::Importing { addr, id } => bold(format!("{addr}: Importing... [id={id}]")),
        Event::Imported { addr, id } => bold(format!("{addr}: Import complete [id={id}]")),
        Event::Failed { step, .. } => paint(BOLD.fg_color(RED.get_fg_color()), message(step, event)),
        Event::Started(step) | Event::Still { step, .. } | Event::Done { step, .. } => {
            bold(message(step, event))
        }
        Event::Throttled { service, region, calls, waited } => {
            paint(YELLOW, throttled(service, region.as_deref(), *calls, *waited))
        }
        Event::Provision { addr, kind, what } => match what {
            Provision::Started => bold(format!("{addr}: Provisioning with '{kind}'...")),
            Provision::Output(line) if line.is_empty() => String::new(),
            Provision::Output(line) => format!("{} {line}", bold(format!("{addr} ({kind}):"))),
            Provision::Done => format!("{addr}: ({kind}) Provisioning complete"),
            Provision::Failed => format!("{addr}: ({kind}) Provisioning errored"),
        },
        Event::Stopping { under_way } => paint(
            YELLOW,
            format!(
                "Interrupted: finishing {}, then saving the state. Interrupt again to stop at once.",
                plural(*under_way, "operation")
            ),
        ),
    }
}

/// What a step's event says, without colours: `aws_vpc.main: Creating...`.
pub fn message(step: &Step, event: &Event) -> String {
    let (doing, still, noun) = match step.operation {
        Operation::Create => ("Creating", "creating", "Creation"),
        Operation::Read => ("Reading", "reading", "Read"),
        Operation::Update => ("Modifying", "modifying", "Modifications"),
        Operation::Delete => ("Destroying", "destroying", "Destruction"),
    };
    let deposed = step.deposed.as_ref().map(|it| format!(" (deposed object {it})")).unwrap_or_default();
    let id = step.id.as_ref().map(|it| format!("id={it}"));
    let bracket = |it: Option<String>| it.map(|it| format!(" [{it}]")).unwrap_or_default();
    let addr = format!("{}{deposed}", step.addr);
    match event {
        Event::Still { elapsed, throttled, waiting, .. } => {
            let elapsed = format!("{} elapsed", whole(*elapsed));
            let throttled = throttled.as_ref().map(|it| format!("throttled by {} for {}", it.0, whole(it.1)));
            let waiting = (!waiting.is_empty()).then(|| format!("waiting: {waiting}"));
            let inside: Vec<String> =
                id.into_iter().chain([elapsed]).chain(throttled).chain(waiting).collect();
            let inside = inside.join(", ");
            format!("{addr}: Still {still}... [{inside}]")
        }
        Event::Done { elapsed, .. } => {
            let id = id.filter(|_| step.operation != Operation::Delete);
            format!("{addr}: {noun} complete after {}{}", whole(*elapsed), bracket(id))
        }
        Event::Failed { elapsed, .. } => format!("{addr}: {noun} errored after {}", whole(*elapsed)),
        _ => format!("{addr}: {doing}...{}", bracket(id)),
    }
}

/// `AWS throttled EC2 in eu-west-1: 37 calls repeated, 12s of waiting`
fn throttled(service: &str, region: Option<&str>, calls: u64, waited: Duration) -> String {
    let place = region.map(|it| format!(" in {it}")).unwrap_or_default();
    let calls = usize::try_from(calls).unwrap_or(usize::MAX);
    format!(
        "AWS throttled {service}{place}: {} repeated, {} of waiting",
        plural(calls, "call"),
        whole(waited)
    )
}

/// `45s`, `1m5s`, `2h0m10s`: as Go writes whole seconds.
pub fn whole(elapsed: Duration) -> String {
    let all = elapsed.as_millis().saturating_add(500) / 1000;
    let (hours, minutes, seconds) = (all / 3600, all / 60 % 60, all % 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds}s"),
        (0, _) => format!("{minutes}m{seconds}s"),
        _ => format!("{hours}h{minutes}m{seconds}s"),
    }
}

fn fine(elapsed: Duration) -> String {
    if elapsed.as_secs() < 10 { format!("{:.1}s", elapsed.as_secs_f64()) } else { whole(elapsed) }
}

/// How many things an apply made, changed and removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub added: usize,
    pub changed: usize,
    pub destroyed: usize,
    pub imported: usize,
}

impl Tally {
    /// Counts what an event tells: the end of an operation.
    pub fn count(&mut self, event: &Event) {
        let Event::Done { step, .. } = event else { return };
        match step.operation {
            Operation::Create => self.added += 1,
            Operation::Update => self.changed += 1,
            Operation::Delete => self.destroyed += 1,
            Operation::Read => {}
        }
    }
}

/// `Apply complete! Resources: 1 added, 0 changed, 0 destroyed.`
pub fn complete(tally: Tally, destroy: bool) -> String {
    let Tally { added, changed, destroyed, imported } = tally;
    let text = if destroy {
        format!("Destroy complete! Resources: {destroyed} destroyed.")
    } else {
        let imported = if imported > 0 { format!("{imported} imported, ") } else { String::new() };
        format!(
            "Apply complete! Resources: {imported}{added} added, {changed} changed, {destroyed} destroyed."
        )
    };
    paint(BOLD.fg_color(GREEN.get_fg_color()), text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::parse_instance;
    use crate::report::paint::stripped;

    fn step(operation: Operation, id: Option<&str>) -> Step {
        let addr = parse_instance("aws_vpc.main").unwrap();
        Step { addr, deposed: None, operation, id: id.map(str::to_owned) }
    }
    const TEN: Duration = Duration::from_secs(10);

    #[test]
    fn lines_are_terraforms() {
        let (new, old) = (step(Operation::Create, None), step(Operation::Update, Some("vpc-1")));
        let gone = step(Operation::Delete, Some("vpc-1"));
        let thing = crate::event::Thing { addr: gone.addr.clone(), id: None };
        let lines = [
            (Event::Started(new.clone()), "aws_vpc.main: Creating..."),
            (
                Event::Still { step: new.clone(), elapsed: TEN, throttled: None, waiting: String::new() },
                "aws_vpc.main: Still creating... [10s elapsed]",
            ),
            (
                Event::Done { step: step(Operation::Create, Some("vpc-1")), elapsed: TEN },
                "aws_vpc.main: Creation complete after 10s [id=vpc-1]",
            ),
            (Event::Failed { step: new, elapsed: TEN }, "aws_vpc.main: Creation errored after 10s"),
            (Event::Started(old.clone()), "aws_vpc.main: Modifying... [id=vpc-1]"),
            (
                Event::Still { step: old.clone(), elapsed: TEN * 7, throttled: None, waiting: String::new() },
                "aws_vpc.main: Still modifying... [id=vpc-1, 1m10s elapsed]",
            ),
            (
                Event::Still {
                    step: old.clone(),
                    elapsed: TEN * 7,
                    throttled: Some(("EC2".into(), TEN)),
                    waiting: "it is still `pending`".into(),
                },
                "aws_vpc.main: Still modifying... [id=vpc-1, 1m10s elapsed, throttled by EC2 for 10s, \
                 waiting: it is still `pending`]",
            ),
            (
                Event::Throttled {
                    service: "EC2".into(),
                    region: Some("eu-west-1".into()),
                    calls: 37,
                    waited: TEN,
                },
                "AWS throttled EC2 in eu-west-1: 37 calls repeated, 10s of waiting",
            ),
            (
                Event::Throttled { service: "IAM".into(), region: None, calls: 1, waited: TEN },
                "AWS throttled IAM: 1 call repeated, 10s of waiting",
            ),
            (
                Event::Done { step: old, elapsed: TEN },
                "aws_vpc.main: Modifications complete after 10s [id=vpc-1]",
            ),
            (Event::Started(gone.clone()), "aws_vpc.main: Destroying... [id=vpc-1]"),
            (
                Event::Done { step: gone, elapsed: TEN * 400 },
                "aws_vpc.main: Destruction complete after 1h6m40s",
            ),
            (Event::Refreshing { things: vec![thing] }, "Refreshing 1 resource..."),
        ];
        for (event, line) in lines {
            assert_eq!(stripped(&event_text(&event)), line);
        }
    }

    #[test]
    fn last_words() {
        let mut tally = Tally::default();
        tally.count(&Event::Done { step: step(Operation::Create, None), elapsed: TEN });
        tally.count(&Event::Failed { step: step(Operation::Create, None), elapsed: TEN });
        let text = stripped(&complete(tally, false));
        assert_eq!(text, "Apply complete! Resources: 1 added, 0 changed, 0 destroyed.");
        assert_eq!(stripped(&complete(tally, true)), "Destroy complete! Resources: 0 destroyed.");
    }
}
