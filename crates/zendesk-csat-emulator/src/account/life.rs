//! What happens in the account: tickets arrive and are solved, customers are asked and answer.
//!
//! One queue of events makes the account's past and its future alike. What an event does is drawn from the seed, the event
//! and what it is about, so that it does not depend on what clients wrote in between.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::Account;
use super::arrival::Arrivals;
use super::draw::{draw_answers, draw_comment, draw_rating};
use super::ids::{domain, mix};
use super::people::agents_of;
use super::reasons::NONE_GIVEN;
use super::records::{
    AnswerValue, Made, NO_AGENT, NO_GROUP, NONE, Rating, RatingReason, Response, Score, Status, Ticket,
};
use super::surveys::{CONVERSATION_SURVEY, DISABLED_SURVEY, QuestionType, TICKET_SURVEY};
use super::texts::Comment;

pub(crate) const SECOND: i64 = 1_000;
pub(crate) const HOUR: i64 = 3_600 * SECOND;
pub(crate) const DAY: i64 = 24 * HOUR;

/// Something that happens to the record with that index; arrivals carry the ticket's number instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Arrive(u32),
    Converse(u32),
    Solve(u32),
    Reopen(u32),
    Reassign(u32),
    Touch(u32),
    Close(u32),
    Delete(u32),
    Offer(u32),
    Withdraw(u32),
    Rate(u32),
    RateAgain(u32),
    Respond(u32),
    Edit(u32),
}

impl What {
    fn rng(self, seed: u64, at: i64) -> StdRng {
        let (kind, about) = match self {
            Self::Arrive(n) => (1, n),
            Self::Converse(n) => (2, n),
            Self::Solve(n) => (3, n),
            Self::Reopen(n) => (4, n),
            Self::Reassign(n) => (5, n),
            Self::Touch(n) => (6, n),
            Self::Close(n) => (7, n),
            Self::Delete(n) => (8, n),
            Self::Offer(n) => (9, n),
            Self::Withdraw(n) => (10, n),
            Self::Rate(n) => (11, n),
            Self::RateAgain(n) => (12, n),
            Self::Respond(n) => (13, n),
            Self::Edit(n) => (14, n),
        };
        let event = mix(seed, domain::EVENT, (kind << 32) | u64::from(about));
        StdRng::seed_from_u64(mix(event, domain::EVENT, at.unsigned_abs()))
    }
}

/// The events to come.
#[derive(Debug)]
pub(crate) struct Life {
    pending: BinaryHeap<Reverse<(i64, u64, What)>>,
    order: u64,
    arrivals: Arrivals,
    /// Nothing happens in this span: what would, happens after it.
    quiet: Range<i64>,
    /// The account has been brought up to here.
    reached: i64,
}

impl Life {
    pub(crate) fn new(seed: u64, begins: i64, ends: i64, tickets: u32) -> Self {
        let mut life = Self {
            pending: BinaryHeap::new(),
            order: 0,
            arrivals: Arrivals::new(seed, begins, ends, tickets),
            quiet: 0..0,
            reached: begins,
        };
        if tickets > 0 {
            life.plan(life.arrivals.at(0), What::Arrive(0));
        }
        life
    }

    fn plan(&mut self, at: i64, what: What) {
        self.order += 1;
        self.pending.push(Reverse((at, self.order, what)));
    }

    /// The next event that is due, with the time it happens at.
    fn due(&mut self, now: i64) -> Option<(i64, What)> {
        loop {
            let &Reverse((planned, _, what)) = self.pending.peek()?;
            if planned > now {
                return None;
            }
            self.pending.pop();
            let at = planned.max(self.reached);
            if self.quiet.contains(&at) {
                self.plan(self.quiet.end + (at - self.quiet.start), what);
                continue;
            }
            self.reached = at;
            return Some((at, what));
        }
    }

