//! What goes wrong on the way to AWS, at the worst moments: nothing is lost and nothing made twice.

mod adopt;
mod answers;
mod contention;
mod interrupt;
mod kill;
mod lost;
mod patience;
mod stage;
mod storm;
mod sweep;
