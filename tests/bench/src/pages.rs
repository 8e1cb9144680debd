//! Bodies as the service writes them.

use fastrand::Rng;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::io::Write;

const WORDS: &str = "the answer came quickly and it was kind but my order is still not here after two weeks of \
    waiting for somebody to tell me where it went so thank you anyway “really” for nothing else than patience";

/// The page of ratings with this number, counted from 0.
pub(crate) fn ratings(size: usize, page: usize, last: bool) -> Vec<u8> {
    let rng = &mut Rng::with_seed(page as u64);
    let records = (0..size).map(|place| rating(rng, page * size + place));
    let end = cursor_end("/api/v2/satisfaction_ratings.json", page, last);
    body("satisfaction_ratings", records.collect(), &end)
}

/// The page of survey responses with this number, counted from 0.
pub(crate) fn survey_responses(size: usize, page: usize, last: bool) -> Vec<u8> {
    let rng = &mut Rng::with_seed(page as u64);
    let records = (0..size).map(|_| survey_response(rng));
    let end = cursor_end("/api/v2/guide/survey_responses", page, last);
    body("survey_responses", records.collect(), &end)
}

/// The page of tickets with this number, counted from 0.
pub(crate) fn tickets(size: usize, page: usize, last: bool) -> Vec<u8> {
    let rng = &mut Rng::with_seed(page as u64);
    let records = (0..size).map(|place| ticket(rng, page * size + place));
    let end = format!(r#""after_cursor":"{}","end_of_stream":{last}"#, page + 1);
    body("tickets", records.collect(), &end)
}

/// One rating, as it is shown by its id.
pub(crate) fn rating_shown() -> Vec<u8> {
    json!({"satisfaction_rating": rating(&mut Rng::with_seed(0), 0)})
        .to_string()
        .into_bytes()
}

/// The body, packed.
pub(crate) fn packed(body: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(body).unwrap();
    gzip.finish().unwrap()
}

fn cursor_end(path: &str, page: usize, last: bool) -> String {
    let next = page + 1;
    let meta =
        json!({"has_more": !last, "after_cursor": next.to_string(), "before_cursor": page.to_string()});
    let links = json!({"next": format!("https://acme.zendesk.com{path}?page[after]={next}")});
    format!("\"meta\":{meta},\"links\":{links}")
}

fn body(name: &str, records: Vec<Value>, end: &str) -> Vec<u8> {
    // Written by hand: the service puts the records first.
    format!("{{\"{name}\":{},{end}}}", Value::from(records)).into_bytes()
}

fn rating(rng: &mut Rng, place: usize) -> Value {
    let id = 35_436_000_000 + place as u64 * 7;
    let answered = rng.u8(..4) > 0;
    json!({
        "url": format!("https://acme.zendesk.com/api/v2/satisfaction_ratings/{id}.json"),
        "id": id,
        "assignee_id": some_id(rng),
        "group_id": some_id(rng),
        "requester_id": some_id(rng),
        "ticket_id": 100_000 + place,
        "score": if !answered { "offered" } else if rng.u8(..5) > 0 { "good" } else { "bad" },
        "created_at": time(rng, "Z"),
        "updated_at": time(rng, "Z"),
        "comment": answered.then(|| words(rng)),
        "reason": "The issue took too long to resolve",
        "reason_id": 35_121_000_000_u64 + rng.u64(..6),
    })
}

fn survey_response(rng: &mut Rng) -> Value {
    let ticket = rng.u32(..1_000_000).to_string();
    let answered = rng.u8(..4) > 0;
    let point = rng.u8(1..=5);
    let category = ["bad", "bad", "neutral", "good", "good"][usize::from(point - 1)];
    let answers = json!([
        {"type": "rating_scale", "created_at": time(rng, ".120Z"), "updated_at": time(rng, ".250Z"),
            "question": {"id": ulid(rng), "type": "rating_scale_emoji", "sub_type": "customer_satisfaction"},
            "rating": point, "rating_category": category},
        {"type": "closed_ended", "created_at": time(rng, ".120Z"), "updated_at": time(rng, ".250Z"),
            "question": {"id": ulid(rng), "type": "closed_ended"},
            "selections": [{"type": "predefined", "option_id": ulid(rng)}]},
        {"type": "open_ended", "created_at": time(rng, ".120Z"), "updated_at": time(rng, ".250Z"),
            "question": {"id": ulid(rng), "type": "open_ended"}, "value": words(rng)},
        {"type": "skipped", "created_at": time(rng, ".120Z"), "updated_at": time(rng, ".250Z"),
            "question": {"id": ulid(rng), "type": "rating_scale_numeric", "sub_type": "other"}},
    ]);
    json!({
        "id": ulid(rng),
        "responder_id": some_id(rng).to_string(),
        "expires_at": time(rng, ".000Z"),
        "subjects": [{"id": ticket, "type": "ticket", "zrn": format!("zen:ticket:{ticket}")}],
        "survey": {"id": ulid(rng), "version": rng.u8(1..9), "state": "enabled"},
        "answers": if answered { answers } else { json!([]) },
    })
}

fn ticket(rng: &mut Rng, place: usize) -> Value {
    let (id, subject, requester) = (100_000 + place, words(rng), some_id(rng));
    let description = (0..8).map(|_| words(rng)).collect::<Vec<_>>().join(", ");
    let custom_fields: Vec<_> = (0..14_u64)
        .map(|field| json!({"id": 360_000_000 + field, "value": (rng.u8(..3) == 0).then(|| words(rng))}))
        .collect();
    json!({
        "url": format!("https://acme.zendesk.com/api/v2/tickets/{id}.json"),
        "id": id, "encoded_id": format!("7QX2MD-{id}"), "external_id": null,
        "via": {"channel": "email", "source": {
            "from": {"address": "customer@acme.example", "name": "A customer"},
            "to": {"address": "support@acme.example", "name": "Acme"}, "rel": null}},
        "created_at": time(rng, "Z"), "updated_at": time(rng, "Z"), "generated_timestamp": 1_767_600_000 + place,
        "type": "question", "subject": subject, "raw_subject": subject, "description": description,
        "priority": "normal", "status": "solved", "custom_status_id": 21_500_000_120_065_u64,
        "support_type": "agent", "recipient": "support@acme.example",
        "requester_id": requester, "submitter_id": requester, "assignee_id": some_id(rng),
        "organization_id": null, "group_id": some_id(rng), "brand_id": some_id(rng), "ticket_form_id": some_id(rng),
        "collaborator_ids": [], "follower_ids": [], "email_cc_ids": [some_id(rng)], "followup_ids": [],
        "sharing_agreement_ids": [], "forum_topic_id": null, "problem_id": null, "has_incidents": false,
        "is_public": true, "due_at": null, "tags": ["shipping", "parcel", "csat_sent"],
        "custom_fields": custom_fields, "fields": custom_fields,
        "satisfaction_rating": {"score": "good", "id": 35_436_000_000 + place, "comment": words(rng), "reason": null, "reason_id": null},
        "allow_channelback": false, "allow_attachments": true, "from_messaging_channel": false,
    })
}

fn some_id(rng: &mut Rng) -> u64 {
    360_000_000_000 + rng.u64(..40)
}

fn ulid(rng: &mut Rng) -> String {
    let letters = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let rest: String = (0..23).map(|_| char::from(letters[rng.usize(..32)])).collect();
    format!("01J{rest}")
}

fn time(rng: &mut Rng, end: &str) -> String {
    let (month, day) = (rng.u8(1..=12), rng.u8(1..=28));
    let (hour, minute, second) = (rng.u8(..24), rng.u8(..60), rng.u8(..60));
    format!("2026-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{end}")
}

fn words(rng: &mut Rng) -> String {
    let words: Vec<_> = WORDS.split_whitespace().collect();
    let count = rng.usize(3..16);
    (0..count)
        .map(|_| words[rng.usize(..words.len())])
        .collect::<Vec<_>>()
        .join(" ")
}
