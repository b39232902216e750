//! When a call is made again: throttling and lost connections, with more patience than the SDK's
//! own, and never where a repeated call could make a second thing.

use std::io;
use std::time::Duration;

use aws_config::retry::{RetryConfig, RetryMode};
use aws_sdk_sts::config::retry::{ClientRateLimiter, RetryPartition, TokenBucket};
use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::orchestrator::{HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::retries::classifiers::{
    ClassifyRetry, RetryAction, RetryClassifierPriority, RetryReason,
};
use aws_smithy_types::retry::ErrorKind;

use super::super::error;
use super::http::{Failure, answered_attempt};
use super::throttle;

tokio::task_local! {
    static ONCE: ();
}

/// Runs a call that must not be repeated when no answer came: it may have been carried out. Only a
/// throttled call, which the service says it has not carried out, is made again.
pub fn once<F: Future>(call: F) -> impl Future<Output = F::Output> {
    ONCE.scope((), call)
}

fn is_once() -> bool {
    ONCE.try_with(|_| ()).is_ok()
}

/// Attempts at one call where the settings do not say.
pub(super) const ATTEMPTS: u32 = 25;

pub(super) fn config(mode: RetryMode, attempts: Option<u32>) -> RetryConfig {
    RetryConfig::standard()
        .with_retry_mode(mode)
        .with_max_attempts(attempts.unwrap_or(ATTEMPTS).max(1))
        .with_initial_backoff(Duration::from_millis(500))
        .with_max_backoff(Duration::from_secs(20))
}

/// Retries of all calls of a client share a budget. The SDK's is so small that a parallel apply
/// under throttling empties it, and then every throttled call fails.
pub(in crate::aws) fn partition(client: &'static str) -> RetryPartition {
    RetryPartition::custom(client)
        .token_bucket(TokenBucket::unlimited())
        .client_rate_limiter(ClientRateLimiter::default())
        .build()
}

/// Attempts where nobody listens or no name resolves: about 15 s with the pauses. Waiting minutes
/// for a wrong address, or without a network, helps nobody.
const UNCONNECTED: u32 = 5;
/// Attempts that end without any sign of life; each takes its time.
const SILENT: u32 = 3;
/// Attempts where connections break, or the service fails by its own fault.
const BROKEN: u32 = 8;

/// Corrects what the SDK's own classifiers said; runs after them.
#[derive(Debug)]
pub(in crate::aws) struct Classifier;

impl ClassifyRetry for Classifier {
    fn name(&self) -> &'static str {
        "infra"
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
    }

    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        self.classify_retry_v2(context, &RetryAction::NoActionIndicated)
    }

    fn classify_retry_v2(&self, context: &InterceptorContext, previous: &RetryAction) -> RetryAction {
        let Some(Err(failure)) = context.output_or_error() else { return RetryAction::NoActionIndicated };
        match context.response() {
            Some(response) => after_answer(response, previous),
            None => without_answer(failure),
        }
    }
}

fn after_answer(response: &HttpResponse, previous: &RetryAction) -> RetryAction {
    if error::is_page(response) {
        return RetryAction::RetryForbidden;
    }
    if response.extension::<throttle::Place>().is_some() {
        return RetryAction::throttling_error();
    }
    let body = response.body().bytes().map(String::from_utf8_lossy).unwrap_or_default();
    let header = response.headers().get("x-amzn-errortype").unwrap_or_default();
    match throttled(response.status().as_u16(), header, &body, previous) {
        Some(true) => RetryAction::throttling_error(),
        Some(false) => RetryAction::RetryForbidden,
        None if is_once() || answered_attempt(response) >= BROKEN => RetryAction::RetryForbidden,
        None => RetryAction::NoActionIndicated,
    }
}

/// Whether AWS did nothing because calls come too fast.
pub(super) fn is_refused_as_too_fast(response: &HttpResponse) -> bool {
    let status = response.status().as_u16();
    if status < 400 {
        return false;
    }
    let body = response.body().bytes().map(String::from_utf8_lossy).unwrap_or_default();
    let header = response.headers().get("x-amzn-errortype").unwrap_or_default();
    throttled(status, header, &body, &RetryAction::NoActionIndicated) == Some(true)
}

/// Words in codes that mean "too fast", whichever service says them.
const TOO_FAST: [&str; 12] = [
    "Throttl",
    "TooManyRequests",
    "RequestLimitExceeded",
    "RateExceeded",
    "Rate exceeded",
    "RateLimitExceeded",
    "SlowDown",
    "BandwidthLimitExceeded",
    "ProvisionedThroughputExceeded",
    "PriorRequestNotComplete",
    "TransactionInProgress",
    "EC2ThrottledException",
];

