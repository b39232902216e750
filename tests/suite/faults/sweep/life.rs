//! One life of a stack: killed once in each of its phases, and repeated.

use std::sync::Mutex;
use std::time::Duration;

use super::picture::Picture;
use super::script::{PHASES, Script, enter, instead, words};
use super::table::Table;
use super::watch;
use crate::faults::stage::Stage;
use crate::support::fault::{Fate, Faults, Kill, When};
use crate::support::infra::Output;

/// Where the state is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    S3,
    File,
}

/// The moment of a kill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    Before,
    After,
    /// As a file is written.
    Write,
}

impl At {
    pub fn name(self) -> &'static str {
        match self {
            At::Before => "before",
            At::After => "after",
            At::Write => "write",
        }
    }

    pub fn parse(name: &str) -> Option<At> {
        [At::Before, At::After, At::Write].into_iter().find(|it| it.name() == name)
    }
}

impl Store {
    pub fn name(self) -> &'static str {
        match self {
            Store::S3 => "s3",
            Store::File => "file",
        }
    }

    pub fn stage(self, script: &str) -> Stage {
        Stage::of_folder(&super::script::folder(script), self == Store::S3)
    }
}

/// Killed at the `nth` moment of each phase; those with fewer begin again.
pub struct Case<'a> {
    pub(super) script: &'a Script,
    pub store: Store,
    pub(super) at: At,
    pub(super) nth: usize,
}

impl<'a> Case<'a> {
    pub fn all(script: &'a Script) -> Vec<Case<'a>> {
        let mut out = Vec::new();
        for (store, at) in [
            (Store::S3, At::Before),
            (Store::S3, At::After),
            (Store::File, At::Before),
            (Store::File, At::After),
            (Store::File, At::Write),
        ] {
            let most = (0..PHASES.len()).map(|it| script.moments(store, at, it)).max().unwrap_or_default();
            out.extend((1..=most).map(|nth| Case { script, store, at, nth }));
        }
        out
    }

    pub fn name(&self) -> String {
        format!("{}/{}/{}/{}", self.script.name, self.store.name(), self.at.name(), self.nth)
    }

    /// What went wrong; empty where nothing did.
    pub fn live(&self, table: &Mutex<Table>) -> String {
        let stage = self.store.stage(&self.script.name);
        for (phase, called) in PHASES.iter().enumerate() {
            enter(&stage, &self.script.name, phase);
            let moments = self.script.moments(self.store, self.at, phase);
            if moments == 0 {
                continue;
            }
            let nth = (self.nth - 1) % moments + 1;
            let mut story = Vec::new();
            let done = self.phase(&stage, phase, nth, &mut story);
            if let Err(why) = done {
                return format!(
                    "{}: {}, moment {nth}: {why}\n{}\nagain: INFRA_SWEEP={}",
                    self.name(),
                    called,
                    story.join("\n"),
                    self.name()
                );
            }
            for it in story {
                table.lock().unwrap().note(&it, called, self.at);
            }
        }
        String::new()
    }

    /// Kills one run, and looks at what another one makes of it. The story tells at what it was killed.
    fn phase(&self, stage: &Stage, phase: usize, nth: usize, story: &mut Vec<String>) -> Result<(), String> {
        let serial = stage.serial();
        let (killed, _) = self.kill(stage, phase, nth);
        story.extend(killed);
        stage.bury();
        let output = stage.run(Faults::default(), &words(phase));
        self.over(stage, phase, serial, &output)
    }

    /// Whether all is as an undisturbed life has it after this phase, now that a run has come to its end.
    pub(super) fn over(
        &self,
        stage: &Stage,
        phase: usize,
        serial: u64,
        output: &Output,
    ) -> Result<(), String> {
        if output.code != Some(0) {
            return Err(format!("the next run failed\n{}", told(output)));
        }
        settled(stage, serial).map_err(|it| format!("{it}\n{}", told(output)))?;
        if let Some(words) = instead(phase, &["plan", "--detailed-exitcode"]) {
            let applied = told(output);
            let output = stage.run(Faults::default(), &words);
            if output.code != Some(0) {
                return Err(format!("the next plan is not empty\n{}\nafter:\n{applied}", told(&output)));
            }
        }
        let seen = Picture::after(stage, phase);
        seen.differences(self.script.picture(phase)).map_err(|it| format!("{it}\n{}", told(output)))
    }

    /// The call it was killed at, none where it ended before; and what it said.
    fn kill(&self, stage: &Stage, phase: usize, nth: usize) -> (Option<String>, Option<Output>) {
        stage.proxy.take();
        let when = match self.at {
            At::Before => When::BeforeItActs,
            At::After => When::AfterItActed,
            At::Write => {
                stage.proxy.set(Faults::default());
                let killed = watch::killed_at_write(stage, &words(phase), nth);
                quiet(stage);
                return (killed, None);
            }
        };
        let kill = Some(Kill { at: nth, when });
        self.ended(stage, phase, Faults { kill, ..Faults::default() }, when)
    }

    /// Runs under faults that kill; the call it was killed at, none where it ended before; and what it said.
    pub(super) fn ended(
        &self,
        stage: &Stage,
        phase: usize,
        faults: Faults,
        when: When,
    ) -> (Option<String>, Option<Output>) {
        let output = stage.spawn(faults, &words(phase)).finish();
        quiet(stage);
        let calls = stage.proxy.take();
        (calls.iter().find(|it| it.fate == Fate::Killed(when)).map(|it| it.name()), Some(output))
    }
}

/// What was sent before the kill may still arrive: it is waited for, as the lock's lease does elsewhere.
fn quiet(stage: &Stage) {
    for _ in 0..6000 {
        if stage.proxy.under_way() == 0 {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("the proxy has requests under way for ever");
}

/// Nothing is left of the work itself.
fn settled(stage: &Stage, serial: u64) -> Result<(), String> {
    let fail = |what: &str| Err(what.to_owned());
    if let Some(it) = stage.journal() {
        return Err(format!("a journal is left: {it}"));
    }
    if stage.break_lock() {
        return fail("the lock is left");
    }
    for name in [
        ".terraform.tfstate.lock.info",
        "errored.tfstate",
        ".terraform.tfstate.next",
        "terraform.tfstate.next",
    ] {
        if stage.folder.path().join(name).exists() {
            return Err(format!("the file {name} is left"));
        }
    }
    if stage.serial() < serial {
        return fail("the serial went back");
    }
    Ok(())
}

/// The end of what it said.
fn told(output: &Output) -> String {
    let lines: Vec<&str> = output.stdout.lines().collect();
    let end = lines[lines.len().saturating_sub(60)..].join("\n");
    format!("--- stdout\n{end}\n--- stderr\n{}", output.stderr)
}
