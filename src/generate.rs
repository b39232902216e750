//! Resource blocks for what is imported: from values to the text of a stack file, or of a `.tf` file.
//! Pure.

mod hcl;
#[cfg(test)]
mod tests;
mod toml;
mod tree;

use crate::address::ResourceAddr;

pub use hcl::text as hcl;
pub use toml::text as toml;
pub use tree::{Body, Node, of};

/// A resource block to write.
pub struct Written {
    pub addr: ResourceAddr,
    /// The id that it is imported by.
    pub id: String,
    /// The provider configuration, where it is not the default one: `aws.west`.
    pub provider: Option<String>,
    pub body: Body,
}
