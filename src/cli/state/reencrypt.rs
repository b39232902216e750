use std::process::ExitCode;

use super::store::{Backup, Store};
use crate::cli::session::Session;
use crate::cli::{Global, Inputs, Locking, Outcome};
use crate::diag::{Diagnostic, Diagnostics};
use crate::report::Screen;

/// Store the state anew, encrypted as the stack says now.
///
/// For when encryption was switched on, changed, or switched off.
#[derive(clap::Args)]
pub struct Command {
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    locking: Locking,
}

pub async fn run(command: &Command, global: &Global, screen: &Screen) -> Outcome {
    let session = Session::for_state(global, &command.inputs, true).await?;
    if !session.encryption()?.state.is_set() {
        let error = Diagnostic::error("the stack says nothing about the encryption of its state");
        let help = "say how in [stack.encryption], with a `state.method`; to decrypt the state for good, that \
                    method is `unencrypted`, with the old one as its `fallback`";
        return Err(error.help(help).into());
    }
    let backend = session.backend().await?;
    let store = Store::on(backend, &command.locking, "state-reencrypt", screen).await?;
    let done = stored_anew(&store).await;
    let told = store.release(done).await?;
    screen.say(told);
    Ok(ExitCode::SUCCESS)
}

/// The same state once more, written by the first method. Nothing is lost by it, so the usual backup is
/// enough.
async fn stored_anew(store: &Store) -> Result<String, Diagnostics> {
    if !store.exists {
        return Ok("There is no state yet: the first one will be written as the stack says.".to_owned());
    }
    let serial = store.rewrite(Backup::Usual).await?;
    Ok(match store.backend().encryption().state.method() {
        Some(method) => format!("The state is encrypted with {method} now (serial {serial})."),
        None => format!("The state is not encrypted any more (serial {serial})."),
    })
}
