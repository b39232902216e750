//! How IAM's types read many things: pages of the account's details, shared and no more than needed,
//! and each thing by itself where those may not be read. IAM is a few canned answers here: the
//! emulators know neither pages nor permissions.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use infra::aws::Aws;
use infra::aws::connect::Settings;
use infra::kind::{self, Found};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::LocalSet;

const TRUST: &str = r#"{"Statement":[{"Action":"sts:AssumeRole"}]}"#;

/// Answers for roles `r0` to `r5`, three to a page, each with an inline policy and an attached one.
struct Iam {
    /// Whether listings are allowed.
    open: bool,
    calls: RefCell<Vec<String>>,
}

type Parameters = HashMap<String, String>;

impl Iam {
    fn answer(&self, asked: &Parameters) -> (u16, String) {
        let text = |name: &str| asked.get(name).map_or("", String::as_str);
        let action = text("Action");
        self.calls.borrow_mut().push(action.to_owned());
        let role = text("RoleName");
        let known = ["r0", "r1", "r2", "r3", "r4", "r5"].contains(&role);
        let result = match action {
            "GetAccountAuthorizationDetails" | "ListRoles" if !self.open => return refusal("AccessDenied"),
            "GetAccountAuthorizationDetails" => page("RoleDetailList", text("Marker"), detail),
            "ListRoles" => page("Roles", text("Marker"), basics),
            _ if !known => return refusal("NoSuchEntity"),
            "GetRole" => format!("<Role>{}</Role>", basics(role)),
            "ListRolePolicies" => {
                "<PolicyNames><member>in</member></PolicyNames><IsTruncated>false</IsTruncated>".into()
            }
            "GetRolePolicy" => format!(
                "<RoleName>{role}</RoleName><PolicyName>in</PolicyName><PolicyDocument>{TRUST}</PolicyDocument>"
            ),
            "ListAttachedRolePolicies" => {
                format!(
                    "<AttachedPolicies>{}</AttachedPolicies><IsTruncated>false</IsTruncated>",
                    attached(role)
                )
            }
            _ => return refusal("InvalidAction"),
        };
        (200, format!("<{action}Response><{action}Result>{result}</{action}Result></{action}Response>"))
    }
}

fn refusal(code: &str) -> (u16, String) {
    let status = if code == "NoSuchEntity" { 404 } else { 403 };
    (
        status,
        format!("<ErrorResponse><Error><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>"),
    )
}

fn page(list: &str, marker: &str, member: fn(&str) -> String) -> String {
    let (names, more) = if marker.is_empty() {
        (["r0", "r1", "r2"], "<IsTruncated>true</IsTruncated><Marker>second</Marker>")
    } else {
        (["r3", "r4", "r5"], "<IsTruncated>false</IsTruncated>")
    };
    let members = names.map(|it| format!("<member>{}</member>", member(it))).concat();
    format!("<{list}>{members}</{list}>{more}")
}

fn basics(name: &str) -> String {
    format!(
        "<Path>/</Path><RoleName>{name}</RoleName><RoleId>AROA{name}</RoleId>\
         <Arn>arn:aws:iam::1:role/{name}</Arn><CreateDate>2026-01-01T00:00:00Z</CreateDate>\
         <AssumeRolePolicyDocument>{TRUST}</AssumeRolePolicyDocument>\
         <Description>of {name}</Description><MaxSessionDuration>7200</MaxSessionDuration>"
    )
}

fn detail(name: &str) -> String {
    format!(
        "<Path>/</Path><RoleName>{name}</RoleName><RoleId>AROA{name}</RoleId>\
         <Arn>arn:aws:iam::1:role/{name}</Arn><CreateDate>2026-01-01T00:00:00Z</CreateDate>\
         <AssumeRolePolicyDocument>{TRUST}</AssumeRolePolicyDocument>\
         <RolePolicyList><member><PolicyName>in</PolicyName><PolicyDocument>{TRUST}</PolicyDocument></member>\
         </RolePolicyList><AttachedManagedPolicies>{}</AttachedManagedPolicies>",
        attached(name)
    )
}

fn attached(role: &str) -> String {
    format!("<member><PolicyName>{role}</PolicyName><PolicyArn>{}</PolicyArn></member>", arn(role))
}

fn arn(role: &str) -> String {
    format!("arn:aws:iam::1:policy/{role}")
}

async fn serve(iam: Rc<Iam>, listener: TcpListener) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::task::spawn_local(talk(iam.clone(), stream));
    }
}

