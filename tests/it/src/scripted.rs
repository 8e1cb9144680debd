//! A service that answers what the test wrote down, and keeps what it was asked.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response};
use futures::stream::{self, StreamExt};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tokio::sync::Notify;
use zendesk_csat::testing::TestClock;
use zendesk_csat::{Client, ClientBuilder, Credentials};

/// One answer of the script.
#[derive(Debug, Clone)]
pub struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    held: bool,
    hangs_up: bool,
}

impl Answer {
    /// No answer at all: the call stays on its way.
    pub fn never() -> Self {
        Self {
            held: true,
            ..Self::raw(500, b"")
        }
    }

    /// The connection ends in the middle of an answer.
    pub fn hang_up() -> Self {
        Self {
            hangs_up: true,
            ..Self::raw(200, b"{")
        }
    }

    /// A JSON body with a status.
    pub fn json(status: u16, body: impl AsRef<str>) -> Self {
        Self::raw(status, body.as_ref().as_bytes()).header("content-type", "application/json")
    }

    /// Any body with a status.
    pub fn raw(status: u16, body: &[u8]) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.to_vec(),
            held: false,
            hangs_up: false,
        }
    }

    /// With a header more.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// What a service answers to a request line.
type Rule = Box<dyn Fn(&str) -> Answer + Send + Sync>;

/// The service. It answers 500 once the script is at its end.
pub struct Scripted {
    base_url: String,
    script: Arc<Script>,
}

#[derive(Default)]
struct Script {
    answers: Mutex<VecDeque<Answer>>,
    /// What comes once they are at their end.
    rule: Option<Rule>,
    requests: Mutex<Vec<String>>,
    abandoned: Notify,
}

/// Tells when the other side gives a call up.
struct Held(Arc<Script>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.abandoned.notify_one();
    }
}

impl Scripted {
    /// Listens on a free port with these answers, one a request.
    pub async fn start(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self::run(Script {
            answers: Mutex::new(answers.into_iter().collect()),
            ..Script::default()
        })
        .await
    }

    /// Listens on a free port with this answer to every request.
    pub async fn lasting(answer: Answer) -> Self {
        Self::answering(move |_| answer.clone()).await
    }

    /// Listens on a free port with answers that go by the request line.
    pub async fn answering(rule: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Self {
        Self::run(Script {
            rule: Some(Box::new(rule)),
            ..Script::default()
        })
        .await
    }

    async fn run(script: Script) -> Self {
        let script = Arc::new(script);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(script.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { base_url, script }
    }

    /// The service's address.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// A builder of a client that talks to the service.
    pub fn builder(&self) -> ClientBuilder {
        Client::builder("acme")
            .base_url(&self.base_url)
            .credentials(Credentials::oauth_token("TOKEN"))
    }

    /// A client that talks to the service, and never waits.
    pub fn hasty_client(&self) -> Client {
        self.builder().clock(TestClock::default()).build().unwrap()
    }

    /// A client that talks to the service.
    pub fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    /// Returns once the client has given up a call that is [never](Answer::never) answered.
    pub async fn abandoned(&self) {
        self.script.abandoned.notified().await;
    }

    /// What was asked: request line, the headers that are ours, body.
    pub fn requests(&self) -> Vec<String> {
        self.script.requests.lock().unwrap().clone()
    }
}

async fn answer(State(script): State<Arc<Script>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let line = format!("{} {}\n", parts.method, parts.uri);
    let answer = script.answers.lock().unwrap().pop_front();
    let answer = answer.or_else(|| script.rule.as_ref().map(|rule| rule(&line)));
    script
        .requests
        .lock()
        .unwrap()
        .push(line + &headers(&parts.headers) + &text(&body));
    let Answer {
        status,
        headers,
        body,
        held,
        hangs_up,
    } = answer.unwrap_or_else(|| Answer::raw(500, b"the script is at its end"));
    if held {
        let _held = Held(script);
        std::future::pending::<()>().await;
    }
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(name, value);
    }
    if hangs_up {
        let gone = async {
            // What was written leaves first.
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            Err(std::io::Error::other("the connection is gone"))
        };
        let parts = stream::iter([Ok(body)]).chain(stream::once(gone));
        return response.body(Body::from_stream(parts)).unwrap();
    }
    response.body(Body::from(body)).unwrap()
}

/// All but what names the run: host, port, length, version.
fn headers(headers: &HeaderMap) -> String {
    let mut lines: Vec<_> = headers
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "host" | "content-length"))
        .map(|(name, value)| {
            let value = value
                .to_str()
                .unwrap()
                .replace(env!("CARGO_PKG_VERSION"), "VERSION");
            format!("{name}: {value}\n")
        })
        .collect();
    lines.sort();
    lines.concat()
}

fn text(body: &Bytes) -> String {
    match serde_json::from_slice::<serde_json::Value>(body) {
        Ok(body) => format!("{body:#}\n"),
        Err(_) => String::from_utf8_lossy(body).into_owned(),
    }
}
