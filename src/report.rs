//! Everything the user sees: plans, diagnostics, progress, state and outputs, as text and as JSON.
//! The only place that prints.
//!
//! Functions here make strings and JSON values; [`Screen`] puts them out. Texts carry colours, which
//! the screen takes out where none are wanted.

mod checks_json;
mod commands;
mod configuration_json;
mod diagnostics;
pub mod diff;
pub mod docs;
pub mod draw;
pub mod graph;
mod importing;
mod json;
mod markdown;
mod number;
mod pager;
pub mod paint;
mod partial;
mod plan_text;
mod progress;
mod screen;
pub mod show;
mod show_json;
pub mod stream;
mod value;
mod words;

pub use crate::event::{self, Event, Operation, Step};
pub use configuration_json::configuration_json;
pub use diagnostics::{diagnostic_json, diagnostics, diagnostics_json};
pub use markdown::plan_markdown;
pub use plan_text::{Schemas, plan_text, registered, summary};
pub use progress::{Tally, complete, event_text};
pub use screen::Screen;
pub use show_json::{plan_json, state_json};
pub use value::value_text;

#[cfg(test)]
mod oracle;
