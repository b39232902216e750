//! What AWS, or the way to it, refuses.

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::connect::{retry, trace};

pub type Result<T> = std::result::Result<T, Error>;

#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The thing asked about does not exist.
    #[error("AWS has no such thing: {message} ({code})")]
    Missing { code: String, message: String },
    #[error("{message} ({code}{})", request.as_deref().map(|it| format!(", request {it}")).unwrap_or_default())]
    Refused { code: String, message: String, request: Option<String> },
    #[error("AWS accepted the call but its answer lacks {0}")]
    Incomplete(&'static str),
    /// No answer: whether the call did anything is not known.
    #[error("no answer from AWS: {0}")]
    Unreached(String),
    /// Nobody listens there: nothing was sent.
    #[error("AWS cannot be reached: {0}")]
    Unconnected(String),
    #[error("the endpoint does not implement {0}")]
    Unimplemented(String),
    /// Nothing to sign calls with; nothing was sent.
    #[error("{0}")]
    Credentials(String),
    /// The attributes do not fit the type.
    #[error("unexpected attributes: {0}")]
    Shape(String),
    /// The type cannot be searched for what an interrupted create may have left.
    #[error("what an interrupted create may have left cannot be searched for")]
    Unsearchable,
    #[error("{0}")]
    Invalid(String),
}

impl Error {
    /// AWS's error code, where it gave one.
    pub fn code(&self) -> Option<&str> {
        match self {
            Error::Missing { code, .. } | Error::Refused { code, .. } => Some(code),
            _ => None,
        }
    }
    pub fn message(&self) -> String {
        match self {
            Error::Missing { message, .. } | Error::Refused { message, .. } => message.clone(),
            other => other.to_string(),
        }
    }
    pub fn is_missing(&self) -> bool {
        matches!(self, Error::Missing { .. })
    }
}

impl<E> From<SdkError<E, HttpResponse>> for Error
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    fn from(error: SdkError<E, HttpResponse>) -> Self {
        if let Some(code) = error.code() {
            let status = error.raw_response().map_or(0, |it| it.status().as_u16());
            return answered(code, status, &error);
        }
        match error.raw_response() {
            Some(response) if is_page(response) => Error::Unimplemented(trace::operation_of(response)),
            Some(response) => unreadable(response, &error),
            None => unanswered(&error, matches!(error, SdkError::ConstructionFailure(_))),
        }
    }
}

/// Parts of the codes by which services say that a thing is not there.
const GONE: [&str; 5] = ["NotFound", "NoSuch", "NonExistentQueue", "QueueDoesNotExist", "NotExist"];

fn answered<E: ProvideErrorMetadata>(code: &str, status: u16, error: &E) -> Error {
    let message = error.message().filter(|it| !it.is_empty());
    let message = message.unwrap_or("AWS gives no reason").to_owned();
    let code = code.to_owned();
    if GONE.iter().any(|it| code.contains(it)) {
        return Error::Missing { code, message };
    }
    let request = error.meta().extra("aws_request_id").map(str::to_owned);
    if status == 501 {
        return Error::Unimplemented(format!("that: {message}"));
    }
    let cut_off = ["RequestTimeout", "RequestTimeoutException"].contains(&code.as_str());
    if cut_off || status >= 500 && !retry::is_throttling(&code) {
        // The service failed on the way: it may have carried the call out.
        return Error::Unreached(format!("{message} ({code}, status {status})"));
    }
    let message = match advice(&code) {
        Some(advice) => format!("{message}; {advice}"),
        None => message,
    };
    Error::Refused { code, message, request }
}

