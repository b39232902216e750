//! What may stand at the end of a command line: pure, but for what it asks the stack's folder.

use clap::{Arg, Command};

use super::stack::Folder;

/// Something that may be typed, and a few words about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub text: String,
    about: String,
}

impl Candidate {
    fn new(text: impl Into<String>, about: impl ToString) -> Candidate {
        let about = about.to_string();
        let about = about.split('\n').next().unwrap_or_default().trim_end_matches('.').to_owned();
        Candidate { text: text.into(), about }
    }

    /// As the shells' scripts read it.
    pub fn line(&self) -> String {
        if self.about.is_empty() { self.text.clone() } else { format!("{}\t{}", self.text, self.about) }
    }
}

/// How far a command line has come.
struct Line<'a> {
    command: &'a Command,
    /// The commands' names, with spaces between.
    path: String,
    /// How many words that are neither options nor commands there were.
    positionals: usize,
    /// The option whose value comes next.
    pending: Option<&'a Arg>,
    /// Behind `--` there are no options.
    past: bool,
}

/// What may stand in the last of these words, which follow `infra`.
pub fn candidates(root: &Command, words: &[&str], folder: &Folder) -> Vec<Candidate> {
    // Global options belong to every command.
    let mut root = root.clone();
    root.build();
    let (last, before) = words.split_last().map_or(("", &[][..]), |it| (*it.0, it.1));
    let mut line = Line { command: &root, path: String::new(), positionals: 0, pending: None, past: false };
    let mut folder = folder.clone();
    for word in before {
        line.read(word, &mut folder);
    }
    let mut all = line.next(last, &folder);
    all.retain(|it| it.text.starts_with(':') || it.text.starts_with(last));
    all
}

impl<'a> Line<'a> {
    fn read(&mut self, word: &str, folder: &mut Folder) {
        if let Some(option) = self.pending.take() {
            folder.learn(option.get_id().as_str(), word);
            return;
        }
        if self.past || !word.starts_with('-') || word == "-" {
            match self.command.find_subcommand(word).filter(|_| self.positionals == 0 && !self.past) {
                Some(found) => {
                    self.command = found;
                    self.path = format!("{} {}", self.path, found.get_name()).trim().to_owned();
                }
                None => self.positionals += 1,
            }
            return;
        }
        self.past = word == "--";
        let (name, value) = word.split_once('=').map_or((word, None), |it| (it.0, Some(it.1)));
        let Some(option) = self.option(name).filter(|it| it.get_action().takes_values()) else { return };
        match value {
            Some(value) => folder.learn(option.get_id().as_str(), value),
            None if needs_value(option) => self.pending = Some(option),
            None => {}
        }
    }

    fn option(&self, name: &str) -> Option<&'a Arg> {
        let long = name.trim_start_matches('-');
        let command: &'a Command = self.command;
        let mut all = command.get_arguments();
        all.find(|it| {
            it.get_long_and_visible_aliases().is_some_and(|all| all.contains(&long))
                || !name.starts_with("--") && it.get_short().is_some_and(|short| long == short.to_string())
        })
    }

    fn next(&self, last: &str, folder: &Folder) -> Vec<Candidate> {
        if let Some(option) = self.pending {
            return self.values(option, folder);
        }
        if last.starts_with('-') && !self.past {
            return match last.split_once('=') {
                Some((name, _)) => {
                    let of = self.option(name).map(|it| self.values(it, folder)).unwrap_or_default();
                    let prefixed = |it: Candidate| match it.text.starts_with(':') {
                        true => it,
                        false => Candidate { text: format!("{name}={}", it.text), ..it },
                    };
                    of.into_iter().map(prefixed).collect()
                }
                None => self.options(last),
            };
        }
        let mut out = Vec::new();
        if self.positionals == 0 && !self.past {
            let commands = self.command.get_subcommands().filter(|it| !it.is_hide_set());
            out.extend(commands.map(|it| Candidate::new(it.get_name(), text(it.get_about()))));
        }
        let positionals: Vec<&Arg> = self.command.get_positionals().collect();
        // The last one may be given several times.
        let last = positionals.last().filter(|it| many(it));
        let arg = positionals.get(self.positionals).or(last).copied();
        out.extend(arg.map(|it| self.values(it, folder)).unwrap_or_default());
        out
    }

    /// The options, with as many dashes as are typed.
    fn options(&self, typed: &str) -> Vec<Candidate> {
        let dashes = if typed.len() > 1 && !typed.starts_with("--") { "-" } else { "--" };
        let visible = self.command.get_arguments().filter(|it| !it.is_hide_set());
        let one = |it: &Arg| Some(Candidate::new(format!("{dashes}{}", it.get_long()?), text(it.get_help())));
        visible.filter_map(one).collect()
    }

    /// What an option or a positional argument may be.
    fn values(&self, arg: &Arg, folder: &Folder) -> Vec<Candidate> {
        let possible = arg.get_possible_values();
        if !possible.is_empty() {
            let visible = possible.iter().filter(|it| !it.is_hide_set());
            return visible.map(|it| Candidate::new(it.get_name(), text(it.get_help()))).collect();
        }
        let named =
            |all: Vec<String>, about: &str| all.into_iter().map(|it| Candidate::new(it, about)).collect();
        let value = arg.get_value_names().and_then(<[_]>::first).map(|it| it.as_str()).unwrap_or_default();
        match (arg.get_id().as_str(), value) {
            ("env", _) => named(folder.environments(), "environment"),
            ("name", _) if self.path.starts_with("workspace") => named(folder.environments(), "environment"),
            ("name", _) if self.path == "output" => named(folder.outputs(), "output"),
            ("var", _) => named(folder.variables(), "variable"),
            (_, "ADDRESS" | "ADDR" | "SOURCE" | "DESTINATION" | "FROM" | "TO") => {
                let all = if self.path.starts_with("state") { folder.held() } else { folder.addresses() };
                named(all, "")
            }
            (_, "DIR") => vec![Candidate::new(":dir", "")],
            (_, value) if ["FILE", "PATH", "PLAN"].iter().any(|it| value.contains(it)) => {
                vec![Candidate::new(":file", "")]
            }
            _ => Vec::new(),
        }
    }
}

fn text(it: Option<&clap::builder::StyledStr>) -> String {
    it.map(ToString::to_string).unwrap_or_default()
}

/// Whether an option's value stands in the next word.
fn needs_value(option: &Arg) -> bool {
    option.get_num_args().is_none_or(|it| it.min_values() > 0)
}

fn many(arg: &Arg) -> bool {
    arg.get_num_args().is_some_and(|it| it.max_values() > 1)
        || matches!(arg.get_action(), clap::ArgAction::Append)
}
