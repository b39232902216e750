//! What can go wrong between a client and AWS.

use std::time::Duration;

use super::http::Response;
use super::operation::Operation;

/// What the proxy does to requests. Shares are from 0 to 1.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    pub seed: u64,
    /// Before each answer.
    pub latency: Duration,
    /// Answered with the service's throttling error, not passed on.
    pub throttled: f64,
    /// Answered with an error of the service's own, not passed on.
    pub broken: f64,
    /// The connection is cut before the service sees the request.
    pub lost_requests: f64,
    /// The service acts, and the connection is cut before its answer.
    pub lost_replies: f64,
    pub kill: Option<Kill>,
    /// For requests of a certain kind, before anything is left to chance.
    pub rules: Vec<Rule>,
}

/// What happens to certain requests.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    pub on: fn(&Operation) -> bool,
    pub fate: Fate,
    /// To how many of them, from the first.
    pub times: usize,
}

impl Rule {
    pub fn once(fate: Fate, on: fn(&Operation) -> bool) -> Rule {
        Rule { on, fate, times: 1 }
    }
    pub fn always(fate: Fate, on: fn(&Operation) -> bool) -> Rule {
        Rule { on, fate, times: usize::MAX }
    }
}

/// Ends the client's process at a mutating call.
#[derive(Debug, Clone, Copy)]
pub struct Kill {
    /// The first is 1.
    pub at: usize,
    pub when: When,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    BeforeItActs,
    AfterItActed,
}

/// What happened to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Answered,
    Throttled,
    Broken,
    LostRequest,
    LostReply,
    Killed(When),
    /// Answered with a refusal for lack of rights, not passed on.
    Denied,
    /// Answered as if the thing were not there, not passed on.
    Unseen,
    /// Passed on, and answered, after a pause.
    Late(Duration),
    /// There is nothing behind this proxy.
    Unanswered,
}

impl Faults {
    pub fn fate(&self, share: f64) -> Fate {
        let mut start = 0.0;
        for (size, fate) in [
            (self.throttled, Fate::Throttled),
            (self.broken, Fate::Broken),
            (self.lost_requests, Fate::LostRequest),
            (self.lost_replies, Fate::LostReply),
        ] {
            if (start..start + size).contains(&share) {
                return fate;
            }
            start += size;
        }
        Fate::Answered
    }
}

/// "Not so fast", in the form of this request's service.
pub fn throttled(it: &Operation, json: bool) -> Response {
    match it.service.as_str() {
        "ec2" => refusal(it, json, 503, "RequestLimitExceeded", "Request limit exceeded."),
        "s3" => refusal(it, json, 503, "SlowDown", "Please reduce your request rate."),
        "sqs" => refusal(it, json, 400, "RequestThrottled", "Request is throttled."),
        _ if json => refusal(it, json, 400, "ThrottlingException", "Rate exceeded"),
        _ => refusal(it, json, 400, "Throttling", "Rate exceeded"),
    }
}

/// "It is me, not you", in the form of this request's service.
pub fn broken(it: &Operation, json: bool) -> Response {
    match it.service.as_str() {
        "ec2" => refusal(it, json, 503, "Unavailable", "The server is overloaded."),
        "s3" => refusal(it, json, 500, "InternalError", "We encountered an internal error."),
        "dynamodb" => refusal(it, json, 500, "InternalServerError", "The request could not be completed."),
        _ => refusal(it, json, 500, "InternalFailure", "An internal failure occurred."),
    }
}

/// "You may not", in the form of this request's service.
pub fn denied(it: &Operation, json: bool) -> Response {
    match it.service.as_str() {
        "ec2" => refusal(it, json, 403, "UnauthorizedOperation", "You are not authorized."),
        "dynamodb" | "kms" => refusal(it, json, 400, "AccessDeniedException", "You are not authorized."),
        _ => refusal(it, json, 403, "AccessDenied", "Access Denied"),
    }
}

/// "There is no such thing", in the form of this request; EC2 lists nothing.
pub fn unseen(it: &Operation, json: bool) -> Response {
    if it.service == "ec2" && it.name.starts_with("Describe") {
        return xml(
            200,
            &format!("<{name}Response><requestId>0</requestId></{name}Response>", name = it.name),
        );
    }
    let code = match (it.service.as_str(), it.name.as_str()) {
        ("ec2", "CreateSubnet") => "InvalidVpcID.NotFound",
        ("ec2", _) => "InvalidGroup.NotFound",
        ("iam", _) => "NoSuchEntity",
        ("dynamodb", _) => "ResourceNotFoundException",
        _ => "NoSuchBucket",
    };
    refusal(it, json, if code.starts_with("NoSuch") { 404 } else { 400 }, code, "It does not exist.")
}

fn refusal(it: &Operation, json: bool, status: u16, code: &str, message: &str) -> Response {
    let error = format!("<Code>{code}</Code><Message>{message}</Message>");
    match it.service.as_str() {
        _ if json => {
            let body = serde_json::json!({ "__type": code, "message": message }).to_string();
            let blame = if status < 500 { "Sender" } else { "Receiver" };
            let query = format!("{code};{blame}");
            let response = Response::new(status, "application/x-amz-json-1.0", body);
            let response = response.with("x-amzn-errortype", code);
            if it.service == "sqs" { response.with("x-amzn-query-error", &query) } else { response }
        }
        "ec2" => xml(
            status,
            &format!("<Response><Errors><Error>{error}</Error></Errors><RequestID>0</RequestID></Response>"),
        ),
        "s3" => xml(status, &format!("<Error>{error}<RequestId>0</RequestId></Error>")),
        _ => xml(
            status,
            &format!(
                "<ErrorResponse><Error><Type>Sender</Type>{error}</Error><RequestId>0</RequestId></ErrorResponse>"
            ),
        ),
    }
}

fn xml(status: u16, body: &str) -> Response {
    Response::new(status, "text/xml", format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{body}"))
}
