//! The report as a workbook, read back cell by cell.

use std::collections::HashMap;
use std::fs::File;
use std::io::read_to_string;

use zendesk_csat_history::report::{Report, ReportOptions};
use zip::ZipArchive;

use crate::page::every_dimension;
use crate::table::{busy_table, small_table, survey, table};

/// A cell as it is written: a text, or a number with what it means left aside.
#[derive(Debug, Clone, PartialEq)]
enum Cell {
    Text(String),
    Number(f64),
    Boolean(bool),
}

/// Every sheet by its name, every cell by its place.
type Book = Vec<(String, HashMap<(usize, usize), Cell>)>;

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.split_once(&format!(" {name}=\""))?
        .1
        .split_once('"')
        .map(|(value, _)| value)
}

fn plain(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

fn book(report: &Report) -> Book {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.xlsx");
    report.write_xlsx(&path).unwrap();
    let mut archive = ZipArchive::new(File::open(path).unwrap()).unwrap();
    let mut part = |name: &str| read_to_string(archive.by_name(name).unwrap()).unwrap();
    let strings: Vec<String> = part("xl/sharedStrings.xml")
        .split("<si>")
        .skip(1)
        .map(|item| {
            let text = item.split_once("</t>").unwrap().0;
            plain(text.split_once('>').unwrap().1)
        })
        .collect();
    let names: Vec<String> = part("xl/workbook.xml")
        .split("<sheet ")
        .skip(1)
        .map(|sheet| plain(attribute(&format!(" {sheet}"), "name").unwrap()))
        .collect();
    (1..)
        .zip(names)
        .map(|(number, name)| {
            let sheet = part(&format!("xl/worksheets/sheet{number}.xml"));
            assert!(
                !sheet.contains("<f>") && !sheet.contains("<f "),
                "{name} has a formula"
            );
            let cells = sheet.split("<c ").skip(1).filter_map(|cell| {
                let tag = format!(" {}", cell.split_once('>').unwrap().0);
                let value = cell.split_once("<v>")?.1.split_once("</v>")?.0;
                let place = attribute(&tag, "r").unwrap();
                let letters = place.trim_end_matches(|c: char| c.is_ascii_digit());
                let column = letters
                    .bytes()
                    .fold(0, |column, letter| column * 26 + usize::from(letter - b'A') + 1);
                let row: usize = place[letters.len()..].parse().unwrap();
                let value = match attribute(&tag, "t") {
                    Some("s") => Cell::Text(strings[value.parse::<usize>().unwrap()].clone()),
                    Some("b") => Cell::Boolean(value == "1"),
                    None => Cell::Number(value.parse().unwrap()),
                    other => unreachable!("{other:?}"),
                };
                Some(((row - 1, column - 1), value))
            });
            (name, cells.collect())
        })
        .collect()
}

fn sheet<'a>(book: &'a Book, name: &str) -> &'a HashMap<(usize, usize), Cell> {
    &book.iter().find(|(sheet, _)| sheet == name).unwrap().1
}

/// What stands beside this name in the summary.
fn fact(book: &Book, name: &str) -> Option<Cell> {
    let summary = sheet(book, "Summary");
    let (row, _) = *summary
        .iter()
        .find(|(place, cell)| place.1 == 0 && **cell == Cell::Text(name.to_owned()))
        .unwrap_or_else(|| unreachable!("{name}"))
        .0;
    summary.get(&(row, 1)).cloned()
}

fn text(text: &str) -> Option<Cell> {
    Some(Cell::Text(text.to_owned()))
}

