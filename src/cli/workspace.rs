//! Environments, which Terraform calls workspaces: what there is, and which one is worked in.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::rc::Rc;

use super::environment;
use super::session::Session;
use super::state::store::{self, Backup, Store, WayBack};
use super::{Global, Inputs, Locking, Outcome};
use crate::diag::{Diagnostic, Diagnostics, did_you_mean};
use crate::report::Screen;
use crate::state::backend::DEFAULT_ENV;
use crate::state::{Backend, Encryption, State, edit};

/// List, make, select and delete environments (workspaces).
///
/// An environment has a state of its own. `--env NAME` or INFRA_ENV names the one to work in for a single
/// command; a selection is remembered in .terraform/environment, where Terraform finds it too.
#[derive(clap::Args)]
pub struct Command {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// List the environments; a star marks the one in use.
    List(List),
    /// Print the name of the environment in use.
    Show,
    /// Make an environment, and select it.
    New(New),
    /// Work in another environment from now on.
    Select(Select),
    /// Delete an environment and its state.
    Delete(Delete),
}

#[derive(clap::Args)]
struct List {
    #[command(flatten)]
    inputs: Inputs,
}

#[derive(clap::Args)]
struct New {
    #[arg(value_name = "NAME")]
    name: String,
    /// Start with a copy of this state file.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    locking: Locking,
}

#[derive(clap::Args)]
struct Select {
    #[arg(value_name = "NAME")]
    name: String,
    /// Make it where it does not exist.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
        default_value_t = false, default_missing_value = "true", action = clap::ArgAction::Set)]
    or_create: bool,
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    locking: Locking,
}

#[derive(clap::Args)]
struct Delete {
    #[arg(value_name = "NAME")]
    name: String,
    /// Delete it although its state holds resources: they stay at AWS, and nothing knows of them any
    /// more. The state is kept in a backup.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    locking: Locking,
}

