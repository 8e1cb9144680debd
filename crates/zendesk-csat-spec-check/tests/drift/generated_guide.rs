//! A guide of our own: it has no tables, and leaves out parts of its samples.

use crate::generated::Writer;
use crate::generated_samples::DEEPEST;
use crate::model::{Block, Form, Page};
use crate::seen::Known;
use serde_json::{Map, Value};

/// Calls with what they answer, of which parts are left out.
pub(crate) fn page(known: &Known) -> Page {
    let writer = Writer::of(known, "/getting-csat-ratings-of-tickets/");
    let remembered = |schema: &str| -> Map<String, Value> {
        let entries = known.documented["schemas"].as_array().unwrap();
        let entry = entries
            .iter()
            .find(|entry| entry["page"] == "guide" && entry["schema"] == schema)
            .unwrap();
        let names = entry["properties"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|property| property["name"].as_str());
        let all = &known.spec["components"]["schemas"][schema]["properties"];
        names
            .map(|name| (name.to_owned(), writer.value(&all[name], DEEPEST)))
            .collect()
    };
    let mut ticket = remembered("Ticket");
    ticket.insert(
        "satisfaction_rating".into(),
        Value::Object(remembered("TicketSatisfactionRating")),
    );
    let mut audit = remembered("TicketAudit");
    audit.remove("events");
    let event = remembered("AuditEvent");
    let mut response = remembered("SurveyResponse");
    let texts = Value::Object(remembered("TextContent"));
    let mut option = remembered("QuestionOption");
    option.insert("label".into(), texts.clone());
    let mut question = remembered("Question");
    question.insert("headline".into(), texts);
    question.insert("options".into(), vec![option].into());
    let mut answer = remembered("Answer");
    answer.insert("question".into(), question.into());
    response.insert("answers".into(), vec![answer].into());
    let mut lines = vec![
        "Finding what customers said".to_owned(),
        "The first step of the way is to export the tickets.".into(),
    ];
    lines.extend(
        [
            "curl https://{subdomain}.zendesk.com/api/v2/incremental/tickets? \\",
            "start_time={time} -v -u me",
            "Example:",
            "{",
        ]
        .map(str::to_owned),
    );
    lines.extend(partial(&ticket));
    lines.extend(
        [
            "]",
            "}",
            "The next step is to look at the audits.",
            "curl https://{subdomain}.zendesk.com/api/v2/tickets/{ticket_id}/audits \\",
            "-v -u me",
            "Example:",
            "{",
            "\"audits\": [",
        ]
        .map(str::to_owned),
    );
    lines.extend(partial(&audit).into_iter().take(audit.len() + 1));
    lines.extend(partial(&event));
    lines.extend(
        [
            "}",
            "The script.",
            "ROOT = f'https://{SUBDOMAIN}.zendesk.com/api/v2'",
            "url = f'{ROOT}/incremental/tickets/cursor.json'",
        ]
        .map(str::to_owned),
    );
    for name in remembered("TicketExportPage")
        .keys()
        .chain([&"events".to_owned()])
    {
        lines.push(format!("data['{name}']"));
    }
    lines.push(
        "curl https://{subdomain}.zendesk.com/api/v2/guide/en-us/survey_responses/{survey_response_id} -u me"
            .into(),
    );
    lines.extend(["Example:".to_owned(), "{".into(), "\"survey_response\": {".into()]);
    lines.extend(partial(&response).into_iter().skip(1));
    lines.push("}".into());
    Page {
        form: Form::Glued,
        blocks: lines.into_iter().map(Block::Line).collect(),
    }
}

/// An object a member a line, with something left out at its end.
fn partial(members: &Map<String, Value>) -> Vec<String> {
    let text = serde_json::to_string_pretty(members).unwrap();
    let mut lines: Vec<_> = text.lines().map(|line| line.trim().to_owned()).collect();
    lines.pop();
    if let Some(last) = lines.last_mut() {
        last.push(',');
    }
    lines.extend(["...".to_owned(), "}".into()]);
    lines
}
