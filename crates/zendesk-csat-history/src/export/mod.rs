//! The tables of a history for other tools: typed, streamed, as files or as Arrow batches.
//!
//! [`History::export`] writes a [`Table`] to a file in one of the [formats](Format); [`History::batches`] hands it to
//! whatever speaks Arrow. Both read it at one moment, a few thousand rows at a time.

mod batches;
mod cell;
mod csv;
mod file;
mod format;
mod formulas;
mod json_lines;
mod table;
mod xlsx;

use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};

use arrow_array::{RecordBatchReader, RecordBatchWriter};
use arrow_ipc::writer::FileWriter;
use arrow_schema::ArrowError;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use serde::{Serialize, Serializer};

use self::csv::CsvWriter;
use self::file::{Sink, scratch_folder};
use self::json_lines::JsonLinesWriter;
use self::xlsx::{Limits, XlsxWriter};
use crate::csat::CsatQuery;
use crate::error::HistoryError;
use crate::store::History;
use crate::sync::Gap;
use crate::workbook::{WallClock, guarded};

pub use self::batches::Batches;
pub use self::format::{Format, UnknownFormat};
pub use self::formulas::{csv_text, csv_text_as_written};
pub use self::table::{Column, ColumnType, Table, UnknownTable};

pub(crate) use self::file::write_whole;
pub(crate) use self::table::select;

/// Rows of a full row group: what a Parquet file keeps in memory until it writes it.
const ROW_GROUP_ROWS: usize = 65_536;

/// What to export, and how; all of the one table by default.
#[derive(Debug, Clone, Default)]
pub struct ExportOptions {
    /// The table.
    pub table: Table,
    /// The format; as the file's suffix tells if none.
    pub format: Option<Format>,
    /// Which rows, and the zone of their days. It is the zone of the times in a workbook and in CSV for spreadsheets, too, whose
    /// headings say it; the other formats have times in UTC. Times bound only tables whose rows have one: the one table, ratings, survey responses and answers.
    pub rows: CsatQuery,
    /// Whether CSV is for spreadsheets: with the mark by which they know UTF-8, times as `2026-03-01 10:00:00`, and an apostrophe
    /// before ids of twelve digits or more, of which they would lose some. The other formats are what they are.
    pub excel: bool,
}

/// What was exported. `Display` says it in a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Export {
    /// The file; none if it was written elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<PathBuf>,
    /// The table.
    pub table: Table,
    /// The format.
    pub format: Format,
    /// How many rows it has, a header not counted.
    pub rows: u64,
    /// How many columns it has.
    pub columns: u64,
    /// Its size.
    pub bytes: u64,
    /// What the history lacks; nothing where it is whole.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Gap>,
    /// What a workbook holds otherwise than one would look for it, since a sheet has limits.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl fmt::Display for Export {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            table,
            format,
            rows,
            columns,
            bytes,
            ..
        } = self;
        write!(
            formatter,
            "{rows} rows of {table} with {columns} columns, {bytes} bytes of {format}"
        )?;
        if let Some(path) = &self.path {
            write!(formatter, ", in {}", path.display())?;
        }
        for note in &self.notes {
            write!(formatter, "; {note}")?;
        }
        Ok(())
    }
}

impl Serialize for Table {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl History {
    /// Writes a table to a file. The file is there when it is whole: until then, and if it fails, what stood there stays.
    ///
    /// ```
    /// use zendesk_csat_history::History;
    /// use zendesk_csat_history::export::{ExportOptions, Table};
    ///
    /// # let folder = tempfile::tempdir()?;
    /// # let history = History::open(folder.path().join("csat.db"))?;
    /// # let file = folder.path().join("tickets.parquet");
    /// let tickets = ExportOptions { table: Table::Tickets, ..ExportOptions::default() };
    /// let export = history.export(&file, &tickets)?;
    /// let columns = Table::Tickets.columns().len();
    /// assert_eq!(export.to_string(), format!(
    ///     "0 rows of tickets with {columns} columns, {} bytes of parquet, in {}", export.bytes, file.display()
    /// ));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Neither the options nor the file's suffix say the format, or it is not CSV and is to be for spreadsheets; the file is a SQLite database, or cannot be written; the
    /// history cannot be read; or times bound a table that has none.
    pub fn export(&self, path: impl AsRef<Path>, options: &ExportOptions) -> Result<Export, HistoryError> {
        let path = path.as_ref();
        let Some(format) = options.format.or_else(|| Format::of_file(path)) else {
            return Err(HistoryError::UnknownSuffix {
                path: path.to_path_buf(),
            });
        };
        let gaps = self.gaps(options.rows.subdomain.as_deref())?;
        let batches = self.batches(options.table, &options.rows)?;
        let mut export = write_whole(path, |file| {
            write(batches, format, options, file, path, &scratch_folder(path))
        })?;
        export.path = Some(path.to_path_buf());
        export.gaps = gaps;
        Ok(export)
    }

