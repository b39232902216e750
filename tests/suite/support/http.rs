//! As much of HTTP/1.1 as a proxy on the loopback needs.

use std::io::{Error, ErrorKind, Result};

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The largest head and body we expect; more is a fault of the test.
const MOST: usize = 64 << 20;

#[derive(Debug, Clone, Default)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|it| it.0.eq_ignore_ascii_case(name)).map(|it| it.1.as_str())
    }
    fn without(&self, names: &[&str]) -> impl Iterator<Item = &(String, String)> {
        self.0.iter().filter(move |it| !names.iter().any(|name| it.0.eq_ignore_ascii_case(name)))
    }
}

#[derive(Debug, Clone)]
pub struct Request {
    pub method: String,
    /// Path and query, as sent.
    pub target: String,
    pub headers: Headers,
    pub body: Vec<u8>,
}

#[derive(Debug, Clone)]
pub struct Response {
    pub status: u16,
    pub reason: String,
    pub headers: Headers,
    pub body: Vec<u8>,
}

fn bad(what: &str) -> Error {
    Error::new(ErrorKind::InvalidData, what.to_owned())
}

async fn line(from: &mut (impl AsyncBufRead + Unpin)) -> Result<String> {
    let mut out = Vec::new();
    from.take(MOST as u64).read_until(b'\n', &mut out).await?;
    let text = String::from_utf8(out).map_err(|_| bad("a head that is not text"))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

async fn headers(from: &mut (impl AsyncBufRead + Unpin)) -> Result<Headers> {
    let mut all = Vec::new();
    loop {
        let line = line(from).await?;
        let Some((name, value)) = line.split_once(':') else { return Ok(Headers(all)) };
        all.push((name.trim().to_owned(), value.trim().to_owned()));
    }
}

impl Request {
    /// The next request of a connection; `None` where the client closed it.
    pub async fn read(from: &mut (impl AsyncBufRead + AsyncWriteExt + Unpin)) -> Result<Option<Request>> {
        let first = line(from).await?;
        if first.is_empty() {
            return Ok(None);
        }
        let mut words = first.split(' ');
        let (Some(method), Some(target)) = (words.next(), words.next()) else {
            return Err(bad("no request line"));
        };
        let headers = headers(from).await?;
        if headers.get("expect").is_some() {
            from.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
            from.flush().await?;
        }
        let body = match headers.get("content-length").map(str::parse) {
            Some(Ok(length)) if length <= MOST => {
                let mut body = vec![0; length];
                from.read_exact(&mut body).await?;
                body
            }
            Some(_) => return Err(bad("a bad content-length")),
            None if headers.get("transfer-encoding").is_some() => chunks(from).await?,
            None => Vec::new(),
        };
        Ok(Some(Request { method: method.to_owned(), target: target.to_owned(), headers, body }))
    }

    /// Sends it on and reads the answer. One connection each, as HTTP/1.0: the answer ends with it.
    pub async fn forward(&self, port: u16) -> Result<Response> {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
        let mut head = format!("{} {} HTTP/1.0\r\n", self.method, self.target);
        for (name, value) in
            self.headers.without(&["connection", "content-length", "expect", "transfer-encoding"])
        {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("Content-Length: {}\r\n\r\n", self.body.len()));
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(&self.body).await?;
        let mut all = Vec::new();
        stream.read_to_end(&mut all).await?;
        Response::parse(&all).await
    }
}

async fn chunks(from: &mut (impl AsyncBufRead + Unpin)) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let size = line(from).await?;
        let size = size.split(';').next().unwrap_or_default();
        let size = usize::from_str_radix(size, 16).map_err(|_| bad("a bad chunk size"))?;
        if size == 0 {
            headers(from).await?;
            return Ok(body);
        }
        if size + body.len() > MOST {
            return Err(bad("too large a body"));
        }
        let start = body.len();
        body.resize(start + size, 0);
        from.read_exact(&mut body[start..]).await?;
        line(from).await?;
    }
}

impl Response {
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Response {
        let headers = vec![("Content-Type".to_owned(), content_type.to_owned())];
        Response { status, reason: "Injected".to_owned(), headers: Headers(headers), body: body.into() }
    }

    pub fn with(mut self, name: &str, value: &str) -> Response {
        self.headers.0.push((name.to_owned(), value.to_owned()));
        self
    }

    async fn parse(mut all: &[u8]) -> Result<Response> {
        let first = line(&mut all).await?;
        let mut words = first.splitn(3, ' ').skip(1);
        let status = words.next().and_then(|it| it.parse().ok()).ok_or_else(|| bad("no status line"))?;
        let reason = words.next().unwrap_or_default().to_owned();
        Ok(Response { status, reason, headers: headers(&mut all).await?, body: all.to_vec() })
    }

    /// The head and the first half of the body.
    pub async fn send_half(&self, method: &str, to: &mut (impl AsyncWriteExt + Unpin)) -> Result<()> {
        let out = self.bytes(method);
        to.write_all(&out[..out.len() - self.body.len().div_ceil(2)]).await?;
        to.flush().await
    }

    pub async fn send(&self, method: &str, to: &mut (impl AsyncWriteExt + Unpin)) -> Result<()> {
        to.write_all(&self.bytes(method)).await?;
        to.flush().await
    }

    fn bytes(&self, method: &str) -> Vec<u8> {
        let mut out = format!("HTTP/1.1 {} {}\r\n", self.status, self.reason);
        // The length of what a GET would have had is the answer to a HEAD.
        let empty = method == "HEAD" || self.status == 204 || self.status == 304;
        let dropped: &[&str] = if empty {
            &["connection", "transfer-encoding"]
        } else {
            out.push_str(&format!("Content-Length: {}\r\n", self.body.len()));
            &["connection", "transfer-encoding", "content-length"]
        };
        for (name, value) in self.headers.without(dropped) {
            out.push_str(&format!("{name}: {value}\r\n"));
        }
        let mut out = (out + "\r\n").into_bytes();
        if !empty {
            out.extend(&self.body);
        }
        out
    }
}
