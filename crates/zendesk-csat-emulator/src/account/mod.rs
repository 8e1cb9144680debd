//! The account: its people, tickets, ratings and surveys, and how they change.

pub(crate) mod arrival;
mod asks;
mod copies;
mod draw;
pub(crate) mod ids;
pub(crate) mod life;
pub(crate) mod people;
pub(crate) mod places;
mod rates;
pub(crate) mod reasons;
pub(crate) mod records;
pub(crate) mod surveys;
pub(crate) mod texts;
pub(crate) mod write;

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use serde::{Deserialize, Serialize};

use ids::{IdSpaces, domain, mix, ulid_at};
use life::{DAY, HOUR, Life, SECOND};
use people::{Role, Staff, UserRef};
use reasons::Reason;
use records::{AnswerValue, NONE, Rating, Response, Score, Ticket};
use surveys::Surveys;

/// The account's name in addresses.
pub(crate) const SUBDOMAIN: &str = "acme";
/// Where every account's clock starts: Monday, 1 June 2026, 08:00 UTC, in milliseconds.
pub(crate) const STARTS_AT: i64 = 1_780_300_800_000;
/// Before the end of a step nothing happens for so long, that the export holds all there is.
const SETTLED: i64 = 120 * SECOND;
/// A step can be this long at most: ten years, as many tickets as five pasts.
pub(crate) const MOST_SECONDS: i64 = 10 * 365 * 86_400;
const HISTORY: i64 = 104 * 7 * DAY + 8 * HOUR;
const FIRST_TICKET_ID: u64 = 1;
/// Marks the keys of ratings without a time of creation, and puts them last.
const UNDATED: u64 = 1 << 32;
/// Tickets this long closed are archived.
const ARCHIVED_AFTER: i64 = 120 * 86_400;

/// What an account is made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Origin {
    pub(crate) seed: u64,
    /// How many tickets it has at [`STARTS_AT`].
    pub(crate) tickets: u32,
    /// Whether ratings that repeat a survey answer are listed.
    pub(crate) mirrors: bool,
    /// Whether it changed from legacy ratings to surveys on its way.
    pub(crate) surveys: bool,
    /// How many days a survey can be answered and edited.
    #[serde(default = "default_open_days")]
    pub(crate) open_days: u16,
}

pub(crate) fn default_open_days() -> u16 {
    28
}

/// An account, from a seed.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) seed: u64,
    pub(crate) ids: IdSpaces,
    pub(crate) staff: Vec<Staff>,
    pub(crate) customers: u32,
    pub(crate) reasons: Vec<Reason>,
    /// When satisfaction reasons were switched on, in seconds.
    pub(crate) reasons_on: u32,
    pub(crate) surveys: Surveys,
    /// When surveys replaced legacy ratings, in milliseconds.
    pub(crate) switch: i64,
    /// When legacy ratings were active once more, and surveys were not sent, in milliseconds.
    back: Range<i64>,
    pub(crate) tickets: Vec<Ticket>,
    /// In the order of their ids and of their creation.
    pub(crate) ratings: Vec<Rating>,
    /// Ratings without a time of creation, by index: the list has them last.
    undated: Vec<u32>,
    /// In the order of their ids and of their sending.
    pub(crate) responses: Vec<Response>,
    /// How many times a customer has given or changed a rating.
    answers: u32,
    /// When each customer and each of the staff last rated, or changed what they wrote, in seconds.
    last_rated: Vec<u32>,
    /// Subjects of tickets put in by hand.
    pub(crate) written_subjects: HashMap<u32, Box<str>>,
    /// UUIDs of conversations named by hand.
    pub(crate) written_conversations: HashMap<u64, Box<str>>,
    /// Whether ratings that repeat a survey answer are listed.
    pub(crate) lists_mirrors: bool,
    /// Whether any text ends in half an emoji.
    pub(crate) has_cut_texts: bool,
    /// How long a survey can be answered and edited, in milliseconds.
    survey_lifetime: i64,
    /// `generated << 32 | index` of every ticket, once the past is made.
    exported: Option<BTreeSet<u64>>,
    life: Life,
}

