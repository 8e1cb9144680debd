//! `report`: the scores in the history.

use crate::arguments;
use crate::exit::Failure;
use crate::output;
use std::path::Path;
use zendesk_csat_history::History;
use zendesk_csat_history::report::{Report, ReportOptions};

pub(crate) fn run(arguments: arguments::Report) -> Result<(), Failure> {
    let path = arguments.history.path;
    if !path.exists() {
        return Err(Failure::NoHistory(path));
    }
    let history = History::open(&path)?;
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
        write_page(&report, path)?;
    }
    if arguments.json {
        output::json_document(&report)
    } else {
        print(&report)
    }
}

pub(super) fn print(report: &Report) -> Result<(), Failure> {
    output::line(report.to_text(output::WIDTH, output::color()).trim_end())
}

/// Writes the page beside its place and moves it there, so that nobody sees half of it.
pub(super) fn write_page(report: &Report, path: &Path) -> Result<(), Failure> {
    let failed = |source| Failure::Write {
        path: path.into(),
        source,
    };
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut page = new_file().tempfile_in(folder).map_err(failed)?;
    std::io::Write::write_all(&mut page, report.to_html().as_bytes()).map_err(failed)?;
    page.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// A temporary file that others may read as they may any new file.
fn new_file() -> tempfile::Builder<'static, 'static> {
    #[allow(unused_mut)]
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder
}
