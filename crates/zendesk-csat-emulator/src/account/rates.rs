//! Legacy ratings: offered, withdrawn, answered, and given once more.

use rand::Rng;
use rand::rngs::StdRng;

use super::Account;
use super::draw::draw_comment;
use super::life::{DAY, HOUR, What, delay, seconds};
use super::reasons::NONE_GIVEN;
use super::records::{Made, NO_AGENT, NO_GROUP, NONE, Rating, RatingReason, Score, Status, Ticket};
use super::texts::Comment;

impl Account {
    pub(super) fn offer_rating(&mut self, at: i64, ticket: u32, found: &Ticket, rng: &mut StdRng) {
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

    pub(super) fn withdraw(&mut self, at: i64, rating: u32) {
        let found = &mut self.ratings[rating as usize];
        if found.score == Score::Offered {
            found.score = Score::Unoffered;
            found.updated = seconds(at);
            let ticket = found.ticket;
            self.touch(ticket, seconds(at), false);
        }
    }

    /// How likely the requester is content: by the agent and by how long it took.
    pub(super) fn contentment(&self, ticket: &Ticket) -> f64 {
        let skill = self
            .staff
            .get(usize::from(ticket.assignee))
            .map_or(0.8, |agent| agent.skill);
        let waited = f64::from(ticket.solved.saturating_sub(ticket.created)) / 3_600.0;
        (skill - (waited / 48.0).min(1.0) * 0.25).clamp(0.05, 0.98)
    }

    /// The ticket, where it can be rated the legacy way: a closed one cannot.
    fn rateable(&self, at: i64, ticket: u32) -> Option<&Ticket> {
        self.alive(ticket)
            .filter(|found| found.status != Status::Closed && self.is_legacy_at(at))
    }

    pub(super) fn answer_offer(&mut self, at: i64, rating: u32, rng: &mut StdRng) {
        let found = &self.ratings[rating as usize];
        let (ticket, requester) = (found.ticket, found.requester);
        if found.score != Score::Offered
            || self.rateable(at, ticket).is_none()
            || self.waits(at, requester, What::Rate(rating))
        {
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
        self.has_rated(at, requester);
        if rng.random_bool(0.05) {
            let again = at + delay(rng, 20.0, 1.2);
            self.life.plan(again, What::RateAgain(ticket));
        }
        self.plan_merge(at, ticket, rng);
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

    pub(super) fn rate_again(&mut self, at: i64, ticket: u32, rng: &mut StdRng) {
        let Some(found) = self.rateable(at, ticket).cloned() else {
            return;
        };
        let Some(former) = self.ratings.get(found.last_rating as usize) else {
            return;
        };
        if !former.score.is_received() {
            return;
        }
        let was_happy = former.score == Score::Good;
        if self.waits(at, found.requester, What::RateAgain(ticket)) {
            return;
        }
        let happy = was_happy != rng.random_bool(0.6);
        self.rate_unasked(at, ticket, &found, happy, rng);
    }

    /// While legacy ratings are active again, a customer rates a ticket whose survey lies unanswered, or was answered weeks ago.
    pub(super) fn rate_anyway(&mut self, at: i64, response: u32, rng: &mut StdRng) {
        let survey = &self.responses[response as usize];
        let ticket = survey.ticket;
        let Some(found) = self.rateable(at, ticket).cloned() else {
            return;
        };
        let last = self.ratings.get(found.last_rating as usize);
        if last.is_some_and(|rating| rating.score == Score::Offered)
            || self.waits(at, found.requester, What::RateAnyway(response))
        {
            return;
        }
        let happy = rng.random_bool(0.6);
        self.rate_unasked(at, ticket, &found, happy, rng);
    }

    fn rate_unasked(&mut self, at: i64, ticket: u32, found: &Ticket, happy: bool, rng: &mut StdRng) {
        let answer = self.next_answer();
        self.has_rated(at, found.requester);
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
}
