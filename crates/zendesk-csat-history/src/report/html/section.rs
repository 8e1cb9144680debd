//! One table of the page: the groups of a breakdown.

use chrono::Datelike;

use crate::report::dimension::Dimension;
use crate::report::format;
use crate::report::model::{Breakdown, Bucket, Report};
use crate::report::notes;
use crate::report::score::percent;

use super::comment::Said;
use super::groups::GroupChart;
use super::place;

/// How many rows of a table are open; the rest unfold.
const OPEN_IN_TIME: usize = 12;
const OPEN_OTHERS: usize = 20;

pub(super) struct Section {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) heading: String,
    /// Whether the names of the rows are words, which may break, and not ids or dates.
    pub(super) named_by_words: bool,
    /// The column that the rows are sorted by; 0 is the names'.
    pub(super) sorted_by: usize,
    pub(super) chart: Option<GroupChart>,
    pub(super) columns: Vec<Column>,
    pub(super) open: Vec<Row>,
    pub(super) folded: Vec<Row>,
    pub(super) folded_title: String,
    pub(super) folded_caption: String,
}

pub(super) struct Column {
    /// Empty above a picture that needs no scale.
    pub(super) name: String,
    /// The unit or the meaning, spelled out.
    pub(super) means: &'static str,
    cell: Box<dyn Fn(&Bucket) -> Cell>,
}

pub(super) struct Row {
    pub(super) name: String,
    /// Beside the name, where that is not the id.
    pub(super) id: Option<String>,
    /// What the name is sorted by, if not as a text.
    pub(super) value: Option<f64>,
    /// It has no name, and stays below those that have.
    pub(super) is_last: bool,
    pub(super) said: Option<Said>,
    pub(super) is_open: bool,
    pub(super) surveys_began: bool,
    pub(super) small: bool,
    pub(super) cells: Vec<Cell>,
}

pub(super) enum Cell {
    Number {
        text: String,
        /// What it is sorted by; nothing for what is not there.
        value: Option<f64>,
    },
    Csat {
        percent: String,
        value: Option<f64>,
        small: bool,
    },
    Plot {
        low: String,
        reach: String,
        middle: String,
    },
    Change {
        points: String,
        p_value: String,
        is_significant: bool,
        value: f64,
    },
    Bar {
        width: String,
    },
    Nothing,
}

impl Section {
    /// The table of a breakdown; none if it would have no row.
    pub(super) fn new(breakdown: &Breakdown, report: &Report) -> Option<Self> {
        let by = &breakdown.by;
        let number_open = if by.is_time() { OPEN_IN_TIME } else { OPEN_OTHERS };
        let (mut open, mut folded) = breakdown.first(number_open);
        if open.is_empty() {
            return None;
        }
        if by.is_time() {
            // The latest is what people look for first.
            open.reverse();
            folded.reverse();
        }
        let all: Vec<&Bucket> = open.iter().chain(&folded).copied().collect();
        let columns = if *by == Dimension::Reason {
            reason_columns(&all, report.total.bad)
        } else {
            score_columns(&all, report, by)
        };
        let folded_number = format::count(folded.len() as u64);
        let folded_name = if by.is_time() { "earlier" } else { "more" };
        let row = |bucket: &Bucket| Row {
            name: format::name(by, bucket),
            id: format::id(by, bucket).map(str::to_owned),
            value: bucket.starts_on.map(|day| f64::from(day.num_days_from_ce())),
            is_last: bucket.key.is_none(),
            said: (*by == Dimension::Agent)
                .then(|| report.comments_of(bucket.key.as_deref()))
                .flatten()
                .and_then(|of| Said::new(of, report)),
            is_open: bucket.is_open,
            surveys_began: bucket.surveys_began,
            small: *by != Dimension::Reason && bucket.score.small_sample,
            cells: columns.iter().map(|column| (column.cell)(bucket)).collect(),
        };
        Some(Self {
            id: id(by),
            title: format::title(breakdown).into_owned(),
            heading: format::heading(by).to_owned(),
            named_by_words: *by == Dimension::Reason,
            sorted_by: if by.is_time() {
                0
            } else {
                let most = if *by == Dimension::Reason {
                    "Bad"
                } else {
                    "Answered"
                };
                1 + columns
                    .iter()
                    .position(|column| column.name == most)
                    .unwrap_or_default()
            },
            chart: GroupChart::new(breakdown, report),
            open: open.iter().map(|bucket| row(bucket)).collect(),
            folded: folded.iter().map(|bucket| row(bucket)).collect(),
            folded_title: format!("{folded_number} {folded_name}"),
            folded_caption: format!("{}, {folded_number} {folded_name}", format::title(breakdown)),
            columns,
        })
    }
}

/// What links on the page lead to. The name of a field may have spaces.
fn id(by: &Dimension) -> String {
    format!("by-{by}").replace(' ', "-")
}

fn column(name: &str, means: &'static str, cell: impl Fn(&Bucket) -> Cell + 'static) -> Column {
    Column {
        name: name.to_owned(),
        means,
        cell: Box::new(cell),
    }
}

