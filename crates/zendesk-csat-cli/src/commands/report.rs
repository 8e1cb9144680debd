//! `report`: the scores in the history.

use crate::arguments::{self, HistoryFile, Shown};
use crate::exit::Failure;
use crate::output;
use std::path::{Path, PathBuf};
use zendesk_csat_history::report::{Fall, Report, ReportOptions};
use zendesk_csat_history::{Calendar, History, HistoryError, Period};

pub(crate) fn run(arguments: arguments::Report) -> Result<(), Failure> {
    let history = open_to_read(&arguments.history)?;
    let defaults = ReportOptions::default();
    let calendar = Calendar {
        zone: arguments.time_zone,
        week_start: arguments.week_start,
    };
    let period = if arguments.all {
        Period::ALL
    } else {
        Period::LAST_FULL_MONTH
    };
    let shown = arguments.shown;
    let options = ReportOptions {
        bad_comments: shown.bad_comments(),
        comments: shown.comments(),
        subdomain: arguments.subdomain,
        period: Some(arguments.period.period().unwrap_or(period)),
        compare: arguments.compare,
        filter: arguments.which.into(),
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
    let page = page(&report, &shown)?;
    if let Some(path) = &shown.xlsx {
        report.write_xlsx(path)?;
    }
    // The text says it by itself.
    if shown.json {
        output::warn_of_gaps(&report.gaps);
        output::json_document(&report)?;
    } else if shown.markdown {
        output::bytes(report.to_markdown().as_bytes())?;
    } else {
        print(&report)?;
    }
    if let Some(page) = page.filter(|_| shown.open) {
        open_page(page)?;
    }
    shown
        .fail_if_drop
        .map_or(Ok(()), |points| fail_if_drop(&report, points))
}

/// Writes the page, if there is to be one.
fn page(report: &Report, shown: &Shown) -> Result<Option<PathBuf>, Failure> {
    let path = match &shown.html {
        Some(path) => path.clone(),
        None if shown.open => temporary()?,
        None => return Ok(None),
    };
    report.write_html(&path)?;
    Ok(Some(path))
}

/// A file of its owner alone that outlives the command: the browser reads it later.
fn temporary() -> Result<PathBuf, Failure> {
    let failed = |source| Failure::Write {
        path: std::env::temp_dir(),
        source,
    };
    let file = tempfile::Builder::new()
        .prefix("zendesk-csat-report-")
        .suffix(".html")
        .tempfile()
        .map_err(failed)?;
    file.into_temp_path().keep().map_err(|kept| failed(kept.error))
}

fn open_page(path: PathBuf) -> Result<(), Failure> {
    let path = std::path::absolute(&path).unwrap_or(path);
    output::say(&format!("The page is in {}", path.display()));
    // Detached: a browser that this starts stays when the command ends.
    open::that_detached(&path).map_err(|source| Failure::Browser { path, source })
}

fn fail_if_drop(report: &Report, points: f64) -> Result<(), Failure> {
    match report.fall(points) {
        Fall::Fell(reason) => Err(Failure::Fell(reason)),
        Fall::NotCompared(reason) => {
            output::say(&format!("--fail-if-drop: {reason}"));
            Ok(())
        }
        _ => Ok(()),
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
