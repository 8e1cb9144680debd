//! A table as a workbook: dates as dates, ids as text, tickets as links, and nothing that runs.

use std::io::{self, Write};
use std::path::Path;

use arrow_array::{RecordBatch, RecordBatchWriter};
use arrow_schema::ArrowError;
use rust_xlsxwriter::{IgnoreError, Url, Workbook, Worksheet, XlsxError};

use super::cell::{Cell, Cells, write_time};
use super::table::{Column, ColumnType, Table};
use crate::calendar::Zone;
use crate::ticket_url::ticket_url;
use crate::workbook::{
    CELL_UNITS, Formats, SHEET_LINKS, SHEET_ROWS, WallClock, cell_lines, fits, new_workbook, parts,
    write_text,
};

/// Whole numbers beyond it are no numbers of a spreadsheet.
const EXACT: i64 = 1 << 53;

/// What a cell ends with whose text goes on elsewhere.
const GOES_ON: &str = " … (goes on in the sheet \"long texts\")";

/// Writes batches as a workbook. The rows wait in a file without a name until it is closed: memory does not grow with them.
pub(super) struct XlsxWriter<'a, W: Write> {
    writer: W,
    book: Workbook,
    formats: Formats,
    clock: WallClock,
    table: Table,
    columns: &'static [Column],
    /// How rows of one sheet are counted.
    limits: Limits,
    sheets: Vec<Worksheet>,
    /// The rows that the last sheet has, its head among them.
    rows: u32,
    links: u32,
    long: LongTexts,
    notes: &'a mut Vec<String>,
    unlinked: u64,
    time: String,
}

/// What a sheet can hold.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    pub(super) rows: u32,
    pub(super) links: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            rows: SHEET_ROWS,
            links: SHEET_LINKS,
        }
    }
}

/// The whole of the texts that no cell holds, in as many cells as they need.
#[derive(Default)]
struct LongTexts {
    sheet: Option<Worksheet>,
    rows: u32,
    texts: u64,
}

impl<'a, W: Write + Send> XlsxWriter<'a, W> {
    pub(super) fn new(
        writer: W,
        table: Table,
        zone: &Zone,
        folder: &Path,
        limits: Limits,
        notes: &'a mut Vec<String>,
    ) -> Result<Self, ArrowError> {
        let mut workbook = Self {
            writer,
            book: new_workbook(folder).map_err(failed)?,
            formats: Formats::new(),
            clock: WallClock::new(zone.clone()),
            table,
            columns: table.columns(),
            limits,
            sheets: Vec::new(),
            rows: 0,
            links: 0,
            long: LongTexts::default(),
            notes,
            unlinked: 0,
            time: String::new(),
        };
        workbook.next_sheet().map_err(failed)?;
        Ok(workbook)
    }

    /// Begins a sheet: its head stays where it is while the rows move.
    fn next_sheet(&mut self) -> Result<(), XlsxError> {
        let mut sheet = self.book.new_worksheet_with_constant_memory();
        let name = match self.sheets.len() {
            0 => self.table.to_string(),
            others => format!("{} {}", self.table, others + 1),
        };
        sheet.set_name(name)?;
        sheet.set_freeze_panes(1, 0)?;
        sheet.set_landscape().set_repeat_rows(0, 0)?;
        for (index, column) in (0..).zip(self.columns) {
            let (width, format) = match kind(column) {
                Kind::Id => (16, &self.formats.id),
                Kind::Words => (60, &self.formats.words),
                Kind::Text => (18, &self.formats.text),
                Kind::Time => (20, &self.formats.time),
                Kind::Number | Kind::Boolean => (10, &self.formats.number),
            };
            sheet.set_column_width(index, width)?;
            sheet.set_column_format(index, format)?;
            let head = match column.kind {
                ColumnType::Time => heading(column.name, self.clock.zone()),
                _ => column.name.to_owned(),
            };
            sheet.write_string_with_format(0, index, head, &self.formats.head)?;
        }
        self.sheets.push(sheet);
        (self.rows, self.links) = (1, 0);
        Ok(())
    }

