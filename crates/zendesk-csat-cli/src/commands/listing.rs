//! What `list` commands have in common.

use crate::arguments::JsonLines;
use crate::exit::Failure;
use crate::output as out;
use futures::{Stream, StreamExt};
use serde::Serialize;
use zendesk_csat::{Error, ErrorKind, visible};

/// Prints the records as they come; one that cannot be read is named on standard error.
pub(super) async fn print<T: Serialize>(
    mut records: impl Stream<Item = Result<T, Error>> + Unpin,
    output: &JsonLines,
    header: &str,
    row: impl Fn(&T) -> String,
) -> Result<(), Failure> {
    let mut left = output.limit.unwrap_or(usize::MAX);
    // The first page comes before the header: what fails at once leaves no output.
    let mut header = (!output.json).then_some(header);
    while left > 0
        && let Some(record) = records.next().await
    {
        if record.is_ok()
            && let Some(header) = header.take()
        {
            out::line(header)?;
        }
        match record {
            Ok(record) if output.json => out::json_line(&record)?,
            Ok(record) => out::line(row(&record).trim_end())?,
            // A page that cannot be read ends the stream, and is an error with a call.
            Err(error) if error.kind() == ErrorKind::Decode && error.attempts() == 0 => {
                out::say(&format!("left out: {error}"));
                continue;
            }
            Err(error) => return Err(error.into()),
        }
        left -= 1;
    }
    Ok(())
}

/// A value in its column; a dash where there is none.
pub(super) fn cell<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "-".into(), |value| value.to_string())
}

/// A time in its column, to the second, UTC.
pub(super) fn time(value: Option<chrono::DateTime<chrono::Utc>>) -> String {
    cell(value.map(|time| time.format("%Y-%m-%d %H:%M:%SZ")))
}

/// A text of the account in its column: on one line, cut, and unable to steer the terminal.
pub(super) fn text(value: Option<&str>, width: usize) -> String {
    visible(value.unwrap_or_default(), width).into_owned()
}
