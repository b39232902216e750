//! Numbers as Terraform has them: binary floats of 512 bits; integers exact at any size.
use dashu_float::{FBig, round::mode::HalfEven};

/// A number.
#[derive(Debug, Clone, PartialEq, PartialOrd)]
pub struct Number(pub(crate) FBig<HalfEven, 2>);

impl From<i64> for Number {
    fn from(it: i64) -> Self {
        Number(FBig::from(it).with_precision(512).value())
    }
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0.to_decimal().value())
    }
}
