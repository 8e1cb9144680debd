//! Reads the one table once and adds it up: one scan serves every grouping, and no row outlives its turn.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::fmt::Write as _;

use rusqlite::types::{Type, ValueRef};
use rusqlite::{Connection, Row};

use super::dimension::{Dimension, MS_PER_DAY};
use super::tally::{Fact, Grouping, Outcome, Tally};
use super::{ReportError, ReportOptions};

/// Without a `since` there is no period before; the last four weeks are compared with the four before.
const COMPARED_WITHOUT_SINCE_MS: i64 = 28 * MS_PER_DAY;

/// When what was sent, in milliseconds since the Unix epoch, in the period or not.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Extent {
    pub(crate) first_sent: Option<i64>,
    pub(crate) last_sent: Option<i64>,
    pub(crate) first_survey: Option<i64>,
}

impl Extent {
    fn add(&mut self, sent_at: i64, is_survey: bool) {
        let earliest = |known: Option<i64>| Some(known.map_or(sent_at, |known| known.min(sent_at)));
        self.first_sent = earliest(self.first_sent);
        self.last_sent = self.last_sent.max(Some(sent_at));
        if is_survey {
            self.first_survey = earliest(self.first_survey);
        }
    }
}

/// A half-open span of time in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) since: i64,
    pub(crate) until: i64,
}

impl Span {
    fn holds(self, time: i64) -> bool {
        self.since <= time && time < self.until
    }
}

/// The spans that a report counts.
#[derive(Debug)]
pub(crate) struct Spans {
    pub(crate) since: Option<i64>,
    pub(crate) until: Option<i64>,
    /// Until when the table is known; none if it is empty.
    pub(crate) as_of: Option<i64>,
    /// The later and the earlier span of the comparison.
    pub(crate) compared: Option<(Span, Span)>,
}

impl Spans {
    pub(crate) fn new(options: &ReportOptions, known_until: Option<i64>) -> Self {
        let since = options.since.map(|time| time.timestamp_millis());
        let until = options.until.map(|time| time.timestamp_millis());
        let as_of = options.as_of.map(|time| time.timestamp_millis()).or(known_until);
        // The day of the last rating counts as a whole.
        let data_end = as_of.map(|time| {
            time.div_euclid(MS_PER_DAY)
                .saturating_add(1)
                .saturating_mul(MS_PER_DAY)
        });
        let current = match (since, until, data_end) {
            (Some(since), Some(until), _) | (Some(since), None, Some(until)) => Some(Span { since, until }),
            (None, until, Some(data_end)) => {
                let until = until.map_or(data_end, |until| until.min(data_end));
                Some(Span {
                    since: until.saturating_sub(COMPARED_WITHOUT_SINCE_MS),
                    until,
                })
            }
            (_, _, None) => None,
        };
        let compared = current.filter(|span| span.since < span.until).map(|span| {
            let length = span.until.saturating_sub(span.since);
            (
                span,
                Span {
                    since: span.since.saturating_sub(length),
                    until: span.since,
                },
            )
        });
        Self {
            since,
            until,
            as_of,
            compared,
        }
    }

    fn in_period(&self, sent_at: Option<i64>) -> bool {
        match sent_at {
            Some(sent_at) => {
                self.since.is_none_or(|since| since <= sent_at)
                    && self.until.is_none_or(|until| sent_at < until)
            }
            None => self.since.is_none() && self.until.is_none(),
        }
    }
}

/// A bad rating with a comment; ordered by time.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct BadComment {
    pub(crate) rated_at: i64,
    pub(crate) source: String,
    pub(crate) id: String,
    pub(crate) subdomain: String,
    pub(crate) ticket_id: Option<i64>,
    pub(crate) agent: Option<i64>,
    pub(crate) group: Option<i64>,
    pub(crate) reason: Option<String>,
    pub(crate) comment: String,
}

/// All sums of one scan.
pub(crate) struct Sums {
    pub(crate) extent: Extent,
    pub(crate) subdomains: BTreeSet<String>,
    pub(crate) total: Tally,
    pub(crate) groupings: Vec<Grouping>,
    /// Latest first.
    pub(crate) bad_comments: Vec<BadComment>,
}

