use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::others;
use crate::lang::value::Map;
use crate::lang::{Kind, Type, Value};
use crate::providers::{Error, Looked, Result, told};
use crate::resource::{Any, Computed};
use crate::state::backend::{Backend, DEFAULT_ENV};
use crate::state::encryption::Problem;
use crate::state::{self, Settings};

/// The outputs of another stack, from its state.
///
/// ```toml
/// [data.terraform_remote_state.network]
/// backend = "s3"
/// config = { bucket = "acme-state", key = "network/terraform.tfstate", region = "eu-west-1" }
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoteState {
    /// Where the state is kept: `s3` or `local`.
    pub backend: String,
    /// The settings of the backend, as its block has them.
    pub config: Option<Any>,
    /// Outputs that the state may lack.
    pub defaults: Option<Any>,
    /// The environment: what Terraform calls a workspace.
    pub workspace: Option<String>,
    /// The outputs, by name.
    pub outputs: Computed<Option<Any>>,
}

/// A value of any type as an object: one of none where it is null.
fn object(any: Option<&Any>, name: &str) -> Result<Value> {
    let value = match any {
        Some(it) => it.value().map_err(|it| Error::Invalid(it.message))?,
        None => Value::null(Type::Any),
    };
    match &value.kind {
        Kind::Object(_) => Ok(value),
        Kind::Map(_, all) => Ok(Kind::Object(all.clone()).into()),
        Kind::Null(_) => Ok(Value::object::<&str>([])),
        _ => Err(Error::Invalid(format!("`{name}` must be an object, not {}", value.ty().a()))),
    }
}

fn unread(error: state::Error) -> Error {
    match error {
        state::Error::Encryption { origin, problem: Problem::Encrypted { by } } => Error::Invalid(format!(
            "{origin} is encrypted with a key from {}: say how to decrypt it in \
             [stack.encryption.remote_state_data_sources], with a `default.method` or one for this data source",
            by.join(", ")
        )),
        other => told(&other.diagnostics()),
    }
}

impl Looked for RemoteState {
    const TYPE: &'static str = "terraform_remote_state";

    async fn read(self) -> Result<Self> {
        let kind = if self.backend == "_local" { "local" } else { self.backend.as_str() };
        let config = object(self.config.as_ref(), "config")?;
        let defaults = object(self.defaults.as_ref(), "defaults")?;
        let settings = Settings::read(kind, &config, None, None).map_err(|it| told(&it))?;
        let env = self.workspace.as_deref().unwrap_or(DEFAULT_ENV);
        let opened = Backend::open(&settings, Path::new("."), env).await;
        let place = opened.map_err(|it| told(&it.diagnostics()))?.encrypted(others::encryption());
        let read = place.read().await.map_err(unread)?;
        let Some((state, _)) = read else {
            return Err(Error::Invalid(format!("there is no state at {}", place.origin())));
        };
        let mut outputs: Map = defaults.as_fields().cloned().unwrap_or_default();
        for (name, it) in &state.outputs {
            let value = Value::from_json(&it.value, &it.ty);
            let value = value.map_err(|it| Error::Invalid(format!("output `{name}`: {}", it.message)))?;
            outputs.insert(name.as_str().into(), value);
        }
        let outputs = Any::of(&Value::object(outputs));
        Ok(RemoteState { outputs: Some(outputs).into(), ..self })
    }
}
