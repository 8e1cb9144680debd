//! Faults in the records of an answer.

use serde_json::{Value, json};

use super::half_emoji::replaced;
use super::{Fault, Met};
use crate::reply::Reply;

/// The names that lists have.
pub(super) const LISTS: [&str; 11] = [
    "satisfaction_ratings",
    "survey_responses",
    "tickets",
    "audits",
    "reasons",
    "surveys",
    // After those above: beside tickets these are side loads.
    "groups",
    "users",
    "brands",
    "ticket_forms",
    "organizations",
];
const SINGLES: [&str; 5] = [
    "satisfaction_rating",
    "survey_response",
    "reason",
    "user",
    "count",
];
/// What stands in a text until it is written, for a byte that no text can hold.
const NO_CHARACTER: &str = "\u{FDD2}byte\u{FDD3}";
/// Bytes that are no UTF-8 anywhere.
const NO_UTF8: [u8; 4] = [0xFF, 0xFE, 0xC0, 0xF8];

/// The body of a good answer with the fault in it; nothing where the fault is of another kind, or does not fit.
pub(crate) fn spoil_if_fits(reply: &Reply, met: Met) -> Option<Vec<u8>> {
    let is_of_records = matches!(
        met.fault,
        Fault::WrongType
            | Fault::UnknownValue
            | Fault::UnknownField
            | Fault::MalformedRecord
            | Fault::DuplicatedRecord
            | Fault::ReorderedRecords
            | Fault::FutureTime
            | Fault::NotUtf8
    );
    (is_of_records && reply.status == 200)
        .then(|| spoil(&reply.body, met))
        .flatten()
}

fn spoil(body: &[u8], met: Met) -> Option<Vec<u8>> {
    let mut value: Value = serde_json::from_slice(body).ok()?;
    if met.fault == Fault::NotUtf8 {
        spoil_text(&mut value, met.draw)?;
        let byte = NO_UTF8[usize::try_from(met.draw >> 8 & 3).unwrap_or_default()];
        let body = serde_json::to_vec(&value).ok()?;
        return Some(replaced(&body, NO_CHARACTER.as_bytes(), &[byte]));
    }
    let members = value.as_object_mut()?;
    if let Some(records) = LISTS.iter().find_map(|name| {
        members
            .get(*name)
            .is_some_and(|list| !list.as_array().is_none_or(Vec::is_empty))
            .then_some(*name)
    }) {
        spoil_list(members.get_mut(records)?.as_array_mut()?, met);
    } else {
        // Beside an empty list, `count` is a number and no record.
        let single = SINGLES
            .iter()
            .find(|name| members.get(**name).is_some_and(Value::is_object))?;
        spoil_record(members.get_mut(*single)?, met);
    }
    serde_json::to_vec(&value).ok()
}

/// The records of an answer: those of its list, or its one.
pub(super) fn records_of(answer: &mut Value) -> Vec<&mut Value> {
    let Some(members) = answer.as_object_mut() else {
        return Vec::new();
    };
    let name = LISTS
        .iter()
        .chain(&SINGLES)
        .find(|name| members.contains_key(**name));
    match name.and_then(|name| members.get_mut(*name)) {
        Some(Value::Array(records)) => records.iter_mut().collect(),
        Some(single) => vec![single],
        None => Vec::new(),
    }
}

fn spoil_list(records: &mut Vec<Value>, met: Met) {
    let place = usize::try_from(met.draw % records.len() as u64).unwrap_or_default();
    match met.fault {
        Fault::DuplicatedRecord => {
            let copy = records[place].clone();
            records.insert(place, copy);
        }
        Fault::ReorderedRecords => records.reverse(),
        Fault::UnknownField => records.iter_mut().for_each(|record| spoil_record(record, met)),
        _ => spoil_record(&mut records[place], met),
    }
}

