//! What uses a certificate: looked up after a refusal, for people.

use super::describe;
use crate::aws::{Aws, Result};
use crate::resource::{Blocker, Blockers};

pub async fn of_certificate(aws: &Aws, arn: &str) -> Blockers {
    let mut out = Blockers::default();
    out.ask("what uses it", users(aws, arn).await);
    out
}

async fn users(aws: &Aws, arn: &str) -> Result<Vec<Blocker>> {
    let used = describe(aws, arn).await?.and_then(|it| it.in_use_by).unwrap_or_default();
    // `arn:aws:elasticloadbalancing:…:loadbalancer/app/web/0a1b2c3d`
    let each = used.iter().map(|it| Blocker {
        what: it.clone(),
        owner: Some(format!("a resource of {}", it.split(':').nth(2).unwrap_or_default())),
        ids: vec![it.clone()],
        leaves: None,
    });
    Ok(each.collect())
}
