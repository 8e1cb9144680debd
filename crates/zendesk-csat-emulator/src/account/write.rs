//! Changes from outside: customers' ratings and answers over the API, and records put in by hand.
//!
//! A change is data, so that a list of changes and their times makes the same account again.

use serde::{Deserialize, Serialize};

use super::Account;
use super::ids::{domain, mix};
use super::life::SECOND;
use super::reasons::NONE_GIVEN;
use super::records::{
    Answer, AnswerValue, Made, NO_AGENT, NO_GROUP, NONE, Named, Rating, RatingReason, Response, Score,
    Status, Ticket,
};
use super::texts::Comment;

/// One change; records are named by index.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub(crate) enum Change {
    /// The clock was stepped forward by so many seconds.
    Advance { seconds: u64 },
    /// The requester rated a ticket, or was asked to where there is no verdict.
    Rate {
        ticket: u32,
        /// Good or bad; none offers the survey.
        good: Option<bool>,
        comment: Option<String>,
        reason: Option<u8>,
        /// Without a time of creation, as only records put in by hand are.
        #[serde(default)]
        undated: bool,
    },
    /// A survey was sent.
    SendSurvey {
        version: u8,
        responder: u32,
        ticket: Option<u32>,
        conversation: Option<String>,
    },
    /// Some questions of a survey were answered, or answered anew.
    AnswerSurvey { response: u32, answers: Vec<NewAnswer> },
    /// The answers to a survey were taken back.
    TakeBackAnswers { response: u32 },
    /// A rating's comment was stored cut in the middle of an emoji.
    CutComment { rating: u32 },
    /// So was the text that answers the question at that place.
    CutAnswer { response: u32, question: u8 },
    /// A ticket was put in.
    PutTicket {
        subject: String,
        status: String,
        requester: u32,
        assignee: Option<u16>,
        group: Option<u8>,
    },
}

/// An answer to the question at that place in its survey version.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct NewAnswer {
    pub(crate) question: u8,
    pub(crate) value: NewValue,
}

/// What was answered; selections are places of options.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NewValue {
    Rating(u8),
    Selections(Vec<u8>),
    Text(String),
    Skipped,
}

impl From<NewValue> for AnswerValue {
    fn from(value: NewValue) -> Self {
        match value {
            NewValue::Rating(rating) => Self::Rating(rating),
            NewValue::Selections(places) => Self::Selections(places.into()),
            NewValue::Text(text) if text.is_empty() => Self::Text(Comment::Empty),
            NewValue::Text(text) => Self::Text(Comment::Written(text.into())),
            NewValue::Skipped => Self::Skipped,
        }
    }
}

impl Account {
    /// Whether all records that a change names are there.
    pub(crate) fn knows(&self, change: &Change) -> bool {
        let customer = |index: u32| (index as usize) < self.customers as usize + self.staff.len();
        let ticket = |index: u32| (index as usize) < self.tickets.len();
        match change {
            Change::Advance { .. } => true,
            Change::Rate {
                ticket: index,
                reason,
                ..
            } => ticket(*index) && reason.is_none_or(|reason| usize::from(reason) < self.reasons.len()),
            Change::SendSurvey {
                version,
                responder,
                ticket: index,
                ..
            } => {
                usize::from(*version) < self.surveys.versions.len()
                    && customer(*responder)
                    && index.is_none_or(ticket)
            }
            Change::AnswerSurvey { response, answers } => {
                self.responses.get(*response as usize).is_some_and(|response| {
                    let questions = &self.surveys.versions[usize::from(response.version)].questions;
                    answers.iter().all(|answer| {
                        match (questions.get(usize::from(answer.question)), &answer.value) {
                            (Some(question), NewValue::Selections(places)) => places
                                .iter()
                                .all(|place| usize::from(*place) < question.choices.len()),
                            (question, _) => question.is_some(),
                        }
                    })
                })
            }
            Change::CutComment { rating } => (*rating as usize) < self.ratings.len(),
            Change::TakeBackAnswers { response } | Change::CutAnswer { response, .. } => {
                (*response as usize) < self.responses.len()
            }
            Change::PutTicket {
                requester, assignee, ..
            } => customer(*requester) && assignee.is_none_or(|agent| usize::from(agent) < self.staff.len()),
        }
    }

