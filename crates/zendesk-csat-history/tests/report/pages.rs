//! The report as people read it.

use zendesk_csat_history::report::{Dimension, ReportOptions};

use crate::table::{File, rating, small_table, survey, table};

#[test]
fn text() {
    let report = small_table().report(&ReportOptions::default()).unwrap();
    insta::assert_snapshot!(report.to_text(100, false));
}
#[test]
fn text_of_an_empty_table_says_so() {
    let report = table(&[]).report(&ReportOptions::default()).unwrap();
    insta::assert_snapshot!(report.to_text(100, false));
}

/// Enough ratings for numbers with thousands, a comparison, and agents beyond those shown.
fn busy_table() -> File {
    let mut rows = Vec::new();
    for (sent, rated, share) in [
        ("2026-02-03T08:00:00.000Z", "2026-02-03T08:20:00.000Z", 6),
        ("2026-02-17T08:00:00.000Z", "2026-02-18T11:00:00.000Z", 7),
        ("2026-03-03T08:00:00.000Z", "2026-03-03T10:30:00.000Z", 8),
        ("2026-03-17T08:00:00.000Z", "2026-03-17T08:00:45.000Z", 9),
    ] {
        for number in 0..600 {
            let row = if share < 7 {
                rating(sent)
            } else {
                survey(sent, "2026-04-14T08:00:00.000Z")
            };
            let row = match number % 20 {
                rest if rest < share => row.answered("good", rated),
                10 => row.answered("bad", rated).because("Slow", "1"),
                11 if share > 6 => row.answered("neutral", rated),
                _ => row,
            };
            rows.push(row.by(1000 + number / 30, number / 300));
        }
    }
    table(&rows)
}

#[test]
fn text_of_a_busy_account() {
    let report = busy_table().report(&ReportOptions::default()).unwrap();
    insta::assert_snapshot!(report.to_text(100, false));
}

#[test]
fn text_keeps_to_the_width_from_72_columns_on() {
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
fn text_of_an_empty_period_says_so() {
    let options = ReportOptions {
        since: "2027-01-01T00:00:00Z".parse().ok(),
        ..ReportOptions::default()
    };
    let text = small_table().report(&options).unwrap().to_text(100, false);
    assert!(
        text.contains("no rating was sent") && text.contains("2027-01-01"),
        "{text}"
    );
}
