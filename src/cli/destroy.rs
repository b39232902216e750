use super::apply::Approval;
use super::plan::Options;
use super::{Global, Outcome};
use crate::diag::Diagnostic;
use crate::plan::PlanMode;
use crate::report::Screen;

/// Remove everything that the stack has made, after asking.
#[derive(clap::Args)]
pub struct Command {
    #[command(flatten)]
    options: Options,
    /// Do not ask.
    #[arg(long)]
    auto_approve: bool,
}

pub async fn run(command: &Command, global: &Global, screen: &Screen) -> Outcome {
    if command.options.refresh_only {
        return Err(Diagnostic::error("destroy and --refresh-only exclude each other").into());
    }
    let approval = Approval { auto: command.auto_approve, rounds: 1 };
    super::apply::plan_and_apply(&command.options, PlanMode::Destroy, approval, global, screen).await
}
