//! The comment above a resource: what happens to it and why.

use crate::address::Key;
use crate::plan::{Action, Change, Reason};
use crate::report::paint::{BOLD, RED, bold, paint, quoted};

/// The address, with the key of a deposed object.
pub fn address(change: &Change) -> String {
    match &change.deposed {
        Some(key) => format!("{} (deposed object {key})", change.addr),
        None => change.addr.to_string(),
    }
}

/// What will happen, and why.
pub fn planned(change: &Change) -> String {
    let mut lines = vec![format!("{} {}", bold(format!("  # {}", address(change))), what(change))];
    if change.action == Action::Forget {
        return forgotten(change);
    }
    if let Some(from) = &change.moved_from {
        if change.action == Action::NoOp && change.importing.is_none() {
            return bold(format!("  # {from}")) + &format!(" has moved to {}", bold(address(change)));
        }
        lines.push(format!("  # (moved from {from})"));
    }
    if let Some(id) = &change.importing {
        if change.action != Action::NoOp {
            lines.push(format!("  # (imported from {})", quoted(id)));
        }
        if matches!(change.action, Action::Replace | Action::CreateThenDelete) {
            let warning = bold("Warning: this will destroy the imported resource");
            lines.push(format!("  # {warning}"));
        }
    }
    lines.extend(why(change).map(|it| format!("  # ({it})")));
    if change.deposed.is_some() {
        lines.push("  # (left over from a partially-failed replacement of this instance)".into());
    }
    lines.join("\n")
}

/// What is let go of: a step further to the left, as Terraform has it.
fn forgotten(change: &Change) -> String {
    let first = format!("{} {}", bold(format!(" # {}", address(change))), what(change));
    let from = change.moved_from.iter().map(|it| format!("\n # (moved from {it})")).collect::<String>();
    format!("{first}{from}\n # (destroy = false is set in the configuration)")
}

/// What has happened outside.
pub fn happened(change: &Change) -> String {
    let what = if change.action == Action::Delete { "has been deleted" } else { "has changed" };
    if let Some(from) = &change.moved_from {
        let now = bold(address(change));
        return match change.action {
            Action::NoOp => bold(format!("  # {from}")) + &format!(" has moved to {now}"),
            _ => format!("{} {what}\n  # (moved from {from})", bold(format!("  # {}", address(change)))),
        };
    }
    format!("{} {what}", bold(format!("  # {}", address(change))))
}

fn what(change: &Change) -> String {
    let loud = |text: &str| paint(BOLD.fg_color(RED.get_fg_color()), text);
    match change.action {
        Action::NoOp if change.importing.is_some() => "will be imported".into(),
        Action::NoOp => "is left as it is".into(),
        Action::Create => "will be created".into(),
        Action::Read => "will be read during apply".into(),
        Action::Update => "will be updated in-place".into(),
        Action::Delete => format!("will be {}", loud("destroyed")),
        Action::Forget => "will no longer be managed by infra, but will not be destroyed".into(),
        Action::Replace | Action::CreateThenDelete => match change.reason {
            Some(Reason::ReplaceBecauseTainted) => format!("is tainted, so must be {}", loud("replaced")),
            Some(Reason::ReplaceByRequest) => format!("will be {}, as requested", loud("replaced")),
            Some(Reason::ReplaceByTriggers) => {
                format!("will be {} due to changes in replace_triggered_by", loud("replaced"))
            }
            _ => format!("must be {}", loud("replaced")),
        },
    }
}

fn why(change: &Change) -> Option<String> {
    let addr = &change.addr;
    Some(match change.reason? {
        Reason::DeleteBecauseNoResourceConfig => format!("because {} is not in configuration", addr.resource),
        Reason::DeleteBecauseNoModule => format!("because {} is not in configuration", module(change)),
        Reason::DeleteBecauseWrongRepetition => match addr.key {
            Key::None => "because resource uses count or for_each".into(),
            Key::Index(_) => "because resource does not use count".into(),
            Key::Name(_) => "because resource does not use for_each".into(),
        },
        Reason::DeleteBecauseCountIndex => format!("because index {} is out of range for count", addr.key),
        Reason::DeleteBecauseEachKey => format!("because key {} is not in for_each map", addr.key),
        Reason::ReadBecauseConfigUnknown => "config refers to values not yet known".into(),
        Reason::ReadBecauseCheckNested => "config will be reloaded to verify a check block".into(),
        Reason::ReadBecauseDependencyPending => {
            "depends on a resource or a module with changes pending".into()
        }
        Reason::ReplaceBecauseTainted
        | Reason::ReplaceByRequest
        | Reason::ReplaceByTriggers
        | Reason::ReplaceBecauseCannotUpdate => return None,
    })
}

/// The path of the module that holds it: `module.a["x"].module.b`.
fn module(change: &Change) -> String {
    let path = change.addr.resource.module.iter();
    path.map(|(name, key)| format!("module.{name}{key}")).collect::<Vec<_>>().join(".")
}
