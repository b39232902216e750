//! Asking before anything is changed.

use std::io::{ErrorKind, IsTerminal};

use super::{Inputs, interrupt, prompt};
use crate::diag::{Diagnostic, Diagnostics};

/// Whether the user types `yes`. Without a terminal nobody can: that is an error which says so.
pub fn approved(inputs: &Inputs, question: &str, what_else: &str) -> Result<bool, Diagnostics> {
    if !prompt::allowed(inputs) {
        let why = match std::io::stdin().is_terminal() {
            true => "nothing may be asked",
            false => "there is no terminal to give it on",
        };
        let one = Diagnostic::error(format!("this needs a yes, and {why}: {question}"));
        return Err(one.help(what_else).into());
    }
    Ok(typed(&format!("{question} Only `yes` will be accepted"))? == "yes")
}

/// What the user types.
pub fn typed(question: &str) -> Result<String, Diagnostics> {
    let answer: String =
        dialoguer::Input::new().with_prompt(question).allow_empty(true).interact_text().map_err(
            |dialoguer::Error::IO(it)| match it.kind() {
                ErrorKind::Interrupted => interrupt::before_anything(),
                _ => Diagnostic::error(format!("cannot read the answer: {it}")).into(),
            },
        )?;
    Ok(answer.trim().to_owned())
}
