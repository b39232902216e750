//! Applying in rounds: what a repetition depends on first, until all of the stack can be planned.

use std::process::ExitCode;

use super::Outcome;
use super::plan::Options;
use super::work::{Locked, Planned, Work};
use crate::address::{ResourceAddr, Target};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::planner::Request;
use crate::plan::Plan;
use crate::report::Screen;

/// Whether the plan is to be carried out.
type Agree<'a> = &'a dyn Fn(&Plan) -> Result<bool, Diagnostics>;

/// What every round needs.
pub struct Rounds<'a> {
    pub work: &'a Work<'a>,
    pub locked: &'a Locked,
    pub options: &'a Options,
    pub agree: Agree<'a>,
    pub screen: &'a Screen,
}

impl Rounds<'_> {
    /// Plans and applies, in at most so many rounds.
    pub async fn run(&self, request: &mut Request<'_>, rounds: u8) -> Outcome {
        for round in 1..=rounds {
            let errors = match self.work.plan(request, self.locked).await {
                Ok(planned) => return Ok(self.carry_out(planned).await?.unwrap_or(ExitCode::SUCCESS)),
                Err(errors) => errors,
            };
            let first = request.first.take();
            if first.is_empty() || rounds == 1 {
                return Err(errors);
            }
            if round == rounds {
                return Err(too_many(errors, rounds));
            }
            // What is to be replaced is replaced once: with all the rest.
            let replace = std::mem::take(&mut request.replace);
            let targets = first.iter().cloned().map(Target::Resource);
            request.targets = targets.map(|it| (&it).into()).collect();
            self.announce(round, &first);
            let mut planned = self.work.plan(request, self.locked).await?;
            // The rest comes in the next round: there is nothing to warn of.
            planned.plan.targets.clear();
            planned.plan.left_out.clear();
            if planned.plan.is_empty() {
                return Err(errors);
            }
            if let Some(end) = self.carry_out(planned).await? {
                return Ok(end);
            }
            (request.targets, request.replace) = (Vec::new(), replace);
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Shows a plan, asks, applies; gives how it ends where nobody wants it.
    async fn carry_out(&self, planned: Planned) -> Result<Option<ExitCode>, Diagnostics> {
        self.screen.plan(&planned.plan, self.options.json);
        if !(self.agree)(&planned.plan)? {
            self.screen.cancelled();
            return Ok(Some(ExitCode::FAILURE));
        }
        self.work.apply(planned, self.locked, self.options).await.map(|_| None)
    }

    fn announce(&self, round: u8, first: &[ResourceAddr]) {
        if !self.options.json {
            let names: Vec<String> = first.iter().map(ToString::to_string).collect();
            self.screen.round(round, &names);
        }
    }
}

fn too_many(mut errors: Diagnostics, rounds: u8) -> Diagnostics {
    let one =
        Diagnostic::error(format!("{rounds} rounds are not enough: there is still more to be made first"));
    errors.push(one.help(format!("go on with more: --rounds={}", u16::from(rounds) + 5)));
    errors
}
