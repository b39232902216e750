//! What stands in the way of making a secret: looked up after a refusal, for people.

use std::time::{Duration, SystemTime};

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use crate::aws::{Aws, Error, Result};
use crate::resource::{Blocker, Blockers};

/// One that is removed without a time for second thoughts is gone by then.
const GONE_BY: Duration = Duration::from_secs(600);

/// The secret that has the name, where it is to be deleted: when it was, or will be.
pub async fn deleted(aws: &Aws, name: &str) -> Result<Option<DateTime>> {
    let answer = aws.secrets().describe_secret().secret_id(name).send().await.map_err(Error::from);
    Ok(super::there(answer)?.and_then(|it| it.deleted_date))
}

/// Whether the name stays taken for days: waiting minutes for it helps nobody.
pub fn for_days(deleted: &DateTime) -> bool {
    let apart = SystemTime::try_from(*deleted).map(|at| match SystemTime::now().duration_since(at) {
        Ok(ago) => ago,
        Err(ahead) => ahead.duration(),
    });
    apart.is_ok_and(|it| it > GONE_BY)
}

/// The secret that has the name.
pub async fn of_name(aws: &Aws, name: &str) -> Blockers {
    let taken = deleted(aws, name).await.map(|deleted| {
        let when = deleted.and_then(|it| it.fmt(Format::DateTime).ok());
        let taken = when.map(|when| {
            Blocker::new("secret", name).of(format!("deleted ({when}), and kept for its recovery window"))
        });
        taken.into_iter().collect()
    });
    let mut out = Blockers::default();
    out.ask("the secret of that name", taken);
    out.help(format!(
        "take it back with `aws secretsmanager restore-secret --secret-id {name}` and `infra import` it; or remove it \
         for good with `aws secretsmanager delete-secret --secret-id {name} --force-delete-without-recovery`; \
         `recovery_window_in_days = 0` removes secrets at once"
    ))
}