/// What helps against a refusal of the credentials themselves.
fn advice(code: &str) -> Option<&'static str> {
    Some(match code {
        "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" => {
            "the credentials have expired: log in again (`aws sso login`) or renew the session token"
        }
        "InvalidClientTokenId" | "UnrecognizedClientException" | "InvalidAccessKeyId" => {
            "AWS does not know this access key: look at AWS_ACCESS_KEY_ID, AWS_PROFILE and `profile`"
        }
        "SignatureDoesNotMatch" | "AuthFailure" => {
            "the secret key does not belong to the access key, or this machine's clock is wrong"
        }
        _ => return None,
    })
}

/// An emulator's page for what it does not know, instead of an answer in the service's form.
pub(super) fn is_page(response: &HttpResponse) -> bool {
    let html = response.headers().get("content-type").is_some_and(|it| it.starts_with("text/html"));
    let empty = response.body().bytes().is_some_and(<[u8]>::is_empty);
    match response.status().as_u16() {
        404 | 405 | 501 => html || empty,
        500 => html,
        _ => false,
    }
}

/// An answer without a code: it came, but it says nothing that the service would say.
fn unreadable(response: &HttpResponse, error: &(dyn std::error::Error + 'static)) -> Error {
    let (status, operation) = (response.status().as_u16(), trace::operation_of(response));
    match status {
        501 => Error::Unimplemented(operation),
        500.. => Error::Unreached(format!("{operation} got status {status} and no reason")),
        300..500 => Error::Refused {
            code: status.to_string(),
            message: format!("{operation} was refused without a reason"),
            request: None,
        },
        _ => Error::Unimplemented(format!("{operation}, or not in full: {}", chain(error))),
    }
}

/// `unwritten`: the call lacks something that it cannot be sent without, such as the bucket in its address.
fn unanswered(error: &(dyn std::error::Error + 'static), unwritten: bool) -> Error {
    match find::<CredentialsError>(error) {
        Some(it) => Error::Credentials(no_credentials(it)),
        None if unwritten => Error::Invalid(format!("there is no such call: {}", chain(error))),
        None if retry::never_sent(error) => Error::Unconnected(chain(error)),
        None => Error::Unreached(chain(error)),
    }
}

fn no_credentials(error: &CredentialsError) -> String {
    let found = chain(error);
    let expired = ["expired", "sso login", "ExpiredToken", "refresh"];
    if matches!(error, CredentialsError::CredentialsNotLoaded(_)) {
        return format!(
            "no AWS credentials found ({found}): set AWS_PROFILE or `profile`, AWS_ACCESS_KEY_ID and \
             AWS_SECRET_ACCESS_KEY, or log in with `aws sso login`"
        );
    }
    if expired.iter().any(|it| found.contains(it)) {
        return format!(
            "the AWS session has expired: log in again, for instance with `aws sso login` ({found})"
        );
    }
    format!("the AWS credentials cannot be used: {found}")
}

/// The first error of a kind among an error and its causes.
pub(super) fn find<'a, T: std::error::Error + 'static>(
    error: &'a (dyn std::error::Error + 'static),
) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(it) = next {
        if let Some(found) = it.downcast_ref() {
            return Some(found);
        }
        next = it.source();
    }
    None
}

/// An error and its causes in one line, each said once.
pub(super) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(it) = next {
        let text = it.to_string();
        if !out.iter().any(|before| before.contains(&text)) {
            out.push(text);
        }
        next = it.source();
    }
    out.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_that_are_missing_or_expired_get_a_sentence() {
        let missing =
            no_credentials(&CredentialsError::not_loaded("no providers in chain provided credentials"));
        assert!(missing.contains("AWS_PROFILE"), "{missing}");
        let expired = no_credentials(&CredentialsError::provider_error("the SSO session has expired"));
        assert!(expired.contains("aws sso login"), "{expired}");
        let broken = CredentialsError::invalid_configuration("profile `x` was not defined");
        assert!(no_credentials(&broken).contains("profile `x` was not defined"));
    }

    #[test]
    fn causes_are_said_once() {
        let error = CredentialsError::provider_error("same");
        assert_eq!(chain(&error).matches("same").count(), 1);
    }
}
