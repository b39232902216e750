//! The commands. One a file: its arguments, whose comments are its help, and what it does.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::diag::Diagnostics;

mod apply;
mod approve;
mod completions;
mod confirm;
mod console;
mod convert;
mod dashes;
mod destroy;
mod docs;
mod environment;
mod examples;
mod fmt;
mod force_unlock;
mod generate;
mod get;
mod graph;
mod help;
mod import;
mod init;
mod interrupt;
mod layout;
mod manual;
mod modules;
mod output;
mod plan;
mod prompt;
mod providers;
mod refresh;
mod rescued;
mod rounds;
pub mod sandbox;
mod saved;
mod schema;
mod scoping;
mod session;
mod show;
mod state;
mod taint;
mod throttling;
mod unneeded;
mod validate;
mod version;
mod welcome;
mod work;
mod workspace;

/// Declarative provisioning for AWS.
///
/// A stack is a folder with a `stack.toml`. `infra plan` shows what would change, `infra apply`
/// changes it, `infra destroy` removes everything again.
#[derive(Parser)]
#[command(name = "infra", version, max_term_width = help::COLUMNS)]
#[command(after_help = "Examples: infra COMMAND --help. Try it without an account: infra sandbox demo")]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Options that every command takes.
#[derive(Args, Debug, Clone)]
pub struct Global {
    /// Work in this folder instead of the current one.
    #[arg(short = 'C', long, global = true, value_name = "DIR")]
    chdir: Option<PathBuf>,
    /// The environment: what Terraform calls a workspace. Without it, the one that TF_WORKSPACE names or
    /// `infra workspace select` has selected, or `default`.
    #[arg(
        long,
        global = true,
        env = "INFRA_ENV",
        default_value = "",
        hide_default_value = true,
        value_name = "NAME"
    )]
    env: String,
    /// What says which environment it is.
    #[arg(skip)]
    env_source: environment::Source,
    /// A setting of the state's backend that stands in no file of the stack: KEY=VALUE, or a file of them.
    #[arg(long, global = true, value_name = "SETTING")]
    backend_config: Vec<String>,
    /// Print without colours.
    #[arg(long, global = true)]
    no_color: bool,
    /// Use the AWS that `infra sandbox up` started on this machine (started now where it is not running).
    #[arg(long, global = true)]
    sandbox: bool,
}

/// Values for variables.
#[derive(Args, Debug, Clone)]
pub struct Inputs {
    /// A variable's value: NAME=VALUE.
    #[arg(long, value_name = "NAME=VALUE")]
    var: Vec<String>,
    /// A file with values of variables (.toml, .json or .tfvars).
    #[arg(long, value_name = "FILE")]
    var_file: Vec<PathBuf>,
    /// Whether to ask for what is missing, where there is a terminal (also: INFRA_INPUT=0, TF_INPUT=0).
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_value_t = true, default_missing_value = "true", action = clap::ArgAction::Set)]
    input: bool,
}

/// How to treat the lock of the state.
#[derive(Args, Debug, Clone)]
pub struct Locking {
    /// Wait this long for a lock that somebody else holds, such as 30s or 5m.
    #[arg(long, value_name = "TIME", default_value = "0s")]
    lock_timeout: String,
    /// Whether to lock the state at all.
    #[arg(long, value_name = "BOOL", default_value_t = true, action = clap::ArgAction::Set)]
    lock: bool,
}

#[derive(Subcommand)]
enum Command {
    Init(init::Command),
    Validate(validate::Command),
    Plan(plan::Command),
    Apply(apply::Command),
    Destroy(destroy::Command),
    Import(import::Command),
    Refresh(refresh::Command),
    Output(output::Command),
    Show(show::Command),
    Console(console::Command),
    Fmt(fmt::Command),
    Convert(convert::Command),
    Graph(graph::Command),
    Docs(docs::Command),
    Schema(schema::Command),
    State(state::Command),
    Taint(taint::Taint),
    Untaint(taint::Untaint),
    ForceUnlock(force_unlock::Command),
    Get(get::Command),
    Modules(modules::Command),
    Providers(providers::Command),
    Sandbox(sandbox::Args),
    Completions(completions::Command),
    #[command(hide = true)]
    Complete(completions::Complete),
    Manual(manual::Command),
    Version(version::Command),
    Workspace(workspace::Command),
}

impl Command {
    /// Whether it does or plans something, so that it had better say in which environment.
    fn acts(&self) -> bool {
        match self {
            Command::Plan(_)
            | Command::Apply(_)
            | Command::Destroy(_)
            | Command::Import(_)
            | Command::Refresh(_)
            | Command::Taint(_)
            | Command::Untaint(_) => true,
            Command::State(it) => it.changes(),
            _ => false,
        }
    }
}

