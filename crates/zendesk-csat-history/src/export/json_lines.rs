//! JSON, an object a line.

use std::io::Write;

use arrow_array::{RecordBatch, RecordBatchWriter};
use arrow_schema::ArrowError;

use super::cell::{Cell, Cells, write_time};
use super::table::Column;

/// Writes batches as lines of JSON: every column, null included, times as in the one table.
pub(super) struct JsonLinesWriter<W: Write> {
    writer: W,
    /// What comes before each value: a brace or a comma, the name and the colon.
    names: Vec<Vec<u8>>,
    columns: &'static [Column],
    line: Vec<u8>,
    time: String,
}

impl<W: Write> JsonLinesWriter<W> {
    pub(super) fn new(writer: W, columns: &'static [Column]) -> Result<Self, ArrowError> {
        let name = |(index, name): (usize, &str)| {
            let mut text = if index == 0 { b"{".to_vec() } else { b",".to_vec() };
            serde_json::to_writer(&mut text, name).map_err(failed)?;
            text.push(b':');
            Ok(text)
        };
        let names = columns.iter().map(|column| column.name);
        Ok(Self {
            writer,
            names: names.enumerate().map(name).collect::<Result<_, ArrowError>>()?,
            columns,
            line: Vec::new(),
            time: String::new(),
        })
    }
}

impl<W: Write> RecordBatchWriter for JsonLinesWriter<W> {
    fn write(&mut self, batch: &RecordBatch) -> Result<(), ArrowError> {
        let columns = Cells::of(batch, self.columns)?;
        let line = &mut self.line;
        for row in 0..batch.num_rows() {
            line.clear();
            for (name, column) in self.names.iter().zip(&columns) {
                line.extend_from_slice(name);
                match column.get(row) {
                    Cell::Null => line.extend_from_slice(b"null"),
                    Cell::Text(text) => serde_json::to_writer(&mut *line, text).map_err(failed)?,
                    Cell::Integer(number) => write!(line, "{number}")?,
                    Cell::Json(json) => line.extend_from_slice(json.as_bytes()),
                    Cell::Boolean(value) => write!(line, "{value}")?,
                    Cell::Time(milliseconds) => {
                        self.time.clear();
                        write_time(&mut self.time, milliseconds)?;
                        write!(line, "\"{}\"", self.time)?;
                    }
                }
            }
            line.extend_from_slice(b"}\n");
            self.writer.write_all(line)?;
        }
        Ok(())
    }

    fn close(mut self) -> Result<(), ArrowError> {
        Ok(self.writer.flush()?)
    }
}

fn failed(error: serde_json::Error) -> ArrowError {
    ArrowError::JsonError(error.to_string())
}
