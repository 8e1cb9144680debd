//! `report`: the scores in the history.

use crate::arguments::{self, HistoryFile};
use crate::exit::Failure;
use crate::output;
use zendesk_csat_history::History;
use zendesk_csat_history::report::{Report, ReportOptions};

pub(crate) fn run(arguments: arguments::Report) -> Result<(), Failure> {
    let history = open(&arguments.history)?;
    let defaults = ReportOptions::default();
    let report = history.report(&ReportOptions {
        subdomain: arguments.subdomain,
        since: arguments.since,
        until: arguments.until,
        by: if arguments.by.is_empty() {
            defaults.by
        } else {
            arguments.by
        },
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
