//! The values of a record batch, one by one.

use std::fmt::Write as _;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, TimestampMillisecondType};
use arrow_array::{Array, ArrayRef, BooleanArray, ListArray, PrimitiveArray, RecordBatch, StringArray};
use arrow_schema::{ArrowError, DataType, TimeUnit};
use chrono::{DateTime, Datelike, Timelike};

use super::table::{Column, ColumnType};
use crate::csat::CsatReason;

/// A value.
pub(super) enum Cell<'a> {
    Null,
    Text(&'a str),
    Integer(i64),
    /// Milliseconds since the Unix epoch.
    Time(i64),
    Boolean(bool),
    /// A list or an object as JSON.
    Json(String),
}

/// The values of one column.
pub(super) enum Cells<'a> {
    Text(&'a StringArray),
    Integer(&'a PrimitiveArray<Int64Type>),
    Time(&'a PrimitiveArray<TimestampMillisecondType>),
    Boolean(&'a BooleanArray),
    Texts(&'a ListArray),
    Reasons(&'a ListArray),
    Object(&'a StringArray),
}

impl<'a> Cells<'a> {
    /// The columns of a batch, which are these.
    pub(super) fn of(batch: &'a RecordBatch, columns: &[Column]) -> Result<Vec<Self>, ArrowError> {
        let cells = |(array, column): (&'a dyn Array, Option<&Column>)| {
            Ok(match array.data_type() {
                DataType::Utf8 if column.is_some_and(|column| column.kind == ColumnType::Object) => {
                    Self::Object(array.as_string())
                }
                DataType::Utf8 => Self::Text(array.as_string()),
                DataType::Int64 => Self::Integer(array.as_primitive()),
                DataType::Timestamp(TimeUnit::Millisecond, _) => Self::Time(array.as_primitive()),
                DataType::Boolean => Self::Boolean(array.as_boolean()),
                DataType::List(item) if *item.data_type() == DataType::Utf8 => Self::Texts(array.as_list()),
                DataType::List(_) => Self::Reasons(array.as_list()),
                other => return Err(ArrowError::NotYetImplemented(format!("columns of {other}"))),
            })
        };
        batch
            .columns()
            .iter()
            .enumerate()
            .map(|(place, array)| cells((array.as_ref(), columns.get(place))))
            .collect()
    }

    pub(super) fn get(&self, row: usize) -> Cell<'a> {
        match self {
            Self::Text(array) if array.is_valid(row) => Cell::Text(array.value(row)),
            Self::Integer(array) if array.is_valid(row) => Cell::Integer(array.value(row)),
            Self::Time(array) if array.is_valid(row) => Cell::Time(array.value(row)),
            Self::Boolean(array) if array.is_valid(row) => Cell::Boolean(array.value(row)),
            Self::Texts(array) if array.is_valid(row) => Cell::Json(json_of_texts(&array.value(row))),
            Self::Reasons(array) if array.is_valid(row) => Cell::Json(json(&array.value(row))),
            Self::Object(array) if array.is_valid(row) => Cell::Json(array.value(row).to_owned()),
            _ => Cell::Null,
        }
    }
}

/// The texts of a row.
fn json_of_texts(texts: &ArrayRef) -> String {
    let texts: Vec<&str> = texts.as_string::<i32>().iter().flatten().collect();
    serde_json::to_string(&texts).unwrap_or_default()
}

/// The reasons of a row.
fn json(reasons: &ArrayRef) -> String {
    let reasons = reasons.as_struct();
    let column = |place: usize| reasons.column(place).as_string::<i32>();
    let reasons = (0..reasons.len()).map(|place| {
        let label = column(1);
        CsatReason {
            id: column(0).value(place).to_owned(),
            label: label.is_valid(place).then(|| label.value(place).to_owned()),
        }
    });
    serde_json::to_string(&reasons.collect::<Vec<_>>()).unwrap_or_default()
}

/// Writes `2026-03-01T10:00:00.000Z`.
pub(super) fn write_time(text: &mut String, milliseconds: i64) -> Result<(), ArrowError> {
    let time = DateTime::from_timestamp_millis(milliseconds)
        .ok_or_else(|| ArrowError::CastError(format!("{milliseconds} ms is no time")))?;
    let _ = write!(
        text,
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        time.year(),
        time.month(),
        time.day(),
        time.hour(),
        time.minute(),
        time.second(),
        time.timestamp_subsec_millis()
    );
    Ok(())
}

/// Writes `2026-03-01 10:00:00`, of a clock on the wall.
pub(super) fn write_clock_time(text: &mut String, local_ms: i64) -> Result<(), ArrowError> {
    write_time(text, local_ms)?;
    // A spreadsheet reads no fraction, no letter T and no zone.
    let seconds = text.len() - ".000Z".len();
    text.truncate(seconds);
    let time = seconds - "10:00:00".len();
    text.replace_range(time - 1..time, " ");
    Ok(())
}
