//! Killed at one call after another, in a single life: each run dies at the first call at which none has
//! died before. It is the way through every call of a stack that takes minutes; a life of its own for each
//! takes hours.

use std::sync::Mutex;

use super::life::{At, Case, Store};
use super::script::{PHASES, Script, enter};
use super::table::Table;
use crate::faults::stage::Stage;
use crate::support::fault::{Faults, When};
use crate::support::infra::Output;

/// Before each call, and after each.
pub fn all(script: &Script) -> Vec<Case<'_>> {
    [At::Before, At::After].map(|at| Case { script, store: Store::File, at, nth: 0 }).into()
}

impl Case<'_> {
    /// What went wrong; empty where nothing did.
    pub fn march(&self, table: &Mutex<Table>) -> String {
        let stage = self.store.stage(&self.script.name);
        let name = format!("{}/march/{}", self.script.name, self.at.name());
        for (phase, called) in PHASES.iter().enumerate() {
            enter(&stage, &self.script.name, phase);
            let serial = stage.serial();
            let mut story = Vec::new();
            let arrived = self.steps(&stage, phase, &mut story);
            let done = arrived.and_then(|output| self.over(&stage, phase, serial, &output));
            if let Err(why) = done {
                return format!("{name}: {called}: {why}\nkilled at:\n{}", story.join("\n"));
            }
            eprintln!("{name}: {called}: arrived after {} kills", story.len());
            for it in story {
                table.lock().unwrap().note(&it, called, self.at);
            }
        }
        String::new()
    }

    /// Kills run after run, each at a call that none was killed at, until one comes to its end: gives that one.
    fn steps(&self, stage: &Stage, phase: usize, story: &mut Vec<String>) -> Result<Output, String> {
        let when = if self.at == At::Before { When::BeforeItActs } else { When::AfterItActed };
        let enough = 3 * self.script.moments(self.store, self.at, phase) + 10;
        stage.proxy.forget_kills();
        for _ in 0..enough {
            stage.proxy.take();
            let faults = Faults { kill_anew: Some(when), ..Faults::default() };
            match self.ended(stage, phase, faults, when) {
                (Some(at), _) => story.push(at),
                (None, Some(output)) => return Ok(output),
                (None, None) => return Err("no run".to_owned()),
            }
        }
        Err(format!("after {enough} runs it is still not done"))
    }
}
