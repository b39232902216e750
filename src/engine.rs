//! Between the plan and AWS: refresh, planning, apply. Knows types only through [`crate::kind`].

mod absent;
pub mod apply;
pub mod checks;
pub mod held;
pub mod import;
pub mod journal;
pub mod operations;
pub mod planner;
pub mod providers;
pub mod provision;
pub mod recover;
pub mod refresh;
pub mod stop;
pub mod tags;
pub mod wait;
