//! The bodies of error answers: six JSON shapes, plain text, HTML, or nothing.

use crate::decode::surrogates::mend;
use serde_json::Value;

/// What an error body says, whichever shape it has.
#[derive(Debug, PartialEq)]
pub(crate) struct ApiMessage {
    pub(crate) code: Option<String>,
    pub(crate) message: String,
    pub(crate) details: Option<Value>,
}

/// A body in plain text says no more than this many characters.
const MAX_TEXT: usize = 200;

impl ApiMessage {
    pub(crate) fn read(status: u16, body: &[u8]) -> Self {
        serde_json::from_slice(body)
            .ok()
            .and_then(|body: Value| Self::from_json(&body))
            .unwrap_or_else(|| Self::from_text(status, body))
    }

    /// The words of an error that came under a status of success, if it has any.
    pub(crate) fn said(json: &str) -> Option<String> {
        let mended = mend(json);
        let body = serde_json::from_str(mended.as_deref().unwrap_or(json)).ok()?;
        let Self { code, message, .. } = Self::from_json(&body)?;
        Some(match code {
            Some(code) if code != message => format!("{code}: {message}"),
            _ => message,
        })
    }

    fn from_json(body: &Value) -> Option<Self> {
        if let Some(first) = body.get("errors").and_then(|errors| errors.get(0)) {
            let title = text(first, "title");
            return Some(Self {
                code: text(first, "code"),
                message: text(first, "detail").or(title).or_else(|| text(first, "code"))?,
                details: None,
            });
        }
        let error = body.get("error")?;
        let (code, message) = match error {
            Value::Object(_) => (text(error, "title"), text(error, "message")),
            _ => (error.as_str().map(str::to_owned), None),
        };
        let said = text(body, "description")
            .or_else(|| text(body, "error_description"))
            .or(message);
        Some(Self {
            message: said.or_else(|| code.clone())?,
            code,
            details: body.get("details").filter(|details| !details.is_null()).cloned(),
        })
    }

    fn from_text(status: u16, body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(&body[..body.len().min(4 * MAX_TEXT)]);
        let text = text.trim();
        let is_prose = !text.is_empty() && !text.starts_with(['<', '{', '[']);
        let message = if is_prose {
            text.lines()
                .next()
                .unwrap_or_default()
                .chars()
                .take(MAX_TEXT)
                .collect()
        } else {
            let reason = reqwest::StatusCode::from_u16(status)
                .ok()
                .and_then(|status| status.canonical_reason());
            reason.unwrap_or("no message").to_owned()
        };
        Self {
            code: None,
            message,
            details: None,
        }
    }
}

fn text(value: &Value, key: &str) -> Option<String> {
    value
        .get(key)?
        .as_str()
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
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

    proptest! {
        #[test]
        fn any_body_gives_a_message(body in prop::collection::vec(any::<u8>(), 0..600), status in 400u16..600) {
            prop_assert!(!ApiMessage::read(status, &body).message.is_empty());
        }
    }
}
