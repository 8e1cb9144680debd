//! An answer taken apart: what it is for, and what stands around that.

use super::broken::Broken;
use super::json::Misfit;
use crate::error::ApiMessage;
use crate::operation::{End, Holds, Operation};
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, de};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// A body with more places that are no UTF-8 is no text at all.
const MOST_REPLACED: usize = 10_000;

/// A body as text. Bytes that are no UTF-8 are U+FFFD in it, and it knows where.
pub(crate) struct Text<'b> {
    text: Cow<'b, str>,
    replaced: Vec<usize>,
}

impl<'b> Text<'b> {
    pub(crate) fn of(body: &'b [u8]) -> Self {
        if let Ok(text) = std::str::from_utf8(body) {
            return Self {
                text: text.into(),
                replaced: Vec::new(),
            };
        }
        let (mut text, mut replaced) = (String::with_capacity(body.len()), Vec::new());
        for chunk in body.utf8_chunks() {
            text.push_str(chunk.valid());
            if chunk.invalid().is_empty() {
                continue;
            }
            if replaced.len() == MOST_REPLACED {
                // In no part of it: nothing of such a body is worth reading.
                replaced.push(usize::MAX);
                break;
            }
            replaced.push(text.len());
            text.push(char::REPLACEMENT_CHARACTER);
        }
        Self {
            text: text.into(),
            replaced,
        }
    }

    /// How many places of this part of the text were no UTF-8.
    pub(crate) fn replaced_in(&self, part: &str) -> usize {
        let start = (part.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        let before = |place: usize| self.replaced.partition_point(|at| *at < place);
        before(start.saturating_add(part.len())) - before(start)
    }
}

/// The parts of an answer that is whole.
pub(crate) struct Parts<'t> {
    /// The list or the record that the answer is for.
    pub(crate) held: &'t RawValue,
    /// The answer with an empty list in its place.
    pub(crate) around: String,
}

/// Takes an answer apart, or says why it is not one.
pub(crate) fn take_apart<'t>(operation: &Operation, body: &'t Text<'_>) -> Result<Parts<'t>, Broken> {
    let holder = operation.holder;
    let mut deserializer = serde_json::Deserializer::from_str(&body.text);
    let found = deserializer
        .deserialize_map(Find(holder))
        .and_then(|found| deserializer.end().map(|()| found))
        .map_err(|error| no_object(body, &error))?;
    let in_held = found.held.map_or(0, |held| body.replaced_in(held.get()));
    if body.replaced.len() > in_held {
        return Err(Broken::NotUtf8);
    }
    if found.twice {
        return Err(Broken::Twice(holder));
    }
    let held = match found.held {
        Some(held) if held.get() != "null" => held,
        _ if says_error(&found.around) => return Err(Broken::Error(ApiMessage::said(&found.around))),
        _ => return Err(Broken::Lacks(holder)),
    };
    let expected = |what: &str| {
        Broken::Misfit(Misfit {
            path: format!("$.{holder}"),
            message: format!("expected {what}"),
        })
    };
    let first = held.get().as_bytes().first();
    match operation.holds {
        Holds::List(end) => {
            if first != Some(&b'[') {
                return Err(expected("an array"));
            }
            if !says_end(found.around.as_bytes(), end) {
                return Err(Broken::NoEnd);
            }
        }
        // What is documented as a list of one may come as one.
        Holds::Record => {
            let is_empty_list = serde_json::from_str::<[(); 0]>(held.get()).is_ok();
            if !matches!(first, Some(b'{' | b'[')) || is_empty_list {
                return Err(expected("an object"));
            }
        }
        Holds::Text => {
            if first != Some(&b'"') {
                return Err(expected("a text"));
            }
        }
    }
    // Of a list, only the records that they stand in are lost.
    if !matches!(operation.holds, Holds::List(_)) && in_held > 0 {
        return Err(Broken::NotUtf8);
    }
    Ok(Parts {
        held,
        around: found.around,
    })
}

fn no_object(body: &Text<'_>, error: &serde_json::Error) -> Broken {
    use serde_json::error::Category;
    let text = body.text.trim();
    if text.is_empty() {
        Broken::Empty
    } else if text.starts_with('<') {
        Broken::Html
    } else if !body.replaced.is_empty() {
        Broken::NotUtf8
    } else {
        match error.classify() {
            Category::Eof => Broken::BreaksOff,
            Category::Data => Broken::NotAnObject,
            Category::Syntax | Category::Io => Broken::NotJson,
        }
    }
}

