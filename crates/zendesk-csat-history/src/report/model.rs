//! The report as data.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::ReportOptions;
use super::dimension::Dimension;
use super::query::{self, Spans, Sums};
use super::score::{Change, SMALL_SAMPLE_BELOW, Score};
use super::tally::{Grouping, Groups, Tally};
use crate::sync::Gap;

/// More buckets than this are not filled up with those in which nothing was sent.
const FILLED_UP_TO_BUCKETS: i64 = 5_000;

/// A CSAT report. Serialized, its fields carry their units in their names; times are RFC 3339 in UTC.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// What the history lacks, which every number here may lack too; nothing where it is whole.
    pub gaps: Vec<Gap>,
    /// The accounts that the ratings come from.
    pub subdomains: Vec<String>,
    /// The asked period's begin; none for all ratings.
    pub since: Option<DateTime<Utc>>,
    /// The asked period's end, which is not part of it.
    pub until: Option<DateTime<Utc>>,
    /// Until when the table is known; none if it is empty.
    pub as_of: Option<DateTime<Utc>>,
    /// When the first rating in the table was asked for, whatever the period.
    pub first_sent_at: Option<DateTime<Utc>>,
    /// When the last rating in the table was asked for, whatever the period.
    pub last_sent_at: Option<DateTime<Utc>>,
    /// The seam between the two systems: when the first survey was sent, if there were legacy ratings before it.
    pub surveys_began_at: Option<DateTime<Utc>>,
    /// All ratings of the period.
    pub total: Score,
    /// How the score moved: the period against the one before, or the last 28 days against the 28 before.
    pub comparison: Option<Comparison>,
    /// One for each grouping asked for.
    pub breakdowns: Vec<Breakdown>,
    /// The latest bad ratings of the period that came with a comment, latest first.
    pub latest_bad_comments: Vec<BadComment>,
    /// Scores over fewer answers than this are marked `small_sample`.
    pub small_sample_below_answers: u64,
}

/// A span of time; the end is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct TimeSpan {
    /// Its begin.
    pub since: DateTime<Utc>,
    /// Its end.
    pub until: DateTime<Utc>,
}

/// Two spans of equal length, one right after the other.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The earlier span.
    pub previous: TimeSpan,
    /// The later span.
    pub current: TimeSpan,
    /// The difference in score.
    pub change: Change,
}

/// The ratings of the period, grouped.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Breakdown {
    /// By what.
    pub by: Dimension,
    /// The groups: those of time in order, reasons by their bad ratings, all others by their answers, most first.
    pub buckets: Vec<Bucket>,
}

/// One group of a breakdown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bucket {
    /// The id, text, or ISO name (`2026-W10`, `2026-03`, `2026-03-02`) of the group; none for ratings that have none.
    pub key: Option<String>,
    /// The first day of a group by time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starts_on: Option<NaiveDate>,
    /// Whether the first survey was sent in this group by time.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub surveys_began: bool,
    /// Its score.
    #[serde(flatten)]
    pub score: Score,
    /// Groups by time: against the group before. Others: between the spans of the report's comparison.
    pub change: Option<Change>,
}

/// A bad rating with what the customer wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BadComment {
    /// The account.
    pub subdomain: String,
    /// `rating` or `survey`.
    pub source: String,
    /// The rating's or the survey response's id.
    pub id: String,
    /// The ticket, if there is one.
    pub ticket_id: Option<i64>,
    /// When the customer answered.
    pub rated_at: Option<DateTime<Utc>>,
    /// The agent's user id.
    pub assignee_id: Option<i64>,
    /// The group's id.
    pub group_id: Option<i64>,
    /// The reasons that the customer chose.
    pub reason: Option<String>,
    /// The customer's words.
    pub comment: String,
}

impl Report {
    pub(super) fn new(options: &ReportOptions, spans: &Spans, sums: Sums) -> Self {
        let extent = sums.extent;
        let surveys_began = extent
            .first_survey
            .filter(|&survey| extent.first_sent.is_some_and(|first| first < survey));
        let comparison = spans.compared.and_then(|(current, previous)| {
            Some(Comparison {
                previous: time_span(previous)?,
                current: time_span(current)?,
                change: Change::between(sums.total.previous, sums.total.current)?,
            })
        });
        let mut subdomains: Vec<String> = sums.subdomains.into_iter().collect();
        if subdomains.is_empty() {
            subdomains.extend(options.subdomain.clone());
        }
        Self {
            gaps: Vec::new(),
            subdomains,
            since: options.since,
            until: options.until,
            as_of: spans.as_of.and_then(instant),
            first_sent_at: extent.first_sent.and_then(instant),
            last_sent_at: extent.last_sent.and_then(instant),
            surveys_began_at: surveys_began.and_then(instant),
            total: sums.total.into_score(),
            comparison,
            breakdowns: sums
                .groupings
                .into_iter()
                .map(|grouping| breakdown(grouping, surveys_began))
                .collect(),
            latest_bad_comments: sums.bad_comments.into_iter().map(BadComment::from).collect(),
            small_sample_below_answers: SMALL_SAMPLE_BELOW,
        }
    }

    /// The breakdown by this dimension, if it was asked for.
    pub fn breakdown(&self, by: Dimension) -> Option<&Breakdown> {
        self.breakdowns.iter().find(|breakdown| breakdown.by == by)
    }