fn spoil_record(record: &mut Value, met: Met) {
    match met.fault {
        Fault::MalformedRecord => {
            *record = [json!("not a record"), json!(null), json!([1, 2, 3]), json!(17)]
                [usize::try_from(met.draw >> 8 & 3).unwrap_or_default()]
            .take();
        }
        Fault::UnknownField => {
            record["sentiment"] = json!({"label": "delighted", "confidence": 0.93});
        }
        Fault::WrongType => {
            let names = ["created_at", "expires_at", "updated_at", "refreshed_at"];
            if let Some(name) = names.into_iter().find(|name| record.get(name).is_some()) {
                record[name] = json!({"unexpected": true});
            }
        }
        Fault::UnknownValue => unknown_value(record),
        Fault::FutureTime => future_time(record, met.draw),
        _ => {}
    }
}

fn unknown_value(record: &mut Value) {
    if record.get("score").is_some() {
        record["score"] = json!("delighted");
    } else if record.get("status").is_some() {
        record["status"] = json!("escalated");
    } else if let Some(answer) = record.pointer_mut("/answers/0") {
        answer["question"]["type"] = json!("rating_scale_stars");
    } else if let Some(survey) = record.pointer_mut("/survey") {
        survey["state"] = json!("archived");
    } else if let Some(event) = record.pointer_mut("/events/0") {
        event["type"] = json!("SomethingNew");
    } else if record.get("state").is_some() {
        record["state"] = json!("archived");
    } else if record.get("role").is_some() {
        record["role"] = json!("contributor");
    }
}

/// Chooses one of so many things.
fn choose<T>(mut among: Vec<T>, draw: u64) -> Option<T> {
    let place = (draw >> 8).checked_rem(among.len() as u64)?;
    Some(among.swap_remove(usize::try_from(place).unwrap_or_default()))
}

/// One of a record's times is 1 June 2099, 08:00 UTC, in the form that it had.
fn future_time(record: &mut Value, draw: u64) {
    let Some(members) = record.as_object_mut() else {
        return;
    };
    let mut times = Vec::new();
    for (name, value) in members {
        match name.as_str() {
            "created_at" | "updated_at" | "expires_at" | "generated_timestamp" => times.push(value),
            "answers" => {
                let answers = value.as_array_mut().into_iter().flatten();
                times.extend(answers.filter_map(|answer| answer.get_mut("updated_at")));
            }
            _ => {}
        }
    }
    times.retain(|time| !time.is_null());
    if let Some(time) = choose(times, draw) {
        *time = match time.as_str() {
            Some(text) => json!(format!("2099-06-01T08:00:00{}", text.get(19..).unwrap_or("Z"))),
            None => json!(4_083_984_000_u32),
        };
    }
}

/// Marks the place of a byte that is no UTF-8 in one of the texts that people wrote.
fn spoil_text(answer: &mut Value, draw: u64) -> Option<()> {
    let mut texts = Vec::new();
    for members in records_of(answer).into_iter().filter_map(Value::as_object_mut) {
        for (name, value) in members {
            match name.as_str() {
                "comment" | "name" | "subject" | "raw_subject" | "description" | "value" | "raw_value" => {
                    texts.push(value);
                }
                "answers" => {
                    let answers = value.as_array_mut().into_iter().flatten();
                    texts.extend(answers.filter_map(|answer| answer.get_mut("value")));
                }
                "events" => {
                    let events = value.as_array_mut().into_iter().flatten();
                    texts.extend(events.filter_map(|event| event.get_mut("body")));
                }
                _ => {}
            }
        }
    }
    texts.retain(|text| text.as_str().is_some_and(|text| !text.is_empty()));
    let text = choose(texts, draw)?;
    let mut characters: Vec<char> = text.as_str()?.chars().collect();
    let place = usize::try_from((draw >> 32) % (characters.len() as u64 + 1)).unwrap_or_default();
    characters.splice(place..place, NO_CHARACTER.chars());
    *text = Value::from(characters.into_iter().collect::<String>());
    Some(())
}
