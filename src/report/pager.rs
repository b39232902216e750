//! Long texts before a terminal, page by page.

use std::io::{self, Write};
use std::process::{Command, Stdio};

use super::Screen;

impl Screen {
    /// Columns for running text: as wide as the terminal is, within reason.
    pub fn reading_columns(&self) -> usize {
        if !self.is_terminal() {
            return self.columns;
        }
        let wide = console::Term::stdout().size_checked().map(|it| usize::from(it.1));
        wide.unwrap_or(self.columns).clamp(40, 100)
    }

    /// Columns for lines that may be cut: where no terminal reads them, nothing is.
    pub fn list_columns(&self) -> usize {
        if self.is_terminal() { self.reading_columns() } else { usize::MAX }
    }

    /// Prints a text, through the user's pager where a terminal reads it.
    pub fn page(&self, text: &str) {
        let pager = pager().filter(|_| self.is_terminal());
        let paged = pager.map(|it| through(&it, &self.coloured(text)));
        if !matches!(paged, Some(Ok(()))) {
            self.raw_text(&self.coloured(text));
        }
    }
}

/// `$INFRA_PAGER`, `$PAGER` or less; none where that is empty or `cat`.
fn pager() -> Option<String> {
    let named = ["INFRA_PAGER", "PAGER"].iter().find_map(|it| std::env::var(it).ok());
    let it = named.unwrap_or_else(|| "less".to_owned());
    (!matches!(it.trim(), "" | "cat")).then_some(it)
}

/// The pager is a command of the shell, as `git` takes it. Where it does not start, nothing is lost.
fn through(pager: &str, text: &str) -> io::Result<()> {
    let mut command = Command::new("sh");
    command.args(["-c", pager]).stdin(Stdio::piped());
    if std::env::var_os("LESS").is_none() {
        // Leave at once where it fits, keep colours, leave the text on the screen.
        command.env("LESS", "FRX");
    }
    let mut child = command.spawn()?;
    if let Some(mut input) = child.stdin.take() {
        match input.write_all(text.as_bytes()) {
            // Its reader has seen enough.
            Err(it) if it.kind() != io::ErrorKind::BrokenPipe => return Err(it),
            _ => {}
        }
    }
    // The shell's word for a command that is not there.
    match child.wait()?.code() {
        Some(126 | 127) => Err(io::Error::from(io::ErrorKind::NotFound)),
        _ => Ok(()),
    }
}
