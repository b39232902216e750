//! Everything the user sees: plans, diagnostics, progress, state and outputs, as text and as JSON.
//! The only place that prints.

pub mod diff;
pub mod draw;
mod json;
mod number;
pub mod paint;
mod screen;

pub use screen::Screen;
