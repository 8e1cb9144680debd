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
use super::ids::{domain, mix};
use super::people::{RENAMED_AGENT, STAFF, UserRef, agents_of, new_name};
use super::records::{NO_AGENT, NO_GROUP, NONE, Status, Ticket};

pub(crate) const SECOND: i64 = 1_000;
pub(crate) const HOUR: i64 = 3_600 * SECOND;
pub(crate) const DAY: i64 = 24 * HOUR;

/// Something that happens to the record with that index; arrivals carry the ticket's number instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
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
    RateAnyway(u32),
    Respond(u32),
    Edit(u32),
    Merge(u32),
    Rename(u32),
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
            Self::RateAnyway(n) => (15, n),
            Self::Merge(n) => (16, n),
            Self::Rename(n) => (17, n),
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

    pub(super) fn plan(&mut self, at: i64, what: What) {
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

pub(super) fn seconds(at: i64) -> u32 {
    u32::try_from(at / SECOND).unwrap_or(u32::MAX)
}

/// A time with that median and a long tail, in milliseconds.
pub(super) fn delay(rng: &mut StdRng, median_hours: f64, spread: f64) -> i64 {
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
            What::RateAnyway(response) => self.rate_anyway(at, response, rng),
            What::Merge(ticket) => self.merge(at, ticket),
            What::Rename(agent) => self.rename(at, agent),
        }
    }

    pub(super) fn alive(&self, ticket: u32) -> Option<&Ticket> {
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
        let requester = if rng.random_bool(0.03) {
            self.person_of(UserRef::Staff(rng.random_range(1..STAFF)))
        } else {
            requester.min(self.customers - 1)
        };
        let ticket = self.add_ticket(Ticket {
            created: seconds(at),
            updated: seconds(at),
            generated: seconds(at),
            solved: 0,
            closed: 0,
            requester,
            last_rating: NONE,
            last_response: NONE,
            assignee: if ai_agent { NO_AGENT } else { assignee },
            group: if rng.random_bool(0.01) { NO_GROUP } else { group },
            status: Status::New,
            messaging: rng.random_bool(0.3),
            merged: false,
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
        if rng.random_bool(0.01) {
            let merged = at + delay(rng, 30.0, 1.0);
            self.life.plan(merged, What::Merge(ticket));
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
        self.close_now(at, ticket);
    }

    fn close_now(&mut self, at: i64, ticket: u32) {
        let found = &mut self.tickets[ticket as usize];
        found.status = Status::Closed;
        found.closed = seconds(at);
        self.touch(ticket, seconds(at), true);
    }

    /// A ticket that was merged into another is closed; what its customer said of it stays with it.
    fn merge(&mut self, at: i64, ticket: u32) {
        if self
            .alive(ticket)
            .is_none_or(|found| found.status == Status::Closed || found.ai_agent)
        {
            return;
        }
        self.tickets[ticket as usize].merged = true;
        self.close_now(at, ticket);
    }

    /// Some tickets that were rated are merged into another of the customer's.
    pub(super) fn plan_merge(&mut self, at: i64, ticket: u32, rng: &mut StdRng) {
        if rng.random_bool(0.04) {
            let merged = at + delay(rng, 12.0, 1.0);
            self.life.plan(merged, What::Merge(ticket));
        }
    }

    /// Puts off what a customer does soon after another answer of theirs, so that of two answers a quarter of an hour apart
    /// at least, nobody can doubt which one a copy repeats.
    pub(super) fn waits(&mut self, at: i64, person: u32, what: What) -> bool {
        let waits = self
            .last_rated
            .get(person as usize)
            .is_some_and(|last| seconds(at) < last.saturating_add(900));
        if waits {
            self.life.plan(at + HOUR / 3, what);
        }
        waits
    }

    /// Notes that a customer rated, or changed what they wrote.
    pub(super) fn has_rated(&mut self, at: i64, person: u32) {
        if let Some(last) = self.last_rated.get_mut(person as usize) {
            *last = seconds(at);
        }
    }

    /// Lets an agent take another name then.
    pub(super) fn plan_rename(&mut self, at: i64) {
        self.life.plan(at, What::Rename(u32::from(RENAMED_AGENT)));
    }

    fn rename(&mut self, at: i64, agent: u32) {
        let name = new_name(self.seed, RENAMED_AGENT);
        if let Some(staff) = self.staff.get_mut(agent as usize) {
            staff.name = name;
            staff.renamed = seconds(at);
        }
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
        if self.is_legacy_at(at) {
            if found.last_rating == NONE {
                self.offer_rating(at, ticket, &found, rng);
            }
        } else if found.last_response == NONE || rng.random_bool(0.3) {
            self.offer_survey(at, ticket, &found, rng);
        }
    }
}
