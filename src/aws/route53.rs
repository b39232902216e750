//! Route 53.

mod batch;
mod blockers;
mod changes;
pub mod health_check;
pub mod lookup;
mod names;
pub mod record;
mod tagging;
mod walk;
pub mod zone;
pub mod zone_association;

pub use tagging::{change_tags, list_tags};

use crate::resource::Passing;

/// What passes with time for all of Route 53's types.
pub const ROUTE53: &[Passing] = &[
    // Somebody else changes it at this moment.
    Passing::busy("ConcurrentModification"),
    Passing::busy("PriorRequestNotComplete"),
    Passing::unseen("NoSuchHostedZone"),
    Passing::unseen("NoSuchHealthCheck"),
];

/// An ARN of Route 53: in no region, of no account.
fn arn(aws: &super::Aws, kind: &str, id: &str) -> String {
    format!("arn:{}:route53:::{kind}/{id}", aws.partition())
}
