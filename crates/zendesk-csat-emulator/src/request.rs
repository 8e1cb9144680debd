//! A request as handlers see it.

use hyper::{HeaderMap, Method};
use serde_json::Value;
use url::form_urlencoded;

use crate::reply::{Reply, described, invalid_attribute};

/// The parameters of a query, decoded, in order.
#[derive(Debug, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    pub(crate) fn parse(raw: &str) -> Self {
        Self(form_urlencoded::parse(raw.as_bytes()).into_owned().collect())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .rev()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// An integer, nothing where the value is empty, or the error that the service gives for anything else.
    pub(crate) fn integer(&self, name: &str) -> Result<Option<i64>, Reply> {
        self.get(name)
            .filter(|text| !text.is_empty())
            .map(|text| {
                text.trim()
                    .parse()
                    .map_err(|_| invalid_attribute(name, "an integer"))
            })
            .transpose()
    }

    pub(crate) fn is_true(&self, name: &str) -> bool {
        matches!(self.get(name), Some("true" | "1"))
    }

    /// The query without some parameters and with others.
    pub(crate) fn with(&self, left_out: &[&str], added: &[(&str, &str)]) -> String {
        let kept = self.0.iter().filter(|(key, _)| !left_out.contains(&key.as_str()));
        let mut query = form_urlencoded::Serializer::new(String::new());
        kept.for_each(|(key, value)| {
            query.append_pair(key, value);
        });
        added.iter().for_each(|(key, value)| {
            query.append_pair(key, value);
        });
        query.finish()
    }
}

/// One request to the API.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    /// The path as asked for.
    pub(crate) path: String,
    /// The path's parts, decoded, without a `.json` at the end.
    pub(crate) segments: Vec<String>,
    pub(crate) query: Query,
    pub(crate) raw_query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    /// Where the caller reaches the account, such as `http://127.0.0.1:4000`.
    pub(crate) base_url: String,
    /// Milliseconds since the epoch.
    pub(crate) now: i64,
    pub(crate) paging_fault: Option<PagingFault>,
    /// The group that an admin is held to.
    pub(crate) narrowed: Option<u8>,
}

/// Something wrong with a page that only the listing itself can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PagingFault {
    /// No records, and a fresh cursor to the same place.
    EmptyPage,
    /// The cursor that was sent comes back.
    RepeatedCursor,
    /// The cursor that was sent is no longer good.
    ExpiredCursor,
    /// The address of the next page is on another host.
    ForeignNext,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub(crate) fn in_help_center(&self) -> bool {
        self.segments.get(2).is_some_and(|part| part == "guide")
    }

    /// What the request counts against.
    pub(crate) fn bucket(&self) -> &'static str {
        match (
            self.segments.first().map(String::as_str),
            self.segments.get(2).map(String::as_str),
        ) {
            (Some("oauth"), _) => "oauth",
            (_, Some("guide")) => "help_center",
            (_, Some("incremental")) => "incremental",
            _ => "support",
        }
    }

    pub(crate) fn json(&self) -> Result<Value, Reply> {
        serde_json::from_slice(&self.body)
            .map_err(|_| described(400, "InvalidJSON", "The request body is not valid JSON"))
    }

    /// This listing's address with another query.
    pub(crate) fn url_with(&self, query: &str) -> String {
        let host = if self.paging_fault == Some(PagingFault::ForeignNext) {
            "http://elsewhere.invalid"
        } else {
            &self.base_url
        };
        format!("{host}{}?{query}", self.path)
    }
}
