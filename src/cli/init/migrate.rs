//! Bringing the state along from the backend that kept it before to the one that the stack has now.

use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use super::super::approve::approved;
use super::super::session::Session;
use super::super::work::Locked;
use super::super::{Inputs, Locking};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::journal;
use crate::lang::Value;
use crate::report::Screen;
use crate::state::settings::{LocalSettings, S3Settings};
use crate::state::{Backend, LockInfo, Settings, State};

/// What was said on the command line.
pub struct Asked<'a> {
    pub wanted: bool,
    pub refused: bool,
    /// Nobody is asked.
    pub sure: bool,
    pub from: Option<&'a str>,
    pub inputs: &'a Inputs,
    pub locking: &'a Locking,
}

/// One environment's state, on its way.
struct Move {
    env: String,
    from: Backend,
    to: Backend,
}

/// Where Terraform notes which backend a folder was made ready for.
const TERRAFORMS: &str = ".terraform/terraform.tfstate";

/// Brings the state along where there is one to bring; false where that was not wanted.
pub async fn run(session: &mut Session, asked: &Asked<'_>, screen: &Screen) -> Result<bool, Diagnostics> {
    if asked.refused {
        return Ok(true);
    }
    let to = session.backend_settings()?;
    let Some(from) = source(asked, &to)?.filter(|it| *it != to) else {
        if asked.wanted {
            screen.say("No other backend kept a state for this folder: there is nothing to bring along.");
        }
        return Ok(true);
    };
    let moves = moves(session, &from, asked.wanted).await?;
    if moves.is_empty() {
        if asked.wanted {
            screen.say("There is nothing to bring along.");
        }
        return Ok(true);
    }
    for it in &moves {
        screen.say(format!("{} holds a state, and {} none.", it.from.origin(), it.to.origin()));
    }
    if !asked.sure && !agreed(&moves, asked)? {
        return Ok(asked.wanted && moves.is_empty());
    }
    for it in moves {
        one(it, matches!(from, Settings::Local(_)), asked.locking, screen).await?;
    }
    Ok(true)
}

fn agreed(moves: &[Move], asked: &Asked<'_>) -> Result<bool, Diagnostics> {
    let question = match moves.len() {
        1 => "Bring it along?".to_owned(),
        many => format!("Bring the states of these {many} environments along?"),
    };
    let what_else =
        "pass --migrate-state --auto-approve to bring it along, or --reconfigure to leave it there";
    approved(asked.inputs, &question, what_else)
}

/// The backend that kept the state before.
fn source(asked: &Asked<'_>, to: &Settings) -> Result<Option<Settings>, Diagnostics> {
    if let Some(text) = asked.from {
        return named(text, to).map(Some);
    }
    if let Some(found) = terraforms().filter(|it| it != to) {
        return Ok(Some(found));
    }
    Ok(matches!(to, Settings::S3(_)).then(Settings::default))
}

/// `local`, a file, or `s3://BUCKET/KEY`: that is reached as the stack's own bucket is.
fn named(text: &str, to: &Settings) -> Result<Settings, Diagnostics> {
    if text == "local" {
        return Ok(Settings::default());
    }
    if let Some(rest) = text.strip_prefix("s3://") {
        let Some((bucket, key)) = rest.split_once('/').filter(|it| !it.0.is_empty() && !it.1.is_empty())
        else {
            let one = Diagnostic::error(format!("`{text}` names no state"));
            return Err(one.help("write it like s3://acme-state/shop/terraform.tfstate").into());
        };
        let mut settings = match to {
            Settings::S3(it) => (**it).clone(),
            Settings::Local(_) => {
                S3Settings { workspace_key_prefix: "env:".to_owned(), ..S3Settings::default() }
            }
        };
        (settings.bucket, settings.key) = (bucket.to_owned(), key.to_owned());
        return Ok(Settings::S3(Box::new(settings)));
    }
    if Path::new(text).is_file() {
        let workspace_dir = Some(PathBuf::from(format!("{text}.d")));
        return Ok(Settings::Local(LocalSettings { path: Some(text.into()), workspace_dir }));
    }
    let one = Diagnostic::error(format!("there is no state file {text}"));
    Err(one.help("name a file, `local`, or s3://BUCKET/KEY").into())
}

/// The backend that Terraform was last made ready for in this folder. A note that cannot be read
/// (another tool's, another version's) is none.
fn terraforms() -> Option<Settings> {
    let bytes = std::fs::read(TERRAFORMS).ok()?;
    let note: Json = serde_json::from_slice(&bytes).ok()?;
    let backend = note.get("backend")?;
    let mut settings = backend.get("config")?.as_object()?.clone();
    settings.retain(|_, it| !it.is_null());
    let value = Value::from_json_implied(&Json::Object(settings)).ok()?;
    Settings::read(backend.get("type")?.as_str()?, &value, None, None).ok()
}

