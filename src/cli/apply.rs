use std::path::PathBuf;
use std::process::ExitCode;

use super::confirm::Approval;
use super::plan::Options;
use super::rounds::Rounds;
use super::scoping::Scoping;
use super::session::Session;
use super::work::{Locked, Planned, Work};
use super::{Global, Outcome};
use crate::diag::Diagnostic;
use crate::plan::{Plan, PlanMode};
use crate::report::Screen;

/// Make the changes that the stack asks for, after showing them.
///
/// Without PLAN it makes a plan, shows it and asks. What has been made is in the state as soon as AWS has
/// answered; after a failure or Ctrl-C, the next apply goes on from there.
#[derive(clap::Args)]
pub struct Command {
    #[command(flatten)]
    pub options: Options,
    #[command(flatten)]
    approval: Approval,
    /// Where `count` or `for_each` depends on something that is not made yet, make that first, then
    /// plan again: so often at most, each time shown and asked for.
    #[arg(
        long,
        value_name = "N",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "5",
        value_parser = clap::value_parser!(u8).range(1..=50),
        conflicts_with_all = ["target", "target_file", "exclude", "exclude_file", "destroy", "refresh_only", "plan"],
    )]
    pub rounds: Option<u8>,
    /// Destroy everything instead.
    #[arg(long)]
    pub destroy: bool,
    /// A plan that `infra plan --out` wrote: applied as it is, without asking.
    #[arg(value_name = "PLAN")]
    pub plan: Option<PathBuf>,
}

impl Command {
    /// A saved plan is applied as it is: what it is about was said when it was made.
    fn only_the_plan(&self) -> Result<(), Diagnostic> {
        let options = &self.options;
        let given = options.scoping.given().or_else(|| {
            let others = [
                (self.destroy, "--destroy"),
                (options.refresh_only, "--refresh-only"),
                (!options.refresh, "--refresh=false"),
            ];
            others.into_iter().find(|it| it.0).map(|it| it.1)
        });
        match given {
            None => Ok(()),
            Some(name) => {
                let one =
                    Diagnostic::error(format!("a saved plan is applied as it is: {name} comes too late"));
                Err(one.help(format!("give it to the plan: `infra plan {name} … --out FILE`")))
            }
        }
    }
}

pub async fn run(command: &Command, global: &Global, screen: &Screen) -> Outcome {
    let options = &command.options;
    screen.tell_programs(options.json);
    match &command.plan {
        Some(path) => {
            command.only_the_plan()?;
            apply_saved(path, command, global, screen).await
        }
        None => {
            let mode = options.mode(command.destroy)?;
            let rounds = command.rounds.unwrap_or(1);
            plan_and_apply(options, mode, &command.approval, rounds, global, screen).await
        }
    }
}

/// Plans, asks, applies.
pub async fn plan_and_apply(
    options: &Options,
    mode: PlanMode,
    approval: &Approval,
    rounds: u8,
    global: &Global,
    screen: &Screen,
) -> Outcome {
    let inputs = &options.inputs();
    let session = Session::open(global, inputs).await?;
    let mut request = session.request(mode);
    request.refresh = options.refresh;
    options.scoping.set(&mut request)?;
    options.style(screen);
    approval.check(&session.env)?;
    let work = Work::new(&session, screen, options.json).applying();
    work.guard(&request).await?;
    let locked = Locked::take(&session, &options.locking, "Apply", screen).await?;
    let done = async {
        super::rescued::check(&locked, true, screen, options.json).await?;
        let agree = |plan: &Plan| approval.agree(plan, &session, inputs);
        let it = Rounds { work: &work, locked: &locked, options, agree: &agree, screen };
        it.run(&mut request, rounds).await
    };
    let done = done.await;
    locked.release(done).await
}

async fn apply_saved(path: &std::path::Path, command: &Command, global: &Global, screen: &Screen) -> Outcome {
    let options = &command.options;
    let approval = &command.approval;
    let (session, saved) = super::saved::open(path, global, &options.inputs()).await?;
    approval.check(&session.env)?;
    options.style(screen);
    let work = Work::new(&session, screen, options.json);
    let mut request = session.request(saved.plan.mode);
    Scoping::of_plan(&saved.plan, &mut request);
    work.guard(&request).await?;
    let locked = Locked::take(&session, &options.locking, "Apply", screen).await?;
    let done = async {
        super::rescued::check(&locked, true, screen, options.json).await?;
        let planned: Planned = work.resume(saved, &locked).await?;
        if !approval.agree_saved(&planned.plan, &session, &options.inputs())? {
            screen.cancelled();
            return Ok(ExitCode::FAILURE);
        }
        work.apply(planned, &locked, options).await
    };
    let done = done.await;
    locked.release(done).await
}
