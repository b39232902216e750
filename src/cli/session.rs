//! What every command that looks at a stack needs: configuration, graph, variables, backend.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Global, Inputs, prompt};
use crate::config::{self, Config};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::planner;
use crate::engine::providers::Providers;
use crate::graph::Graph;
use crate::lang::Value;
use crate::plan::PlanMode;
use crate::plan::file::Saved;
use crate::report::Screen;
use crate::state::backend::Backend;
use crate::state::{Settings, State};

/// A stack, checked as far as that goes without AWS.
pub struct Session {
    pub config: Config,
    pub graph: Graph,
    pub variables: BTreeMap<String, Value>,
    pub env: String,
    /// What is not wrong and should be told all the same.
    pub warnings: Diagnostics,
}

impl Session {
    /// Reads and checks the stack in the current folder. Everything that is wrong is in the error.
    pub async fn open(global: &Global, inputs: &Inputs) -> Result<Session, Diagnostics> {
        Self::open_with(global, inputs, true).await
    }

    /// The same; without `complete`, variables that have no value are unknown (for `validate`).
    pub async fn open_with(global: &Global, inputs: &Inputs, complete: bool) -> Result<Session, Diagnostics> {
        let (mut config, mut errors) = config::read(Path::new("."));
        errors.extend(config::partial::backend(&mut config, &global.backend_config));
        let (graph, wrong) = Graph::of(&config);
        errors.extend(wrong);
        let mut request = request(global, inputs, !complete);
        if complete && !errors.has_errors() && prompt::allowed(inputs) {
            request.answers = prompt::ask(&config, &request, &screen(global))?;
        }
        let (variables, wrong) = config::inputs::settled(&config, &request);
        let variables = if wrong.has_errors() { unknowns(&config) } else { variables };
        errors.extend(wrong);
        let warnings = Diagnostics::default();
        let mut session = Session { config, graph, variables, env: global.env.clone(), warnings };
        let any = if complete { session.variables.clone() } else { unknowns(&session.config) };
        let mut request = session.request(PlanMode::Normal);
        request.once = !complete;
        request.variables = &any;
        errors.extend(planner::validate(&request, &Providers::new(&session.config)).await);
        drop(request);
        session.warnings.clone_from(&errors);
        errors.check(session)
    }

    /// For commands about the state alone: the stack is read as far as it says where that is.
    /// Without `strict`, what is wrong with the environment or a variable is left to others.
    pub async fn for_state(global: &Global, inputs: &Inputs, strict: bool) -> Result<Session, Diagnostics> {
        let (mut config, mut errors) = config::read(Path::new("."));
        errors.extend(config::partial::backend(&mut config, &global.backend_config));
        let (variables, wrong) = config::inputs::settled(&config, &request(global, inputs, true));
        errors.extend(wrong.into_iter().filter(|_| strict));
        let (env, warnings) = (global.env.clone(), Diagnostics::default());
        errors.check(Session { config, graph: Graph::default(), variables, env, warnings })
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
            once: false,
            first: Default::default(),
        }
    }

    /// For applying a saved plan: the variables are the plan's. Ephemeral ones are in no plan.
    pub async fn for_plan(global: &Global, saved: &Saved, inputs: &Inputs) -> Result<Session, Diagnostics> {
        let (mut config, mut errors) = config::read(Path::new("."));
        errors.extend(config::partial::backend(&mut config, &global.backend_config));
        let (graph, wrong) = Graph::of(&config);
        errors.extend(wrong);
        let mut variables = saved.plan.variables.clone();
        variables.extend(errors.take(ephemeral(&config, &request(global, inputs, true))).unwrap_or_default());
        let warnings = Diagnostics::default();
        errors.check(Session { config, graph, variables, env: global.env.clone(), warnings })
    }

    /// From here on variables have the values that are given, or their defaults; a check leaves them
    /// open. Those without any stay unknown; what is wrong with the others, opening has told.
    pub fn settle(&mut self, global: &Global, inputs: &Inputs) {
        self.variables = config::inputs::settled(&self.config, &request(global, inputs, false)).0;
    }

    /// What `[backend.…]` says; without one, the state is a local file.
    pub fn backend_settings(&self) -> Result<Settings, Diagnostics> {
        let Some(backend) = &self.config.backend else {
            return Settings::read("local", &Value::object::<&str>([]), None, None);
        };
        let variables = Value::object(self.variables.iter().map(|(k, v)| (k.as_str(), v.clone())));
        let scope = config::settings::scope("the backend", &variables, &self.config.stack, &self.env);
        let value = config::settings::evaluate(&backend.settings, &scope)?;
        if !value.wholly_known() {
            return Err(Diagnostic::error(
                "a setting of the backend has no value yet: set the variables it uses",
            )
            .at(&backend.place)
            .into());
        }
        Settings::read(&backend.kind, &value, Some(&backend.settings), Some(&backend.place))
    }

    /// Where the state is.
    pub async fn backend(&self) -> Result<Backend, Diagnostics> {
        let settings = self.backend_settings()?;
        Backend::open(&settings, Path::new("."), &self.env).await.map_err(|it| it.diagnostics())
    }

    /// The stored state; an empty one where none is stored yet.
    pub async fn stored(&self) -> Result<State, Diagnostics> {
        let found = self.backend().await?.read().await.map_err(|it| it.diagnostics())?;
        Ok(found.map_or_else(State::new, |it| it.0))
    }
}

