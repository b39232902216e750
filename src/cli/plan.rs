use std::path::PathBuf;
use std::process::ExitCode;

use super::confirm;
use super::layout::Layout;
use super::scoping::Scoping;
use super::session::Session;
use super::work::{Locked, Work};
use super::{Global, Inputs, Locking, Outcome};
use crate::diag::Diagnostic;
use crate::plan::PlanMode;
use crate::report::Screen;

/// Show what an apply would change.
///
/// Nothing is changed, neither at AWS nor in the state. The exit code is 0, or 1 after an error; with
/// --detailed-exitcode it is 2 where something would change.
#[derive(clap::Args)]
pub struct Command {
    #[command(flatten)]
    options: Options,
    /// Write the plan to this file, for `infra apply FILE`.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write the resources that are imported and not written yet to this new file: `NAME.stack.toml`, or
    /// `NAME.tf` for a stack of such files.
    #[arg(long, value_name = "FILE")]
    generate_config_out: Option<PathBuf>,
    /// Plan to destroy everything.
    #[arg(long)]
    destroy: bool,
    /// Exit with 0 where nothing would change, 1 on errors, 2 where something would.
    #[arg(long)]
    detailed_exitcode: bool,
    #[command(flatten)]
    layout: Layout,
}

/// What `plan`, `apply` and `destroy` have in common.
#[derive(clap::Args, Debug, Clone)]
pub struct Options {
    #[command(flatten)]
    pub inputs: Inputs,
    #[command(flatten)]
    pub locking: Locking,
    #[command(flatten)]
    pub scoping: Scoping,
    /// Whether to read the real resources first.
    #[arg(long, value_name = "BOOL", default_value_t = true, action = clap::ArgAction::Set)]
    pub refresh: bool,
    /// Only note in the state what has changed outside.
    #[arg(long)]
    pub refresh_only: bool,
    /// Of warnings show the first line only, unless there are errors.
    #[arg(long)]
    pub compact_warnings: bool,
    /// Say nothing of the refresh.
    #[arg(long)]
    pub concise: bool,
    /// How many operations may run at the same time: 100 where absent, not counting those that only wait.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub parallelism: Option<u16>,
    /// Print JSON, one message a line.
    #[arg(long)]
    pub json: bool,
}

impl Options {
    /// Values of variables; who reads JSON is asked for none.
    pub fn inputs(&self) -> Inputs {
        Inputs { input: self.inputs.input && !self.json, ..self.inputs.clone() }
    }

    /// How much is said.
    pub fn style(&self, screen: &Screen) {
        screen.compact.set(self.compact_warnings);
        screen.concise.set(self.concise);
    }

    /// The mode, unless the options contradict each other.
    pub fn mode(&self, destroy: bool) -> Result<PlanMode, Diagnostic> {
        match (destroy, self.refresh_only) {
            (true, true) => Err(Diagnostic::error("--destroy and --refresh-only exclude each other")),
            (false, true) if !self.refresh => {
                Err(Diagnostic::error("--refresh-only needs the refresh that --refresh=false forbids"))
            }
            (true, false) => Ok(PlanMode::Destroy),
            (false, true) => Ok(PlanMode::RefreshOnly),
            (false, false) => Ok(PlanMode::Normal),
        }
    }
}

pub async fn run(command: &Command, global: &Global, screen: &Screen) -> Outcome {
    let options = &command.options;
    screen.tell_programs(options.json);
    let mode = options.mode(command.destroy)?;
    command.layout.begin(screen);
    let session = match &command.generate_config_out {
        Some(path) => super::generate::open(path, mode, options, global, screen).await?,
        None => Session::open(global, &options.inputs()).await?,
    };
    let mut request = session.request(mode);
    request.refresh = options.refresh;
    options.scoping.set(&mut request)?;
    options.style(screen);
    let work = Work::new(&session, screen, options.json);
    work.guard(&request).await?;
    let locked = Locked::take(&session, &options.locking, "Plan", screen).await?;
    let planned = async {
        super::rescued::check(&locked, false, screen, options.json).await?;
        let planned = work.plan(&request, &locked).await?;
        if let Some(path) = &command.out {
            work.save(&planned, path, &locked).await?;
        }
        Ok(planned)
    };
    let planned = planned.await;
    let planned = locked.release(planned).await?;
    screen.plan(&planned.plan, options.json);
    confirm::announce(&planned.plan, &session, screen, options.json);
    if let Some(path) = &command.out {
        if !options.json {
            screen.saved_plan(path);
        }
    } else if !options.json && planned.plan.applies() {
        screen.unsaved_plan();
    }
    let changes = command.detailed_exitcode && planned.plan.applies();
    Ok(if changes { ExitCode::from(2) } else { ExitCode::SUCCESS })
}
