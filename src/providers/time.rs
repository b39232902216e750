//! The provider `time`: moments that stay as they are, because the state keeps them, and waits.

mod clock;
pub mod offset;
pub mod rotating;
pub mod sleep;
pub mod statik;