    /// Whether the period holds no rating at all.
    pub fn is_empty(&self) -> bool {
        self.total.sent == 0
    }
}

impl Breakdown {
    /// The groups to show first, and the others: in time the last, else the first; those without a key are always shown.
    pub(super) fn first(&self, number: usize) -> (Vec<&Bucket>, Vec<&Bucket>) {
        let worth_a_row = |bucket: &&Bucket| self.by != Dimension::Reason || bucket.score.bad > 0;
        let (keyed, without_key): (Vec<&Bucket>, Vec<&Bucket>) = self
            .buckets
            .iter()
            .filter(worth_a_row)
            .partition(|bucket| bucket.key.is_some());
        let (mut shown, hidden) = if self.by.is_time() {
            let (earlier, last) = keyed.split_at(keyed.len().saturating_sub(number));
            (last.to_vec(), earlier.to_vec())
        } else {
            let (first, others) = keyed.split_at(keyed.len().min(number));
            (first.to_vec(), others.to_vec())
        };
        shown.extend(without_key);
        (shown, hidden)
    }
}

impl Bucket {
    /// The change, if there are answers enough on both sides for the test behind its probability.
    pub(super) fn sound_change(&self) -> Option<&Change> {
        self.change.as_ref().filter(|change| !change.small_sample)
    }
}

fn breakdown(grouping: Grouping, surveys_began: Option<i64>) -> Breakdown {
    let by = grouping.dimension;
    let groups = grouping.into_groups();
    let buckets = if by.is_time() {
        in_time(by, groups, surveys_began)
    } else {
        by_key(by, groups)
    };
    Breakdown { by, buckets }
}

fn in_time(by: Dimension, mut groups: Groups, surveys_began: Option<i64>) -> Vec<Bucket> {
    groups.numbers.sort_unstable_by_key(|(bucket, _)| *bucket);
    let span = groups
        .numbers
        .last()
        .zip(groups.numbers.first())
        .map(|((last, _), (first, _))| last - first);
    let fill = span.is_some_and(|span| span < FILLED_UP_TO_BUCKETS);
    let seam = surveys_began.and_then(|time| by.time_bucket(time));
    let mut buckets: Vec<Bucket> = Vec::with_capacity(groups.numbers.len());
    let mut push = |number: i64, tally: Tally| {
        let Some(start) = by.bucket_start(number) else {
            return;
        };
        let score = tally.into_score();
        let change = buckets
            .last()
            .and_then(|before| Change::between(before.score.answers(), score.answers()));
        buckets.push(Bucket {
            key: Some(by.bucket_name(start)),
            starts_on: Some(start),
            surveys_began: seam == Some(number),
            score,
            change,
        });
    };
    let mut next = None;
    for (number, tally) in groups.numbers {
        if let (Some(next), true) = (next, fill) {
            (next..number).for_each(|empty| push(empty, Tally::default()));
        }
        push(number, tally);
        next = Some(number + 1);
    }
    buckets.extend(without_key(groups.without_key));
    buckets
}

fn by_key(by: Dimension, groups: Groups) -> Vec<Bucket> {
    let numbers = groups
        .numbers
        .into_iter()
        .map(|(key, tally)| (key.to_string(), tally));
    let texts = groups
        .texts
        .into_iter()
        .map(|(key, tally)| (key.into_string(), tally));
    let mut buckets: Vec<Bucket> = numbers
        .chain(texts)
        .map(|(key, tally)| bucket(Some(key), tally))
        .filter(|bucket| bucket.score.sent > 0)
        .collect();
    buckets.sort_unstable_by(|left, right| {
        let rank = |bucket: &Bucket| match by {
            Dimension::Reason => (bucket.score.bad, bucket.score.answered),
            _ => (bucket.score.answered, bucket.score.sent),
        };
        rank(right)
            .cmp(&rank(left))
            .then_with(|| left.key.cmp(&right.key))
    });
    buckets.extend(without_key(groups.without_key));
    if by.is_of_answers() {
        buckets
            .iter_mut()
            .for_each(|bucket| bucket.score.response_rate_percent = None);
    }
    buckets
}

fn without_key(tally: Tally) -> Option<Bucket> {
    Some(bucket(None, tally)).filter(|bucket| bucket.score.sent > 0)
}

fn bucket(key: Option<String>, tally: Tally) -> Bucket {
    let change = Change::between(tally.previous, tally.current);
    Bucket {
        key,
        starts_on: None,
        surveys_began: false,
        score: tally.into_score(),
        change,
    }
}

impl From<query::BadComment> for BadComment {
    fn from(row: query::BadComment) -> Self {
        Self {
            subdomain: row.subdomain,
            source: row.source,
            id: row.id,
            ticket_id: row.ticket_id,
            rated_at: instant(row.rated_at),
            assignee_id: row.agent,
            group_id: row.group,
            reason: row.reason,
            comment: row.comment,
        }
    }
}

fn instant(milliseconds: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(milliseconds)
}

fn time_span(span: query::Span) -> Option<TimeSpan> {
    Some(TimeSpan {
        since: instant(span.since)?,
        until: instant(span.until)?,
    })
}