/// What the command line and the process's environment say.
fn request(global: &Global, inputs: &Inputs, lenient: bool) -> config::inputs::Inputs {
    let environment = std::env::vars_os();
    let environment = environment.filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)));
    config::inputs::Inputs {
        env: Some(global.env.clone()),
        environment: environment.collect(),
        var_files: inputs.var_file.clone(),
        vars: inputs.var.clone(),
        answers: BTreeMap::new(),
        lenient,
    }
}

/// The values of ephemeral variables, which no plan holds.
fn ephemeral(
    config: &Config,
    request: &config::inputs::Inputs,
) -> Result<BTreeMap<String, Value>, Diagnostics> {
    let is = |name: &str| config.variables.get(name).is_some_and(|it| it.ephemeral);
    if !config.variables.keys().any(|it| is(it)) {
        return Ok(BTreeMap::new());
    }
    let mut given = config::inputs::resolve(config, request)?;
    given.retain(|name, _| is(name));
    for (name, value) in given.iter_mut().filter(|it| it.1.is_unknown()) {
        let default = config.variables.get(name).and_then(|it| it.default.clone());
        *value = default.map_or_else(|| value.clone(), |it| it.marked(value.marks));
    }
    let unset = given.iter().filter(|it| it.1.is_unknown()).map(|(name, _)| {
        let one =
            Diagnostic::error(format!("`var.{name}` is ephemeral, so the plan does not hold its value"));
        let place = config.variables.get(name).map(|it| it.place.clone());
        Diagnostic { place, ..one.help(format!("give it again: `--var {name}=…`")) }
    });
    Diagnostics(unset.collect()).check(given)
}

fn unknowns(config: &Config) -> BTreeMap<String, Value> {
    config.variables.iter().map(|(name, it)| (name.clone(), config::inputs::open(it))).collect()
}

pub fn screen(global: &Global) -> Screen {
    Screen::new(global.no_color)
}

/// Points this process, and with it every client made later, at the sandbox.
pub async fn enter_sandbox() -> anyhow::Result<()> {
    let environment = super::sandbox::environment()?;
    // SAFETY: the runtime has one thread, and nothing has read the environment yet.
    unsafe {
        crate::sandbox::UNWANTED.iter().for_each(|it| std::env::remove_var(it));
        environment.iter().for_each(|(name, value)| std::env::set_var(name, value));
    }
    Ok(())
}

/// `--target` and `--replace`, as given.
pub fn addresses<T>(texts: &[String], parse: fn(&str) -> Result<T, String>) -> Result<Vec<T>, Diagnostics> {
    let mut errors = Diagnostics::default();
    let all =
        texts.iter().filter_map(|it| errors.take(parse(it).map_err(|text| Diagnostic::error(text).into())));
    let all = all.collect();
    errors.check(all)
}
