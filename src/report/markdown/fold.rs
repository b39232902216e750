//! One resource of the comment: a line that tells it all, and the difference folded behind it.

use super::escape::code;
use super::fit::{Part, Rank};
use crate::plan::{Action, Change};
use crate::report::paint::{GREEN, RED, YELLOW, paint, stripped, symbol};
use crate::report::plan_text::{heading, resource_drift, resource_text};
use crate::schema::Schema;

/// What will happen to it.
pub fn change(change: &Change, schema: Option<&Schema>) -> Part {
    let heading = stripped(&heading::planned(change));
    let text = resource_text(change, schema);
    part(change, rank(change.action), "Changes", &heading, &text)
}

/// What has happened to it outside.
pub fn drift(change: &Change, schema: Option<&Schema>) -> Part {
    let heading = stripped(&heading::happened(change));
    let text = resource_drift(change, schema);
    part(change, Rank::Drift, "Changed outside of infra", &heading, &text)
}

fn rank(action: Action) -> Rank {
    match action {
        Action::Delete => Rank::Destroyed,
        Action::Replace | Action::CreateThenDelete => Rank::Replaced,
        Action::Forget => Rank::Forgotten,
        Action::Update => Rank::Changed,
        Action::Create => Rank::Created,
        Action::Read | Action::NoOp => Rank::Minor,
    }
}

/// `heading` is the comment above the resource in `text`.
fn part(change: &Change, rank: Rank, section: &'static str, heading: &str, text: &str) -> Part {
    let mut notes = heading.lines().map(|it| it.trim_start().trim_start_matches("# "));
    let first = notes.next().unwrap_or_default();
    let address = heading::address(change);
    // A move begins with where it was.
    let (about, what) = match first.strip_prefix(&address) {
        Some(what) => (address, what.trim_start().to_owned()),
        None => (address, format!("({first})")),
    };
    let what = std::iter::once(what).chain(notes.map(str::to_owned)).collect::<Vec<_>>().join(" ");
    let sign =
        if rank == Rank::Drift { String::new() } else { stripped(&symbol(change.action)).trim().to_owned() };
    let sign = if sign.is_empty() { sign } else { format!("{} ", code(&sign)) };
    let title = format!("{sign}{} {}", code(&about), super::escape::plain(&what));
    let body = text.lines().skip(heading.lines().count()).collect::<Vec<_>>().join("\n");
    let open = matches!(rank, Rank::Destroyed | Rank::Replaced);
    Part { rank, section, short: title.clone(), title, body: lines(&body), open }
}

/// The lines of a plan as those of a `diff` block: the sign stands first. In the painted text a sign is
/// one by its colour, so no value can pass for one.
pub fn lines(text: &str) -> Vec<String> {
    text.lines().map(line).collect()
}

fn line(text: &str) -> String {
    let rest = text.trim_start_matches(' ');
    let indent = text.len() - rest.len();
    let (minus, plus, tilde) = (paint(RED, "-"), paint(GREEN, "+"), paint(YELLOW, "~"));
    // Of a replacement the first sign alone would be half of the truth.
    let both = [format!("{minus}/{plus}"), format!("{plus}/{minus}")];
    for (mark, (painted, wide)) in ["-", "!"].iter().zip(both.iter().map(|it| (it, 3))) {
        if let Some(rest) = rest.strip_prefix(painted.as_str()) {
            return format!("{mark}{}{}", " ".repeat(indent + wide - 1), stripped(rest));
        }
    }
    for (mark, painted) in [("-", minus), ("+", plus), ("!", tilde)] {
        if let Some(rest) = rest.strip_prefix(painted.as_str()) {
            return format!("{mark}{}{}", " ".repeat(indent), stripped(rest));
        }
    }
    // Where nothing is to be coloured, nothing is: what comes first is a space.
    let text = stripped(text);
    if text.starts_with(' ') || text.is_empty() { text } else { format!(" {text}") }
}
