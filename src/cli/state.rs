//! The commands about the state, one a file.

use clap::Subcommand;

use super::{Global, Outcome};
use crate::report::Screen;

mod list;
mod mv;
mod pull;
mod push;
mod reencrypt;
mod repair;
mod replace_provider;
mod rm;
mod show;
pub mod store;

/// Look into the state, and change what it says.
#[derive(clap::Args)]
pub struct Command {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    List(list::Command),
    Show(show::Command),
    Mv(mv::Command),
    Rm(rm::Command),
    ReplaceProvider(replace_provider::Command),
    Pull(pull::Command),
    Push(push::Command),
    Repair(repair::Command),
    Reencrypt(reencrypt::Command),
}

impl Command {
    /// Whether it changes the state.
    pub fn changes(&self) -> bool {
        !matches!(self.what, What::List(_) | What::Show(_) | What::Pull(_))
    }
}

pub async fn run(command: &Command, global: &Global, screen: &Screen) -> Outcome {
    match &command.what {
        What::List(it) => list::run(it, global, screen).await,
        What::Show(it) => show::run(it, global, screen).await,
        What::Mv(it) => mv::run(it, global, screen).await,
        What::Rm(it) => rm::run(it, global, screen).await,
        What::ReplaceProvider(it) => replace_provider::run(it, global, screen).await,
        What::Pull(it) => pull::run(it, global, screen).await,
        What::Push(it) => push::run(it, global, screen).await,
        What::Repair(it) => repair::run(it, global, screen).await,
        What::Reencrypt(it) => reencrypt::run(it, global, screen).await,
    }
}