/// What there is to bring, after a look at both sides. What is there already on the other side is a
/// mistake only where someone asked for it to be brought.
async fn moves(session: &mut Session, from: &Settings, wanted: bool) -> Result<Vec<Move>, Diagnostics> {
    let lost = |it: crate::state::Error| out_of_sight(it.diagnostics());
    let first = Backend::open(from, Path::new("."), &session.env).await.map_err(lost)?;
    let mut out = Vec::new();
    let mut errors = Diagnostics::default();
    let chosen = session.env.clone();
    for env in first.workspaces().await.map_err(lost)? {
        let from = Backend::open(from, Path::new("."), &env).await.map_err(lost)?;
        let from = from.encrypted(session.encryption()?);
        let Some(theirs) = held(&from).await.map_err(out_of_sight)? else { continue };
        // The backend's settings may name the environment.
        session.env.clone_from(&env);
        let to = session.backend().await?;
        match held(&to).await? {
            None => out.push(Move { env, from, to }),
            Some(ours) if !wanted || same(&theirs, &ours) => {}
            Some(ours) => errors.push(taken(&from, &theirs, &to, &ours)),
        }
    }
    session.env = chosen;
    errors.check(out)
}

/// The backend of before cannot be looked at: the error, and the way past it.
fn out_of_sight(mut errors: Diagnostics) -> Diagnostics {
    let one = Diagnostic::error("the backend that kept this folder's state before cannot be looked at");
    errors.push(one.help("pass --reconfigure to leave it alone"));
    errors
}

/// A state that holds anything.
async fn held(backend: &Backend) -> Result<Option<State>, Diagnostics> {
    let found = backend.read().await.map_err(|it| it.diagnostics())?;
    Ok(found.map(|it| it.0).filter(|it| !it.is_empty()))
}

/// Whether what would be brought is there already.
fn same(theirs: &State, ours: &State) -> bool {
    theirs.lineage == ours.lineage && ours.serial >= theirs.serial
}

fn taken(from: &Backend, theirs: &State, to: &Backend, ours: &State) -> Diagnostic {
    let story = |it: &Backend, state: &State| {
        format!(
            "{}: lineage {}, serial {}, {} resources",
            it.origin(),
            state.lineage,
            state.serial,
            state.resources.len()
        )
    };
    Diagnostic::error(format!("{} holds another state already", to.origin()))
        .detail(format!("{}\n{}", story(from, theirs), story(to, ours)))
        .help("pass --reconfigure to go on with that one, or choose another key for this stack")
}

/// Brings one environment's state along, under the locks of both sides, and sees that it has arrived.
async fn one(it: Move, file: bool, locking: &Locking, screen: &Screen) -> Result<(), Diagnostics> {
    let Move { env, from, to } = it;
    let from = Locked::on(from, locking, LockInfo::new("Migrate"), screen).await?;
    let to = match Locked::on(to, locking, LockInfo::new("Migrate"), screen).await {
        Ok(to) => to,
        Err(errors) => return from.release(Err(errors)).await,
    };
    let (old, new) = (from.backend().origin(), to.backend().origin());
    let done = brought(from.backend(), to.backend()).await;
    let done = to.release(done).await;
    from.release(done).await?;
    let kept = if file { set_aside(Path::new(&old))? } else { old.clone() };
    screen.say(format!(
        "Environment `{env}`: the state is in {new} now; what was there before is kept in {kept}."
    ));
    Ok(())
}

async fn brought(from: &Backend, to: &Backend) -> Result<(), Diagnostics> {
    let wrong = |it: crate::state::Error| it.diagnostics();
    let Some((state, _)) = from.read().await.map_err(wrong)? else { return Ok(()) };
    // What an apply still has to look for goes along, and first.
    let open = from.read_beside(journal::SUFFIX).await.map_err(wrong)?;
    if let Some(open) = &open {
        to.write_beside(journal::SUFFIX, open).await.map_err(wrong)?;
    }
    to.overwrite(&state).await.map_err(wrong)?;
    match to.read().await.map_err(wrong)? {
        Some((arrived, _)) if arrived == state => {}
        _ => {
            let one = Diagnostic::error(format!("{} does not hold what was written to it", to.origin()));
            return Err(one.help("the state is where it was: nothing is lost").into());
        }
    }
    match open {
        Some(_) => from.remove_beside(journal::SUFFIX).await.map_err(wrong),
        None => Ok(()),
    }
}

/// Gives a state file that is no longer the state another name, so that nobody goes on with it.
fn set_aside(path: &Path) -> Result<String, Diagnostic> {
    let name = |number: usize| match number {
        1 => format!("{}.migrated", path.display()),
        more => format!("{}.migrated-{more}", path.display()),
    };
    let free = (1..).map(name).find(|it| !Path::new(it).exists()).unwrap_or_default();
    let moved = std::fs::rename(path, &free);
    moved.map_err(|it| Diagnostic::error(format!("cannot call {} {free}: {it}", path.display())))?;
    Ok(free)
}