/// Whether an answer without what it is for holds an error.
fn says_error(around: &str) -> bool {
    #[derive(Deserialize)]
    struct Errors<'a> {
        #[serde(borrow)]
        error: Option<&'a RawValue>,
        #[serde(borrow)]
        errors: Option<&'a RawValue>,
    }
    serde_json::from_str::<Errors<'_>>(around)
        .is_ok_and(|errors| errors.error.is_some() || errors.errors.is_some())
}

/// Whether what stands around a list says if the list goes on. It says so, or it does not: nothing is guessed.
pub(crate) fn says_end(around: &[u8], end: End) -> bool {
    #[derive(Deserialize)]
    struct Signs<'a> {
        #[serde(borrow)]
        meta: Option<&'a RawValue>,
        // Null is a sign, and so is not the same as absent.
        #[serde(borrow, default, deserialize_with = "present")]
        next_page: Option<&'a RawValue>,
        #[serde(borrow)]
        end_of_stream: Option<&'a RawValue>,
    }
    #[derive(Deserialize)]
    struct Meta {
        #[serde(rename = "has_more")]
        _has_more: bool,
    }
    let Some(signs) = std::str::from_utf8(around)
        .ok()
        .and_then(|around| serde_json::from_str::<Signs<'_>>(around).ok())
    else {
        return false;
    };
    let by_meta = || {
        signs
            .meta
            .is_some_and(|meta| serde_json::from_str::<Meta>(meta.get()).is_ok())
    };
    let by_next_page = || {
        let next_page = signs.next_page.map(RawValue::get);
        signs.meta.is_none()
            && next_page.is_some_and(|next_page| next_page == "null" || next_page.starts_with('"'))
    };
    match end {
        End::Whole => true,
        End::Meta => by_meta(),
        End::MetaOrNextPage => by_meta() || by_next_page(),
        End::Stream => matches!(signs.end_of_stream.map(RawValue::get), Some("true" | "false")),
    }
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

/// An answer that begins with an empty list, to which what stands around the real one is added.
pub(crate) struct Around(String);

impl Around {
    pub(crate) fn new(holder: &str) -> Self {
        Self(format!("{{\"{holder}\":[]"))
    }

    pub(crate) fn add<E: de::Error>(&mut self, name: &str, value: &RawValue) -> Result<(), E> {
        let name = serde_json::to_string(name).map_err(E::custom)?;
        self.0.extend([",", &name, ":", value.get()]);
        Ok(())
    }

    pub(crate) fn into_json(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

struct Found<'t> {
    held: Option<&'t RawValue>,
    twice: bool,
    around: String,
}

struct Find(&'static str);

impl<'t> Visitor<'t> for Find {
    type Value = Found<'t>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Found<'t>, A::Error> {
        let mut around = Around::new(self.0);
        let (mut held, mut twice) = (None, false);
        while let Some(name) = map.next_key::<Cow<'_, str>>()? {
            let value: &RawValue = map.next_value()?;
            if name == self.0 {
                twice |= held.replace(value).is_some();
            } else {
                around.add(&name, value)?;
            }
        }
        Ok(Found {
            held,
            twice,
            around: around.into_json(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{
        COUNT_SATISFACTION_RATINGS, CREATE_OAUTH_TOKEN, EXPORT_TICKETS, LIST_SATISFACTION_REASONS,
        LIST_SURVEY_RESPONSES, LIST_TICKET_AUDITS, SHOW_SATISFACTION_RATING,
    };

    fn broken(operation: &Operation, body: &[u8]) -> Option<String> {
        let text = Text::of(body);
        take_apart(operation, &text)
            .err()
            .map(|broken| broken.to_string())
    }

    #[test]
    fn what_is_no_answer_is_named() {
        let no_list = "no `survey_responses` in the answer";
        let no_end = "the answer does not say whether there is more";
        for (body, said) in [
            ("", "an empty answer"),
            (" \n", "an empty answer"),
            ("<!DOCTYPE html><p>Sign in", "an HTML page, from a proxy perhaps"),
            ("OK", "an answer that is no JSON"),
            ("[]", "JSON that is no object"),
            ("null", "JSON that is no object"),
            ("{} {}", "an answer that is no JSON"),
            (r#"{"survey_responses": [{"id": "1"}"#, "JSON that breaks off"),
            ("{}", no_list),
            (
                r#"{"survey_responses": null, "meta": {"has_more": false}}"#,
                no_list,
            ),
            (r#"{"survey_response": [], "meta": {"has_more": false}}"#, no_list),
            (
                r#"{"survey_responses": {}, "meta": {"has_more": false}}"#,
                "expected an array at $.survey_responses",
            ),
            (
                r#"{"survey_responses": [], "survey_responses": []}"#,
                "`survey_responses` twice in the answer",
            ),
            (r#"{"survey_responses": []}"#, no_end),
            (r#"{"survey_responses": [], "meta": null}"#, no_end),
            (r#"{"survey_responses": [], "meta": {}}"#, no_end),
            (r#"{"survey_responses": [], "meta": {"has_more": null}}"#, no_end),
            (r#"{"survey_responses": [], "meta": {"has_more": "no"}}"#, no_end),
            (r#"{"survey_responses": [], "next_page": null}"#, no_end),
            (
                r#"{"error": "InternalError", "description": "An unexpected error"}"#,
                "an error in an answer that says success: InternalError: An unexpected error",
            ),
            (
                r#"{"errors": [{"code": "Busy", "title": "Come again"}]}"#,
                "an error in an answer that says success: Busy: Come again",
            ),
            (
                r#"{"error": {"title": "Busy", "message": "Busy"}}"#,
                "an error in an answer that says success: Busy",
            ),
            (r#"{"error": true}"#, "an error in an answer that says success"),
            (r#"{"error": null}"#, no_list),
        ] {
            assert_eq!(
                broken(&LIST_SURVEY_RESPONSES, body.as_bytes()).as_deref(),
                Some(said),
                "{body}"
            );
        }
        assert_eq!(
            broken(&LIST_SURVEY_RESPONSES, b"{\"x\": \"\xff\"}").as_deref(),
            Some("an answer that is no UTF-8")
        );
    }

    #[test]
    fn a_body_that_is_hardly_text_is_given_up_soon() {
        let record = |noise: usize| {
            let noise = vec![0xff; noise];
            [
                &br#"{"survey_responses": [{"id": ""#[..],
                &noise,
                br#""}], "meta": {"has_more": false}}"#,
            ]
            .concat()
        };
        assert_eq!(broken(&LIST_SURVEY_RESPONSES, &record(MOST_REPLACED)), None);
        for body in [record(MOST_REPLACED + 1), vec![0xff; 1 << 20]] {
            assert_eq!(
                broken(&LIST_SURVEY_RESPONSES, &body).as_deref(),
                Some("an answer that is no UTF-8")
            );
            assert!(Text::of(&body).replaced.len() <= MOST_REPLACED + 1);
        }
    }

    #[test]
    fn each_kind_of_listing_has_its_sign_of_the_end() {
        for (operation, whole, cut) in [
            (
                &LIST_SURVEY_RESPONSES,
                r#"{"survey_responses": [], "meta": {"has_more": false}, "error": null}"#,
                r#"{"survey_responses": [], "end_of_stream": true}"#,
            ),
            (
                &LIST_TICKET_AUDITS,
                r#"{"next_page": null, "audits": []}"#,
                r#"{"audits": [], "next_page": 7}"#,
            ),
            (
                &LIST_TICKET_AUDITS,
                r#"{"audits": [], "meta": {"has_more": true}}"#,
                r#"{"audits": [], "next_page": null, "meta": {}}"#,
            ),
            (
                &EXPORT_TICKETS,
                r#"{"tickets": [], "end_of_stream": false}"#,
                r#"{"tickets": [], "end_of_stream": "false"}"#,
            ),
            (
                &LIST_SATISFACTION_REASONS,
                r#"{"reasons": []}"#,
                r#"{"count": 0}"#,
            ),
        ] {
            assert_eq!(broken(operation, whole.as_bytes()), None, "{whole}");
            assert!(broken(operation, cut.as_bytes()).is_some(), "{cut}");
        }
    }

    #[test]
    fn one_record_is_there_or_the_answer_is_none() {
        for (operation, whole, none) in [
            (
                &SHOW_SATISFACTION_RATING,
                r#"{"satisfaction_rating": {}}"#,
                r#"{"satisfaction_rating": null}"#,
            ),
            (
                &SHOW_SATISFACTION_RATING,
                r#"{"satisfaction_rating": [{}]}"#,
                r#"{"satisfaction_rating": [ ]}"#,
            ),
            (&COUNT_SATISFACTION_RATINGS, r#"{"count": {}}"#, r#"{"count": 3}"#),
            (
                &CREATE_OAUTH_TOKEN,
                r#"{"access_token": "T"}"#,
                r#"{"access_token": {}}"#,
            ),
        ] {
            assert_eq!(broken(operation, whole.as_bytes()), None, "{whole}");
            assert!(broken(operation, none.as_bytes()).is_some(), "{none}");
        }
        let odd = b"{\"satisfaction_rating\": {\"comment\": \"\xe9\"}}";
        assert!(broken(&SHOW_SATISFACTION_RATING, odd).is_some());
    }
}
