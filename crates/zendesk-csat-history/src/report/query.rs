//! Reads the combined table once and adds it up: one scan serves every grouping, and no row outlives its turn but those of
//! tickets that have several.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use ahash::AHashMap;
use chrono::{DateTime, Utc};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::dimension::Dimension;
use super::fields;
use super::latest::{Comment, Latest, LatestOfAgents, OfAgent, add_subjects};
use super::names::Names;
use super::reasons::apart;
use super::row::{Record, select};
use super::spans::{Span, Spans};
use super::tags;
use super::tally::{Fact, Grouping, Outcome, Tally};
use super::unit::{Seen, Tickets, Unit};
use super::{CountBasis, DateBasis, ReportError, ReportOptions};
use crate::calendar::Days;
use crate::filter::Picked;
use crate::rows::account;
use crate::rows::name::NameKind;

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

/// All sums of one scan.
pub(crate) struct Sums {
    pub(crate) extent: Extent,
    pub(crate) subdomains: BTreeSet<String>,
    /// The scales that answers of the period were given on.
    pub(crate) scales: BTreeSet<Scale>,
    pub(crate) total: Tally,
    pub(crate) groupings: Vec<Grouping>,
    /// Latest first.
    pub(crate) bad_comments: Vec<Comment>,
    pub(crate) agent_comments: Vec<OfAgent>,
    pub(crate) labels: Labels,
    pub(crate) names: Names,
}

/// The newest label of each reason, by its id.
pub(crate) type Labels = AHashMap<String, String>;

/// What an answer was chosen from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scale {
    Points(i64),
    Legacy,
}

impl Scale {
    pub(crate) fn of(record: &Record<'_>) -> Option<Self> {
        match record.scale {
            Some(points) => Some(Self::Points(points)),
            None => (!record.is_survey).then_some(Self::Legacy),
        }
    }

    pub(crate) fn name(self) -> String {
        match self {
            Self::Points(points) => points.to_string(),
            Self::Legacy => "legacy".to_owned(),
        }
    }
}

/// The time that the file is as of: that of the account which was synced last.
pub(crate) fn known_until(
    connection: &Connection,
    subdomain: Option<&str>,
) -> rusqlite::Result<Option<DateTime<Utc>>> {
    let mut latest = None;
    for (account, _) in accounts(connection, subdomain)? {
        latest = latest.max(account_as_of(connection, account)?);
    }
    Ok(latest.and_then(DateTime::from_timestamp_millis))
}