    /// Ends a sheet: what spans all of its rows.
    fn end_sheet(&mut self) -> Result<(), XlsxError> {
        let Some(sheet) = self.sheets.last_mut() else {
            return Ok(());
        };
        let (last_row, last_column) = (self.rows - 1, last(self.columns));
        sheet.autofilter(0, 0, last_row, last_column)?;
        // Ids are text on purpose.
        sheet.ignore_error_range(0, 0, last_row, last_column, IgnoreError::NumberStoredAsText)?;
        Ok(())
    }

    fn row(&mut self, columns: &[Cells<'_>], row: usize) -> Result<(), ArrowError> {
        if self.rows == self.limits.rows {
            self.end_sheet().map_err(failed)?;
            self.next_sheet().map_err(failed)?;
        }
        let subdomain = match columns.first().map(|column| column.get(row)) {
            Some(Cell::Text(subdomain)) => subdomain,
            _ => "",
        };
        for (index, (column, cells)) in (0..).zip(self.columns.iter().zip(columns)) {
            self.cell(index, column, cells.get(row), subdomain)?;
        }
        self.rows += 1;
        Ok(())
    }

    fn cell(
        &mut self,
        index: u16,
        column: &'static Column,
        cell: Cell<'_>,
        subdomain: &str,
    ) -> Result<(), ArrowError> {
        let row = self.rows;
        let Some(sheet) = self.sheets.last_mut() else {
            return Ok(());
        };
        match cell {
            Cell::Null => {}
            Cell::Boolean(value) => {
                sheet.write_boolean(row, index, value).map_err(failed)?;
            }
            Cell::Integer(ticket) if ticket_column(self.table) == Some(column.name) => {
                match ticket_url(subdomain, ticket) {
                    Some(url) if self.links < self.limits.links => {
                        let url = Url::new(url).set_text(ticket.to_string());
                        sheet
                            .write_url_with_format(row, index, url, &self.formats.link)
                            .map_err(failed)?;
                        self.links += 1;
                    }
                    url => {
                        self.unlinked += u64::from(url.is_some());
                        sheet
                            .write_string(row, index, ticket.to_string())
                            .map_err(failed)?;
                    }
                }
            }
            Cell::Integer(number) => {
                if column.is_id() || !(-EXACT..=EXACT).contains(&number) {
                    sheet
                        .write_string(row, index, number.to_string())
                        .map_err(failed)?;
                } else {
                    #[expect(clippy::cast_precision_loss, reason = "it is exact")]
                    sheet.write_number(row, index, number as f64).map_err(failed)?;
                }
            }
            Cell::Time(milliseconds) => match self.clock.serial(milliseconds) {
                Some(serial) => {
                    sheet.write_number(row, index, serial).map_err(failed)?;
                }
                None => {
                    self.time.clear();
                    write_time(&mut self.time, milliseconds)?;
                    sheet.write_string(row, index, &self.time).map_err(failed)?;
                }
            },
            Cell::Text(text) => self.text(index, column, &cell_lines(text)).map_err(failed)?,
            Cell::Json(json) => self.text(index, column, &json).map_err(failed)?,
        }
        Ok(())
    }

    fn text(&mut self, index: u16, column: &Column, text: &str) -> Result<(), XlsxError> {
        let row = self.rows;
        let Some(sheet) = self.sheets.last_mut() else {
            return Ok(());
        };
        let format = match kind(column) {
            Kind::Words => &self.formats.words,
            Kind::Id => &self.formats.id,
            _ => &self.formats.text,
        };
        if fits(text) {
            return write_text(sheet, row, index, text, format);
        }
        let begin = parts(text, CELL_UNITS - GOES_ON.encode_utf16().count())
            .first()
            .cloned()
            .unwrap_or_default();
        write_text(sheet, row, index, &format!("{}{GOES_ON}", &text[begin]), format)?;
        let sheet_name = sheet.name();
        self.long
            .add(&mut self.book, &self.formats, &sheet_name, row, column.name, text)
    }

    fn close(&mut self) -> Result<(), XlsxError> {
        self.end_sheet()?;
        let sheets = self.sheets.len();
        for sheet in self.sheets.drain(..).chain(self.long.sheet.take()) {
            self.book.push_worksheet(sheet);
        }
        if sheets > 1 {
            self.notes.push(format!(
                "a sheet holds {} rows: they are in {sheets} sheets",
                self.limits.rows - 1
            ));
        }
        if self.unlinked > 0 {
            self.notes.push(format!(
                "a sheet holds {} links: {} rows have their ticket's id without one",
                self.limits.links, self.unlinked
            ));
        }
        if self.long.texts > 0 {
            self.notes.push(format!(
                "a cell holds {CELL_UNITS} characters: the whole of {} is in the sheet \"long texts\"",
                match self.long.texts {
                    1 => "one text".to_owned(),
                    texts => format!("{texts} texts"),
                }
            ));
        }
        self.book.save_to_writer(Unfailing {
            writer: &mut self.writer,
            failed: false,
        })
    }
}

impl<W: Write + Send> RecordBatchWriter for XlsxWriter<'_, W> {
    fn write(&mut self, batch: &RecordBatch) -> Result<(), ArrowError> {
        let columns = Cells::of(batch, self.columns)?;
        for row in 0..batch.num_rows() {
            self.row(&columns, row)?;
        }
        Ok(())
    }

