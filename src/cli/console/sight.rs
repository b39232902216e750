//! What an expression in the console sees: the stack, and what its state (or a plan) holds.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use super::{input, types};
use crate::address::{Mode, ResourceAddr};
use crate::cli::session::Session;
use crate::config::Config;
use crate::diag::{Diagnostic, Diagnostics, Place, SourceFile};
use crate::engine::planner;
use crate::engine::providers::Providers;
use crate::graph;
use crate::kind;
use crate::lang::expr::{Env, Found, Offsets};
use crate::lang::{Expr, Value, render};
use crate::plan::scope::{Module, Scope, now};
use crate::plan::sensitive;
use crate::plan::{Action, Plan, PlanMode};
use crate::schema::Block;
use crate::state::State;

pub struct Sight<'a> {
    session: &'a Session,
    scope: Scope<'a>,
}

impl<'a> Sight<'a> {
    /// What the state says; with `planned`, what would be there after an apply.
    pub async fn of(session: &'a Session, planned: bool) -> Result<Sight<'a>, Diagnostics> {
        let state = session.stored().await?;
        let scope = Scope::new(&session.config, &session.variables, &session.env).at(&now(), false);
        if planned {
            let request = session.request(PlanMode::Normal);
            let providers = Providers::new(&session.config);
            let (plan, _) = planner::plan(&request, &providers, &state, &|_| {}).await?;
            show(&plan.state, &scope);
            show_changes(&plan, &scope);
        } else {
            show(&state, &scope);
        }
        Ok(Sight { session, scope })
    }

    pub fn config(&self) -> &Config {
        &self.session.config
    }

    /// The value of an expression, as text.
    pub fn evaluate(&self, file: &Arc<SourceFile>) -> Result<String, Diagnostics> {
        if let Some(inner) = input::type_of(&file.text) {
            return Ok(types::text(&self.value(file, inner)?.ty()));
        }
        if let Some(span) = input::misplaced_type(&file.text) {
            let one = Diagnostic::error("`type` is no function of the language, only of the console");
            let one = one.at(&Place::new(file, span));
            return Err(one.help("it stands alone: type(x)").into());
        }
        self.value(file, 0..file.text.len()).map(|it| render::hcl(&it))
    }

    fn value(&self, file: &Arc<SourceFile>, span: Range<usize>) -> Result<Value, Diagnostics> {
        let text = &file.text[span.clone()];
        let expr = Expr::hcl(text, Offsets::verbatim(file, span.clone()), Place::new(file, span))?;
        let undeclared = graph::undeclared(&self.session.config, &expr);
        if undeclared.has_errors() {
            return Err(undeclared);
        }
        expr.eval(&Root(self.scope.module(&Vec::new())))
    }
}

/// The root module at this moment.
struct Root<'s>(Module<'s>);

impl Env for Root<'_> {
    fn resolve(&self, path: &[&str]) -> Found {
        self.0.resolve(path)
    }
    fn base_dir(&self) -> &Path {
        self.0.base_dir()
    }
    fn template_depth(&self) -> usize {
        self.0.template_depth()
    }
    fn now(&self) -> Option<String> {
        Some(now())
    }
    fn plan_time(&self) -> Option<String> {
        self.0.plan_time()
    }
}

fn block_of(addr: &ResourceAddr) -> Option<&'static Block> {
    match addr.mode {
        Mode::Managed => kind::resource(&addr.kind).map(|it| &it.schema().block),
        Mode::Data => kind::data(&addr.kind).map(|it| &it.schema().block),
    }
}

fn show(state: &State, scope: &Scope) {
    for (addr, held) in &state.resources {
        let Some(block) = block_of(addr) else { continue };
        scope.begin(addr);
        for (key, instance) in &held.instances {
            if let Some(object) = &instance.current {
                scope.set(addr, key, sensitive::of(object, block));
            }
        }
    }
}

/// What a plan makes of it.
fn show_changes(plan: &Plan, scope: &Scope) {
    let all = || plan.changes.iter().filter(|it| it.deposed.is_none());
    all().for_each(|it| scope.begin(&it.addr.resource));
    let stays = |action: Action| !matches!(action, Action::Delete | Action::Forget);
    for it in all().filter(|it| stays(it.action)) {
        scope.set(&it.addr.resource, &it.addr.key, it.after.clone());
    }
}
