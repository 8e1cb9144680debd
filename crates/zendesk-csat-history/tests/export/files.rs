//! Tables as files. What other libraries read in them is tested from Python.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use arrow_array::RecordBatchReader;
use serde_json::{Value, json};
use zendesk_csat_history::export::{ExportOptions, Format, Table, csv_text_as_written};
use zendesk_csat_history::report::ReportOptions;
use zendesk_csat_history::{CsatQuery, History, HistoryError};

use crate::file::{File, HOSTILE, MARCH, every_table, ratings};

fn of(table: Table) -> ExportOptions {
    ExportOptions {
        table,
        ..ExportOptions::default()
    }
}

fn only(table: Table, rows: &CsatQuery) -> ExportOptions {
    ExportOptions {
        rows: rows.clone(),
        ..of(table)
    }
}

/// What is in the folder of the history beside the history.
fn beside(file: &File) -> Vec<String> {
    let folder = file.path().parent().unwrap().to_path_buf();
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with("csat.db"))
        .collect();
    names.sort();
    names
}

#[test]
fn the_suffix_tells_the_format_and_the_summary_what_was_written() {
    let file = ratings(20_000);
    for (name, format, magic) in [
        ("a.csv", Format::Csv, b"subdomai"),
        ("a.jsonl", Format::JsonLines, b"{\"subdom"),
        ("a.NDJSON", Format::JsonLines, b"{\"subdom"),
        ("a.parquet", Format::Parquet, b"PAR1"),
        ("a.arrow", Format::Arrow, b"ARROW1"),
        ("a.feather", Format::Arrow, b"ARROW1"),
        ("a.xlsx", Format::Xlsx, b"PK\x03\x04"),
    ] as [(&str, Format, &[u8]); 7]
    {
        let path = file.path().with_file_name(name);
        let export = file.history.export(&path, &ExportOptions::default()).unwrap();
        let written = fs::read(&path).unwrap();
        assert!(written.starts_with(magic), "{name}");
        assert_eq!(
            serde_json::to_value(&export).unwrap(),
            json!({
                "path": path, "table": "csat", "format": format.as_str(), "rows": 20_001, "columns": 39,
                "bytes": written.len(),
            })
        );
        let words = format!(
            "20001 rows of csat with 39 columns, {} bytes of {format}, in ",
            written.len()
        );
        assert!(export.to_string().starts_with(&words), "{export}");
    }
    assert_eq!(
        beside(&file),
        [
            "a.NDJSON",
            "a.arrow",
            "a.csv",
            "a.feather",
            "a.jsonl",
            "a.parquet",
            "a.xlsx"
        ]
    );
}

#[test]
fn lines_of_json_are_the_rows() {
    let file = ratings(9_000);
    let mut text = Vec::new();
    let query = CsatQuery::default();
    let export = file
        .history
        .export_to(&mut text, Format::JsonLines, &ExportOptions::default())
        .unwrap();
    assert_eq!((export.path, export.bytes), (None, text.len() as u64));
    let lines = std::str::from_utf8(&text).unwrap().lines();
    let found: Vec<Value> = lines.map(|line| serde_json::from_str(line).unwrap()).collect();
    let rows = file.history.csat(&query).unwrap();
    assert_eq!(found.len(), rows.len());
    for (mut found, row) in found.into_iter().zip(rows) {
        assert_eq!(
            found.as_object_mut().unwrap().remove("subdomain"),
            Some(json!(row.subdomain))
        );
        assert_eq!(found, serde_json::to_value(&row).unwrap());
    }
}

