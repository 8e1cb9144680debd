//! A customer's text that the service cut in the middle of an emoji when it stored it: from then on it is so.

use serde_json::Value;
use ulid::Ulid;

use super::records::records_of;
use crate::account::Account;
use crate::account::records::AnswerValue;
use crate::account::texts::{Comment, HALF_EMOJI};
use crate::account::write::Change;
use crate::reply::Reply;
use crate::zendesk::Zendesk;

/// How JSON writes half an emoji.
const ON_THE_WIRE: &[u8] = br"\ud83d";

/// Cuts one text of a good answer, in the account and in the answer; nothing where there is none.
pub(crate) fn cut(zendesk: &Zendesk, reply: &Reply, draw: u64) -> Option<Vec<u8>> {
    if reply.status != 200 {
        return None;
    }
    let mut answer: Value = serde_json::from_slice(&reply.body).ok()?;
    let (mut account, now) = zendesk.change();
    let mut texts: Vec<(Change, &mut Value)> = records_of(&mut answer)
        .into_iter()
        .flat_map(|record| texts_of(&account, record))
        .collect();
    if texts.is_empty() {
        return None;
    }
    let place = usize::try_from(draw % texts.len() as u64).unwrap_or_default();
    let (change, text) = texts.swap_remove(place);
    // Without its line in the state file the text stays whole.
    zendesk.apply(&mut account, change, now).ok()?;
    *text = Value::from(format!("{}{HALF_EMOJI}", text.as_str()?));
    serde_json::to_vec(&answer).ok()
}

/// A customer's whole texts in a record, with the changes that cut them.
fn texts_of<'a>(account: &Account, record: &'a mut Value) -> Vec<(Change, &'a mut Value)> {
    let is_rating = record.get("score").is_some();
    let id = record.get("id").cloned().unwrap_or_default();
    if is_rating {
        let rating = id.as_u64().and_then(|id| account.rating_index(id));
        let rating = rating.filter(|index| {
            let rating = &account.ratings[*index as usize];
            rating.score.is_received() && is_whole(&rating.comment)
        });
        let change = rating.map(|rating| Change::CutComment { rating });
        return change.into_iter().zip(record.get_mut("comment")).collect();
    }
    let response = id.as_str().and_then(|id| Ulid::from_string(id).ok());
    let Some(index) = response.and_then(|id| account.response_index(id.0)) else {
        return Vec::new();
    };
    let response = &account.responses[index as usize];
    let questions = &account.surveys.versions[usize::from(response.version)].questions;
    let shown = record.get_mut("answers").and_then(Value::as_array_mut);
    let answers = shown.into_iter().flatten().filter_map(|shown| {
        let answer = response.answers.iter().find(|answer| {
            let question = &questions[usize::from(answer.question)].id;
            shown["question"]["id"].as_str() == Some(&question.to_string())
        })?;
        let change = Change::CutAnswer {
            response: index,
            question: answer.question,
        };
        matches!(&answer.value, AnswerValue::Text(comment) if is_whole(comment))
            .then(|| shown.get_mut("value").map(|value| (change, value)))?
    });
    answers.collect()
}

fn is_whole(comment: &Comment) -> bool {
    comment.is_written() && !matches!(comment, Comment::Cut(_))
}

/// A body with its halves of emoji as the service sends them.
pub(crate) fn on_the_wire(body: &[u8]) -> Vec<u8> {
    replaced(body, HALF_EMOJI.as_bytes(), ON_THE_WIRE)
}

/// A body with its halves of emoji as a reader sees them.
pub(crate) fn as_read(body: &[u8]) -> Vec<u8> {
    replaced(body, HALF_EMOJI.as_bytes(), "\u{FFFD}".as_bytes())
}

/// A body with other bytes in the place of some.
pub(super) fn replaced(body: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let mut written = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(place) = rest.windows(old.len()).position(|window| window == old) {
        written.extend_from_slice(&rest[..place]);
        written.extend_from_slice(new);
        rest = &rest[place + old.len()..];
    }
    written.extend_from_slice(rest);
    written
}