/// Until when the file knows the account: the service's clock at the last sync, else the latest time of a rating.
pub(crate) fn known_until(
    connection: &Connection,
    subdomain: Option<&str>,
) -> Result<Option<i64>, ReportError> {
    // The tables say so at once; through their view it would be a second scan.
    let mut statement = connection.prepare_cached(
        "WITH account AS (SELECT id FROM accounts WHERE ?1 IS NULL OR subdomain = ?1)
         SELECT coalesce(
            (SELECT max(horizon) FROM walks WHERE account_id IN account),
            (SELECT max(latest) FROM (
                SELECT max(coalesce(updated_at, created_at)) AS latest FROM ratings WHERE account_id IN account
                UNION ALL
                SELECT max(coalesce(rated_at, sent_at)) FROM survey_responses WHERE account_id IN account
            ))
         )",
    )?;
    Ok(statement.query_row([subdomain], |row| row.get(0))?)
}

/// Adds up every rating that the spans count.
pub(crate) fn sums(
    connection: &Connection,
    options: &ReportOptions,
    spans: &Spans,
) -> Result<Sums, ReportError> {
    let mut groupings: Vec<Grouping> = Vec::new();
    for &dimension in &options.by {
        if groupings.iter().all(|grouping| grouping.dimension != dimension) {
            groupings.push(Grouping::new(dimension));
        }
    }
    let mut sums = Sums {
        extent: Extent::default(),
        subdomains: BTreeSet::new(),
        total: Tally::default(),
        groupings,
        bad_comments: Vec::new(),
    };
    let mut latest = Latest {
        wanted: options.bad_comments,
        heap: BinaryHeap::new(),
    };
    let mut scratch = String::new();
    let accounts: Vec<String> = match &options.subdomain {
        Some(subdomain) => vec![subdomain.clone()],
        None => connection
            .prepare_cached("SELECT subdomain FROM accounts")?
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?,
    };
    let mut statement = connection.prepare_cached(&select(options))?;
    // Account by account: SQLite need not look up the account of every row.
    for subdomain in accounts {
        let mut in_report = false;
        let mut rows = statement.query([&subdomain])?;
        while let Some(row) = rows.next()? {
            let sent_at = number(row, SENT_AT, "sent_at")?;
            let source = text(row, SOURCE, "source")?;
            let is_survey = source == Some("survey");
            let within = |span: Option<Span>| sent_at.zip(span).is_some_and(|(time, span)| span.holds(time));
            let in_period = spans.in_period(sent_at);
            let in_current = within(spans.compared.map(|(current, _)| current));
            let in_previous = within(spans.compared.map(|(_, previous)| previous));
            if let Some(sent_at) = sent_at {
                sums.extent.add(sent_at, is_survey);
            }
            if !(in_period || in_current || in_previous) {
                continue;
            }
            let rated_at = number(row, RATED_AT, "rated_at")?;
            let outcome = outcome(row, rated_at, spans)?;
            let fact = Fact {
                outcome,
                seconds_to_answer: seconds_to_answer(outcome, is_survey, sent_at, rated_at),
                in_period,
                in_current,
                in_previous,
            };
            sums.total.add(&fact);
            for grouping in &mut sums.groupings {
                add(grouping, row, sent_at, source, &fact, &mut scratch)?;
            }
            if in_period {
                in_report = true;
                if outcome == Outcome::Bad {
                    latest.offer(row, &subdomain, rated_at.or(sent_at))?;
                }
            }
        }
        if in_report {
            sums.subdomains.insert(subdomain);
        }
    }
    sums.bad_comments = latest.into_latest_first();
    Ok(sums)
}

const SENT_AT: usize = 0;
const RATED_AT: usize = 1;
const EXPIRES_AT: usize = 2;
const SOURCE: usize = 3;
const SCORE: usize = 4;
const AGENT: usize = 5;
const GROUP: usize = 6;
const REASON: usize = 7;
const REASON_ID: usize = 8;
const SURVEY_ID: usize = 9;
const SURVEY_VERSION: usize = 10;
const LOCALE: usize = 11;
const ID: usize = 12;
const TICKET_ID: usize = 13;
const COMMENT: usize = 14;
const CHANNEL: usize = 15;

