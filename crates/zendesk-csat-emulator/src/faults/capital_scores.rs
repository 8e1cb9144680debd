//! Scores in capitals, as other places of the service have them.

use serde_json::Value;

use super::records::records_of;
use crate::reply::Reply;

/// The answer with the verdicts of its ratings and tickets as `GOOD` and `BAD`, or as `Good` and `Bad`; nothing where there is none.
pub(crate) fn in_capitals(reply: &Reply, draw: u64) -> Option<Vec<u8>> {
    if reply.status != 200 {
        return None;
    }
    let mut answer: Value = serde_json::from_slice(&reply.body).ok()?;
    let mut any = false;
    for record in records_of(&mut answer) {
        let of_ticket = record.get("satisfaction_rating").is_some_and(Value::is_object);
        let rating = if of_ticket {
            &mut record["satisfaction_rating"]
        } else {
            record
        };
        let Some(score) = rating.get_mut("score") else {
            continue;
        };
        let spelled = match (score.as_str(), draw % 2) {
            (Some("good"), 0) => "GOOD",
            (Some("good"), _) => "Good",
            (Some("bad"), 0) => "BAD",
            (Some("bad"), _) => "Bad",
            _ => continue,
        };
        *score = spelled.into();
        any = true;
    }
    any.then(|| serde_json::to_vec(&answer).ok())?
}
