//! To come.
use super::Function;
pub(super) const ALL: &[Function] = &[];