    fn close(mut self) -> Result<(), ArrowError> {
        XlsxWriter::close(&mut self).map_err(failed)?;
        Ok(self.writer.flush()?)
    }
}

impl LongTexts {
    fn add(
        &mut self,
        book: &mut Workbook,
        formats: &Formats,
        sheet_name: &str,
        row: u32,
        column: &str,
        text: &str,
    ) -> Result<(), XlsxError> {
        let sheet = match &mut self.sheet {
            Some(sheet) => sheet,
            none => {
                let mut sheet = book.new_worksheet_with_constant_memory();
                sheet.set_name("long texts")?;
                sheet.set_freeze_panes(1, 0)?;
                for (index, (head, width)) in (0..).zip([
                    ("sheet", 18),
                    ("row", 10),
                    ("column", 18),
                    ("part", 10),
                    ("text", 100),
                ]) {
                    sheet.set_column_width(index, width)?;
                    sheet.write_string_with_format(0, index, head, &formats.head)?;
                }
                self.rows = 1;
                none.insert(sheet)
            }
        };
        for (part, range) in (1..).zip(parts(text, CELL_UNITS)) {
            sheet.write_string(self.rows, 0, sheet_name)?;
            // Spreadsheets count rows from 1.
            sheet.write_number(self.rows, 1, row + 1)?;
            sheet.write_string(self.rows, 2, column)?;
            sheet.write_number(self.rows, 3, part)?;
            write_text(sheet, self.rows, 4, &text[range], &formats.words)?;
            self.rows += 1;
        }
        self.texts += 1;
        Ok(())
    }
}

/// What the values of a column are to a spreadsheet.
enum Kind {
    Id,
    /// What people wrote.
    Words,
    Text,
    Number,
    Time,
    Boolean,
}

fn kind(column: &Column) -> Kind {
    match column.kind {
        _ if column.is_id() => Kind::Id,
        ColumnType::Text if column.is_words() => Kind::Words,
        ColumnType::Integer => Kind::Number,
        ColumnType::Time => Kind::Time,
        ColumnType::Boolean => Kind::Boolean,
        // Also what a later column may be: its values are written as text.
        _ => Kind::Text,
    }
}

/// The column that leads to the ticket.
fn ticket_column(table: Table) -> Option<&'static str> {
    match table {
        Table::Csat | Table::Ratings | Table::SurveyResponses => Some("ticket_id"),
        Table::Tickets => Some("id"),
        _ => None,
    }
}

