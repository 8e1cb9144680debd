//! Answers, and the shapes of Zendesk's errors.

use serde::Serialize;
use serde_json::json;

/// An answer before it is packed and sent.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) content_type: Option<&'static str>,
    pub(crate) body: Vec<u8>,
}

pub(crate) const JSON: &str = "application/json; charset=utf-8";

/// What a handler gives: the answer, or the error that ended it.
pub(crate) type Answer = Result<Reply, Reply>;

impl Reply {
    pub(crate) fn json(status: u16, body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(body) => Self {
                status,
                headers: Vec::new(),
                content_type: Some(JSON),
                body,
            },
            Err(problem) => Self::text(
                500,
                &format!("the emulator could not write its answer: {problem}"),
            ),
        }
    }

    pub(crate) fn text(status: u16, body: &str) -> Self {
        Self {
            status,
            headers: Vec::new(),
            content_type: Some("text/plain; charset=utf-8"),
            body: body.as_bytes().to_vec(),
        }
    }

    pub(crate) fn html(status: u16, body: String) -> Self {
        Self {
            status,
            headers: Vec::new(),
            content_type: Some("text/html; charset=utf-8"),
            body: body.into_bytes(),
        }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// `{"error": S, "description": S}`.
pub(crate) fn described(status: u16, error: &str, description: &str) -> Reply {
    Reply::json(status, &json!({"error": error, "description": description}))
}

/// `{"error": {"title": S, "message": S}}`.
pub(crate) fn titled(status: u16, title: &str, message: &str) -> Reply {
    Reply::json(status, &json!({"error": {"title": title, "message": message}}))
}

/// `{"errors": [{"code": S, "status": "N", "title": S}]}`, as the Help Center endpoints answer.
pub(crate) fn listed(status: u16, code: &str, title: &str) -> Reply {
    Reply::json(
        status,
        &json!({"errors": [{"code": code, "status": status.to_string(), "title": title}]}),
    )
}

/// 422 with details by field.
pub(crate) fn invalid_record(field: &str, description: &str, error: &str) -> Reply {
    Reply::json(
        422,
        &json!({
            "error": "RecordInvalid",
            "description": "Record validation errors",
            "details": {field: [{"description": description, "error": error}]},
        }),
    )
}

/// The state file could not be written: the change did not happen.
pub(crate) fn not_kept(problem: &std::io::Error) -> Reply {
    described(
        500,
        "StateNotKept",
        &format!("the emulator's state file could not be written: {problem}"),
    )
}

pub(crate) fn record_not_found() -> Reply {
    described(404, "RecordNotFound", "Not found")
}

pub(crate) fn unknown_endpoint() -> Reply {
    described(404, "InvalidEndpoint", "Not found")
}

/// A parameter with a value that it cannot have.
pub(crate) fn invalid_attribute(name: &str, expected: &str) -> Reply {
    titled(
        400,
        "Invalid attribute",
        &format!(
            "You passed an invalid value for the {name} attribute. Invalid parameter: {name} must be {expected}"
        ),
    )
}