fn accounts(connection: &Connection, subdomain: Option<&str>) -> rusqlite::Result<Vec<(i64, String)>> {
    connection
        .prepare_cached("SELECT id, subdomain FROM accounts WHERE ?1 IS NULL OR subdomain = ?1")?
        .query_map([subdomain], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

/// The service's time that the account's records are as of, else the latest time of one, in milliseconds.
fn account_as_of(connection: &Connection, account: i64) -> rusqlite::Result<Option<i64>> {
    if let Some(as_of) = account::as_of(connection, account)? {
        return Ok(Some(as_of));
    }
    // The tables say so at once; through their view it would be a second scan.
    connection
        .prepare_cached(
            "SELECT max(latest) FROM (
                SELECT max(coalesce(updated_at, created_at)) AS latest FROM ratings WHERE account_id = ?1
                UNION ALL
                SELECT max(coalesce(rated_at, sent_at)) FROM survey_responses WHERE account_id = ?1
            )",
        )?
        .query_row([account], |row| row.get(0))
}

/// From when on the accounts have rows, where that is not from their beginning: the latest of them.
pub(crate) fn begins(
    connection: &Connection,
    subdomain: Option<&str>,
) -> Result<Option<DateTime<Utc>>, ReportError> {
    let mut statement =
        connection.prepare_cached("SELECT max(since) FROM accounts WHERE ?1 IS NULL OR subdomain = ?1")?;
    let begins: Option<i64> = statement.query_row([subdomain], |row| row.get(0))?;
    Ok(begins.and_then(DateTime::from_timestamp_millis))
}

/// Adds up every rating that the spans count.
pub(crate) fn sums(
    connection: &Connection,
    options: &ReportOptions,
    spans: &Spans,
    picked: &Picked,
) -> Result<Sums, ReportError> {
    let mut groupings: Vec<Grouping> = Vec::new();
    for dimension in &options.by {
        if groupings.iter().all(|grouping| grouping.dimension != *dimension) {
            groupings.push(Grouping::new(dimension.clone()));
        }
    }
    let fields = fields::columns(connection, options)?;
    let mut scan = Scan {
        options,
        spans,
        days: Days::new(&options.calendar.zone),
        latest: Latest::new(options.bad_comments),
        of_agents: LatestOfAgents::new(options.comments_of_each_agent()),
        scratch: String::new(),
        is_in_report: false,
        sums: Sums {
            extent: Extent::default(),
            subdomains: BTreeSet::new(),
            scales: BTreeSet::new(),
            total: Tally::default(),
            groupings,
            bad_comments: Vec::new(),
            agent_comments: Vec::new(),
            labels: Labels::default(),
            names: Names::default(),
        },
    };
    let (condition, values) = match picked.condition(2) {
        Some((condition, values)) => (Some(condition), values),
        None => (None, &[][..]),
    };
    let mut statement = connection.prepare_cached(&select(options, condition.as_deref(), &fields))?;
    // Account by account: SQLite need not look up the account of every row.
    for (account, subdomain) in accounts(connection, options.subdomain.as_deref())? {
        let as_of = match options.as_of {
            Some(as_of) => Some(as_of.timestamp_millis()),
            None => account_as_of(connection, account)?,
        };
        let mut tickets = match options.counted() {
            CountBasis::Tickets => Some(tickets_of_several(connection, account)?),
            CountBasis::Answers => None,
        };
        scan.is_in_report = false;
        let parameters = std::iter::once(Value::from(subdomain.clone())).chain(values.iter().cloned());
        let mut rows = statement.query(params_from_iter(parameters))?;
        while let Some(row) = rows.next()? {
            let Some(record) = Record::read(row, options.like, as_of, fields.len())? else {
                continue;
            };
            if let Some(sent_at) = record.sent_at {
                scan.sums.extent.add(sent_at, record.is_survey);
            }
            let unit = match &mut tickets {
                Some(tickets) => tickets.unit(record),
                None => Some(Unit::of_one(record)),
            };
            if let Some(unit) = unit {
                scan.add(&unit, &subdomain);
            }
        }
        for unit in tickets.into_iter().flat_map(Tickets::into_units) {
            scan.add(&unit, &subdomain);
        }
        if scan.is_in_report {
            scan.sums.subdomains.insert(subdomain);
        }
    }
    let Scan {
        latest,
        of_agents,
        mut sums,
        ..
    } = scan;
    sums.bad_comments = latest.into_latest_first();
    sums.agent_comments = of_agents.into_agents();
    let of_agents = sums.agent_comments.iter_mut().flat_map(|of| &mut of.latest);
    add_subjects(connection, sums.bad_comments.iter_mut().chain(of_agents))?;
    for grouping in &mut sums.groupings {
        match &grouping.dimension {
            Dimension::Reason => apart(grouping, &mut sums.labels)?,
            Dimension::Tag => tags::apart(grouping)?,
            Dimension::Field(_) => fields::apart(grouping)?,
            _ => {}
        }
    }
    sums.read_names(connection, options.subdomain.as_deref())?;
    Ok(sums)
}

impl Sums {
    /// The names of the groups, and of those whom comments are about.
    fn read_names(&mut self, connection: &Connection, subdomain: Option<&str>) -> Result<(), ReportError> {
        for grouping in &self.groupings {
            if let Some(kind) = grouping.dimension.names() {
                self.names.read(connection, subdomain, kind, grouping.numbers())?;
            }
        }
        let of_agents = self.agent_comments.iter().flat_map(|of| &of.latest);
        let comments = || self.bad_comments.iter().chain(of_agents.clone());
        let ids = |of: fn(&Comment) -> Option<i64>| comments().filter_map(of).collect::<BTreeSet<i64>>();
        for (kind, ids) in [
            (NameKind::Agents, ids(|comment| comment.agent)),
            (NameKind::Groups, ids(|comment| comment.group)),
        ] {
            self.names.read(connection, subdomain, kind, ids)?;
        }
        Ok(())
    }
}

/// The tickets with more than one record, which two indices tell without the records. Copies of answers are among the
/// records: a ticket too many does no harm.
fn tickets_of_several(connection: &Connection, account: i64) -> Result<Tickets, ReportError> {
    let (mut tickets, mut seen) = (Tickets::default(), Seen::default());
    for sql in [
        "SELECT ticket_id FROM ratings INDEXED BY ratings_by_ticket WHERE account_id = ?1 AND ticket_id IS NOT NULL",
        "SELECT ticket_id FROM survey_responses INDEXED BY survey_responses_by_ticket
         WHERE account_id = ?1 AND ticket_id IS NOT NULL",
    ] {
        let mut statement = connection.prepare_cached(sql)?;
        let mut rows = statement.query([account])?;
        while let Some(row) = rows.next()? {
            let ticket = row.get(0)?;
            if !seen.add(ticket) {
                tickets.expect(ticket);
            }
        }
    }
    Ok(tickets)
}

struct Scan<'a> {
    options: &'a ReportOptions,
    spans: &'a Spans,
    days: Days,
    latest: Latest,
    of_agents: LatestOfAgents,
    scratch: String,
    /// Whether the account at hand has a rating in the period.
    is_in_report: bool,
    sums: Sums,
}

