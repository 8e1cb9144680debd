//! A look for the next page's cursor, before any record is read.
//!
//! The record array is cut out of the body and what stands around it is read as the envelope. That a cut is
//! right follows from its being readable: inside of a string the quotes of the rest would not pair up, and
//! inside of a record its brackets would not.

use super::page::Envelope;
use super::parts::says_end;
use crate::operation::End;

/// How far from the end of a body, or from its start, the array's bracket is looked for.
const REACH: usize = 4_096;
/// Brackets that are tried; addresses and side-loads may hold some.
const TRIED: usize = 16;

/// The cursor of the page after this one, where the page states it and a short look finds it.
pub(crate) fn stated_cursor<E: Envelope>(body: &[u8]) -> Option<String> {
    after_records::<E>(body).or_else(|| before_records::<E>(body))
}

fn after_records<E: Envelope>(body: &[u8]) -> Option<String> {
    let reach = body.len().saturating_sub(REACH);
    let near_end = body.get(reach..)?;
    let brackets = near_end
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, byte)| **byte == b']');
    for (at, _) in brackets.take(TRIED) {
        let around = [b"{\"", E::OPERATION.holder.as_bytes(), b"\":[", &near_end[at..]].concat();
        if let Ok(envelope) = serde_json::from_slice::<E>(&around) {
            return envelope.stated_cursor().map(str::to_owned);
        }
    }
    None
}

fn before_records<E: Envelope>(body: &[u8]) -> Option<String> {
    let near_start = &body[..body.len().min(REACH)];
    let at = start_of_list(E::OPERATION.holder, near_start)?;
    let around = [&near_start[..at], b"[]}"].concat();
    let envelope: E = serde_json::from_slice(&around).ok()?;
    envelope.stated_cursor().map(str::to_owned)
}

/// Where the list of a name begins, or anything else of that name.
fn start_of_list(name: &str, near_start: &[u8]) -> Option<usize> {
    let key = [b"\"", name.as_bytes(), b"\":"].concat();
    let at = near_start.windows(key.len()).position(|window| window == key)?;
    Some(at + key.len())
}

/// Whether a short look finds the list of this name, and the word on its end before or after it.
pub(crate) fn shows_list_and_end(name: &str, end: End, body: &[u8]) -> bool {
    let body = body.trim_ascii();
    let near_start = &body[..body.len().min(REACH)];
    let Some(at) = start_of_list(name, near_start) else {
        return false;
    };
    let is_list = near_start[at..].trim_ascii_start().first() == Some(&b'[');
    if !is_list {
        return false;
    }
    // A list that needs no sign is told from the rest of a record by one that it has all the same.
    let end = if end == End::Whole {
        End::MetaOrNextPage
    } else {
        end
    };
    let before = &near_start[..at];
    if says_end(&[before, b"[]}"].concat(), end) {
        // Nothing may follow: what does could be the end of a record.
        let last = body.strip_suffix(b"}").map(<[u8]>::trim_ascii_end);
        return last.is_some_and(|rest| rest.ends_with(b"]"));
    }
    let near_end = &body[body.len().saturating_sub(REACH)..];
    let brackets = near_end
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, byte)| **byte == b']');
    let mut ends = brackets.take(TRIED).map(|(at, _)| &near_end[at..]);
    ends.any(|after| says_end(&[before, b"[", after].concat(), end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::sink;
    use crate::types::{SatisfactionRatingsPage, TicketExportPage};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn of_ratings(body: &Value) -> Option<String> {
        stated_cursor::<SatisfactionRatingsPage>(body.to_string().as_bytes())
    }

    #[test]
    fn the_cursor_is_found_behind_the_records_and_before_them() {
        let meta = r#""meta":{"has_more":true,"after_cursor":"C"}"#;
        let links = r#""links":{"next":"https://acme.zendesk.com/?page[size]=2&page[after]=C"}"#;
        let records = r#""satisfaction_ratings" : [{"id":1,"comment":"a ] in \"words\"]}"},{"id":2}]"#;
        let records = records.replace(" : ", ":");
        for body in [
            format!("{{{records},{meta},{links}}}"),
            format!("{{{meta},{links},{records}}}"),
        ] {
            let found = stated_cursor::<SatisfactionRatingsPage>(body.as_bytes());
            assert_eq!(found.as_deref(), Some("C"), "{body}");
        }
    }

    #[test]
    fn what_is_not_stated_is_not_guessed() {
        let page = |meta: Value| json!({"satisfaction_ratings": [{"id": 1}], "meta": meta});
        assert_eq!(of_ratings(&page(json!({"after_cursor": "C"}))), None);
        assert_eq!(
            of_ratings(&page(json!({"after_cursor": "C", "has_more": false}))),
            None
        );
        assert_eq!(
            of_ratings(&page(json!({"after_cursor": null, "has_more": true}))),
            None
        );
        assert_eq!(of_ratings(&page(Value::Null)), None);
        let export = br#"{"tickets":[],"after_cursor":"C"}"#;
        assert_eq!(stated_cursor::<TicketExportPage>(export), None);
        let export = br#"{"tickets":[],"after_cursor":"C","end_of_stream":false}"#;
        assert_eq!(stated_cursor::<TicketExportPage>(export).as_deref(), Some("C"));
    }

    #[test]
    fn a_cursor_inside_of_a_record_is_none() {
        let meta = json!({"has_more": true, "after_cursor": "inner"});
        let body = json!({"satisfaction_ratings": [{"id": 1, "a": [], "meta": meta}]});
        assert_eq!(of_ratings(&body), None);
        let body = json!({"satisfaction_ratings": [{"id": 1, "comment": body.to_string()}]});
        assert_eq!(of_ratings(&body), None);
    }

    /// Texts that look like what is looked for.
    fn text() -> impl Strategy<Value = String> {
        let parts = [
            "]",
            "[",
            "}",
            "\"",
            "\\",
            ",",
            "\"meta\":{\"has_more\":true,\"after_cursor\":\"x\"}",
            "é",
        ];
        proptest::collection::vec(proptest::sample::select(parts.to_vec()), 0..8)
            .prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn what_is_found_is_what_decoding_finds(
            comments in proptest::collection::vec(text(), 0..4),
            cursor in text(),
            next in text(),
            has_more in any::<bool>(),
            order in Just(vec![0, 1, 2, 3]).prop_shuffle(),
        ) {
            let ratings: Vec<_> = comments.iter().map(|comment| json!({"id": 1, "comment": comment, "tags": [comment]})).collect();
            let members = [
                format!(r#""satisfaction_ratings":{}"#, json!(ratings)),
                format!(r#""meta":{}"#, json!({"has_more": has_more, "after_cursor": cursor})),
                format!(r#""links":{}"#, json!({"next": next})),
                format!(r#""users":{}"#, json!([{"name": next, "meta": {"has_more": true, "after_cursor": "y"}}])),
            ];
            let body = order.iter().map(|at| members[*at].as_str()).collect::<Vec<_>>().join(",");
            let body = format!("{{{body}}}");
            let mut records: Vec<crate::types::SatisfactionRating> = Vec::new();
            let decoded = sink::decode::<SatisfactionRatingsPage, _>(body.as_bytes(), &mut records).unwrap().next;
            if let Some(found) = stated_cursor::<SatisfactionRatingsPage>(body.as_bytes()) {
                prop_assert!(decoded.has_more);
                prop_assert_eq!(Some(found), decoded.cursor);
            }
        }
    }
}