impl Account {
    /// The account of that origin, as it stands at [`STARTS_AT`].
    pub(crate) fn generate(origin: &Origin) -> Self {
        let Origin {
            seed,
            tickets,
            mirrors,
            surveys,
            open_days,
        } = *origin;
        let begins = STARTS_AT - HISTORY;
        let quiet = STARTS_AT - 600 * SECOND..STARTS_AT + HOUR;
        let switch = if surveys {
            begins + (HISTORY / HOUR * 55 / 100) * HOUR
        } else {
            i64::MAX
        };
        let back = if surveys {
            begins + HISTORY / 100 * 64..begins + HISTORY / 100 * 68
        } else {
            0..0
        };
        let in_seconds = |at: i64| u32::try_from(at / SECOND).unwrap_or_default();
        let mut account = Self {
            seed,
            ids: IdSpaces::new(seed),
            staff: people::staff(seed),
            customers: (tickets / 5 * 3).max(20),
            reasons: reasons::reasons(
                in_seconds(begins - 300 * DAY),
                in_seconds(begins + HISTORY * 3 / 10),
                in_seconds(begins + HISTORY * 45 / 100),
            ),
            reasons_on: in_seconds(begins + HISTORY / 10),
            surveys: if surveys {
                Surveys::new(seed, switch, STARTS_AT)
            } else {
                Surveys::default()
            },
            switch,
            back,
            tickets: Vec::with_capacity(tickets as usize),
            ratings: Vec::new(),
            undated: Vec::new(),
            responses: Vec::new(),
            answers: 0,
            last_rated: Vec::new(),
            written_subjects: HashMap::new(),
            written_conversations: HashMap::new(),
            lists_mirrors: mirrors,
            has_cut_texts: false,
            survey_lifetime: i64::from(open_days) * DAY,
            exported: None,
            life: Life::new(seed, begins, quiet.start, tickets),
        };
        account.last_rated = vec![0; account.customers as usize + account.staff.len()];
        account.keep_quiet(quiet);
        account.live_until(STARTS_AT);
        account.plan_rename(STARTS_AT + 2 * DAY);
        let keys = (0_u64..)
            .zip(&account.tickets)
            .map(|(index, ticket)| (u64::from(ticket.generated) << 32) | index);
        account.exported = Some(keys.collect());
        account
    }

