//! Changes of a zone's records: AWS takes five calls a second, and one at a time for a zone, but a call
//! takes many changes. Those of the same moment, and those that come while a call is under way, go together.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::time::Duration;

use aws_sdk_route53::operation::change_resource_record_sets::ChangeResourceRecordSetsError;
use aws_sdk_route53::types::{Change, ChangeAction, ChangeBatch, ChangeInfo, ResourceRecordSet};
use tokio::sync::oneshot::error::TryRecvError;
use tokio::sync::{Mutex, oneshot};

use crate::aws::shape::built;
use crate::aws::{Aws, Error, Result};

/// How long the first waits for company.
const GATHER: Duration = Duration::from_millis(100);
/// What a call holds at most: values, and their characters. A change that replaces counts double.
const VALUES: usize = 1000;
const CHARACTERS: usize = 32_000;

type Answer = Result<Option<ChangeInfo>>;

/// Changes that belong together, and who waits for what comes of them.
struct Order {
    changes: Vec<Change>,
    to: oneshot::Sender<Answer>,
}

#[derive(Default)]
struct Desk {
    orders: RefCell<VecDeque<Order>>,
    /// Held by whoever sends.
    turn: Mutex<()>,
}

pub fn change(action: ChangeAction, set: ResourceRecordSet) -> Result<Change> {
    built(Change::builder().action(action).resource_record_set(set).build())
}

/// Sends these changes, which are made all or none, perhaps together with others'.
pub async fn send(aws: &Aws, zone: &str, changes: Vec<Change>) -> Answer {
    let name = format!("changes of zone {zone}");
    let desk = aws.once(&name, async { Ok(Desk::default()) }).await?;
    let (to, mut answer) = oneshot::channel();
    desk.orders.borrow_mut().push_back(Order { changes, to });
    tokio::time::sleep(GATHER).await;
    let _turn = desk.turn.lock().await;
    loop {
        match answer.try_recv() {
            Ok(it) => return it,
            // Whoever sent it has been given up on the way.
            Err(TryRecvError::Closed) => {
                return Err(Error::Unreached("the call that carried it was given up".to_owned()));
            }
            Err(TryRecvError::Empty) => {}
        }
        let some = take(&mut desk.orders.borrow_mut());
        carry(aws, zone, some).await;
    }
}

/// As many of the first as fit into one call.
fn take(orders: &mut VecDeque<Order>) -> Vec<Order> {
    let (mut values, mut characters) = (0, 0);
    let mut out = Vec::new();
    while let Some(next) = orders.front() {
        let size = size(&next.changes);
        (values, characters) = (values + size.0, characters + size.1);
        if !out.is_empty() && (values > VALUES || characters > CHARACTERS) {
            break;
        }
        out.extend(orders.pop_front());
    }
    out
}

/// How many values these changes hold, and how many characters they have.
fn size(changes: &[Change]) -> (usize, usize) {
    let each = changes.iter().map(|it| {
        let times = if it.action == ChangeAction::Upsert { 2 } else { 1 };
        let values = it.resource_record_set.as_ref().map(|it| it.resource_records()).unwrap_or_default();
        let characters: usize = values.iter().map(|it| it.value.chars().count()).sum();
        (times * values.len().max(1), times * characters)
    });
    each.fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1))
}

async fn carry(aws: &Aws, zone: &str, orders: Vec<Order>) {
    let all = orders.iter().flat_map(|it| it.changes.iter().cloned()).collect();
    let answer = call(aws, zone, all).await;
    // One of many spoils it for all: then each goes by itself.
    if orders.len() > 1 && answer.as_ref().is_err_and(|it| it.code().is_some_and(is_of_one)) {
        for it in orders {
            let answer = call(aws, zone, it.changes).await;
            drop(it.to.send(answer));
        }
        return;
    }
    for it in orders {
        drop(it.to.send(answer.clone()));
    }
}

/// Whether a refusal may be about one change among others.
fn is_of_one(code: &str) -> bool {
    matches!(code, "InvalidChangeBatch" | "InvalidInput" | "NoSuchHealthCheck" | "ValidationError")
}

async fn call(aws: &Aws, zone: &str, changes: Vec<Change>) -> Answer {
    let batch =
        built(ChangeBatch::builder().comment("Managed by Terraform").set_changes(Some(changes)).build())?;
    let call = aws.route53().change_resource_record_sets().hosted_zone_id(zone).change_batch(batch);
    let refusal = match aws.unrepeated(call.send()).await {
        Ok(it) => return Ok(it.change_info),
        Err(it) => it,
    };
    let messages = match refusal.as_service_error() {
        Some(ChangeResourceRecordSetsError::InvalidChangeBatch(it)) => it.messages().join("; "),
        _ => String::new(),
    };
    match Error::from(refusal) {
        Error::Refused { code, request, .. } if !messages.is_empty() => {
            Err(Error::Refused { code, message: messages, request })
        }
        other => Err(other),
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_route53::types::{ResourceRecord, RrType};

    use super::*;

    fn order(action: ChangeAction, values: usize) -> Order {
        let value = || ResourceRecord::builder().value("192.0.2.1").build().unwrap();
        let set = ResourceRecordSet::builder().name("a").r#type(RrType::A);
        let set = set.set_resource_records(Some((0..values).map(|_| value()).collect())).build().unwrap();
        Order { changes: vec![change(action, set).unwrap()], to: oneshot::channel().0 }
    }

    #[test]
    fn a_call_takes_what_fits_and_at_least_one() {
        let mut orders: VecDeque<Order> = (0..3).map(|_| order(ChangeAction::Create, 400)).collect();
        orders.push_front(order(ChangeAction::Upsert, 600));
        assert_eq!(take(&mut orders).len(), 1);
        assert_eq!(take(&mut orders).len(), 2);
        assert_eq!(take(&mut orders).len(), 1);
        assert!(take(&mut orders).is_empty());
    }

    #[test]
    fn a_change_that_replaces_counts_double() {
        assert_eq!(size(&order(ChangeAction::Upsert, 2).changes), (4, 36));
        assert_eq!(size(&order(ChangeAction::Delete, 2).changes), (2, 18));
    }
}
