//! How each service words its refusals: the errors of EC2, of the query services, of those that speak
//! JSON, of S3 and its like, and of the REST services with JSON.

use super::http::Response;
use super::operation::{Operation, Protocol};

/// A status, a code, a message.
type Form = (u16, &'static str, &'static str);

const EC2: &[Form] =
    &[(503, "RequestLimitExceeded", "Request limit exceeded."), (503, "EC2ThrottledException", "Slow down.")];
const S3: &[Form] = &[(503, "SlowDown", "Please reduce your request rate.")];
const QUERY: &[Form] = &[(400, "Throttling", "Rate exceeded"), (400, "ThrottlingException", "Rate exceeded")];
const SQS: &[Form] =
    &[(400, "RequestThrottled", "Request is throttled."), (403, "ThrottlingException", "Rate exceeded")];
const JSON: &[Form] =
    &[(400, "ThrottlingException", "Rate exceeded"), (400, "TooManyRequestsException", "Too many requests")];
const DYNAMODB: &[Form] = &[
    (400, "ThrottlingException", "Rate exceeded"),
    (400, "ProvisionedThroughputExceededException", "Consider raising the provisioning level."),
    (400, "LimitExceededException", "Only 50 tables can be created, updated, or deleted simultaneously."),
];
const REST_JSON: &[Form] = &[(429, "TooManyRequestsException", "Rate exceeded")];

/// The forms in which this request's service says "not so fast"; the usual one first.
pub fn too_fast(it: &Operation) -> &'static [Form] {
    match (it.service.as_str(), it.protocol) {
        ("s3", _) => S3,
        ("sqs", _) => SQS,
        ("dynamodb", _) => DYNAMODB,
        (_, Protocol::Ec2) => EC2,
        (_, Protocol::Query | Protocol::RestXml | Protocol::Cbor) => QUERY,
        (_, Protocol::Json) => JSON,
        (_, Protocol::RestJson) => REST_JSON,
    }
}

/// "Not so fast", in one of those forms.
pub fn throttled(it: &Operation, which: usize) -> Response {
    let all = too_fast(it);
    let (status, code, message) = all[which % all.len()];
    refusal(it, status, code, message)
}

/// "It is me, not you", in the form of this request's service.
pub fn broken(it: &Operation) -> Response {
    match it.service.as_str() {
        "ec2" => refusal(it, 503, "Unavailable", "The server is overloaded."),
        "s3" => refusal(it, 500, "InternalError", "We encountered an internal error."),
        "dynamodb" => refusal(it, 500, "InternalServerError", "The request could not be completed."),
        _ => refusal(it, 500, "InternalFailure", "An internal failure occurred."),
    }
}

/// The same from what stands before the service.
pub fn bare() -> Response {
    Response::new(503, "text/plain", "")
}

/// "You may not", in the form of this request's service.
pub fn denied(it: &Operation) -> Response {
    match it.service.as_str() {
        "ec2" => refusal(it, 403, "UnauthorizedOperation", "You are not authorized."),
        "dynamodb" | "kms" => refusal(it, 400, "AccessDeniedException", "You are not authorized."),
        _ => refusal(it, 403, "AccessDenied", "Access Denied"),
    }
}

/// "There is no such thing", in the form of this request; EC2 lists nothing.
pub fn unseen(it: &Operation) -> Response {
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
    missing(it, code)
}

/// "There is no such thing", by this code.
pub fn missing(it: &Operation, code: &str) -> Response {
    refusal(it, if code.starts_with("NoSuch") { 404 } else { 400 }, code, "It does not exist.")
}

pub fn refusal(it: &Operation, status: u16, code: &str, message: &str) -> Response {
    let error = format!("<Code>{code}</Code><Message>{message}</Message>");
    match it.protocol {
        Protocol::Json | Protocol::RestJson => json(it, status, code, message),
        Protocol::Cbor => cbor(status, code, message),
        Protocol::Ec2 => xml(
            status,
            &format!("<Response><Errors><Error>{error}</Error></Errors><RequestID>0</RequestID></Response>"),
        ),
        Protocol::RestXml if it.service == "s3" => {
            xml(status, &format!("<Error>{error}<RequestId>0</RequestId></Error>"))
        }
        Protocol::Query | Protocol::RestXml => {
            let blame = if status < 500 { "Sender" } else { "Receiver" };
            let error = format!("<Error><Type>{blame}</Type>{error}</Error><RequestId>0</RequestId>");
            xml(status, &format!("<ErrorResponse>{error}</ErrorResponse>"))
        }
    }
}