impl Scan<'_> {
    fn add(&mut self, unit: &Unit<'_>, subdomain: &str) {
        let record = &unit.record;
        // A ticket is picked by the record that it counts by, so that one row of a table and a report of it are the same.
        if !record.is_picked {
            return;
        }
        let is_answer = record.outcome.is_answer();
        let date = match self.options.date {
            DateBasis::Sent => unit.asked_at,
            DateBasis::Rated if is_answer => record.rated_at,
            DateBasis::Rated => return,
        };
        let compared = self.spans.compared;
        let within = |span: Span| date.is_some_and(|date| span.holds(date));
        let in_previous = compared.is_some_and(|compared| within(compared.previous));
        let is_later = in_previous
            && compared
                .and_then(|compared| compared.previous_as_of)
                .is_some_and(|as_of| {
                    let first = unit.first_rated_at.or(record.rated_at);
                    first.is_some_and(|first| first > as_of)
                });
        let fact = Fact {
            outcome: record.outcome,
            is_asked: unit.is_asked,
            seconds_to_answer: unit.seconds_to_answer(),
            in_period: self.spans.in_period(date),
            in_current: compared.is_some_and(|compared| within(compared.current)),
            in_previous: in_previous && !is_later,
            is_later,
        };
        if !(fact.in_period || fact.in_current || in_previous) {
            return;
        }
        self.sums.total.add(&fact);
        let day = date.map(|date| self.days.number(date));
        let mut fields = record.fields.iter().map(Option::as_deref);
        for grouping in &mut self.sums.groupings {
            let week_start = self.options.calendar.week_start;
            // The columns of fields are in the order of their groupings.
            let field = match grouping.dimension {
                Dimension::Field(_) => fields.next().flatten(),
                _ => None,
            };
            add(
                grouping,
                record,
                (subdomain, field),
                day.and_then(|day| grouping.dimension.time_bucket(day, week_start)),
                &fact,
                &mut self.scratch,
            );
        }
        if fact.in_period {
            self.is_in_report = true;
            if is_answer {
                self.sums.scales.extend(Scale::of(record));
                self.of_agents.offer(record, subdomain);
            }
            if fact.outcome == Outcome::Bad {
                self.latest.offer(record, subdomain);
            }
        }
    }
}

fn add(
    grouping: &mut Grouping,
    record: &Record<'_>,
    (subdomain, field): (&str, Option<&str>),
    time_bucket: Option<i64>,
    fact: &Fact,
    scratch: &mut String,
) {
    let dimension = &grouping.dimension;
    if dimension.is_of_answers() && !fact.outcome.is_answer() {
        return;
    }
    match dimension {
        Dimension::Day | Dimension::Week | Dimension::Month => {
            // Buckets in time are compared with the bucket before, not with a period before.
            if fact.in_period {
                grouping.add_number(time_bucket, fact);
            }
        }
        Dimension::Agent => grouping.add_number(record.agent, fact),
        Dimension::Group => grouping.add_number(record.group, fact),
        Dimension::Source => {
            grouping.add_text(Some(if record.is_survey { "survey" } else { "rating" }), fact)
        }
        Dimension::Brand => grouping.add_number(record.brand, fact),
        Dimension::Organization => grouping.add_number(record.organization, fact),
        Dimension::Form => grouping.add_number(record.form, fact),
        // By the whole list, as with reasons.
        Dimension::Tag => grouping.add_text(record.tags.as_deref(), fact),
        Dimension::Priority => grouping.add_text(record.priority.as_deref(), fact),
        Dimension::Account => grouping.add_text(Some(subdomain), fact),
        // By the whole value in JSON, as with tags.
        Dimension::Field(_) => grouping.add_text(field, fact),
        Dimension::Channel => grouping.add_text(record.channel.as_deref(), fact),
        Dimension::Scale => match Scale::of(record) {
            Some(Scale::Points(points)) => grouping.add_number(Some(points), fact),
            Some(Scale::Legacy) => grouping.add_text(Some("legacy"), fact),
            None => grouping.add_number(None, fact),
        },
        Dimension::Reason => {
            // By the whole list, of which there are few; taken apart once all are counted.
            if matches!(fact.outcome, Outcome::Bad | Outcome::Neutral) {
                grouping.add_text(record.reasons.as_deref(), fact);
            }
        }
        Dimension::SurveyVersion => {
            let key = record.survey.as_deref().map(|survey| {
                scratch.clear();
                scratch.push_str(survey);
                if let Some(version) = record.survey_version {
                    let _ = write!(scratch, " v{version}");
                }
                scratch.as_str()
            });
            grouping.add_text(key, fact);
        }
    }
}
