//! Of which time a report is, and what it is compared with.

use zendesk_csat_history::Period;
use zendesk_csat_history::report::{Dimension, ReportOptions};

use crate::table::{File, Row, rating, table};

/// 40 answers a month, of which so many are good, as one asks on its tenth day.
fn months(of: &[(&'static str, &'static str, usize)]) -> File {
    let rows: Vec<Row> = of
        .iter()
        .flat_map(|&(sent, rated, good)| {
            (0..40).map(move |number| {
                rating(sent)
                    .answered(if number < good { "good" } else { "bad" }, rated)
                    .by(1 + number as i64 % 2, 1)
            })
        })
        .collect();
    table(&rows)
}

const APRIL: (&str, &str, usize) = ("2026-04-10T08:00:00Z", "2026-04-10T09:00:00Z", 30);
const MAY: (&str, &str, usize) = ("2026-05-10T08:00:00Z", "2026-05-10T09:00:00Z", 10);
const JUNE: (&str, &str, usize) = ("2026-06-10T08:00:00Z", "2026-06-10T09:00:00Z", 40);
const MAY_2025: (&str, &str, usize) = ("2025-05-10T08:00:00Z", "2025-05-10T09:00:00Z", 20);

/// The last full month as it is on this day.
fn monday(as_of: &str) -> ReportOptions {
    ReportOptions {
        period: Some(Period::LAST_FULL_MONTH),
        by: vec![Dimension::Agent],
        as_of: as_of.parse().ok(),
        ..ReportOptions::default()
    }
}

fn days(since: Option<chrono::DateTime<chrono::Utc>>) -> String {
    since
        .map(|since| since.format("%Y-%m-%d").to_string())
        .unwrap_or_default()
}

#[test]
fn on_monday_one_sees_the_last_full_month_beside_the_one_before() {
    let file = months(&[APRIL, MAY, JUNE]);
    let report = file.report(&monday("2026-06-12T06:00:00Z")).unwrap();
    assert_eq!(
        (days(report.since), days(report.until)),
        ("2026-05-01".into(), "2026-06-01".into())
    );
    assert_eq!((report.total.answered, report.total.good), (40, 10));
    let change = report.comparison.unwrap().change.unwrap();
    assert_eq!((change.previous_csat_percent, change.csat_points), (75.0, -50.0));
    // Of an agent there are 20 answers a month: too few.
    assert!(
        report.breakdowns[0]
            .buckets
            .iter()
            .all(|agent| agent.change.is_none())
    );
    assert_eq!(report.scope, [""; 0]);
    // Before the month is over it is none, in the zone of the report.
    let of = |as_of: &str, zone: &str| {
        let mut options = monday(as_of);
        options.calendar.zone = zone.parse().unwrap();
        days(file.report(&options).unwrap().since)
    };
    assert_eq!(of("2026-06-30T23:00:00Z", "UTC"), "2026-05-01");
    assert_eq!(of("2026-06-30T23:00:00Z", "Europe/Berlin"), "2026-05-31");
    assert_eq!(of("2026-07-01T02:00:00Z", "America/New_York"), "2026-05-01");
}

#[test]
fn a_month_with_nothing_gives_everything_and_says_so() {
    let report = months(&[APRIL]).report(&monday("2026-06-12T06:00:00Z")).unwrap();
    assert_eq!(
        (report.total.answered, report.since, report.until),
        (40, None, None)
    );
    let said = "Nothing is of the last full month, 2026-05-01 to 2026-05-31: this is everything there is.";
    assert_eq!(report.scope, [said]);
    assert!(report.to_text(200, false).contains(said) && report.to_html().contains(said));
    // Another month with nothing is one.
    let options = ReportOptions {
        period: Period::month("2026-05").ok(),
        ..ReportOptions::default()
    };
    assert!(months(&[APRIL]).report(&options).unwrap().is_empty());
    // Nor has an empty table anything to fall back to.
    let empty = table(&[]).report(&monday("2026-06-12T06:00:00Z")).unwrap();
    assert!(empty.is_empty() && empty.scope.is_empty());
}

#[test]
fn a_history_that_begins_within_a_span_says_so() {
    let file = months(&[MAY, JUNE]);
    let report = |begins: &str| {
        file.execute(&format!(
            "UPDATE accounts SET since = unixepoch('{begins}') * 1000"
        ));
        file.report(&monday("2026-06-12T06:00:00Z")).unwrap().scope
    };
    assert_eq!(
        report("2026-05-10 06:00:00"),
        ["The history begins at 2026-05-10 06:00: of this period there is nothing before."]
    );
    assert_eq!(
        report("2026-04-10 06:00:00"),
        [
            "The history begins at 2026-04-10 06:00: of the span that is compared with there is nothing before."
        ]
    );
    assert_eq!(report("2026-04-01 00:00:00"), [""; 0]);
}

#[test]
fn a_month_is_compared_with_a_year_ago_or_another_month() {
    let file = months(&[MAY_2025, APRIL, MAY, JUNE]);
    let of = |compare: &str| {
        let options = ReportOptions {
            period: Period::month("2026-05").ok(),
            compare: compare.parse().unwrap(),
            ..monday("2026-07-12T06:00:00Z")
        };
        let report = file.report(&options).unwrap();
        let comparison = report.comparison.unwrap();
        let change = comparison.change.unwrap();
        (days(Some(comparison.previous.since)), change.csat_points)
    };
    assert_eq!(of("previous"), ("2026-04-01".into(), -50.0));
    assert_eq!(of("year"), ("2025-05-01".into(), -25.0));
    assert_eq!(of("2026-04"), ("2026-04-01".into(), -50.0));
    assert_eq!(of("2025-05-10..2025-05-10"), ("2025-05-10".into(), -25.0));
    assert_eq!(of("2025"), ("2025-01-01".into(), -25.0));
    let later = ReportOptions {
        period: Period::month("2026-05").ok(),
        compare: "2026-06".parse().unwrap(),
        ..monday("2026-07-12T06:00:00Z")
    };
    let error = file.report(&later).unwrap_err().to_string();
    assert!(error.contains("2026-05-01"), "{error}");
}
