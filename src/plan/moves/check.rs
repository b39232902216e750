//! What is wrong with the moves that a stack states.

use std::collections::{BTreeMap, BTreeSet};

use super::Moved;
use super::statement::{self, Statement, Subject};
use crate::address::{Addr, Key, ModulePath, ResourceAddr};
use crate::config::{Config, Repeat};
use crate::diag::{Diagnostic, Diagnostics, Place};
use crate::plan::globs::Pattern;

/// Everything that can be told without knowing which instances there are.
pub fn all(config: &Config) -> Diagnostics {
    let mut errors = Diagnostics::default();
    let stated = statement::explicit(config);
    let mut from: BTreeMap<String, &Statement> = BTreeMap::new();
    let mut to: BTreeMap<String, &Statement> = BTreeMap::new();
    for it in &stated {
        let Some(place) = it.stated.map(|it| it.place) else { continue };
        if it.from == it.to {
            let one = Diagnostic::error(format!("`{}` is said to move to itself", it.from)).at(place);
            errors.push(one.help("take this `moved` block out"));
            continue;
        }
        still_declared(config, it, &mut errors);
        if let Some(other) = from.insert(shown(it, &it.from), it) {
            errors.push(twice(other, it, place, "moves to two places"));
        }
        if let Some(other) = to.insert(shown(it, &it.to), it) {
            errors.push(twice(other, it, place, "is where two things move to"));
        }
    }
    let (_, rings) = statement::ordered(&stated);
    errors.extend(rings.iter().map(|ring| round(&stated, ring)));
    errors
}

fn shown(it: &Statement<'_>, subject: &Subject) -> String {
    let within: String = it.within.iter().map(|it| format!("module.{}.", it.0)).collect();
    // A whole resource and its only instance are written alike, and are not the same.
    let what = matches!(subject, Subject::Instance(_) | Subject::Module(_));
    format!("{within}{subject}{}", if what { "" } else { "[*]" })
}

/// What it says, from the root.
fn line(it: &Statement<'_>) -> String {
    let end = |subject| shown(it, subject).trim_end_matches("[*]").to_owned();
    format!("{} to {}", end(&it.from), end(&it.to))
}

fn twice(first: &Statement<'_>, second: &Statement<'_>, place: &Place, what: &str) -> Diagnostic {
    let about =
        if shown(first, &first.from) == shown(second, &second.from) { &second.from } else { &second.to };
    let about = shown(second, about).trim_end_matches("[*]").to_owned();
    let one = Diagnostic::error(format!("`{about}` {what}")).at(place).label("the second one");
    let spot = first.stated.map(|it| spot(it.place)).unwrap_or_default();
    one.detail(format!("The first one, {spot}: {}", line(first)))
}

fn spot(place: &Place) -> String {
    let (line, column) = place.line_column();
    format!("{}:{line}:{column}", place.file.path.display())
}

fn round(all: &[Statement<'_>], ring: &[usize]) -> Diagnostic {
    let each = ring.iter().filter_map(|at| all.get(*at));
    let lines: Vec<String> = each
        .clone()
        .map(|it| {
            let spot = it.stated.map(|it| spot(it.place)).unwrap_or_default();
            format!("{spot}: {}", line(it))
        })
        .collect();
    let one = Diagnostic::error("these moves go round in a ring, so nothing can arrive");
    let one = one.detail(lines.join("\n")).help("the last address of a chain must not be moved again");
    match each.filter_map(|it| it.stated).next() {
        Some(it) => one.at(it.place),
        None => one,
    }
}

/// What has moved away as a whole may not be declared any more.
fn still_declared(root: &Config, it: &Statement<'_>, errors: &mut Diagnostics) {
    let Some(stated) = it.stated else { return };
    let Some(module) = root.module(&it.within) else { return };
    let (noun, place) = match &it.from {
        Subject::Call(path) => ("module call", call(module, path).map(|it| it.0)),
        // A module without a key at an address with one, or the other way round: nothing is declared there.
        Subject::Module(path) => {
            let key = path.last().map(|it| &it.1);
            let found =
                call(module, path).filter(|it| key == Some(&Key::None) && matches!(it.1, Repeat::Once));
            ("module", found.map(|it| it.0))
        }
        Subject::Resource(addr) => ("resource", declared(root, it, addr).map(|it| &it.place)),
        Subject::Instance(addr) => {
            let found = declared(root, it, &addr.resource);
            let found = found.filter(|it| addr.key == Key::None && matches!(it.repeat, Repeat::Once));
            ("resource", found.map(|it| &it.place))
        }
    };
    if let Some(place) = place {
        errors.push(still(it, noun, stated.place, place));
    }
}

fn still(it: &Statement<'_>, noun: &str, stated: &Place, declared: &Place) -> Diagnostic {
    let text = format!("`{}` is said to have moved to `{}`, and is still declared", it.from, it.to);
    let one =
        Diagnostic::error(text).at(stated).detail(format!("This {noun} is declared at {}", spot(declared)));
    one.help(format!("rename what is declared there to `{}`, or take this `moved` block out", it.to))
}

fn call<'c>(module: &'c Config, path: &ModulePath) -> Option<(&'c Place, &'c Repeat)> {
    let ((name, _), above) = path.split_last()?;
    let it = module.module(above)?.modules.get(&**name)?;
    Some((&it.place, &it.repeat))
}

