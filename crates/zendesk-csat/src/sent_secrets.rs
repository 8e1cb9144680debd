//! The secrets of a request, taken out of what comes back: some gateways repeat what they were sent.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use memchr::memmem::find_iter;
use reqwest::header::HeaderValue;
use serde_json::Value;
use std::borrow::Cow;
use std::sync::{Mutex, PoisonError};

/// What is shorter may be a word of the answer by chance.
const SHORTEST: usize = 6;
/// What stands in the place of one.
const HIDDEN: &str = "[secret]";
/// The properties of requests that hold one.
const PROPERTIES: [&str; 4] = ["client_secret", "access_token", "refresh_token", "code_verifier"];

/// The secrets that a call has sent by now.
pub(crate) struct SentSecrets(Mutex<Vec<String>>);

impl SentSecrets {
    /// Those in the body of a request.
    pub(crate) fn of(request: &reqwest::Request) -> Self {
        let body = request.body().and_then(reqwest::Body::as_bytes);
        let body = body.and_then(|body| serde_json::from_slice(body).ok());
        let mut secrets = Vec::new();
        if let Some(body) = body {
            collect(&body, &mut secrets);
        }
        Self(Mutex::new(secrets))
    }

    /// That of a signature, and where it is encoded that which it is made of.
    pub(crate) fn note(&self, authorization: &HeaderValue) {
        let text = authorization.to_str().ok();
        let Some((scheme, signature)) = text.and_then(|text| text.split_once(' ')) else {
            return;
        };
        let mut secrets = self.secrets();
        add(&mut secrets, signature);
        if scheme == "Basic"
            && let Ok(pair) = BASE64_STANDARD.decode(signature)
            && let Some((_, password)) = String::from_utf8_lossy(&pair).split_once(':')
        {
            add(&mut secrets, password);
        }
    }

    /// The text without them.
    pub(crate) fn hide<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut hidden = Cow::Borrowed(text);
        for secret in &*self.secrets() {
            if hidden.contains(secret.as_str()) {
                hidden = hidden.replace(secret.as_str(), HIDDEN).into();
            }
        }
        hidden
    }

    /// The body without them, as far as they stand there letter by letter.
    pub(crate) fn hide_in_body(&self, body: Bytes) -> Bytes {
        self.secrets()
            .iter()
            .fold(body, |body, secret| match replaced(&body, secret.as_bytes()) {
                Some(hidden) => hidden.into(),
                None => body,
            })
    }

    /// The same of every text of a JSON value, names of members among them.
    pub(crate) fn hide_in_json(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.hide(text).into_owned(),
            Value::Array(elements) => elements.iter_mut().for_each(|element| self.hide_in_json(element)),
            Value::Object(members) => {
                *members = std::mem::take(members)
                    .into_iter()
                    .map(|(name, mut value)| {
                        self.hide_in_json(&mut value);
                        (self.hide(&name).into_owned(), value)
                    })
                    .collect();
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn secrets(&self) -> std::sync::MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn collect(value: &Value, secrets: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(secret) if PROPERTIES.contains(&name.as_str()) => add(secrets, secret),
                    value => collect(value, secrets),
                }
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| collect(element, secrets)),
        _ => {}
    }
}

fn add(secrets: &mut Vec<String>, secret: &str) {
    if secret.len() >= SHORTEST && !secrets.iter().any(|known| known == secret) {
        secrets.push(secret.to_owned());
    }
}

/// None where there is nothing to replace.
fn replaced(body: &[u8], secret: &[u8]) -> Option<Vec<u8>> {
    let mut places = find_iter(body, secret).peekable();
    places.peek()?;
    let (mut hidden, mut from) = (Vec::with_capacity(body.len()), 0);
    for at in places {
        hidden.extend(&body[from..at]);
        hidden.extend(HIDDEN.as_bytes());
        from = at + secret.len();
    }
    hidden.extend(&body[from..]);
    Some(hidden)
}
