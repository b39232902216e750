use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::lang::{Type, Value};
use crate::plan::adjust::Adjust;
use crate::providers::{Made, Result};
use crate::resource::{Any, Computed};

/// Keeps a value, and is replaced when another one changes: something to hang triggers and provisioners on.
///
/// ```toml
/// [terraform_data.release]
/// input = "1.4.2"
/// triggers_replace = ["${timestamp()}"]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// Any value; `output` takes it over.
    pub input: Option<Any>,
    /// Any value; a change of it replaces this.
    pub triggers_replace: Option<Any>,
    /// By chance.
    pub id: Computed<String>,
    /// What `input` says, known once that is applied.
    pub output: Computed<Option<Any>>,
}

impl Made for Data {
    const TYPE: &'static str = "terraform_data";
    const IMPORT: &'static [&'static str] = &["1d7b5b0e-0d4d-4f4e-8f3c-2a9c5b7e6d10"];

    async fn create(self) -> Result<Self> {
        let id = uuid::Uuid::new_v4().to_string();
        Ok(Data { id: id.into(), output: self.input.clone().into(), ..self })
    }

    fn change(self, _: &Self) -> Result<Self> {
        Ok(Data { output: self.input.clone().into(), ..self })
    }

    fn import(id: &str) -> Result<Self> {
        Ok(Data { input: None, triggers_replace: None, id: id.to_owned().into(), output: None.into() })
    }

    fn adjust(plan: &mut Adjust) {
        let triggers = differs(plan, "triggers_replace");
        let created = plan.was.is_none();
        if triggers && !created {
            plan.require_replace("triggers_replace");
            plan.set_unknown("id");
        }
        let Some(input) = plan.will("input").cloned() else { return };
        // The type of an input that is not known yet is, mostly.
        let ty = input.ty();
        match created || triggers {
            true if input.is_null() => plan.set("output", input.unmarked_deep()),
            true => plan.set("output", Value::unknown(ty)),
            false if differs(plan, "input") => plan.set("output", Value::unknown(ty)),
            false => {}
        }
    }
}

/// Whether an attribute changes in value or type.
fn differs(plan: &Adjust, name: &str) -> bool {
    let plain = |it: Option<&Value>| it.cloned().unwrap_or(Value::null(Type::Any)).unmarked_deep();
    plain(plan.was.as_ref().and_then(|it| it.get(name))) != plain(plan.will(name))
}
