//! Asking for the values of variables that have none.

use std::collections::BTreeMap;
use std::io::{ErrorKind, IsTerminal};

use super::{Inputs, interrupt};
use crate::config::{Config, Variable, inputs};
use crate::diag::{Diagnostic, Diagnostics};
use crate::report::Screen;

/// Whether anything may be asked: there is a terminal, and nobody said not to.
pub fn allowed(inputs: &Inputs) -> bool {
    let off = |name: &str| {
        let value = std::env::var(name).unwrap_or_default().to_ascii_lowercase();
        matches!(value.as_str(), "0" | "f" | "false")
    };
    inputs.input && !off("TF_INPUT") && !off("INFRA_INPUT") && std::io::stdin().is_terminal()
}

/// Asks for each value that is needed and was not given.
pub fn ask(
    config: &Config,
    request: &inputs::Inputs,
    screen: &Screen,
) -> Result<BTreeMap<String, String>, Diagnostics> {
    let missing = inputs::missing(config, request);
    missing.into_iter().map(|it| Ok((it.name.clone(), one(it, screen)?))).collect()
}

fn one(variable: &Variable, screen: &Screen) -> Result<String, Diagnostics> {
    screen.question(&format!("var.{}", variable.name), variable.description.as_deref());
    let prompt = "  Enter a value";
    let answer = match variable.sensitive {
        true => dialoguer::Password::new().with_prompt(prompt).allow_empty_password(true).interact(),
        false => dialoguer::Input::<String>::new().with_prompt(prompt).allow_empty(true).interact_text(),
    };
    answer.map_err(|dialoguer::Error::IO(it)| match it.kind() {
        ErrorKind::Interrupted => interrupt::before_anything(),
        _ => Diagnostic::error(format!("cannot read the answer: {it}")).into(),
    })
}
