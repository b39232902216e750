//! Telling of a refusal: what stands in the way, whose it is, and where the stack has it.

use crate::state::Attributes;

use crate::address::Addr;
use crate::aws::Error;
use crate::diag::{Diagnostic, Diagnostics};
use crate::kind::Kind;
use crate::resource::{Blocker, Blockers};

use super::Apply;
use super::patience::Asked;

impl Apply<'_> {
    /// The refusal that an operation ends with.
    pub(super) async fn refused(&self, it: &Asked<'_>, error: Error) -> Diagnostics {
        let one = Diagnostic::error(error.to_string());
        if error.code().is_none() {
            return one.into();
        }
        let found = it.blockers(&error).await;
        let mut lines = Vec::new();
        if it.waited().as_secs() > 0 {
            lines.push(format!("refused again and again for {} s", it.waited().as_secs()));
        }
        if !found.all.is_empty() {
            lines.push("in the way:".to_owned());
            lines.extend(found.all.iter().map(|blocker| self.line(it, blocker)));
        }
        if found.more > 0 {
            lines.push(format!("- and {} more", found.more));
        }
        lines.extend(found.unasked.iter().cloned());
        let help = help(it, &found);
        let one = if lines.is_empty() { one } else { one.detail(lines.join("\n")) };
        one.maybe_help(help).into()
    }

    /// One thing in the way, and where the stack has it.
    fn line(&self, it: &Asked<'_>, blocker: &Blocker) -> String {
        let found: Vec<Addr> =
            self.addresses(&blocker.ids).into_iter().filter(|addr| *addr != it.change.addr).collect();
        let at: Vec<String> = found.iter().map(|it| format!("`{it}`")).collect();
        match at.is_empty() {
            true => format!("- {}", blocker.text()),
            false => format!("- {} ({} of this stack)", blocker.text(), at.join(", ")),
        }
    }

    /// What the state knows by one of these ids.
    fn addresses(&self, ids: &[String]) -> Vec<Addr> {
        let known = |attributes: &Attributes| {
            let [own, arn] = ["id", "arn"].map(|name| attributes.text(name).unwrap_or_default());
            let ends = |id: &str| arn.strip_suffix(id).is_some_and(|it| it.ends_with(':'));
            ids.iter().any(|id| own == *id || arn == *id || ends(id))
        };
        let state = self.state.borrow();
        let found = state.managed().filter(|it| known(&it.2.attributes));
        let mut out: Vec<Addr> = found.map(|it| it.0).collect();
        out.dedup();
        out
    }
}

/// What to do about it.
fn help(it: &Asked<'_>, found: &Blockers) -> Option<String> {
    let own = found.help.clone();
    let longer = it.waited().as_secs() > 0 && has_timeouts(it.kind);
    match (own, found.all.is_empty(), longer) {
        (Some(own), ..) => Some(own),
        (None, false, true) => Some(
            "remove it, or wait until it is gone, and apply again; `timeouts` sets a longer time".to_owned(),
        ),
        (None, false, false) => Some("remove it, or wait until it is gone, and apply again".to_owned()),
        (None, true, true) => Some("apply again later, or set a longer time under `timeouts`".to_owned()),
        (None, true, false) => None,
    }
}

fn has_timeouts(kind: &dyn Kind) -> bool {
    let block = &kind.schema().block;
    block.blocks.contains_key("timeouts") || block.attributes.contains_key("timeouts")
}
