//! What counts once: a ticket with all its records, or a record by itself.

use ahash::AHashMap;

use super::row::Record;

/// One count of the report: a record, with what its ticket's other records say of the time of asking.
pub(crate) struct Unit<'a> {
    pub(crate) record: Record<'a>,
    /// Whether the customer was asked.
    pub(crate) is_asked: bool,
    /// When the customer was asked; of an answer that nobody asked for, when it came.
    pub(crate) asked_at: Option<i64>,
    /// When the customer first answered.
    pub(crate) first_rated_at: Option<i64>,
}

impl<'a> Unit<'a> {
    /// A record by itself.
    pub(crate) fn of_one(record: Record<'a>) -> Self {
        Self {
            is_asked: record.is_offer,
            asked_at: record.sent_at,
            first_rated_at: record.first_rated_at,
            record,
        }
    }

    /// From when to when the customer took, in whole seconds.
    pub(crate) fn seconds_to_answer(&self) -> Option<u32> {
        let answered = self.is_asked && self.record.outcome.is_answer();
        let milliseconds = self
            .first_rated_at
            .filter(|_| answered)?
            .checked_sub(self.asked_at?)?;
        // An answer before the question is a clock's fault.
        Some(u32::try_from(milliseconds.max(0) / 1000).unwrap_or(u32::MAX))
    }
}

/// The tickets that may have several records, and those records, until all of them are there.
#[derive(Default)]
pub(crate) struct Tickets(AHashMap<i64, Ticket>);

#[derive(Default)]
struct Ticket {
    records: Vec<Record<'static>>,
    /// It has been counted.
    is_counted: bool,
}

impl Tickets {
    pub(crate) fn expect(&mut self, ticket: i64) {
        self.0.entry(ticket).or_default();
    }

    /// The record as what counts, if no other record of its ticket can say otherwise; else it is kept.
    pub(crate) fn unit<'a>(&mut self, record: Record<'a>) -> Option<Unit<'a>> {
        let Some(ticket) = record.ticket.and_then(|ticket| self.0.get_mut(&ticket)) else {
            return Some(Unit::of_one(record));
        };
        if record.is_latest && record.is_offer && record.outcome.is_answer() {
            // Most are this: the answer is the ticket's, and the customer was asked for it.
            ticket.is_counted = true;
            return Some(Unit::of_one(record));
        }
        ticket.records.push(record.into_owned());
        None
    }

    /// What counts of the tickets that are left.
    pub(crate) fn into_units(self) -> impl Iterator<Item = Unit<'static>> {
        self.0
            .into_values()
            .filter(|ticket| !ticket.is_counted)
            .filter_map(|ticket| one_of_several(ticket.records))
    }
}

/// Numbers that have been seen, a bit each: tickets are numbered one after another.
#[derive(Default)]
pub(crate) struct Seen(AHashMap<i64, Box<[u64; Seen::WORDS]>>);

impl Seen {
    const WORDS: usize = 64;

    /// Whether this is the first time.
    pub(crate) fn add(&mut self, number: i64) -> bool {
        let [bit, word] = [number, number >> 6].map(|part| (part & 63) as usize);
        let words = self
            .0
            .entry(number >> 12)
            .or_insert_with(|| Box::new([0; Self::WORDS]));
        let before = words[word];
        words[word] |= 1 << bit;
        before & (1 << bit) == 0
    }
}

