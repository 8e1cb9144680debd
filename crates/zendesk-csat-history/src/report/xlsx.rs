//! The report as a workbook: a sheet a section, numbers as numbers, shares as percentages, days as dates.

mod cells;
mod comments;
mod groups;
mod summary;

use std::collections::HashSet;
use std::path::Path;

use arrow_schema::ArrowError;
use rust_xlsxwriter::{Workbook, XlsxError};

use self::cells::Sheet;
use super::format;
use super::model::Report;
use crate::error::HistoryError;
use crate::export::write_whole;
use crate::workbook::guarded;

impl Report {
    /// Writes the report as a workbook for Excel and its like: a summary, a sheet for each grouping with all of its groups, and
    /// the comments. The file is there when it is whole.
    ///
    /// ```
    /// use zendesk_csat_history::History;
    /// use zendesk_csat_history::report::ReportOptions;
    ///
    /// # let folder = tempfile::tempdir()?;
    /// # let file = folder.path().join("report.xlsx");
    /// let history = History::open(":memory:")?;
    /// history.report(&ReportOptions::default())?.write_xlsx(&file)?;
    /// assert!(std::fs::read(&file)?.starts_with(b"PK"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The file cannot be written, or a grouping has more groups than a sheet has rows.
    pub fn write_xlsx(&self, path: impl AsRef<Path>) -> Result<(), HistoryError> {
        let path = path.as_ref();
        let workbook = || {
            self.workbook()
                .map_err(|error| ArrowError::ExternalError(Box::new(error)))
        };
        let bytes = guarded(workbook).map_err(|error| match error {
            ArrowError::IoError(_, source) => HistoryError::Write {
                path: path.to_path_buf(),
                source,
            },
            source => HistoryError::Encode {
                path: path.to_path_buf(),
                source,
            },
        })?;
        write_whole(path, |file| {
            file.write_all(&bytes).map_err(|source| HistoryError::Write {
                path: path.to_path_buf(),
                source,
            })
        })
    }

    fn workbook(&self) -> Result<Vec<u8>, XlsxError> {
        let mut names = HashSet::new();
        let mut sheet = Sheet::new(&sheet_name("Summary", &mut names), &self.time_zone)?;
        summary::write(&mut sheet, self)?;
        let mut sheets = vec![sheet];
        for breakdown in &self.breakdowns {
            let name = sheet_name(&format::title(breakdown), &mut names);
            let mut sheet = Sheet::new(&name, &self.time_zone)?;
            groups::write(&mut sheet, breakdown)?;
            sheets.push(sheet);
        }
        let mut sheet = Sheet::new(&sheet_name("Bad comments", &mut names), &self.time_zone)?;
        comments::write(&mut sheet, &self.latest_bad_comments)?;
        sheets.push(sheet);
        let mut book = Workbook::new();
        for sheet in sheets {
            book.push_worksheet(sheet.finished());
        }
        book.save_to_buffer()
    }
}

/// The name of a sheet: of 31 characters at most, without what no name may have, and no other sheet's.
fn sheet_name(title: &str, names: &mut HashSet<String>) -> String {
    const LONGEST: usize = 31;
    let clean: String = title
        .chars()
        .filter(|character| !character.is_control())
        .map(|character| match character {
            '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'' => ' ',
            character => character,
        })
        .collect();
    let clean = match clean.trim() {
        "" => "Sheet",
        clean => clean,
    };
    for number in 1.. {
        let end = if number == 1 {
            String::new()
        } else {
            format!(" {number}")
        };
        let mut name = String::new();
        let mut units = end.len();
        for character in clean.chars() {
            units += character.len_utf16();
            if units > LONGEST {
                break;
            }
            name.push(character);
        }
        let name = format!("{}{end}", name.trim_end());
        if names.insert(name.to_lowercase()) {
            return name;
        }
    }
    // The loop ends only by its return.
    String::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_have_names_that_spreadsheets_allow() {
        let mut names = HashSet::new();
        let mut name = |title: &str| sheet_name(title, &mut names);
        assert_eq!(name("By agent"), "By agent");
        assert_eq!(name("by AGENT"), "by AGENT 2");
        assert_eq!(
            name("Reasons for bad and neutral ratings"),
            "Reasons for bad and neutral rat"
        );
        assert_eq!(
            name("Reasons for bad and neutral rates"),
            "Reasons for bad and neutral r 2"
        );
        assert_eq!(name("By [plan]: a/b?"), "By  plan   a b");
        assert_eq!(name("'='"), "=");
        assert_eq!(name(" "), "Sheet");
        assert_eq!(
            name("😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀").encode_utf16().count(),
            30
        );
    }
}