/// The one scan: a column that nothing asks for is not read.
fn select(options: &ReportOptions) -> String {
    let asked = |dimension| options.by.contains(&dimension);
    let comments = options.bad_comments > 0;
    let mut columns = String::from("sent_at, rated_at, expires_at, source, score");
    let mut column = |name: &str, needed: bool| {
        let _ = write!(columns, ", {}", if needed { name } else { "NULL" });
    };
    column("assignee_id", asked(Dimension::Agent) || comments);
    column("group_id", asked(Dimension::Group) || comments);
    column("reason", asked(Dimension::Reason) || comments);
    column("reason_id", asked(Dimension::Reason));
    column("survey_id", asked(Dimension::SurveyVersion));
    column("survey_version", asked(Dimension::SurveyVersion));
    column("locale", asked(Dimension::Locale));
    column("id", comments);
    column("ticket_id", comments);
    column("comment", comments);
    column("channel", asked(Dimension::Channel));
    format!("SELECT {columns} FROM csat_ms WHERE subdomain = ?1")
}

fn outcome(row: &Row<'_>, rated_at: Option<i64>, spans: &Spans) -> Result<Outcome, ReportError> {
    Ok(match text(row, SCORE, "score")? {
        Some("good") => Outcome::Good,
        Some("neutral") => Outcome::Neutral,
        Some("bad") => Outcome::Bad,
        None if rated_at.is_some() => Outcome::Unscored,
        None => match number(row, EXPIRES_AT, "expires_at")? {
            None => Outcome::UnansweredWithoutExpiry,
            Some(expires_at) if Some(expires_at) > spans.as_of => Outcome::UnansweredOpen,
            Some(_) => Outcome::UnansweredExpired,
        },
        Some(_) => Outcome::Unscored,
    })
}

/// A legacy rating given again is a record of its own, created when it was given: nobody asked, so nobody waited.
fn seconds_to_answer(
    outcome: Outcome,
    is_survey: bool,
    sent_at: Option<i64>,
    rated_at: Option<i64>,
) -> Option<u32> {
    let milliseconds = rated_at?.checked_sub(sent_at?)?;
    let known = outcome.is_answer() && (is_survey || milliseconds > 0);
    // An answer before the question is a clock's fault.
    known.then(|| u32::try_from(milliseconds.max(0) / 1000).unwrap_or(u32::MAX))
}

fn add(
    grouping: &mut Grouping,
    row: &Row<'_>,
    sent_at: Option<i64>,
    source: Option<&str>,
    fact: &Fact,
    scratch: &mut String,
) -> Result<(), ReportError> {
    let dimension = grouping.dimension;
    if dimension.is_of_answers() && !fact.outcome.is_answer() {
        return Ok(());
    }
    match dimension {
        Dimension::Day | Dimension::Week | Dimension::Month => {
            // Buckets in time are compared with the bucket before, not with a period before.
            if fact.in_period {
                grouping.add_number(sent_at.and_then(|time| dimension.time_bucket(time)), fact);
            }
        }
        Dimension::Agent => grouping.add_number(number(row, AGENT, "assignee_id")?, fact),
        Dimension::Group => grouping.add_number(number(row, GROUP, "group_id")?, fact),
        Dimension::Source => grouping.add_text(source, fact),
        Dimension::Channel => grouping.add_text(text(row, CHANNEL, "channel")?, fact),
        Dimension::Locale => grouping.add_text(text(row, LOCALE, "locale")?, fact),
        Dimension::Reason => match text(row, REASON, "reason")? {
            None => grouping.add_text(None, fact),
            Some(reasons) => {
                let ids = text(row, REASON_ID, "reason_id")?;
                for reason in each_reason(reasons, ids) {
                    grouping.add_text(Some(reason), fact);
                }
            }
        },
        Dimension::SurveyVersion => {
            let version = number(row, SURVEY_VERSION, "survey_version")?;
            let key = text(row, SURVEY_ID, "survey_id")?.map(|survey| {
                scratch.clear();
                scratch.push_str(survey);
                if let Some(version) = version {
                    let _ = write!(scratch, " v{version}");
                }
                scratch.as_str()
            });
            grouping.add_text(key, fact);
        }
    }
    Ok(())
}

