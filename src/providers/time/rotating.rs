use std::collections::BTreeMap;

use ::time::OffsetDateTime;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::clock;
use crate::lang::Value;
use crate::plan::adjust::Adjust;
use crate::providers::{Error, Made, Result, Texts};
use crate::resource::{Chosen, Computed, Fixed};

/// A moment that stays until another one has passed: then a plan makes a new one.
///
/// ```toml
/// [time_rotating.quarter]
/// rotation_months = 3
/// ```
#[derive(Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rotating {
    /// A change of any of these values makes a new one.
    pub triggers: Fixed<Option<Texts>>,
    /// The moment to count from; that of the creation where nothing is said.
    pub rfc3339: Fixed<Chosen<Option<String>>>,
    /// A new one after so many days.
    #[schemars(range(min = 1))]
    pub rotation_days: Option<i64>,
    /// A new one after so many hours.
    #[schemars(range(min = 1))]
    pub rotation_hours: Option<i64>,
    /// A new one after so many minutes.
    #[schemars(range(min = 1))]
    pub rotation_minutes: Option<i64>,
    /// A new one after so many months.
    #[schemars(range(min = 1))]
    pub rotation_months: Option<i64>,
    /// A new one after this moment.
    pub rotation_rfc3339: Chosen<Option<String>>,
    /// A new one after so many years.
    #[schemars(range(min = 1))]
    pub rotation_years: Option<i64>,
    /// The year of the moment after which there is a new one.
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
    /// The moment that is counted from.
    pub id: Computed<String>,
}

const ROTATIONS: [&str; 5] =
    ["rotation_days", "rotation_hours", "rotation_minutes", "rotation_months", "rotation_years"];
const FOLLOWING: [&str; 7] = ["year", "month", "day", "hour", "minute", "second", "unix"];

/// When the new one is due. Of several the last one counts: days, hours, minutes, months, a moment, years.
fn due(base: OffsetDateTime, rotations: [i64; 5], moment: Option<OffsetDateTime>) -> Result<OffsetDateTime> {
    let [days, hours, minutes, months, years] = rotations;
    Ok(match (years, moment) {
        (1.., _) => clock::add_date(base, years, 0, 0)?,
        (_, Some(moment)) => moment,
        _ if months > 0 => clock::add_date(base, 0, months, 0)?,
        _ if minutes > 0 => clock::add(base, minutes, 60)?,
        _ if hours > 0 => clock::add(base, hours, 3600)?,
        _ => clock::add_date(base, 0, 0, days)?,
    })
}

impl Rotating {
    /// `moment`: the one that the stack says.
    fn counted(self, base: OffsetDateTime, moment: Option<&str>) -> Result<Self> {
        let all = [
            self.rotation_days,
            self.rotation_hours,
            self.rotation_minutes,
            self.rotation_months,
            self.rotation_years,
        ];
        let parsed = moment.map(clock::parse).transpose()?;
        let due = due(base, all.map(Option::unwrap_or_default), parsed)?;
        let spelt = moment.filter(|_| parsed == Some(due)).map(str::to_owned);
        let text = clock::text(base);
        let rfc3339 = self.rfc3339.0.0.clone().unwrap_or_else(|| text.clone());
        Ok(Rotating {
            rfc3339: Fixed(Chosen(Some(rfc3339))),
            rotation_rfc3339: Some(spelt.unwrap_or_else(|| clock::text(due))).into(),
            id: text.into(),
            ..self
        }
        .set(due))
    }

    fn set(self, moment: OffsetDateTime) -> Self {
        let parts: BTreeMap<_, _> = clock::parts(moment).into_iter().collect();
        let part = |name: &str| parts.get(name).copied().unwrap_or_default().into();
        Rotating {
            year: part("year"),
            month: part("month"),
            day: part("day"),
            hour: part("hour"),
            minute: part("minute"),
            second: part("second"),
            unix: part("unix"),
            ..self
        }
    }
}

