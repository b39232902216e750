use std::process::ExitCode;

use super::Outcome;
use crate::report::Screen;

mod stack;
mod words;

/// Print a script that makes a shell complete command lines.
///
/// Commands, options, environments, variables and addresses are completed, from the files of the stack
/// alone: AWS is not asked. One line in the shell's start-up file is enough:
///
/// bash, ~/.bashrc: source <(infra completions bash)
///
/// zsh, ~/.zshrc, behind compinit: source <(infra completions zsh)
///
/// fish, ~/.config/fish/config.fish: infra completions fish | source
///
/// PowerShell, $PROFILE: infra completions powershell | Out-String | Invoke-Expression
///
/// Elvish, ~/.config/elvish/rc.elv: eval (infra completions elvish | slurp)
#[derive(clap::Args)]
pub struct Command {
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
    Powershell,
    Elvish,
}

pub fn run(command: &Command, screen: &Screen) -> Outcome {
    screen.raw_text(match command.shell {
        Shell::Bash => include_str!("completions/infra.bash"),
        Shell::Zsh => include_str!("completions/infra.zsh"),
        Shell::Fish => include_str!("completions/infra.fish"),
        Shell::Powershell => include_str!("completions/infra.ps1"),
        Shell::Elvish => include_str!("completions/infra.elv"),
    });
    Ok(ExitCode::SUCCESS)
}

/// What may stand at the end of a command line: for the scripts of `infra completions`.
///
/// A line a candidate, a tab and a few words about it behind it. The line `:file` or `:dir` stands for
/// files or folders, which the shell knows best.
#[derive(clap::Args)]
pub struct Complete {
    /// The words behind `infra`, the one to complete last (it may be empty).
    #[arg(value_name = "WORD", trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<String>,
}

pub fn complete(command: &Complete, screen: &Screen) -> Outcome {
    let words: Vec<&str> = command.words.iter().map(String::as_str).collect();
    for it in words::candidates(&super::bare(), &words, &stack::Folder::default()) {
        screen.raw_line(&it.line());
    }
    Ok(ExitCode::SUCCESS)
}
