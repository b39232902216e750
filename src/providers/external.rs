//! The provider `external`: a program that answers.

use std::collections::BTreeMap;
use std::process::Stdio;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt;

use super::{Error, Looked, Result, Texts};
use crate::resource::Computed;

/// What a program answers: it is given a JSON object of texts, and gives one.
///
/// ```toml
/// [data.external.commit]
/// program = ["./commit.sh"]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct External {
    /// The program and its arguments; no shell is involved.
    #[schemars(length(min = 1))]
    pub program: Vec<String>,
    /// The folder it runs in.
    pub working_dir: Option<String>,
    /// What it is given.
    pub query: Option<Texts>,
    /// What it answers.
    pub result: Computed<BTreeMap<String, String>>,
    /// Always `-`.
    pub id: Computed<String>,
}

impl Looked for External {
    const TYPE: &'static str = "external";

    async fn read(self) -> Result<Self> {
        let result = self.run().await?;
        Ok(External { result: result.into(), id: "-".to_owned().into(), ..self })
    }
}

impl External {
    async fn run(&self) -> Result<BTreeMap<String, String>> {
        let mut words = self.program.iter().filter(|it| !it.is_empty());
        let Some(program) = words.next() else {
            return Err(Error::Invalid("`program` names no program".to_owned()));
        };
        let failed = |it: std::io::Error| Error::Invalid(format!("`{program}` cannot be run: {it}"));
        let mut command = tokio::process::Command::new(program);
        command.args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.kill_on_drop(true);
        if let Some(folder) = self.working_dir.as_deref().filter(|it| !it.is_empty()) {
            command.current_dir(folder);
        }
        let mut child = command.spawn().map_err(failed)?;
        let query: BTreeMap<&str, &str> = self
            .query
            .iter()
            .flatten()
            .filter_map(|(name, it)| Some((name.as_str(), it.as_deref()?)))
            .collect();
        let query = serde_json::to_vec(&query).map_err(|it| Error::Shape(it.to_string()))?;
        let given = child.stdin.take();
        let write = async {
            // A program need not read what it is given.
            if let Some(mut to) = given {
                to.write_all(&query).await.ok();
            }
        };
        let ((), output) = futures::join!(write, child.wait_with_output());
        let output = output.map_err(failed)?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(Error::Invalid(format!("`{program}` failed ({}): {}", output.status, said.trim())));
        }
        serde_json::from_slice(&output.stdout).map_err(|it| {
            Error::Invalid(format!("`{program}` must print a JSON object of texts, and nothing else: {it}"))
        })
    }
}
