//! What spreadsheets are given. That they read it so is for LibreOffice and openpyxl to say, among the external tools.

use std::io::{Cursor, Read};

use zendesk_csat_history::export::{ExportOptions, Format, Table, csv_text};
use zendesk_csat_history::{Calendar, CsatQuery, HistoryError};
use zip::ZipArchive;

use crate::file::{File, HOSTILE, MARCH, every_table};

fn written(file: &File, format: Format, options: &ExportOptions) -> (Vec<u8>, Vec<String>) {
    let mut bytes = Vec::new();
    let export = file.history.export_to(&mut bytes, format, options).unwrap();
    (bytes, export.notes)
}

fn of(table: Table) -> ExportOptions {
    ExportOptions {
        table,
        ..ExportOptions::default()
    }
}

fn part(workbook: &[u8], name: &str) -> String {
    let mut archive = ZipArchive::new(Cursor::new(workbook)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_workbook_has_dates_as_numbers_ids_as_text_and_nothing_that_runs() {
    let file = every_table();
    let (workbook, notes) = written(&file, Format::Xlsx, &of(Table::Ratings));
    assert!(notes.is_empty(), "{notes:?}");
    let sheet = part(&workbook, "xl/worksheets/sheet1.xml");
    assert!(!sheet.contains("<f>") && !sheet.contains("<f "), "{sheet}");
    // 2026-03-01T10:00:00Z: day 46082, ten hours of it.
    let serial = 46_082.0 + 10.0 / 24.0;
    assert!(sheet.contains(&format!("<v>{serial}</v>")), "{sheet}");
    assert!(sheet.contains("created_at (UTC)") && sheet.contains("<autoFilter ref=\"A1:R17\"/>"));
    assert!(sheet.contains("state=\"frozen\""));
    // The rating's id, and the ticket, which is a link.
    assert!(
        sheet.contains("t=\"inlineStr\"><is><t>999</t></is></c>"),
        "{sheet}"
    );
    assert!(sheet.contains("<hyperlink ref=\"C2\""), "{sheet}");
    let links = part(&workbook, "xl/worksheets/_rels/sheet1.xml.rels");
    assert!(links.contains("Target=\"https://acme.zendesk.com/agent/tickets/7\""));
    let targets = links.matches("Target=\"").count();
    assert_eq!(
        links
            .matches("Target=\"https://acme.zendesk.com/agent/tickets/")
            .count(),
        targets
    );
    // Nothing that XML cannot say, and what a customer writes to look like an escape is none.
    assert!(!sheet.contains('\0') && sheet.contains("before_x0000_after"));
}

fn in_zone(zone: &str) -> CsatQuery {
    CsatQuery {
        calendar: Calendar {
            zone: zone.parse().unwrap(),
            ..Calendar::default()
        },
        ..CsatQuery::default()
    }
}

#[test]
fn the_clock_of_a_workbook_is_the_zones_and_its_headings_say_so() {
    let file = every_table();
    let options = ExportOptions {
        rows: in_zone("Asia/Kolkata"),
        ..of(Table::Ratings)
    };
    let sheet = part(
        &written(&file, Format::Xlsx, &options).0,
        "xl/worksheets/sheet1.xml",
    );
    let serial = 46_082.0 + 15.5 / 24.0;
    assert!(sheet.contains(&format!("<v>{serial}</v>")), "{sheet}");
    assert!(sheet.contains("created_at (Asia/Kolkata)"));
}

#[test]
fn what_a_cell_cannot_hold_is_whole_in_a_sheet_of_its_own() {
    let file = every_table();
    let long = format!("={}😀tail", "x".repeat(40_000));
    file.execute(&format!(
        "UPDATE ratings SET comment = '{long}' WHERE account_id = 1 AND id = 3"
    ));
    let (workbook, notes) = written(&file, Format::Xlsx, &of(Table::Ratings));
    assert_eq!(
        notes,
        ["a cell holds 32767 characters: the whole of one text is in the sheet \"long texts\""]
    );
    let sheet = part(&workbook, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("xx … (goes on in the sheet \"long texts\")</t>"));
    let texts = part(&workbook, "xl/worksheets/sheet2.xml");
    let parts: Vec<&str> = texts
        .split("<t>")
        .filter_map(|text| text.split_once("</t>"))
        .map(|(text, _)| text)
        .filter(|text| text.contains("xx") || text.contains("tail"))
        .collect();
    assert_eq!(parts.len(), 2);
    assert_eq!(parts.concat(), long);
    assert!(parts.iter().all(|part| part.encode_utf16().count() <= 32_767));
}

#[test]
fn csv_for_spreadsheets_keeps_dates_digits_and_letters() {
    let file = every_table();
    file.execute("UPDATE ratings SET requester_id = 439808158427, group_id = 42 WHERE account_id = 1");
    let options = ExportOptions {
        excel: true,
        rows: CsatQuery {
            subdomain: Some("acme".to_owned()),
            ..in_zone("Europe/Berlin")
        },
        ..of(Table::Ratings)
    };
    let (text, _) = written(&file, Format::Csv, &options);
    let text = String::from_utf8(text).unwrap();
    let text = text.strip_prefix('\u{feff}').unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let head = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let cell = |row: usize, name: &str| {
        let column = head.iter().position(|head| head == name).unwrap();
        rows[row].get(column).unwrap().to_owned()
    };
    assert_eq!(cell(0, "created_at (Europe/Berlin)"), "2026-03-01 11:00:00");
    assert_eq!(cell(0, "requester_id"), "'439808158427");
    assert_eq!(
        (cell(0, "group_id"), cell(0, "id")),
        ("42".to_owned(), "0".to_owned())
    );
    for (row, comment) in HOSTILE.iter().enumerate() {
        assert_eq!(cell(row, "comment"), csv_text(comment));
    }
    // Without it the file is what it was.
    let options = ExportOptions {
        excel: false,
        ..options
    };
    let (plain, _) = written(&file, Format::Csv, &options);
    let plain = String::from_utf8(plain).unwrap();
    assert!(plain.starts_with("subdomain,id,"));
    assert!(plain.contains(",439808158427,") && plain.contains("2026-03-01T10:00:00.000Z"));
}

#[test]
fn only_csv_is_written_for_spreadsheets() {
    let file = every_table();
    let options = ExportOptions {
        excel: true,
        ..ExportOptions::default()
    };
    for format in Format::ALL {
        let path = file.path().with_file_name(format!("csat.{format}"));
        match file.history.export(&path, &options) {
            Ok(export) => assert_eq!(export.format, Format::Csv),
            Err(error) => {
                assert!(
                    matches!(error, HistoryError::NotForSpreadsheets { .. }),
                    "{error}"
                );
                assert!(!path.exists());
            }
        }
    }
}

#[test]
fn times_that_no_spreadsheet_knows_are_text() {
    let file = every_table();
    let year_1850 = MARCH - 176 * 365 * 86_400_000;
    file.execute(&format!(
        "UPDATE reasons SET deleted_at = {year_1850} WHERE account_id = 1 AND id = 6"
    ));
    let (workbook, _) = written(&file, Format::Xlsx, &of(Table::Reasons));
    let sheet = part(&workbook, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<t>1850-04-13T10:00:00.000Z</t>"), "{sheet}");
}
