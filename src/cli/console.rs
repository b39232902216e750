use std::io::{BufRead, IsTerminal};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use super::session::Session;
use super::{Global, Inputs, Outcome};
use crate::config::Config;
use crate::diag::{Diagnostics, SourceFile};
use crate::graph::Graph;
use crate::report::Screen;

mod complete;
mod editor;
mod history;
mod input;
mod sight;
mod types;

use editor::{Editor, Line};
use sight::Sight;

/// Evaluate expressions against the stack and its state.
///
/// On a terminal it asks for expressions, with history (arrow keys) and completion (Tab); an expression
/// whose brackets are open goes on in the next line. Otherwise it reads standard input, an expression a
/// line, and ends at the first error. The state is read without a lock; what is not in it yet is
/// `(known after apply)`. In a folder without a stack there are functions only.
#[derive(clap::Args)]
pub struct Command {
    #[command(flatten)]
    inputs: Inputs,
    /// Make a plan first, and evaluate against what would be there after an apply.
    #[arg(long)]
    plan: bool,
}

const HELP: &str = "\
An expression is evaluated and its value printed: 1 + 2, var.region, aws_vpc.main.id,
[for it in local.names : upper(it)]. type(x) tells the type of x. An expression whose brackets are
open goes on in the next line.

Tab completes names, the arrow keys bring back what was typed before. `exit` or Ctrl-D leaves.";

pub async fn run(command: &Command, global: &Global, screen: &Screen) -> Outcome {
    let session = open(command, global).await?;
    let sight = Sight::of(&session, command.plan).await?;
    if std::io::stdin().is_terminal() && screen.is_terminal() {
        ask(&sight, screen)
    } else {
        read(&sight, screen)
    }
}

/// The stack in the current folder; an empty one where there is none.
async fn open(command: &Command, global: &Global) -> Result<Session, Diagnostics> {
    if is_stack(Path::new(".")) {
        let mut session = Session::open_with(global, &command.inputs, false).await?;
        session.settle(global, &command.inputs);
        return Ok(session);
    }
    let cwd = std::env::current_dir().unwrap_or_default();
    let config = Config { dir: ".".into(), cwd, ..Config::default() };
    let variables = Default::default();
    Ok(Session::of(config, Graph::default(), variables, &global.env))
}

pub(super) fn is_stack(dir: &Path) -> bool {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let mut names = entries.map(|it| it.file_name().to_string_lossy().into_owned());
    names.any(|it| {
        it == "stack.toml" || [".stack.toml", ".tf", ".tf.json"].iter().any(|end| it.ends_with(end))
    })
}

/// Standard input, to its end or the first error.
fn read(sight: &Sight, screen: &Screen) -> Outcome {
    let mut open = String::new();
    for line in std::io::stdin().lock().lines() {
        let line =
            line.map_err(|it| crate::diag::Diagnostic::error(format!("cannot read standard input: {it}")))?;
        open.push_str(&line);
        open.push('\n');
        if input::is_open(&open) {
            continue;
        }
        if !answer(&std::mem::take(&mut open), sight, screen)? {
            return Ok(ExitCode::SUCCESS);
        }
    }
    if !open.is_empty() {
        answer(&open, sight, screen)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints what a line gives; false where it says that this is the end.
fn answer(text: &str, sight: &Sight, screen: &Screen) -> Result<bool, Diagnostics> {
    match &text[input::bare(text)] {
        "" => {}
        "exit" | "quit" => return Ok(false),
        "help" => screen.raw_line(HELP),
        expression => {
            let file = SourceFile { path: "<console>".into(), text: expression.to_owned() };
            screen.raw_line(&sight.evaluate(&Arc::new(file))?);
        }
    }
    Ok(true)
}

fn ask(sight: &Sight, screen: &Screen) -> Outcome {
    let names = complete::Names::of(sight.config());
    let mut editor = Editor::new(screen, history::load(), &names);
    let mut open = String::new();
    loop {
        let prompt = if open.is_empty() { "> " } else { ": " };
        match editor.read(prompt) {
            Ok(Line::Text(text)) => open.push_str(&text),
            Ok(Line::Cancelled) => {
                open.clear();
                continue;
            }
            Ok(Line::End) => break,
            Err(it) => {
                let text = format!("cannot read from the terminal: {it}");
                return Err(crate::diag::Diagnostic::error(text).into());
            }
        }
        open.push('\n');
        if input::is_open(&open) {
            continue;
        }
        let text = std::mem::take(&mut open);
        editor.remember(text.trim());
        match answer(&text, sight, screen) {
            Ok(true) => {}
            Ok(false) => break,
            Err(errors) => screen.diagnostics(&errors),
        }
    }
    if let Err(it) = history::save(&editor.history) {
        screen
            .diagnostics(&crate::diag::Diagnostic::warning(format!("the history is not saved: {it}")).into());
    }
    Ok(ExitCode::SUCCESS)
}
