//! Records put in by hand, without the rules of the API.

use serde_json::{Value, json};

use crate::account::Account;
use crate::account::people::UserRef;
use crate::account::records::Status;
use crate::account::surveys::{QuestionType, TICKET_SURVEY};
use crate::account::write::{Change, NewAnswer, NewValue};
use crate::render::ticket::TicketJson;
use crate::reply::{Reply, described, record_not_found};
use crate::routes::writes::{links, new_answer};
use crate::routes::{rating_reply, response_reply};

/// A change, and how to answer for the record it made.
type Put = Result<(Change, fn(&Account, u32) -> Reply), Reply>;

pub(crate) fn check(account: &Account, path: &[&str], body: &Value, now: i64) -> Put {
    match path {
        ["tickets"] => ticket(account, body),
        ["satisfaction_ratings"] => rating(account, body),
        ["survey_responses"] => response(account, body, now),
        ["survey_responses", id] => answers(account, body, id),
        _ => Err(crate::reply::unknown_endpoint()),
    }
}

fn wrong(name: &str, expected: &str) -> Reply {
    described(400, "InvalidValue", &format!("{name} must be {expected}"))
}

/// A user or ticket named by its id, or nothing where there is none.
fn id_of(body: &Value, name: &str) -> Result<Option<u64>, Reply> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value
            .as_u64()
            .or_else(|| value.as_str()?.parse().ok())
            .map(Some)
            .ok_or_else(|| wrong(name, "an id")),
    }
}

fn text_of<'a>(body: &'a Value, name: &str) -> Result<Option<&'a str>, Reply> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value.as_str().map(Some).ok_or_else(|| wrong(name, "text")),
    }
}

fn ticket(account: &Account, body: &Value) -> Put {
    let customer = |id: u64| match account.user_of_id(id) {
        Some(UserRef::Customer(customer)) => Ok(customer),
        _ => Err(wrong("requester_id", "the id of an end user")),
    };
    let agent = |id: u64| match account.user_of_id(id) {
        Some(UserRef::Staff(agent)) => Ok(agent),
        _ => Err(wrong("assignee_id", "the id of an agent")),
    };
    let group = |id: u64| {
        let index = account
            .ids
            .groups
            .index(id)
            .and_then(|index| u8::try_from(index).ok());
        index
            .filter(|index| usize::from(*index) < crate::account::people::GROUPS.len())
            .ok_or_else(|| wrong("group_id", "the id of a group"))
    };
    let status = text_of(body, "status")?.unwrap_or("open");
    Status::parse(status).ok_or_else(|| wrong("status", "a ticket's status"))?;
    let change = Change::PutTicket {
        subject: text_of(body, "subject")?.unwrap_or("Put in by hand").to_owned(),
        status: status.to_owned(),
        requester: id_of(body, "requester_id")?
            .map(customer)
            .transpose()?
            .unwrap_or_default(),
        assignee: id_of(body, "assignee_id")?.map(agent).transpose()?,
        group: id_of(body, "group_id")?.map(group).transpose()?,
    };
    Ok((change, |account, index| {
        Reply::json(
            201,
            &json!({"ticket": TicketJson { account, index, with_metrics: false }}),
        )
    }))
}

fn ticket_index(account: &Account, body: &Value) -> Result<Option<u32>, Reply> {
    id_of(body, "ticket_id")?
        .map(|id| account.ticket_index(id).ok_or_else(record_not_found))
        .transpose()
}

fn rating(account: &Account, body: &Value) -> Put {
    let ticket = ticket_index(account, body)?.ok_or_else(|| wrong("ticket_id", "given"))?;
    let good = match text_of(body, "score")? {
        Some("offered") => None,
        Some("good") => Some(true),
        Some("bad") => Some(false),
        _ => return Err(wrong("score", "offered, good or bad")),
    };
    let undated = match body.get("created_at") {
        None => false,
        Some(Value::Null) => true,
        Some(_) => return Err(wrong("created_at", "null, or left out")),
    };
    let code = id_of(body, "reason_code")?;
    let reason = code
        .map(|code| {
            let found = (0_u8..)
                .zip(&account.reasons)
                .find(|(_, reason)| u64::from(reason.code) == code);
            found
                .map(|(place, _)| place)
                .ok_or_else(|| wrong("reason_code", "a code of the account's reasons"))
        })
        .transpose()?;
    let change = Change::Rate {
        ticket,
        good,
        comment: text_of(body, "comment")?.map(str::to_owned),
        reason,
        undated,
    };
    Ok((change, |account, index| rating_reply(account, index)))
}

