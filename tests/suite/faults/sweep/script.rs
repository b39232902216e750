//! A stack of the sweep, and what its undisturbed life looks like.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde_json::Value as Json;

use super::life::{At, Store};
use super::picture::Picture;
use super::watch;
use crate::faults::stage::Stage;
use crate::support::fault::Faults;
use crate::support::folder::project;

/// `var.phase` in the stacks; in the last one the stack is destroyed.
pub const PHASES: [&str; 4] = ["create", "update", "replace", "destroy"];

/// The command of a phase.
pub fn words(phase: usize) -> Vec<&'static str> {
    match PHASES[phase] {
        "create" => vec!["apply", "--auto-approve", "--no-color", "--var", "phase=create"],
        "update" => vec!["apply", "--auto-approve", "--no-color", "--var", "phase=update"],
        "replace" => vec!["apply", "--auto-approve", "--no-color", "--var", "phase=replace"],
        _ => vec!["destroy", "--auto-approve", "--no-color", "--var", "phase=replace"],
    }
}

/// Another command with the values of a phase; none where nothing is left.
pub fn instead<'a>(phase: usize, command: &[&'a str]) -> Option<Vec<&'a str>> {
    let values = words(phase).split_off(2);
    (phase + 1 < PHASES.len()).then(|| [command, &values].concat())
}

/// Lays over a stack what its folder has for a phase: other files of the same names.
pub fn enter(stage: &Stage, name: &str, phase: usize) {
    let files = folder(name).join(PHASES[phase]);
    if files.is_dir() {
        stage.folder.overlay(&files);
    }
}

pub fn folder(name: &str) -> PathBuf {
    project().join("tests/data/sweep").join(name)
}

pub struct Script {
    pub name: String,
    /// Of each phase: calls that change something with the state in S3, with the state in a file, and
    /// writes of files.
    moments: Vec<[usize; 3]>,
    pictures: Vec<Picture>,
    /// What is done to which types, such as `update aws_vpc`.
    pub done: BTreeSet<String>,
}

impl Script {
    /// Lives it twice: what differs between two undisturbed lives is left to chance.
    pub fn learn(name: &str) -> Script {
        let mut script = Script {
            name: name.to_owned(),
            moments: vec![[0; 3]; 4],
            pictures: Vec::new(),
            done: BTreeSet::new(),
        };
        for (at, store) in [Store::S3, Store::File].into_iter().enumerate() {
            let stage = store.stage(name);
            let mut pictures = Vec::new();
            for phase in 0..PHASES.len() {
                enter(&stage, name, phase);
                if at == 0 {
                    script.done.extend(actions(&stage, phase));
                }
                stage.proxy.take();
                let writes = watch::writes(&stage, &words(phase));
                let calls = stage.proxy.take().iter().filter(|it| it.operation.mutates()).count();
                script.moments[phase][at] = calls;
                if store == Store::File {
                    script.moments[phase][2] = writes;
                }
                pictures.push(Picture::after(&stage, phase));
            }
            script.pictures = match script.pictures.is_empty() {
                true => pictures,
                false => script.pictures.into_iter().zip(pictures).map(|(a, b)| a.common(b)).collect(),
            };
        }
        script
    }

    pub fn moments(&self, store: Store, at: At, phase: usize) -> usize {
        let column = match (store, at) {
            (Store::S3, _) => 0,
            (Store::File, At::Write) => 2,
            (Store::File, _) => 1,
        };
        self.moments[phase][column]
    }

    pub fn picture(&self, phase: usize) -> &Picture {
        &self.pictures[phase]
    }
}

/// What a plan of this phase does to which types.
fn actions(stage: &Stage, phase: usize) -> BTreeSet<String> {
    let mut plan = words(phase);
    let destroys = plan[0] == "destroy";
    (plan[0], plan[1]) = ("plan", "--out=phase.plan");
    if destroys {
        plan.push("--destroy");
    }
    stage.must(&plan, 0);
    let shown = stage.run(Faults::default(), &["show", "--json", "phase.plan"]).stdout;
    std::fs::remove_file(stage.folder.path().join("phase.plan")).unwrap();
    let shown: Json = serde_json::from_str(&shown).unwrap();
    let mut out: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for it in shown["resource_changes"].as_array().into_iter().flatten() {
        let kind = it["type"].as_str().unwrap_or_default();
        let actions: Vec<&str> =
            it["change"]["actions"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        let action = match actions[..] {
            [one] => one,
            _ => "replace",
        };
        out.entry(action.to_owned()).or_default().insert(kind.to_owned());
    }
    out.into_iter()
        .flat_map(|(action, kinds)| kinds.into_iter().map(move |it| format!("{action} {it}")))
        .collect()
}
