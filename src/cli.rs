//! The commands. One a file: its arguments, whose comments are its help, and what it does.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory, Parser, Subcommand};

use crate::diag::Diagnostics;

mod apply;
mod approve;
mod confirm;
mod console;
mod convert;
mod dashes;
mod destroy;
mod docs;
mod environment;
mod fmt;
mod force_unlock;
mod generate;
mod graph;
mod import;
mod init;
mod interrupt;
mod layout;
mod output;
mod plan;
mod prompt;
mod refresh;
mod rescued;
mod rounds;
pub mod sandbox;
mod saved;
mod scoping;
mod schema;
mod session;
mod show;
mod state;
mod taint;
mod validate;
mod version;
mod work;
mod workspace;

/// Declarative provisioning for AWS.
///
/// A stack is a folder with a `stack.toml`. `infra plan` shows what would change, `infra apply`
/// changes it, `infra destroy` removes everything again.
#[derive(Parser)]
#[command(name = "infra", version, max_term_width = 100, arg_required_else_help = true)]
#[command(after_help = "Try it without an account: infra sandbox demo")]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
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
    #[arg(long, global = true, value_name = "KEY=VALUE|FILE")]
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
    #[command(hide = true)]
    Providers(schema::Providers),
    State(state::Command),
    Taint(taint::Taint),
    Untaint(taint::Untaint),
    ForceUnlock(force_unlock::Command),
    Sandbox(sandbox::Args),
    Version(version::Command),
    Workspace(workspace::Command),
}

impl Command {
    /// Whether it does or plans something, so that it had better say in which environment.
    fn acts(&self) -> bool {
        matches!(
            self,
            Command::Plan(_)
                | Command::Apply(_)
                | Command::Destroy(_)
                | Command::Taint(_)
                | Command::Untaint(_)
        )
    }
}

/// Everything a command may fail with: what to tell the user is in the diagnostics.
pub type Outcome = Result<ExitCode, Diagnostics>;

/// Runs the program with these arguments.
pub fn run(args: Vec<OsString>) -> anyhow::Result<ExitCode> {
    let args = dashes::switched(dashes::doubled(args, &long_options()), &switches());
    let mut cli = match Cli::try_parse_from(args) {
        Ok(it) => it,
        Err(error) => {
            // Help goes to standard output; a wrong command line is an error like any other, and 2
            // means that a plan has changes.
            let code = if error.use_stderr() { ExitCode::FAILURE } else { ExitCode::SUCCESS };
            error.print()?;
            return Ok(code);
        }
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
    if global.sandbox && !matches!(cli.command, Command::Sandbox(_)) {
        session::enter_sandbox().await?;
    }
    let screen = session::screen(global);
    if cli.command.acts()
        && let Ok(Some(text)) = environment::surprise(global)
    {
        screen.remark(text);
    }
    let outcome = match &cli.command {
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
        Command::Providers(it) => schema::run_providers(it, &screen),
        Command::Graph(it) => graph::run(it, global, &screen).await,
        Command::Show(it) => show::run(it, global, &screen).await,
        Command::State(it) => state::run(it, global, &screen).await,
        Command::Taint(it) => taint::taint(it, global, &screen).await,
        Command::Untaint(it) => taint::untaint(it, global, &screen).await,
        Command::ForceUnlock(it) => force_unlock::run(it, global, &screen).await,
        Command::Sandbox(it) => return sandbox::run(it).await,
        Command::Version(it) => version::run(it, &screen),
        Command::Workspace(it) => workspace::run(it, global, &screen).await,
    };
    Ok(outcome.unwrap_or_else(|errors| {
        screen.diagnostics(&errors);
        ExitCode::FAILURE
    }))
}

/// Every `--name` of every command.
fn long_options() -> Vec<String> {
    fn walk(command: &clap::Command, out: &mut Vec<String>) {
        out.extend(command.get_arguments().filter_map(|it| it.get_long()).map(str::to_owned));
        command.get_subcommands().for_each(|it| walk(it, out));
    }
    let mut out = vec!["help".to_owned(), "version".to_owned()];
    walk(&Cli::command(), &mut out);
    out
}

/// The options that are given or not, and take no value in any command.
fn switches() -> Vec<String> {
    fn walk(command: &clap::Command, on: &mut Vec<String>, valued: &mut Vec<String>) {
        for it in command.get_arguments() {
            let Some(name) = it.get_long() else { continue };
            let to = if it.get_action().takes_values() { &mut *valued } else { &mut *on };
            to.push(name.to_owned());
        }
        command.get_subcommands().for_each(|it| walk(it, on, valued));
    }
    let (mut on, mut valued) = (Vec::new(), Vec::new());
    walk(&Cli::command(), &mut on, &mut valued);
    on.retain(|it| !valued.contains(it));
    on
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
