//! CSV that no spreadsheet takes for formulas.

use std::borrow::Cow;
use std::io::Write;

use arrow_array::{RecordBatch, RecordBatchWriter};
use arrow_schema::{ArrowError, Schema};
use csv::{Writer, WriterBuilder};

use super::cell::{Cell, Cells, write_time};

/// The text as it stands in a CSV file: with an apostrophe before it where a spreadsheet would run it as a formula.
///
/// That is where `=`, `+`, `-`, `@`, a tab or the end of a line comes first when spaces, quotes, apostrophes and what cannot
/// be seen are left aside. Only texts are marked so: a number below zero stays a number.
/// [`csv_text_as_written`] takes the mark off.
///
/// ```
/// use zendesk_csat_history::export::{csv_text, csv_text_as_written};
///
/// assert_eq!(csv_text("=1+1"), "'=1+1");
/// assert_eq!(csv_text("\" @x"), "'\" @x");
/// assert_eq!(csv_text("'tis fine = good"), "'tis fine = good");
/// assert_eq!(csv_text_as_written("'=1+1"), "=1+1");
/// ```
pub fn csv_text(text: &str) -> Cow<'_, str> {
    if runs_as_formula(text) {
        format!("'{text}").into()
    } else {
        text.into()
    }
}

/// The text of a cell before [`csv_text`] marked it.
pub fn csv_text_as_written(cell: &str) -> &str {
    // The mark is itself left aside when a text is judged: so a marked text, and none other, is one that is judged
    // a formula without its first apostrophe.
    cell.strip_prefix('\'')
        .filter(|text| runs_as_formula(text))
        .unwrap_or(cell)
}

fn runs_as_formula(text: &str) -> bool {
    let is_left_aside = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '"' | '\'' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
            || matches!(c, '\u{2060}'..='\u{2069}' | '\u{feff}' | '“' | '”' | '‘' | '’')
    };
    let rest = text.trim_start_matches(is_left_aside);
    let breaks_out = text[..text.len() - rest.len()].contains(['\t', '\r', '\n']);
    // The full-width forms are those of East Asian keyboards.
    breaks_out || rest.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

/// Writes batches as CSV.
pub(super) struct CsvWriter<W: Write> {
    rows: Writer<W>,
    number: String,
}

impl<W: Write> CsvWriter<W> {
    pub(super) fn new(writer: W, schema: &Schema) -> Result<Self, ArrowError> {
        let mut rows = WriterBuilder::new().from_writer(writer);
        let names = schema.fields().iter().map(|field| field.name());
        rows.write_record(names).map_err(failed)?;
        Ok(Self {
            rows,
            number: String::new(),
        })
    }
}

impl<W: Write> RecordBatchWriter for CsvWriter<W> {
    fn write(&mut self, batch: &RecordBatch) -> Result<(), ArrowError> {
        let columns = Cells::of(batch)?;
        for row in 0..batch.num_rows() {
            for column in &columns {
                self.number.clear();
                let text = match column.get(row) {
                    Cell::Null => Cow::Borrowed(""),
                    Cell::Text(text) => csv_text(text),
                    Cell::Json(json) => Cow::Owned(json),
                    Cell::Boolean(value) => Cow::Borrowed(if value { "true" } else { "false" }),
                    Cell::Integer(number) => {
                        self.number.push_str(number.to_string().as_str());
                        Cow::Borrowed(self.number.as_str())
                    }
                    Cell::Time(milliseconds) => {
                        write_time(&mut self.number, milliseconds)?;
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_are_marked_and_nothing_else() {
        let formulas = [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\tx",
            "\rx",
            "\nx",
            " =1",
            "\u{a0}=1",
            "\"=1",
            "'=1",
            "''  -1",
            "\" @x",
            "\u{feff}=1",
            "\u{200b}+1",
            "\0=1",
            "\"\t",
            " \nx",
            "＝1+1",
            "“=1”",
        ];
        for text in formulas {
            assert_eq!(csv_text(text), format!("'{text}"), "{text:?}");
            assert_eq!(csv_text_as_written(&csv_text(text)), text);
        }
        let plain = [
            "",
            " ",
            "'",
            "1",
            "a=b",
            "'tis",
            "3 - 2",
            "(=1)",
            "é",
            "\u{202e}txt",
        ];
        for text in plain {
            assert_eq!(csv_text(text), text, "{text:?}");
            assert_eq!(csv_text_as_written(text), text);
        }
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in "['\"=+@ \ta\u{feff}\0-]{0,6}|\\PC{0,8}") {
            let cell = csv_text(&text);
            prop_assert_eq!(csv_text_as_written(&cell), text.as_str());
            // What a spreadsheet sees first is the apostrophe, or nothing that it runs.
            let first = cell.trim_start_matches(['"', ' ']).chars().next();
            prop_assert!(!first.is_some_and(|first| "=+-@\t\r".contains(first)), "{:?}", cell);
        }
    }
}
