//! Texts in CSV: no spreadsheet runs one, and each comes back as it was.

use crate::case::{Case, Checked, check};
use ::csv::{ReaderBuilder, Writer};
use zendesk_csat_history::export::{csv_text, csv_text_as_written};

pub(super) fn run(case: &mut Case<'_>) -> Checked {
    let texts: Vec<_> = (0..30).map(|_| case.text(8)).collect();
    case.tried += texts.len() as u64;
    let mut writer = Writer::from_writer(Vec::new());
    // Every export has a header, before which alone a byte order mark would be taken for one.
    writer
        .write_record(["a", "b"])
        .map_err(|error| error.to_string())?;
    for pair in texts.chunks(2) {
        let cells = pair.iter().map(|text| csv_text(text).into_owned());
        writer.write_record(cells).map_err(|error| error.to_string())?;
    }
    let file = writer.into_inner().map_err(|error| error.to_string())?;
    let rows = ReaderBuilder::new()
        .has_headers(true)
        .from_reader(&*file)
        .into_records();
    let rows: Result<Vec<_>, _> = rows.collect();
    let rows = rows.map_err(|error| error.to_string())?;
    let cells: Vec<_> = rows.iter().flatten().collect();
    check(cells.len() == texts.len(), || {
        format!("{} cells of {texts:?}", cells.len())
    })?;
    for (text, cell) in texts.iter().zip(cells) {
        judge(text, cell)?;
    }
    Ok(())
}

/// That a cell is no formula and stands for the text.
pub(super) fn judge(text: &str, cell: &str) -> Checked {
    check(!is_formula(cell), || format!("{cell:?} is a formula"))?;
    check(csv_text_as_written(cell) == text, || {
        format!("{text:?} comes back of {cell:?}")
    })
}

/// As spreadsheets see it: white space and quotes before it are left aside, and so is what no one sees.
fn is_formula(cell: &str) -> bool {
    let begins = cell.trim_start_matches(|c: char| {
        c == '"' || c == ' ' || c == '\u{a0}' || c == '\u{feff}' || c == '\u{200b}' || c == '\0'
    });
    begins.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}
