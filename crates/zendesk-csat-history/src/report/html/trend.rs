//! The picture of the trend, with its words for those who do not see it.

use askama::filters::{Html, escape};

use crate::report::chart::{self, Size};
use crate::report::dimension::Dimension;
use crate::report::format;
use crate::report::model::{Bucket, Report};
use crate::report::score::{Counts, SMALL_SAMPLE_BELOW, Score};

/// A line of fewer points is no trend.
const FEWEST_POINTS: usize = 8;

pub(super) struct Trend {
    pub(super) title: String,
    /// SVG elements with a title and a description.
    pub(super) wide: String,
    pub(super) narrow: String,
}

impl Trend {
    /// The trend of the report's first grouping by time; none if there is none or nothing was answered.
    pub(super) fn of(report: &Report) -> Option<Self> {
        let breakdown = report
            .breakdowns
            .iter()
            .find(|breakdown| breakdown.by.is_time())?;
        let dated: Vec<&Bucket> = breakdown
            .buckets
            .iter()
            .filter(|bucket| bucket.starts_on.is_some())
            .collect();
        let (together, points) = points(&breakdown.by, &dated);
        let by = if together == 1 {
            format!("by {}", breakdown.by)
        } else {
            format!("{together} {}s a point", breakdown.by)
        };
        let title = format!("Trend, {by}");
        let picture = |name: &str, size: Size| {
            let shown = &points[points.len().saturating_sub(size.most_buckets)..];
            let words = describe(&breakdown.by, together, &by, shown)?;
            titled(&chart::trend(shown, size)?, name, &title, &words)
        };
        Some(Self {
            wide: picture("trend-wide", chart::WIDE)?,
            narrow: picture("trend-narrow", chart::NARROW)?,
            title,
        })
    }
}

/// The points of the line: one a group, or one for some that follow each other where most would be small samples.
fn points(by: &Dimension, buckets: &[&Bucket]) -> (usize, Vec<Bucket>) {
    let steps = match by {
        Dimension::Day => [1, 7, 28],
        Dimension::Month => [1, 3, 12],
        _ => [1, 4, 13],
    };
    let mut chosen = (1, put_together(buckets, 1));
    for together in steps.into_iter().skip(1) {
        let small = |bucket: &&Bucket| bucket.score.answered < SMALL_SAMPLE_BELOW;
        if chosen.1.iter().filter(small).count() * 2 < chosen.1.len() {
            break;
        }
        let points = put_together(buckets, together);
        if points.len() < FEWEST_POINTS {
            break;
        }
        chosen = (together, points);
    }
    chosen
}

/// So many groups in one, up to the last; the first may be of fewer.
fn put_together(buckets: &[&Bucket], together: usize) -> Vec<Bucket> {
    let point = |buckets: &[&Bucket]| {
        let mut counts = Counts::default();
        buckets.iter().for_each(|bucket| counts.add(&bucket.score));
        Some(Bucket {
            is_open: buckets.iter().any(|bucket| bucket.is_open),
            surveys_began: buckets.iter().any(|bucket| bucket.surveys_began),
            score: Score::new(&counts, None),
            ..(*buckets.first()?).clone()
        })
    };
    let mut points: Vec<Bucket> = buckets.rchunks(together).filter_map(point).collect();
    points.reverse();
    points
}

/// The picture in words.
fn describe(by: &Dimension, together: usize, how: &str, points: &[Bucket]) -> Option<String> {
    let scored = || {
        points
            .iter()
            .filter_map(|point| Some((point.score.csat_percent?, point)))
    };
    let say = |(csat, point): (f64, &Bucket)| {
        let name = format::name(by, point);
        if together == 1 {
            format!("{csat:.1}% ({by} of {name})")
        } else {
            format!("{csat:.1}% ({together} {by}s from {name})")
        }
    };
    let by_score = |left: &(f64, &Bucket), right: &(f64, &Bucket)| left.0.total_cmp(&right.0);
    Some(format!(
        "CSAT with its 95% CI, and below it ratings sent and answered, {how}. First {}, last {}; lowest {}, highest {}.",
        say(scored().next()?),
        say(scored().next_back()?),
        say(scored().min_by(by_score)?),
        say(scored().max_by(by_score)?),
    ))
}

/// The SVG element with what a screen reader says of it.
fn titled(svg: &str, name: &str, title: &str, description: &str) -> Option<String> {
    let (start, shapes) = svg.split_once('>')?;
    let (title, description) = (escape(title, Html).ok()?, escape(description, Html).ok()?);
    Some(format!(
        "{start} role=\"img\" aria-labelledby=\"{name}-title {name}-words\">\
         <title id=\"{name}-title\">{title}</title><desc id=\"{name}-words\">{description}</desc>{shapes}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week(answered: u64) -> Bucket {
        let counts = Counts {
            good: answered,
            ..Counts::default()
        };
        Bucket {
            key: None,
            label: None,
            starts_on: None,
            is_open: false,
            surveys_began: false,
            score: Score::new(&counts, None),
            change: None,
        }
    }

    fn together(answered: u64, weeks: usize) -> (usize, Vec<u64>) {
        let mut weeks = vec![week(answered); weeks];
        weeks[0].surveys_began = true;
        let (together, points) = points(&Dimension::Week, &weeks.iter().collect::<Vec<_>>());
        assert!(points[0].surveys_began);
        (
            together,
            points.iter().map(|point| point.score.answered).collect(),
        )
    }

    #[test]
    fn few_answers_share_a_point_as_long_as_a_line_is_left() {
        assert_eq!(together(30, 105), (1, vec![30; 105]));
        assert_eq!(together(29, 9), (1, vec![29; 9]));
        let (four, points) = together(8, 105);
        assert_eq!((four, points.len(), points[0], points[26]), (4, 27, 8, 32));
        assert_eq!(together(1, 105), (13, [vec![1], vec![13; 8]].concat()));
        assert_eq!(together(1, 60).0, 4);
    }
}