#[test]
fn formulas_are_marked_in_csv_and_numbers_stay_numbers() {
    let file = every_table();
    let mut text = Vec::new();
    let query = CsatQuery {
        subdomain: Some("acme".to_owned()),
        ..CsatQuery::default()
    };
    file.history
        .export_to(&mut text, Format::Csv, &only(Table::Ratings, &query))
        .unwrap();
    let mut reader = csv::Reader::from_reader(&text[..]);
    let comment = reader
        .headers()
        .unwrap()
        .iter()
        .position(|name| name == "comment")
        .unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let cells: Vec<&str> = rows
        .iter()
        .map(|row| row.get(comment).unwrap())
        .take(HOSTILE.len())
        .collect();
    assert_eq!(
        cells
            .iter()
            .map(|cell| csv_text_as_written(cell).into_owned())
            .collect::<Vec<_>>(),
        HOSTILE
    );
    let marked = cells.iter().filter(|cell| cell.starts_with('\'')).count();
    assert_eq!(marked, 10, "{cells:?}");

    let mut text = Vec::new();
    file.history
        .export_to(&mut text, Format::Csv, &only(Table::Tickets, &query))
        .unwrap();
    assert_eq!(
        String::from_utf8(text).unwrap(),
        "subdomain,id,generated_at,subject,status,assignee_id,group_id,rating_id,rating_score,rating_comment,channel,inaccessible,\
         brand_id,organization_id,ticket_form_id,priority,type,tags,created_at,custom_fields\n\
         acme,7,2026-03-01T10:00:00.000Z,'=1+1,solved,21,-3,,,,,false,40,50,60,high,incident,\"[\"\"vip\"\",\"\"a b\"\"]\",2026-03-01T10:00:00.000Z,\
         \"{\"\"seats\"\":12,\"\"wish\"\":\"\"x;\\u003d1+1\"\"}\"\n"
    );
}

#[test]
fn every_table_is_written_in_every_format() {
    let file = every_table();
    for table in Table::ALL {
        let query = CsatQuery::default();
        let batches = file.history.batches(table, &query).unwrap();
        let columns = batches.schema().fields().len() as u64;
        let rows: usize = batches.map(|batch| batch.unwrap().num_rows()).sum();
        assert!(rows > 0, "{table}");
        for format in Format::ALL {
            let export = file.history.export_to(io::sink(), format, &of(table)).unwrap();
            assert_eq!(
                (export.rows, export.columns),
                (rows as u64, columns),
                "{table} {format}"
            );
        }
    }
}

#[test]
fn rows_are_bounded_as_those_of_the_table() {
    let file = ratings(100);
    let options = ExportOptions {
        rows: CsatQuery {
            since: chrono::DateTime::from_timestamp_millis(MARCH + 3_600_000),
            until: chrono::DateTime::from_timestamp_millis(MARCH + 3 * 3_600_000),
            ..CsatQuery::default()
        },
        ..ExportOptions::default()
    };
    let path = file.path().with_file_name("two.csv");
    assert_eq!(file.history.export(&path, &options).unwrap().rows, 2);
    let refused = file.history.export(
        &path,
        &ExportOptions {
            table: Table::Reasons,
            ..options
        },
    );
    let error = refused.unwrap_err();
    assert!(matches!(error, HistoryError::NotInTime { .. }));
    assert!(error.to_string().contains("leave out since and until"), "{error}");
}

#[test]
fn a_file_that_fails_leaves_what_was_there_and_nothing_else() {
    let file = ratings(20_000);
    file.execute("UPDATE ratings SET comment = CAST(x'ff' AS TEXT) WHERE id = 15000");
    let path = file.path().with_file_name("rows.jsonl");
    fs::write(&path, "yesterday's").unwrap();
    let error = file.history.export(&path, &ExportOptions::default()).unwrap_err();
    assert!(
        matches!(error, HistoryError::Sqlite { .. }) && error.to_string().contains("comment"),
        "{error}"
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), "yesterday's");
    assert_eq!(beside(&file), ["rows.jsonl"]);
}

