//! The bodies of error answers: the service's own JSON in all its shapes, that of the network before it and of Rails,
//! plain text, HTML, or nothing.

use super::MAX_WORDS;
use crate::decode::surrogates::mend;
use crate::visible;
use serde_json::{Map, Value};

/// What an error body says, whichever shape it has.
#[derive(Debug, PartialEq)]
pub(crate) struct ApiMessage {
    pub(crate) code: Option<String>,
    pub(crate) message: String,
    pub(crate) details: Option<Value>,
}

impl ApiMessage {
    pub(crate) fn read(status: u16, body: &[u8]) -> Self {
        let read = match serde_json::from_slice(body) {
            Ok(json) => Self::from_json(&json).unwrap_or_else(|| Self::of_message(String::new())),
            Err(_) => Self::from_text(status, body),
        };
        Self {
            code: read.code.as_deref().and_then(shown),
            message: shown(&read.message).unwrap_or_else(|| reason(status)),
            details: read.details,
        }
    }

    /// The words of an error that came under a status of success, if it has any.
    pub(crate) fn said(json: &str) -> Option<String> {
        let mended = mend(json);
        let body = serde_json::from_str(mended.as_deref().unwrap_or(json)).ok()?;
        let Self { code, message, .. } = Self::from_json(&body)?;
        shown(&match code {
            Some(code) if code != message => format!("{code}: {message}"),
            _ => message,
        })
    }

    fn from_json(body: &Value) -> Option<Self> {
        match body {
            Value::Object(body) => Self::of_errors(body.get("errors"))
                .or_else(|| Self::of_error(body))
                .or_else(|| Self::of_words(body)),
            Value::String(words) => Some(Self::of_message(words.clone())),
            _ => None,
        }
    }

    /// `errors`: records as the Help Center has them, texts, or texts by field as in Rails.
    fn of_errors(errors: Option<&Value>) -> Option<Self> {
        let errors = errors?;
        match errors {
            Value::Array(all) => Some(Self {
                code: all.first().and_then(|first| text(first, "code")),
                ..Self::of_message(joined(all.iter().filter_map(words))?)
            }),
            Value::Object(fields) => Some(Self {
                details: Some(errors.clone()),
                ..Self::of_message(joined(fields.iter().filter_map(of_field))?)
            }),
            other => words(other).map(Self::of_message),
        }
    }

    /// `error`: a code with a description beside it, or a record.
    fn of_error(body: &Map<String, Value>) -> Option<Self> {
        let error = body.get("error")?;
        let (code, message) = match error {
            Value::Object(_) => (text(error, "title").or_else(|| text(error, "code")), words(error)),
            _ => (error.as_str().map(str::to_owned), None),
        };
        let beside = ["description", "error_description", "message"];
        let said = beside.iter().find_map(|key| member(body, key)).or(message);
        Some(Self {
            message: said.or_else(|| code.clone())?,
            code,
            details: body.get("details").filter(|details| !details.is_null()).cloned(),
        })
    }

    /// Neither: what the network before the service says.
    fn of_words(body: &Map<String, Value>) -> Option<Self> {
        let said = ["detail", "message", "description"];
        let said = said.iter().find_map(|key| member(body, key));
        let message = match (member(body, "title"), said) {
            (Some(title), Some(said)) if title != said => format!("{title}: {said}"),
            (title, said) => said.or(title)?,
        };
        Some(Self::of_message(message))
    }

    fn of_message(message: String) -> Self {
        Self {
            code: None,
            message,
            details: None,
        }
    }

    fn from_text(status: u16, body: &[u8]) -> Self {
        // As many bytes as the longest message can have, and the head of a page.
        let text = String::from_utf8_lossy(&body[..body.len().min(4 * MAX_WORDS)]);
        let text = text.trim();
        Self::of_message(if text.starts_with('<') {
            titled(text, status).unwrap_or_default()
        } else if text.starts_with(['{', '[']) {
            String::new()
        } else {
            text.to_owned()
        })
    }
}

/// Words as a message repeats them: on one line, bounded; none where there are none.
fn shown(words: &str) -> Option<String> {
    let line = visible(words, usize::MAX);
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(visible(&line, MAX_WORDS).into_owned()).filter(|line| !line.is_empty())
}

