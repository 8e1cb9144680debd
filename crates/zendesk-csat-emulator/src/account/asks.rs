//! Surveys: sent, answered and edited.

use rand::Rng;
use rand::rngs::StdRng;

use super::Account;
use super::draw::{draw_answers, draw_rating, draw_reasons, draw_stamps};
use super::ids::{domain, mix};
use super::life::{DAY, HOUR, What, delay};
use super::records::{AnswerValue, NONE, Named, Response, Ticket};
use super::surveys::{CONVERSATION_SURVEY, DISABLED_SURVEY, QuestionType, TICKET_SURVEY};
use super::texts::Comment;

impl Account {
    /// A conversation that never became a ticket ends, and its survey is sent.
    pub(super) fn converse(&mut self, at: i64, number: u32, rng: &mut StdRng) {
        let Some(version) = self.surveys.in_force(CONVERSATION_SURVEY, at) else {
            return;
        };
        if self.is_legacy_at(at) {
            return;
        }
        let responder = rng.random_range(0..self.customers);
        let conversation = mix(self.seed, domain::CONVERSATION, u64::from(number)) | 1;
        let response = self.add_response(
            Response {
                id: 0,
                responder,
                ticket: NONE,
                named: Named::Nowhere,
                previous: NONE,
                mirror: NONE,
                conversation,
                version,
                old_shape: false,
                answer: 0,
                answers: Vec::new(),
            },
            at,
        );
        self.plan_answer(at, response, rng, 0.3);
    }

    pub(super) fn offer_survey(&mut self, at: i64, ticket: u32, found: &Ticket, rng: &mut StdRng) {
        let pilot = at < self.switch + 10 * DAY && rng.random_bool(0.3);
        let survey = if pilot {
            DISABLED_SURVEY
        } else if found.messaging && rng.random_bool(0.5) {
            CONVERSATION_SURVEY
        } else {
            TICKET_SURVEY
        };
        let Some(version) = self.surveys.in_force(survey, at) else {
            return;
        };
        let in_conversation = survey == CONVERSATION_SURVEY;
        let first_version =
            survey == TICKET_SURVEY && self.surveys.versions[usize::from(version)].number == 1;
        let named = match rng.random_range(0..100) {
            0..70 if in_conversation => Named::Nowhere,
            0..12 if !first_version => Named::Request,
            _ => Named::Ticket,
        };
        let response = self.add_response(
            Response {
                id: 0,
                responder: found.requester,
                ticket,
                named,
                previous: NONE,
                mirror: NONE,
                conversation: if in_conversation {
                    mix(self.seed, domain::CONVERSATION, (1 << 40) + u64::from(ticket)) | 1
                } else {
                    0
                },
                version,
                old_shape: first_version,
                answer: 0,
                answers: Vec::new(),
            },
            at,
        );
        self.plan_answer(at, response, rng, 0.28);
        // A ticket closes 28 days after it was solved: so long the customer can rate it the legacy way.
        let until = self.back.end.min(at + 26 * DAY);
        if at < self.back.start && self.back.start + DAY < until && rng.random_bool(0.5) {
            let rated = rng.random_range(self.back.start + HOUR..until);
            self.life.plan(rated, What::RateAnyway(response));
        }
    }

    fn plan_answer(&mut self, at: i64, response: u32, rng: &mut StdRng, rate: f64) {
        if rng.random_bool(rate) {
            let answered = at + delay(rng, 6.0, 1.6).min(self.survey_lifetime - HOUR);
            self.life.plan(answered, What::Respond(response));
        }
    }

    pub(super) fn answer_survey(&mut self, at: i64, response: u32, rng: &mut StdRng) {
        let found = &self.responses[response as usize];
        let (responder, ticket) = (found.responder, found.ticket);
        let (sent, expires) = (found.sent(), self.expires(found));
        if at >= expires || !found.answers.is_empty() || self.waits(at, responder, What::Respond(response)) {
            return;
        }
        let contentment = self
            .tickets
            .get(ticket as usize)
            .map_or(0.8, |ticket| self.contentment(ticket));
        let (answered, copied) = draw_stamps(at, sent, rng);
        let version = &self.surveys.versions[usize::from(self.responses[response as usize].version)];
        let answers = draw_answers(version, answered, rng.random_bool(contentment), rng);
        self.set_answers(response, answers, true, at, copied);
        self.has_rated(at, responder);
        if rng.random_bool(0.1) {
            let edited = if rng.random_bool(0.4) {
                expires - rng.random_range(HOUR..3 * DAY)
            } else {
                at + delay(rng, 3.0, 1.3)
            };
            if edited > at && edited < expires {
                self.life.plan(edited, What::Edit(response));
            }
        }
        self.plan_merge(at, ticket, rng);
    }

    pub(super) fn edit_survey(&mut self, at: i64, response: u32, rng: &mut StdRng) {
        let found = &self.responses[response as usize];
        let (responder, sent) = (found.responder, found.sent());
        if at >= self.expires(found) || self.waits(at, responder, What::Edit(response)) {
            return;
        }
        let found = &self.responses[response as usize];
        let mut answers = found.answers.clone();
        let version = &self.surveys.versions[usize::from(found.version)];
        let Some((csat, question)) = version.csat() else {
            return;
        };
        let points = u8::try_from(question.choices.len()).unwrap_or(u8::MAX);
        let happy = rng.random_bool(0.5);
        let new_rating = draw_rating(points, happy, rng);
        let is_good = question.category(new_rating) == "good";
        let rates_again = rng.random_bool(0.7);
        let (edited, copied) = draw_stamps(at, sent, rng);
        for answer in &mut answers {
            let question = &version.questions[usize::from(answer.question)];
            let value = match question.kind {
                _ if answer.question == csat => rates_again.then_some(AnswerValue::Rating(new_rating)),
                QuestionType::ClosedEnded if rates_again && is_good && question.asks_why => {
                    // Who is content is not asked what was wrong.
                    (answer.value != AnswerValue::Skipped).then_some(AnswerValue::Skipped)
                }
                QuestionType::ClosedEnded if rates_again && question.asks_why && rng.random_bool(0.5) => {
                    Some(draw_reasons(question, rng))
                }
                QuestionType::OpenEnded if rng.random_bool(0.5) => Some(AnswerValue::Text(Comment::sampled(
                    happy,
                    rng.random_range(0..1 << 30),
                ))),
                _ => None,
            };
            if let Some(value) = value {
                answer.value = value;
                answer.updated = edited;
            }
        }
        self.set_answers(response, answers, rates_again, at, copied);
        self.has_rated(at, responder);
    }
}
