//! What is to be agreed to before an apply: a yes, or the environment's name where
//! `[env.NAME] lifecycle = { confirm = … }` asks for that.

use super::Inputs;
use super::approve::{approved, typed};
use super::prompt;
use super::session::Session;
use crate::config::Confirm;
use crate::diag::{Diagnostic, Diagnostics, Place};
use crate::plan::{Plan, PlanMode};
use crate::report::Screen;

/// How an apply is agreed to.
#[derive(clap::Args, Debug, Clone, Default)]
pub struct Approval {
    /// Do not ask.
    #[arg(long)]
    pub auto_approve: bool,
    /// The environment's name, where the stack demands it (`[env.prod] lifecycle = { confirm = … }`) and
    /// there is no terminal to type it on.
    #[arg(long, value_name = "ENV")]
    pub confirm: Option<String>,
}

impl Approval {
    /// A name that is given has to be the right one.
    pub fn check(&self, env: &str) -> Result<(), Diagnostics> {
        match self.confirm.as_deref().filter(|it| *it != env) {
            None => Ok(()),
            Some(other) => {
                let text = format!("--confirm names `{other}`, and this is environment `{env}`");
                Err(Diagnostic::error(text).help("--env chooses the environment").into())
            }
        }
    }

    /// Whether a plan that was just shown is to be applied.
    pub fn agree(&self, plan: &Plan, session: &Session, inputs: &Inputs) -> Result<bool, Diagnostics> {
        if !plan.applies() {
            return Ok(true);
        }
        match demand(session, plan) {
            Some(it) if self.confirm.is_none() => self.name(&it, session, inputs),
            _ if self.auto_approve => Ok(true),
            _ => ask(inputs, plan.mode, &session.env),
        }
    }

    /// Whether a saved plan is to be applied: it was agreed to when it was made, but for the name.
    pub fn agree_saved(&self, plan: &Plan, session: &Session, inputs: &Inputs) -> Result<bool, Diagnostics> {
        match demand(session, plan) {
            Some(it) if self.confirm.is_none() && plan.applies() => self.name(&it, session, inputs),
            _ => Ok(true),
        }
    }

    fn name(&self, demand: &Demand<'_>, session: &Session, inputs: &Inputs) -> Result<bool, Diagnostics> {
        let env = &session.env;
        if self.auto_approve || !prompt::allowed(inputs) {
            let text = format!("environment `{env}` wants its name typed {}", demand.when());
            let one = Diagnostic::error(text).at(demand.place).label("because of this");
            let help = format!("pass --confirm {env} if that is meant, or type the name at a terminal");
            return Err(one.help(help).into());
        }
        Ok(typed(&format!("Type the environment's name, {env}, to apply this"))? == *env)
    }
}

/// An environment's demand for its name.
struct Demand<'s> {
    confirm: Confirm,
    place: &'s Place,
}

impl Demand<'_> {
    fn when(&self) -> &'static str {
        match self.confirm {
            Confirm::Always => "before anything is applied",
            Confirm::Destroy => "before anything is destroyed or replaced",
        }
    }
}

/// What the environment demands for this plan.
fn demand<'s>(session: &'s Session, plan: &Plan) -> Option<Demand<'s>> {
    let (confirm, place) = session.config.confirm.get(&session.env)?;
    let asked = match confirm {
        Confirm::Always => plan.applies(),
        Confirm::Destroy => plan.destroys(),
    };
    asked.then_some(Demand { confirm: *confirm, place })
}

/// Says under a plan that its apply will ask for the name.
pub fn announce(plan: &Plan, session: &Session, screen: &Screen, json: bool) {
    if let Some(it) = demand(session, plan) {
        let env = &session.env;
        let text = format!(
            "Environment `{env}` wants its name typed {}: an apply asks for it, or takes --confirm {env}.",
            it.when()
        );
        screen.note(&text, json);
    }
}

fn ask(inputs: &Inputs, mode: PlanMode, env: &str) -> Result<bool, Diagnostics> {
    let question = match mode {
        PlanMode::Destroy => format!("Destroy all of this in environment `{env}`?"),
        PlanMode::RefreshOnly => format!("Write this to the state of environment `{env}`?"),
        PlanMode::Normal => format!("Apply this to environment `{env}`?"),
    };
    approved(
        inputs,
        &question,
        "pass --auto-approve, or save a plan with `infra plan --out FILE` and apply that",
    )
}