/// What the status alone says.
fn reason(status: u16) -> String {
    let status = reqwest::StatusCode::from_u16(status).ok();
    let reason = status.and_then(|status| status.canonical_reason());
    reason.unwrap_or("no message").to_owned()
}

/// The title of an HTML page, where it says more than the status does.
fn titled(page: &str, status: u16) -> Option<String> {
    let lower = page.to_ascii_lowercase();
    let start = lower.find("<title")?;
    let start = start + lower[start..].find('>')? + 1;
    let end = start + lower[start..].find("</title")?;
    let title = shown(&unescaped(&page[start..end]))?;
    let number = status.to_string();
    let said = title
        .trim_start_matches(number.as_str())
        .trim_start_matches([' ', ':', '-', '|']);
    match said {
        "" => None,
        said if said.eq_ignore_ascii_case(&reason(status)) => None,
        _ => Some(format!("an HTML page, \"{title}\"")),
    }
}

fn unescaped(html: &str) -> String {
    [
        ("&#39;", "'"),
        ("&quot;", "\""),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(html.to_owned(), |text, (entity, character)| {
        text.replace(entity, character)
    })
}

/// What one error of several says.
fn words(error: &Value) -> Option<String> {
    match error {
        Value::String(words) => Some(words.clone()).filter(|words| !words.is_empty()),
        Value::Object(error) => ["detail", "message", "description", "title", "code"]
            .iter()
            .find_map(|key| member(error, key)),
        _ => None,
    }
}

/// What is wrong with one field; Rails says of `base` what is wrong with the whole.
fn of_field((field, wrong): (&String, &Value)) -> Option<String> {
    let said = match wrong {
        Value::Array(all) => joined(all.iter().filter_map(words)),
        other => words(other),
    }?;
    Some(if field == "base" {
        said
    } else {
        format!("{field} {said}")
    })
}

/// Several words, each once.
fn joined(all: impl Iterator<Item = String>) -> Option<String> {
    let mut different: Vec<String> = Vec::new();
    for words in all {
        if !different.contains(&words) {
            different.push(words);
        }
    }
    (!different.is_empty()).then(|| different.join("; "))
}

fn text(value: &Value, key: &str) -> Option<String> {
    member(value.as_object()?, key)
}

fn member(object: &Map<String, Value>, key: &str) -> Option<String> {
    let text = object.get(key)?.as_str()?;
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn read(status: u16, body: &str) -> (Option<String>, String) {
        let read = ApiMessage::read(status, body.as_bytes());
        (read.code, read.message)
    }

    #[test]
    fn every_shape_of_the_service() {
        let said = |code: &str, message: &str| (Some(code.to_owned()), message.to_owned());
        assert_eq!(
            read(404, r#"{"error":"RecordNotFound","description":"Not found"}"#),
            said("RecordNotFound", "Not found")
        );
        assert_eq!(
            read(401, r#"{"error":"Couldn't authenticate you"}"#),
            said("Couldn't authenticate you", "Couldn't authenticate you")
        );
        assert_eq!(
            read(
                400,
                r#"{"error":{"title":"Invalid attribute","message":"page.size must be an integer"}}"#
            ),
            said("Invalid attribute", "page.size must be an integer")
        );
        assert_eq!(
            read(
                404,
                r#"{"errors":[{"code":"NotFound","status":"404","title":"The survey response could not be found"}]}"#
            ),
            said("NotFound", "The survey response could not be found")
        );
        assert_eq!(
            read(
                400,
                r#"{"errors":[{"code":"InvalidPaginationDepth","title":"Too deep","detail":"Use cursors"}]}"#
            ),
            said("InvalidPaginationDepth", "Use cursors")
        );
        assert_eq!(
            read(
                401,
                r#"{"error":"invalid_client","error_description":"No such client"}"#
            ),
            said("invalid_client", "No such client")
        );
    }

    #[test]
    fn details_are_kept_as_they_came() {
        let body = r#"{"error":"RecordInvalid","description":"Record validation errors","details":{"score":[{"description":"is not valid"}]}}"#;
        let read = ApiMessage::read(422, body.as_bytes());
        assert_eq!(
            read.details,
            Some(json!({"score": [{"description": "is not valid"}]}))
        );
    }

    #[test]
    fn bodies_that_are_not_json() {
        let text = "Number of allowed API requests per minute exceeded";
        assert_eq!(read(429, text), (None, text.to_owned()));
        assert_eq!(read(404, ""), (None, "Not Found".to_owned()));
        assert_eq!(
            read(502, "<html><body>secret</body></html>"),
            (None, "Bad Gateway".to_owned())
        );
        assert_eq!(read(599, "{broken"), (None, "no message".to_owned()));
    }

    #[test]
    fn the_words_of_the_network_and_of_rails_are_kept() {
        for (status, body, message) in [
            (
                429,
                r#"{"status": "429", "title": "Automated response", "detail": "You have been rate limited", "retryable": true}"#,
                "Automated response: You have been rate limited",
            ),
            (
                403,
                r#"{"status": "403", "title": "Sorry, you have been blocked"}"#,
                "Sorry, you have been blocked",
            ),
            (400, r#"{"message": "Bad start_time"}"#, "Bad start_time"),
            (400, r#"{"description": "Bad start_time"}"#, "Bad start_time"),
            (
                422,
                r#"{"errors": {"score": ["is invalid", "is late"]}}"#,
                "score is invalid; is late",
            ),
            (
                422,
                r#"{"errors": {"base": ["All is wrong"], "score": "is invalid"}}"#,
                "All is wrong; score is invalid",
            ),
            (
                422,
                r#"{"errors": {"score": [{"description": "Score: is invalid"}]}}"#,
                "score Score: is invalid",
            ),
            (
                400,
                r#"{"errors": ["first thing wrong", "second"]}"#,
                "first thing wrong; second",
            ),
            (400, r#"{"errors": "all wrong"}"#, "all wrong"),
            (400, r#"{"error": {"message": "only this"}}"#, "only this"),
            (400, r#""only a text""#, "only a text"),
        ] {
            assert_eq!(read(status, body), (None, message.to_owned()), "{body}");
        }
        let code = Some("Invalid".to_owned());
        let rails = r#"{"error": "Invalid", "message": "No such field"}"#;
        assert_eq!(read(400, rails), (code, "No such field".to_owned()));
        let fields = json!({"score": ["is invalid"]});
        let body = json!({"errors": fields}).to_string();
        assert_eq!(ApiMessage::read(422, body.as_bytes()).details, Some(fields));
    }

    #[test]
    fn what_says_nothing_is_said_by_its_status() {
        for body in [
            "{}",
            "[]",
            "5",
            "null",
            r#"{"errors": []}"#,
            r#"{"errors": {}}"#,
            r#"{"error": true}"#,
            r#"{"message": {}}"#,
            r#""""#,
        ] {
            assert_eq!(read(404, body), (None, "Not Found".to_owned()), "{body}");
        }
    }

    #[test]
    fn a_page_is_told_by_its_title() {
        let closed =
            "<!DOCTYPE html>\n<html><head><TITLE lang=en>\n Help Center Closed | Zendesk&#39;s </TITLE>";
        let said = "an HTML page, \"Help Center Closed | Zendesk's\"";
        assert_eq!(read(404, closed), (None, said.to_owned()));
        for bare in [
            "<title>502 Bad Gateway</title>",
            "<title>bad gateway</title>",
            "<title></title>",
            "<title>502",
            "<title",
            "<İtitle>x",
        ] {
            assert_eq!(read(502, bare), (None, "Bad Gateway".to_owned()), "{bare}");
        }
    }

    #[test]
    fn a_long_text_is_cut_and_on_one_line() {
        let (_, message) = read(429, &"slow\r\ndown ".repeat(1_000));
        assert!(
            message.starts_with("slow down slow down") && message.ends_with('…'),
            "{message}"
        );
        assert_eq!(message.chars().count(), MAX_WORDS);
    }

    proptest! {
        #[test]
        fn any_body_gives_a_message(body in prop::collection::vec(any::<u8>(), 0..600), status in 400u16..600) {
            prop_assert!(!ApiMessage::read(status, &body).message.is_empty());
        }
    }
}
