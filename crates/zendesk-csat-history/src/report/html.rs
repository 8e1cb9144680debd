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
use super::headline::{self, Fact};
use super::model::{self, Report};
use super::score::{Score, percent};
use super::{chart, notes};
use crate::calendar::Zone;
use crate::error::HistoryError;
use crate::export::write_whole;

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
                .map(|comment| Comment::new(comment, &report.time_zone))
                .collect(),
            surveys_began: report
                .surveys_began_at
                .map(|began| format::date(&report.time_zone, began)),
            as_of: report.as_of.map(|as_of| format::minute(&report.time_zone, as_of)),
            time_zone: report.time_zone.to_string(),
            notes: notes::notes(report),
            gaps: report.gaps.iter().map(ToString::to_string).collect(),
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

impl Comment {
    fn new(comment: &model::Comment, zone: &Zone) -> Self {
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

/// The ticket in the agents' workspace; no link where the account's name would make it lead elsewhere.
fn ticket_url(subdomain: &str, ticket: i64) -> Option<String> {
    let is_host_label = !subdomain.is_empty()
        && subdomain
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_host_label.then(|| format!("https://{subdomain}.zendesk.com/agent/tickets/{ticket}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_the_account_and_nowhere_else() {
        assert_eq!(
            ticket_url("acme", 7).as_deref(),
            Some("https://acme.zendesk.com/agent/tickets/7")
        );
        for subdomain in ["", "evil.example/", "a b", "a\"b", "javascript:"] {
            assert_eq!(ticket_url(subdomain, 7), None, "{subdomain}");
        }
    }
}
