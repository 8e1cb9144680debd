//! The picture of groups that do not follow each other in time: each score with its interval, and the line of all.

use crate::report::dimension::Dimension;
use crate::report::format;
use crate::report::model::{Breakdown, Bucket, Report};

use super::place;

/// So many groups at most are in the picture; it is no table.
const MOST_GROUPS: usize = 12;
const ROW_HEIGHT: usize = 36;
/// Room for the axis below.
const AXIS_HEIGHT: usize = 20;
const LONGEST_NAME: usize = 28;
/// Where the axis begins and ends, in percent of the width.
const LEFT: f64 = 1.0;
const RIGHT: f64 = 99.0;

pub(super) struct GroupChart {
    pub(super) title: String,
    /// The picture in words.
    pub(super) words: String,
    pub(super) height: usize,
    /// Where the lines of the grid end.
    pub(super) floor: usize,
    pub(super) ticks: Vec<Tick>,
    /// Where the score of all ratings is.
    pub(super) all: String,
    pub(super) all_named: String,
    pub(super) rows: Vec<Row>,
    pub(super) left_out: Option<String>,
}

pub(super) struct Tick {
    pub(super) at: String,
    pub(super) name: String,
    pub(super) anchor: &'static str,
}

pub(super) struct Row {
    pub(super) name: String,
    pub(super) number: String,
    pub(super) text_at: usize,
    pub(super) bar_at: usize,
    pub(super) low: String,
    pub(super) reach: String,
    pub(super) middle: String,
}

impl GroupChart {
    /// The picture of a breakdown; none if it would say no more than the table: in time, of reasons, which have bars of
    /// their own, of agents, whom a picture would rank by chance, and of one group.
    pub(super) fn new(breakdown: &Breakdown, report: &Report) -> Option<Self> {
        let by = &breakdown.by;
        if by.is_time() || matches!(by, Dimension::Reason | Dimension::Agent) {
            return None;
        }
        let scored: Vec<&Bucket> = breakdown
            .buckets
            .iter()
            .filter(|bucket| bucket.score.csat_percent.is_some())
            .collect();
        let shown = scored.get(..scored.len().min(MOST_GROUPS))?;
        if shown.len() < 2 {
            return None;
        }
        let axis = Axis {
            floor: format::axis_floor(shown.iter().copied()),
        };
        let all = report.total.csat_percent?;
        let floor = shown.len() * ROW_HEIGHT + 6;
        let title = format!("CSAT {}", format::title(breakdown).to_lowercase());
        let left_out = (scored.len() > shown.len()).then(|| {
            format!(
                "the {MOST_GROUPS} with the most answers, of {}",
                format::count(scored.len() as u64)
            )
        });
        Some(Self {
            words: describe(by, shown, all),
            title,
            height: floor + AXIS_HEIGHT,
            floor,
            ticks: axis.ticks(),
            all: place(axis.at(all)),
            all_named: format::share(Some(all)),
            rows: shown
                .iter()
                .enumerate()
                .filter_map(|(index, bucket)| row(by, index, bucket, &axis))
                .collect(),
            left_out,
        })
    }
}

struct Axis {
    floor: f64,
}

impl Axis {
    fn at(&self, percent: f64) -> f64 {
        let share = (percent - self.floor) / (100.0 - self.floor);
        LEFT + (RIGHT - LEFT) * share.clamp(0.0, 1.0)
    }

    fn ticks(&self) -> Vec<Tick> {
        let middle = self.floor + (100.0 - self.floor) / 2.0;
        [(self.floor, "start"), (middle, "middle"), (100.0, "end")]
            .into_iter()
            .map(|(percent, anchor)| Tick {
                at: place(self.at(percent)),
                name: format!("{percent:.0}%"),
                anchor,
            })
            .collect()
    }
}

fn row(by: &Dimension, index: usize, bucket: &Bucket, axis: &Axis) -> Option<Row> {
    let (csat, interval) = (bucket.score.csat_percent?, bucket.score.interval()?);
    let top = index * ROW_HEIGHT;
    Some(Row {
        name: cut(&format::name(by, bucket)),
        number: format!(
            "{} of {}",
            format::share(Some(csat)),
            format::count(bucket.score.answered)
        ),
        text_at: top + 15,
        bar_at: top + 22,
        low: place(axis.at(interval.low)),
        reach: place(axis.at(interval.high) - axis.at(interval.low)),
        middle: place(axis.at(csat)),
    })
}

fn describe(by: &Dimension, shown: &[&Bucket], all: f64) -> String {
    let of_one = |bucket: &&Bucket| {
        let interval = bucket.score.interval().map_or_else(String::new, |interval| {
            format!(", {}", format::interval(&interval))
        });
        format!(
            "{}: {}{interval}",
            format::name(by, bucket),
            format::share(bucket.score.csat_percent)
        )
    };
    let each: Vec<String> = shown.iter().map(of_one).collect();
    format!("{}. All: {}.", each.join("; "), format::share(Some(all)))
}

fn cut(name: &str) -> String {
    if name.chars().count() <= LONGEST_NAME {
        return name.to_owned();
    }
    name.chars().take(LONGEST_NAME - 1).chain(['…']).collect()
}
