//! What every command that looks at a stack needs: configuration, graph, variables, backend.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Global, Inputs};
use crate::config::{self, Config};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::planner;
use crate::engine::providers::Providers;
use crate::graph::Graph;
use crate::lang::Value;
use crate::plan::PlanMode;
use crate::report::Screen;
use crate::state::backend::Backend;

/// A stack, checked as far as that goes without AWS.
pub struct Session {
    pub config: Config,
    pub graph: Graph,
    pub variables: BTreeMap<String, Value>,
    pub env: String,
}

impl Session {
    /// Reads and checks the stack in the current folder. Everything that is wrong is in the error.
    pub async fn open(global: &Global, inputs: &Inputs) -> Result<Session, Diagnostics> {
        Self::open_with(global, inputs, true).await
    }

    /// The same; without `complete`, variables that have no value are unknown (for `validate`).
    pub async fn open_with(global: &Global, inputs: &Inputs, complete: bool) -> Result<Session, Diagnostics> {
        let (config, mut errors) = config::load(Path::new("."));
        let (graph, wrong) = Graph::of(&config);
        errors.extend(wrong);
        let request = config::inputs::Inputs {
            env: global.env.clone(),
            environment: std::env::vars().collect(),
            files: inputs.var_file.clone(),
            vars: inputs.var.clone(),
            complete,
        };
        let variables = config::inputs::resolve(&config, &request);
        let variables = errors.take(variables).unwrap_or_else(|| unknowns(&config));
        let session = Session { config, graph, variables, env: global.env.clone() };
        let request = session.request(PlanMode::Normal);
        errors.extend(planner::validate(&request, &Providers::new(&session.config)).await);
        drop(request);
        errors.check(session)
    }

    pub fn request(&self, mode: PlanMode) -> planner::Request<'_> {
        planner::Request {
            config: &self.config,
            graph: &self.graph,
            variables: &self.variables,
            env: &self.env,
            mode,
            refresh: true,
            targets: Vec::new(),
            replace: Vec::new(),
        }
    }

    /// Where the state is.
    pub async fn backend(&self) -> Result<Backend, Diagnostics> {
        let scope = crate::plan::scope::Scope::new(&self.config, &self.variables, &self.env);
        Backend::open(&self.config, &scope, &self.env).await
    }
}

fn unknowns(config: &Config) -> BTreeMap<String, Value> {
    config.variables.iter().map(|(name, it)| (name.clone(), Value::unknown(it.ty.clone()))).collect()
}

pub fn screen(global: &Global) -> Screen {
    Screen::new(global.no_color)
}

/// Points this process, and with it every client made later, at the sandbox.
pub async fn enter_sandbox() -> anyhow::Result<()> {
    for (name, value) in super::sandbox::environment()? {
        // SAFETY: the runtime has one thread, and nothing has read the environment yet.
        unsafe { std::env::set_var(name, value) };
    }
    Ok(())
}

/// `--target` and `--replace`, as given.
pub fn addresses<T>(texts: &[String], parse: fn(&str) -> Result<T, String>) -> Result<Vec<T>, Diagnostics> {
    let mut errors = Diagnostics::default();
    let all = texts.iter().filter_map(|it| errors.take(parse(it).map_err(|text| Diagnostic::error(text).into())));
    let all = all.collect();
    errors.check(all)
}
