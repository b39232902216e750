//! How to reach AWS, as the stack files say it: evaluated settings of provider and backend blocks
//! become [`crate::aws::connect::Settings`], and what is wrong with one is said where it stands.

mod fields;
mod provider;

pub use fields::Fields;