/// Whether a code says that the service did nothing because calls come too fast.
pub(in crate::aws) fn is_throttling(code: &str) -> bool {
    TOO_FAST.iter().any(|it| code.contains(it))
}

/// A limit that passes: on simultaneous operations, not on the number of things.
const PASSING: [&str; 6] =
    ["simultaneous", "concurrent", "Concurrent", "too many requests", "try again", "Try again"];

/// `Some(true)`: the service did nothing because calls come too fast. `Some(false)`: it looks like
/// that to the SDK, but is a quota that no waiting lifts.
fn throttled(status: u16, header: &str, body: &str, previous: &RetryAction) -> Option<bool> {
    let code = code(header, body);
    if status == 429 || is_throttling(code) || body.contains("Rate exceeded") {
        return Some(true);
    }
    if code.contains("LimitExceededException") {
        return Some(PASSING.iter().any(|it| body.contains(it)));
    }
    let reason = RetryReason::RetryableError { kind: ErrorKind::ThrottlingError, retry_after: None };
    (*previous == RetryAction::RetryIndicated(reason)).then_some(true)
}

/// The error's code: in a header, as `__type` or `code` in JSON, as `<Code>` in XML.
fn code<'a>(header: &'a str, body: &'a str) -> &'a str {
    let between = |start: &str, end: char| {
        let rest = &body[body.find(start)? + start.len()..];
        Some(rest.trim_start_matches([' ', ':', '"']).split(end).next().unwrap_or_default())
    };
    Some(header)
        .filter(|it| !it.is_empty())
        .or_else(|| between("\"__type\"", '"'))
        .or_else(|| between("\"code\"", '"'))
        .or_else(|| between("<Code>", '<'))
        .unwrap_or_default()
}

fn without_answer(
    failure: &OrchestratorError<aws_smithy_runtime_api::client::interceptors::context::Error>,
) -> RetryAction {
    let Some(error) = failure.as_connector_error() else {
        return if is_once() { RetryAction::RetryForbidden } else { RetryAction::NoActionIndicated };
    };
    let attempt = error::find::<Failure>(error).map_or(1, |it| it.attempt);
    let unsent = never_sent(error);
    let most = match () {
        () if unsent => UNCONNECTED,
        () if error.is_timeout() => SILENT,
        () => BROKEN,
    };
    match () {
        () if attempt >= most || is_once() && !unsent => RetryAction::RetryForbidden,
        () if unsent => RetryAction::transient_error(),
        () => RetryAction::NoActionIndicated,
    }
}

/// Nobody listens there: nothing was sent, so that trying again is harmless in any case.
pub(in crate::aws) fn never_sent(failure: &(dyn std::error::Error + 'static)) -> bool {
    let refused = |it: &io::Error| it.kind() == io::ErrorKind::ConnectionRefused;
    error::find::<io::Error>(failure).is_some_and(refused) || error::chain(failure).contains("dns error")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn throttled_by(header: &str, body: &str) -> Option<bool> {
        throttled(400, header, body, &RetryAction::NoActionIndicated)
    }

    #[test]
    fn throttling_is_known_in_every_services_words() {
        assert_eq!(throttled_by("", "<Error><Code>RequestLimitExceeded</Code></Error>"), Some(true));
        assert_eq!(throttled_by("", "<Error><Code>Throttling</Code></Error>"), Some(true));
        assert_eq!(throttled_by("", r#"{"__type": "com.amazonaws#ThrottlingException"}"#), Some(true));
        assert_eq!(throttled_by("TooManyRequestsException:http://x", "{}"), Some(true));
        assert_eq!(throttled_by("", r#"{"__type":"KMS.ThrottlingException"}"#), Some(true));
        assert_eq!(throttled_by("", "<Code>Client.Odd</Code><Message>Rate exceeded</Message>"), Some(true));
        assert_eq!(throttled_by("", "<Code>DependencyViolation</Code>"), None);
        assert_eq!(throttled(429, "", "", &RetryAction::NoActionIndicated), Some(true));
        assert_eq!(throttled(503, "", "", &RetryAction::throttling_error()), Some(true));
        assert_eq!(throttled(503, "", "", &RetryAction::server_error()), None);
    }

    #[test]
    fn a_quota_is_no_throttling() {
        let quota = r#"{"__type":"LimitExceededException","message":"too many repositories"}"#;
        assert_eq!(throttled_by("", quota), Some(false));
        let passing = r#"{"__type":"LimitExceededException","message":"10 simultaneous table operations"}"#;
        assert_eq!(throttled_by("", passing), Some(true));
    }

    #[tokio::test]
    async fn once_holds_within_its_call_only() {
        assert!(once(async { is_once() }).await);
        assert!(!is_once());
    }
}
