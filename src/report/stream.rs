//! Placeholder until the machine formats land.
use super::Tally;
use crate::diag::Diagnostics;
use crate::event::Event;
use crate::plan::{Plan, PlanMode};
use crate::state::State;
pub fn diagnostics(_: &Diagnostics) -> Vec<String> { vec![] }
pub fn event(_: &Event) -> Option<String> { None }
pub fn plan(_: &Plan) -> Vec<String> { vec![] }
pub fn applied(_: PlanMode, _: Tally, _: &State) -> Vec<String> { vec![] }
