use std::collections::BTreeMap;

use ::time::OffsetDateTime;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::clock;
use crate::plan::adjust::Adjust;
use crate::providers::{Made, Result, Texts};
use crate::resource::{Chosen, Computed, Fixed};

/// A moment that stays: when this was created, unless the stack says another one.
///
/// ```toml
/// [time_static.created]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Static {
    /// A change of any of these values makes a new one.
    pub triggers: Fixed<Option<Texts>>,
    /// The moment, such as `2026-03-31T12:00:00Z`.
    pub rfc3339: Fixed<Chosen<Option<String>>>,
    /// Its year.
    pub year: Computed<i64>,
    /// Its month, from 1.
    pub month: Computed<i64>,
    /// Its day of the month.
    pub day: Computed<i64>,
    /// Its hour.
    pub hour: Computed<i64>,
    /// Its minute.
    pub minute: Computed<i64>,
    /// Its second.
    pub second: Computed<i64>,
    /// Its seconds since 1970.
    pub unix: Computed<i64>,
    /// The moment.
    pub id: Computed<String>,
}

impl Static {
    fn of(moment: OffsetDateTime, triggers: Option<Texts>) -> Self {
        let part: BTreeMap<_, _> = clock::parts(moment).into_iter().collect();
        let part = |name: &str| part.get(name).copied().unwrap_or_default().into();
        Static {
            triggers: triggers.into(),
            rfc3339: Fixed(Chosen(Some(clock::text(moment)))),
            year: part("year"),
            month: part("month"),
            day: part("day"),
            hour: part("hour"),
            minute: part("minute"),
            second: part("second"),
            unix: part("unix"),
            id: clock::text(moment).into(),
        }
    }
}

impl Made for Static {
    const TYPE: &'static str = "time_static";
    const IMPORT: &'static [&'static str] = &["2020-02-12T06:36:13Z"];

    async fn create(self) -> Result<Self> {
        let said = self.rfc3339.as_deref().map(clock::parse).transpose()?;
        let spelt = self.rfc3339.clone();
        let made = Static::of(said.unwrap_or_else(clock::now), self.triggers.0);
        // What the stack says keeps its spelling.
        Ok(if spelt.is_some() { Static { rfc3339: spelt, ..made } } else { made })
    }

    fn import(id: &str) -> Result<Self> {
        Ok(Static::of(clock::parse(id)?, None))
    }

    fn adjust(plan: &mut Adjust) {
        let said = clock::configured(plan, "rfc3339");
        if let (None, Some(moment)) = (&plan.was, said) {
            clock::plan_parts(plan, moment);
            plan.set("id", clock::text(moment).into());
        }
    }
}
