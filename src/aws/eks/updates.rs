//! Changes that EKS takes, and carries out later, one at a time.

use std::time::Duration;

use aws_sdk_eks::types::{Update, UpdateStatus};
use tokio::time::{Instant, sleep};

use crate::aws::{Aws, Error, Result};
use crate::resource::{Op, Resource, Until, passes};

const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// What is changed.
#[derive(Debug, Clone, Copy)]
pub struct Of<'a> {
    pub cluster: &'a str,
    pub node_group: Option<&'a str>,
    pub addon: Option<&'a str>,
}

impl<'a> Of<'a> {
    pub fn cluster(cluster: &'a str) -> Self {
        Of { cluster, node_group: None, addon: None }
    }
    pub fn node_group(cluster: &'a str, name: &'a str) -> Self {
        Of { node_group: Some(name), ..Of::cluster(cluster) }
    }
    pub fn addon(cluster: &'a str, name: &'a str) -> Self {
        Of { addon: Some(name), ..Of::cluster(cluster) }
    }
}

/// Longer and longer pauses, until a time.
pub struct Pauses {
    next: Duration,
    end: Instant,
}

impl Pauses {
    pub fn new(patience: Duration) -> Self {
        Pauses { next: FIRST_PAUSE, end: Instant::now() + patience }
    }
    /// `false` where the time is over.
    pub async fn pause(&mut self) -> bool {
        if Instant::now() >= self.end {
            return false;
        }
        sleep(self.next).await;
        self.next = self.next.mul_f32(1.5).min(LONGEST_PAUSE);
        true
    }
}

/// Sends a change of an `R` as soon as EKS takes it: another one may be under way.
pub async fn taken<R: Resource>(
    patience: Duration,
    send: impl AsyncFn() -> Result<Option<Update>>,
) -> Result<Option<Update>> {
    let mut pauses = Pauses::new(patience);
    loop {
        let answer = send().await;
        let busy = answer.as_ref().is_err_and(|it| passes::<R>(Op::Update, it) == Some(Until::Free));
        if !busy || !pauses.pause().await {
            return answer;
        }
    }
}

/// Waits until a change that was taken is carried out; an error where EKS gives it up.
pub async fn carried_out(aws: &Aws, of: Of<'_>, update: Option<Update>, patience: Duration) -> Result<()> {
    let Some(mut update) = update else { return Err(Error::Incomplete("the update")) };
    let id = update.id.clone().ok_or(Error::Incomplete("the update's id"))?;
    let mut pauses = Pauses::new(patience);
    while !is_over(&update, of)? {
        if !pauses.pause().await {
            let text =
                format!("{}'s update {id} is still under way after {} s", what(of), patience.as_secs());
            return Err(Error::Invalid(text));
        }
        match describe(aws, of, &id).await {
            Ok(Some(it)) => update = it,
            // Not to be seen yet.
            Ok(None) => {}
            // A look may be repeated, and what was taken goes on.
            Err(Error::Unreached(why)) => tracing::debug!(%why, "no answer to a look at an update"),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

async fn describe(aws: &Aws, of: Of<'_>, id: &str) -> Result<Option<Update>> {
    let call = aws.eks().describe_update().name(of.cluster).update_id(id);
    let call = call.set_nodegroup_name(of.node_group.map(str::to_owned));
    let answer = call.set_addon_name(of.addon.map(str::to_owned)).send().await;
    Ok(super::if_there(answer.map_err(Error::from))?.and_then(|it| it.update))
}

fn is_over(update: &Update, of: Of<'_>) -> Result<bool> {
    match &update.status {
        Some(UpdateStatus::Successful) => Ok(true),
        Some(UpdateStatus::Failed) => Err(ended(update, of, "failed")),
        Some(UpdateStatus::Cancelled) => Err(ended(update, of, "was cancelled")),
        _ => Ok(false),
    }
}

fn ended(update: &Update, of: Of<'_>, how: &str) -> Error {
    let each = update.errors().iter().map(|it| {
        let code = it.error_code.as_ref().map_or("Unknown", |it| it.as_str());
        issue(code, it.error_message.as_deref(), it.resource_ids())
    });
    let why = each.collect::<Vec<_>>().join("; ");
    let why = if why.is_empty() { "EKS gives no reason".to_owned() } else { why };
    Error::Invalid(format!("{}'s update {how}: {why}", what(of)))
}

fn what(of: Of<'_>) -> String {
    match (of.node_group, of.addon) {
        (Some(name), _) => format!("node group {name}"),
        (_, Some(name)) => format!("add-on {name}"),
        _ => format!("cluster {}", of.cluster),
    }
}

/// One of the reasons that EKS gives, in one line.
pub fn issue(code: &str, message: Option<&str>, ids: &[String]) -> String {
    let of = if ids.is_empty() { String::new() } else { format!(" ({})", ids.join(", ")) };
    match message.filter(|it| !it.is_empty()) {
        Some(message) => format!("{code}: {message}{of}"),
        None => format!("{code}{of}"),
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_eks::types::{ErrorCode, ErrorDetail};

    use super::*;

    #[test]
    fn an_update_that_fails_says_why() {
        let of = Of::node_group("shop", "workers");
        let detail = ErrorDetail::builder()
            .error_code(ErrorCode::PodEvictionFailure)
            .error_message("Reached max retries while trying to evict pods")
            .resource_ids("i-1");
        let failed = Update::builder().status(UpdateStatus::Failed).errors(detail.build()).build();
        let error = is_over(&failed, of).unwrap_err().to_string();
        assert_eq!(
            error,
            "node group workers's update failed: PodEvictionFailure: Reached max retries while trying to evict pods (i-1)"
        );
        let going = Update::builder().status(UpdateStatus::InProgress).build();
        assert!(!is_over(&going, of).unwrap());
        let done = Update::builder().status(UpdateStatus::Successful).build();
        assert!(is_over(&done, of).unwrap());
    }
}
