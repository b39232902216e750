use std::path::PathBuf;

use super::approve::approved;
use super::plan::Options;
use super::rounds::Rounds;
use super::session::{Session, addresses};
use super::work::{Locked, Planned, Work};
use super::{Global, Inputs, Outcome};
use crate::address;
use crate::diag::Diagnostics;
use crate::plan::{Plan, PlanMode};
use crate::report::Screen;

/// Make the changes that the stack asks for, after showing them.
#[derive(clap::Args)]
pub struct Command {
    #[command(flatten)]
    pub options: Options,
    /// Do not ask.
    #[arg(long)]
    pub auto_approve: bool,
    /// Where `count` or `for_each` depends on something that is not made yet, make that first, then
    /// plan again: so often at most, each time shown and asked for.
    #[arg(
        long,
        value_name = "N",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "5",
        value_parser = clap::value_parser!(u8).range(1..=50),
        conflicts_with_all = ["target", "destroy", "refresh_only", "plan"],
    )]
    pub rounds: Option<u8>,
    /// Destroy everything instead.
    #[arg(long)]
    pub destroy: bool,
    /// A plan that `infra plan --out` wrote: applied as it is, without asking.
    #[arg(value_name = "PLAN")]
    pub plan: Option<PathBuf>,
}

pub async fn run(command: &Command, global: &Global, screen: &Screen) -> Outcome {
    let options = &command.options;
    match &command.plan {
        Some(path) => apply_saved(path, options, global, screen).await,
        None => {
            let mode = options.mode(command.destroy)?;
            let approval = Approval { auto: command.auto_approve, rounds: command.rounds.unwrap_or(1) };
            plan_and_apply(options, mode, approval, global, screen).await
        }
    }
}

/// How an apply goes about it.
pub struct Approval {
    /// Nobody is asked.
    pub auto: bool,
    /// In how many steps it may be done.
    pub rounds: u8,
}

/// Plans, asks, applies.
pub async fn plan_and_apply(
    options: &Options,
    mode: PlanMode,
    approval: Approval,
    global: &Global,
    screen: &Screen,
) -> Outcome {
    let inputs = &options.inputs();
    let session = Session::open(global, inputs).await?;
    let mut request = session.request(mode);
    request.refresh = options.refresh;
    request.targets = addresses(&options.target, address::parse)?;
    request.replace = addresses(&options.replace, address::parse_instance)?;
    let work = Work::new(&session, screen, options.json);
    let locked = Locked::take(&session, &options.locking, "Apply", screen).await?;
    let done = async {
        super::rescued::check(&locked, true, screen, options.json).await?;
        let agree = |plan: &Plan| Ok(plan.is_empty() || approval.auto || ask(inputs, mode, &session.env)?);
        let it = Rounds { work: &work, locked: &locked, options, agree: &agree, screen };
        it.run(&mut request, approval.rounds).await
    };
    let done = done.await;
    locked.release(done).await
}

fn ask(inputs: &Inputs, mode: PlanMode, env: &str) -> Result<bool, Diagnostics> {
    let question = match mode {
        PlanMode::Destroy => format!("Destroy all of this in environment `{env}`?"),
        PlanMode::RefreshOnly => format!("Write this to the state of environment `{env}`?"),
        PlanMode::Normal => format!("Apply this to environment `{env}`?"),
    };
    approved(
        inputs,
        &question,
        "pass --auto-approve, or save a plan with `infra plan --out FILE` and apply that",
    )
}

async fn apply_saved(path: &std::path::Path, options: &Options, global: &Global, screen: &Screen) -> Outcome {
    let (session, saved) = super::saved::open(path, global, &options.inputs()).await?;
    let work = Work::new(&session, screen, options.json);
    let locked = Locked::take(&session, &options.locking, "Apply", screen).await?;
    let done = async {
        super::rescued::check(&locked, true, screen, options.json).await?;
        let planned: Planned = work.resume(saved, &locked).await?;
        work.apply(&planned, &locked, options).await
    };
    let done = done.await;
    locked.release(done).await
}
