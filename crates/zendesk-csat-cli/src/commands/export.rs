//! `export`: a table of the history for other tools.

use super::report;
use crate::arguments::{self, STANDARD_OUTPUT};
use crate::exit::Failure;
use crate::output;
use std::io::{self, BufWriter, ErrorKind};
use std::path::Path;
use zendesk_csat_history::export::ExportOptions;
use zendesk_csat_history::{Calendar, CsatQuery, HistoryError};

pub(crate) fn run(arguments: arguments::Export) -> Result<(), Failure> {
    let history = report::open_to_read(&arguments.history)?;
    let calendar = Calendar {
        zone: arguments.time_zone,
        week_start: arguments.week_start,
    };
    let rows = CsatQuery {
        period: arguments.period.period(),
        calendar,
        subdomain: arguments.subdomain,
        filter: arguments.which.into(),
        ..CsatQuery::default()
    };
    let options = ExportOptions {
        table: arguments.table,
        format: arguments.format,
        rows,
        excel: arguments.excel,
    };
    if let (true, Some(format)) = (arguments.file == Path::new(STANDARD_OUTPUT), options.format) {
        let written = history.export_to(BufWriter::new(io::stdout()), format, &options);
        let export = written.map_err(|error| match error {
            HistoryError::Write { source, .. } if source.kind() == ErrorKind::BrokenPipe => {
                Failure::OutputClosed
            }
            error => error.into(),
        })?;
        output::warn_of_gaps(&export.gaps);
        // Standard output has the rows.
        let said = if arguments.json {
            serde_json::json!(export).to_string()
        } else {
            export.to_string()
        };
        output::say(&said);
        return Ok(());
    }
    let export = report::read(|| history.export(&arguments.file, &options))?;
    output::warn_of_gaps(&export.gaps);
    if arguments.json {
        output::json_document(&export)
    } else {
        output::line(&export.to_string())
    }
}