    /// Carries a change out and gives the index of the record that it made or changed.
    pub(crate) fn apply(&mut self, change: Change, now: i64) -> u32 {
        let seconds = u32::try_from(now / SECOND).unwrap_or(u32::MAX);
        match change {
            Change::Advance { .. } => NONE,
            Change::Rate {
                ticket,
                good,
                comment,
                reason,
                undated,
            } => self.rate(ticket, good, comment, reason, undated, seconds),
            Change::SendSurvey {
                version,
                responder,
                ticket,
                conversation,
            } => {
                let conversation = conversation.map_or(0, |uuid| self.name_conversation(uuid));
                self.add_response(
                    Response {
                        id: 0,
                        responder,
                        ticket: ticket.unwrap_or(NONE),
                        named: if ticket.is_some() {
                            Named::Ticket
                        } else {
                            Named::Nowhere
                        },
                        previous: NONE,
                        mirror: NONE,
                        conversation,
                        version,
                        old_shape: false,
                        answer: 0,
                        answers: Vec::new(),
                    },
                    now,
                )
            }
            Change::AnswerSurvey { response, answers } => self.answer(response, answers, now),
            Change::CutComment { rating } => {
                if let Some(found) = self.ratings.get_mut(rating as usize) {
                    found.comment.cut();
                    self.has_cut_texts = true;
                }
                rating
            }
            Change::CutAnswer { response, question } => {
                self.cut_answer(response, question);
                response
            }
            Change::TakeBackAnswers { response } => {
                self.take_back_answers(response, now);
                response
            }
            Change::PutTicket {
                subject,
                status,
                requester,
                assignee,
                group,
            } => {
                let status = Status::parse(&status).unwrap_or(Status::New);
                let ticket = self.add_ticket(Ticket {
                    created: seconds,
                    updated: seconds,
                    generated: seconds,
                    solved: if matches!(status, Status::Solved | Status::Closed) {
                        seconds
                    } else {
                        0
                    },
                    closed: if status == Status::Closed { seconds } else { 0 },
                    requester,
                    last_rating: NONE,
                    last_response: NONE,
                    assignee: assignee.unwrap_or(NO_AGENT),
                    group: group.unwrap_or(NO_GROUP),
                    status,
                    messaging: false,
                    merged: false,
                    ai_agent: false,
                });
                self.written_subjects.insert(ticket, subject.into());
                ticket
            }
        }
    }

    /// The first answer to an offer changes the offer's record, and one without a time of creation changes the one before
    /// it that has none either; any other rating is a record of its own.
    fn rate(
        &mut self,
        index: u32,
        good: Option<bool>,
        comment: Option<String>,
        reason: Option<u8>,
        undated: bool,
        seconds: u32,
    ) -> u32 {
        let Some(ticket) = self.tickets.get(index as usize) else {
            return NONE;
        };
        let score = match good {
            None => Score::Offered,
            Some(true) => Score::Good,
            Some(false) => Score::Bad,
        };
        let comment = match comment {
            None => Comment::Null,
            Some(text) if text.is_empty() => Comment::Empty,
            Some(text) => Comment::Written(text.into()),
        };
        let reason = match (score, reason) {
            (Score::Bad, reason) => RatingReason::Listed {
                reason: reason.unwrap_or(NONE_GIVEN),
                with_text: true,
            },
            _ => RatingReason::Unset,
        };
        let (last, requester, assignee, group) = (
            ticket.last_rating,
            ticket.requester,
            ticket.assignee,
            ticket.group,
        );
        if score.is_received() {
            self.has_rated(i64::from(seconds) * SECOND, requester);
        }
        let answer = if score.is_received() {
            self.next_answer()
        } else {
            0
        };
        if let Some(offer) = self.ratings.get_mut(last as usize).filter(|rating| {
            score != Score::Offered && (rating.score == Score::Offered || undated && rating.is_undated())
        }) {
            offer.score = score;
            offer.comment = comment;
            offer.reason = reason;
            offer.updated = seconds;
            offer.answer = answer;
            if offer.rated == 0 {
                offer.rated = seconds;
            }
            self.touch(index, seconds, true);
            return last;
        }
        self.add_rating(Rating {
            ticket: index,
            requester,
            created: if undated { 0 } else { seconds },
            updated: seconds,
            previous: NONE,
            made: if score.is_received() {
                Made::Unasked
            } else {
                Made::Offered
            },
            rated: if score.is_received() { seconds } else { 0 },
            answer,
            assignee,
            group,
            score,
            reason,
            comment,
        })
    }

    fn cut_answer(&mut self, response: u32, question: u8) {
        let answers = self
            .responses
            .get_mut(response as usize)
            .map(|response| &mut response.answers);
        let answer = answers
            .into_iter()
            .flatten()
            .find(|answer| answer.question == question);
        if let Some(Answer {
            value: AnswerValue::Text(comment),
            ..
        }) = answer
        {
            comment.cut();
            self.has_cut_texts = true;
        }
    }

    /// A key for a conversation that has its UUID already.
    fn name_conversation(&mut self, uuid: String) -> u64 {
        let key = uuid
            .bytes()
            .fold(1, |sum, byte| mix(sum, domain::CONVERSATION, u64::from(byte)))
            | 1;
        self.written_conversations.insert(key, uuid.into());
        key
    }

    /// One answer a question is kept; a new one moves its `updated_at`.
    fn answer(&mut self, response: u32, new: Vec<NewAnswer>, now: i64) -> u32 {
        let Some(found) = self.responses.get(response as usize) else {
            return NONE;
        };
        let mut answers = found.answers.clone();
        let version = &self.surveys.versions[usize::from(found.version)];
        let csat = version.csat().map(|(place, _)| place);
        let rates = new.iter().any(|answer| Some(answer.question) == csat);
        for NewAnswer { question, value } in new {
            let value = value.into();
            match answers.iter_mut().find(|answer| answer.question == question) {
                Some(answer) => {
                    answer.value = value;
                    answer.updated = now;
                }
                None => answers.push(Answer {
                    created: now,
                    updated: now,
                    value,
                    question,
                }),
            }
        }
        answers.sort_by_key(|answer| answer.question);
        let responder = found.responder;
        let seconds = u32::try_from(now / SECOND).unwrap_or(u32::MAX);
        self.set_answers(response, answers, rates, now, seconds);
        self.has_rated(now, responder);
        response
    }
}