    /// The tickets from `(generated, index)` on, in the export's order.
    pub(crate) fn exported_from(&self, generated: u32, index: u32) -> impl Iterator<Item = u32> + '_ {
        let from = (u64::from(generated) << 32) | u64::from(index);
        self.exported
            .iter()
            .flat_map(move |keys| keys.range(from..))
            .map(|key| (key & u64::from(u32::MAX)) as u32)
    }

    pub(crate) fn add_ticket(&mut self, ticket: Ticket) -> u32 {
        let index = u32::try_from(self.tickets.len()).unwrap_or(NONE);
        if let Some(keys) = &mut self.exported {
            keys.insert((u64::from(ticket.generated) << 32) | u64::from(index));
        }
        self.tickets.push(ticket);
        index
    }

    /// Marks a ticket as changed; `visibly` where its `updated_at` moves too.
    pub(crate) fn touch(&mut self, index: u32, seconds: u32, visibly: bool) {
        let Some(ticket) = self.tickets.get_mut(index as usize) else {
            return;
        };
        let former = ticket.generated;
        ticket.generated = former.max(seconds);
        if visibly {
            ticket.updated = seconds;
        }
        let generated = ticket.generated;
        if let Some(keys) = &mut self.exported {
            keys.remove(&((u64::from(former) << 32) | u64::from(index)));
            keys.insert((u64::from(generated) << 32) | u64::from(index));
        }
    }

    /// Lets so many seconds pass; then the account rests for an hour, and what there is has settled in the export.
    pub(crate) fn step(&mut self, at: i64, seconds: u64) -> i64 {
        let now = at + i64::try_from(seconds).unwrap_or(MOST_SECONDS).min(MOST_SECONDS) * SECOND;
        self.keep_quiet((now - SETTLED).max(at)..now + HOUR);
        self.live_until(now);
        now
    }

    /// Adds a rating to its ticket.
    pub(crate) fn add_rating(&mut self, mut rating: Rating) -> u32 {
        let index = u32::try_from(self.ratings.len()).unwrap_or(NONE);
        if let Some(ticket) = self.tickets.get_mut(rating.ticket as usize) {
            rating.previous = std::mem::replace(&mut ticket.last_rating, index);
        }
        let visibly = !rating.is_mirror();
        let (ticket, seconds) = (rating.ticket, rating.created.max(rating.updated));
        if rating.is_undated() {
            self.undated.push(index);
        }
        self.ratings.push(rating);
        self.touch(ticket, seconds, visibly);
        index
    }

    /// Sends a survey: gives the response its id and adds it to its ticket.
    pub(crate) fn add_response(&mut self, mut response: Response, at: i64) -> u32 {
        let index = u32::try_from(self.responses.len()).unwrap_or(NONE);
        let drawn = ulid_at(at, mix(self.seed, domain::ULID, u64::from(index)));
        response.id = self.responses.last().map_or(drawn, |last| drawn.max(last.id + 1));
        let ticket = response.ticket;
        if let Some(found) = self.tickets.get_mut(ticket as usize) {
            response.previous = std::mem::replace(&mut found.last_response, index);
        }
        self.responses.push(response);
        self.touch(ticket, u32::try_from(at / SECOND).unwrap_or(u32::MAX), false);
        index
    }

    /// The customer satisfaction answer of a response.
    pub(crate) fn csat_of(&self, response: &Response) -> Option<CsatAnswer> {
        let (place, question) = self.surveys.versions.get(usize::from(response.version))?.csat()?;
        response
            .answers
            .iter()
            .find(|answer| answer.question == place)
            .and_then(|answer| match answer.value {
                AnswerValue::Rating(rating) => Some(CsatAnswer {
                    rating,
                    category: question.category(rating),
                    scale: question.choices.len(),
                    created: answer.created,
                    updated: answer.updated,
                }),
                _ => None,
            })
    }

    /// What a ticket shows as its own satisfaction.
    pub(crate) fn satisfaction(&self, ticket: &Ticket) -> Satisfaction {
        let rating = self.ratings.get(ticket.last_rating as usize);
        let response = self.responses.get(ticket.last_response as usize);
        if let Some(response) = response.filter(|response| response.mirror == NONE) {
            let sent = u32::try_from(response.sent() / SECOND).unwrap_or(u32::MAX);
            // The answer to an earlier survey may be edited after a later one was sent.
            if rating.is_none_or(|rating| rating.created.max(rating.updated) <= sent) {
                return Satisfaction::Offered;
            }
        }
        match rating.map(|rating| rating.score) {
            Some(Score::Good | Score::Bad) => Satisfaction::Received(ticket.last_rating),
            Some(Score::Offered) => Satisfaction::Offered,
            Some(Score::Unoffered) => Satisfaction::Unoffered,
            // Satisfaction ratings were off for bots, and in the account's first weeks.
            None if ticket.ai_agent || ticket.created < self.first_offers() => Satisfaction::Off,
            None => Satisfaction::Unoffered,
        }
    }

    /// Whether tickets are rated the legacy way, and no surveys are sent.
    pub(crate) fn is_legacy_at(&self, at: i64) -> bool {
        at < self.switch || self.back.contains(&at)
    }

    /// When the account was made, in seconds.
    pub(crate) fn founded() -> u32 {
        u32::try_from((STARTS_AT - HISTORY - 400 * DAY) / SECOND).unwrap_or_default()
    }

    fn first_offers(&self) -> u32 {
        u32::try_from((STARTS_AT - HISTORY + 14 * DAY) / SECOND).unwrap_or_default()
    }

    /// Until when a response can be answered and edited, in milliseconds since the epoch.
    pub(crate) fn expires(&self, response: &Response) -> i64 {
        response.sent() + self.survey_lifetime
    }

    pub(crate) fn ticket_id(&self, index: u32) -> u64 {
        FIRST_TICKET_ID + u64::from(index)
    }

    pub(crate) fn ticket_index(&self, id: u64) -> Option<u32> {
        let index = u32::try_from(id.checked_sub(FIRST_TICKET_ID)?).ok()?;
        ((index as usize) < self.tickets.len()).then_some(index)
    }

    pub(crate) fn rating_index(&self, id: u64) -> Option<u32> {
        let index = self.ids.ratings.index(id)?;
        let rating = self.ratings.get(index as usize)?;
        self.is_listed(rating).then_some(index)
    }

    /// The keys in that range of all ratings, in the list's order; the low half of a key is the rating's index.
    pub(crate) fn rating_keys(&self, range: Range<u64>) -> impl DoubleEndedIterator<Item = u64> + '_ {
        let all = self.ratings.len() as u64;
        let dated = (range.start.min(all)..range.end.min(all))
            .filter(|key| !self.ratings[*key as usize].is_undated());
        let undated = self.undated.iter().map(|index| UNDATED | u64::from(*index));
        dated.chain(undated.filter(move |key| range.contains(key)))
    }

    /// Whether the list of ratings holds this one.
    pub(crate) fn is_listed(&self, rating: &Rating) -> bool {
        rating.ticket != NONE && (self.lists_mirrors || !rating.is_mirror())
    }

    pub(crate) fn response_index(&self, id: u128) -> Option<u32> {
        u32::try_from(
            self.responses
                .binary_search_by_key(&id, |response| response.id)
                .ok()?,
        )
        .ok()
    }

    pub(crate) fn is_archived(&self, ticket: &Ticket, now: i64) -> bool {
        ticket.closed != 0 && (i64::from(ticket.closed) + ARCHIVED_AFTER) * SECOND < now
    }

    pub(crate) fn subject(&self, index: u32) -> String {
        match self.written_subjects.get(&index) {
            Some(subject) => subject.to_string(),
            None => texts::subject(mix(self.seed, domain::TICKET, u64::from(index))),
        }
    }

    /// A requester or responder: staff who ask for help come after the customers.
    pub(crate) fn person(&self, index: u32) -> UserRef {
        match index.checked_sub(self.customers) {
            None => UserRef::Customer(index),
            Some(staff) => UserRef::Staff(u16::try_from(staff).unwrap_or(people::ADMIN)),
        }
    }

    pub(crate) fn person_id(&self, index: u32) -> u64 {
        self.user_id(self.person(index))
    }

    /// Where a user stands among requesters and responders.
    pub(crate) fn person_of(&self, user: UserRef) -> u32 {
        match user {
            UserRef::Customer(index) => index,
            UserRef::Staff(index) => self.customers + u32::from(index),
        }
    }

    pub(crate) fn user_id(&self, user: UserRef) -> u64 {
        match user {
            UserRef::Staff(index) => self.ids.staff.id(u32::from(index)),
            UserRef::Customer(index) => self.ids.customers.id(index),
        }
    }

    pub(crate) fn user_of_id(&self, id: u64) -> Option<UserRef> {
        if let Some(index) = self.ids.staff.index(id) {
            let index = u16::try_from(index).ok()?;
            return (usize::from(index) < self.staff.len()).then_some(UserRef::Staff(index));
        }
        self.ids
            .customers
            .index(id)
            .filter(|index| *index < self.customers)
            .map(UserRef::Customer)
    }

    pub(crate) fn user_of_email(&self, email: &str) -> Option<UserRef> {
        if let Some(index) = people::customer_of_email(email) {
            return (index < self.customers).then_some(UserRef::Customer(index));
        }
        let place = self.staff.iter().position(|staff| staff.email == email)?;
        u16::try_from(place).ok().map(UserRef::Staff)
    }

    pub(crate) fn email(&self, user: UserRef) -> String {
        match user {
            UserRef::Staff(index) => self.staff[usize::from(index)].email.clone(),
            UserRef::Customer(index) => people::customer_email(index),
        }
    }

    pub(crate) fn user_name(&self, user: UserRef) -> String {
        match user {
            UserRef::Staff(index) => self.staff[usize::from(index)].name.clone(),
            UserRef::Customer(index) => people::customer_name(self.seed, index),
        }
    }

    pub(crate) fn role(&self, user: UserRef) -> Role {
        match user {
            UserRef::Staff(index) => self.staff[usize::from(index)].role,
            UserRef::Customer(_) => Role::EndUser,
        }
    }

    pub(crate) fn is_verified(&self, user: UserRef) -> bool {
        match user {
            UserRef::Staff(_) => true,
            UserRef::Customer(index) => people::customer_is_verified(self.seed, index),
        }
    }
}

/// The answer that counts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CsatAnswer {
    pub(crate) rating: u8,
    pub(crate) category: &'static str,
    pub(crate) scale: usize,
    /// Milliseconds since the epoch.
    pub(crate) created: i64,
    /// Milliseconds since the epoch.
    pub(crate) updated: i64,
}

/// What stands in a ticket's `satisfaction_rating`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Satisfaction {
    Off,
    Unoffered,
    Offered,
    /// The rating with that index.
    Received(u32),
}
