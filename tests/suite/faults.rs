//! What goes wrong on the way to AWS, at the worst moments: nothing is lost and nothing made twice.

mod answers;
mod contention;
mod disk;
mod interrupt;
mod kill;
mod lease;
mod lost;
mod patience;
mod refused;
mod stage;
mod storm;
mod sweep;
