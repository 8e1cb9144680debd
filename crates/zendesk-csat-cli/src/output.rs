//! Printing results so that a closed pipe is no error.

use crate::arguments::Output;
use crate::exit::Failure;
use serde::Serialize;
use serde_json::Value;
use std::io::{self, ErrorKind, IsTerminal, Write};
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

/// Says on standard error what the numbers on standard output lack.
pub(crate) fn warn_of_gaps(gaps: &[Gap]) {
    let mut error = io::stderr().lock();
    for gap in gaps {
        // Nothing can be done where even this cannot be said.
        let _ = writeln!(error, "warning: not whole: {}", excerpt(&gap.to_string(), 400));
    }
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
        Value::String(text) => lines.push(format!("{path}: {}", excerpt(text, usize::MAX))),
        other => lines.push(format!("{path}: {other}")),
    }
}

/// A comment on one line of a terminal: cut, and without control characters that could steer it.
pub(crate) fn excerpt(text: &str, width: usize) -> String {
    let mut characters = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut excerpt: String = characters.by_ref().take(width).collect();
    if characters.next().is_some() {
        excerpt.pop();
        excerpt.push('…');
    }
    excerpt
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_stays_on_its_line() {
        assert_eq!(excerpt("short", 5), "short");
        assert_eq!(excerpt("too long", 5), "too …");
        assert_eq!(excerpt("a\n\u{1b}[31mb", 20), "a  [31mb");
    }
}
