//! What the workbooks of exports and of reports share: what a cell can hold, how it looks, and when its clock says it is.
//!
//! Texts are written as texts, never as formulas, and links are made here, never taken from what others wrote.

use std::borrow::Cow;
use std::io;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use arrow_schema::ArrowError;
use chrono::{NaiveDate, NaiveTime};
use rust_xlsxwriter::{
    Color, Format, FormatAlign, FormatBorder, FormatUnderline, Workbook, Worksheet, XlsxError,
};

use crate::calendar::{MS_PER_DAY, Offset, Zone};

/// Rows of a sheet.
pub(crate) const SHEET_ROWS: u32 = 1_048_576;
/// Links of a sheet.
pub(crate) const SHEET_LINKS: u32 = 65_530;
/// What a cell holds of a text, in the units of UTF-16.
pub(crate) const CELL_UNITS: usize = 32_767;

/// How cells look.
pub(crate) struct Formats {
    pub(crate) head: Format,
    pub(crate) text: Format,
    /// Text that is read: wrapped.
    pub(crate) words: Format,
    /// Digits that are a name and no number.
    pub(crate) id: Format,
    pub(crate) link: Format,
    pub(crate) time: Format,
    pub(crate) date: Format,
    pub(crate) number: Format,
    pub(crate) count: Format,
    /// A share of one, shown in hundredths.
    pub(crate) percent: Format,
    pub(crate) title: Format,
}

impl Formats {
    pub(crate) fn new() -> Self {
        let cell = || Format::new().set_align(FormatAlign::Top);
        let numbers = |format: &str| cell().set_num_format(format);
        Self {
            head: Format::new()
                .set_bold()
                .set_align(FormatAlign::Top)
                .set_text_wrap()
                .set_border_bottom(FormatBorder::Thin),
            text: cell().set_align(FormatAlign::Left),
            words: cell().set_align(FormatAlign::Left).set_text_wrap(),
            id: numbers("@").set_align(FormatAlign::Left),
            link: numbers("@")
                .set_align(FormatAlign::Left)
                .set_font_color(Color::RGB(0x0005_63C1))
                .set_underline(FormatUnderline::Single),
            time: numbers("yyyy-mm-dd hh:mm:ss").set_align(FormatAlign::Left),
            date: numbers("yyyy-mm-dd").set_align(FormatAlign::Left),
            number: numbers("General"),
            count: numbers("#,##0"),
            percent: numbers("0.0%"),
            title: Format::new().set_bold().set_font_size(14),
        }
    }
}

/// Writes a text as it is. Where its begin would make it a formula if it were typed, it is marked as text, so that it stays one
/// when somebody edits the cell.
pub(crate) fn write_text(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    if text.starts_with(['=', '+', '-', '@', '\'']) {
        let format = format.clone().set_quote_prefix();
        sheet.write_string_with_format(row, column, text, &format)?;
    } else {
        sheet.write_string_with_format(row, column, text, format)?;
    }
    Ok(())
}

/// The text with its lines ended as in a cell: a spreadsheet shows the other half of `\r\n` as what it is not.
pub(crate) fn cell_lines(text: &str) -> Cow<'_, str> {
    if text.contains("\r\n") {
        text.replace("\r\n", "\n").into()
    } else {
        text.into()
    }
}

/// The parts of a text that cells can hold.
pub(crate) fn parts(text: &str, units: usize) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let (mut start, mut held) = (0, 0);
    for (at, character) in text.char_indices() {
        if held + character.len_utf16() > units {
            parts.push(start..at);
            (start, held) = (at, 0);
        }
        held += character.len_utf16();
    }
    parts.push(start..text.len());
    parts
}

/// Whether a cell holds the whole text.
pub(crate) fn fits(text: &str) -> bool {
    // A unit is a byte at least: nearly all texts need no count.
    text.len() <= CELL_UNITS || text.encode_utf16().count() <= CELL_UNITS
}

/// The clock on the wall of a zone, for many times one after another.
pub(crate) struct WallClock {
    zone: Zone,
    offset: Offset,
}

impl WallClock {
    pub(crate) fn new(zone: Zone) -> Self {
        let offset = zone.offset(0);
        Self { zone, offset }
    }

    pub(crate) fn zone(&self) -> &Zone {
        &self.zone
    }