impl Made for Rotating {
    const TYPE: &'static str = "time_rotating";
    const IMPORT: &'static [&'static str] =
        &["2020-02-12T06:36:13Z,,,30,,", "2020-02-12T06:36:13Z,2020-02-13T06:36:13Z"];

    async fn create(self) -> Result<Self> {
        let base = self.rfc3339.as_deref().filter(|it| !it.is_empty()).map(clock::parse).transpose()?;
        let moment = self.rotation_rfc3339.0.clone();
        self.counted(base.unwrap_or_else(clock::now), moment.as_deref())
    }

    async fn read(self) -> Result<Option<Self>> {
        let due =
            self.rotation_rfc3339.as_deref().filter(|it| !it.is_empty()).map(clock::parse).transpose()?;
        let over = due.is_some_and(|it| OffsetDateTime::now_utc() > it);
        Ok((!over).then_some(self))
    }

    fn change(self, was: &Self) -> Result<Self> {
        let base = clock::parse(&was.id)?;
        // The plan has put the moment there; where it is still the old one, it was not said.
        let moment = self.rotation_rfc3339.0.clone();
        self.counted(base, moment.as_deref())
    }

    fn import(id: &str) -> Result<Self> {
        let parts: Vec<&str> = id.split(',').collect();
        match parts[..] {
            [base, moment] => Rotating::default().counted(clock::parse(base)?, Some(moment)),
            [base, years, months, days, hours, minutes] if parts[1..].iter().any(|it| !it.is_empty()) => {
                let it = Rotating {
                    rotation_years: clock::part(years)?,
                    rotation_months: clock::part(months)?,
                    rotation_days: clock::part(days)?,
                    rotation_hours: clock::part(hours)?,
                    rotation_minutes: clock::part(minutes)?,
                    ..Rotating::default()
                };
                it.counted(clock::parse(base)?, None)
            }
            _ => Err(Error::Invalid(
                "import with `BASE,MOMENT` or `BASE,YEARS,MONTHS,DAYS,HOURS,MINUTES`; not all numbers may be left out"
                    .to_owned(),
            )),
        }
    }

    fn adjust(plan: &mut Adjust) {
        let all: Vec<&str> = ROTATIONS.into_iter().chain(["rotation_rfc3339"]).collect();
        clock::at_least_one(plan, &all);
        clock::configured(plan, "rfc3339");
        let moment = clock::configured(plan, "rotation_rfc3339");
        if plan.was.is_none() || !clock::any_change(plan, &all) {
            return;
        }
        let said = plan.config("rotation_rfc3339").is_some();
        let base = plan.will("rfc3339").and_then(Value::as_str).and_then(|it| clock::parse(it).ok());
        let known = base.zip(clock::numbers(plan, ROTATIONS)).filter(|_| moment.is_some() == said);
        let Some((base, rotations)) = known else {
            plan.set_unknown("rotation_rfc3339");
            return FOLLOWING.iter().for_each(|it| plan.set_unknown(it));
        };
        match due(base, rotations, moment) {
            Ok(due) => {
                clock::plan_parts(plan, due);
                if !said {
                    plan.set("rotation_rfc3339", clock::text(due).into());
                }
            }
            Err(error) => plan.error("rotation_rfc3339", error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_names_base_and_rotation() {
        let it = Rotating::import("2020-02-12T06:36:13Z,,,30,,").expect("imported");
        assert_eq!(it.rotation_rfc3339.as_deref(), Some("2020-03-13T06:36:13Z"));
        assert_eq!((*it.month, it.rotation_days), (3, Some(30)));
        let it = Rotating::import("2020-02-12T06:36:13Z,2020-02-13T06:36:13Z").expect("imported");
        assert_eq!((*it.day, it.rotation_days, it.id.as_str()), (13, None, "2020-02-12T06:36:13Z"));
        for wrong in ["", "2020-02-12T06:36:13Z", "2020-02-12T06:36:13Z,,,,,", "x,2020-02-13T06:36:13Z"] {
            assert!(Rotating::import(wrong).is_err(), "{wrong}");
        }
    }

    #[tokio::test]
    async fn what_is_over_is_gone() {
        let past = Rotating::import("2020-02-12T06:36:13Z,2020-02-13T06:36:13Z").expect("imported");
        assert!(past.read().await.expect("read").is_none());
        let future = Rotating::import("2020-02-12T06:36:13Z,2999-02-13T06:36:13Z").expect("imported");
        assert!(future.read().await.expect("read").is_some());
    }
}
