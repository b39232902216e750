use super::confirm::Approval;
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
    #[command(flatten)]
    approval: Approval,
}

pub async fn run(command: &Command, global: &Global, screen: &Screen) -> Outcome {
    screen.tell_programs(command.options.json);
    if command.options.refresh_only {
        return Err(Diagnostic::error("destroy and --refresh-only exclude each other").into());
    }
    let (options, approval) = (&command.options, &command.approval);
    super::apply::plan_and_apply(options, PlanMode::Destroy, approval, 1, global, screen).await
}
