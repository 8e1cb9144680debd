//! The report as one self-contained HTML page: no script, nothing fetched.

mod printable;
mod section;
mod trend;

use std::path::Path;

use askama::Template;

use plotters::style::RGBColor;
use printable::printable;

use self::section::{Cell, Section};
use self::trend::Trend;
use super::format;
use super::model::{BadComment, Breakdown, Comparison, Report};
use super::score::{SMALL_SAMPLE_BELOW, Score, percent};
use super::{DateBasis, chart};
use crate::calendar::Zone;
use crate::error::HistoryError;
use crate::export::write_whole;
use crate::ticket_url::ticket_url;

impl Report {
    /// The report as one HTML page that needs nothing else: no script, no picture, no font from elsewhere. It is light
    /// or dark as the reader's system is, and prints.
    pub fn to_html(&self) -> String {
        #[expect(
            clippy::expect_used,
            reason = "the template calls nothing that fails and a String takes every write"
        )]
        printable(Page::new(self).render().expect("the page renders"))
    }

    /// Writes the page of [`Report::to_html`] to a file, which is there when it is whole.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write_html(&self, path: impl AsRef<Path>) -> Result<(), HistoryError> {
        let path = path.as_ref();
        write_whole(path, |file| {
            file.write_all(self.to_html().as_bytes())
                .map_err(|source| HistoryError::Write {
                    path: path.to_path_buf(),
                    source,
                })
        })
    }
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page {
    title: String,
    accounts: String,
    period: String,
    empty: Option<&'static str>,
    facts: Vec<Fact>,
    trend: Option<Trend>,
    funnel: Vec<Share>,
    sections: Vec<Section>,
    comments: Vec<Comment>,
    surveys_began: Option<String>,
    as_of: Option<String>,
    time_zone: String,
    how_it_counts: Vec<String>,
    /// How many changes of a table were tested.
    changes: usize,
    is_open: bool,
    gaps: Vec<String>,
    small_sample_below: u64,
    colors: Colors,
}

/// A number of the headline with what there is to say about it.
struct Fact {
    name: &'static str,
    value: String,
    unit: &'static str,
    /// Too few answers to lean on.
    small: bool,
    details: Vec<String>,
}

/// A part of all ratings sent.
struct Share {
    name: &'static str,
    kind: &'static str,
    number: String,
    percent: String,
    width: String,
}

struct Comment {
    words: String,
    time: Option<String>,
    ticket: Option<i64>,
    ticket_url: Option<String>,
    agent: Option<i64>,
    group: Option<i64>,
    reason: Option<String>,
}

/// The picture's colors as its shapes carry them.
struct Colors {
    score: String,
    answered: String,
    sent: String,
    label: String,
    grid: String,
    seam: String,
}

impl Page {
    fn new(report: &Report) -> Self {
        let empty = match (report.is_empty(), report.first_sent_at) {
            (false, _) => None,
            (true, None) => Some("The table holds no ratings yet."),
            (true, Some(_)) => Some("No rating was sent in this period."),
        };
        let (accounts, period) = (format::accounts(report), format::period(report));
        let hex = |RGBColor(red, green, blue)| format!("#{red:02X}{green:02X}{blue:02X}");
        Self {
            title: if report.subdomains.is_empty() {
                "CSAT".to_owned()
            } else {
                format!("CSAT of {accounts}, {period}")
            },
            accounts,
            period,
            empty,
            facts: facts(report),
            trend: Trend::of(report),
            funnel: funnel(&report.total),
            sections: report
                .breakdowns
                .iter()
                .filter_map(|breakdown| Section::new(breakdown, report))
                .collect(),
            comments: report
                .latest_bad_comments
                .iter()
                .map(|comment| Comment::new(comment, &report.time_zone))
                .collect(),
            surveys_began: report
                .surveys_began_at
                .map(|began| format::date(&report.time_zone, began)),
            as_of: report.as_of.map(|as_of| format::minute(&report.time_zone, as_of)),
            time_zone: report.time_zone.to_string(),
            how_it_counts: format::how_it_counts(report),
            changes: report.breakdowns.iter().map(changes).max().unwrap_or_default(),
            is_open: report
                .breakdowns
                .iter()
                .flat_map(|breakdown| &breakdown.buckets)
                .any(|bucket| bucket.is_open),
            gaps: report.gaps.iter().map(ToString::to_string).collect(),
            small_sample_below: SMALL_SAMPLE_BELOW,
            colors: Colors {
                score: hex(chart::SCORE),
                answered: hex(chart::ANSWERED),
                sent: hex(chart::SENT),
                label: hex(chart::LABEL),
                grid: hex(chart::GRID),
                seam: hex(chart::SEAM),
            },
        }
    }
}

