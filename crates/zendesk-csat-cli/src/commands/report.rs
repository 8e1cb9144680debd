//! `report`: the scores in the history.

use crate::arguments::{self, HistoryFile};
use crate::exit::Failure;
use crate::output;
use chrono::Utc;
use zendesk_csat_history::report::{Report, ReportOptions};
use zendesk_csat_history::{Calendar, History};

pub(crate) fn run(arguments: arguments::Report) -> Result<(), Failure> {
    let history = open(&arguments.history)?;
    let defaults = ReportOptions::default();
    let calendar = Calendar {
        zone: arguments.time_zone,
        week_start: arguments.week_start,
    };
    let now = Utc::now();
    let report = history.report(&ReportOptions {
        subdomain: arguments.subdomain,
        since: arguments
            .since
            .map(|since| since.since(&calendar, now))
            .transpose()?,
        until: arguments
            .until
            .map(|until| until.until(&calendar, now))
            .transpose()?,
        by: if arguments.by.is_empty() {
            defaults.by
        } else {
            arguments.by
        },
        calendar,
        date: arguments.date,
        count: arguments.count,
        like: arguments.like,
        ..ReportOptions::default()
    })?;
    if let Some(path) = &arguments.html {
        report.write_html(path)?;
    }
    // The text says it by itself.
    if arguments.json {
        output::warn_of_gaps(&report.gaps);
    }
    if arguments.json {
        output::json_document(&report)
    } else {
        print(&report)
    }
}

/// The history, which a sync has made.
pub(super) fn open(history: &HistoryFile) -> Result<History, Failure> {
    if history.path.exists() {
        Ok(History::open(&history.path)?)
    } else {
        Err(Failure::NoHistory(history.path.clone()))
    }
}

pub(super) fn print(report: &Report) -> Result<(), Failure> {
    output::line(report.to_text(output::WIDTH, output::color()).trim_end())
}