const SEPARATOR: &str = "; ";

/// The reasons of one rating. A label may itself hold the separator: then there are more parts than ids, and the
/// whole counts as one reason.
fn each_reason<'a>(reasons: &'a str, ids: Option<&str>) -> impl Iterator<Item = &'a str> {
    let parts = |text: &str| text.split(SEPARATOR).count();
    let apart = ids.is_some_and(|ids| parts(ids) == parts(reasons));
    let (many, one) = if apart {
        (Some(reasons.split(SEPARATOR)), None)
    } else {
        (None, Some(reasons))
    };
    many.into_iter().flatten().chain(one)
}

/// Keeps the latest bad ratings that have a comment.
struct Latest {
    wanted: usize,
    heap: BinaryHeap<Reverse<BadComment>>,
}

impl Latest {
    fn offer(&mut self, row: &Row<'_>, subdomain: &str, rated_at: Option<i64>) -> Result<(), ReportError> {
        let Some(rated_at) = rated_at else { return Ok(()) };
        if self.wanted == 0 {
            return Ok(());
        }
        let full = self.heap.len() >= self.wanted;
        if full
            && self
                .heap
                .peek()
                .is_some_and(|Reverse(earliest)| rated_at < earliest.rated_at)
        {
            return Ok(());
        }
        let Some(comment) = text(row, COMMENT, "comment")? else {
            return Ok(());
        };
        let owned = |index, name| text(row, index, name).map(|text| text.map(str::to_owned));
        self.heap.push(Reverse(BadComment {
            rated_at,
            source: owned(SOURCE, "source")?.unwrap_or_default(),
            id: owned(ID, "id")?.unwrap_or_default(),
            subdomain: subdomain.to_owned(),
            ticket_id: number(row, TICKET_ID, "ticket_id")?,
            agent: number(row, AGENT, "assignee_id")?,
            group: number(row, GROUP, "group_id")?,
            reason: owned(REASON, "reason")?,
            comment: comment.to_owned(),
        }));
        if full {
            self.heap.pop();
        }
        Ok(())
    }

    fn into_latest_first(self) -> Vec<BadComment> {
        // Reverse turns the order of the heap: its sorted order is latest first.
        self.heap
            .into_sorted_vec()
            .into_iter()
            .map(|Reverse(comment)| comment)
            .collect()
    }
}

fn text<'a>(row: &'a Row<'_>, index: usize, column: &'static str) -> Result<Option<&'a str>, ReportError> {
    match row.get_ref(index)? {
        ValueRef::Null => Ok(None),
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Some(text)),
            Err(_) => Err(ReportError::Column {
                column,
                found: "text that is not UTF-8".to_owned(),
            }),
        },
        other => Err(wrong_type(column, other.data_type())),
    }
}

fn number(row: &Row<'_>, index: usize, column: &'static str) -> Result<Option<i64>, ReportError> {
    match row.get_ref(index)? {
        ValueRef::Null => Ok(None),
        ValueRef::Integer(number) => Ok(Some(number)),
        other => Err(wrong_type(column, other.data_type())),
    }
}

fn wrong_type(column: &'static str, found: Type) -> ReportError {
    ReportError::Column {
        column,
        found: found.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_told_apart_only_when_their_ids_agree() {
        let each = |reasons, ids| each_reason(reasons, ids).collect::<Vec<_>>();
        assert_eq!(each("Slow; Rude", Some("o1; o2")), ["Slow", "Rude"]);
        assert_eq!(each("Slow; and rude", Some("o1")), ["Slow; and rude"]);
        assert_eq!(each("Slow; Rude", None), ["Slow; Rude"]);
        assert_eq!(each("Slow", Some("7")), ["Slow"]);
    }
}
