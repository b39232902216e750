//! Moves, as far as the plan has to do with them.

use crate::config::Config;
use crate::diag::Diagnostics;
use crate::kind;
use crate::lang::Value;
use crate::plan::moves::{self, Moved, check};
use crate::plan::{Action, Change, sensitive};
use crate::state::State;

use super::Request;

/// Brings the stored state's addresses to where the configuration has them now.
pub fn moved(request: &Request<'_>, stored: &mut State) -> Result<Moved, Diagnostics> {
    let errors = check::all(request.config);
    errors.check(())?;
    let moved = moves::apply(request.config, stored)?;
    match check::excluded(&moved, &request.targets, &request.excludes) {
        Some(one) => Err(one.into()),
        None => Ok(moved),
    }
}

/// Instances that have moved away, and that the plan is about to have all the same.
pub fn still_there(config: &Config, changes: &[Change]) -> Diagnostics {
    let stays = |it: &&Change| !matches!(it.action, Action::Delete | Action::Forget);
    check::instances(config, changes.iter().filter(stays).map(|it| &it.addr))
}

/// What has moved is among what a refresh tells of.
pub fn drift(drift: &mut Vec<Change>, moved: &Moved, fresh: &State) {
    for (to, from) in &moved.from {
        if let Some(it) = drift.iter_mut().find(|it| it.addr == *to) {
            it.moved_from = Some(from.clone());
        } else if let Some(object) = fresh.object(to) {
            let block = kind::resource(&to.resource.kind).map(|it| &it.schema().block);
            let value = match block {
                Some(block) => sensitive::of(object, block),
                None => Value::from_json_implied(&object.attributes.json())
                    .unwrap_or_else(|_| Value::null(crate::lang::Type::Any)),
            };
            let provider = fresh.resources.get(&to.resource).map(|it| it.provider.clone());
            drift.push(Change {
                addr: to.clone(),
                moved_from: Some(from.clone()),
                importing: None,
                deposed: None,
                provider: provider.unwrap_or_default(),
                action: Action::NoOp,
                reason: None,
                before: value.clone(),
                after: value,
                replace_paths: Vec::new(),
                dependencies: Vec::new(),
                create_before_destroy: false,
            });
        }
    }
    drift.sort_by(|a, b| a.addr.cmp(&b.addr));
}
