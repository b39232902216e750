use std::collections::BTreeMap;

use ::time::OffsetDateTime;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::clock;
use crate::lang::Value;
use crate::plan::adjust::Adjust;
use crate::providers::{Error, Made, Result, Texts};
use crate::resource::{Chosen, Computed, Fixed};

/// A moment that stays, so much later than another one.
///
/// ```toml
/// [time_offset.expiry]
/// offset_days = 90
/// ```
#[derive(Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Offset {
    /// A change of any of these values makes a new one.
    pub triggers: Fixed<Option<Texts>>,
    /// The moment to count from; that of the creation where nothing is said.
    pub base_rfc3339: Chosen<Option<String>>,
    /// So many days later.
    pub offset_days: Option<i64>,
    /// So many hours later.
    pub offset_hours: Option<i64>,
    /// So many minutes later.
    pub offset_minutes: Option<i64>,
    /// So many months later.
    pub offset_months: Option<i64>,
    /// So many seconds later.
    pub offset_seconds: Option<i64>,
    /// So many years later.
    pub offset_years: Option<i64>,
    /// The later moment.
    pub rfc3339: Computed<String>,
    /// The year of the later moment.
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

const OFFSETS: [&str; 6] =
    ["offset_days", "offset_hours", "offset_minutes", "offset_months", "offset_seconds", "offset_years"];
const FOLLOWING: [&str; 9] = ["year", "month", "day", "hour", "minute", "second", "unix", "rfc3339", "id"];

/// The later moment: days, hours, minutes, months, seconds and years are added in this order.
fn later(base: OffsetDateTime, offsets: [i64; 6]) -> Result<OffsetDateTime> {
    let [days, hours, minutes, months, seconds, years] = offsets;
    let it = clock::add_date(base, 0, 0, days)?;
    let it = clock::add(clock::add(it, hours, 3600)?, minutes, 60)?;
    let it = clock::add_date(it, 0, months, 0)?;
    clock::add_date(clock::add(it, seconds, 1)?, years, 0, 0)
}

impl Offset {
    fn counted(self, base: OffsetDateTime) -> Result<Self> {
        let all = [
            self.offset_days,
            self.offset_hours,
            self.offset_minutes,
            self.offset_months,
            self.offset_seconds,
            self.offset_years,
        ];
        let moment = later(base, all.map(Option::unwrap_or_default))?;
        let text = clock::text(base);
        let spelt = self.base_rfc3339.0.clone().unwrap_or_else(|| text.clone());
        let base_rfc3339 = Some(spelt).into();
        Ok(Offset { base_rfc3339, rfc3339: clock::text(moment).into(), id: text.into(), ..self }.set(moment))
    }

    fn set(self, moment: OffsetDateTime) -> Self {
        let parts: BTreeMap<_, _> = clock::parts(moment).into_iter().collect();
        let part = |name: &str| parts.get(name).copied().unwrap_or_default().into();
        Offset {
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

impl Made for Offset {
    const TYPE: &'static str = "time_offset";
    const IMPORT: &'static [&'static str] = &["2020-02-12T06:36:13Z,,,7,,,"];

    async fn create(self) -> Result<Self> {
        let base = self.base_rfc3339.as_deref().filter(|it| !it.is_empty()).map(clock::parse).transpose()?;
        self.counted(base.unwrap_or_else(clock::now))
    }

    fn change(self, was: &Self) -> Result<Self> {
        let base = self.base_rfc3339.as_deref().or(was.base_rfc3339.as_deref()).unwrap_or_default();
        let base = clock::parse(base)?;
        self.counted(base)
    }

    fn import(id: &str) -> Result<Self> {
        let parts: Vec<&str> = id.split(',').collect();
        let wrong = "import with `BASE,YEARS,MONTHS,DAYS,HOURS,MINUTES,SECONDS`; numbers may be left out";
        let [base, years, months, days, hours, minutes, seconds] = parts[..] else {
            return Err(Error::Invalid(wrong.to_owned()));
        };
        if parts[1..].iter().all(|it| it.is_empty()) {
            return Err(Error::Invalid(format!("{wrong}, but not all of them")));
        }
        let it = Offset {
            offset_years: clock::part(years)?,
            offset_months: clock::part(months)?,
            offset_days: clock::part(days)?,
            offset_hours: clock::part(hours)?,
            offset_minutes: clock::part(minutes)?,
            offset_seconds: clock::part(seconds)?,
            ..Offset::default()
        };
        it.counted(clock::parse(base)?)
    }

    fn adjust(plan: &mut Adjust) {
        clock::at_least_one(plan, &OFFSETS);
        clock::configured(plan, "base_rfc3339");
        if plan.was.is_none() {
            return;
        }
        let moved = clock::any_change(plan, &["base_rfc3339"]);
        if !clock::any_change(plan, &OFFSETS) {
            // As the provider has it: only new offsets are worked out in the plan.
            if moved {
                FOLLOWING.iter().for_each(|it| plan.set_unknown(it));
            }
            return;
        }
        let base = plan.will("base_rfc3339").and_then(Value::as_str).and_then(|it| clock::parse(it).ok());
        let Some((base, offsets)) = base.zip(clock::numbers(plan, OFFSETS)) else {
            return FOLLOWING.iter().for_each(|it| plan.set_unknown(it));
        };
        match later(base, offsets) {
            Ok(moment) => {
                clock::plan_parts(plan, moment);
                plan.set("rfc3339", clock::text(moment).into());
                plan.set("id", clock::text(base).into());
            }
            Err(error) => plan.error("rfc3339", error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_names_base_and_offsets() {
        let it = Offset::import("2020-02-12T06:36:13Z,1,,2,,,3").expect("imported");
        assert_eq!(*it.rfc3339, "2021-02-14T06:36:16Z");
        assert_eq!((it.offset_years, it.offset_days, it.offset_hours), (Some(1), Some(2), None));
        assert_eq!((*it.day, *it.second, it.id.as_str()), (14, 16, "2020-02-12T06:36:13Z"));
        for wrong in
            ["2020-02-12T06:36:13Z", "2020-02-12T06:36:13Z,,,,,,", "x,1,,,,,", "2020-02-12T06:36:13Z,a,,,,,"]
        {
            assert!(Offset::import(wrong).is_err(), "{wrong}");
        }
    }
}
