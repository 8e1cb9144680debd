//! From sums to the report as data.

use ahash::AHashMap;
use chrono::{DateTime, Utc};

use super::dimension::Dimension;
use super::latest;
use super::model::{AgentComments, Breakdown, Bucket, Comment, Comparison, Report, TimeSpan};
use super::names::Names;
use super::query::{Labels, Sums};
use super::reasons::in_words;
use super::score::{Change, SMALL_SAMPLE_BELOW, Score};
use super::spans::{Compared, Span, Spans};
use super::tally::{Grouping, Groups, Tally};
use super::{DateBasis, ReportError, ReportOptions};
use crate::calendar::{Days, WeekStart};
use crate::rows::name::NameKind;

/// More buckets than this are not filled up with those in which nothing was sent.
const FILLED_UP_TO_BUCKETS: i64 = 5_000;

impl Report {
    pub(super) fn new(options: &ReportOptions, spans: &Spans, sums: Sums) -> Result<Self, ReportError> {
        let extent = sums.extent;
        let surveys_began = extent
            .first_survey
            .filter(|&survey| extent.first_sent.is_some_and(|first| first < survey));
        let mut subdomains: Vec<String> = sums.subdomains.into_iter().collect();
        if subdomains.is_empty() {
            subdomains.extend(options.subdomain.clone());
        }
        let calendar = &options.calendar;
        let seam = surveys_began.map(|began| Days::new(&calendar.zone).number(began));
        // Of some scores alone there is no share of the good ones, and nothing to compare.
        let some_scores = !options.filter.score.is_empty();
        let only_answers = options.date == DateBasis::Rated || some_scores;
        let comparison = spans
            .compared
            .filter(|_| !some_scores)
            .and_then(|compared| comparison(compared, &sums.total));
        let breakdowns = sums.groupings.into_iter().map(|grouping| {
            let mut breakdown = breakdown(grouping, calendar.week_start, seam, &sums.labels, &sums.names);
            if only_answers {
                breakdown
                    .buckets
                    .iter_mut()
                    .for_each(|bucket| of_answers(&mut bucket.score));
            }
            if some_scores {
                for bucket in &mut breakdown.buckets {
                    without_csat(&mut bucket.score);
                    bucket.change = None;
                }
            }
            breakdown
        });
        let breakdowns = breakdowns.collect();
        let mut total = sums.total.into_score();
        if only_answers {
            of_answers(&mut total);
        }
        if some_scores {
            without_csat(&mut total);
        }
        let (since, until) = spans.bounds();
        let names = &sums.names;
        let comments = sums
            .bad_comments
            .into_iter()
            .map(|comment| Comment::new(comment, names));
        let of_agents = sums
            .agent_comments
            .into_iter()
            .map(|of| AgentComments::new(of, names));
        Ok(Self {
            gaps: Vec::new(),
            scope: Vec::new(),
            filters: Vec::new(),
            subdomains,
            time_zone: calendar.zone.clone(),
            week_start: calendar.week_start,
            date: options.date,
            count: options.counted(),
            like: options.like,
            since: since.and_then(instant),
            until: until.and_then(instant),
            as_of: spans.as_of.and_then(instant),
            first_sent_at: extent.first_sent.and_then(instant),
            last_sent_at: extent.last_sent.and_then(instant),
            surveys_began_at: surveys_began.and_then(instant),
            scales: sums.scales.into_iter().map(super::query::Scale::name).collect(),
            total,
            comparison,
            breakdowns,
            latest_bad_comments: comments.collect::<Result<_, _>>()?,
            agent_comments: of_agents.collect::<Result<_, _>>()?,
            small_sample_below_answers: SMALL_SAMPLE_BELOW,
        })
    }
}

fn comparison(compared: Compared, total: &Tally) -> Option<Comparison> {
    Some(Comparison {
        previous: time_span(compared.previous)?,
        previous_as_of: compared.previous_as_of.and_then(instant),
        previous_answered_later: total.later,
        previous_answered: total.previous.answered,
        current: time_span(compared.current)?,
        current_answered: total.current.answered,
        change: Change::between(total.previous, total.current),
    })
}

/// Where only answers are counted, their number says nothing of those who were asked.
fn of_answers(score: &mut Score) {
    score.response_rate_percent = None;
}

fn without_csat(score: &mut Score) {
    (
        score.csat_percent,
        score.csat_percent_low,
        score.csat_percent_high,
    ) = (None, None, None);
}

fn breakdown(
    grouping: Grouping,
    week_start: WeekStart,
    seam: Option<i64>,
    labels: &Labels,
    names: &Names,
) -> Breakdown {
    let by = grouping.dimension.clone();
    let groups = grouping.into_groups();
    let mut buckets = if by.is_time() {
        in_time(&by, week_start, groups, seam)
    } else {
        by_key(&by, groups, labels, names)
    };
    Change::correct(buckets.iter_mut().filter_map(|bucket| bucket.change.as_mut()));
    Breakdown { by, buckets }
}

