//! `infra sandbox`: an AWS on this machine.

mod demo;

use std::process::ExitCode;

use clap::Subcommand;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::sandbox::{self, Running};

/// Run an AWS on this machine, to try things without an account.
///
/// It is moto, installed once into a private virtual environment under the cache folder; needs
/// Python 3.10 or later. Everything in it is gone when it goes down.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start it; prints its address.
    Up(Named),
    /// End it, with everything in it.
    Down(Named),
    /// Say whether it is up; exit code 1 where it is not.
    Status(Named),
    /// Print what points other AWS tools at it: `eval "$(infra sandbox env)"`.
    Env(Named),
    /// Show a stack's whole life, from init to destroy, on a sandbox of its own.
    Demo,
}

#[derive(Debug, clap::Args)]
struct Named {
    /// Which of several sandboxes.
    #[arg(long, default_value = "default")]
    name: String,
}

pub async fn run(args: &Args) -> anyhow::Result<ExitCode> {
    match &args.command {
        Command::Up(it) => up(&it.name),
        Command::Down(it) => down(&it.name),
        Command::Status(it) => status(&it.name),
        Command::Env(it) => env(&it.name),
        Command::Demo => demo::run().await,
    }
}

/// The environment for `--sandbox` on any command: starts the default sandbox where none is up.
pub fn environment() -> sandbox::Result<Vec<(String, String)>> {
    Ok(sandbox::environment(&sandbox::up("default", &mut tell)?))
}

/// News go beside the output, not into it.
fn tell(news: &str) {
    eprintln!("{news}");
}

fn up(name: &str) -> anyhow::Result<ExitCode> {
    let running = sandbox::up(name, &mut tell)?;
    println!("{}", described(&running)?);
    println!(
        "Use it with --sandbox on any command; for other tools: eval \"$(infra sandbox env{})\"",
        flag(name)
    );
    Ok(ExitCode::SUCCESS)
}

fn down(name: &str) -> anyhow::Result<ExitCode> {
    match sandbox::down(name)? {
        Some(it) => println!("Sandbox {name} (process {}) is down.", it.pid),
        None => println!("Sandbox {name} is not up."),
    }
    Ok(ExitCode::SUCCESS)
}

fn status(name: &str) -> anyhow::Result<ExitCode> {
    let Some(running) = sandbox::status(name)? else {
        println!("Sandbox {name} is not up.");
        return Ok(ExitCode::FAILURE);
    };
    println!("{}", described(&running)?);
    Ok(ExitCode::SUCCESS)
}

fn env(name: &str) -> anyhow::Result<ExitCode> {
    let Some(running) = sandbox::status(name)? else {
        anyhow::bail!("sandbox {name} is not up: start it with `infra sandbox up{}`", flag(name));
    };
    println!("unset {}", sandbox::UNWANTED.join(" "));
    for (name, value) in sandbox::environment(&running) {
        println!("export {name}={value}");
    }
    Ok(ExitCode::SUCCESS)
}

fn described(it: &Running) -> anyhow::Result<String> {
    let since = OffsetDateTime::from_unix_timestamp(it.since.try_into()?)?.format(&Rfc3339)?;
    Ok(format!("Sandbox {} is up at {} (process {}, since {since}).", it.name, it.url(), it.pid))
}

fn flag(name: &str) -> String {
    if name == "default" { String::new() } else { format!(" --name {name}") }
}
