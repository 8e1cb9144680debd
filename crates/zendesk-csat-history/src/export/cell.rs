//! The values of a record batch, one by one.

use std::fmt::Write as _;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, TimestampMillisecondType};
use arrow_array::{Array, BooleanArray, PrimitiveArray, RecordBatch, StringArray};
use arrow_schema::{ArrowError, DataType, TimeUnit};
use chrono::{DateTime, Datelike, Timelike};

/// A value.
pub(super) enum Cell<'a> {
    Null,
    Text(&'a str),
    Integer(i64),
    /// Milliseconds since the Unix epoch.
    Time(i64),
    Boolean(bool),
}

/// The values of one column.
pub(super) enum Cells<'a> {
    Text(&'a StringArray),
    Integer(&'a PrimitiveArray<Int64Type>),
    Time(&'a PrimitiveArray<TimestampMillisecondType>),
    Boolean(&'a BooleanArray),
}

impl<'a> Cells<'a> {
    /// The columns of a batch.
    pub(super) fn of(batch: &'a RecordBatch) -> Result<Vec<Self>, ArrowError> {
        let cells = |array: &'a dyn Array| {
            Ok(match array.data_type() {
                DataType::Utf8 => Self::Text(array.as_string()),
                DataType::Int64 => Self::Integer(array.as_primitive()),
                DataType::Timestamp(TimeUnit::Millisecond, _) => Self::Time(array.as_primitive()),
                DataType::Boolean => Self::Boolean(array.as_boolean()),
                other => return Err(ArrowError::NotYetImplemented(format!("columns of {other}"))),
            })
        };
        batch
            .columns()
            .iter()
            .map(|array| cells(array.as_ref()))
            .collect()
    }

    pub(super) fn get(&self, row: usize) -> Cell<'a> {
        match self {
            Self::Text(array) if array.is_valid(row) => Cell::Text(array.value(row)),
            Self::Integer(array) if array.is_valid(row) => Cell::Integer(array.value(row)),
            Self::Time(array) if array.is_valid(row) => Cell::Time(array.value(row)),
            Self::Boolean(array) if array.is_valid(row) => Cell::Boolean(array.value(row)),
            _ => Cell::Null,
        }
    }
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
