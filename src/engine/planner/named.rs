//! Whether what `--target`, `--exclude` and `--replace` name is there at all.

use std::collections::BTreeSet;

use super::{Planner, Request};
use crate::address::{Addr, ModulePath, ResourceAddr, Target};
use crate::diag::{Diagnostic, Diagnostics, did_you_mean};
use crate::plan::PlanMode;
use crate::plan::globs::Pattern;
use crate::state::State;

/// How many addresses an error lists.
const SHOWN: usize = 5;

/// What the request names and neither the stack nor its state has, each with what may be meant.
pub(super) fn unknown(request: &Request<'_>, states: [&State; 2]) -> Diagnostics {
    let known = known(request, states);
    let mut errors = Diagnostics::default();
    for (option, patterns) in [("--target", &request.targets), ("--exclude", &request.excludes)] {
        let lost = patterns.iter().filter(|it| !is_there(it, request, &known));
        errors.extend(lost.map(|it| nothing(option, &it.to_string(), it.kind(), request, &known)));
    }
    if request.mode == PlanMode::Normal {
        let lost = request.replace.iter().filter(|it| !known.contains(&it.resource.as_written()));
        errors.extend(
            lost.map(|it| nothing("--replace", &it.to_string(), Some(&it.resource.kind), request, &known)),
        );
    }
    errors
}

/// Without keys.
fn known(request: &Request<'_>, states: [&State; 2]) -> BTreeSet<ResourceAddr> {
    let written = request.config.every().map(|it| &it.addr);
    let held = states.into_iter().flat_map(|it| it.resources.keys());
    written.chain(held).map(ResourceAddr::as_written).collect()
}

fn is_there(pattern: &Pattern, request: &Request<'_>, known: &BTreeSet<ResourceAddr>) -> bool {
    let module = |it: &ModulePath| !it.is_empty() && pattern.covers_module(it);
    known.iter().any(|it| pattern.names(it)) || request.config.all().iter().any(|it| module(&it.path))
}

fn nothing(
    option: &str,
    text: &str,
    kind: Option<&str>,
    request: &Request<'_>,
    known: &BTreeSet<ResourceAddr>,
) -> Diagnostic {
    let one =
        Diagnostic::error(format!("{option} names `{text}`, and neither the stack nor its state has that"));
    let mut all: Vec<String> = known.iter().map(ToString::to_string).collect();
    all.extend(known.iter().map(|it| format!("{}.*", it.kind)));
    let modules = request.config.all().into_iter().filter(|it| !it.path.is_empty());
    all.extend(modules.map(|it| Target::Module(it.path.clone()).to_string()));
    let same: Vec<String> =
        known.iter().filter(|it| Some(&*it.kind) == kind).map(ToString::to_string).collect();
    let near = did_you_mean(text, all.iter().map(String::as_str));
    let help = match (near, same.is_empty()) {
        (Some(near), _) => near,
        (None, false) => listed(&same),
        (None, true) => "`infra state list` shows what the state has".to_owned(),
    };
    one.help(help)
}

/// That they are there: some of them, and how many more.
fn listed(all: &[String]) -> String {
    let shown: Vec<String> = all.iter().take(SHOWN).map(|it| format!("`{it}`")).collect();
    let be = if all.len() == 1 { "is" } else { "are" };
    match all.len() - shown.len() {
        0 => format!("there {be} {}", shown.join(", ")),
        more => format!("there {be} {} and {more} more", shown.join(", ")),
    }
}

impl Planner<'_> {
    /// What names single instances has to name some that are there, or will be; what is to be replaced
    /// has to be in the plan.
    pub(super) fn unmatched(&self) -> Diagnostics {
        let mut errors = Diagnostics::default();
        let instances = self.instances_known();
        for (option, patterns) in [("--target", &self.request.targets), ("--exclude", &self.request.excludes)]
        {
            for it in patterns.iter().filter(|it| it.is_keyed()) {
                errors.extend(self.keyed(option, it, &instances));
            }
        }
        if self.request.mode == PlanMode::Normal {
            errors.extend(self.request.replace.iter().filter_map(|it| self.replaced(it, &instances)));
        }
        errors
    }

    fn instances_known(&self) -> BTreeSet<Addr> {
        let held = self.state.resources.iter();
        let held = held.flat_map(|(addr, it)| it.instances.keys().map(|key| addr.instance(key.clone())));
        let planned = self.changes.iter().map(|it| it.addr.clone());
        held.chain(planned).chain(self.asked.iter().cloned()).chain(self.spared.iter().cloned()).collect()
    }

    fn keyed(&self, option: &str, pattern: &Pattern, instances: &BTreeSet<Addr>) -> Option<Diagnostic> {
        // Of what is left out as a whole it is not known which instances there are.
        if instances.iter().any(|it| pattern.covers(it)) || self.left.iter().any(|it| pattern.names(it)) {
            return None;
        }
        let near = instances.iter().filter(|it| pattern.names(&it.resource.as_written()));
        let near: Vec<String> = near.map(ToString::to_string).collect();
        // Where it is not known how many there will be, it may be one of them.
        if near.is_empty() {
            return None;
        }
        let one = Diagnostic::error(format!("{option} names `{pattern}`, and there is no such instance"));
        Some(one.help(listed(&near)))
    }

    fn replaced(&self, addr: &Addr, instances: &BTreeSet<Addr>) -> Option<Diagnostic> {
        if self.skips(addr) {
            let out = if self.request.targets.is_empty() { "--exclude leaves" } else { "--target leaves" };
            let one = Diagnostic::error(format!("--replace names `{addr}`, which {out} out of the plan"));
            return Some(one.help("take one of the two options out"));
        }
        if instances.contains(addr) {
            return None;
        }
        let near = instances.iter().filter(|it| it.resource == addr.resource);
        let near: Vec<String> = near.map(ToString::to_string).collect();
        let one = Diagnostic::error(format!("--replace names `{addr}`, and there is no such instance"));
        let each: Vec<String> = near.iter().take(SHOWN).map(|it| format!("--replace '{it}'")).collect();
        Some(match each.is_empty() {
            true => one.help("`infra state list` shows what the state has"),
            false => one.help(format!("name the instances that are to be replaced: {}", each.join(" "))),
        })
    }
}
