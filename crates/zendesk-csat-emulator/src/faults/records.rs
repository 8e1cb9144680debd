//! Faults in the records of an answer.

use serde_json::{Value, json};

use super::{Fault, Met};
use crate::reply::Reply;

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
    );
    (is_of_records && reply.status == 200)
        .then(|| spoil(&reply.body, met))
        .flatten()
}

fn spoil(body: &[u8], met: Met) -> Option<Vec<u8>> {
    let mut value: Value = serde_json::from_slice(body).ok()?;
    let members = value.as_object_mut()?;
    let lists = [
        "satisfaction_ratings",
        "survey_responses",
        "tickets",
        "audits",
        "reasons",
        "surveys",
    ];
    let singles = ["satisfaction_rating", "survey_response", "reason", "count"];
    if let Some(records) = lists.iter().find_map(|name| {
        members
            .get(*name)
            .is_some_and(|list| !list.as_array().is_none_or(Vec::is_empty))
            .then_some(*name)
    }) {
        spoil_list(members.get_mut(records)?.as_array_mut()?, met);
    } else {
        let single = singles.iter().find(|name| members.contains_key(**name))?;
        spoil_record(members.get_mut(*single)?, met);
    }
    serde_json::to_vec(&value).ok()
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
    }
}