fn response(account: &Account, body: &Value, now: i64) -> Put {
    let ticket = ticket_index(account, body)?;
    let conversation = text_of(body, "conversation_id")?;
    if conversation.is_some_and(|uuid| uuid.len() != 36) {
        return Err(wrong("conversation_id", "a UUID"));
    }
    let responder = match (
        id_of(body, "responder_id")?.map(|id| account.user_of_id(id)),
        ticket,
    ) {
        (Some(Some(UserRef::Customer(customer))), _) => customer,
        (Some(_), _) => return Err(wrong("responder_id", "the id of an end user")),
        (None, Some(ticket)) => account.tickets[ticket as usize].requester,
        (None, None) => return Err(wrong("ticket_id", "given, or responder_id")),
    };
    if ticket.is_none() && conversation.is_none() {
        return Err(wrong("ticket_id", "given, or conversation_id"));
    }
    let survey = match text_of(body, "survey_id")? {
        None => TICKET_SURVEY,
        Some(id) => account
            .surveys
            .surveys
            .iter()
            .position(|survey| survey.id.to_string() == id)
            .ok_or_else(record_not_found)?,
    };
    let version = account
        .surveys
        .in_force(survey, now)
        .ok_or_else(|| described(400, "InvalidValue", "The account has no surveys"))?;
    let change = Change::SendSurvey {
        version,
        responder,
        ticket,
        conversation: conversation.map(str::to_ascii_lowercase),
    };
    Ok((change, |account, index| links(account, index, &Value::Null)))
}

/// `answers` as the API takes them, or in short `rating` and `comment`; an empty list takes back what was answered.
fn answers(account: &Account, body: &Value, id: &str) -> Put {
    let index = ulid::Ulid::from_string(id)
        .ok()
        .and_then(|id| account.response_index(id.0))
        .ok_or_else(record_not_found)?;
    let version = &account.surveys.versions[usize::from(account.responses[index as usize].version)];
    let mut answers = Vec::new();
    if let Some(given) = body.get("answers") {
        let given = given.as_array().ok_or_else(|| wrong("answers", "an array"))?;
        answers = given
            .iter()
            .map(|answer| new_answer(&version.questions, answer))
            .collect::<Result<_, _>>()?;
    }
    if let Some(rating) = body.get("rating") {
        let (place, question) = version
            .csat()
            .ok_or_else(|| wrong("rating", "left out: the survey asks for none"))?;
        let rating = rating.as_u64().and_then(|rating| u8::try_from(rating).ok());
        let rating = rating.filter(|rating| question.choices.iter().any(|choice| choice.rating == *rating));
        answers.push(NewAnswer {
            question: place,
            value: NewValue::Rating(rating.ok_or_else(|| wrong("rating", "on the survey's scale"))?),
        });
    }
    if let Some(comment) = text_of(body, "comment")? {
        let open = (0_u8..)
            .zip(&version.questions)
            .find(|(_, question)| question.kind == QuestionType::OpenEnded);
        let (place, _) = open.ok_or_else(|| wrong("comment", "left out: the survey asks for none"))?;
        answers.push(NewAnswer {
            question: place,
            value: NewValue::Text(comment.to_owned()),
        });
    }
    let change = if !answers.is_empty() {
        Change::AnswerSurvey {
            response: index,
            answers,
        }
    } else if body.get("answers").is_some() {
        Change::TakeBackAnswers { response: index }
    } else {
        return Err(wrong("answers", "given, or rating or comment"));
    };
    Ok((change, |account, index| response_reply(account, index)))
}
