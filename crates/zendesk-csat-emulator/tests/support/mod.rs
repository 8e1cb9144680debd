//! A small HTTP client of the tests' own.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests; each test binary uses a part of it"
)]

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use base64::Engine as _;
use flate2::read::GzDecoder;
use serde_json::Value;
use zendesk_csat_emulator::Emulator;

/// An answer off the wire.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The status code.
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// The body as it came.
    pub(crate) raw: Vec<u8>,
}

impl Answer {
    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The body, unpacked.
    pub(crate) fn body(&self) -> Vec<u8> {
        if self.header("content-encoding") == Some("gzip") {
            let mut body = Vec::new();
            GzDecoder::new(&self.raw[..]).read_to_end(&mut body).unwrap();
            body
        } else {
            self.raw.clone()
        }
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        let body = self.body();
        serde_json::from_slice(&body)
            .unwrap_or_else(|problem| panic!("{problem}: {}", String::from_utf8_lossy(&body)))
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body()).unwrap()
    }
}

/// Sends a request and reads to the end of the connection; an error where that ends too early.
pub(crate) fn exchange(
    emulator: &Emulator,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> std::io::Result<Answer> {
    let host = emulator.base_url().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host)?;
    let mut head = format!(
        "{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    stream.write_all(format!("{head}\r\n{body}").as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let early = || std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "the answer ended early");
    let end = answer
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .ok_or_else(early)?;
    let head = String::from_utf8(answer[..end].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers: Vec<(String, String)> = lines
        .map(|line| line.split_once(':').unwrap())
        .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
        .collect();
    let raw = answer[end + 4..].to_vec();
    let length = headers
        .iter()
        .find(|(name, _)| name == "content-length")
        .map_or(raw.len(), |(_, value)| value.parse().unwrap());
    if raw.len() < length {
        return Err(early());
    }
    Ok(Answer { status, headers, raw })
}

/// The `Authorization` header of a bearer token.
pub(crate) fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

/// The `Authorization` header of an API token.
pub(crate) fn basic(email: &str, api_token: &str) -> String {
    format!(
        "Basic {}",
        base64::engine::general_purpose::STANDARD.encode(format!("{email}/token:{api_token}"))
    )
}

/// A GET with a bearer token.
pub(crate) fn get_as(emulator: &Emulator, token: &str, target: &str) -> Answer {
    exchange(emulator, "GET", target, &[("Authorization", &bearer(token))], "").unwrap()
}

/// A GET as the admin.
pub(crate) fn get(emulator: &Emulator, target: &str) -> Answer {
    get_as(emulator, &emulator.account().oauth_token, target)
}

/// The JSON of a GET as the admin, which must succeed.
pub(crate) fn get_json(emulator: &Emulator, target: &str) -> Value {
    let answer = get(emulator, target);
    assert_eq!(answer.status, 200, "{target}: {}", answer.text());
    answer.json()
}

/// A POST of JSON with a bearer token.
pub(crate) fn post_as(emulator: &Emulator, token: &str, target: &str, body: &Value) -> Answer {
    let headers = [
        ("Authorization", bearer(token)),
        ("Content-Type", "application/json".to_owned()),
    ];
    let headers: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    exchange(emulator, "POST", target, &headers, &body.to_string()).unwrap()
}

/// A call to `/_emulator/…`, which takes no credentials.
pub(crate) fn control(emulator: &Emulator, method: &str, path: &str, body: &str) -> Answer {
    exchange(emulator, method, &format!("/_emulator/{path}"), &[], body).unwrap()
}

/// An account whose clock stands still.
pub(crate) fn account(seed: u64, tickets: u32) -> Emulator {
    Emulator::builder()
        .seed(seed)
        .tickets(tickets)
        .clock_speed(0.0)
        .start()
        .unwrap()
}

/// Encodes what a query value may not hold as it is.
pub(crate) fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() {
                (byte as char).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

/// All items of a cursor listing.
pub(crate) fn walk(emulator: &Emulator, path: &str, query: &str, name: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let mut after = String::new();
    loop {
        let page = get_json(emulator, &format!("{path}?{query}{after}"));
        items.extend(page[name].as_array().unwrap().iter().cloned());
        if page["meta"]["has_more"] == false {
            return items;
        }
        after = format!(
            "&page%5Bafter%5D={}",
            encoded(page["meta"]["after_cursor"].as_str().unwrap())
        );
    }
}

/// All tickets of the cursor export from the beginning.
pub(crate) fn export(emulator: &Emulator, query: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let mut from = "start_time=0".to_owned();
    loop {
        let page = get_json(
            emulator,
            &format!("/api/v2/incremental/tickets/cursor?{from}{query}"),
        );
        items.extend(page["tickets"].as_array().unwrap().iter().cloned());
        if page["end_of_stream"] == true {
            return items;
        }
        from = format!("cursor={}", encoded(page["after_cursor"].as_str().unwrap()));
    }
}

/// A user's bearer token.
pub(crate) fn token_of(zendesk: &Emulator, user_id: &Value) -> String {
    let id = user_id
        .as_str()
        .map_or_else(|| user_id.to_string(), str::to_owned);
    control(zendesk, "GET", &format!("users/{id}"), "").json()["user"]["oauth_token"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// A ticket that passes the test, requested by a verified user, and that user's token.
pub(crate) fn ticket(zendesk: &Emulator, test: impl Fn(&Value) -> bool) -> (Value, String) {
    export(zendesk, "")
        .into_iter()
        .filter(test)
        .find_map(|ticket| {
            let user = control(zendesk, "GET", &format!("users/{}", ticket["requester_id"]), "").json();
            let token = user["user"]["oauth_token"].as_str()?.to_owned();
            (user["user"]["verified"] == true).then_some((ticket, token))
        })
        .unwrap()
}
