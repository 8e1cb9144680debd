//! The report in a terminal.

use zendesk_csat_history::report::{Dimension, ReportOptions};

use crate::table::{busy_table, small_table, table};

#[test]
fn small_account() {
    let report = small_table().report(&ReportOptions::default()).unwrap();
    insta::assert_snapshot!(report.to_text(100, false));
}
#[test]
fn empty_table() {
    let report = table(&[]).report(&ReportOptions::default()).unwrap();
    insta::assert_snapshot!(report.to_text(100, false));
}

#[test]
fn busy_account() {
    let report = busy_table().report(&ReportOptions::default()).unwrap();
    insta::assert_snapshot!(report.to_text(100, false));
}

#[test]
fn keeps_to_the_width_from_72_columns_on() {
    let report = busy_table()
        .report(&ReportOptions {
            by: Dimension::ALL.to_vec(),
            ..ReportOptions::default()
        })
        .unwrap();
    for width in [72, 80, 90, 100, 140] {
        for line in report.to_text(width, false).lines() {
            assert!(line.chars().count() <= usize::from(width), "{width}: {line}");
        }
    }
}

#[test]
fn color_changes_nothing_but_color() {
    let report = small_table().report(&ReportOptions::default()).unwrap();
    let plain = report.to_text(100, false);
    let mut colored = report.to_text(100, true);
    assert!(!plain.contains('\u{1b}') && colored.contains('\u{1b}'));
    for code in ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[2m"] {
        colored = colored.replace(code, "");
    }
    assert_eq!(colored, plain);
}

#[test]
fn empty_period() {
    let options = ReportOptions {
        since: "2027-01-01T00:00:00Z".parse().ok(),
        ..ReportOptions::default()
    };
    let text = small_table().report(&options).unwrap().to_text(100, false);
    assert!(
        text.contains("No rating was sent in this period, 2027-01-01")
            && text.contains("There are ratings from 2026-03-02 to 2026-03-24"),
        "{text}"
    );
}
