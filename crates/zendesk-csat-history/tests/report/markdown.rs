//! The report in Markdown.

use zendesk_csat_history::report::{Dimension, ReportOptions};

use crate::table::{busy_table, rating, small_table, survey, table, tables};

#[test]
fn busy_account() {
    let report = busy_table().report(&ReportOptions::default()).unwrap();
    insta::assert_snapshot!(report.to_markdown());
}

#[test]
fn it_has_no_comments() {
    let report = small_table().report(&ReportOptions::default()).unwrap();
    assert_eq!(report.latest_bad_comments.len(), 2);
    let text = report.to_markdown();
    assert!(!text.contains("invoice") && !text.contains("script"), "{text}");
}

#[test]
fn an_empty_table_says_so_and_what_to_do() {
    let text = table(&[])
        .report(&ReportOptions::default())
        .unwrap()
        .to_markdown();
    assert_eq!(
        text,
        "## CSAT\n\nThe history holds no ratings yet. Bring it up to date with the account: `zendesk-csat sync`.\n"
    );
}

/// A table has a cell for each column, however a reason or an account is called.
#[test]
fn names_from_outside_break_no_table() {
    let rows = [
        rating("2026-03-02T08:00:00.000Z")
            .answered("bad", "2026-03-02T09:00:00.000Z")
            .because("a | b\n\n| c | <b>@all</b> `", "5"),
        survey("2026-03-09T08:00:00.000Z", "2026-04-06T08:00:00.000Z")
            .answered("bad", "2026-03-09T09:00:00.000Z")
            .because("[x](http://a.example) ![y](z) | # 1", "o1"),
    ];
    let text = tables(&[("acme | <i>", &rows)])
        .report(&ReportOptions {
            by: Dimension::ALL.to_vec(),
            ..ReportOptions::default()
        })
        .unwrap()
        .to_markdown();
    let cells = |line: &str| line.replace("\\|", "").matches('|').count();
    for section in text.split("\n\n") {
        let rows: Vec<&str> = section.lines().filter(|line| line.starts_with('|')).collect();
        assert!(rows.iter().all(|row| cells(row) == cells(rows[0])), "{section}");
    }
    assert!(
        text.starts_with("## CSAT of acme \\| \\<i\\>, 2026-03-02"),
        "{text}"
    );
    for markup in ["<b>", "[x](", "@all", "!["] {
        assert!(!text.contains(markup), "{markup} in {text}");
    }
}