/// Everything a command may fail with: what to tell the user is in the diagnostics.
pub type Outcome = Result<ExitCode, Diagnostics>;

/// The tree of commands: what reads a command line, and what its help is made of.
pub fn tree() -> clap::Command {
    help::dressed(Cli::command())
}

/// The tree without what only its help on the terminal needs.
fn bare() -> clap::Command {
    help::tidied(Cli::command())
}

/// A command line as our parser sees it: with double dashes where Terraform has one, and without the
/// `=true` that Terraform takes.
pub fn spelled(args: Vec<OsString>) -> Vec<OsString> {
    let root = Cli::command();
    dashes::switched(dashes::doubled(args, &root), &dashes::switches(&root))
}

/// Why Terraform's command (`state mv`), or an option of it, is not here, and what is instead.
pub use unneeded::answer as why_not;

/// Runs the program with these arguments.
pub fn run(args: Vec<OsString>) -> anyhow::Result<ExitCode> {
    let args = spelled(args);
    let read = tree().try_get_matches_from_mut(&args);
    let mut cli = match read.and_then(|it| Cli::from_arg_matches(&it)) {
        Ok(it) => it,
        Err(error) => return unneeded::refuse(&error, &args),
    };
    if let Some(dir) = &cli.global.chdir {
        std::env::set_current_dir(dir)
            .map_err(|it| anyhow::anyhow!("cannot enter {}: {it}", dir.display()))?;
    }
    trace();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    if let Err(errors) = environment::settle(&mut cli.global) {
        session::screen(&cli.global).diagnostics(&errors);
        return Ok(ExitCode::FAILURE);
    }
    runtime.block_on(dispatch(cli))
}

async fn dispatch(cli: Cli) -> anyhow::Result<ExitCode> {
    let global = &cli.global;
    if global.sandbox && !matches!(cli.command, Some(Command::Sandbox(_))) {
        session::enter_sandbox().await?;
    }
    let screen = session::screen(global);
    let Some(command) = &cli.command else { return Ok(welcome::run(&screen)) };
    if command.acts()
        && let Ok(Some(text)) = environment::surprise(global)
    {
        screen.remark(text);
    }
    let outcome = match command {
        Command::Init(it) => init::run(it, global, &screen).await,
        Command::Validate(it) => validate::run(it, global, &screen).await,
        Command::Plan(it) => plan::run(it, global, &screen).await,
        Command::Apply(it) => apply::run(it, global, &screen).await,
        Command::Destroy(it) => destroy::run(it, global, &screen).await,
        Command::Import(it) => import::run(it, global, &screen).await,
        Command::Refresh(it) => refresh::run(it, global, &screen).await,
        Command::Output(it) => output::run(it, global, &screen).await,
        Command::Console(it) => console::run(it, global, &screen).await,
        Command::Convert(it) => convert::run(it, &screen),
        Command::Fmt(it) => fmt::run(it, &screen),
        Command::Docs(it) => docs::run(it, &screen),
        Command::Schema(it) => schema::run(it, &screen),
        Command::Graph(it) => graph::run(it, global, &screen).await,
        Command::Show(it) => show::run(it, global, &screen).await,
        Command::State(it) => state::run(it, global, &screen).await,
        Command::Taint(it) => taint::taint(it, global, &screen).await,
        Command::Untaint(it) => taint::untaint(it, global, &screen).await,
        Command::ForceUnlock(it) => force_unlock::run(it, global, &screen).await,
        Command::Get(it) => get::run(it, &screen),
        Command::Modules(it) => modules::run(it, &screen),
        Command::Providers(it) => providers::run(it, global, &screen).await,
        Command::Sandbox(it) => return sandbox::run(it).await,
        Command::Completions(it) => completions::run(it, &screen),
        Command::Complete(it) => completions::complete(it, &screen),
        Command::Manual(it) => manual::run(it, &screen),
        Command::Version(it) => version::run(it, &screen),
        Command::Workspace(it) => workspace::run(it, global, &screen).await,
    };
    Ok(outcome.unwrap_or_else(|errors| {
        screen.diagnostics(&errors);
        ExitCode::FAILURE
    }))
}

/// `INFRA_LOG=debug` tells what happens inside.
fn trace() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("INFRA_LOG");
    if let Ok(filter) = filter {
        let to = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
        // A second start in one process (tests) keeps the first one's.
        drop(to.try_init());
    }
}
