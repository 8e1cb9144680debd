//! CSV that no spreadsheet takes for formulas.

use std::borrow::Cow;
use std::io::Write;

use arrow_array::{RecordBatch, RecordBatchWriter};
use arrow_schema::ArrowError;
use csv::{Writer, WriterBuilder};

use super::cell::{Cell, Cells, write_clock_time, write_time};
use super::formulas::{csv_text, json_text, loses_digits};
use super::table::{Column, ColumnType};
use super::xlsx::heading;
use crate::workbook::WallClock;

/// What a spreadsheet knows UTF-8 by.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Writes batches as CSV.
pub(super) struct CsvWriter<W: Write> {
    rows: Writer<W>,
    number: String,
    /// For spreadsheets: the clock of their times.
    spreadsheet: Option<WallClock>,
    columns: &'static [Column],
}

impl<W: Write> CsvWriter<W> {
    pub(super) fn new(writer: W, columns: &'static [Column]) -> Result<Self, ArrowError> {
        let mut rows = WriterBuilder::new().from_writer(writer);
        let names = columns.iter().map(|column| column.name);
        rows.write_record(names).map_err(failed)?;
        Ok(Self {
            rows,
            number: String::new(),
            spreadsheet: None,
            columns,
        })
    }

    /// As a spreadsheet reads it: it knows the encoding by a mark, times as dates, and ids keep their digits.
    pub(super) fn for_spreadsheets(
        mut writer: W,
        columns: &'static [Column],
        clock: WallClock,
    ) -> Result<Self, ArrowError> {
        writer.write_all(BYTE_ORDER_MARK.as_bytes())?;
        let mut rows = WriterBuilder::new().from_writer(writer);
        let names = columns.iter().map(|column| match column.kind {
            ColumnType::Time => heading(column.name, clock.zone()).into(),
            _ => Cow::Borrowed(column.name),
        });
        rows.write_record(names.map(|name| name.into_owned()))
            .map_err(failed)?;
        Ok(Self {
            rows,
            number: String::new(),
            spreadsheet: Some(clock),
            columns,
        })
    }
}

impl<W: Write> RecordBatchWriter for CsvWriter<W> {
    fn write(&mut self, batch: &RecordBatch) -> Result<(), ArrowError> {
        let columns = Cells::of(batch, self.columns)?;
        for row in 0..batch.num_rows() {
            for (index, column) in columns.iter().enumerate() {
                self.number.clear();
                let text = match column.get(row) {
                    Cell::Null => Cow::Borrowed(""),
                    Cell::Text(text) if self.spreadsheet.is_some() && loses_digits(text) => {
                        Cow::Owned(format!("'{text}"))
                    }
                    Cell::Text(text) => csv_text(text),
                    Cell::Json(json) => Cow::Owned(json_text(json)),
                    Cell::Boolean(value) => Cow::Borrowed(if value { "true" } else { "false" }),
                    Cell::Integer(number) => {
                        self.number.push_str(number.to_string().as_str());
                        let is_id =
                            self.spreadsheet.is_some() && self.columns.get(index).is_some_and(Column::is_id);
                        if is_id && loses_digits(&self.number) {
                            self.number.insert(0, '\'');
                        }
                        Cow::Borrowed(self.number.as_str())
                    }
                    Cell::Time(milliseconds) => {
                        match &mut self.spreadsheet {
                            Some(clock) => {
                                write_clock_time(&mut self.number, clock.local(milliseconds))?;
                            }
                            None => write_time(&mut self.number, milliseconds)?,
                        }
                        Cow::Borrowed(self.number.as_str())
                    }
                };
                self.rows.write_field(text.as_bytes()).map_err(failed)?;
            }
            self.rows.write_record(None::<&[u8]>).map_err(failed)?;
        }
        Ok(())
    }

    fn close(mut self) -> Result<(), ArrowError> {
        Ok(self.rows.flush()?)
    }
}

fn failed(error: csv::Error) -> ArrowError {
    ArrowError::CsvError(error.to_string())
}
