//! Auto Scaling of EC2, and what its types share.

pub mod attachment;
pub mod group;
pub mod launch_configuration;
pub mod lookup;
pub mod policy;
pub mod schedule;

use crate::resource::{CHANGES, Passing};

/// What passes with time for all of its types.
pub const AUTOSCALING: &[Passing] = &[
    // One change after the other.
    Passing::busy("ResourceContention"),
    Passing::busy("ScalingActivityInProgress"),
    // Instances are on their way out, and a warm pool.
    Passing::in_use("ResourceInUse"),
    // What the call names was made a moment ago, and Auto Scaling does not know of it yet.
    Passing::unseen("ValidationError").saying("Invalid IAM Instance Profile"),
    Passing::unseen("ValidationError").saying("Unable to publish test message to notification target"),
    Passing::unseen("ValidationError").saying("The specified launch template, with template ID"),
    Passing::unseen("ValidationError").saying("AutoScalingGroup name not found"),
    // A refresh that is being cancelled.
    Passing::busy("InstanceRefreshInProgress").on(CHANGES),
];