fn count(name: &str, means: &'static str, of: impl Fn(&Bucket) -> u64 + 'static) -> Column {
    column(name, means, move |bucket| {
        number(format::count(of(bucket)), Some(of(bucket) as f64))
    })
}

const fn number(text: String, value: Option<f64>) -> Cell {
    Cell::Number { text, value }
}

fn score_columns(buckets: &[&Bucket], report: &Report, by: &Dimension) -> Vec<Column> {
    let floor = format::axis_floor(buckets.iter().copied());
    let mut columns = vec![
        column("CSAT", "good, in percent of all answers", csat),
        column("95% CI", "95 percent interval of the score, in percent", interval),
        column(
            &format!("{floor:.0} to 100%"),
            "the interval and the score as a picture",
            move |bucket| plot(bucket, floor),
        ),
        count("Answered", "ratings given", |bucket| bucket.score.answered),
    ];
    if !by.is_of_answers() && report.has_response_rate() {
        columns.push(count("Sent", "customers asked", |bucket| bucket.score.sent));
        columns.push(column(
            "Response rate",
            "answered, in percent of sent",
            |bucket| {
                let rate = bucket.score.response_rate_percent;
                number(format::share(rate), rate)
            },
        ));
    }
    columns.extend([
        count("Good", "good ratings", |bucket| bucket.score.good),
        count("Neutral", "neutral ratings", |bucket| bucket.score.neutral),
        count("Bad", "bad ratings", |bucket| bucket.score.bad),
        column(
            "Customers answered after (median)",
            "median time from being asked to the first answer",
            |bucket| {
                let seconds = bucket.score.median_time_to_answer_seconds;
                number(format::duration(seconds), seconds.map(|seconds| seconds as f64))
            },
        ),
    ]);
    if buckets.iter().any(|bucket| bucket.change.is_some()) {
        let means = if by.is_time() {
            "points against the row before in time, and p: how often, with no real change, one as large comes"
        } else {
            "points against the span compared with, and p: how often, with no real change, one as large comes"
        };
        columns.push(column("Change (p)", means, change));
    }
    if *by == Dimension::Agent && !report.agent_comments.is_empty() {
        let all: Vec<(Option<String>, u64)> = report
            .agent_comments
            .iter()
            .map(|of| (of.assignee_id.map(|agent| agent.to_string()), of.comments))
            .collect();
        columns.push(count("Comments", "ratings with a comment", move |bucket| {
            let of = all.iter().find(|(agent, _)| *agent == bucket.key);
            of.map_or(0, |(_, comments)| *comments)
        }));
    }
    columns
}

fn reason_columns(buckets: &[&Bucket], all_bad: u64) -> Vec<Column> {
    let share = move |bucket: &Bucket| percent(bucket.score.bad, all_bad);
    let mut columns = vec![
        count("Bad", "bad ratings with this reason", |bucket| bucket.score.bad),
        column("% of bad", "in percent of all bad ratings", move |bucket| {
            number(format::share(share(bucket)), share(bucket))
        }),
        column("", "the share as a picture", move |bucket| Cell::Bar {
            width: place(share(bucket).unwrap_or_default()),
        }),
    ];
    if buckets.iter().any(|bucket| bucket.score.neutral > 0) {
        columns.push(count("Neutral", "neutral ratings with this reason", |bucket| {
            bucket.score.neutral
        }));
    }
    columns
}

fn csat(bucket: &Bucket) -> Cell {
    let score = &bucket.score;
    Cell::Csat {
        percent: format::share(score.csat_percent),
        value: score.csat_percent,
        small: notes::is_marked(score),
    }
}

fn interval(bucket: &Bucket) -> Cell {
    let Some(interval) = bucket.score.interval() else {
        return number(format::NOTHING.to_owned(), None);
    };
    number(
        format!("{:.1}–{:.1}", interval.low, interval.high),
        Some(interval.low),
    )
}

/// Half the width of the mark of the score, in percent of the picture.
const HALF_MARK: f64 = 1.0;

fn plot(bucket: &Bucket, floor: f64) -> Cell {
    let (Some(interval), Some(csat)) = (bucket.score.interval(), bucket.score.csat_percent) else {
        return Cell::Nothing;
    };
    let at = |percent: f64| ((percent - floor) / (100.0 - floor) * 100.0).clamp(0.0, 100.0);
    Cell::Plot {
        low: place(at(interval.low)),
        reach: place(at(interval.high) - at(interval.low)),
        middle: place((at(csat) - HALF_MARK).clamp(0.0, 100.0 - 2.0 * HALF_MARK)),
    }
}

fn change(bucket: &Bucket) -> Cell {
    let Some(change) = &bucket.change else {
        return number(format::NOTHING.to_owned(), None);
    };
    Cell::Change {
        points: format::points(change.csat_points),
        p_value: format::p_value(change.p_value_adjusted),
        is_significant: change.significant_change,
        value: change.csat_points,
    }
}
