//! The one table of CSAT ratings as it should come out of the account now.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use ulid::Ulid;

use crate::account::people::{GROUPS, UserRef};
use crate::account::places::{BRANDS, FORMS, organization_name};
use crate::account::reasons::NONE_GIVEN;
use crate::account::records::{
    AnswerValue, Made, NO_AGENT, NO_GROUP, NONE, Named, Rating, RatingReason, Response, Score, Status,
};
use crate::account::surveys::Choice;
use crate::account::texts::Comment;
use crate::account::{Account, SUBDOMAIN};
use crate::render::rating::{assignee_id, group_id, reason_of};
use crate::render::ticket::drawn;

const TEXTS_IN: &str = "en-us";

/// A row of the table.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Row {
    source: &'static str,
    id: String,
    ticket_id: Option<u64>,
    requester_id: Option<u64>,
    assignee_id: Option<u64>,
    group_id: Option<u64>,
    attribution: Option<&'static str>,
    sent_at: Option<String>,
    rated_at: Option<String>,
    expires_at: Option<String>,
    score: Option<&'static str>,
    rating: Option<u8>,
    scale: Option<usize>,
    reason: Option<String>,
    reason_id: Option<String>,
    comment: Option<String>,
    survey_id: Option<String>,
    survey_version: Option<u32>,
    locale: Option<&'static str>,
    ticket_subject: Option<String>,
    ticket_status: Option<&'static str>,
    reasons: Vec<Reason>,
    first_rated_at: Option<String>,
    is_latest: bool,
    is_offer: bool,
    agent: Option<String>,
    group: Option<&'static str>,
    brand_id: Option<u64>,
    brand: Option<&'static str>,
    organization_id: Option<u64>,
    organization: Option<String>,
    ticket_form_id: Option<u64>,
    ticket_form: Option<&'static str>,
    priority: Option<&'static str>,
    tags: Option<Vec<&'static str>>,
    channel: Option<&'static str>,
    ticket_url: Option<String>,
    /// Empty: which fields have names is the reader's to say.
    custom_fields: serde_json::Map<String, serde_json::Value>,
}

/// A chosen reason, as its option reads now.
#[derive(Debug, Serialize)]
struct Reason {
    id: String,
    label: String,
}

/// A listed rating that is no row.
#[derive(Debug, Serialize)]
pub(crate) struct Copy {
    rating_id: String,
    survey_response_id: String,
}

/// A row whose customer still can answer.
#[derive(Debug, Serialize)]
pub(crate) struct Open {
    source: &'static str,
    id: String,
}

/// The offers that can still be answered: surveys that have not expired, and legacy offers on tickets that are not closed.
pub(crate) fn open(account: &Account, now: i64) -> impl Iterator<Item = Open> + Clone + '_ {
    let ratings = (0_u32..)
        .zip(&account.ratings)
        .filter(|(_, rating)| {
            let ticket = account.tickets.get(rating.ticket as usize);
            rating.score == Score::Offered
                && ticket.is_some_and(|ticket| !matches!(ticket.status, Status::Closed | Status::Deleted))
        })
        .map(|(index, _)| Open {
            source: "rating",
            id: account.ids.ratings.id(index).to_string(),
        });
    let responses = account
        .responses
        .iter()
        .filter(move |response| response.answer == 0 && now < account.expires(response))
        .map(|response| Open {
            source: "survey",
            id: Ulid(response.id).to_string(),
        });
    ratings.chain(responses)
}

/// The legacy ratings that Zendesk wrote when surveys were answered.
pub(crate) fn copies(account: &Account) -> impl Iterator<Item = Copy> + Clone + '_ {
    (0_u32..)
        .zip(&account.ratings)
        .filter_map(|(index, rating)| match rating.made {
            Made::CopyOf(response) if account.is_listed(rating) => Some(Copy {
                rating_id: account.ids.ratings.id(index).to_string(),
                survey_response_id: Ulid(account.responses[response as usize].id).to_string(),
            }),
            _ => None,
        })
}