fn in_time(by: &Dimension, week_start: WeekStart, mut groups: Groups, seam: Option<i64>) -> Vec<Bucket> {
    groups.numbers.sort_unstable_by_key(|(bucket, _)| *bucket);
    let span = groups
        .numbers
        .last()
        .zip(groups.numbers.first())
        .map(|((last, _), (first, _))| last - first);
    let fill = span.is_some_and(|span| span < FILLED_UP_TO_BUCKETS);
    let seam = seam.and_then(|day| by.time_bucket(day, week_start));
    let mut buckets: Vec<Bucket> = Vec::with_capacity(groups.numbers.len());
    let mut push = |number: i64, tally: Tally| {
        let Some(start) = by.bucket_start(number, week_start) else {
            return;
        };
        let score = tally.into_score();
        let is_open = score.unanswered_open > 0;
        let before = buckets.last().filter(|before| !is_open && !before.is_open);
        let change = before.and_then(|before| Change::between(before.score.answers(), score.answers()));
        buckets.push(Bucket {
            key: Some(by.bucket_name(start, week_start)),
            label: None,
            starts_on: Some(start),
            is_open,
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
    buckets.extend(without_key(by, groups.without_key));
    buckets
}

fn by_key(by: &Dimension, groups: Groups, labels: &Labels, names: &Names) -> Vec<Bucket> {
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
        .filter_map(|(key, tally)| bucket(by, Some(key), tally))
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
    if *by == Dimension::Reason {
        for bucket in &mut buckets {
            bucket.label = bucket.key.as_ref().and_then(|id| labels.get(id).cloned());
        }
    }
    name(by, &mut buckets, names);
    buckets.extend(without_key(by, groups.without_key));
    buckets
}

/// Names the groups whose keys are ids. Those that share a name have their ids behind it.
fn name(by: &Dimension, buckets: &mut [Bucket], names: &Names) {
    let mut same: AHashMap<&str, u32> = AHashMap::new();
    let keys = buckets.iter().filter_map(|bucket| bucket.key.as_deref());
    for name in keys.filter_map(|key| names.of_key(by, key)) {
        *same.entry(name).or_default() += 1;
    }
    for bucket in buckets.iter_mut() {
        let Some(key) = &bucket.key else { continue };
        if let Some(name) = names.of_key(by, key) {
            bucket.label = Some(match same.get(name) {
                Some(2..) => format!("{name} ({key})"),
                _ => name.to_owned(),
            });
        }
    }
}

fn without_key(by: &Dimension, tally: Tally) -> Option<Bucket> {
    bucket(by, None, tally)
}

/// A group that is not one of time; none if it has nothing in the period.
fn bucket(by: &Dimension, key: Option<String>, tally: Tally) -> Option<Bucket> {
    let change = Change::between(tally.previous, tally.current);
    let mut bucket = Bucket {
        key,
        label: None,
        starts_on: None,
        is_open: false,
        surveys_began: false,
        score: tally.into_score(),
        change,
    };
    if by.is_of_answers() {
        of_answers(&mut bucket.score);
    }
    if *by == Dimension::Reason {
        // Of answers that are not good, the score says nothing.
        bucket.change = None;
        bucket.score.csat_percent = None;
        bucket.score.csat_percent_low = None;
        bucket.score.csat_percent_high = None;
    }
    (bucket.score.sent > 0 || bucket.score.answered > 0).then_some(bucket)
}

impl AgentComments {
    fn new(of: latest::OfAgent, names: &Names) -> Result<Self, ReportError> {
        let latest = of.latest.into_iter();
        Ok(Self {
            assignee_id: of.agent,
            comments: of.all,
            latest: latest
                .map(|comment| Comment::new(comment, names))
                .collect::<Result<_, _>>()?,
        })
    }
}

impl Comment {
    fn new(row: latest::Comment, names: &Names) -> Result<Self, ReportError> {
        let name = |kind, id: Option<i64>| names.get(kind, id?).map(str::to_owned);
        Ok(Self {
            agent: name(NameKind::Agents, row.agent),
            group: name(NameKind::Groups, row.group),
            subdomain: row.subdomain,
            source: row.source.to_owned(),
            id: row.id,
            ticket_id: row.ticket_id,
            ticket_subject: row.ticket_subject,
            score: row.score.map(str::to_owned),
            rated_at: instant(row.rated_at),
            assignee_id: row.agent,
            group_id: row.group,
            reason: match row.reasons {
                Some(reasons) => in_words(&reasons)?,
                None => None,
            },
            comment: row.comment,
        })
    }
}

fn instant(milliseconds: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(milliseconds)
}

fn time_span(span: Span) -> Option<TimeSpan> {
    Some(TimeSpan {
        since: instant(span.since)?,
        until: instant(span.until)?,
    })
}
