//! Ratings and answers over the API: who may, and what is refused.

use serde_json::{Value, json};
use ulid::Ulid;

use super::{forbidden_in_help_center, responses, tickets};
use crate::account::Account;
use crate::account::ids::{domain, mix};
use crate::account::people::{Role, UserRef};
use crate::account::records::{Response, Status};
use crate::account::surveys::{Question, QuestionType};
use crate::account::write::{Change, NewAnswer, NewValue};
use crate::auth::{Caller, Refusal, forbidden};
use crate::render::survey::TextJson;
use crate::reply::{Reply, described, invalid_record, listed};
use crate::request::Request;

/// A write that the rules allow: the change, and how to answer for the record it made.
pub(crate) struct Allowed {
    pub(crate) change: Change,
    pub(crate) written: fn(&Account, u32, &Value) -> Reply,
    pub(crate) body: Value,
}

/// Checks a POST to the API against the rules.
pub(crate) fn check(
    account: &Account,
    caller: Result<Caller, Refusal>,
    request: &Request,
) -> Result<Allowed, Reply> {
    let segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
    match segments.as_slice() {
        ["api", "v2", "tickets", id, "satisfaction_rating"] => {
            rate(account, &signed_in(caller, request)?, request, id)
        }
        ["api", "v2", "guide", "survey_responses"] => {
            send_survey(account, &signed_in(caller, request)?, request)
        }
        ["api", "v2", "guide", "survey_responses", id] => submit(account, caller, request, id),
        _ => {
            signed_in(caller, request)?;
            Err(crate::reply::unknown_endpoint())
        }
    }
}

fn signed_in(caller: Result<Caller, Refusal>, request: &Request) -> Result<Caller, Reply> {
    caller.map_err(|refusal| refusal.reply(request.in_help_center()))
}

fn rate(account: &Account, caller: &Caller, request: &Request, id: &str) -> Result<Allowed, Reply> {
    caller.requires_scope("write", Some("satisfaction_ratings"))?;
    let index = tickets::visible(account, id)?;
    let ticket = &account.tickets[index as usize];
    if caller.user != account.person(ticket.requester) || !account.is_verified(caller.user) {
        return Err(forbidden());
    }
    let body = request.json()?;
    let rating = body
        .get("satisfaction_rating")
        .filter(|rating| rating.is_object());
    let rating = rating.ok_or_else(|| {
        described(
            400,
            "RequiredParameterMissing",
            "Required param missing: satisfaction_rating",
        )
    })?;
    if !account.is_legacy_at(request.now) {
        return Err(invalid_record(
            "base",
            "Satisfaction ratings are not enabled",
            "Disabled",
        ));
    }
    if !ticket.was_solved() {
        return Err(invalid_record(
            "status",
            "Ticket: must be solved before it is rated",
            "InvalidValue",
        ));
    }
    if ticket.status == Status::Closed {
        return Err(invalid_record(
            "status",
            "Status: closed prevents ticket update",
            "InvalidValue",
        ));
    }
    let good = match rating.get("score").and_then(Value::as_str) {
        Some("good") => true,
        Some("bad") => false,
        _ => {
            return Err(invalid_record(
                "score",
                "Score: must be good or bad",
                "InvalidValue",
            ));
        }
    };
    let comment = match rating.get("comment") {
        None | Some(Value::Null) => None,
        Some(Value::String(comment)) => Some(comment.clone()),
        Some(_) => {
            return Err(invalid_record(
                "comment",
                "Comment: must be text",
                "InvalidFormat",
            ));
        }
    };
    let reason = match rating.get("reason_code") {
        None | Some(Value::Null) => None,
        Some(_) if good => {
            return Err(invalid_record(
                "reason_code",
                "Reason code: can only be set on bad ratings",
                "InvalidValue",
            ));
        }
        // The page's own sample sends a code that is in no list: it counts as no reason.
        Some(code) => (0_u8..)
            .zip(&account.reasons)
            .find(|(_, reason)| Some(u64::from(reason.code)) == code.as_u64())
            .map(|(place, _)| place),
    };
    let change = Change::Rate {
        ticket: index,
        good: Some(good),
        comment,
        reason,
        undated: false,
    };
    Ok(Allowed {
        change,
        body,
        written: |account, rating, _| super::ratings::one(account, rating),
    })
}