#[test]
fn errors_say_what_to_do_next() {
    let file = ratings(1);
    let folder = file.path().parent().unwrap().to_path_buf();
    let refused = |path: &Path, format: Option<Format>| {
        let options = ExportOptions {
            format,
            ..ExportOptions::default()
        };
        file.history.export(path, &options).unwrap_err()
    };
    for (error, advice) in [
        (
            refused(&folder.join("csat.txt"), None),
            "end the name in .xlsx, .csv, .jsonl, .parquet or .arrow",
        ),
        (refused(&folder, Some(Format::Csv)), "name a file in it"),
        (refused(&folder.join("no/such/csat.csv"), None), "make it first"),
        (refused(&file.path(), Some(Format::Csv)), "name another file"),
    ] {
        assert!(error.to_string().contains(advice), "{error}");
    }
    // The history is still one.
    assert_eq!(
        History::open(file.path())
            .unwrap()
            .csat(&CsatQuery::default())
            .unwrap()
            .len(),
        2
    );
    let error = "xls".parse::<Format>().unwrap_err().to_string();
    assert!(error.contains("csv, jsonl, parquet, arrow, xlsx"), "{error}");
}

#[test]
fn what_cannot_be_written_to_is_named_with_the_reason() {
    struct Full(usize);
    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self
                .0
                .checked_sub(bytes.len())
                .ok_or(io::ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let file = ratings(20_000);
    for format in Format::ALL {
        for room in [0, 100, 60_000] {
            let written = file
                .history
                .export_to(Full(room), format, &ExportOptions::default());
            match written.unwrap_err() {
                HistoryError::Write { source, .. } => assert_eq!(source.kind(), io::ErrorKind::StorageFull),
                other => unreachable!("{format} {room}: {other}"),
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn links_and_pipes_stay_what_they_are() {
    let file = ratings(10);
    let (real, link) = (
        file.path().with_file_name("real.csv"),
        file.path().with_file_name("link.csv"),
    );
    fs::write(&real, "yesterday's").unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    file.history.export(&link, &ExportOptions::default()).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(fs::read_to_string(&real).unwrap().starts_with("subdomain,"));

    let options = ExportOptions {
        format: Some(Format::Csv),
        ..ExportOptions::default()
    };
    file.history.export("/dev/null", &options).unwrap();
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
}

#[cfg(unix)]
#[test]
fn a_new_file_is_its_owners_and_one_that_is_replaced_keeps_its_mode() {
    use std::os::unix::fs::PermissionsExt;
    let file = ratings(10);
    let csv = file.path().with_file_name("csat.csv");
    let mode = || fs::metadata(&csv).unwrap().permissions().mode() & 0o777;
    file.history.export(&csv, &of(Table::Csat)).unwrap();
    assert_eq!(mode(), 0o600);
    fs::set_permissions(&csv, fs::Permissions::from_mode(0o644)).unwrap();
    file.history.export(&csv, &of(Table::Csat)).unwrap();
    assert_eq!(mode(), 0o644);
}

#[test]
fn no_database_and_no_journal_is_replaced() {
    let file = ratings(10);
    let options = ExportOptions {
        format: Some(Format::Csv),
        ..ExportOptions::default()
    };
    let (other, journal) = (
        file.path().with_file_name("other.db"),
        file.path().with_file_name("other.db-wal"),
    );
    fs::copy(file.path(), &other).unwrap();
    let before = fs::read(&other).unwrap();
    fs::write(&journal, "what a sync has written last").unwrap();
    for place in [file.path(), other.clone(), journal.clone()] {
        let error = file.history.export(&place, &options).unwrap_err();
        assert!(matches!(error, HistoryError::IsADatabase { .. }), "{error:?}");
        let page = file.history.report(&ReportOptions::default()).unwrap();
        let error = page.write_html(&place).unwrap_err();
        assert!(matches!(error, HistoryError::IsADatabase { .. }), "{error:?}");
    }
    assert_eq!(fs::read(&other).unwrap(), before);
    assert_eq!(
        fs::read_to_string(&journal).unwrap(),
        "what a sync has written last"
    );
}