async fn talk(iam: Rc<Iam>, mut stream: TcpStream) {
    let mut read = Vec::new();
    while stream.read_buf(&mut read).await.is_ok_and(|it| it > 0) {
        let text = String::from_utf8_lossy(&read).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let lengths =
            head.lines().filter_map(|it| it.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        if body.len() < lengths.max().unwrap_or(0) {
            continue;
        }
        let pairs = body.split('&').filter_map(|it| it.split_once('='));
        let (status, answer) = iam.answer(&pairs.map(|(k, v)| (k.to_owned(), v.to_owned())).collect());
        let length = answer.len();
        let head =
            format!("HTTP/1.1 {status} X\r\nContent-Type: text/xml\r\nContent-Length: {length}\r\n\r\n");
        if stream.write_all(format!("{head}{answer}").as_bytes()).await.is_err() {
            return;
        }
        read.clear();
    }
}

/// What a refresh reads of these types, and the calls that it took.
fn refresh(open: bool, asked: &[(&str, &[String])]) -> (Vec<Vec<Found>>, Vec<String>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    LocalSet::new().block_on(&runtime, async {
        let iam = Rc::new(Iam { open, calls: RefCell::default() });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        tokio::task::spawn_local(serve(iam.clone(), listener));
        let settings = Settings {
            region: Some("eu-west-1".into()),
            access_key: Some("test".into()),
            secret_key: Some("test".into()),
            endpoint: Some(endpoint),
            max_attempts: Some(1),
            ..Settings::default()
        };
        let aws = Aws::connect(&settings).await.unwrap().exactly(false);
        let mut found = Vec::new();
        for (kind, keys) in asked {
            found.push(kind::resource(kind).unwrap().read(&aws, keys).await.unwrap());
        }
        let calls = iam.calls.borrow().clone();
        (found, calls)
    })
}

fn roles(names: &[&str]) -> Vec<String> {
    names.iter().map(|it| json!(it).to_string()).collect()
}

fn policies(names: &[&str]) -> Vec<String> {
    names.iter().map(|it| json!({ "role": it, "name": "in" }).to_string()).collect()
}

fn attachments(names: &[&str]) -> Vec<String> {
    names.iter().map(|it| json!({ "role": it, "policy_arn": arn(it) }).to_string()).collect()
}

#[test]
fn one_page_serves_all_types() {
    let names = ["r0", "r1", "r2"];
    let (found, calls) = refresh(
        true,
        &[
            ("aws_iam_role", &roles(&names)),
            ("aws_iam_role_policy", &policies(&names)),
            ("aws_iam_role_policy_attachment", &attachments(&names)),
        ],
    );
    assert!(found.iter().all(|it| it.len() == 3), "{found:#?}");
    let role = &found[0][0].attributes;
    assert_eq!(
        (role["description"].as_str(), role["max_session_duration"].as_i64()),
        (Some("of r0"), Some(7200))
    );
    assert_eq!(role["inline_policy"][0]["name"], "in");
    assert_eq!(role["managed_policy_arns"], json!([arn("r0")]));
    assert_eq!(calls, ["GetAccountAuthorizationDetails", "ListRoles"]);
}

#[test]
fn who_needs_more_pages_reads_on() {
    let (found, calls) = refresh(
        true,
        &[
            ("aws_iam_role_policy", &policies(&["r0", "r1", "r2", "r2"])),
            ("aws_iam_role_policy", &policies(&["r0", "r1", "r2", "r5", "gone"])),
        ],
    );
    assert_eq!((found[0].len(), found[1].len()), (4, 4));
    assert_eq!(calls, ["GetAccountAuthorizationDetails"; 2]);
}

#[test]
fn what_is_on_no_page_does_not_exist() {
    let (found, calls) = refresh(true, &[("aws_iam_role", &roles(&["r0", "gone", "gone-too"]))]);
    assert_eq!(found[0].len(), 1);
    assert_eq!(calls, ["GetAccountAuthorizationDetails", "GetAccountAuthorizationDetails", "ListRoles"]);
}

#[test]
fn few_things_are_asked_about_alone() {
    let (found, calls) = refresh(true, &[("aws_iam_role_policy", &policies(&["r0", "r5", "gone"]))]);
    assert_eq!(found[0].len(), 2);
    assert_eq!(calls, ["GetRolePolicy"; 3]);
}

#[test]
fn without_permission_each_is_asked_about() {
    let names = ["r0", "r1", "r2", "r3", "gone"];
    let (found, calls) = refresh(
        false,
        &[
            ("aws_iam_role", &roles(&names)),
            ("aws_iam_role_policy", &policies(&names)),
            ("aws_iam_role_policy_attachment", &attachments(&names)),
        ],
    );
    assert!(found.iter().all(|it| it.len() == 4), "{found:#?}");
    let listings = calls.iter().filter(|it| *it == "GetAccountAuthorizationDetails").count();
    assert_eq!(listings, 1, "the refusal is asked for once: {calls:?}");
}
