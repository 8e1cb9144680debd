//! JSON to one record, with the path of what does not fit and never its value.

use super::surrogates::mend;
use serde::Deserialize;
use serde::de::{DeserializeOwned, DeserializeSeed};
use std::fmt;
use std::marker::PhantomData;

/// What does not fit, and where. Holds nothing of the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Misfit {
    /// Such as `$.satisfaction_rating.ticket_id`.
    pub(crate) path: String,
    /// Such as `expected an integer id`.
    pub(crate) message: String,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.message, self.path)
    }
}

/// Decodes a whole body.
pub(crate) fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, Misfit> {
    let text = std::str::from_utf8(body).map_err(|_| Misfit {
        path: "$".into(),
        message: "expected UTF-8".into(),
    })?;
    // The path costs time: it is looked for only where there is something to find.
    serde_json::from_str(text).or_else(|_| match mend(text) {
        Some(mended) => decode_at("$", &mended),
        None => decode_at("$", text),
    })
}

/// Decodes what stands at `root`, with the path of a misfit below it.
pub(crate) fn decode_at<'de, T: Deserialize<'de>>(root: &str, json: &'de str) -> Result<T, Misfit> {
    decode_seed_at(root, json, PhantomData)
}

/// Decodes what stands at `root` by a seed, with the path of a misfit below it.
pub(crate) fn decode_seed_at<'de, S: DeserializeSeed<'de>>(
    root: &str,
    json: &'de str,
    seed: S,
) -> Result<S::Value, Misfit> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let mut track = serde_path_to_error::Track::new();
    let tracked = serde_path_to_error::Deserializer::new(&mut deserializer, &mut track);
    let value = seed.deserialize(tracked).map_err(|error| {
        let below = track.path().to_string();
        let path = match below.as_str() {
            "." => root.to_owned(),
            index if index.starts_with('[') => format!("{root}{index}"),
            field => format!("{root}.{field}"),
        };
        Misfit {
            path,
            message: without_values(&error),
        }
    })?;
    deserializer.end().map_err(|_| Misfit {
        path: root.into(),
        message: "expected the end of the body".into(),
    })?;
    Ok(value)
}

/// serde's message without the part that quotes the body.
fn without_values(error: &serde_json::Error) -> String {
    use serde_json::error::Category;
    let message = error.to_string();
    match error.classify() {
        Category::Eof => "expected more: the JSON breaks off".into(),
        Category::Syntax | Category::Io => "expected JSON".into(),
        Category::Data => {
            let end = message.rfind(" at line ").unwrap_or(message.len());
            let message = &message[..end];
            match (
                message.rfind(", expected "),
                message.starts_with("missing field `"),
            ) {
                (Some(start), _) => message[start + 2..].to_owned(),
                (None, true) => message.to_owned(),
                (None, false) => "expected another shape".into(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Outer {
        items: Vec<Inner>,
    }
    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Inner {
        id: i64,
    }

    #[test]
    fn a_misfit_has_its_path_and_not_its_value() {
        let message = |body: &str| decode::<Outer>(body.as_bytes()).unwrap_err().to_string();
        assert_eq!(
            message(r#"{"items": [{"id": 1}, {"id": "dear, expected"}]}"#),
            "expected i64 at $.items[1].id"
        );
        assert_eq!(message(r#"{"items": [{}]}"#), "missing field `id` at $.items[0]");
        assert_eq!(
            message(r#"{"items": [{"id": 1}"#),
            "expected more: the JSON breaks off at $.items"
        );
        assert_eq!(message("<html>private</html>"), "expected JSON at $");
        assert_eq!(
            message(r#"{"items": []} private"#),
            "expected the end of the body at $"
        );
        assert_eq!(
            decode::<Outer>(b"\xff").unwrap_err().to_string(),
            "expected UTF-8 at $"
        );
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = "[".repeat(100_000);
        assert!(decode::<serde_json::Value>(deep.as_bytes()).is_err());
    }
}
