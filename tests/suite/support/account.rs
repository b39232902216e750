//! An AWS account of its own for each test.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ::infra::aws::Aws;
use ::infra::aws::connect::Settings;
use ::infra::sandbox;

/// Credentials for an account that nobody else uses: those of a role assumed there.
#[derive(Debug, Clone)]
pub struct Account {
    pub id: String,
    pub access_key: String,
    pub secret_key: String,
    pub session_token: String,
    /// Given back to the emulator with the last copy of this.
    _kept: Arc<Kept>,
}

/// The number of an account that the emulator keeps.
#[derive(Debug)]
struct Kept(String);

impl Drop for Kept {
    fn drop(&mut self) {
        // Of a test that fails, the failure is what counts.
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", super::moto().port())) else { return };
        let asked = write!(stream, "DELETE /accounts/{} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n", self.0);
        if asked.is_ok() {
            let _ = stream.read_to_end(&mut Vec::new());
        }
    }
}

impl Account {
    pub fn new() -> Account {
        static LAST: AtomicU64 = AtomicU64::new(100_000_000_000);
        let id = (LAST.fetch_add(1, Ordering::Relaxed) + 1).to_string();
        let answer = assume(&id);
        let part = |name: &str| {
            let start = answer.split(&format!("<{name}>")).nth(1);
            let text = start.and_then(|it| it.split('<').next());
            text.unwrap_or_else(|| panic!("no {name} in {answer}")).to_owned()
        };
        let (access_key, secret_key) = (part("AccessKeyId"), part("SecretAccessKey"));
        let session_token = part("SessionToken");
        Account { _kept: Arc::new(Kept(id.clone())), id, access_key, secret_key, session_token }
    }

    /// What points a client at an endpoint, as this account.
    pub fn environment(&self, url: &str) -> Vec<(String, String)> {
        let mut out = sandbox::environment_of(url);
        for (name, value) in &mut out {
            match name.as_str() {
                "AWS_ACCESS_KEY_ID" => self.access_key.clone_into(value),
                "AWS_SECRET_ACCESS_KEY" => self.secret_key.clone_into(value),
                _ => {}
            }
        }
        out.push(("AWS_SESSION_TOKEN".to_owned(), self.session_token.clone()));
        out
    }

    /// How our own clients reach this account.
    pub fn settings(&self, url: &str) -> Settings {
        Settings {
            region: Some(sandbox::REGION.to_owned()),
            access_key: Some(self.access_key.clone()),
            secret_key: Some(self.secret_key.clone()),
            token: Some(self.session_token.clone()),
            endpoint: Some(url.to_owned()),
            ..Settings::default()
        }
    }

    /// Runs something with clients of this account, straight to the emulator.
    pub fn with<T>(&self, ask: impl AsyncFnOnce(Aws) -> T) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let aws = Aws::connect(&self.settings(&super::moto().url())).await.unwrap();
            ask(aws).await
        })
    }

    /// Everything it holds. A fresh one is not empty: compare with one taken before.
    pub fn inventory(&self) -> BTreeSet<String> {
        self.with(async |aws| sandbox::inventory(&aws).await.unwrap())
    }
}

/// The emulator lets anybody assume any role anywhere.
fn assume(id: &str) -> String {
    let server = super::moto();
    let body = format!(
        "Action=AssumeRole&Version=2011-06-15&RoleSessionName=test&RoleArn=arn%3Aaws%3Aiam%3A%3A{id}%3Arole%2Ftest"
    );
    let scope = format!("test/20260101/{}/sts/aws4_request", sandbox::REGION);
    let mut stream = TcpStream::connect(("127.0.0.1", server.port())).unwrap();
    write!(
        stream,
        "POST / HTTP/1.0\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Authorization: AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}
