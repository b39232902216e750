use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::ExitCode;

use super::session::Session;
use super::{Global, Inputs, Outcome};
use crate::config::{self, Config, ProviderName, version::Constraint};
use crate::report::Screen;
use crate::state::State;

/// Show which providers the stack, its modules and its state need.
///
/// All that infra manages is built in: nothing is downloaded for it. A provider that is marked as
/// missing is one that infra does not have.
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Command {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    inputs: Inputs,
}

#[derive(clap::Subcommand)]
enum What {
    /// Print the schemas of all types, as `infra schema --terraform` does.
    Schema {
        /// As JSON: there is no other form.
        #[arg(long, required = true)]
        json: bool,
    },
}

pub async fn run(command: &Command, global: &Global, screen: &Screen) -> Outcome {
    if let Some(What::Schema { .. }) = command.what {
        return super::schema::providers(screen);
    }
    let (config, errors) = config::read(Path::new("."));
    errors.check(())?;
    screen.say("\nProviders required by configuration:\n.");
    drawn(&config, "", screen);
    screen.say("");
    let session = Session::open_with(global, &command.inputs, false).await?;
    let state = held(&session.stored().await?);
    if !state.is_empty() {
        screen.say("Providers required by state:\n");
        state.iter().for_each(|it| screen.say(format!("    provider[{it}]{}", missing(it))));
        screen.say("");
    }
    Ok(ExitCode::SUCCESS)
}

/// A module's providers, then the modules that it calls.
fn drawn(config: &Config, indent: &str, screen: &Screen) {
    let needed = needed(config);
    let last = (needed.len() + config.modules.len()).saturating_sub(1);
    for (at, (source, constraint)) in needed.iter().enumerate() {
        let constraint = constraint.as_ref().map(|it| format!(" {it}")).unwrap_or_default();
        let (branch, _) = branch(at == last);
        screen.say(format!("{indent}{branch}provider[{source}]{constraint}{}", missing(source)));
    }
    for (at, call) in config.modules.values().enumerate() {
        let (branch, below) = branch(at + needed.len() == last);
        screen.say(format!("{indent}{branch}module.{}", call.name));
        drawn(&call.config, &format!("{indent}{below}"), screen);
    }
}

/// How a branch of a tree begins, and what stands below it: to the byte as Terraform draws it.
pub fn branch(last: bool) -> (&'static str, &'static str) {
    if last { ("└── ", "    ") } else { ("├── ", "│\u{a0}\u{a0} ") }
}

/// The providers of a module alone: those that it declares, configures, or has resources of.
fn needed(config: &Config) -> BTreeMap<String, Option<Constraint>> {
    let constraint = |it: &Option<String>| it.as_deref().and_then(|it| Constraint::parse(it).ok());
    let declared = config.required_providers.values().map(|it| (it.source.clone(), constraint(&it.version)));
    let mut out: BTreeMap<String, Option<Constraint>> = declared.collect();
    let of_type = |it: &config::Resource| match &it.provider {
        Some((name, _)) => name.clone(),
        None => ProviderName::of_type(&it.addr.kind),
    };
    let used = config.resources.values().map(of_type).chain(config.providers.keys().cloned());
    for name in used {
        let source = match config.required_providers.get(&name.kind) {
            Some(it) => it.source.clone(),
            None => config::providers::source(&name.kind),
        };
        out.entry(source).or_default();
    }
    out
}

/// The providers of what a state holds.
fn held(state: &State) -> BTreeSet<String> {
    let inner = |text: &str| {
        let (_, rest) = text.split_once("provider[\"")?;
        Some(rest.split_once("\"]")?.0.to_owned())
    };
    state.resources.values().filter_map(|it| inner(&it.provider)).collect()
}

/// What is said of a provider that is not part of infra.
fn missing(source: &str) -> &'static str {
    let name = source.rsplit('/').next().unwrap_or_default();
    let ours = config::kinds::built_in(name).is_some_and(|it| config::providers::source(it.name) == source);
    if ours { "" } else { " (not part of infra)" }
}