fn json(it: &Operation, status: u16, code: &str, message: &str) -> Response {
    if it.protocol == Protocol::RestJson {
        let body = serde_json::json!({ "message": message }).to_string();
        let address = format!("{code}:http://internal.amazon.com/coral/com.amazon.coral.service/");
        return Response::new(status, "application/json", body).with("x-amzn-errortype", &address);
    }
    let body = serde_json::json!({ "__type": code, "message": message }).to_string();
    let blame = if status < 500 { "Sender" } else { "Receiver" };
    let response = Response::new(status, "application/x-amz-json-1.0", body);
    let response = response.with("x-amzn-errortype", code);
    match it.service.as_str() {
        "sqs" => response.with("x-amzn-query-error", &format!("{code};{blame}")),
        _ => response,
    }
}

/// A map of two short texts.
fn cbor(status: u16, code: &str, message: &str) -> Response {
    let mut body = vec![0xa2];
    for text in ["__type", code, "message", message] {
        body.extend([0x78, u8::try_from(text.len()).unwrap()]);
        body.extend(text.bytes());
    }
    let blame = if status < 500 { "Sender" } else { "Receiver" };
    let response = Response::new(status, "application/cbor", body).with("smithy-protocol", "rpc-v2-cbor");
    response.with("x-amzn-query-error", &format!("{code};{blame}"))
}

fn xml(status: u16, body: &str) -> Response {
    Response::new(status, "text/xml", format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{body}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operation(service: &str, protocol: Protocol) -> Operation {
        let text = str::to_owned;
        Operation {
            service: text(service),
            region: text("eu-west-1"),
            access_key: text("k"),
            name: text("DescribeIt"),
            parameters: serde_json::Value::Null,
            protocol,
        }
    }

    fn said(response: &Response) -> (u16, String) {
        (response.status, String::from_utf8(response.body.clone()).unwrap())
    }

    #[test]
    fn each_service_refuses_in_its_own_words() {
        let cases = [
            ("ec2", Protocol::Ec2, 503, "<Response><Errors><Error><Code>RequestLimitExceeded</Code>"),
            ("iam", Protocol::Query, 400, "<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code>"),
            ("s3", Protocol::RestXml, 503, "<Error><Code>SlowDown</Code>"),
            ("route53", Protocol::RestXml, 400, "<ErrorResponse><Error><Type>Sender</Type><Code>Throttling<"),
            ("ssm", Protocol::Json, 400, r#"{"__type":"ThrottlingException""#),
            ("dynamodb", Protocol::Json, 400, r#"{"__type":"ThrottlingException""#),
            ("lambda", Protocol::RestJson, 429, r#"{"message":"Rate exceeded"}"#),
        ];
        for (service, protocol, status, start) in cases {
            let said = said(&throttled(&operation(service, protocol), 0));
            assert_eq!(said.0, status, "{service}");
            assert!(said.1.contains(start), "{service}: {}", said.1);
        }
        let lambda = throttled(&operation("lambda", Protocol::RestJson), 0);
        assert!(lambda.headers.get("x-amzn-errortype").unwrap().starts_with("TooManyRequestsException:"));
        let tables = operation("dynamodb", Protocol::Json);
        let code = |which| said(&throttled(&tables, which)).1;
        assert!(code(1).contains("ProvisionedThroughputExceededException"));
        assert!(code(2).contains("LimitExceededException") && code(3).contains("ThrottlingException"));
    }

    #[test]
    fn outages_have_a_word_or_none() {
        assert_eq!(said(&broken(&operation("iam", Protocol::Query))).0, 500);
        assert!(said(&broken(&operation("ec2", Protocol::Ec2))).1.contains("<Code>Unavailable</Code>"));
        assert_eq!(said(&bare()), (503, String::new()));
    }
}
