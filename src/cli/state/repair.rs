use std::process::ExitCode;

use crate::cli::approve::approved;
use crate::cli::rescued::{self, Rescued};
use crate::cli::session::Session;
use crate::cli::work::Locked;
use crate::cli::{Global, Inputs, Locking, Outcome};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::journal::{self, Journal};
use crate::report::Screen;
use crate::state::backend::{Content, ERRORED, Trouble};
use crate::state::{Backend, LockInfo, Stamp, State, edit};

/// Find out what is wrong with the stored state, and put it right after asking.
///
/// It looks at: the digest in the lock table against the object in the bucket; a local file that was
/// cut off while it was written; an errored.tfstate in the stack's folder; the journal of an apply that
/// was killed; the note of a lock that nobody holds any more.
#[derive(clap::Args)]
pub struct Command {
    /// Do not ask: do what is recommended.
    #[arg(long)]
    auto_approve: bool,
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    locking: Locking,
}

pub async fn run(command: &Command, global: &Global, screen: &Screen) -> Outcome {
    let session = Session::for_state(global, &command.inputs, true).await?;
    let backend = session.backend().await?;
    let left = backend.lock_left();
    let locked = Locked::on(backend, &command.locking, LockInfo::of("state-repair"), screen).await?;
    let repair = Repair { command, backend: locked.backend(), screen };
    let done = repair.all(left).await;
    Ok(match locked.release(done).await? {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

struct Repair<'a> {
    command: &'a Command,
    backend: &'a Backend,
    screen: &'a Screen,
}

impl Repair<'_> {
    /// One after the other; tells whether all is well at the end.
    async fn all(&self, left: Option<LockInfo>) -> Result<bool, Diagnostics> {
        if let Some(holder) = left {
            self.screen.say(format!(
                "A lock was noted that nobody holds any more; the note is gone now:\n{}\n",
                holder.story()
            ));
        }
        while let Some(trouble) = self.backend.trouble().await.map_err(|it| it.diagnostics())? {
            if !self.treat(trouble).await? {
                return Ok(false);
            }
        }
        let found = self.read().await?;
        let fine = self.rescued(found).await?;
        let (state, _) = self.read().await?.unwrap_or_else(|| (State::new(), Stamp::default()));
        self.journal(&state).await?;
        if fine {
            let what = if state.lineage.is_empty() || state.serial == 0 && state.is_empty() {
                "holds no state yet".to_owned()
            } else {
                format!("holds {}", facts(&state))
            };
            self.screen.say(format!("All is well: {} {what}.", self.backend.origin()));
        }
        Ok(fine)
    }

    async fn read(&self) -> Result<Option<(State, Stamp)>, Diagnostics> {
        self.backend.read().await.map_err(|it| it.diagnostics())
    }

    fn agree(&self, question: &str) -> Result<bool, Diagnostics> {
        Ok(self.command.auto_approve || approved(&self.command.inputs, question, "pass --auto-approve")?)
    }

    /// Whether the trouble is over.
    async fn treat(&self, trouble: Trouble) -> Result<bool, Diagnostics> {
        match trouble {
            Trouble::Digest { wanted, table, object, older, unseen } => {
                let origin = self.backend.origin();
                self.screen.say(format!("{origin} is not the content that was written last.\n"));
                self.screen.say(format!("  digest in table {table}: {wanted}"));
                self.describe("in the bucket", object.as_ref()).await;
                self.describe("the version of that digest", older.as_ref()).await;
                unseen.iter().for_each(|it| self.screen.say(format!("  older versions: {it}")));
                self.screen.say("");
                self.choose(object, older).await
            }
            Trouble::CutOff { whole } => {
                self.screen.say(format!("A write to {} was cut off.\n", self.backend.origin()));
                self.describe("what it was to write", Some(&whole)).await;
                self.screen.say("");
                let question = "Finish it?";
                Ok(self.agree(question)? && self.restore(&whole).await?)
            }
            Trouble::Leftover { path } => {
                let path_text = path.display();
                self.screen
                    .say(format!("{path_text} is left of a write that came to nothing: nothing needs it."));
                let gone = self.agree("Remove it?")?;
                if gone {
                    std::fs::remove_file(&path)
                        .map_err(|it| Diagnostic::error(format!("cannot remove {path_text}: {it}")))?;
                }
                Ok(gone)
            }
            Trouble::Unreadable { content, backups } => self.go_back(&content, backups).await,
        }
    }

    /// The object as it is with a digest of its own, or the older version that the digest is of: first
    /// what knows more.
    async fn choose(&self, object: Option<Content>, older: Option<Content>) -> Result<bool, Diagnostics> {
        let (object, older) = (self.state(object).await, self.state(older).await);
        let restore_first = match (&object, &older) {
            (Some((_, one)), Some((_, other))) => other.serial > one.serial,
            (None, Some(_)) => true,
            _ => false,
        };
        if object.is_none() && older.is_none() {
            let one = Diagnostic::error(
                "there is no content to go on with: the right one has to come from a backup",
            );
            return Err(one.help("`infra state push --force FILE` stores it, with its digest").into());
        }
        for restores in [restore_first, !restore_first] {
            match (&object, &older, restores) {
                (_, Some((content, state)), true) => {
                    let question = format!("Go back to the older version, serial {}?", state.serial);
                    if self.agree(&question)? {
                        return self.restore(content).await;
                    }
                }
                (Some((content, state)), _, false) => {
                    let question =
                        format!("Keep what is in the bucket, serial {}, and set the digest?", state.serial);
                    if self.agree(&question)? {
                        self.backend.trust(&content.bytes).await.map_err(|it| it.diagnostics())?;
                        self.screen.say("The digest is set.\n");
                        return Ok(true);
                    }
                }
                _ => {}
            }
        }
        self.screen.cancelled();
        Ok(false)
    }

    /// A file that cannot be read gives way to the newest of its backups.
    async fn go_back(&self, content: &Content, backups: Vec<Content>) -> Result<bool, Diagnostics> {
        let mut all = Vec::new();
        for it in backups {
            all.extend(self.state(Some(it)).await);
        }
        self.screen.say(format!("{} cannot be read.\n", self.backend.origin()));
        self.describe("there", Some(content)).await;
        let Some((newest, state)) = all.into_iter().max_by_key(|it| it.1.serial) else {
            let one = Diagnostic::error(format!("there is no backup beside {}", self.backend.origin()));
            return Err(one.help("`infra state push --force FILE` stores a copy from elsewhere").into());
        };
        self.describe("the newest backup", Some(&newest)).await;
        self.screen.say("");
        self.screen.remark(
            "What was done since that backup is not in it: plan afterwards, and import what the plan wants to make \
             and what is there already.\n",
        );
        let question = format!("Go back to the backup, serial {}?", state.serial);
        Ok(self.agree(&question)? && self.restore(&newest).await?)
    }

    async fn restore(&self, content: &Content) -> Result<bool, Diagnostics> {
        let kept = self.backend.restore(&content.bytes).await.map_err(|it| it.diagnostics())?;
        self.screen.say(format!("{} is stored.", content.origin));
        if let Some(path) = kept {
            self.screen.say(format!("What stood there before is in {}.", path.display()));
        }
        self.screen.say("");
        Ok(true)
    }

    async fn state(&self, content: Option<Content>) -> Option<(Content, State)> {
        let content = content?;
        let state = self.backend.decode(&content.bytes, &content.origin).await.ok()?;
        Some((content, state))
    }

    async fn describe(&self, what: &str, content: Option<&Content>) {
        let Some(content) = content else { return self.screen.say(format!("  {what}: nothing")) };
        let facts = match self.backend.decode(&content.bytes, &content.origin).await {
            Ok(state) => facts(&state),
            Err(error) => format!("{} bytes that are no state ({error})", content.bytes.len()),
        };
        let written = content.written.as_ref().map(|it| format!(", written {it}")).unwrap_or_default();
        self.screen.say(format!("  {what}: {facts}{written}"));
        if content.origin != self.backend.origin() {
            self.screen.say(format!("    ({})", content.origin));
        }
    }

    /// What an apply could not store. Tells whether that is settled.
    async fn rescued(&self, found: Option<(State, Stamp)>) -> Result<bool, Diagnostics> {
        let Some(rescued) = rescued::look(self.backend, found.as_ref().map(|it| &it.0)).await? else {
            return Ok(true);
        };
        let (stored, stamp) = found.unwrap_or_else(|| (State::new(), Stamp::default()));
        match rescued {
            Rescued::Foreign => {
                self.screen.say(format!("{ERRORED} is of another state: it may be another environment's.\n"));
                Ok(true)
            }
            Rescued::Known => {
                self.screen.say(format!("{ERRORED} is outdated: the stored state knows all of it."));
                if self.agree("Remove it?")? {
                    rescued::remove()?;
                }
                Ok(true)
            }
            Rescued::Successor(state) => {
                self.screen.say(format!(
                    "{ERRORED} holds what an apply did and could not store: {}.\n{} holds {}.\n",
                    facts(&state),
                    self.backend.origin(),
                    facts(&stored)
                ));
                if !self.agree(&format!("Store {ERRORED}?"))? {
                    return Ok(false);
                }
                rescued::store(self.backend, &state, &stamp).await?;
                self.screen.say(format!("It is stored, and {ERRORED} is removed.\n"));
                Ok(true)
            }
            Rescued::Passed(state, unknown) => {
                self.screen.say(format!(
                    "{ERRORED} is serial {}, which the stored state has passed without it. It alone knows of:",
                    state.serial
                ));
                unknown.iter().for_each(|it| self.screen.say(format!("  {it}")));
                if !self.agree("Take these over into the stored state?")? {
                    return Ok(false);
                }
                let mut next = State { serial: stored.serial + 1, ..stored };
                edit::adopt(&mut next, &state, &unknown);
                rescued::store(self.backend, &next, &stamp).await?;
                self.screen.say(format!("They are taken over, and {ERRORED} is removed.\n"));
                Ok(true)
            }
        }
    }

    /// What an apply that died was about to make: the next one finds out itself.
    async fn journal(&self, state: &State) -> Result<(), Diagnostics> {
        let found = self.backend.read_beside(journal::SUFFIX).await.map_err(|it| it.diagnostics())?;
        let Some(bytes) = found else { return Ok(()) };
        let journal = Journal::read(&bytes).map_err(Diagnostic::error)?.open(state);
        self.screen.say(match journal.creates.is_empty() {
            true => {
                "An apply that ended early left its journal; all it was to make is in the state.".to_owned()
            }
            false => "An apply ended while it may have been making these:".to_owned(),
        });
        journal.creates.keys().for_each(|it| self.screen.say(format!("  {it}")));
        if !journal.creates.is_empty() {
            self.screen
                .say("There is nothing to do: the next apply looks for each before it makes anything.");
        }
        self.screen.say("");
        Ok(())
    }
}

fn facts(state: &State) -> String {
    let count = edit::all(state).len();
    let things = if count == 1 { "instance" } else { "instances" };
    format!("serial {} of lineage {} with {count} {things}", state.serial, state.lineage)
}
