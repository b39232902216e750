//! What every command that looks at a stack needs: configuration, graph, variables, backend.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;

use super::{Global, Inputs, prompt};
use crate::config::{self, Config};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::planner;
use crate::engine::providers::Providers;
use crate::graph::Graph;
use crate::lang::Value;
use crate::plan::PlanMode;
use crate::plan::file::Saved;
use crate::providers::terraform::others;
use crate::report::Screen;
use crate::state::backend::Backend;
use crate::state::{Encryption, Settings, State};

/// A stack, checked as far as that goes without AWS.
pub struct Session {
    pub config: Config,
    pub graph: Graph,
    pub variables: BTreeMap<String, Value>,
    pub env: String,
    /// What is not wrong and should be told all the same.
    pub warnings: Diagnostics,
    /// How its files are encrypted, once that was asked for: keys are made once.
    sealed: OnceCell<Rc<Encryption>>,
}

impl Session {
    /// Reads and checks the stack in the current folder. Everything that is wrong is in the error.
    pub async fn open(global: &Global, inputs: &Inputs) -> Result<Session, Diagnostics> {
        Self::open_with(global, inputs, true).await
    }

    /// The same; without `complete`, variables that have no value are unknown (for `validate`).
    pub async fn open_with(global: &Global, inputs: &Inputs, complete: bool) -> Result<Session, Diagnostics> {
        Self::from_read(config::read(Path::new(".")), global, inputs, complete).await
    }

    /// Of a configuration that is read already, with what is wrong with it.
    pub async fn from_read(
        read: (Config, Diagnostics),
        global: &Global,
        inputs: &Inputs,
        complete: bool,
    ) -> Result<Session, Diagnostics> {
        let (config, graph, mut errors) = linked(read, global);
        let mut request = request(global, inputs, !complete);
        if complete && !errors.has_errors() && prompt::allowed(inputs) {
            request.answers = prompt::ask(&config, &request, &screen(global))?;
        }
        let (variables, wrong) = config::inputs::settled(&config, &request);
        let variables = if wrong.has_errors() { unknowns(&config) } else { variables };
        errors.extend(wrong);
        let mut session = Session::of(config, graph, variables, &global.env);
        if complete && !errors.has_errors() {
            errors.take(session.encryption());
        }
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
        let (config, mut errors) = added(config::read(Path::new(".")), global);
        let (variables, wrong) = config::inputs::settled(&config, &request(global, inputs, true));
        errors.extend(wrong.into_iter().filter(|_| strict));
        errors.check(Session::of(config, Graph::default(), variables, &global.env))
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
            excludes: Vec::new(),
            replace: Vec::new(),
            once: false,
            first: Default::default(),
        }
    }

    /// For applying a saved plan: the variables are the plan's. Ephemeral ones are in no plan.
    pub async fn for_plan(global: &Global, saved: &Saved, inputs: &Inputs) -> Result<Session, Diagnostics> {
        let (config, graph, mut errors) = written(global);
        let mut variables = saved.plan.variables.clone();
        variables.extend(errors.take(ephemeral(&config, &request(global, inputs, true))).unwrap_or_default());
        errors.check(Session::of(config, graph, variables, &global.env))
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
        let encryption = self.encryption()?;
        let backend = Backend::open(&settings, Path::new("."), &self.env).await;
        Ok(backend.map_err(|it| it.diagnostics())?.encrypted(encryption))
    }

    /// How state and plan files are encrypted.
    pub fn encryption(&self) -> Result<Rc<Encryption>, Diagnostics> {
        if let Some(it) = self.sealed.get() {
            return Ok(it.clone());
        }
        let found = Rc::new(match &self.config.encryption {
            Some(written) => {
                let scope =
                    config::early::Early::of(&self.config, &self.variables, &self.env, "the encryption");
                Encryption::read(written, &scope).map_err(config::encryption::hidden)?
            }
            None => Encryption::default(),
        });
        others::decrypted_by(&found);
        Ok(self.sealed.get_or_init(|| found).clone())
    }

    /// For opening a plan file: what can be known without it.
    pub fn early(global: &Global, inputs: &Inputs) -> Result<Session, Diagnostics> {
        let (config, graph, errors) = written(global);
        let (variables, _) = config::inputs::settled(&config, &request(global, inputs, true));
        errors.check(Session::of(config, graph, variables, &global.env))
    }

    /// With no warnings so far.
    pub fn of(config: Config, graph: Graph, variables: BTreeMap<String, Value>, env: &str) -> Session {
        let (env, warnings, sealed) = (env.to_owned(), Diagnostics::default(), OnceCell::new());
        Session { config, graph, variables, env, warnings, sealed }
    }

    /// The stored state; an empty one where none is stored yet.
    pub async fn stored(&self) -> Result<State, Diagnostics> {
        let found = self.backend().await?.read().await.map_err(|it| it.diagnostics())?;
        Ok(found.map_or_else(State::new, |it| it.0))
    }
}

/// The stack in the current folder with what the command line and the environment add to it, and all
/// that is wrong with it.
fn written(global: &Global) -> (Config, Graph, Diagnostics) {
    linked(config::read(Path::new(".")), global)
}

/// What was read, with what the command line and the environment say of it.
fn added(read: (Config, Diagnostics), global: &Global) -> (Config, Diagnostics) {
    let (mut config, mut errors) = read;
    errors.extend(config::partial::backend(&mut config, &global.backend_config));
    for name in config::encryption::SOURCES.iter().rev() {
        let Some(text) = std::env::var(name).ok().filter(|it| !it.trim().is_empty()) else { continue };
        let base = config.encryption.take().unwrap_or_default();
        let over = errors.take(config::encryption::Encryption::parse(name, &text)).unwrap_or_default();
        config.encryption = Some(base.overlaid(over));
    }
    if let Some(it) = &config.encryption {
        errors.extend(config::encryption::hidden(it.check()));
    }
    (config, errors)
}

/// The same, with what depends on what.
fn linked(read: (Config, Diagnostics), global: &Global) -> (Config, Graph, Diagnostics) {
    let (config, mut errors) = added(read, global);
    let (graph, wrong) = Graph::of(&config);
    errors.extend(wrong);
    (config, graph, errors)
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
