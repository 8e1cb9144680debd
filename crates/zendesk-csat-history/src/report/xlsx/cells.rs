//! A sheet of the report, written row by row.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};
use rust_xlsxwriter::{Format, IgnoreError, Url, Worksheet, XlsxError};

use crate::calendar::Zone;
use crate::workbook::{
    CELL_UNITS, Formats, SHEET_LINKS, WallClock, cell_lines, date_serial, parts, write_text,
};

/// What stands in a cell. Nothing is written where there is nothing: it is unknown, not zero.
pub(super) enum Value<'a> {
    Text(Cow<'a, str>),
    /// What people wrote; what one cell does not hold goes on in those to the right.
    Words(Cow<'a, str>),
    Head(&'static str),
    Title(String),
    Id(Option<String>),
    Link {
        text: String,
        url: Option<String>,
    },
    Count(u64),
    /// In percent, as the report has it.
    Percent(Option<f64>),
    Number(Option<f64>),
    Time(Option<DateTime<Utc>>),
    Date(Option<NaiveDate>),
    /// In seconds.
    Duration(Option<u64>),
    Boolean(Option<bool>),
}

/// A sheet and where its next row goes.
pub(super) struct Sheet {
    sheet: Worksheet,
    formats: Formats,
    duration: Format,
    clock: WallClock,
    row: u32,
    links: u32,
    columns: u16,
}

impl Sheet {
    pub(super) fn new(name: &str, zone: &Zone) -> Result<Self, XlsxError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(name)?;
        sheet.set_landscape();
        let formats = Formats::new();
        Ok(Self {
            sheet,
            duration: formats.number.clone().set_num_format("[h]:mm:ss"),
            formats,
            clock: WallClock::new(zone.clone()),
            row: 0,
            links: 0,
            columns: 0,
        })
    }

    pub(super) fn zone(&self) -> &Zone {
        self.clock.zone()
    }

    pub(super) fn widths(&mut self, widths: impl IntoIterator<Item = u16>) -> Result<(), XlsxError> {
        for (column, width) in (0..).zip(widths) {
            self.sheet.set_column_width(column, width)?;
        }
        Ok(())
    }

    /// The head of a table: it stays where it is, and its columns can be filtered.
    pub(super) fn head(&mut self, heads: &[&str]) -> Result<(), XlsxError> {
        for (column, head) in (0..).zip(heads) {
            self.sheet
                .write_string_with_format(self.row, column, *head, &self.formats.head)?;
            self.columns = column + 1;
        }
        self.row += 1;
        self.sheet.set_freeze_panes(self.row, 1)?;
        self.sheet.set_repeat_rows(self.row - 1, self.row - 1)?;
        Ok(())
    }

    pub(super) fn row<'a>(&mut self, values: impl IntoIterator<Item = Value<'a>>) -> Result<(), XlsxError> {
        for (column, value) in (0..).zip(values) {
            self.cell(column, value)?;
        }
        self.row += 1;
        Ok(())
    }

    fn cell(&mut self, column: u16, value: Value<'_>) -> Result<(), XlsxError> {
        let (row, sheet, formats) = (self.row, &mut self.sheet, &self.formats);
        let number = match value {
            Value::Text(text) => {
                for (column, part) in (column..).zip(parts(&text, CELL_UNITS)) {
                    write_text(sheet, row, column, &text[part], &formats.text)?;
                }
                return Ok(());
            }
            Value::Words(words) => {
                let words = cell_lines(&words);
                for (column, part) in (column..).zip(parts(&words, CELL_UNITS)) {
                    write_text(sheet, row, column, &words[part], &formats.words)?;
                }
                return Ok(());
            }
            Value::Head(head) => {
                sheet.write_string_with_format(row, column, head, &formats.head)?;
                return Ok(());
            }
            Value::Title(title) => return write_text(sheet, row, column, &title, &formats.title),
            Value::Id(Some(id)) => return write_text(sheet, row, column, &id, &formats.id),
            Value::Link { text, url: Some(url) } if self.links < SHEET_LINKS => {
                self.links += 1;
                let url = Url::new(url).set_text(text);
                sheet.write_url_with_format(row, column, url, &formats.link)?;
                return Ok(());
            }
            Value::Link { text, .. } => return write_text(sheet, row, column, &text, &formats.id),
            Value::Boolean(Some(value)) => {
                sheet.write_boolean(row, column, value)?;
                return Ok(());
            }
            #[expect(clippy::cast_precision_loss, reason = "no account has 2^53 ratings")]
            Value::Count(count) => Some((count as f64, &formats.count)),
            Value::Percent(percent) => percent.map(|percent| (percent / 100.0, &formats.percent)),
            Value::Number(number) => number.map(|number| (number, &formats.number)),
            Value::Time(Some(time)) => match self.clock.serial(time.timestamp_millis()) {
                Some(serial) => Some((serial, &formats.time)),
                None => return write_text(sheet, row, column, &time.to_rfc3339(), &formats.text),
            },
            Value::Date(date) => date.and_then(date_serial).map(|date| (date, &formats.date)),
            #[expect(clippy::cast_precision_loss, reason = "it is shorter than history")]
            Value::Duration(seconds) => seconds.map(|seconds| (seconds as f64 / 86_400.0, &self.duration)),
            Value::Id(None) | Value::Boolean(None) | Value::Time(None) => None,
        };
        if let Some((number, format)) = number {
            sheet.write_number_with_format(row, column, number, format)?;
        }
        Ok(())
    }

    /// The sheet, with what spans all of its rows.
    pub(super) fn finished(mut self) -> Worksheet {
        let (last_row, last_column) = (self.row.saturating_sub(1), self.columns.saturating_sub(1));
        if self.columns > 0 {
            // A range inside the sheet is always one.
            let _ = self.sheet.autofilter(0, 0, last_row, last_column);
        }
        let _ = self
            .sheet
            .ignore_error_range(0, 0, last_row, last_column, IgnoreError::NumberStoredAsText);
        self.sheet
    }
}