    /// When something happens next.
    pub(crate) fn next(&self) -> i64 {
        self.pending.peek().map_or(i64::MAX, |Reverse((at, _, _))| *at)
    }
}

fn seconds(at: i64) -> u32 {
    u32::try_from(at / SECOND).unwrap_or(u32::MAX)
}

/// A time with that median and a long tail, in milliseconds.
fn delay(rng: &mut StdRng, median_hours: f64, spread: f64) -> i64 {
    let (u, v) = (rng.random::<f64>().max(1e-12), rng.random::<f64>());
    let normal = (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos();
    (median_hours * (spread * normal).exp() * HOUR as f64) as i64 + SECOND
}

fn following(at: i64, period: i64) -> i64 {
    (at / period + 1) * period
}

impl Account {
    /// Lets nothing happen in that span.
    pub(crate) fn keep_quiet(&mut self, span: Range<i64>) {
        self.life.quiet = span;
    }

    /// Lets everything happen that is due.
    pub(crate) fn live_until(&mut self, now: i64) {
        while let Some((at, what)) = self.life.due(now) {
            self.happen(at, what);
        }
        self.life.reached = self.life.reached.max(now);
    }

    /// When something happens next.
    pub(crate) fn next_event(&self) -> i64 {
        self.life.next()
    }

    fn happen(&mut self, at: i64, what: What) {
        let rng = &mut what.rng(self.seed, at);
        match what {
            What::Arrive(number) => self.arrive(at, number, rng),
            What::Converse(number) => self.converse(at, number, rng),
            What::Solve(ticket) => self.solve(at, ticket, rng),
            What::Reopen(ticket) => self.reopen(at, ticket, rng),
            What::Reassign(ticket) => self.reassign(at, ticket, rng),
            What::Touch(ticket) => self.touch(ticket, seconds(at), false),
            What::Close(ticket) => self.close(at, ticket),
            What::Delete(ticket) => self.delete(at, ticket),
            What::Offer(ticket) => self.offer(at, ticket, rng),
            What::Withdraw(rating) => self.withdraw(at, rating),
            What::Rate(rating) => self.answer_offer(at, rating, rng),
            What::RateAgain(ticket) => self.rate_again(at, ticket, rng),
            What::Respond(response) => self.answer_survey(at, response, rng),
            What::Edit(response) => self.edit_survey(at, response, rng),
        }
    }

    fn alive(&self, ticket: u32) -> Option<&Ticket> {
        self.tickets
            .get(ticket as usize)
            .filter(|found| found.status != Status::Deleted)
    }

    fn arrive(&mut self, at: i64, number: u32, rng: &mut StdRng) {
        let next = self.life.arrivals.at(number + 1);
        self.life.plan(next, What::Arrive(number + 1));
        let group = [0, 0, 0, 1, 1, 2, 2, 2, 3, 4][rng.random_range(0..10)];
        let agents: Vec<u16> = agents_of(group).collect();
        let assignee = agents[rng.random_range(0..agents.len())];
        let eagerness: f64 = rng.random();
        let requester = (eagerness * eagerness * f64::from(self.customers)) as u32;
        let ai_agent = rng.random_bool(0.03);
        let ticket = self.add_ticket(Ticket {
            created: seconds(at),
            updated: seconds(at),
            generated: seconds(at),
            solved: 0,
            closed: 0,
            requester: requester.min(self.customers - 1),
            last_rating: NONE,
            last_response: NONE,
            assignee: if ai_agent { NO_AGENT } else { assignee },
            group: if rng.random_bool(0.01) { NO_GROUP } else { group },
            status: Status::New,
            messaging: rng.random_bool(0.3),
            ai_agent,
        });
        if rng.random_bool(0.03) {
            self.tickets[ticket as usize].status = if rng.random_bool(0.5) {
                Status::Pending
            } else {
                Status::Hold
            };
        } else {
            let slowness = self.staff[usize::from(assignee)].slowness;
            let solved = at + delay(rng, 9.0 * slowness, 1.2);
            self.life.plan(solved, What::Solve(ticket));
        }
        if rng.random_bool(0.008) {
            let deleted = at + delay(rng, 240.0, 1.0);
            self.life.plan(deleted, What::Delete(ticket));
        }
        if rng.random_bool(0.02) {
            let touched = at + delay(rng, 900.0, 0.8);
            self.life.plan(touched, What::Touch(ticket));
        }
        if rng.random_bool(0.05) {
            let over = at + delay(rng, 3.0, 0.8);
            self.life.plan(over, What::Converse(number));
        }
    }

    /// A conversation that never became a ticket ends, and its survey is sent.
    fn converse(&mut self, at: i64, number: u32, rng: &mut StdRng) {
        let Some(version) = self.surveys.in_force(CONVERSATION_SURVEY, at) else {
            return;
        };
        let responder = rng.random_range(0..self.customers);
        let conversation = mix(self.seed, domain::CONVERSATION, u64::from(number)) | 1;
        let response = self.add_response(
            Response {
                id: 0,
                responder,
                ticket: NONE,
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

    fn solve(&mut self, at: i64, ticket: u32, rng: &mut StdRng) {
        let Some(found) = self.alive(ticket) else {
            return;
        };
        if matches!(found.status, Status::Solved | Status::Closed) {
            return;
        }
        let ai_agent = found.ai_agent;
        let found = &mut self.tickets[ticket as usize];
        found.status = Status::Solved;
        found.solved = seconds(at);
        self.touch(ticket, seconds(at), true);
        if !ai_agent && rng.random_bool(0.92) {
            self.life.plan(following(at + DAY, HOUR), What::Offer(ticket));
        }
        if rng.random_bool(0.07) {
            self.life
                .plan(at + rng.random_range(HOUR..25 * DAY), What::Reopen(ticket));
        }
        if rng.random_bool(0.05) {
            self.life
                .plan(at + rng.random_range(HOUR..27 * DAY), What::Reassign(ticket));
        }
        self.life
            .plan(following(at + 28 * DAY, DAY) + 2 * HOUR, What::Close(ticket));
    }

    fn reopen(&mut self, at: i64, ticket: u32, rng: &mut StdRng) {
        if self
            .alive(ticket)
            .is_none_or(|found| found.status != Status::Solved)
        {
            return;
        }
        self.tickets[ticket as usize].status = Status::Open;
        self.touch(ticket, seconds(at), true);
        let solved = at + delay(rng, 20.0, 1.0);
        self.life.plan(solved, What::Solve(ticket));
    }

    fn reassign(&mut self, at: i64, ticket: u32, rng: &mut StdRng) {
        if self
            .alive(ticket)
            .is_none_or(|found| found.status == Status::Closed)
        {
            return;
        }
        let group = rng.random_range(0..5_u8);
        let agents: Vec<u16> = agents_of(group).collect();
        let found = &mut self.tickets[ticket as usize];
        (found.group, found.assignee) = match rng.random_range(0..10) {
            0 => (NO_GROUP, NO_AGENT),
            1 | 2 => (group, NO_AGENT),
            _ => (group, agents[rng.random_range(0..agents.len())]),
        };
        self.touch(ticket, seconds(at), true);
    }

    /// The automation that closes tickets runs once a day: they all share that second.
    fn close(&mut self, at: i64, ticket: u32) {
        if self.alive(ticket).is_none_or(|found| {
            found.status != Status::Solved || i64::from(found.solved) * SECOND + 28 * DAY > at
        }) {
            return;
        }
        let found = &mut self.tickets[ticket as usize];
        found.status = Status::Closed;
        found.closed = seconds(at);
        self.touch(ticket, seconds(at), true);
    }

    fn delete(&mut self, at: i64, ticket: u32) {
        if self.alive(ticket).is_none() {
            return;
        }
        self.tickets[ticket as usize].status = Status::Deleted;
        self.touch(ticket, seconds(at), true);
    }

    fn offer(&mut self, at: i64, ticket: u32, rng: &mut StdRng) {
        let Some(found) = self.alive(ticket) else {
            return;
        };
        if found.status != Status::Solved {
            return;
        }
        let found = found.clone();
        if at < self.switch {
            if found.last_rating == NONE {
                self.offer_rating(at, ticket, &found, rng);
            }
        } else if found.last_response == NONE || rng.random_bool(0.3) {
            self.offer_survey(at, ticket, &found, rng);
        }
    }

    fn offer_rating(&mut self, at: i64, ticket: u32, found: &Ticket, rng: &mut StdRng) {
        let (assignee, group) = match rng.random_range(0..100) {
            0..3 => (NO_AGENT, NO_GROUP),
            3..5 => (NO_AGENT, found.group),
            _ => (found.assignee, found.group),
        };
        let reason = if seconds(at) < self.reasons_on {
            RatingReason::Off
        } else {
            RatingReason::Unset
        };
        let rating = self.add_rating(Rating {
            ticket,
            requester: found.requester,
            created: seconds(at),
            updated: if rng.random_bool(0.1) { 0 } else { seconds(at) },
            previous: NONE,
            made: Made::Offered,
            rated: 0,
            answer: 0,
            assignee,
            group,
            score: Score::Offered,
            reason,
            comment: Comment::Null,
        });
        if rng.random_bool(0.005) {
            self.life
                .plan(at + rng.random_range(HOUR..2 * DAY), What::Withdraw(rating));
        } else if rng.random_bool(0.35) {
            let answered = at + delay(rng, 5.0, 1.4).min(60 * DAY);
            self.life.plan(answered, What::Rate(rating));
        }
    }

    fn withdraw(&mut self, at: i64, rating: u32) {
        let found = &mut self.ratings[rating as usize];
        if found.score == Score::Offered {
            found.score = Score::Unoffered;
            found.updated = seconds(at);
            let ticket = found.ticket;
            self.touch(ticket, seconds(at), false);
        }
    }

    /// How likely the requester is content: by the agent and by how long it took.
    fn contentment(&self, ticket: &Ticket) -> f64 {
        let skill = self
            .staff
            .get(usize::from(ticket.assignee))
            .map_or(0.8, |agent| agent.skill);
        let waited = f64::from(ticket.solved.saturating_sub(ticket.created)) / 3_600.0;
        (skill - (waited / 48.0).min(1.0) * 0.25).clamp(0.05, 0.98)
    }

    fn answer_offer(&mut self, at: i64, rating: u32, rng: &mut StdRng) {
        let found = &self.ratings[rating as usize];
        let ticket = found.ticket;
        if at >= self.switch || found.score != Score::Offered || self.alive(ticket).is_none() {
            return;
        }
        let happy = rng.random_bool(self.contentment(&self.tickets[ticket as usize]));
        let reason = self.draw_reason(at, happy, rng);
        let comment = draw_comment(happy, rng);
        let answer = self.next_answer();
        let found = &mut self.ratings[rating as usize];
        found.answer = answer;
        found.rated = seconds(at);
        found.score = if happy { Score::Good } else { Score::Bad };
        found.updated = seconds(at);
        found.reason = reason;
        found.comment = comment;
        self.touch(ticket, seconds(at), true);
        if rng.random_bool(0.05) {
            let again = at + delay(rng, 20.0, 1.2);
            self.life.plan(again, What::RateAgain(ticket));
        }
    }

    fn draw_reason(&self, at: i64, happy: bool, rng: &mut StdRng) -> RatingReason {
        if seconds(at) < self.reasons_on {
            return RatingReason::Off;
        }
        if happy {
            return RatingReason::Unset;
        }
        let offered: Vec<u8> = (0_u8..)
            .zip(&self.reasons)
            .filter(|(place, reason)| {
                *place != NONE_GIVEN && reason.deleted.is_none_or(|deleted| seconds(at) < deleted)
            })
            .map(|(place, _)| place)
            .collect();
        let reason = if rng.random_bool(0.25) {
            NONE_GIVEN
        } else {
            offered[rng.random_range(0..offered.len())]
        };
        RatingReason::Listed {
            reason,
            with_text: rng.random_bool(0.8),
        }
    }

    fn rate_again(&mut self, at: i64, ticket: u32, rng: &mut StdRng) {
        let Some(found) = self.alive(ticket).cloned() else {
            return;
        };
        let Some(former) = self.ratings.get(found.last_rating as usize) else {
            return;
        };
        if at >= self.switch || !former.score.is_received() {
            return;
        }
        let happy = (former.score == Score::Good) != rng.random_bool(0.6);
        let answer = self.next_answer();
        self.add_rating(Rating {
            ticket,
            requester: found.requester,
            created: seconds(at),
            updated: if rng.random_bool(0.2) { 0 } else { seconds(at) },
            previous: NONE,
            made: Made::Unasked,
            rated: seconds(at),
            answer,
            assignee: found.assignee,
            group: found.group,
            score: if happy { Score::Good } else { Score::Bad },
            reason: self.draw_reason(at, happy, rng),
            comment: draw_comment(happy, rng),
        });
    }

    fn offer_survey(&mut self, at: i64, ticket: u32, found: &Ticket, rng: &mut StdRng) {
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
        let response = self.add_response(
            Response {
                id: 0,
                responder: found.requester,
                ticket,
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
        self.plan_answer(at, response, rng, 0.25);
    }

    fn plan_answer(&mut self, at: i64, response: u32, rng: &mut StdRng, rate: f64) {
        if rng.random_bool(rate) {
            let answered = at + delay(rng, 6.0, 1.6).min(self.survey_lifetime - HOUR);
            self.life.plan(answered, What::Respond(response));
        }
    }

    fn answer_survey(&mut self, at: i64, response: u32, rng: &mut StdRng) {
        let found = &self.responses[response as usize];
        if at >= self.expires(found) || !found.answers.is_empty() {
            return;
        }
        let (expires, contentment) = (
            self.expires(found),
            self.tickets
                .get(found.ticket as usize)
                .map_or(0.8, |ticket| self.contentment(ticket)),
        );
        let version = &self.surveys.versions[usize::from(found.version)];
        let answers = draw_answers(version, at, rng.random_bool(contentment), rng);
        self.set_answers(response, answers, true, at);
        if rng.random_bool(0.08) {
            let edited = if rng.random_bool(0.4) {
                expires - rng.random_range(HOUR..3 * DAY)
            } else {
                at + delay(rng, 3.0, 1.3)
            };
            if edited > at && edited < expires {
                self.life.plan(edited, What::Edit(response));
            }
        }
    }

    fn edit_survey(&mut self, at: i64, response: u32, rng: &mut StdRng) {
        let found = &self.responses[response as usize];
        let mut answers = found.answers.clone();
        let version = &self.surveys.versions[usize::from(found.version)];
        let Some((csat, question)) = version.csat() else {
            return;
        };
        let points = u8::try_from(question.choices.len()).unwrap_or(u8::MAX);
        let happy = rng.random_bool(0.5);
        let new_rating = draw_rating(points, happy, rng);
        let rates_again = rng.random_bool(0.7);
        for answer in &mut answers {
            if answer.question == csat && rates_again {
                answer.value = AnswerValue::Rating(new_rating);
                answer.updated = at;
            } else if version.questions[usize::from(answer.question)].kind == QuestionType::OpenEnded
                && rng.random_bool(0.5)
            {
                answer.value = AnswerValue::Text(Comment::sampled(happy, rng.random_range(0..1 << 30)));
                answer.updated = at;
            }
        }
        self.set_answers(response, answers, rates_again, at);
    }
}
