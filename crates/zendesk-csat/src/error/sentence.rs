//! An error as one line for a person.

use super::{Error, Failure};
use std::fmt;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Failure {
            message,
            code,
            call,
            advice,
            ..
        } = &*self.0;
        if let Some(operation) = call.as_ref().and_then(|call| call.operation) {
            write!(f, "cannot {}: ", operation.action)?;
        }
        // What says success and is none needs no number.
        let status = call.as_ref().and_then(|call| call.status);
        if let Some(status) = status.filter(|status| !(200..300).contains(status)) {
            write!(f, "{status} ")?;
        }
        let message = match advice {
            Some(_) => message.trim_end_matches('.'),
            None => message,
        };
        match code.as_deref() {
            Some(code) if code != message => write!(f, "{code}: {message}")?,
            _ => f.write_str(message)?,
        }
        if let Some(advice) = advice {
            write!(f, "; {advice}")?;
        }
        if f.alternate() {
            self.write_call(f)?;
        }
        Ok(())
    }
}

impl Error {
    /// What helps to find a call again, in brackets.
    fn write_call(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(call) = &self.0.call else {
            return Ok(());
        };
        let mut known = Vec::new();
        known.extend(call.operation.map(|operation| operation.id.to_owned()));
        known.extend(call.status.map(|status| status.to_string()));
        match call.attempts {
            0 => {}
            1 => known.push("1 attempt".to_owned()),
            attempts => known.push(format!("{attempts} attempts")),
        }
        if !call.elapsed.is_zero() {
            known.push(format!("{:.1} s", call.elapsed.as_secs_f64()));
        }
        known.extend(call.request_id.as_ref().map(|id| format!("request {id}")));
        if known.is_empty() {
            return Ok(());
        }
        write!(f, " ({})", known.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::super::FailedCall;
    use super::*;
    use crate::ErrorKind;
    use crate::operation::{COUNT_SATISFACTION_RATINGS, LIST_SATISFACTION_RATINGS};
    use std::time::Duration;

    #[test]
    fn one_line_says_what_why_and_what_next() {
        let call = FailedCall {
            operation: Some(&LIST_SATISFACTION_RATINGS),
            status: Some(401),
            request_id: Some("abc".into()),
            attempts: 1,
            elapsed: Duration::from_millis(120),
            ..FailedCall::default()
        };
        let error = Error::from_response(401, br#"{"error":"Couldn't authenticate you"}"#, call);
        let sentence = "cannot list satisfaction ratings: 401 Couldn't authenticate you; check the credentials, and that \
                        this way of signing in is switched on in the account";
        assert_eq!(error.to_string(), sentence);
        assert_eq!(
            format!("{error:#}"),
            format!("{sentence} (list_satisfaction_ratings, 401, 1 attempt, 0.1 s, request abc)")
        );
        assert_eq!(
            (error.kind(), error.status(), error.operation()),
            (
                ErrorKind::Authentication,
                Some(401),
                Some("list_satisfaction_ratings")
            )
        );
        assert!(!error.is_retryable());
    }

    #[test]
    fn a_success_that_is_none_names_no_number() {
        let call = FailedCall {
            operation: Some(&COUNT_SATISFACTION_RATINGS),
            status: Some(200),
            attempts: 3,
            ..FailedCall::default()
        };
        let error = Error::broken_answer(ErrorKind::Decode, "an empty answer", call);
        assert_eq!(
            error.to_string(),
            "cannot count satisfaction ratings: an empty answer"
        );
        assert_eq!(
            format!("{error:#}"),
            "cannot count satisfaction ratings: an empty answer (count_satisfaction_ratings, 200, 3 attempts)"
        );
    }

    #[test]
    fn an_error_without_a_call_is_its_message() {
        let error = Error::configuration("the proxy is no address");
        assert_eq!(
            format!("{error} {error:#}"),
            "the proxy is no address the proxy is no address"
        );
    }

    #[test]
    fn the_advice_is_for_what_was_refused() {
        let said =
            |status, body: &[u8]| Error::from_response(status, body, FailedCall::default()).to_string();
        let client = said(
            401,
            br#"{"error":"invalid_client","error_description":"Unknown client."}"#,
        );
        assert!(
            client.contains("invalid_client: Unknown client; check the identifier"),
            "{client}"
        );
        let token = said(
            401,
            br#"{"error":"invalid_token","error_description":"Expired."}"#,
        );
        assert!(token.contains("get a new token"), "{token}");
        assert!(said(404, b"<html>").contains("check the subdomain"));
        assert!(!said(404, br#"{"error":"RecordNotFound","description":"Not found"}"#).contains("check"));
    }

    #[test]
    fn nothing_of_the_service_steers_the_terminal() {
        let evil = "\u{1b}]0;pwned\u{7}\u{9b}31m\u{202e}gnp.exe\n";
        for body in [
            serde_json::json!({"error": "Forbidden", "description": evil}),
            serde_json::json!({"error": evil}),
            serde_json::json!({"errors": [{"code": evil, "title": evil}]}),
            serde_json::json!({"errors": {evil: [evil]}}),
            serde_json::json!({"error": {"title": evil, "message": evil.repeat(1_000)}}),
            serde_json::json!({"title": evil, "detail": evil}),
            serde_json::json!(evil),
        ] {
            let error = Error::from_response(403, body.to_string().as_bytes(), FailedCall::default());
            let texts = [
                &error.to_string(),
                error.message(),
                error.code().unwrap_or_default(),
            ];
            for text in texts {
                assert!(
                    !text.contains(|c: char| c.is_control() || c == '\u{202e}'),
                    "{text:?}"
                );
                assert!(text.chars().count() < 800);
            }
        }
    }
}
