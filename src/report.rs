//! Everything the user sees: plans, diagnostics, progress, state and outputs, as text and as JSON.
//! The only place that prints.

pub mod diff;
pub mod draw;
mod json;
mod number;
pub mod paint;
mod plan_text;
mod screen;

pub use plan_text::{Schemas, plan_text, registered, summary};
pub use screen::Screen;
mod words;

#[cfg(test)]
mod oracle;
