use std::process::ExitCode;

use super::session::Session;
use super::{Global, Inputs, Outcome};
use crate::diag::{Diagnostic, did_you_mean};
use crate::report::Screen;

/// Print the outputs that the state holds: all of them, or one.
///
/// They are as the last apply left them; AWS is not asked.
#[derive(clap::Args)]
pub struct Command {
    /// The output to print.
    name: Option<String>,
    /// Print JSON.
    #[arg(long, conflicts_with = "raw")]
    json: bool,
    /// Print a text, number or bool as it is, without quotation marks.
    #[arg(long, requires = "name")]
    raw: bool,
    #[command(flatten)]
    inputs: Inputs,
}

pub async fn run(command: &Command, global: &Global, screen: &Screen) -> Outcome {
    let session = Session::open_with(global, &command.inputs, false).await?;
    let state = session.stored().await?;
    let Some(name) = &command.name else {
        if command.json {
            screen.outputs_json(&state);
        } else {
            screen.outputs(&state);
        }
        return Ok(ExitCode::SUCCESS);
    };
    let Some(output) = state.outputs.get(name) else {
        let near = did_you_mean(name, state.outputs.keys().map(String::as_str));
        let one = Diagnostic::error(format!("the state has no output `{name}`")).maybe_help(near);
        return Err(one.into());
    };
    match (command.json, command.raw) {
        (true, _) => screen.raw_line(&output.value.to_string()),
        (_, true) => screen.output_raw(name, output)?,
        _ => screen.output(output),
    }
    Ok(ExitCode::SUCCESS)
}