/// Every row, ratings first.
pub(crate) fn rows(account: &Account) -> impl Iterator<Item = Row> + Clone + '_ {
    let ratings = (0_u32..)
        .zip(&account.ratings)
        .filter(|(_, rating)| is_row(account, rating))
        .map(|(index, rating)| of_rating(account, index, rating));
    ratings.chain(
        account
            .responses
            .iter()
            .map(|response| of_response(account, response)),
    )
}

/// Copies are no rows, nor is an offer that was withdrawn.
fn is_row(account: &Account, rating: &Rating) -> bool {
    account.is_listed(rating) && !rating.is_mirror() && rating.score != Score::Unoffered
}

/// Which of the account's answers is the latest of the ticket's.
fn latest_answer(account: &Account, ticket: u32) -> Option<u32> {
    let ticket = account.tickets.get(ticket as usize)?;
    let mut latest = 0;
    let mut next = ticket.last_rating;
    while let Some(rating) = account.ratings.get(next as usize) {
        latest = latest.max(rating.answer);
        next = rating.previous;
    }
    next = ticket.last_response;
    while let Some(response) = account.responses.get(next as usize) {
        if about(account, response).0 != NONE {
            latest = latest.max(response.answer);
        }
        next = response.previous;
    }
    Some(latest)
}

/// The ticket that a response is about as far as anyone can know, and the agent and group where its copy knows them: a
/// response that names its conversation only has its ticket from the copy.
fn about(account: &Account, response: &Response) -> (u32, Option<(u16, u8)>) {
    let copy = account.ratings.get(response.mirror as usize);
    match copy.filter(|copy| account.is_listed(copy)) {
        _ if response.named != Named::Nowhere => (response.ticket, None),
        Some(copy) => (response.ticket, Some((copy.assignee, copy.group))),
        None => (NONE, None),
    }
}

/// Whether that answer is its ticket's latest, or about no ticket.
fn is_latest(account: &Account, ticket: u32, answer: u32) -> bool {
    answer != 0 && latest_answer(account, ticket).is_none_or(|latest| latest == answer)
}