    /// Milliseconds since 1970 began on that clock.
    pub(crate) fn local(&mut self, milliseconds: i64) -> i64 {
        if !self.offset.holds(milliseconds) {
            self.offset = self.zone.offset(milliseconds);
        }
        milliseconds.saturating_add(self.offset.seconds * 1000)
    }

    /// The number by which a spreadsheet means this time; none before March 1900, which spreadsheets count in different
    /// ways, and after the year 9999.
    pub(crate) fn serial(&mut self, milliseconds: i64) -> Option<f64> {
        let local = self.local(milliseconds);
        FIRST_SERIAL_MS.contains(&local).then(|| serial(local))
    }
}

/// 1970-01-01, by the days of a spreadsheet.
const EPOCH: i64 = 25_569;
const FIRST_SERIAL_MS: Range<i64> = (61 - EPOCH) * MS_PER_DAY..(2_958_466 - EPOCH) * MS_PER_DAY;

/// The number by which a spreadsheet means this time.
#[expect(
    clippy::cast_precision_loss,
    reason = "a time of four digits' years has 48 bits"
)]
fn serial(local_ms: i64) -> f64 {
    (local_ms + EPOCH * MS_PER_DAY) as f64 / MS_PER_DAY as f64
}

/// The number by which a spreadsheet means this day.
pub(crate) fn date_serial(date: NaiveDate) -> Option<f64> {
    let local = date.and_time(NaiveTime::MIN).and_utc().timestamp_millis();
    FIRST_SERIAL_MS.contains(&local).then(|| serial(local))
}

/// Sheets have temporary files, and rust_xlsxwriter panics where one cannot be made or is full: here that is an error like any other.
pub(crate) fn guarded<T>(write: impl FnOnce() -> Result<T, ArrowError>) -> Result<T, ArrowError> {
    catch_unwind(AssertUnwindSafe(write)).unwrap_or_else(|_panic| {
        let error = io::Error::new(
            io::ErrorKind::StorageFull,
            "a workbook needs a temporary file, and it cannot be made or written: is the disk full, or no place for such files?",
        );
        Err(ArrowError::IoError(error.to_string(), error))
    })
}

/// A workbook whose sheets can keep their rows in that folder until it is saved.
pub(crate) fn new_workbook(folder: &Path) -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    book.set_tempdir(folder)?;
    Ok(book)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serials_are_those_of_spreadsheets() {
        let at = |text: &str| {
            chrono::DateTime::parse_from_rfc3339(text)
                .unwrap()
                .timestamp_millis()
        };
        let mut utc = WallClock::new(Zone::default());
        // What spreadsheets show as 1900-03-01, 1970-01-01, 2026-03-01 12:00 and 9999-12-31.
        assert_eq!(utc.serial(at("1900-03-01T00:00:00Z")), Some(61.0));
        assert_eq!(utc.serial(0), Some(25_569.0));
        assert_eq!(utc.serial(at("2026-03-01T12:00:00Z")), Some(46_082.5));
        assert_eq!(utc.serial(at("9999-12-31T00:00:00Z")), Some(2_958_465.0));
        assert_eq!(utc.serial(at("1900-02-28T23:59:59Z")), None);
        assert_eq!(utc.serial(i64::MAX), None);
        let mut berlin = WallClock::new("Europe/Berlin".parse().unwrap());
        assert_eq!(berlin.serial(at("2026-03-01T11:00:00Z")), Some(46_082.5));
        assert_eq!(berlin.serial(at("2026-07-01T10:00:00Z")), Some(46_204.5));
        assert_eq!(berlin.serial(at("2026-03-01T11:00:00Z")), Some(46_082.5));
    }

    #[test]
    fn long_texts_part_between_characters() {
        let of = |text: &'static str| -> Vec<&str> {
            let parts = parts(text, 3);
            parts.into_iter().map(|part| &text[part]).collect()
        };
        assert_eq!(of("abc"), ["abc"]);
        assert_eq!(of("abcd"), ["abc", "d"]);
        // An emoji is two units.
        assert_eq!(of("ab😀c"), ["ab", "😀c"]);
        assert_eq!(of(""), [""]);
        assert!(fits(&"é".repeat(CELL_UNITS)) && !fits(&"é".repeat(CELL_UNITS + 1)));
        assert_eq!(cell_lines("a\r\nb\r"), "a\nb\r");
        assert!(!fits(&"😀".repeat(CELL_UNITS / 2 + 1)));
    }
}