fn facts(report: &Report) -> Vec<Fact> {
    let total = &report.total;
    let mut csat: Vec<String> = Vec::new();
    csat.extend(
        total
            .interval()
            .map(|interval| format!("95 % interval {:.1} to {:.1} %", interval.low, interval.high)),
    );
    csat.push(format!(
        "{} good of {} answers",
        format::count(total.good),
        format::count(total.answered)
    ));
    if total.unscored > 0 {
        csat.push(format!(
            "{} answers of another score",
            format::count(total.unscored)
        ));
    }
    let small = total.small_sample;
    let mut facts = vec![Fact {
        name: "CSAT",
        value: format::percent(total.csat_percent),
        unit: "%",
        small,
        details: csat,
    }];
    if report.date == DateBasis::Sent {
        facts.push(Fact {
            name: "Response rate",
            value: format::percent(total.response_rate_percent),
            unit: "%",
            small,
            details: response(total),
        });
    }
    facts.push(Fact {
        name: "Customers answered after",
        value: format::duration(total.median_time_to_answer_seconds),
        unit: "",
        small,
        details: vec!["median, from sent to the first answer".to_owned()],
    });
    facts.extend(
        report
            .comparison
            .as_ref()
            .map(|comparison| change(report, comparison)),
    );
    facts
}

fn response(total: &Score) -> Vec<String> {
    let mut details = vec![format!(
        "{} answered of {} sent",
        format::count(total.answered.saturating_sub(total.unasked)),
        format::count(total.sent)
    )];
    if total.unanswered_open > 0 {
        details.push(format!(
            "{} open: can still be answered",
            format::count(total.unanswered_open)
        ));
    }
    if total.unasked > 0 {
        details.push(format!(
            "{} more rated without being asked",
            format::count(total.unasked)
        ));
    }
    details
}

fn change(report: &Report, comparison: &Comparison) -> Fact {
    let Some(change) = &comparison.change else {
        return Fact {
            name: "Change",
            value: format::NOTHING.to_owned(),
            unit: "",
            small: true,
            details: vec![format::not_compared(comparison)],
        };
    };
    let side = |csat_percent: f64, answered, span| {
        format!(
            "{csat_percent:.1} % of {} answers, {}",
            format::count(answered),
            format::span(&report.time_zone, span)
        )
    };
    let mut details = vec![
        side(
            change.current_csat_percent,
            change.current_answered,
            &comparison.current,
        ),
        side(
            change.previous_csat_percent,
            change.previous_answered,
            &comparison.previous,
        ),
    ];
    details.extend(format::later_answers(comparison));
    details.extend(format::significance(change));
    Fact {
        name: "Change",
        value: format::points(change.csat_points),
        unit: "points",
        small: false,
        details,
    }
}

/// How many changes of a table were tested.
fn changes(breakdown: &Breakdown) -> usize {
    breakdown
        .buckets
        .iter()
        .filter(|bucket| bucket.change.is_some())
        .count()
}

fn funnel(total: &Score) -> Vec<Share> {
    let always = [
        ("Sent", "sent", total.sent),
        ("Answered", "answered", total.answered),
        ("Good", "good", total.good),
        ("Neutral", "neutral", total.neutral),
        ("Bad", "bad", total.bad),
    ];
    let rest = [
        ("Of another score", "unscored", total.unscored),
        ("Rated without being asked", "unscored", total.unasked),
        ("Open: can still be answered", "unanswered", total.unanswered_open),
        (
            "Can no longer be answered",
            "unanswered",
            total.unanswered_expired,
        ),
    ];
    let of_sent = |(name, kind, number)| {
        let share = percent(number, total.sent);
        Share {
            name,
            kind,
            number: format::count(number),
            percent: format::percent(share),
            width: place(share.unwrap_or_default()),
        }
    };
    always
        .into_iter()
        .chain(rest.into_iter().filter(|(_, _, number)| *number > 0))
        .map(of_sent)
        .collect()
}

/// A place on a scale from 0 to 100.
fn place(at: f64) -> String {
    format!("{at:.1}")
}

impl Comment {
    fn new(comment: &BadComment, zone: &Zone) -> Self {
        Self {
            words: comment.comment.clone(),
            time: comment.rated_at.map(|time| format::minute(zone, time)),
            ticket: comment.ticket_id,
            ticket_url: comment
                .ticket_id
                .and_then(|ticket| ticket_url(&comment.subdomain, ticket)),
            agent: comment.assignee_id,
            group: comment.group_id,
            reason: comment.reason.clone(),
        }
    }
}