pub async fn run(command: &Command, global: &Global, screen: &Screen) -> Outcome {
    match &command.what {
        What::List(it) => list(it, global, screen).await?,
        What::Show => screen.raw_line(&global.env),
        What::New(it) => {
            environment::must_count(global)?;
            new(&it.name, it.state.as_deref(), (&it.inputs, &it.locking), global, screen).await?;
        }
        What::Select(it) => select(it, global, screen).await?,
        What::Delete(it) => delete(it, global, screen).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(command: &List, global: &Global, screen: &Screen) -> Result<(), Diagnostics> {
    for it in known(&command.inputs, global).await? {
        screen.raw_line(&format!("{} {it}", if it == global.env { '*' } else { ' ' }));
    }
    // The star shows what is selected; that something else counts more is worth a word.
    if global.env_source != environment::Source::Selected
        && let Some(text) = environment::surprise(global)?
    {
        screen.remark(text);
    }
    Ok(())
}

/// The stack, with an environment's eyes. What is wrong with the present one is no reason to stay in it.
async fn session(env: &str, inputs: &Inputs, global: &Global) -> Result<Session, Diagnostics> {
    let global = Global { env: env.to_owned(), ..global.clone() };
    Session::for_state(&global, inputs, false).await
}

async fn backend(env: &str, inputs: &Inputs, global: &Global) -> Result<Backend, Diagnostics> {
    session(env, inputs, global).await?.backend().await
}

/// Every environment that has a state, or that the stack declares: `default` first.
async fn known(inputs: &Inputs, global: &Global) -> Result<Vec<String>, Diagnostics> {
    let session = session(&global.env, inputs, global).await?;
    let mut out = session.backend().await?.workspaces().await.map_err(|it| it.diagnostics())?;
    let declared: Vec<&String> = session.config.envs.keys().filter(|it| !out.contains(it)).collect();
    out.extend(declared.into_iter().cloned().collect::<Vec<_>>());
    out.sort_by(|a, b| (a != DEFAULT_ENV, a).cmp(&(b != DEFAULT_ENV, b)));
    Ok(out)
}

/// Whether it has a state, or whatever the backend takes for one.
async fn stored(env: &str, backend: &Backend) -> Result<bool, Diagnostics> {
    let all = backend.workspaces().await.map_err(|it| it.diagnostics())?;
    Ok(all.iter().any(|it| it == env))
}

async fn new(
    name: &str,
    state: Option<&Path>,
    (inputs, locking): (&Inputs, &Locking),
    global: &Global,
    screen: &Screen,
) -> Result<(), Diagnostics> {
    let session = session(name, inputs, global).await?;
    declared(name, &session)?;
    let backend = session.backend().await?;
    if stored(name, &backend).await? {
        let one = Diagnostic::error(format!("there is an environment `{name}` already"));
        return Err(one.help(format!("to work in it: infra workspace select {name}")).into());
    }
    match state {
        Some(path) => {
            let first = copied(path, backend.encryption()).await?;
            let store = Store::on(backend, locking, "workspace-new", screen).await?;
            let done = store.save(&first, Backup::Usual).await;
            store.release(done).await?;
        }
        None => backend.found().await.map_err(|it| it.diagnostics())?,
    }
    environment::select(name)?;
    screen.say(format!("The environment {name} is made and selected: commands work in it from now on."));
    if state.is_none() {
        screen.say("Its state is empty, so a plan in it starts from nothing.");
    }
    Ok(())
}

/// A state file's content, as the beginning of a state of its own.
async fn copied(path: &Path, as_in: &Encryption) -> Result<State, Diagnostics> {
    let place = store::file(path).await?.encrypted(Rc::new(as_in.or_clear()));
    let found = place.read().await.map_err(|it| it.diagnostics())?;
    let (state, _) =
        found.ok_or_else(|| Diagnostic::error(format!("there is no state in {}", path.display())))?;
    Ok(State { lineage: State::new().lineage, ..state })
}

/// The stack knows which environments there may be, where it says so at all.
fn declared(name: &str, session: &Session) -> Result<(), Diagnostics> {
    let all = &session.config.envs;
    if all.is_empty() || name == DEFAULT_ENV || all.contains_key(name) {
        return Ok(());
    }
    let names = all.keys().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
    let one = Diagnostic::error(format!("the stack has no environment `{name}`: it declares {names}"));
    let near = did_you_mean(name, all.keys().map(String::as_str));
    Err(one.help(near.unwrap_or_else(|| format!("declare it: `[env.{name}]`, or env/{name}.toml"))).into())
}

async fn select(command: &Select, global: &Global, screen: &Screen) -> Result<(), Diagnostics> {
    let name = &command.name;
    environment::must_count(global)?;
    if *name == global.env {
        screen.say(format!("The environment is {name} already."));
        return Ok(());
    }
    let all = known(&command.inputs, global).await?;
    if !all.contains(name) {
        if command.or_create {
            let options = (&command.inputs, &command.locking);
            return new(name, None, options, global, screen).await;
        }
        return Err(unknown(name, &all).into());
    }
    environment::select(name)?;
    screen.say(format!("The environment is {name} from now on."));
    Ok(())
}

fn unknown(name: &str, all: &[String]) -> Diagnostic {
    let near = did_you_mean(name, all.iter().map(String::as_str));
    let make = format!("to make it: infra workspace new {name}");
    Diagnostic::error(format!("there is no environment `{name}`")).help(near.unwrap_or(make))
}

async fn delete(command: &Delete, global: &Global, screen: &Screen) -> Result<(), Diagnostics> {
    let name = &command.name;
    let refuse = |text: String, help: String| Err(Diagnostic::error(text).help(help).into());
    if name == DEFAULT_ENV {
        return refuse(
            "the environment `default` cannot be deleted".to_owned(),
            "`infra destroy` empties it".to_owned(),
        );
    }
    if *name == global.env {
        let help = "select another one first: infra workspace select default".to_owned();
        return refuse(format!("`{name}` is the environment in use"), help);
    }
    let backend = backend(name, &command.inputs, global).await?;
    if !stored(name, &backend).await? {
        let all = known(&command.inputs, global).await?;
        let one = match all.contains(name) {
            true => Diagnostic::error(format!("the environment `{name}` has no state to delete"))
                .help("the stack declares it: take it out there"),
            false => unknown(name, &all),
        };
        return Err(one.into());
    }
    let store = Store::on(backend, &command.locking, "workspace-delete", screen).await?;
    let done = may_go(command, &store, screen).await;
    store.release(done).await?;
    // Not under its lock: that would be left in a place that is gone.
    let backend = self::backend(name, &command.inputs, global).await?;
    backend.delete().await.map_err(|it| it.diagnostics())?;
    screen.say(format!("The environment {name} is deleted."));
    Ok(())
}

/// Refuses what would lose sight of things, or keeps a copy of what knows of them.
async fn may_go(command: &Delete, store: &Store, screen: &Screen) -> Result<(), Diagnostics> {
    let name = &command.name;
    let held: Vec<String> = store.state.managed().map(|it| it.0.to_string()).collect();
    if held.is_empty() {
        return Ok(());
    }
    let detail = edit::listed(&held);
    if !command.force {
        let one = Diagnostic::error(format!("the environment `{name}` is not empty"))
            .detail(format!("Its state holds {detail}. Without it nothing would know of them any more."));
        let help = format!("`infra destroy --env {name}` destroys them; --force forgets them");
        return Err(one.help(help).into());
    }
    let file = crate::state::backend::timestamped(Path::new(&format!("{name}.tfstate")));
    let kept = Backup::File(Some(&file)).keep(store.backend()).await?;
    let one =
        Diagnostic::warning(format!("what the environment `{name}` held is forgotten, and stays at AWS"));
    screen.warnings(&one.detail(detail).into(), false);
    kept.tell(&WayBack::Push(format!("--env {name} ")), screen);
    Ok(())
}
