//! `removed` blocks: what becomes of what the stack has no more.

use crate::address::{Addr, Target};
use crate::config::{Config, Removed};
use crate::diag::Diagnostic;
use crate::plan::{Action, Change, Reason};

/// The block that speaks of this instance: the one that names the least with it.
pub fn of<'c>(root: &'c Config, addr: &Addr) -> Option<&'c Removed> {
    let written = addr.resource.as_written();
    let mut best: Option<(usize, &Removed)> = None;
    for config in root.all() {
        for it in &config.removed {
            let depth = config.path.len();
            let rest = match written.module.strip_prefix(config.path.as_slice()) {
                Some(rest) => rest,
                None => continue,
            };
            let weight = match &it.from.0 {
                Target::Module(path) if rest.starts_with(path) => depth + path.len(),
                Target::Resource(it) => {
                    let same = (it.mode, &it.kind, &it.name) == (written.mode, &written.kind, &written.name);
                    if !same || it.module != rest {
                        continue;
                    }
                    usize::MAX
                }
                _ => continue,
            };
            if best.is_none_or(|(known, _)| weight >= known) {
                best = Some((weight, it));
            }
        }
    }
    best.map(|it| it.1)
}

/// A deletion becomes what its block says.
pub fn settle(root: &Config, change: &mut Change) {
    if of(root, &change.addr).is_some_and(|it| !it.destroy) {
        change.action = Action::Forget;
        // As Terraform says it, whatever holds the block.
        change.reason = change.reason.map(|_| Reason::DeleteBecauseNoResourceConfig);
    }
}

/// The warning that names what is let go of.
pub fn warning(changes: &[Change]) -> Option<Diagnostic> {
    let gone = changes.iter().filter(|it| it.action == Action::Forget);
    let lines: Vec<String> = gone.map(|it| format!(" - {}", it.addr)).collect();
    if lines.is_empty() {
        return None;
    }
    let one = Diagnostic::warning("some objects will no longer be managed by infra");
    let text = "An apply of this plan drops them from the state, and does not delete them:";
    let one = one.detail(format!("{text}\n{}", lines.join("\n")));
    Some(one.help("to manage them again, import them"))
}
