use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::clock;
use crate::plan::adjust::Adjust;
use crate::providers::{Error, Made, Result, Texts};
use crate::resource::{Computed, Fixed};

/// A wait: what depends on this is created later, what this depends on is destroyed later.
///
/// ```toml
/// [time_sleep.settle]
/// create_duration = "30s"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sleep {
    /// How long its creation takes, such as `500ms`, `30s`, `5m` or `1.5h`.
    #[schemars(regex(pattern = r"^[0-9]+(\.[0-9]+)?(ms|s|m|h)$"))]
    pub create_duration: Option<String>,
    /// How long its removal takes.
    #[schemars(regex(pattern = r"^[0-9]+(\.[0-9]+)?(ms|s|m|h)$"))]
    pub destroy_duration: Option<String>,
    /// A change of any of these values waits again.
    pub triggers: Fixed<Option<Texts>>,
    /// When it was created.
    pub id: Computed<String>,
}

/// A number and its unit.
fn duration(text: &str) -> Result<std::time::Duration> {
    let wrong = || Error::Invalid(format!("`{text}` is not a length of time such as 30s or 5m"));
    let unit = text.find(|it: char| it.is_ascii_alphabetic()).ok_or_else(wrong)?;
    let (number, unit) = text.split_at(unit);
    let seconds = match unit {
        "ms" => 0.001,
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return Err(wrong()),
    };
    let number: f64 = number.parse().map_err(|_| wrong())?;
    std::time::Duration::try_from_secs_f64(number * seconds).map_err(|_| wrong())
}

async fn wait(text: Option<&str>) -> Result<()> {
    if let Some(text) = text.filter(|it| !it.is_empty()) {
        tokio::time::sleep(duration(text)?).await;
    }
    Ok(())
}

impl Made for Sleep {
    const TYPE: &'static str = "time_sleep";
    const IMPORT: &'static [&'static str] = &["30s,", "30s,1m", ",1m"];
    const CREATE_SECONDS: u32 = 30;

    async fn create(self) -> Result<Self> {
        wait(self.create_duration.as_deref()).await?;
        Ok(Sleep { id: clock::text(clock::now()).into(), ..self })
    }

    async fn delete(self) -> Result<()> {
        wait(self.destroy_duration.as_deref()).await
    }

    fn import(id: &str) -> Result<Self> {
        let parts: Vec<&str> = id.split(',').collect();
        let [create, destroy] = parts[..] else { return Err(wrong_id()) };
        let some = |it: &str| Some(it.to_owned()).filter(|it| !it.is_empty());
        let (create_duration, destroy_duration) = (some(create), some(destroy));
        if create_duration.is_none() && destroy_duration.is_none() {
            return Err(wrong_id());
        }
        for it in [&create_duration, &destroy_duration].into_iter().flatten() {
            duration(it)?;
        }
        let id = clock::text(clock::now()).into();
        Ok(Sleep { create_duration, destroy_duration, triggers: None.into(), id })
    }

    fn adjust(plan: &mut Adjust) {
        clock::at_least_one(plan, &["create_duration", "destroy_duration"]);
    }
}

fn wrong_id() -> Error {
    Error::Invalid("import with `CREATE_DURATION,DESTROY_DURATION`, one of which may be empty".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let seconds = |text: &str| duration(text).map(|it| it.as_secs_f64()).ok();
        assert_eq!(seconds("500ms"), Some(0.5));
        assert_eq!(seconds("1.5h"), Some(5400.0));
        for wrong in ["", "5", "m", "1h30m", "-1s", "1e400s"] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_id_names_both_durations() {
        let it = Sleep::import(",5m").expect("imported");
        assert_eq!((it.create_duration, it.destroy_duration.as_deref()), (None, Some("5m")));
        for wrong in ["", ",", "5m", "x,"] {
            assert!(Sleep::import(wrong).is_err(), "{wrong}");
        }
    }
}
