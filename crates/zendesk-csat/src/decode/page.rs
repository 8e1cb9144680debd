//! A page of records: whole where it fits, record by record where one does not.

use super::json::Misfit;
use crate::Extra;
use serde::de::DeserializeOwned;
use std::fmt;

/// The generated type of a page: its records, and what it says of the next page. It reads without its records, too.
pub(crate) trait Envelope: DeserializeOwned {
    /// One record.
    type Item: DeserializeOwned + Send + 'static;
    /// The property that holds the records.
    const ITEMS: &'static str;

    fn into_items(self) -> (Vec<Self::Item>, Next);

    /// The cursor of the next page, where the page says in so many words that there is one.
    fn stated_cursor(&self) -> Option<&str> {
        None
    }
}

/// What a page says of the page after it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Next {
    /// Where to go on, or what to keep for the next run.
    pub(crate) cursor: Option<String>,
    pub(crate) has_more: bool,
    /// What the spec does not know of the page.
    pub(crate) extra: Extra,
}

/// A record that could not be read, kept apart from its page.
///
/// `Debug` and `Display` show where and why, never what it holds.
#[derive(Clone, PartialEq, Eq)]
pub struct Malformed {
    index: usize,
    path: String,
    message: String,
    raw: String,
}

impl Malformed {
    pub(crate) fn new(index: usize, misfit: Misfit, raw: &str) -> Self {
        let Misfit { path, message } = misfit;
        Self {
            index,
            path,
            message,
            raw: raw.to_owned(),
        }
    }

    /// The record's place in its page, from 0.
    pub fn index(&self) -> usize {
        self.index
    }

    /// The JSON path of what does not fit, such as `$.satisfaction_ratings[3].ticket_id`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What was expected there.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The record's own JSON. It may hold a customer's words: keep it out of logs.
    pub fn raw(&self) -> &str {
        &self.raw
    }
}

impl fmt::Debug for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Malformed")
            .field("path", &self.path)
            .field("message", &self.message)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.message, self.path)
    }
}

/// The records of a page, those that could not be read, and the way on.
#[derive(Debug)]
pub(crate) struct Records<T> {
    pub(crate) items: Vec<T>,
    pub(crate) malformed: Vec<Malformed>,
    pub(crate) next: Next,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::sink::{self, Rest};
    use serde::Deserialize;

    fn decode<E: Envelope>(body: &[u8]) -> Result<Records<E::Item>, Misfit> {
        let mut items = Vec::new();
        let Rest { malformed, next } = sink::decode::<E, _>(body, &mut items)?;
        Ok(Records {
            items,
            malformed,
            next,
        })
    }

    #[derive(Deserialize)]
    struct Page {
        things: Option<Vec<Thing>>,
        has_more: Option<bool>,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Thing {
        id: i64,
    }
    impl Envelope for Page {
        type Item = Thing;
        const ITEMS: &'static str = "things";
        fn into_items(self) -> (Vec<Thing>, Next) {
            let next = Next {
                cursor: None,
                has_more: self.has_more.unwrap_or(false),
                ..Next::default()
            };
            (self.things.unwrap_or_default(), next)
        }
    }

    #[test]
    fn neighbours_of_a_malformed_record_live() {
        let body = br#"{"has_more": true, "things": [{"id": 1}, {"id": "private"}, null, {"id": 4}]}"#;
        let records = decode::<Page>(body).unwrap();
        assert_eq!(records.items, [Thing { id: 1 }, Thing { id: 4 }]);
        assert!(records.next.has_more);
        let paths: Vec<_> = records.malformed.iter().map(Malformed::path).collect();
        assert_eq!(paths, ["$.things[1].id", "$.things[2]"]);
        assert_eq!(records.malformed[0].index(), 1);
        assert_eq!(records.malformed[0].raw(), r#"{"id": "private"}"#);
        assert!(!format!("{:?}", records.malformed).contains("private"));
    }

    #[test]
    fn a_page_without_records_is_empty() {
        for body in [&b"{}"[..], br#"{"things": null}"#, br#"{"things": []}"#] {
            assert!(decode::<Page>(body).unwrap().items.is_empty());
        }
    }

    #[test]
    fn an_envelope_that_does_not_fit_is_an_error() {
        let error = decode::<Page>(br#"{"has_more": "yes", "things": [{"id": 1}]}"#).unwrap_err();
        assert_eq!(error.to_string(), "expected a boolean at $.has_more");
        assert!(decode::<Page>(b"[]").is_err());
        assert!(decode::<Page>(br#"{"things": 7}"#).is_err());
    }
}
