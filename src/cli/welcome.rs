//! `infra` alone: what is in this folder, and the way on from there.

use std::path::Path;
use std::process::ExitCode;

use crate::config::{self, Config, Syntax};
use crate::report::Screen;

/// What may be in a folder.
enum Here {
    Stack(Box<Config>, bool),
    Nothing,
}

pub fn run(screen: &Screen) -> ExitCode {
    let text = match here(Path::new(".")) {
        Here::Stack(config, sound) => of_stack(&config, sound),
        Here::Nothing => NOTHING.to_owned(),
    };
    screen.say(text);
    ExitCode::SUCCESS
}

fn here(dir: &Path) -> Here {
    if !super::console::is_stack(dir) {
        return Here::Nothing;
    }
    let (config, errors) = config::read(dir);
    Here::Stack(Box::new(config), !errors.has_errors())
}

const NOTHING: &str = "\
infra makes what a folder of files asks for at AWS, and remembers what it made.

There is no stack in this folder. A stack is a folder with a `stack.toml`:

  [aws_sqs_queue.jobs]
  name = \"jobs\"

A folder of Terraform's .tf files is one too. The way to a first one:

  infra init --example shop              write a small stack into the folder shop
  infra -C shop plan --env dev           show what it would make
  infra -C shop apply --env dev          make it, after asking

No account? --sandbox behind each of these runs it on this machine, and `infra sandbox demo` shows a
stack's whole life. All commands: infra --help";

fn of_stack(config: &Config, sound: bool) -> String {
    let mut text = format!("{}\n", described(config));
    if !sound {
        text += "\nNot all of it can be read yet:\n\n  infra validate     show what is wrong, and where\n";
        return text + "\nAll commands: infra --help";
    }
    let env = match example_env(config) {
        Some(name) => format!(" --env {name}"),
        None => String::new(),
    };
    let fetch = config.all().iter().any(|it| it.remote.iter().any(|it| !it.1));
    let first = match fetch || config.backend.is_some() {
        true => vec![("init", "fetch modules, and make what the state's backend lacks")],
        false => Vec::new(),
    };
    let rest = [
        ("plan", "show what an apply would change"),
        ("apply", "change it, after asking"),
        ("destroy", "remove everything again, after asking"),
    ];
    let width = "infra destroy".len() + env.len();
    for (name, what) in first.into_iter().chain(rest) {
        let line = format!("infra {name}{env}");
        text += &format!("\n  {line:width$}     {what}");
    }
    text + "\n\n--sandbox behind each of these runs it on this machine, without an account.\nAll commands: infra --help"
}

/// `This folder is the stack `shop`: 12 resources and 2 modules, in stack.toml; environments dev, prod.`
fn described(config: &Config) -> String {
    let name = config.stack.name.as_ref().map(|it| format!(" `{it}`")).unwrap_or_default();
    let files = match config.syntax {
        Syntax::Toml => "stack files",
        Syntax::Hcl => ".tf files",
    };
    let managed = config.every().filter(|it| !it.is_data()).count();
    let mut parts = vec![counted(managed, "resource")];
    if !config.modules.is_empty() {
        parts.push(counted(config.modules.len(), "module"));
    }
    let mut text = format!("This folder is the stack{name}: {}, in {files}.", parts.join(" and "));
    if !config.envs.is_empty() {
        let names: Vec<&str> = config.envs.keys().map(String::as_str).collect();
        text += &format!("\nIts environments are {}.", names.join(", "));
    }
    text
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// An environment to name in examples: not the one that hurts most.
fn example_env(config: &Config) -> Option<&str> {
    let names = || config.envs.keys().map(String::as_str);
    names()
        .find(|it| it.contains("dev"))
        .or_else(|| names().find(|it| !it.contains("prod")))
        .or(names().next())
}
