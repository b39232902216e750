use std::process::ExitCode;

use crate::cli::session::Session;
use crate::cli::work::Locked;
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
    let session = Session::open_with(global, &command.inputs, false).await?;
    if !session.encryption()?.state.is_set() {
        let error = Diagnostic::error("the stack says nothing about the encryption of its state");
        let help = "say how in [stack.encryption], with a `state.method`; to decrypt the state for good, that method is \
                    `unencrypted`, with the old one as its `fallback`";
        return Err(error.help(help).into());
    }
    let locked = Locked::take(&session, &command.locking, "Reencrypt", screen).await?;
    let done = stored_anew(&locked).await;
    let told = locked.release(done).await?;
    screen.say(told);
    Ok(ExitCode::SUCCESS)
}

/// The same state once more, written by the first method.
async fn stored_anew(locked: &Locked) -> Result<String, Diagnostics> {
    let backend = locked.backend();
    let found = backend.read().await.map_err(|it| it.diagnostics())?;
    let Some((mut state, stamp)) = found else {
        return Ok("There is no state yet: the first one will be written as the stack says.".to_owned());
    };
    state.serial += 1;
    backend.write(&state, &stamp).await.map_err(|it| it.diagnostics())?;
    let serial = state.serial;
    Ok(match backend.encryption().state.method() {
        Some(method) => format!("The state is encrypted with {method} now (serial {serial})."),
        None => format!("The state is not encrypted any more (serial {serial})."),
    })
}
