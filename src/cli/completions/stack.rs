//! What the stack in a folder has to offer: names and addresses. Only files are read, nothing is asked
//! of AWS: completion must not make anybody wait.

use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::config::{self, Config};
use crate::state::backend::DEFAULT_ENV;

/// Where the command line says the stack is, and which environment.
#[derive(Debug, Clone, Default)]
pub struct Folder {
    dir: PathBuf,
    env: Option<String>,
}

impl Folder {
    /// Takes in an option of the command line.
    pub fn learn(&mut self, option: &str, value: &str) {
        match option {
            "chdir" => self.dir.push(value),
            "env" => self.env = Some(value.to_owned()),
            _ => {}
        }
    }

    fn path(&self) -> PathBuf {
        if self.dir.as_os_str().is_empty() { PathBuf::from(".") } else { self.dir.clone() }
    }

    /// As far as it can be read.
    fn config(&self) -> Config {
        config::read(&self.path()).0
    }

    pub fn environments(&self) -> Vec<String> {
        let folders =
            std::fs::read_dir(self.path().join("terraform.tfstate.d")).into_iter().flatten().flatten();
        let mut out: Vec<String> = folders.map(|it| it.file_name().to_string_lossy().into_owned()).collect();
        out.extend(self.config().envs.into_keys());
        out.push(DEFAULT_ENV.to_owned());
        sorted(out)
    }

    pub fn variables(&self) -> Vec<String> {
        self.config().variables.into_keys().map(|it| format!("{it}=")).collect()
    }

    pub fn outputs(&self) -> Vec<String> {
        self.config().outputs.into_keys().collect()
    }

    /// The modules and resources of the configuration, and the instances of a state in this folder.
    pub fn addresses(&self) -> Vec<String> {
        let config = self.config();
        let mut out = self.instances();
        out.extend(config.every().map(|it| it.addr.to_string()));
        for module in config.all() {
            let path: String = module.path.iter().map(|it| format!("module.{}.", it.0)).collect();
            out.extend(module.modules.keys().map(|it| format!("{path}module.{it}")));
        }
        sorted(out)
    }

    /// What the state holds; where it is elsewhere, what the configuration says.
    pub fn held(&self) -> Vec<String> {
        let found = self.instances();
        if found.is_empty() { self.addresses() } else { sorted(found) }
    }

    /// The instances in a state file of this folder.
    fn instances(&self) -> Vec<String> {
        let dir = self.path();
        let path = match self.env.as_deref().filter(|it| *it != DEFAULT_ENV) {
            Some(env) => dir.join("terraform.tfstate.d").join(env).join("terraform.tfstate"),
            None => dir.join("terraform.tfstate"),
        };
        read(&path).unwrap_or_default()
    }
}

/// Read loosely: what cannot be completed is no error.
fn read(path: &Path) -> Option<Vec<String>> {
    let state: Json = serde_json::from_slice(&std::fs::read(path).ok()?).ok()?;
    let mut out = Vec::new();
    for it in state.get("resources")?.as_array()? {
        let text = |name: &str| it.get(name).and_then(Json::as_str).unwrap_or_default();
        let module = if text("module").is_empty() { String::new() } else { format!("{}.", text("module")) };
        let data = if text("mode") == "data" { "data." } else { "" };
        let addr = format!("{module}{data}{}.{}", text("type"), text("name"));
        for instance in it.get("instances").and_then(Json::as_array).into_iter().flatten() {
            out.push(match instance.get("index_key") {
                Some(key) => format!("{addr}[{key}]"),
                None => addr.clone(),
            });
        }
    }
    Some(out)
}

fn sorted(mut all: Vec<String>) -> Vec<String> {
    all.sort();
    all.dedup();
    all
}
