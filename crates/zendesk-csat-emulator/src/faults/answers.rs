//! Faults in an answer as a whole: another in its place, or its list or its end missing.

use serde_json::{Map, Value, json};

use super::records::LISTS;
use super::{Fault, Met};
use crate::reply::{JSON, Reply};

/// The answer with the fault in it, as it was where the fault is of another kind or does not fit.
pub(crate) fn spoil(mut reply: Reply, met: Met) -> Reply {
    let body = match met.fault {
        Fault::EmptyObject => Some(json!({})),
        Fault::Error200 => Some(error(met.draw)),
        Fault::NoEnd => edited(&reply, |answer| take_end_off(answer, met.draw)),
        Fault::NullList => edited(&reply, |answer| take_list_off(answer, met.draw)),
        _ => None,
    };
    if let Some(body) = body.and_then(|body| serde_json::to_vec(&body).ok()) {
        reply.status = 200;
        reply.content_type = Some(JSON);
        reply.body = body;
    }
    reply
}

fn choose(draw: u64, forms: usize) -> usize {
    usize::try_from((draw >> 8) % forms.max(1) as u64).unwrap_or_default()
}

/// An error in one of the shapes that they have.
fn error(draw: u64) -> Value {
    [
        json!({"error": "ServiceUnavailable", "description": "Please try again in a moment"}),
        json!({"errors": [{"code": "InternalError", "title": "Something went wrong"}]}),
        json!({"error": {"title": "Temporarily unavailable", "message": "Please try again in a moment"}}),
    ][choose(draw, 3)]
    .take()
}

/// A good answer's object, once it is changed; nothing where there is nothing to change.
fn edited(reply: &Reply, edit: impl FnOnce(&mut Map<String, Value>) -> Option<()>) -> Option<Value> {
    if reply.status != 200 {
        return None;
    }
    let mut answer: Value = serde_json::from_slice(&reply.body).ok()?;
    edit(answer.as_object_mut()?)?;
    Some(answer)
}

/// Takes off what says whether a listing ends, or the way on.
fn take_end_off(answer: &mut Map<String, Value>, draw: u64) -> Option<()> {
    let ends = [
        ("meta", true),
        ("meta", false),
        ("end_of_stream", true),
        ("next_page", true),
    ];
    let ends: Vec<_> = ends
        .into_iter()
        .filter(|(name, _)| answer.contains_key(*name))
        .collect();
    let (name, whole) = *ends.get(choose(draw, ends.len()))?;
    if whole {
        answer.remove(name);
        answer.remove("links");
    } else {
        *answer.get_mut(name)?.get_mut("has_more")? = Value::Null;
    }
    Some(())
}

/// Leaves the list null, or out, or under a name that it does not have.
fn take_list_off(answer: &mut Map<String, Value>, draw: u64) -> Option<()> {
    let name = LISTS
        .into_iter()
        .find(|name| answer.get(*name).is_some_and(Value::is_array))?;
    let list = answer.remove(name)?;
    match choose(draw, 3) {
        0 => answer.insert(name.to_owned(), Value::Null),
        1 => answer.insert("results".to_owned(), list),
        _ => None,
    };
    Some(())
}
