//! Records and pages as the service documents them, and how a page is put together.

use crate::case::{Case, WORDS};
use serde_json::{Value, json};

/// What a listing lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Rating,
    Reason,
    Response,
    Survey,
    Ticket,
    Audit,
    Group,
    User,
    Brand,
    TicketForm,
    Organization,
}

impl Kind {
    /// The properties of a record that hold a whole number.
    pub(crate) fn integers(self) -> &'static [&'static str] {
        match self {
            Self::Rating => &["ticket_id", "requester_id", "assignee_id", "group_id"],
            Self::Reason => &["reason_code"],
            Self::Response => &["survey_version"],
            Self::Survey => &["version"],
            Self::Ticket => &["requester_id", "assignee_id", "generated_timestamp", "brand_id"],
            Self::Audit => &["ticket_id", "author_id"],
            Self::Group | Self::Brand => &[],
            Self::Organization => &["group_id"],
            Self::User => &["organization_id", "default_group_id"],
            Self::TicketForm => &["position"],
        }
    }

    /// Those that hold a time.
    pub(crate) fn times(self) -> &'static [&'static str] {
        match self {
            Self::Response => &["expires_at"],
            Self::Audit => &["created_at"],
            _ => &["created_at", "updated_at"],
        }
    }

    /// Those that hold a list.
    pub(crate) fn lists(self) -> &'static [&'static str] {
        match self {
            Self::Rating | Self::Reason | Self::Group | Self::User | Self::Brand | Self::TicketForm => &[],
            Self::Response => &["answers", "subjects"],
            Self::Survey => &["questions"],
            Self::Ticket => &["tags", "custom_fields"],
            Self::Audit => &["events"],
            Self::Organization => &["tags"],
        }
    }

    pub(crate) fn has_text_id(self) -> bool {
        matches!(self, Self::Response | Self::Survey)
    }

    /// The id of a record by its number.
    pub(crate) fn id(self, number: u64) -> Value {
        if self.has_text_id() {
            format!("01K{number:023}").into()
        } else {
            number.into()
        }
    }

    /// A record with an id, and with what such a record has.
    pub(crate) fn record(self, number: u64) -> Value {
        let id = self.id(number);
        let times = json!({"created_at": "2026-03-01T10:00:00Z", "updated_at": "2026-03-02T10:00:00.000Z"});
        let mut record = match self {
            Self::Rating => json!({
                "id": id, "url": "https://acme.zendesk.com/x.json", "ticket_id": number, "requester_id": 5, "assignee_id": 6,
                "group_id": 7, "score": "good", "comment": WORDS, "reason": "No reason", "reason_id": 0,
            }),
            Self::Reason => {
                json!({"id": id, "reason_code": 1_000, "value": WORDS, "raw_value": WORDS, "deleted_at": null})
            }
            Self::Response => json!({
                "id": id, "responder_id": "5", "expires_at": "2026-03-29T10:00:00.000Z", "survey_version": 2,
                "subject_zrns": ["zen:ticket:7"], "subjects": [{"id": "7", "type": "ticket", "zrn": "zen:ticket:7"}],
                "survey": {"id": "01S", "version": 1, "state": "enabled"},
                "answers": [{
                    "type": "rating_scale", "rating": 1, "rating_category": "bad", "created_at": "2026-03-02T10:00:00.000Z",
                    "question": {"id": "scale", "type": "rating_scale_numeric", "sub_type": "customer_satisfaction"},
                }, {"type": "open_ended", "value": WORDS, "question": {"id": "open", "type": "open_ended"}}],
            }),
            Self::Survey => json!({
                "id": id, "version": 3, "state": "enabled",
                "questions": [{"id": "q", "type": "closed_ended", "headline": {"type": "static", "value": WORDS}, "options": []}],
            }),
            Self::Ticket => json!({
                "id": id, "subject": WORDS, "description": WORDS, "status": "solved", "tags": ["a", WORDS], "requester_id": 5,
                "assignee_id": 6, "group_id": 7, "brand_id": 8, "generated_timestamp": 1_770_000_000, "via": {"channel": "web"},
                "custom_fields": [{"id": 1, "value": WORDS}], "satisfaction_rating": {"score": "offered"},
            }),
            Self::Audit => json!({
                "id": id, "ticket_id": 70, "author_id": 5, "metadata": {"system": {"client": WORDS}},
                "events": [{"id": 1, "type": "Comment", "body": WORDS}, {"id": 2, "type": "Change", "field_name": "status", "value": "open"}],
            }),
            Self::Group => json!({"id": id, "name": WORDS, "deleted": false, "is_public": true}),
            Self::User => json!({
                "id": id, "name": WORDS, "email": "a@acme.example", "role": "agent", "active": true, "suspended": false,
                "default_group_id": 7, "organization_id": 9,
            }),
            Self::Brand => {
                json!({"id": id, "name": WORDS, "subdomain": "acme", "active": true, "is_deleted": false})
            }
            Self::TicketForm => {
                json!({"id": id, "name": WORDS, "display_name": WORDS, "active": true, "position": 1})
            }
            Self::Organization => json!({"id": id, "name": WORDS, "group_id": null, "tags": ["a", WORDS]}),
        };
        if self != Self::Response {
            for (name, value) in times.as_object().unwrap() {
                record[name] = value.clone();
            }
        }
        record
    }
}

/// A JSON text, written in any of the ways that mean the same.
pub(crate) fn written(case: &mut Case<'_>, value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let mut written_members: Vec<_> = members
                .iter()
                .map(|(name, value)| {
                    format!("{}:{}{}", quoted(case, name), space(case), written(case, value))
                })
                .collect();
            case.random.shuffle(&mut written_members);
            let comma = format!("{},", space(case));
            format!("{{{}}}", written_members.join(&comma))
        }
        Value::Array(elements) => {
            let elements: Vec<_> = elements.iter().map(|element| written(case, element)).collect();
            format!("[{}{}]", space(case), elements.join(","))
        }
        Value::String(text) => quoted(case, text),
        other => other.to_string(),
    }
}

fn space(case: &mut Case<'_>) -> &'static str {
    case.pick(&["", "", "", "", " ", "\n", "\t\r\n "])
}

/// A text in quotes, here and there a character escaped that needs it not.
fn quoted(case: &mut Case<'_>, text: &str) -> String {
    if !case.once_in(30) {
        return json!(text).to_string();
    }
    let escaped = text.encode_utf16().map(|unit| format!("\\u{unit:04x}"));
    format!("\"{}\"", escaped.collect::<String>())
}

/// A page: its records as they are written, and what stands around them, in any order.
pub(crate) fn page(case: &mut Case<'_>, holder: &str, records: &[Vec<u8>], around: &Value) -> Vec<u8> {
    let mut list = format!("\"{holder}\":{}[", space(case)).into_bytes();
    list.extend(records.join(&b','));
    list.push(b']');
    let mut members = vec![list];
    for (name, value) in around.as_object().unwrap() {
        members.push(format!("\"{name}\":{}{}", space(case), written(case, value)).into_bytes());
    }
    case.random.shuffle(&mut members);
    let mut page = b"{".to_vec();
    page.extend(members.join(&b','));
    page.extend(b"}");
    page.extend(space(case).bytes());
    page
}
