//! The report as one self-contained HTML page: nothing is fetched, and no script runs but its own.

mod comment;
mod groups;
mod policy;
mod printable;
mod section;
mod trend;

use std::path::Path;

use askama::Template;

use plotters::style::RGBColor;
use printable::printable;

use self::comment::Comment;
use self::section::{Cell, Section};
use self::trend::Trend;
use super::format;
use super::headline::{self, Fact};
use super::model::Report;
use super::score::{Score, percent};
use super::{chart, notes};
use crate::error::HistoryError;
use crate::export::write_whole;

impl Report {
    /// The report as one HTML page that needs nothing from elsewhere. It is light or dark as the reader's system is, and
    /// prints. Its own script sorts tables, opens an agent's comments below the agent's row, and searches in comments; the
    /// page is whole without it, and its policy (CSP) lets no other script run.
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
    empty: Option<[String; 2]>,
    facts: Vec<Fact>,
    trend: Option<Trend>,
    funnel: Vec<Share>,
    sections: Vec<Section>,
    comments: Vec<Comment>,
    surveys_began: Option<String>,
    as_of: Option<String>,
    time_zone: String,
    notes: Vec<String>,
    gaps: Vec<String>,
    scope: Vec<String>,
    has_comments: bool,
    style: String,
    style_hash: String,
    script: &'static str,
    script_hash: String,
}

/// What the page does where scripts run.
const SCRIPT: &str = include_str!("../../templates/report.js");

#[derive(Template)]
#[template(path = "report.css", escape = "none")]
struct Style {
    colors: Colors,
}

/// A part of all ratings sent.
struct Share {
    name: &'static str,
    kind: &'static str,
    number: String,
    percent: String,
    width: String,
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
        let (accounts, period) = (format::accounts(report), format::period(report));
        let style = Style::of_the_page();
        let has_comments = !report.latest_bad_comments.is_empty() || !report.agent_comments.is_empty();
        Self {
            title: if report.subdomains.is_empty() {
                "CSAT".to_owned()
            } else {
                format!("CSAT of {accounts}, {period}")
            },
            accounts,
            period,
            empty: notes::empty(report),
            facts: headline::facts(report),
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
                .map(|comment| Comment::new(comment, report))
                .collect(),
            surveys_began: report
                .surveys_began_at
                .map(|began| format::date(&report.time_zone, began)),
            as_of: report.as_of.map(|as_of| format::minute(&report.time_zone, as_of)),
            time_zone: report.time_zone.to_string(),
            notes: notes::notes(report),
            gaps: report.gaps.iter().map(ToString::to_string).collect(),
            scope: report.scope.clone(),
            has_comments,
            style_hash: policy::source(&style),
            style,
            script: SCRIPT,
            script_hash: policy::source(SCRIPT),
        }
    }
}

impl Style {
    fn of_the_page() -> String {
        let hex = |RGBColor(red, green, blue)| format!("#{red:02X}{green:02X}{blue:02X}");
        let style = Self {
            colors: Colors {
                score: hex(chart::SCORE),
                answered: hex(chart::ANSWERED),
                sent: hex(chart::SENT),
                label: hex(chart::LABEL),
                grid: hex(chart::GRID),
                seam: hex(chart::SEAM),
            },
        };
        #[expect(
            clippy::expect_used,
            reason = "the template calls nothing that fails and a String takes every write"
        )]
        style.render().expect("the style renders")
    }
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
            percent: format::share(share),
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