fn declared<'c>(
    root: &'c Config,
    it: &Statement<'_>,
    addr: &ResourceAddr,
) -> Option<&'c crate::config::Resource> {
    let path = it.within.iter().chain(&addr.module).cloned().collect();
    root.resource(&addr.clone().within(&path))
}

/// Instances that a statement has moved away and that are still wanted. `planned` is every instance
/// that the plan is about to have.
pub fn instances<'a>(config: &Config, planned: impl Iterator<Item = &'a Addr> + Clone) -> Diagnostics {
    let mut errors = Diagnostics::default();
    for it in statement::explicit(config) {
        let Some(stated) = it.stated.filter(|_| it.from != it.to) else { continue };
        let hit = match &it.from {
            Subject::Instance(_) => planned.clone().find(|addr| it.instance_to(addr).is_some()),
            Subject::Module(_) => planned.clone().find(|addr| it.module_to(&addr.resource.module).is_some()),
            Subject::Call(_) | Subject::Resource(_) => None,
        };
        let place = hit.and_then(|addr| config.resource(&addr.resource)).map(|it| &it.place);
        if let (Some(addr), Some(place)) = (hit, place) {
            let own = matches!(it.from, Subject::Instance(_)) && addr.key != Key::None;
            let inner = matches!(it.from, Subject::Module(_));
            if own || inner {
                errors.push(still(
                    &it,
                    if inner { "module instance" } else { "instance" },
                    stated.place,
                    place,
                ));
            }
        }
    }
    errors
}

/// The warning for what could not move.
pub fn unresolved(moved: &Moved) -> Option<Diagnostic> {
    if moved.blocked.is_empty() {
        return None;
    }
    let lines: Vec<String> =
        moved.blocked.iter().map(|(from, to)| format!("  - {from} could not move to {to}")).collect();
    let one =
        Diagnostic::warning("some moves found something at their new address already, and were not made");
    let one = one.detail(format!("{}\n\nThese objects are planned to be destroyed.", lines.join("\n")));
    Some(one.help("if that is not meant, settle it with `infra state` commands first, and plan again"))
}

/// A plan that leaves out a part of what has moved would tear the state apart.
pub fn excluded(moved: &Moved, targets: &[Pattern], excludes: &[Pattern]) -> Option<Diagnostic> {
    let both = || moved.from.iter().flat_map(|(to, from)| [from, to]);
    let meant = |addr: &Addr, by: &[Pattern]| by.iter().any(|it| it.covers(addr));
    if targets.is_empty() {
        return kept(both().filter(|it| meant(it, excludes)));
    }
    let missing: BTreeSet<String> =
        both().filter(|it| !meant(it, targets)).map(ToString::to_string).collect();
    if missing.is_empty() {
        return None;
    }
    let lines: Vec<String> = missing.iter().map(|it| format!("  --target '{it}'")).collect();
    let one = Diagnostic::error("--target leaves out instances that have moved to other addresses");
    Some(
        one.detail(format!("The plan has to include all of them:\n{}", lines.join("\n")))
            .help("leave --target out, or add these"),
    )
}

fn kept<'a>(left: impl Iterator<Item = &'a Addr>) -> Option<Diagnostic> {
    let lines: BTreeSet<String> = left.map(|it| format!("  {it}")).collect();
    if lines.is_empty() {
        return None;
    }
    let lines: Vec<String> = lines.into_iter().collect();
    let one = Diagnostic::error("--exclude leaves out instances that have moved to other addresses");
    Some(
        one.detail(format!("The plan has to include all of them:\n{}", lines.join("\n")))
            .help("leave these out of --exclude"),
    )
}
