//! A page of records: whole where it fits, record by record where one does not.

use super::json::Misfit;
use crate::operation::Operation;
use crate::{Extra, visible};
use serde::de::DeserializeOwned;
use std::fmt;

/// The longest path that is told, in characters.
const MAX_PATH: usize = 300;

/// The generated type of a page: its records, and what it says of the next page. Here it is read without its records.
pub(crate) trait Envelope: DeserializeOwned {
    /// One record.
    type Item: DeserializeOwned + Send + 'static;
    /// The listing that it is a page of, which knows where the records are.
    const OPERATION: &'static Operation;

    /// What a page says that says whether it is the last one.
    fn into_next(self) -> Next;

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
            // Names of properties are the service's words too.
            path: visible(&path, MAX_PATH).into_owned(),
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
    use crate::decode::broken::Broken;
    use crate::decode::sink::{self, Rest};
    use crate::types::{SurveyResponse, SurveyResponsesPage};

    fn decode(body: &[u8]) -> Result<Records<SurveyResponse>, Broken> {
        let mut items = Vec::new();
        let Rest { malformed, next } = sink::decode::<SurveyResponsesPage, _>(body, &mut items)?;
        Ok(Records {
            items,
            malformed,
            next,
        })
    }

    fn ids(records: &Records<SurveyResponse>) -> Vec<&str> {
        records
            .items
            .iter()
            .map(|response| response.id.as_str())
            .collect()
    }

    #[test]
    fn neighbours_of_a_malformed_record_live() {
        let body = br#"{"meta": {"has_more": true}, "survey_responses": [{"id": "1"}, {"id": ["private"]}, null, {"id": "4"}]}"#;
        let records = decode(body).unwrap();
        assert_eq!(ids(&records), ["1", "4"]);
        assert!(records.next.has_more);
        let paths: Vec<_> = records.malformed.iter().map(Malformed::path).collect();
        assert_eq!(paths, ["$.survey_responses[1].id", "$.survey_responses[2]"]);
        assert_eq!(records.malformed[0].index(), 1);
        assert_eq!(records.malformed[0].raw(), r#"{"id": ["private"]}"#);
        assert!(!format!("{:?}", records.malformed).contains("private"));
    }

    #[test]
    fn half_an_emoji_costs_no_record() {
        let body = br#"{"survey_responses": [{"id": "1"}, {"id": "2", "answers": [{"type": "open_ended", "value": "oh \ud83d"}], "new": "\udc4d"}],
            "users": ["\ud83d"], "meta": {"has_more": false}}"#;
        let records = decode(body).unwrap();
        assert_eq!((ids(&records), records.malformed.len()), (vec!["1", "2"], 0));
        assert_eq!(records.items[1].comment(), Some("oh \u{fffd}"));
        assert_eq!(records.items[1].extra["new"], "\u{fffd}");
        assert_eq!(records.next.extra["users"][0], "\u{fffd}");
        // Other faults of such a record are found all the same.
        let body = br#"{"survey_responses": [{"id": ["\ud83d"]}], "meta": {"has_more": false}}"#;
        assert_eq!(
            decode(body).unwrap().malformed[0].path(),
            "$.survey_responses[0].id"
        );
    }

    #[test]
    fn bytes_that_are_no_text_cost_their_record_and_no_other() {
        let body = b"{\"survey_responses\": [{\"id\": \"1\"}, {\"id\": \"\xe9\", \"x\": \"\xff\"}, {\"id\": \"3\"}], \"meta\": {\"has_more\": false}}";
        let records = decode(body).unwrap();
        assert_eq!(ids(&records), ["1", "3"]);
        let malformed = &records.malformed[0];
        assert_eq!(
            (malformed.index(), malformed.path(), malformed.message()),
            (1, "$.survey_responses[1]", "expected UTF-8")
        );
        assert_eq!(malformed.raw(), "{\"id\": \"\u{fffd}\", \"x\": \"\u{fffd}\"}");
        for outside in [
            &b"{\"survey_responses\": [{\"id\": \"1\"}], \"meta\": {\"has_more\": false}, \"a\": \"\xe9\"}"[..],
            b"{\"survey_responses\": [\xe9], \"meta\": {\"has_more\": false}}",
        ] {
            assert_eq!(decode(outside).unwrap_err(), Broken::NotUtf8);
        }
    }

    #[test]
    fn an_answer_that_is_no_page_is_never_an_empty_one() {
        for (body, broken) in [
            ("{}", Broken::Lacks("survey_responses")),
            (
                r#"{"survey_responses": null, "meta": {"has_more": false}}"#,
                Broken::Lacks("survey_responses"),
            ),
            (r#"{"survey_responses": []}"#, Broken::NoEnd),
            (
                r#"{"survey_responses": [], "meta": {"has_more": null}}"#,
                Broken::NoEnd,
            ),
            (
                r#"{"survey_responses": [{"id": "1"}], "survey_responses": [], "meta": {"has_more": false}}"#,
                Broken::Twice("survey_responses"),
            ),
            ("[]", Broken::NotAnObject),
        ] {
            assert_eq!(decode(body.as_bytes()).unwrap_err(), broken, "{body}");
        }
        let misfit = decode(br#"{"survey_responses": [], "meta": {"has_more": false, "after_cursor": []}}"#);
        assert_eq!(misfit.unwrap_err().path(), "$.meta.after_cursor");
    }
}
