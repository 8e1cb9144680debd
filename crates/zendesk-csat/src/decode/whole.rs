//! Whether a body is an answer at all: a short look where that tells, and all of it where it does not.

use super::broken::Broken;
use super::next_page::shows_list_and_end;
use super::parts::{Text, take_apart};
use crate::operation::{Holds, Operation};
use reqwest::header::HeaderValue;

/// Says why a body is not what the operation gives. A list is told by its two ends, so that no good page is read twice;
/// what the look takes for whole and is not, fails when it is decoded.
pub(crate) fn check(
    operation: &Operation,
    content_type: Option<&HeaderValue>,
    body: &[u8],
) -> Result<(), Broken> {
    if let Holds::List(end) = operation.holds
        && shows_list_and_end(operation.holder, end, body)
    {
        return Ok(());
    }
    let text = Text::of(body);
    match take_apart(operation, &text) {
        Ok(_) => Ok(()),
        Err(Broken::NotJson) if is_html(content_type) => Err(Broken::Html),
        Err(broken) => Err(broken),
    }
}

fn is_html(content_type: Option<&HeaderValue>) -> bool {
    let text = content_type.map(HeaderValue::as_bytes).unwrap_or_default();
    text.windows(4).any(|part| part.eq_ignore_ascii_case(b"html"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{EXPORT_TICKETS, End, LIST_SATISFACTION_RATINGS, SHOW_MANY_TICKETS};
    use proptest::prelude::*;

    #[test]
    fn a_page_in_words_is_known_by_its_content_type() {
        let html = HeaderValue::from_static("text/HTML; charset=utf-8");
        let check = |content_type| check(&EXPORT_TICKETS, content_type, b"Sign in first");
        assert_eq!(check(Some(&html)), Err(Broken::Html));
        assert_eq!(check(None), Err(Broken::NotJson));
    }

    #[test]
    fn the_look_alone_finds_a_whole_page() {
        let ticket = format!(r#"{{"id":1,"tags":["a"],"description":"{}"}}"#, "x".repeat(500));
        let tickets = vec![ticket; 100].join(",");
        for body in [
            format!(r#"{{"tickets":[{tickets}],"after_cursor":"C","end_of_stream":false}}"#),
            format!(r#"{{"after_cursor":"C","end_of_stream":true,"tickets": [{tickets}] }}"#),
            r#"{"tickets":[],"end_of_stream":true}"#.to_owned(),
        ] {
            let Holds::List(end) = EXPORT_TICKETS.holds else {
                panic!()
            };
            assert!(shows_list_and_end("tickets", end, body.as_bytes()));
            // Wherever it breaks off, nobody takes it for whole.
            for length in (0..body.len()).filter(|length| body.len() - length < 600 || length % 97 == 0) {
                let cut = check(&EXPORT_TICKETS, None, &body.as_bytes()[..length]);
                assert!(cut.is_err(), "{length} of {}", body.len());
            }
        }
    }

    #[test]
    fn a_list_without_a_sign_that_breaks_off_at_a_record_is_noticed() {
        let record = r#"{"tickets":[{"id":1,"tags":["a"],"x":1}"#;
        let whole = format!(r#"{record}],"next_page":null,"count":1}}"#);
        assert!(shows_list_and_end("tickets", End::Whole, whole.as_bytes()));
        assert_eq!(check(&SHOW_MANY_TICKETS, None, whole.as_bytes()), Ok(()));
        assert_eq!(
            check(&SHOW_MANY_TICKETS, None, format!("{record}]}}").as_bytes()),
            Ok(())
        );
        assert_eq!(
            check(&SHOW_MANY_TICKETS, None, record.as_bytes()),
            Err(Broken::BreaksOff)
        );
    }

    proptest! {
        #[test]
        fn a_look_never_takes_away_what_decoding_reads(
            comment in "[\\[\\]{}\",\\\\: a-z]{0,40}",
            meta in prop_oneof![
                Just(r#"{"has_more":true,"after_cursor":"C"}"#), Just(r#"{"has_more":false}"#), Just("{}"), Just("null"),
            ],
            next_page in prop_oneof![Just(r#""next_page":null"#), Just(r#""previous_page":null"#)],
            order in Just(vec![0, 1, 2]).prop_shuffle(),
        ) {
            let comment = serde_json::to_string(&comment).unwrap();
            let members = [
                format!(r#""satisfaction_ratings":[{{"id":1,"comment":{comment}}}]"#),
                format!(r#""meta":{meta}"#),
                next_page.to_owned(),
            ];
            let body = order.iter().map(|at| members[*at].as_str()).collect::<Vec<_>>().join(",");
            let body = format!("{{{body}}}");
            let looked = check(&LIST_SATISFACTION_RATINGS, None, body.as_bytes());
            let whole = take_apart(&LIST_SATISFACTION_RATINGS, &Text::of(body.as_bytes())).map(|_| ());
            prop_assert_eq!(looked, whole);
        }
    }
}