/// The ticket's latest answer; if there is none, the latest time that the customer was asked.
///
/// Where the customer rated without being asked, the ticket stays dated by the last time before at which they were.
fn one_of_several(mut records: Vec<Record<'static>>) -> Option<Unit<'static>> {
    // By time; the rest only makes the order that of the records, and not of their coming.
    records.sort_by_key(|record| (record.sent_at, record.is_survey, record.agent, record.group));
    let answer = records
        .iter()
        .position(|record| record.is_latest && record.outcome.is_answer());
    let chosen = answer.or_else(|| records.iter().rposition(|record| !record.outcome.is_answer()))?;
    let is_asked = records.iter().any(|record| record.is_offer);
    let record = &records[chosen];
    let (mut asked_at, mut first_rated_at) = (record.sent_at, record.first_rated_at);
    if !record.is_offer {
        let before = |offer: &&Record<'_>| offer.is_offer && offer.sent_at <= record.sent_at;
        if let Some(asked) = records
            .iter()
            .filter(before)
            .filter_map(|offer| offer.sent_at)
            .max()
        {
            asked_at = Some(asked);
            first_rated_at = records
                .iter()
                .filter_map(|record| record.first_rated_at)
                .filter(|&rated| rated >= asked)
                .min();
        }
    }
    Some(Unit {
        is_asked,
        asked_at,
        first_rated_at,
        record: records.into_iter().nth(chosen)?,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tally::Outcome;
    use super::*;

    fn record(ticket: i64, sent_at: i64, outcome: Outcome) -> Record<'static> {
        Record {
            sent_at: Some(sent_at),
            rated_at: outcome.is_answer().then_some(sent_at + 10_000),
            first_rated_at: outcome.is_answer().then_some(sent_at + 5_000),
            outcome,
            is_survey: true,
            is_offer: true,
            is_latest: false,
            is_picked: true,
            ticket: Some(ticket),
            agent: None,
            group: None,
            scale: None,
            survey: None,
            survey_version: None,
            channel: None,
            brand: None,
            organization: None,
            form: None,
            tags: None,
            priority: None,
            fields: Vec::new(),
            reasons: None,
            id: None,
            comment: None,
        }
    }

    fn latest(record: Record<'static>) -> Record<'static> {
        Record {
            is_latest: true,
            ..record
        }
    }

    /// Not asked for, at the time of the answer.
    fn again(record: Record<'static>) -> Record<'static> {
        Record {
            is_offer: false,
            rated_at: record.sent_at,
            first_rated_at: record.sent_at,
            ..record
        }
    }

    /// Outcome, asked, asked at, seconds to answer.
    fn counted(records: Vec<Record<'static>>) -> Vec<(Outcome, bool, Option<i64>, Option<u32>)> {
        let mut tickets = Tickets::default();
        tickets.expect(7);
        let mut units: Vec<Unit<'_>> = records
            .into_iter()
            .filter_map(|record| tickets.unit(record))
            .collect();
        units.extend(tickets.into_units());
        units
            .iter()
            .map(|unit| {
                (
                    unit.record.outcome,
                    unit.is_asked,
                    unit.asked_at,
                    unit.seconds_to_answer(),
                )
            })
            .collect()
    }

    #[test]
    fn a_ticket_counts_once_by_its_latest_answer_in_any_order() {
        let records = vec![
            record(7, 1_000_000, Outcome::Expired),
            record(7, 2_000_000, Outcome::Bad),
            latest(record(7, 3_000_000, Outcome::Good)),
            record(7, 4_000_000, Outcome::Open),
        ];
        let expected = [(Outcome::Good, true, Some(3_000_000), Some(5))];
        assert_eq!(counted(records.clone()), expected);
        assert_eq!(counted(records.into_iter().rev().collect()), expected);
    }

    #[test]
    fn a_rating_given_again_is_dated_by_when_the_customer_was_asked() {
        let records = vec![
            record(7, 1_000_000, Outcome::Good),
            again(latest(record(7, 9_000_000, Outcome::Bad))),
        ];
        assert_eq!(counted(records), [(Outcome::Bad, true, Some(1_000_000), Some(5))]);
    }

    #[test]
    fn a_rating_that_nobody_asked_for_is_not_sent() {
        let records = vec![
            again(record(7, 1_000_000, Outcome::Good)),
            again(latest(record(7, 9_000_000, Outcome::Bad))),
        ];
        assert_eq!(counted(records), [(Outcome::Bad, false, Some(9_000_000), None)]);
        // Asked only afterwards: the answer is dated by itself.
        let records = vec![
            again(latest(record(7, 1_000_000, Outcome::Good))),
            record(7, 9_000_000, Outcome::Open),
        ];
        assert_eq!(
            counted(records),
            [(Outcome::Good, true, Some(1_000_000), Some(0))]
        );
    }

    #[test]
    fn a_ticket_without_an_answer_counts_by_the_last_time_of_asking() {
        let records = vec![
            record(7, 2_000_000, Outcome::Open),
            record(7, 1_000_000, Outcome::Expired),
        ];
        assert_eq!(counted(records), [(Outcome::Open, true, Some(2_000_000), None)]);
    }

    #[test]
    fn a_number_is_new_once() {
        let mut seen = Seen::default();
        for number in [0, 1, 63, 64, 4095, 4096, -1, i64::MIN, i64::MAX] {
            assert!(seen.add(number) && !seen.add(number), "{number}");
        }
    }

    #[test]
    fn what_is_alone_counts_at_once() {
        let mut tickets = Tickets::default();
        assert!(tickets.unit(record(8, 1_000_000, Outcome::Open)).is_some());
        let mut without = record(8, 1_000_000, Outcome::Open);
        without.ticket = None;
        assert!(tickets.unit(without).is_some());
        assert_eq!(tickets.into_units().count(), 0);
    }
}
