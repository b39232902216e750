use std::sync::Mutex;

use futures::FutureExt;
use futures::future::LocalBoxFuture;

use super::*;

const SHORT: Duration = Duration::from_millis(400);

type Script = Arc<Mutex<Vec<Result<(), Missed>>>>;

/// Beats as it is told, from the last; then for ever.
struct Scripted(Script);

impl Beat for Scripted {
    fn beat(&mut self, _: u64) -> LocalBoxFuture<'_, Result<(), Missed>> {
        let next = self.0.lock().unwrap().pop().unwrap_or(Ok(()));
        async { next }.boxed_local()
    }
}

fn lease(taken: Moment, beats: Vec<Result<(), Missed>>) -> Lease {
    let script = Arc::new(Mutex::new(beats));
    Lease::begin("id", SHORT, taken, move || Scripted(script)).unwrap()
}

#[tokio::test]
async fn a_heart_that_beats_keeps_the_lock() {
    let lease = lease(Moment::now(), vec![]);
    for _ in 0..6 {
        tokio::time::sleep(SHORT / 3).await;
        assert_eq!(lease.renew().await, Ok(()));
    }
    assert_eq!(lease.loss(), None);
}

#[tokio::test]
async fn after_a_long_sleep_it_beats_before_anything_else() {
    let slept = Duration::from_secs(60);
    let alive = lease(Moment::now().back(slept), vec![]);
    assert!(!alive.is_fresh());
    assert_eq!(alive.renew().await, Ok(()));
    assert!(alive.is_fresh());
    let taken = lease(Moment::now().back(slept), vec![Err(Missed::Lost(Loss::Gone))]);
    assert_eq!(taken.renew().await, Err(Loss::Gone));
    assert_eq!(taken.lost().await, Loss::Gone);
}

#[tokio::test]
async fn a_beat_that_fails_is_no_reason_to_stop_a_lease_without_any_is() {
    let fail = || Err(Missed::Failed("no network".to_owned()));
    let one = lease(Moment::now(), vec![fail()]);
    tokio::time::sleep(SHORT).await;
    assert_eq!(one.renew().await, Ok(()));
    let none = lease(Moment::now(), std::iter::repeat_with(fail).take(1000).collect());
    let Loss::Silent { why, .. } = none.lost().await else { panic!("{:?}", none.loss()) };
    assert_eq!(why, "no network");
    assert!(matches!(none.renew().await, Err(Loss::Silent { .. })));
}

#[test]
fn a_heartbeat_stands_beside_what_terraform_wrote() {
    let pulse = Pulse::new(LEASE, 7);
    assert_eq!(Pulse::parse(&pulse.to_json()), Some(pulse.clone()));
    let file = format!(r#"{{"ID":"1","Path":"p","Heartbeat":{}}}"#, pulse.to_json());
    assert_eq!(Pulse::of_file(&file), Some(pulse));
    assert_eq!(LockInfo::parse(&file).id, "1");
    for none in [r#"{"ID":"1"}"#, "by hand", r#"{"Heartbeat":{"Lease":"long"}}"#] {
        assert_eq!(Pulse::of_file(none), None);
    }
}