    /// Writes a table to something that is no file of its own, such as standard output.
    ///
    /// ```
    /// use zendesk_csat_history::History;
    /// use zendesk_csat_history::export::{ExportOptions, Format};
    ///
    /// let history = History::open(":memory:")?;
    /// let mut csv = Vec::new();
    /// let export = history.export_to(&mut csv, Format::Csv, &ExportOptions::default())?;
    /// assert!(csv.starts_with(b"subdomain,source,id,") && export.rows == 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// It cannot be written to; the history cannot be read; or times bound a table that has none.
    pub fn export_to(
        &self,
        writer: impl Write + Send,
        format: Format,
        options: &ExportOptions,
    ) -> Result<Export, HistoryError> {
        let gaps = self.gaps(options.rows.subdomain.as_deref())?;
        let batches = self.batches(options.table, &options.rows)?;
        let (path, scratch) = (Path::new("the output"), std::env::temp_dir());
        let export = write(batches, format, options, writer, path, &scratch)?;
        Ok(Export { gaps, ..export })
    }
}

fn write(
    batches: Batches,
    format: Format,
    options: &ExportOptions,
    writer: impl Write + Send,
    path: &Path,
    scratch: &Path,
) -> Result<Export, HistoryError> {
    if options.excel && format != Format::Csv {
        return Err(HistoryError::NotForSpreadsheets { format });
    }
    let mut sink = Sink::new(writer);
    let columns = batches.schema().fields().len() as u64;
    let schema = batches.schema();
    let mut notes = Vec::new();
    let written = match format {
        Format::Csv if options.excel => {
            let clock = WallClock::new(options.rows.calendar.zone.clone());
            CsvWriter::for_spreadsheets(&mut sink, options.table.columns(), clock)
                .and_then(|writer| write_all(batches, writer))
        }
        Format::Csv => {
            CsvWriter::new(&mut sink, options.table.columns()).and_then(|writer| write_all(batches, writer))
        }
        Format::JsonLines => JsonLinesWriter::new(&mut sink, options.table.columns())
            .and_then(|writer| write_all(batches, writer)),
        Format::Arrow => {
            FileWriter::try_new(&mut sink, &schema).and_then(|writer| write_all(batches, writer))
        }
        Format::Parquet => ArrowWriter::try_new(&mut sink, schema, Some(parquet_properties()))
            .map_err(ArrowError::from)
            .and_then(|writer| write_all(batches, writer)),
        Format::Xlsx => guarded(|| {
            let (zone, limits) = (&options.rows.calendar.zone, Limits::default());
            let writer = XlsxWriter::new(&mut sink, options.table, zone, scratch, limits, &mut notes)?;
            write_all(batches, writer)
        }),
    };
    let written = written.and_then(|rows| Ok((rows, sink.flush()?)));
    match (written, sink.failure) {
        (Ok((rows, ())), None) => Ok(Export {
            path: None,
            table: options.table,
            format,
            rows,
            columns,
            bytes: sink.bytes,
            gaps: Vec::new(),
            notes,
        }),
        (_, Some(source)) => Err(HistoryError::Write {
            path: path.to_path_buf(),
            source,
        }),
        (Err(source), None) => Err(match source {
            ArrowError::ExternalError(error) => match error.downcast::<HistoryError>() {
                Ok(error) => *error,
                Err(error) => encode_error(path, ArrowError::ExternalError(error)),
            },
            ArrowError::IoError(_, source) => HistoryError::Write {
                path: path.to_path_buf(),
                source,
            },
            source => encode_error(path, source),
        }),
    }
}

fn encode_error(path: &Path, source: ArrowError) -> HistoryError {
    HistoryError::Encode {
        path: path.to_path_buf(),
        source,
    }
}

fn write_all(batches: Batches, mut writer: impl RecordBatchWriter) -> Result<u64, ArrowError> {
    let mut rows = 0;
    for batch in batches {
        let batch = batch?;
        writer.write(&batch)?;
        rows += batch.num_rows() as u64;
    }
    writer.close()?;
    Ok(rows)
}

fn parquet_properties() -> WriterProperties {
    WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .build()
}
