//! `report`: the scores in the history.

use crate::arguments::{self, HistoryFile};
use crate::exit::Failure;
use crate::output;
use chrono::Utc;
use std::path::Path;
use zendesk_csat_history::report::{Report, ReportOptions};
use zendesk_csat_history::{Calendar, History, HistoryError};

pub(crate) fn run(arguments: arguments::Report) -> Result<(), Failure> {
    let history = open_to_read(&arguments.history)?;
    let defaults = ReportOptions::default();
    let calendar = Calendar {
        zone: arguments.time_zone,
        week_start: arguments.week_start,
    };
    let now = Utc::now();
    let options = ReportOptions {
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
    };
    let report = read(|| history.report(&options))?;
    if let Some(path) = &arguments.html {
        report.write_html(path)?;
    }
    if let Some(path) = &arguments.xlsx {
        report.write_xlsx(path)?;
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

/// The history, which a sync has made, to change it.
pub(super) fn open(history: &HistoryFile) -> Result<History, Failure> {
    Ok(History::open(there(history)?)?)
}

/// The history, which a sync has made, to read it: nothing is written, neither into it nor beside it.
pub(super) fn open_to_read(history: &HistoryFile) -> Result<History, Failure> {
    Ok(History::open_to_read(there(history)?)?)
}

fn there(history: &HistoryFile) -> Result<&Path, Failure> {
    if history.path.exists() {
        Ok(&history.path)
    } else {
        Err(Failure::NoHistory(history.path.clone()))
    }
}

/// Reads once more where a sync began meanwhile.
pub(super) fn read<T>(read: impl Fn() -> Result<T, HistoryError>) -> Result<T, HistoryError> {
    match read() {
        Err(HistoryError::Changed { .. }) => read(),
        read => read,
    }
}

pub(super) fn print(report: &Report) -> Result<(), Failure> {
    output::line(report.to_text(output::WIDTH, output::color()).trim_end())
}
