//! Planning with what an apply that was cut off has left behind.

use std::collections::BTreeSet;

use super::{Locked, Work};
use crate::diag::Diagnostics;
use crate::engine::journal::Journal;
use crate::engine::{planner, recover};
use crate::event::Event;
use crate::plan::scope::Scope;
use crate::plan::{Plan, PlanMode};
use crate::state::State;

/// A plan, and what is known besides.
pub struct Made {
    pub plan: Plan,
    pub warnings: Diagnostics,
    /// Addresses at which nothing is left to look for.
    pub settled: BTreeSet<String>,
    /// What an earlier apply has left, where it was read.
    pub journal: Option<Journal>,
}

impl Work<'_> {
    /// Plans from the stored state. What was being created is gone on with, and what no plan comes to is
    /// looked for first where things are going to be done.
    pub(super) async fn plan_from(
        &self,
        request: &planner::Request<'_>,
        locked: &Locked,
        stored: &State,
    ) -> Result<Made, Diagnostics> {
        let sink = |event: Event| self.screen.event(&event, self.json);
        let tainted = stored.managed().any(|it| it.2.tainted);
        if !self.applies && !tainted || request.mode == PlanMode::RefreshOnly {
            let (plan, warnings) = planner::plan(request, &self.providers, stored, &sink).await?;
            return Ok(Made { plan, warnings, settled: BTreeSet::new(), journal: None });
        }
        let journal = locked.journal().await?;
        let mut known = stored.clone();
        let scope = Scope::new(request.config, request.variables, request.env);
        let unfinished = journal.unfinished(&known, &self.session.config);
        recover::go_on(&unfinished, &mut known, &self.providers, &scope).await?;
        let (plan, warnings) = planner::plan(request, &self.providers, &known, &sink).await?;
        let strays = journal.clone().open(&plan.state).strays(&plan);
        if !self.applies || strays.creates.is_empty() {
            return Ok(Made { plan, warnings, settled: BTreeSet::new(), journal: Some(journal) });
        }
        let found = recover::recover(&strays, &mut known, &self.providers, &scope).await?;
        if !found.adopted {
            return Ok(Made { plan, warnings, settled: found.settled, journal: Some(journal) });
        }
        recover::go_on(&found.current, &mut known, &self.providers, &scope).await?;
        let (plan, warnings) = planner::plan(request, &self.providers, &known, &sink).await?;
        Ok(Made { plan, warnings, settled: found.settled, journal: Some(journal) })
    }
}
