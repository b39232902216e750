//! Asking before anything is changed.

use std::io::{ErrorKind, IsTerminal};

use super::interrupt;
use crate::diag::{Diagnostic, Diagnostics};

/// Whether the user types `yes`. Without a terminal nobody can: that is an error which says so.
pub fn approved(question: &str, what_else: &str) -> Result<bool, Diagnostics> {
    if !std::io::stdin().is_terminal() {
        let one = Diagnostic::error(format!(
            "this needs a yes, and there is no terminal to give it on: {question}"
        ));
        return Err(one.help(what_else).into());
    }
    let answer: String = dialoguer::Input::new()
        .with_prompt(format!("{question} Only `yes` will be accepted"))
        .allow_empty(true)
        .interact_text()
        .map_err(|dialoguer::Error::IO(it)| match it.kind() {
            ErrorKind::Interrupted => interrupt::before_anything(),
            _ => Diagnostic::error(format!("cannot read the answer: {it}")).into(),
        })?;
    Ok(answer.trim() == "yes")
}
