//! Printing results so that a closed pipe is no error.

use crate::arguments::Output;
use crate::exit::Failure;
use serde::Serialize;
use serde_json::Value;
use std::io::{self, ErrorKind, IsTerminal, Write};
use zendesk_csat::visible;
use zendesk_csat_history::Gap;

/// The width to print for.
pub(crate) const WIDTH: u16 = 100;

/// Whether to use colors.
pub(crate) fn color() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// Prints a line.
pub(crate) fn line(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.write_all(b"\n"))
        .map_err(closed)
}

/// Prints what is whole as it is.
pub(crate) fn bytes(text: &[u8]) -> Result<(), Failure> {
    io::stdout().lock().write_all(text).map_err(closed)
}

/// Says on standard error what the numbers on standard output lack.
pub(crate) fn warn_of_gaps(gaps: &[Gap]) {
    for gap in gaps {
        say(&format!("warning: not whole: {}", visible(&gap.to_string(), 400)));
    }
}

/// Says a line on standard error. Where nobody can be told, as with a full disk under a log, the work goes on.
pub(crate) fn say(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Prints a record as one line of JSON.
pub(crate) fn json_line(record: &impl Serialize) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    serde_json::to_writer(&mut out, record).map_err(|error| closed(error.into()))?;
    out.write_all(b"\n").map_err(closed)
}

/// Prints a document as JSON over several lines.
pub(crate) fn json_document(document: &impl Serialize) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, document).map_err(|error| closed(error.into()))?;
    out.write_all(b"\n").map_err(closed)
}

/// Prints one record: as JSON where asked for, else a property a line.
pub(crate) fn record(record: &impl Serialize, output: &Output) -> Result<(), Failure> {
    if output.json {
        return json_document(record);
    }
    let value = serde_json::to_value(record).map_err(|error| closed(error.into()))?;
    let mut lines = Vec::new();
    properties(&value, "", &mut lines);
    line(&lines.join("\n"))
}

/// Every property below `value` as `path: value`.
fn properties(value: &Value, path: &str, lines: &mut Vec<String>) {
    let below = |name: &str| {
        if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        }
    };
    match value {
        Value::Object(entries) => entries
            .iter()
            .for_each(|(name, value)| properties(value, &below(name), lines)),
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(index, value)| properties(value, &below(&index.to_string()), lines));
        }
        Value::String(text) => lines.push(format!("{path}: {}", visible(text, usize::MAX))),
        other => lines.push(format!("{path}: {other}")),
    }
}

fn closed(error: io::Error) -> Failure {
    match error.kind() {
        ErrorKind::BrokenPipe => Failure::OutputClosed,
        _ => Failure::Write {
            path: "standard output".into(),
            source: error,
        },
    }
}
