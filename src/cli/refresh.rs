use super::confirm::Approval;
use super::plan::Options;
use super::{Global, Outcome};
use crate::diag::Diagnostic;
use crate::plan::PlanMode;
use crate::report::Screen;

/// Note in the state what has changed outside, without asking.
///
/// It is `infra apply --refresh-only --auto-approve`. What is gone at AWS leaves the state at once. `infra apply --refresh-only` shows that first, and asks.
#[derive(clap::Args)]
pub struct Command {
    #[command(flatten)]
    options: Options,
    #[command(flatten)]
    approval: Approval,
}

pub async fn run(command: &Command, global: &Global, screen: &Screen) -> Outcome {
    let options = &command.options;
    if !options.refresh {
        let one = Diagnostic::error("a refresh cannot go with --refresh=false");
        return Err(one.into());
    }
    let approval = Approval { auto_approve: true, ..command.approval.clone() };
    super::apply::plan_and_apply(options, PlanMode::RefreshOnly, &approval, 1, global, screen).await
}
