//! What a state holds and this version cannot manage: resource types that are not built in, and what
//! belongs to providers that are not. It stays as it is, in the state and wherever it lives.

use std::collections::BTreeSet;

use crate::address::{Addr, Mode, ResourceAddr};
use crate::config::{Config, ProviderAddr};
use crate::diag::{Diagnostic, Diagnostics};
use crate::kind;
use crate::plan::{Action, Change};
use crate::state::State;

/// How the addresses of OpenTofu's providers begin, and those of Terraform's.
const OPENTOFU: &str = "provider[\"registry.opentofu.org/hashicorp/";
const TERRAFORM: &str = "provider[\"registry.terraform.io/hashicorp/";

/// Whether nothing can be done with a resource (or data source) of the state but to hold it.
pub fn is_held(state: &State, addr: &ResourceAddr) -> bool {
    let known = match addr.mode {
        Mode::Managed => kind::resource(&addr.kind).is_some(),
        Mode::Data => kind::data(&addr.kind).is_some(),
    };
    !known || state.resources.get(addr).is_some_and(|it| ProviderAddr::from_state(&it.provider).is_err())
}

/// What the state holds and the stack does not have: all of it but what is left out.
fn strangers(state: &State, out: impl Fn(&Addr) -> bool) -> Vec<String> {
    let held = state.managed().filter(|it| is_held(state, &it.0.resource) && !out(&it.0));
    let mut lines: Vec<String> = held.map(|it| format!(" - {}", it.0)).collect();
    lines.dedup();
    lines
}

/// What must not be planned with: refused before anything is asked of AWS.
pub fn check(config: &Config, state: &State, out: impl Fn(&Addr) -> bool) -> Diagnostics {
    let mut errors = Diagnostics::default();
    for (addr, held) in state.resources.iter().filter(|it| it.0.mode == Mode::Managed) {
        if held.instances.keys().all(|it| out(&addr.instance(it.clone()))) {
            continue;
        }
        let Some(resource) = config.resource(addr) else { continue };
        if let Err(why) = ProviderAddr::from_state(&held.provider) {
            let one = Diagnostic::error(format!("the state says of {addr} that {why}"));
            let help =
                "where that provider is a copy of a built-in one, `infra state replace-provider` says so";
            errors.push(one.at(&resource.place).about(addr).help(help));
        }
    }
    for (addr, deposed, object) in state.managed().filter(|it| !out(&it.0)) {
        let Some(kind) = kind::resource(&addr.resource.kind) else { continue };
        let known = kind.schema().version;
        if is_held(state, &addr.resource) || object.schema_version <= known {
            continue;
        }
        let which = deposed.map(|it| format!(" (deposed object {it})")).unwrap_or_default();
        let one = Diagnostic::error(format!("a newer provider has written the state of {addr}{which}"));
        let text = format!(
            "Its attributes are of schema version {}, and this infra knows version {known} of {}: some may \
             mean something else now.",
            object.schema_version,
            kind.name()
        );
        errors.push(one.about(&addr).detail(text).help(
            "use a newer infra, or the tool that wrote it; or leave it out of the plan with `--exclude`",
        ));
    }
    errors
}

/// The warning that names what is held.
pub fn warning(state: &State, out: impl Fn(&Addr) -> bool) -> Option<Diagnostic> {
    let lines = strangers(state, out);
    if lines.is_empty() {
        return None;
    }
    let one = Diagnostic::warning("the state holds objects that this version of infra cannot manage");
    let text = "Their types or providers are not built in. They are not compared with what exists, and stay \
                as they are, in the state too:";
    Some(
        one.detail(format!("{text}\n{}", lines.join("\n")))
            .help("the tool that wrote them goes on managing them; `infra state rm ADDRESS` lets go of one"),
    )
}

/// Why not everything can be destroyed: nothing is, before that is settled.
pub fn refusal(state: &State, out: impl Fn(&Addr) -> bool) -> Option<Diagnostic> {
    let lines = strangers(state, out);
    if lines.is_empty() {
        return None;
    }
    let one = Diagnostic::error("the state holds objects that this version of infra cannot destroy");
    let text = "Their types or providers are not built in:";
    let help = "destroy them with the tool that made them first; or leave them out with `--exclude ADDRESS`, \
                or let go of them with `infra state rm ADDRESS`";
    Some(one.detail(format!("{text}\n{}", lines.join("\n"))).help(help))
}

/// Warns of what is to go although something that is held, and stays, needs it.
pub fn undermined(state: &State, changes: &[Change]) -> Option<Diagnostic> {
    let goes = |it: &&Change| it.action == Action::Delete && it.deposed.is_none();
    let gone: BTreeSet<ResourceAddr> =
        changes.iter().filter(goes).map(|it| it.addr.resource.as_written()).collect();
    let mut lines = Vec::new();
    for (addr, _, object) in state.managed().filter(|it| is_held(state, &it.0.resource)) {
        let lost = object.dependencies.iter().map(ResourceAddr::as_written).filter(|it| gone.contains(it));
        lines.extend(lost.map(|it| format!(" - {it}: {addr} depends on it")));
    }
    if lines.is_empty() {
        return None;
    }
    let one = Diagnostic::warning("this plan destroys what objects need that infra cannot manage and leaves");
    Some(one.detail(lines.join("\n")).help("keep it in the stack until they are gone"))
}

/// Names providers as this state does: where OpenTofu wrote it, its registry goes on standing there.
pub fn as_found(stored: &State, state: &mut State, changes: &mut [Change]) {
    if !stored.resources.values().any(|it| it.provider.contains(OPENTOFU)) {
        return;
    }
    let each = state.resources.values_mut().map(|it| &mut it.provider);
    for name in each.chain(changes.iter_mut().map(|it| &mut it.provider)) {
        *name = name.replace(TERRAFORM, OPENTOFU);
    }
}