/// A column of times says by which clock.
pub(super) fn heading(name: &str, zone: &Zone) -> String {
    format!("{name} ({zone})")
}

fn last(columns: &[Column]) -> u16 {
    u16::try_from(columns.len().saturating_sub(1)).unwrap_or(u16::MAX)
}

fn failed(error: XlsxError) -> ArrowError {
    match error {
        XlsxError::IoError(error) => ArrowError::IoError(error.to_string(), error),
        error => ArrowError::ExternalError(Box::new(error)),
    }
}

/// A writer that takes everything once it has failed: the sink beneath it has noted why, and an archive that cannot be ended
/// would complain on standard error.
struct Unfailing<W> {
    writer: W,
    failed: bool,
}

impl<W: Write> Write for Unfailing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.failed && self.writer.write_all(bytes).is_err() {
            self.failed = true;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.failed && self.writer.flush().is_err() {
            self.failed = true;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::csat::CsatQuery;
    use crate::fixtures::{Account, rating, store_ratings};

    #[test]
    fn rows_beyond_a_sheet_go_to_the_next_and_links_beyond_it_are_ids() {
        let account = Account::new("acme");
        let ratings: Vec<_> = (1..=7)
            .map(|id| {
                let mut rating = rating(id);
                rating.ticket_id = Some(100 + id);
                rating
            })
            .collect();
        account.write(move |transaction, account| store_ratings(transaction, account, &ratings));
        let batches = account
            .history
            .batches(Table::Ratings, &CsatQuery::default())
            .unwrap();
        let (mut bytes, mut notes, folder) = (Vec::new(), Vec::new(), tempfile::tempdir().unwrap());
        let limits = Limits { rows: 4, links: 2 };
        let mut writer = XlsxWriter::new(
            &mut bytes,
            Table::Ratings,
            &Zone::default(),
            folder.path(),
            limits,
            &mut notes,
        )
        .unwrap();
        for batch in batches {
            writer.write(&batch.unwrap()).unwrap();
        }
        RecordBatchWriter::close(writer).unwrap();
        assert_eq!(
            notes,
            [
                "a sheet holds 3 rows: they are in 3 sheets",
                "a sheet holds 2 links: 2 rows have their ticket's id without one"
            ]
        );
        let mut archive = zip::ZipArchive::new(io::Cursor::new(bytes)).unwrap();
        let book = io::read_to_string(archive.by_name("xl/workbook.xml").unwrap()).unwrap();
        for name in ["ratings", "ratings 2", "ratings 3"] {
            assert!(book.contains(&format!("<sheet name=\"{name}\"")), "{book}");
        }
        let sheets: Vec<String> = (1..=3)
            .map(|sheet| {
                let name = format!("xl/worksheets/sheet{sheet}.xml");
                io::read_to_string(archive.by_name(&name).unwrap()).unwrap()
            })
            .collect();
        for (sheet, ids) in sheets.iter().zip([101..=103, 104..=106, 107..=107]) {
            for id in 101..=107 {
                assert_eq!(sheet.contains(&format!("<t>{id}</t>")), ids.contains(&id), "{id}");
            }
            // Each has its head.
            assert!(sheet.contains("<t>ticket_id</t>"));
        }
        assert_eq!(
            std::fs::read_dir(folder.path()).unwrap().count(),
            0,
            "a file is left"
        );
    }

    /// Ids are told by their names: a new number whose name does not look like one shows here.
    #[test]
    fn these_numbers_are_amounts_and_these_texts_are_read() {
        let names = |is: fn(&Column) -> bool| {
            let columns = Table::ALL.iter().flat_map(|table| table.columns());
            let names: std::collections::BTreeSet<&str> = columns
                .filter(|column| is(column))
                .map(|column| column.name)
                .collect();
            names.into_iter().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(
            names(|column| column.kind == ColumnType::Integer && !column.is_id()),
            "option_count position rating reason_code scale survey_version"
        );
        assert_eq!(
            names(Column::is_words),
            "comment headline rating_comment subject ticket_subject value"
        );
    }
}