fn instant(milliseconds: i64) -> String {
    DateTime::<Utc>::from_timestamp_millis(milliseconds)
        .unwrap_or_default()
        .to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn comment_text(comment: &Comment) -> Option<String> {
    comment.text_as_read().filter(|text| !text.is_empty())
}

impl Row {
    /// Fills what comes from the ticket; `own` are the assignee and group that the rating itself names.
    fn with_ticket(mut self, account: &Account, index: u32, own: Option<(u16, u8)>) -> Self {
        let Some(ticket) = account.tickets.get(index as usize) else {
            return self;
        };
        let is_named = |(assignee, group): &(u16, u8)| *assignee != NO_AGENT || *group != NO_GROUP;
        let own = own.filter(is_named).map(|named| ("rating", named));
        let of_ticket = Some((ticket.assignee, ticket.group))
            .filter(is_named)
            .map(|named| ("ticket", named));
        if let Some((attribution, (assignee, group))) = own.or(of_ticket) {
            self.attribution = Some(attribution);
            self.assignee_id = assignee_id(account, assignee);
            self.group_id = group_id(account, group);
            self.agent = (assignee != NO_AGENT).then(|| account.user_name(UserRef::Staff(assignee)));
            self.group = (group != NO_GROUP).then(|| GROUPS[usize::from(group)]);
        }
        let id = account.ticket_id(index);
        self.ticket_id = Some(id);
        self.ticket_url = Some(format!("https://{SUBDOMAIN}.zendesk.com/agent/tickets/{id}"));
        // Tickets of bots are outside the export's default scope.
        if !ticket.ai_agent {
            self.ticket_subject = Some(account.subject(index));
            self.ticket_status = Some(ticket.status.name());
            let brand = account.brand_of(index);
            self.brand_id = Some(account.ids.brands.id(brand));
            self.brand = Some(BRANDS[brand as usize].name);
            let organization = account.organization_of(account.person(ticket.requester));
            self.organization_id = organization.map(|index| account.ids.organizations.id(index));
            self.organization = organization.map(|index| organization_name(account.seed, index));
            let form = account.form_of(index);
            self.ticket_form_id = form.map(|index| account.ids.forms.id(index));
            self.ticket_form = form.map(|index| FORMS[index as usize].0);
            let (priority, tags, channel) = drawn(account, index);
            (self.priority, self.tags, self.channel) = (priority, Some(tags), Some(channel));
        }
        self
    }
}

fn of_rating(account: &Account, index: u32, rating: &Rating) -> Row {
    let (text, reason_id) = reason_of(account, rating);
    let listed = reason_id
        .and_then(|id| account.ids.reasons.index(id))
        .and_then(|place| account.reasons.get(place as usize));
    let received = rating.score.is_received();
    Row {
        source: "rating",
        id: account.ids.ratings.id(index).to_string(),
        requester_id: Some(account.person_id(rating.requester)),
        sent_at: (!rating.is_undated()).then(|| instant(i64::from(rating.created) * 1_000)),
        rated_at: received.then(|| instant(i64::from(rating.last_changed()) * 1_000)),
        score: received.then(|| rating.score.name()),
        reason: text.or_else(|| listed.map(|reason| reason.value.to_owned())),
        reason_id: reason_id.map(|id| id.to_string()),
        comment: comment_text(&rating.comment),
        reasons: match rating.reason {
            RatingReason::Listed { reason, .. } if reason != NONE_GIVEN => {
                let newest = &account.reasons[usize::from(reason)];
                vec![Reason {
                    id: account.ids.reasons.id(u32::from(reason)).to_string(),
                    label: newest.value.to_owned(),
                }]
            }
            _ => Vec::new(),
        },
        first_rated_at: (rating.rated != 0).then(|| instant(i64::from(rating.rated) * 1_000)),
        is_latest: is_latest(account, rating.ticket, rating.answer),
        is_offer: rating.made == Made::Offered,
        ..Row::default()
    }
    .with_ticket(account, rating.ticket, Some((rating.assignee, rating.group)))
}

fn of_response(account: &Account, response: &Response) -> Row {
    let version = &account.surveys.versions[usize::from(response.version)];
    let csat = account.csat_of(response);
    let (ticket, own) = about(account, response);
    let selections = response.answers.iter().find_map(|answer| {
        let question = &version.questions[usize::from(answer.question)];
        match &answer.value {
            AnswerValue::Selections(chosen) if question.asks_why => Some((&question.choices, chosen)),
            _ => None,
        }
    });
    let chosen = selections.map(|(choices, chosen)| {
        chosen
            .iter()
            .filter_map(|place| choices.get(usize::from(*place)))
            .collect::<Vec<_>>()
    });
    let joined = |parts: Vec<String>| (!parts.is_empty()).then(|| parts.join("; "));
    let labels = |choices: &Vec<&Choice>| {
        joined(
            choices
                .iter()
                .map(|choice| choice.label.in_locale(TEXTS_IN))
                .filter(|label| !label.is_empty())
                .map(str::to_owned)
                .collect(),
        )
    };
    let reason = |choice: &&Choice| Reason {
        id: choice.id.to_string(),
        label: account
            .surveys
            .newest(choice)
            .label
            .in_locale(TEXTS_IN)
            .to_owned(),
    };
    Row {
        source: "survey",
        id: Ulid(response.id).to_string(),
        requester_id: Some(account.person_id(response.responder)),
        sent_at: Some(instant(response.sent())),
        rated_at: csat.map(|answer| instant(answer.updated)),
        expires_at: Some(instant(account.expires(response))),
        score: csat.map(|answer| answer.category),
        rating: csat.map(|answer| answer.rating),
        scale: csat.map(|answer| answer.scale),
        reason: chosen.as_ref().and_then(labels),
        reason_id: chosen
            .as_ref()
            .and_then(|choices| joined(choices.iter().map(|choice| choice.id.to_string()).collect())),
        comment: response.answers.iter().find_map(|answer| match &answer.value {
            AnswerValue::Text(comment) => comment_text(comment),
            _ => None,
        }),
        survey_id: Some(account.surveys.surveys[version.survey].id.to_string()),
        survey_version: Some(version.number),
        locale: csat.map(|_| TEXTS_IN),
        reasons: chosen.iter().flatten().map(reason).collect(),
        first_rated_at: csat.map(|answer| instant(answer.created)),
        is_latest: is_latest(account, ticket, response.answer),
        is_offer: true,
        ..Row::default()
    }
    .with_ticket(account, ticket, own)
}