fn bad_request(title: &str) -> Reply {
    listed(400, "BadRequest", title)
}

fn disabled() -> Reply {
    listed(
        409,
        "Conflict",
        "The survey associated with this survey response has been disabled",
    )
}

fn send_survey(account: &Account, caller: &Caller, request: &Request) -> Result<Allowed, Reply> {
    caller.requires_scope("write", Some("survey_responses"))?;
    if caller.role != Role::Admin {
        return Err(forbidden_in_help_center());
    }
    let body = request
        .json()
        .map_err(|_| bad_request("The request body is not valid JSON"))?;
    let sent = body
        .get("survey_response")
        .filter(|sent| sent.is_object())
        .ok_or_else(|| bad_request("survey_response is missing"))?;
    let survey_id = sent
        .get("survey_id")
        .and_then(Value::as_str)
        .ok_or_else(|| bad_request("survey_id is missing"))?;
    let survey = account
        .surveys
        .surveys
        .iter()
        .position(|survey| survey.id.to_string() == survey_id);
    let survey = survey.ok_or_else(|| listed(404, "NotFound", "The survey is not found by provided id"))?;
    if !account.surveys.surveys[survey].enabled {
        return Err(disabled());
    }
    let version = account
        .surveys
        .in_force(survey, request.now)
        .ok_or_else(disabled)?;
    let responder = sent
        .get("responder_id")
        .and_then(|id| id.as_u64().or_else(|| id.as_str()?.parse().ok()));
    let responder = responder.ok_or_else(|| bad_request("responder_id is missing"))?;
    let Some(UserRef::Customer(responder)) = account.user_of_id(responder) else {
        return Err(bad_request("responder_id is not an end user of the account"));
    };
    let zrns = sent
        .get("subject_zrns")
        .and_then(Value::as_array)
        .filter(|zrns| !zrns.is_empty());
    let zrns = zrns.ok_or_else(|| bad_request("subject_zrns is missing"))?;
    let (mut ticket, mut conversation) = (None, None);
    for zrn in zrns {
        match zrn
            .as_str()
            .unwrap_or_default()
            .splitn(3, ':')
            .collect::<Vec<_>>()
            .as_slice()
        {
            ["zen", "ticket" | "request", id] => {
                let index = id.parse().ok().and_then(|id| account.ticket_index(id));
                let index = index.filter(|index| account.tickets[*index as usize].status != Status::Deleted);
                ticket =
                    Some(index.ok_or_else(|| bad_request("subject_zrns names no ticket of the account"))?);
            }
            ["zen", "conversation", uuid] if uuid.len() == 36 => {
                conversation = Some(uuid.to_ascii_lowercase());
            }
            _ => return Err(bad_request("subject_zrns holds no Zendesk resource name")),
        }
    }
    let change = Change::SendSurvey {
        version,
        responder,
        ticket,
        conversation,
    };
    Ok(Allowed {
        change,
        body: body.clone(),
        written: links,
    })
}

/// The text that lets anyone answer for the responder.
fn access_token(account: &Account, response: &Response) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let low = (response.id & u128::from(u64::MAX)) as u64;
    (0..26_u64)
        .map(|place| {
            char::from(ALPHABET[(mix(account.seed ^ low, domain::SECRET, (1 << 40) + place) % 64) as usize])
        })
        .collect()
}

/// A new response: its id, and the links that its responder gets.
pub(crate) fn links(account: &Account, response: u32, body: &Value) -> Reply {
    let found = &account.responses[response as usize];
    let locale = body["survey_response"]["locale"].as_str().unwrap_or("en-us");
    let version = &account.surveys.versions[usize::from(found.version)];
    let id = Ulid(found.id).to_string();
    let path = format!(
        "/hc/{locale}/survey_responses/{id}?access_token={}",
        access_token(account, found)
    );
    let Some((_, question)) = version.csat() else {
        return bad_request("The survey asks for no rating");
    };
    let kind = match question.kind {
        QuestionType::Emoji => "rating_link_emoji",
        QuestionType::CustomText => "rating_link_custom_text",
        _ => "rating_link_numeric",
    };
    let rating_links: Vec<Value> = question
        .choices
        .iter()
        .map(|choice| {
            let mut link = json!({
                "rating": choice.rating,
                "label": TextJson { text: &choice.label, locale },
                "url_path": format!("{path}&rating={}", choice.rating),
            });
            if let Some(emoji) = choice.emoji {
                link["emoji"] = json!({"type": "static", "value": emoji});
            }
            link
        })
        .collect();
    Reply::json(
        200,
        &json!({"survey_response": {"id": id, "links": {"type": kind, "url_path": path, "rating_links": rating_links}}}),
    )
}

