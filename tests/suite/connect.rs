//! Calls to AWS: what is made again and what is not, and what refusals say.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use infra::aws::connect::{Role, Settings};
use infra::aws::{self, Aws, Error};

use crate::support::moto;

/// A server that answers each request in turn with one of `answers` (`None`: hangs up without a
/// word), the last one for ever. Gives its address and how many requests came.
fn server(answers: Vec<Option<&'static str>>) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let counter = count.clone();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = [0; 65536];
            let _ = stream.read(&mut request);
            let at = counter.fetch_add(1, Ordering::SeqCst).min(answers.len() - 1);
            if let Some(answer) = answers[at] {
                let _ = stream.write_all(answer.as_bytes());
            }
        }
    });
    (address, count)
}

const THROTTLED: &str = "HTTP/1.1 400 Bad\r\nContent-Type: application/x-amz-json-1.0\r\nConnection: close\r\n\
     Content-Length: 34\r\n\r\n{\"__type\": \"ThrottlingException\"} ";
const BROKEN: &str = "HTTP/1.1 503 Unavailable\r\nContent-Type: application/x-amz-json-1.0\r\n\
     Connection: close\r\nContent-Length: 2\r\n\r\n{}";
const DONE: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nConnection: close\r\n\
     Content-Length: 22\r\n\r\n{\"QueueUrl\": \"http:q\"}";

async fn connect(endpoint: &str) -> Aws {
    let endpoint = Some(endpoint.to_owned());
    Aws::connect(&Settings { endpoint, max_attempts: Some(4), ..settings() }).await.unwrap()
}

fn settings() -> Settings {
    let text = |it: &str| Some(it.to_owned());
    Settings {
        region: text("eu-west-1"),
        access_key: text("test"),
        secret_key: text("test"),
        ..Settings::default()
    }
}

fn emulator() -> Settings {
    Settings { endpoint: Some(moto().url()), ..settings() }
}

async fn create(aws: &Aws) -> Result<(), Error> {
    aws.sqs().create_queue().queue_name("q").send().await.map(drop).map_err(Error::from)
}

#[tokio::test]
async fn a_call_without_an_answer_is_made_again_unless_once() {
    for lost in [None, Some(BROKEN)] {
        let (address, count) = server(vec![lost, Some(DONE)]);
        create(&connect(&address).await).await.unwrap();
        assert_eq!(count.load(Ordering::SeqCst), 2);

        let (address, count) = server(vec![lost, Some(DONE)]);
        let error = aws::once(create(&connect(&address).await)).await.unwrap_err();
        assert!(matches!(error, Error::Unreached(_)), "{error:?}");
        assert_eq!(count.load(Ordering::SeqCst), 1);
    }
}

#[tokio::test]
async fn a_throttled_call_is_made_again_even_once() {
    let (address, count) = server(vec![Some(THROTTLED), Some(THROTTLED), Some(DONE)]);
    let aws = connect(&address).await;
    aws::once(create(&aws)).await.unwrap();
    assert_eq!(count.load(Ordering::SeqCst), 3);
    let calls: Vec<_> = aws.calls().into_iter().collect();
    assert_eq!(calls, [(("SQS".to_owned(), "CreateQueue".to_owned()), 3)]);
}

#[tokio::test]
async fn what_an_emulator_lacks_is_named_at_once() {
    let aws = Aws::connect(&emulator()).await.unwrap();
    let answer = aws.ec2().describe_address_transfers().send().await;
    let error = Error::from(answer.unwrap_err());
    assert!(
        matches!(&error, Error::Unimplemented(what) if what.contains("DescribeAddressTransfers")),
        "{error:?}"
    );
    assert_eq!(aws.calls().values().sum::<u64>(), 1, "not asked again");
}

#[tokio::test]
async fn refusals_carry_code_and_request() {
    let aws = Aws::connect(&emulator()).await.unwrap();
    let error = Error::from(aws.ec2().delete_vpc().vpc_id("vpc-0").send().await.unwrap_err());
    assert!(error.is_missing(), "{error:?}");
    let error = Error::from(aws.ec2().create_vpc().cidr_block("10.0.0.0/1").send().await.unwrap_err());
    assert!(matches!(&error, Error::Refused { request: Some(_), .. }), "{error:?}");
}

#[tokio::test]
async fn roles_are_assumed_one_after_the_other() {
    let role = |name: &str| Role {
        arn: format!("arn:aws:iam::123456789012:role/{name}"),
        session_name: Some("it".to_owned()),
        ..Role::default()
    };
    let settings = Settings { roles: vec![role("a"), role("b")], ..emulator() };
    let aws = Aws::connect(&settings).await.unwrap();
    assert_eq!(aws.account().await.unwrap().arn, "arn:aws:sts::123456789012:assumed-role/b/it");
    let forbidden = Settings { forbidden_accounts: vec!["123456789012".to_owned()], ..settings };
    assert!(matches!(Aws::connect(&forbidden).await, Err(Error::Invalid(_))));
}

#[tokio::test]
async fn a_profile_that_is_not_there_is_named() {
    let settings = Settings {
        profile: Some("no-such-profile".to_owned()),
        access_key: None,
        secret_key: None,
        endpoint: Some("http://127.0.0.1:9".to_owned()),
        ..settings()
    };
    let aws = Aws::connect(&settings).await.unwrap();
    let error = aws.account().await.unwrap_err();
    assert!(matches!(&error, Error::Credentials(_)), "{error:?}");
    assert!(error.to_string().contains("no-such-profile"), "{error}");
}
