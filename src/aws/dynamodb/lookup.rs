//! Tables that are there already, and what they hold.

pub mod table;
pub mod table_item;
