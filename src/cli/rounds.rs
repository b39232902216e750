//! Applying in rounds: what a repetition depends on first, until all of the stack can be planned.

use std::process::ExitCode;

use super::Outcome;
use super::plan::Options;
use super::work::{Locked, Work};
use crate::address::Target;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::planner::Request;
use crate::plan::Plan;
use crate::report::Screen;

/// Whether the plan is to be carried out.
type Agree<'a> = &'a dyn Fn(&Plan) -> Result<bool, Diagnostics>;

/// Plans and applies, in at most so many rounds.
pub async fn run(
    work: &Work<'_>,
    request: &mut Request<'_>,
    locked: &Locked,
    options: &Options,
    rounds: u8,
    agree: Agree<'_>,
    screen: &Screen,
) -> Outcome {
    for round in 1..=rounds {
        let errors = match work.plan(request, locked).await {
            Ok(planned) => {
                screen.plan(&planned.plan, options.json);
                if !agree(&planned.plan)? {
                    screen.cancelled();
                    return Ok(ExitCode::FAILURE);
                }
                return work.apply(&planned, locked, options).await;
            }
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
        request.targets = first.iter().cloned().map(Target::Resource).collect();
        if !options.json {
            let names: Vec<String> = first.iter().map(ToString::to_string).collect();
            screen.round(round, &names);
        }
        let planned = work.plan(request, locked).await?;
        if planned.plan.is_empty() {
            return Err(errors);
        }
        screen.plan(&planned.plan, options.json);
        if !agree(&planned.plan)? {
            screen.cancelled();
            return Ok(ExitCode::FAILURE);
        }
        work.apply(&planned, locked, options).await?;
        (request.targets, request.replace) = (Vec::new(), replace);
    }
    Ok(ExitCode::SUCCESS)
}

fn too_many(mut errors: Diagnostics, rounds: u8) -> Diagnostics {
    let one =
        Diagnostic::error(format!("{rounds} rounds are not enough: there is still more to be made first"));
    errors.push(one.help(format!("go on with more: --rounds={}", u16::from(rounds) + 5)));
    errors
}