#[test]
fn the_numbers_of_the_workbook_are_the_reports() {
    for report in [
        small_table().report(&every_dimension()).unwrap(),
        busy_table().report(&every_dimension()).unwrap(),
    ] {
        let book = book(&report);
        assert_eq!(book.len(), report.breakdowns.len() + 2);
        let mut compared = 0;
        for (breakdown, (name, cells)) in report.breakdowns.iter().zip(&book[1..]) {
            let column = |head: &str| {
                (0..40)
                    .find(|column| cells.get(&(0, *column)) == Some(&Cell::Text(head.to_owned())))
                    .unwrap_or_else(|| unreachable!("{name}: {head}"))
            };
            assert!(!cells.contains_key(&(breakdown.buckets.len() + 1, 0)), "{name}");
            for (row, bucket) in (1..).zip(&breakdown.buckets) {
                let score = &bucket.score;
                let at = |head: &str| cells.get(&(row, column(head))).cloned();
                #[expect(clippy::cast_precision_loss, reason = "small numbers")]
                let number = |number: u64| Some(Cell::Number(number as f64));
                assert_eq!(at("Answered"), number(score.answered), "{name}");
                assert_eq!(at("Good"), number(score.good));
                assert_eq!(at("Neutral"), number(score.neutral));
                assert_eq!(at("Bad"), number(score.bad));
                assert_eq!(at("Sent"), number(score.sent));
                assert_eq!(at("Small sample"), Some(Cell::Boolean(score.small_sample)));
                for (head, percent) in [
                    ("CSAT", score.csat_percent),
                    ("95% CI low", score.csat_percent_low),
                    ("95% CI high", score.csat_percent_high),
                    ("Response rate", score.response_rate_percent),
                ] {
                    let close = match (at(head), percent) {
                        (Some(Cell::Number(share)), Some(percent)) => (share * 100.0 - percent).abs() < 1e-9,
                        (None, None) => true,
                        _ => false,
                    };
                    assert!(close, "{name} {head}: {:?} {percent:?}", at(head));
                }
                let points = bucket.change.as_ref().map(|change| change.csat_points);
                assert_eq!(at("Change in points"), points.map(Cell::Number));
                if breakdown.by.is_time() {
                    assert!(
                        matches!(at("From"), Some(Cell::Number(day)) if day > 40_000.0 && day % 1.0 == 0.0)
                    );
                } else {
                    assert_eq!(at("Id"), bucket.key.clone().map(Cell::Text));
                }
                compared += 1;
            }
        }
        assert!(compared > 30);
    }
}

#[test]
fn the_summary_says_what_the_report_is() {
    let options = ReportOptions {
        since: Some("2026-03-01T00:00:00Z".parse().unwrap()),
        until: Some("2026-04-01T00:00:00Z".parse().unwrap()),
        ..ReportOptions::default()
    };
    let report = small_table().report(&options).unwrap();
    let book = book(&report);
    assert_eq!(fact(&book, "Accounts"), text("acme"));
    assert_eq!(fact(&book, "Time zone of every time here"), text("UTC"));
    assert_eq!(
        fact(&book, "What counts once"),
        text("tickets, each by its latest answer")
    );
    assert_eq!(fact(&book, "Period from"), Some(Cell::Number(46_082.0)));
    assert_eq!(
        fact(&book, "Period to, not part of it"),
        Some(Cell::Number(46_113.0))
    );
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    let sent = report.total.sent as f64;
    assert_eq!(fact(&book, "Sent"), Some(Cell::Number(sent)));
}

#[test]
fn comments_are_texts_whatever_they_say() {
    let hostile = "=cmd|' /C calc'!A0";
    let rows = [survey("2026-03-02T10:00:00Z", "2026-03-30T10:00:00Z")
        .answered("bad", "2026-03-02T12:00:00Z")
        .by(-21, 7)
        .saying(107, hostile)];
    let report = table(&rows).report(&ReportOptions::default()).unwrap();
    let book = book(&report);
    let comments = sheet(&book, "Bad comments");
    let row: Vec<Option<&Cell>> = (0..9).map(|column| comments.get(&(1, column))).collect();
    assert_eq!(row[0], Some(&Cell::Number(46_083.5)));
    assert_eq!(row[1].cloned(), text("107"));
    assert_eq!(row[3].cloned(), text("-21"));
    assert_eq!(row[8].cloned(), text(hostile));
}

#[test]
fn an_empty_report_is_a_workbook_without_scores() {
    let report = table(&[]).report(&ReportOptions::default()).unwrap();
    let book = book(&report);
    assert_eq!(fact(&book, "CSAT"), None);
    assert_eq!(fact(&book, "Answered"), Some(Cell::Number(0.0)));
}