fn submit(
    account: &Account,
    caller: Result<Caller, Refusal>,
    request: &Request,
    id: &str,
) -> Result<Allowed, Reply> {
    let body = request
        .json()
        .map_err(|_| bad_request("The request body is not valid JSON"));
    let token = body.as_ref().ok().and_then(|body| {
        body["survey_response"]["access_token"]
            .as_str()
            .map(str::to_owned)
    });
    if token.is_none() {
        signed_in(caller.clone(), request)?.requires_scope("write", Some("survey_responses"))?;
    }
    let body = body?;
    let index = responses::find(account, id)?;
    let response = &account.responses[index as usize];
    let may = match token {
        Some(token) => token == access_token(account, response),
        None => caller.is_ok_and(|caller| caller.user == account.person(response.responder)),
    };
    if !may {
        return Err(forbidden_in_help_center());
    }
    let version = &account.surveys.versions[usize::from(response.version)];
    if !account.surveys.surveys[version.survey].enabled {
        return Err(disabled());
    }
    if request.now >= account.expires(response) {
        return Err(listed(403, "Forbidden", "The survey response has expired"));
    }
    let answers = body["survey_response"]["answers"]
        .as_array()
        .filter(|answers| !answers.is_empty());
    let answers = answers.ok_or_else(|| bad_request("answers is missing"))?;
    let answers = answers
        .iter()
        .map(|answer| new_answer(&version.questions, answer))
        .collect::<Result<Vec<_>, _>>()?;
    let change = Change::AnswerSurvey {
        response: index,
        answers,
    };
    Ok(Allowed {
        change,
        body: body.clone(),
        written: |account, response, _| responses::in_short(account, response),
    })
}

/// Reads one answer of a submission.
pub(crate) fn new_answer(questions: &[Question], answer: &Value) -> Result<NewAnswer, Reply> {
    let id = answer["question_id"].as_str().unwrap_or_default();
    let (place, question) = (0_u8..)
        .zip(questions)
        .find(|(_, question)| question.id.to_string() == id)
        .ok_or_else(|| bad_request("question_id is no question of the survey"))?;
    let value = match (answer["type"].as_str().unwrap_or_default(), question.kind) {
        ("skipped", _) => NewValue::Skipped,
        ("rating_scale", kind) if kind.is_scale() => {
            let rating = answer["rating"]
                .as_u64()
                .and_then(|rating| u8::try_from(rating).ok());
            let rating =
                rating.filter(|rating| question.choices.iter().any(|choice| choice.rating == *rating));
            NewValue::Rating(rating.ok_or_else(|| bad_request("rating is not on the question's scale"))?)
        }
        ("closed_ended", QuestionType::ClosedEnded) => {
            let selections = answer["selections"]
                .as_array()
                .ok_or_else(|| bad_request("selections is missing"))?;
            let place_of = |selection: &Value| {
                let chosen = selection["value"].as_str()?;
                (0_u8..)
                    .zip(&question.choices)
                    .find(|(_, choice)| choice.id.to_string() == chosen)
                    .map(|(place, _)| place)
            };
            let places: Option<Vec<u8>> = selections.iter().map(place_of).collect();
            NewValue::Selections(
                places.ok_or_else(|| bad_request("a selection is no option of the question"))?,
            )
        }
        ("open_ended", QuestionType::OpenEnded) => NewValue::Text(
            answer["value"]
                .as_str()
                .ok_or_else(|| bad_request("value is missing"))?
                .to_owned(),
        ),
        _ => return Err(bad_request("the answer's type does not fit the question")),
    };
    Ok(NewAnswer {
        question: place,
        value,
    })
}
